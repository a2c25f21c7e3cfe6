package chart

import (
	"bytes"
	_ "embed" // the font
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

//go:embed wqy-microhei-gbk.ttf
var fontFile []byte

// parsed is the font, read once: parsing does not depend on who asks.
var parsed = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(fontFile) })

// Width is the width of every picture, in pixels.
const Width = 780

// The sizes of words and the space around a picture, in pixels.
const (
	titleSize = 34
	labelSize = 26
	noteSize  = 22
	countSize = 20
	margin    = 30
)

var (
	paper = color.RGBA{0xff, 0xff, 0xff, 0xff}
	ink   = color.RGBA{0x22, 0x22, 0x22, 0xff}
	faint = color.RGBA{0x66, 0x66, 0x66, 0xff}
	rule  = color.RGBA{0xd8, 0xd8, 0xd8, 0xff}
	track = color.RGBA{0xf1, 0xf1, 0xf1, 0xff}
)

// canvas is a picture that is being drawn.
type canvas struct {
	image *image.RGBA
	faces map[int]font.Face
}

// newCanvas begins a picture with title, note and legend above a body of so many pixels, and returns where the body begins.
func newCanvas(h heading, body int) (c *canvas, top int, err error) {
	c = &canvas{}
	if c.faces, err = newFaces(); err != nil {
		return nil, 0, err
	}
	note := c.wrap(h.note, noteSize, Width-2*margin, noteLines)
	top = headingHeight + noteStep*(len(note)-1)
	c.image = image.NewRGBA(image.Rect(0, 0, Width, top+body))
	c.fill(0, 0, Width, top+body, paper)
	c.write(c.fit(h.title, titleSize, Width-2*margin), margin, 56, titleSize, ink)
	for i, line := range note {
		c.write(line, margin, 94+noteStep*i, noteSize, faint)
	}
	x := margin
	for _, s := range h.legend {
		h.sample(c, s, x, top-50)
		c.write(s.Word, x+h.wide+10, top-28, noteSize, ink)
		x += h.wide + 10 + c.width(s.Word, noteSize) + 28
	}
	return c, top, nil
}

// heading is what stands above every picture. Sample draws beside its word what a shade looks like in the body, so many pixels wide.
type heading struct {
	title, note string
	legend      []Shade
	wide        int
	sample      func(c *canvas, s Shade, x, y int)
}

// The heading, in pixels: its height with a note of one line, what another line adds, how many there are at most, and how high a sample is.
const (
	headingHeight = 164
	noteStep      = 30
	noteLines     = 2
	sampleHeight  = 26
)

func newFaces() (map[int]font.Face, error) {
	letters, err := parsed()
	if err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	faces := map[int]font.Face{}
	for _, size := range []int{titleSize, labelSize, noteSize, countSize} {
		face, err := opentype.NewFace(letters, &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingNone})
		if err != nil {
			return nil, fmt.Errorf("read the font: %w", err)
		}
		faces[size] = face
	}
	return faces, nil
}

// fill fills a rectangle; x and y are its upper left corner.
func (c *canvas) fill(x, y, width, height int, shade color.Color) {
	draw.Draw(c.image, image.Rect(x, y, x+width, y+height), image.NewUniform(shade), image.Point{}, draw.Src)
}

// write writes words from x on; y is the line on which they stand.
func (c *canvas) write(words string, x, y, size int, shade color.Color) {
	d := font.Drawer{Dst: c.image, Src: image.NewUniform(shade), Face: c.faces[size], Dot: fixed.P(x, y)}
	d.DrawString(words)
}

// writeEnd writes words that end at x.
func (c *canvas) writeEnd(words string, x, y, size int, shade color.Color) {
	c.write(words, x-c.width(words, size), y, size, shade)
}

func (c *canvas) width(words string, size int) int {
	return font.MeasureString(c.faces[size], words).Ceil()
}

// fit shortens words to a width. What is left out is marked and stands in the middle, since the names of schools often differ at their end only.
func (c *canvas) fit(words string, size, width int) string {
	letters := []rune(words)
	for kept := len(letters); kept > 1 && c.width(words, size) > width; {
		kept--
		words = string(letters[:kept/2]) + "…" + string(letters[len(letters)-(kept-kept/2):])
	}
	return words
}

// wrap breaks words into lines of a width, between words where there are any, and into so many at most.
func (c *canvas) wrap(words string, size, width, most int) []string {
	letters := []rune(words)
	for n := range letters {
		if c.width(string(letters[:n+1]), size) <= width {
			continue
		}
		if most == 1 {
			return []string{c.fit(words, size, width)}
		}
		end := n
		for end > 1 && letters[end] != ' ' && letters[end] != '　' {
			end--
		}
		if end <= 1 {
			end = n
		}
		rest := c.wrap(strings.TrimLeft(string(letters[end:]), " 　"), size, width, most-1)
		return append([]string{string(letters[:end])}, rest...)
	}
	return []string{words}
}

// line draws a straight line of some thickness between two points, with gaps of dash pixels between dashes as long; a dash of 0 leaves none.
func (c *canvas) line(x0, y0, x1, y1, thick, dash int, shade color.Color) {
	steps := max(abs(x1-x0), abs(y1-y0), 1)
	for i := range steps + 1 {
		if dash > 0 && i/dash%2 == 1 {
			continue
		}
		x, y := x0+(x1-x0)*i/steps, y0+(y1-y0)*i/steps
		c.fill(x-thick/2, y-thick/2, thick, thick, shade)
	}
}

func abs(n int) int { return max(n, -n) }

func (c *canvas) encode() ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, c.image); err != nil {
		return nil, fmt.Errorf("write the picture: %w", err)
	}
	return b.Bytes(), nil
}
