package bot

import (
	"encoding/json"

	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

// standsIn reports whether the reader acts today for the owner of an item.
func (p *page) standsIn(it item) bool {
	ok, err := work.StandsIn(p.tx, p.reader.ID, it.OwnerID)
	return ok && err == nil
}

// deputyMark says above a reminder for whom the reader acts; nothing to the owner himself.
func (p *page) deputyMark(it item) text.HTML {
	if !p.standsIn(it) {
		return ""
	}
	return p.text("deputy.mark", "name", it.Owner.Name)
}

// unitFor names the unit of an item in a list, and for whom the reader acts where it is not his own.
func (p *page) unitFor(it item) string {
	if !p.standsIn(it) {
		return it.Unit.Name
	}
	return p.word("deputy.line", "unit", it.Unit.Name, "name", it.Owner.Name)
}

// openOf returns the open items of a person, by deadline, then those of everybody for whom he acts today.
func (p *page) openOf(person int64) ([]duban.Assignment, error) {
	open, err := p.tx.OpenOf(person)
	if err != nil {
		return nil, err
	}
	others, err := work.ActsFor(p.tx, person)
	if err != nil {
		return nil, err
	}
	for _, other := range others {
		theirs, err := p.tx.OpenOf(other)
		if err != nil {
			return nil, err
		}
		open = append(open, theirs...)
	}
	return open, nil
}

// renderDeputy tells the deputy for whom he acts and what is open there, or that it is over; and the person, where somebody else has decided it.
func (p *page) renderDeputy(l duban.Letter) (Outgoing, error) {
	var news work.AbsenceNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	_, err := p.tx.Absence(news.AbsenceID)
	if gone := duban.CodeOf(err) == duban.NotFound; gone != news.Ended {
		if err != nil && !gone {
			return Outgoing{}, err
		}
		return Outgoing{}, untrue("changed meanwhile")
	}
	person, err := p.tx.Person(news.PersonID)
	if err != nil {
		return Outgoing{}, err
	}
	key := "deputy.begins"
	switch {
	case news.Ended && p.reader.ID == news.PersonID:
		key = "deputy.own_ended"
	case news.Ended:
		key = "deputy.ended"
	case p.reader.ID == news.PersonID:
		key = "deputy.own_begins"
	}
	said := p.text(key, "name", person.Name, "deputy", p.nameOf(news.DeputyID), "by", p.nameOf(news.By), "days", p.daysOf(news.From, news.To))
	list := listing{page: p, lines: []text.HTML{said}}
	if key == "deputy.begins" {
		open, err := p.tx.OpenOf(news.PersonID)
		if err != nil {
			return Outgoing{}, err
		}
		if err := list.add("deputy.open", open); err != nil {
			return Outgoing{}, err
		}
	}
	return Outgoing{Text: text.Join(list.lines...), Keyboard: rows(5, list.numbers...)}, nil
}

// daysOf writes from when to when an absence is, or its one day.
func (p *page) daysOf(from, to string) string {
	if from == to {
		return p.dayOf(from)
	}
	return p.word("away.days", "from", p.dayOf(from), "to", p.dayOf(to))
}

// dayOf writes a local date as it is kept.
func (p *page) dayOf(kept string) string {
	d, err := calendar.ParseDate(kept)
	if err != nil {
		return kept
	}
	return p.day(d)
}
