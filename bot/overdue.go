package bot

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"duban"
	"duban/text"
	"duban/work"
)

// overdueMost is how many overdue items one list goes through; of more it says so.
const overdueMost = 500

// overdueOf is what a list of overdue items is narrowed to: a unit with everything below it, a region, or neither.
type overdueOf struct {
	Unit   int64
	Region int // its number among all regions, from 1
}

// String writes it as the argument of a button.
func (o overdueOf) String() string {
	switch {
	case o.Unit != 0:
		return "u" + strconv.FormatInt(o.Unit, 36)
	case o.Region != 0:
		return "r" + itoa(o.Region)
	}
	return ""
}

func parseOverdueOf(arg string) overdueOf {
	if unit, ok := strings.CutPrefix(arg, "u"); ok {
		id, err := strconv.ParseInt(unit, 36, 64)
		if err == nil && id > 0 {
			return overdueOf{Unit: id}
		}
	}
	if region, ok := strings.CutPrefix(arg, "r"); ok {
		return overdueOf{Region: max(atoi(region), 0)}
	}
	return overdueOf{}
}

// showOverdue lists what is overdue in the visitor's scope, by unit and person, most late first, in pages. A number opens the card.
func (v *visit) showOverdue(string) error { return v.sendOverdue(0, overdueOf{}, 0) }

// overdueAnew is the argument of a button that sends the list as a message of its own.
const overdueAnew = "*new"

func (v *visit) pressOverdue(c call) error {
	if c.arg == overdueAnew {
		return v.showOverdue("")
	}
	return v.sendOverdue(int(c.id), parseOverdueOf(c.arg), v.about.MessageID)
}

// asksOverdue reports whether somebody who may urge has typed no more than that he wants to see what is overdue.
func (v *visit) asksOverdue(typed string) bool {
	for _, lang := range text.Langs {
		if strings.EqualFold(typed, text.Word(lang, "word.overdue")) {
			return v.has(duban.ActUrge)
		}
	}
	return false
}

func (v *visit) sendOverdue(pageNo int, of overdueOf, edit int64) error {
	return v.read(func(p *page) error {
		late, err := p.overdue(of)
		if err != nil {
			return err
		}
		out, err := p.overdueList(late, pageNo, of)
		out.Edit = edit
		v.send(out)
		return err
	})
}

// overdue is the overdue items in the reader's scope, by unit, by person, most late first.
func (p *page) overdue(of overdueOf) ([]duban.Assignment, error) {
	top, err := p.overdueTop(of)
	if err != nil {
		return nil, err
	}
	late, err := p.tx.OverdueIn(top, p.now, overdueMost)
	if err != nil {
		return nil, err
	}
	region, err := p.region(of.Region)
	if err != nil {
		return nil, err
	}
	units, err := p.tx.UnitsBelow(top)
	if err != nil {
		return nil, err
	}
	order := map[int64]int{}
	for i, u := range units {
		if region == "" || u.Region == region {
			order[u.ID] = i + 1
		}
	}
	late = slices.DeleteFunc(late, func(a duban.Assignment) bool { return order[a.UnitID] == 0 })
	slices.SortStableFunc(late, func(a, b duban.Assignment) int {
		return cmp.Or(cmp.Compare(order[a.UnitID], order[b.UnitID]), cmp.Compare(a.OwnerID, b.OwnerID))
	})
	return late, nil
}

// overdueTop is the unit at the top of a list of overdue items: the one chosen, as far as the reader may urge there, else all of the reader's scope.
func (p *page) overdueTop(of overdueOf) (int64, error) {
	if of.Unit == 0 {
		return p.topUnit(duban.ActUrge)
	}
	if ok, err := work.May(p.tx, p.actor(), duban.ActUrge, of.Unit); err != nil || !ok {
		return 0, orNotAllowed(err)
	}
	return of.Unit, nil
}

// region is the name of a region by its number; empty for none.
func (p *page) region(n int) (string, error) {
	if n == 0 {
		return "", nil
	}
	all, err := p.tx.Regions()
	if err != nil || n > len(all) {
		return "", err
	}
	return all[n-1], nil
}

