package store

import (
	"database/sql"
	"time"

	"duban"
)

// Import (导入批次) is one import of a list. Imports of one list, sent again and again, have the same ListID.
type Import struct {
	ID       int64
	ListID   int64
	Kind     string // roster, tasks, plan or parts
	File     string // the name of the file
	PersonID int64  // who imported; 0: the console
	Cause    int64  // the update that asked for it; 0: none
	At       time.Time
	EndedAt  time.Time // zero: it has not come to its end yet
	UndoneAt time.Time
}

// Step is what an import did to one thing. Before and After are JSON of whoever keeps it.
type Step struct {
	ID            int64
	ImportID      int64
	Thing         Thing
	ThingID       int64
	Did           Did
	Before, After string
	UndoneAt      time.Time
}

// Thing says what a step is about.
type Thing string

// What imports deal with.
const (
	UnitThing       Thing = "unit"
	PersonThing     Thing = "person"
	PostThing       Thing = "post"
	TaskThing       Thing = "task"
	AssignmentThing Thing = "assignment"
	PlanThing       Thing = "plan"
	PartThing       Thing = "part" // of the assessment with the id
)

// Did says what a step did.
type Did string

// What a step can do.
const (
	DidAdd    Did = "added"
	DidChange Did = "changed"
	DidEnd    Did = "ended" // a post was taken away, an assignment cancelled
)

const importColumns = `i.id, i.list_id, i.kind, i.file, i.person_id, i.cause, i.at, i.ended_at, i.undone_at`

func scanImport(s scanner) (Import, error) {
	var i Import
	var list, person, ended, undone sql.NullInt64
	var at int64
	err := s.Scan(&i.ID, &list, &i.Kind, &i.File, &person, &i.Cause, &at, &ended, &undone)
	i.ListID, i.PersonID, i.At, i.EndedAt, i.UndoneAt = list.Int64, person.Int64, fromMS(at), fromNull(ended), fromNull(undone)
	return i, err
}

// AddImport begins an import and returns its id. Without a ListID it is the first of its list.
func (tx *Tx) AddImport(i Import) (int64, error) {
	id, err := one(tx, scalar[int64], `
		INSERT INTO import (list_id, kind, file, person_id, cause, at)
		VALUES ($1, $2, $3, $4, $5, $6)
		RETURNING id`, ref(i.ListID), i.Kind, i.File, ref(i.PersonID), i.Cause, ms(tx.Now))
	if err == nil && i.ListID == 0 {
		_, err = tx.exec(`UPDATE import SET list_id = id WHERE id = $1`, id)
	}
	return id, err
}

// EndImport notes that an import has come to its end.
func (tx *Tx) EndImport(id int64) error {
	_, err := tx.exec(`UPDATE import SET ended_at = $1 WHERE id = $2`, ms(tx.Now), id)
	return err
}

// UndoneImport notes that all of an import that could be undone is undone.
func (tx *Tx) UndoneImport(id int64) error {
	_, err := tx.exec(`UPDATE import SET undone_at = $1 WHERE id = $2`, ms(tx.Now), id)
	return err
}

// Import returns an import by its id.
func (tx *Tx) Import(id int64) (Import, error) {
	return one(tx, scanImport, `SELECT `+importColumns+` FROM import i WHERE i.id = $1`, id)
}

// ImportOfCause returns the import that an update asked for.
func (tx *Tx) ImportOfCause(cause int64) (Import, error) {
	return one(tx, scanImport, `SELECT `+importColumns+` FROM import i WHERE i.cause = $1 AND i.cause <> 0`, cause)
}

// LastImportOf returns the newest import of a list.
func (tx *Tx) LastImportOf(list int64) (Import, error) {
	return one(tx, scanImport, `SELECT `+importColumns+` FROM import i WHERE i.list_id = $1 ORDER BY i.id DESC LIMIT 1`, list)
}

// AddedBy counts the things of a kind that an import added.
func (tx *Tx) AddedBy(id int64, thing Thing) (int, error) {
	return one(tx, scalar[int], `SELECT COUNT(DISTINCT thing_id) FROM import_step WHERE import_id = $1 AND thing = $2 AND did = 'added'`, id, thing)
}

// AddStep keeps what an import did to one thing.
func (tx *Tx) AddStep(s Step) error {
	_, err := tx.exec(`INSERT INTO import_step (import_id, thing, thing_id, did, before, after) VALUES ($1, $2, $3, $4, $5, $6)`,
		s.ImportID, s.Thing, s.ThingID, s.Did, s.Before, s.After)
	return err
}

const stepColumns = `s.id, s.import_id, s.thing, s.thing_id, s.did, s.before, s.after, s.undone_at`

func scanStep(sc scanner) (Step, error) {
	var s Step
	var undone sql.NullInt64
	err := sc.Scan(&s.ID, &s.ImportID, &s.Thing, &s.ThingID, &s.Did, &s.Before, &s.After, &undone)
	s.UndoneAt = fromNull(undone)
	return s, err
}

// StepsBefore returns the steps of an import with a smaller id that are not undone, newest first, at most limit.
func (tx *Tx) StepsBefore(id, step int64, limit int) ([]Step, error) {
	return many(tx, scanStep, `
		SELECT `+stepColumns+`
		FROM import_step s
		WHERE s.import_id = $1 AND s.id < $2 AND s.undone_at IS NULL
		ORDER BY s.id DESC`+limited(limit), id, step)
}

