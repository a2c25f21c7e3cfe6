package bot

import (
	"duban"
	"duban/text"
	"duban/work"
)

// sending is the dialog of the office that gives a declined item to another unit (转办).
type sending struct {
	Assignment int64  `json:"assignment"`
	Unit       int64  `json:"unit,omitempty"`
	Owner      int64  `json:"owner,omitempty"`
	Due        string `json:"due,omitempty"` // as chipOf writes it; empty: as it is
}

// The steps of the dialog: what may be typed next.
const (
	stepUnit   = "unit"
	stepPerson = "person"
	stepSendBy = "due"
	stepSend   = "send"
)

func (v *visit) pressTransfer(c call) error { return v.transferTo(c.id, "") }

// transferTo begins to give a declined item to another unit, which may be named already.
func (v *visit) transferTo(id int64, named string) error {
	return v.about1(id, func(p *page, it item) error {
		if ok, err := work.May(p.tx, v.who, duban.ActSettle, it.UnitID); err != nil || !ok {
			return orNotAllowed(err)
		}
		if it.State != duban.Declined {
			return v.standsNow(p, it)
		}
		units, err := p.freeUnits(it)
		if err != nil {
			return err
		}
		if u, ok := unitNamed(named, units); ok {
			return v.previewSending(p, it, sending{Assignment: id, Unit: u.ID})
		}
		return v.askWhichUnit(p, it, units, 0, "requests.to_which_unit")
	})
}

// freeUnits returns the units in the reader's charge that do not have an item yet.
func (p *page) freeUnits(it item) ([]duban.Unit, error) {
	top, err := p.topUnit(duban.ActSettle)
	if err != nil {
		return nil, err
	}
	below, err := p.tx.UnitsBelow(top)
	if err != nil {
		return nil, err
	}
	all, err := p.tx.AssignmentsOf(it.TaskID)
	if err != nil {
		return nil, err
	}
	taken := map[int64]bool{}
	for _, a := range all {
		taken[a.UnitID] = true
	}
	var free []duban.Unit
	for _, u := range below {
		if !taken[u.ID] {
			free = append(free, u)
		}
	}
	return free, nil
}

func (v *visit) askWhichUnit(p *page, it item, units []duban.Unit, pageNo int, key string) error {
	if err := v.begin("sending", stepUnit, sending{Assignment: it.ID}); err != nil {
		return err
	}
	out := Outgoing{Text: v.text(key, "title", p.title(it)), Keyboard: p.choices("tounit", it.ID, unitsOf(units), pageNo)}
	v.send(out)
	return nil
}

// pressToUnit chooses the unit, or turns the page of those to choose from.
func (v *visit) pressToUnit(c call) error {
	pick, ok := pickOf(c.arg)
	if !ok {
		v.answer("press.stale")
		return nil
	}
	return v.about1(c.id, func(p *page, it item) error {
		if it.State != duban.Declined {
			return v.standsNow(p, it)
		}
		if !pick.Turns {
			return v.previewSending(p, it, sending{Assignment: c.id, Unit: pick.ID})
		}
		units, err := p.freeUnits(it)
		if err != nil {
			return err
		}
		v.replace(Outgoing{Text: v.text("requests.to_which_unit", "title", p.title(it)), Keyboard: p.choices("tounit", it.ID, unitsOf(units), pick.Page)})
		return nil
	})
}

// previewSending shows to whom the item goes and until when, before it does. A deadline that is over has to be set anew, and a unit without somebody
// who would own it needs a name.
func (v *visit) previewSending(p *page, it item, d sending) error {
	unit, err := p.tx.Unit(d.Unit)
	if err != nil {
		return err
	}
	due := it.Due
	if set, ok := v.chipDue(d.Due); ok {
		due = set
	}
	if p.Desk.Calendar.Overdue(due, p.now) {
		return v.askSendBy(p, it, d, "requests.transfer_due_over")
	}
	owner, known, err := p.ownerThere(d)
	if err != nil {
		return err
	}
	if !known {
		return v.askPerson(p, it, d, 0)
	}
	if err := v.begin("sending", stepSend, d); err != nil {
		return err
	}
	v.replace(Outgoing{
		Text: v.text("requests.transfer_sure", "title", p.title(it), "unit", unit.Name, "owner", owner.Name, "due", p.dueAt(due)),
		Keyboard: Keyboard{
			{button(v.word("button.transfer_sure"), "tosend", it.ID)},
			{button(v.word("button.other_owner"), "toowner", it.ID), button(v.word("button.other_due"), "todue", it.ID)},
		},
	})
	return nil
}

// ownerThere is who owns the item in the unit that gets it; false when nobody does by post.
func (p *page) ownerThere(d sending) (duban.Person, bool, error) {
	if d.Owner != 0 {
		person, err := p.tx.Person(d.Owner)
		return person, true, err
	}
	person, problem, err := work.DefaultOwner(p.tx, d.Unit)
	return person, problem == "", err
}

