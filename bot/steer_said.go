package bot

import (
	"strconv"

	"duban"
	"duban/text"
)

// The arguments of sure.
const (
	sureYes = "yes"
	sureAll = "all" // the whole task
	sureNo  = "no"
)

// steeringNow returns the order that the dialog is about, when it is still open and about this item; else it says that the button is stale.
func (v *visit) steeringNow(assignment int64) (d steering, ok bool, err error) {
	if v.dialog.Name != "steer" || v.now.After(v.dialog.ExpiresAt) {
		v.answer("press.stale")
		return d, false, nil
	}
	if err := v.data(&d); err != nil {
		return d, false, err
	}
	if d.Assignment != assignment {
		v.answer("press.stale")
		return d, false, nil
	}
	d.InPlace = true
	return d, true, nil
}

// pressTo chooses to whom an item is given, or turns the page of those to choose from.
func (v *visit) pressTo(c call) error {
	pick, ok := pickOf(c.arg)
	if !ok {
		v.answer("press.stale")
		return nil
	}
	d, ok, err := v.steeringNow(c.id)
	if err != nil || !ok {
		return err
	}
	if pick.Turns {
		return v.about1(c.id, func(p *page, it item) error { return v.askOwner(p, it, d, pick.Page) })
	}
	d.Owner = pick.ID
	return v.steer(d)
}

// pressNewDue chooses the deadline of an order, or asks for it to be typed.
func (v *visit) pressNewDue(c call) error {
	d, ok, err := v.steeringNow(c.id)
	if err != nil || !ok {
		return err
	}
	if c.arg == otherDue {
		v.say("steering.type_due")
		return nil
	}
	if _, fits := v.chipDue(c.arg); !fits && c.arg != ownDue {
		v.answer("press.stale")
		return nil
	}
	d.Due = c.arg
	return v.steer(d)
}

// pressWhy chooses the reason of an order.
func (v *visit) pressWhy(c call) error {
	d, ok, err := v.steeringNow(c.id)
	if err != nil || !ok {
		return err
	}
	i, err := strconv.Atoi(c.arg)
	if err != nil || i < 0 || i >= len(reasonsOf[d.Order]) {
		v.answer("press.stale")
		return nil
	}
	d.Reason = v.word(reasonsOf[d.Order][i])
	return v.steer(d)
}

// pressSure answers the last question of an order.
func (v *visit) pressSure(c call) error {
	d, ok, err := v.steeringNow(c.id)
	if err != nil || !ok {
		return err
	}
	if c.arg == sureNo {
		v.conclude(d, v.text("cancel.done"))
		return v.end()
	}
	d.Sure, d.Whole = true, c.arg == sureAll
	if len(d.Items) > 0 {
		return v.carryOut(d)
	}
	return v.steer(d)
}

// steerStep takes what was typed for the order that is open.
func (v *visit) steerStep(typed string, files []duban.File) (bool, error) {
	var d steering
	if err := v.data(&d); err != nil {
		return true, err
	}
	if len(files) > 0 || typed == "" || v.about.AssignmentID != 0 && v.about.AssignmentID != d.Assignment {
		return false, nil
	}
	switch v.dialog.Step {
	case stepOwner:
		return true, v.typedOwner(d, typed)
	case stepNewDue:
		r, ok := v.typedDue(typed)
		if !ok {
			return true, nil
		}
		d.Due, d.Echo = chipOf(r.Due), v.echoOf(r)
	case stepWhy:
		d.Reason = typed
	default:
		if text.Understand(typed).Intent != text.Confirm {
			return false, nil
		}
		d.Sure = true
	}
	if len(d.Items) > 0 {
		return true, v.carryOut(d)
	}
	return true, v.steer(d)
}

// typedOwner takes the name of whoever an item is given to; where it fits nobody, it is asked for again.
func (v *visit) typedOwner(d steering, typed string) error {
	err := v.about1(d.Assignment, func(p *page, it item) error {
		person, found, err := p.personNamed(typed, it.UnitID)
		if found {
			d.Owner = person.ID
			return nil
		}
		if err != nil {
			return err
		}
		v.say("steering.no_such_person", "name", typed, "unit", it.Unit.Name)
		return v.askOwner(p, it, d, 0)
	})
	if err != nil || d.Owner == 0 {
		return err
	}
	return v.steer(d)
}

// ordered understands what somebody who steers an item says about it, as a reply to its card: 催办, 延期到周五，材料较多, 转给王芳, 撤销：重复. It reports false for
// what is no order, or for a speaker who may not give it; then it is understood as of anybody else.
func (v *visit) ordered(id int64, typed string) (bool, error) {
	order, rest := text.UnderstandOrder(typed)
	act, known := actOf(order)
	if !known {
		return false, nil
	}
	may := false
	err := v.about1(id, func(p *page, it item) error {
		may = p.may(act.right, it) && (!p.mine(it) || order == text.OrderGive)
		return nil
	})
	if err != nil || !may {
		return false, err
	}
	d := steering{Assignment: id, Order: order, Reason: rest}
	switch order {
	case text.OrderGive:
		d.Reason = ""
		if rest != "" {
			name, why := text.FirstAndRest(rest)
			d.Reason = why
			return true, v.typedOwner(d, name)
		}
	case text.OrderDue, text.OrderResume:
		d.Reason = ""
		if rest == "" {
			break
		}
		when, why := text.FirstAndRest(rest)
		r, ok := v.typedDue(when)
		if !ok {
			return true, nil
		}
		d.Due, d.Echo, d.Reason = chipOf(r.Due), v.echoOf(r), why
	}
	return true, v.steer(d)
}
