package bot

import (
	"time"

	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

func (v *visit) receiptButtons() Keyboard {
	var rules []Button
	for i, rule := range receiptRules {
		rules = append(rules, button(v.receiptWord(rule), "receipt", int64(i)))
	}
	return Keyboard{
		rules,
		{button(v.word("announce.button_who"), "audience", 0, "who"), button(v.word("announce.button_narrow"), "audience", 0, "narrow")},
		{button(v.word("announce.button_save"), "audience", 0, "save")},
		v.backAndCancel("receipt", "back"),
	}
}

// askReceipt shows whom the audience has and asks for the receipt.
func (v *visit) askReceipt(d announceDraft) error {
	return v.read(func(p *page) error {
		audience, err := p.audienceWord(d.Audience)
		if err != nil {
			return err
		}
		reach, err := work.ReachOf(p.tx, v.who, d.Audience)
		if err != nil {
			return err
		}
		lost, err := p.unreachableLine(reach.Unreachable)
		if err != nil {
			return err
		}
		v.replace(Outgoing{
			Text:     text.Join(v.text("announce.receipt", "audience", audience, "n", len(reach.People)), lost, v.text("announce.receipt_choose")),
			Keyboard: v.receiptButtons(),
		})
		return nil
	})
}

// askWhen asks when to send, with what else can be set beside it.
func (v *visit) askWhen(d announceDraft) error {
	return v.read(func(p *page) error {
		audience, err := p.audienceWord(d.Audience)
		if err != nil {
			return err
		}
		task, err := p.linkLine(d.Task)
		if err != nil {
			return err
		}
		toGroups, beside, err := p.groupsOption(d)
		if err != nil {
			return err
		}
		v.replace(Outgoing{
			Text: text.Join(
				v.text("announce.when", "audience", audience, "receipt", v.receiptWord(d.Receipt)),
				p.limitLine(d.Limit), task, beside, v.text("announce.when_choose"),
			),
			Keyboard: append(toGroups, v.whenButtons(d)...),
		})
		return nil
	})
}

// limitLine says until when receipts are asked for.
func (p *page) limitLine(limit int64) text.HTML {
	if limit == 0 {
		return ""
	}
	return p.text("announce.limit_line", "at", p.dayAndClock(timeOf(limit)))
}

// linkLine says to which task a button leads.
func (p *page) linkLine(task int64) (text.HTML, error) {
	if task == 0 {
		return "", nil
	}
	t, err := p.tx.Task(task)
	return p.text("announce.link_line", "title", p.taskTitle(t)), err
}

func (v *visit) whenButtons(d announceDraft) Keyboard {
	k := Keyboard{{button(v.word("announce.when_now"), "when", 0, "now"), button(v.word("announce.when_later"), "when", 0, "later")}}
	var more []Button
	if d.Receipt != duban.NoReceipt {
		more = append(more, button(v.word("announce.button_limit"), "when", 0, "limit"))
	}
	if d.Task == 0 {
		more = append(more, button(v.word("announce.button_link"), "when", 0, "link"))
	} else {
		more = append(more, button(v.word("announce.button_unlink"), "when", 0, "unlink"))
	}
	return append(k, more, v.backAndCancel("when", "back"))
}

// receiptRules are the rules in the order of their buttons.
var receiptRules = []duban.ReceiptRule{duban.NoReceipt, duban.ReadReceipt, duban.TextReceipt}

func (v *visit) receiptWord(rule duban.ReceiptRule) string {
	return v.word("announce.receipt_rule." + string(rule))
}

func (v *visit) pressReceiptRule(c call) error {
	d, ok, err := v.draft()
	if err != nil || !ok {
		return err
	}
	switch {
	case c.arg == "back":
		return v.announceAt(stepAudience, d)
	case c.arg == "menu":
		return v.announceAt(stepReceipt, d)
	case c.id < 0 || int(c.id) >= len(receiptRules):
		v.answer("press.stale")
		return nil
	case d.Audience.IsZero():
		return v.announceAt(stepAudience, d)
	}
	if d.Receipt = receiptRules[c.id]; d.Receipt == duban.NoReceipt {
		d.Limit = 0
	}
	return v.announceAt(stepWhen, d)
}

func (v *visit) pressWhen(c call) error {
	d, ok, err := v.draft()
	if err != nil || !ok {
		return err
	}
	switch {
	case c.arg == "back":
		return v.announceAt(stepReceipt, d)
	case d.Receipt == "":
		return v.announceAt(stepReceipt, d)
	case c.arg == groupsToo:
		d.ToGroups = !d.ToGroups
		return v.announceAt(stepWhen, d)
	case c.arg == "menu":
		return v.announceAt(stepWhen, d)
	case c.arg == "later":
		return v.announceAt(stepTime, d)
	case c.arg == "limit":
		return v.announceAt(stepLimit, d)
	case c.arg == "link":
		return v.offerTasks("when", "to")
	case c.arg == "to":
		if err := v.mayLead(c.id); err != nil {
			return err
		}
		d.Task = c.id
		return v.announceAt(stepWhen, d)
	case c.arg == "unlink":
		d.Task = 0
		return v.announceAt(stepWhen, d)
	}
	d.SendAt = 0
	return v.announceAt(stepConfirm, d)
}

// noLimit is the argument of the chip that asks for receipts without a time limit.
const noLimit = "none"

func (v *visit) askLimit() {
	today := calendar.Due{Date: v.Desk.Calendar.Today(v.now)}
	k := v.dueChips("limit", 0, today)
	k = append(k, []Button{button(v.word("announce.no_limit"), "limit", 0, noLimit)}, v.backAndCancel("when", "menu"))
	v.replace(Outgoing{Text: v.text("announce.limit"), Keyboard: k})
}

// pressLimit sets until when receipts are asked for.
func (v *visit) pressLimit(c call) error {
	d, ok, err := v.draft()
	if err != nil || !ok {
		return err
	}
	if c.arg == noLimit {
		return v.limitedTo(d, calendar.Due{})
	}
	due, ok := v.chipDue(c.arg)
	if !ok {
		v.say("announce.limit_type")
		return nil
	}
	return v.limitedTo(d, due)
}

// limitedTo keeps the time limit for receipts. A day means its office end.
func (v *visit) limitedTo(d announceDraft, due calendar.Due) error {
	d.Limit = 0
	if !due.IsZero() {
		d.Limit = v.Desk.Calendar.Moment(due).UnixMilli()
	}
	return v.announceAt(stepWhen, d)
}

// announceTyped understands a choice that was typed instead of pressed.
func (v *visit) announceTyped(d announceDraft, typed string) error {
	switch v.dialog.Step {
	case stepAudience:
		return v.audienceTyped(d, typed)
	case stepNames:
		return v.peopleTyped(d, typed)
	case stepSaveAs:
		return v.nameTyped(d, typed)
	case stepLimit:
		if r, ok := v.typedDue(typed); ok {
			return v.limitedTo(d, r.Due)
		}
		return nil
	case stepReceipt:
		return v.receiptTyped(d, typed)
	case stepWhen, stepTime:
		return v.timeTyped(d, typed)
	case stepConfirm:
		return v.confirmTyped(d, typed)
	}
	return v.end()
}

func (v *visit) receiptTyped(d announceDraft, typed string) error {
	for i, rule := range receiptRules {
		if typedIs(typed, "announce.receipt_rule."+string(rule)) {
			return v.pressReceiptRule(call{id: int64(i)})
		}
	}
	return v.announceAt(stepReceipt, d)
}

// timeTyped reads when to send. A day without a time means the time of day at which reminders go out.
func (v *visit) timeTyped(d announceDraft, typed string) error {
	switch {
	case typedIs(typed, "announce.when_now"):
		return v.pressWhen(call{arg: "now"})
	case typed == "" || typedIs(typed, "announce.when_later"):
		return v.announceAt(stepTime, d)
	}
	at, problem := sendTime(v.Desk.Calendar, v.Desk.Policy.Ladder.At, typed, v.now)
	if problem != "" {
		v.ask(Keyboard{v.backAndCancel("when", "menu")}, problem)
		return nil
	}
	d.SendAt = at.UnixMilli()
	return v.announceAt(stepConfirm, d)
}

// sendTime reads the instant that was typed, or returns the key of the sentence that says what is wrong with it.
func sendTime(cal *calendar.Calendar, daily calendar.Clock, typed string, now time.Time) (time.Time, string) {
	r := cal.ParseDue(typed, now)
	if r.Outcome != calendar.Understood {
		return time.Time{}, "announce.time_unclear"
	}
	at := r.Due.Instant
	if r.Due.IsDate() {
		at = r.Due.Date.At(daily, cal.Zone())
	}
	if !at.After(now) {
		return time.Time{}, "announce.time_past"
	}
	return at, ""
}

func (v *visit) confirmTyped(d announceDraft, typed string) error {
	switch {
	case typedIs(typed, "announce.button_back"):
		return v.announceAt(stepWhen, d)
	case typedIs(typed, "announce.word_send"), text.Understand(typed).Intent == text.Confirm:
		return v.sendAnnouncement(d, false)
	}
	v.say("announce.confirm_first")
	return nil
}
