package scheduler

import (
	"context"
	"time"
)

// assess reminds of the self-check of assessments, in the hours in which people may be disturbed.
func (s *Scheduler) assess(ctx context.Context) error {
	if now := time.Now(); !s.wakes(now) || now.Before(s.morning(now)) {
		return nil
	}
	return s.desk.MindAssessments(ctx)
}
