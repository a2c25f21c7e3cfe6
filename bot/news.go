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

func (p *page) renderReply(l duban.Letter) (Outgoing, error) {
	out, err := p.wordAbout(l, "news.reply")
	if err != nil {
		return out, err
	}
	it, err := p.letterItem(l)
	if err != nil {
		return out, err
	}
	return p.afterAnswer(it, out)
}

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
	out := Outgoing{Text: p.text(key, "title", p.title(it), "unit", it.Unit.Name, "name", person.Name, "text", p.said(it, word.Text))}
	if l.Kind == duban.NewsReply || p.mine(it) {
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
	if typed == "" {
		v.say("review.answer_in_words")
		return nil
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

// renderDigest is the morning digest: overdue, due today, due soon, not signed for, and what waits for the reader's decision. What is no longer as it
// was when it was collected is left out; when nothing is left there is no message.
func (p *page) renderDigest(l duban.Letter) (Outgoing, error) {
	var news duban.DigestNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	digest, err := p.digestNow(news)
	if err != nil {
		return Outgoing{}, err
	}
	list := listing{page: p, lines: []text.HTML{p.text("digest.heading", "day", p.today())}}
	for _, part := range []struct {
		key   string
		items []duban.Assignment
	}{{"digest.overdue", digest.Overdue}, {"digest.today", digest.Today}, {"digest.soon", digest.Soon}, {"digest.unsigned", digest.Unsigned}} {
		if err := list.add(part.key, part.items); err != nil {
			return Outgoing{}, err
		}
	}
	if left := list.left + news.More; left > 0 {
		list.lines = append(list.lines, p.text("list.more", "n", left))
	}
	if len(digest.Waiting) > 0 {
		list.lines = append(list.lines, p.text("digest.review", "n", len(digest.Waiting)))
	}
	var below []Button
	if news.Overdue {
		late, err := p.overdue(overdueOf{})
		if err != nil {
			return Outgoing{}, err
		}
		if len(late) > 0 {
			list.lines = append(list.lines, p.text("digest.below", "sum", p.overdueSum(late)))
			below = []Button{button(p.word("button.overdue_list"), "overdue", 0, overdueAnew)}
		}
	}
	if news.Drafts > 0 {
		drafts, err := p.draftsFor()
		if err != nil {
			return Outgoing{}, err
		}
		if len(drafts) > 0 {
			list.lines = append(list.lines, p.text("digest.drafts", "n", len(drafts)))
		}
	}
	if news.Reports > 0 {
		drafts, err := p.reportDrafts()
		if err != nil {
			return Outgoing{}, err
		}
		if len(drafts) > 0 {
			list.lines = append(list.lines, p.text("report.digest", "n", len(drafts)))
			below = append(below, button(p.word("button.report_drafts"), "report", 0, "open"))
		}
	}
	lines, err := p.digestRequests(news)
	if err != nil {
		return Outgoing{}, err
	}
	list.lines = append(list.lines, lines...)
	if news.Asks > 0 {
		asks, err := p.announceAsksForMe()
		if err != nil {
			return Outgoing{}, err
		}
		if asks > 0 {
			list.lines = append(list.lines, p.text("announce.digest", "n", asks))
		}
	}
	if len(list.lines) == 1 {
		return Outgoing{}, untrue("nothing to tell")
	}
	out := list.out()
	if below != nil {
		out.Keyboard = append(out.Keyboard, below)
	}
	return out, nil
}

// digestNow sorts what was collected for a digest by how it stands now.
func (p *page) digestNow(news duban.DigestNews) (duban.Digest, error) {
	var still []duban.Assignment
	for _, id := range news.Items {
		a, err := p.tx.Assignment(id)
		if err != nil {
			return duban.Digest{}, err
		}
		if a.State.OnUnit() {
			still = append(still, a)
		}
	}
	for _, id := range news.Reviews {
		a, err := p.tx.Assignment(id)
		if err != nil {
			return duban.Digest{}, err
		}
		if a.State == duban.Submitted {
			still = append(still, a)
		}
	}
	return duban.DigestOf(still, p.Desk.Calendar, p.now), nil
}

// listing is a message that lists items under headings, with a numbered button for each, up to listLimit.
type listing struct {
	*page
	lines   []text.HTML
	numbers []Button
	ids     []int64 // of the items, in the order of their numbers
	left    int     // items for which there was no room
	skipped int     // items on the pages before
}

// out is the message, with what its numbers stand for.
func (l *listing) out() Outgoing {
	return Outgoing{Text: text.Join(l.lines...), Keyboard: rows(5, l.numbers...), About: About{Items: l.ids}}
}

func (l *listing) add(heading string, items []duban.Assignment) error {
	if len(items) == 0 {
		return nil
	}
	l.lines = append(l.lines, l.text(heading, "n", len(items)))
	return l.addItems(items)
}

func (l *listing) addItems(items []duban.Assignment) error {
	for _, a := range items {
		if len(l.numbers) == listLimit {
			l.left++
			continue
		}
		it, err := l.itemOf(a)
		if err != nil {
			return err
		}
		l.numbers = append(l.numbers, button(itoa(len(l.numbers)+1), "card", a.ID))
		l.ids = append(l.ids, a.ID)
		l.lines = append(l.lines, l.listLine(len(l.numbers), it))
	}
	return nil
}

func (p *page) today() string {
	day := p.Desk.Calendar.Today(p.now)
	return text.Day(p.lang, day.Year, day.Month, day.Day)
}
