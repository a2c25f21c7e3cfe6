package work

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"duban"
	"duban/calendar"
	"duban/store"
)

// planBody is what an item of the plan keeps of how it was drawn up.
type planBody struct {
	Row  TaskRow `json:"row"`
	Auto bool    `json:"auto,omitempty"` // it is issued by itself when its date comes near
}

// PlanDraft returns an item of the plan as a draft to be issued for one of its dates.
func PlanDraft(item duban.PlanItem, due calendar.Due) (TaskDraft, error) {
	body, err := planBodyOf(item)
	body.Row.Due = DueText(due)
	return TaskDraft{Row: body.Row, PlanID: item.ID, PlanDate: due.Date}, err
}

// PlanAuto reports whether an item of the plan is issued by itself, and by which words its deadlines recur.
func PlanAuto(item duban.PlanItem) (auto bool, rule string, err error) {
	body, err := planBodyOf(item)
	return body.Auto, body.Row.Due, err
}

// PlanInternal reports whether an item of the plan is one of which only the code may leave the office.
func PlanInternal(item duban.PlanItem) (bool, error) {
	body, err := planBodyOf(item)
	return body.Row.Internal, err
}

func planBodyOf(item duban.PlanItem) (planBody, error) {
	var body planBody
	if err := json.Unmarshal([]byte(item.Row), &body); err != nil {
		return body, fmt.Errorf("read plan %s: %w", item.Code, err)
	}
	return body, nil
}

// AddToPlan puts what was drawn up with a recurring deadline into the plan of the year (列入计划). With problems nothing happens.
func (d *Desk) AddToPlan(ctx context.Context, who duban.Actor, draft TaskDraft) (duban.PlanItem, []Problem, error) {
	var item duban.PlanItem
	var problems []Problem
	err := d.write(ctx, who, func(tx *store.Tx) error {
		draft.Row = withDefaults(draft.Row)
		var err error
		m := d.resolver(tx, who)
		item, err = m.planItem(draft.Row)
		if problems = m.problems; err != nil || len(problems) > 0 {
			return errors.Join(err, errUndo)
		}
		if item.Code, err = nextPlanCode(tx, item.Year); err != nil {
			return err
		}
		if item.ID, err = d.savePlan(tx, who, item); err != nil || draft.ID == 0 {
			return err
		}
		return tx.DropDraft(draft.ID)
	})
	return item, problems, settled(err)
}

// planItem reads a row as an item of the plan.
func (m *resolver) planItem(row TaskRow) (duban.PlanItem, error) {
	if _, err := m.targets(row); err != nil {
		return duban.PlanItem{}, err
	}
	if _, err := m.reviewer(row); err != nil {
		return duban.PlanItem{}, err
	}
	cal := m.desk.Calendar
	r := cal.ParseDue(row.Due, m.tx.Now)
	switch r.Outcome {
	case calendar.Recurring:
	case calendar.Understood:
		m.problem(row.Line, ColumnDue, DueOnce, row.Due)
	default:
		m.problem(row.Line, ColumnDue, dueProblem(r), row.Due)
	}
	row.Line = 0
	return duban.PlanItem{
		Code: row.Code, Year: cal.Today(m.tx.Now).Year, Title: row.Title, Duty: row.Duty, Units: row.Units, Row: toJSON(planBody{Row: row}),
		Rule: r.Rule, IssuerID: m.who.PersonID,
	}, nil
}

func (d *Desk) savePlan(tx *store.Tx, who duban.Actor, item duban.PlanItem) (int64, error) {
	id, err := tx.SavePlanItem(item)
	if err != nil {
		return 0, err
	}
	facts := duban.Facts{"plan": item.Code, "rule": item.Rule.String()}
	return id, tx.Record(who, duban.Entry{Event: duban.EventPlanned, Facts: facts, Note: item.Title})
}

