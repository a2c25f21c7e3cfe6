package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"duban"
	"duban/calendar"
)

const assignmentColumns = `a.id, a.task_id, a.unit_id, a.owner_id, a.state, a.due_date, a.due_instant, a.original_date, a.original_instant,
	a.issued_at, a.accepted_at, a.submitted_at, a.returned_at, a.closed_at, a.percent, a.returns, a.extensions, a.urges, a.version, a.acted_until,
	a.next_action_at, a.policy, a.ladder_id, a.support, a.loud, a.before_state, a.suspended_at, a.declined_at, a.cancelled_at, a.restarted_at,
	a.requested_at, a.promised_at, a.level, a.respond_by, a.milestones, a.follows_id`

func scanAssignment(s scanner) (duban.Assignment, error) {
	var a duban.Assignment
	var owner, dueInstant, originalInstant, issued, accepted, submitted, returned, closed, acted, next sql.NullInt64
	var ladder, suspended, declined, cancelled, restarted, requested, promised, respond, follows sql.NullInt64
	var due, original sql.NullString
	var milestones string
	err := s.Scan(&a.ID, &a.TaskID, &a.UnitID, &owner, &a.State, &due, &dueInstant, &original, &originalInstant, &issued, &accepted,
		&submitted, &returned, &closed, &a.Percent, &a.Returns, &a.Extensions, &a.Urges, &a.Version, &acted, &next, &a.Policy,
		&ladder, &a.Support, &a.Loud, &a.Before, &suspended, &declined, &cancelled, &restarted, &requested, &promised, &a.Level, &respond, &milestones,
		&follows)
	if err != nil {
		return a, err
	}
	a.OwnerID, a.FollowsID = owner.Int64, follows.Int64
	a.IssuedAt, a.AcceptedAt, a.SubmittedAt = fromNull(issued), fromNull(accepted), fromNull(submitted)
	a.ReturnedAt, a.ClosedAt, a.ActedUntil, a.NextAction = fromNull(returned), fromNull(closed), fromNull(acted), fromNull(next)
	a.LadderID, a.SuspendedAt, a.DeclinedAt, a.CancelledAt = ladder.Int64, fromNull(suspended), fromNull(declined), fromNull(cancelled)
	a.RestartedAt, a.RequestedAt, a.PromisedAt, a.RespondBy = fromNull(restarted), fromNull(requested), fromNull(promised), fromNull(respond)
	if a.Milestones, err = readMilestones(milestones); err != nil {
		return a, err
	}
	if a.Due, err = readDue(due, dueInstant); err != nil {
		return a, err
	}
	a.OriginalDue, err = readDue(original, originalInstant)
	return a, err
}

func readDue(date sql.NullString, at sql.NullInt64) (calendar.Due, error) {
	if !date.Valid {
		return calendar.Due{}, nil
	}
	d, err := calendar.ParseDate(date.String)
	return calendar.Due{Date: d, Instant: fromNull(at)}, err
}

func readMilestones(body string) ([]duban.Milestone, error) {
	if body == "" {
		return nil, nil
	}
	var all []duban.Milestone
	if err := json.Unmarshal([]byte(body), &all); err != nil {
		return nil, fmt.Errorf("read milestones: %w", err)
	}
	return all, nil
}

// milestones writes the stages of an assignment; empty for the many that have none. Their types always have a JSON form.
func milestones(all []duban.Milestone) string {
	if len(all) == 0 {
		return ""
	}
	body, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	return string(body)
}

func dueDate(d calendar.Due) any {
	if d.IsZero() {
		return nil
	}
	return d.Date.String()
}

// Assignment returns an assignment by id.
func (tx *Tx) Assignment(id int64) (duban.Assignment, error) {
	return one(tx, scanAssignment, `SELECT `+assignmentColumns+` FROM assignment a WHERE a.id = $1`, id)
}

// AssignmentOf returns the assignment of a task to a unit.
func (tx *Tx) AssignmentOf(task, unit int64) (duban.Assignment, error) {
	return one(tx, scanAssignment, `SELECT `+assignmentColumns+` FROM assignment a WHERE a.task_id = $1 AND a.unit_id = $2`, task, unit)
}

// AssignmentsOf returns the assignments of a task, by id.
func (tx *Tx) AssignmentsOf(task int64) ([]duban.Assignment, error) {
	return many(tx, scanAssignment, `SELECT `+assignmentColumns+` FROM assignment a WHERE a.task_id = $1 ORDER BY a.id`, task)
}

// SupportsOf returns the assignments of a task to supporting units, by id; most tasks have none.
func (tx *Tx) SupportsOf(task int64) ([]duban.Assignment, error) {
	return many(tx, scanAssignment, `SELECT `+assignmentColumns+` FROM assignment a WHERE a.task_id = $1 AND a.support ORDER BY a.id`, task)
}

