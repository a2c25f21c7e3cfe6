package sheet

import (
	"iter"
	"regexp"
	"strings"
)

// entry is one row of a list while it is being read: it hands out values by
// column and collects what is wrong.
type entry struct {
	table    *table
	line     line
	problems []Problem
}

// entries yields the rows below the headings that say something: not the
// headings repeated on a second page, not the heading of a section, not the
// signatures and totals below the list.
func (t *table) entries() iter.Seq[*entry] {
	return func(yield func(*entry) bool) {
		for _, l := range t.grid.lines[t.heading+1:] {
			e := &entry{table: t, line: l}
			if e.isEmpty() || e.isHeading() || e.isRemark() || t.grid.isBanner(l) {
				continue
			}
			if !yield(e) {
				return
			}
		}
	}
}

func (e *entry) cell(shown string) cell {
	c, there := e.table.columns[shown]
	if !there {
		return cell{}
	}
	return e.line.at(c.index)
}

func (e *entry) isEmpty() bool {
	for shown := range e.table.columns {
		if e.cell(shown).text != "" {
			return false
		}
	}
	return true
}

func (e *entry) isHeading() bool {
	same := 0
	for shown, c := range e.table.columns {
		if e.cell(shown).text == c.title {
			same++
		}
	}
	return same >= 2
}

var (
	// remark is how the lines around a list begin.
	remark = regexp.MustCompile(`^(合计|总计|小计|共计)|^(填表|填报|制表)(人|单位|日期|时间|说明)?\s*[:：]|^(审核|审批|联系|单位负责)人?(电话)?\s*[:：]|^(备注|说明|注)\s*[:：]`)
	// section is the number of a section, or its heading behind the number.
	section = regexp.MustCompile(`^[（(]?[一二三四五六七八九十]{1,3}([)）、.．]|$)`)
	// sample marks the row that shows how a form is filled in.
	sample = regexp.MustCompile(`^(例|示例|样例|范例)\s*[:：]?$`)
)

// isRemark looks at how a row begins and how many known columns it fills.
func (e *entry) isRemark() bool {
	first, filled := cell{col: maxColumns + 1}, 0
	for _, c := range e.line.cells {
		if c.col < first.col {
			first = c
		}
	}
	for shown := range e.table.columns {
		if e.cell(shown).text != "" {
			filled++
		}
	}
	return sample.MatchString(first.text) ||
		filled <= 1 && section.MatchString(first.text) ||
		filled <= 2 && remark.MatchString(first.text)
}

// blame notes that the cell of a column is wrong.
func (e *entry) blame(shown string, reason Reason, arg string) {
	title := shown
	if c, there := e.table.columns[shown]; there {
		title = strings.Join(strings.Fields(c.title), " ")
	}
	e.problems = append(e.problems, Problem{
		Line: e.line.number, Column: title, Reason: reason, Value: e.cell(shown).text, Arg: arg,
	})
}

// errorText is what a csv has of a cell that shows an error.
var errorText = regexp.MustCompile(`^#(REF|N/A|VALUE|NAME|DIV/0|NULL|NUM|SPILL)[!?]?$`)

// text is a value as it was typed, without invisible characters.
func (e *entry) text(shown string) string {
	c := e.cell(shown)
	switch {
	case c.kind == formulaCell:
		e.blame(shown, Formula, "")
		return ""
	case c.kind == errorCell, errorText.MatchString(c.text):
		e.blame(shown, CellError, "")
		return ""
	}
	return c.text
}

// word is text that spreadsheet programs must not have made a date of.
func (e *entry) word(shown string) string {
	if e.cell(shown).kind == dateCell {
		e.blame(shown, BecameDate, "")
		return ""
	}
	return e.text(shown)
}

// needed is a word that must not be empty.
func (e *entry) needed(shown string) string {
	wrong := len(e.problems)
	value := e.word(shown)
	if value == "" && len(e.problems) == wrong {
		e.blame(shown, Missing, "")
	}
	return value
}

func (e *entry) name(shown string) string       { return name(e.word(shown)) }
func (e *entry) neededName(shown string) string { return name(e.needed(shown)) }

// code is a needed identifier. A number with an exponent has lost digits.
func (e *entry) code(shown string) string {
	code := squeeze(e.needed(shown))
	if scientific.MatchString(code) && strings.ContainsAny(code, ".+") {
		e.blame(shown, Scientific, "")
	}
	return code
}

// choice is a value out of a vocabulary, or otherwise when the cell is empty.
func (e *entry) choice(shown string, words []word, otherwise string) string {
	text := e.word(shown)
	if text == "" {
		return otherwise
	}
	id, known := find(words, text)
	if !known {
		e.blame(shown, UnknownWord, allowed(words))
	}
	return id
}
