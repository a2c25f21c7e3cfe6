// Package imports takes the lists that offices send, a roster or a list of tasks, from the bytes of a file to the verbs that import them, and
// says in words what is wrong with a row. Chat and command line share it.
package imports

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"duban"
	"duban/calendar"
	"duban/sheet"
	"duban/text"
	"duban/work"
)

// List is a file that has been read: its rows, and the cells that keep a row out.
type List struct {
	Name string
	Kind sheet.Kind

	book   *sheet.Book
	roster []work.RosterRow
	tasks  []work.TaskRow
	wrong  []Cell
}

// Cell is one cell that keeps its row out.
type Cell struct {
	Line   int    // as the spreadsheet program counts, from 1
	Column string // its heading in the file; empty where only the database could tell that it is wrong
	Value  string
	named  work.Column
	reason string
	arg    string
}

// In says what is wrong and what to do, in a language.
func (c Cell) In(lang text.Lang) string {
	return text.Word(lang, "problem."+c.reason, "column", c.Heading(lang), "value", c.Value, "arg", c.arg, "line", c.Line)
}

// Heading is the heading of the cell's column: as it stands in the file, or its usual name.
func (c Cell) Heading(lang text.Lang) string {
	if c.Column != "" {
		return c.Column
	}
	return text.Word(lang, "column."+string(c.named))
}

// Open reads a file as a list of a kind; the zero kind goes by the headings. A file that is not taken at all gives a *sheet.Refusal, which
// Refusal puts into words.
func Open(name string, data []byte, kind sheet.Kind) (*List, error) {
	book, err := sheet.Open(name, data)
	if err != nil {
		return nil, err
	}
	if kind == "" {
		kind = book.Guess()
	}
	l := &List{Name: name, Kind: kind, book: book}
	switch kind {
	case sheet.KindRoster:
		return l, l.readRoster()
	case sheet.KindTasks:
		return l, l.readTasks()
	}
	return nil, &sheet.Refusal{Reason: sheet.NoHeading}
}

func (l *List) readRoster() error {
	rows, wrong, err := l.book.Roster()
	for _, r := range rows {
		l.roster = append(l.roster, work.RosterRow{
			Line: r.Line, Unit: r.Unit, Parent: r.Parent, Kind: duban.UnitKind(r.Kind), Region: r.Region,
			Name: r.Name, Role: duban.Role(r.Role), Phone: r.Phone, Code: r.Code,
		})
	}
	l.wrong = cellsOf(wrong)
	return err
}

// readTasks takes the rows over. Where the file does not say, what is submitted is reviewed.
func (l *List) readTasks() error {
	rows, wrong, err := l.book.Tasks()
	for _, r := range rows {
		l.tasks = append(l.tasks, work.TaskRow{
			Line: r.Line, Code: r.Code, Title: r.Title, Duty: r.Duty, Category: r.Category,
			Units: r.Units, Owner: r.Owner, Due: r.Due,
			Evidence: duban.Evidence{Kind: duban.EvidenceKind(r.Evidence), Min: r.Photos},
			Review:   r.Review == nil || *r.Review,
			Priority: duban.Priority(r.Priority), Basis: r.Basis, Note: r.Note, Reviewer: r.Reviewer, Internal: r.Internal,
			Supports: r.Supports, Completion: duban.Completion(r.Completion), Milestones: r.Milestones,
		})
	}
	l.wrong = cellsOf(wrong)
	return err
}

func cellsOf(problems []sheet.Problem) []Cell {
	var cells []Cell
	for _, p := range problems {
		cells = append(cells, Cell{Line: p.Line, Column: p.Column, Value: p.Value, reason: string(p.Reason), arg: p.Arg})
	}
	return cells
}

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
	o.File, o.WrongRows = l.Name, len(l.wrong)
	var result work.ImportResult
	var err error
	if l.Kind == sheet.KindRoster {
		result, err = desk.ImportRoster(ctx, who, l.roster, o)
	} else {
		result, err = desk.ImportTasks(ctx, who, l.tasks, o)
	}
	return l.outcome(result), err
}

// ImportPlan hands a list of tasks whose deadlines recur to the verb that puts them into the plan of the year.
func (l *List) ImportPlan(ctx context.Context, desk *work.Desk, who duban.Actor, o work.ImportOptions) (Outcome, error) {
	o.File, o.WrongRows = l.Name, len(l.wrong)
	result, err := desk.ImportPlan(ctx, who, l.tasks, o)
	return l.outcome(result), err
}

func (l *List) outcome(result work.ImportResult) Outcome {
	o := Outcome{ImportResult: result, list: l, Wrong: slices.Clone(l.wrong)}
	right := l.lines()
	for _, p := range result.Problems {
		o.Wrong = append(o.Wrong, cellOf(p))
		delete(right, p.Line)
	}
	slices.SortStableFunc(o.Wrong, func(a, b Cell) int { return cmp.Compare(a.Line, b.Line) })
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

// Annotated gives the file back, in a format, with a column 问题 that says what is wrong in each row; the zero format is that of the file.
func (o Outcome) Annotated(format sheet.Format, lang text.Lang) ([]byte, error) {
	if format == "" {
		format = o.list.book.Format()
	}
	return o.list.book.AnnotateAs(format, byLine(o.Wrong, lang))
}

// Format is the format of the file itself, whatever its name says.
func (l *List) Format() sheet.Format { return l.book.Format() }

func byLine(cells []Cell, lang text.Lang) map[int]string {
	said := map[int]string{}
	for _, c := range cells {
		if said[c.Line] != "" {
			said[c.Line] += "\n"
		}
		said[c.Line] += c.In(lang)
	}
	return said
}

// Refusal says in words why a file was not taken at all. It reports false for every other error.
func Refusal(lang text.Lang, err error) (string, bool) {
	if errors.Is(err, calendar.ErrYearFile) {
		return text.Word(lang, "refusal.year_file"), true
	}
	r, ok := errors.AsType[*sheet.Refusal](err)
	if !ok {
		return "", false
	}
	var limit any = r.Limit
	if r.Reason == sheet.TooBig {
		limit = text.Size(r.Limit)
	}
	return text.Word(lang, "refusal."+string(r.Reason), "limit", limit, "line", r.Line, "columns", strings.Join(r.Columns, "、")), true
}
