package bot

import (
	"context"
	"time"

	"duban"
	"duban/store"
)

// load fills the shelf from the outbox. Looking for new letters takes a tenth of the time at most, however many are posted.
func (s *Sender) load(ctx context.Context) {
	started := time.Now()
	look := s.posted && !started.Before(s.nextLook)
	if !look && !s.shelf.anyHungry() {
		return
	}
	if look {
		s.shelf.more()
	}
	err := s.Store.Read(ctx, func(tx *store.Tx) error { return s.loadAll(tx, look) })
	if err != nil && ctx.Err() == nil {
		s.Log.Error("read the outbox", "error", err)
		s.posted, s.nextLook = true, time.Now().Add(time.Second)
		return
	}
	if look {
		s.posted, s.nextLook = false, time.Now().Add(9*time.Since(started))
	}
}

func (s *Sender) loadAll(tx *store.Tx, look bool) (err error) {
	for _, lane := range duban.Lanes {
		if err := s.loadLane(tx, lane.Lane); err != nil {
			return err
		}
	}
	if look {
		s.comes, err = tx.NextLetter()
	}
	return err
}

func (s *Sender) loadLane(tx *store.Tx, lane duban.Lane) error {
	for range shelfPages {
		if !s.shelf.hungry(lane) {
			return nil
		}
		q := &s.shelf.lanes[lane]
		page, err := tx.WaitingLetters(lane, q.afterNext, q.afterID, shelfPage)
		if err != nil {
			return err
		}
		if err := s.findChats(tx, page); err != nil {
			return err
		}
		s.shelf.read(lane, page, s.readerOf)
	}
	return nil
}

// findChats looks up where the readers of letters are, since order is kept for each chat.
func (s *Sender) findChats(tx *store.Tx, page []store.Waiting) error {
	for _, l := range page {
		if _, known := s.chats[l.PersonID]; known || l.ChatID != 0 || l.PersonID == 0 {
			continue
		}
		account, err := tx.AccountOfPerson(l.PersonID)
		if err != nil && duban.CodeOf(err) != duban.NotFound {
			return err
		}
		s.chats[l.PersonID] = account.TelegramID
	}
	return nil
}

func (s *Sender) readerOf(l store.Waiting) reader {
	if l.ChatID != 0 {
		return reader{chat: l.ChatID}
	}
	if chat := s.chats[l.PersonID]; chat != 0 {
		return reader{chat: chat}
	}
	return reader{person: l.PersonID}
}
