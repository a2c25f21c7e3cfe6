package sheet

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// clean takes away what one cannot see: space at both ends, in all its
// Chinese and web forms, zero-width characters, control characters.
func clean(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case r == '\r', r == '\v', r == '\f', r == '\u2028', r == '\u2029':
			return '\n'
		case unicode.IsControl(r), r == '\uFEFF', r == '\u200B', r == '\u200C', r == '\u200D', r == '\u2060', r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}

// unquoteText takes away the apostrophe that keeps a value from being read as
// a number or a formula. A second one means that the first is a quotation
// mark of the text.
func unquoteText(text string) string {
	rest, ok := strings.CutPrefix(text, "'")
	if !ok || strings.Contains(rest, "'") && !startsFormula(rest) {
		return text
	}
	return rest
}

// fold makes full-width letters, digits and signs ordinary ones.
func fold(text string) string { return width.Fold.String(text) }

// squeeze is fold without any space, for codes and numbers.
func squeeze(text string) string { return strings.Join(strings.Fields(fold(text)), "") }

var wideBrackets = strings.NewReplacer("(", "（", ")", "）")

// name is how names of units and people are compared and shown: no space
// between Chinese characters (王　芳 is 王芳), one between Latin words,
// brackets in the width of the script around them.
func name(text string) string {
	text = strings.Join(strings.Fields(fold(text)), " ")
	runes := []rune(text)
	if !strings.ContainsFunc(text, isHan) {
		return text
	}
	var kept strings.Builder
	for i, r := range runes {
		if r == ' ' && (isHan(runes[i-1]) || isHan(runes[i+1])) {
			continue
		}
		kept.WriteRune(r)
	}
	return wideBrackets.Replace(kept.String())
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// scientific matches 1.99E+10, where digits are lost.
var scientific = regexp.MustCompile(`^\d+(\.\d+)?[eE]\+?\d+$`)

var (
	phoneSigns     = strings.NewReplacer("-", "", "(", "", ")", "", ".", "", "·", "", "—", "", "–", "", "‑", "")
	phoneSeparator = regexp.MustCompile(`\d{11}\D*[,;/、|\n ]\D*[\d-]{7,}`)
	mainlandMobile = regexp.MustCompile(`^(?:\+86|0086|86)?(1[3-9]\d{9})$`)
	international  = regexp.MustCompile(`^(?:\+|00)([1-9]\d{7,14})$`)
)

// phone returns a number in E.164 form, or the reason why the cell has none.
// An empty cell has neither.
func phone(text string) (string, Reason) {
	text = strings.TrimSpace(fold(text))
	if text == "" {
		return "", ""
	}
	if phoneSeparator.MatchString(text) {
		return "", ManyPhones
	}
	number := phoneSigns.Replace(squeeze(strings.TrimSuffix(text, ".0")))
	if scientific.MatchString(squeeze(text)) {
		return "", Scientific
	}
	if m := mainlandMobile.FindStringSubmatch(number); m != nil {
		return "+86" + m[1], ""
	}
	if m := international.FindStringSubmatch(number); m != nil && !strings.HasPrefix(m[1], "86") {
		return "+" + m[1], ""
	}
	return "", BadPhone
}

// startsFormula says whether a spreadsheet program may take the text for a
// formula or a command, in any width.
func startsFormula(text string) bool {
	return text != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(text)[0])
}
