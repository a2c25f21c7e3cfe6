package scheduler

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"

	"duban/store"
	"duban/work"
)

// upkeep looks for damage in the database and in the record, and empties the log of the database, at an hour at which nobody minds. A database with a damaged page is worked with as
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
	audited := s.auditRecord(ctx)
	done, err := s.desk.Store.Checkpoint(ctx)
	if err == nil && !done {
		s.log.Info("the log of the database could not be emptied because it was being read; it is tried again tomorrow")
	}
	return errors.Join(audited, err)
}

// metaBreaks is the key under which stands in how many places the record was not as it was written when that was last looked at.
const metaBreaks = "record_breaks"

// auditRecord looks whether the record is as it was written. The administrators are told when there are more places at which it is not than the last time,
// and not every night from then on.
func (s *Scheduler) auditRecord(ctx context.Context) error {
	var found store.Audit
	err := s.desk.Store.Read(ctx, func(tx *store.Tx) (err error) {
		found, err = tx.Audit()
		return err
	})
	if err != nil && !errors.Is(err, store.ErrBroken) {
		return err
	}
	before, err := s.meta(ctx, metaBreaks)
	if err != nil {
		return err
	}
	n, known := len(found.Breaks), 0
	if before != "" {
		if known, err = strconv.Atoi(before); err != nil {
			return err
		}
	}
	if n == known {
		return nil
	}
	for _, b := range found.Breaks[:min(n, breaksLogged)] {
		s.log.Error("the record is not as it was written", "entry", b.Seq, "fault", b.Fault)
	}
	return s.desk.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetMeta(metaBreaks, strconv.Itoa(n)); err != nil || n < known {
			return err
		}
		return s.desk.TellTrouble(tx, work.TroubleNews{What: work.RecordBroken, N: n})
	})
}

// breaksLogged is how many places are named in the log; `duban verify` names all.
const breaksLogged = 20

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
