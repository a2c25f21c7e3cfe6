package scheduler

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"duban/work"
)

// longestSleep is how long the loop sleeps at most, so that a clock that jumps, a suspended machine or an edit by another process costs no
// more than this.
const longestSleep = 5 * time.Second

// Scheduler carries out what is due. It is safe for concurrent use; a database has one that runs.
type Scheduler struct {
	// Backup makes backups by the clock; nil makes none. It is set before Run.
	Backup *Backup

	desk *work.Desk
	log  *slog.Logger

	mu     sync.Mutex
	health Health
}

// New returns a scheduler for the store, the calendar and the policy of a desk.
func New(desk *work.Desk, log *slog.Logger) *Scheduler {
	return &Scheduler{desk: desk, log: log}
}

// Run works until the context ends: passes whenever something is due, and the duties by the clock. It returns nil once everything that was
// under way has ended.
func (s *Scheduler) Run(ctx context.Context) error {
	stop := s.startDuties(ctx, duties)
	defer stop()
	known := s.learn(ctx, learnt{})
	plan := s.beginReplan(ctx)
	for {
		known = s.learn(ctx, known)
		plan = s.replanAgain(ctx, plan)
		sleep := s.passAndWait(ctx)
		if plan.going {
			plan, sleep = s.continueReplan(ctx, plan), 0
		}
		wake := time.NewTimer(sleep)
		select {
		case <-ctx.Done():
			wake.Stop()
			return nil
		case <-s.desk.Store.Planned():
			wake.Stop()
		case <-wake.C:
		}
	}
}

// passAndWait makes one pass and returns how long to sleep after it.
func (s *Scheduler) passAndWait(ctx context.Context) time.Duration {
	report, err := s.Pass(ctx)
	switch {
	case ctx.Err() != nil:
		return longestSleep
	case err != nil:
		s.log.Error("pass over the due index", "error", err)
		return longestSleep
	case report.Due > 0:
		return 0
	case report.Next.IsZero():
		return longestSleep
	}
	return min(max(time.Until(report.Next), 0), longestSleep)
}
