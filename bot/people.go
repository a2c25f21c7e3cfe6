package bot

import (
	"cmp"
	"slices"
	"strings"

	"duban"
	"duban/text"
	"duban/work"
)

// directory is who is where, read at once for lists of many people.
type directory struct {
	people   []duban.Person
	names    map[int64]string
	posts    map[int64][]duban.Post // by person
	units    map[int64]duban.Unit
	accounts map[int64]duban.Account // by person; who has none has not joined
}

func (p *page) directory() (directory, error) {
	d := directory{posts: map[int64][]duban.Post{}, units: map[int64]duban.Unit{}, accounts: map[int64]duban.Account{}}
	var err error
	if d.people, err = p.tx.People(); err != nil {
		return d, err
	}
	if d.names, err = p.tx.PersonNames(); err != nil {
		return d, err
	}
	posts, err := p.tx.AllPosts()
	if err != nil {
		return d, err
	}
	for _, post := range posts {
		d.posts[post.PersonID] = append(d.posts[post.PersonID], post)
	}
	units, err := p.tx.Units()
	if err != nil {
		return d, err
	}
	for _, u := range units {
		d.units[u.ID] = u
	}
	accounts, err := p.tx.Accounts()
	for _, a := range accounts {
		d.accounts[a.PersonID] = a
	}
	return d, err
}

// firstUnit is the unit of a person's first post, the zero unit when there is none.
func (d directory) firstUnit(person int64) duban.Unit {
	if posts := d.posts[person]; len(posts) > 0 {
		return d.units[posts[0].UnitID]
	}
	return duban.Unit{}
}

// under returns the id that is on the way from a unit up to the root and belongs to a set; 0 when none does.
func (d directory) under(unit int64, set map[int64]bool) int64 {
	for unit != 0 && !set[unit] {
		unit = d.units[unit].ParentID
	}
	return unit
}

// headcount is how many people there are and how many of them have joined. Whoever holds two posts counts once.
type headcount struct{ all, joined int }

// countUnder counts the people of each unit of a set, with everything below it.
func (d directory) countUnder(set map[int64]bool) map[int64]headcount {
	counts := map[int64]headcount{}
	for _, person := range d.people {
		seen := map[int64]bool{}
		for _, post := range d.posts[person.ID] {
			unit := d.under(post.UnitID, set)
			if unit == 0 || seen[unit] {
				continue
			}
			seen[unit] = true
			c := counts[unit]
			c.all++
			if _, joined := d.accounts[person.ID]; joined {
				c.joined++
			}
			counts[unit] = c
		}
	}
	return counts
}

// in returns the people who hold a post in a unit itself, widest role first.
func (d directory) in(unit int64) []duban.Person {
	rank := map[int64]int{}
	var people []duban.Person
	for _, person := range d.people {
		for _, post := range d.posts[person.ID] {
			if post.UnitID != unit {
				continue
			}
			r := slices.Index(duban.Roles, post.Role)
			if before, twice := rank[person.ID]; !twice {
				people = append(people, person)
				rank[person.ID] = r
			} else {
				rank[person.ID] = min(before, r)
			}
		}
	}
	slices.SortStableFunc(people, func(a, b duban.Person) int { return cmp.Compare(rank[a.ID], rank[b.ID]) })
	return people
}

// below returns the units right below one, in the order in which they were added.
func (d directory) below(unit int64) []duban.Unit {
	var units []duban.Unit
	for _, u := range d.units {
		if u.ParentID == unit {
			units = append(units, u)
		}
	}
	slices.SortFunc(units, func(a, b duban.Unit) int { return cmp.Compare(a.ID, b.ID) })
	return units
}

// showPeople shows who has joined, beginning with the unit of the visitor. What follows the command is the name or code of a person, or the
// name of a unit.
func (v *visit) showPeople(rest string) error {
	return v.read(func(p *page) error {
		if rest != "" {
			return v.findPeople(p, rest)
		}
		unit, err := p.topUnit(duban.ActInvite)
		if err != nil {
			return err
		}
		return v.sendPeople(p, unit, 0)
	})
}

func (v *visit) pressPeople(c call) error {
	return v.read(func(p *page) error { return v.sendPeople(p, c.id, atoi(c.arg)) })
}

// sendPeople shows a unit: the people in it and the units below it, in pages.
func (v *visit) sendPeople(p *page, id int64, pageNo int) error {
	if ok, err := work.May(p.tx, v.who, duban.ActInvite, id); err != nil || !ok {
		return orNotAllowed(err)
	}
	everybody, err := p.directory()
	if err != nil {
		return err
	}
	out := p.peopleIn(everybody, everybody.units[id], pageNo)
	if up := everybody.units[id].ParentID; up != 0 {
		ok, err := work.May(p.tx, v.who, duban.ActInvite, up)
		if err != nil {
			return err
		}
		if ok {
			out.Keyboard = append(out.Keyboard, []Button{button(p.word("button.up"), "people", up)})
		}
	}
	v.replace(out)
	return nil
}

// peopleLine is one entry of the page of a unit: a person in it or a unit below it.
type peopleLine struct {
	text   text.HTML
	button Button
	isUnit bool
}

