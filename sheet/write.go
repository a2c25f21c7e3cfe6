package sheet

import (
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Format is a file format that we read and write.
type Format string

// The formats; the zero value means none.
const (
	XLSX Format = "xlsx"
	CSV  Format = "csv"
)

// FormatOf returns the format that a file name asks for by its extension, in
// any case, and false for every other extension.
func FormatOf(filename string) (Format, bool) {
	switch format := Format(strings.ToLower(strings.TrimPrefix(filepath.Ext(filename), "."))); format {
	case XLSX, CSV:
		return format, true
	}
	return "", false
}

// ColumnKind says how a column shows its values.
type ColumnKind uint8

// The kinds of column. A date column shows days only; a datetime column shows
// the clock of a time.Time and none for a Day.
const (
	Text ColumnKind = iota
	DateOnly
	DateTime
	Number
	SignedNumber // +3, -2, 0
)

// Column is a column of an export. A Width of 0 takes what suits the kind;
// otherwise it counts characters of ordinary width.
type Column struct {
	Title string
	Width float64
	Kind  ColumnKind
}

// Sheet describes an export once for both formats. A row holds a string, an
// int, an int64, a float64, a time.Time, a Day, a Mark or nil for each column;
// more values than columns, or of another type, are an error. Times are shown
// on the clock of their own location. An error from Rows ends the writing and
// is returned.
type Sheet struct {
	Name    string
	Columns []Column
	Rows    iter.Seq2[[]any, error]
	Frozen  int       // columns that stay in sight when one scrolls or prints across
	At      time.Time // the moment that it shows, which is printed above each page; zero: none
	// Note stands at the foot of each printed page and in the properties of the file, never among the rows. A csv file has none.
	Note string
	Form *Form
}

// Form makes a sheet of a workbook a form to be printed and signed: lines
// above the headings, the first of them as its title, a line below the rows,
// and rows high enough to write in. A csv file has none of it.
type Form struct {
	Above []string
	Below string
}

// Day is a time of which only the date counts: it is shown without a clock.
type Day time.Time

// Mark is a word that a colour underlines. A csv file, which has no colours,
// has the sign before the word.
type Mark struct {
	Word, Sign string
	Tint       Tint
}

// Tint is the colour of the ground of a cell.
type Tint uint8

// The tints, pale enough for the word to be read on paper without colours.
const (
	Plain Tint = iota
	Grey
	Green
	Yellow
	Orange
	Red // with the word in bold
	Blue
	Done // a darker green
	tintCount
)

func (m Mark) signed() string { return strings.TrimSpace(m.Sign + " " + m.Word) }

// Rows makes the rows of a Sheet from a slice.
func Rows(rows [][]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// Write writes the sheet. An xlsx file has a bold frozen heading with a
// filter, real dates, and prints on A4 across with the heading and the number
// on each page, one page wide unless that makes it too small to read. A csv
// file is UTF-8 with a mark, with CRLF. No text becomes a
// formula when the file is opened: xlsx keeps it as a string cell, csv puts an
// apostrophe before it, which Open takes away again.
func Write(w io.Writer, format Format, s Sheet) error {
	var err error
	switch format {
	case XLSX:
		err = writeBook(w, func(yield func(Sheet, error) bool) { yield(s, nil) })
	case CSV:
		err = writeCSV(w, s)
	default:
		err = fmt.Errorf("unknown format %q", format)
	}
	if err != nil {
		return fmt.Errorf("write sheet %s: %w", s.Name, err)
	}
	return nil
}

// WriteBook writes several sheets into one xlsx file, in their order. Names
// that are too long or taken are changed so that they fit. An error from
// sheets ends the writing and is returned; a book without sheets is an error.
func WriteBook(w io.Writer, sheets iter.Seq2[Sheet, error]) error {
	if err := writeBook(w, sheets); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

const (
	dayLayout    = time.DateOnly
	minuteLayout = "2006-01-02 15:04"
)

// asText shows a value in csv, and in xlsx where the column is text. Whether
// it is a number matters because -3 is a value and no formula.
func asText(value any, kind ColumnKind) (text string, number bool, err error) {
	switch v := value.(type) {
	case nil:
		return "", false, nil
	case string:
		return v, false, nil
	case Mark:
		return v.signed(), false, nil
	case int:
		return signed(strconv.Itoa(v), kind, v > 0), true, nil
	case int64:
		return signed(strconv.FormatInt(v, 10), kind, v > 0), true, nil
	case float64:
		return signed(strconv.FormatFloat(v, 'f', -1, 64), kind, v > 0), true, nil
	case Day:
		return time.Time(v).Format(dayLayout), false, nil
	case time.Time:
		if kind == DateOnly {
			return v.Format(dayLayout), false, nil
		}
		return v.Format(minuteLayout), false, nil
	}
	return "", false, fmt.Errorf("a cell cannot hold a %T", value)
}

func signed(text string, kind ColumnKind, positive bool) string {
	if kind == SignedNumber && positive {
		return "+" + text
	}
	return text
}

func checkRow(row []any, columns []Column) error {
	if len(row) > len(columns) {
		return fmt.Errorf("a row has %d values for %d columns", len(row), len(columns))
	}
	return nil
}
