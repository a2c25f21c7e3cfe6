package work

import (
	"context"
	"fmt"
	"strings"

	"duban"
	"duban/store"
)

// ConfirmRead confirms an announcement (已阅), with an answer where it asks for one. Confirming again is refused as AlreadyDone with the
// instant of the first time; a further written answer replaces the first.
func (d *Desk) ConfirmRead(ctx context.Context, who duban.Actor, announcement int64, answer string) (duban.Announcement, error) {
	var n duban.Announcement
	err := d.write(ctx, who, func(tx *store.Tx) error {
		var err error
		if n, err = tx.Announcement(announcement); err != nil {
			return err
		}
		r, err := tx.Receipt(announcement, who.PersonID)
		if err != nil {
			return orRefuse(ignoreNotFound(err), duban.NotAllowed)
		}
		answer = strings.TrimSpace(answer)
		switch {
		case !n.State.Out(), n.SendAt.After(tx.Now):
			return duban.Refuse(duban.WrongState)
		case n.Receipt == duban.TextReceipt && answer == "":
			return duban.Refuse(duban.ReasonNeeded)
		case !r.ConfirmedAt.IsZero() && (answer == "" || answer == r.Answer):
			return duban.Refuse(duban.AlreadyDone, "at", r.ConfirmedAt)
		}
		if r.ConfirmedAt.IsZero() {
			r.ConfirmedAt = tx.Now
		}
		if r.DeliveredAt.IsZero() { // by a copy of which nobody knew, or by the way from a work group
			r.DeliveredAt, r.Failure = tx.Now, ""
		}
		r.Answer = answer
		entry := duban.Entry{Event: duban.EventRead, PersonID: who.PersonID, AnnouncementID: announcement, Note: answer}
		if err := tx.Record(who, entry); err != nil {
			return err
		}
		if _, err = d.saveOutcome(tx, r); err != nil {
			return err
		}
		return countInGroups(tx, n)
	})
	return n, err
}

// UrgeReceipts asks those who got an announcement and have not confirmed it (催未签收), at most every four working hours; sooner is refused as
// TooSoon. It returns how many are asked.
func (d *Desk) UrgeReceipts(ctx context.Context, who duban.Actor, announcement int64) (int, error) {
	var asked int
	err := d.write(ctx, who, func(tx *store.Tx) error {
		n, err := mayConduct(tx, who, announcement)
		if err != nil {
			return err
		}
		if !n.State.Out() {
			return duban.Refuse(duban.WrongState)
		}
		last, err := tx.UrgedAt(announcement)
		if err != nil {
			return err
		}
		if !last.IsZero() && d.Calendar.WorkingTime(last, tx.Now) < duban.UrgeGap {
			return duban.Refuse(duban.TooSoon)
		}
		missing, err := unconfirmed(tx, n)
		if err != nil {
			return err
		}
		if asked = len(missing); asked == 0 {
			return duban.Refuse(duban.NothingToDo)
		}
		return d.urgeReceipts(tx, who, n, missing)
	})
	return asked, err
}

// unconfirmed returns who got an announcement and has not confirmed it, of those who still have a post and can be reached.
func unconfirmed(tx *store.Tx, n duban.Announcement) ([]duban.Receipt, error) {
	if n.Receipt == duban.NoReceipt {
		return nil, nil
	}
	all, err := tx.Receipts(n.ID)
	if err != nil {
		return nil, err
	}
	holders, err := tx.PostHolders()
	if err != nil {
		return nil, err
	}
	there := map[int64]bool{}
	for _, h := range holders {
		there[h.Person.ID] = h.Reachable
	}
	var missing []duban.Receipt
	for _, r := range all {
		if r.ConfirmedAt.IsZero() && !r.DeliveredAt.IsZero() && there[r.PersonID] {
			missing = append(missing, r)
		}
	}
	return missing, nil
}

// urgeReceipts asks people for their receipts.
func (d *Desk) urgeReceipts(tx *store.Tx, who duban.Actor, n duban.Announcement, missing []duban.Receipt) error {
	for _, r := range missing {
		if err := d.urgeReceipt(tx, r); err != nil {
			return err
		}
	}
	entry := duban.Entry{Event: duban.EventUrged, AnnouncementID: n.ID, Facts: duban.Facts{"people": len(missing)}}
	if err := tx.Record(who, entry); err != nil {
		return err
	}
	return tx.SetUrgedAt(n.ID)
}

func (d *Desk) urgeReceipt(tx *store.Tx, r duban.Receipt) error {
	r.UrgedAt = tx.Now
	if err := tx.SaveReceipt(r); err != nil {
		return err
	}
	return tx.Post(duban.Notice{
		Key:  fmt.Sprintf("receipt:%d:%d:%d", r.AnnouncementID, r.PersonID, tx.Now.UnixMilli()),
		Kind: duban.NewsReceipt, Lane: duban.LaneReminder, PersonID: r.PersonID, AnnouncementID: r.AnnouncementID,
		NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
	})
}

// MindReceipts does what the time limits for receipts ask for now: it reminds those who have not confirmed once before the limit, unless they were
// urged just now, and tells the sender at the limit how it stands. It returns how many announcements it looked at.
func (d *Desk) MindReceipts(ctx context.Context) (int, error) {
	var due []duban.Announcement
	err := d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.AnnouncementsDue()
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, n := range due {
		err := d.write(ctx, duban.System, func(tx *store.Tx) error {
			n, err := tx.Announcement(n.ID)
			if err != nil || n.NextAt.IsZero() || n.NextAt.After(tx.Now) {
				return err
			}
			return d.mindReceipts(tx, n)
		})
		if err != nil {
			return 0, fmt.Errorf("receipts of announcement %d: %w", n.ID, err)
		}
	}
	return len(due), nil
}

func (d *Desk) mindReceipts(tx *store.Tx, n duban.Announcement) error {
	missing, err := unconfirmed(tx, n)
	if err != nil {
		return err
	}
	switch {
	case !n.State.Out():
		n.NextAt = zeroTime
		return tx.SaveAnnouncement(n)
	case !tx.Now.Before(n.ReceiptDue):
		n.NextAt = zeroTime
		if err := tx.SaveAnnouncement(n); err != nil {
			return err
		}
		return tellSender(tx, n, AnnounceNote{What: NoteDue}, 0, d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now))
	}
	n.NextAt, n.RemindedAt = n.ReceiptDue, tx.Now
	if err := tx.SaveAnnouncement(n); err != nil {
		return err
	}
	last, err := tx.UrgedAt(n.ID)
	if err != nil || len(missing) == 0 || !last.IsZero() && d.Calendar.WorkingTime(last, tx.Now) < duban.UrgeGap {
		return err
	}
	return d.urgeReceipts(tx, duban.System, n, missing)
}
