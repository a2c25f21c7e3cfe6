package bot

import (
	"encoding/json"

	"duban"
	"duban/work"
)

// untrueIn are the states in which news of what was done to an item is no longer so.
var untrueIn = map[duban.Event]func(duban.State) bool{
	duban.EventSuspended: func(s duban.State) bool { return s != duban.Suspended },
	duban.EventResumed:   func(s duban.State) bool { return s == duban.Suspended || s == duban.CalledOff },
	duban.EventCancelled: func(s duban.State) bool { return s != duban.CalledOff },
	duban.EventClosed:    func(s duban.State) bool { return !s.Done() },
	duban.EventReopened:  func(s duban.State) bool { return !s.Open() },
}

// renderSteered tells somebody what was done to an item by those who steer it, under its card where there is one.
func (p *page) renderSteered(l duban.Letter) (Outgoing, error) {
	var news work.SteeredNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	it, err := p.letterItem(l)
	if err != nil {
		return Outgoing{}, err
	}
	if over := untrueIn[news.Verb]; over != nil && over(it.State) {
		return Outgoing{}, untrue("changed meanwhile")
	}
	name := p.word("actor.system")
	if news.By != 0 {
		by, err := p.tx.Person(news.By)
		if err != nil {
			return Outgoing{}, err
		}
		name = by.Name
	}
	where := ""
	if !p.mine(it) {
		where = p.word("steering.where", "unit", it.Unit.Name)
	}
	if news.Unit != 0 {
		return p.renderFollowed(it, news, where)
	}
	key := "steered." + string(news.Verb)
	if news.Verb == duban.EventReassigned && news.Reason == "" {
		key = "steered.reassigned_plain"
	}
	out := Outgoing{Text: p.text(key, "where", where, "title", p.title(it), "name", name, "reason", p.said(it, news.Reason),
		"due", p.due(it.Assignment), "before", news.Due, "owner", it.Owner.Name)}
	card, err := p.tx.Card(work.CardSubject(it.ID), p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.ReplyTo = card.MessageID
	}
	return out, nil
}
