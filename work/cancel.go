package work

import (
	"context"

	"duban"
	"duban/calendar"
	"duban/store"
)

// Cancel cancels an assignment (撤销), with a reason, and tells everybody who has received it. An administrator or a leader may. Supporting units that
// have no lead unit left are relieved.
func (d *Desk) Cancel(ctx context.Context, who duban.Actor, id int64, reason string) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		why, err := given(reason)
		if err != nil {
			return err
		}
		if after, err = d.cancel(tx, who, id, why); err != nil {
			return err
		}
		return d.follow(tx, who, after, calendar.Due{})
	})
	return after, err
}

// CancelTask cancels every assignment of a task that is not done yet, all or none, and returns them as they are afterwards. When there is none, it
// is refused as NothingToDo.
func (d *Desk) CancelTask(ctx context.Context, who duban.Actor, task int64, reason string) ([]duban.Assignment, error) {
	var after []duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		why, err := given(reason)
		if err != nil {
			return err
		}
		all, err := tx.AssignmentsOf(task)
		if err != nil {
			return err
		}
		after = nil
		for _, a := range all {
			if a.State.Done() || a.State == duban.CalledOff {
				continue
			}
			cancelled, err := d.cancel(tx, who, a.ID, why)
			if err != nil {
				return err
			}
			after = append(after, cancelled)
		}
		if len(after) == 0 {
			return duban.Refuse(duban.NothingToDo)
		}
		return nil
	})
	return after, err
}

func (d *Desk) cancel(tx *store.Tx, who duban.Actor, id int64, why string) (duban.Assignment, error) {
	before, a, err := steer(tx, who, id, duban.ActCancel, duban.VerbCancel)
	if err != nil {
		return a, err
	}
	readers, err := d.Receivers(tx, before)
	if err != nil {
		return a, err
	}
	a.CancelledAt = tx.Now
	if err := d.settle(tx, who, &a, "cancelled"); err != nil {
		return a, err
	}
	s := steering{event: duban.EventCancelled, reason: why, facts: duban.Facts{"before": string(before.State)}}
	if err := d.steered(tx, who, &a, s, readers); err != nil {
		return a, err
	}
	if before.State == duban.Pending {
		return a, overtakeApproval(tx, who, a, why)
	}
	return a, refreshReviews(tx, a)
}
