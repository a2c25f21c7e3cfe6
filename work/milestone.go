package work

import (
	"context"
	"slices"

	"duban"
	"duban/store"
)

// FinishMilestone reports a milestone as done (节点完成), by its number from 0: so much of the whole is reached then, and it signs implicitly. What was done
// before is refused as AlreadyDone.
func (d *Desk) FinishMilestone(ctx context.Context, who duban.Actor, id int64, n int) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := d.actOn(tx, who, id, duban.VerbProgress)
		if err != nil {
			return err
		}
		if n < 0 || n >= len(a.Milestones) {
			return duban.Refuse(duban.NotFound)
		}
		m := a.Milestones[n]
		if !m.DoneAt.IsZero() {
			return duban.Refuse(duban.AlreadyDone, "at", m.DoneAt)
		}
		a.Milestones = slices.Clone(a.Milestones)
		a.Milestones[n].DoneAt = tx.Now
		return d.reachMilestone(tx, who, &after, a, n, duban.Facts{"milestone": n + 1})
	})
	return after, err
}

// UndoMilestone takes back that a milestone was reported as done, within ten minutes. What was reported of the whole beside the milestones stays.
func (d *Desk) UndoMilestone(ctx context.Context, who duban.Actor, id int64, n int) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := d.actOn(tx, who, id, duban.VerbProgress)
		switch {
		case err != nil:
			return err
		case n < 0 || n >= len(a.Milestones):
			return duban.Refuse(duban.NotFound)
		case a.Milestones[n].DoneAt.IsZero():
			return duban.Refuse(duban.AlreadyDone, "at", tx.Now)
		case tx.Now.Sub(a.Milestones[n].DoneAt) > duban.WithdrawWithin:
			return duban.Refuse(duban.TooLate)
		}
		a.Milestones = slices.Clone(a.Milestones)
		a.Milestones[n].DoneAt = zeroTime
		return d.reachMilestone(tx, who, &after, a, n, duban.Facts{"milestone": n + 1, "undone": true})
	})
	return after, err
}

func (d *Desk) reachMilestone(tx *store.Tx, who duban.Actor, after *duban.Assignment, a duban.Assignment, n int, facts duban.Facts) error {
	var err error
	if *after, err = d.advance(tx, who, a, 0, a.Milestones[n].Title); err != nil {
		return err
	}
	facts["percent"] = after.Reached()
	return recordOn(tx, who, *after, duban.EventMilestone, facts, a.Milestones[n].Title)
}
