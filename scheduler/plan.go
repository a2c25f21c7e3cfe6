package scheduler

import (
	"context"
	"time"

	"duban/calendar"
	"duban/store"
)

// planKey notes when the plan was last looked at, so that a morning in which the program was down is made up.
const planKey = "plan_minded_at"

// planClock is the time of day from which the plan is looked at.
var planClock = calendar.Clock{Hour: 9, Minute: 30}

// mindPlan looks once a day for items of the plan of the year that are to be issued: it issues those that are to be issued by themselves and tells of the
// others. It also shows anew what still waits for an approval.
func (s *Scheduler) mindPlan(ctx context.Context) error {
	now := time.Now()
	cal := s.desk.Calendar
	today := cal.Today(now).At(planClock, cal.Zone())
	var last time.Time
	err := s.desk.Store.Read(ctx, func(tx *store.Tx) (err error) {
		last, err = tx.MetaTime(planKey)
		return err
	})
	if err != nil || now.Before(today) || !last.Before(today) {
		return err
	}
	issued, told, err := s.desk.MindPlan(ctx)
	if err != nil {
		return err
	}
	shown, err := s.desk.MindApprovals(ctx)
	if err != nil {
		return err
	}
	if issued+told+shown > 0 {
		s.log.Info("looked for what is to be issued", "issued", issued, "told", told, "approvals_shown", shown)
	}
	return s.desk.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetMetaTime(planKey, tx.Now) })
}
