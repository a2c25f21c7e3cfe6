package scheduler

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"duban"
	"duban/store"
)

// ladderKey is where it is kept by which ladder and calendar the due index was computed.
const ladderKey = "ladder"

// replan is the work of computing the due index anew, because the ladder, quiet time or the calendar are no longer those by which it was
// computed. It is done bit by bit between the passes. The new ladder holds from now on: what it would have told before stays untold, unless
// the old one had something due.
type replan struct {
	going   bool
	mark    string // of the new ladder
	edition string // of the calendar then
	after   int64  // the last assignment that was looked at
	changed int
}

// beginReplan finds out whether the due index is to be computed anew. A database that has never run has been planned by this ladder.
func (s *Scheduler) beginReplan(ctx context.Context) replan {
	plan := replan{edition: s.desk.Calendar.Edition(), mark: s.ladderMark()}
	var had string
	err := s.desk.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if had, err = tx.Meta(ladderKey); err != nil || had != "" {
			return err
		}
		return tx.SetMeta(ladderKey, plan.mark)
	})
	if err != nil && ctx.Err() == nil {
		s.log.Error("look up by which ladder the due index was computed", "error", err)
	}
	plan.going = had != "" && had != plan.mark
	return plan
}

// replanAgain begins anew when the calendar has learnt other days since.
func (s *Scheduler) replanAgain(ctx context.Context, plan replan) replan {
	if s.desk.Calendar.Edition() == plan.edition {
		return plan
	}
	return s.beginReplan(ctx)
}

// continueReplan does the next bit.
func (s *Scheduler) continueReplan(ctx context.Context, plan replan) replan {
	changed, err := s.replanSome(ctx, &plan.after)
	if err != nil {
		if ctx.Err() == nil {
			s.log.Error("compute the due index anew: given up until the next start", "error", err)
		}
		plan.going = false
		return plan
	}
	plan.changed += changed
	if plan.after != 0 {
		return plan
	}
	plan.going = false
	s.log.Info("the ladder or the calendar has changed, the due index was computed anew", "changed", plan.changed)
	err = s.desk.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetMeta(ladderKey, plan.mark) })
	if err != nil && ctx.Err() == nil {
		s.log.Error("note by which ladder the due index was computed", "error", err)
	}
	return plan
}

// ladderMark names everything that the due index depends on.
func (s *Scheduler) ladderMark() string {
	p, cal := s.desk.Policy, s.desk.Calendar
	all, err := json.Marshal([]any{p.Ladder, p.Quiet, p.ReviewWithin, cal.Zone().String(), cal.OfficeEnd(), cal.Edition()})
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(all))[:16]
}

// replanSome computes the next actions of some assignments after an id and moves the id on, to 0 after the last. It returns how many changed.
func (s *Scheduler) replanSome(ctx context.Context, after *int64) (changed int, err error) {
	var stale []duban.Assignment
	var last int64
	err = s.desk.Store.Read(ctx, func(tx *store.Tx) error {
		stale, last = nil, 0
		ids, err := tx.OpenAfter(*after, batchLimit)
		for _, id := range ids {
			last = id
			a, err := tx.Assignment(id)
			if err != nil {
				continue
			}
			anew, err := s.replanned(tx, a)
			if err == nil && !anew.NextAction.Equal(a.NextAction) {
				stale = append(stale, a)
			}
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	*after = last
	if len(stale) == 0 {
		return 0, nil
	}
	return len(stale), s.desk.Store.Write(ctx, func(tx *store.Tx) error {
		for _, old := range stale {
			a, err := tx.Assignment(old.ID)
			if err != nil {
				return err
			}
			if a, err = s.replanned(tx, a); err != nil {
				return err
			}
			if err := tx.Plan(a.ID, a.ActedUntil, a.NextAction, a.Urges); err != nil {
				return err
			}
		}
		return nil
	})
}

// replanned returns an assignment as its ladder and the present calendar plan it.
func (s *Scheduler) replanned(tx *store.Tx, a duban.Assignment) (duban.Assignment, error) {
	nothingDue := a.NextAction.IsZero() || a.NextAction.After(tx.Now)
	if nothingDue && a.ActedUntil.Before(tx.Now) {
		a.ActedUntil = tx.Now
	}
	policy, err := s.desk.PolicyFor(tx, a)
	a.NextAction = policy.NextAction(a, s.desk.Calendar)
	return a, err
}
