package sheet

import (
	"cmp"

	"github.com/xuri/excelize/v2"
)

// styles are the numbers of the cell styles in the file.
type styles struct {
	title, line, heading, text, day, minute, number, signed int
	marks                                                   [Blue + 1]int
}

// tints are the colours of the tints. They differ in brightness too, as far as paper without colours can show.
var tints = [Blue + 1]string{Grey: "EDEDED", Green: "E2EFDA", Yellow: "FFF2CC", Orange: "FBD5A5", Red: "F4B4B4", Blue: "DCE8F6"}

func newStyles(file *excelize.File) (styles, error) {
	var all styles
	wrap := &excelize.Alignment{Vertical: "top", WrapText: true}
	centred := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	day, minute, sign := "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "+0;-0;0"
	kinds := []struct {
		to    *int
		style excelize.Style
	}{
		{&all.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 18}, Alignment: centred}},
		{&all.line, excelize.Style{Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}}},
		{&all.heading, excelize.Style{Font: &excelize.Font{Bold: true}, Fill: ground("E8EDF3"), Border: border(), Alignment: centred}},
		{&all.text, excelize.Style{Alignment: wrap, Border: border(), NumFmt: 49}}, // 49 is text: editing a cell keeps its zeros
		{&all.day, excelize.Style{Alignment: wrap, Border: border(), CustomNumFmt: &day}},
		{&all.minute, excelize.Style{Alignment: wrap, Border: border(), CustomNumFmt: &minute}},
		{&all.number, excelize.Style{Alignment: wrap, Border: border()}},
		{&all.signed, excelize.Style{Alignment: wrap, Border: border(), CustomNumFmt: &sign}},
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
	s := excelize.Style{Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "top", WrapText: true}, Border: border(), NumFmt: 49}
	if tints[tint] != "" {
		s.Fill = ground(tints[tint])
	}
	if tint == Red {
		s.Font = &excelize.Font{Bold: true}
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
var defaultWidths = map[ColumnKind]float64{Text: 18, DateOnly: 12, DateTime: 17, Number: 10, SignedNumber: 10}

func (c Column) width() float64 { return cmp.Or(c.Width, defaultWidths[c.Kind]) }

// Heights of rows, in points.
const (
	textLine    = 15.0
	headingPad  = 7.0
	titleLines  = 5
	titleHeight = 34.0
	lineHeight  = 22.0
	formPad     = 9.0
	formRow     = 30.0 // high enough to sign in
	signHeight  = 40.0
	maxHeight   = 409.0 // that programs accept
)

func rowHeight(lines int, pad float64) float64 { return min(float64(lines)*textLine+pad, maxHeight) }

// formHeight is how high a row of a form is. It is given because a row that people write in has to be higher than its text, and because not
// every program finds the height of wrapped text by itself.
func (x *xlsxWriter) formHeight(row []any) float64 {
	lines := 1
	for i, value := range row {
		if text, ok := value.(string); ok {
			lines = max(lines, linesIn(text, x.sheet.Columns[i].width()))
		}
	}
	return max(rowHeight(lines, formPad), formRow)
}

// linesIn estimates how many lines a text takes in a column; a Chinese character takes the room of two others.
func linesIn(text string, width float64) int {
	const margin = 1.5 // of the cell and of characters that do not fit the end of a line
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
