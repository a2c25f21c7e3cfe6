package bot

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"duban"
	"duban/store"
	"duban/text"
)

// visit is one update of one person: who it is, what was said or pressed, and what is answered.
type visit struct {
	*Bot
	ctx     context.Context
	who     duban.Actor
	account duban.Account
	person  duban.Person
	posts   []duban.Post
	lang    text.Lang
	now     time.Time

	message *models.Message       // what was said; nil for a press
	press   *models.CallbackQuery // what was pressed; nil for a message
	about   store.Message         // our message that was replied to, or that carries the button; zero when unknown
	dialog  store.Dialog          // the dialog at the time of the update

	out   []Outgoing
	toast string
	alert bool
}

// say answers with a sentence of the catalogue.
func (v *visit) say(key string, args ...any) { v.send(Outgoing{Text: v.text(key, args...)}) }

// ask answers with a sentence and buttons.
func (v *visit) ask(keyboard Keyboard, key string, args ...any) {
	v.send(Outgoing{Text: v.text(key, args...), Keyboard: keyboard})
}

func (v *visit) send(o Outgoing) {
	o.ChatID = v.account.TelegramID
	v.out = append(v.out, o)
}

func (v *visit) text(key string, args ...any) text.HTML { return text.Say(v.lang, key, args...) }

func (v *visit) word(key string, args ...any) string { return text.Word(v.lang, key, args...) }

// read runs a closure on one snapshot of the store.
func (v *visit) read(fn func(*page) error) error {
	return v.store().Read(v.ctx, func(tx *store.Tx) error { return fn(v.page(tx)) })
}

func (v *visit) page(tx *store.Tx) *page {
	return &page{Bot: v.Bot, tx: tx, lang: v.lang, reader: v.person, account: v.account, now: tx.Now}
}

// text typed, without what Telegram adds around it.
func (v *visit) typed() string {
	if v.message == nil {
		return ""
	}
	if v.message.Text != "" {
		return strings.TrimSpace(v.message.Text)
	}
	return strings.TrimSpace(v.message.Caption)
}

// begin starts a dialog at a step, with data that its next step reads.
func (v *visit) begin(name, step string, data any) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return v.store().Write(v.ctx, func(tx *store.Tx) error {
		return tx.SaveDialog(store.Dialog{
			TelegramID: v.account.TelegramID, Name: name, Step: step, Data: string(raw), StartedAt: tx.Now, ExpiresAt: tx.Now.Add(dialogLife),
		})
	})
}

// end leaves the dialog that was open when the update came; one that was begun since stays. It comes after the verb, so that what was said for the
// dialog is not lost when the program ends in between.
func (v *visit) end() error {
	if v.dialog.Name == "" {
		return nil
	}
	return v.store().Write(v.ctx, func(tx *store.Tx) error {
		now, err := tx.Dialog(v.account.TelegramID)
		if err != nil || now != v.dialog {
			return err
		}
		return tx.EndDialog(v.account.TelegramID)
	})
}

// thenEnd leaves the dialog after a verb that succeeded.
func (v *visit) thenEnd(err error) error {
	if err != nil {
		return err
	}
	return v.end()
}

// data reads the data of the dialog.
func (v *visit) data(into any) error { return json.Unmarshal([]byte(v.dialog.Data), into) }

// has reports whether any of the visitor's posts gives a right.
func (v *visit) has(action duban.Action) bool { return action == "" || duban.HasRight(action, v.posts) }

// refused turns what a person can act on into an answer, and lets everything else through. A verb whose effect stands already, because the
// update came twice, is answered like one that was just done.
func (v *visit) refused(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, duban.ErrRepeated) {
		v.answer("done.repeated")
		return v.end()
	}
	refusal, ok := errors.AsType[*duban.Error](err)
	if !ok {
		return err
	}
	if refusal.Code == duban.AlreadyDone {
		v.answerAt(refusal)
		return nil
	}
	v.alert = true
	if refusal.Code == duban.WrongState && v.about.AssignmentID != 0 {
		return v.answerState()
	}
	v.answer("refused." + string(refusal.Code))
	return nil
}

// answerState says how the item stands, which is why what was asked of it is not possible.
func (v *visit) answerState() error {
	return v.read(func(p *page) error {
		a, err := p.tx.Assignment(v.about.AssignmentID)
		if err == nil {
			v.answer("refused.wrong_state_now", "state", p.word("state."+string(a.State)))
		}
		return err
	})
}

// answer says something short where it is expected: over the button, or as a message.
func (v *visit) answer(key string, args ...any) {
	if v.press != nil {
		v.toast = v.word(key, args...)
		return
	}
	v.say(key, args...)
}

func (v *visit) answerAt(refusal *duban.Error) {
	for i := 0; i+1 < len(refusal.Args); i += 2 {
		if at, ok := refusal.Args[i+1].(time.Time); ok && refusal.Args[i] == "at" && !at.IsZero() {
			v.answer("done.already", "at", v.moment(at))
			return
		}
	}
	v.answer("refused.already_done")
}

// moment writes an instant as short as it can be understood today.
func (v *visit) moment(t time.Time) string {
	return text.Moment(v.lang, t.In(v.Desk.Calendar.Zone()), v.now.In(v.Desk.Calendar.Zone()))
}
