package bot

import (
	"encoding/json"
	"strconv"

	"duban"
	"duban/text"
	"duban/work"
)

func i64(n int64) string { return strconv.FormatInt(n, 10) }

// renderChanged tells an owner what has changed of an item, under its card.
func (p *page) renderChanged(l duban.Letter) (Outgoing, error) {
	var news work.ChangedNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	it, err := p.letterItem(l)
	if err != nil {
		return Outgoing{}, err
	}
	if !p.mine(it) || !it.State.Open() {
		return Outgoing{}, untrue("changed meanwhile")
	}
	key := "changed.duty"
	switch {
	case news.Owner:
		key = "changed.owner"
	case news.Due != "":
		key = "changed.due"
	}
	out := Outgoing{Text: p.text(key, "title", p.title(it), "due", p.due(it.Assignment))}
	card, err := p.tx.Card(work.CardSubject(it.ID), p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.ReplyTo = card.MessageID
	}
	return out, nil
}

// renderAboutPerson tells administrators and secretaries something about a person.
func (p *page) renderAboutPerson(l duban.Letter) (Outgoing, error) {
	var news work.PersonNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	person, err := p.tx.Person(news.PersonID)
	if err != nil {
		return Outgoing{}, err
	}
	unit, err := work.FirstUnit(p.tx, news.PersonID)
	if err != nil {
		return Outgoing{}, err
	}
	reason := ""
	if l.Kind == duban.NewsUnreachable {
		reason = p.word("reach." + news.Text)
	}
	return Outgoing{Text: p.text("news."+string(l.Kind), "name", person.Name, "unit", unit.Name, "text", news.Text, "reason", reason)}, nil
}

// renderQuestion puts an owner's question before those who may answer it; a reply to it goes back.
func (p *page) renderQuestion(l duban.Letter) (Outgoing, error) {
	return p.wordAbout(l, "news.question")
}

func (p *page) renderReply(l duban.Letter) (Outgoing, error) { return p.wordAbout(l, "news.reply") }

func (p *page) wordAbout(l duban.Letter, key string) (Outgoing, error) {
	var word work.PersonNews
	if err := json.Unmarshal([]byte(l.Data), &word); err != nil {
		return Outgoing{}, err
	}
	it, err := p.letterItem(l)
	if err != nil {
		return Outgoing{}, err
	}
	person, err := p.tx.Person(word.PersonID)
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{Text: p.text(key, "title", p.title(it), "unit", it.Unit.Name, "name", person.Name, "text", word.Text)}
	if l.Kind == duban.NewsReply {
		card, err := p.tx.Card(work.CardSubject(it.ID), p.reader.ID)
		if err == nil && card.ChatID == p.account.TelegramID {
			out.ReplyTo = card.MessageID
		}
	}
	return out, nil
}

// repliedToQuestion sends the reply to a question back to whoever asked.
func (v *visit) repliedToQuestion(typed string) error {
	var asker work.PersonNews
	if err := json.Unmarshal([]byte(v.about.Data), &asker); err != nil {
		return err
	}
	if err := v.Desk.Answer(v.ctx, v.who, v.about.AssignmentID, asker.PersonID, typed); err != nil {
		return err
	}
	v.say("ask.answered")
	return nil
}

func (p *page) renderQuarantine(duban.Letter) (Outgoing, error) {
	return Outgoing{Text: p.text("news.quarantine")}, nil
}

func (p *page) renderOffline(l duban.Letter) (Outgoing, error) {
	var o work.OutageNews
	if err := json.Unmarshal([]byte(l.Data), &o); err != nil {
		return Outgoing{}, err
	}
	from, to := timeOf(o.From), timeOf(o.To)
	return Outgoing{Text: p.text("news.offline", "span", text.Span(p.lang, p.local(from), p.local(to), p.local(p.now)))}, nil
}

func (p *page) renderRevoked(l duban.Letter) (Outgoing, error) {
	var news work.RevokedNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	return Outgoing{Text: text.Say(text.Lang(news.Lang), "news.revoked"), Menu: &Menu{Remove: true}}, nil
}

// renderDigest is the morning digest: overdue, due today, due soon, not signed for, and what waits for the reader's decision. Without any of
// them there is no message.
func (p *page) renderDigest(l duban.Letter) (Outgoing, error) {
	open, err := p.tx.OpenOf(p.reader.ID)
	if err != nil {
		return Outgoing{}, err
	}
	digest := duban.DigestOf(onUnit(open), p.Desk.Calendar, p.now)
	waiting, err := p.waitingForMe()
	if err != nil {
		return Outgoing{}, err
	}
	lines := []text.HTML{p.text("digest.heading", "day", p.today())}
	var numbers []Button
	for _, part := range []struct {
		key   string
		items []duban.Assignment
	}{{"digest.overdue", digest.Overdue}, {"digest.today", digest.Today}, {"digest.soon", digest.Soon}, {"digest.unsigned", digest.Unsigned}} {
		if len(part.items) == 0 {
			continue
		}
		lines = append(lines, p.text(part.key, "n", len(part.items)))
		for _, a := range part.items {
			if len(numbers) == listLimit {
				break
			}
			it, err := p.itemOf(a)
			if err != nil {
				return Outgoing{}, err
			}
			numbers = append(numbers, button(itoa(len(numbers)+1), "card", a.ID))
			lines = append(lines, p.listLine(len(numbers), it))
		}
	}
	if len(waiting) > 0 {
		lines = append(lines, p.text("digest.review", "n", len(waiting)))
	}
	if len(lines) == 1 {
		return Outgoing{}, untrue("nothing to tell")
	}
	return Outgoing{Text: text.Join(lines...), Keyboard: rows(5, numbers...)}, nil
}

func (p *page) today() string {
	day := p.Desk.Calendar.Today(p.now)
	return text.Day(p.lang, day.Year, day.Month, day.Day)
}

// onUnit leaves out what the unit has done its part in.
func onUnit(all []duban.Assignment) []duban.Assignment {
	var still []duban.Assignment
	for _, a := range all {
		if a.State.OnUnit() {
			still = append(still, a)
		}
	}
	return still
}
