package sheet

import (
	"slices"
	"strings"
)

// Guess is a column that was read under another heading than it has.
type Guess struct {
	Title string // as it stands in the file
	Shown string // the usual heading, under which it was read
}

// Guessed returns the columns of the list that was read last whose
// heading is another word than the usual one, from left to right: 责任部门 that
// was read as 责任单位. A heading that only says more or less of the usual word,
// or says it in English, is no guess.
func (b *Book) Guessed() []Guess {
	var guesses []Guess
	for _, shown := range b.read.inOrder() {
		title := b.read.columns[shown].title
		if !saysTheSame(title, shown) {
			guesses = append(guesses, Guess{Title: titleOf(title), Shown: shown})
		}
	}
	return guesses
}

// Unread returns the headings of the list that was read last
// whose columns are not known, from left to right.
func (b *Book) Unread() []string {
	if b.read.grid == nil {
		return nil
	}
	read := map[int]bool{}
	for _, c := range b.read.columns {
		read[c.index] = true
	}
	var titles []string
	for _, c := range b.read.grid.lines[b.read.heading].cells {
		if !read[c.col] && !slices.Contains(ours, c.text) && !isKnownAside(b.read.kind, c.text) {
			titles = append(titles, titleOf(c.text))
		}
	}
	return titles
}

// isKnownAside says whether a heading is one of those that lists have beside
// what is read, such as 序号.
func isKnownAside(kind Kind, title string) bool {
	shown, strength := match(headings[kind], title)
	return shown == "" && strength == fullMatch
}

// titleOf is a heading as it is shown: on one line, without the mark of what has
// to be filled in.
func titleOf(text string) string { return strings.Trim(oneLine(text), "*＊ ") }

// inOrder returns the columns of a table by where they stand.
func (t *table) inOrder() []string {
	var shown []string
	for word := range t.columns {
		shown = append(shown, word)
	}
	slices.SortFunc(shown, func(a, b string) int { return t.columns[a].index - t.columns[b].index })
	return shown
}

func saysTheSame(title, shown string) bool {
	bare := plainHeading(inBrackets.ReplaceAllString(fold(title), " "))
	whole := plainHeading(title)
	return !strings.ContainsFunc(bare, isHan) || strings.Contains(whole, shown) || strings.Contains(shown, bare)
}

// CodesOf returns the codes that stand in some lines of the list that was read
// last, also where the line is wrong; of a list without codes the names of the
// units.
func (b *Book) CodesOf(lines map[int]bool) []string {
	column, plain := colCode, squeeze
	switch b.read.kind {
	case KindRoster:
		column = colStaffCode
	case KindParts:
		column, plain = colUnit, name
	}
	code, there := b.read.columns[column]
	if !there {
		return nil
	}
	var codes []string
	for _, l := range b.read.grid.lines {
		if text := plain(l.at(code.index).text); lines[l.number] && text != "" {
			codes = append(codes, text)
		}
	}
	return codes
}
