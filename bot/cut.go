package bot

import (
	"html"
	"regexp"
	"strings"
	"unicode/utf16"

	"duban/text"
)

// piece is a tag, an entity or a character of marked-up text.
var piece = regexp.MustCompile(`(?s)</?[a-z][^>]*>|&(?:[a-z]+|#[0-9]+|#x[0-9a-fA-F]+);|.`)

// cutPlace is a place where a text may be cut: how much comes before it and which tags are open there.
type cutPlace struct {
	at, units int
	open      []string
}

// cutHTML cuts marked-up text to a number of UTF-16 units, an ellipsis included. It cuts at the end of the last line that fits, or inside a
// line when that would lose more than half, and closes the tags that are open there.
func cutHTML(h text.HTML, limit int) text.HTML {
	s := string(h)
	var open []string
	var units int
	var char, line cutPlace
	for _, span := range piece.FindAllStringIndex(s, -1) {
		part := s[span[0]:span[1]]
		if isTag(part) {
			open = afterTag(open, part)
			continue
		}
		if part == "\n" {
			line = cutPlace{span[0], units, open}
		}
		if units += width(part); units > limit-1 {
			break
		}
		char = cutPlace{span[1], units, open}
	}
	cut := char
	if line.units >= limit/2 {
		cut = line
	}
	return text.HTML(strings.TrimRight(s[:cut.at], "\n") + "…" + closing(cut.open))
}

func isTag(part string) bool { return len(part) > 1 && part[0] == '<' }

// afterTag returns the tags that are open after one more, as a new slice.
func afterTag(open []string, part string) []string {
	name := tagName(part)
	if strings.HasPrefix(part, "</") {
		for i := len(open) - 1; i >= 0; i-- {
			if open[i] == name {
				return open[:i:i]
			}
		}
		return open
	}
	return append(open[:len(open):len(open)], name)
}

func tagName(part string) string {
	name := strings.Trim(part, "</>")
	if end := strings.IndexAny(name, " \t\n"); end >= 0 {
		name = name[:end]
	}
	return name
}

func closing(open []string) string {
	var b strings.Builder
	for i := len(open) - 1; i >= 0; i-- {
		b.WriteString("</" + open[i] + ">")
	}
	return b.String()
}

// width is the UTF-16 units of one character or entity.
func width(part string) int {
	return len(utf16.Encode([]rune(html.UnescapeString(part))))
}
