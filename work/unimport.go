package work

import (
	"context"
	"slices"
	"time"

	"duban"
	"duban/store"
)

// Undone says what came of undoing an import.
type Undone struct {
	Import store.Import
	Steps  int        // things brought back to what they were
	Left   []UndoLeft // things that stay as the import left them
}

// UndoLeft is something that an import did and that is not undone any more.
type UndoLeft struct {
	Code   string // of the task or the person; empty for a unit
	Name   string // of the task, the person or the unit
	Unit   string // of the assignment or post
	Reason UndoReason
}

// UndoReason names why something is not undone any more.
type UndoReason string

// The reasons. What has been reported or decided stands.
const (
	UndoReported   UndoReason = "reported"
	UndoOver       UndoReason = "over"        // closed or cancelled meanwhile
	UndoChanged    UndoReason = "changed"     // it was changed again since
	UndoJoined     UndoReason = "joined"      // the person has joined
	UndoInUse      UndoReason = "in_use"      // the unit has people, items or units below it
	UndoIssued     UndoReason = "issued"      // a date of the item of the plan was issued or skipped
	UndoClosed     UndoReason = "closed"      // the self-check of the assessment is closed
	UndoNotAllowed UndoReason = "not_allowed" // outside the scope of whoever undoes it
)

// UndoReasons lists every reason.
var UndoReasons = []UndoReason{UndoReported, UndoOver, UndoChanged, UndoJoined, UndoInUse, UndoIssued, UndoNotAllowed}

// UndoWithin is how long an import can be undone; after that what it changed is forgotten, since it holds names.
const UndoWithin = 90 * 24 * time.Hour

// undoChunk is how many steps are undone in one transaction.
const undoChunk = 200

// UndoImport brings what an import did back to what it was before (撤销导入), the last step first: new items are cancelled, changed ones get back what
// they had, cancelled ones are open again, people and posts are as before. What has been reported or changed since stays, and is named with
// the reason. Whoever imported may, and everybody else who may import, where they may. It is recorded. Undone again, it says AlreadyDone; after
// UndoWithin, NothingToDo.
func (d *Desk) UndoImport(ctx context.Context, who duban.Actor, id int64, reason string) (Undone, error) {
	u := undoing{desk: d, who: who, reason: reason, left: map[int64]UndoLeft{}}
	err := d.write(ctx, who, func(tx *store.Tx) error {
		return u.open(tx, id)
	})
	if err != nil {
		return Undone{}, err
	}
	rest := who
	rest.Cause = 0
	for before := int64(1) << 62; before != 0; {
		if before, err = u.chunk(ctx, rest, before); err != nil {
			return u.outcome(), err
		}
	}
	return u.outcome(), d.write(ctx, rest, u.close)
}

// MayUndo reports whether an import is there to be undone by an actor.
func MayUndo(tx *store.Tx, who duban.Actor, id int64) (store.Import, error) {
	imported, err := tx.Import(id)
	if err != nil {
		return imported, err
	}
	if !imported.UndoneAt.IsZero() {
		return imported, duban.Refuse(duban.AlreadyDone, "at", imported.UndoneAt)
	}
	if tx.Now.Sub(imported.At) > UndoWithin {
		return imported, duban.Refuse(duban.NothingToDo)
	}
	if who.Trusted() || who.PersonID == imported.PersonID {
		return imported, nil
	}
	posts, err := tx.Posts(who.PersonID)
	if err == nil && !duban.HasRight(duban.ActImport, posts) {
		err = duban.Refuse(duban.NotAllowed)
	}
	return imported, err
}

// undoing is an import on its way back.
type undoing struct {
	desk   *Desk
	tx     *store.Tx
	who    duban.Actor
	reason string
	of     store.Import
	steps  int
	left   map[int64]UndoLeft // by step
}

func (u *undoing) open(tx *store.Tx, id int64) (err error) {
	u.of, err = MayUndo(tx, u.who, id)
	return err
}

