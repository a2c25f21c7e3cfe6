package work

import (
	"context"
	"fmt"
	"strings"

	"duban"
	"duban/store"
)

// CollectSubject names the live message that shows somebody what has been handed in so far for a submission.
func CollectSubject(submission int64) string { return fmt.Sprintf("collect:%d", submission) }

// AddedSubject names the live message that shows somebody what has been added to a submission.
func AddedSubject(submission int64) string { return fmt.Sprintf("added:%d", submission) }

// CollectingNews is the data of NewsCollecting.
type CollectingNews struct {
	Added bool `json:"added,omitempty"` // it tells of what was added after the submission
}

// collect puts a report into the submission that is being collected, or begins one, and reports whether it did.
func collect(tx *store.Tx, who duban.Actor, a duban.Assignment, r Report) (sub duban.Submission, begun bool, err error) {
	sub, err = tx.OpenSubmission(a.ID)
	if duban.CodeOf(err) == duban.NotFound {
		begun = true
		sub, err = beginCollecting(tx, who, a)
	}
	if err != nil {
		return sub, begun, err
	}
	sub, err = addPieces(tx, sub, r)
	return sub, begun, err
}

func beginCollecting(tx *store.Tx, who duban.Actor, a duban.Assignment) (duban.Submission, error) {
	sub := duban.Submission{AssignmentID: a.ID, PersonID: who.PersonID, At: tx.Now, State: duban.Collecting}
	if sub.PersonID == 0 {
		sub.PersonID = a.OwnerID
	}
	var err error
	sub.ID, err = tx.AddSubmission(sub)
	return sub, err
}

func addPieces(tx *store.Tx, sub duban.Submission, r Report) (duban.Submission, error) {
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

// showCollected brings the message that shows what has been handed in up to date. It waits for an album that is still coming in. Where somebody has
// asked for it, by words or a press, it comes anew at the end of the chat, and the one before goes.
func showCollected(tx *store.Tx, who duban.Actor, done Reported, r Report) error {
	if who.PersonID == 0 {
		return nil
	}
	key, subject, data := "collect", CollectSubject(done.Submission.ID), ""
	if done.Added {
		key, subject, data = "added", AddedSubject(done.Submission.ID), toJSON(CollectingNews{Added: true})
	}
	if len(r.Files) == 0 && (!done.Submitted() || done.Added) {
		if err := sendAnew(tx, subject, who.PersonID); err != nil {
			return err
		}
	}
	n := duban.Notice{
		Key: fmt.Sprintf("%s:%d:%d", key, done.Submission.ID, who.PersonID), Kind: duban.NewsCollecting, Lane: duban.LaneAnswer,
		PersonID: who.PersonID, AssignmentID: done.Assignment.ID, SubmissionID: done.Submission.ID, Data: data,
	}
	if len(r.Files) > 0 && r.Files[0].MediaGroup != "" {
		n.NotBefore = tx.Now.Add(albumPause)
	}
	return tx.Post(n)
}

// sendAnew makes a live message that stands further up be sent at the end of the chat; where it stood is kept as what it replaces.
func sendAnew(tx *store.Tx, subject string, person int64) error {
	card, err := tx.Card(subject, person)
	if err != nil {
		return ignoreNotFound(err)
	}
	if card.MessageID == 0 {
		return nil
	}
	card.ReminderID, card.ReminderAt, card.MessageID = card.MessageID, tx.Now, 0
	return tx.SaveCard(card)
}

// StartOver drops what has been collected for an assignment (重来), or takes back what was reported within ten minutes and not yet reviewed, and
// begins anew. The files stay where they are kept; they belong to no report any more, and the record says so.
func (d *Desk) StartOver(ctx context.Context, who duban.Actor, id int64) (Reported, error) {
	var done Reported
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		if err := mayWorkOn(tx, who, a); err != nil {
			return err
		}
		sub, err := tx.LastSubmission(a.ID)
		if duban.CodeOf(err) == duban.NotFound {
			return duban.Refuse(duban.NothingToDo)
		}
		if err != nil {
			return err
		}
		if sub.State == duban.Collecting {
			err = d.drop(tx, who, a, sub)
		} else {
			a, err = d.withdrawFor(tx, who, a, sub)
		}
		if err != nil {
			return err
		}
		done, err = d.collectAnew(tx, who, a)
		return err
	})
	return done, err
}

// drop gives up what has been collected and not reported.
func (d *Desk) drop(tx *store.Tx, who duban.Actor, a duban.Assignment, sub duban.Submission) error {
	files, err := tx.Files(sub.ID)
	if err != nil {
		return err
	}
	if len(files) == 0 && sub.Text == "" {
		return duban.Refuse(duban.NothingToDo)
	}
	sub.State, sub.DecidedAt = duban.SubmissionTaken, tx.Now
	if err := tx.SaveSubmission(sub); err != nil {
		return err
	}
	facts := duban.Facts{"dropped": len(files), "submission": sub.ID}
	if err := recordOn(tx, who, a, duban.EventEvidence, facts, ""); err != nil {
		return err
	}
	return showCollected(tx, who, Reported{Assignment: a, Submission: sub}, Report{Files: files})
}

func (d *Desk) withdrawFor(tx *store.Tx, who duban.Actor, a duban.Assignment, sub duban.Submission) (duban.Assignment, error) {
	var err error
	if a.State, err = a.After(duban.VerbWithdraw, tx.Now); err != nil {
		return a, err
	}
	return d.takeBack(tx, who, a, sub)
}

// collectAnew begins a submission and asks for what it needs.
func (d *Desk) collectAnew(tx *store.Tx, who duban.Actor, a duban.Assignment) (Reported, error) {
	task, err := tx.Task(a.TaskID)
	if err != nil {
		return Reported{}, err
	}
	sub, err := beginCollecting(tx, who, a)
	if err != nil {
		return Reported{}, err
	}
	done := Reported{Assignment: a, Submission: sub, Task: task}
	if err := done.weigh(tx, false); err != nil {
		return done, err
	}
	done.Held = done.Missing == duban.NothingMissing
	return done, showCollected(tx, who, done, Report{})
}
