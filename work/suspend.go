package work

import (
	"context"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
)

// Suspend halts an open assignment (中止), with a reason: its clock stands still, what its unit asked for is taken back, and everybody who has to
// know is told. A leader may.
func (d *Desk) Suspend(ctx context.Context, who duban.Actor, id int64, reason string) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		before, a, err := steer(tx, who, id, duban.ActSuspend, duban.VerbSuspend)
		if err != nil {
			return err
		}
		why, err := given(reason)
		if err != nil {
			return err
		}
		readers, err := d.Receivers(tx, before)
		if err != nil {
			return err
		}
		a.Before, a.SuspendedAt = before.State, tx.Now
		if err := d.settle(tx, who, &a, "suspended"); err != nil {
			return err
		}
		s := steering{event: duban.EventSuspended, reason: why, facts: duban.Facts{"before": string(a.Before)}}
		if err := d.steered(tx, who, &a, s, readers); err != nil {
			return err
		}
		after = a
		return refreshReviews(tx, a)
	})
	return after, err
}

// Resume lets a suspended assignment go on from where it stood (恢复). Due is its new deadline; zero moves the deadline later by the working days for
// which it stood, unless it had been submitted, since then the unit's clock stood anyway. That is no extension. A leader may.
func (d *Desk) Resume(ctx context.Context, who duban.Actor, id int64, due calendar.Due) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		_, a, err := steer(tx, who, id, duban.ActSuspend, duban.VerbResume)
		if err != nil {
			return err
		}
		if !due.IsZero() && d.Calendar.Overdue(due, tx.Now) {
			return duban.Refuse(duban.DuePast)
		}
		stood, before := d.stood(a, tx.Now), a.Due
		if a.Due = d.DueResumed(a, tx.Now); !due.IsZero() {
			a.Due = due
		}
		d.restart(&a, stood, tx.Now)
		readers, err := d.Receivers(tx, a)
		if err != nil {
			return err
		}
		s := steering{event: duban.EventResumed, facts: duban.Facts{"working_days": stood}}
		if !sameDue(before, a.Due) {
			s.due = dueFact(before)
			if err := recordDue(tx, who, a, before, "suspended", ""); err != nil {
				return err
			}
		}
		if err := d.steered(tx, who, &a, s, readers); err != nil {
			return err
		}
		after = a
		return refreshReviews(tx, a)
	})
	return after, err
}

// stood is for how many working days a suspended assignment has stood.
func (d *Desk) stood(a duban.Assignment, now time.Time) int {
	return d.Calendar.WorkingDaysBetween(d.Calendar.Today(a.SuspendedAt), d.Calendar.Today(now))
}

// DueResumed returns the deadline that a suspended assignment gets when it is resumed now and none is named.
func (d *Desk) DueResumed(a duban.Assignment, now time.Time) calendar.Due {
	if a.Before == duban.Submitted {
		return a.Due
	}
	return d.later(a.Due, d.stood(a, now))
}

// restart lets the clock of a suspended assignment run again: all that lay ahead of it lies as far ahead as it did.
func (d *Desk) restart(a *duban.Assignment, stood int, now time.Time) {
	for i, m := range a.Milestones {
		if m.DoneAt.IsZero() {
			a.Milestones[i].Date = d.Calendar.AddWorkingDays(m.Date, stood)
		}
	}
	if !a.RespondBy.IsZero() {
		a.RespondBy = a.RespondBy.Add(now.Sub(a.SuspendedAt))
	}
	a.Before, a.SuspendedAt, a.RestartedAt, a.ActedUntil = "", zeroTime, now, now
}

// later returns a deadline so many working days later, at the same time of the day.
func (d *Desk) later(due calendar.Due, workingDays int) calendar.Due {
	if workingDays == 0 {
		return due
	}
	day := d.Calendar.AddWorkingDays(due.Date, workingDays)
	if due.IsDate() {
		return calendar.Due{Date: day}
	}
	at := due.Instant.In(d.Calendar.Zone())
	return d.Calendar.DueAt(time.Date(day.Year, day.Month, day.Day, at.Hour(), at.Minute(), at.Second(), 0, d.Calendar.Zone()))
}

// recordDue records that an assignment has another deadline, and by which way it came to it.
func recordDue(tx *store.Tx, who duban.Actor, a duban.Assignment, before calendar.Due, reason, note string) error {
	facts := duban.Facts{"from": dueFact(before), "to": dueFact(a.Due), "reason": reason}
	return recordOn(tx, who, a, duban.EventDeadlineChanged, facts, note)
}
