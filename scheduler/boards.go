package scheduler

import (
	"context"
	"fmt"
	"time"

	"duban"
	"duban/store"
	"duban/work"
)

const boardsKey = "boards_date"

// boardsAtOnce is how many boards share one transaction.
const boardsAtOnce = 200

// boardFrom is from how many open items on somebody who gets a digest gets a board with it: of a single one the card says it all.
const boardFrom = 2

// The boards follow the digests after a while, spread over some minutes, so that they are in nobody's way.
const (
	boardsAfter  = time.Minute
	boardsSpread = 9 * 60 // seconds
)

// boardsAt is when the boards are edited where there is no digest.
const boardsAt = 6 * time.Hour

// boards lets each board show every morning how the items stand on the new day. Whoever gets a digest and has several open items gets a board from then
// on, and gets it back where it has been deleted; nobody gets one who has nothing to read that morning. Where there are no digests it comes on the
// next working day.
func (s *Scheduler) boards(ctx context.Context) error {
	today, due, err := s.boardsDue(ctx)
	if err != nil || !due {
		return err
	}
	for after := int64(0); ; {
		readers, err := s.someBoards(ctx, after, today)
		if err != nil {
			return fmt.Errorf("post the boards: %w", err)
		}
		if len(readers) < boardsAtOnce {
			return s.desk.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetMeta(boardsKey, today) })
		}
		after = readers[len(readers)-1].PersonID
	}
}

// someBoards posts the boards of the next readers after a person, in one transaction, and returns whose they are.
func (s *Scheduler) someBoards(ctx context.Context, after int64, today string) (readers []store.BoardReader, err error) {
	err = s.desk.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if readers, err = tx.BoardReaders(after, work.BoardPrefix, boardsAtOnce); err != nil {
			return err
		}
		for _, r := range readers {
			if err := s.board(tx, r, today); err != nil {
				return err
			}
		}
		return nil
	})
	return readers, err
}

// boardsDue returns the day, and whether its boards are still to be posted: after the digests, or on days without digests at their time.
func (s *Scheduler) boardsDue(ctx context.Context) (today string, due bool, err error) {
	now, cal := time.Now(), s.desk.Calendar
	day := cal.Today(now)
	at := day.At(midnight, cal.Zone()).Add(boardsAt)
	if s.desk.Policy.Digest != nil {
		at = day.At(*s.desk.Policy.Digest, cal.Zone())
	}
	if now.Before(at.Add(boardsAfter)) {
		return "", false, nil
	}
	digests, _ := s.digestDue(now)
	err = s.desk.Store.Read(ctx, func(tx *store.Tx) error {
		posted, err := tx.Meta(boardsKey)
		if err != nil {
			return err
		}
		digested, err := tx.Meta(digestKey)
		due = posted < day.String() && (digests.IsZero() || digested >= day.String())
		return err
	})
	return day.String(), due, err
}

func (s *Scheduler) board(tx *store.Tx, r store.BoardReader, today string) error {
	from := tx.Now.Add(time.Duration(r.PersonID%boardsSpread) * time.Second)
	digest, err := tx.LetterByKey(digestLetter(today, r.PersonID))
	if err != nil && duban.CodeOf(err) != duban.NotFound {
		return err
	}
	reads := digest.ID != 0 || s.desk.Policy.Digest == nil && s.desk.Calendar.IsWorkingDay(s.desk.Calendar.Today(tx.Now))
	switch {
	case reads && (r.Shown || r.Open >= boardFrom):
		return work.ShowBoard(tx, r.PersonID, from)
	case r.Shown:
		return tx.Refresh(work.BoardSubject(r.PersonID), from.Sub(tx.Now), 0)
	}
	return nil
}
