package store

import (
	"time"

	"duban"
)

// Loads returns how many open items each owner has, and how many of them have their deadline after from and up to to.
func (tx *Tx) Loads(from, to time.Time) (map[int64]duban.Load, error) {
	type line struct {
		owner int64
		load  duban.Load
	}
	lines, err := many(tx, func(s scanner) (line, error) {
		var l line
		err := s.Scan(&l.owner, &l.load.Open, &l.load.SameWeek)
		return l, err
	}, `
		SELECT owner_id, COUNT(*), COUNT(*) FILTER (WHERE due_end > $1 AND due_end <= $2)
		FROM assignment
		WHERE owner_id IS NOT NULL AND state IN (`+openStates+`)
		GROUP BY owner_id`, ms(from), ms(to))
	loads := make(map[int64]duban.Load, len(lines))
	for _, l := range lines {
		loads[l.owner] = l.load
	}
	return loads, err
}

// TitledTask is a task by its title, for those that ask for much the same.
type TitledTask struct {
	ID        int64
	Title     string
	CreatedAt time.Time
}

// TitlesSince returns the tasks that were made since an instant, newest first.
func (tx *Tx) TitlesSince(since time.Time) ([]TitledTask, error) {
	return many(tx, func(s scanner) (TitledTask, error) {
		var t TitledTask
		var created int64
		err := s.Scan(&t.ID, &t.Title, &created)
		t.CreatedAt = fromMS(created)
		return t, err
	}, `SELECT id, title, created_at FROM task WHERE created_at >= $1 ORDER BY id DESC`, ms(since))
}

// IssuedBy returns the tasks that a person drew up, newest first, at most limit.
func (tx *Tx) IssuedBy(person int64, limit int) ([]duban.Task, error) {
	return many(tx, scanTask, `SELECT `+taskColumns+` FROM task t WHERE t.issuer_id = $1 ORDER BY t.id DESC`+limited(limit), person)
}

// DropUnissued takes away the assignments of a task that were never issued.
func (tx *Tx) DropUnissued(task int64) error {
	_, err := tx.exec(`DELETE FROM assignment WHERE task_id = $1 AND state IN ('draft', 'pending_approval')`, task)
	return err
}
