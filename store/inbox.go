package store

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"duban"
)

// Update is one raw update of Telegram in the inbox.
type Update struct {
	Seq        int64
	UpdateID   int64
	Lane       int64 // the chat or user within which order is kept
	Kind       string
	Raw        []byte
	ReceivedAt time.Time
	Attempts   int
	Effect     bool // its verb has been committed
}

const updateColumns = `i.seq, i.update_id, i.lane, i.kind, i.raw, i.received_at, i.attempts, i.effect`

func scanUpdate(s scanner) (Update, error) {
	var u Update
	var at int64
	err := s.Scan(&u.Seq, &u.UpdateID, &u.Lane, &u.Kind, &u.Raw, &at, &u.Attempts, &u.Effect)
	u.ReceivedAt = fromMS(at)
	return u, err
}

// Receive keeps a raw update. The same update delivered again is kept once; it reports whether it was new.
func (tx *Tx) Receive(u Update) (bool, error) {
	sum := sha256.Sum256(u.Raw)
	n, err := tx.exec(`
		INSERT INTO inbox (update_id, digest, lane, kind, raw, received_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (update_id, digest) DO NOTHING`, u.UpdateID, sum[:8], u.Lane, u.Kind, u.Raw, ms(tx.Now))
	return n > 0, err
}

// NewUpdates returns updates that are still to be handled, after a sequence number, in order, at most limit.
func (tx *Tx) NewUpdates(after int64, limit int) ([]Update, error) {
	return many(tx, scanUpdate, `
		SELECT `+updateColumns+`
		FROM inbox i
		WHERE i.state = 'new' AND i.seq > $1
		ORDER BY i.seq`+limited(limit), after)
}

// Attempt counts an attempt at each of some updates, in a commit of its own before the handlers run, so that one that kills the process is told.
func (tx *Tx) Attempt(seqs ...int64) error {
	for some := range slices.Chunk(seqs, idsAtMost) {
		list, args := listed(some)
		if _, err := tx.exec(`UPDATE inbox SET attempts = attempts + 1 WHERE seq IN (`+list+`)`, args...); err != nil {
			return err
		}
	}
	return nil
}

// ForgiveAttempt takes back an attempt that was cut short by the end of the program.
func (tx *Tx) ForgiveAttempt(seq int64) error {
	_, err := tx.exec(`UPDATE inbox SET attempts = attempts - 1 WHERE seq = $1 AND attempts > 0`, seq)
	return err
}

// partsAtMost is how many things one update can ask for: one for each bit that both databases have.
const partsAtMost = 62

// Claim takes the effect of a part of an update, from 0, for this transaction. It returns duban.ErrRepeated when a transaction before has taken it.
func (tx *Tx) Claim(seq int64, part int) error {
	if part < 0 || part > partsAtMost {
		return fmt.Errorf("claim part %d of an update: there are %d at most", part, partsAtMost)
	}
	n, err := tx.exec(`UPDATE inbox SET effect = TRUE, parts = parts | $1 WHERE seq = $2 AND parts & $1 = 0`, int64(1)<<part, seq)
	if err == nil && n == 0 {
		return duban.ErrRepeated
	}
	return err
}

// Done ends an update.
func (tx *Tx) Done(seq int64) error {
	_, err := tx.exec(`UPDATE inbox SET state = 'done', done_at = $1 WHERE seq = $2`, ms(tx.Now), seq)
	return err
}

// Quarantine puts an update aside that cannot be handled.
func (tx *Tx) Quarantine(seq int64, why string) error {
	_, err := tx.exec(`UPDATE inbox SET state = 'quarantined', done_at = $1, error = $2 WHERE seq = $3`, ms(tx.Now), why, seq)
	return err
}

// ForgetUpdates deletes handled updates that are older than done, and quarantined ones older than quarantined, which is the earlier of the two,
// at most limit, and returns how many: they hold personal data.
func (tx *Tx) ForgetUpdates(done, quarantined time.Time, limit int) (int64, error) {
	return tx.exec(`
		DELETE FROM inbox
		WHERE seq IN (
			SELECT seq
			FROM inbox
			WHERE state <> 'new' AND done_at < $1 AND (state = 'done' OR done_at < $2)`+limited(limit)+`)`, ms(done), ms(quarantined))
}

// InboxState tells how much waits in the inbox and since when; Oldest is zero when nothing does.
type InboxState struct {
	Waiting     int
	Oldest      time.Time
	Quarantined int
}

// InboxState returns how much waits in the inbox.
func (tx *Tx) InboxState() (InboxState, error) {
	return one(tx, func(s scanner) (InboxState, error) {
		var st InboxState
		var oldest int64
		err := s.Scan(&st.Waiting, &oldest, &st.Quarantined)
		st.Oldest = fromMS(oldest)
		return st, err
	}, `
		SELECT COUNT(*), COALESCE(MIN(received_at), 0), (SELECT COUNT(*) FROM inbox WHERE state = 'quarantined')
		FROM inbox
		WHERE state = 'new'`)
}
