package work

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
)

// Report is what somebody hands in for an assignment: text, files, or both. Neither is enough where no evidence is asked for.
type Report struct {
	Text  string
	Files []duban.File
	// More says that more is to come: what comes with it is kept, and nothing is submitted by it.
	More bool
	// Zero says that there is nothing to report (零报告). Where a reviewer decides, that takes the place of evidence.
	Zero bool
}

func (r Report) empty() bool { return len(r.Files) == 0 && strings.TrimSpace(r.Text) == "" }

// Reported says what a report brought about.
type Reported struct {
	Assignment duban.Assignment
	Submission duban.Submission
	// Missing is what the evidence rule still asks for. When something is missing, what was handed in is kept and nothing is submitted.
	Missing duban.Missing
	// Held is true when nothing is missing and nothing was submitted, because more is to come.
	Held bool
	// Added is true when the report was added to a submission made just before.
	Added bool
	Files int // how many files hang on the submission now
	Task  duban.Task
}

// Submitted reports whether the report has been submitted, by itself or as an addition.
func (r Reported) Submitted() bool { return r.Missing == duban.NothingMissing && !r.Held }

// albumPause is how long the card for the reviewers waits when an album is still coming in, message by message.
const albumPause = 2 * time.Second

// Submit hands in a report of completion (上报). The evidence rule decides: when it is met the assignment is submitted, or closed where the
// task needs no review; when something is missing, or more is to come, the report is kept and completed by the next one. What comes within ten
// minutes after a submission is added to it. It is refused as AlreadyDone when nothing new comes with it.
func (d *Desk) Submit(ctx context.Context, who duban.Actor, id int64, r Report) (Reported, error) {
	var done Reported
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		if err := mayWorkOn(tx, who, a); err != nil {
			return err
		}
		task, err := tx.Task(a.TaskID)
		if err != nil {
			return err
		}
		done, err = d.submit(tx, who, a, task, r)
		return err
	})
	return done, err
}

func (d *Desk) submit(tx *store.Tx, who duban.Actor, a duban.Assignment, task duban.Task, r Report) (Reported, error) {
	if task.Internal && len(r.Files) > 0 {
		return Reported{}, duban.Refuse(duban.NoFiles)
	}
	if addsTo(a, r, tx.Now) {
		return d.addTo(tx, who, a, task, r)
	}
	next, err := a.After(duban.VerbSubmit, tx.Now)
	if err != nil {
		return Reported{}, err
	}
	if held, err := heldBefore(tx, a, task); err != nil {
		return Reported{}, err
	} else if held && len(r.Files) > 0 {
		r.More = true
	}
	sub, begun, err := collect(tx, who, a, r)
	if err != nil {
		return Reported{}, err
	}
	done := Reported{Assignment: a, Submission: sub, Task: task}
	if err := done.weigh(tx, r.Zero); err != nil {
		return done, err
	}
	done.Held = r.More && done.Missing == duban.NothingMissing
	if !done.Submitted() {
		return done, showCollected(tx, who, done, r)
	}
	done.settleAt(tx.Now, next)
	if err := signs(tx, who, &done.Assignment); err != nil {
		return done, err
	}
	if err := d.saveSubmitted(tx, who, &done, r.Zero); err != nil || begun {
		return done, err
	}
	return done, showCollected(tx, who, done, r)
}

// weigh finds out what a submission still lacks.
func (r *Reported) weigh(tx *store.Tx, zero bool) error {
	files, err := tx.Files(r.Submission.ID)
	if err != nil {
		return err
	}
	r.Files = len(files)
	count := duban.CountFiles(files)
	r.Missing = r.Task.Evidence.Lacks(r.Submission.Text, count.Others, count.Photos)
	if zero && r.Task.Review {
		r.Missing = duban.NothingMissing
	}
	return nil
}