// nextPlanCode returns the next code of a year for items that are put into the plan in the chat, such as P26-07.
func nextPlanCode(tx *store.Tx, year int) (string, error) {
	for n := 1; ; n++ {
		code := fmt.Sprintf("P%02d-%02d", year%100, n)
		known, err := tx.PlanCodeKnown(code)
		if err != nil || !known {
			return code, err
		}
	}
}

// MayPlan says whether an actor may decide on an item of the plan: whoever put it there, and whoever has the right towards the unit of that person. What
// the office put there without a person belongs to the unit at the top.
func MayPlan(tx *store.Tx, who duban.Actor, item duban.PlanItem) (bool, error) {
	if who.Trusted() || item.IssuerID != 0 && item.IssuerID == who.PersonID {
		return true, nil
	}
	unit, err := planUnit(tx, item)
	if err != nil {
		return false, err
	}
	return May(tx, who, duban.ActPlan, unit)
}

// planUnit is the unit to which an item of the plan belongs: that of whoever put it there, else the one at the top.
func planUnit(tx *store.Tx, item duban.PlanItem) (int64, error) {
	if item.IssuerID != 0 {
		if unit, err := FirstUnit(tx, item.IssuerID); err != nil || unit.ID != 0 {
			return unit.ID, err
		}
	}
	units, err := tx.Units()
	for _, u := range units {
		if u.ParentID == 0 {
			return u.ID, err
		}
	}
	return 0, err
}

func (d *Desk) ownPlan(tx *store.Tx, who duban.Actor, id int64) (duban.PlanItem, error) {
	item, err := tx.PlanItem(id)
	if err != nil {
		return item, err
	}
	ok, err := MayPlan(tx, who, item)
	if err == nil && !ok {
		err = duban.Refuse(duban.NotAllowed)
	}
	return item, err
}

// SkipPlan skips one date of an item of the plan (跳过本期), with a reason.
func (d *Desk) SkipPlan(ctx context.Context, who duban.Actor, id int64, date calendar.Date, reason string) (duban.PlanItem, error) {
	var item duban.PlanItem
	err := d.write(ctx, who, func(tx *store.Tx) error {
		reason, err := given(reason)
		if err != nil {
			return err
		}
		if item, err = d.ownPlan(tx, who, id); err != nil {
			return err
		}
		run, err := tx.PlanRun(id, date)
		if err != nil {
			return err
		}
		if run.Settled() {
			return duban.Refuse(duban.AlreadyDone, "at", run.SkippedAt)
		}
		run.SkippedAt = tx.Now
		facts := duban.Facts{"plan": item.Code, "date": date.String(), "skipped": true}
		return errorsOf(tx.SavePlanRun(run), tx.Record(who, duban.Entry{Event: duban.EventPlanned, Facts: facts, Note: reason}))
	})
	return item, err
}

// SetPlanAuto says whether an item of the plan is issued by itself when its date comes near.
func (d *Desk) SetPlanAuto(ctx context.Context, who duban.Actor, id int64, auto bool) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		item, err := d.ownPlan(tx, who, id)
		if err != nil {
			return err
		}
		body, err := planBodyOf(item)
		if err != nil {
			return err
		}
		body.Auto = auto
		item.Row = toJSON(body)
		if _, err := tx.SavePlanItem(item); err != nil {
			return err
		}
		return tx.Record(who, duban.Entry{Event: duban.EventPlanned, Facts: duban.Facts{"plan": item.Code, "auto": auto}})
	})
}

// EndPlan takes an item out of the plan. What was issued of it stays.
func (d *Desk) EndPlan(ctx context.Context, who duban.Actor, id int64) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		item, err := d.ownPlan(tx, who, id)
		if err != nil {
			return err
		}
		return endPlan(tx, who, item)
	})
}

func endPlan(tx *store.Tx, who duban.Actor, item duban.PlanItem) error {
	facts := duban.Facts{"plan": item.Code, "ended": true}
	return errorsOf(tx.EndPlanItem(item.ID), tx.Record(who, duban.Entry{Event: duban.EventPlanned, Facts: facts}))
}
