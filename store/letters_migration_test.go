package store

import (
	"testing"

	"duban"
)

// TestLettersOfBeforeKeepTheirStateAndTheirPlaceInLine migrates a database with a letter in each of the states that matter after a start.
func TestLettersOfBeforeKeepTheirStateAndTheirPlaceInLine(t *testing.T) {
	db := migrated(t, 28,
		`INSERT INTO outbox (id, notice_key, kind, lane, chat_id, data, due_at, next_try, created_at) VALUES (7, 'a', 'answer', 0, 5, 'x', 1000, 2000, 500)`,
		`INSERT INTO outbox (id, notice_key, kind, lane, chat_id, due_at, state, attempts, again, next_try, created_at) VALUES (8, 'b', 'card', 1, 5, 1000, 'sending', 1, 1, 2000, 500)`,
		`INSERT INTO outbox (id, notice_key, kind, lane, chat_id, due_at, state, next_try, reason, created_at, done_at, message_id) VALUES (9, 'c', 'card', 1, 5, 1000, 'sent', 2000, '', 500, 3000, 77)`,
	)
	letter := func(id int64) duban.Letter {
		l, err := scanLetter(db.QueryRowContext(ctx, `SELECT `+letterColumns+` FROM outbox WHERE id = $1`, id))
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	if l := letter(7); l.State != duban.Queued || l.Data != "x" || l.NextTry.UnixMilli() != 2000 || l.ChatID != 5 {
		t.Errorf("the waiting one became %+v", l)
	}
	if l := letter(8); l.State != duban.Sending || l.Attempts != 1 {
		t.Errorf("the one that was going out became %+v", l)
	}
	if l := letter(9); l.State != duban.Sent || l.MessageID != 77 || l.DoneAt.UnixMilli() != 3000 {
		t.Errorf("the one that had arrived became %+v", l)
	}
	var again bool
	if err := db.QueryRowContext(ctx, `SELECT again FROM outbox WHERE id = 8`).Scan(&again); err != nil || !again {
		t.Errorf("what changed while it was going out is forgotten: %v, %v", again, err)
	}
	if _, err := db.ExecContext(ctx, `UPDATE outbox SET state = 'lost' WHERE id = 7`); err == nil {
		t.Error("a letter is in a state that does not exist")
	}
}
