package bot

import (
	"slices"

	"duban"
	"duban/text"
)

// sendHome sends what /progress begins with, by the widest post of the visitor.
func (v *visit) sendHome(edit int64) error {
	return v.read(func(p *page) error {
		top, err := p.topUnit(duban.ActSee)
		if err != nil {
			return err
		}
		s, err := p.survey(top)
		if err != nil {
			return err
		}
		out, err := s.home(v)
		if err != nil {
			return err
		}
		out.Edit = edit
		v.send(out)
		return nil
	})
}

func (s survey) home(v *visit) (Outgoing, error) {
	holds := func(role duban.Role) bool {
		return slices.ContainsFunc(v.posts, func(post duban.Post) bool { return post.Role == role && post.Active && post.UnitID == s.root.ID })
	}
	switch {
	case holds(duban.Leader), holds(duban.Admin):
		return s.officeHome(v)
	case holds(duban.Secretary):
		return s.schoolHome(v)
	}
	return s.byUnit(0)
}

// officeHome is the first screen of leaders and administrators: the regions, worst first, or where there are none the units; and what waits for them.
func (s survey) officeHome(v *visit) (Outgoing, error) {
	lines, k, err := s.duties(v)
	if err != nil {
		return Outgoing{}, err
	}
	if len(s.regions()) > 1 {
		if parts := s.parts(); parts != nil {
			k = append(k, parts)
		}
		return s.byRegion(lines, k...)
	}
	out, err := s.byUnit(0)
	out.Text = text.Join(append([]text.HTML{out.Text, ""}, lines...)...)
	out.Keyboard = append(k, out.Keyboard...)
	return out, err
}

// parts are the buttons that list what is overdue, due this week and not signed for.
func (s survey) parts() []Button {
	var parts []Button
	for _, part := range []string{withinOverdue, withinWeek, withinUnsigned} {
		if n := len(s.partOf(s.open, part)); n > 0 {
			parts = append(parts, s.partButton(part, n))
		}
	}
	return parts
}

// inPart is how many items of each part the first screen of a secretary lists.
const inPart = 3

// schoolHome is the first screen of a secretary: what is overdue in the school and with whom, what is due this week, what is not signed for, what waits
// for him, and who is away or cannot be reached. Each line has a button that opens it.
func (s survey) schoolHome(v *visit) (Outgoing, error) {
	list := listing{page: s.page, lines: []text.HTML{s.text("overview.heading", "unit", s.root.Name), s.figureLines(s.total())}}
	for _, part := range []string{withinOverdue, withinWeek, withinUnsigned} {
		if err := list.addPart(part, s.partOf(s.open, part)); err != nil {
			return Outgoing{}, err
		}
	}
	k := rows(5, list.numbers...)
	if parts := s.parts(); parts != nil {
		k = append(k, parts)
	}
	duties, buttons, err := s.duties(v)
	if err != nil {
		return Outgoing{}, err
	}
	gone, people, err := s.gone()
	if err != nil {
		return Outgoing{}, err
	}
	lines := list.lines
	if len(duties)+len(gone) > 0 {
		lines = append(append(append(lines, ""), duties...), gone...)
	}
	k = append(append(k, buttons...), rows(3, people...)...)
	k = append(k, s.ways(), []Button{button(s.word("button.other_schools"), "lights", 0)})
	return Outgoing{Text: text.Join(lines...), Keyboard: k, About: About{Items: list.ids}}, nil
}

// addPart adds the beginning of a part under its heading, without what stands in another part already.
func (l *listing) addPart(part string, some []duban.Assignment) error {
	if len(some) == 0 {
		return nil
	}
	l.lines = append(l.lines, "", l.text("overview.home."+part, "n", len(some)))
	some = slices.DeleteFunc(some, func(a duban.Assignment) bool { return slices.Contains(l.ids, a.ID) })
	if err := l.addOwned(some[:min(len(some), inPart)]); err != nil {
		return err
	}
	if left := len(some) - inPart; left > 0 {
		l.lines = append(l.lines, l.text("overview.more", "n", left))
	}
	return nil
}

// The arguments of the button duty: what is opened.
const (
	dutyRequests = "requests"
	dutyReviews  = "reviews"
	dutyNotices  = "notices"
)

