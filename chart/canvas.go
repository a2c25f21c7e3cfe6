package chart

import (
	"bytes"
	_ "embed" // the font
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

//go:embed wqy-microhei-gb2312.ttf
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

func newCanvas(height int) (*canvas, error) {
	letters, err := parsed()
	if err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	c := &canvas{image: image.NewRGBA(image.Rect(0, 0, Width, height)), faces: map[int]font.Face{}}
	for _, size := range []int{titleSize, labelSize, noteSize} {
		face, err := opentype.NewFace(letters, &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingNone})
		if err != nil {
			return nil, fmt.Errorf("read the font: %w", err)
		}
		c.faces[size] = face
	}
	c.fill(0, 0, Width, height, paper)
	return c, nil
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

// fit shortens words to a width; what was left out is marked.
func (c *canvas) fit(words string, size, width int) string {
	if c.width(words, size) <= width {
		return words
	}
	letters := []rune(words)
	for len(letters) > 1 && c.width(string(letters)+"…", size) > width {
		letters = letters[:len(letters)-1]
	}
	return string(letters) + "…"
}

// line draws a straight line of some thickness between two points.
func (c *canvas) line(x0, y0, x1, y1, thick int, shade color.Color) {
	steps := max(abs(x1-x0), abs(y1-y0), 1)
	for i := range steps + 1 {
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

// heading writes title, note and legend at the top and returns where the rest begins.
func (c *canvas) heading(title, note string, legend []Shade) int {
	c.write(c.fit(title, titleSize, Width-2*margin), margin, 56, titleSize, ink)
	c.write(c.fit(note, noteSize, Width-2*margin), margin, 94, noteSize, faint)
	x := margin
	for _, s := range legend {
		c.fill(x, 114, 26, 26, s.Colour.rgba())
		c.write(s.Word, x+36, 136, noteSize, ink)
		x += 36 + c.width(s.Word, noteSize) + 34
	}
	return headingHeight
}

const headingHeight = 164
