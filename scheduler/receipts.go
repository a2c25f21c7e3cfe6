package scheduler

import (
	"context"
	"time"

	"duban/calendar"
	"duban/store"
)

// announceAsksKey notes when it was last looked for announcements that wait for a second administrator.
const announceAsksKey = "announce_asks_minded_at"

// announceAsksClock is the time of day from which that is done.
var announceAsksClock = calendar.Clock{Hour: 9, Minute: 30}

// mindReceipts reminds of receipts that are still missing and tells the senders of announcements when the time limit is reached. Once a day it shows
// anew what waits for a second administrator.
func (s *Scheduler) mindReceipts(ctx context.Context) error {
	if _, err := s.desk.MindReceipts(ctx); err != nil {
		return err
	}
	now, cal := time.Now(), s.desk.Calendar
	today := cal.Today(now).At(announceAsksClock, cal.Zone())
	var last time.Time
	err := s.desk.Store.Read(ctx, func(tx *store.Tx) (err error) {
		last, err = tx.MetaTime(announceAsksKey)
		return err
	})
	if err != nil || now.Before(today) || !last.Before(today) {
		return err
	}
	if _, err := s.desk.MindAnnounceAsks(ctx); err != nil {
		return err
	}
	return s.desk.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetMetaTime(announceAsksKey, tx.Now) })
}