// heldBefore reports whether what was collected meets the evidence rule already: then somebody has said that more is to come, and nothing is handed in
// by what is sent, until it is said.
func heldBefore(tx *store.Tx, a duban.Assignment, task duban.Task) (bool, error) {
	sub, err := tx.OpenSubmission(a.ID)
	if err != nil {
		return false, ignoreNotFound(err)
	}
	r := Reported{Assignment: a, Submission: sub, Task: task}
	if err := r.weigh(tx, false); err != nil {
		return false, err
	}
	return r.Missing == duban.NothingMissing && (r.Files > 0 || sub.Text != ""), nil
}

// settleAt moves the assignment and its submission to where they stand once reported.
func (r *Reported) settleAt(now time.Time, next duban.State) {
	a, sub := &r.Assignment, &r.Submission
	a.State, sub.State = next, duban.SubmissionWaits
	if !r.Task.Review {
		a.State, a.ClosedAt, sub.State = duban.Closed, now, duban.SubmissionPassed
	}
	a.SubmittedAt, a.ActedUntil, sub.At = now, now, now
}

// addsTo reports whether a report belongs to the submission that was made just before.
func addsTo(a duban.Assignment, r Report, now time.Time) bool {
	reported := a.State == duban.Submitted || a.State == duban.Closed
	return reported && (len(r.Files) > 0 || r.More && !r.empty()) && now.Sub(a.SubmittedAt) <= duban.AddWithin
}

func (d *Desk) addTo(tx *store.Tx, who duban.Actor, a duban.Assignment, task duban.Task, r Report) (Reported, error) {
	sub, err := tx.LastSubmission(a.ID)
	if err != nil {
		return Reported{}, err
	}
	if sub.DecidedBy != 0 {
		return Reported{}, duban.Refuse(duban.AlreadyDone, "at", a.SubmittedAt)
	}
	sub.LookedAt = zeroTime
	if sub, err = addPieces(tx, sub, r); err != nil {
		return Reported{}, err
	}
	files, err := tx.Files(sub.ID)
	if err != nil {
		return Reported{}, err
	}
	if sub.Sampled, err = sampled(tx, task, sub, len(files)); err != nil {
		return Reported{}, err
	}
	if err := tx.SaveSubmission(sub); err != nil {
		return Reported{}, err
	}
	if err := recordOn(tx, who, a, duban.EventEvidence, duban.Facts{"files": len(r.Files)}, r.Text); err != nil {
		return Reported{}, err
	}
	done := Reported{Assignment: a, Submission: sub, Task: task, Added: true, Files: len(files)}
	if err := refreshCards(tx, a, duban.LaneAnswer); err != nil {
		return done, err
	}
	if err := showCollected(tx, who, done, r); err != nil {
		return done, err
	}
	return done, askReviewers(tx, task, a, sub, albumPause)
}

func (d *Desk) saveSubmitted(tx *store.Tx, who duban.Actor, done *Reported, zero bool) error {
	a := &done.Assignment
	var err error
	if done.Submission.Sampled, err = sampled(tx, done.Task, done.Submission, done.Files); err != nil {
		return err
	}
	sub := done.Submission
	if err := tx.SaveSubmission(sub); err != nil {
		return err
	}
	if err := d.settle(tx, who, a, "submitted"); err != nil {
		return err
	}
	if err := d.save(tx, a); err != nil {
		return err
	}
	facts := duban.Facts{"days_early": duban.DaysEarly(*a, d.Calendar), "files": done.Files, "submission": sub.ID}
	if zero {
		facts["zero"] = true
	}
	if err := d.tellSubmitted(tx, who, *done, facts); err != nil || a.State != duban.Closed {
		return err
	}
	return d.follow(tx, who, *a, calendar.Due{})
}

