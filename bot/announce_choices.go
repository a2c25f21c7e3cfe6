package bot

import (
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

func (v *visit) audienceButtons() Keyboard {
	return Keyboard{
		{button(v.word("announce.audience_all"), "audience", 0, "all"), button(v.word("announce.audience_unit"), "audience", 0, "units")},
		{button(v.word("announce.audience_kind"), "audience", 0, "kinds"), button(v.word("announce.audience_role"), "audience", 0, "roles")},
		{v.announceCancel()},
	}
}

func (v *visit) receiptButtons() Keyboard {
	var rules []Button
	for i, rule := range receiptRules {
		rules = append(rules, button(v.receiptWord(rule), "receipt", int64(i)))
	}
	return Keyboard{rules, v.backAndCancel("receipt", "back")}
}

func (v *visit) whenButtons() Keyboard {
	return Keyboard{
		{button(v.word("announce.when_now"), "when", 0, "now"), button(v.word("announce.when_later"), "when", 0, "later")},
		v.backAndCancel("when", "back"),
	}
}

// receiptRules are the rules in the order of their buttons.
var receiptRules = []duban.ReceiptRule{duban.NoReceipt, duban.ReadReceipt, duban.TextReceipt}

func (v *visit) receiptWord(rule duban.ReceiptRule) string {
	return v.word("announce.receipt_rule." + string(rule))
}

// pressAudience chooses who gets the announcement, or opens the list to choose from.
func (v *visit) pressAudience(c call) error {
	d, ok, err := v.draft()
	if err != nil || !ok {
		return err
	}
	switch c.arg {
	case "begin", "back":
		return v.announceAt(stepAudience, d)
	case "material":
		return v.forwardedMaterial(d)
	case "all":
		return v.announceFor(d, duban.Audience{All: true})
	case "units":
		return v.read(func(p *page) error { return v.offerUnits(p, int(c.id)) })
	case "kinds":
		v.offerKinds()
		return nil
	case "roles":
		v.offerRoles()
		return nil
	case "unit":
		return v.announceToUnit(d, c.id)
	case "kind":
		if c.id >= 0 && int(c.id) < len(duban.UnitKinds) {
			return v.announceFor(d, duban.Audience{Kind: duban.UnitKinds[c.id]})
		}
	case "role":
		if c.id >= 0 && int(c.id) < len(duban.Roles) {
			return v.announceFor(d, duban.Audience{Role: duban.Roles[c.id]})
		}
	}
	v.answer("press.stale")
	return nil
}

// forwardedMaterial takes a forwarded message as what it would be without the right to announce.
func (v *visit) forwardedMaterial(d announceDraft) error {
	if d.Held == nil {
		v.answer("press.stale")
		return nil
	}
	if err := v.end(); err != nil {
		return err
	}
	v.dialog.Name = ""
	return v.saidFreely(d.Held.Text, d.Held.Files)
}

func (v *visit) announceFor(d announceDraft, audience duban.Audience) error {
	d.Audience = audience
	return v.announceAt(stepReceipt, d)
}

func (v *visit) announceToUnit(d announceDraft, unit int64) error {
	err := v.read(func(p *page) error {
		if ok, err := work.May(p.tx, v.who, duban.ActAnnounce, unit); err != nil || !ok {
			return orNotAllowed(err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return v.announceFor(d, duban.Audience{UnitID: unit})
}

// offerUnits lists the units right below the visitor's, in pages; any other can be typed.
func (v *visit) offerUnits(p *page, pageNo int) error {
	top, err := p.topUnit(duban.ActAnnounce)
	if err != nil {
		return err
	}
	below, err := p.tx.UnitsBelow(top)
	if err != nil {
		return err
	}
	var units []duban.Unit
	for _, u := range below {
		if u.ID == top || u.ParentID == top {
			units = append(units, u)
		}
	}
	from := min(max(pageNo, 0)*pageSize, max(len(units)-1, 0)/pageSize*pageSize)
	k := unitButtons(units[from:min(from+pageSize, len(units))])
	if len(units) > pageSize {
		k = append(k, withArg(p.pager("audience", from/pageSize, (len(units)-1)/pageSize), "units"))
	}
	v.replace(Outgoing{Text: v.text("announce.audience_units"), Keyboard: append(k, v.backAndCancel("audience", "back"))})
	return nil
}

func unitButtons(units []duban.Unit) Keyboard {
	var k Keyboard
	for _, u := range units {
		k = append(k, []Button{button(shorten(u.Name, 30), "audience", u.ID, "unit")})
	}
	return k
}

// withArg gives buttons an argument.
func withArg(buttons []Button, arg string) []Button {
	for i, b := range buttons {
		if c, err := parseCall(b.Data); err == nil {
			c.arg = arg
			buttons[i].Data = c.String()
		}
	}
	return buttons
}

func (v *visit) offerKinds() {
	var kinds []Button
	for i, kind := range duban.UnitKinds {
		kinds = append(kinds, button(v.word("kind."+string(kind)), "audience", int64(i), "kind"))
	}
	v.replace(Outgoing{Text: v.text("announce.audience_kinds"), Keyboard: append(rows(2, kinds...), v.backAndCancel("audience", "back"))})
}

func (v *visit) offerRoles() {
	var roles []Button
	for i, role := range duban.Roles {
		roles = append(roles, button(v.word("role."+string(role)), "audience", int64(i), "role"))
	}
	v.replace(Outgoing{Text: v.text("announce.audience_roles"), Keyboard: append(rows(2, roles...), v.backAndCancel("audience", "back"))})
}

func (v *visit) pressReceiptRule(c call) error {
	d, ok, err := v.draft()
	if err != nil || !ok {
		return err
	}
	switch {
	case c.arg == "back":
		return v.announceAt(stepAudience, d)
	case c.id < 0 || int(c.id) >= len(receiptRules):
		v.answer("press.stale")
		return nil
	case d.Audience == duban.Audience{}:
		return v.announceAt(stepAudience, d)
	}
	d.Receipt = receiptRules[c.id]
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
	case c.arg == "menu":
		return v.announceAt(stepWhen, d)
	case c.arg == "later":
		return v.announceAt(stepTime, d)
	}
	d.SendAt = 0
	return v.announceAt(stepConfirm, d)
}

// announceTyped understands a choice that was typed instead of pressed.
func (v *visit) announceTyped(d announceDraft, typed string) error {
	switch v.dialog.Step {
	case stepAudience:
		return v.audienceTyped(d, typed)
	case stepReceipt:
		return v.receiptTyped(d, typed)
	case stepWhen, stepTime:
		return v.timeTyped(d, typed)
	case stepConfirm:
		return v.confirmTyped(d, typed)
	}
	return v.end()
}

func (v *visit) audienceTyped(d announceDraft, typed string) error {
	switch {
	case typed == "":
		return v.announceAt(stepAudience, d)
	case typedIs(typed, "announce.audience_all"):
		return v.announceFor(d, duban.Audience{All: true})
	case typedIs(typed, "announce.audience_unit"):
		return v.read(func(p *page) error { return v.offerUnits(p, 0) })
	case typedIs(typed, "announce.audience_kind"):
		v.offerKinds()
		return nil
	case typedIs(typed, "announce.audience_role"):
		v.offerRoles()
		return nil
	}
	for _, kind := range duban.UnitKinds {
		if typedIs(typed, "kind."+string(kind)) {
			return v.announceFor(d, duban.Audience{Kind: kind})
		}
	}
	for _, role := range duban.Roles {
		if typedIs(typed, "role."+string(role)) {
			return v.announceFor(d, duban.Audience{Role: role})
		}
	}
	return v.unitTyped(d, typed)
}

// unitTyped finds the unit that was typed. What may mean another than the one named exactly is asked.
func (v *visit) unitTyped(d announceDraft, typed string) error {
	var exact, near []duban.Unit
	err := v.read(func(p *page) error {
		var err error
		exact, near, err = p.unitsCalled(typed, duban.ActAnnounce)
		return err
	})
	switch {
	case err != nil:
		return err
	case len(exact) == 1:
		return v.announceFor(d, duban.Audience{UnitID: exact[0].ID})
	case len(exact) > 1:
		return v.whichUnit(exact)
	case len(near) == 0:
		v.ask(Keyboard{v.backAndCancel("audience", "back")}, "announce.unit_unknown", "name", shorten(typed, 40))
		return nil
	}
	return v.whichUnit(near)
}

func (v *visit) whichUnit(units []duban.Unit) error {
	return v.read(func(p *page) error {
		var k Keyboard
		for _, u := range units[:min(len(units), listLimit)] {
			name, err := p.fullName(u)
			if err != nil {
				return err
			}
			k = append(k, []Button{button(shorten(name, 40), "audience", u.ID, "unit")})
		}
		key := "announce.unit_which"
		if len(units) > listLimit {
			key = "announce.unit_many"
		}
		v.ask(append(k, v.backAndCancel("audience", "back")), key, "n", len(units))
		return nil
	})
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

// audienceWord names an audience.
func (v *visit) audienceWord(a duban.Audience) (word string, err error) {
	err = v.read(func(p *page) error {
		word, err = p.audienceWord(a)
		return err
	})
	return word, err
}

func (p *page) audienceWord(a duban.Audience) (string, error) {
	switch {
	case a.All:
		return p.word("announce.audience_all"), nil
	case a.Role != "":
		return p.word("role." + string(a.Role)), nil
	case a.Kind != "":
		return p.word("kind." + string(a.Kind)), nil
	}
	unit, err := p.tx.Unit(a.UnitID)
	if err != nil {
		return "", err
	}
	return p.word("announce.audience_subtree", "unit", unit.Name), nil
}

// unitsCalled finds the units within the reader's right that a word names: exactly, by the name alone or behind that of the unit above, and
// those whose name contains it.
func (p *page) unitsCalled(word string, action duban.Action) (exact, near []duban.Unit, err error) {
	word = squeezed(word)
	all, err := p.tx.Units()
	if err != nil || word == "" {
		return nil, nil, err
	}
	names := map[int64]string{}
	for _, u := range all {
		names[u.ID] = squeezed(u.Name)
	}
	for _, u := range all {
		name, above := names[u.ID], names[u.ParentID]
		same := name == word || above != "" && (above+"/"+name == word || above+name == word)
		if !same && !strings.Contains(name, word) {
			continue
		}
		if ok, err := work.May(p.tx, p.actor(), action, u.ID); err != nil {
			return nil, nil, err
		} else if !ok {
			continue
		}
		if same {
			exact = append(exact, u)
		} else {
			near = append(near, u)
		}
	}
	return exact, near, nil
}

// squeezed takes out the spaces that people put between the characters of a name, and the difference of capitals.
func squeezed(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }

// fullName names a unit behind the one above it, since branches of many schools are called alike.
func (p *page) fullName(u duban.Unit) (string, error) {
	if u.ParentID == 0 {
		return u.Name, nil
	}
	parent, err := p.tx.Unit(u.ParentID)
	return parent.Name + "/" + u.Name, err
}
