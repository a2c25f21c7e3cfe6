package store

import (
	"database/sql"
	"fmt"

	"duban"
	"duban/calendar"
)

const planColumns = `p.id, p.code, p.year, p.title, p.duty, p.units, p.row, p.rule, p.issuer_id, p.added_at`

func scanPlan(s scanner) (duban.PlanItem, error) {
	var p duban.PlanItem
	var rule string
	var issuer sql.NullInt64
	var added int64
	if err := s.Scan(&p.ID, &p.Code, &p.Year, &p.Title, &p.Duty, &p.Units, &p.Row, &rule, &issuer, &added); err != nil {
		return p, err
	}
	p.IssuerID, p.AddedAt = issuer.Int64, fromMS(added)
	var err error
	if p.Rule, err = calendar.ParseRule(rule); err != nil {
		return p, fmt.Errorf("read plan %s: %w", p.Code, err)
	}
	return p, nil
}

// PlanItem returns an item of the plan by id.
func (tx *Tx) PlanItem(id int64) (duban.PlanItem, error) {
	return one(tx, scanPlan, `SELECT `+planColumns+` FROM plan p WHERE p.id = $1 AND p.ended_at IS NULL`, id)
}

// PlanItemByCode returns an item of the plan by its code.
func (tx *Tx) PlanItemByCode(code string) (duban.PlanItem, error) {
	return one(tx, scanPlan, `SELECT `+planColumns+` FROM plan p WHERE p.code = $1 AND p.ended_at IS NULL`, code)
}

// PlanItems returns the items of the plan, by code.
func (tx *Tx) PlanItems() ([]duban.PlanItem, error) {
	return many(tx, scanPlan, `SELECT `+planColumns+` FROM plan p WHERE p.ended_at IS NULL ORDER BY p.code`)
}

// PlanCodeKnown reports whether the plan has, or has had, an item with a code.
func (tx *Tx) PlanCodeKnown(code string) (bool, error) {
	n, err := one(tx, scalar[int], `SELECT COUNT(*) FROM plan WHERE code = $1`, code)
	return n > 0, err
}

// SavePlanItem adds an item to the plan or changes the one with its code, also one that was taken out, and returns its id.
func (tx *Tx) SavePlanItem(p duban.PlanItem) (int64, error) {
	return one(tx, scalar[int64], `
		INSERT INTO plan (code, year, title, duty, units, row, rule, issuer_id, added_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (code) DO UPDATE SET
			year = excluded.year, title = excluded.title, duty = excluded.duty, units = excluded.units, row = excluded.row, rule = excluded.rule,
			ended_at = NULL
		RETURNING id`,
		p.Code, p.Year, p.Title, p.Duty, p.Units, p.Row, p.Rule.String(), ref(p.IssuerID), ms(tx.Now))
}

// EndPlanItem takes an item out of the plan. What was issued of it stays.
func (tx *Tx) EndPlanItem(id int64) error {
	_, err := tx.exec(`UPDATE plan SET ended_at = $1 WHERE id = $2`, ms(tx.Now), id)
	return err
}

func scanPlanRun(s scanner) (duban.PlanRun, error) {
	var r duban.PlanRun
	var due string
	var task, warned, skipped sql.NullInt64
	if err := s.Scan(&r.PlanID, &due, &task, &warned, &skipped); err != nil {
		return r, err
	}
	r.TaskID, r.WarnedAt, r.SkippedAt = task.Int64, fromNull(warned), fromNull(skipped)
	var err error
	r.Date, err = calendar.ParseDate(due)
	return r, err
}

// PlanRun returns what has become of an item of the plan on one of its dates; the zero run with these when nothing has.
func (tx *Tx) PlanRun(plan int64, due calendar.Date) (duban.PlanRun, error) {
	r, err := one(tx, scanPlanRun, `
		SELECT plan_id, due_date, task_id, warned_at, skipped_at
		FROM plan_run
		WHERE plan_id = $1 AND due_date = $2`, plan, due.String())
	if duban.CodeOf(err) == duban.NotFound {
		return duban.PlanRun{PlanID: plan, Date: due}, nil
	}
	return r, err
}

// SavePlanRun keeps what has become of an item of the plan on one of its dates.
func (tx *Tx) SavePlanRun(r duban.PlanRun) error {
	_, err := tx.exec(`
		INSERT INTO plan_run (plan_id, due_date, task_id, warned_at, skipped_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (plan_id, due_date) DO UPDATE SET
			task_id = excluded.task_id, warned_at = excluded.warned_at, skipped_at = excluded.skipped_at`,
		r.PlanID, r.Date.String(), ref(r.TaskID), ms(r.WarnedAt), ms(r.SkippedAt))
	return err
}

// PlanRuns returns what has become of an item of the plan on its dates from a day on, in order.
func (tx *Tx) PlanRuns(plan int64, from calendar.Date) ([]duban.PlanRun, error) {
	return many(tx, scanPlanRun, `
		SELECT plan_id, due_date, task_id, warned_at, skipped_at
		FROM plan_run
		WHERE plan_id = $1 AND due_date >= $2
		ORDER BY due_date`, plan, from.String())
}
