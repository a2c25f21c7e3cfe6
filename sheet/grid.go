package sheet

import (
	"slices"
	"sort"
	"time"
)

// kindOfCell says how the spreadsheet program keeps a value, which matters
// where the text alone would mislead.
type kindOfCell uint8

const (
	textCell kindOfCell = iota
	numberCell
	dateCell // text is ISO: 2026-12-05, 2026-12-05T15:00:00, or 15:00:00 for a clock time alone
	boolCell // text is TRUE or FALSE
	errorCell
	formulaCell // text is the value when it was last computed
)

// cell is a cell with content. Empty cells are not kept.
type cell struct {
	col  int // from 1
	kind kindOfCell
	text string
}

// line is a row with content.
type line struct {
	number int // as the spreadsheet program counts it, from 1
	cells  []cell
}

func (l line) at(col int) cell {
	for _, c := range l.cells {
		if c.col == col {
			return c
		}
	}
	return cell{col: col}
}

func (l line) lastColumn() int {
	last := 0
	for _, c := range l.cells {
		last = max(last, c.col)
	}
	return last
}

// span is a range of merged cells, corners included.
type span struct{ left, top, right, bottom int }

func (s span) width() int { return s.right - s.left + 1 }

// grid is one sheet: its lines with content in order, and its merged cells.
type grid struct {
	name  string
	lines []line
	spans []span
	// from1904 says that days are counted from 1904, as old Macs do.
	from1904 bool

	area int // rows and cells that a program would hold which fills all gaps
}

// unmerge gives the value of cells merged downwards to each row of theirs, in
// the left column only: what is merged to the right is a title or a remark,
// and copying it would fill columns that are meant to be empty.
func (g *grid) unmerge(deadline time.Time) error {
	steps := 0
	for _, s := range g.spans {
		first := sort.Search(len(g.lines), func(i int) bool { return g.lines[i].number >= s.top })
		if first == len(g.lines) || g.lines[first].number != s.top {
			continue
		}
		value := g.lines[first].at(s.left)
		if value.text == "" {
			continue
		}
		for i := first + 1; i < len(g.lines) && g.lines[i].number <= s.bottom; i++ {
			if steps++; steps > maxCells {
				return &Refusal{Reason: TooManyCells, Limit: maxCells}
			}
			if steps%4096 == 0 && time.Now().After(deadline) {
				return tooSlow()
			}
			if g.lines[i].at(s.left).text == "" {
				g.lines[i].cells = append(g.lines[i].cells, value)
			}
		}
	}
	return nil
}

// isBanner says whether the row is one text merged across the table, as the
// heading of a section is.
func (g *grid) isBanner(l line) bool {
	if len(l.cells) != 1 {
		return false
	}
	return slices.ContainsFunc(g.spans, func(s span) bool {
		return s.top <= l.number && l.number <= s.bottom && s.left == l.cells[0].col && s.width() >= 3
	})
}
