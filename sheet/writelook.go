package sheet

import (
	"cmp"

	"github.com/xuri/excelize/v2"
)

// styles are the numbers of the cell styles in the file.
type styles struct {
	title, line, heading, text, day, minute, number, signed int
	marks                                                   [tintCount]int
}

// typeface is that of all cells; programs take their own Chinese one beside it.
const typeface = "Calibri"

// tints are the colours of the tints. They differ in brightness too, as far as paper without colours can show.
var tints = [tintCount]string{Grey: "EDEDED", Green: "E2EFDA", Yellow: "FFF2CC", Orange: "FBD5A5", Red: "F4B4B4", Blue: "DCE8F6", Done: "BFD9AE"}

func newStyles(file *excelize.File) (styles, error) {
	var all styles
	left := &excelize.Alignment{Vertical: "center", WrapText: true}
	centred := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	day, minute, sign := "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "+0;-0;0"
	kinds := []struct {
		to    *int
		style excelize.Style
	}{
		{&all.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 18, Family: typeface}, Alignment: centred}},
		{&all.line, excelize.Style{Alignment: left}},
		{&all.heading, excelize.Style{Font: &excelize.Font{Bold: true, Family: typeface}, Fill: ground("E8EDF3"), Border: border(), Alignment: centred}},
		{&all.text, excelize.Style{Alignment: left, Border: border(), NumFmt: 49}}, // 49 is text: editing a cell keeps its zeros
		{&all.day, excelize.Style{Alignment: centred, Border: border(), CustomNumFmt: &day}},
		{&all.minute, excelize.Style{Alignment: centred, Border: border(), CustomNumFmt: &minute}},
		{&all.number, excelize.Style{Alignment: centred, Border: border()}},
		{&all.signed, excelize.Style{Alignment: centred, Border: border(), CustomNumFmt: &sign}},
	}
	for tint := range tints {
		kinds = append(kinds, struct {
			to    *int
			style excelize.Style
		}{&all.marks[tint], mark(Tint(tint))})
	}
	for _, k := range kinds {
		id, err := file.NewStyle(&k.style)
		if err != nil {
			return all, err
		}
		*k.to = id
	}
	return all, nil
}

func mark(tint Tint) excelize.Style {
	s := excelize.Style{Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}, Border: border(), NumFmt: 49}
	if tints[tint] != "" {
		s.Fill = ground(tints[tint])
	}
	if tint == Red {
		s.Font = &excelize.Font{Bold: true, Family: typeface}
	}
	return s
}

func ground(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}

func border() []excelize.Border {
	var all []excelize.Border
	for _, side := range []string{"left", "top", "right", "bottom"} {
		all = append(all, excelize.Border{Type: side, Color: "A6A6A6", Style: 1})
	}
	return all
}

// defaultWidths in characters, by kind of column.
var defaultWidths = map[ColumnKind]float64{Text: 18, DateOnly: 12, DateTime: 17, Number: 9, SignedNumber: 9}

func (c Column) width() float64 { return cmp.Or(c.Width, defaultWidths[c.Kind]) }

// Heights of rows, in points.
const (
	textLine    = 15.0
	headingPad  = 7.0
	titleLines  = 5 // of a heading at most
	titleHeight = 34.0
	lineHeight  = 22.0
	formPad     = 9.0
	formRow     = 28.0 // high enough to sign in
	signHeight  = 40.0
	maxHeight   = 409.0 // that programs accept
)

func rowHeight(lines int, pad float64) float64 { return min(float64(lines)*textLine+pad, maxHeight) }

// heightOf is how high a row has to be for its text, since not every program finds that by itself; 0 is what one line takes. The rows of a form are
// high enough to write in.
func (x *xlsxWriter) heightOf(row []any) float64 {
	lines := 1
	for i, value := range row {
		switch v := value.(type) {
		case string:
			lines = max(lines, linesIn(v, x.sheet.Columns[i].width()))
		case Mark:
			lines = max(lines, linesIn(v.Word, x.sheet.Columns[i].width()))
		}
	}
	switch {
	case x.sheet.Form != nil:
		return max(rowHeight(lines, formPad), formRow)
	case lines > 1:
		return rowHeight(lines, 0)
	}
	return 0
}

// linesIn estimates how many lines a text takes in a column; a Chinese character takes the room of two others.
func linesIn(text string, width float64) int {
	const margin = 1.0
	lines, used := 1, 0.0
	for _, r := range text {
		room := 1.0
		if r >= 0x2E80 {
			room = 2
		}
		if r == '\n' || used+room > width-margin {
			lines, used = lines+1, 0
		}
		if r != '\n' {
			used += room
		}
	}
	return lines
}
