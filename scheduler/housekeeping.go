package scheduler

import (
	"context"
	"fmt"
	"time"

	"duban/store"
	"duban/work"
)

// How long is kept what is only needed for a while. Updates hold personal data; letters and messages stand in the record by what became of
// them.
const (
	keepUpdates     = 7 * 24 * time.Hour
	keepQuarantined = 30 * 24 * time.Hour
	keepLetters     = 60 * 24 * time.Hour
	keepMessages    = 400 * 24 * time.Hour
	keepDrafts      = 90 * 24 * time.Hour
)

// bite is how many rows one transaction forgets, so that nobody waits long for a turn to write.
const bite = 500

// housekeep forgets what is no longer needed.
func (s *Scheduler) housekeep(ctx context.Context) error {
	now := time.Now()
	for _, forget := range []struct {
		what string
		do   func(*store.Tx) (int64, error)
	}{
		{"updates", func(tx *store.Tx) (int64, error) {
			return tx.ForgetUpdates(now.Add(-keepUpdates), now.Add(-keepQuarantined), bite)
		}},
		{"letters", func(tx *store.Tx) (int64, error) { return tx.ForgetLetters(now.Add(-keepLetters), bite) }},
		{"messages", func(tx *store.Tx) (int64, error) { return tx.ForgetMessages(now.Add(-keepMessages), bite) }},
		{"drafts", func(tx *store.Tx) (int64, error) { return tx.ForgetDrafts(now.Add(-keepDrafts), bite) }},
		{"imports", func(tx *store.Tx) (int64, error) { return tx.ForgetSteps(now.Add(-work.UndoWithin), bite) }},
	} {
		if err := s.forget(ctx, forget.do); err != nil {
			return fmt.Errorf("forget old %s: %w", forget.what, err)
		}
	}
	return nil
}

func (s *Scheduler) forget(ctx context.Context, do func(*store.Tx) (int64, error)) error {
	for {
		var n int64
		err := s.desk.Store.Write(ctx, func(tx *store.Tx) (err error) {
			n, err = do(tx)
			return err
		})
		if err != nil || n < bite {
			return err
		}
	}
}
