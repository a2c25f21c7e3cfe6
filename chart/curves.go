package chart

import (
	"slices"
	"strconv"
)

// Curves is a number over time for each of its lines, such as how much was due and how much was done.
type Curves struct {
	Title, Note string
	Legend      []Shade
	Days        []string // below the points, from left to right
	Lines       [][]int  // one for each shade of the legend, each as long as Days
}

// The part of a picture in which curves are drawn, in pixels.
const (
	curvesHeight = 596
	curvesLeft   = 96
	curvesAbove  = 20 // from the heading to the end of the axis
	curvesBelow  = 70 // from the axis to the end of the picture
	dash         = 18
	sampleWide   = 3 * dash
)

// style is how a line is drawn: the last one is whole, and those under it are thicker and broken, so that lines are told apart without colours and seen
// where they are the same.
func (v Curves) style(line int) (thick, broken int) {
	if under := len(v.Legend) - 1 - line; under > 0 {
		return 5 + 6*under, dash
	}
	return 5, 0
}

// PNG draws the curves over an axis from zero.
func (v Curves) PNG() ([]byte, error) {
	c, top, err := newCanvas(heading{v.Title, v.Note, v.Legend, sampleWide, v.sample}, curvesHeight)
	if err != nil {
		return nil, err
	}
	zero, highest := top+curvesHeight-curvesBelow, v.highest()
	y := func(n int) int { return zero - (zero-top-curvesAbove)*n/highest }
	for i := range 5 {
		n := highest * i / 4
		c.fill(curvesLeft, y(n), Width-margin-curvesLeft, 2, rule)
		c.writeEnd(strconv.Itoa(n), curvesLeft-14, y(n)+8, noteSize, faint)
	}
	v.days(c, zero+38)
	for i, line := range v.Lines {
		v.line(c, i, line, y)
	}
	return c.encode()
}

func (v Curves) line(c *canvas, i int, line []int, y func(int) int) {
	thick, broken := v.style(i)
	shade := v.Legend[i].Colour.rgba()
	for j, n := range line {
		c.fill(v.x(j)-thick/2-4, y(n)-thick/2-4, thick+8, thick+8, shade)
		if j > 0 {
			c.line(v.x(j-1), y(line[j-1]), v.x(j), y(n), thick, broken, shade)
		}
	}
}

func (v Curves) sample(c *canvas, s Shade, x, y int) {
	thick, broken := v.style(slices.Index(v.Legend, s))
	c.line(x, y+sampleHeight/2, x+sampleWide, y+sampleHeight/2, thick, broken, s.Colour.rgba())
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

// days writes as many of the days as there is room for at a height, the last one always.
func (v Curves) days(c *canvas, y int) {
	const room = 90
	every := 1
	for every < len(v.Days) && v.x(every)-v.x(0) < room {
		every++
	}
	for i := len(v.Days) - 1; i >= 0; i -= every {
		c.write(v.Days[i], v.x(i)-c.width(v.Days[i], noteSize)/2, y, noteSize, faint)
	}
}
