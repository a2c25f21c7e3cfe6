package store

import "duban"

// AddRemark adds what a leader wrote on an item (批示) now.
func (tx *Tx) AddRemark(assignment, person int64, body string) error {
	_, err := tx.exec(`INSERT INTO remark (assignment_id, person_id, at, body) VALUES ($1, $2, $3, $4)`, assignment, person, ms(tx.Now), body)
	return err
}

// RemarksOf returns what leaders wrote on an item, newest first.
func (tx *Tx) RemarksOf(assignment int64) ([]duban.Remark, error) {
	return many(tx, func(s scanner) (duban.Remark, error) {
		var r duban.Remark
		var at int64
		err := s.Scan(&r.PersonID, &at, &r.Text)
		r.At = fromMS(at)
		return r, err
	}, `SELECT person_id, at, body FROM remark WHERE assignment_id = $1 ORDER BY id DESC`, assignment)
}
