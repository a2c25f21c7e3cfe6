package work

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
)

// TaskRow is one item of a task list. Units are names, kinds or regions, or all, separated by 、. Due is text as people type deadlines.
type TaskRow struct {
	Line                        int
	Code, Title, Duty, Category string
	Units, Owner, Due           string
	Evidence                    duban.Evidence
	Review                      bool
	Priority                    duban.Priority
	Basis, Note, Reviewer       string
	Internal                    bool
}

// ImportTasks issues the items of a task list, or with Draft only keeps them (任务导入). It is idempotent by code: a file sent again changes only
// what changed. A changed deadline or owner of an issued item keeps the original deadline, refreshes the card and tells the owner; a closed
// item is left and reported.
func (d *Desk) ImportTasks(ctx context.Context, who duban.Actor, rows []TaskRow, o ImportOptions) (ImportResult, error) {
	var result ImportResult
	err := d.write(ctx, who, func(tx *store.Tx) error {
		m := taskImport{desk: d, tx: tx, who: who, draft: o.Draft, closed: map[int64]calendar.Vacations{}}
		for _, row := range rows {
			if err := m.row(row); err != nil {
				return err
			}
		}
		result = m.result
		if err := settle(&result, o); err != nil {
			return err
		}
		return recordImport(tx, who, "tasks", result, o)
	})
	return result, settled(err)
}

type taskImport struct {
	desk   *Desk
	tx     *store.Tx
	who    duban.Actor
	draft  bool
	result ImportResult
	closed map[int64]calendar.Vacations // of the units looked at so far
}

// target is one unit of a row with who will own the item there.
type target struct {
	unit  duban.Unit
	owner int64
}

func (m *taskImport) row(row TaskRow) error {
	wrong := len(m.result.Problems)
	targets, err := m.targets(row)
	if err != nil {
		return err
	}
	before, err := m.tx.TaskByCode(row.Code)
	if ignoreNotFound(err) != nil {
		return err
	}
	known := err == nil
	due, err := m.due(row, before.ID, targets)
	if err != nil {
		return err
	}
	reviewer, err := m.reviewer(row)
	if err != nil {
		return err
	}
	if len(m.result.Problems) > wrong {
		return nil
	}
	task, unchanged := taskOf(row, reviewer), m.result.Unchanged
	if known {
		err = m.again(row, before, task, targets, due)
	} else {
		err = m.fresh(task, targets, due)
	}
	if err != nil || m.result.Unchanged > unchanged {
		return err
	}
	return m.warn(row, targets, due)
}

func taskOf(row TaskRow, reviewer int64) duban.Task {
	return duban.Task{
		Code: row.Code, Title: row.Title, Duty: row.Duty, Category: row.Category, Evidence: row.Evidence, Review: row.Review,
		ReviewerID: reviewer, Priority: row.Priority, Basis: row.Basis, Note: row.Note, Internal: row.Internal, Completion: duban.CompleteAll,
	}
}

func (m *taskImport) fresh(task duban.Task, targets []target, due calendar.Due) error {
	task.IssuerID = m.who.PersonID
	id, err := m.tx.AddTask(task)
	if err != nil {
		return err
	}
	task.ID = id
	for _, t := range targets {
		if err := m.issue(task, t, due); err != nil {
			return err
		}
	}
	m.result.New++
	return nil
}

func (m *taskImport) issue(task duban.Task, t target, due calendar.Due) error {
	if m.draft {
		return m.desk.draftTo(m.tx, task, t.unit.ID, t.owner, due)
	}
	m.result.Issued++
	return m.desk.issueTo(m.tx, m.who, task, t.unit.ID, t.owner, due)
}

// again brings a task that is there already to what the row says.
func (m *taskImport) again(row TaskRow, before, task duban.Task, targets []target, due calendar.Due) error {
	task.ID, task.IssuerID, task.CreatedAt = before.ID, before.IssuerID, before.CreatedAt
	changed := task != before
	if changed {
		if err := m.tx.ChangeTask(task); err != nil {
			return err
		}
	}
	for _, t := range targets {
		moved, err := m.assignAgain(row, task, t, due, changed)
		if err != nil {
			return err
		}
		changed = changed || moved
	}
	if changed {
		m.result.Changed++
	} else {
		m.result.Unchanged++
	}
	return nil
}

