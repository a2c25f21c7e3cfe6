package store

import (
	"database/sql"

	"duban"
)

const escalationColumns = `e.id, e.assignment_id, e.level, e.state, e.body, e.drafted_at, e.decided_by, e.decided_at, e.respond_by, e.responded_at,
	e.responded_by, e.response`

func scanEscalation(s scanner) (duban.Escalation, error) {
	var e duban.Escalation
	var drafted int64
	var by, at, until, responded, responder sql.NullInt64
	err := s.Scan(&e.ID, &e.AssignmentID, &e.Level, &e.State, &e.Body, &drafted, &by, &at, &until, &responded, &responder, &e.Response)
	e.DraftedAt, e.DecidedBy, e.DecidedAt = fromMS(drafted), by.Int64, fromNull(at)
	e.RespondBy, e.RespondedAt, e.RespondedBy = fromNull(until), fromNull(responded), responder.Int64
	return e, err
}

// Escalation returns a notice of level 3 to 5 by id.
func (tx *Tx) Escalation(id int64) (duban.Escalation, error) {
	return one(tx, scanEscalation, `SELECT `+escalationColumns+` FROM escalation e WHERE e.id = $1`, id)
}

// EscalationsOf returns the notices of level 3 to 5 about an assignment, oldest first.
func (tx *Tx) EscalationsOf(assignment int64) ([]duban.Escalation, error) {
	return many(tx, scanEscalation, `SELECT `+escalationColumns+` FROM escalation e WHERE e.assignment_id = $1 ORDER BY e.id`, assignment)
}

// DraftOf returns the draft of a notice about an assignment that waits.
func (tx *Tx) DraftOf(assignment int64) (duban.Escalation, error) {
	return one(tx, scanEscalation, `SELECT `+escalationColumns+` FROM escalation e WHERE e.assignment_id = $1 AND e.state = 'draft'`, assignment)
}

// EscalationDrafts returns the drafts that wait for somebody to issue or drop them, oldest first, at most limit.
func (tx *Tx) EscalationDrafts(limit int) ([]duban.Escalation, error) {
	return many(tx, scanEscalation, `SELECT `+escalationColumns+` FROM escalation e WHERE e.state = 'draft' ORDER BY e.id`+limited(limit))
}

// AddEscalation adds a draft and returns its id. An assignment has one draft at most.
func (tx *Tx) AddEscalation(assignment int64, level int, body string) (int64, error) {
	return one(tx, scalar[int64], `
		INSERT INTO escalation (assignment_id, level, state, body, drafted_at)
		VALUES ($1, $2, 'draft', $3, $4)
		RETURNING id`, assignment, level, body, ms(tx.Now))
}

// SaveEscalation saves the text of a notice and how far it has come.
func (tx *Tx) SaveEscalation(e duban.Escalation) error {
	_, err := tx.exec(`
		UPDATE escalation
		SET state = $1, body = $2, decided_by = $3, decided_at = $4, respond_by = $5, responded_at = $6, responded_by = $7, response = $8
		WHERE id = $9`,
		e.State, e.Body, ref(e.DecidedBy), ms(e.DecidedAt), ms(e.RespondBy), ms(e.RespondedAt), ref(e.RespondedBy), e.Response, e.ID)
	return err
}
