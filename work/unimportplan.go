package work

import (
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
)

// plan brings an item of the plan back to what it was, takes out one that was new, or puts back one that was taken out. What has been issued or skipped
// of it since the import stands, and so does the item as it is.
func (u *undoing) plan(step store.Step) (UndoLeft, error) {
	now, err := u.tx.PlanItem(step.ThingID)
	gone := duban.CodeOf(err) == duban.NotFound
	switch {
	case err != nil && !gone:
		return UndoLeft{}, err
	case gone && step.Did == store.DidAdd:
		return UndoLeft{}, nil // somebody has taken it out already
	case gone || step.Did == store.DidEnd:
		return u.planAgain(step, gone)
	}
	left := UndoLeft{Code: now.Code, Name: now.Title}
	if left.Reason, err = u.planStays(now); err != nil || left.Reason != "" {
		return left, err
	}
	if step.Did == store.DidAdd {
		return left, endPlan(u.tx, u.who, now)
	}
	before, err := fromJSON[duban.PlanItem](step.Before)
	if err != nil {
		return left, err
	}
	after, err := fromJSON[duban.PlanItem](step.After)
	if err != nil {
		return left, err
	}
	if now.Row != after.Row || now.Rule.String() != after.Rule.String() {
		left.Reason = UndoChanged
		return left, nil
	}
	_, err = u.desk.savePlan(u.tx, u.who, before)
	return left, err
}

// planAgain puts an item back that the import took out, unless it is in the plan again.
func (u *undoing) planAgain(step store.Step, gone bool) (UndoLeft, error) {
	before, err := fromJSON[duban.PlanItem](step.Before)
	if err != nil {
		return UndoLeft{}, err
	}
	left := UndoLeft{Code: before.Code, Name: before.Title}
	if !gone || step.Did != store.DidEnd {
		left.Reason = UndoChanged
		return left, nil
	}
	if may, err := MayPlan(u.tx, u.who, before); err != nil || !may {
		left.Reason = UndoNotAllowed
		return left, err
	}
	_, err = u.desk.savePlan(u.tx, u.who, before)
	return left, err
}

// planStays says why an item of the plan stays as the import left it.
func (u *undoing) planStays(item duban.PlanItem) (UndoReason, error) {
	if may, err := MayPlan(u.tx, u.who, item); err != nil || !may {
		return UndoNotAllowed, err
	}
	runs, err := u.tx.PlanRuns(item.ID, calendar.Date{})
	if err != nil {
		return "", err
	}
	for _, run := range runs {
		since, err := u.settledSince(run)
		if err != nil || since {
			return UndoIssued, err
		}
	}
	return "", nil
}

// settledSince reports whether a date of the plan was issued or skipped since the import.
func (u *undoing) settledSince(run duban.PlanRun) (bool, error) {
	at := run.SkippedAt
	if run.TaskID != 0 {
		task, err := u.tx.Task(run.TaskID)
		if err != nil {
			return false, err
		}
		at = task.CreatedAt
	}
	return at != (time.Time{}) && !at.Before(u.of.At), nil
}
