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

// checkCalendar reminds the administrators once a week, from 1 December on, that the arrangement of next year's holidays is still missing.
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
		if err := s.desk.TellNoNotice(tx, year); err != nil {
			return err
		}
		return tx.SetMetaTime(calendarKey, tx.Now)
	})
	if err == nil && warn {
		s.log.Warn("the arrangement of next year's holidays is missing: add it with /calendar or `duban import calendar` when it is published", "year", year)
	}
	return err
}

// learnt is up to where the scheduler knows what administrators have said of the days.
type learnt struct {
	version int64  // of the data, when it was last looked at
	edition string // of the days in the database
}

// learn makes the calendar know what another process has added since. Whatever this process adds, its calendar knows already.
func (s *Scheduler) learn(ctx context.Context, known learnt) learnt {
	version, err := s.desk.Store.Version(ctx)
	if err == nil && version == known.version {
		return known
	}
	edition := known.edition
	if err == nil {
		err = s.desk.Store.Read(ctx, func(tx *store.Tx) (err error) {
			edition, err = tx.CalendarEdition()
			return err
		})
	}
	if err == nil && edition != known.edition {
		_, err = s.desk.Learn(ctx)
	}
	if err != nil {
		if ctx.Err() == nil {
			s.log.Error("look for holidays that were added", "error", err)
		}
		return known
	}
	return learnt{version, edition}
}
