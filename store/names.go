package store

import (
	"time"

	"duban"
)

// PersonNames returns the name of everybody who ever stood in the roster, by id, since the record speaks of those who left too.
func (tx *Tx) PersonNames() (map[int64]string, error) {
	return names(tx, `SELECT id, name FROM person`)
}

// UnitNames returns the name of every unit there ever was, by id.
func (tx *Tx) UnitNames() (map[int64]string, error) {
	return names(tx, `SELECT id, name FROM unit`)
}

// Shared reports whether any assignment supports another unit's, follows another one, or has milestones.
func (tx *Tx) Shared() (bool, error) {
	return one(tx, scalar[bool], `
		SELECT EXISTS (SELECT 1 FROM assignment WHERE support OR follows_id IS NOT NULL OR milestones <> '')`)
}

// FollowedUnits returns for each assignment that others follow, by its id, the name of its unit.
func (tx *Tx) FollowedUnits() (map[int64]string, error) {
	return names(tx, `
		SELECT a.id, u.name
		FROM assignment a
		JOIN unit u ON u.id = a.unit_id
		WHERE a.id IN (SELECT follows_id FROM assignment WHERE follows_id IS NOT NULL)`)
}

func names(tx *Tx, query string) (map[int64]string, error) {
	type named struct {
		id   int64
		name string
	}
	all, err := many(tx, func(s scanner) (named, error) {
		var n named
		err := s.Scan(&n.id, &n.name)
		return n, err
	}, query)
	found := make(map[int64]string, len(all))
	for _, n := range all {
		found[n.id] = n.name
	}
	return found, err
}

// Subtree returns the ids of a unit and of everything below it, closed units too.
func (tx *Tx) Subtree(unit int64) (map[int64]bool, error) {
	ids, err := many(tx, scalar[int64], `SELECT descendant_id FROM unit_closure WHERE ancestor_id = $1`, unit)
	found := make(map[int64]bool, len(ids))
	for _, id := range ids {
		found[id] = true
	}
	return found, err
}

// StateCount is how many assignments are in a state.
type StateCount struct {
	State duban.State
	N     int
}

// CountAssignments returns how many assignments are in each state that any is in.
func (tx *Tx) CountAssignments() ([]StateCount, error) {
	return many(tx, func(s scanner) (StateCount, error) {
		var c StateCount
		err := s.Scan(&c.State, &c.N)
		return c, err
	}, `SELECT state, COUNT(*) FROM assignment GROUP BY state ORDER BY state`)
}

// CountOverdue returns how many assignments are in the hands of their units although their deadline has passed. A supporting unit that has done its part
// is not late.
func (tx *Tx) CountOverdue(now time.Time) (int, error) {
	return one(tx, scalar[int], `
		SELECT COUNT(*)
		FROM assignment
		WHERE state IN ('issued', 'accepted', 'returned') AND due_end <= $1 AND NOT (support AND percent >= 100)`, ms(now))
}
