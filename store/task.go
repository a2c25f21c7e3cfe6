package store

import (
	"database/sql"

	"duban"
)

const taskColumns = `t.id, t.code, t.title, t.duty, t.category, t.evidence, t.evidence_min, t.review, t.reviewer_id, t.priority, t.basis,
	t.note, t.internal, t.issuer_id, t.created_at, t.completion, t.loud_reason, t.due_text, t.due_read`

func scanTask(s scanner) (duban.Task, error) {
	var t duban.Task
	var reviewer, issuer, read sql.NullInt64
	var created int64
	err := s.Scan(&t.ID, &t.Code, &t.Title, &t.Duty, &t.Category, &t.Evidence.Kind, &t.Evidence.Min, &t.Review, &reviewer, &t.Priority,
		&t.Basis, &t.Note, &t.Internal, &issuer, &created, &t.Completion, &t.LoudReason, &t.DueText, &read)
	t.ReviewerID, t.IssuerID, t.CreatedAt = reviewer.Int64, issuer.Int64, fromMS(created)
	t.DueRead = fromNull(read)
	return t, err
}

// Task returns a task by id.
func (tx *Tx) Task(id int64) (duban.Task, error) {
	return one(tx, scanTask, `SELECT `+taskColumns+` FROM task t WHERE t.id = $1`, id)
}

// TaskByCode returns a task by its code (编号).
func (tx *Tx) TaskByCode(code string) (duban.Task, error) {
	return one(tx, scanTask, `SELECT `+taskColumns+` FROM task t WHERE t.code = $1`, code)
}

// Tasks returns every task, by code.
func (tx *Tx) Tasks() ([]duban.Task, error) {
	return many(tx, scanTask, `SELECT `+taskColumns+` FROM task t ORDER BY t.code`)
}

// AddTask adds a task and returns its id.
func (tx *Tx) AddTask(t duban.Task) (int64, error) {
	return one(tx, scalar[int64], `
		INSERT INTO task (code, title, duty, category, evidence, evidence_min, review, reviewer_id, priority, basis, note, internal, completion,
			loud_reason, issuer_id, created_at, due_text, due_read)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
		RETURNING id`,
		t.Code, t.Title, t.Duty, t.Category, t.Evidence.Kind, t.Evidence.Min, t.Review, ref(t.ReviewerID), t.Priority, t.Basis, t.Note,
		t.Internal, completion(t), t.LoudReason, ref(t.IssuerID), ms(tx.Now), t.DueText, ms(t.DueRead))
}

// completion writes how a task is completed; nothing said means by all.
func completion(t duban.Task) duban.Completion {
	if t.Completion == "" {
		return duban.CompleteAll
	}
	return t.Completion
}

// ChangeTask saves what may change of a task; its code and issuer stay.
func (tx *Tx) ChangeTask(t duban.Task) error {
	_, err := tx.exec(`
		UPDATE task
		SET title = $1, duty = $2, category = $3, evidence = $4, evidence_min = $5, review = $6, reviewer_id = $7, priority = $8, basis = $9,
			note = $10, internal = $11, completion = $12, loud_reason = $13, due_text = $14, due_read = $15
		WHERE id = $16`,
		t.Title, t.Duty, t.Category, t.Evidence.Kind, t.Evidence.Min, t.Review, ref(t.ReviewerID), t.Priority, t.Basis, t.Note, t.Internal,
		completion(t), t.LoudReason, t.DueText, ms(t.DueRead), t.ID)
	return err
}
