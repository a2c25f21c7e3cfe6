package store

import (
	"database/sql"

	"duban"
)

const requestColumns = `r.id, r.kind, r.assignment_id, r.task_id, r.announcement_id, r.asker_id, r.asked_at, r.reason, r.due_date, r.due_instant,
	r.before_date, r.before_instant, r.state, r.needs, r.agreed_by, r.agreed_at, r.decided_by, r.decided_at, r.answer`

func scanRequest(s scanner) (duban.Request, error) {
	var r duban.Request
	var assignment, task, announcement, dueAt, beforeAt, agreedBy, agreedAt, decidedBy, decidedAt sql.NullInt64
	var asked int64
	var due, before sql.NullString
	err := s.Scan(&r.ID, &r.Kind, &assignment, &task, &announcement, &r.AskerID, &asked, &r.Reason, &due, &dueAt, &before, &beforeAt, &r.State,
		&r.Needs, &agreedBy, &agreedAt, &decidedBy, &decidedAt, &r.Answer)
	if err != nil {
		return r, err
	}
	r.AssignmentID, r.TaskID, r.AnnouncementID, r.AskedAt = assignment.Int64, task.Int64, announcement.Int64, fromMS(asked)
	r.AgreedBy, r.AgreedAt, r.DecidedBy, r.DecidedAt = agreedBy.Int64, fromNull(agreedAt), decidedBy.Int64, fromNull(decidedAt)
	if r.Due, err = readDue(due, dueAt); err != nil {
		return r, err
	}
	r.DueBefore, err = readDue(before, beforeAt)
	return r, err
}

// Request returns a request by id.
func (tx *Tx) Request(id int64) (duban.Request, error) {
	return one(tx, scanRequest, `SELECT `+requestColumns+` FROM request r WHERE r.id = $1`, id)
}

// OpenRequest returns the request about an assignment that waits for an answer.
func (tx *Tx) OpenRequest(assignment int64) (duban.Request, error) {
	return one(tx, scanRequest, `
		SELECT `+requestColumns+`
		FROM request r
		WHERE r.assignment_id = $1 AND r.state IN ('asked', 'agreed')`, assignment)
}

// OpenTaskRequest returns the request to issue a task that waits for an answer.
func (tx *Tx) OpenTaskRequest(task int64) (duban.Request, error) {
	return one(tx, scanRequest, `
		SELECT `+requestColumns+`
		FROM request r
		WHERE r.task_id = $1 AND r.state IN ('asked', 'agreed')`, task)
}

// RequestsOf returns the requests about an assignment, oldest first.
func (tx *Tx) RequestsOf(assignment int64) ([]duban.Request, error) {
	return many(tx, scanRequest, `SELECT `+requestColumns+` FROM request r WHERE r.assignment_id = $1 ORDER BY r.id`, assignment)
}

// RequestsOfAnnouncement returns the requests about an announcement, oldest first.
func (tx *Tx) RequestsOfAnnouncement(announcement int64) ([]duban.Request, error) {
	return many(tx, scanRequest, `SELECT `+requestColumns+` FROM request r WHERE r.announcement_id = $1 ORDER BY r.id`, announcement)
}

// WaitingRequests returns the requests that wait for an answer, longest waiting first, at most limit.
func (tx *Tx) WaitingRequests(limit int) ([]duban.Request, error) {
	return many(tx, scanRequest, `
		SELECT `+requestColumns+`
		FROM request r
		WHERE r.state IN ('asked', 'agreed')
		ORDER BY r.asked_at, r.id`+limited(limit))
}

// Extensions returns how many extensions of an assignment were granted.
func (tx *Tx) Extensions(assignment int64) (int, error) {
	return one(tx, scalar[int], `SELECT COUNT(*) FROM request WHERE assignment_id = $1 AND kind = 'extension' AND state = 'granted'`, assignment)
}

// AddRequest adds a request made now and returns its id.
func (tx *Tx) AddRequest(r duban.Request) (int64, error) {
	return one(tx, scalar[int64], `
		INSERT INTO request (kind, assignment_id, task_id, announcement_id, asker_id, asked_at, reason, due_date, due_instant, before_date,
			before_instant, state, needs, agreed_by, agreed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		RETURNING id`,
		r.Kind, ref(r.AssignmentID), ref(r.TaskID), ref(r.AnnouncementID), r.AskerID, ms(tx.Now), r.Reason, dueDate(r.Due), ms(r.Due.Instant),
		dueDate(r.DueBefore), ms(r.DueBefore.Instant), r.State, r.Needs, ref(r.AgreedBy), ms(r.AgreedAt))
}

// SaveRequest saves how far a request has come.
func (tx *Tx) SaveRequest(r duban.Request) error {
	_, err := tx.exec(`
		UPDATE request
		SET state = $1, needs = $2, agreed_by = $3, agreed_at = $4, decided_by = $5, decided_at = $6, answer = $7, due_date = $8, due_instant = $9
		WHERE id = $10`,
		r.State, r.Needs, ref(r.AgreedBy), ms(r.AgreedAt), ref(r.DecidedBy), ms(r.DecidedAt), r.Answer, dueDate(r.Due), ms(r.Due.Instant), r.ID)
	return err
}
