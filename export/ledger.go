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
	l := ledger{Export: e}
	if err := l.load(); err != nil {
		return sheet.Sheet{}, err
	}
	return sheet.Sheet{
		Name: text.Word(e.Lang, "export.ledger"),
		Columns: []sheet.Column{
			e.column("export.code", sheet.Text, 14),
			e.column("export.task", sheet.Text, 28),
			e.column("export.responsible_unit", sheet.Text, 22),
			e.column("export.owner", sheet.Text, 10),
			e.column("export.original_due", sheet.DateTime, 0),
			e.column("export.due", sheet.DateTime, 0),
			e.column("export.accepted_at", sheet.DateTime, 0),
			e.column("export.submitted_at", sheet.DateTime, 0),
			e.column("export.closed_at", sheet.DateTime, 0),
			e.column("export.state", sheet.Text, 16),
			e.column("export.light", sheet.Text, 14),
			e.column("export.days_early", sheet.SignedNumber, 0),
			e.column("export.extensions", sheet.Number, 0),
			e.column("export.returns", sheet.Number, 0),
			e.column("export.urges", sheet.Number, 0),
		},
		Rows: stream(l.walk),
	}, nil
}

// ledger holds the words of the ids that its rows name.
type ledger struct {
	Export
	tasks  map[int64]duban.Task
	units  map[int64]string
	people map[int64]string
	within map[int64]bool
}

func (l *ledger) load() (err error) {
	if l.tasks, err = tasksByID(l.Export); err != nil {
		return err
	}
	if l.units, err = l.Tx.UnitNames(); err != nil {
		return err
	}
	if l.people, err = l.Tx.PersonNames(); err != nil {
		return err
	}
	l.within, err = l.Export.units()
	return err
}

func tasksByID(e Export) (map[int64]duban.Task, error) {
	all, err := e.Tx.Tasks()
	byID := make(map[int64]duban.Task, len(all))
	for _, t := range all {
		byID[t.ID] = t
	}
	return byID, err
}

func (l *ledger) walk(yield func([]any) error) error {
	from, to := l.begin(), l.end()
	if !from.IsZero() {
		from = from.Add(-time.Millisecond) // what is due at this very midnight ends at it; wanted looks at the day
	}
	return l.Tx.EveryAssignment(from, to, func(a duban.Assignment) error {
		if !l.wanted(a) {
			return nil
		}
		return yield(l.row(a))
	})
}

func (l *ledger) wanted(a duban.Assignment) bool {
	day, filter := a.Due.Date, l.Filter
	return (l.within == nil || l.within[a.UnitID]) &&
		(filter.From.IsZero() || !day.Before(filter.From)) && (filter.To.IsZero() || !day.After(filter.To))
}

func (l *ledger) row(a duban.Assignment) []any {
	task := l.tasks[a.TaskID]
	original := a.OriginalDue
	if original.IsZero() {
		original = a.Due
	}
	return []any{
		task.Code, task.Title, l.units[a.UnitID], l.people[a.OwnerID], l.due(original), l.due(a.Due),
		l.moment(a.AcceptedAt), l.moment(a.SubmittedAt), l.moment(a.ClosedAt),
		text.Word(l.Lang, "state."+string(a.State)), text.Word(l.Lang, "light."+string(duban.LightOf(a, l.Lights, l.Calendar, l.Tx.Now))),
		daysEarly(a, l.Calendar, l.Tx.Now), a.Extensions, a.Returns, a.Urges,
	}
}

// daysEarly is by how many working days an assignment was submitted early (+) or late (-). Of one that is overdue and not submitted it is the
// lateness so far; of one that still has time it is nothing.
func daysEarly(a duban.Assignment, cal *calendar.Calendar, now time.Time) any {
	if a.SubmittedAt.IsZero() {
		if !cal.Overdue(a.Due, now) {
			return nil
		}
		a.SubmittedAt = now
	}
	return duban.DaysEarly(a, cal)
}
