package bot

import (
	"duban"
	"duban/text"
	"duban/work"
)

// showProgress shows how the units in the visitor's scope stand, by light, with buttons that go down the tree.
func (v *visit) showProgress(string) error {
	return v.read(func(p *page) error {
		unit, err := p.topUnit(duban.ActSee)
		if err != nil {
			return err
		}
		return v.sendUnit(p, unit, 0, 0)
	})
}

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

func (v *visit) pressUnit(c call) error {
	return v.read(func(p *page) error { return v.sendUnit(p, c.id, atoi(c.arg), v.about.MessageID) })
}

// sendUnit shows one unit: its own items and those below by light, and a line and a button for each unit below.
func (v *visit) sendUnit(p *page, id int64, pageNo int, edit int64) error {
	if ok, err := work.May(p.tx, v.who, duban.ActSee, id); err != nil || !ok {
		return orNotAllowed(err)
	}
	unit, err := p.tx.Unit(id)
	if err != nil {
		return err
	}
	out, err := p.overview(unit, pageNo)
	if err != nil {
		return err
	}
	out.Edit = edit
	v.send(out)
	return nil
}

func (p *page) overview(unit duban.Unit, pageNo int) (Outgoing, error) {
	all, err := p.tx.InSubtree(unit.ID)
	if err != nil {
		return Outgoing{}, err
	}
	below, err := p.childrenWithRights(unit.ID)
	if err != nil {
		return Outgoing{}, err
	}
	closed := 0
	for _, a := range all {
		if a.State.Done() {
			closed++
		}
	}
	lines := []text.HTML{p.text("overview.heading", "unit", unit.Name), p.text("overview.total", "n", len(all), "closed", closed), p.tally(all), ""}
	from := min(max(pageNo, 0)*pageSize, max(len(below)-1, 0)/pageSize*pageSize)
	byUnit, err := p.bySubtree(all, below)
	if err != nil {
		return Outgoing{}, err
	}
	var k Keyboard
	var shown []int64
	for _, u := range below[from:min(from+pageSize, len(below))] {
		lines = append(lines, p.text("overview.unit", "unit", u.Name, "tally", p.tally(byUnit[u.ID])))
		k = append(k, []Button{button(shorten(u.Name, 20), "unit", u.ID)})
	}
	if len(below) == 0 {
		list := listing{page: p}
		if err := list.addOpen(all); err != nil {
			return Outgoing{}, err
		}
		lines, k, shown = append(lines, list.lines...), append(k, rows(5, list.numbers...)...), list.ids
	}
	if len(below) > pageSize {
		k = append(k, p.unitPager(unit.ID, from/pageSize, (len(below)-1)/pageSize))
	}
	if up, ok, err := p.upButton(unit); err != nil {
		return Outgoing{}, err
	} else if ok {
		k = append(k, []Button{up})
	}
	return Outgoing{Text: text.Join(lines...), Keyboard: k, About: About{Items: shown}}, nil
}

func (p *page) unitPager(unit int64, at, last int) []Button {
	k := p.pager("unit", at, last)
	for i := range k {
		c, err := parseCall(k[i].Data)
		if err == nil {
			k[i].Data = call{"unit", unit, itoa(int(c.id))}.String()
		}
	}
	return k
}

func (p *page) upButton(unit duban.Unit) (Button, bool, error) {
	if unit.ParentID == 0 {
		return Button{}, false, nil
	}
	ok, err := work.May(p.tx, p.actor(), duban.ActSee, unit.ParentID)
	return button(p.word("button.up"), "unit", unit.ParentID), ok, err
}

// childrenWithRights are the units right below one, as far as the reader may see them.
func (p *page) childrenWithRights(unit int64) ([]duban.Unit, error) {
	all, err := p.tx.UnitsBelow(unit)
	if err != nil {
		return nil, err
	}
	var children []duban.Unit
	for _, u := range all {
		if u.ParentID != unit {
			continue
		}
		if ok, err := work.May(p.tx, p.actor(), duban.ActSee, u.ID); err != nil {
			return nil, err
		} else if ok {
			children = append(children, u)
		}
	}
	return children, nil
}

// bySubtree sorts assignments under the units given, each with everything below it.
func (p *page) bySubtree(all []duban.Assignment, units []duban.Unit) (map[int64][]duban.Assignment, error) {
	under := map[int64]int64{}
	for _, u := range units {
		below, err := p.tx.UnitsBelow(u.ID)
		if err != nil {
			return nil, err
		}
		for _, b := range below {
			under[b.ID] = u.ID
		}
	}
	sorted := map[int64][]duban.Assignment{}
	for _, a := range all {
		if u := under[a.UnitID]; u != 0 {
			sorted[u] = append(sorted[u], a)
		}
	}
	return sorted, nil
}

// addOpen adds the open ones among assignments.
func (l *listing) addOpen(all []duban.Assignment) error {
	var open []duban.Assignment
	for _, a := range all {
		if a.State.Open() {
			open = append(open, a)
		}
	}
	if err := l.addItems(open); err != nil || l.left == 0 {
		return err
	}
	l.lines = append(l.lines, l.text("list.more", "n", l.left))
	return nil
}
