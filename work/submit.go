package work

import (
	"context"
	"fmt"
	"strings"
	"time"

	"duban"
	"duban/store"
)

// Report is what somebody hands in for an assignment: text, files, or both. Neither is enough where no evidence is asked for.
type Report struct {
	Text  string
	Files []duban.File
}

// Reported says what a report brought about.
type Reported struct {
	Assignment duban.Assignment
	Submission duban.Submission
	// Missing is what the evidence rule still asks for. When something is missing, what was handed in is kept and nothing is submitted.
	Missing duban.Missing
	// Added is true when the report was added to a submission made just before.
	Added bool
	Files int // how many files hang on the submission now
	Task  duban.Task
}

// albumPause is how long the card for the reviewers waits when an album is still coming in, message by message.
const albumPause = 2 * time.Second

// Submit hands in a report of completion (上报). The evidence rule decides: when it is met the assignment is submitted, or closed where the
// task needs no review; when something is missing the report is kept and completed by the next one. What comes within ten minutes after a
// submission is added to it. It is refused as AlreadyDone when nothing new comes with it.
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
		return Reported{}, duban.Refuse(duban.NotAllowed)
	}
	if addsTo(a, r, tx.Now) {
		return d.addTo(tx, who, a, task, r)
	}
	next, err := a.After(duban.VerbSubmit, tx.Now)
	if err != nil {
		return Reported{}, err
	}
	sub, err := collect(tx, who, a, r)
	if err != nil {
		return Reported{}, err
	}
	files, err := tx.Files(sub.ID)
	if err != nil {
		return Reported{}, err
	}
	done := Reported{Assignment: a, Submission: sub, Task: task, Files: len(files)}
	done.Missing = task.Evidence.Lacks(sub.Text, len(files)-photos(files), photos(files))
	if done.Missing != duban.NothingMissing {
		return done, nil
	}
	a.State = next
	if !task.Review {
		a.State, a.ClosedAt = duban.Closed, tx.Now
	}
	if err := signs(tx, who, &a); err != nil {
		return done, err
	}
	a.SubmittedAt, a.ActedUntil = tx.Now, tx.Now
	sub.At, sub.State = tx.Now, duban.SubmissionWaits
	if !task.Review {
		sub.State = duban.SubmissionPassed
	}
	done.Assignment, done.Submission = a, sub
	return done, d.saveSubmitted(tx, who, done)
}

// addsTo reports whether a report belongs to the submission that was made just before.
func addsTo(a duban.Assignment, r Report, now time.Time) bool {
	return (a.State == duban.Submitted || a.State == duban.Closed) && len(r.Files) > 0 && now.Sub(a.SubmittedAt) <= duban.AddWithin
}

func (d *Desk) addTo(tx *store.Tx, who duban.Actor, a duban.Assignment, task duban.Task, r Report) (Reported, error) {
	sub, err := tx.LastSubmission(a.ID)
	if err != nil {
		return Reported{}, err
	}
	if sub.DecidedBy != 0 {
		return Reported{}, duban.Refuse(duban.AlreadyDone, "at", a.SubmittedAt)
	}
	if sub, err = addFiles(tx, sub, r); err != nil {
		return Reported{}, err
	}
	files, err := tx.Files(sub.ID)
	if err != nil {
		return Reported{}, err
	}
	if err := recordOn(tx, who, a, duban.EventEvidence, duban.Facts{"files": len(r.Files)}, r.Text); err != nil {
		return Reported{}, err
	}
	done := Reported{Assignment: a, Submission: sub, Task: task, Added: true, Files: len(files)}
	if err := refreshCards(tx, a, duban.LaneAnswer); err != nil {
		return done, err
	}
	return done, askReviewers(tx, task, a, sub, albumPause)
}

// collect puts a report into the submission that is being collected, or begins one.
func collect(tx *store.Tx, who duban.Actor, a duban.Assignment, r Report) (duban.Submission, error) {
	sub, err := tx.OpenSubmission(a.ID)
	if duban.CodeOf(err) == duban.NotFound {
		sub = duban.Submission{AssignmentID: a.ID, PersonID: who.PersonID, At: tx.Now, State: duban.Collecting}
		if sub.PersonID == 0 {
			sub.PersonID = a.OwnerID
		}
		sub.ID, err = tx.AddSubmission(sub)
	}
	if err != nil {
		return sub, err
	}
	return addFiles(tx, sub, r)
}

func addFiles(tx *store.Tx, sub duban.Submission, r Report) (duban.Submission, error) {
	if body := strings.TrimSpace(r.Text); body != "" && !strings.Contains(sub.Text, body) {
		sub.Text = strings.TrimSpace(sub.Text + "\n" + body)
	}
	for _, f := range r.Files {
		f.SubmissionID = sub.ID
		if _, err := tx.AddFile(f); err != nil {
			return sub, err
		}
	}
	return sub, tx.SaveSubmission(sub)
}

func photos(files []duban.File) int {
	n := 0
	for _, f := range files {
		if f.Kind == duban.PhotoFile {
			n++
		}
	}
	return n
}

func (d *Desk) saveSubmitted(tx *store.Tx, who duban.Actor, done Reported) error {
	a, sub := done.Assignment, done.Submission
	if err := tx.SaveSubmission(sub); err != nil {
		return err
	}
	if err := d.save(tx, &a); err != nil {
		return err
	}
	if err := tx.CancelPushes(a.ID, "submitted"); err != nil {
		return err
	}
	facts := duban.Facts{"days_early": duban.DaysEarly(a, d.Calendar), "files": done.Files, "submission": sub.ID}
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

// askReviewers puts the card of a submission before everybody who may decide on it, or refreshes it there.
func askReviewers(tx *store.Tx, task duban.Task, a duban.Assignment, sub duban.Submission, pause time.Duration) error {
	if !task.Review {
		return nil
	}
	reviewers, err := Reviewers(tx, task, a)
	if err != nil {
		return err
	}
	for _, p := range reviewers {
		err := tx.Post(duban.Notice{
			Key: fmt.Sprintf("review:%d:%d", sub.ID, p.ID), Kind: duban.NewsReview, Lane: duban.LaneAnswer, PersonID: p.ID,
			AssignmentID: a.ID, SubmissionID: sub.ID, NotBefore: tx.Now.Add(pause),
		})
		if err != nil {
			return err
		}
	}
	return nil
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
		if sub.DecidedBy != 0 {
			return duban.Refuse(duban.TooLate)
		}
		sub.State, sub.DecidedAt = duban.SubmissionTaken, tx.Now
		if err := tx.SaveSubmission(sub); err != nil {
			return err
		}
		a.SubmittedAt, a.ClosedAt, a.ActedUntil = time.Time{}, time.Time{}, tx.Now
		if err := d.save(tx, &a); err != nil {
			return err
		}
		after = a
		if err := recordOn(tx, who, a, duban.EventWithdrawn, duban.Facts{"submission": sub.ID}, ""); err != nil {
			return err
		}
		if err := refreshCards(tx, a, duban.LaneAnswer); err != nil {
			return err
		}
		task, err := tx.Task(a.TaskID)
		if err != nil {
			return err
		}
		return askReviewers(tx, task, a, sub, 0)
	})
	return after, err
}
