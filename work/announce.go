package work

import (
	"context"
	"fmt"
	"strings"
	"time"

	"duban"
	"duban/store"
)

// Reach is who an announcement would go to.
type Reach struct {
	People      []duban.Person // who will be tried
	Unreachable []duban.Person // in the audience, but not joined or not reachable
}

// ReachOf resolves an audience within what an actor may announce to. It counts people, not posts; the sender is included when in it.
func ReachOf(tx *store.Tx, who duban.Actor, audience duban.Audience) (Reach, error) {
	allowed, err := unitsOf(tx, who, duban.ActAnnounce)
	if err != nil {
		return Reach{}, err
	}
	meant := map[int64]bool{}
	if audience.UnitID != 0 {
		if err := addSubtree(tx, meant, audience.UnitID); err != nil {
			return Reach{}, err
		}
	}
	holders, err := tx.PostHolders()
	if err != nil {
		return Reach{}, err
	}
	var reach Reach
	seen := map[int64]bool{}
	for _, h := range holders {
		if seen[h.Person.ID] || !allowed[h.Unit.ID] || !inAudience(h, audience, meant) {
			continue
		}
		seen[h.Person.ID] = true
		if h.Reachable {
			reach.People = append(reach.People, h.Person)
		} else {
			reach.Unreachable = append(reach.Unreachable, h.Person)
		}
	}
	return reach, nil
}

// unitsOf returns every unit towards which an actor has a right.
func unitsOf(tx *store.Tx, who duban.Actor, action duban.Action) (map[int64]bool, error) {
	posts, err := tx.Posts(who.PersonID)
	if err != nil {
		return nil, err
	}
	covered := map[int64]bool{}
	for _, p := range posts {
		if scope := duban.Right(action, p.Role); scope.Covers(1) {
			err = addSubtree(tx, covered, p.UnitID)
			covered[p.UnitID] = scope.Covers(0)
		} else if scope.Covers(0) {
			covered[p.UnitID] = true
		}
		if err != nil {
			return nil, err
		}
	}
	return covered, nil
}

func addSubtree(tx *store.Tx, into map[int64]bool, unit int64) error {
	below, err := tx.UnitsBelow(unit)
	for _, u := range below {
		into[u.ID] = true
	}
	return err
}

func inAudience(h store.PostHolder, audience duban.Audience, meant map[int64]bool) bool {
	switch {
	case audience.All:
		return true
	case audience.Role != "":
		return h.Role == audience.Role
	case audience.UnitID != 0:
		return meant[h.Unit.ID]
	}
	return audience.Kind != "" && h.Unit.Kind == audience.Kind
}