// duties are what waits for the reader's decision: a line and a button for each kind.
func (s survey) duties(v *visit) ([]text.HTML, Keyboard, error) {
	requests, err := s.requestsForMe()
	if err != nil {
		return nil, nil, err
	}
	var counts = []struct {
		duty string
		n    int
	}{{dutyRequests, len(requests)}, {dutyReviews, 0}, {dutyNotices, 0}}
	if v.has(duban.ActReview) {
		reviews, err := s.waitingForMe()
		if err != nil {
			return nil, nil, err
		}
		counts[1].n = len(reviews)
	}
	if v.has(duban.ActNotice3) {
		drafts, err := s.draftsFor()
		if err != nil {
			return nil, nil, err
		}
		counts[2].n = len(drafts)
	}
	var lines []text.HTML
	var buttons []Button
	for _, c := range counts {
		if c.n > 0 {
			lines = append(lines, s.text("overview.duty."+c.duty, "n", c.n))
			buttons = append(buttons, button(s.word("button.duty."+c.duty, "n", c.n), "duty", 0, c.duty))
		}
	}
	return lines, rows(2, buttons...), nil
}

// pressDuty opens what waits for the visitor: the requests, the submissions or the drafts of notices.
func (v *visit) pressDuty(c call) error {
	switch c.arg {
	case dutyRequests:
		return v.nextRequest(0)
	case dutyReviews:
		return v.openReviews()
	case dutyNotices:
		if !v.has(duban.ActNotice3) {
			return duban.Refuse(duban.NotAllowed)
		}
		return v.showNotices("")
	}
	v.answer("press.stale")
	return nil
}

// absentShown is how many people who are away or cannot be reached the first screen names.
const absentShown = 6

// gone are the people of the survey who are away or whom no message reaches: a line and a button for each.
func (s survey) gone() ([]text.HTML, []Button, error) {
	people, err := s.people()
	if err != nil {
		return nil, nil, err
	}
	var lines []text.HTML
	var buttons []Button
	for _, h := range people {
		line, err := s.goneLine(h.person)
		if err != nil {
			return nil, nil, err
		}
		if line == "" || len(lines) == absentShown || h.person.ID == s.reader.ID {
			continue
		}
		lines = append(lines, line)
		buttons = append(buttons, button(shorten(h.person.Name, 16), "whoview", h.person.ID))
	}
	return lines, buttons, nil
}

// pressLights shows a secretary how the other schools stand: how many items of what light, in the order of the roster, without titles and people.
func (v *visit) pressLights(c call) error {
	return v.read(func(p *page) error {
		out, err := p.otherSchools(int(c.id))
		if err != nil {
			return err
		}
		v.replace(out)
		return nil
	})
}

func (p *page) otherSchools(pageNo int) (Outgoing, error) {
	lights, err := p.sightOf(duban.ActSeeLights)
	if err != nil {
		return Outgoing{}, err
	}
	own, err := p.sightOf(duban.ActSee)
	if err != nil {
		return Outgoing{}, err
	}
	units, err := p.tx.Units()
	if err != nil {
		return Outgoing{}, err
	}
	schools := slices.DeleteFunc(units, func(u duban.Unit) bool {
		return u.Kind != duban.SchoolCommittee || own.in(u.ID) || !lights.in(u.ID)
	})
	if len(schools) == 0 {
		return Outgoing{}, duban.Refuse(duban.NotAllowed)
	}
	at, from, to := pageOf(len(schools), pageNo)
	lines := []text.HTML{p.text("overview.other_schools", "n", len(schools)), ""}
	for _, u := range schools[from:to] {
		open, err := p.tx.OpenIn(u.ID)
		if err != nil {
			return Outgoing{}, err
		}
		tally := p.tally(open)
		if len(open) == 0 {
			tally = p.text("overview.nothing_open")
		}
		lines = append(lines, p.text("overview.unit", "unit", u.Name, "tally", tally))
	}
	var k Keyboard
	if len(schools) > pageSize {
		k = append(k, p.pager("lights", at, lastPage(len(schools))))
	}
	k = append(k, []Button{button(p.word("button.home"), "home", 0)})
	return Outgoing{Text: text.Join(lines...), Keyboard: k}, nil
}
