package bot

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"time"

	"duban"
	"duban/text"
	"duban/work"
)

// announcement is the draft as it would be sent.
func (v *visit) announcement(d announceDraft) duban.Announcement {
	n := duban.Announcement{
		SenderID: v.person.ID, FromChat: v.account.TelegramID, MessageIDs: d.Messages, Content: d.Content, Receipt: d.Receipt,
		Audience: d.Audience, TaskID: d.Task, ToGroups: d.ToGroups, WordsAt: max(slices.Index(d.Messages, d.Words), 0),
		Summary: cmp.Or(d.Summary, d.FileName, v.word("announce.untitled")),
	}
	if d.SendAt != 0 {
		n.SendAt = timeOf(d.SendAt)
	}
	if d.Limit != 0 {
		n.ReceiptDue = timeOf(d.Limit)
	}
	return n
}

// preview shows the final message as recipients get it, and below it who that is and the button that sends it.
func (v *visit) preview(d announceDraft) error {
	n := v.announcement(d)
	return v.read(func(p *page) error {
		reach, err := work.ReachOf(p.tx, v.who, n.Audience)
		if err != nil {
			return err
		}
		question, err := p.sendQuestion(n, reach)
		if err != nil {
			return err
		}
		if v.press != nil {
			v.replace(Outgoing{Text: v.text("announce.preview")})
		}
		v.send(announced(v.lang, n))
		v.send(question)
		return nil
	})
}

// askToSend asks again whether to send what stands above.
func (v *visit) askToSend(d announceDraft) error {
	n := v.announcement(d)
	return v.read(func(p *page) error {
		reach, err := work.ReachOf(p.tx, v.who, n.Audience)
		if err != nil {
			return err
		}
		question, err := p.sendQuestion(n, reach)
		v.replace(question)
		return err
	})
}

// sendQuestion asks whether to send: the settings, how many people, who cannot be reached, and what quiet time does to it.
func (p *page) sendQuestion(n duban.Announcement, reach work.Reach) (Outgoing, error) {
	audience, err := p.audienceWord(n.Audience)
	if err != nil {
		return Outgoing{}, err
	}
	unreachable, err := p.unreachableLine(reach.Unreachable)
	if err != nil {
		return Outgoing{}, err
	}
	head := p.text("announce.summary", "audience", audience, "receipt", p.word("announce.receipt_rule."+string(n.Receipt)), "when", p.whenWord(n.SendAt))
	if head, err = p.setBeside(head, n); err != nil {
		return Outgoing{}, err
	}
	id, back := n.MessageIDs[0], []Button{button(p.word("announce.button_back"), "send", 0, "back"), button(p.word("announce.button_cancel"), "drop", 0)}
	if len(reach.People) == 0 {
		return Outgoing{Text: text.Join(head, p.text("announce.nobody"), unreachable), Keyboard: Keyboard{back}}, nil
	}
	count := p.text("announce.count", "n", len(reach.People))
	if p.Desk.Policy.AnnounceNeedsSecond(len(reach.People)) {
		count = text.Join(count, p.text("announce.needs_second", "n", p.Desk.Policy.SecondAdminAbove))
	}
	cost, err := p.priceLine(n, len(reach.People))
	if err != nil {
		return Outgoing{}, err
	}
	count = text.Join(count, cost)
	k := Keyboard{{button(p.word("announce.button_send", "n", len(reach.People)), "send", id)}}
	if len(reach.Unreachable) > namesShown {
		back = append([]Button{button(p.word("announce.button_who"), "audience", 0, "who")}, back...)
	}
	held, until := p.heldUntil(n.SendAt)
	if !held {
		return Outgoing{Text: text.Join(head, count, unreachable), Keyboard: append(k, back)}, nil
	}
	k = append(k, []Button{button(p.word("announce.button_at_once"), "send", id, "once")}, back)
	return Outgoing{Text: text.Join(head, count, unreachable, p.text("announce.quiet", "at", p.dayAndClock(until))), Keyboard: k}, nil
}

// starsPer is how many messages a Telegram Star pays for.
const starsPer = 10

