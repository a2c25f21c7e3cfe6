package work

import (
	"context"

	"duban"
	"duban/store"
)

// Object objects to a return (异议), with a reason. It goes to somebody who may review the item and has not returned it; where there is nobody but a
// leader, to the leader. While it waits the unit is not pressed.
func (d *Desk) Object(ctx context.Context, who duban.Actor, id int64, reason string) (duban.Request, error) {
	var asked duban.Request
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		if err := mayAsk(tx, who, a); err != nil {
			return err
		}
		sub, err := returnedSubmission(tx, a)
		if err != nil {
			return err
		}
		r := duban.Request{Kind: duban.AskObjection, State: duban.Agreed, Needs: duban.SeatAdmin, AskerID: who.PersonID}
		if r.Reason, err = given(reason); err != nil {
			return err
		}
		deciders, err := objectionDeciders(tx, r, a)
		if err != nil {
			return err
		}
		if len(deciders) == 0 {
			return duban.Refuse(duban.NobodyElse)
		}
		asked, err = d.ask(tx, who, &a, r, duban.EventObjected, duban.Facts{"submission": sub.ID})
		return err
	})
	return asked, err
}

// returnedSubmission returns the submission whose return stands, or the refusal where there is none to object to.
func returnedSubmission(tx *store.Tx, a duban.Assignment) (duban.Submission, error) {
	switch {
	case a.State != duban.Returned:
		return duban.Submission{}, duban.Refuse(duban.WrongState)
	case !a.RequestedAt.IsZero():
		return duban.Submission{}, duban.Refuse(duban.PendingRequest)
	}
	sub, err := tx.LastReturned(a.ID)
	if duban.CodeOf(err) == duban.NotFound {
		err = duban.Refuse(duban.WrongState)
	}
	return sub, err
}

// objectionDeciders returns who may answer an objection: the reviewers of the task and the administrators of the unit without whoever returned it, asked
// or owns it; else the leaders.
func objectionDeciders(tx *store.Tx, r duban.Request, a duban.Assignment) ([]duban.Person, error) {
	sub, err := tx.LastReturned(a.ID)
	if err != nil {
		return nil, ignoreNotFound(err)
	}
	task, err := tx.Task(a.TaskID)
	if err != nil {
		return nil, err
	}
	reviewers, err := Reviewers(tx, task, a)
	if err != nil {
		return nil, err
	}
	admins, err := Administrators(tx, a.UnitID)
	if err != nil {
		return nil, err
	}
	apart := without(sub.DecidedBy, r.AskerID, a.OwnerID)
	deciders, err := apart(withDeputies(tx)(append(reviewers, admins...), nil))
	if err != nil || len(deciders) > 0 {
		return deciders, err
	}
	return apart(withDeputies(tx)(Leaders(tx, a.UnitID)))
}

// mayAnswerObjection lets those answer who may review the item, but not whoever returned it.
func mayAnswerObjection(tx *store.Tx, who duban.Actor, a duban.Assignment) error {
	sub, err := tx.LastReturned(a.ID)
	if err != nil {
		return err
	}
	if who.PersonID != 0 && who.PersonID == sub.DecidedBy {
		return duban.Refuse(duban.OwnRequest)
	}
	ok, err := MayReview(tx, who, a)
	if err == nil && !ok {
		return duban.Refuse(duban.NotAllowed)
	}
	return err
}

// restore grants an objection: the return is taken back and the submission waits for its reviewers again, as of the moment it was made. It is not
// passed with it, so that what is closed has always gone through the review, with its evidence and whatever is flagged there; whoever granted the
// objection may pass it with the next tap. A return that was wrong is not counted.
func (d *Desk) restore(tx *store.Tx, who duban.Actor, r duban.Request, a duban.Assignment) (duban.Request, error) {
	sub, err := tx.LastReturned(a.ID)
	if err != nil {
		return r, err
	}
	if a.State, err = a.After(duban.VerbRestore, tx.Now); err != nil {
		return r, err
	}
	if err := forgetCollected(tx, a); err != nil {
		return r, err
	}
	facts := duban.Facts{"request": r.ID, "submission": sub.ID, "granted": true, "returned_by": sub.DecidedBy}
	sub.State, sub.DecidedAt, sub.DecidedBy, sub.Reason, sub.Fault = duban.SubmissionWaits, zeroTime, 0, "", duban.OtherFault
	if err := tx.SaveSubmission(sub); err != nil {
		return r, err
	}
	a.SubmittedAt, a.Returns = sub.At, max(a.Returns-1, 0)
	if err := errorsOf(dropDrafts(tx, who, a, "restored"), tx.CancelPushes(a.ID, "restored")); err != nil {
		return r, err
	}
	if err := d.goesOn(tx, &a); err != nil {
		return r, err
	}
	if err := recordOn(tx, who, a, duban.EventObjectionAnswered, facts, r.Answer); err != nil {
		return r, err
	}
	if r, err = closeRequest(tx, who, r, a, duban.Granted); err != nil {
		return r, err
	}
	task, err := tx.Task(a.TaskID)
	if err != nil {
		return r, err
	}
	return r, askReviewers(tx, task, a, sub, 0)
}
