package chart

import (
	"image/color"
	"strconv"
)

// Colour is one of the few colours that charts use. They stay apart for people who do not tell red from green, as they differ in brightness.
type Colour int

// The colours.
const (
	Green Colour = iota
	Blue
	Amber
	Red
)

func (c Colour) rgba() color.RGBA {
	return [...]color.RGBA{
		Green: {0x2e, 0x7d, 0x32, 0xff}, Blue: {0x90, 0xca, 0xf9, 0xff}, Amber: {0xff, 0xb3, 0x00, 0xff}, Red: {0xb7, 0x1c, 0x1c, 0xff},
	}[c]
}

// inkOn is the colour of words that can be read on a colour.
func (c Colour) inkOn() color.RGBA {
	if c == Green || c == Red {
		return paper
	}
	return ink
}

// Shade is what a colour stands for.
type Shade struct {
	Word   string
	Colour Colour
}

// Bars is units under each other, in the order that the caller gives: none is first by its figures.
type Bars struct {
	Title, Note string
	Legend      []Shade
	Rows        []Bar
}

// Bar is one unit: how many of its items are in each shade of the legend, and the same in words.
type Bar struct {
	Label  string
	Counts []int
	Words  string
}

// MaxBars is how many bars fit one picture.
const MaxBars = 15

// The height of a bar with the words above it, where in it the bar begins, and how thick that is.
const (
	rowHeight = 70
	barTop    = 34
	barThick  = 26
)

// Pages splits bars into pictures of at most MaxBars, of about the same length.
func (b Bars) Pages() []Bars {
	n := max(1, (len(b.Rows)+MaxBars-1)/MaxBars)
	var pages []Bars
	for i := range n {
		page := b
		page.Rows = b.Rows[i*len(b.Rows)/n : (i+1)*len(b.Rows)/n]
		if n > 1 {
			page.Title += " " + strconv.Itoa(i+1) + "/" + strconv.Itoa(n)
		}
		pages = append(pages, page)
	}
	return pages
}

// Longest returns the largest sum of a bar, at least 1. Pictures of the same report are drawn to the same scale.
func (b Bars) Longest() int {
	longest := 1
	for _, row := range b.Rows {
		longest = max(longest, row.sum())
	}
	return longest
}

func (b Bar) sum() int {
	sum := 0
	for _, n := range b.Counts {
		sum += n
	}
	return sum
}

// PNG draws the bars from zero on, to a scale on which longest fills the width. Each part has its number in it where there is room.
func (b Bars) PNG(longest int) ([]byte, error) {
	h := heading{b.Title, b.Note, b.Legend, sampleHeight, (*canvas).square}
	c, y, err := newCanvas(h, rowHeight*len(b.Rows)+margin)
	if err != nil {
		return nil, err
	}
	for _, row := range b.Rows {
		c.bar(row, b.Legend, y, max(longest, 1))
		y += rowHeight
	}
	return c.encode()
}

func (c *canvas) square(s Shade, x, y int) { c.fill(x, y, sampleHeight, sampleHeight, s.Colour.rgba()) }

func (c *canvas) bar(row Bar, legend []Shade, y, longest int) {
	whole := Width - 2*margin
	words := c.width(row.Words, noteSize)
	c.write(c.fit(row.Label, labelSize, whole-words-20), margin, y+26, labelSize, ink)
	c.writeEnd(row.Words, Width-margin, y+26, noteSize, ink)
	c.fill(margin, y+barTop, whole, barThick, track)
	sum, x := 0, margin
	for i, n := range row.Counts {
		sum += n
		end := margin + whole*sum/longest
		c.fill(x, y+barTop, end-x, barThick, legend[i].Colour.rgba())
		c.count(n, x, end, y+barTop+20, legend[i].Colour)
		x = end
	}
}

// count writes a number into its part of a bar; where that is too narrow it is left to the words above.
func (c *canvas) count(n, from, to, y int, on Colour) {
	const air = 4
	word := strconv.Itoa(n)
	if width := c.width(word, countSize); n > 0 && width+2*air <= to-from {
		c.write(word, (from+to-width)/2, y, countSize, on.inkOn())
	}
}
