package bot

import (
	"encoding/json"

	"duban"
	"duban/text"
	"duban/work"
)

// renderAnnounceAsk is the card of an announcement for an administrator who may agree to it: the message itself, and below it who is to get it.
func (p *page) renderAnnounceAsk(l duban.Letter) (Outgoing, error) {
	var news work.AnnounceAskNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	r, err := p.tx.Request(news.Request)
	if err != nil {
		return Outgoing{}, err
	}
	out, err := p.announceAskCard(r, "")
	if err != nil {
		return Outgoing{}, err
	}
	card, err := p.tx.Card(out.Subject, p.reader.ID)
	switch {
	case err == nil && card.ChatID == p.account.TelegramID:
		out.Edit, out.Copy = card.MessageID, nil
	case !r.State.Waits():
		return Outgoing{}, untrue("decided meanwhile")
	}
	return out, nil
}

// announceAskCard is the card of a request to announce. Sequence is the argument of the buttons that decide.
func (p *page) announceAskCard(r duban.Request, sequence string) (Outgoing, error) {
	n, err := p.tx.Announcement(r.AnnouncementID)
	if err != nil {
		return Outgoing{}, err
	}
	asker, err := p.tx.Person(r.AskerID)
	if err != nil {
		return Outgoing{}, err
	}
	audience, err := p.audienceWord(n.Audience)
	if err != nil {
		return Outgoing{}, err
	}
	beside, err := p.setBeside("", n)
	if err != nil {
		return Outgoing{}, err
	}
	reach, err := work.ReachOf(p.tx, duban.Actor{PersonID: n.SenderID, Via: duban.ViaChat}, n.Audience)
	if err != nil {
		return Outgoing{}, err
	}
	cost, err := p.priceLine(n, len(reach.People))
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{
		Copy: &Copy{FromChat: n.FromChat, MessageIDs: n.MessageIDs}, Forward: n.Content == duban.ContentPoll,
		Text: text.Join(
			p.text("announce.ask", "name", asker.Name, "summary", n.Summary, "audience", audience, "n", len(reach.People),
				"receipt", p.word("announce.receipt_rule."+string(n.Receipt)), "when", p.askedFor(r, n)),
			beside, cost,
		),
		Subject: work.AnnounceAskSubject(r.ID), About: About{AnnouncementID: n.ID},
	}
	if r.State.Waits() {
		out.Keyboard = Keyboard{{button(p.word("announce.button_agree"), "annagree", r.ID, sequence), button(p.word("announce.button_refuse"), "annrefuse", r.ID, sequence)}, {button(p.word("announce.button_who"), "annwho", r.ID)}}
		return out, nil
	}
	by, err := p.tx.Person(r.DecidedBy)
	out.Text = text.Join(out.Text, p.text("announce.decided."+string(r.State), "name", by.Name, "at", p.moment(r.DecidedAt), "reason", r.Answer))
	return out, err
}

// askedFor says when an announcement goes out that somebody has to agree to.
func (p *page) askedFor(r duban.Request, n duban.Announcement) string {
	switch {
	case n.SendAt.After(p.now):
		return p.dayAndClock(n.SendAt)
	case r.State == duban.Granted:
		return p.moment(n.SendAt)
	}
	return p.word("announce.when_agreed")
}

// announceAsksForMe counts the announcements that wait for the reader to agree.
func (p *page) announceAsksForMe() (n int, err error) {
	asks, err := work.AnnounceAsks(p.tx)
	for _, r := range asks {
		if work.MayAgreeToAnnounce(p.tx, p.actor(), r) == nil {
			n++
		}
	}
	return n, err
}

// agreedBefore tells whoever comes second what was decided.
func (v *visit) agreedBefore(r duban.Request, err error) error {
	if duban.CodeOf(err) != duban.AlreadyDone {
		return err
	}
	return v.read(func(p *page) error {
		by, err := p.tx.Person(r.DecidedBy)
		line := p.text("announce.decided."+string(r.State), "name", by.Name, "at", p.moment(r.DecidedAt), "reason", r.Answer)
		v.toastOrSay(line.Plain())
		return err
	})
}

func (v *visit) pressAnnAgree(c call) error {
	r, err := v.Desk.AgreeToAnnounce(v.ctx, v.who, c.id)
	switch duban.CodeOf(err) {
	case duban.DuePast:
		v.answer("announce.agree_limit_over")
		v.alert = true
		return nil
	case duban.NothingToDo:
		v.answer("announce.agree_nobody")
		v.alert = true
		return nil
	}
	if err != nil {
		return v.agreedBefore(r, err)
	}
	v.answer("announce.agreed")
	return v.afterAnnounceAsk(r, c.arg == inSequence)
}

// afterAnnounceAsk goes on to the next request in a sequence.
func (v *visit) afterAnnounceAsk(r duban.Request, sequence bool) error {
	if !sequence {
		return nil
	}
	return v.nextRequest(r.ID)
}

