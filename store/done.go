package store

import (
	"database/sql"
	"time"

	"duban"
)

// DoneBy returns the assignments that a person owns and that were closed in [from, to), in the order in which they were.
func (tx *Tx) DoneBy(person int64, from, to time.Time) ([]duban.Assignment, error) {
	return many(tx, scanAssignment, `
		SELECT `+assignmentColumns+`
		FROM assignment a
		WHERE a.owner_id = $1 AND a.state IN ('closed', 'archived') AND a.closed_at >= $2 AND a.closed_at < $3
		ORDER BY a.closed_at, a.id`, person, ms(from), ms(to))
}

// OpenIn returns the open assignments of a unit and everything below it, by deadline.
func (tx *Tx) OpenIn(unit int64) ([]duban.Assignment, error) {
	return many(tx, scanAssignment, `
		SELECT `+assignmentColumns+`
		FROM unit_closure c
		JOIN assignment a ON a.unit_id = c.descendant_id
		WHERE c.ancestor_id = $1 AND a.state IN (`+openStates+`)
		ORDER BY a.due_end, a.id`, unit)
}

// UnitDone is how many assignments of a unit were closed, on time and late, and how often some of them were returned.
type UnitDone struct {
	UnitID int64
	Done   duban.DoneCount
}

// DoneIn counts for each unit of a subtree what was closed from an instant on. Units where nothing was are left out.
func (tx *Tx) DoneIn(unit int64, from time.Time) ([]UnitDone, error) {
	return many(tx, func(s scanner) (u UnitDone, err error) {
		var late, returns sql.NullInt64
		var all int
		err = s.Scan(&u.UnitID, &all, &late, &returns)
		u.Done = duban.DoneCount{OnTime: all - int(late.Int64), Late: int(late.Int64), Returns: int(returns.Int64)}
		return u, err
	}, `
		SELECT a.unit_id, COUNT(*), SUM(CASE WHEN a.submitted_at >= a.due_end THEN 1 ELSE 0 END), SUM(a.returns)
		FROM unit_closure c
		JOIN assignment a ON a.unit_id = c.descendant_id
		WHERE c.ancestor_id = $1 AND a.state IN ('closed', 'archived') AND a.closed_at >= $2
		GROUP BY a.unit_id
		ORDER BY a.unit_id`, unit, ms(from))
}
