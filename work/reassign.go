package work

import (
	"context"
	"fmt"
	"strings"

	"duban"
	"duban/store"
)

// Reassign gives an open assignment to somebody else who holds a post in its unit (转派). The new owner signs anew; what was submitted stays
// submitted. The reason may be empty. An administrator or the school's secretary may.
func (d *Desk) Reassign(ctx context.Context, who duban.Actor, id, owner int64, reason string) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		_, a, err := steer(tx, who, id, duban.ActReassign, duban.VerbReassign)
		if err != nil {
			return err
		}
		if owner == a.OwnerID {
			return duban.Refuse(duban.HasItAlready)
		}
		if ok, err := holdsPost(tx, owner, a.UnitID); err != nil || !ok {
			return orRefuse(err, duban.NotFound)
		}
		readers, err := d.Receivers(tx, a)
		if err != nil {
			return err
		}
		if err := tx.CancelPushes(a.ID, "reassigned"); err != nil {
			return err
		}
		a.PromisedAt = zeroTime
		reason = strings.TrimSpace(reason)
		if err := d.giveTo(tx, who, a, owner, reason); err != nil {
			return err
		}
		if after, err = tx.Assignment(id); err != nil {
			return err
		}
		news := SteeredNews{Verb: duban.EventReassigned, By: who.PersonID, Reason: reason}
		return tellSteered(tx, after, news, except(readers, owner)...)
	})
	return after, err
}

func except(ids []int64, one int64) []int64 {
	var kept []int64
	for _, id := range ids {
		if id != one {
			kept = append(kept, id)
		}
	}
	return kept
}

// holdsPost reports whether an active person holds a post in a unit.
func holdsPost(tx *store.Tx, person, unit int64) (bool, error) {
	p, err := tx.Person(person)
	if err != nil || !p.Active {
		return false, ignoreNotFound(err)
	}
	posts, err := tx.Posts(person)
	for _, post := range posts {
		if post.UnitID == unit {
			return true, err
		}
	}
	return false, err
}

// giveTo changes the owner of an open assignment and tells the new one, who signs anew.
func (d *Desk) giveTo(tx *store.Tx, who duban.Actor, a duban.Assignment, owner int64, reason string) error {
	a, err := d.move(tx, who, a, owner, reason)
	if err != nil {
		return err
	}
	if err := d.postCard(tx, a); err != nil {
		return err
	}
	return tx.Post(duban.Notice{
		Key: fmt.Sprintf("changed:%d:%d", a.ID, tx.Now.UnixMilli()), Kind: duban.NewsChanged, Lane: duban.LaneReminder, PersonID: owner,
		AssignmentID: a.ID, Data: toJSON(ChangedNews{Owner: true}), NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
	})
}

// move changes the owner of an open assignment, and what is shown of it to others.
func (d *Desk) move(tx *store.Tx, who duban.Actor, a duban.Assignment, owner int64, reason string) (duban.Assignment, error) {
	before := a.OwnerID
	a.OwnerID = owner
	if a.State == duban.Accepted {
		// The nudges of the time before are not the new owner's.
		a.State, a.ActedUntil = duban.Issued, tx.Now
	}
	if a.State == duban.Issued {
		a.AcceptedAt = zeroTime
	}
	if err := d.save(tx, &a); err != nil {
		return a, err
	}
	if err := BoardChanged(tx, before); err != nil {
		return a, err
	}
	if err := recordOn(tx, who, a, duban.EventReassigned, duban.Facts{"from": before, "to": owner}, reason); err != nil {
		return a, err
	}
	return a, refreshCards(tx, a, duban.LaneReminder)
}
