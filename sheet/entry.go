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

// remark is how the lines around a list begin.
var remark = regexp.MustCompile(`^(合计|总计|小计|共计)|^(填表人|填报人|填表日期|填报日期|填表单位|填报单位|制表|制表人|审核人?|审批人?|联系人|联系电话|单位负责人|备注|说明|注|例|示例|填表说明)\s*[:：]|^(例|示例|样例)$`)

// isRemark looks at the first cell of rows that fill less than half of the
// known columns.
func (e *entry) isRemark() bool {
	first, filled := cell{col: maxColumns + 1}, 0
	for _, c := range e.line.cells {
		if c.text != "" && c.col < first.col {
			first = c
		}
	}
	for shown := range e.table.columns {
		if e.cell(shown).text != "" {
			filled++
		}
	}
	sample := first.text == "例" || first.text == "示例" || first.text == "样例"
	return remark.MatchString(first.text) && (sample || filled*2 < len(e.table.columns) || filled <= 1)
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

// text is a value as it was typed, without invisible characters.
func (e *entry) text(shown string) string {
	c := e.cell(shown)
	switch {
	case c.kind == formulaCell:
		e.blame(shown, Formula, "")
		return ""
	case c.kind == errorCell:
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