// priceLine says what sending to so many people costs, where it costs something.
func (p *page) priceLine(n duban.Announcement, people int) (text.HTML, error) {
	if !p.PaidAnnouncements || !announced(p.lang, n).payable() {
		return "", nil
	}
	messages := people
	if n.ToGroups {
		groups, err := p.groupsOf(n.SenderID, n.Audience)
		if err != nil {
			return "", err
		}
		messages += len(groups)
	}
	stars := strconv.FormatFloat(float64(messages)/starsPer, 'f', -1, 64)
	return p.text("announce.cost", "stars", stars, "n", messages), nil
}

// setBeside adds to what is checked before sending the time limit for receipts and the task to which it leads.
func (p *page) setBeside(head text.HTML, n duban.Announcement) (text.HTML, error) {
	limit := int64(0)
	if !n.ReceiptDue.IsZero() {
		limit = n.ReceiptDue.UnixMilli()
	}
	link, err := p.linkLine(n.TaskID)
	if err != nil {
		return "", err
	}
	groups, err := p.groupsBeside(n)
	return text.Join(head, p.limitLine(limit), link, groups), err
}

// heldUntil reports whether quiet time would hold what is sent at an instant, and until when.
func (p *page) heldUntil(at time.Time) (bool, time.Time) {
	if at.Before(p.now) {
		at = p.now
	}
	allowed := p.Desk.Calendar.NextAllowed(p.Desk.Policy.Quiet, at)
	return allowed.After(at), allowed
}

func (p *page) whenWord(at time.Time) string {
	if at.IsZero() {
		return p.word("announce.when_now")
	}
	return p.dayAndClock(at)
}

// namesShown is how many names a line shows before it counts the rest.
const namesShown = 10

// unreachableLine names who is in the audience and cannot be reached.
func (p *page) unreachableLine(people []duban.Person) (text.HTML, error) {
	if len(people) == 0 {
		return "", nil
	}
	names := ""
	for i, person := range people[:min(len(people), namesShown)] {
		unit, err := work.FirstUnit(p.tx, person.ID)
		if err != nil {
			return "", err
		}
		if i > 0 {
			names += p.word("people.comma")
		}
		names += p.word("announce.name_of", "name", person.Name, "unit", unit.Name)
	}
	if more := len(people) - namesShown; more > 0 {
		return p.text("announce.unreachable_more", "n", len(people), "names", names, "more", more), nil
	}
	return p.text("announce.unreachable", "n", len(people), "names", names), nil
}

// pressSend sends the announcement whose preview stands above the button.
func (v *visit) pressSend(c call) error {
	d, ok, err := v.draft()
	switch {
	case err != nil || !ok:
		return err
	case c.arg == "back":
		return v.announceAt(stepWhen, d)
	case c.arg == "ask":
		return v.askToSend(d)
	case v.dialog.Step != stepConfirm || c.id != d.Messages[0]:
		v.answer("announce.over")
		return nil
	}
	return v.sendAnnouncement(d, c.arg == "once")
}

func (v *visit) sendAnnouncement(d announceDraft, override bool) error {
	n, tried, err := v.Desk.Announce(v.ctx, v.who, v.announcement(d), override)
	switch duban.CodeOf(err) {
	case duban.DuePast:
		v.answer("announce.limit_before")
		v.alert = true
		return nil
	case duban.NoApprover:
		v.answer("announce.no_second")
		v.alert = true
		return nil
	}
	if err != nil && !errors.Is(err, duban.ErrRepeated) {
		return err
	}
	if ended := v.end(); ended != nil || err != nil {
		return errors.Join(ended, err)
	}
	if n.State == duban.AnnouncementPending {
		v.replace(Outgoing{Text: v.text("announce.asked_second", "n", tried)})
		return nil
	}
	if n.SendAt.After(v.now.Add(time.Second)) {
		v.replace(Outgoing{Text: v.text("announce.scheduled", "n", tried, "at", v.dayAndClock(n.SendAt))})
		return nil
	}
	v.replace(Outgoing{Text: v.text("announce.sending", "n", tried)})
	return nil
}
