package sheet

import "strings"

// People returns the words by which a list of people names them, top to bottom: of each line the staff code where there is such a column and it is filled in,
// else the name; without a known heading the first cell of each line. The error is a *Refusal when there is none.
func (b *Book) People() ([]string, error) {
	for _, g := range b.grids {
		if words := peopleIn(g.lines); len(words) > 0 {
			return words, nil
		}
	}
	return nil, &Refusal{Reason: NoRows}
}

func peopleIn(lines []line) []string {
	code, name, from := 0, 0, 0
	for i, l := range lines {
		if code, name = columnOf(l, colStaffCode), columnOf(l, colName); code+name > 0 {
			from = i + 1
			break
		}
	}
	var words []string
	for _, l := range lines[from:] {
		word := wordAt(l, code)
		if word == "" {
			word = wordAt(l, name)
		}
		if code+name == 0 && len(l.cells) > 0 {
			word = strings.TrimSpace(l.cells[0].text)
		}
		if word != "" {
			words = append(words, word)
		}
	}
	return words
}

func wordAt(l line, col int) string {
	if col == 0 {
		return ""
	}
	return strings.TrimSpace(l.at(col).text)
}

// columnOf returns in which column a line has the heading of a column of the roster; 0: in none.
func columnOf(l line, shown string) int {
	for _, c := range l.cells {
		if known, ok := headingOf(KindRoster, c.text); ok && known.shown == shown {
			return c.col
		}
	}
	return 0
}

// headingOf finds the column of a kind that a cell heads.
func headingOf(kind Kind, cell string) (heading, bool) {
	word := plainHeading(cell)
	for _, h := range headings[kind] {
		for _, w := range h.words {
			if plainHeading(w) == word {
				return h, true
			}
		}
	}
	return heading{}, false
}
