package bot

import (
	"encoding/json"
	"fmt"
	"time"

	"duban"
	"duban/store"
	"duban/work"
)

// toldFrom is how large a file is for which it is said that it is being read, in bytes, and toldEach the pause between two words about how far it is:
// Telegram takes one edit a second in a chat.
const (
	toldFrom = 64 << 10
	toldEach = 2 * time.Second
)

// importTold says in one message, edited on the way, how far an import has come.
type importTold struct {
	visit *visit
	sheet sentSheet
	edit  int64 // the message that carries the button; 0: one of its own
	n     int
	last  map[work.ImportStage]time.Time
}

func (v *visit) tellImport(s sentSheet, edit int64) *importTold {
	told := &importTold{visit: v, sheet: s, edit: edit, last: map[work.ImportStage]time.Time{}}
	if edit == 0 && s.Size > toldFrom && s.Size <= duban.MaxFile {
		told.say("import.reading", "name", s.Name)
	}
	return told
}

func (t *importTold) subject() string { return fmt.Sprintf("import:%d", t.sheet.Message) }

// rows says how many rows are checked or imported.
func (t *importTold) rows(stage work.ImportStage, done, all int) {
	now := time.Now()
	if last := t.last[stage]; done == 0 || now.Sub(last) < toldEach && !last.IsZero() {
		return
	}
	t.last[stage] = now
	t.say("import."+string(stage), "name", t.sheet.Name, "done", done, "all", all)
}

// say is best effort: what counts is the report at the end.
func (t *importTold) say(key string, args ...any) {
	v := t.visit
	edit, err := t.message()
	if err != nil || edit == 0 && t.n > 0 {
		return
	}
	o := Outgoing{ChatID: v.account.TelegramID, Text: v.text(key, args...), Edit: edit, EditOnly: edit != 0}
	if edit == 0 {
		o.Subject = t.subject()
	}
	data, err := json.Marshal(o)
	if err != nil {
		return
	}
	t.n++
	err = v.store().Write(v.ctx, func(tx *store.Tx) error {
		return tx.Post(duban.Notice{
			Key: fmt.Sprintf("import:%d:%d", v.who.Cause, t.n), Kind: duban.NewsAnswer, Lane: duban.LaneAnswer, ChatID: o.ChatID, Data: string(data),
		})
	})
	if err != nil {
		v.Log.Info("no word about how far an import is", "error", err)
	}
}

// message is the message that is edited: the one that carries the button, else the first word once it has arrived; 0: there is none.
func (t *importTold) message() (int64, error) {
	if t.edit != 0 || t.n == 0 {
		return t.edit, nil
	}
	var card store.Card
	err := t.visit.store().Read(t.visit.ctx, func(tx *store.Tx) (err error) {
		card, err = tx.Card(t.subject(), t.visit.person.ID)
		return err
	})
	if duban.CodeOf(err) == duban.NotFound {
		return 0, nil
	}
	return card.MessageID, err
}
