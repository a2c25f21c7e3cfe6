package store

import (
	"database/sql"

	"duban"
)

const erasureColumns = `e.id, e.person_id, e.asked_by, e.asked_at, e.state, e.decided_by, e.decided_at`

func scanErasure(s scanner) (e duban.Erasure, err error) {
	var asked int64
	var by, at sql.NullInt64
	err = s.Scan(&e.ID, &e.PersonID, &e.AskedBy, &asked, &e.State, &by, &at)
	e.AskedAt, e.DecidedBy = fromMS(asked), by.Int64
	if at.Valid {
		e.DecidedAt = fromMS(at.Int64)
	}
	return e, err
}

// Erasure returns what became of asking for an erasure.
func (tx *Tx) Erasure(id int64) (duban.Erasure, error) {
	return one(tx, scanErasure, `SELECT `+erasureColumns+` FROM erasure e WHERE e.id = $1`, id)
}

// OpenErasure returns the erasure of a person's data that waits for a decision; NotFound when there is none.
func (tx *Tx) OpenErasure(person int64) (duban.Erasure, error) {
	return one(tx, scanErasure, `SELECT `+erasureColumns+` FROM erasure e WHERE e.person_id = $1 AND e.state = 'asked'`, person)
}

// AddErasure keeps that an erasure is asked for, and returns its id.
func (tx *Tx) AddErasure(e duban.Erasure) (int64, error) {
	return one(tx, scalar[int64], `
		INSERT INTO erasure (person_id, asked_by, asked_at, state)
		VALUES ($1, $2, $3, 'asked')
		RETURNING id`, e.PersonID, e.AskedBy, ms(tx.Now))
}

// EndErasure keeps what was decided on an erasure, and by whom; 0 is the console.
func (tx *Tx) EndErasure(id int64, state duban.ErasureState, by int64) error {
	_, err := tx.exec(`UPDATE erasure SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1`, id, state, ref(by), ms(tx.Now))
	return err
}
