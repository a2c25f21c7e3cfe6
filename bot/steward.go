package bot

import (
	"slices"

	"duban"
	"duban/text"
	"duban/work"
)

// stewardAct is something that those who steer an item may do to it.
type stewardAct struct {
	order text.Order
	right duban.Action
	verb  duban.Verb // empty: for what the unit has to do
}

// stewardActs are the buttons of those who steer, in the order in which a card shows them.
var stewardActs = []stewardAct{
	{text.OrderResume, duban.ActSuspend, duban.VerbResume},
	{text.OrderUrge, duban.ActUrge, ""},
	{text.OrderRemark, duban.ActRemark, ""},
	{text.OrderDue, duban.ActExtend, duban.VerbExtend},
	{text.OrderGive, duban.ActReassign, duban.VerbReassign},
	{text.OrderReopen, duban.ActReopen, duban.VerbReopen},
	{text.OrderInquire, duban.ActUrge, ""},
	{text.OrderSuspend, duban.ActSuspend, duban.VerbSuspend},
	{text.OrderCancel, duban.ActCancel, duban.VerbCancel},
	{text.OrderArchive, duban.ActArchive, duban.VerbArchive},
}

// stewardLabels are the words of the buttons.
var stewardLabels = map[text.Order]string{
	text.OrderResume: "button.steer_resume", text.OrderUrge: "button.steer_urge", text.OrderRemark: "button.steer_remark",
	text.OrderDue: "button.steer_due", text.OrderGive: "button.steer_give", text.OrderReopen: "button.steer_reopen",
	text.OrderInquire: "button.steer_inquire", text.OrderSuspend: "button.steer_suspend", text.OrderCancel: "button.steer_cancel",
	text.OrderArchive: "button.steer_archive",
}

func actOf(order text.Order) (stewardAct, bool) {
	i := slices.IndexFunc(stewardActs, func(a stewardAct) bool { return a.order == order })
	if i < 0 {
		return stewardAct{}, false
	}
	return stewardActs[i], true
}

// fits says why an item as it stands does not allow an act; nil when it does.
func (a stewardAct) fits(it item, p *page) error {
	if a.verb != "" {
		_, err := it.After(a.verb, p.now)
		return err
	}
	fits := it.State.OnUnit()
	if a.order == text.OrderRemark {
		fits = it.State.Visible() && it.State != duban.CalledOff
	}
	if !fits {
		return duban.Refuse(duban.WrongState)
	}
	return nil
}

// may reports whether the reader has a right towards the unit of an item, by a post or for somebody who is away. It only decides what is offered; the verbs
// check again.
func (p *page) may(action duban.Action, it item) bool {
	ok, err := work.May(p.tx, p.actor(), action, it.UnitID)
	return ok && err == nil
}

// stewardActsOn returns what the reader, who does not own an item, may do to it as it stands. What the owner is asked does not come up before the
// deadline is over.
func (p *page) stewardActsOn(it item) []stewardAct {
	if p.mine(it) {
		return nil
	}
	late := p.light(it.Assignment) == duban.Red
	var acts []stewardAct
	for _, act := range stewardActs {
		if act.fits(it, p) == nil && p.may(act.right, it) && (late || act.order != text.OrderInquire) {
			acts = append(acts, act)
		}
	}
	return acts
}

// steersShown is how many buttons of those who steer a card shows, besides 更多.
const steersShown = 4

// stewardButtons are the buttons under an item for a reader who steers it: the most usual ones, and 更多 for the rest; nil for everybody else. With all
// every button is there. Of what is late, what can be done about it comes before its details.
func (p *page) stewardButtons(it item, all bool) Keyboard {
	var buttons []Button
	for _, act := range p.stewardActsOn(it) {
		buttons = append(buttons, button(p.word(stewardLabels[act.order]), "steer", it.ID, string(act.order)))
	}
	buttons = append(p.settleButtons(it), buttons...)
	if buttons == nil {
		return nil
	}
	at := steersShown - 1
	if p.light(it.Assignment) == duban.Red {
		at = steersShown
	}
	buttons = slices.Insert(buttons, min(at, len(buttons)), p.detailsButton(it))
	buttons = append(buttons, p.onBehalf(it)...)
	switch {
	case all:
		return append(rows(3, buttons...), []Button{button(p.word("button.steer_less"), "steer", it.ID, steerLess)})
	case len(buttons) > steersShown:
		return rows(3, append(buttons[:steersShown], button(p.word("button.steer_more"), "steer", it.ID, steerMore))...)
	}
	return rows(3, buttons...)
}

// onBehalf are the owner's buttons for a reader who may do the unit's work on behalf of the owner.
func (p *page) onBehalf(it item) []Button {
	if !p.works(it) {
		return nil
	}
	switch {
	case it.Support && it.State == duban.Issued:
		return append([]Button{p.do("accept", it), p.do("progress", it), p.do("part", it)}, p.askButtons(it)...)
	case it.Support && it.State.OnUnit():
		return append([]Button{p.do("progress", it), p.do("part", it)}, p.askButtons(it)...)
	case it.State == duban.Issued:
		return append([]Button{p.do("accept", it), p.do("submit", it), p.do("progress", it)}, p.askButtons(it)...)
	case it.State.OnUnit():
		return append([]Button{p.do("submit", it), p.do("progress", it)}, p.askButtons(it)...)
	}
	return p.askButtons(it)
}

// The arguments of steer that are no order: all buttons, and the usual ones again.
const (
	steerMore = "more"
	steerLess = "less"
)

// pressMoreSteering shows all buttons of those who steer under a card, or the usual ones again.
func (v *visit) pressMoreSteering(c call) error {
	return v.about1(c.id, func(p *page, it item) error {
		k := p.stewardButtons(it, c.arg == steerMore)
		if k == nil {
			return duban.Refuse(duban.NotAllowed)
		}
		v.send(Outgoing{Edit: v.about.MessageID, Keyboard: k, About: About{AssignmentID: it.ID}})
		return nil
	})
}

// haltedLine says of an item whose clock stands still since when it does.
func (p *page) haltedLine(it item) text.HTML {
	switch it.State {
	case duban.Suspended:
		return p.text("card.state_suspended", "at", p.moment(it.SuspendedAt))
	case duban.CalledOff:
		if line := p.followLine(it); line != "" {
			return line
		}
		return p.text("card.state_cancelled", "at", p.moment(it.CancelledAt))
	}
	return ""
}

// How much of remarks is shown: of the last one on a card so many characters, in the details so many remarks in full.
const (
	remarkOnCard     = 200
	remarksInDetails = 10
)

// remarkLines are what leaders wrote on an item, newest first, at most so many.
func (p *page) remarkLines(it item, most int) []text.HTML {
	remarks, err := p.tx.RemarksOf(it.ID)
	if err != nil {
		return nil
	}
	var lines []text.HTML
	for _, r := range remarks[:min(most, len(remarks))] {
		by, err := p.tx.Person(r.PersonID)
		if err != nil {
			return lines
		}
		words := p.said(it, r.Text)
		if most == 1 {
			words = shorten(words, remarkOnCard)
		}
		lines = append(lines, p.text("card.remark", "name", by.Name, "at", p.moment(r.At), "text", words))
	}
	return lines
}
