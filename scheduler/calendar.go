package scheduler

import (
	"context"
	"time"

	"duban/calendar"
	"duban/store"
)

var midnight = calendar.Clock{}

const (
	calendarKey   = "calendar_warned_at"
	calendarEvery = 7 * 24 * time.Hour
)

// checkCalendar says once a week, from 1 December on, that the arrangement of next year's holidays is still missing.
func (s *Scheduler) checkCalendar(ctx context.Context) error {
	now := time.Now()
	year, missing := s.desk.Calendar.NextYearMissing(now)
	if !missing {
		s.update(func(h *Health) { h.NoticeYear = 0 })
		return nil
	}
	s.update(func(h *Health) { h.NoticeYear = year })
	var warn bool
	err := s.desk.Store.Write(ctx, func(tx *store.Tx) error {
		last, err := tx.MetaTime(calendarKey)
		warn = err == nil && tx.Now.Sub(last) >= calendarEvery
		if err != nil || !warn {
			return err
		}
		return tx.SetMetaTime(calendarKey, tx.Now)
	})
	if err == nil && warn {
		s.log.Warn("the arrangement of next year's holidays is missing: install it in the calendar folder when it is published", "year", year)
	}
	return err
}
