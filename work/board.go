package work

import (
	"context"
	"fmt"
	"time"

	"duban"
	"duban/store"
)

// A board is edited so long after a change, so that changes that come together are one edit, and so long after the last edit at least.
const (
	boardSettles = 3 * time.Second
	boardApart   = 30 * time.Second
)

// boardFollows is how long after the answer a board comes that was switched on.
const boardFollows = 2 * time.Second

// boardGone is why the letter of a board fails whose reader has deleted it.
const boardGone = "edit_gone"

// BoardPrefix begins the subject of each board; the id of its person follows.
const BoardPrefix = "board:"

// BoardSubject names the live board of a person.
func BoardSubject(person int64) string { return fmt.Sprint(BoardPrefix, person) }

// BoardChanged lets the board of a person show how the open items stand, where there is a board.
func BoardChanged(tx *store.Tx, person int64) error {
	return tx.Refresh(BoardSubject(person), boardSettles, boardApart)
}

// boardsOf lets the boards on which an assignment stands show it: the owner's, and the one of whoever stands in for an owner who is away.
func boardsOf(tx *store.Tx, a duban.Assignment) error {
	deputy, err := Deputy(tx, a.OwnerID)
	if err != nil {
		return err
	}
	for _, reader := range distinct([]int64{a.OwnerID, deputy}) {
		if err := BoardChanged(tx, reader); err != nil {
			return err
		}
	}
	return nil
}

// ShowBoard puts the board of a person into the chat from a moment on, also where it was there and is gone. Whoever does not want one gets none.
func ShowBoard(tx *store.Tx, person int64, from time.Time) error {
	b, err := tx.Board(person)
	if err != nil || b.Hidden {
		return err
	}
	b.Anew = true
	if err := tx.SaveBoard(b); err != nil {
		return err
	}
	return postBoard(tx, person, from)
}

func postBoard(tx *store.Tx, person int64, from time.Time) error {
	return tx.Post(duban.Notice{
		Key: BoardSubject(person), Kind: duban.NewsBoard, Lane: duban.LaneReminder, PersonID: person, NotBefore: from,
	})
}

// SetBoard switches the board of whoever asks on or off. On, it is sent anew.
func (d *Desk) SetBoard(ctx context.Context, who duban.Actor, shown bool) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		if err := tx.SaveBoard(store.Board{PersonID: who.PersonID, Hidden: !shown, Anew: shown}); err != nil {
			return err
		}
		if shown {
			if err := tx.DropCard(BoardSubject(who.PersonID), who.PersonID); err != nil {
				return err
			}
		}
		return postBoard(tx, who.PersonID, tx.Now.Add(boardFollows))
	})
}

// boardArrived notes that the board shows what it should; one that is switched off has said so and is let go.
func boardArrived(tx *store.Tx, person int64) error {
	b, err := tx.Board(person)
	if err != nil {
		return err
	}
	if b.Hidden {
		return tx.DropCard(BoardSubject(person), person)
	}
	if !b.Anew {
		return nil
	}
	b.Anew = false
	return tx.SaveBoard(b)
}
