package bot

import (
	"cmp"
	"slices"
	"time"

	"duban"
	"duban/text"
)

// pressByWho lists the people who hold a post in a unit or below it.
func (v *visit) pressByWho(c call) error {
	return v.seen(c.id, func(s survey) (Outgoing, error) { return s.byPerson(atoi(c.arg)) })
}

// staff is somebody of a unit with his role there.
type staff struct {
	person duban.Person
	role   duban.Role
	unit   duban.Unit
}

// people returns who holds posts in the units of the survey, each once, unit by unit, widest role first.
func (s survey) people() ([]staff, error) {
	holders, err := s.tx.PostHolders()
	if err != nil {
		return nil, err
	}
	place := map[int64]int{}
	for i, u := range s.units {
		place[u.ID] = i + 1
	}
	var all []staff
	for _, h := range holders {
		if place[h.Unit.ID] > 0 {
			all = append(all, staff{h.Person, h.Role, h.Unit})
		}
	}
	slices.SortStableFunc(all, func(a, b staff) int {
		return cmp.Or(cmp.Compare(place[a.unit.ID], place[b.unit.ID]), cmp.Compare(slices.Index(duban.Roles, a.role), slices.Index(duban.Roles, b.role)))
	})
	seen := map[int64]bool{}
	return slices.DeleteFunc(all, func(h staff) bool {
		twice := seen[h.person.ID]
		seen[h.person.ID] = true
		return twice
	}), nil
}

// byPerson shows people with what each has open, in the order of the roster.
func (s survey) byPerson(pageNo int) (Outgoing, error) {
	people, err := s.people()
	if err != nil {
		return Outgoing{}, err
	}
	owned := map[int64][]duban.Assignment{}
	for _, a := range s.open {
		owned[a.OwnerID] = append(owned[a.OwnerID], a)
	}
	at, from, to := pageOf(len(people), pageNo)
	lines := []text.HTML{s.text("overview.people", "unit", s.root.Name, "n", len(people)), s.figureLines(s.total()), ""}
	var names []Button
	for _, h := range people[from:to] {
		lights := s.tally(owned[h.person.ID])
		if len(owned[h.person.ID]) == 0 {
			lights = s.text("overview.nothing_open")
		}
		lines = append(lines, s.text("overview.person", "name", h.person.Name, "role", s.word("role."+string(h.role)), "unit", h.unit.Name, "tally", lights))
		names = append(names, button(shorten(h.person.Name, 16), "whoview", h.person.ID))
	}
	k := rows(3, names...)
	if len(people) > pageSize {
		k = append(k, s.pagesOf("bywho", s.root.ID, "", at, lastPage(len(people))))
	}
	return s.framed(lines, k, nil), nil
}

// pressWhoView shows what one person has open and has done, to himself and to whoever may look into a unit of his.
func (v *visit) pressWhoView(c call) error {
	return v.read(func(p *page) error {
		if ok, err := p.mayLook(c.id); err != nil || !ok && c.id != v.person.ID {
			return orNotAllowed(err)
		}
		out, err := p.personView(c.id, atoi(c.arg))
		if err != nil {
			return err
		}
		v.replace(out)
		return nil
	})
}

func (p *page) personView(id int64, pageNo int) (Outgoing, error) {
	person, err := p.tx.Person(id)
	if err != nil {
		return Outgoing{}, err
	}
	sees, err := p.sightOf(duban.ActSee)
	if err != nil {
		return Outgoing{}, err
	}
	seen := func(all []duban.Assignment) []duban.Assignment {
		return slices.DeleteFunc(all, func(a duban.Assignment) bool { return id != p.reader.ID && !sees.in(a.UnitID) })
	}
	open, err := p.tx.OpenOf(id)
	if err != nil {
		return Outgoing{}, err
	}
	done, err := p.tx.DoneBy(id, p.Desk.YearBegan(p.now), p.now)
	if err != nil {
		return Outgoing{}, err
	}
	open, done = seen(open), seen(done)
	lines, err := p.personLines(person, figures{open, duban.CountDone(done, p.Desk.Calendar)}, done)
	if err != nil {
		return Outgoing{}, err
	}
	at, from, to := pageOf(len(open), pageNo)
	list := listing{page: p, lines: append(lines, ""), skipped: from}
	if err := list.addOwned(open[from:to]); err != nil {
		return Outgoing{}, err
	}
	k := rows(4, list.numbers...)
	if len(open) > pageSize {
		k = append(k, p.pagesOf("whoview", id, "", at, lastPage(len(open))))
	}
	k = append(k, []Button{button(p.word("button.home"), "home", 0)})
	return Outgoing{Text: text.Join(list.lines...), Keyboard: k, About: About{Items: idsOf(open[:to])}}, nil
}

// personLines are the heading of a person with the posts, whether a message reaches him, and the figures of the year and of the month.
func (p *page) personLines(person duban.Person, f figures, done []duban.Assignment) ([]text.HTML, error) {
	posts, err := p.tx.Posts(person.ID)
	if err != nil {
		return nil, err
	}
	lines := []text.HTML{p.text("overview.person_heading", "name", person.Name)}
	for _, post := range posts {
		unit, err := p.tx.Unit(post.UnitID)
		if err != nil {
			return nil, err
		}
		lines = append(lines, p.text("overview.post", "unit", unit.Name, "role", p.word("role."+string(post.Role))))
	}
	gone, err := p.goneLine(person)
	if err != nil {
		return nil, err
	}
	return append(lines, gone, p.figureLines(f), p.doneLine("overview.month", "overview.month_none", duban.CountDone(since(done, p), p.Desk.Calendar))), nil
}

// since returns those of what was closed this year that were closed this month.
func since(done []duban.Assignment, p *page) []duban.Assignment {
	from := p.monthBegan()
	i, _ := slices.BinarySearchFunc(done, from, func(a duban.Assignment, at time.Time) int { return a.ClosedAt.Compare(at) })
	return done[i:]
}

// goneLine says of a person that he is away, and who acts for him, or that no message reaches him; empty where all is well.
func (p *page) goneLine(person duban.Person) (text.HTML, error) {
	b, err := p.tx.AbsenceOn(person.ID, p.tx.Today())
	switch {
	case err == nil:
		return p.text("overview.away", "name", person.Name, "days", p.daysOf(b.From, b.To), "deputy", p.nameOf(b.DeputyID)), nil
	case ignoreGone(err) != nil:
		return "", err
	}
	account, err := p.tx.AccountOfPerson(person.ID)
	switch {
	case ignoreGone(err) != nil:
		return "", err
	case err != nil:
		return p.text("overview.not_joined", "name", person.Name), nil
	case account.Unreachable != "":
		return p.text("overview.unreachable", "name", person.Name, "reason", p.word("reach."+account.Unreachable)), nil
	}
	return "", nil
}

// showMe is /me: what the visitor has open and has done, the same figures that those see who answer for him.
func (v *visit) showMe(string) error { return v.pressWhoView(call{id: v.person.ID}) }