func (p *page) overdueList(late []duban.Assignment, pageNo int, of overdueOf) (Outgoing, error) {
	heading, err := p.overdueHeading(late, of)
	if err != nil {
		return Outgoing{}, err
	}
	if len(late) == 0 {
		out := Outgoing{Text: text.Join(heading, p.text("overdue.none"))}
		if of != (overdueOf{}) {
			out.Keyboard = Keyboard{{button(p.word("button.overdue_all"), "overdue", 0)}}
		}
		return out, nil
	}
	last := (len(late) - 1) / pageSize
	at := min(max(pageNo, 0), last)
	shown := late[at*pageSize : min((at+1)*pageSize, len(late))]
	lines, numbers := []text.HTML{heading}, []Button{}
	unit := int64(0)
	for i, a := range shown {
		it, err := p.itemOf(a)
		if err != nil {
			return Outgoing{}, err
		}
		if it.UnitID != unit {
			unit = it.UnitID
			lines = append(lines, p.text("overdue.unit", "unit", it.Unit.Name))
		}
		n := at*pageSize + i + 1
		lines = append(lines, p.overdueLine(n, it))
		numbers = append(numbers, button(itoa(n), "card", it.ID))
	}
	k := append(rows(4, numbers...), p.overdueFilters(at, of)...)
	if last > 0 {
		k = append(k, p.overduePager(at, last, of))
	}
	return Outgoing{Text: text.Join(lines...), Keyboard: k, About: About{Items: idsOf(late[:at*pageSize+len(shown)])}}, nil
}

// overdueHeading says how many people and items are late, and where.
func (p *page) overdueHeading(late []duban.Assignment, of overdueOf) (text.HTML, error) {
	heading := p.text("overdue.heading", "sum", p.overdueSum(late))
	where := ""
	switch {
	case of.Unit != 0:
		unit, err := p.tx.Unit(of.Unit)
		if err != nil {
			return "", err
		}
		where = unit.Name
	case of.Region != 0:
		name, err := p.region(of.Region)
		if err != nil {
			return "", err
		}
		where = name
	}
	if where != "" {
		heading = text.Join(heading, p.text("overdue.where", "where", where))
	}
	if len(late) == overdueMost {
		heading = text.Join(heading, p.text("overdue.most", "n", overdueMost))
	}
	return heading, nil
}

// overdueSum is the digest for those who answer for many: 3人、5项逾期.
func (p *page) overdueSum(late []duban.Assignment) string {
	people := map[int64]bool{}
	for _, a := range late {
		people[a.OwnerID] = true
	}
	return p.word("overdue.sum", "people", len(people), "n", len(late))
}

func (p *page) overdueLine(n int, it item) text.HTML {
	days := p.Desk.Calendar.WorkingDaysBetween(it.Due.Date, p.Desk.Calendar.Today(p.now))
	key := "overdue.line"
	if days == 0 {
		key = "overdue.line_today"
	}
	return p.text(key, "n", n, "light", p.lightWord(it.Assignment), "owner", it.Owner.Name, "title", p.title(it), "days", days, "urges", it.Urges)
}

func (p *page) overdueFilters(at int, of overdueOf) Keyboard {
	filters := []Button{button(p.word("button.overdue_region"), "overby", 0, byRegion), button(p.word("button.overdue_unit"), "overby", 0, byUnit)}
	if of != (overdueOf{}) {
		filters = append(filters, button(p.word("button.overdue_all"), "overdue", 0))
	}
	return Keyboard{filters, {button(p.word("button.urge_page"), "urgepage", int64(at), of.String())}}
}

func (p *page) overduePager(at, last int, of overdueOf) []Button {
	turn := func(label string, to int) Button { return button(label, "overdue", int64(to), of.String()) }
	return []Button{
		turn(p.word("button.page_before"), (at+last)%(last+1)),
		turn(p.word("button.page", "at", at+1, "of", last+1), at),
		turn(p.word("button.page_after"), (at+1)%(last+1)),
	}
}

