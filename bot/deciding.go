package bot

import (
	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

// deciding is the dialog of somebody who acts on a request: it waits for the reason, or for another date. Stand is the item for which 维持 waits for it.
type deciding struct {
	Request  int64 `json:"request,omitempty"`
	Stand    int64 `json:"stand,omitempty"`
	Sequence bool  `json:"sequence,omitempty"`
}

// The steps of the dialog.
const (
	stepReason   = "reason"
	stepOtherDue = "due"
)

// refuseReasons are the usual reasons to refuse, by what is asked for; any other can be typed.
var refuseReasons = map[duban.RequestKind][]string{
	duban.AskExtension: {"requests.no_time_enough", "requests.no_reason", "requests.no_partly"},
	duban.AskDecline:   {"requests.no_ours", "requests.no_discussed"},
	duban.AskObjection: {"requests.no_right", "requests.no_by_template"},
}

// standReasons are the usual reasons for which an item stands.
var standReasons = []string{"requests.stand_duty", "requests.stand_shared", "requests.stand_lead"}

// requestNow reads a request with its item, for somebody who is about to act on it.
func (v *visit) requestNow(id int64, fn func(*page, duban.Request, item) error) error {
	return v.read(func(p *page) error {
		r, err := p.tx.Request(id)
		if err != nil {
			return err
		}
		if r.AssignmentID == 0 {
			return duban.Refuse(duban.NotFound)
		}
		it, err := p.item(r.AssignmentID)
		if err != nil {
			return err
		}
		return fn(p, r, it)
	})
}

// settledBefore says what was decided and by whom when a request does not wait any more.
func (v *visit) settledBefore(p *page, r duban.Request, it item) (bool, error) {
	if r.State.Waits() {
		return false, nil
	}
	line, err := p.outcomeLine(r, it)
	v.toastOrSay(line.Plain())
	return true, err
}

// actedBefore tells somebody who comes second what was decided, and shows it on the card.
func (v *visit) actedBefore(request int64, err error) error {
	if duban.CodeOf(err) != duban.AlreadyDone {
		return err
	}
	if err := v.endDeciding(); err != nil {
		return err
	}
	return v.requestNow(request, func(p *page, r duban.Request, it item) error {
		if settled, err := v.settledBefore(p, r, it); err != nil || settled {
			return err
		}
		line, err := p.agreedLine(r)
		v.toastOrSay(line.Plain())
		return err
	})
}

// pressAgree agrees as the secretary of the school. It has a button of its own, so that pressed twice it never also decides.
func (v *visit) pressAgree(c call) error {
	r, err := v.Desk.Agree(v.ctx, v.who, c.id)
	if err != nil {
		return v.actedBefore(c.id, err)
	}
	return v.acted(r, c.arg == inSequence)
}

// pressAllow grants what is asked for.
func (v *visit) pressAllow(c call) error { return v.grant(c.id, work.Grant{}, c.arg == inSequence) }

// grant grants what is asked for, or another date.
func (v *visit) grant(request int64, g work.Grant, sequence bool) error {
	r, err := v.Desk.Grant(v.ctx, v.who, request, g)
	switch code := duban.CodeOf(err); {
	case code == duban.DuePast || code == duban.NotLater:
		return v.askOtherDue(request, sequence, "requests.date_over")
	case code == duban.NotAllowed && !g.Due.IsZero():
		v.answer("requests.too_far", "n", duban.FarExtension)
		v.alert = true
		return nil
	case err != nil:
		return v.actedBefore(request, err)
	}
	return v.acted(r, sequence)
}

// acted ends the dialog, says what was done, and goes on to the next in a sequence.
func (v *visit) acted(r duban.Request, sequence bool) error {
	if err := v.endDeciding(); err != nil {
		return err
	}
	err := v.requestNow(r.ID, func(p *page, r duban.Request, it item) error {
		key := "requests.did." + string(r.State)
		v.answer(key, "title", p.title(it), "unit", it.Unit.Name, "due", p.dueOnly(duban.Assignment{Due: r.Due}))
		return nil
	})
	if err != nil || !sequence {
		return err
	}
	return v.nextRequest(r.ID)
}

// endDeciding leaves the dialog in which a reason or a date was awaited.
func (v *visit) endDeciding() error {
	if v.dialog.Name != "deciding" {
		return nil
	}
	return v.end()
}

// pressRefuse asks for the reason why something is refused.
func (v *visit) pressRefuse(c call) error {
	return v.requestNow(c.id, func(p *page, r duban.Request, it item) error {
		if settled, err := v.settledBefore(p, r, it); err != nil || settled {
			return err
		}
		if err := p.Desk.MayAct(p.tx, v.who, r, it.Assignment); err != nil {
			return err
		}
		if err := v.begin("deciding", stepReason, deciding{Request: c.id, Sequence: c.arg == inSequence}); err != nil {
			return err
		}
		var chips []Button
		for i, key := range refuseReasons[r.Kind] {
			chips = append(chips, button(v.word(key), "refused", c.id, itoa(i)))
		}
		v.ask(rows(2, chips...), "requests.why_refuse", "title", p.title(it), "unit", it.Unit.Name)
		return nil
	})
}

func (v *visit) pressRefused(c call) error {
	i, reason := atoi(c.arg), ""
	err := v.requestNow(c.id, func(_ *page, r duban.Request, _ item) error {
		if reasons := refuseReasons[r.Kind]; i >= 0 && i < len(reasons) {
			reason = v.word(reasons[i])
		}
		return nil
	})
	if err != nil {
		return err
	}
	if reason == "" {
		v.answer("press.stale")
		return nil
	}
	return v.turn(c.id, reason)
}

// turn refuses a request.
func (v *visit) turn(request int64, reason string) error {
	sequence := false
	if d, ok := v.decidingNow(); ok {
		sequence = d.Sequence && d.Request == request
	}
	r, err := v.Desk.Turn(v.ctx, v.who, request, reason)
	if err != nil {
		return v.actedBefore(request, err)
	}
	return v.acted(r, sequence)
}

func (v *visit) decidingNow() (d deciding, ok bool) {
	if v.dialog.Name != "deciding" {
		return d, false
	}
	return d, v.data(&d) == nil
}

// pressOtherDue offers other dates than the one asked for.
func (v *visit) pressOtherDue(c call) error {
	return v.askOtherDue(c.id, c.arg == inSequence, "requests.other_due")
}

func (v *visit) askOtherDue(request int64, sequence bool, key string) error {
	return v.requestNow(request, func(p *page, r duban.Request, it item) error {
		if settled, err := v.settledBefore(p, r, it); err != nil || settled {
			return err
		}
		if err := p.Desk.MayAct(p.tx, v.who, r, it.Assignment); err != nil {
			return err
		}
		if err := v.begin("deciding", stepOtherDue, deciding{Request: request, Sequence: sequence}); err != nil {
			return err
		}
		v.ask(v.dueChips("grant", request, it.Due), key, "title", p.title(it), "unit", it.Unit.Name, "due", p.dueOnly(it.Assignment))
		return nil
	})
}

// pressGrant grants an extension until a date.
func (v *visit) pressGrant(c call) error {
	due, ok := v.chipDue(c.arg)
	if !ok {
		v.say("requests.type_due")
		return nil
	}
	d, _ := v.decidingNow()
	return v.grant(c.id, work.Grant{Due: due}, d.Sequence && d.Request == c.id)
}

// decidingStep takes the reason, or the date, that was typed.
func (v *visit) decidingStep(typed string, files []duban.File) (bool, error) {
	d, ok := v.decidingNow()
	if !ok || len(files) > 0 || typed == "" || passing(typed) {
		return false, nil
	}
	switch {
	case v.dialog.Step == stepOtherDue:
		return true, v.dueDecided(d.Request, typed)
	case d.Stand != 0:
		return true, v.letStand(d.Stand, typed)
	}
	return true, v.turn(d.Request, typed)
}

// dueDecided repeats a date that was typed, with the button that grants it.
func (v *visit) dueDecided(request int64, typed string) error {
	return v.requestNow(request, func(p *page, r duban.Request, it item) error {
		date, _ := text.UntilAndWhy(typed)
		reading, _ := v.readUntil(date, it.Due)
		if reading.Outcome != calendar.Understood || reading.Past {
			v.sayWhyNotDue(reading)
			return nil
		}
		v.ask(Keyboard{{button(v.word("button.grant_due"), "grant", request, chipOf(reading.Due))}}, "requests.sure_due",
			"title", p.title(it), "unit", it.Unit.Name, "due", v.echoOf(reading))
		return nil
	})
}

// pressStand asks for the reason why a declined item stays with its unit.
func (v *visit) pressStand(c call) error {
	return v.about1(c.id, func(p *page, it item) error {
		if ok, err := work.May(p.tx, v.who, duban.ActSettle, it.UnitID); err != nil || !ok {
			return orNotAllowed(err)
		}
		if it.State != duban.Declined {
			return v.standsNow(p, it)
		}
		if err := v.begin("deciding", stepReason, deciding{Stand: c.id}); err != nil {
			return err
		}
		var chips []Button
		for i, key := range standReasons {
			chips = append(chips, button(v.word(key), "standwhy", c.id, itoa(i)))
		}
		v.ask(rows(2, chips...), "requests.why_stand", "title", p.title(it), "unit", it.Unit.Name)
		return nil
	})
}

// standsNow says what has become of an item that was declined and does not wait for the office any more.
func (v *visit) standsNow(p *page, it item) error {
	all, err := p.tx.RequestsOf(it.ID)
	if err != nil {
		return err
	}
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Kind == duban.AskDecline {
			_, err := v.settledBefore(p, all[i], it)
			return err
		}
	}
	return duban.Refuse(duban.WrongState)
}

func (v *visit) pressStandWhy(c call) error {
	i := atoi(c.arg)
	if i < 0 || i >= len(standReasons) {
		v.answer("press.stale")
		return nil
	}
	return v.letStand(c.id, v.word(standReasons[i]))
}

func (v *visit) letStand(id int64, reason string) error {
	a, err := v.Desk.Stand(v.ctx, v.who, id, reason)
	if code := duban.CodeOf(err); code == duban.AlreadyDone || code == duban.WrongState {
		return v.about1(id, v.standsNow)
	}
	if err != nil {
		return err
	}
	if err := v.endDeciding(); err != nil {
		return err
	}
	return v.about1(a.ID, func(p *page, it item) error {
		v.answer("requests.did_stand", "title", p.title(it), "unit", it.Unit.Name, "due", p.dueOnly(it.Assignment))
		return nil
	})
}
