package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

var utf8BOM = []byte{0xEF, 0xBB, 0xBF}

// readCSV returns the file as one sheet and the separator it uses.
func readCSV(data []byte, deadline time.Time) ([]*grid, rune, error) {
	text, err := DecodeText(data)
	if err != nil {
		return nil, 0, err
	}
	text, separator := separatorOf(text)
	if bytes.Count(text, []byte(string(separator))) > maxCells {
		return nil, 0, &Refusal{Reason: TooManyCells, Limit: maxCells}
	}
	g, err := readRecords(text, separator, false, deadline)
	if errors.Is(err, csv.ErrBareQuote) {
		g, err = readRecords(text, separator, true, deadline)
	}
	if err != nil {
		return nil, 0, refusalOf(err)
	}
	return []*grid{g}, separator, nil
}

// DecodeText returns the text of a file as UTF-8 with line feeds, or the
// *Refusal of a file that is no text. Chinese editions of Excel write csv in
// GB18030, which is tried when the bytes are not UTF-8.
func DecodeText(data []byte) ([]byte, error) {
	if bytes.IndexByte(data, 0) >= 0 && !isUTF16(data) {
		return nil, &Refusal{Reason: NotASheet}
	}
	text, err := toUTF8(data)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return nil, &Refusal{Reason: BadEncoding}
	}
	if bytes.ContainsFunc(text, isBinary) {
		return nil, &Refusal{Reason: NotASheet}
	}
	if !bytes.Contains(text, []byte("\n")) {
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	return text, nil
}

func toUTF8(data []byte) ([]byte, error) {
	switch {
	case isUTF16(data):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
	case utf8.Valid(data):
		return bytes.TrimPrefix(data, utf8BOM), nil
	}
	return simplifiedchinese.GB18030.NewDecoder().Bytes(data)
}

func isUTF16(data []byte) bool {
	return bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF})
}

func isBinary(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\v' && r != '\f'
}

// separatorOf returns the separator that the first rows agree on most: the
// one that occurs in most of them, then the most frequent. A first line such
// as "sep=;", which Excel understands, decides and is emptied.
func separatorOf(text []byte) ([]byte, rune) {
	head, rest, _ := bytes.Cut(text, []byte("\n"))
	if mark, ok := bytes.CutPrefix(bytes.TrimSpace(head), []byte("sep=")); ok && utf8.RuneCount(mark) == 1 {
		r, _ := utf8.DecodeRune(mark)
		if strings.ContainsRune(",;\t|", r) {
			return append([]byte("\n"), rest...), r
		}
	}
	best, bestScore := ',', 0
	lines := bytes.SplitN(text, []byte("\n"), 31)
	for _, candidate := range []rune{',', ';', '\t'} {
		score := 0
		for _, l := range lines[:min(len(lines), 30)] {
			if n := bytes.Count(l, []byte(string(candidate))); n > 0 {
				score += 1000 + min(n, maxColumns)
			}
		}
		if score > bestScore {
			best, bestScore = candidate, score
		}
	}
	return text, best
}

// readRecords numbers the rows as a spreadsheet program does when it opens
// the file: blank lines count, line breaks inside a cell do not. With lazy, a
// quotation mark inside a plain cell is text; a cell that then swallows a line
// break has an unpaired mark, and rows would be lost silently.
func readRecords(text []byte, separator rune, lazy bool, deadline time.Time) (*grid, error) {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = separator, lazy, -1, true
	g, number, physical, cells := &grid{}, 0, 1, 0
	for offset := int64(0); ; {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return g, nil
		}
		if err != nil {
			return nil, err
		}
		start, _ := r.FieldPos(0)
		number += 1 + start - physical
		breaks := bytes.Count(text[offset:r.InputOffset()], []byte("\n"))
		if lazy && breaks > 1+start-physical {
			return nil, &Refusal{Reason: Damaged, Line: number}
		}
		physical, offset = physical+breaks, r.InputOffset()

		l, err := lineOf(record, number)
		if err != nil {
			return nil, err
		}
		cells += len(l.cells)
		switch {
		case number > maxRows:
			return nil, &Refusal{Reason: TooManyRows, Limit: maxRows}
		case cells > maxCells:
			return nil, &Refusal{Reason: TooManyCells, Limit: maxCells}
		case number%256 == 0 && time.Now().After(deadline):
			return nil, tooSlow()
		}
		if len(l.cells) > 0 {
			g.lines = append(g.lines, l)
		}
	}
}

func lineOf(record []string, number int) (line, error) {
	l := line{number: number}
	for i, field := range record {
		c := csvCell(field)
		if c.text == "" {
			continue
		}
		if i >= maxColumns {
			return line{}, &Refusal{Reason: TooManyColumns, Limit: maxColumns, Line: number}
		}
		c.col, c.text = i+1, strings.Clone(c.text)
		l.cells = append(l.cells, c)
	}
	return l, nil
}

// csvCell undoes the two ways of keeping a spreadsheet program from reading a
// csv cell as a number or a formula: ="0123" and '=text. What still begins
// with an equals sign would be computed.
func csvCell(field string) cell {
	field = clean(field)
	if inner, ok := strings.CutPrefix(field, `="`); ok && strings.HasSuffix(inner, `"`) && !strings.Contains(inner[:len(inner)-1], `"`) {
		return cell{text: clean(inner[:len(inner)-1])}
	}
	if strings.HasPrefix(field, "=") {
		return cell{kind: formulaCell, text: field}
	}
	return cell{text: unquoteText(field)}
}

func refusalOf(err error) error {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal
	}
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return &Refusal{Reason: Damaged, Line: parse.StartLine}
	}
	return &Refusal{Reason: Damaged}
}
