package work

import (
	"encoding/json"

	"duban"
	"duban/store"
)

// DeliveredCopy notes that a copy of an announcement has arrived, with the words of a correction or, at version 0, the first ones. What was
// corrected or called back while it was on its way is corrected or called back now.
func (d *Desk) DeliveredCopy(tx *store.Tx, l duban.Letter, version int) error {
	r, err := tx.Receipt(l.AnnouncementID, l.PersonID)
	if err != nil {
		return err
	}
	r.DeliveredAt, r.Failure, r.Version = tx.Now, "", version
	if l.Attempts > 1 {
		r.FixFailure = duban.FailureSecondCopy
	}
	n, err := d.saveOutcome(tx, r)
	if err != nil {
		return err
	}
	if err := recordLetter(tx, l, duban.EventDelivered, duban.Facts{}); err != nil {
		return err
	}
	switch {
	case n.State == duban.AnnouncementRecalled:
		_, err := recallCopies(tx, n, l.PersonID)
		return err
	case version < n.Version:
		now := correctionTo(n, l.PersonID)
		now.Lane = duban.LaneReminder // before the copies that have still to go out, so that the old words are hardly seen
		return tx.Post(now)
	}
	return nil
}

// recallLate calls back what has urged somebody to confirm an announcement that was called back meanwhile.
func recallLate(tx *store.Tx, l duban.Letter) error {
	n, err := tx.Announcement(l.AnnouncementID)
	if err != nil || n.State != duban.AnnouncementRecalled {
		return err
	}
	_, err = recallCopies(tx, n, l.PersonID)
	return err
}

// receiptFailed notes that a copy will not arrive. Many failures among the last ones interrupt the sending.
func (d *Desk) receiptFailed(tx *store.Tx, l duban.Letter, reason string) error {
	r, err := tx.Receipt(l.AnnouncementID, l.PersonID)
	if err != nil {
		return err
	}
	if !r.DeliveredAt.IsZero() { // the second copy of one that did arrive
		return nil
	}
	r.Failure = reason
	n, err := tx.Announcement(r.AnnouncementID)
	if err != nil {
		return err
	}
	if n.State == duban.AnnouncementRecalled {
		r.Recall = lostToRecall(reason)
	}
	n, err = d.saveOutcome(tx, r)
	switch {
	case err != nil:
		return err
	case n.State == duban.AnnouncementRecalled:
		return recallEnds(tx, n)
	case n.State != duban.AnnouncementSending:
		return nil
	}
	failed, tried, err := tx.LastCopies(n.ID, n.ResumedAt, duban.BurstOf)
	if err != nil || !duban.FailureBurst(failed, tried) {
		return err
	}
	if err := d.pause(tx, duban.System, n, duban.PausedFailures); err != nil {
		return err
	}
	return tellSender(tx, n, AnnounceNote{What: NoteFailures, Failed: failed, Tried: tried}, tx.Now.UnixMilli(), tx.Now)
}

// saveOutcome saves what became of one recipient, ends the sending with the last one, and shows it on the sender's card. It returns the
// announcement as it stands.
func (d *Desk) saveOutcome(tx *store.Tx, r duban.Receipt) (duban.Announcement, error) {
	if err := tx.SaveReceipt(r); err != nil {
		return duban.Announcement{}, err
	}
	n, err := tx.Announcement(r.AnnouncementID)
	if err != nil {
		return n, err
	}
	if err := finishSending(tx, &n); err != nil {
		return n, err
	}
	return n, showProgress(tx, n, tx.Now.Add(progressPause))
}

// finishSending notes that an announcement is sent when nobody waits for it any more. One that is paused holds its copies to work groups back too,
// so that it is not over before these have ended.
func finishSending(tx *store.Tx, n *duban.Announcement) error {
	after, err := n.State.After(duban.StepFinish)
	if err != nil {
		return nil
	}
	waits, err := tx.AwaitsDelivery(n.ID)
	if err == nil && !waits && n.State == duban.AnnouncementPaused {
		waits, err = tx.AwaitsGroups(n.ID)
	}
	if err != nil || waits {
		return err
	}
	n.State, n.PausedWhy = after, ""
	return tx.SaveAnnouncement(*n)
}

// endFor ends what announcements have still to do with the chat of somebody whose data is erased: what has not arrived does not, what should have been
// called back is not.
func (d *Desk) endFor(tx *store.Tx, person int64) error {
	open, err := tx.OpenFor(person)
	if err != nil {
		return err
	}
	for _, n := range open {
		r, err := tx.Receipt(n.ID, person)
		if err != nil {
			return err
		}
		ended := duban.NewsAnnouncement
		if r.DeliveredAt.IsZero() {
			r.Failure = duban.FailureErased
		} else {
			r.Recall, ended = duban.RecallFailed, duban.NewsRecall
		}
		l := duban.Letter{Notice: duban.Notice{Kind: ended, PersonID: person, AnnouncementID: n.ID}}
		if err := recordLetter(tx, l, duban.EventDeliveryFailed, duban.Facts{"reason": duban.FailureErased}); err != nil {
			return err
		}
		if n, err = d.saveOutcome(tx, r); err != nil {
			return err
		}
		if n.State != duban.AnnouncementRecalled {
			continue
		}
		if err := recallEnds(tx, n); err != nil {
			return err
		}
	}
	return nil
}

// Corrected notes that somebody's copy has the corrected words.
func (d *Desk) Corrected(tx *store.Tx, l duban.Letter) error {
	var news CorrectionNews
	err := json.Unmarshal([]byte(l.Data), &news)
	if err != nil {
		return err
	}
	r, err := tx.Receipt(l.AnnouncementID, l.PersonID)
	if err != nil {
		return err
	}
	r.Version, r.CorrectedAt, r.FixFailure = max(r.Version, news.Version), tx.Now, duban.StillBeside(r.FixFailure)
	if _, err = d.saveOutcome(tx, r); err != nil {
		return err
	}
	return recordLetter(tx, l, duban.EventDelivered, duban.Facts{"version": news.Version})
}

// Recalled notes what became of a message that was called back. When it was the last one the sender is told how many could not be.
func (d *Desk) Recalled(tx *store.Tx, l duban.Letter, became duban.Recall) error {
	return errorsOf(d.recalledAs(tx, l, became), recordLetter(tx, l, duban.EventDelivered, duban.Facts{"became": string(became)}))
}

func (d *Desk) recalledAs(tx *store.Tx, l duban.Letter, became duban.Recall) error {
	r, err := tx.Receipt(l.AnnouncementID, l.PersonID)
	if err != nil {
		return err
	}
	r.Recall = r.Recall.Worse(became).Beside(r.FixFailure)
	n, err := d.saveOutcome(tx, r)
	if err != nil {
		return err
	}
	return recallEnds(tx, n)
}
