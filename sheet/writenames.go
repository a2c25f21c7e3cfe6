package sheet

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// sheetNames are the names that a workbook has, in small letters, as programs tell them apart.
type sheetNames map[string]bool

// take returns a name for a further sheet: the wanted one as far as programs accept it, with a number where it is taken.
func (n sheetNames) take(wanted string) string {
	name := sheetName(wanted)
	for i := 2; n[strings.ToLower(name)]; i++ {
		number := fmt.Sprintf("(%d)", i)
		name = cut(sheetName(wanted), excelize.MaxSheetNameLength-len(number)) + number
	}
	n[strings.ToLower(name)] = true
	return name
}

// sheetName makes a name that spreadsheet programs accept: at most 31
// characters, none of those that references are written with.
func sheetName(wanted string) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) || r < ' ' {
			return -1
		}
		return r
	}, wanted)
	if strings.TrimSpace(name) == "" {
		return firstSheet
	}
	return cut(name, excelize.MaxSheetNameLength)
}

// cut shortens a text to as many characters as programs count, which count a rare one twice.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	units := 0
	for i, r := range text {
		if units += utf16.RuneLen(r); units > most {
			return text[:i]
		}
	}
	return text
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
	return cut(text, excelize.TotalCellChars)
}
