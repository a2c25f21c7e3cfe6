package bot

import (
	"slices"
	"time"

	"duban"
	"duban/export"
	"duban/text"
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
	copies, err := p.tx.GroupCopies(n.ID)
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{
		Text: text.Join(
			p.text("announce.card_heading", "summary", n.Summary),
			p.text("announce.card_about", "audience", audience, "receipt", p.word("announce.receipt_rule."+string(n.Receipt))),
			p.countsLine(n, tally), p.groupsLine(n, copies), p.limitOf(n), p.correctedLine(n, tally), p.stageLine(n, tally),
		),
		Keyboard: p.announcementButtons(n, tally, copies), Subject: announcementSubject(n.ID), About: About{AnnouncementID: n.ID},
	}
	card, err := p.tx.Card(out.Subject, p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.Edit = card.MessageID
	}
	return out, nil
}

func (p *page) countsLine(n duban.Announcement, t duban.Tally) text.HTML {
	if t.All == 0 { // it has not gone to anybody
		return ""
	}
	key := "announce.card_counts"
	if n.Receipt == duban.NoReceipt {
		key = "announce.card_counts_no_receipt"
	}
	return p.text(key, "delivered", t.Delivered, "confirmed", t.Confirmed, "failed", t.Failed)
}

// limitOf says until when receipts are asked for.
func (p *page) limitOf(n duban.Announcement) text.HTML {
	if n.ReceiptDue.IsZero() {
		return ""
	}
	return p.limitLine(n.ReceiptDue.UnixMilli())
}

// correctedLine says how many copies have the corrected words.
func (p *page) correctedLine(n duban.Announcement, t duban.Tally) text.HTML {
	if n.Version == 0 || n.State == duban.AnnouncementRecalled {
		return ""
	}
	return p.text("announce.card_corrected", "at", p.moment(n.Correction.At), "n", t.Corrected, "all", t.Delivered)
}

// stageLine says how far the sending is.
func (p *page) stageLine(n duban.Announcement, t duban.Tally) text.HTML {
	switch {
	case n.State == duban.AnnouncementPaused:
		return p.text("announce.card_paused."+string(n.PausedWhy), "n", t.Waiting)
	case n.State == duban.AnnouncementRecalled:
		return p.text("announce.card_recalled", "at", p.moment(n.RecalledAt), "erased", t.Erased, "marked", t.Marked, "failed", t.Unrecalled)
	case n.State == duban.AnnouncementStopped && t.All == 0:
		return p.text("announce.card_retracted")
	case n.State != duban.AnnouncementSending && n.State != duban.AnnouncementSent:
		return p.text("announce.card_state." + string(n.State))
	case t.Waiting == 0:
		return p.text("announce.card_done")
	case n.SendAt.After(p.now):
		return p.text("announce.card_scheduled", "at", p.dayAndClock(n.SendAt), "n", t.Waiting)
	}
	left := timeLeft(t.Waiting, t.Delivered, p.now.Sub(later(n.SendAt, n.ResumedAt)))
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

// announcementButtons are what its sender can do about an announcement as it stands.
func (p *page) announcementButtons(n duban.Announcement, t duban.Tally, groups []duban.GroupCopy) Keyboard {
	if n.State == duban.AnnouncementPending {
		return Keyboard{{button(p.word("announce.button_retract"), "annstop", n.ID)}}
	}
	var first, second []Button
	asks := n.Receipt != duban.NoReceipt
	if asks && t.Confirmed < t.Delivered && n.State.Out() {
		first = append(first, button(p.word("announce.button_urge"), "urge", n.ID))
	}
	lost := t.Failed > 0 || slices.ContainsFunc(groups, duban.GroupCopy.Failed)
	if lost && !n.SendAt.After(p.now) && can(n.State, duban.StepRetry) {
		first = append(first, button(p.word("announce.button_retry"), "retry", n.ID))
	}
	switch {
	case !n.State.Out():
	case asks && t.Confirmed < t.All:
		second = append(second, button(p.word("announce.button_missing"), "missing", n.ID))
	case lost:
		second = append(second, button(p.word("announce.button_failed"), "missing", n.ID))
	}
	if n.Receipt == duban.TextReceipt && t.Confirmed > 0 {
		second = append(second, button(p.word("announce.button_answers", "n", t.Confirmed), "missing", n.ID, answersPage))
	}
	return full(first, second, p.flowButtons(n, t), p.copyButtons(n, t, groups), p.resultButtons(n, t))
}

// flowButtons interrupt the sending, go on with it or end it.
func (p *page) flowButtons(n duban.Announcement, t duban.Tally) []Button {
	switch {
	case n.State == duban.AnnouncementSending && t.Waiting > 0:
		return []Button{button(p.word("announce.button_pause"), "annpause", n.ID), button(p.word("announce.button_stop"), "annstop", n.ID)}
	case n.State == duban.AnnouncementPaused:
		return []Button{button(p.word("announce.button_resume"), "annresume", n.ID), button(p.word("announce.button_stop"), "annstop", n.ID)}
	}
	return nil
}

// copyButtons change or call back the copies that people and work groups have.
func (p *page) copyButtons(n duban.Announcement, t duban.Tally, groups []duban.GroupCopy) (buttons []Button) {
	stands := t.Delivered > 0 || slices.ContainsFunc(groups, func(c duban.GroupCopy) bool { return !c.DeliveredAt.IsZero() })
	if n.MayCorrect() == nil && (stands || t.Waiting > 0) {
		buttons = append(buttons, button(p.word("announce.button_correct"), "anncorrect", n.ID))
	}
	if n.MayRecall(p.now) == nil && stands {
		buttons = append(buttons, button(p.word("announce.button_recall"), "annrecall", n.ID))
	}
	return buttons
}

// resultButtons show what became of each recipient, in the chat or as a table.
func (p *page) resultButtons(n duban.Announcement, t duban.Tally) []Button {
	if t.All == 0 {
		return nil
	}
	buttons := []Button{button(p.word("announce.button_each"), "missing", n.ID, eachPage)}
	if unit, err := p.topUnit(duban.ActExport); err == nil {
		buttons = append(buttons, button(p.word("announce.button_export"), "export", unit, string(export.ReceiptsTable)+"."+i64(n.ID)))
	}
	return buttons
}

func can(s duban.AnnouncementState, step duban.AnnouncementStep) bool {
	_, err := s.After(step)
	return err == nil
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
	if duban.CodeOf(err) == duban.TooSoon {
		return v.askedBefore(c.id)
	}
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

// askedBefore says when those who are missing were last asked, and from when on they may be again.
func (v *visit) askedBefore(announcement int64) error {
	return v.read(func(p *page) error {
		last, err := p.tx.UrgedAt(announcement)
		v.answer("announce.urged_before", "at", p.moment(last), "next", p.moment(v.Desk.Calendar.AddWorkingTime(last, duban.UrgeGap)))
		v.alert = true
		return err
	})
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
	switch {
	case tried.Groups == 0:
		v.answer("announce.retried", "n", tried.People)
	case tried.People == 0:
		v.answer("announce.retried_groups", "n", tried.Groups)
	default:
		v.answer("announce.retried_both", "n", tried.People, "groups", tried.Groups)
	}
	return nil
}
