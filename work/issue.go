package work

import (
	"fmt"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
)

var zeroTime time.Time

// issueTo issues a task to a unit: the three invariants hold from here on, an owner, a duty and a deadline.
func (d *Desk) issueTo(tx *store.Tx, who duban.Actor, task duban.Task, a duban.Assignment) error {
	id, err := tx.AddAssignment(a, d.Calendar.End(a.Due))
	if err != nil {
		return err
	}
	a.ID = id
	return d.issueDraft(tx, who, task, a)
}

// draftTo keeps a task for a unit without issuing it: as a draft, or waiting for approval.
func (d *Desk) draftTo(tx *store.Tx, a duban.Assignment, state duban.State) error {
	a.State, a.OriginalDue = state, a.Due
	_, err := tx.AddAssignment(a, d.Calendar.End(a.Due))
	return err
}

func (d *Desk) issueDraft(tx *store.Tx, who duban.Actor, task duban.Task, a duban.Assignment) error {
	switch {
	case a.OwnerID == 0:
		return duban.Refuse(duban.NoOwner)
	case a.Due.IsZero():
		return duban.Refuse(duban.NoDeadline)
	case task.Duty == "":
		return duban.Refuse(duban.NoDuty)
	}
	a.State, a.OriginalDue, a.IssuedAt, a.ActedUntil = duban.Issued, a.Due, tx.Now, tx.Now
	a.Loud = task.Priority == duban.Critical && task.LoudReason != ""
	var err error
	if a.LadderID, err = tx.LadderID(d.Policy.Ladder); err != nil {
		return err
	}
	if err := d.save(tx, &a); err != nil {
		return err
	}
	facts := duban.Facts{"due": dueFact(a.Due), "priority": string(task.Priority)}
	why := ""
	if a.Loud {
		facts["loud"], why = true, task.LoudReason
	}
	if err := recordOn(tx, who, a, duban.EventIssued, facts, why); err != nil {
		return err
	}
	return d.postCard(tx, a)
}

func dueFact(due calendar.Due) string {
	if due.IsDate() {
		return due.Date.String()
	}
	return due.Instant.Format(time.RFC3339)
}

// postCard sends the owner the card of an assignment, and whoever stands in for an owner who is away. Quiet time holds it, unless the item is loud.
func (d *Desk) postCard(tx *store.Tx, a duban.Assignment) error {
	deputy, err := Deputy(tx, a.OwnerID)
	if err != nil {
		return err
	}
	for _, reader := range distinct([]int64{a.OwnerID, deputy}) {
		card := cardNotice(a, reader, duban.LaneReminder)
		if !a.Loud {
			card.NotBefore = d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now)
		}
		if err := tx.Post(card); err != nil {
			return err
		}
	}
	return nil
}

// ChangedNews is the data of NewsChanged: what changed of an item that was issued.
type ChangedNews struct {
	Owner bool   `json:"owner,omitempty"` // it has come to the reader
	Due   string `json:"due,omitempty"`   // the deadline before
	Duty  bool   `json:"duty,omitempty"`  // title, duty or evidence
}

// change gives an issued assignment another deadline or owner, or only shows what else changed. The original deadline is kept.
func (d *Desk) change(tx *store.Tx, who duban.Actor, a duban.Assignment, owner int64, due calendar.Due) error {
	if sameDue(a.Due, due) && a.OwnerID != owner {
		return d.giveTo(tx, who, a, owner, "")
	}
	event, facts, news := duban.EventChanged, duban.Facts(nil), ChangedNews{Duty: true}
	if !sameDue(a.Due, due) {
		event, news = duban.EventDeadlineChanged, ChangedNews{Due: dueFact(a.Due)}
		facts = duban.Facts{"from": dueFact(a.Due), "to": dueFact(due)}
		a.Due = due
	}
	if err := recordOn(tx, who, a, event, facts, ""); err != nil {
		return err
	}
	if a.OwnerID != owner {
		return d.giveTo(tx, who, a, owner, "")
	}
	if err := d.save(tx, &a); err != nil {
		return err
	}
	if err := refreshCards(tx, a, duban.LaneReminder); err != nil {
		return err
	}
	return tx.Post(duban.Notice{
		Key: fmt.Sprintf("changed:%d:%d", a.ID, tx.Now.UnixMilli()), Kind: duban.NewsChanged, Lane: duban.LaneReminder, PersonID: a.OwnerID,
		AssignmentID: a.ID, Data: toJSON(news), NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
	})
}
