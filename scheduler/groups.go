package scheduler

import (
	"context"
	"time"

	"duban/store"
)

// groups lets the work groups have their line of the day: with the digest of a working day, edited until that day ends. Where there is no digest there
// is no line.
func (s *Scheduler) groups(ctx context.Context) error {
	at, today := s.digestDue(time.Now())
	if at.IsZero() {
		return nil
	}
	var last string
	err := s.desk.Store.Read(ctx, func(tx *store.Tx) (err error) {
		last, err = tx.Meta(digestKey)
		return err
	})
	if err != nil || last < today {
		return err
	}
	_, err = s.desk.GroupDays(ctx, today)
	return err
}
