package sheet

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"time"

	"github.com/xuri/excelize/v2"
)

// firstSheet is the worksheet that a new file has.
const firstSheet = "Sheet1"

// xlsxBook collects worksheets in one file.
type xlsxBook struct {
	file   *excelize.File
	styles styles
	names  sheetNames
}

func writeBook(w io.Writer, sheets iter.Seq2[Sheet, error]) (err error) {
	b := &xlsxBook{file: excelize.NewFile(), names: sheetNames{}}
	defer func() { err = errors.Join(err, b.file.Close()) }()
	if b.styles, err = newStyles(b.file); err != nil {
		return err
	}
	note := ""
	for s, err := range sheets {
		if err != nil {
			return err
		}
		if err := b.add(s); err != nil {
			return err
		}
		if s.Note != "" {
			note = s.Note
		}
	}
	if len(b.names) == 0 {
		return errors.New("a workbook needs a sheet")
	}
	if note != "" {
		if err := b.file.SetDocProps(&excelize.DocProperties{Description: xmlText(note)}); err != nil {
			return err
		}
	}
	return b.file.Write(w)
}

func (b *xlsxBook) add(s Sheet) error {
	x := &xlsxWriter{file: b.file, styles: b.styles, sheet: s}
	first := len(b.names) == 0
	x.name = b.names.take(s.Name)
	if err := b.makeSheet(x.name, first); err != nil {
		return err
	}
	for _, step := range []func() error{x.begin, x.above, x.heading, x.rows, x.below, x.finish} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (b *xlsxBook) makeSheet(name string, first bool) error {
	if first {
		return b.file.SetSheetName(firstSheet, name)
	}
	_, err := b.file.NewSheet(name)
	return err
}

// xlsxWriter streams rows into one worksheet.
type xlsxWriter struct {
	file   *excelize.File
	stream *excelize.StreamWriter
	sheet  Sheet
	name   string
	styles styles
	row    int // written last
	bottom int // the last one of the table
}

// headingRow is the row of the headings.
func (x *xlsxWriter) headingRow() int {
	if x.sheet.Form == nil {
		return 1
	}
	return len(x.sheet.Form.Above) + 1
}

func (x *xlsxWriter) begin() error {
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
		if err := stream.SetColWidth(i+1, i+1, c.width()); err != nil {
			return err
		}
	}
	return x.freeze()
}

func (x *xlsxWriter) freeze() error {
	corner, err := excelize.CoordinatesToCellName(x.sheet.Frozen+1, x.headingRow()+1)
	if err != nil {
		return err
	}
	panes := &excelize.Panes{Freeze: true, XSplit: x.sheet.Frozen, YSplit: x.headingRow(), TopLeftCell: corner, ActivePane: "bottomLeft"}
	if x.sheet.Frozen > 0 {
		panes.ActivePane = "bottomRight"
	}
	return x.stream.SetPanes(panes)
}

func (x *xlsxWriter) above() error {
	if x.sheet.Form == nil {
		return nil
	}
	style, height := x.styles.title, titleHeight
	for _, line := range x.sheet.Form.Above {
		if err := x.across(line, style, height); err != nil {
			return err
		}
		style, height = x.styles.line, lineHeight
	}
	return nil
}

func (x *xlsxWriter) below() error {
	x.bottom = x.row
	if x.sheet.Form == nil || x.sheet.Form.Below == "" {
		return nil
	}
	return x.across(x.sheet.Form.Below, x.styles.line, signHeight)
}

// across writes a line over all columns.
func (x *xlsxWriter) across(line string, style int, height float64) error {
	err := x.write([]any{excelize.Cell{StyleID: style, Value: xmlText(line)}}, excelize.RowOpts{Height: height})
	if err != nil || len(x.sheet.Columns) < 2 {
		return err
	}
	last, err := excelize.CoordinatesToCellName(len(x.sheet.Columns), x.row)
	if err != nil {
		return err
	}
	return x.stream.MergeCell(fmt.Sprint("A", x.row), last)
}

func (x *xlsxWriter) heading() error {
	cells, lines := make([]any, len(x.sheet.Columns)), 1
	for i, c := range x.sheet.Columns {
		cells[i] = excelize.Cell{StyleID: x.styles.heading, Value: xmlText(c.Title)}
		lines = max(lines, linesIn(c.Title, c.width()))
	}
	return x.write(cells, excelize.RowOpts{Height: rowHeight(min(lines, titleLines), headingPad)})
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
		if err := x.values(row); err != nil {
			return err
		}
	}
	return nil
}

// values writes a row. Empty cells are written too, so that every cell has its border.
func (x *xlsxWriter) values(row []any) (err error) {
	cells := make([]any, len(x.sheet.Columns))
	for i, c := range x.sheet.Columns {
		var value any
		if i < len(row) {
			value = row[i]
		}
		if cells[i], err = x.cell(value, c.Kind); err != nil {
			return err
		}
	}
	return x.write(cells, excelize.RowOpts{Height: x.heightOf(row)})
}

func (x *xlsxWriter) write(cells []any, options excelize.RowOpts) error {
	x.row++
	at, err := excelize.CoordinatesToCellName(1, x.row)
	if err != nil {
		return err
	}
	return x.stream.SetRow(at, cells, options)
}

func (x *xlsxWriter) cell(value any, kind ColumnKind) (any, error) {
	switch v := value.(type) {
	case nil:
		return excelize.Cell{StyleID: x.styles.text}, nil
	case Mark:
		return excelize.Cell{StyleID: x.styles.marks[v.Tint], Value: xmlText(v.Word)}, nil
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
	last, err := excelize.CoordinatesToCellName(max(1, len(x.sheet.Columns)), x.bottom)
	if err != nil {
		return err
	}
	if err := x.file.AutoFilter(x.name, fmt.Sprint("A", x.headingRow(), ":", last), nil); err != nil {
		return err
	}
	if err := x.repeatHeadings(); err != nil {
		return err
	}
	return x.stream.Flush()
}
