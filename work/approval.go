package work

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

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

// issueDeciders returns who holds a seat towards all of the units to which a task is to go. Nobody decides on what he asked for himself.
func issueDeciders(tx *store.Tx, targets []Target, seat duban.Seat, asker int64) ([]duban.Person, error) {
	var all []duban.Person
	for _, t := range targets {
		holders, err := tx.HoldersAbove(t.Unit.ID, seatRole[seat])
		if err != nil {
			return nil, err
		}
		for _, h := range holders {
			if h.ID != asker && !slices.ContainsFunc(all, func(p duban.Person) bool { return p.ID == h.ID }) {
				all = append(all, h)
			}
		}
	}
	return all, nil
}

// seatRole and seatAction say who holds a seat, and by which right.
var (
	seatRole   = map[duban.Seat]duban.Role{duban.SeatSecretary: duban.Secretary, duban.SeatSecondAdmin: duban.Admin, duban.SeatAdmin: duban.Admin, duban.SeatLeader: duban.Leader}
	seatAction = map[duban.Seat]duban.Action{duban.SeatSecretary: duban.ActAgree, duban.SeatSecondAdmin: duban.ActSecondPerson, duban.SeatLeader: duban.ActApprove}
)

// MayApprove reports whether an actor holds the seat that decides on a request to issue a task, towards every unit of it.
func MayApprove(tx *store.Tx, who duban.Actor, r duban.Request) (bool, error) {
	if r.TaskID == 0 || who.PersonID == r.AskerID {
		return false, nil
	}
	targets, _, err := targetsOf(tx, r.TaskID)
	if err != nil {
		return false, err
	}
	for _, t := range targets {
		if ok, err := May(tx, who, seatAction[r.Needs], t.Unit.ID); err != nil || !ok {
			return false, err
		}
	}
	return len(targets) > 0, nil
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

// DraftOf returns a task that is not issued as a draft that can be changed and issued: one that came back from approval, or was imported as a draft. Only
// whoever drew it up gets it.
func (d *Desk) DraftOf(tx *store.Tx, who duban.Actor, task int64) (TaskDraft, error) {
	t, err := d.ownUnissued(tx, who, task)
	if err != nil {
		return TaskDraft{}, err
	}
	targets, _, err := targetsOf(tx, task)
	if err != nil {
		return TaskDraft{}, err
	}
	all, err := tx.AssignmentsOf(task)
	if err != nil {
		return TaskDraft{}, err
	}
	audience, err := tx.Audience(task)
	if err != nil {
		return TaskDraft{}, err
	}
	row := TaskRow{
		Title: t.Title, Duty: t.Duty, Category: t.Category, Units: cmp.Or(audience, unitNames(targets, false)), Supports: unitNames(targets, true), Evidence: t.Evidence, Review: t.Review,
		Priority: t.Priority, Basis: t.Basis, Note: t.Note, Internal: t.Internal, Completion: t.Completion, LoudReason: t.LoudReason, Spoken: true,
	}
	if len(all) > 0 {
		row.Due = DueText(all[0].Due)
		row.Milestones = milestonesText(all)
	}
	if t.ReviewerID != 0 {
		reviewer, err := tx.Person(t.ReviewerID)
		if err != nil {
			return TaskDraft{}, err
		}
		row.Reviewer = reviewer.Code
	}
	return TaskDraft{Row: row, TaskID: task}, nil
}

// unitNames writes the lead or the supporting units of targets so that they are found again.
func unitNames(targets []Target, support bool) string {
	var names []string
	for _, t := range targets {
		if t.Support == support {
			names = append(names, t.Unit.Name)
		}
	}
	return strings.Join(names, "、")
}

// KeepAsDraft makes a kept draft of a task of the actor's that is not issued, so that it can be changed, and returns its id.
func (d *Desk) KeepAsDraft(ctx context.Context, who duban.Actor, task int64, body func(TaskDraft) string) (int64, error) {
	var id int64
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		draft, err := d.DraftOf(tx, who, task)
		if err != nil {
			return err
		}
		id, err = tx.AddDraft(who.PersonID, body(draft))
		return err
	})
	return id, err
}

// ApprovalNews is the data of NewsApproval and NewsApproved.
type ApprovalNews struct {
	Request int64              `json:"request"`
	State   duban.RequestState `json:"state,omitempty"` // of NewsApproved: what was decided
}

// tellApprovers puts the live card of a request to issue before those who may decide on it.
func tellApprovers(tx *store.Tx, r duban.Request, deciders []duban.Person) error {
	for _, p := range deciders {
		if err := tx.Post(approvalNotice(r, p.ID)); err != nil {
			return err
		}
	}
	return nil
}

func approvalNotice(r duban.Request, reader int64) duban.Notice {
	return duban.Notice{
		Key: fmt.Sprintf("approval:%d:%d", r.ID, reader), Kind: duban.NewsApproval, Lane: duban.LaneAnswer, PersonID: reader,
		Data: toJSON(ApprovalNews{Request: r.ID}),
	}
}

// MindApprovals shows anew what has waited for an approval for a working day or longer, to whoever may approve it now, and returns how many requests that
// were. On days off it shows nothing.
func (d *Desk) MindApprovals(ctx context.Context) (int, error) {
	shown := 0
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		shown = 0
		waiting, err := tx.WaitingToIssue()
		if err != nil || !d.Calendar.IsWorkingDay(d.Calendar.Today(tx.Now)) {
			return err
		}
		for _, r := range waiting {
			if d.Calendar.WorkingDaysBetween(d.Calendar.Today(r.AskedAt), d.Calendar.Today(tx.Now)) < 1 {
				continue
			}
			if err := d.showApproval(tx, r); err != nil {
				return err
			}
			shown++
		}
		return nil
	})
	return shown, err
}

// showApproval sends the card of a request to issue anew, also to whoever has come to hold the seat meanwhile.
func (d *Desk) showApproval(tx *store.Tx, r duban.Request) error {
	targets, _, err := targetsOf(tx, r.TaskID)
	if err != nil {
		return err
	}
	deciders, err := issueDeciders(tx, targets, r.Needs, r.AskerID)
	if err != nil {
		return err
	}
	for _, p := range deciders {
		notice := approvalNotice(r, p.ID)
		notice.NotBefore = d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now)
		if err := errorsOf(tx.DropCard(ApprovalSubject(r.ID), p.ID), tx.Post(notice)); err != nil {
			return err
		}
	}
	return nil
}

// closeApproval shows on the cards of a request to issue how it ended, and tells the asker.
func closeApproval(tx *store.Tx, who duban.Actor, r duban.Request) error {
	if err := refreshApproval(tx, r); err != nil || r.AskerID == who.PersonID {
		return err
	}
	return tx.Post(duban.Notice{
		Key: fmt.Sprintf("approved:%d", r.ID), Kind: duban.NewsApproved, Lane: duban.LaneAnswer, PersonID: r.AskerID,
		Data: toJSON(ApprovalNews{r.ID, r.State}),
	})
}

// refreshApproval makes every card of a request to issue show how it stands.
func refreshApproval(tx *store.Tx, r duban.Request) error {
	return repost(tx, ApprovalSubject(r.ID), func(reader int64) duban.Notice { return approvalNotice(r, reader) })
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
