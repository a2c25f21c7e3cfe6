// Package imports takes the lists that offices send, a roster, a list of tasks or the points of an assessment, from the bytes of a file to the verbs
// that import them, and says in words what is wrong with a row. Chat and command line share it.
package imports

import (
	"errors"
	"slices"
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/sheet"
	"duban/text"
	"duban/work"
)

// KindPlan is a list of tasks whose deadlines recur, which go into the plan of the year.
const KindPlan sheet.Kind = "plan"

// List is a file that has been read: its rows, and the cells that keep a row out.
type List struct {
	Name string
	Kind sheet.Kind

	// Guessed are the columns that were read under another heading than they have, Unread the headings of those that were not read.
	Guessed []sheet.Guess
	Unread  []string

	book   *sheet.Book
	roster []work.RosterRow
	tasks  []work.TaskRow
	parts  []work.PartsRow
	wrong  []Cell
}

// Rows is how many rows the list has, right and wrong.
func (l *List) Rows() int {
	return len(l.roster) + len(l.tasks) + len(l.parts) + len(byLine(l.wrong, text.ZH))
}

// Cell is one cell that keeps its row out.
type Cell struct {
	Line   int    // as the spreadsheet program counts, from 1
	Column string // its heading in the file; empty where only the database could tell that it is wrong
	Value  string
	named  work.Column
	reason string
	arg    string
	meant  []string // what may have been meant, the likeliest first
}

// In says what is wrong and what to do, in a language.
func (c Cell) In(lang text.Lang) string {
	return text.Word(lang, "problem."+c.reason, "column", c.Heading(lang), "value", c.shown(lang), "arg", c.arg, "line", c.Line)
}

// shown is the value as people write it: words for many units are read as identifiers.
func (c Cell) shown(lang text.Lang) string {
	if (c.named == work.ColumnUnits || c.named == work.ColumnSupports) && slices.Contains(duban.UnitKinds, duban.UnitKind(c.Value)) {
		return text.Word(lang, "kind."+c.Value)
	}
	return c.Value
}

// Heading is the heading of the cell's column: as it stands in the file, or its usual name.
func (c Cell) Heading(lang text.Lang) string {
	switch {
	case c.Column != "":
		return c.Column
	case strings.HasPrefix(string(c.named), "part."):
		return text.Word(lang, string(c.named))
	}
	return text.Word(lang, "column."+string(c.named))
}

// Open reads a file as a list of a kind; the zero kind goes by the headings, which tell a plan from other tasks as little as the file does: see Recurs. A file that is not taken at all gives a *sheet.Refusal, which
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
		err = l.readRoster()
	case sheet.KindTasks, KindPlan:
		err = l.readTasks()
	case sheet.KindParts:
		err = l.readParts()
	default:
		err = &sheet.Refusal{Reason: sheet.NoHeading}
	}
	if err != nil {
		return nil, err
	}
	l.Guessed, l.Unread = book.Guessed(), book.Unread()
	return l, nil
}

// Recurs reports whether most deadlines of a list of tasks come again and again, so that it is meant for the plan of the year.
func (l *List) Recurs(cal *calendar.Calendar, now time.Time) bool {
	n := 0
	for _, r := range l.tasks {
		if cal.ParseDue(r.Due, now).Outcome == calendar.Recurring {
			n++
		}
	}
	return n*2 > len(l.tasks)
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
	return text.Word(lang, "refusal."+string(r.Reason), "limit", limit, "line", r.Line, "columns", strings.Join(r.Columns, "、"),
		"found", strings.Join(r.Found, "、")), true
}
