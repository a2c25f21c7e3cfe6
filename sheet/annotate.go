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

const noteWidth = 48 // characters

// Notes are what comes back with a file, by line: what is wrong, what might be
// meant instead, and what taking the row would change. A kind of note without
// any entry gets no column, except the problems.
type Notes struct {
	Problems, Suggestions, Changes map[int]string
}

// note is one column of ours.
type note struct {
	title string
	texts map[int]string
}

func (n Notes) columns() []note {
	all := []note{{colProblem, n.Problems}}
	for _, more := range []note{{colSuggestion, n.Suggestions}, {colChange, n.Changes}} {
		if len(more.texts) > 0 {
			all = append(all, more)
		}
	}
	return all
}

// Annotate gives the same file back with the columns 问题, 建议 and 变更, filled
// from notes by line; columns of these names from an earlier round are used
// again. The sheet is the one that was read last, else the one
// that Guess means. An xlsx file keeps its looks unless it is very large, csv keeps its
// separator and becomes UTF-8.
func (b *Book) Annotate(notes Notes) ([]byte, error) {
	t, ok := b.annotated()
	if !ok {
		return nil, fmt.Errorf("annotate: %w", &Refusal{Reason: NoHeading})
	}
	out, err := guarded(func(time.Time) ([]byte, error) {
		if b.format == CSV {
			return b.annotateCSV(t, notes)
		}
		if b.area() > maxAnnotatedArea {
			return annotateList(t, notes)
		}
		return b.annotateXLSX(t, notes)
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
		if ok && (b.read.grid == nil || t.grid == b.read.grid) && len(t.columns) > len(best.columns) {
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

// placed is one column of ours and where it stands.
type placed struct {
	note
	column int
}

// place puts our columns where they stand already, and the others right of
// everything that the list has. Those of an earlier round that have nothing to
// say now are emptied.
func (t *table) place(notes Notes) []placed {
	here, last := map[string]int{}, 0
	for _, c := range t.grid.lines[t.heading].cells {
		here[c.text] = c.col
	}
	for _, l := range t.grid.lines[t.heading:] {
		last = max(last, l.lastColumn())
	}
	var all []placed
	said := map[string]bool{}
	for _, n := range notes.columns() {
		column := here[n.title]
		if column == 0 {
			last++
			column = last
		}
		said[n.title] = true
		all = append(all, placed{note: n, column: column})
	}
	for _, title := range ours {
		if here[title] != 0 && !said[title] {
			all = append(all, placed{note: note{title: title}, column: here[title]})
		}
	}
	return all
}

func (b *Book) annotateXLSX(t table, notes Notes) (out []byte, err error) {
	file, err := excelize.OpenReader(bytes.NewReader(b.data), excelize.Options{UnzipSizeLimit: maxUnzip, UnzipXMLSizeLimit: maxUnzip})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	for _, p := range t.place(notes) {
		marker := marker{file: file, sheet: t.grid.name, column: p.column}
		if err := marker.mark(t, p.note); err != nil {
			return nil, err
		}
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

func (m marker) mark(t table, n note) error {
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
	if err := m.file.SetColWidth(m.sheet, column, column, noteWidth); err != nil {
		return err
	}
	if err := m.put(t.grid.lines[t.heading].number, n.title, style); err != nil {
		return err
	}
	for _, l := range t.grid.lines[t.heading+1:] {
		text, noted := n.texts[l.number]
		switch {
		case noted:
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

// records yields the sheet as text, each row with its number and our columns.
// The slice is used again for the next row.
func (t *table) records(columns []placed) iter.Seq2[int, []string] {
	width := 0
	for _, p := range columns {
		width = max(width, p.column)
	}
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
			for _, p := range columns {
				switch {
				case i == t.heading:
					record[p.column-1] = p.title
				case i > t.heading:
					record[p.column-1] = p.texts[l.number]
				}
			}
			if !yield(l.number, record) {
				return
			}
		}
	}
}

// annotateCSV keeps blank lines, so that line numbers stay what they were.
func (b *Book) annotateCSV(t table, notes Notes) ([]byte, error) {
	var buffer bytes.Buffer
	out, err := newCSVWriter(&buffer, b.separator)
	if err != nil {
		return nil, err
	}
	next := 1
	for number, record := range t.records(t.place(notes)) {
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
func annotateList(t table, notes Notes) ([]byte, error) {
	ourColumns := t.place(notes)
	var columns []Column
	var rows [][]any
	for number, record := range t.records(ourColumns) {
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
	for _, p := range ourColumns {
		columns[p.column-1].Width = noteWidth
	}
	var buffer bytes.Buffer
	err := Write(&buffer, XLSX, Sheet{Name: t.grid.name, Columns: columns, Rows: Rows(rows)})
	return buffer.Bytes(), err
}
