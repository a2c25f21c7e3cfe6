package store

import (
	"time"

	"duban"
)

// Board is how a person wants the board of open items (待办看板), the message that stays in the chat and is edited. Where it is stands with the cards.
type Board struct {
	PersonID int64
	Hidden   bool // the person does not want it
	Anew     bool // it is sent once more when it is gone from the chat
}

func scanBoard(s scanner) (b Board, err error) {
	err = s.Scan(&b.PersonID, &b.Hidden, &b.Anew)
	return b, err
}

// Board returns how a person wants the board; the zero value with the id when nobody has said anything.
func (tx *Tx) Board(person int64) (Board, error) {
	b, err := one(tx, scanBoard, `SELECT person_id, hidden, anew FROM board WHERE person_id = $1`, person)
	if duban.CodeOf(err) == duban.NotFound {
		return Board{PersonID: person}, nil
	}
	return b, err
}

// SaveBoard keeps how a person wants the board.
func (tx *Tx) SaveBoard(b Board) error {
	_, err := tx.exec(`
		INSERT INTO board (person_id, hidden, anew)
		VALUES ($1, $2, $3)
		ON CONFLICT (person_id) DO UPDATE SET hidden = excluded.hidden, anew = excluded.anew`, b.PersonID, b.Hidden, b.Anew)
	return err
}

// Refresh queues a live letter that has been sent once more, to leave after a while and at least so long after the last time. One that waits already
// stays where it is, and one that was never sent is none.
func (tx *Tx) Refresh(key string, after, apart time.Duration) error {
	n, err := tx.exec(`
		UPDATE outbox
		SET again = (state = 'sending'),
			next_try = CASE WHEN COALESCE(done_at, $2) + $4 > $3 THEN COALESCE(done_at, $2) + $4 ELSE $3 END,
			attempts = CASE WHEN state = 'sending' THEN attempts ELSE 0 END,
			state = CASE WHEN state = 'sending' THEN state ELSE 'queued' END,
			done_at = NULL
		WHERE notice_key = $1 AND state IN ('sent', 'sending')`, key, ms(tx.Now), ms(tx.Now.Add(after)), apart.Milliseconds())
	tx.posted = tx.posted || n > 0
	return err
}

// BoardReader is somebody who may have a board.
type BoardReader struct {
	PersonID int64
	Open     int  // items that the person owns
	Shown    bool // there is a board in the chat
}

// BoardReaders returns everybody after an id who has joined, can be reached, does not mind a board and has open items or a board already, at most
// limit, in order.
func (tx *Tx) BoardReaders(after int64, subjectPrefix string, limit int) ([]BoardReader, error) {
	return many(tx, func(s scanner) (r BoardReader, err error) {
		err = s.Scan(&r.PersonID, &r.Open, &r.Shown)
		return r, err
	}, `
		SELECT r.person_id, r.open, r.shown
		FROM (
			SELECT a.person_id,
				(SELECT COUNT(*) FROM assignment i WHERE i.owner_id = a.person_id AND i.state IN (`+openStates+`)) AS open,
				EXISTS (SELECT 1 FROM card c WHERE c.subject = $2 || CAST(a.person_id AS TEXT) AND c.person_id = a.person_id) AS shown
			FROM account a
			LEFT JOIN board b ON b.person_id = a.person_id
			WHERE a.revoked_at IS NULL AND a.unreachable = '' AND a.person_id > $1 AND NOT COALESCE(b.hidden, FALSE)) r
		WHERE r.open > 0 OR r.shown
		ORDER BY r.person_id`+limited(limit), after, subjectPrefix)
}
