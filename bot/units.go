package bot

import (
	"strings"

	"duban"
	"duban/text"
	"duban/work"
)

// unitsNamed is how many units a card names that work on the same task.
const unitsNamed = 4

// unitsLine says of an item which other units work on it: its supporting units and how far they are, its lead units where it supports, and that any of
// several may do it.
func (p *page) unitsLine(it item) text.HTML {
	if it.Support {
		return p.ledLine(it)
	}
	line := text.HTML("")
	if it.Task.Completion == duban.CompleteAny && it.State.Open() {
		line = p.text("units.any")
	}
	supports, err := p.tx.SupportsOf(it.TaskID)
	if err != nil || len(supports) == 0 {
		return line
	}
	var units []string
	for _, a := range supports {
		if a.State.Visible() && (a.State != duban.CalledOff || a.FollowsID != 0) {
			units = append(units, p.supportWord(a))
		}
	}
	if len(units) == 0 {
		return line
	}
	return text.Join(line, p.text("units.supported", "units", p.listed(units)))
}

// supportWord says how far a supporting unit is.
func (p *page) supportWord(a duban.Assignment) string {
	unit, err := p.tx.Unit(a.UnitID)
	if err != nil {
		return ""
	}
	state := p.word("state." + string(a.State))
	if a.Percent > 0 {
		return p.word("units.support_percent", "unit", unit.Name, "state", state, "percent", a.Percent)
	}
	return p.word("units.support", "unit", unit.Name, "state", state)
}

// listed names some units, and how many there are where that is not all of them.
func (p *page) listed(units []string) string {
	line := strings.Join(units[:min(len(units), unitsNamed)], p.word("people.comma"))
	if len(units) <= unitsNamed {
		return line
	}
	return p.word("units.more", "units", line, "n", len(units))
}

func (p *page) ledLine(it item) text.HTML {
	leads, err := p.tx.LeadsOf(it.TaskID)
	if err != nil {
		return ""
	}
	var units []string
	for _, a := range leads {
		unit, err := p.tx.Unit(a.UnitID)
		if err == nil && a.State.Visible() && (a.State != duban.CalledOff || a.FollowsID != 0) {
			units = append(units, unit.Name)
		}
	}
	if len(units) == 0 {
		return ""
	}
	return p.text("units.led", "units", p.listed(units))
}

// followLine says of an item that was ended by another one of its task by which; empty for every other.
func (p *page) followLine(it item) text.HTML {
	if it.FollowsID == 0 {
		return ""
	}
	unit, err := p.unitOf(it.FollowsID)
	switch {
	case err != nil:
		return ""
	case it.State.Done():
		return p.text("units.with_lead", "at", p.moment(it.ClosedAt))
	case it.Support:
		return p.text("units.no_lead", "at", p.moment(it.CancelledAt))
	}
	return p.text("units.by_other", "unit", unit.Name, "at", p.moment(it.CancelledAt))
}

// unitOf returns the unit of an assignment.
func (p *page) unitOf(assignment int64) (duban.Unit, error) {
	a, err := p.tx.Assignment(assignment)
	if err != nil {
		return duban.Unit{}, err
	}
	return p.tx.Unit(a.UnitID)
}

// supportButtons are the buttons of a supporting unit, which reports progress and leaves the report to the lead unit.
func (p *page) supportButtons(it item) Keyboard {
	switch {
	case it.State == duban.Issued:
		return Keyboard{{p.do("accept", it), p.do("progress", it)}, {p.do("part", it), p.do("ask", it), p.detailsButton(it)}}
	case it.State.OnUnit() && !it.PartDone():
		return Keyboard{{p.do("progress", it), p.do("part", it)}, {p.do("ask", it), p.detailsButton(it)}}
	case it.State.OnUnit():
		return Keyboard{{p.do("progress", it), p.do("ask", it), p.detailsButton(it)}}
	}
	return Keyboard{{p.detailsButton(it)}}
}

// renderFollowed tells somebody of an item that was ended, or is to be done after all, because of another one of its task.
func (p *page) renderFollowed(it item, news work.SteeredNews, where string) (Outgoing, error) {
	unit, err := p.tx.Unit(news.Unit)
	if err != nil {
		return Outgoing{}, err
	}
	key := "followed." + string(news.Verb)
	if it.Support && news.Verb == duban.EventCancelled {
		key = "followed.no_lead"
	}
	out := Outgoing{Text: p.text(key, "where", where, "title", p.title(it), "unit", unit.Name, "due", p.due(it.Assignment))}
	card, err := p.tx.Card(work.CardSubject(it.ID), p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.ReplyTo = card.MessageID
	}
	return out, nil
}

// pressPart reports the part of a supporting unit as done.
func (v *visit) pressPart(c call) error { return v.partDone(c.id, "") }

func (v *visit) partDone(id int64, typed string) error {
	return v.progress(id, 100, typed, "units.part_said")
}

// wantsDone is what happens when somebody says that an item is done: a supporting unit has done its part, every other wants to report.
func (v *visit) wantsDone(id int64, typed string, reply text.Reply) error {
	supports := false
	err := v.about1(id, func(_ *page, it item) error {
		supports = it.Support
		return nil
	})
	switch {
	case err != nil:
		return err
	case supports:
		return v.partDone(id, typed)
	}
	return v.wantsSubmit(id, typed, reply)
}
