package work

import (
	"context"
	"slices"

	"duban"
	"duban/calendar"
	"duban/store"
)

// Decline says that an item is not the unit's duty (不属我单位), with a reason: within two working days of its issue and before anybody has signed. The
// school's secretary sends it back to the office at once; what others ask goes to the secretary first. An item that the office has decided to be the
// unit's is not declined again.
func (d *Desk) Decline(ctx context.Context, who duban.Actor, id int64, reason string) (duban.Request, error) {
	var asked duban.Request
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		if err := mayDecline(tx, who, a); err != nil {
			return err
		}
		if err := d.declinable(tx, a); err != nil {
			return err
		}
		r := duban.Request{Kind: duban.AskDecline, Needs: duban.SeatAdmin}
		if r.Reason, err = given(reason); err != nil {
			return err
		}
		if err := firstSeat(tx, who, &r, a.UnitID); err != nil {
			return err
		}
		asked, err = d.ask(tx, who, &a, r, duban.EventDeclineAsked, firstFacts(r))
		if err != nil || r.State == duban.Asked {
			return err
		}
		if err := d.declined(tx, who, &a, asked); err != nil {
			return err
		}
		return tellSteered(tx, a, SteeredNews{Verb: duban.EventDeclined, By: who.PersonID, Reason: r.Reason}, a.OwnerID)
	})
	return asked, err
}

// mayDecline lets the school's secretary decline for every unit of the school, and those ask who may ask for more time.
func mayDecline(tx *store.Tx, who duban.Actor, a duban.Assignment) error {
	if who.PersonID != 0 {
		if ok, err := May(tx, who, duban.ActDecline, a.UnitID); err != nil || ok {
			return err
		}
	}
	return mayAsk(tx, who, a)
}

// declinable says whether an assignment may be declined now.
func (d *Desk) declinable(tx *store.Tx, a duban.Assignment) error {
	if !a.RequestedAt.IsZero() && a.State == duban.Issued {
		return duban.Refuse(duban.PendingRequest)
	}
	if err := a.MayDecline(d.Calendar, tx.Now); err != nil {
		return err
	}
	stands, err := Stands(tx, a)
	if err == nil && stands {
		return duban.Refuse(duban.StandsAlready)
	}
	return err
}

// Stands reports whether the office has decided already, since its issue, that an assignment is the unit's.
func Stands(tx *store.Tx, a duban.Assignment) (bool, error) {
	entries, err := tx.RecordOf(a.ID)
	return slices.ContainsFunc(entries, func(e duban.Entry) bool {
		_, decided := e.Facts[lostMinutes]
		return decided && e.Event == duban.EventStood && !e.At.Before(a.IssuedAt)
	}), err
}

// lostMinutes is how much office time a declined item stood still, in the record of the office's decision that it is its unit's. A secretary who does not
// agree that it be declined loses none.
const lostMinutes = "minutes"

// declined sends an item back to the office.
func (d *Desk) declined(tx *store.Tx, who duban.Actor, a *duban.Assignment, r duban.Request) error {
	var err error
	if a.State, err = a.After(duban.VerbDecline, tx.Now); err != nil {
		return err
	}
	a.DeclinedAt, a.ActedUntil = tx.Now, tx.Now
	if err := tx.CancelPushes(a.ID, "declined"); err != nil {
		return err
	}
	if err := d.save(tx, a); err != nil {
		return err
	}
	if err := recordOn(tx, who, *a, duban.EventDeclined, duban.Facts{"request": r.ID}, r.Reason); err != nil {
		return err
	}
	return refreshCards(tx, *a, duban.LaneAnswer)
}

// Stand decides that a declined item is the unit's (维持), with a reason. It is issued again as it was: the unit's clock goes on from now and the deadline
// stays; whoever needs the time that was lost asks for it.
func (d *Desk) Stand(ctx context.Context, who duban.Actor, id int64, reason string) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		if err := d.maySettle(tx, who, a); err != nil {
			return err
		}
		if _, err := d.stand(tx, who, a, reason); err != nil {
			return err
		}
		after, err = tx.Assignment(id)
		return err
	})
	return after, err
}

// maySettle lets the office decide on a declined item, but nobody on what he declined himself.
func (d *Desk) maySettle(tx *store.Tx, who duban.Actor, a duban.Assignment) error {
	r, err := tx.OpenRequest(a.ID)
	if err == nil && who.PersonID != 0 && r.AskerID == who.PersonID {
		return duban.Refuse(duban.OwnRequest)
	}
	if ignoreNotFound(err) != nil {
		return err
	}
	return mustMay(tx, who, duban.ActSettle, a.UnitID)
}

func (d *Desk) stand(tx *store.Tx, who duban.Actor, a duban.Assignment, reason string) (duban.Request, error) {
	var r duban.Request
	var err error
	if a.State, err = a.After(duban.VerbStand, tx.Now); err != nil {
		return r, err
	}
	answer, err := given(reason)
	if err != nil {
		return r, err
	}
	lost := int(d.Calendar.WorkingTime(a.DeclinedAt, tx.Now).Minutes())
	a.DeclinedAt = zeroTime
	if err := d.goesOn(tx, &a); err != nil {
		return r, err
	}
	facts := duban.Facts{lostMinutes: lost}
	if r, err = d.settled(tx, who, a, duban.Refused, answer); err != nil {
		return r, err
	}
	if r.ID != 0 {
		facts["request"] = r.ID
	}
	if err := recordOn(tx, who, a, duban.EventStood, facts, answer); err != nil {
		return r, err
	}
	return r, d.tellUnit(tx, who, a, r, duban.EventStood, answer)
}

