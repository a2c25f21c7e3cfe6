package sheet

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// rowReader collects the cells of one sheet.
type rowReader struct {
	book    *workbook
	grid    *grid
	line    line
	rows    int // row elements seen, empty ones included
	number  int // of the current row
	column  int // of the current cell
	reached int // the last column of the row that has a cell, be it empty
}

func (w *workbook) readSheet(s sheetPart) (*grid, error) {
	r := &rowReader{book: w, grid: &grid{name: s.name, from1904: w.date1904}}
	err := w.walk(s.part, func(x *walker, e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			return r.startRow(e)
		case "c":
			return r.readCell(x, e)
		case "mergeCell":
			return r.merge(attr(e, "ref"))
		case "col":
			r.grid.area += columnsIn(e)
		}
		return nil
	})
	if err != nil {
		return nil, atLine(err, r.number)
	}
	r.endRow()
	r.grid.area += r.number
	return r.grid, nil
}

// columnsIn is how many columns a setting of widths covers.
func columnsIn(e xml.StartElement) int {
	first, _ := strconv.Atoi(attr(e, "min"))
	last, _ := strconv.Atoi(attr(e, "max"))
	return min(max(0, last-first+1), excelize.MaxColumns)
}

func (r *rowReader) startRow(e xml.StartElement) error {
	r.endRow()
	if r.rows++; r.rows > maxRows {
		return &Refusal{Reason: TooManyRows, Limit: maxRows}
	}
	number := r.number + 1
	if given := attr(e, "r"); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil || n < number || n > excelize.TotalRows {
			return &Refusal{Reason: Damaged}
		}
		number = n
	}
	r.number, r.column, r.reached = number, 0, 0
	r.line = line{number: number}
	return nil
}

func (r *rowReader) endRow() {
	r.grid.area += r.reached
	if len(r.line.cells) > 0 {
		r.grid.lines = append(r.grid.lines, r.line)
	}
	r.line = line{}
}

func (r *rowReader) readCell(x *walker, e xml.StartElement) error {
	if r.book.cells++; r.book.cells > maxCells {
		return &Refusal{Reason: TooManyCells, Limit: maxCells}
	}
	r.column++
	if ref := attr(e, "r"); ref != "" {
		column, _, err := excelize.CellNameToCoordinates(ref)
		if err != nil {
			return &Refusal{Reason: Damaged}
		}
		r.column = column
	}
	r.reached = max(r.reached, r.column)
	value, inline, formula, err := x.cellContent()
	if err != nil {
		return err
	}
	c, err := r.book.cellOf(attr(e, "t"), attr(e, "s"), value, inline)
	if err != nil {
		return err
	}
	if c.text = clean(c.text); formula && c.text != "" {
		c.kind = formulaCell
	}
	if c.text == "" {
		return nil
	}
	if r.column > maxColumns {
		return &Refusal{Reason: TooManyColumns, Limit: maxColumns}
	}
	c.col = r.column
	r.line.cells = append(r.line.cells, c)
	return nil
}

// cellContent reads to the end of the cell that was just entered.
func (x *walker) cellContent() (value, inline string, formula bool, err error) {
	bottom, inValue := x.depth-1, false
	var text strings.Builder
	for x.depth > bottom {
		token, err := x.next()
		if err != nil {
			return "", "", false, ended(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inValue = token.Name.Local == "v"
			switch token.Name.Local {
			case "f":
				formula = true
			case "is":
				if inline, err = x.richText(); err != nil {
					return "", "", false, err
				}
			}
		case xml.EndElement:
			inValue = false
		case xml.CharData:
			if inValue {
				text.Write(token)
			}
		}
	}
	return text.String(), inline, formula, nil
}

// cellOf interprets a cell by its type and number format.
func (w *workbook) cellOf(kind, style, value, inline string) (cell, error) {
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(value))
		if value == "" {
			return cell{}, nil
		}
		if err != nil || i < 0 || i >= len(w.strings) {
			return cell{}, &Refusal{Reason: Damaged}
		}
		return cell{text: w.strings[i]}, nil
	case "inlineStr":
		return cell{text: inline}, nil
	case "str":
		return cell{text: unescape(value)}, nil
	case "b":
		return cell{kind: boolCell, text: map[bool]string{true: "TRUE", false: "FALSE"}[value == "1" || value == "true"]}, nil
	case "e":
		return cell{kind: errorCell, text: value}, nil
	case "d":
		return cell{kind: dateCell, text: isoDate(value)}, nil
	}
	return w.numberCell(style, value), nil
}

func (w *workbook) numberCell(style, value string) cell {
	value = plainNumber(strings.TrimSuffix(strings.TrimSpace(value), ".0"))
	format := cellFormat{}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(w.formats) {
		format = w.formats[i]
	}
	if format.date {
		if iso, ok := dateOfSerial(value, w.date1904); ok {
			return cell{kind: dateCell, text: iso}
		}
	}
	if missing := format.digits - len(value); missing > 0 && isDigits(value) {
		value = strings.Repeat("0", missing) + value
	}
	return cell{kind: numberCell, text: value}
}

// plainNumber writes a number without an exponent where that is all of its
// digits: some programs keep 13800000001 as 1.3800000001E10.
func plainNumber(value string) string {
	const exact = 1e15 // above it digits are lost
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || !strings.ContainsAny(value, "eE") || n <= -exact || n >= exact {
		return value
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// merge notes a range of merged cells, such as "A2:A9".
func (r *rowReader) merge(ref string) error {
	first, second, ok := strings.Cut(ref, ":")
	left, top, err1 := excelize.CellNameToCoordinates(first)
	right, bottom, err2 := excelize.CellNameToCoordinates(second)
	if !ok || err1 != nil || err2 != nil || right < left || bottom < top {
		return &Refusal{Reason: Damaged}
	}
	if len(r.grid.spans) >= maxRows {
		return &Refusal{Reason: TooManyCells, Limit: maxCells}
	}
	r.grid.spans = append(r.grid.spans, span{left: left, top: top, right: right, bottom: bottom})
	return nil
}

// atLine adds the row to a refusal that does not know it.
func atLine(err error, number int) error {
	refusal, ok := err.(*Refusal)
	if !ok || refusal.Line > 0 || err == io.EOF {
		return err
	}
	located := *refusal
	located.Line = number
	return &located
}
