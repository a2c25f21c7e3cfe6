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

// Backup says when a backup is made, in the organisation's zone, and how. Make returns once the backup is complete and on disk.
type Backup struct {
	At   calendar.Clock
	Make func(context.Context) error
}

// backupRetry is how long after one that failed a backup is tried again, and backupTelling after how many failures in a row, and then again after how
// many more, the administrators are told.
const (
	backupRetry   = time.Hour
	backupTelling = 2
	backupAgain   = 24
)

// backUp makes the backup of the day. One that was missed while the program was down is made up as soon as it runs again.
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
	if !backupDue(b, s.backupMoment(began), began) {
		return nil
	}
	failed := s.Backup.Make(ctx)
	if ctx.Err() != nil {
		return nil // it was cut short by the end of the program and is made up
	}
	return errors.Join(failed, s.noteBackup(ctx, b, began, failed == nil))
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

// backupDue says whether a backup is to be made: there is none since its moment, and none has just failed. What was noted by a clock that was ahead
// does not count.
func backupDue(b store.Backups, moment, now time.Time) bool {
	waits := b.Failed > 0 && now.Sub(b.Tried) < backupRetry && !now.Before(b.Tried)
	return (b.Good.Before(moment) || b.Good.After(now)) && !waits
}

func (s *Scheduler) noteBackup(ctx context.Context, b store.Backups, began time.Time, good bool) error {
	b.Tried = began
	if good {
		b.Good, b.Failed = began, 0
	} else {
		b.Failed++
	}
	s.update(func(h *Health) { h.Backups = b })
	return s.desk.Store.Write(ctx, func(tx *store.Tx) error {
		if !good && b.Failed%backupAgain == backupTelling {
			if err := s.desk.TellTrouble(tx, work.TroubleNews{What: work.BackupFailing, Since: b.Good}); err != nil {
				return err
			}
		}
		if good {
			if err := tx.Record(duban.System, duban.Entry{Event: duban.EventBackedUp}); err != nil {
				return err
			}
		}
		return tx.SetBackups(b)
	})
}
