package work

import (
	"context"

	"duban"
	"duban/calendar"
	"duban/store"
)

// Grant is what is granted: of an extension the date, where it is another than the one asked for, and a word with it. Both may be empty.
type Grant struct {
	Due    calendar.Due
	Answer string
}

// AskExtension asks for more time (申请延期), with a reason and the date proposed, which has to be later than the present deadline. It may be asked until
// the deadline. The secretary of the school agrees first; one who asks himself agrees by asking. Then an administrator decides, or a leader where it is
// long or not the first.
func (d *Desk) AskExtension(ctx context.Context, who duban.Actor, id int64, due calendar.Due, reason string) (duban.Request, error) {
	var asked duban.Request
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		if err := mayAsk(tx, who, a); err != nil {
			return err
		}
		if err := a.MayAskExtension(d.Calendar, tx.Now); err != nil {
			return err
		}
		if err := d.laterThan(tx, a, due); err != nil {
			return err
		}
		r := duban.Request{Kind: duban.AskExtension, Due: due}
		if r.Reason, err = given(reason); err != nil {
			return err
		}
		days := d.Calendar.WorkingDaysBetween(a.Due.Date, due.Date)
		var substitute bool
		if r.Needs, substitute, err = extensionSeat(tx, a, days); err != nil {
			return err
		}
		if err := firstSeat(tx, who, &r, a.UnitID); err != nil {
			return err
		}
		facts := firstFacts(r)
		facts["from"], facts["to"], facts["working_days"] = dueFact(a.Due), dueFact(due), days
		if substitute {
			facts["no_leader"] = true
		}
		asked, err = d.ask(tx, who, &a, r, duban.EventExtensionAsked, facts)
		return err
	})
	return asked, err
}

// laterThan refuses a deadline that is none, that is over, or that is not later than the present one.
func (d *Desk) laterThan(tx *store.Tx, a duban.Assignment, due calendar.Due) error {
	switch {
	case due.IsZero():
		return duban.Refuse(duban.NoDeadline)
	case d.Calendar.Overdue(due, tx.Now):
		return duban.Refuse(duban.DuePast)
	case !d.Calendar.End(due).After(d.Calendar.End(a.Due)):
		return duban.Refuse(duban.NotLater)
	}
	return nil
}

// extensionSeat says who decides on an extension of an assignment by so many working days. Where it is a leader's and there is none at or above the
// unit, the administrators decide, and substitute is true.
func extensionSeat(tx *store.Tx, a duban.Assignment, days int) (seat duban.Seat, substitute bool, err error) {
	granted, err := grantedSince(tx, a)
	if err != nil || duban.ExtensionSeat(days, granted) != duban.SeatLeader {
		return duban.SeatAdmin, false, err
	}
	leaders, err := Leaders(tx, a.UnitID)
	if err == nil && len(leaders) == 0 {
		return duban.SeatAdmin, true, nil
	}
	return duban.SeatLeader, false, err
}

// grantedSince counts the extensions that were granted since an assignment was issued to its unit.
func grantedSince(tx *store.Tx, a duban.Assignment) (int, error) {
	all, err := tx.RequestsOf(a.ID)
	n := 0
	for _, r := range all {
		if r.Kind == duban.AskExtension && r.State == duban.Granted && !r.AskedAt.Before(a.IssuedAt) {
			n++
		}
	}
	return n, err
}

// extend grants an extension until the date asked for, or until another. The deadline set at first is kept.
func (d *Desk) extend(tx *store.Tx, who duban.Actor, r duban.Request, a duban.Assignment, due calendar.Due) (duban.Request, error) {
	if due.IsZero() {
		due = r.Due
	}
	if _, err := a.After(duban.VerbExtend, tx.Now); err != nil {
		return r, err
	}
	if err := d.laterThan(tx, a, due); err != nil {
		return r, err
	}
	days := d.Calendar.WorkingDaysBetween(a.Due.Date, due.Date)
	seat, substitute, err := extensionSeat(tx, a, days)
	if err != nil {
		return r, err
	}
	if seat == duban.SeatLeader {
		if err := mustMay(tx, who, duban.ActExtendFar, a.UnitID); err != nil {
			return r, err
		}
	}
	facts := duban.Facts{"request": r.ID, "from": dueFact(a.Due), "to": dueFact(due), "asked": dueFact(r.Due), "working_days": days}
	if substitute {
		facts["no_leader"] = true
	}
	a.Due, r.Due = due, due
	a.Extensions++
	a.PromisedAt = zeroTime
	if err := tx.CancelPushes(a.ID, "extended"); err != nil {
		return r, err
	}
	if err := d.goesOn(tx, &a); err != nil {
		return r, err
	}
	if err := recordOn(tx, who, a, duban.EventExtensionGranted, facts, r.Answer); err != nil {
		return r, err
	}
	return closeRequest(tx, who, r, a, duban.Granted)
}
