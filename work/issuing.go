package work

import (
	"context"
	"fmt"
	"strconv"

	"duban"
	"duban/calendar"
	"duban/store"
)

// TaskDraft (草稿) is an item that somebody draws up in the chat. It is kept until it is issued or dropped.
type TaskDraft struct {
	ID     int64   `json:"-"` // of the kept draft; 0: it is not kept
	Row    TaskRow `json:"row"`
	TaskID int64   `json:"task,omitempty"` // the task that came back from approval; 0: a new one
	// PlanID and PlanDate name the item of the plan and its date for which it is issued; 0: none.
	PlanID   int64         `json:"plan,omitempty"`
	PlanDate calendar.Date `json:"plan_date,omitzero"`
}

// IssueResult says what came of issuing a draft.
type IssueResult struct {
	Task     duban.Task
	Issued   int        // assignments issued
	Waits    duban.Seat // who has to approve first; "": nobody
	Problems []Problem  // why nothing was issued
}

// IssueTask issues what was drawn up (交办), or sends it for approval where somebody has to approve it first. With problems nothing happens.
func (d *Desk) IssueTask(ctx context.Context, who duban.Actor, draft TaskDraft) (IssueResult, error) {
	var done IssueResult
	err := d.write(ctx, who, func(tx *store.Tx) error {
		done = IssueResult{}
		return d.issueDrawnUp(tx, who, draft, &done)
	})
	return done, settled(err)
}

func (d *Desk) issueDrawnUp(tx *store.Tx, who duban.Actor, draft TaskDraft, done *IssueResult) error {
	seen, err := d.PreviewTask(tx, who, draft)
	if err != nil {
		return err
	}
	if done.Problems = seen.Problems; len(done.Problems) > 0 {
		return errUndo
	}
	if done.Task, err = d.keepTask(tx, who, draft, seen.Task); err != nil {
		return err
	}
	if err := d.notePlan(tx, draft, done.Task.ID); err != nil {
		return err
	}
	if draft.ID != 0 {
		if err := tx.DropDraft(draft.ID); err != nil {
			return err
		}
	}
	if done.Waits = seen.Approval; done.Waits != "" {
		return d.sendForApproval(tx, who, done.Task, seen)
	}
	for _, t := range seen.Targets {
		if err := d.issueTo(tx, who, done.Task, t.assignment(done.Task, seen.Due)); err != nil {
			return err
		}
		done.Issued++
	}
	return nil
}

// keepTask adds the task of a draft, or changes the one that came back from approval, whose unissued assignments are laid anew.
func (d *Desk) keepTask(tx *store.Tx, who duban.Actor, draft TaskDraft, task duban.Task) (duban.Task, error) {
	var err error
	if draft.TaskID != 0 {
		task, err = d.redrawn(tx, who, draft.TaskID, task)
	} else {
		task, err = d.drawnUp(tx, who, task)
	}
	if err != nil {
		return task, err
	}
	return task, tx.SetAudience(task.ID, draft.Row.Units)
}

func (d *Desk) drawnUp(tx *store.Tx, who duban.Actor, task duban.Task) (duban.Task, error) {
	code, err := nextCode(tx, d.Calendar.Today(tx.Now).Year)
	if err != nil {
		return task, err
	}
	task.Code, task.IssuerID, task.CreatedAt = code, who.PersonID, tx.Now
	if task.ID, err = tx.AddTask(task); err != nil {
		return task, err
	}
	return task, tx.Record(who, duban.Entry{Event: duban.EventDrafted, TaskID: task.ID, Note: task.Title})
}

func (d *Desk) redrawn(tx *store.Tx, who duban.Actor, id int64, task duban.Task) (duban.Task, error) {
	before, err := d.ownUnissued(tx, who, id)
	if err != nil {
		return task, err
	}
	task.ID, task.Code, task.IssuerID, task.CreatedAt = before.ID, before.Code, before.IssuerID, before.CreatedAt
	facts := duban.Facts{"fields": changedFields(before, task)}
	return task, errorsOf(tx.ChangeTask(task), tx.DropUnissued(id),
		tx.Record(who, duban.Entry{Event: duban.EventChanged, TaskID: id, Facts: facts, Note: before.Title}))
}

// ownUnissued returns a task that the actor drew up and that is neither issued nor waits for approval.
func (d *Desk) ownUnissued(tx *store.Tx, who duban.Actor, id int64) (duban.Task, error) {
	task, err := tx.Task(id)
	if err != nil {
		return task, err
	}
	all, err := tx.AssignmentsOf(id)
	if err != nil {
		return task, err
	}
	for _, a := range all {
		switch {
		case a.State == duban.Pending:
			return task, duban.Refuse(duban.PendingRequest)
		case a.State.Visible():
			return task, duban.Refuse(duban.AlreadyDone, "at", a.IssuedAt)
		}
	}
	if !who.Trusted() && task.IssuerID != who.PersonID {
		return task, duban.Refuse(duban.NotAllowed)
	}
	return task, nil
}

// nextCode returns the next code of a year for items that are drawn up in the chat, such as T26-007.
func nextCode(tx *store.Tx, year int) (string, error) {
	prefix := fmt.Sprintf("T%02d-", year%100)
	last, err := tx.LastCode(prefix)
	if err != nil {
		return "", err
	}
	n := 0
	if len(last) > len(prefix) {
		n, err = strconv.Atoi(last[len(prefix):])
	}
	for ; err == nil; n++ {
		code := fmt.Sprintf("%s%03d", prefix, n+1)
		if _, err := tx.TaskByCode(code); duban.CodeOf(err) == duban.NotFound {
			return code, nil
		} else if err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%sC%d", prefix, tx.Now.UnixMilli()), nil
}

// notePlan notes that an item of the plan was issued for one of its dates. It is issued once for each.
func (d *Desk) notePlan(tx *store.Tx, draft TaskDraft, task int64) error {
	if draft.PlanID == 0 {
		return nil
	}
	run, err := tx.PlanRun(draft.PlanID, draft.PlanDate)
	if err != nil {
		return err
	}
	if run.TaskID != 0 && run.TaskID != task {
		return duban.Refuse(duban.AlreadyDone)
	}
	run.TaskID = task
	return tx.SavePlanRun(run)
}

// KeepDraft keeps a draft that somebody is drawing up, and returns its id. Only its own person can change it; then NotFound comes back.
func (d *Desk) KeepDraft(ctx context.Context, who duban.Actor, id int64, body string) (int64, error) {
	kept := id
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		if id == 0 {
			var err error
			kept, err = tx.AddDraft(who.PersonID, body)
			return err
		}
		if _, err := OwnDraft(tx, who, id); err != nil {
			return err
		}
		return tx.SaveDraft(id, body)
	})
	return kept, err
}

// DropDraft forgets a draft of the actor's.
func (d *Desk) DropDraft(ctx context.Context, who duban.Actor, id int64) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		if _, err := OwnDraft(tx, who, id); err != nil {
			return err
		}
		return tx.DropDraft(id)
	})
}

// OwnDraft returns a draft of the actor's; NotFound for anybody else's.
func OwnDraft(tx *store.Tx, who duban.Actor, id int64) (store.Draft, error) {
	draft, err := tx.Draft(id)
	if err == nil && draft.PersonID != who.PersonID {
		return store.Draft{}, duban.Refuse(duban.NotFound)
	}
	return draft, err
}
