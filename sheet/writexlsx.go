package sheet

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// defaultWidths in characters, by kind of column.
var defaultWidths = map[ColumnKind]float64{Text: 18, DateOnly: 12, DateTime: 17, Number: 10, SignedNumber: 10}

// xlsxWriter streams rows into one worksheet.
type xlsxWriter struct {
	file   *excelize.File
	stream *excelize.StreamWriter
	sheet  Sheet
	name   string
	styles styles
	row    int // written last
}

// styles are the numbers of the cell styles in the file.
type styles struct{ heading, text, day, minute, number, signed int }

func writeXLSX(w io.Writer, s Sheet) (err error) {
	x := &xlsxWriter{file: excelize.NewFile(), sheet: s, name: sheetName(s.Name)}
	defer func() { err = errors.Join(err, x.file.Close()) }()
	for _, step := range []func() error{x.begin, x.heading, x.rows, x.finish} {
		if err := step(); err != nil {
			return err
		}
	}
	return x.file.Write(w)
}

// sheetName makes a name that spreadsheet programs accept: at most 31
// characters, none of those that references are written with.
func sheetName(wanted string) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return -1
		}
		return r
	}, wanted)
	if name == "" {
		return "Sheet1"
	}
	if utf8.RuneCountInString(name) > excelize.MaxSheetNameLength {
		name = string([]rune(name)[:excelize.MaxSheetNameLength])
	}
	return name
}

func (x *xlsxWriter) begin() error {
	if err := x.file.SetSheetName("Sheet1", x.name); err != nil {
		return err
	}
	if err := x.newStyles(); err != nil {
		return err
	}
	if err := x.printSetup(); err != nil {
		return err
	}
	stream, err := x.file.NewStreamWriter(x.name)
	if err != nil {
		return err
	}
	x.stream = stream
	// The library puts each width before the earlier ones, and programs expect
	// them from left to right.
	for i, c := range slices.Backward(x.sheet.Columns) {
		width := c.Width
		if width == 0 {
			width = defaultWidths[c.Kind]
		}
		if err := stream.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	return stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

func (x *xlsxWriter) newStyles() error {
	wrap := &excelize.Alignment{Vertical: "top", WrapText: true}
	plain := &excelize.Alignment{Vertical: "top"}
	day, minute, sign := "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "+0;-0;0"
	for _, s := range []struct {
		to    *int
		style excelize.Style
	}{
		{&x.styles.heading, excelize.Style{
			Font:      &excelize.Font{Bold: true},
			Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EDF3"}},
			Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true},
		}},
		{&x.styles.text, excelize.Style{Alignment: wrap, NumFmt: 49}}, // 49 is text: editing a cell keeps its zeros
		{&x.styles.day, excelize.Style{Alignment: plain, CustomNumFmt: &day}},
		{&x.styles.minute, excelize.Style{Alignment: plain, CustomNumFmt: &minute}},
		{&x.styles.number, excelize.Style{Alignment: plain}},
		{&x.styles.signed, excelize.Style{Alignment: plain, CustomNumFmt: &sign}},
	} {
		id, err := x.file.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.to = id
	}
	return nil
}

func (x *xlsxWriter) printSetup() error {
	a4, across, wide, anyHeight, fit := 9, "landscape", 1, 0, true
	err := x.file.SetPageLayout(x.name, &excelize.PageLayoutOptions{
		Size: &a4, Orientation: &across, FitToWidth: &wide, FitToHeight: &anyHeight,
	})
	if err != nil {
		return err
	}
	if err := x.file.SetSheetProps(x.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return x.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", RefersTo: "'" + x.name + "'!$1:$1", Scope: x.name,
	})
}

func (x *xlsxWriter) heading() error {
	cells := make([]any, len(x.sheet.Columns))
	for i, c := range x.sheet.Columns {
		cells[i] = excelize.Cell{StyleID: x.styles.heading, Value: xmlText(c.Title)}
	}
	return x.write(cells, excelize.RowOpts{Height: 22})
}

func (x *xlsxWriter) rows() error {
	for row, err := range x.sheet.Rows {
		if err != nil {
			return err
		}
		if err := checkRow(row, x.sheet.Columns); err != nil {
			return err
		}
		if x.row == excelize.TotalRows {
			return fmt.Errorf("xlsx holds no more than %d rows; csv holds any number", excelize.TotalRows)
		}
		cells := make([]any, len(row))
		for i, value := range row {
			if cells[i], err = x.cell(value, x.sheet.Columns[i].Kind); err != nil {
				return err
			}
		}
		if err := x.write(cells); err != nil {
			return err
		}
	}
	return nil
}

func (x *xlsxWriter) write(cells []any, options ...excelize.RowOpts) error {
	x.row++
	at, err := excelize.CoordinatesToCellName(1, x.row)
	if err != nil {
		return err
	}
	return x.stream.SetRow(at, cells, options...)
}

func (x *xlsxWriter) cell(value any, kind ColumnKind) (any, error) {
	switch v := value.(type) {
	case nil:
		return nil, nil
	case Day:
		return excelize.Cell{StyleID: x.styles.day, Value: time.Time(v)}, nil
	case time.Time:
		style := x.styles.minute
		if kind == DateOnly {
			style = x.styles.day
			v = time.Date(v.Year(), v.Month(), v.Day(), 0, 0, 0, 0, v.Location())
		}
		return excelize.Cell{StyleID: style, Value: v}, nil
	case int, int64, float64:
		style := x.styles.number
		if kind == SignedNumber {
			style = x.styles.signed
		}
		return excelize.Cell{StyleID: style, Value: v}, nil
	}
	text, _, err := asText(value, kind)
	return excelize.Cell{StyleID: x.styles.text, Value: xmlText(text)}, err
}

func (x *xlsxWriter) finish() error {
	last, err := excelize.CoordinatesToCellName(max(1, len(x.sheet.Columns)), x.row)
	if err != nil {
		return err
	}
	if err := x.file.AutoFilter(x.name, "A1:"+last, nil); err != nil {
		return err
	}
	return x.stream.Flush()
}

// xmlText leaves out the characters that a part of xlsx cannot hold, and what
// passes the length of a cell.
func xmlText(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
	if len(text) <= excelize.TotalCellChars {
		return text
	}
	units := 0
	for i, r := range text {
		if units += 1; r > 0xFFFF {
			units++
		}
		if units > excelize.TotalCellChars {
			return text[:i]
		}
	}
	return text
}
