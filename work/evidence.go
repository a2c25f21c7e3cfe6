package work

import (
	"encoding/hex"

	"duban"
	"duban/store"
)

// FileStored notes that the bytes of a piece of evidence are kept, with their SHA-256. Where the same bytes were handed in for another item, or twice in
// this submission, the card of the submission is shown anew with a warning.
func (d *Desk) FileStored(tx *store.Tx, f duban.File) error {
	uses, err := tx.UsesElsewhere(f)
	if err != nil {
		return err
	}
	facts := duban.Facts{"file": "stored", "sha256": hex.EncodeToString(f.SHA256), "size": f.Size}
	if len(uses) > 0 {
		facts["used_elsewhere"] = true
	}
	twice, err := sentTwice(tx, f)
	if err != nil {
		return err
	}
	return d.noteFile(tx, f, facts, twice || len(uses) > 0)
}

// sentTwice reports whether the same bytes came twice in the submission of a file.
func sentTwice(tx *store.Tx, f duban.File) (bool, error) {
	files, err := tx.Files(f.SubmissionID)
	return duban.CountFiles(files).Again > 0, err
}

// FileLost notes that the bytes of a piece of evidence cannot be had, and why: too_large or gone. Whoever decides sees that on the card.
func (d *Desk) FileLost(tx *store.Tx, f duban.File, reason string) error {
	return d.noteFile(tx, f, duban.Facts{"file": "lost", "reason": reason}, true)
}

func (d *Desk) noteFile(tx *store.Tx, f duban.File, facts duban.Facts, show bool) error {
	sub, err := tx.Submission(f.SubmissionID)
	if err != nil {
		return err
	}
	a, err := tx.Assignment(sub.AssignmentID)
	if err != nil {
		return err
	}
	facts["submission"] = sub.ID
	if err := recordOn(tx, duban.System, a, duban.EventEvidence, facts, f.Name); err != nil {
		return err
	}
	if !show || sub.State != duban.SubmissionWaits {
		return nil
	}
	task, err := tx.Task(a.TaskID)
	if err != nil {
		return err
	}
	return askReviewers(tx, task, a, sub, albumPause)
}
