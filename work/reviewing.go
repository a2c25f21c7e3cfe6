package work

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"duban"
	"duban/calendar"
	"duban/store"
)

// drawForALook is the purpose for which a submission is drawn.
const drawForALook = "evidence"

// sampled reports whether a submission is drawn, so that its reviewer is asked to open the evidence. The draw hangs on the id of the submission and the key
// of the database alone, so that nobody can choose it, and files that are added do not draw again.
func sampled(tx *store.Tx, task duban.Task, sub duban.Submission, files int) (bool, error) {
	if files == 0 || !task.Review {
		return false, nil
	}
	units, err := tx.UnitsOf(task.ID)
	return duban.Sampled(tx.Draw(drawForALook, sub.ID), units), err
}

// FlagsOf returns why a submission is to be looked at by itself and is not accepted together with others; nothing when it may be.
func (d *Desk) FlagsOf(tx *store.Tx, sub duban.Submission, a duban.Assignment) ([]duban.Flag, error) {
	task, err := tx.Task(a.TaskID)
	if err != nil {
		return nil, err
	}
	h := duban.Handed{Task: task, Assignment: a, Submission: sub}
	if h.Files, err = tx.Files(sub.ID); err != nil {
		return nil, err
	}
	for _, f := range h.Files {
		uses, err := tx.UsesElsewhere(f)
		if err != nil {
			return nil, err
		}
		h.Reused = h.Reused || len(uses) > 0
	}
	return h.Flags(d.Calendar), nil
}

// PassedAll says what became of submissions that were to be accepted together, by id, in the order in which they were named.
type PassedAll struct {
	Passed  []int64
	Decided []int64 // by somebody else, or taken back, or none of the actor's business any more
	Left    []int64 // something has been flagged meanwhile, so that they are to be looked at by themselves
}

// PassAll accepts several submissions (全部通过), each in a transaction of its own, and leaves out those that carry a flag at that moment. What has been
// accepted stays accepted when a later one fails.
func (d *Desk) PassAll(ctx context.Context, who duban.Actor, submissions []int64) (PassedAll, error) {
	var all PassedAll
	for _, id := range submissions {
		err := d.passUnflagged(ctx, who, id)
		who.Part++
		switch code := duban.CodeOf(err); {
		case err == nil, errors.Is(err, duban.ErrRepeated):
			all.Passed = append(all.Passed, id)
		case code == duban.Flagged:
			all.Left = append(all.Left, id)
		case code == duban.NotBound, code == duban.Internal:
			return all, err
		default:
			all.Decided = append(all.Decided, id)
		}
	}
	return all, nil
}

func (d *Desk) passUnflagged(ctx context.Context, who duban.Actor, submission int64) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		sub, a, err := d.reviewable(tx, who, submission, duban.VerbPass)
		if err != nil {
			return err
		}
		flags, err := d.FlagsOf(tx, sub, a)
		if err != nil {
			return err
		}
		if len(flags) > 0 {
			return duban.Refuse(duban.Flagged)
		}
		_, err = d.pass(tx, who, sub, a)
		return err
	})
}

// OpenEvidence notes that a reviewer has opened the evidence of a submission that waits (查看佐证), once for each as long as nothing is added to it.
// Nothing is noted of anybody else, nor of what is decided or has no files.
func (d *Desk) OpenEvidence(ctx context.Context, who duban.Actor, submission int64) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		sub, err := tx.Submission(submission)
		if err != nil || sub.State != duban.SubmissionWaits {
			return err
		}
		a, err := tx.Assignment(sub.AssignmentID)
		if err != nil {
			return err
		}
		files, err := tx.Files(sub.ID)
		if err != nil || len(files) == 0 {
			return err
		}
		if ok, err := MayReview(tx, who, a); err != nil || !ok {
			return err
		}
		if looked, err := HasLooked(tx, who, sub); err != nil || looked {
			return err
		}
		sub.LookedAt = tx.Now
		if err := tx.SaveSubmission(sub); err != nil {
			return err
		}
		facts := duban.Facts{"submission": sub.ID, "files": len(files)}
		if sub.Sampled {
			facts["sampled"] = true
		}
		if err := recordOn(tx, who, a, duban.EventReviewedEvidence, facts, ""); err != nil {
			return err
		}
		return refreshReview(tx, who.PersonID, sub)
	})
}

// refreshReview makes the card of a submission in somebody's chat, where there is one, show how it stands.
func refreshReview(tx *store.Tx, person int64, sub duban.Submission) error {
	if _, err := tx.Card(ReviewSubject(sub.ID), person); err != nil {
		return ignoreNotFound(err)
	}
	return tx.Post(reviewNotice(sub, person))
}

// HasLooked reports whether somebody has opened the evidence of a submission as it is now. That somebody else has does not count, nor what was seen
// before something was added.
func HasLooked(tx *store.Tx, who duban.Actor, sub duban.Submission) (bool, error) {
	if sub.LookedAt.IsZero() {
		return false, nil
	}
	entries, err := tx.RecordOf(sub.AssignmentID)
	for _, e := range slices.Backward(entries) {
		switch {
		case e.Event == duban.EventSubmitted, e.Event == duban.EventEvidence && e.Via != duban.ViaSystem:
			return false, err
		case e.Event == duban.EventReviewedEvidence && e.Actor == who.PersonID && who.PersonID != 0:
			return true, err
		}
	}
	return false, err
}

