package scheduler

import (
	"context"
	"errors"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
	"duban/work"
)

// Backup says when backups are made, in the organisation's zone, and how. Make makes the full one of the day, Hourly the small one of each other full
// hour; nil makes none. Both return once what they made is complete and on disk, with how many files of evidence it should hold and does not hold as they
// were handed in.
type Backup struct {
	At     calendar.Clock
	Make   func(context.Context) (lacking int, err error)
	Hourly func(context.Context) (lacking int, err error)
}

// backupRetry is how long after one that failed a backup is tried again, and backupTelling after how many failures in a row, and then again after how
// many more, the administrators are told.
const (
	backupRetry   = time.Hour
	backupTelling = 2
	backupAgain   = 24
)

// backUp makes the backup of the day, else that of the hour. One that was missed while the program was down is made up as soon as it runs again.
func (s *Scheduler) backUp(ctx context.Context) error {
	if s.Backup == nil {
		return nil
	}
	var b store.Backups
	err := s.desk.Store.Read(ctx, func(tx *store.Tx) (err error) {
		b, err = tx.Backups()
		return err
	})
	if err != nil {
		return err
	}
	s.update(func(h *Health) { h.Backups = b })
	began := time.Now()
	daily := backupDue(b, b.Good, s.backupMoment(began), began)
	if !daily && (s.Backup.Hourly == nil || !backupDue(b, b.Hour, began.Truncate(time.Hour), began)) {
		return nil
	}
	make := s.Backup.Hourly
	if daily {
		make = s.Backup.Make
	}
	lacking, failed := make(ctx)
	if ctx.Err() != nil {
		return nil // it was cut short by the end of the program and is made up
	}
	return errors.Join(failed, s.noteBackup(ctx, b, tried{began, daily, failed == nil, lacking}))
}

// backupMoment is the last moment at which a backup was to be made.
func (s *Scheduler) backupMoment(now time.Time) time.Time {
	cal := s.desk.Calendar
	day := cal.Today(now)
	if at := day.At(s.Backup.At, cal.Zone()); !now.Before(at) {
		return at
	}
	return day.Add(-1).At(s.Backup.At, cal.Zone())
}

// backupDue says whether a backup is to be made whose newest is of an instant: there is none since its moment, and none of either kind has just failed.
// What was noted by a clock that was ahead does not count.
func backupDue(b store.Backups, newest, moment, now time.Time) bool {
	waits := b.Failed > 0 && now.Sub(b.Tried) < backupRetry && !now.Before(b.Tried)
	return (newest.Before(moment) || newest.After(now)) && !waits
}

// tried is a backup that was tried.
type tried struct {
	at          time.Time
	daily, good bool
	lacking     int
}

// noteBackup notes what has become of a backup. The full one of the day counts as that of its hour; only it is recorded. Where it lacks more than the one
// before, the administrators are told while an older one still has it.
func (s *Scheduler) noteBackup(ctx context.Context, b store.Backups, t tried) error {
	b.Tried = t.at
	lacks := t.good && t.daily && t.lacking > b.Lacking
	switch {
	case !t.good:
		b.Failed++
	case t.daily:
		b.Good, b.Hour, b.Failed, b.Lacking = t.at, t.at, 0, t.lacking
	default:
		b.Hour, b.Failed = t.at, 0
	}
	s.update(func(h *Health) { h.Backups = b })
	return s.desk.Store.Write(ctx, func(tx *store.Tx) error {
		if !t.good && b.Failed%backupAgain == backupTelling {
			if err := s.desk.TellTrouble(tx, work.TroubleNews{What: work.BackupFailing, Since: b.Good}); err != nil {
				return err
			}
		}
		if lacks {
			if err := s.desk.TellTrouble(tx, work.TroubleNews{What: work.BackupLacking, N: t.lacking}); err != nil {
				return err
			}
		}
		if t.good && t.daily {
			if err := tx.Record(duban.System, duban.Entry{Event: duban.EventBackedUp}); err != nil {
				return err
			}
		}
		return tx.SetBackups(b)
	})
}
