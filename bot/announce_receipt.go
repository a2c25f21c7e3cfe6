package bot

import (
	"errors"
	"time"

	"duban"
	"duban/text"
)

// receiptButtons names the button of each rule that has one.
var receiptButtons = map[duban.ReceiptRule]string{duban.ReadReceipt: "announce.button_read", duban.TextReceipt: "announce.button_answer"}

// announced is what a recipient gets: the message itself, with its corrected words, and the buttons for the receipt and for the task to which it
// leads. An album and a poll cannot carry buttons, so a line with them follows. The words of an album are corrected once it has arrived.
func announced(lang text.Lang, n duban.Announcement) Outgoing {
	out := Outgoing{About: About{AnnouncementID: n.ID}, Keyboard: announcedButtons(lang, n)}
	if n.Version > 0 && n.Content == duban.ContentText {
		out.Words, out.Version = correctedWords(n), n.Version
		return out
	}
	out.Copy, out.Forward = &Copy{FromChat: n.FromChat, MessageIDs: n.MessageIDs}, n.Content == duban.ContentPoll
	if n.Version > 0 && n.Content == duban.ContentCaption {
		out.Words, out.Version = correctedWords(n), n.Version
	}
	if carriesNoButtons(n) && len(out.Keyboard) > 0 {
		out.Text = text.Say(lang, "announce.below."+string(n.Receipt))
	}
	return out
}

func carriesNoButtons(n duban.Announcement) bool {
	return len(n.MessageIDs) > 1 || n.Content == duban.ContentPoll
}

func announcedButtons(lang text.Lang, n duban.Announcement) Keyboard {
	var k Keyboard
	if label, asks := receiptButtons[n.Receipt]; asks {
		k = append(k, []Button{button(text.Word(lang, label), "read", n.ID)})
	}
	if n.TaskID != 0 {
		k = append(k, []Button{button(text.Word(lang, "announce.button_item"), "annitem", n.ID)})
	}
	return k
}

func (p *page) renderAnnouncement(l duban.Letter) (Outgoing, error) {
	n, err := p.tx.Announcement(l.AnnouncementID)
	switch {
	case duban.CodeOf(err) == duban.NotFound:
		return Outgoing{}, untrue("gone")
	case err != nil:
		return Outgoing{}, err
	case n.State == duban.AnnouncementPaused:
		return Outgoing{}, &Held{For: pausedPeek, Reason: "paused"}
	case n.State != duban.AnnouncementSending:
		return Outgoing{}, overtaken(l, n)
	}
	if err := p.stillGets(l, n); err != nil {
		return Outgoing{}, err
	}
	return p.stillThere(n)
}

// stillThere is what a recipient gets, as long as the message itself is kept: that of somebody whose data was erased is not.
func (p *page) stillThere(n duban.Announcement) (Outgoing, error) {
	out := announced(p.lang, n)
	if out.Copy != nil && n.FromChat == 0 {
		return Outgoing{}, &Undeliverable{State: duban.Failed, Reason: "copy_gone"}
	}
	return out, nil
}

// overtaken ends a copy of an announcement that is not being sent any more. One of which an attempt may have arrived is told as that.
func overtaken(l duban.Letter, n duban.Announcement) error {
	if l.Attempts > 1 {
		return &Undeliverable{State: duban.Failed, Reason: outcomeUnknown}
	}
	return untrue(string(n.State))
}

// stillGets ends a copy for somebody who has left every post meanwhile, and a second copy for somebody who has confirmed the first.
func (p *page) stillGets(l duban.Letter, n duban.Announcement) error {
	posts, err := p.tx.Posts(p.reader.ID)
	if err != nil {
		return err
	}
	if len(posts) == 0 {
		return &Undeliverable{State: duban.Failed, Reason: duban.FailureLeft}
	}
	if l.Attempts == 1 {
		return nil
	}
	r, err := p.tx.Receipt(n.ID, p.reader.ID)
	if err == nil && !r.ConfirmedAt.IsZero() {
		return untrue("confirmed meanwhile")
	}
	return err
}

// pausedPeek is how often a copy that was about to leave when its sending was paused looks whether it goes on.
const pausedPeek = 30 * time.Second

