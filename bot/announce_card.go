package bot

import (
	"strings"
	"time"

	"duban"
	"duban/text"
	"duban/work"
)

// announcementSubject names the live card of an announcement before its sender.
func announcementSubject(id int64) string { return "announcement:" + i64(id) }

// renderProgress is the sender's card of an announcement: how far the sending is, who has confirmed, and what can be done about the others.
func (p *page) renderProgress(l duban.Letter) (Outgoing, error) {
	n, err := p.tx.Announcement(l.AnnouncementID)
	if err != nil {
		return Outgoing{}, err
	}
	tally, err := p.tx.Tally(n.ID)
	if err != nil {
		return Outgoing{}, err
	}
	audience, err := p.audienceWord(n.Audience)
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{
		Text: text.Join(
			p.text("announce.card_heading", "summary", n.Summary),
			p.text("announce.card_about", "audience", audience, "receipt", p.word("announce.receipt_rule."+string(n.Receipt))),
			p.countsLine(n, tally),
			p.stageLine(n, tally),
		),
		Keyboard: p.announcementButtons(n, tally), Subject: announcementSubject(n.ID), About: About{AnnouncementID: n.ID},
	}
	card, err := p.tx.Card(out.Subject, p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.Edit = card.MessageID
	}
	return out, nil
}

func (p *page) countsLine(n duban.Announcement, t duban.Tally) text.HTML {
	key := "announce.card_counts"
	if n.Receipt == duban.NoReceipt {
		key = "announce.card_counts_no_receipt"
	}
	return p.text(key, "delivered", t.Delivered, "confirmed", t.Confirmed, "failed", t.Failed)
}

func (p *page) stageLine(n duban.Announcement, t duban.Tally) text.HTML {
	switch {
	case t.Waiting == 0:
		return p.text("announce.card_done")
	case n.SendAt.After(p.now):
		return p.text("announce.card_scheduled", "at", p.dayAndClock(n.SendAt), "n", t.Waiting)
	}
	left := timeLeft(t.Waiting, t.Delivered, p.now.Sub(n.SendAt))
	return p.text("announce.card_waiting", "n", t.Waiting, "left", text.Remaining(p.lang, left))
}

const (
	// usualRate is how many messages a second leave when nothing else does; Telegram allows a bot about thirty.
	usualRate = 25
	// rateWithin is how long after its beginning the rate of a sending says something about the rest of it.
	rateWithin = time.Hour
)

// timeLeft estimates how long the rest of a sending takes: at the rate so far, or at the usual one while there is none.
func timeLeft(waiting, delivered int, since time.Duration) time.Duration {
	usual := time.Duration(waiting) * time.Second / usualRate
	if delivered == 0 || since <= 0 || since > rateWithin {
		return usual
	}
	return max(usual, time.Duration(waiting)*since/time.Duration(delivered))
}

func (p *page) announcementButtons(n duban.Announcement, t duban.Tally) Keyboard {
	var first, second []Button
	asks := n.Receipt != duban.NoReceipt
	if asks && t.Confirmed < t.Delivered {
		first = append(first, button(p.word("announce.button_urge"), "urge", n.ID))
	}
	if t.Failed > 0 && !n.SendAt.After(p.now) {
		first = append(first, button(p.word("announce.button_retry"), "retry", n.ID))
	}
	switch {
	case asks && t.Confirmed < t.All:
		second = append(second, button(p.word("announce.button_missing"), "missing", n.ID))
	case t.Failed > 0:
		second = append(second, button(p.word("announce.button_failed"), "missing", n.ID))
	}
	if n.Receipt == duban.TextReceipt && t.Confirmed > 0 {
		second = append(second, button(p.word("announce.button_answers", "n", t.Confirmed), "missing", n.ID, answersPage))
	}
	return full(first, second)
}

// full leaves out the rows without a button.
func full(rows ...[]Button) Keyboard {
	var k Keyboard
	for _, row := range rows {
		if len(row) > 0 {
			k = append(k, row)
		}
	}
	return k
}

func (v *visit) pressUrge(c call) error {
	asked, err := v.Desk.UrgeReceipts(v.ctx, v.who, c.id)
	if err != nil {
		return err
	}
	if until := v.Desk.Calendar.NextAllowed(v.Desk.Policy.Quiet, v.now); until.After(v.now) {
		v.answer("announce.urged_later", "n", asked, "at", v.dayAndClock(until))
		return nil
	}
	v.answer("announce.urged", "n", asked)
	return nil
}

func (v *visit) pressRetry(c call) error {
	tried, err := v.Desk.RetryAnnouncement(v.ctx, v.who, c.id)
	if duban.CodeOf(err) == duban.NothingToDo {
		v.answer("announce.retry_nobody")
		return nil
	}
	if err != nil {
		return err
	}
	v.answer("announce.retried", "n", tried)
	return nil
}

// repliedToProgress lets the sender steer an announcement by a message with the words of a button.
func (v *visit) repliedToProgress(typed string) error {
	c := call{id: v.about.AnnouncementID}
	switch {
	case typedIs(typed, "announce.button_urge"):
		return v.pressUrge(c)
	case typedIs(typed, "announce.button_retry"):
		return v.pressRetry(c)
	case typedIs(typed, "announce.button_missing"), typedIs(typed, "announce.button_failed"):
		return v.pressMissing(c)
	}
	v.say("announce.card_reply")
	return nil
}

// answersPage marks a page of the written answers; without it the page is of those who are missing.
const answersPage = "a"

// linesOnPage is how many units, or answers, a page of a list shows.
const linesOnPage = 12

