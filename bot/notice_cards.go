package bot

import (
	"encoding/json"

	"duban"
	"duban/text"
	"duban/work"
)

// escalation is a notice of level 3 to 5 with the item that it is about.
type escalation struct {
	duban.Escalation
	it item
}

func (p *page) notice(id int64) (escalation, error) {
	e, err := p.tx.Escalation(id)
	if err != nil {
		return escalation{}, err
	}
	it, err := p.item(e.AssignmentID)
	return escalation{e, it}, err
}

// letterNotice reads which notice a letter is about.
func (p *page) letterNotice(l duban.Letter) (escalation, error) {
	var news work.NoticeNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return escalation{}, err
	}
	n, err := p.notice(news.EscalationID)
	if duban.CodeOf(err) == duban.NotFound {
		return n, untrue("gone")
	}
	return n, err
}

// renderDraft is the live card of a notice before those who edit and issue it. Nothing of it goes to the unit by itself.
func (p *page) renderDraft(l duban.Letter) (Outgoing, error) {
	n, err := p.letterNotice(l)
	if err != nil {
		return Outgoing{}, err
	}
	out, err := p.draftCard(n)
	if err != nil {
		return Outgoing{}, err
	}
	card, err := p.tx.Card(out.Subject, p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.Edit = card.MessageID
		return out, nil
	}
	if n.State != duban.EscalationDraft {
		return Outgoing{}, untrue("decided meanwhile")
	}
	return out, nil
}

func (p *page) draftCard(n escalation) (Outgoing, error) {
	body, err := p.noticeText(n.Escalation, n.it)
	if err != nil {
		return Outgoing{}, err
	}
	keyboard, err := p.draftButtons(n)
	return Outgoing{
		ChatID: p.account.TelegramID, Subject: work.NoticeSubject(n.ID), About: About{AssignmentID: n.AssignmentID}, Keyboard: keyboard,
		Text: text.Join(
			p.text("notice.heading", "level", p.levelWord(n.Level), "state", p.word("notice.state."+string(n.State)), "code", n.it.Task.Code),
			p.text("notice.quoted", "body", body), p.decidedLine(n), p.responseLine(n),
		),
	}, err
}

// draftButtons are what the reader may do with a draft: issue it, or where only a leader issues it, put it before the leaders.
func (p *page) draftButtons(n escalation) (Keyboard, error) {
	drafts, err := work.May(p.tx, p.actor(), duban.ActDraftNotice, n.it.UnitID)
	if err != nil {
		return nil, err
	}
	issues, err := work.May(p.tx, p.actor(), work.IssueRight(n.Level), n.it.UnitID)
	if err != nil {
		return nil, err
	}
	do := func(verb string) Button { return button(p.word("button.notice."+verb), "notice", n.ID, verb) }
	card := button(p.word("button.notice.item"), "card", n.AssignmentID)
	switch {
	case n.State == duban.EscalationDropped && drafts && n.it.State.OnUnit() && n.it.Level < n.Level:
		return Keyboard{{do("again"), card}}, nil
	case n.State != duban.EscalationDraft:
		return Keyboard{{card}}, nil
	case issues && drafts:
		return Keyboard{{do("issue"), do("edit"), do("drop")}, {card}}, nil
	case issues:
		return Keyboard{{do("issue"), do("back"), do("drop")}, {card}}, nil
	case drafts:
		return Keyboard{{do("refer"), do("edit"), do("drop")}, {card}}, nil
	}
	return Keyboard{{card}}, nil
}

// decidedLine says who has issued a notice or decided not to, and until when the unit answers.
func (p *page) decidedLine(n escalation) text.HTML {
	switch n.State {
	case duban.EscalationDraft:
		if n.Level > duban.FirstDraft {
			return p.text("notice.leader_issues")
		}
		return p.text("notice.person_issues")
	case duban.EscalationDropped:
		if n.it.State.OnUnit() {
			return p.text("notice.dropped", "name", p.nameOf(n.DecidedBy), "at", p.moment(n.DecidedAt))
		}
		return p.text("notice.overtaken", "at", p.moment(n.DecidedAt), "state", p.word("state."+string(n.it.State)))
	}
	return p.text("notice.issued", "name", p.nameOf(n.DecidedBy), "at", p.moment(n.DecidedAt), "respond", p.dayAndClock(n.RespondBy))
}

func (p *page) responseLine(n escalation) text.HTML {
	if n.State != duban.EscalationAnswered {
		return ""
	}
	response := n.Response
	if n.it.Task.Internal {
		response = p.word("card.internal")
	}
	return p.text("notice.answered", "name", p.nameOf(n.RespondedBy), "at", p.moment(n.RespondedAt), "text", response)
}

// nameOf is somebody's name; of nobody it is the program's or the console's.
func (p *page) nameOf(person int64) string {
	who, err := p.tx.Person(person)
	if err != nil {
		return p.word("actor.system")
	}
	return who.Name
}

// renderNotice gives the unit a notice that was issued, under the card of the item, with the button to answer it.
func (p *page) renderNotice(l duban.Letter) (Outgoing, error) {
	n, err := p.letterNotice(l)
	if err != nil {
		return Outgoing{}, err
	}
	if !n.it.State.OnUnit() {
		return Outgoing{}, untrue("done meanwhile")
	}
	out := Outgoing{Text: text.Join(
		p.text("notice.to_unit", "level", p.levelWord(n.Level), "code", n.it.Task.Code), p.text("notice.quoted", "body", n.Body),
		p.text("notice.respond", "respond", p.dayAndClock(n.RespondBy)),
	)}
	if n.State == duban.EscalationIssued && p.works(n.it) {
		out.Keyboard = Keyboard{{button(p.word("button.notice.respond"), "notice", n.ID, "respond"), p.do("submit", n.it)}}
	}
	card, err := p.tx.Card(work.CardSubject(n.it.ID), p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.ReplyTo = card.MessageID
	}
	return out, nil
}

// renderNoticeBack tells the administrators what a leader wants changed, under the card of the draft.
func (p *page) renderNoticeBack(l duban.Letter) (Outgoing, error) {
	var news work.NoticeBackNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	n, err := p.letterNotice(l)
	if err != nil {
		return Outgoing{}, err
	}
	if n.State != duban.EscalationDraft {
		return Outgoing{}, untrue("decided meanwhile")
	}
	keyboard, err := p.draftButtons(n)
	out := p.underDraft(n, Outgoing{Keyboard: keyboard, Text: p.text("notice.back", "level", p.levelWord(n.Level), "title", p.title(n.it),
		"unit", n.it.Unit.Name, "name", p.nameOf(news.By), "reason", p.said(n.it, news.Reason))})
	return out, err
}

// renderResponse shows what the unit has answered to a notice.
func (p *page) renderResponse(l duban.Letter) (Outgoing, error) {
	n, err := p.letterNotice(l)
	if err != nil {
		return Outgoing{}, err
	}
	return p.underDraft(n, Outgoing{
		Text:     text.Join(p.text("notice.response", "level", p.levelWord(n.Level), "title", p.title(n.it), "unit", n.it.Unit.Name), p.responseLine(n)),
		Keyboard: Keyboard{{button(p.word("button.notice.item"), "card", n.AssignmentID)}},
	}), nil
}

func (p *page) underDraft(n escalation, out Outgoing) Outgoing {
	card, err := p.tx.Card(work.NoticeSubject(n.ID), p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.ReplyTo = card.MessageID
	}
	return out
}