// renderReceipt asks for a receipt that is missing (催未签收), under the announcement where that is known, else with another copy of it.
func (p *page) renderReceipt(l duban.Letter) (Outgoing, error) {
	n, err := p.tx.Announcement(l.AnnouncementID)
	if err != nil {
		return Outgoing{}, err
	}
	r, err := p.tx.Receipt(n.ID, p.reader.ID)
	if err != nil {
		return Outgoing{}, err
	}
	if !r.ConfirmedAt.IsZero() || n.Receipt == duban.NoReceipt || !n.State.Out() {
		return Outgoing{}, untrue("confirmed meanwhile")
	}
	sender, err := p.tx.Person(n.SenderID)
	if err != nil {
		return Outgoing{}, err
	}
	arrived := r.DeliveredAt
	if arrived.IsZero() { // it comes with this
		arrived = p.now
	}
	out := Outgoing{
		Text:     text.Join(p.text("announce.urge."+string(n.Receipt), "summary", n.Summary, "name", sender.Name, "at", p.moment(arrived)), p.urgedLimit(n)),
		Keyboard: Keyboard{{button(p.word(receiptButtons[n.Receipt]), "read", n.ID)}},
		About:    About{AnnouncementID: n.ID},
	}
	copies, err := p.tx.CopiesOf(n.ID, p.reader.ID)
	for _, m := range copies {
		if m.Kind == duban.NewsAnnouncement && m.ChatID == p.account.TelegramID && out.ReplyTo == 0 {
			out.ReplyTo = m.MessageID
		}
	}
	if out.ReplyTo == 0 {
		again, err := p.stillThere(n)
		if err != nil {
			return Outgoing{}, err
		}
		out.Copy, out.Forward, out.Words = again.Copy, again.Forward, again.Words
		if n.Version > 0 && again.Copy == nil || n.Version > 0 && n.Content == duban.ContentAlbum { // its words are no part of a copy
			out.Words, out.Text = nil, text.Join(out.Text, text.Escape(n.Correction.Text))
		}
	}
	return out, err
}

// urgedLimit says until when the receipt is asked for, as long as that is not over.
func (p *page) urgedLimit(n duban.Announcement) text.HTML {
	if n.ReceiptDue.IsZero() || !n.ReceiptDue.After(p.now) {
		return ""
	}
	return p.text("announce.urge_limit", "at", p.dayAndClock(n.ReceiptDue))
}

// pressRead is 已阅, or where a written answer is asked for the beginning of it. The button of a preview belongs to no announcement yet.
func (v *visit) pressRead(c call) error {
	if c.id == 0 {
		v.answer("announce.only_preview")
		return nil
	}
	n, r, err := v.receipt(c.id)
	if err != nil {
		return err
	}
	if !n.State.Out() {
		v.answer("announce.no_longer")
		return nil
	}
	if n.Receipt == duban.TextReceipt {
		return v.askAnswer(n, r)
	}
	return v.confirmRead(n, "")
}

// receipt reads what an announcement asks of the visitor. Whoever is no recipient of it is refused.
func (v *visit) receipt(id int64) (n duban.Announcement, r duban.Receipt, err error) {
	err = v.read(func(p *page) error {
		if n, err = p.tx.Announcement(id); err != nil {
			return err
		}
		r, err = p.tx.Receipt(id, v.person.ID)
		return err
	})
	return n, r, err
}

// dialogAnnouncement is the announcement for which a written answer is awaited, and the message whose button began it.
type dialogAnnouncement struct {
	Announcement int64 `json:"announcement"`
	Message      int64 `json:"message,omitempty"`
	Urges        bool  `json:"urges,omitempty"` // it is not the announcement itself but asks for the receipt
}

func (v *visit) askAnswer(n duban.Announcement, r duban.Receipt) error {
	if err := v.begin("answer", "", dialogAnnouncement{n.ID, v.about.MessageID, v.about.Kind == duban.NewsReceipt}); err != nil {
		return err
	}
	if r.ConfirmedAt.IsZero() {
		v.say("announce.answer_begin", "summary", n.Summary)
	} else {
		v.say("announce.answer_again", "summary", n.Summary, "at", v.moment(r.ConfirmedAt), "answer", shorten(r.Answer, summaryLength))
	}
	return nil
}

