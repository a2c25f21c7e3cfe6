package work

import (
	"fmt"

	"duban"
	"duban/store"
)

// recordedOnDelivery are the kinds of news whose arrival, or failure to arrive, belongs into the record: they put a duty on somebody, or are what the office
// told many and took back or corrected afterwards.
var recordedOnDelivery = map[duban.NewsKind]bool{
	duban.NewsCard: true, duban.NewsReminder: true, duban.NewsUnsigned: true, duban.NewsDue: true, duban.NewsUrge: true,
	duban.NewsReturned: true, duban.NewsLate: true,
	duban.NewsAnnouncement: true, duban.NewsCorrection: true, duban.NewsRecall: true, duban.NewsGroupCopy: true, duban.NewsGroupFix: true,
}

// Delivered notes that Telegram accepted a letter: in the record, and with the receipt of an announcement. Edits of a live message are not
// deliveries.
func (d *Desk) Delivered(tx *store.Tx, l duban.Letter, edited bool) error {
	if l.Kind == duban.NewsBoard {
		return boardArrived(tx, l.PersonID)
	}
	switch {
	case l.Kind == duban.NewsReceipt:
		return recallLate(tx, l)
	case edited || !recordedOnDelivery[l.Kind]:
		return nil
	case l.Kind == duban.NewsAnnouncement:
		return d.DeliveredCopy(tx, l, 0)
	}
	return recordLetter(tx, l, duban.EventDelivered, duban.Facts{})
}

// Failed notes that a letter will not arrive, and why.
func (d *Desk) Failed(tx *store.Tx, l duban.Letter, reason string) error {
	if l.Kind == duban.NewsBoard && reason == boardGone {
		return tx.DropCard(BoardSubject(l.PersonID), l.PersonID)
	}
	if !recordedOnDelivery[l.Kind] {
		return nil
	}
	return errorsOf(d.copyFailed(tx, l, reason), recordLetter(tx, l, duban.EventDeliveryFailed, duban.Facts{"reason": reason}))
}

// copyFailed notes that a copy of an announcement, or a change of it, will not arrive.
func (d *Desk) copyFailed(tx *store.Tx, l duban.Letter, reason string) error {
	switch l.Kind {
	case duban.NewsAnnouncement:
		return d.receiptFailed(tx, l, reason)
	case duban.NewsCorrection:
		return fixFailed(tx, l, reason)
	case duban.NewsRecall:
		return errorsOf(fixFailed(tx, l, reason), d.recalledAs(tx, l, duban.RecallFailed))
	case duban.NewsGroupCopy:
		return groupFailed(tx, l, reason)
	case duban.NewsGroupFix:
		return groupFixFailed(tx, l, reason)
	}
	return nil
}

// recordLetter records what became of a letter, beside what kind of news it is.
func recordLetter(tx *store.Tx, l duban.Letter, event duban.Event, facts duban.Facts) error {
	facts["news"] = string(l.Kind)
	e := duban.Entry{Event: event, PersonID: l.PersonID, AssignmentID: l.AssignmentID, AnnouncementID: l.AnnouncementID, Facts: facts}
	switch {
	case l.AssignmentID != 0:
		a, err := tx.Assignment(l.AssignmentID)
		if err != nil {
			return err
		}
		e.UnitID, e.TaskID = a.UnitID, a.TaskID
	case l.Kind == duban.NewsGroupCopy, l.Kind == duban.NewsGroupFix:
		news, err := fromJSON[GroupNews](l.Data)
		if err != nil {
			return err
		}
		g, err := tx.Group(news.Group)
		if err != nil {
			return err
		}
		facts["group"] = g.ID
		e.UnitID, e.Note = g.UnitID, g.Title
	}
	return tx.Record(duban.System, e)
}

// LoseReach notes that a person cannot be reached any more (the bot was blocked, the account is gone): it is recorded, and the secretary of
// the unit and the administrators are told, once. It never counts against the person.
func (d *Desk) LoseReach(tx *store.Tx, person int64, why string) error {
	account, err := tx.AccountOfPerson(person)
	if err != nil {
		return ignoreNotFound(err)
	}
	news, err := tx.SetUnreachable(account.ID, why)
	if err != nil || !news {
		return err
	}
	unit, err := FirstUnit(tx, person)
	if err != nil {
		return err
	}
	entry := duban.Entry{Event: duban.EventUnreachable, UnitID: unit.ID, PersonID: person, Facts: duban.Facts{"reason": why}}
	if err := tx.Record(duban.System, entry); err != nil {
		return err
	}
	tell, err := whoAnswersFor(tx, unit.ID, person)
	if err != nil {
		return err
	}
	for _, p := range tell {
		err := tx.Post(duban.Notice{
			Key:  fmt.Sprintf("unreachable:%d:%d:%d", account.ID, tx.Now.UnixMilli(), p.ID),
			Kind: duban.NewsUnreachable, Lane: duban.LaneEscalation, PersonID: p.ID, Data: toJSON(PersonNews{person, why}),
			NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// whoAnswersFor returns the secretaries and administrators in charge of a unit, each once, without the person it is about.
func whoAnswersFor(tx *store.Tx, unit, except int64) ([]duban.Person, error) {
	secretaries, err := Secretaries(tx, unit)
	if err != nil {
		return nil, err
	}
	admins, err := Administrators(tx, unit)
	if err != nil {
		return nil, err
	}
	seen := map[int64]bool{except: true}
	var all []duban.Person
	for _, p := range append(secretaries, admins...) {
		if !seen[p.ID] {
			seen[p.ID] = true
			all = append(all, p)
		}
	}
	return all, nil
}

// FindReach notes that a person can be reached again, because he wrote or unblocked the bot.
func (d *Desk) FindReach(tx *store.Tx, account duban.Account) error {
	news, err := tx.SetUnreachable(account.ID, "")
	if err != nil || !news {
		return err
	}
	return tx.Record(duban.System, duban.Entry{Event: duban.EventReachable, PersonID: account.PersonID})
}

// Quarantined records that an update could not be handled, and tells the administrators.
func (d *Desk) Quarantined(tx *store.Tx, u store.Update, why string) error {
	entry := duban.Entry{Event: duban.EventQuarantined, Facts: duban.Facts{"kind": u.Kind, "inbox": u.Seq}, Note: why}
	if err := tx.Record(duban.System, entry); err != nil {
		return err
	}
	return tellAdministrators(tx, 0, duban.Notice{
		Key: "quarantine:" + tx.Now.In(d.Calendar.Zone()).Format("2006-01-02T15"), Kind: duban.NewsQuarantine, Lane: duban.LaneReminder,
		Data: toJSON(QuarantineNews{u.Seq, u.Kind}),
	})
}

// QuarantineNews is the data of NewsQuarantine. The administrators get one an hour at most.
type QuarantineNews struct {
	Seq  int64  `json:"seq"`
	Kind string `json:"kind"`
}
