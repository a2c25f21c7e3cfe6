package scheduler

import (
	"context"
	"time"

	"duban"
)

// head publishes the head of the record once each working day, from the moment on at which the day's messages begin: to the administrators and in the log.
func (s *Scheduler) head(ctx context.Context) error {
	now := time.Now()
	morning := s.morning(now)
	if !s.wakes(now) || now.Before(morning) {
		return nil
	}
	head, err := s.desk.PublishHead(ctx, s.desk.Calendar.Today(now))
	if err == nil && head.Seq > 0 {
		s.log.Info("the head of the record", "entries", head.Seq, "check", duban.CheckCode(head.Hash))
	}
	return err
}

// morning is when the messages of a day begin: with the digests, and where there are none with the lines of the work groups.
func (s *Scheduler) morning(now time.Time) time.Time {
	cal, policy := s.desk.Calendar, s.desk.Policy
	if policy.Digest == nil {
		return s.linesFrom(now)
	}
	return cal.Today(now).At(*policy.Digest, cal.Zone())
}