// chunk undoes some steps before one and returns the last that it looked at; 0 when there are no more.
func (u *undoing) chunk(ctx context.Context, who duban.Actor, before int64) (int64, error) {
	var next undoing
	last := int64(0)
	err := u.desk.write(ctx, who, func(tx *store.Tx) error {
		next, last = *u, 0
		next.tx, next.left = tx, map[int64]UndoLeft{}
		steps, err := tx.StepsBefore(u.of.ID, before, undoChunk)
		if err != nil {
			return err
		}
		for _, step := range steps {
			if err := next.undo(step); err != nil {
				return err
			}
			last = step.ID
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for id, left := range next.left {
		u.left[id] = left
	}
	u.steps = next.steps
	return last, nil
}

// undo undoes one step, or notes why not.
func (u *undoing) undo(step store.Step) error {
	left, err := u.back(step)
	switch {
	case err != nil:
		return err
	case left.Reason != "":
		u.left[step.ID] = left
		return nil
	}
	if step.Thing != store.TaskThing || step.Did != store.DidAdd {
		u.steps++
	}
	return u.tx.UndoneStep(step.ID)
}

func (u *undoing) back(step store.Step) (UndoLeft, error) {
	switch step.Thing {
	case store.AssignmentThing:
		return u.assignment(step)
	case store.TaskThing:
		return u.task(step)
	case store.PostThing:
		return u.post(step)
	case store.PersonThing:
		return u.person(step)
	case store.PlanThing:
		return u.plan(step)
	case store.PartThing:
		return u.part(step)
	}
	return u.unit(step)
}

// close records that the import is undone. As long as something is left of it that may be undone later, it can be tried again.
func (u *undoing) close(tx *store.Tx) error {
	facts := duban.Facts{"import": u.of.ID, "what": u.of.Kind, "undone": u.steps, "left": len(u.left)}
	if err := tx.Record(u.who, duban.Entry{Event: duban.EventImportUndone, Facts: facts, Note: u.of.File}); err != nil {
		return err
	}
	if len(u.left) > 0 {
		return nil
	}
	return tx.UndoneImport(u.of.ID)
}

func (u *undoing) outcome() Undone {
	done := Undone{Import: u.of, Steps: u.steps}
	ids := make([]int64, 0, len(u.left))
	for id := range u.left {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		if left := u.left[id]; !slices.Contains(done.Left, left) {
			done.Left = append(done.Left, left)
		}
	}
	return done
}

// assignment brings an assignment back, unless somebody has dealt with it since.
func (u *undoing) assignment(step store.Step) (UndoLeft, error) {
	a, err := u.tx.Assignment(step.ThingID)
	if duban.CodeOf(err) == duban.NotFound {
		return UndoLeft{}, nil // it was not issued, and was dropped
	}
	if err != nil {
		return UndoLeft{}, err
	}
	left, err := u.leftOf(a)
	if err != nil {
		return left, err
	}
	if ok, err := May(u.tx, u.who, duban.ActIssue, a.UnitID); err != nil || !ok {
		left.Reason = UndoNotAllowed
		return left, err
	}
	if step.Did == store.DidAdd {
		return u.takeBack(a, left)
	}
	before, err := fromJSON[duban.Assignment](step.Before)
	if err != nil {
		return left, err
	}
	after, err := fromJSON[duban.Assignment](step.After)
	if err != nil {
		return left, err
	}
	if step.Did == store.DidEnd {
		return u.openAgain(a, before, after, left)
	}
	return u.changeBack(a, before, after, left)
}

func (u *undoing) leftOf(a duban.Assignment) (UndoLeft, error) {
	task, err := u.tx.Task(a.TaskID)
	if err != nil {
		return UndoLeft{}, err
	}
	unit, err := u.tx.Unit(a.UnitID)
	return UndoLeft{Code: task.Code, Name: task.Title, Unit: unit.Name}, err
}

// dealtWith says why an assignment cannot be undone any more that was issued or changed by the import. Signing is no reason, the first submission is.
func (u *undoing) dealtWith(a duban.Assignment) UndoReason {
	switch {
	case !a.SubmittedAt.Before(u.of.At), a.State == duban.Submitted:
		return UndoReported
	case a.State.Done(), a.State == duban.CalledOff:
		return UndoOver
	}
	return ""
}

func (u *undoing) takeBack(a duban.Assignment, left UndoLeft) (UndoLeft, error) {
	if left.Reason = u.dealtWith(a); left.Reason == UndoOver && a.State == duban.CalledOff {
		return UndoLeft{}, nil
	}
	if left.Reason != "" {
		return left, nil
	}
	a, err := u.desk.cancel(u.tx, u.who, a.ID, u.reason)
	if duban.CodeOf(err) == duban.NotAllowed {
		left.Reason = UndoNotAllowed
		return left, nil
	}
	if err != nil {
		return left, err
	}
	return left, u.desk.follow(u.tx, u.who, a, noDue)
}

func (u *undoing) openAgain(a, before, after duban.Assignment, left UndoLeft) (UndoLeft, error) {
	if a.Version != after.Version {
		left.Reason = UndoChanged
		return left, nil
	}
	before.Version = a.Version
	return left, u.desk.change(u.tx, u.who, before, before.OwnerID, before.Due)
}

func (u *undoing) changeBack(a, before, after duban.Assignment, left UndoLeft) (UndoLeft, error) {
	if left.Reason = u.dealtWith(a); left.Reason != "" {
		return left, nil
	}
	if !sameDue(a.Due, after.Due) || a.OwnerID != after.OwnerID {
		left.Reason = UndoChanged
		return left, nil
	}
	a.Support, a.Milestones = before.Support, duban.Replanned(a.Milestones, before.Milestones)
	return left, u.desk.change(u.tx, u.who, a, before.OwnerID, before.Due)
}

// task brings a task back to what it said. One that was added stays in the books without a unit that has it.
func (u *undoing) task(step store.Step) (UndoLeft, error) {
	if step.Did == store.DidAdd {
		return UndoLeft{}, nil
	}
	now, err := u.tx.Task(step.ThingID)
	if err != nil {
		return UndoLeft{}, err
	}
	left := UndoLeft{Code: now.Code, Name: now.Title}
	before, err := fromJSON[duban.Task](step.Before)
	if err != nil {
		return left, err
	}
	after, err := fromJSON[duban.Task](step.After)
	if err != nil {
		return left, err
	}
	if !now.Same(after) {
		left.Reason = UndoChanged
		return left, nil
	}
	all, err := u.tx.AssignmentsOf(now.ID)
	if err != nil {
		return left, err
	}
	for _, a := range all {
		if left.Reason = u.dealtWith(a); left.Reason == UndoReported {
			return left, nil
		}
		left.Reason = ""
		if ok, err := May(u.tx, u.who, duban.ActIssue, a.UnitID); err != nil || !ok {
			left.Reason = UndoNotAllowed
			return left, err
		}
	}
	facts := duban.Facts{"fields": changedFields(now, before)}
	return left, errorsOf(u.tx.ChangeTask(before),
		u.tx.Record(u.who, duban.Entry{Event: duban.EventChanged, TaskID: now.ID, Facts: facts, Note: now.Title}))
}
