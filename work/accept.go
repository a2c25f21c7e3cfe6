package work

import (
	"context"

	"duban"
	"duban/store"
)

// Accept signs for an assignment (签收): its owner, or the secretary on behalf. It returns the assignment as it is afterwards. Signing twice
// is refused as AlreadyDone with the instant of the first time.
func (d *Desk) Accept(ctx context.Context, who duban.Actor, id int64) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := d.actOn(tx, who, id, duban.VerbAccept)
		if err != nil {
			return err
		}
		a.AcceptedAt = tx.Now
		if err := overtakeDecline(tx, who, &a); err != nil {
			return err
		}
		if err := d.save(tx, &a); err != nil {
			return err
		}
		after = a
		if err := tx.CancelPushes(a.ID, "signed"); err != nil {
			return err
		}
		facts := duban.Facts{"minutes": int(d.Calendar.WorkingTime(a.IssuedAt, tx.Now).Minutes())}
		if err := recordOn(tx, who, a, duban.EventAccepted, facts, ""); err != nil {
			return err
		}
		return refreshCards(tx, a, duban.LaneAnswer)
	})
	return after, err
}

// actOn reads an assignment, checks that the actor may do the unit's work on it, and moves it to where the verb leads.
func (d *Desk) actOn(tx *store.Tx, who duban.Actor, id int64, verb duban.Verb) (duban.Assignment, error) {
	a, err := tx.Assignment(id)
	if err != nil {
		return a, err
	}
	if err := mayWorkOn(tx, who, a); err != nil {
		return a, err
	}
	a.State, err = a.After(verb, tx.Now)
	return a, err
}

// MayWorkOn reports whether an actor may sign, report and submit for an assignment: the owner, whoever stands in for an owner who is away, and on behalf
// of the owner those who have that right in the unit.
func MayWorkOn(tx *store.Tx, who duban.Actor, a duban.Assignment) (bool, error) {
	err := mayWorkOn(tx, who, a)
	if duban.CodeOf(err) == duban.NotAllowed {
		return false, nil
	}
	return err == nil, err
}

func mayWorkOn(tx *store.Tx, who duban.Actor, a duban.Assignment) error {
	if who.PersonID == a.OwnerID && who.PersonID != 0 {
		return nil
	}
	if ok, err := StandsIn(tx, who.PersonID, a.OwnerID); err != nil || ok {
		return err
	}
	return mustMay(tx, who, duban.ActBehalf, a.UnitID)
}

// recordOn appends an entry about an assignment. What is done on behalf of the owner is marked.
func recordOn(tx *store.Tx, who duban.Actor, a duban.Assignment, event duban.Event, facts duban.Facts, note string) error {
	if facts == nil {
		facts = duban.Facts{}
	}
	if who.PersonID != 0 && who.PersonID != a.OwnerID && onBehalf[event] {
		facts["on_behalf"] = true
	}
	return tx.Record(who, duban.Entry{
		Event: event, UnitID: a.UnitID, PersonID: a.OwnerID, TaskID: a.TaskID, AssignmentID: a.ID, Facts: facts, Note: note,
	})
}

// onBehalf are the events that are the owner's own, so that somebody else doing them is worth a mark.
var onBehalf = map[duban.Event]bool{
	duban.EventAccepted: true, duban.EventProgress: true, duban.EventSubmitted: true, duban.EventWithdrawn: true, duban.EventEvidence: true,
	duban.EventExtensionAsked: true, duban.EventDeclineAsked: true, duban.EventObjected: true, duban.EventRetracted: true,
}

// ShowCard makes the card of an assignment in the actor's chat show how it stands now, for whoever pressed a button that is out of date.
func (d *Desk) ShowCard(ctx context.Context, who duban.Actor, id int64) error {
	who.Cause = 0
	return d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		return refreshCard(tx, a, who.PersonID, duban.LaneAnswer)
	})
}
