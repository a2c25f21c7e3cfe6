package work

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
)

// resolver finds out what the words of a task row mean: which units and people, which deadline. What it cannot make out it notes as a problem, what
// somebody should look at as a warning.
type resolver struct {
	desk     *Desk
	tx       *store.Tx
	who      duban.Actor
	closed   map[int64]calendar.Vacations // of the units looked at so far
	units    []duban.Unit                 // all, once one was looked for
	words    map[string]unitsMeant        // by word that was looked up
	rights   map[int64]bool               // to issue, by unit
	problems []Problem
	warned   []Problem
}

func (d *Desk) resolver(tx *store.Tx, who duban.Actor) *resolver {
	return &resolver{desk: d, tx: tx, who: who, closed: map[int64]calendar.Vacations{}, words: map[string]unitsMeant{}, rights: map[int64]bool{}}
}

// unitsMeant is what a word for units means.
type unitsMeant struct {
	units  []duban.Unit
	reason ProblemReason
}

// match finds the units that a word means; a list repeats its words.
func (m *resolver) match(word string) ([]duban.Unit, ProblemReason, error) {
	if known, ok := m.words[word]; ok {
		return known.units, known.reason, nil
	}
	if m.units == nil {
		var err error
		if m.units, err = m.tx.Units(); err != nil {
			return nil, "", err
		}
	}
	units, reason := matchUnits(m.units, word)
	m.words[word] = unitsMeant{units, reason}
	return units, reason, nil
}

// mayIssue reports whether the actor may issue to a unit.
func (m *resolver) mayIssue(unit int64) (bool, error) {
	if ok, looked := m.rights[unit]; looked {
		return ok, nil
	}
	ok, err := May(m.tx, m.who, duban.ActIssue, unit)
	m.rights[unit] = ok
	return ok, err
}

// target is one unit of a row with who will own the item there.
type target struct {
	unit       duban.Unit
	owner      int64
	support    bool
	milestones []duban.Milestone
}

// assignment is what a target gets of a task, not issued yet.
func (t target) assignment(task duban.Task, due calendar.Due) duban.Assignment {
	return Target{Unit: t.unit, Owner: duban.Person{ID: t.owner}, Support: t.support, Milestones: t.milestones}.assignment(task, due)
}

// reading reads the deadline of a row as of an instant. Where it concerns one unit, the vacations of that unit are known.
func (m *resolver) reading(row TaskRow, targets []target, at time.Time) (calendar.Reading, error) {
	var vacations calendar.Vacations
	if len(targets) == 1 {
		var err error
		if vacations, err = m.vacations(targets[0].unit.ID); err != nil {
			return calendar.Reading{}, err
		}
	}
	r := m.desk.Calendar.ParseDueIn(vacations, row.Due, at)
	if !r.Due.Instant.IsZero() {
		r.Due.Instant = r.Due.Instant.Truncate(time.Millisecond).UTC()
	}
	return r, nil
}

func (m *resolver) vacations(unit int64) (calendar.Vacations, error) {
	if known, ok := m.closed[unit]; ok {
		return known, nil
	}
	found, err := m.tx.VacationsOf(unit)
	m.closed[unit] = found
	return found, err
}

// warnOfReuse warns of a code under which there is an item already that is called and reads otherwise: lists of two offices may both be numbered 1, 2, 3.
func (m *resolver) warnOfReuse(row TaskRow, title, duty string) {
	if row.Title != title && row.Duty != duty {
		m.warned = append(m.warned, Problem{row.Line, ColumnTaskCode, CodeReused, row.Code, title})
	}
}

// namesInWarning is how many units a warning names.
const namesInWarning = 3

