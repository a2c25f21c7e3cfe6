package work

import (
	"context"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
)

// ReopenedFor is how many working days a reopened assignment gets whose deadline is over, when none is given.
const ReopenedFor = 3

// Reopen lets a closed or archived assignment be worked on again (回头看), with a reason. Due is its new deadline; zero keeps the old one, or gives three
// working days where that is over. Where the owner no longer holds a post in the unit, the successor gets it. An administrator or a leader may.
func (d *Desk) Reopen(ctx context.Context, who duban.Actor, id int64, reason string, due calendar.Due) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		_, a, err := steer(tx, who, id, duban.ActReopen, duban.VerbReopen)
		if err != nil {
			return err
		}
		why, err := given(reason)
		if err != nil {
			return err
		}
		before := a.Due
		if a.Due, err = d.dueAgain(a, due, tx.Now); err != nil {
			return err
		}
		a.SubmittedAt, a.ClosedAt, a.RestartedAt, a.ActedUntil = zeroTime, zeroTime, tx.Now, tx.Now
		s := steering{event: duban.EventReopened, reason: why, facts: duban.Facts{"due": dueFact(a.Due)}}
		if !sameDue(before, a.Due) {
			s.due = dueFact(before)
			if err := recordDue(tx, who, a, before, "reopened", ""); err != nil {
				return err
			}
		}
		readers, err := d.Receivers(tx, a)
		if err != nil {
			return err
		}
		if err := d.steered(tx, who, &a, s, readers); err != nil {
			return err
		}
		if after, err = d.toSuccessor(tx, who, a); err != nil {
			return err
		}
		return d.follow(tx, who, after, after.Due)
	})
	return after, err
}

// dueAgain is the deadline of an assignment that is reopened.
func (d *Desk) dueAgain(a duban.Assignment, wanted calendar.Due, now time.Time) (calendar.Due, error) {
	switch {
	case !wanted.IsZero() && d.Calendar.Overdue(wanted, now):
		return wanted, duban.Refuse(duban.DuePast)
	case !wanted.IsZero():
		return wanted, nil
	}
	return d.DueReopened(a, now), nil
}

// DueReopened returns the deadline that an assignment gets when it is reopened now and none is named.
func (d *Desk) DueReopened(a duban.Assignment, now time.Time) calendar.Due {
	if d.Calendar.Overdue(a.Due, now) {
		return calendar.Due{Date: d.Calendar.AddWorkingDays(d.Calendar.Today(now), ReopenedFor)}
	}
	return a.Due
}

// toSuccessor gives an assignment whose owner has left its unit to whoever follows there.
func (d *Desk) toSuccessor(tx *store.Tx, who duban.Actor, a duban.Assignment) (duban.Assignment, error) {
	held, err := holdsPost(tx, a.OwnerID, a.UnitID)
	if err != nil || held {
		return a, err
	}
	successor, err := successorIn(tx, a.UnitID)
	if err != nil || successor == 0 {
		return a, err
	}
	if err := d.giveTo(tx, who, a, successor, ""); err != nil {
		return a, err
	}
	return tx.Assignment(a.ID)
}

// ArchiveAfter is how long a closed assignment stays before it is archived by itself.
const ArchiveAfter = 30 * 24 * time.Hour

// Archive puts a closed assignment out of the way (归档). An administrator may; what is closed for long is archived by itself.
func (d *Desk) Archive(ctx context.Context, who duban.Actor, id int64) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		_, a, err := steer(tx, who, id, duban.ActArchive, duban.VerbArchive)
		if err != nil {
			return err
		}
		if err := d.archive(tx, who, &a); err != nil {
			return err
		}
		after = a
		return refreshCards(tx, a, duban.LaneAnswer)
	})
	return after, err
}

// ArchiveOld archives what has been closed for longer than ArchiveAfter, at most limit in one transaction, and returns how many. Nobody is told.
func (d *Desk) ArchiveOld(ctx context.Context, limit int) (int, error) {
	archived := 0
	err := d.write(ctx, duban.System, func(tx *store.Tx) error {
		old, err := tx.ClosedBefore(tx.Now.Add(-ArchiveAfter), limit)
		if err != nil {
			return err
		}
		archived = len(old)
		for _, a := range old {
			if a.State, err = a.After(duban.VerbArchive, tx.Now); err != nil {
				return err
			}
			if err := d.archive(tx, duban.System, &a); err != nil {
				return err
			}
		}
		return nil
	})
	return archived, err
}

func (d *Desk) archive(tx *store.Tx, who duban.Actor, a *duban.Assignment) error {
	if err := d.save(tx, a); err != nil {
		return err
	}
	return recordOn(tx, who, *a, duban.EventArchived, nil, "")
}
