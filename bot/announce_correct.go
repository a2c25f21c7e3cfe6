package bot

import (
	"encoding/json"
	"errors"

	"github.com/go-telegram/bot/models"

	"duban"
	"duban/work"
)

// correcting is the dialog in which the new words of an announcement are given and then confirmed.
type correcting struct {
	Announcement int64            `json:"announcement"`
	Words        duban.Correction `json:"words"`
}

// pressAnnCorrect asks for the new words of an announcement, or puts those in that were given.
func (v *visit) pressAnnCorrect(c call) error {
	n, _, err := v.conducted(c.id)
	if err != nil {
		return err
	}
	switch err := n.MayCorrect(); {
	case duban.CodeOf(err) == duban.NoWords:
		v.say("announce.correct_fixed")
		return nil
	case err != nil:
		return v.announceStands(err)
	case c.arg == sure:
		return v.putCorrection(n)
	}
	if err := v.begin("correcting", "", correcting{Announcement: n.ID}); err != nil {
		return err
	}
	key := "announce.correct_words"
	if n.Content != duban.ContentText {
		key = "announce.correct_caption"
	}
	v.ask(Keyboard{{v.announceCancel()}}, key, "summary", n.Summary)
	return nil
}

// correctingStep takes the new words and shows how the announcement will read.
func (v *visit) correctingStep(typed string, files []duban.File) (bool, error) {
	var d correcting
	if err := v.data(&d); err != nil {
		return true, err
	}
	switch {
	case v.about.AssignmentID != 0:
		return false, nil
	case len(files) > 0 || v.message.Text == "":
		v.say("announce.correct_file")
		return true, nil
	case typedIs(typed, "announce.word_correct") && d.Words.Text != "":
		n, _, err := v.conducted(d.Announcement)
		if err != nil {
			return true, err
		}
		return true, v.putCorrection(n)
	}
	n, t, err := v.conducted(d.Announcement)
	if err != nil {
		return true, err
	}
	if d.Words, err = wordsOf(v.message); err != nil {
		return true, err
	}
	if err := v.begin("correcting", "", d); err != nil {
		return true, err
	}
	n.Version, n.Correction = n.Version+1, d.Words
	v.say("announce.correct_preview")
	shown := announced(v.lang, n)
	shown.About.AnnouncementID = 0
	if shown.Copy != nil && n.Content == duban.ContentAlbum {
		shown = Outgoing{Words: &Words{Text: d.Words.Text, Entities: d.Words.Entities}}
	}
	shown.Keyboard = nil
	v.send(shown)
	k := Keyboard{{button(v.word("announce.button_correct_sure", "n", t.Delivered), "anncorrect", n.ID, sure)}, {v.announceCancel()}}
	if t.Waiting == 0 {
		v.ask(k, "announce.correct_ask", "n", t.Delivered)
	} else {
		v.ask(k, "announce.correct_ask_rest", "n", t.Delivered, "waiting", t.Waiting)
	}
	return true, nil
}

// wordsOf takes the words of a message with their format.
func wordsOf(m *models.Message) (duban.Correction, error) {
	words := duban.Correction{Text: m.Text}
	if len(m.Entities) == 0 {
		return words, nil
	}
	body, err := json.Marshal(m.Entities)
	words.Entities = string(body)
	return words, err
}

// putCorrection puts the words in that the dialog holds.
func (v *visit) putCorrection(n duban.Announcement) error {
	var d correcting
	if v.dialog.Name != "correcting" {
		v.answer("press.stale")
		return nil
	}
	if err := v.data(&d); err != nil {
		return err
	}
	if d.Announcement != n.ID || d.Words.Text == "" {
		v.answer("press.stale")
		return nil
	}
	edited, err := v.Desk.CorrectAnnouncement(v.ctx, v.who, n.ID, d.Words, shorten(headLine(d.Words.Text), summaryLength))
	switch duban.CodeOf(err) {
	case duban.TooLong:
		v.say("announce.correct_long")
		return nil
	case duban.NothingToDo:
		v.answer("announce.correct_same")
		return nil
	}
	if err != nil && !errors.Is(err, duban.ErrRepeated) {
		return v.announceStands(err)
	}
	if ended := v.end(); ended != nil || err != nil {
		return errors.Join(ended, err)
	}
	v.replace(Outgoing{Text: v.text("announce.correcting", "n", edited)})
	return nil
}

// correctedWords are the words of a correction as a new copy has them.
func correctedWords(n duban.Announcement) *Words {
	return &Words{Text: n.Correction.Text, Entities: n.Correction.Entities, Caption: n.Content != duban.ContentText}
}

// renderCorrection puts the newest words into the reader's copy, and says below them that they were corrected.
func (p *page) renderCorrection(l duban.Letter) (Outgoing, error) {
	var news work.CorrectionNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	n, err := p.tx.Announcement(l.AnnouncementID)
	if err != nil {
		return Outgoing{}, err
	}
	if !n.State.Out() || news.Version < n.Version {
		return Outgoing{}, untrue("overtaken")
	}
	r, err := p.tx.Receipt(n.ID, p.reader.ID)
	if err != nil {
		return Outgoing{}, err
	}
	chat, message, err := p.copyWithWords(n)
	if err != nil {
		return Outgoing{}, err
	}
	words := correctedWords(n)
	words.Text += "\n\n" + p.word("announce.corrected_note", "at", p.moment(n.Correction.At))
	out := Outgoing{ChatID: chat, Edit: message, EditOnly: true, Words: words, About: About{AnnouncementID: n.ID}}
	if !carriesNoButtons(n) {
		out.Keyboard = announcedButtons(p.lang, n)
	}
	if !r.ConfirmedAt.IsZero() && len(out.Keyboard) > 0 && n.Receipt != duban.NoReceipt {
		out.Keyboard[0][0].Label = p.word("announce.button_read_at."+string(n.Receipt), "at", p.moment(r.ConfirmedAt))
	}
	return out, nil
}

// copyWithWords finds the message of the reader's copy that has the words.
func (p *page) copyWithWords(n duban.Announcement) (chat, message int64, err error) {
	copies, err := p.tx.CopiesOf(n.ID, p.reader.ID)
	if err != nil {
		return 0, 0, err
	}
	at := 0
	for _, m := range copies {
		if m.Kind != duban.NewsAnnouncement {
			continue
		}
		if at == n.WordsAt {
			return m.ChatID, m.MessageID, nil
		}
		at++
	}
	return 0, 0, &Undeliverable{State: duban.Failed, Reason: "edit_gone"}
}

// renderRecall deletes a message. Where Telegram does not delete it any more, it says that it was called back.
func (p *page) renderRecall(l duban.Letter) (Outgoing, error) {
	var news work.RecallNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	n, err := p.tx.Announcement(l.AnnouncementID)
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{ChatID: news.Chat, Erase: news.Message, About: About{AnnouncementID: n.ID}}
	if !news.Fixed {
		out.Words = &Words{Text: p.word("announce.recalled_mark", "at", p.moment(n.RecalledAt)), Caption: news.Caption}
	}
	return out, nil
}
