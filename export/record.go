package export

import (
	"duban"
	"duban/sheet"
	"duban/text"
)

// Record (跟踪记载) is the tracking record: every event that was appended, oldest first, with who did it and to whom it happened.
func (e Export) Record() (sheet.Sheet, error) {
	r := record{Export: e}
	if err := r.load(); err != nil {
		return sheet.Sheet{}, err
	}
	return sheet.Sheet{
		Name: text.Word(e.Lang, "export.record"),
		Columns: []sheet.Column{
			e.column("export.at", sheet.DateTime, 0),
			e.column("export.event", sheet.Text, 10),
			e.column("export.code", sheet.Text, 14),
			e.column("export.task", sheet.Text, 28),
			e.column("export.unit", sheet.Text, 22),
			e.column("export.person", sheet.Text, 10),
			e.column("export.actor", sheet.Text, 10),
			e.column("export.details", sheet.Text, 48),
		},
		Rows: stream(r.walk),
	}, nil
}

type record struct {
	Export
	tasks  map[int64]duban.Task
	units  map[int64]string
	people map[int64]string
	within map[int64]bool
}

func (r *record) load() (err error) {
	if r.tasks, err = tasksByID(r.Export); err != nil {
		return err
	}
	if r.units, err = r.Tx.UnitNames(); err != nil {
		return err
	}
	if r.people, err = r.Tx.PersonNames(); err != nil {
		return err
	}
	r.within, err = r.Export.units()
	return err
}

func (r *record) walk(yield func([]any) error) error {
	return r.Tx.EveryEntry(r.begin(), r.end(), func(e duban.Entry) error {
		if r.within != nil && !r.within[e.UnitID] {
			return nil
		}
		return yield(r.row(e))
	})
}

func (r *record) row(e duban.Entry) []any {
	task := r.tasks[e.TaskID]
	return []any{
		r.moment(e.At), text.Word(r.Lang, "event."+string(e.Event)), task.Code, task.Title, r.units[e.UnitID], r.people[e.PersonID],
		r.actor(e), r.details(e),
	}
}

// actor names who did it: a person, the operator at the console, or the program.
func (r *record) actor(e duban.Entry) string {
	if e.Actor != 0 {
		return r.people[e.Actor]
	}
	return text.Word(r.Lang, "via."+string(e.Via))
}
