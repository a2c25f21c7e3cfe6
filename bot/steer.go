package bot

import (
	"slices"

	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

// steering is the dialog of somebody who steers an item: what is to be done, and what of it has been said so far.
type steering struct {
	Assignment int64      `json:"assignment"`
	Order      text.Order `json:"order"`
	Owner      int64      `json:"owner,omitempty"`
	Due        string     `json:"due,omitempty"`  // as chipOf writes it, or ownDue
	Echo       string     `json:"echo,omitempty"` // of a deadline that was typed, until it has been repeated
	Reason     string     `json:"reason,omitempty"`
	Whole      bool       `json:"whole,omitempty"` // the whole task
	Sure       bool       `json:"sure,omitempty"`
	Items      []int64    `json:"items,omitempty"` // of an urge about several items
	InPlace    bool       `json:"-"`               // the press was on a question of the dialog, which becomes the next one
}

// ownDue stands for the deadline that comes by itself: later by what an item was suspended, or three working days where it is reopened too late.
const ownDue = "keep"

// reasonsOf are the usual reasons for an order; any other can be typed. Where there are none, no reason is asked for.
var reasonsOf = map[text.Order][]string{
	text.OrderDue:     {"steering.why_material", "steering.why_clash", "steering.why_changed"},
	text.OrderSuspend: {"steering.why_above", "steering.why_merged", "steering.why_conditions"},
	text.OrderCancel:  {"steering.why_twice", "steering.why_wrong", "steering.why_dropped"},
	text.OrderReopen:  {"steering.why_check", "steering.why_false", "steering.why_new"},
}

// pressSteer begins what a button of those who steer says.
func (v *visit) pressSteer(c call) error {
	if c.arg == steerMore || c.arg == steerLess {
		return v.pressMoreSteering(c)
	}
	return v.steer(steering{Assignment: c.id, Order: text.Order(c.arg)})
}

// steer asks for what is still missing of an order, one thing after another, and then carries it out. A right that is missing and a state that does not
// allow it are told before anything is asked.
func (v *visit) steer(d steering) error {
	act, known := actOf(d.Order)
	if !known {
		v.answer("press.stale")
		return nil
	}
	asked := false
	err := v.about1(d.Assignment, func(p *page, it item) error {
		if !p.may(act.right, it) {
			return duban.Refuse(duban.NotAllowed)
		}
		if err := act.fits(it, p); err != nil {
			return err
		}
		if d.Order == text.OrderDue && d.Due != "" {
			switch err := p.Desk.MaySetDeadline(p.tx, v.who, it.Assignment, v.dueOf(d)); {
			case duban.CodeOf(err) == duban.NotAllowed:
				asked = true
				v.conclude(d, v.text("steering.too_far", "n", duban.FarExtension))
				return nil
			case err != nil:
				return err
			}
		}
		ask := v.stillToAsk(p, it, d)
		if asked = ask != nil; asked {
			return ask()
		}
		return nil
	})
	if err != nil || asked {
		return err
	}
	return v.carryOut(d)
}

// stillToAsk returns the next question of an order; nil when nothing is missing.
func (v *visit) stillToAsk(p *page, it item, d steering) func() error {
	needsDue := d.Order == text.OrderDue || d.Order == text.OrderResume || d.Order == text.OrderReopen
	switch {
	case d.Order == text.OrderGive && d.Owner == 0:
		return func() error { return v.askOwner(p, it, d, 0) }
	case d.Order == text.OrderDue && d.Due == "":
		return func() error { return v.askNewDue(p, it, d) }
	case d.Reason == "" && reasonsOf[d.Order] != nil:
		return func() error { return v.askWhy(p, it, d) }
	case d.Reason == "" && d.Order == text.OrderRemark:
		return func() error { return v.askRemark(p, it, d) }
	case needsDue && d.Due == "":
		return func() error { return v.askNewDue(p, it, d) }
	case d.Echo != "":
		return func() error { return v.askSureOfDue(p, it, d) }
	case !d.Sure && (d.Order == text.OrderCancel || d.Order == text.OrderGive && v.press == nil):
		return func() error { return v.askSure(p, it, d) }
	}
	return nil
}

// pose asks for the next thing of an order. Pressed on a question, that becomes the new one.
func (v *visit) pose(p *page, it item, d steering, step string, out Outgoing) error {
	if err := v.begin("steer", step, d); err != nil {
		return err
	}
	out.About = About{AssignmentID: it.ID}
	if d.InPlace {
		out.Edit = v.about.MessageID
	}
	v.send(out)
	return nil
}

// The steps of the dialog: what is to be typed next.
const (
	stepOwner  = "owner"
	stepNewDue = "due"
	stepWhy    = "why"
	stepSure   = "sure"
)

func (v *visit) askOwner(p *page, it item, d steering, pageNo int) error {
	people, err := p.peopleOf(it.UnitID, it.OwnerID)
	if err != nil {
		return err
	}
	if len(people) == 0 {
		v.say("steering.nobody", "unit", it.Unit.Name)
		return nil
	}
	return v.pose(p, it, d, stepOwner, Outgoing{
		Text:     v.text("steering.ask_owner", "title", p.title(it), "unit", it.Unit.Name, "owner", it.Owner.Name),
		Keyboard: p.choices("to", it.ID, people, pageNo),
	})
}

func (v *visit) askNewDue(p *page, it item, d steering) error {
	k := v.dueChips("newdue", it.ID, it.Due)
	if by, ok := p.dueByItself(it, d.Order); ok {
		k = append(Keyboard{{button(v.word("steering.keep_due", "due", p.dueAt(by)), "newdue", it.ID, ownDue)}}, k...)
	}
	return v.pose(p, it, d, stepNewDue, Outgoing{
		Text: v.text("steering.ask_due", "title", p.title(it), "due", p.dueOnly(it.Assignment)), Keyboard: k,
	})
}

// dueByItself is the deadline that an item gets when it is resumed or reopened and none is named.
func (p *page) dueByItself(it item, order text.Order) (calendar.Due, bool) {
	switch order {
	case text.OrderResume:
		return p.Desk.DueResumed(it.Assignment, p.now), true
	case text.OrderReopen:
		return p.Desk.DueReopened(it.Assignment, p.now), true
	}
	return calendar.Due{}, false
}

func (v *visit) askWhy(p *page, it item, d steering) error {
	var chips []Button
	for i, key := range reasonsOf[d.Order] {
		chips = append(chips, button(v.word(key), "why", it.ID, itoa(i)))
	}
	words := v.text("steering.ask_why", "what", v.word(stewardLabels[d.Order]), "title", p.title(it), "unit", it.Unit.Name)
	if d.Echo != "" {
		words = text.Join(v.text("steering.echo", "due", d.Echo), words)
		d.Echo = ""
	}
	return v.pose(p, it, d, stepWhy, Outgoing{Text: words, Keyboard: rows(2, chips...)})
}

// askSureOfDue repeats a deadline that was typed before it is taken.
func (v *visit) askSureOfDue(p *page, it item, d steering) error {
	words := v.text("steering.sure_due", "what", v.word(stewardLabels[d.Order]), "title", p.title(it), "unit", it.Unit.Name, "due", d.Echo)
	d.Echo = ""
	return v.pose(p, it, d, stepSure, Outgoing{
		Text: words, Keyboard: Keyboard{{button(v.word("button.sure_due"), "sure", it.ID, sureYes), button(v.word("button.sure_no"), "sure", it.ID, sureNo)}},
	})
}

func (v *visit) askRemark(p *page, it item, d steering) error {
	return v.pose(p, it, d, stepWhy, Outgoing{Text: v.text("steering.ask_remark", "title", p.title(it), "unit", it.Unit.Name)})
}

// askSure asks once more before what cannot be undone, with who will be told, and before what was typed and may have been misread.
func (v *visit) askSure(p *page, it item, d steering) error {
	if d.Order == text.OrderGive {
		owner, err := p.tx.Person(d.Owner)
		if err != nil {
			return err
		}
		return v.pose(p, it, d, stepSure, Outgoing{
			Text:     v.text("steering.sure_give", "title", p.title(it), "owner", it.Owner.Name, "name", owner.Name),
			Keyboard: Keyboard{{button(v.word("button.sure_give"), "sure", it.ID, sureYes), button(v.word("button.sure_no"), "sure", it.ID, sureNo)}},
		})
	}
	told, err := p.toldOf(it.Assignment)
	if err != nil {
		return err
	}
	k := Keyboard{{button(v.word("button.sure_cancel"), "sure", it.ID, sureYes)}}
	all, err := p.cancellable(it)
	if err != nil {
		return err
	}
	if len(all) > 1 {
		everybody, err := p.toldOf(all...)
		if err != nil {
			return err
		}
		k = append(k, []Button{button(v.word("button.sure_cancel_all", "units", len(all), "n", len(everybody)), "sure", it.ID, sureAll)})
	}
	k = append(k, []Button{button(v.word("button.sure_no"), "sure", it.ID, sureNo)})
	return v.pose(p, it, d, stepSure, Outgoing{
		Text:     v.text("steering.sure_cancel", "title", p.title(it), "unit", it.Unit.Name, "reason", p.said(it, d.Reason), "n", len(told), "names", p.namesOfPeople(told)),
		Keyboard: k,
	})
}

// toldOf is who will be told of what is done to some assignments, without the reader.
func (p *page) toldOf(all ...duban.Assignment) ([]int64, error) {
	var told []int64
	for _, a := range all {
		readers, err := p.Desk.Receivers(p.tx, a)
		if err != nil {
			return nil, err
		}
		for _, id := range readers {
			if id != p.reader.ID && !slices.Contains(told, id) {
				told = append(told, id)
			}
		}
	}
	return told, nil
}

// cancellable are the assignments of an item's task that the reader may cancel together; none where one of them is out of reach.
func (p *page) cancellable(it item) ([]duban.Assignment, error) {
	all, err := p.tx.AssignmentsOf(it.TaskID)
	if err != nil {
		return nil, err
	}
	var open []duban.Assignment
	for _, a := range all {
		if a.State.Done() || a.State == duban.CalledOff {
			continue
		}
		if may, err := work.May(p.tx, p.actor(), duban.ActCancel, a.UnitID); err != nil || !may {
			return nil, err
		}
		open = append(open, a)
	}
	return open, nil
}

// toldShown is how many of those who are told a question names.
const toldShown = 6

func (p *page) namesOfPeople(people []int64) string {
	line := ""
	for i, id := range people {
		if i == toldShown {
			return p.word("steering.names_more", "names", line)
		}
		person, err := p.tx.Person(id)
		if err != nil {
			continue
		}
		if line != "" {
			line += p.word("steering.and")
		}
		line += person.Name
	}
	return line
}
