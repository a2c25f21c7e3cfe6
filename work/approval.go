package work

import (
	"context"
	"fmt"
	"slices"

	"duban"
	"duban/store"
)

// sendForApproval lays the assignments of a task and asks whoever has to approve that they are issued (送审).
func (d *Desk) sendForApproval(tx *store.Tx, who duban.Actor, task duban.Task, seen TaskPreview) error {
	for _, t := range seen.Targets {
		if err := d.draftTo(tx, t.assignment(task, seen.Due), duban.Pending); err != nil {
			return err
		}
	}
	return d.askToIssue(tx, who, who.PersonID, task, seen.Targets, seen.Approval)
}

// askToIssue asks a seat to approve what somebody has drawn up.
func (d *Desk) askToIssue(tx *store.Tx, who duban.Actor, asker int64, task duban.Task, targets []Target, seat duban.Seat) error {
	deciders, err := issueDeciders(tx, targets, seat, asker)
	if err != nil {
		return err
	}
	if len(deciders) == 0 {
		return duban.Refuse(duban.NoApprover)
	}
	r := duban.Request{Kind: duban.AskIssue, TaskID: task.ID, AskerID: asker, AskedAt: tx.Now, State: duban.Agreed, Needs: seat}
	if r.ID, err = tx.AddRequest(r); err != nil {
		return err
	}
	facts := duban.Facts{"request": r.ID, "seat": string(seat), "units": len(targets)}
	if err := tx.Record(who, duban.Entry{Event: duban.EventApprovalAsked, TaskID: task.ID, PersonID: asker, Facts: facts}); err != nil {
		return err
	}
	return tellApprovers(tx, r, deciders)
}

// ApprovalSubject names the live card of a request to issue.
func ApprovalSubject(request int64) string { return fmt.Sprintf("approval:%d", request) }

// ApproveIssue approves what somebody has drawn up (批准): it is issued, unless another has to approve it too.
func (d *Desk) ApproveIssue(ctx context.Context, who duban.Actor, request int64) (duban.Request, error) {
	return d.decideIssue(ctx, who, request, duban.Request{State: duban.Granted}, d.grantIssue)
}

// SendBackIssue sends back what somebody has drawn up, with the reason (退回修改). It is a draft of theirs again.
func (d *Desk) SendBackIssue(ctx context.Context, who duban.Actor, request int64, reason string) (duban.Request, error) {
	answer, err := given(reason)
	if err != nil {
		return duban.Request{}, err
	}
	return d.decideIssue(ctx, who, request, duban.Request{State: duban.Refused, Answer: answer}, d.refuseIssue)
}

// RetractIssue takes back what the actor has sent for approval. It is a draft again.
func (d *Desk) RetractIssue(ctx context.Context, who duban.Actor, task int64) (duban.Request, error) {
	var after duban.Request
	err := d.write(ctx, who, func(tx *store.Tx) error {
		r, err := tx.OpenTaskRequest(task)
		if err != nil {
			return err
		}
		if r.AskerID != who.PersonID {
			return duban.Refuse(duban.NotAllowed)
		}
		r.State, r.DecidedBy, r.DecidedAt = duban.Retracted, who.PersonID, tx.Now
		after = r
		return errorsOf(tx.SaveRequest(r), d.refuseIssue(tx, who, r), closeApproval(tx, who, r))
	})
	return after, err
}

// decideIssue saves a decision on a request to issue, does what follows from it, and tells.
func (d *Desk) decideIssue(ctx context.Context, who duban.Actor, request int64, decision duban.Request, follow func(*store.Tx, duban.Actor, duban.Request) error) (duban.Request, error) {
	var after duban.Request
	err := d.write(ctx, who, func(tx *store.Tx) error {
		r, err := tx.Request(request)
		if err != nil {
			return err
		}
		after = r
		if err := mayDecideIssue(tx, who, r); err != nil {
			return err
		}
		r.State, r.Answer, r.DecidedBy, r.DecidedAt = decision.State, decision.Answer, who.PersonID, tx.Now
		if err := tx.SaveRequest(r); err != nil {
			return err
		}
		after = r
		return errorsOf(follow(tx, who, r), closeApproval(tx, who, r))
	})
	return after, err
}

func mayDecideIssue(tx *store.Tx, who duban.Actor, r duban.Request) error {
	ok, err := MayApprove(tx, who, r)
	switch {
	case err != nil:
		return err
	case r.TaskID != 0 && who.PersonID == r.AskerID:
		return duban.Refuse(duban.OwnRequest)
	case !ok:
		return duban.Refuse(duban.NotAllowed)
	case !r.State.Waits():
		return duban.Refuse(duban.AlreadyDone, "at", r.DecidedAt)
	}
	return nil
}