func (p *page) peopleIn(everybody directory, unit duban.Unit, pageNo int) Outgoing {
	total := everybody.countUnder(map[int64]bool{unit.ID: true})[unit.ID]
	all := p.peopleLines(everybody, unit)
	from := min(max(pageNo, 0)*pageSize, max(len(all)-1, 0)/pageSize*pageSize)
	lines := []text.HTML{p.text("people.heading", "unit", unit.Name, "joined", total.joined, "all", total.all)}
	var people, units []Button
	for _, l := range all[from:min(from+pageSize, len(all))] {
		lines = append(lines, l.text)
		if l.isUnit {
			units = append(units, l.button)
		} else {
			people = append(people, l.button)
		}
	}
	k := append(rows(3, people...), rows(2, units...)...)
	if len(all) > pageSize {
		k = append(k, p.pagesOf("people", unit.ID, "", from/pageSize, (len(all)-1)/pageSize))
	}
	if total.joined < total.all {
		k = append(k, []Button{button(p.word("people.button_invite_unit", "n", total.all-total.joined), "invite", unit.ID, "unit")})
	}
	return Outgoing{Text: text.Join(lines...), Keyboard: k}
}

func (p *page) peopleLines(everybody directory, unit duban.Unit) []peopleLine {
	var all []peopleLine
	for _, person := range everybody.in(unit.ID) {
		all = append(all, peopleLine{
			p.text("people.person", "name", person.Name, "roles", p.rolesIn(everybody, person.ID, unit.ID), "state", p.joinState(everybody, person.ID)),
			button(shorten(person.Name, 20), "person", person.ID), false,
		})
	}
	below := everybody.below(unit.ID)
	set := map[int64]bool{}
	for _, u := range below {
		set[u.ID] = true
	}
	counts := everybody.countUnder(set)
	for _, u := range below {
		c := counts[u.ID]
		all = append(all, peopleLine{
			p.text("people.unit", "unit", u.Name, "joined", c.joined, "all", c.all), button(shorten(u.Name, 20), "people", u.ID), true,
		})
	}
	return all
}

func (p *page) rolesIn(everybody directory, person, unit int64) string {
	var roles []string
	for _, post := range everybody.posts[person] {
		if post.UnitID == unit {
			roles = append(roles, p.word("role."+string(post.Role)))
		}
	}
	return strings.Join(roles, p.word("people.comma"))
}

// joinState says whether somebody has joined and can be reached.
func (p *page) joinState(everybody directory, person int64) string {
	account, joined := everybody.accounts[person]
	switch {
	case !joined:
		return p.word("people.not_joined")
	case account.Unreachable != "":
		return p.word("people.unreachable", "reason", p.reachWord(account.Unreachable))
	}
	return p.word("people.joined", "at", p.moment(account.BoundAt))
}

// reachWord says why somebody cannot be reached. What Telegram says in words of its own is not repeated.
func (p *page) reachWord(why string) string {
	if key := "reach." + why; text.Has(key) {
		return p.word(key)
	}
	return p.word("people.reach_unknown")
}

// findPeople finds somebody by code, by name or by a part of the name, or a unit by its name.
func (v *visit) findPeople(p *page, word string) error {
	everybody, err := p.directory()
	if err != nil {
		return err
	}
	var found []duban.Person
	for _, person := range peopleCalled(everybody.people, word) {
		ok, err := work.May(p.tx, v.who, duban.ActInvite, everybody.firstUnit(person.ID).ID)
		if err != nil {
			return err
		}
		if ok {
			found = append(found, person)
		}
	}
	switch {
	case len(found) == 1:
		v.send(p.personCard(everybody, found[0]))
		return nil
	case len(found) > 1:
		v.send(p.whichPerson(everybody, found))
		return nil
	}
	return v.findUnit(p, word)
}

// peopleCalled finds people by code, else by the whole name, else by a part of it.
func peopleCalled(people []duban.Person, word string) []duban.Person {
	word = squeezed(word)
	for _, fits := range []func(duban.Person) bool{
		func(p duban.Person) bool { return squeezed(p.Code) == word },
		func(p duban.Person) bool { return squeezed(p.Name) == word },
		func(p duban.Person) bool { return strings.Contains(squeezed(p.Name), word) },
	} {
		var found []duban.Person
		for _, person := range people {
			if fits(person) {
				found = append(found, person)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

func (p *page) whichPerson(everybody directory, found []duban.Person) Outgoing {
	var k Keyboard
	for _, person := range found[:min(len(found), listLimit)] {
		label := p.word("announce.name_of", "name", person.Name, "unit", everybody.firstUnit(person.ID).Name)
		k = append(k, []Button{button(shorten(label, 40), "person", person.ID)})
	}
	lines := []text.HTML{p.text("people.which", "n", len(found))}
	if len(found) > listLimit {
		lines = append(lines, p.text("people.which_more", "n", len(found)-listLimit))
	}
	return Outgoing{Text: text.Join(lines...), Keyboard: k}
}

func (v *visit) findUnit(p *page, word string) error {
	exact, near, err := p.unitsCalled(word, duban.ActInvite)
	if err != nil {
		return err
	}
	units := exact
	if len(units) == 0 {
		units = near
	}
	switch len(units) {
	case 0:
		v.say("people.unknown", "name", shorten(word, 40))
		return nil
	case 1:
		return v.sendPeople(p, units[0].ID, 0)
	}
	var k Keyboard
	for _, u := range units[:min(len(units), listLimit)] {
		name, err := p.fullName(u)
		if err != nil {
			return err
		}
		k = append(k, []Button{button(shorten(name, 40), "people", u.ID)})
	}
	v.ask(k, "people.which_unit", "n", len(units))
	return nil
}