// ReturnUntil gives what was returned and is with its unit again a later deadline (退回后另定时限). Whoever reviews may, up to five working days; what is
// further is a leader's. The deadline set at first is kept, and it does not count as an extension of the unit.
func (d *Desk) ReturnUntil(ctx context.Context, who duban.Actor, submission int64, due calendar.Due) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		sub, err := tx.Submission(submission)
		if err != nil {
			return err
		}
		a, err := tx.Assignment(sub.AssignmentID)
		after = a
		if err != nil {
			return err
		}
		if ok, err := MayReview(tx, who, a); err != nil || !ok {
			return orRefuse(err, duban.NotAllowed)
		}
		last, err := tx.LastReturned(a.ID)
		if err != nil || last.ID != sub.ID || a.State != duban.Returned {
			return orRefuse(ignoreNotFound(err), duban.WrongState)
		}
		switch {
		case sameDue(due, a.Due):
			return duban.Refuse(duban.AlreadyDone)
		case !a.RequestedAt.IsZero():
			return duban.Refuse(duban.PendingRequest)
		}
		if err := d.MayReturnUntil(tx, who, a, due); err != nil {
			return err
		}
		before := a.Due
		a.Due, a.ActedUntil = due, tx.Now
		if err := tx.CancelPushes(a.ID, "deadline_changed"); err != nil {
			return err
		}
		if err := recordReturnDue(tx, who, a, sub, before); err != nil {
			return err
		}
		if err := d.save(tx, &a); err != nil {
			return err
		}
		after = a
		return tellReturnDue(tx, a, before)
	})
	return after, err
}

// MayReturnUntil refuses a deadline for what is returned that is over, that is not later than the present one, or that is further than the actor may set.
func (d *Desk) MayReturnUntil(tx *store.Tx, who duban.Actor, a duban.Assignment, due calendar.Due) error {
	if err := d.laterThan(tx, a, due); err != nil {
		return err
	}
	from := d.Calendar.Today(tx.Now)
	if from.Before(a.Due.Date) {
		from = a.Due.Date
	}
	if d.Calendar.WorkingDaysBetween(from, due.Date) <= duban.FarExtension {
		return nil
	}
	return mustMay(tx, who, duban.ActExtendFar, a.UnitID)
}

// recordReturnDue records that a deadline was moved with a return.
func recordReturnDue(tx *store.Tx, who duban.Actor, a duban.Assignment, sub duban.Submission, before calendar.Due) error {
	facts := duban.Facts{"from": dueFact(before), "to": dueFact(a.Due), "reason": "returned", "submission": sub.ID}
	return recordOn(tx, who, a, duban.EventDeadlineChanged, facts, "")
}

// tellReturnDue shows the unit the deadline that it has got after a return. It belongs to the reviewer's decision, so that quiet time does not hold it.
func tellReturnDue(tx *store.Tx, a duban.Assignment, before calendar.Due) error {
	if err := refreshCards(tx, a, duban.LaneAnswer); err != nil {
		return err
	}
	return tx.Post(duban.Notice{
		Key: fmt.Sprintf("changed:%d:%d", a.ID, tx.Now.UnixMilli()), Kind: duban.NewsChanged, Lane: duban.LaneAnswer, PersonID: a.OwnerID,
		AssignmentID: a.ID, Data: toJSON(ChangedNews{Due: dueFact(before)}),
	})
}

// FollowUp asks the owner something about a submission that waits (追问), and returns the owner. Its reviewers may; the answer comes back to whoever
// asked, and the submission waits on as it is. Quiet time holds the question.
func (d *Desk) FollowUp(ctx context.Context, who duban.Actor, submission int64, words string) (duban.Person, error) {
	var owner duban.Person
	err := d.write(ctx, who, func(tx *store.Tx) error {
		sub, err := tx.Submission(submission)
		if err != nil {
			return err
		}
		a, err := tx.Assignment(sub.AssignmentID)
		if err != nil {
			return err
		}
		if ok, err := MayReview(tx, who, a); err != nil || !ok {
			return orRefuse(err, duban.NotAllowed)
		}
		if sub.State != duban.SubmissionWaits || a.State != duban.Submitted {
			return duban.Refuse(duban.WrongState)
		}
		if words, err = given(words); err != nil {
			return err
		}
		if owner, err = tx.Person(a.OwnerID); err != nil {
			return err
		}
		if err := recordOn(tx, who, a, duban.EventAsked, duban.Facts{"asks": "owner", "submission": sub.ID}, words); err != nil {
			return err
		}
		news := wordTo(tx, duban.NewsQuestion, a, a.OwnerID, QuestionNews{PersonNews: PersonNews{who.PersonID, words}})
		news.NotBefore = d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now)
		return tx.Post(news)
	})
	return owner, err
}
