package work

import (
	"context"
	"fmt"

	"duban"
	"duban/calendar"
	"duban/store"
)

// Pass accepts a submission (通过): the assignment is closed. A reviewer may, the first decision counts; a later one is refused as
// AlreadyDone. Of one that was drawn for a look the record says whether the actor had opened its evidence.
func (d *Desk) Pass(ctx context.Context, who duban.Actor, submission int64) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		sub, a, err := d.reviewable(tx, who, submission, duban.VerbPass)
		after = a
		if err != nil {
			return err
		}
		after, err = d.pass(tx, who, sub, a)
		return err
	})
	return after, err
}

// pass closes an assignment, which has been moved to where that leads, with its submission.
func (d *Desk) pass(tx *store.Tx, who duban.Actor, sub duban.Submission, a duban.Assignment) (duban.Assignment, error) {
	sub.State, a.ClosedAt = duban.SubmissionPassed, tx.Now
	facts, err := d.reviewFacts(tx, who, a, sub)
	if err != nil {
		return a, err
	}
	facts["days_early"] = duban.DaysEarly(a, d.Calendar)
	if err := d.decided(tx, who, &a, sub, duban.EventClosed, facts); err != nil {
		return a, err
	}
	return a, d.follow(tx, who, a, calendar.Due{})
}

// Comeback is with what a submission is given back: the reason in words, which must not be empty, what kind of reason it is where that is known, and a
// later deadline where one is given.
type Comeback struct {
	Reason string
	Fault  duban.Fault
	Due    calendar.Due
}

// Return gives a submission back (退回) with a reason. Without a deadline the assignment keeps the one it has, unless that has passed because the
// reviewers were late. The deadline set at first is kept, and a later one does not count as an extension of the unit.
func (d *Desk) Return(ctx context.Context, who duban.Actor, submission int64, back Comeback) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		sub, a, err := d.reviewable(tx, who, submission, duban.VerbReturn)
		after = a
		if err != nil {
			return err
		}
		if sub.Reason, err = given(back.Reason); err != nil {
			return err
		}
		sub.State, sub.Fault = duban.SubmissionBack, back.Fault
		before, due := a.Due, back.Due
		facts, err := d.reviewFacts(tx, who, a, sub)
		if err != nil {
			return err
		}
		if due.IsZero() {
			due = d.Policy.ReturnDue(a, d.Calendar, tx.Now)
		} else if err := d.MayReturnUntil(tx, who, a, due); err != nil {
			return err
		}
		a.Returns++
		a.ReturnedAt, a.Due = tx.Now, due
		facts["due"] = dueFact(due)
		if sub.Fault != duban.OtherFault {
			facts["fault"] = string(sub.Fault)
		}
		if err := d.decided(tx, who, &a, sub, duban.EventReturned, facts); err != nil {
			return err
		}
		after = a
		if sameDue(a.Due, before) {
			return nil
		}
		return recordReturnDue(tx, who, a, sub, before)
	})
	return after, err
}

// reviewFacts are what the record says of a decision: for how many working days it was waited for, by how many of them the reviewers were late, and
// whether the submission was drawn for a look and its evidence had been opened.
func (d *Desk) reviewFacts(tx *store.Tx, who duban.Actor, a duban.Assignment, sub duban.Submission) (duban.Facts, error) {
	waited, late := d.Policy.ReviewDays(a, d.Calendar, tx.Now)
	facts := duban.Facts{"submission": sub.ID, "review_days": waited}
	if late > 0 {
		facts["reviewer_late"] = late
	}
	if !sub.Sampled {
		return facts, nil
	}
	facts["sampled"] = true
	looked, err := HasLooked(tx, who, sub)
	if !looked {
		facts["not_looked"] = true
	}
	return facts, err
}

// decided saves what was decided on a submission, records it and tells it.
func (d *Desk) decided(tx *store.Tx, who duban.Actor, a *duban.Assignment, sub duban.Submission, event duban.Event, facts duban.Facts) error {
	sub.DecidedAt, sub.DecidedBy = tx.Now, who.PersonID
	a.ActedUntil = tx.Now
	if err := tx.SaveSubmission(sub); err != nil {
		return err
	}
	if err := d.save(tx, a); err != nil {
		return err
	}
	if err := recordOn(tx, who, *a, event, facts, sub.Reason); err != nil {
		return err
	}
	return tellDecision(tx, *a, sub)
}

// reviewable reads a submission with its assignment, moved to where the verb leads, when the actor may decide on it.
func (d *Desk) reviewable(tx *store.Tx, who duban.Actor, submission int64, verb duban.Verb) (duban.Submission, duban.Assignment, error) {
	sub, err := tx.Submission(submission)
	if err != nil {
		return sub, duban.Assignment{}, err
	}
	a, err := tx.Assignment(sub.AssignmentID)
	if err != nil {
		return sub, a, err
	}
	if ok, err := MayReview(tx, who, a); err != nil || !ok {
		return sub, a, orRefuse(err, duban.NotAllowed)
	}
	switch sub.State {
	case duban.SubmissionPassed, duban.SubmissionBack:
		return sub, a, duban.Refuse(duban.AlreadyDone, "at", sub.DecidedAt)
	case duban.SubmissionWaits:
	default:
		return sub, a, duban.Refuse(duban.WrongState)
	}
	a.State, err = a.After(verb, tx.Now)
	return sub, a, err
}

func orRefuse(err error, code duban.Code) error {
	if err != nil {
		return err
	}
	return duban.Refuse(code)
}

// MayReview reports whether an actor may decide on the submissions of an assignment: the reviewers of the task and whoever has the right
// over the unit, and whoever stands in for one of them; but never the owner, nor whoever stands in for the owner.
func MayReview(tx *store.Tx, who duban.Actor, a duban.Assignment) (bool, error) {
	if who.PersonID == a.OwnerID && who.PersonID != 0 {
		return false, nil
	}
	if own, err := StandsIn(tx, who.PersonID, a.OwnerID); err != nil || own {
		return false, err
	}
	if ok, err := May(tx, who, duban.ActReview, a.UnitID); err != nil || ok {
		return ok, err
	}
	task, err := tx.Task(a.TaskID)
	if err != nil {
		return false, err
	}
	reviewers, err := Reviewers(tx, task, a)
	for _, p := range reviewers {
		if p.ID == who.PersonID {
			return true, err
		}
		if ok, err := StandsIn(tx, who.PersonID, p.ID); err != nil || ok {
			return ok, err
		}
	}
	return false, err
}

// tellDecision shows a decision on the cards of the item and of the submission, and tells the owner.
func tellDecision(tx *store.Tx, a duban.Assignment, sub duban.Submission) error {
	if err := refreshCards(tx, a, duban.LaneAnswer); err != nil {
		return err
	}
	kind := duban.NewsPassed
	if sub.State == duban.SubmissionBack {
		kind = duban.NewsReturned
	}
	err := tx.Post(duban.Notice{
		Key: fmt.Sprintf("%s:%d:%d", kind, sub.ID, tx.Now.UnixMilli()), Kind: kind, Lane: duban.LaneAnswer, PersonID: a.OwnerID, AssignmentID: a.ID, SubmissionID: sub.ID,
	})
	if err != nil {
		return err
	}
	task, err := tx.Task(a.TaskID)
	if err != nil {
		return err
	}
	return askReviewers(tx, task, a, sub, 0)
}
