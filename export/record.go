package export

import (
	"maps"

	"duban"
	"duban/sheet"
	"duban/text"
)

// Record (跟踪记载) is the tracking record: every event that was appended, oldest first, with who did it and to whom it happened.
func (e Export) Record() (sheet.Sheet, error) {
	n, err := e.names()
	if err != nil {
		return sheet.Sheet{}, err
	}
	r := record{names: n}
	return sheet.Sheet{
		Name: text.Word(e.Lang, "export.record"),
		Columns: []sheet.Column{
			e.column("export.at", sheet.DateTime, 0),
			e.column("export.event", sheet.Text, 10),
			e.column("export.code", sheet.Text, 14),
			e.column("export.task", sheet.Text, 28),
			e.column("export.unit", sheet.Text, 32),
			e.column("export.person", sheet.Text, 10),
			e.column("export.actor", sheet.Text, 10),
			e.column("export.details", sheet.Text, 48),
		},
		Rows: stream(r.walk),
		At:   e.now(),
	}, nil
}

type record struct {
	names
	lazy bool // names that are not known are looked up one by one, for a few entries
}

// Line is an entry of the record in words, for people who read it one by one.
type Line struct {
	duban.Entry
	What                               string // the word of the event
	Unit, Person, Actor, Task, Details string
}

// Lines puts a few entries into words. It looks up the names that they need and no others.
func (e Export) Lines(entries []duban.Entry) []Line {
	r := record{lazy: true, names: names{
		Export: e, tasks: map[int64]duban.Task{}, units: map[int64]string{}, people: map[int64]string{},
	}}
	all := make([]Line, len(entries))
	for i, one := range entries {
		task := r.task(one.TaskID)
		line := Line{Entry: one, What: text.Word(e.Lang, "event."+string(one.Event)), Actor: r.actor(one), Details: r.details(r.shown(one))}
		if one.UnitID != 0 {
			line.Unit = r.unit(one.UnitID)
		}
		if one.PersonID != 0 {
			line.Person = r.person(one.PersonID)
		}
		if one.TaskID != 0 {
			line.Task = r.title(task)
		}
		all[i] = line
	}
	return all
}

func (r record) walk(yield func([]any) error) error {
	if r.Filter.Record != nil {
		return r.Tx.EveryEntryOf(*r.Filter.Record, func(e duban.Entry) error { return yield(r.row(e)) })
	}
	return r.Tx.EveryEntry(r.begin(), r.end(), func(e duban.Entry) error {
		if r.inside != nil && !r.inside[e.UnitID] {
			return nil
		}
		return yield(r.row(e))
	})
}

func (r record) row(e duban.Entry) []any {
	task := r.tasks[e.TaskID]
	return []any{
		r.moment(e.At), text.Word(r.Lang, "event."+string(e.Event)), task.Code, r.title(task), r.units[e.UnitID], r.people[e.PersonID],
		r.actor(e), r.details(r.shown(e)),
	}
}

// shown is what of an entry may be shown: what people wrote about an internal task is left out where the table travels.
func (r record) shown(e duban.Entry) duban.Entry {
	if r.Discreet && r.task(e.TaskID).Internal {
		e.Note, e.Facts = "", maps.Clone(e.Facts)
		delete(e.Facts, "reason")
	}
	return e
}

// actor names who did it: a person, the operator at the console, or the program.
func (r record) actor(e duban.Entry) string {
	if e.Actor != 0 {
		return r.person(e.Actor)
	}
	return text.Word(r.Lang, "via."+string(e.Via))
}
