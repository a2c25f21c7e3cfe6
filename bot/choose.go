package bot

import (
	"slices"
	"strconv"
	"strings"

	"duban"
)

// choicePage is how many buttons a page of people or units to choose from has.
const choicePage = 8

// pick is what a button of a list to choose from stands for: somebody or some unit, or another page of the list.
type pick struct {
	ID    int64
	Page  int
	Turns bool // the button turns to Page
}

// turnSign begins the argument of a button that turns pages; any other argument is an id.
const turnSign = "."

// pickOf reads the argument of a button that choices has made; false when it is none.
func pickOf(arg string) (pick, bool) {
	if page, turns := strings.CutPrefix(arg, turnSign); turns {
		n, err := strconv.Atoi(page)
		return pick{Page: n, Turns: true}, err == nil && n >= 0
	}
	id, err := strconv.ParseInt(arg, 36, 64)
	return pick{ID: id}, err == nil && id > 0
}

// option is one thing to choose: its button's label and the id that the button carries.
type option struct {
	ID    int64
	Label string
}

// choices are the buttons of one page of options. Each carries the verb with the id of what it is chosen for, and as its argument what pickOf reads.
func (p *page) choices(verb string, about int64, options []option, pageNo int) Keyboard {
	if len(options) == 0 {
		return nil
	}
	last := (len(options) - 1) / choicePage
	at := min(max(pageNo, 0), last)
	var buttons []Button
	for _, o := range options[at*choicePage : min((at+1)*choicePage, len(options))] {
		buttons = append(buttons, button(shorten(o.Label, 40), verb, about, strconv.FormatInt(o.ID, 36)))
	}
	k := rows(2, buttons...)
	if last == 0 {
		return k
	}
	turn := func(label string, to int) Button { return button(label, verb, about, turnSign+itoa(to)) }
	return append(k, []Button{
		turn(p.word("button.page_before"), (at+last)%(last+1)),
		turn(p.word("button.page", "at", at+1, "of", last+1), at),
		turn(p.word("button.page_after"), (at+1)%(last+1)),
	})
}

// peopleOf returns who holds a post in a unit, each once with the role, without those excepted.
func (p *page) peopleOf(unit int64, except ...int64) ([]option, error) {
	posts, err := p.tx.PostsIn(unit)
	if err != nil {
		return nil, err
	}
	var people []option
	seen := slices.Clone(except)
	for _, post := range posts {
		if slices.Contains(seen, post.PersonID) {
			continue
		}
		seen = append(seen, post.PersonID)
		person, err := p.tx.Person(post.PersonID)
		if err != nil {
			return nil, err
		}
		people = append(people, option{person.ID, p.word("choose.person", "name", person.Name, "role", p.word("role."+string(post.Role)))})
	}
	return people, nil
}

// unitsOf returns units as options, by their names.
func unitsOf(units []duban.Unit) []option {
	all := make([]option, len(units))
	for i, u := range units {
		all[i] = option{u.ID, u.Name}
	}
	return all
}

// personNamed finds the one person of a unit whom typed words name, by name or staff code, also with a word of courtesy or role around the name.
// It reports false when nobody or more than one fits.
func (p *page) personNamed(typed string, unit int64) (duban.Person, bool, error) {
	typed = strings.Join(strings.Fields(typed), "")
	if typed == "" {
		return duban.Person{}, false, nil
	}
	posts, err := p.tx.PostsIn(unit)
	if err != nil {
		return duban.Person{}, false, err
	}
	var found []duban.Person
	for _, post := range posts {
		person, err := p.tx.Person(post.PersonID)
		if err != nil {
			return duban.Person{}, false, err
		}
		same := slices.ContainsFunc(found, func(f duban.Person) bool { return f.ID == person.ID })
		if !same && (strings.EqualFold(person.Code, typed) || strings.Contains(typed, strings.Join(strings.Fields(person.Name), ""))) {
			found = append(found, person)
		}
	}
	if len(found) != 1 {
		return duban.Person{}, false, nil
	}
	return found[0], true, nil
}

// unitNamed finds the one unit among some that typed words name: by its whole name, else by a part of it that no other has.
func unitNamed(typed string, units []duban.Unit) (duban.Unit, bool) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return duban.Unit{}, false
	}
	for _, fits := range []func(string) bool{
		func(name string) bool { return name == typed },
		func(name string) bool { return strings.Contains(name, typed) },
	} {
		var found []duban.Unit
		for _, u := range units {
			if fits(u.Name) {
				found = append(found, u)
			}
		}
		if len(found) == 1 {
			return found[0], true
		}
	}
	return duban.Unit{}, false
}
