package store

import (
	"database/sql"

	"duban"
)

const absenceColumns = `b.id, b.person_id, b.deputy_id, b.from_date, b.to_date, b.set_by, b.set_at`

func scanAbsence(s scanner) (duban.Absence, error) {
	var b duban.Absence
	var by sql.NullInt64
	var at int64
	err := s.Scan(&b.ID, &b.PersonID, &b.DeputyID, &b.From, &b.To, &by, &at)
	b.SetBy, b.SetAt = by.Int64, fromMS(at)
	return b, err
}

// Absence returns an absence by id, when it has not been taken back.
func (tx *Tx) Absence(id int64) (duban.Absence, error) {
	return one(tx, scanAbsence, `SELECT `+absenceColumns+` FROM absence b WHERE b.id = $1 AND b.ended_at IS NULL`, id)
}

// AbsenceOn returns the absence of a person on a local date; of several the one set last.
func (tx *Tx) AbsenceOn(person int64, day string) (duban.Absence, error) {
	return one(tx, scanAbsence, `
		SELECT `+absenceColumns+`
		FROM absence b
		WHERE b.person_id = $1 AND b.ended_at IS NULL AND b.from_date <= $2 AND b.to_date >= $2
		ORDER BY b.id DESC
		LIMIT 1`, person, day)
}

// ActsFor returns the absences on a local date in which a person is the deputy.
func (tx *Tx) ActsFor(deputy int64, day string) ([]duban.Absence, error) {
	return many(tx, scanAbsence, `
		SELECT `+absenceColumns+`
		FROM absence b
		WHERE b.deputy_id = $1 AND b.ended_at IS NULL AND b.from_date <= $2 AND b.to_date >= $2
		ORDER BY b.id`, deputy, day)
}

// Absences returns all absences that end on a local date or later, by their beginning.
func (tx *Tx) Absences(day string) ([]duban.Absence, error) {
	return many(tx, scanAbsence, `
		SELECT `+absenceColumns+`
		FROM absence b
		WHERE b.ended_at IS NULL AND b.to_date >= $1
		ORDER BY b.from_date, b.id`, day)
}

// AddAbsence adds an absence set now and returns its id.
func (tx *Tx) AddAbsence(b duban.Absence) (int64, error) {
	return one(tx, scalar[int64], `
		INSERT INTO absence (person_id, deputy_id, from_date, to_date, set_by, set_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		RETURNING id`, b.PersonID, b.DeputyID, b.From, b.To, ref(b.SetBy), ms(tx.Now))
}

// EndAbsence takes an absence back.
func (tx *Tx) EndAbsence(id int64) error {
	_, err := tx.exec(`UPDATE absence SET ended_at = $1 WHERE id = $2`, ms(tx.Now), id)
	return err
}