func (m *taskImport) assignAgain(row TaskRow, task duban.Task, t target, due calendar.Due, taskChanged bool) (bool, error) {
	a, err := m.tx.AssignmentOf(task.ID, t.unit.ID)
	if duban.CodeOf(err) == duban.NotFound {
		return true, m.issue(task, t, due)
	}
	if err != nil {
		return false, err
	}
	if row.Owner == "" {
		t.owner = a.OwnerID
	}
	same := sameDue(a.Due, due) && a.OwnerID == t.owner
	switch {
	case a.State == duban.Draft:
		return !m.draft || !same, m.redraft(task, a, t, due)
	case !a.State.Open() && a.State != duban.Draft && (!same || taskChanged):
		m.result.Left = append(m.result.Left, Problem{row.Line, ColumnTaskCode, ItemClosed, task.Code, t.unit.Name})
		return false, nil
	case same && !taskChanged:
		return false, nil
	}
	return true, m.desk.change(m.tx, m.who, a, t.owner, due)
}

func (m *taskImport) redraft(task duban.Task, a duban.Assignment, t target, due calendar.Due) error {
	a.OwnerID, a.Due = t.owner, due
	if m.draft {
		return m.tx.SaveAssignment(a, m.desk.Calendar.End(due))
	}
	m.result.Issued++
	return m.desk.issueDraft(m.tx, m.who, task, a)
}

func sameDue(a, b calendar.Due) bool { return a.Date == b.Date && a.Instant.Equal(b.Instant) }

// due reads the deadline of a row. Where it concerns one unit, the vacations of that unit are known. A deadline that is over is wrong, unless the
// item was issued with it before.
func (m *taskImport) due(row TaskRow, task int64, targets []target) (calendar.Due, error) {
	var vacations calendar.Vacations
	if len(targets) == 1 {
		var err error
		if vacations, err = m.vacations(targets[0].unit.ID); err != nil {
			return calendar.Due{}, err
		}
	}
	r := m.desk.Calendar.ParseDueIn(vacations, row.Due, m.tx.Now)
	reason := dueProblem(r)
	if reason == DuePast && m.issuedWith(task, r.Due) {
		reason = ""
	}
	if reason != "" {
		m.problem(row.Line, ColumnDue, reason, row.Due)
	}
	if !r.Due.Instant.IsZero() {
		r.Due.Instant = r.Due.Instant.Truncate(time.Millisecond).UTC()
	}
	return r.Due, nil
}

func (m *taskImport) vacations(unit int64) (calendar.Vacations, error) {
	if known, ok := m.closed[unit]; ok {
		return known, nil
	}
	found, err := m.tx.VacationsOf(unit)
	m.closed[unit] = found
	return found, err
}

// namesInWarning is how many units a warning names.
const namesInWarning = 3

// warn names what is not wrong with a deadline and yet should be looked at: that the working days of its year are not settled, and that units are
// on vacation.
func (m *taskImport) warn(row TaskRow, targets []target, due calendar.Due) error {
	if m.desk.Calendar.IsProvisional(due.Date) {
		m.result.Warned = append(m.result.Warned, Problem{row.Line, ColumnDue, DueProvisional, row.Due, strconv.Itoa(due.Date.Year)})
	}
	var closed []string
	for _, t := range targets {
		vacations, err := m.vacations(t.unit.ID)
		if err != nil {
			return err
		}
		if _, ok := vacations.On(due.Date); ok {
			closed = append(closed, t.unit.Name)
		}
	}
	switch {
	case len(closed) > namesInWarning:
		closed = append(closed[:namesInWarning], fmt.Sprintf("… (%d)", len(closed)))
	case len(closed) == 0:
		return nil
	}
	m.result.Warned = append(m.result.Warned, Problem{row.Line, ColumnDue, DueInVacation, due.Date.String(), strings.Join(closed, "、")})
	return nil
}

func (m *taskImport) issuedWith(task int64, due calendar.Due) bool {
	if task == 0 {
		return false
	}
	all, err := m.tx.AssignmentsOf(task)
	return err == nil && len(all) > 0 && sameDue(all[0].Due, due)
}

func dueProblem(r calendar.Reading) ProblemReason {
	switch {
	case r.Outcome == calendar.None:
		return NoDue
	case r.Outcome == calendar.Refused:
		return DueVague
	case r.Outcome == calendar.Ask:
		return DueAsks
	case r.Outcome == calendar.Recurring:
		return DueRecurs
	case r.Past:
		return DuePast
	}
	return ""
}

