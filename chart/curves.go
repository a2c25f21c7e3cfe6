package chart

import "strconv"

// Curves is a number over time for each of its lines, such as how much was due and how much was done.
type Curves struct {
	Title, Note string
	Legend      []Shade
	Days        []string // below the points, from left to right
	Lines       [][]int  // one for each shade of the legend, each as long as Days
}

// The part of a picture in which curves are drawn.
const (
	curvesHeight = 760
	curvesLeft   = 96
	curvesBottom = curvesHeight - 70
)

// PNG draws the curves over an axis from zero.
func (v Curves) PNG() ([]byte, error) {
	c, err := newCanvas(curvesHeight)
	if err != nil {
		return nil, err
	}
	top := c.heading(v.Title, v.Note, v.Legend) + 20
	highest := v.highest()
	for i := range 5 {
		n := highest * i / 4
		y := curvesBottom - (curvesBottom-top)*i/4
		c.fill(curvesLeft, y, Width-margin-curvesLeft, 2, rule)
		c.writeEnd(strconv.Itoa(n), curvesLeft-14, y+8, noteSize, faint)
	}
	v.days(c)
	for i, line := range v.Lines {
		thick := 5 + 6*(len(v.Lines)-1-i) // the first is seen below the last where both are the same
		for j := range line {
			x, y := v.x(j), curvesBottom-(curvesBottom-top)*line[j]/highest
			c.fill(x-thick/2-4, y-thick/2-4, thick+8, thick+8, v.Legend[i].Colour.rgba())
			if j > 0 {
				c.line(v.x(j-1), curvesBottom-(curvesBottom-top)*line[j-1]/highest, x, y, thick, v.Legend[i].Colour.rgba())
			}
		}
	}
	return c.encode()
}

// highest is the end of the axis: a multiple of four, so that its marks are whole numbers.
func (v Curves) highest() int {
	highest := 4
	for _, line := range v.Lines {
		for _, n := range line {
			highest = max(highest, (n+3)/4*4)
		}
	}
	return highest
}

func (v Curves) x(i int) int {
	return curvesLeft + 30 + (Width-margin-40-curvesLeft-30)*i/max(len(v.Days)-1, 1)
}

// days writes as many of the days as there is room for, the last one always.
func (v Curves) days(c *canvas) {
	const room = 90
	every := 1
	for every < len(v.Days) && v.x(every)-v.x(0) < room {
		every++
	}
	for i := len(v.Days) - 1; i >= 0; i -= every {
		c.write(v.Days[i], v.x(i)-c.width(v.Days[i], noteSize)/2, curvesBottom+38, noteSize, faint)
	}
}