// UndoneStep notes that a step is undone.
func (tx *Tx) UndoneStep(id int64) error {
	_, err := tx.exec(`UPDATE import_step SET undone_at = $1 WHERE id = $2`, ms(tx.Now), id)
	return err
}

// TookBack reports whether an assignment was cancelled because the import that brought it was undone.
func (tx *Tx) TookBack(assignment int64) (bool, error) {
	undone, err := one(tx, scalar[bool], `
		SELECT undone_at IS NOT NULL
		FROM import_step
		WHERE thing = 'assignment' AND thing_id = $1 AND did = 'added'
		ORDER BY id DESC
		LIMIT 1`, assignment)
	if duban.CodeOf(err) == duban.NotFound {
		return false, nil
	}
	return undone, err
}

// ForgetSteps forgets what imports that began before an instant were before, at most limit, and returns how many: it holds names. Such imports
// can no longer be undone.
func (tx *Tx) ForgetSteps(before time.Time, limit int) (int64, error) {
	return tx.exec(`
		DELETE FROM import_step
		WHERE id IN (
			SELECT s.id
			FROM import_step s
			JOIN import i ON i.id = s.import_id
			WHERE i.at < $1 AND s.thing <> 'task' AND NOT (s.thing = 'plan' AND s.did = 'added')`+limited(limit)+`)`, ms(before))
}

// ListOf returns the list whose import brought a task, an item of the plan or a person; NotFound when none did, or when it is undone.
func (tx *Tx) ListOf(thing Thing, id int64) (int64, error) {
	return one(tx, scalar[int64], `
		SELECT i.list_id
		FROM import_step s
		JOIN import i ON i.id = s.import_id AND i.undone_at IS NULL
		WHERE s.thing = $1 AND s.thing_id = $2 AND s.did = 'added' AND s.undone_at IS NULL
		ORDER BY s.id DESC
		LIMIT 1`, thing, id)
}

// BroughtBy counts the things of a kind that imports of a list have brought and that are not undone.
func (tx *Tx) BroughtBy(list int64, thing Thing) (int, error) {
	return one(tx, scalar[int], `
		SELECT COUNT(DISTINCT s.thing_id)
		FROM import i
		JOIN import_step s ON s.import_id = i.id AND s.thing = $2 AND s.did = 'added' AND s.undone_at IS NULL
		WHERE i.list_id = $1 AND i.undone_at IS NULL`, list, thing)
}

// TasksOfList returns the tasks that imports of a list have brought and that are not undone, by code.
func (tx *Tx) TasksOfList(list int64) ([]duban.Task, error) {
	return many(tx, scanTask, `
		SELECT DISTINCT `+taskColumns+`
		FROM import i
		JOIN import_step s ON s.import_id = i.id AND s.thing = 'task' AND s.did = 'added' AND s.undone_at IS NULL
		JOIN task t ON t.id = s.thing_id
		WHERE i.list_id = $1 AND i.undone_at IS NULL
		ORDER BY t.code`, list)
}

// PlanOfList returns the items of the plan that imports of a list have brought and that are in it still, by code.
func (tx *Tx) PlanOfList(list int64) ([]duban.PlanItem, error) {
	return many(tx, scanPlan, `
		SELECT DISTINCT `+planColumns+`
		FROM import i
		JOIN import_step s ON s.import_id = i.id AND s.thing = 'plan' AND s.did = 'added' AND s.undone_at IS NULL
		JOIN plan p ON p.id = s.thing_id AND p.ended_at IS NULL
		WHERE i.list_id = $1 AND i.undone_at IS NULL
		ORDER BY p.code`, list)
}

// FilesOfList returns the names of the files by which a list was imported.
func (tx *Tx) FilesOfList(list int64) ([]string, error) {
	return many(tx, scalar[string], `SELECT DISTINCT file FROM import WHERE list_id = $1 AND undone_at IS NULL ORDER BY file`, list)
}

// MoveUnit puts a unit with everything below it under another parent, which must not lie below it; 0 makes it a root.
func (tx *Tx) MoveUnit(id, parent int64) error {
	if _, err := tx.exec(`UPDATE unit SET parent_id = $1 WHERE id = $2`, ref(parent), id); err != nil {
		return err
	}
	_, err := tx.exec(`
		DELETE FROM unit_closure
		WHERE descendant_id IN (SELECT descendant_id FROM unit_closure WHERE ancestor_id = $1)
			AND ancestor_id NOT IN (SELECT descendant_id FROM unit_closure WHERE ancestor_id = $1)`, id)
	if err != nil {
		return err
	}
	_, err = tx.exec(`
		INSERT INTO unit_closure (ancestor_id, descendant_id, depth)
		SELECT up.ancestor_id, down.descendant_id, up.depth + down.depth + 1
		FROM unit_closure up, unit_closure down
		WHERE up.descendant_id = $1 AND down.ancestor_id = $2`, parent, id)
	return err
}

// ClosedUnit returns the inactive unit of a name below a parent.
func (tx *Tx) ClosedUnit(parent int64, name string) (duban.Unit, error) {
	return one(tx, scanUnit, `SELECT `+unitColumns+` FROM unit u WHERE COALESCE(u.parent_id, 0) = $1 AND u.name = $2 AND NOT u.active`, parent, name)
}

// JoinedSince reports whether a person has bound an account from an instant on that still is theirs.
func (tx *Tx) JoinedSince(person int64, at time.Time) (bool, error) {
	n, err := one(tx, scalar[int], `SELECT COUNT(*) FROM account WHERE person_id = $1 AND bound_at >= $2 AND revoked_at IS NULL`, person, ms(at))
	return n > 0, err
}