// grantIssue issues what was asked for, or asks the next who has to approve.
func (d *Desk) grantIssue(tx *store.Tx, who duban.Actor, r duban.Request) error {
	task, err := tx.Task(r.TaskID)
	if err != nil {
		return err
	}
	facts := duban.Facts{"request": r.ID, "seat": string(r.Needs)}
	if err := tx.Record(who, duban.Entry{Event: duban.EventApproved, TaskID: task.ID, PersonID: r.AskerID, Facts: facts}); err != nil {
		return err
	}
	targets, people, err := targetsOf(tx, task.ID)
	if err != nil {
		return err
	}
	role, err := issuerRole(tx, duban.Actor{PersonID: r.AskerID, Via: duban.ViaChat}, targets)
	if err != nil {
		return err
	}
	approved, err := approvedSeats(tx, r)
	if err != nil {
		return err
	}
	if next := d.Policy.NextApproval(role, people, approved); next != "" {
		return d.askToIssue(tx, who, r.AskerID, task, targets, next)
	}
	return d.issuePending(tx, who, task)
}

// approvedSeats returns the seats that have approved a task since it was last sent back, with the one that does now.
func approvedSeats(tx *store.Tx, now duban.Request) ([]duban.Seat, error) {
	before, err := tx.RequestsOfTask(now.TaskID)
	if err != nil {
		return nil, err
	}
	seats := []duban.Seat{now.Needs}
	for _, r := range slices.Backward(before) {
		switch {
		case r.ID == now.ID:
			continue
		case r.State != duban.Granted:
			return seats, nil
		}
		seats = append(seats, r.Needs)
	}
	return seats, nil
}

func (d *Desk) issuePending(tx *store.Tx, who duban.Actor, task duban.Task) error {
	all, err := tx.AssignmentsOf(task.ID)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.State != duban.Pending {
			continue
		}
		if d.Calendar.Overdue(a.Due, tx.Now) {
			return duban.Refuse(duban.DuePast)
		}
		if a.OwnerID, err = stillThere(tx, a); err != nil {
			return err
		}
		if err := d.issueDraft(tx, who, task, a); err != nil {
			return err
		}
	}
	return nil
}

// stillThere returns the owner of an assignment that is not issued yet, or who owns it now when the owner has left.
func stillThere(tx *store.Tx, a duban.Assignment) (int64, error) {
	owner, err := tx.Person(a.OwnerID)
	if err != nil || owner.Active {
		return a.OwnerID, err
	}
	next, reason, err := DefaultOwner(tx, a.UnitID)
	if err == nil && reason != "" {
		err = duban.Refuse(duban.NoOwner)
	}
	return next.ID, err
}

// refuseIssue makes a draft again of what was not approved, or whose approval the asker no longer wants.
func (d *Desk) refuseIssue(tx *store.Tx, who duban.Actor, r duban.Request) error {
	all, err := tx.AssignmentsOf(r.TaskID)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.State != duban.Pending {
			continue
		}
		a.State = duban.Draft
		if err := tx.SaveAssignment(a, d.Calendar.End(a.Due)); err != nil {
			return err
		}
	}
	event := duban.EventApprovalRefused
	if who.PersonID == r.AskerID {
		event = duban.EventRetracted
	}
	facts := duban.Facts{"request": r.ID, "kind": string(r.Kind), "seat": string(r.Needs)}
	return tx.Record(who, duban.Entry{Event: event, TaskID: r.TaskID, PersonID: r.AskerID, Facts: facts, Note: r.Answer})
}

// overtakeApproval takes back that a task waits for approval once nothing of it is left to be issued, since it was cancelled; whoever drew it up is told.
func overtakeApproval(tx *store.Tx, who duban.Actor, a duban.Assignment, why string) error {
	r, err := tx.OpenTaskRequest(a.TaskID)
	if err != nil {
		return ignoreNotFound(err)
	}
	all, err := tx.AssignmentsOf(a.TaskID)
	if err != nil || slices.ContainsFunc(all, func(o duban.Assignment) bool { return o.State == duban.Pending }) {
		return err
	}
	r.State, r.DecidedBy, r.DecidedAt = duban.Retracted, who.PersonID, tx.Now
	facts := duban.Facts{"request": r.ID, "kind": string(r.Kind), "why": "cancelled"}
	return errorsOf(
		tx.SaveRequest(r),
		tx.Record(who, duban.Entry{Event: duban.EventRetracted, TaskID: r.TaskID, PersonID: r.AskerID, Facts: facts}),
		refreshApproval(tx, r),
		tellSteered(tx, a, SteeredNews{Verb: duban.EventCancelled, By: who.PersonID, Reason: why}, r.AskerID),
	)
}
