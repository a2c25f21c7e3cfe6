package work

import (
	"context"

	"duban"
	"duban/calendar"
	"duban/store"
)

// SetDeadline gives an open assignment another deadline, with a reason, without anybody having asked (延期). Who may goes by how far it moves, as with an
// extension that is asked for: an administrator by up to five working days where it was not moved before, else the leader. The original deadline is
// kept, an extension that waits for an answer is overtaken, and it does not count as an extension of the unit.
func (d *Desk) SetDeadline(ctx context.Context, who duban.Actor, id int64, due calendar.Due, reason string) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		if err := d.MaySetDeadline(tx, who, a, due); err != nil {
			return err
		}
		why, err := given(reason)
		if err != nil {
			return err
		}
		before := a.Due
		a.Due, a.RequestedAt, a.PromisedAt, a.ActedUntil = due, zeroTime, zeroTime, tx.Now
		if err := retractOpen(tx, who, a, "deadline_changed"); err != nil {
			return err
		}
		if err := dropDrafts(tx, who, a, "deadline_changed"); err != nil {
			return err
		}
		if err := tx.CancelPushes(a.ID, "deadline_changed"); err != nil {
			return err
		}
		readers, err := d.Receivers(tx, a)
		if err != nil {
			return err
		}
		s := steering{event: duban.EventDeadlineChanged, reason: why, due: dueFact(before),
			facts: duban.Facts{"from": dueFact(before), "to": dueFact(due), "reason": movedBySteering}}
		after = a
		return d.steered(tx, who, &after, s, readers)
	})
	return after, err
}

// movedBefore counts how often the deadline of an assignment was moved before, as was asked for or without.
func movedBefore(tx *store.Tx, a duban.Assignment) (int, error) {
	n, err := tx.Extensions(a.ID)
	if err != nil {
		return 0, err
	}
	entries, err := tx.RecordOf(a.ID)
	for _, e := range entries {
		if e.Event == duban.EventDeadlineChanged && e.Facts["reason"] == movedBySteering {
			n++
		}
	}
	return n, err
}

// movedBySteering is the reason in the record of a deadline that was moved without having been asked for.
const movedBySteering = "steered"

// MaySetDeadline refuses a deadline that the actor may not set by himself, that is over, or that the assignment has already.
func (d *Desk) MaySetDeadline(tx *store.Tx, who duban.Actor, a duban.Assignment, due calendar.Due) error {
	moved, err := movedBefore(tx, a)
	if err != nil {
		return err
	}
	action := duban.ActExtend
	if duban.ExtensionSeat(d.Calendar.WorkingDaysBetween(a.Due.Date, due.Date), moved) == duban.SeatLeader {
		action = duban.ActExtendFar
	}
	if err := mustMay(tx, who, action, a.UnitID); err != nil {
		return err
	}
	if _, err := a.After(duban.VerbExtend, tx.Now); err != nil {
		return err
	}
	switch {
	case due.IsZero():
		return duban.Refuse(duban.NoDeadline)
	case d.Calendar.Overdue(due, tx.Now):
		return duban.Refuse(duban.DuePast)
	case sameDue(due, a.Due):
		return duban.Refuse(duban.NothingToDo)
	}
	return nil
}
