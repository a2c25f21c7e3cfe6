package imports

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"duban"
	"duban/sheet"
	"duban/text"
	"duban/work"
)

// Outcome is what came of a list: the counts, and everything that is wrong with it by line.
type Outcome struct {
	work.ImportResult
	Wrong     []Cell
	WrongRows int // lines of the file with something wrong
	Right     int // lines that can be taken
	list      *List
}

// Import hands the list to its verb.
func (l *List) Import(ctx context.Context, desk *work.Desk, who duban.Actor, o work.ImportOptions) (Outcome, error) {
	o = l.told(o)
	var result work.ImportResult
	var err error
	switch l.Kind {
	case sheet.KindRoster:
		result, err = desk.ImportRoster(ctx, who, l.roster, o)
	case KindPlan:
		result, err = desk.ImportPlan(ctx, who, l.tasks, o)
	case sheet.KindParts:
		result, err = desk.ImportParts(ctx, who, l.parts, o)
	default:
		result, err = desk.ImportTasks(ctx, who, l.tasks, o)
	}
	return l.outcome(result), err
}

// told adds to the options what only the file tells.
func (l *List) told(o work.ImportOptions) work.ImportOptions {
	o.File, o.WrongRows, o.Unread = l.Name, len(l.wrong), map[string]bool{}
	lines := map[int]bool{}
	for _, c := range l.wrong {
		lines[c.Line] = true
	}
	for _, code := range l.book.CodesOf(lines) {
		o.Unread[code] = true
	}
	return o
}

func (l *List) outcome(result work.ImportResult) Outcome {
	o := Outcome{ImportResult: result, list: l, Wrong: slices.Clone(l.wrong)}
	right := l.lines()
	for _, p := range result.Problems {
		o.Wrong = append(o.Wrong, cellOf(p))
		delete(right, p.Line)
	}
	slices.SortStableFunc(o.Wrong, func(a, b Cell) int { return cmp.Compare(a.Line, b.Line) })
	for i := range o.Wrong {
		o.Wrong[i].meant = meantBy(o.Wrong[i], result.Suggested)
	}
	o.WrongRows, o.Right = len(byLine(o.Wrong, text.ZH)), len(right)
	return o
}

// lines are the lines of the file from which a row could be read.
func (l *List) lines() map[int]bool {
	all := map[int]bool{}
	for _, r := range l.roster {
		all[r.Line] = true
	}
	for _, r := range l.tasks {
		all[r.Line] = true
	}
	for _, r := range l.parts {
		all[r.Line] = true
	}
	return all
}

func cellOf(p work.Problem) Cell {
	return Cell{Line: p.Line, named: p.Column, Value: p.Value, reason: string(p.Reason), arg: p.Arg}
}

// LeftAsTheyAre are the rows that were not wrong and yet changed nothing, with the reason.
func (o Outcome) LeftAsTheyAre() []Cell { return cellsFrom(o.Left) }

// ToLookAt are the rows that are not wrong and yet have something that somebody should know, with what it is.
func (o Outcome) ToLookAt() []Cell { return cellsFrom(o.Warned) }

func cellsFrom(problems []work.Problem) []Cell {
	var cells []Cell
	for _, p := range problems {
		cells = append(cells, cellOf(p))
	}
	return cells
}

// Annotated gives the file back, in a format, with columns that say what is wrong in each row, what may have been meant, and what the row would
// change; the zero format is that of the file.
func (o Outcome) Annotated(format sheet.Format, lang text.Lang) ([]byte, error) {
	if format == "" {
		format = o.list.book.Format()
	}
	notes := sheet.Notes{Problems: byLine(o.Wrong, lang), Suggestions: map[int]string{}, Changes: map[int]string{}}
	for _, c := range o.Wrong {
		if meant := c.Meant(lang); meant != "" {
			addLine(notes.Suggestions, c.Line, c.Heading(lang)+text.Word(lang, "change.colon")+meant)
		}
	}
	for _, c := range o.Differences(lang) {
		if c.Line != 0 {
			addLine(notes.Changes, c.Line, c.What)
		}
	}
	return o.list.book.AnnotateAs(format, notes)
}

// Format is the format of the file itself, whatever its name says.
func (l *List) Format() sheet.Format { return l.book.Format() }

func byLine(cells []Cell, lang text.Lang) map[int]string {
	said := map[int]string{}
	for _, c := range cells {
		addLine(said, c.Line, c.In(lang))
	}
	return said
}

func addLine(said map[int]string, line int, what string) {
	if said[line] != "" {
		said[line] += "\n"
	}
	said[line] += what
}

// Meant says what may have been meant by what stands in the cell, the likeliest first; empty when nothing comes near.
func (c Cell) Meant(lang text.Lang) string {
	words := slices.Clone(c.meant)
	for i, word := range words {
		switch c.reason {
		case string(work.KindMissing):
			words[i] = text.Word(lang, "kind."+word)
		case string(sheet.RoleNeedsKind):
			words[i] = text.Word(lang, "role."+word)
		}
	}
	return strings.Join(words, text.Word(lang, "change.or"))
}
