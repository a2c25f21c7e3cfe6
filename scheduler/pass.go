package scheduler

import (
	"context"
	"fmt"
	"time"

	"duban"
	"duban/store"
)

// batchLimit is how many assignments one pass takes at most, and chunkLimit how many share one transaction, so that a press on a button never
// waits long for its turn to write.
const (
	batchLimit = 500
	chunkLimit = 100
)

// poisonPause is how far an assignment is pushed ahead that cannot be handled.
const poisonPause = time.Hour

// Report is what a pass has done.
type Report struct {
	Due      int     // assignments that the due index named
	Told     int     // letters put into the outbox
	Late     int     // rungs that were told late
	Folded   int     // rungs that a reader's daily cap left to the digest
	Missed   int     // rungs that a later one has overtaken
	Poisoned []int64 // assignments that could not be handled and were pushed ahead
	More     bool    // the pass was full: there is more to do at once
	// Next is when something will be due, after a pass that found nothing; zero: nothing ever by itself.
	Next time.Time
}

func (r *Report) add(o Report) {
	r.Told += o.Told
	r.Late += o.Late
	r.Folded += o.Folded
	r.Missed += o.Missed
	r.Poisoned = append(r.Poisoned, o.Poisoned...)
}

// Pass carries out what is due by now, at most 500 assignments, longest due first, and returns what it did. Each is decided on its state as it
// is inside the transaction. One that cannot be handled is pushed an hour ahead and reported, so that the others move.
func (s *Scheduler) Pass(ctx context.Context) (Report, error) {
	if err := s.checkClock(ctx, time.Now()); err != nil {
		return Report{}, err
	}
	due, next, err := s.dueNow(ctx)
	if err != nil {
		return Report{}, fmt.Errorf("read the due index: %w", err)
	}
	report := Report{Due: len(due), More: len(due) == batchLimit, Next: next}
	for rest := due; len(rest) > 0; {
		n := min(len(rest), chunkLimit)
		done, err := s.handle(ctx, rest[:n], len(due) > chunkLimit)
		if err != nil {
			return report, err
		}
		report.add(done)
		rest = rest[n:]
	}
	s.passed(report)
	return report, nil
}

// dueNow returns what is due by now, or else when something will be.
func (s *Scheduler) dueNow(ctx context.Context) (due []int64, next time.Time, err error) {
	err = s.desk.Store.Read(ctx, func(tx *store.Tx) error {
		if next, err = tx.NextDue(); err != nil || next.IsZero() || next.After(tx.Now) {
			return err
		}
		next = time.Time{}
		due, err = tx.DueActions(tx.Now, batchLimit)
		return err
	})
	return due, next, err
}

// handle carries out some assignments in one transaction, or one by one where that fails.
func (s *Scheduler) handle(ctx context.Context, ids []int64, more bool) (Report, error) {
	done, err := s.round(ctx, ids, more)
	if err == nil || ctx.Err() != nil {
		return done, err
	}
	s.log.Warn("a batch failed, its assignments are handled one by one", "error", err, "size", len(ids))
	var report Report
	for _, id := range ids {
		done, err := s.round(ctx, []int64{id}, true)
		if err == nil {
			report.add(done)
			continue
		}
		if err := s.postpone(ctx, id, err); err != nil {
			return report, err
		}
		report.Poisoned = append(report.Poisoned, id)
	}
	return report, nil
}

func (s *Scheduler) postpone(ctx context.Context, id int64, cause error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	err := s.desk.Store.Write(ctx, func(tx *store.Tx) error { return tx.Postpone(id, tx.Now.Add(poisonPause)) })
	if err != nil {
		return fmt.Errorf("push assignment %d ahead: %w", id, err)
	}
	s.log.Error("an assignment cannot be handled and is pushed ahead by an hour", "assignment", id, "error", cause)
	return nil
}

// round carries out some assignments in one transaction. More says that other rounds of the same catch-up precede or follow it.
func (s *Scheduler) round(ctx context.Context, ids []int64, more bool) (Report, error) {
	var report Report
	err := s.desk.Store.Write(ctx, func(tx *store.Tx) error {
		r := newRound(tx, s.desk, more)
		for _, id := range ids {
			if err := r.decide(id); err != nil {
				return fmt.Errorf("assignment %d: %w", id, err)
			}
		}
		err := r.carryOut()
		report = r.report
		return err
	})
	return report, err
}

// decide decides on one assignment and notes what follows. Nothing of it is told before all are decided, since late ones are merged.
func (r *round) decide(id int64) error {
	a, err := r.tx.Assignment(id)
	if err != nil {
		return err
	}
	policy, err := r.desk.PolicyFor(r.tx, a)
	if err != nil {
		return err
	}
	d := policy.Decide(a, r.desk.Calendar, r.tx.Now)
	plan := &plan{assignment: a, decision: d}
	r.plans = append(r.plans, plan)
	if d.Reason != duban.RungsDue {
		return nil
	}
	if plan.task, err = r.task(a.TaskID); err != nil {
		return err
	}
	for _, rung := range d.Rungs {
		if rung.Kind == duban.RungRequest {
			if now, err := r.pressing(a); err != nil {
				return err
			} else if !now {
				continue
			}
		}
		t := &telling{plan: plan, rung: rung, late: rung.Late(r.tx.Now)}
		if err := r.address(t); err != nil {
			return err
		}
		r.tellings = append(r.tellings, t)
	}
	return nil
}
