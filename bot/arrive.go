package bot

import (
	"context"
	"sync"
	"time"

	"duban"
	"duban/internal/failpoint"
	"duban/store"
)

// arrival is a letter that has arrived and is to be written down, with where it stood in line.
type arrival struct {
	passage
	landed landed
}

// arrivals are the letters that have arrived and wait to be written down together: while some are being written, the next ones gather.
type arrivals struct {
	mu      sync.Mutex
	waiting []arrival
	some    chan struct{}
}

// add lets a letter wait.
func (a *arrivals) add(one arrival) {
	a.mu.Lock()
	a.waiting = append(a.waiting, one)
	a.mu.Unlock()
	select {
	case a.some <- struct{}{}:
	default:
	}
}

// take returns those that wait.
func (a *arrivals) take() []arrival {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := a.waiting
	a.waiting = nil
	return all
}

// writeArrived writes down that letters have arrived: their states, what their messages are about, the live message and the reminder of a subject.
// They are written in one transaction; when that fails each is written alone, so that no letter keeps another from being written down.
func (s *Sender) writeArrived(ctx context.Context, all []arrival, finished chan<- landed) {
	err := s.Store.Write(ctx, func(tx *store.Tx) error { return s.allArrived(tx, all) })
	if err != nil {
		s.Log.Warn("write down together what has arrived; now each letter alone", "letters", len(all), "error", err)
	}
	for _, a := range all {
		if err == nil && !a.untidy() {
			s.landArrived(ctx, a, finished)
			continue
		}
		go func() {
			if err != nil {
				s.write(ctx, a.letter, func(tx *store.Tx) error { return markArrived(tx, a) }, func(tx *store.Tx) error { return s.tellArrived(tx, a) })
			}
			s.landArrived(ctx, a, finished)
		}()
	}
}

func (s *Sender) landArrived(ctx context.Context, a arrival, finished chan<- landed) {
	failpoint.At(failpoint.SendWritten)
	s.Stats.late(a.letter.Lane, time.Since(momentOf(a.letter)))
	s.tidy(ctx, a.passage)
	finished <- a.landed
}

func (s *Sender) allArrived(tx *store.Tx, all []arrival) error {
	if err := markArrived(tx, all...); err != nil {
		return err
	}
	for _, a := range all {
		if err := s.tellArrived(tx, a); err != nil {
			return err
		}
	}
	return nil
}

func markArrived(tx *store.Tx, all ...arrival) error {
	sent := make([]store.Sent, len(all))
	for i, a := range all {
		sent[i] = store.Sent{ID: a.letter.ID, Message: a.arrival.MessageID}
	}
	if err := tx.MarkAllSent(sent); err != nil {
		return err
	}
	for _, a := range all {
		if err := a.note(tx); err != nil {
			return err
		}
	}
	return nil
}

// tellArrived tells the hooks of a letter that has arrived.
func (s *Sender) tellArrived(tx *store.Tx, a arrival) error {
	if a.arrival.ChatID != a.out.ChatID && s.Hooks.Migrated != nil {
		if err := s.Hooks.Migrated(tx, a.out.ChatID, a.arrival.ChatID); err != nil {
			return err
		}
	}
	if s.Hooks.Delivered == nil {
		return nil
	}
	return s.Hooks.Delivered(tx, a.letter, a.out, a.arrival.MessageID)
}

// momentOf returns for when a letter was meant. A live letter that goes again keeps the due moment of its first time.
func momentOf(l duban.Letter) time.Time {
	if store.Live(l.Kind) {
		return l.NextTry
	}
	return l.Due
}

// untidy reports whether the letter asked for something beside its message.
func (p passage) untidy() bool { return p.out.Delete != 0 || p.out.Pin || p.out.Unpin }

// tidy deletes, pins and unpins what the letter asked for. It is best effort.
func (s *Sender) tidy(ctx context.Context, p passage) {
	if p.out.Delete != 0 {
		if err := s.Client.Delete(ctx, p.arrival.ChatID, p.out.Delete); err != nil {
			s.Log.Info("an old message was not deleted", "error", err)
		}
	}
	if p.out.Unpin {
		if err := s.Client.unpin(ctx, p.arrival.ChatID, p.arrival.MessageID); err != nil {
			s.Log.Info("a message was not unpinned", "error", err)
		}
	}
	if p.out.Pin && p.arrival.MessageID != p.out.Edit {
		if err := s.Client.pin(ctx, p.arrival.ChatID, p.arrival.MessageID); err != nil {
			s.Log.Info("a message was not pinned", "error", err)
		}
	}
}