// LeadsOf returns the assignments of a task to lead units, by id.
func (tx *Tx) LeadsOf(task int64) ([]duban.Assignment, error) {
	return many(tx, scanAssignment, `SELECT `+assignmentColumns+` FROM assignment a WHERE a.task_id = $1 AND NOT a.support ORDER BY a.id`, task)
}

// openStates are the states of duban.State.Open, as the partial indexes have them.
const openStates = `'issued', 'accepted', 'submitted', 'returned', 'declined', 'suspended'`

// OpenOf returns the open assignments that a person owns, by deadline.
func (tx *Tx) OpenOf(person int64) ([]duban.Assignment, error) {
	return many(tx, scanAssignment, `
		SELECT `+assignmentColumns+`
		FROM assignment a
		WHERE a.owner_id = $1 AND a.state IN (`+openStates+`)
		ORDER BY a.due_end, a.id`, person)
}

// DueActions returns the ids of assignments for which something is due by now, longest due first, at most limit. Only ids, so that a row that
// cannot be read does not hold up the others.
func (tx *Tx) DueActions(now time.Time, limit int) ([]int64, error) {
	return many(tx, scalar[int64], `
		SELECT id
		FROM assignment
		WHERE next_action_at <= $1
		ORDER BY next_action_at, id`+limited(limit), ms(now))
}

// LateActions counts the assignments for which something was due by an instant and has not been dealt with, and returns since when the oldest
// waits; zero when none does.
func (tx *Tx) LateActions(by time.Time) (int, time.Time, error) {
	oldest, err := one(tx, scalar[sql.NullInt64], `SELECT MIN(next_action_at) FROM assignment WHERE next_action_at <= $1`, ms(by))
	if err != nil || !oldest.Valid {
		return 0, time.Time{}, err
	}
	n, err := one(tx, scalar[int], `SELECT COUNT(*) FROM assignment WHERE next_action_at <= $1`, ms(by))
	return n, fromNull(oldest), err
}

// Pressing returns the ids of the assignments that a digest may tell: submitted, not signed for, or due before an instant, by deadline.
func (tx *Tx) Pressing(until time.Time) ([]int64, error) {
	return many(tx, scalar[int64], `
		SELECT id
		FROM assignment
		WHERE state IN ('issued', 'submitted') OR (state IN ('accepted', 'returned') AND due_end <= $1)
		ORDER BY due_end, id`, ms(until))
}

// OpenAfter returns the ids of open assignments after an id, in order, at most limit.
func (tx *Tx) OpenAfter(id int64, limit int) ([]int64, error) {
	return many(tx, scalar[int64], `
		SELECT id
		FROM assignment
		WHERE id > $1 AND state IN (`+openStates+`)
		ORDER BY id`+limited(limit), id)
}

// NextDue returns when the due index has its first entry; zero when it is empty.
func (tx *Tx) NextDue() (time.Time, error) {
	next, err := one(tx, scalar[sql.NullInt64], `SELECT MIN(next_action_at) FROM assignment WHERE next_action_at IS NOT NULL`)
	return fromNull(next), err
}

// assignmentSets are the columns that AddAssignment and SaveAssignment write, in the order of assignmentValues.
var assignmentSets = []string{"task_id", "unit_id", "owner_id", "state", "due_date", "due_instant", "due_end", "original_date", "original_instant",
	"issued_at", "accepted_at", "submitted_at", "returned_at", "closed_at", "percent", "returns", "extensions", "urges", "acted_until",
	"next_action_at", "policy", "ladder_id", "support", "loud", "before_state", "suspended_at", "declined_at", "cancelled_at", "restarted_at",
	"requested_at", "promised_at", "level", "respond_by", "milestones", "follows_id"}

func assignmentValues(a duban.Assignment, end time.Time) []any {
	return []any{a.TaskID, a.UnitID, ref(a.OwnerID), a.State, dueDate(a.Due), ms(a.Due.Instant), ms(end), dueDate(a.OriginalDue),
		ms(a.OriginalDue.Instant), ms(a.IssuedAt), ms(a.AcceptedAt), ms(a.SubmittedAt), ms(a.ReturnedAt), ms(a.ClosedAt), a.Percent, a.Returns,
		a.Extensions, a.Urges, ms(a.ActedUntil), ms(a.NextAction), a.Policy, ref(a.LadderID), a.Support, a.Loud, a.Before, ms(a.SuspendedAt),
		ms(a.DeclinedAt), ms(a.CancelledAt), ms(a.RestartedAt), ms(a.RequestedAt), ms(a.PromisedAt), a.Level, ms(a.RespondBy),
		milestones(a.Milestones), ref(a.FollowsID)}
}

