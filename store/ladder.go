package store

import (
	"encoding/json"
	"fmt"

	"duban"
)

// LadderID returns the id under which a ladder is kept, and keeps it when it is new. A ladder that is kept never changes.
func (tx *Tx) LadderID(l duban.Ladder) (int64, error) {
	body, err := json.Marshal(l)
	if err != nil {
		return 0, fmt.Errorf("write a ladder: %w", err)
	}
	id, err := one(tx, scalar[int64], `SELECT id FROM ladder WHERE body = $1`, string(body))
	if duban.CodeOf(err) != duban.NotFound {
		return id, err
	}
	return one(tx, scalar[int64], `INSERT INTO ladder (body) VALUES ($1) RETURNING id`, string(body))
}

// Ladder returns a ladder that was kept.
func (tx *Tx) Ladder(id int64) (duban.Ladder, error) {
	if l, known := tx.store.ladders.Load(id); known {
		return l.(duban.Ladder), nil
	}
	body, err := one(tx, scalar[string], `SELECT body FROM ladder WHERE id = $1`, id)
	if err != nil {
		return duban.Ladder{}, err
	}
	var l duban.Ladder
	if err := json.Unmarshal([]byte(body), &l); err != nil {
		return l, fmt.Errorf("read ladder %d: %w", id, err)
	}
	if !tx.writing {
		tx.store.ladders.Store(id, l)
	}
	return l, nil
}
