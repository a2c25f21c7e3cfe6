package scheduler

import (
	"context"
	"time"

	"duban"
	"duban/store"
)

// auditAge is how old something may be that should have been done at once, before the auditor tells of it.
const auditAge = 10 * time.Minute

// Audit is what the auditor found that should not be: work that waits though it could be done.
type Audit struct {
	At            time.Time // zero: not looked yet
	LateActions   int       // assignments whose next action is overdue
	OldestAction  time.Time
	LateLetters   int // letters that are ready, in lanes where the oldest has waited too long
	OldestLetter  time.Time
	StuckSendings int // letters that have been going out for too long
}

// Clean reports whether nothing was found.
func (a Audit) Clean() bool { return a.LateActions+a.LateLetters+a.StuckSendings == 0 }

// audit looks for work that waits though it could be done, and tells of it in the log and in Health.
func (s *Scheduler) audit(ctx context.Context) error {
	var found Audit
	err := s.desk.Store.Read(ctx, func(tx *store.Tx) (err error) {
		found, err = auditAt(tx)
		return err
	})
	if err != nil {
		return err
	}
	s.update(func(h *Health) { h.Audit = found })
	if !found.Clean() {
		s.log.Warn("work waits though it could be done", "late_actions", found.LateActions, "oldest_action", found.OldestAction,
			"late_letters", found.LateLetters, "oldest_letter", found.OldestLetter, "stuck_sendings", found.StuckSendings)
	}
	return nil
}

func auditAt(tx *store.Tx) (Audit, error) {
	found, limit := Audit{At: tx.Now}, tx.Now.Add(-auditAge)
	var err error
	if found.LateActions, found.OldestAction, err = tx.LateActions(limit); err != nil {
		return found, err
	}
	lanes, err := tx.OutboxState()
	if err != nil {
		return found, err
	}
	for _, lane := range lanes {
		if lane.Oldest.After(limit) || lane.Lane == duban.LaneAnnouncement {
			continue
		}
		found.LateLetters += lane.Waiting
		if found.OldestLetter.IsZero() || lane.Oldest.Before(found.OldestLetter) {
			found.OldestLetter = lane.Oldest
		}
	}
	sending, err := tx.Interrupted()
	for _, l := range sending {
		if l.NextTry.Before(limit) {
			found.StuckSendings++
		}
	}
	return found, err
}