// pressMissing lists who has not confirmed or was not reached, by unit, or what was answered. It is for the sender and for whoever may announce
// to the sender's unit.
func (v *visit) pressMissing(c call) error {
	return v.read(func(p *page) error {
		n, err := p.tx.Announcement(c.id)
		if err != nil {
			return err
		}
		if ok, err := p.conducts(n); err != nil || !ok {
			return orNotAllowed(err)
		}
		heading, lines, prefix, err := p.receiptLines(n, c.arg)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			v.answer("announce.nobody_missing")
			return nil
		}
		pageNo := atoi(strings.TrimPrefix(c.arg, prefix))
		from := min(max(pageNo, 0)*linesOnPage, (len(lines)-1)/linesOnPage*linesOnPage)
		out := Outgoing{Text: text.Join(append([]text.HTML{heading}, lines[from:min(from+linesOnPage, len(lines))]...)...)}
		if len(lines) > linesOnPage {
			out.Keyboard = Keyboard{p.pagesOf("missing", n.ID, prefix, from/linesOnPage, (len(lines)-1)/linesOnPage)}
		}
		if c.arg != prefix {
			out.Edit = v.about.MessageID
		}
		v.send(out)
		return nil
	})
}

// conducts reports whether the reader may steer an announcement.
func (p *page) conducts(n duban.Announcement) (bool, error) {
	if n.SenderID == p.reader.ID {
		return true, nil
	}
	unit, err := work.FirstUnit(p.tx, n.SenderID)
	if err != nil {
		return false, err
	}
	return work.May(p.tx, p.actor(), duban.ActAnnounce, unit.ID)
}

// pagesOf is a pager whose pages belong to a subject.
func (p *page) pagesOf(verb string, id int64, prefix string, at, last int) []Button {
	pages := p.pager(verb, at, last)
	for i, b := range pages {
		if c, err := parseCall(b.Data); err == nil {
			pages[i].Data = call{verb, id, prefix + i64(c.id)}.String()
		}
	}
	return pages
}

// receiptLines writes the list that a button asks for, with its heading and the mark of its pages.
func (p *page) receiptLines(n duban.Announcement, arg string) (heading text.HTML, lines []text.HTML, prefix string, err error) {
	all, err := p.tx.Receipts(n.ID)
	if err != nil {
		return "", nil, "", err
	}
	everybody, err := p.directory()
	if err != nil {
		return "", nil, "", err
	}
	if strings.HasPrefix(arg, answersPage) {
		lines = p.answerLines(all, everybody)
		return p.text("announce.answers_heading", "summary", n.Summary, "n", len(lines)), lines, answersPage, nil
	}
	waiting, lost := missingReceipts(n, all)
	heading = p.text("announce.missing_heading", "summary", n.Summary, "n", len(waiting), "failed", len(lost))
	lines = p.namesByUnit("announce.missing_unit", waiting, everybody)
	return heading, append(lines, p.namesByUnit("announce.failed_unit", lost, everybody)...), "", nil
}

// missingReceipts are those who got an announcement and have not confirmed it, and those whom it did not reach.
func missingReceipts(n duban.Announcement, all []duban.Receipt) (waiting, lost []duban.Receipt) {
	for _, r := range all {
		switch {
		case !r.ConfirmedAt.IsZero():
		case !r.DeliveredAt.IsZero() && n.Receipt != duban.NoReceipt:
			waiting = append(waiting, r)
		case r.DeliveredAt.IsZero() && r.Failure != "":
			lost = append(lost, r)
		}
	}
	return waiting, lost
}

// namesByUnit writes a line for each unit with the people in it, units in the order in which they first come.
func (p *page) namesByUnit(key string, receipts []duban.Receipt, everybody directory) []text.HTML {
	var order []int64
	names := map[int64][]string{}
	for _, r := range receipts {
		unit := everybody.firstUnit(r.PersonID)
		if names[unit.ID] == nil {
			order = append(order, unit.ID)
		}
		name := everybody.names[r.PersonID]
		if r.Failure != "" && r.DeliveredAt.IsZero() {
			name = p.word("announce.name_because", "name", name, "reason", p.lostReason(r, everybody))
		}
		names[unit.ID] = append(names[unit.ID], name)
	}
	var lines []text.HTML
	for _, id := range order {
		lines = append(lines, p.text(key, "unit", everybody.units[id].Name, "n", len(names[id]), "names", p.someNames(names[id])))
	}
	return lines
}

// namesInUnit is how many names the line of a unit shows before it counts the rest.
const namesInUnit = 20

func (p *page) someNames(names []string) string {
	shown := strings.Join(names[:min(len(names), namesInUnit)], p.word("people.comma"))
	if len(names) > namesInUnit {
		return p.word("announce.names_more", "names", shown, "n", len(names))
	}
	return shown
}

// lostReason says why somebody was not reached: what is known of the account says more than what is known of the letter.
func (p *page) lostReason(r duban.Receipt, everybody directory) string {
	account, joined := everybody.accounts[r.PersonID]
	switch {
	case !joined:
		return p.reachWord(reasonNotJoined)
	case account.Unreachable != "":
		return p.reachWord(account.Unreachable)
	}
	return p.reachWord(r.Failure)
}

func (p *page) answerLines(all []duban.Receipt, everybody directory) []text.HTML {
	var lines []text.HTML
	for _, r := range all {
		if r.ConfirmedAt.IsZero() {
			continue
		}
		lines = append(lines, p.text("announce.answer_line", "name", everybody.names[r.PersonID], "unit", everybody.firstUnit(r.PersonID).Name,
			"at", p.moment(r.ConfirmedAt), "answer", shorten(r.Answer, 200)))
	}
	return lines
}
