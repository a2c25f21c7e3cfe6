package bot

import (
	"context"
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

// importSubject names the message that says how far the last import of somebody has come.
const importSubject = "import"

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
	o := t.place(Outgoing{ChatID: v.account.TelegramID, Text: v.text(key, args...)})
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

// place puts something into the message that is edited: the one that carries the button, else that of the first word, which may still be on its way.
func (t *importTold) place(o Outgoing) Outgoing {
	switch {
	case t.edit != 0:
		o.Edit = t.edit
	case t.n > 0:
		o.Subject, o.Live = importSubject, true
	default:
		o.Subject = importSubject
	}
	return o
}

// renderAnswer returns what a handler wanted to say, in the live message that it is about where it says so.
func (b *Bot) renderAnswer(ctx context.Context, l duban.Letter) (Outgoing, error) {
	o, err := RenderAnswer(l)
	if err != nil || !o.Live {
		return o, err
	}
	err = b.store().Read(ctx, func(tx *store.Tx) error {
		person, err := readerOf(tx, l)
		if err != nil {
			return err
		}
		card, err := tx.Card(o.Subject, person)
		if duban.CodeOf(err) == duban.NotFound {
			return nil
		}
		o.Edit = card.MessageID
		return err
	})
	return o, err
}