var (
	addAssignment  = `INSERT INTO assignment (` + strings.Join(assignmentSets, ", ") + `) VALUES (` + placeholders(len(assignmentSets)) + `) RETURNING id`
	saveAssignment = `UPDATE assignment SET version = version + 1, (` + strings.Join(assignmentSets, ", ") + `) = (` + placeholders(len(assignmentSets)) +
		`) WHERE id = $` + strconv.Itoa(len(assignmentSets)+1)
)

// AddAssignment adds an assignment. End is the instant from which it is overdue. It returns the id.
func (tx *Tx) AddAssignment(a duban.Assignment, end time.Time) (int64, error) {
	tx.planned = true
	return one(tx, scalar[int64], addAssignment, assignmentValues(a, end)...)
}

// SaveAssignment saves an assignment that was read in this transaction and raises its version. End is as in AddAssignment.
func (tx *Tx) SaveAssignment(a duban.Assignment, end time.Time) error {
	tx.planned = true
	_, err := tx.exec(saveAssignment, append(assignmentValues(a, end), a.ID)...)
	return err
}

// Plan saves only what the scheduler keeps of an assignment: how far the ladder has been dealt with, what comes next, and the urges sent.
func (tx *Tx) Plan(id int64, actedUntil, next time.Time, urges int) error {
	_, err := tx.exec(`UPDATE assignment SET acted_until = $1, next_action_at = $2, urges = $3 WHERE id = $4`,
		ms(actedUntil), ms(next), urges, id)
	return err
}

// Reach notes that a notice of a level was issued for an assignment, when it is the highest so far.
func (tx *Tx) Reach(id int64, level int) error {
	_, err := tx.exec(`UPDATE assignment SET level = $1 WHERE id = $2 AND level < $1`, level, id)
	return err
}

// Postpone pushes the next action of an assignment, so that one that cannot be handled does not hold up the others.
func (tx *Tx) Postpone(id int64, until time.Time) error {
	_, err := tx.exec(`UPDATE assignment SET next_action_at = $1 WHERE id = $2`, ms(until), id)
	return err
}

// OverdueIn returns the assignments of a unit and everything below it that are in the hands of their units although their deadline has passed, most
// late first, at most limit. A supporting unit that has done its part is not late.
func (tx *Tx) OverdueIn(unit int64, now time.Time, limit int) ([]duban.Assignment, error) {
	return many(tx, scanAssignment, `
		SELECT `+assignmentColumns+`
		FROM assignment a
		JOIN unit_closure c ON c.descendant_id = a.unit_id AND c.ancestor_id = $1
		WHERE a.state IN ('issued', 'accepted', 'returned') AND a.due_end <= $2 AND NOT (a.support AND a.percent >= 100)
		ORDER BY a.due_end, a.id`+limited(limit), unit, ms(now))
}

// ClosedBefore returns the assignments that were closed before an instant and are not archived, longest closed first, at most limit.
func (tx *Tx) ClosedBefore(at time.Time, limit int) ([]duban.Assignment, error) {
	return many(tx, scanAssignment, `
		SELECT `+assignmentColumns+`
		FROM assignment a
		WHERE a.state = 'closed' AND a.closed_at < $1
		ORDER BY a.closed_at, a.id`+limited(limit), ms(at))
}

// Waiting returns the submitted assignments, longest waiting first, at most limit.
func (tx *Tx) Waiting(limit int) ([]duban.Assignment, error) {
	return many(tx, scanAssignment, `
		SELECT `+assignmentColumns+`
		FROM assignment a
		WHERE a.state = 'submitted'
		ORDER BY a.submitted_at, a.id`+limited(limit))
}

// InSubtree returns the assignments of a unit and everything below it, closed ones too, by deadline.
func (tx *Tx) InSubtree(unit int64) ([]duban.Assignment, error) {
	return many(tx, scanAssignment, `
		SELECT `+assignmentColumns+`
		FROM unit_closure c
		JOIN assignment a ON a.unit_id = c.descendant_id
		WHERE c.ancestor_id = $1 AND a.state NOT IN ('draft', 'pending_approval')
		ORDER BY a.due_end, a.id`, unit)
}

// EveryAssignment calls fn for each assignment whose deadline falls into [from, to), by task and unit, until fn returns an error. Zero
// bounds are open.
func (tx *Tx) EveryAssignment(from, to time.Time, fn func(duban.Assignment) error) error {
	since, until := bounds(from, to)
	return each(tx, scanAssignment, fn, `
		SELECT `+assignmentColumns+`
		FROM assignment a
		WHERE a.state NOT IN ('draft', 'pending_approval') AND a.issued_at IS NOT NULL AND a.due_end > $1 AND a.due_end <= $2
		ORDER BY a.task_id, a.unit_id`, since, until)
}
