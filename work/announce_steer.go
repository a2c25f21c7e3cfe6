package work

import (
	"context"
	"time"

	"duban"
	"duban/store"
)

// conduct takes a step with an announcement as a whole, if the actor may, and shows it on the sender's card.
func (d *Desk) conduct(ctx context.Context, who duban.Actor, id int64, step duban.AnnouncementStep, do func(*store.Tx, duban.Announcement) error) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		n, err := mayConduct(tx, who, id)
		if err != nil {
			return err
		}
		if _, err := n.State.After(step); err != nil {
			return err
		}
		return do(tx, n)
	})
}

// PauseAnnouncement interrupts the sending (暂停): what has not gone out waits until somebody resumes it.
func (d *Desk) PauseAnnouncement(ctx context.Context, who duban.Actor, id int64) error {
	return d.conduct(ctx, who, id, duban.StepPause, func(tx *store.Tx, n duban.Announcement) error {
		return d.pause(tx, who, n, duban.PausedByHand)
	})
}

func (d *Desk) pause(tx *store.Tx, who duban.Actor, n duban.Announcement, why duban.PauseReason) error {
	n.State, n.PausedWhy = duban.AnnouncementPaused, why
	return errorsOf(tx.SaveAnnouncement(n), tx.HoldAnnouncement(n.ID), showProgress(tx, n, tx.Now),
		tx.Record(who, duban.Entry{Event: duban.EventPaused, AnnouncementID: n.ID, Facts: duban.Facts{"why": string(why)}}))
}

// ResumeAnnouncement goes on with a sending that was interrupted (继续), at its moment and outside quiet time. Failures before are not counted again.
func (d *Desk) ResumeAnnouncement(ctx context.Context, who duban.Actor, id int64) error {
	return d.conduct(ctx, who, id, duban.StepResume, func(tx *store.Tx, n duban.Announcement) error {
		n.State, n.PausedWhy, n.ResumedAt = duban.AnnouncementSending, "", tx.Now
		at := later(n.SendAt, tx.Now)
		if !n.Urgent {
			at = d.Calendar.NextAllowed(d.Policy.Quiet, at)
		}
		if err := errorsOf(tx.SaveAnnouncement(n), tx.ReleaseAnnouncement(id, at)); err != nil {
			return err
		}
		return errorsOf(finishSending(tx, &n), showProgress(tx, n, tx.Now),
			tx.Record(who, duban.Entry{Event: duban.EventContinued, AnnouncementID: n.ID}))
	})
}

// StopAnnouncement ends the sending (停止): whoever has not got the announcement does not get it. One that waits for a second administrator is taken
// back. It returns how many people do not get it.
func (d *Desk) StopAnnouncement(ctx context.Context, who duban.Actor, id int64) (int, error) {
	var left int
	err := d.conduct(ctx, who, id, duban.StepStop, func(tx *store.Tx, n duban.Announcement) error {
		if n.State == duban.AnnouncementPending {
			return d.retractAnnouncement(tx, who, n)
		}
		n.State, n.PausedWhy = duban.AnnouncementStopped, ""
		var err error
		if left, err = withhold(tx, n.ID, duban.FailureStopped); err != nil {
			return err
		}
		return errorsOf(tx.SaveAnnouncement(n), showProgress(tx, n, tx.Now),
			tx.Record(who, duban.Entry{Event: duban.EventStopped, AnnouncementID: n.ID, Facts: duban.Facts{"left": left}}))
	})
	return left, err
}

// withhold ends what has not gone out of an announcement and returns how many people do not get it.
func withhold(tx *store.Tx, announcement int64, why string) (int, error) {
	left, err := tx.CloseReceipts(announcement, why)
	if err != nil {
		return 0, err
	}
	return left, errorsOf(tx.CloseGroupCopies(announcement, why), tx.CancelAnnouncement(announcement, why))
}

// Retried counts who and which work groups are tried again.
type Retried struct{ People, Groups int }

// RetryAnnouncement tries again those whom an announcement did not reach and who can be reached now, and the work groups in which it does not stand
// (重试). Where there are none it is refused as NothingToDo, where so many would have got it in the end that a second administrator has to agree, as
// NeedsSecond.
func (d *Desk) RetryAnnouncement(ctx context.Context, who duban.Actor, announcement int64) (Retried, error) {
	var tried Retried
	err := d.conduct(ctx, who, announcement, duban.StepRetry, func(tx *store.Tx, n duban.Announcement) (err error) {
		again := n
		again.SendAt = later(n.SendAt, tx.Now)
		if !n.Urgent {
			again.SendAt = d.Calendar.NextAllowed(d.Policy.Quiet, again.SendAt)
		}
		if tried.People, err = retryPeople(tx, again); err != nil {
			return err
		}
		if tried.Groups, err = retryGroups(tx, again); err != nil {
			return err
		}
		if err := d.mayReachMore(tx, who, n, tried.People); err != nil {
			return err
		}
		switch {
		case tried == Retried{}:
			return duban.Refuse(duban.NothingToDo)
		case tried.People > 0: // what only groups wait for counts as sent
			n.State = duban.AnnouncementSending
		}
		n.ResumedAt = tx.Now
		facts := duban.Facts{"people": tried.People, "groups": tried.Groups}
		return errorsOf(tx.SaveAnnouncement(n), showProgress(tx, n, tx.Now.Add(progressPause)),
			tx.Record(who, duban.Entry{Event: duban.EventRetried, AnnouncementID: n.ID, Facts: facts}))
	})
	return tried, err
}

func retryPeople(tx *store.Tx, n duban.Announcement) (tried int, err error) {
	all, err := tx.Receipts(n.ID)
	if err != nil {
		return 0, err
	}
	for _, r := range all {
		worth, err := worthTrying(tx, r)
		if err != nil {
			return 0, err
		}
		if !worth {
			continue
		}
		tried++
		if r.Failure == duban.FailureUnknown {
			r.FixFailure = duban.FailureSecondCopy
		}
		r.Failure = ""
		if err := errorsOf(tx.SaveReceipt(r), tx.Post(announcementTo(n, r.PersonID, roundAt(tx.Now)))); err != nil {
			return 0, err
		}
	}
	return tried, nil
}

// roundAt numbers a retry, so that its letters are others than those before.
func roundAt(now time.Time) int { return int(now.UnixMilli()) }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func worthTrying(tx *store.Tx, r duban.Receipt) (bool, error) {
	if !r.DeliveredAt.IsZero() || r.Failure == "" {
		return false, nil
	}
	account, err := tx.AccountOfPerson(r.PersonID)
	if err != nil {
		return false, ignoreNotFound(err)
	}
	posts, err := tx.Posts(r.PersonID)
	return account.Unreachable == "" && len(posts) > 0, err
}