// tellUnit tells those of the unit what the office has decided on a declined item who are not told as asker or owner that the request was decided.
func (d *Desk) tellUnit(tx *store.Tx, who duban.Actor, a duban.Assignment, r duban.Request, event duban.Event, reason string) error {
	readers, err := d.Receivers(tx, a)
	if err != nil {
		return err
	}
	if r.ID != 0 {
		readers = except(except(readers, r.AskerID), a.OwnerID)
	}
	return tellSteered(tx, a, SteeredNews{Verb: event, By: who.PersonID, Reason: reason}, readers...)
}

// settled ends the request to take a declined item back, where one waits still; the item may have been suspended meanwhile.
func (d *Desk) settled(tx *store.Tx, who duban.Actor, a duban.Assignment, state duban.RequestState, answer string) (duban.Request, error) {
	r, err := tx.OpenRequest(a.ID)
	if duban.CodeOf(err) == duban.NotFound {
		return duban.Request{}, refreshCards(tx, a, duban.LaneAnswer)
	}
	if err != nil {
		return r, err
	}
	r.Answer = answer
	return closeRequest(tx, who, r, a, state)
}

// Destination is the unit that gets a declined item: its owner there, or 0 for whoever owns what is issued to the unit; and the deadline, which is kept
// where none is given.
type Destination struct {
	UnitID  int64
	OwnerID int64
	Due     calendar.Due
}

// Transfer gives a declined item to another unit (转办) that does not have it. It is issued anew there: it is signed for anew, and its ladder begins anew.
func (d *Desk) Transfer(ctx context.Context, who duban.Actor, id int64, to Destination) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		if err := d.maySettle(tx, who, a); err != nil {
			return err
		}
		next, err := a.After(duban.VerbStand, tx.Now)
		if err != nil {
			return err
		}
		if to, err = d.destination(tx, who, a, to); err != nil {
			return err
		}
		before := a
		a.State = next
		after, err = d.transfer(tx, who, before, a, to)
		return err
	})
	return after, err
}

// destination fills in what was left open of where a declined item goes, or refuses it.
func (d *Desk) destination(tx *store.Tx, who duban.Actor, a duban.Assignment, to Destination) (Destination, error) {
	if err := mustMay(tx, who, duban.ActSettle, to.UnitID); err != nil {
		return to, err
	}
	_, err := tx.AssignmentOf(a.TaskID, to.UnitID)
	if err == nil {
		return to, duban.Refuse(duban.HasItAlready)
	}
	if ignoreNotFound(err) != nil {
		return to, err
	}
	if to.Due.IsZero() {
		to.Due = a.Due
	}
	if d.Calendar.Overdue(to.Due, tx.Now) {
		return to, duban.Refuse(duban.DuePast)
	}
	if to.OwnerID == 0 {
		owner, problem, err := DefaultOwner(tx, to.UnitID)
		if err == nil && problem != "" {
			err = duban.Refuse(duban.NoOwner)
		}
		to.OwnerID = owner.ID
		return to, err
	}
	if ok, err := holdsPost(tx, to.OwnerID, to.UnitID); err != nil || !ok {
		return to, orRefuse(err, duban.NoOwner)
	}
	return to, nil
}

func (d *Desk) transfer(tx *store.Tx, who duban.Actor, before, a duban.Assignment, to Destination) (duban.Assignment, error) {
	facts := duban.Facts{"from_unit": a.UnitID, "to_unit": to.UnitID, "to": to.OwnerID}
	if err := recordOn(tx, who, before, duban.EventTransferred, facts, ""); err != nil {
		return a, err
	}
	if err := forgetCollected(tx, a); err != nil {
		return a, err
	}
	a.UnitID, a.OwnerID, a.Due, a.OriginalDue = to.UnitID, to.OwnerID, to.Due, to.Due
	a.IssuedAt, a.ActedUntil, a.RestartedAt, a.DeclinedAt, a.RequestedAt, a.PromisedAt = tx.Now, tx.Now, zeroTime, zeroTime, zeroTime, zeroTime
	a.Extensions, a.Urges, a.Percent, a.Level, a.RespondBy = 0, 0, 0, 0, zeroTime
	if err := d.save(tx, &a); err != nil {
		return a, err
	}
	r, err := d.settled(tx, who, before, duban.Granted, "")
	if err != nil {
		return a, err
	}
	if err := d.tellUnit(tx, who, before, r, duban.EventTransferred, ""); err != nil {
		return a, err
	}
	task, err := tx.Task(a.TaskID)
	if err != nil {
		return a, err
	}
	issued := duban.Facts{"due": dueFact(a.Due), "priority": string(task.Priority), "transferred": true}
	if err := recordOn(tx, who, a, duban.EventIssued, issued, ""); err != nil {
		return a, err
	}
	return a, errorsOf(refreshCards(tx, a, duban.LaneAnswer), d.postCard(tx, a))
}

// forgetCollected takes back what the unit before has begun to hand in.
func forgetCollected(tx *store.Tx, a duban.Assignment) error {
	sub, err := tx.OpenSubmission(a.ID)
	if err != nil {
		return ignoreNotFound(err)
	}
	sub.State, sub.DecidedAt = duban.SubmissionTaken, tx.Now
	return tx.SaveSubmission(sub)
}

// overtakeDecline retracts what was asked about an item that was not the unit's, since the unit has signed for it.
func overtakeDecline(tx *store.Tx, who duban.Actor, a *duban.Assignment) error {
	r, err := tx.OpenRequest(a.ID)
	if err != nil || r.Kind != duban.AskDecline {
		return ignoreNotFound(err)
	}
	a.RequestedAt, a.RestartedAt, a.ActedUntil = zeroTime, tx.Now, tx.Now
	return retractOpen(tx, who, *a, "signed")
}
