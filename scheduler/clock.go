package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"duban/store"
)

// ErrClock is returned by Pass while the clock of the machine shows a time before this program was written. Nothing is sent then, since
// every deadline would look far away or long past once it is set right.
var ErrClock = errors.New("the clock of this machine is wrong: set it, reminders wait until then")

// written is before any time at which this program can run.
var written = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

const (
	tickKey   = "last_tick_at"
	tickEvery = time.Minute
	jumpAhead = time.Hour
	jumpBack  = time.Minute
)

// checkClock refuses to work by a clock that is certainly wrong, logs one that jumps, and notes once a minute that the program was alive.
func (s *Scheduler) checkClock(ctx context.Context, now time.Time) error {
	if now.Before(written) {
		s.update(func(h *Health) { h.ClockWrong = true })
		return ErrClock
	}
	last := s.Health().LastTick
	if !last.IsZero() && now.Sub(last) < tickEvery && now.Sub(last) >= 0 {
		return nil
	}
	err := s.desk.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if last.IsZero() {
			if last, err = tx.MetaTime(tickKey); err != nil {
				return err
			}
		}
		return tx.SetMetaTime(tickKey, now)
	})
	if err != nil {
		return fmt.Errorf("note the time: %w", err)
	}
	s.logJump(last, now)
	s.update(func(h *Health) { h.LastTick, h.ClockWrong = now, false })
	return nil
}

// logJump tells of a clock that went back, or ahead by more than an hour since the last look at it. After a stop of the program only the
// former can be told.
func (s *Scheduler) logJump(last, now time.Time) {
	running := !s.Health().LastTick.IsZero()
	switch {
	case last.IsZero():
	case now.Before(last.Add(-jumpBack)):
		s.log.Warn("the clock has gone back; nothing is told twice because of that", "from", last, "to", now)
	case running && now.After(last.Add(jumpAhead)):
		s.log.Warn("the clock has jumped ahead, or the machine has slept", "from", last, "to", now)
	}
}
