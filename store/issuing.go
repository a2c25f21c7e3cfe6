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

// LastCode returns the code that counts furthest among those of a prefix, such as T26-; empty when there is none.
func (tx *Tx) LastCode(prefix string) (string, error) {
	code, err := one(tx, scalar[string], `
		SELECT code
		FROM task
		WHERE code >= $1 AND code < $2 AND LENGTH(code) < LENGTH($1) + 7
		ORDER BY LENGTH(code) DESC, code DESC
		LIMIT 1`, prefix, prefix+"~")
	if duban.CodeOf(err) == duban.NotFound {
		return "", nil
	}
	return code, err
}

// SetAudience keeps by which words the units of a task were named.
func (tx *Tx) SetAudience(task int64, words string) error {
	_, err := tx.exec(`UPDATE task SET audience = $1 WHERE id = $2`, words, task)
	return err
}

// Audience returns by which words the units of a task were named; empty when it was not kept.
func (tx *Tx) Audience(task int64) (string, error) {
	return one(tx, scalar[string], `SELECT audience FROM task WHERE id = $1`, task)
}

// Audiences returns the words by which a person has named units lately, newest first, each once, at most limit.
func (tx *Tx) Audiences(person int64, limit int) ([]string, error) {
	return many(tx, scalar[string], `
		SELECT audience
		FROM task
		WHERE issuer_id = $1 AND audience <> ''
		GROUP BY audience
		ORDER BY MAX(id) DESC`+limited(limit), person)
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

// WaitingToIssue returns the requests to issue a task that wait for an answer, oldest first.
func (tx *Tx) WaitingToIssue() ([]duban.Request, error) {
	return many(tx, scanRequest, `
		SELECT `+requestColumns+`
		FROM request r
		WHERE r.task_id IS NOT NULL AND r.state IN ('asked', 'agreed')
		ORDER BY r.id`)
}

// RequestsOfTask returns the requests to issue a task, oldest first.
func (tx *Tx) RequestsOfTask(task int64) ([]duban.Request, error) {
	return many(tx, scanRequest, `SELECT `+requestColumns+` FROM request r WHERE r.task_id = $1 ORDER BY r.id`, task)
}

// Unissued returns the tasks that a person drew up of which nothing has been issued and nothing waits for approval, newest first, at most limit.
func (tx *Tx) Unissued(person int64, limit int) ([]duban.Task, error) {
	return many(tx, scanTask, `
		SELECT `+taskColumns+`
		FROM task t
		WHERE t.issuer_id = $1
			AND EXISTS (SELECT 1 FROM assignment a WHERE a.task_id = t.id AND a.state = 'draft')
			AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.task_id = t.id AND a.state <> 'draft')
		ORDER BY t.id DESC`+limited(limit), person)
}
