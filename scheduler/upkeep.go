package scheduler

import (
	"context"
	"errors"
	"path/filepath"

	"duban/store"
	"duban/work"
)

// upkeep looks for damage in the database and empties its log, at an hour at which nobody minds. A database with a damaged page is worked with as
// long as it goes: the administrators hear of it while they still can.
func (s *Scheduler) upkeep(ctx context.Context) error {
	err := s.desk.Store.Check(ctx)
	damaged := errors.Is(err, store.ErrDamaged)
	s.update(func(h *Health) { h.Damaged = damaged })
	if damaged {
		return errors.Join(err, s.tellTrouble(ctx, work.TroubleNews{What: work.DatabaseDamaged}))
	}
	if err != nil {
		return err
	}
	done, err := s.desk.Store.Checkpoint(ctx)
	if err == nil && !done {
		s.log.Info("the log of the database could not be emptied because it was being read; it is tried again tomorrow")
	}
	return err
}

// diskNeeds is how much has to be free on the disk of the database, so that there is time to do something before it is full.
const diskNeeds = 500 << 20

// watchDisk warns before the disk of the database is full: after that nothing could be written, so not even a warning.
func (s *Scheduler) watchDisk(ctx context.Context) error {
	free, err := store.Free(filepath.Dir(s.desk.Store.Path()))
	if err != nil {
		return err
	}
	low := free < diskNeeds
	s.update(func(h *Health) { h.DiskLow = low })
	if !low {
		return nil
	}
	s.log.Warn("the disk of the database is nearly full", "free_bytes", free)
	return s.tellTrouble(ctx, work.TroubleNews{What: work.DiskLow, Free: free})
}

func (s *Scheduler) tellTrouble(ctx context.Context, news work.TroubleNews) error {
	return s.desk.Store.Write(ctx, func(tx *store.Tx) error { return s.desk.TellTrouble(tx, news) })
}
