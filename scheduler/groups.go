package scheduler

import (
	"context"
	"time"

	"duban/store"
)

// groups lets the work groups have their line of the day, edited until that day ends: after the digests of a working day, and where there are none from the
// end of the quiet time on.
func (s *Scheduler) groups(ctx context.Context) error {
	now := time.Now()
	if s.desk.Policy.Digest == nil {
		if now.Before(s.linesFrom(now)) || !s.wakes(now) {
			return nil
		}
		_, err := s.desk.GroupDays(ctx, s.desk.Calendar.Today(now).String())
		return err
	}
	at, today := s.digestDue(now)
	if at.IsZero() {
		return nil
	}
	var last string
	err := s.desk.Store.Read(ctx, func(tx *store.Tx) (err error) {
		last, err = tx.Meta(digestKey)
		return err
	})
	if err != nil || last < today {
		return err
	}
	_, err = s.desk.GroupDays(ctx, today)
	return err
}

// linesFrom is when the lines of a day without digests begin: with what the quiet time has held, or without a quiet time with the reminders.
func (s *Scheduler) linesFrom(now time.Time) time.Time {
	cal, policy := s.desk.Calendar, s.desk.Policy
	clock := policy.Quiet.To
	if policy.Quiet.Off {
		clock = policy.Ladder.At
	}
	return cal.Today(now).At(clock, cal.Zone())
}

// wakes reports whether people are at work and may be disturbed.
func (s *Scheduler) wakes(now time.Time) bool {
	cal := s.desk.Calendar
	return cal.IsWorkingDay(cal.Today(now)) && !cal.IsQuiet(s.desk.Policy.Quiet, now)
}