func (m *taskImport) reviewer(row TaskRow) (int64, error) {
	if row.Reviewer == "" {
		return 0, nil
	}
	p, reason, err := findPerson(m.tx, row.Reviewer, 0)
	if err == nil && reason != "" {
		m.problem(row.Line, ColumnReviewer, reason, row.Reviewer)
	}
	return p.ID, err
}

// targets resolves the units of a row and who owns the item in each.
func (m *taskImport) targets(row TaskRow) ([]target, error) {
	units, err := m.units(row)
	if err != nil {
		return nil, err
	}
	var all []target
	for _, u := range units {
		if ok, err := May(m.tx, m.who, duban.ActIssue, u.ID); err != nil {
			return nil, err
		} else if !ok {
			m.problem(row.Line, ColumnUnits, OutsideScope, u.Name)
			continue
		}
		owner, reason, err := m.owner(row, u)
		if err != nil {
			return nil, err
		}
		if reason != "" {
			m.result.Problems = append(m.result.Problems, Problem{row.Line, ColumnOwner, reason, row.Owner, u.Name})
			continue
		}
		all = append(all, target{u, owner.ID})
	}
	return all, nil
}

func (m *taskImport) owner(row TaskRow, u duban.Unit) (duban.Person, ProblemReason, error) {
	if row.Owner != "" {
		return findPerson(m.tx, row.Owner, u.ID)
	}
	return DefaultOwner(m.tx, u.ID)
}

// DefaultOwner returns who owns what is issued to a unit when nobody is named: the holder of its officer post, else its secretary, else its
// branch secretary. Nobody, or two holders of that post, is a problem.
func DefaultOwner(tx *store.Tx, unit int64) (duban.Person, ProblemReason, error) {
	for _, role := range []duban.Role{duban.Officer, duban.Secretary, duban.BranchSecretary} {
		holders, err := tx.Holders(unit, role)
		switch {
		case err != nil:
			return duban.Person{}, "", err
		case len(holders) == 1:
			return holders[0], "", nil
		case len(holders) > 1:
			return duban.Person{}, SeveralThere, nil
		}
	}
	return duban.Person{}, NobodyThere, nil
}

// findPerson finds somebody by code, else by name: in a unit, or anywhere when unit is 0.
func findPerson(tx *store.Tx, word string, unit int64) (duban.Person, ProblemReason, error) {
	named, err := tx.AllNamed(word)
	if unit != 0 {
		named, err = tx.PeopleNamed(word, unit)
	}
	if err != nil {
		return duban.Person{}, "", err
	}
	switch len(named) {
	case 1:
		return named[0], "", nil
	case 0:
		return personOfCode(tx, word, unit)
	}
	return duban.Person{}, AmbiguousName, nil
}

func personOfCode(tx *store.Tx, code string, unit int64) (duban.Person, ProblemReason, error) {
	p, err := tx.PersonByCode(code)
	if duban.CodeOf(err) == duban.NotFound {
		return p, UnknownPerson, nil
	}
	if err != nil || unit == 0 {
		return p, "", err
	}
	posts, err := tx.Posts(p.ID)
	for _, post := range posts {
		if post.UnitID == unit {
			return p, "", err
		}
	}
	return p, UnknownPerson, err
}

func (m *taskImport) problem(line int, column Column, reason ProblemReason, value string) {
	m.result.Problems = append(m.result.Problems, Problem{Line: line, Column: column, Reason: reason, Value: value})
}

func (m *taskImport) units(row TaskRow) ([]duban.Unit, error) {
	all, err := m.tx.Units()
	if err != nil {
		return nil, err
	}
	seen := map[int64]bool{}
	var found []duban.Unit
	for _, word := range strings.FieldsFunc(row.Units, func(c rune) bool { return strings.ContainsRune("、，,；;\n", c) }) {
		units, reason := matchUnits(all, strings.TrimSpace(word))
		if reason != "" {
			m.problem(row.Line, ColumnUnits, reason, word)
		}
		for _, u := range units {
			if !seen[u.ID] {
				seen[u.ID] = true
				found = append(found, u)
			}
		}
	}
	if len(found) == 0 && row.Units == "" {
		m.problem(row.Line, ColumnUnits, UnknownUnit, fmt.Sprint(row.Units))
	}
	return found, nil
}