// refusingAnnounce is the request to announce for whose refusal a reason is awaited, and whether others follow.
type refusingAnnounce struct {
	Request  int64 `json:"request"`
	Sequence bool  `json:"sequence,omitempty"`
}

// pressAnnRefuse asks for the reason why an announcement is not to go out.
func (v *visit) pressAnnRefuse(c call) error {
	err := v.read(func(p *page) error {
		r, err := p.tx.Request(c.id)
		if err != nil {
			return err
		}
		if err := work.MayAgreeToAnnounce(p.tx, v.who, r); err != nil {
			return err
		}
		if !r.State.Waits() {
			return v.agreedBefore(r, duban.Refuse(duban.AlreadyDone))
		}
		return v.begin("annrefuse", "", refusingAnnounce{r.ID, c.arg == inSequence})
	})
	if err == nil && v.toast == "" {
		v.say("announce.why_refuse")
	}
	return err
}

// annRefuseStep takes the reason.
func (v *visit) annRefuseStep(typed string, files []duban.File) (bool, error) {
	if typed == "" || len(files) > 0 {
		return false, nil
	}
	var kept refusingAnnounce
	if err := v.data(&kept); err != nil {
		return true, err
	}
	return true, v.thenEnd(v.refuseToAnnounce(kept, typed))
}

func (v *visit) refuseToAnnounce(kept refusingAnnounce, reason string) error {
	r, err := v.Desk.RefuseToAnnounce(v.ctx, v.who, kept.Request, reason)
	if err != nil {
		return v.agreedBefore(r, err)
	}
	v.answer("announce.refused")
	return v.afterAnnounceAsk(r, kept.Sequence)
}

// repliedToAnnounceAsk takes the words of the buttons, or 不同意 with the reason.
func (v *visit) repliedToAnnounceAsk(typed string) error {
	var waiting duban.Request
	err := v.read(func(p *page) error {
		all, err := p.tx.RequestsOfAnnouncement(v.about.AnnouncementID)
		for _, r := range all {
			waiting = r
		}
		return err
	})
	ruling, rest := text.Rules(typed)
	c := call{id: waiting.ID}
	switch {
	case err != nil:
		return err
	case typedIs(typed, "announce.button_agree"), ruling == text.RulesYes, text.Understand(typed).Intent == text.Confirm:
		return v.pressAnnAgree(c)
	case typedIs(typed, "announce.button_refuse"), ruling == text.RulesNo && rest == "":
		return v.pressAnnRefuse(c)
	case ruling == text.RulesNo:
		return v.refuseToAnnounce(refusingAnnounce{Request: c.id}, rest)
	}
	v.say("announce.ask_reply")
	return nil
}

// renderAnnounceNote tells a sender what has become of the announcement.
func (p *page) renderAnnounceNote(l duban.Letter) (Outgoing, error) {
	var note work.AnnounceNote
	if err := json.Unmarshal([]byte(l.Data), &note); err != nil {
		return Outgoing{}, err
	}
	n, err := p.tx.Announcement(l.AnnouncementID)
	if err != nil {
		return Outgoing{}, err
	}
	t, err := p.tx.Tally(n.ID)
	if err != nil {
		return Outgoing{}, err
	}
	name := ""
	if note.Person != 0 {
		person, err := p.tx.Person(note.Person)
		if err != nil {
			return Outgoing{}, err
		}
		name = person.Name
	}
	out := Outgoing{
		Text: p.text("announce.note."+string(note.What), "summary", n.Summary, "name", name, "reason", note.Reason, "failed", note.Failed, "tried", note.Tried,
			"waiting", t.Waiting, "delivered", t.Delivered, "confirmed", t.Confirmed, "missing", t.Delivered-t.Confirmed, "lost", t.Failed,
			"erased", t.Erased, "marked", t.Marked, "unrecalled", t.Unrecalled),
		About: About{AnnouncementID: n.ID},
	}
	switch note.What {
	case work.NoteFailures:
		out.Keyboard = full([]Button{button(p.word("announce.button_failed"), "missing", n.ID)}, p.flowButtons(n, t))
	case work.NoteDue:
		if t.Confirmed < t.Delivered {
			out.Keyboard = Keyboard{{button(p.word("announce.button_missing"), "missing", n.ID), button(p.word("announce.button_urge"), "urge", n.ID)}}
		}
	case work.NoteRecalled:
		copies, err := p.tx.GroupCopies(n.ID)
		if err != nil {
			return Outgoing{}, err
		}
		if len(copies) > 0 {
			out.Text = text.Join(out.Text, p.recalledInGroups(copies))
		}
		out.Keyboard = Keyboard{{button(p.word("announce.button_each"), "missing", n.ID, eachPage)}}
	}
	return out, nil
}
