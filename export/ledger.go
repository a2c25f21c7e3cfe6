package export

import (
	"time"

	"duban"
	"duban/calendar"
	"duban/sheet"
	"duban/text"
)

// Ledger (台账) is every assignment that was issued, by task and unit: its deadlines, what was done when, and how it stands now.
func (e Export) Ledger() (sheet.Sheet, error) {
	n, err := e.names()
	if err != nil {
		return sheet.Sheet{}, err
	}
	l := ledger{n}
	return sheet.Sheet{
		Name: text.Word(e.Lang, "export.ledger"),
		Columns: []sheet.Column{
			e.column("export.code", sheet.Text, 14),
			e.column("export.task", sheet.Text, 26),
			e.column("export.responsible_unit", sheet.Text, 32),
			e.column("export.owner", sheet.Text, 10),
			e.column("export.original_due", sheet.DateTime, 0),
			e.column("export.due", sheet.DateTime, 0),
			e.column("export.accepted_at", sheet.DateTime, 0),
			e.column("export.submitted_at", sheet.DateTime, 0),
			e.column("export.closed_at", sheet.DateTime, 0),
			e.column("export.state", sheet.Text, 12),
			e.column("export.light", sheet.Text, 10),
			e.column("export.days_early", sheet.SignedNumber, 0),
			e.column("export.extensions", sheet.Number, 0),
			e.column("export.returns", sheet.Number, 0),
			e.column("export.urges", sheet.Number, 0),
		},
		Rows: stream(l.walk),
		At:   e.now(),
	}, nil
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
	return []any{
		task.Code, l.title(task), l.units[a.UnitID], l.people[a.OwnerID], l.due(original), l.due(a.Due),
		l.moment(a.AcceptedAt), l.moment(a.SubmittedAt), l.moment(a.ClosedAt),
		text.Word(l.Lang, "state."+string(a.State)), l.light(a),
		daysEarly(a, l.Calendar, l.Tx.Now), a.Extensions, a.Returns, a.Urges,
	}
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
