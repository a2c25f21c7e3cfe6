package work

import (
	"context"
	"fmt"
	"strings"

	"duban"
	"duban/calendar"
	"duban/store"
)

// Pass accepts a submission (通过): the assignment is closed. A reviewer may, the first decision counts; a later one is refused as
// AlreadyDone.
func (d *Desk) Pass(ctx context.Context, who duban.Actor, submission int64) (duban.Assignment, error) {
	return d.decide(ctx, who, submission, duban.VerbPass, "", calendar.Due{})
}

// Return gives a submission back (退回) with a reason, which must not be empty, and with a new deadline where one is given.
func (d *Desk) Return(ctx context.Context, who duban.Actor, submission int64, reason string, due calendar.Due) (duban.Assignment, error) {
	return d.decide(ctx, who, submission, duban.VerbReturn, strings.TrimSpace(reason), due)
}

func (d *Desk) decide(ctx context.Context, who duban.Actor, submission int64, verb duban.Verb, reason string, due calendar.Due) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		sub, a, err := d.reviewable(tx, who, submission, verb)
		after = a
		if err != nil {
			return err
		}
		if verb == duban.VerbReturn && reason == "" {
			return duban.Refuse(duban.ReasonNeeded)
		}
		sub.DecidedAt, sub.DecidedBy, sub.Reason = tx.Now, who.PersonID, reason
		a.ActedUntil = tx.Now
		if verb == duban.VerbPass {
			sub.State, a.ClosedAt = duban.SubmissionPassed, tx.Now
		} else {
			sub.State = duban.SubmissionBack
			a.Returns++
			a.ReturnedAt = tx.Now
			if !due.IsZero() {
				a.Due = due
				a.Extensions++
			}
		}
		if err := tx.SaveSubmission(sub); err != nil {
			return err
		}
		if err := d.save(tx, &a); err != nil {
			return err
		}
		after = a
		return d.tellDecision(tx, who, a, sub, verb)
	})
	return after, err
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

func (d *Desk) tellDecision(tx *store.Tx, who duban.Actor, a duban.Assignment, sub duban.Submission, verb duban.Verb) error {
	event, kind := duban.EventClosed, duban.NewsPassed
	facts := duban.Facts{"submission": sub.ID, "days_early": duban.DaysEarly(a, d.Calendar)}
	if verb == duban.VerbReturn {
		event, kind = duban.EventReturned, duban.NewsReturned
		facts = duban.Facts{"submission": sub.ID, "due": a.Due.Date.String()}
	}
	if err := recordOn(tx, who, a, event, facts, sub.Reason); err != nil {
		return err
	}
	if err := refreshCards(tx, a, duban.LaneAnswer); err != nil {
		return err
	}
	err := tx.Post(duban.Notice{
		Key: fmt.Sprintf("%s:%d", kind, sub.ID), Kind: kind, Lane: duban.LaneAnswer, PersonID: a.OwnerID, AssignmentID: a.ID, SubmissionID: sub.ID,
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
