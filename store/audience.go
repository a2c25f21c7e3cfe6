package store

import (
	"encoding/json"

	"duban"
)

func scanAudience(s scanner) (a duban.SavedAudience, err error) {
	var body string
	if err := s.Scan(&a.ID, &a.OwnerID, &a.Name, &a.Shared, &body); err != nil {
		return a, err
	}
	return a, json.Unmarshal([]byte(body), &a.Audience)
}

const audienceColumns = `id, owner_id, name, shared, body`

// SavedAudiences returns the audiences that a person may choose by name, the last used first: the own ones and those shared by others.
func (tx *Tx) SavedAudiences(person int64, limit int) ([]duban.SavedAudience, error) {
	return many(tx, scanAudience, `
		SELECT `+audienceColumns+`
		FROM audience
		WHERE owner_id = $1 OR shared
		ORDER BY used_at DESC, id DESC`+limited(limit), person)
}

// SavedAudience returns an audience under a name by its id.
func (tx *Tx) SavedAudience(id int64) (duban.SavedAudience, error) {
	return one(tx, scanAudience, `SELECT `+audienceColumns+` FROM audience WHERE id = $1`, id)
}

// SaveAudience keeps an audience under a name of its owner, in place of one that had the name.
func (tx *Tx) SaveAudience(a duban.SavedAudience) error {
	body, err := json.Marshal(a.Audience)
	if err != nil {
		return err
	}
	_, err = tx.exec(`
		INSERT INTO audience (owner_id, name, shared, body, used_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (owner_id, name) DO UPDATE SET shared = excluded.shared, body = excluded.body, used_at = excluded.used_at`,
		a.OwnerID, a.Name, a.Shared, string(body), ms(tx.Now))
	return err
}

// UseAudience notes that an audience was chosen now.
func (tx *Tx) UseAudience(id int64) error {
	_, err := tx.exec(`UPDATE audience SET used_at = $1 WHERE id = $2`, ms(tx.Now), id)
	return err
}

// DropAudience forgets an audience.
func (tx *Tx) DropAudience(id int64) error {
	_, err := tx.exec(`DELETE FROM audience WHERE id = $1`, id)
	return err
}
