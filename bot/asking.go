package bot

import (
	"encoding/json"

	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

// asking is the dialog of somebody who asks for something about an item: more time, that it is not the unit's, or that its return was wrong; and what of
// it has been said so far.
type asking struct {
	Kind       duban.RequestKind `json:"kind"`
	Assignment int64             `json:"assignment"`
	Due        string            `json:"due,omitempty"`  // as chipOf writes it
	Echo       string            `json:"echo,omitempty"` // of a deadline that was typed
	Reason     string            `json:"reason,omitempty"`
	Unsure     bool              `json:"unsure,omitempty"` // said in words, so that it is repeated before it is sent
	InPlace    bool              `json:"-"`                // the press was on a question of the dialog, which becomes the next one
}

// askReasons are the usual reasons for a request; any other can be typed.
var askReasons = map[duban.RequestKind][]string{
	duban.AskExtension: {"requests.why_material", "requests.why_clash", "requests.why_depends", "requests.why_away"},
	duban.AskDecline:   {"requests.why_not_ours", "requests.why_other_unit", "requests.why_wrong_send"},
	duban.AskObjection: {"requests.why_met", "requests.why_unclear", "requests.why_supplied"},
}

// askQuestions are the sentences that ask for the reason.
var askQuestions = map[duban.RequestKind]string{
	duban.AskExtension: "requests.ask_why_extension", duban.AskDecline: "requests.ask_why_decline", duban.AskObjection: "requests.ask_why_objection",
}

func (v *visit) pressExtend(c call) error {
	return v.askFor(asking{Kind: duban.AskExtension, Assignment: c.id})
}

func (v *visit) pressDecline(c call) error {
	return v.askFor(asking{Kind: duban.AskDecline, Assignment: c.id})
}

func (v *visit) pressObject(c call) error {
	return v.askFor(asking{Kind: duban.AskObjection, Assignment: c.id})
}

// wantsExtension asks for more time as somebody has said in words: the date, the reason, both or neither.
func (v *visit) wantsExtension(id int64, said string) error {
	d := asking{Kind: duban.AskExtension, Assignment: id, Unsure: true}
	unclear := false
	err := v.about1(id, func(p *page, it item) error {
		if err := p.mayAsk(d.Kind, it); err != nil {
			return err
		}
		date, reason := text.UntilAndWhy(said)
		d.Reason = reason
		r, named := v.readUntil(date, it.Due)
		switch {
		case named && r.Outcome == calendar.Understood && !r.Past:
			d.Due, d.Echo = chipOf(r.Due), v.echoOf(r)
		case named && (reason != "" || r.Outcome == calendar.None):
			d.Reason = said
		case named:
			v.sayWhyNotDue(r)
			unclear = true
		}
		return nil
	})
	if err != nil || unclear {
		return v.cannotAsk(d.Kind, err)
	}
	return v.askFor(d)
}

// wantsDecline says that an item is not the unit's, in words that may hold the reason.
func (v *visit) wantsDecline(id int64, typed string) error {
	d := asking{Kind: duban.AskDecline, Assignment: id, Unsure: true}
	if text.Understand(typed).Rest != "" {
		d.Reason = typed
	}
	return v.askFor(d)
}

// objects takes a reply to a return that begins with 异议.
func (v *visit) objects(id int64, typed string) (bool, error) {
	reason, ok := text.Objection(typed)
	if !ok {
		return false, nil
	}
	return true, v.askFor(asking{Kind: duban.AskObjection, Assignment: id, Reason: reason, Unsure: true})
}

// askFor asks for what is still missing of a request, one thing after another, and then makes it. What cannot be asked for is told before.
func (v *visit) askFor(d asking) error {
	asked := false
	err := v.about1(d.Assignment, func(p *page, it item) error {
		if err := p.mayAsk(d.Kind, it); err != nil {
			return err
		}
		if due, ok := v.chipDue(d.Due); ok && !v.Desk.Calendar.End(due).After(v.Desk.Calendar.End(it.Due)) {
			return duban.Refuse(duban.NotLater)
		}
		ask := v.stillMissing(d)
		if asked = ask != nil; asked {
			return ask(p, it, d)
		}
		return nil
	})
	if err != nil || asked {
		return v.cannotAsk(d.Kind, err)
	}
	return v.makeRequest(d)
}

// stillMissing returns the next question of a request; nil when nothing is missing.
func (v *visit) stillMissing(d asking) func(*page, item, asking) error {
	switch {
	case d.Kind == duban.AskExtension && d.Due == "":
		return v.askUntil
	case d.Reason == "":
		return v.askBecause
	case d.Unsure:
		return v.askSureOfRequest
	}
	return nil
}

// cannotAsk says why something cannot be asked for; after the time for it, what to do instead.
func (v *visit) cannotAsk(kind duban.RequestKind, err error) error {
	if err == nil || duban.CodeOf(err) != duban.TooLate {
		return err
	}
	v.answer("requests.too_late." + string(kind))
	v.alert = true
	if v.about.AssignmentID == 0 {
		return nil
	}
	return v.Desk.ShowCard(v.ctx, v.who, v.about.AssignmentID)
}

// The steps of the dialog: what is to be typed next.
const (
	stepUntil   = "until"
	stepBecause = "because"
	stepAskSure = "sure"
)

// poseRequest asks for the next thing of a request. Pressed on a question, that becomes the new one.
func (v *visit) poseRequest(d asking, step string, out Outgoing) error {
	if err := v.begin("asking", step, d); err != nil {
		return err
	}
	data, err := json.Marshal(d)
	if err != nil {
		return err
	}
	out.About = About{AssignmentID: d.Assignment, Data: string(data)}
	if d.InPlace {
		out.Edit = v.about.MessageID
	}
	v.send(out)
	return nil
}

func (v *visit) askUntil(p *page, it item, d asking) error {
	return v.poseRequest(d, stepUntil, Outgoing{
		Text: v.text("requests.ask_until", "title", p.title(it), "due", p.dueOnly(it.Assignment)), Keyboard: v.dueChips("until", it.ID, it.Due),
	})
}

func (v *visit) askBecause(p *page, it item, d asking) error {
	var chips []Button
	for i, key := range askReasons[d.Kind] {
		chips = append(chips, button(v.word(key), "because", it.ID, itoa(i)))
	}
	words := v.text(askQuestions[d.Kind], "title", p.title(it))
	if d.Kind == duban.AskExtension {
		due, _ := v.chipDue(d.Due)
		words = text.Join(v.text("requests.until", "before", p.dueOnly(it.Assignment), "due", v.dueEcho(d, due)), words)
	}
	return v.poseRequest(d, stepBecause, Outgoing{Text: words, Keyboard: rows(2, chips...)})
}

// dueEcho is a deadline asked for, with how it was understood where it was typed.
func (v *visit) dueEcho(d asking, due calendar.Due) string {
	if d.Echo != "" {
		return d.Echo
	}
	return v.dueWord(due)
}

// askSureOfRequest repeats what was said in words before it is sent.
func (v *visit) askSureOfRequest(p *page, it item, d asking) error {
	key := "requests.sure." + string(d.Kind)
	args := []any{"title", p.title(it), "reason", p.said(it, d.Reason)}
	if d.Kind == duban.AskExtension {
		due, _ := v.chipDue(d.Due)
		args = append(args, "before", p.dueOnly(it.Assignment), "due", v.dueEcho(d, due))
	}
	return v.poseRequest(d, stepAskSure, Outgoing{
		Text: v.text(key, args...), Keyboard: Keyboard{{button(v.word("button.ask_sure"), "asksure", it.ID)}},
	})
}

// askingNow returns the request that a button is about: the one of the dialog, else the one that lies with the message that asked.
func (v *visit) askingNow(assignment int64) (d asking, ok bool) {
	raw := v.about.Data
	if v.dialog.Name == "asking" && !v.now.After(v.dialog.ExpiresAt) {
		raw = v.dialog.Data
	}
	if err := json.Unmarshal([]byte(raw), &d); err != nil || d.Assignment != assignment || d.Kind == "" {
		v.answer("press.stale")
		return d, false
	}
	d.InPlace = true
	return d, true
}

func (v *visit) pressUntil(c call) error {
	d, ok := v.askingNow(c.id)
	if !ok {
		return nil
	}
	due, ok := v.chipDue(c.arg)
	if !ok {
		v.say("requests.type_due")
		return nil
	}
	d.Due, d.Echo = chipOf(due), ""
	return v.askFor(d)
}

func (v *visit) pressBecause(c call) error {
	d, ok := v.askingNow(c.id)
	i := atoi(c.arg)
	if !ok {
		return nil
	}
	if i < 0 || i >= len(askReasons[d.Kind]) {
		v.answer("press.stale")
		return nil
	}
	d.Reason, d.Unsure = v.word(askReasons[d.Kind][i]), false
	return v.askFor(d)
}

func (v *visit) pressAskSure(c call) error {
	d, ok := v.askingNow(c.id)
	if !ok {
		return nil
	}
	d.Unsure = false
	return v.askFor(d)
}

// askingStep takes what was typed for a request: the date, the reason, or that it is so.
func (v *visit) askingStep(typed string, files []duban.File) (bool, error) {
	var d asking
	if err := v.data(&d); err != nil {
		return true, err
	}
	if len(files) > 0 || typed == "" || v.about.AssignmentID != 0 && v.about.AssignmentID != d.Assignment {
		return false, nil
	}
	switch v.dialog.Step {
	case stepUntil:
		return v.untilTyped(d, typed)
	case stepBecause:
		if passing(typed) {
			return false, nil
		}
		d.Reason, d.Unsure = typed, false
		return true, v.askFor(d)
	}
	if text.Understand(typed).Intent != text.Confirm {
		return false, nil
	}
	d.Unsure = false
	return true, v.askFor(d)
}

func (v *visit) untilTyped(d asking, typed string) (bool, error) {
	if passing(typed) {
		return false, nil
	}
	understood := false
	err := v.about1(d.Assignment, func(p *page, it item) error {
		date, reason := text.UntilAndWhy(typed)
		r, _ := v.readUntil(date, it.Due)
		if understood = r.Outcome == calendar.Understood && !r.Past; !understood {
			v.sayWhyNotDue(r)
			return nil
		}
		d.Due, d.Echo = chipOf(r.Due), v.echoOf(r)
		if reason != "" {
			d.Reason, d.Unsure = reason, true
		}
		return nil
	})
	if err != nil || !understood {
		return true, err
	}
	return true, v.askFor(d)
}

// passing reports whether bare words are about something else than the question that was asked: 收到, 已完成, 待办.
func passing(typed string) bool {
	r := text.Understand(typed)
	switch r.Intent {
	case text.Ack, text.Done, text.Query, text.Help, text.Stop, text.Withdraw, text.ZeroReport:
		return r.Rest == "" || r.Rest == typed
	}
	return false
}

// makeRequest makes a request of which nothing is missing, and says who has to act on it.
func (v *visit) makeRequest(d asking) error {
	r, err := v.request(d)
	if err != nil {
		return v.cannotAsk(d.Kind, err)
	}
	if err := v.end(); err != nil {
		return err
	}
	return v.about1(d.Assignment, func(p *page, it item) error {
		next, err := p.nextLine(r)
		if err != nil {
			return err
		}
		before := duban.Assignment{Due: r.DueBefore}
		out := Outgoing{
			Text: text.Join(v.text("requests.sent."+string(r.Kind), "title", p.title(it), "before", p.dueOnly(before), "due", p.dueAt(r.Due),
				"reason", p.said(it, r.Reason)), next),
			Keyboard: Keyboard{{button(v.word("button.retract"), "retract", it.ID)}}, About: About{AssignmentID: it.ID},
		}
		if d.InPlace {
			out.Edit = v.about.MessageID
		}
		v.send(out)
		return nil
	})
}

func (v *visit) request(d asking) (duban.Request, error) {
	switch d.Kind {
	case duban.AskExtension:
		due, _ := v.chipDue(d.Due)
		return v.Desk.AskExtension(v.ctx, v.who, d.Assignment, due, d.Reason)
	case duban.AskDecline:
		return v.Desk.Decline(v.ctx, v.who, d.Assignment, d.Reason)
	}
	return v.Desk.Object(v.ctx, v.who, d.Assignment, d.Reason)
}

// nextLine says who has to act on a request now.
func (p *page) nextLine(r duban.Request) (text.HTML, error) {
	a, err := p.tx.Assignment(r.AssignmentID)
	if err != nil {
		return "", err
	}
	deciders, err := work.Deciders(p.tx, r, a)
	if err != nil {
		return "", err
	}
	if len(deciders) == 0 {
		return p.text("requests.nobody_decides"), nil
	}
	return p.text("requests.next."+string(r.State), "names", p.names(deciders)), nil
}

// pressRetract takes the request about an item back.
func (v *visit) pressRetract(c call) error { return v.retract(c.id) }

func (v *visit) retract(id int64) error {
	r, err := v.Desk.Retract(v.ctx, v.who, id)
	if err != nil {
		return err
	}
	return v.about1(r.AssignmentID, func(p *page, it item) error {
		v.answer("requests.retracted."+string(r.Kind), "title", p.title(it))
		return nil
	})
}

// takeBack is 撤回: of the request that waits, else of what was handed in.
func (v *visit) takeBack(id int64) error {
	waits := false
	err := v.about1(id, func(_ *page, it item) error {
		waits = !it.RequestedAt.IsZero()
		return nil
	})
	if err != nil {
		return err
	}
	if waits {
		return v.retract(id)
	}
	return v.withdraw(id)
}
