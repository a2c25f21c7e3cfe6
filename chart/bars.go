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

// rowHeight is the height of a bar with the words above it.
const rowHeight = 72

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

// PNG draws the bars from zero on, to a scale on which longest fills the width.
func (b Bars) PNG(longest int) ([]byte, error) {
	c, err := newCanvas(headingHeight + rowHeight*len(b.Rows) + margin)
	if err != nil {
		return nil, err
	}
	y := c.heading(b.Title, b.Note, b.Legend)
	for _, row := range b.Rows {
		c.bar(row, b.Legend, y, max(longest, 1))
		y += rowHeight
	}
	return c.encode()
}

func (c *canvas) bar(row Bar, legend []Shade, y, longest int) {
	const thick = 24
	whole := Width - 2*margin
	words := c.width(row.Words, noteSize)
	c.write(c.fit(row.Label, labelSize, whole-words-20), margin, y+28, labelSize, ink)
	c.writeEnd(row.Words, Width-margin, y+28, noteSize, ink)
	c.fill(margin, y+38, whole, thick, track)
	sum, x := 0, margin
	for i, n := range row.Counts {
		sum += n
		end := margin + whole*sum/longest
		c.fill(x, y+38, end-x, thick, legend[i].Colour.rgba())
		x = end
	}
}
