package sheet

import (
	"encoding/csv"
	"io"
	"strings"
	"unicode"
)

func writeCSV(w io.Writer, s Sheet) error {
	out, err := newCSVWriter(w, ',')
	if err != nil {
		return err
	}
	titles := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		titles[i] = guardFormula(c.Title)
	}
	if err := out.Write(titles); err != nil {
		return err
	}
	for row, err := range s.Rows {
		if err != nil {
			return err
		}
		record, err := csvRecord(row, s.Columns)
		if err != nil {
			return err
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// newCSVWriter begins with the mark by which Excel knows UTF-8.
func newCSVWriter(w io.Writer, separator rune) (*csv.Writer, error) {
	if _, err := w.Write(utf8BOM); err != nil {
		return nil, err
	}
	out := csv.NewWriter(w)
	out.UseCRLF, out.Comma = true, separator
	return out, nil
}

func csvRecord(row []any, columns []Column) ([]string, error) {
	if err := checkRow(row, columns); err != nil {
		return nil, err
	}
	record := make([]string, len(columns))
	for i, value := range row {
		text, number, err := asText(value, columns[i].Kind)
		if err != nil {
			return nil, err
		}
		if !number {
			text = guardFormula(text)
		}
		record[i] = text
	}
	return record, nil
}

// guardFormula puts an apostrophe before text that a spreadsheet program would
// compute. What cannot be seen in front does not make such text harmless in
// every program.
func guardFormula(text string) string {
	if startsFormula(text) || startsFormula(strings.TrimLeftFunc(text, isInvisible)) {
		return "'" + text
	}
	return text
}

func isInvisible(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}