// answerStep takes the written answer. A file is none, and neither is the wish to see something else.
func (v *visit) answerStep(typed string, files []duban.File) (bool, error) {
	var d dialogAnnouncement
	if err := v.data(&d); err != nil {
		return true, err
	}
	intent := text.Understand(typed).Intent
	if len(files) > 0 || typed == "" || v.about.AssignmentID != 0 || v.about.AnnouncementID != 0 || intent == text.Query || intent == text.Help {
		return false, nil
	}
	n, _, err := v.receipt(d.Announcement)
	if err != nil {
		return true, err
	}
	return true, v.confirmRead(n, typed)
}

// confirmRead confirms and says so; the button under the announcement then shows when.
func (v *visit) confirmRead(n duban.Announcement, answer string) error {
	_, err := v.Desk.ConfirmRead(v.ctx, v.who, n.ID, answer)
	settled := err == nil || errors.Is(err, duban.ErrRepeated) || duban.CodeOf(err) == duban.AlreadyDone
	under, urges := v.buttonUnder(n)
	if d, awaited := v.awaitsAnswer(n.ID); settled && awaited {
		under, urges = d.Message, d.Urges
		err = errors.Join(err, v.end())
	}
	if err != nil {
		return err
	}
	_, r, err := v.receipt(n.ID)
	if err != nil {
		return err
	}
	key := "announce.read_done"
	if n.Receipt == duban.TextReceipt {
		key = "announce.answer_done"
	}
	v.answer(key, "summary", n.Summary, "at", v.moment(r.ConfirmedAt))
	if under != 0 {
		k := announcedButtons(v.lang, n)
		k[0][0].Label = v.word("announce.button_read_at."+string(n.Receipt), "at", v.moment(r.ConfirmedAt))
		if urges {
			k = k[:1]
		}
		v.send(Outgoing{Edit: under, Keyboard: k})
	}
	return nil
}

// awaitsAnswer returns what the open dialog keeps, when it waits for the written answer to an announcement.
func (v *visit) awaitsAnswer(id int64) (d dialogAnnouncement, awaited bool) {
	awaited = v.dialog.Name == "answer" && v.data(&d) == nil && d.Announcement == id
	return d, awaited
}

// buttonUnder is the message whose button is known to be there, and whether it only asks for the receipt: the one that was pressed, or the one that was
// replied to. A picture of an album has none.
func (v *visit) buttonUnder(n duban.Announcement) (message int64, urges bool) {
	urges = v.about.Kind == duban.NewsReceipt
	if v.press == nil && (v.about.AnnouncementID != n.ID || carriesNoButtons(n) && !urges) {
		return 0, false
	}
	return v.about.MessageID, urges
}

// repliedToAnnouncement understands a reply to an announcement: 收到 is 已阅, and where a written answer is asked for, the reply is it. The
// sender's own card is steered by the words of its buttons.
func (v *visit) repliedToAnnouncement(typed string) error {
	switch v.about.Kind {
	case duban.NewsProgress, duban.NewsAnnounceNote:
		return v.repliedToProgress(typed)
	case duban.NewsAnnounceAsk, duban.NewsAnswer: // the latter of /review
		return v.repliedToAnnounceAsk(typed)
	}
	n, _, err := v.receipt(v.about.AnnouncementID)
	if err != nil {
		return err
	}
	intent := text.Understand(typed).Intent
	switch {
	case !n.State.Out():
		v.say("announce.no_longer")
		return nil
	case n.Receipt == duban.NoReceipt:
		v.say("announce.no_receipt")
		return nil
	case n.Receipt == duban.TextReceipt && typed == "":
		v.say("announce.answer_text_only")
		return nil
	case n.Receipt == duban.TextReceipt:
		return v.confirmRead(n, typed)
	case intent == text.Ack || intent == text.Done || intent == text.Confirm:
		return v.confirmRead(n, "")
	}
	return v.explainReceipt(n)
}

func (v *visit) explainReceipt(n duban.Announcement) error {
	return v.read(func(p *page) error {
		sender, err := p.tx.Person(n.SenderID)
		if err != nil {
			return err
		}
		v.say("announce.reply_unclear", "name", sender.Name)
		return nil
	})
}
