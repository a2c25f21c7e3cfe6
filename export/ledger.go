package export

import (
	"cmp"
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/sheet"
	"duban/text"
)

// Ledger (台账) is every assignment that was issued, by task and unit: its deadlines, what was done when, and how it stands now. Where
// units share tasks or work by milestones, two more columns say so.
func (e Export) Ledger() (sheet.Sheet, error) {
	n, err := e.names()
	if err != nil {
		return sheet.Sheet{}, err
	}
	l := ledger{n}
	s := sheet.Sheet{
		Name: text.Word(e.Lang, "export.ledger"),
		Columns: []sheet.Column{
			e.column("export.code", sheet.Text, 12),
			e.column("export.task", sheet.Text, 32),
			e.column("export.responsible_unit", sheet.Text, 22),
			e.column("export.owner", sheet.Text, 9),
			e.column("export.original_due", sheet.DateTime, 16),
			e.column("export.due", sheet.DateTime, 16),
			e.column("export.accepted_at", sheet.DateTime, 16),
			e.column("export.submitted_at", sheet.DateTime, 16),
			e.column("export.closed_at", sheet.DateTime, 16),
			e.column("export.state", sheet.Text, 10),
			e.column("export.light", sheet.Text, 10),
			e.column("export.days_early", sheet.SignedNumber, 10),
			e.column("export.extensions", sheet.Number, 6),
			e.column("export.returns", sheet.Number, 6),
			e.column("export.faults", sheet.Text, 12),
			e.column("export.urges", sheet.Number, 6),
		},
		Rows: stream(l.walk),
		At:   e.now(),
	}
	if n.shared {
		s.Columns = append(s.Columns, e.column("export.part", sheet.Text, 10), e.column("export.remarks", sheet.Text, 32))
	}
	return s, nil
}

type ledger struct{ names }

func (l ledger) walk(yield func([]any) error) error {
	return l.everyWanted(func(a duban.Assignment) error { return yield(l.row(a)) })
}

func (l ledger) row(a duban.Assignment) []any {
	task := l.tasks[a.TaskID]
	original := a.OriginalDue
	if original.IsZero() {
		original = a.Due
	}
	row := []any{
		task.Code, l.title(task), l.units[a.UnitID], l.people[a.OwnerID], l.due(original), l.due(a.Due),
		l.moment(a.AcceptedAt), l.moment(a.SubmittedAt), l.moment(a.ClosedAt),
		text.Word(l.Lang, "state."+string(a.State)), l.light(a),
		daysEarly(a, l.Calendar, l.Tx.Now), a.Extensions, a.Returns, l.wrong(a), a.Urges,
	}
	if l.shared {
		row = append(row, l.part(a), l.remarks(a, task))
	}
	return row
}

// wrong is what was wrong with what was given back, each once and with how often where it was more than once; 其他 is what stands only in the words of
// the reason.
func (l ledger) wrong(a duban.Assignment) string {
	times := map[duban.Fault]int{}
	var words []string
	for _, f := range l.faults[a.ID] {
		times[f]++
	}
	for _, f := range append(duban.Faults, duban.OtherFault) {
		word := text.Word(l.Lang, "fault."+cmp.Or(string(f), "other"))
		switch n := times[f]; {
		case n == 1:
			words = append(words, word)
		case n > 1:
			words = append(words, text.Word(l.Lang, "export.times", "what", word, "n", n))
		}
	}
	return strings.Join(words, text.Word(l.Lang, "export.and"))
}

// part is whether a unit leads or only supports.
func (l ledger) part(a duban.Assignment) string {
	if a.Support {
		return text.Word(l.Lang, "export.support")
	}
	return text.Word(l.Lang, "export.part_lead")
}

// remarks are by which unit an assignment was done instead, and its milestones.
func (l ledger) remarks(a duban.Assignment, task duban.Task) string {
	var parts []string
	if a.FollowsID != 0 && a.State == duban.CalledOff && !a.Support {
		parts = append(parts, text.Word(l.Lang, "export.done_by", "unit", l.followed[a.FollowsID]))
	}
	for _, m := range a.Milestones {
		if l.Discreet && task.Internal {
			break
		}
		key := "export.milestone"
		if !m.DoneAt.IsZero() {
			key = "export.milestone_done"
		}
		parts = append(parts, text.Word(l.Lang, key, "title", m.Title, "day", m.Date.String(), "percent", m.Percent,
			"done", l.Calendar.Today(m.DoneAt).String()))
	}
	return strings.Join(parts, text.Word(l.Lang, "export.between"))
}

// daysEarly is by how many working days an assignment was submitted early (+) or late (-). Of one that is overdue and not submitted it is the
// lateness so far; of one that still has time, or whose clock stands still, it is nothing.
func daysEarly(a duban.Assignment, cal *calendar.Calendar, now time.Time) any {
	if a.SubmittedAt.IsZero() {
		if !a.State.OnUnit() || !cal.Overdue(a.Due, now) {
			return nil
		}
		a.SubmittedAt = now
	}
	return duban.DaysEarly(a, cal)
}