// warn names what is not wrong with a deadline and yet should be looked at: that the working days of its year are not settled, and that units are
// on vacation.
func (m *resolver) warn(row TaskRow, targets []target, due calendar.Due) error {
	if m.desk.Calendar.IsProvisional(due.Date) {
		m.warned = append(m.warned, Problem{row.Line, ColumnDue, DueProvisional, row.Due, strconv.Itoa(due.Date.Year)})
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
	m.warned = append(m.warned, Problem{row.Line, ColumnDue, DueInVacation, due.Date.String(), strings.Join(closed, "、")})
	return nil
}

func dueProblem(r calendar.Reading) ProblemReason {
	switch {
	case r.Outcome == calendar.None:
		return NoDue
	case r.Outcome == calendar.Refused:
		return DueVague
	case r.Outcome == calendar.Ask && r.Reason == calendar.ReasonNoSuchDate:
		return DueNoSuch
	case r.Outcome == calendar.Ask:
		return DueAsks
	case r.Outcome == calendar.Recurring:
		return DueRecurs
	case r.Past:
		return DuePast
	}
	return ""
}

func (m *resolver) reviewer(row TaskRow) (int64, error) {
	if row.Reviewer == "" {
		return 0, nil
	}
	p, reason, err := findPerson(m.tx, row.Reviewer, 0)
	if err == nil && reason != "" {
		m.problem(row.Line, ColumnReviewer, reason, row.Reviewer)
	}
	return p.ID, err
}

// targets resolves the units of a row, the lead ones before the supporting ones, and who owns the item in each.
func (m *resolver) targets(row TaskRow) ([]target, error) {
	named, err := m.named(row)
	if err != nil {
		return nil, err
	}
	supports, err := m.supports(row, named)
	if err != nil {
		return nil, err
	}
	named = append(named, supports...)
	var all []target
	for _, t := range named {
		if ok, err := m.mayIssue(t.unit.ID); err != nil {
			return nil, err
		} else if !ok {
			m.problem(row.Line, ColumnUnits, OutsideScope, t.unit.Name)
			continue
		}
		if t.owner == 0 {
			if t.support {
				row.Owner = ""
			}
			owner, reason, err := m.owner(row, t.unit)
			if err != nil {
				return nil, err
			}
			if reason != "" {
				m.problems = append(m.problems, Problem{row.Line, ColumnOwner, reason, row.Owner, t.unit.Name})
				continue
			}
			t.owner = owner.ID
		}
		all = append(all, t)
	}
	return all, nil
}

func (m *resolver) owner(row TaskRow, u duban.Unit) (duban.Person, ProblemReason, error) {
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

func (m *resolver) problem(line int, column Column, reason ProblemReason, value string) {
	m.problems = append(m.problems, Problem{Line: line, Column: column, Reason: reason, Value: value})
}

// named finds the units that a row names, each once; with an owner where it names a person instead.
func (m *resolver) named(row TaskRow) ([]target, error) {
	at := map[int64]int{}
	var found []target
	for _, word := range strings.FieldsFunc(row.Units, func(c rune) bool { return strings.ContainsRune("、，,；;\n", c) }) {
		meant, reason, err := m.meant(row, strings.TrimSpace(word))
		if err != nil {
			return nil, err
		}
		if reason != "" {
			m.problem(row.Line, ColumnUnits, reason, word)
		}
		for _, t := range meant {
			i, known := at[t.unit.ID]
			switch {
			case !known:
				at[t.unit.ID] = len(found)
				found = append(found, t)
			case t.owner != 0:
				found[i].owner = t.owner
			}
		}
	}
	if len(found) == 0 && row.Units == "" {
		m.problem(row.Line, ColumnUnits, UnknownUnit, row.Units)
	}
	return found, nil
}

// supports finds the supporting units of a row. A unit does not support itself.
func (m *resolver) supports(row TaskRow, leads []target) ([]target, error) {
	if row.Supports == "" {
		return nil, nil
	}
	as := row
	as.Units = row.Supports
	wrong := len(m.problems)
	supports, err := m.named(as)
	for i := range m.problems[wrong:] {
		m.problems[wrong+i].Column = ColumnSupports
	}
	for i, t := range supports {
		supports[i].support = true
		if slices.ContainsFunc(leads, func(lead target) bool { return lead.unit.ID == t.unit.ID }) {
			m.problem(row.Line, ColumnSupports, SupportsItself, t.unit.Name)
		}
	}
	return supports, err
}

// meant finds what one word means.
func (m *resolver) meant(row TaskRow, word string) ([]target, ProblemReason, error) {
	units, reason, err := m.match(word)
	if err != nil {
		return nil, "", err
	}
	if reason == UnknownUnit && row.Spoken {
		return m.personMeant(word)
	}
	if row.Spoken && len(units) > 1 && m.who.PersonID != 0 {
		within, err := unitsOf(m.tx, m.who, duban.ActIssue)
		if err != nil {
			return nil, "", err
		}
		units, reason = orNone(filterUnits(units, func(u duban.Unit) bool { return within[u.ID] }), NoUnits)
	}
	found := make([]target, len(units))
	for i, u := range units {
		found[i].unit = u
	}
	return found, reason, nil
}

// personMeant finds the person that a word names, in the first unit of a post of theirs to which the actor may issue.
func (m *resolver) personMeant(word string) ([]target, ProblemReason, error) {
	person, reason, err := findPerson(m.tx, word, 0)
	switch {
	case err != nil:
		return nil, "", err
	case reason == UnknownPerson || reason == "" && !person.Active:
		return nil, UnknownUnit, nil
	case reason != "":
		return nil, reason, nil
	}
	posts, err := m.tx.Posts(person.ID)
	if err != nil {
		return nil, "", err
	}
	for _, post := range posts {
		ok, err := May(m.tx, m.who, duban.ActIssue, post.UnitID)
		if err != nil {
			return nil, "", err
		}
		if ok {
			unit, err := m.tx.Unit(post.UnitID)
			return []target{{unit: unit, owner: person.ID}}, "", err
		}
	}
	return nil, OutsideScope, nil
}
