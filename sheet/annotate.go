package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/xuri/excelize/v2"
)

// maxAnnotatedArea is how many cells, empty ones included, a workbook may have
// for us to change it in place. One above that comes back as a plain list.
const maxAnnotatedArea = 300_000

const problemWidth = 48 // characters

// Annotate gives the same file back with a column 问题, filled from problems
// by line; a column of this name from an earlier round is used again. The
// sheet is the one that Roster or Tasks read last, else the one that Guess
// means. An xlsx file keeps its looks unless it is very large, csv keeps its
// separator and becomes UTF-8.
func (b *Book) Annotate(problems map[int]string) ([]byte, error) {
	t, ok := b.annotated()
	if !ok {
		return nil, fmt.Errorf("annotate: %w", &Refusal{Reason: NoHeading})
	}
	out, err := guarded(func(time.Time) ([]byte, error) {
		if b.format == CSV {
			return b.annotateCSV(t, problems)
		}
		if b.area() > maxAnnotatedArea {
			return annotateList(t, problems)
		}
		return b.annotateXLSX(t, problems)
	})
	if err != nil {
		return nil, fmt.Errorf("annotate: %w", err)
	}
	return out, nil
}

// annotated returns the list to annotate, seen as the kind that fits it best.
func (b *Book) annotated() (table, bool) {
	var best table
	for kind := range headings {
		t, ok := b.findTable(kind)
		if ok && (b.last == nil || t.grid == b.last) && len(t.columns) > len(best.columns) {
			best = t
		}
	}
	return best, best.grid != nil
}

func (b *Book) area() int {
	area := 0
	for _, g := range b.grids {
		area += g.area
	}
	return area
}

// problemColumn is where the column 问题 stands already, or the one right of
// everything that the list has.
func (t *table) problemColumn() int {
	last := 0
	for _, c := range t.grid.lines[t.heading].cells {
		if c.text == colProblem {
			return c.col
		}
	}
	for _, l := range t.grid.lines[t.heading:] {
		last = max(last, l.lastColumn())
	}
	return last + 1
}

func (b *Book) annotateXLSX(t table, problems map[int]string) (out []byte, err error) {
	file, err := excelize.OpenReader(bytes.NewReader(b.data), excelize.Options{UnzipSizeLimit: maxUnzip, UnzipXMLSizeLimit: maxUnzip})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	marker := marker{file: file, sheet: t.grid.name, column: t.problemColumn()}
	if err := marker.mark(t, problems); err != nil {
		return nil, err
	}
	var buffer bytes.Buffer
	if err := file.Write(&buffer); err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}

// marker writes into one column of one sheet.
type marker struct {
	file   *excelize.File
	sheet  string
	column int
}

func (m marker) mark(t table, problems map[int]string) error {
	style, err := m.file.NewStyle(&excelize.Style{
		Font:      &excelize.Font{Color: "C00000"},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFF2CC"}},
		Alignment: &excelize.Alignment{Vertical: "top", WrapText: true},
	})
	if err != nil {
		return err
	}
	column, err := excelize.ColumnNumberToName(m.column)
	if err != nil {
		return err
	}
	if err := m.file.SetColWidth(m.sheet, column, column, problemWidth); err != nil {
		return err
	}
	if err := m.put(t.grid.lines[t.heading].number, colProblem, style); err != nil {
		return err
	}
	for _, l := range t.grid.lines[t.heading+1:] {
		text, wrong := problems[l.number]
		switch {
		case wrong:
			err = m.put(l.number, text, style)
		case l.at(m.column).text != "":
			err = m.put(l.number, "", 0)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (m marker) put(line int, text string, style int) error {
	at, err := excelize.CoordinatesToCellName(m.column, line)
	if err != nil {
		return err
	}
	if err := m.file.SetCellStr(m.sheet, at, xmlText(text)); err != nil {
		return err
	}
	return m.file.SetCellStyle(m.sheet, at, at, style)
}

// records yields the sheet as text, each row with its number and the column
// 问题. The slice is used again for the next row.
func (t *table) records(problems map[int]string) iter.Seq2[int, []string] {
	column := t.problemColumn()
	width := column
	for _, l := range t.grid.lines {
		width = max(width, l.lastColumn())
	}
	return func(yield func(int, []string) bool) {
		record := make([]string, width)
		for i, l := range t.grid.lines {
			clear(record)
			for _, c := range l.cells {
				record[c.col-1] = c.text
			}
			switch {
			case i == t.heading:
				record[column-1] = colProblem
			case i > t.heading:
				record[column-1] = problems[l.number]
			}
			if !yield(l.number, record) {
				return
			}
		}
	}
}

// annotateCSV keeps blank lines, so that line numbers stay what they were.
func (b *Book) annotateCSV(t table, problems map[int]string) ([]byte, error) {
	var buffer bytes.Buffer
	out, err := newCSVWriter(&buffer, b.separator)
	if err != nil {
		return nil, err
	}
	next := 1
	for number, record := range t.records(problems) {
		for ; next < number; next++ {
			if err := out.Write(nil); err != nil {
				return nil, err
			}
		}
		for i := range record {
			record[i] = guardFormula(record[i])
		}
		if err := out.Write(record); err != nil {
			return nil, err
		}
		next++
	}
	out.Flush()
	return buffer.Bytes(), out.Error()
}

// annotateList writes the list anew, from its headings on.
func annotateList(t table, problems map[int]string) ([]byte, error) {
	var columns []Column
	var rows [][]any
	for number, record := range t.records(problems) {
		switch {
		case number < t.grid.lines[t.heading].number:
		case columns == nil:
			for _, title := range record {
				columns = append(columns, Column{Title: title})
			}
		default:
			row := make([]any, len(record))
			for i, text := range record {
				row[i] = text
			}
			rows = append(rows, row)
		}
	}
	columns[t.problemColumn()-1].Width = problemWidth
	var buffer bytes.Buffer
	err := Write(&buffer, XLSX, Sheet{Name: t.grid.name, Columns: columns, Rows: Rows(rows)})
	return buffer.Bytes(), err
}