// The arguments of overby that open a list to choose from. Any other is what choices writes.
const (
	byRegion = "*regions"
	byUnit   = "*units"
)

// pressOverdueBy offers the regions or the units to which the list of what is overdue can be narrowed: those that have something overdue.
func (v *visit) pressOverdueBy(c call) error {
	return v.read(func(p *page) error {
		if c.arg == byRegion {
			return v.offerRegions(p)
		}
		chosen, ok := pickOf(c.arg)
		switch {
		case ok && !chosen.Turns:
			return v.sendOverdue(0, overdueOf{Unit: chosen.ID}, v.about.MessageID)
		case !ok && c.arg != byUnit:
			v.answer("press.stale")
			return nil
		}
		return v.offerOverdueUnits(p, chosen.Page)
	})
}

func (v *visit) offerRegions(p *page) error {
	regions, err := p.tx.Regions()
	if err != nil {
		return err
	}
	var buttons []Button
	for i, name := range regions {
		buttons = append(buttons, button(shorten(name, 30), "overdue", 0, overdueOf{Region: i + 1}.String()))
	}
	buttons = append(buttons, button(p.word("button.overdue_all"), "overdue", 0))
	v.send(Outgoing{Edit: v.about.MessageID, Text: p.text("overdue.choose_region"), Keyboard: rows(2, buttons...)})
	return nil
}

func (v *visit) offerOverdueUnits(p *page, pageNo int) error {
	late, err := p.overdue(overdueOf{})
	if err != nil {
		return err
	}
	counts, units := map[int64]int{}, []duban.Unit{}
	for _, a := range late {
		if counts[a.UnitID]++; counts[a.UnitID] > 1 {
			continue
		}
		unit, err := p.tx.Unit(a.UnitID)
		if err != nil {
			return err
		}
		units = append(units, unit)
	}
	options := unitsOf(units)
	for i, o := range options {
		options[i].Label = p.word("overdue.unit_count", "unit", shorten(o.Label, 24), "n", counts[o.ID])
	}
	k := append(p.choices("overby", 0, options, pageNo), []Button{button(p.word("button.overdue_all"), "overdue", 0)})
	v.send(Outgoing{Edit: v.about.MessageID, Text: p.text("overdue.choose_unit"), Keyboard: k})
	return nil
}

// pressUrgePage asks whether everybody on a page of the list is to be urged.
func (v *visit) pressUrgePage(c call) error {
	return v.read(func(p *page) error {
		late, err := p.overdue(parseOverdueOf(c.arg))
		if err != nil {
			return err
		}
		from := min(max(int(c.id), 0)*pageSize, len(late))
		return v.askUrgeAll(p, late[from:min(from+pageSize, len(late))])
	})
}

// askUrgeAll asks whether the owners of some items are to be urged, and says how many they are.
func (v *visit) askUrgeAll(p *page, late []duban.Assignment) error {
	if len(late) == 0 {
		v.answer("press.stale")
		return nil
	}
	if err := v.begin("steer", stepSure, steering{Order: text.OrderUrge, Items: idsOf(late)}); err != nil {
		return err
	}
	v.ask(Keyboard{{button(v.word("button.sure_urge"), "sure", 0, sureYes), button(v.word("button.sure_no"), "sure", 0, sureNo)}},
		"steering.sure_urge", "sum", p.overdueSum(late))
	return nil
}

// orderedList understands 催办 as a reply to a list of items of others: it asks whether all their owners are to be urged.
func (v *visit) orderedList(typed string) (bool, error) {
	order, _ := text.UnderstandOrder(typed)
	if order != text.OrderUrge || len(v.about.Items) == 0 || !v.has(duban.ActUrge) {
		return false, nil
	}
	return true, v.read(func(p *page) error {
		var late []duban.Assignment
		for _, id := range v.about.Items[max(0, len(v.about.Items)-pageSize):] {
			a, err := p.tx.Assignment(id)
			if err != nil {
				return err
			}
			if a.State.OnUnit() {
				late = append(late, a)
			}
		}
		return v.askUrgeAll(p, late)
	})
}