// Announce sends an announcement (公告): one letter and one receipt for each recipient, in one transaction. Quiet time holds it unless the
// sender overrides that. It returns the announcement as kept and how many people will be tried.
func (d *Desk) Announce(ctx context.Context, who duban.Actor, n duban.Announcement, override bool) (duban.Announcement, int, error) {
	var tried int
	kept := n
	err := d.write(ctx, who, func(tx *store.Tx) error {
		reach, err := ReachOf(tx, who, n.Audience)
		if err != nil {
			return err
		}
		if len(reach.People) == 0 {
			return duban.Refuse(duban.NothingToDo)
		}
		kept = n
		kept.SenderID, kept.State, kept.CreatedAt = who.PersonID, duban.AnnouncementSending, tx.Now
		if kept.SendAt.Before(tx.Now) {
			kept.SendAt = tx.Now
		}
		if !override {
			kept.SendAt = d.Calendar.NextAllowed(d.Policy.Quiet, kept.SendAt)
		}
		if kept.ID, err = tx.AddAnnouncement(kept); err != nil {
			return err
		}
		tried = len(reach.People)
		return announceTo(tx, who, kept, reach)
	})
	return kept, tried, err
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

func (d *Desk) receiptDelivered(tx *store.Tx, l duban.Letter) error {
	r, err := tx.Receipt(l.AnnouncementID, l.PersonID)
	if err != nil {
		return err
	}
	r.DeliveredAt, r.Failure = tx.Now, ""
	return d.saveOutcome(tx, r)
}

func (d *Desk) receiptFailed(tx *store.Tx, l duban.Letter, reason string) error {
	r, err := tx.Receipt(l.AnnouncementID, l.PersonID)
	if err != nil {
		return err
	}
	r.Failure = reason
	return d.saveOutcome(tx, r)
}

func (d *Desk) saveOutcome(tx *store.Tx, r duban.Receipt) error {
	if err := tx.SaveReceipt(r); err != nil {
		return err
	}
	n, err := tx.Announcement(r.AnnouncementID)
	if err != nil {
		return err
	}
	return showProgress(tx, n, tx.Now.Add(progressPause))
}

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
		case n.Receipt == duban.TextReceipt && answer == "":
			return duban.Refuse(duban.ReasonNeeded)
		case !r.ConfirmedAt.IsZero() && (answer == "" || answer == r.Answer):
			return duban.Refuse(duban.AlreadyDone, "at", r.ConfirmedAt)
		}
		if r.ConfirmedAt.IsZero() {
			r.ConfirmedAt = tx.Now
		}
		r.Answer = answer
		entry := duban.Entry{Event: duban.EventRead, PersonID: who.PersonID, AnnouncementID: announcement, Note: answer}
		if err := tx.Record(who, entry); err != nil {
			return err
		}
		return d.saveOutcome(tx, r)
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
		for _, r := range missing {
			if err := d.urgeReceipt(tx, r); err != nil {
				return err
			}
		}
		entry := duban.Entry{Event: duban.EventUrged, AnnouncementID: n.ID, Facts: duban.Facts{"people": asked}}
		if err := tx.Record(who, entry); err != nil {
			return err
		}
		return tx.SetUrgedAt(announcement)
	})
	return asked, err
}

// mayConduct returns an announcement that the actor may steer: the sender, and whoever may announce to the whole organisation.
func mayConduct(tx *store.Tx, who duban.Actor, announcement int64) (duban.Announcement, error) {
	n, err := tx.Announcement(announcement)
	if err != nil || n.SenderID == who.PersonID {
		return n, err
	}
	unit, err := FirstUnit(tx, n.SenderID)
	if err != nil {
		return n, err
	}
	return n, mustMay(tx, who, duban.ActAnnounce, unit.ID)
}

func unconfirmed(tx *store.Tx, n duban.Announcement) ([]duban.Receipt, error) {
	if n.Receipt == duban.NoReceipt {
		return nil, nil
	}
	all, err := tx.Receipts(n.ID)
	if err != nil {
		return nil, err
	}
	var missing []duban.Receipt
	for _, r := range all {
		if r.ConfirmedAt.IsZero() && !r.DeliveredAt.IsZero() {
			missing = append(missing, r)
		}
	}
	return missing, nil
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

// RetryAnnouncement tries again those whom an announcement did not reach and who can be reached now (重试). It returns how many are tried.
func (d *Desk) RetryAnnouncement(ctx context.Context, who duban.Actor, announcement int64) (int, error) {
	var tried int
	err := d.write(ctx, who, func(tx *store.Tx) error {
		tried = 0
		n, err := mayConduct(tx, who, announcement)
		if err != nil {
			return err
		}
		all, err := tx.Receipts(announcement)
		if err != nil {
			return err
		}
		n.SendAt = later(n.SendAt, d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now))
		for _, r := range all {
			again, err := worthTrying(tx, r)
			if err != nil {
				return err
			}
			if !again {
				continue
			}
			tried++
			r.Failure = ""
			if err := tx.SaveReceipt(r); err != nil {
				return err
			}
			if err := tx.Post(announcementTo(n, r.PersonID, int(tx.Now.Unix()))); err != nil {
				return err
			}
		}
		if tried == 0 {
			return duban.Refuse(duban.NothingToDo)
		}
		return showProgress(tx, n, tx.Now.Add(progressPause))
	})
	return tried, err
}

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
	return account.Unreachable == "", nil
}
