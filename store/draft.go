package store

import "time"

// Draft (草稿) is something that a person has begun to draw up and has not finished. What it holds is JSON of whoever keeps it.
type Draft struct {
	ID        int64
	PersonID  int64
	Body      string
	ChangedAt time.Time
}

const draftColumns = `d.id, d.person_id, d.body, d.changed_at`

func scanDraft(s scanner) (Draft, error) {
	var d Draft
	var changed int64
	err := s.Scan(&d.ID, &d.PersonID, &d.Body, &changed)
	d.ChangedAt = fromMS(changed)
	return d, err
}

// Draft returns a draft by id.
func (tx *Tx) Draft(id int64) (Draft, error) {
	return one(tx, scanDraft, `SELECT `+draftColumns+` FROM draft d WHERE d.id = $1`, id)
}

// Drafts returns the drafts of a person, last changed first, at most limit.
func (tx *Tx) Drafts(person int64, limit int) ([]Draft, error) {
	return many(tx, scanDraft, `
		SELECT `+draftColumns+`
		FROM draft d
		WHERE d.person_id = $1
		ORDER BY d.changed_at DESC, d.id DESC`+limited(limit), person)
}

// AddDraft keeps a draft and returns its id.
func (tx *Tx) AddDraft(person int64, body string) (int64, error) {
	return one(tx, scalar[int64], `INSERT INTO draft (person_id, body, changed_at) VALUES ($1, $2, $3) RETURNING id`, person, body, ms(tx.Now))
}

// SaveDraft keeps what a draft has become.
func (tx *Tx) SaveDraft(id int64, body string) error {
	_, err := tx.exec(`UPDATE draft SET body = $1, changed_at = $2 WHERE id = $3`, body, ms(tx.Now), id)
	return err
}

// DropDraft forgets a draft.
func (tx *Tx) DropDraft(id int64) error {
	_, err := tx.exec(`DELETE FROM draft WHERE id = $1`, id)
	return err
}

// ForgetDrafts forgets drafts that were not changed since an instant, at most limit, and returns how many.
func (tx *Tx) ForgetDrafts(before time.Time, limit int) (int64, error) {
	return tx.exec(`DELETE FROM draft WHERE id IN (SELECT id FROM draft WHERE changed_at < $1`+limited(limit)+`)`, ms(before))
}
