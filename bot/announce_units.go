package bot

import (
	"strings"

	"duban"
	"duban/work"
)

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
		return v.peopleOrUnknown(d, typed)
	}
	return v.whichUnit(near)
}

// peopleOrUnknown takes what is no unit as people, if any of it is.
func (v *visit) peopleOrUnknown(d announceDraft, typed string) error {
	list, err := v.peopleIn(typed)
	if err != nil {
		return err
	}
	if len(list.found)+len(list.ambiguous) > 0 {
		return v.peopleFound(d, list)
	}
	v.ask(Keyboard{v.backAndCancel("audience", "back")}, "announce.unit_unknown", "name", shorten(typed, 40))
	return nil
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
