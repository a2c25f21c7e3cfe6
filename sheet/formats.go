package sheet

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// cellFormat is what a number format says about the value behind it.
type cellFormat struct {
	date   bool
	digits int // a format of zeros only: the number is shown with this many digits
}

// readFormats reads the number format of each cell style, in the order in
// which cells refer to them.
func (w *workbook) readFormats(part string) error {
	codes, inCells := map[string]string{}, false
	return w.walk(part, func(x *walker, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			codes[attr(e, "numFmtId")] = attr(e, "formatCode")
		case "cellXfs":
			inCells = true
		case "cellStyles", "cellStyleXfs", "dxfs":
			inCells = false
		case "xf":
			if inCells {
				w.formats = append(w.formats, formatOf(attr(e, "numFmtId"), codes))
			}
		}
		if len(w.formats) > maxCells {
			return &Refusal{Reason: TooManyCells, Limit: maxCells}
		}
		return nil
	})
}

func formatOf(id string, codes map[string]string) cellFormat {
	if code, custom := codes[id]; custom {
		if strings.Trim(code, "0") == "" {
			return cellFormat{digits: len(code)}
		}
		return cellFormat{date: isDateCode(code)}
	}
	n, _ := strconv.Atoi(id)
	return cellFormat{date: isBuiltinDate(n)}
}

// isBuiltinDate knows the date formats that a file only names by number;
// those from 27 on are the ones of Chinese editions (ECMA-376, 18.8.30).
func isBuiltinDate(id int) bool {
	return 14 <= id && id <= 22 || 27 <= id && id <= 36 || 45 <= id && id <= 47 || 50 <= id && id <= 58
}

// notDatePart is what may hold letters in a number format without making it a
// date: quoted and escaped text, colours, currencies and conditions.
var notDatePart = regexp.MustCompile(`"[^"]*"|\\.|_.|\[[^\]]*\]|General`)

func isDateCode(code string) bool {
	return strings.ContainsAny(strings.ToLower(notDatePart.ReplaceAllString(code, "")), "ymdhs")
}

// dateOfSerial returns a date as spreadsheets count them, in days since the
// end of 1899, as 2026-12-05, 2026-12-05T15:00:00 or, without a day,
// 15:00:00. Seconds are rounded, because a day's fraction is never exact.
func dateOfSerial(value string, from1904 bool) (string, bool) {
	days, err := strconv.ParseFloat(value, 64)
	const lastDay = 2958465 // 9999-12-31
	if err != nil || !(days >= 0) || days > lastDay {
		return "", false
	}
	t, err := excelize.ExcelDateToTime(days, from1904)
	if err != nil {
		return "", false
	}
	t = t.Round(time.Second)
	switch {
	case days < 1:
		return t.Format(time.TimeOnly), true
	case t.Equal(t.Truncate(24 * time.Hour)):
		return t.Format(time.DateOnly), true
	}
	return t.Format("2006-01-02T15:04:05"), true
}

// isoDate brings the date type of strict workbooks into our two forms.
func isoDate(value string) string {
	value = strings.TrimSuffix(value, "Z")
	value, _, _ = strings.Cut(value, ".")
	return strings.TrimSuffix(value, "T00:00:00")
}

// escape is how xlsx keeps characters that XML cannot: _x000D_ for a carriage
// return, _x005F_ for an underscore that would look like one of these.
var escape = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

func unescape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return escape.ReplaceAllStringFunc(text, func(code string) string {
		n, _ := strconv.ParseUint(code[2:6], 16, 16)
		return string(rune(n))
	})
}