func (d *Desk) tellSubmitted(tx *store.Tx, who duban.Actor, done Reported, facts duban.Facts) error {
	a, sub := done.Assignment, done.Submission
	if err := recordOn(tx, who, a, duban.EventSubmitted, facts, sub.Text); err != nil {
		return err
	}
	if a.State == duban.Closed {
		if err := recordOn(tx, who, a, duban.EventClosed, duban.Facts{"review": false}, ""); err != nil {
			return err
		}
	}
	if err := refreshCards(tx, a, duban.LaneAnswer); err != nil {
		return err
	}
	pause := time.Duration(0)
	if done.Files > 0 {
		pause = albumPause
	}
	return askReviewers(tx, done.Task, a, sub, pause)
}

// ReviewSubject names the live card of a submission before its reviewers.
func ReviewSubject(submission int64) string { return fmt.Sprintf("review:%d", submission) }

// askReviewers puts the card of a submission before everybody who may decide on it, and whoever stands in for those of them who are away; and
// refreshes it there, and wherever else it has been opened.
func askReviewers(tx *store.Tx, task duban.Task, a duban.Assignment, sub duban.Submission, pause time.Duration) error {
	if !task.Review {
		return nil
	}
	reviewers, err := withDeputies(tx)(Reviewers(tx, task, a))
	if err != nil {
		return err
	}
	cards, err := tx.CardsOf(ReviewSubject(sub.ID))
	if err != nil {
		return err
	}
	readers := map[int64]bool{}
	for _, p := range reviewers {
		readers[p.ID] = true
	}
	for _, c := range cards {
		readers[c.PersonID] = true
	}
	delete(readers, a.OwnerID)
	for _, person := range slices.Sorted(maps.Keys(readers)) {
		card := reviewNotice(sub, person)
		card.NotBefore = tx.Now.Add(pause)
		if err := tx.Post(card); err != nil {
			return err
		}
	}
	return nil
}

func reviewNotice(sub duban.Submission, person int64) duban.Notice {
	return duban.Notice{
		Key: fmt.Sprintf("review:%d:%d", sub.ID, person), Kind: duban.NewsReview, Lane: duban.LaneAnswer, PersonID: person,
		AssignmentID: sub.AssignmentID, SubmissionID: sub.ID,
	}
}

// Withdraw takes a submission back (撤回): within ten minutes, and as long as nobody has reviewed it. The assignment is as before.
func (d *Desk) Withdraw(ctx context.Context, who duban.Actor, id int64) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := d.actOn(tx, who, id, duban.VerbWithdraw)
		if err != nil {
			return err
		}
		sub, err := tx.LastSubmission(a.ID)
		if err != nil {
			return err
		}
		after, err = d.takeBack(tx, who, a, sub)
		return err
	})
	return after, err
}

// takeBack takes a submission back. The assignment has been moved to where that leads.
func (d *Desk) takeBack(tx *store.Tx, who duban.Actor, a duban.Assignment, sub duban.Submission) (duban.Assignment, error) {
	if sub.DecidedBy != 0 {
		return a, duban.Refuse(duban.TooLate)
	}
	sub.State, sub.DecidedAt = duban.SubmissionTaken, tx.Now
	if err := tx.SaveSubmission(sub); err != nil {
		return a, err
	}
	before, err := tx.SubmissionBefore(sub)
	if ignoreNotFound(err) != nil {
		return a, err
	}
	if before.State == duban.SubmissionBack {
		a.State = duban.Returned
	}
	a.SubmittedAt, a.ClosedAt, a.ActedUntil = zeroTime, zeroTime, tx.Now
	if err := d.save(tx, &a); err != nil {
		return a, err
	}
	if err := recordOn(tx, who, a, duban.EventWithdrawn, duban.Facts{"submission": sub.ID}, ""); err != nil {
		return a, err
	}
	if err := refreshCards(tx, a, duban.LaneAnswer); err != nil {
		return a, err
	}
	task, err := tx.Task(a.TaskID)
	if err != nil {
		return a, err
	}
	if err := askReviewers(tx, task, a, sub, 0); err != nil {
		return a, err
	}
	return a, d.follow(tx, who, a, calendar.Due{})
}
