package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"duban"
	"duban/calendar"
)

const reportColumns = `r.id, r.kind, r.period, r.unit_id, r.task_id, r.from_date, r.to_date, r.figures, r.state, r.body, r.reason, r.made_at, r.decided_by,
	r.decided_at`

func scanReport(s scanner) (duban.Report, error) {
	var r duban.Report
	var task, by, at sql.NullInt64
	var from, to, figures string
	var made int64
	err := s.Scan(&r.ID, &r.Kind, &r.Period, &r.UnitID, &task, &from, &to, &figures, &r.State, &r.Body, &r.Reason, &made, &by, &at)
	if err != nil {
		return r, err
	}
	r.TaskID, r.MadeAt, r.DecidedBy, r.DecidedAt = task.Int64, fromMS(made), by.Int64, fromNull(at)
	if r.From, err = calendar.ParseDate(from); err != nil {
		return r, err
	}
	if r.To, err = calendar.ParseDate(to); err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(figures), &r.Figures); err != nil {
		return r, fmt.Errorf("figures of report %d: %w", r.ID, err)
	}
	return r, nil
}

// Report returns a report by id.
func (tx *Tx) Report(id int64) (duban.Report, error) {
	return one(tx, scanReport, `SELECT `+reportColumns+` FROM report r WHERE r.id = $1`, id)
}

// HasReport reports whether the report of a kind and period was made for a unit.
func (tx *Tx) HasReport(kind duban.ReportKind, period string, unit int64) (bool, error) {
	return one(tx, scalar[bool], `SELECT EXISTS (SELECT 1 FROM report r WHERE r.kind = $1 AND r.period = $2 AND r.unit_id = $3)`, kind, period, unit)
}

// AddReport keeps a report and returns its id. A second one of the same kind, period and unit is an error.
func (tx *Tx) AddReport(r duban.Report) (int64, error) {
	figures, err := json.Marshal(r.Figures)
	if err != nil {
		return 0, err
	}
	return one(tx, scalar[int64], `
		INSERT INTO report (kind, period, unit_id, task_id, from_date, to_date, figures, state, body, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9)
		RETURNING id`, r.Kind, r.Period, r.UnitID, ref(r.TaskID), r.From.String(), r.To.String(), string(figures), r.State, ms(tx.Now))
}

// SaveReport saves the text of a report and what was decided about it, with the reason. Its figures stay.
func (tx *Tx) SaveReport(r duban.Report) error {
	_, err := tx.exec(`UPDATE report SET state = $1, body = $2, reason = $3, decided_by = $4, decided_at = $5 WHERE id = $6`,
		r.State, r.Body, r.Reason, ref(r.DecidedBy), ms(r.DecidedAt), r.ID)
	return err
}

// ReportDrafts returns the drafts of reports that nobody has decided on, oldest first.
func (tx *Tx) ReportDrafts() ([]duban.Report, error) {
	return many(tx, scanReport, `SELECT `+reportColumns+` FROM report r WHERE r.state = 'draft' ORDER BY r.id`)
}

// EndedTasks returns the ids of tasks of which several lead units were charged, none of them has anything left to do, at least one has done it, and the
// last was closed from an instant on, by id. Those of which a report was made are left out.
func (tx *Tx) EndedTasks(from time.Time) ([]int64, error) {
	return many(tx, scalar[int64], `
		SELECT a.task_id
		FROM assignment a
		WHERE NOT a.support AND a.task_id IN (
			SELECT c.task_id FROM assignment c WHERE c.closed_at >= $1 AND c.state IN ('closed', 'archived'))
			AND NOT EXISTS (SELECT 1 FROM report r WHERE r.task_id = a.task_id)
		GROUP BY a.task_id
		HAVING COUNT(*) > 1 AND SUM(CASE WHEN a.state IN ('closed', 'archived', 'cancelled') THEN 0 ELSE 1 END) = 0
		ORDER BY a.task_id`, ms(from))
}
