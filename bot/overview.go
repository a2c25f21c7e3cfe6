package bot

import (
	"strings"

	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

// midnight begins a day.
var midnight = calendar.Clock{}

// showProgress shows how things stand in the visitor's scope: for a secretary the own school on one screen, for a leader the regions, for everybody
// else the own unit; with buttons that go down by unit, region, task and person.
func (v *visit) showProgress(string) error { return v.sendHome(0) }

// pressHome goes back to where /progress begins.
func (v *visit) pressHome(call) error { return v.sendHome(v.about.MessageID) }

// topUnit is the unit of the reader's post whose right reaches farthest.
func (p *page) topUnit(action duban.Action) (int64, error) {
	posts, err := p.tx.Posts(p.reader.ID)
	if err != nil {
		return 0, err
	}
	best, unit := duban.Nowhere, int64(0)
	for _, post := range posts {
		if scope := duban.Right(action, post.Role); scope > best {
			best, unit = scope, post.UnitID
		}
	}
	if unit == 0 {
		return 0, duban.Refuse(duban.NotAllowed)
	}
	return unit, nil
}

// seen sends what is seen of a unit, in place of the message whose button was pressed.
func (v *visit) seen(unit int64, write func(survey) (Outgoing, error)) error {
	return v.read(func(p *page) error {
		s, err := p.survey(unit)
		if err != nil {
			return err
		}
		out, err := write(s)
		if err != nil {
			return err
		}
		v.replace(out)
		return nil
	})
}

func (v *visit) pressUnit(c call) error {
	return v.seen(c.id, func(s survey) (Outgoing, error) { return s.byUnit(atoi(c.arg)) })
}

// byUnit shows the units right below the root, a line and a button for each; where there are none, what is open.
func (s survey) byUnit(pageNo int) (Outgoing, error) {
	below := s.children()
	lines := []text.HTML{s.text("overview.heading", "unit", s.root.Name), s.figureLines(s.total()), ""}
	if len(below) == 0 {
		return s.leaf(lines)
	}
	set := map[int64]bool{}
	for _, u := range below {
		set[u.ID] = true
	}
	groups := s.grouped(func(u duban.Unit) int64 { return s.under(u.ID, set) })
	var k Keyboard
	if parts := s.parts(); parts != nil && pageNo == 0 {
		k = append(k, parts)
	}
	at, from, to := pageOf(len(below), pageNo)
	for _, u := range below[from:to] {
		lines = append(lines, s.text("overview.unit", "unit", u.Name, "tally", s.shortFigures(groups[u.ID])))
		k = append(k, []Button{button(shorten(u.Name, 20), "unit", u.ID)})
	}
	if len(below) > pageSize {
		k = append(k, s.pagesOf("unit", s.root.ID, "", at, lastPage(len(below))))
	}
	return s.framed(lines, k, nil), nil
}

// leaf lists what is open in a unit with nothing below it.
func (s survey) leaf(lines []text.HTML) (Outgoing, error) {
	list := listing{page: s.page, lines: lines}
	if err := list.addOwned(s.open[:min(len(s.open), listLimit)]); err != nil {
		return Outgoing{}, err
	}
	k := rows(5, list.numbers...)
	if len(s.open) > listLimit {
		k = append(k, []Button{s.partButton(withinAll, len(s.open))})
	}
	return s.framed(list.lines, k, list.ids), nil
}

// framed puts the ways to look at the same unit otherwise below a view, and the ways back.
func (s survey) framed(lines []text.HTML, k Keyboard, items []int64) Outgoing {
	back := []Button{button(s.word("button.home"), "home", 0)}
	if above := s.root.ParentID; above != 0 {
		if ok, err := work.May(s.tx, s.actor(), duban.ActSee, above); err == nil && ok {
			back = append([]Button{button(s.word("button.up"), "unit", above)}, back...)
		}
	}
	k = append(k, s.ways(), back)
	return Outgoing{Text: text.Join(lines...), Keyboard: k, About: About{Items: items}}
}

// ways are the buttons that look at the unit by what is below it, by region where it has several, by task and by person.
func (s survey) ways() []Button {
	ways := []Button{button(s.word("button.by_unit"), "unit", s.root.ID)}
	if len(s.regions()) > 1 {
		ways = append(ways, button(s.word("button.by_region"), "area", 0))
	}
	return append(ways, button(s.word("button.by_task"), "bytask", s.root.ID), button(s.word("button.by_person"), "bywho", s.root.ID))
}

func (s survey) partButton(part string, n int) Button {
	return button(s.word("button.part."+part, "n", n), "within", s.root.ID, part)
}

// pressWithin lists a part of what is open in a unit, in pages; a number opens the card.
func (v *visit) pressWithin(c call) error {
	part, pageNo, _ := strings.Cut(c.arg, ".")
	return v.seen(c.id, func(s survey) (Outgoing, error) { return s.within(part, atoi(pageNo)) })
}

func (s survey) within(part string, pageNo int) (Outgoing, error) {
	if part != withinOverdue && part != withinWeek && part != withinUnsigned {
		part = withinAll
	}
	some := s.partOf(s.open, part)
	at, from, to := pageOf(len(some), pageNo)
	list := listing{page: s.page, lines: []text.HTML{s.text("overview.part."+part, "unit", s.root.Name, "n", len(some))}, skipped: from}
	if err := list.addOwned(some[from:to]); err != nil {
		return Outgoing{}, err
	}
	k := rows(4, list.numbers...)
	if len(some) > pageSize {
		k = append(k, s.pagesOf("within", s.root.ID, part+".", at, lastPage(len(some))))
	}
	return s.framed(list.lines, k, idsOf(some[:to])), nil
}

// addOwned adds items with who owns each.
func (l *listing) addOwned(items []duban.Assignment) error {
	for _, a := range items {
		it, err := l.itemOf(a)
		if err != nil {
			return err
		}
		n := l.skipped + len(l.numbers) + 1
		l.numbers = append(l.numbers, button(itoa(n), "card", a.ID))
		l.ids = append(l.ids, a.ID)
		l.lines = append(l.lines, l.text("overview.item",
			"n", n, "light", l.lightWord(a), "title", l.title(it), "owner", it.Owner.Name, "unit", it.Unit.Name, "due", l.due(a)))
	}
	return nil
}

// pageOf returns which page of so many lines is meant, and the lines that it shows.
func pageOf(lines, pageNo int) (at, from, to int) {
	at = min(max(pageNo, 0), lastPage(lines))
	return at, at * pageSize, min((at+1)*pageSize, lines)
}

func lastPage(lines int) int { return max(lines-1, 0) / pageSize }
