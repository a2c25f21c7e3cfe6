package work

import (
	"slices"
	"time"

	"duban"
	"duban/calendar"
)

// listDue is the deadline that a row of a list gives, with its words and the instant as of which they are read.
type listDue struct {
	calendar.Due
	text   string
	read   time.Time
	stands bool // the list says what it said before: whoever has the item keeps the deadline that he has by now
}

// due reads the deadline of a row of a list. Where it concerns one unit, the vacations of that unit are known. Words that an issued item was imported
// with mean what they meant then, however late the list comes again; any other deadline is read as of now and wrong when it is over.
func (m *resolver) due(row TaskRow, before duban.Task, targets []target) (listDue, error) {
	if due, same, err := m.dueAsBefore(row, before, targets); same || err != nil {
		return due, err
	}
	r, err := m.reading(row, targets, m.tx.Now)
	if reason := dueProblem(r); err == nil && reason != "" {
		m.problem(row.Line, ColumnDue, reason, row.Due)
	}
	return listDue{Due: r.Due, text: row.Due, read: m.tx.Now}, err
}

// dueAsBefore reads the deadline of a row as of when the item was given it, and reports whether it still is that one.
func (m *resolver) dueAsBefore(row TaskRow, before duban.Task, targets []target) (listDue, bool, error) {
	if before.ID == 0 {
		return listDue{}, false, nil
	}
	all, err := m.tx.AssignmentsOf(before.ID)
	if err != nil {
		return listDue{}, false, err
	}
	due, same, err := m.givenBefore(row, before, all, targets)
	if err != nil || !same {
		return listDue{}, false, err
	}
	if m.desk.Calendar.Overdue(due.Due, m.tx.Now) && slices.ContainsFunc(targets, func(t target) bool { return !isOf(all, t) }) {
		m.problem(row.Line, ColumnDue, DuePast, row.Due)
	}
	return due, true, nil
}

// isOf reports whether a target has one of the assignments.
func isOf(all []duban.Assignment, t target) bool {
	return slices.ContainsFunc(all, func(a duban.Assignment) bool { return a.UnitID == t.unit.ID })
}

func (m *resolver) givenBefore(row TaskRow, before duban.Task, all []duban.Assignment, targets []target) (listDue, bool, error) {
	issued, err := m.issuedOf(all)
	if err != nil || len(issued) == 0 {
		return listDue{}, false, err
	}
	due := listDue{text: before.DueText, read: before.DueRead, stands: before.DueText != ""}
	if !due.stands { // it came from no list, or from one that an older version imported
		now, err := m.reading(row, targets, before.CreatedAt)
		due.Due = now.Due
		return due, now.Outcome == calendar.Understood && slices.ContainsFunc(issued, func(a duban.Assignment) bool {
			return sameDue(a.Due, now.Due) || sameDue(a.OriginalDue, now.Due)
		}), err
	}
	now, err := m.reading(row, targets, due.read)
	if err != nil || now.Outcome != calendar.Understood {
		return due, false, err
	}
	then := row
	then.Due = before.DueText
	was, err := m.reading(then, targets, due.read)
	due.Due = now.Due
	return due, sameDue(now.Due, was.Due), err
}

// issuedOf leaves out what was never issued, and what was taken back with its import: that gets a deadline anew.
func (m *resolver) issuedOf(all []duban.Assignment) ([]duban.Assignment, error) {
	var issued []duban.Assignment
	for _, a := range all {
		if a.State == duban.Draft || a.State == duban.Pending {
			continue
		}
		if a.State == duban.CalledOff {
			undone, err := m.tx.TookBack(a.ID)
			if err != nil {
				return nil, err
			}
			if undone {
				continue
			}
		}
		issued = append(issued, a)
	}
	return issued, nil
}
