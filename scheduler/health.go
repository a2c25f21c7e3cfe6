package scheduler

import (
	"time"

	"duban/store"
)

// Health is how the scheduler is, for health checks and metrics.
type Health struct {
	LastTick    time.Time // when the clock was last noted, once a minute
	LastPass    time.Time // zero: none yet
	Pass        Report    // of the last pass that found something due
	Poisoned    int       // assignments pushed ahead since the start because they could not be handled
	ClockWrong  bool
	Audit       Audit
	NoticeYear  int // the coming year, when the arrangement of its holidays is missing; else 0
	Backups     store.Backups
	Damaged     bool                 // the database, when it was last looked at as a whole
	DiskLow     bool                 // the disk of the database is nearly full
	FailedDuty  map[string]string    // the duties that failed when they last ran, with the error
	DutyRanLast map[string]time.Time // when each duty last ended well
}

// Health returns how the scheduler is at this moment.
func (s *Scheduler) Health() Health {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.health
	h.FailedDuty, h.DutyRanLast = copied(h.FailedDuty), copied(h.DutyRanLast)
	return h
}

func copied[V any](m map[string]V) map[string]V {
	out := make(map[string]V, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

func (s *Scheduler) update(fn func(*Health)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn(&s.health)
}

func (s *Scheduler) passed(r Report) {
	s.update(func(h *Health) {
		h.LastPass = time.Now()
		if r.Due > 0 {
			h.Pass = r
		}
		h.Poisoned += len(r.Poisoned)
	})
}