func (v *visit) askPerson(p *page, it item, d sending, pageNo int) error {
	people, err := p.peopleOf(d.Unit)
	if err != nil {
		return err
	}
	unit, err := p.tx.Unit(d.Unit)
	if err != nil {
		return err
	}
	if len(people) == 0 {
		v.say("requests.nobody_there", "unit", unit.Name)
		return nil
	}
	if err := v.begin("sending", stepPerson, d); err != nil {
		return err
	}
	v.replace(Outgoing{Text: v.text("requests.to_whom", "title", p.title(it), "unit", unit.Name), Keyboard: p.choices("toowner", it.ID, people, pageNo)})
	return nil
}

func (v *visit) askSendBy(p *page, it item, d sending, key string) error {
	if err := v.begin("sending", stepSendBy, d); err != nil {
		return err
	}
	v.replace(Outgoing{Text: v.text(key, "title", p.title(it), "due", p.dueOnly(it.Assignment)), Keyboard: v.dueChips("todue", it.ID, it.Due)})
	return nil
}

// sendingNow returns where an item goes as far as it has been said; when nothing is kept any more it says so.
func (v *visit) sendingNow(assignment int64) (d sending, ok bool, err error) {
	if v.dialog.Name != "sending" || v.now.After(v.dialog.ExpiresAt) {
		v.answer("press.stale")
		return d, false, nil
	}
	if err := v.data(&d); err != nil {
		return d, false, err
	}
	if d.Assignment != assignment || d.Unit == 0 {
		v.answer("press.stale")
		return d, false, nil
	}
	return d, true, nil
}

func (v *visit) pressToOwner(c call) error {
	d, ok, err := v.sendingNow(c.id)
	if err != nil || !ok {
		return err
	}
	return v.about1(c.id, func(p *page, it item) error {
		pick, chosen := pickOf(c.arg)
		if !chosen || pick.Turns {
			return v.askPerson(p, it, d, pick.Page)
		}
		d.Owner = pick.ID
		return v.previewSending(p, it, d)
	})
}

func (v *visit) pressToDue(c call) error {
	d, ok, err := v.sendingNow(c.id)
	if err != nil || !ok {
		return err
	}
	if c.arg == otherDue {
		v.say("requests.type_due")
		return nil
	}
	return v.about1(c.id, func(p *page, it item) error {
		if _, ok := v.chipDue(c.arg); !ok {
			return v.askSendBy(p, it, d, "requests.transfer_due")
		}
		d.Due = c.arg
		return v.previewSending(p, it, d)
	})
}

func (v *visit) pressToSend(c call) error {
	d, ok, err := v.sendingNow(c.id)
	if err != nil || !ok {
		return err
	}
	return v.sendOn(d)
}

func (v *visit) sendOn(d sending) error {
	due, _ := v.chipDue(d.Due)
	a, err := v.Desk.Transfer(v.ctx, v.who, d.Assignment, work.Destination{UnitID: d.Unit, OwnerID: d.Owner, Due: due})
	if code := duban.CodeOf(err); code == duban.AlreadyDone || code == duban.WrongState {
		return v.about1(d.Assignment, v.standsNow)
	}
	if err != nil {
		return err
	}
	if err := v.end(); err != nil {
		return err
	}
	return v.about1(a.ID, func(p *page, it item) error {
		v.replace(Outgoing{Text: v.text("requests.did_transfer", "title", p.title(it), "unit", it.Unit.Name, "owner", it.Owner.Name, "due", p.dueAt(it.Due))})
		return nil
	})
}

// sendingStep takes the unit, the person or the date that was typed, or that it is so.
func (v *visit) sendingStep(typed string, files []duban.File) (bool, error) {
	var d sending
	if err := v.data(&d); err != nil {
		return true, err
	}
	if len(files) > 0 || typed == "" || passing(typed) {
		return false, nil
	}
	if v.dialog.Step == stepSend {
		if text.Understand(typed).Intent != text.Confirm {
			return false, nil
		}
		return true, v.sendOn(d)
	}
	return true, v.about1(d.Assignment, func(p *page, it item) error { return v.sendingTyped(p, it, d, typed) })
}

func (v *visit) sendingTyped(p *page, it item, d sending, typed string) error {
	switch v.dialog.Step {
	case stepPerson:
		person, ok, err := p.personNamed(typed, d.Unit)
		if err != nil {
			return err
		}
		if !ok {
			return v.askPerson(p, it, d, 0)
		}
		d.Owner = person.ID
		return v.previewSending(p, it, d)
	case stepSendBy:
		r, ok := v.typedDue(typed)
		if !ok {
			return nil
		}
		d.Due = chipOf(r.Due)
		return v.previewSending(p, it, d)
	}
	units, err := p.freeUnits(it)
	if err != nil {
		return err
	}
	u, ok := unitNamed(typed, units)
	if !ok {
		return v.askWhichUnit(p, it, units, 0, "requests.no_such_unit")
	}
	return v.previewSending(p, it, sending{Assignment: d.Assignment, Unit: u.ID})
}
