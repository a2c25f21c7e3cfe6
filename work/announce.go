package work

import (
	"context"
	"fmt"
	"time"

	"duban"
	"duban/store"
)

// Announce sends an announcement (公告): one letter and one receipt for each recipient, in one transaction. Quiet time holds it unless the
// sender overrides that. Where so many people get it that a second administrator has to agree, it is laid before them instead, and its state is
// pending. It returns the announcement as kept and how many people will be tried.
func (d *Desk) Announce(ctx context.Context, who duban.Actor, n duban.Announcement, override bool) (duban.Announcement, int, error) {
	var tried int
	kept := n
	err := d.write(ctx, who, func(tx *store.Tx) error {
		reach, err := ReachOf(tx, who, n.Audience)
		if err != nil {
			return err
		}
		if tried = len(reach.People); tried == 0 {
			return duban.Refuse(duban.NothingToDo)
		}
		kept = n
		kept.SenderID, kept.CreatedAt, kept.Urgent = who.PersonID, tx.Now, override
		kept.State = duban.AnnouncementSending
		if !who.Trusted() && d.Policy.AnnounceNeedsSecond(tried) {
			kept.State = duban.AnnouncementPending
		}
		if err := d.schedule(tx, &kept); err != nil {
			return err
		}
		if err := MaySeeTask(tx, who, kept.TaskID); err != nil {
			return err
		}
		if kept.ID, err = tx.AddAnnouncement(kept); err != nil {
			return err
		}
		if kept.State == duban.AnnouncementPending {
			return d.askToAnnounce(tx, who, kept, tried)
		}
		return announceTo(tx, who, kept, reach)
	})
	return kept, tried, err
}

// schedule settles when an announcement goes out, and when its receipts are looked at. A time limit that would be over by then is refused.
func (d *Desk) schedule(tx *store.Tx, n *duban.Announcement) error {
	if n.SendAt.Before(tx.Now) {
		n.SendAt = tx.Now
	}
	if !n.Urgent {
		n.SendAt = d.Calendar.NextAllowed(d.Policy.Quiet, n.SendAt)
	}
	if n.Receipt == duban.NoReceipt {
		n.ReceiptDue = time.Time{}
	}
	if n.ReceiptDue.IsZero() {
		return nil
	}
	if !n.ReceiptDue.After(n.SendAt) {
		return duban.Refuse(duban.DuePast)
	}
	n.NextAt = duban.ReceiptReminderAt(d.Calendar, d.Policy.Ladder.At, n.SendAt, n.ReceiptDue)
	return nil
}

// MaySeeTask says whether an announcement may lead to a task, or go to those who have an item of it: whoever announces has to see an item of it.
func MaySeeTask(tx *store.Tx, who duban.Actor, task int64) error {
	if task == 0 {
		return nil
	}
	all, err := tx.AssignmentsOf(task)
	if err != nil {
		return err
	}
	for _, a := range all {
		if ok, err := May(tx, who, duban.ActSee, a.UnitID); err != nil || ok {
			return err
		}
	}
	return duban.Refuse(duban.NotAllowed)
}

func announceTo(tx *store.Tx, who duban.Actor, n duban.Announcement, reach Reach) error {
	for _, p := range reach.People {
		if err := tx.SaveReceipt(duban.Receipt{AnnouncementID: n.ID, PersonID: p.ID}); err != nil {
			return err
		}
		if err := tx.Post(announcementTo(n, p.ID, 0)); err != nil {
			return err
		}
	}
	for _, p := range reach.Unreachable {
		if err := tx.SaveReceipt(duban.Receipt{AnnouncementID: n.ID, PersonID: p.ID, Failure: "unreachable"}); err != nil {
			return err
		}
	}
	if err := postToGroups(tx, n); err != nil {
		return err
	}
	facts := duban.Facts{"recipients": len(reach.People), "unreachable": len(reach.Unreachable), "receipt": string(n.Receipt)}
	if err := tx.Record(who, duban.Entry{Event: duban.EventAnnounced, AnnouncementID: n.ID, Facts: facts, Note: n.Summary}); err != nil {
		return err
	}
	return showProgress(tx, n, tx.Now)
}

// announcementTo is the letter of an announcement to one person; the round grows with each retry.
func announcementTo(n duban.Announcement, person int64, round int) duban.Notice {
	return duban.Notice{
		Key: fmt.Sprintf("announcement:%d:%d:%d", n.ID, person, round), Kind: duban.NewsAnnouncement, Lane: duban.LaneAnnouncement,
		PersonID: person, AnnouncementID: n.ID, NotBefore: n.SendAt,
	}
}

// progressPause is how often the sender's card of an announcement is edited at most.
const progressPause = 3 * time.Second

// showProgress makes the sender's card of an announcement show how far it is, no earlier than an instant.
func showProgress(tx *store.Tx, n duban.Announcement, notBefore time.Time) error {
	return tx.Post(duban.Notice{
		Key: fmt.Sprintf("progress:%d", n.ID), Kind: duban.NewsProgress, Lane: duban.LaneAnswer, PersonID: n.SenderID, AnnouncementID: n.ID,
		NotBefore: notBefore,
	})
}

// AnnounceNote is the data of NewsAnnounceNote: what has become of an announcement without its sender doing it.
type AnnounceNote struct {
	What   AnnounceWhat `json:"what"`
	Person int64        `json:"person,omitempty"` // who agreed or did not
	Reason string       `json:"reason,omitempty"`
	Failed int          `json:"failed,omitempty"` // of the last Tried
	Tried  int          `json:"tried,omitempty"`
}

// AnnounceWhat says what has become of an announcement.
type AnnounceWhat string

// What the sender of an announcement is told.
const (
	NoteGranted  AnnounceWhat = "granted"
	NoteRefused  AnnounceWhat = "refused"
	NoteFailures AnnounceWhat = "failures" // the sending was paused
	NoteDue      AnnounceWhat = "due"      // the time limit for receipts is reached
	NoteRecalled AnnounceWhat = "recalled" // everything that could be called back has been
)

// tellSender posts a note to the sender of an announcement, once for its kind and turn.
func tellSender(tx *store.Tx, n duban.Announcement, note AnnounceNote, turn int64, notBefore time.Time) error {
	return tx.Post(duban.Notice{
		Key:  fmt.Sprintf("announce_note:%d:%s:%d", n.ID, note.What, turn),
		Kind: duban.NewsAnnounceNote, Lane: duban.LaneAnswer, PersonID: n.SenderID, AnnouncementID: n.ID, Data: toJSON(note), NotBefore: notBefore,
	})
}
