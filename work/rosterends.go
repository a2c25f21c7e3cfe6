package work

import (
	"maps"
	"slices"
	"strings"

	"duban"
	"duban/store"
)

// endPosts ends the posts that people of the file no longer have, and then hands over what they owned in those units, so that nobody gets it whose own
// post ends as well. Whoever stands in a row that was not taken keeps everything.
func (r *rosterImport) endPosts() error {
	var ended []duban.Post
	for _, person := range slices.Sorted(maps.Keys(r.seen)) {
		if person < 0 {
			continue
		}
		over, err := r.overPosts(person)
		if err != nil {
			return err
		}
		ended = append(ended, over...)
	}
	r.result.Changed += len(ended)
	return r.handOver(ended)
}

// overPosts ends the posts of a person that the file does not have and returns them.
func (r *rosterImport) overPosts(person int64) ([]duban.Post, error) {
	posts, err := r.tx.Posts(person)
	if err != nil {
		return nil, err
	}
	var ended []duban.Post
	for _, p := range posts {
		if r.seen[person][postKey{p.UnitID, p.Role}] {
			continue
		}
		kept, err := r.keeps(person)
		if err != nil {
			return nil, err
		}
		if kept {
			return nil, nil
		}
		if err := r.endPost(p); err != nil {
			return nil, err
		}
		ended = append(ended, p)
	}
	return ended, nil
}

// keeps reports whether somebody stands in a row that was not taken.
func (r *rosterImport) keeps(person int64) (bool, error) {
	p, err := r.tx.Person(person)
	return r.wrong[p.Code] || r.o.Unread[p.Code], err
}

func (r *rosterImport) endPost(p duban.Post) error {
	person, err := r.tx.Person(p.PersonID)
	if err != nil {
		return err
	}
	unit, err := r.tx.Unit(p.UnitID)
	if err != nil {
		return err
	}
	r.result.Changes = append(r.result.Changes, Change{
		Code: person.Code, Name: person.Name, Unit: unit.Name, Field: FieldPost, From: string(p.Role),
	})
	if r.dry {
		return nil
	}
	entry := duban.Entry{
		Event: duban.EventRosterChanged, UnitID: p.UnitID, PersonID: p.PersonID, Facts: duban.Facts{"post": "ended", "role": string(p.Role)},
	}
	return errorsOf(r.tx.EndPost(p.ID), r.kept.add(store.PostThing, p.PersonID, store.DidEnd, p, p), r.tx.Record(r.who, entry))
}

// handOver hands over what those owned whose posts have ended, and keeps which items have moved.
func (r *rosterImport) handOver(ended []duban.Post) error {
	if r.dry {
		return nil
	}
	for _, p := range ended {
		owned, err := ownedIn(r.tx, p.PersonID, p.UnitID)
		if err != nil {
			return err
		}
		if err := r.desk.handOver(r.tx, r.who, p); err != nil {
			return err
		}
		for _, before := range owned {
			after, err := r.tx.Assignment(before.ID)
			if err != nil {
				return err
			}
			if err := r.kept.assignment(before, after); err != nil {
				return err
			}
		}
	}
	return nil
}

// findGone finds the people with a post whom the file does not have. Their posts in units of the file end when the options say so.
func (r *rosterImport) findGone(rows []RosterRow) error {
	posts, err := r.tx.AllPosts()
	if err != nil {
		return err
	}
	here := map[int64]bool{}
	for i := range rows {
		here[r.placed[i]] = true
	}
	byPerson := map[int64][]duban.Post{}
	for _, p := range posts {
		if r.seen[p.PersonID] == nil {
			byPerson[p.PersonID] = append(byPerson[p.PersonID], p)
		}
	}
	people, err := r.tx.People()
	if err != nil {
		return err
	}
	var ended []duban.Post
	for _, p := range people {
		held := byPerson[p.ID]
		if len(held) == 0 || r.wrong[p.Code] || r.o.Unread[p.Code] {
			continue
		}
		over, err := r.gone(p, held, here)
		if err != nil {
			return err
		}
		ended = append(ended, over...)
	}
	return r.handOver(ended)
}

// gone notes that somebody is not in the file, and returns the posts that end because of it.
func (r *rosterImport) gone(p duban.Person, held []duban.Post, here map[int64]bool) ([]duban.Post, error) {
	name := p.Code + " " + p.Name
	if ok, err := r.may(held[0].UnitID); err != nil || !ok {
		return nil, err
	}
	r.result.Gone = append(r.result.Gone, name)
	over := slices.DeleteFunc(held, func(post duban.Post) bool { return !here[post.UnitID] })
	if len(over) == 0 {
		return nil, nil
	}
	r.result.GoneHere = append(r.result.GoneHere, name)
	if !r.o.EndPosts {
		return nil, nil
	}
	return r.endAll(p, over)
}

// endAll ends posts of somebody who is gone. The importer's own stay, and those without which nobody could administer any more.
func (r *rosterImport) endAll(p duban.Person, over []duban.Post) ([]duban.Post, error) {
	var ended []duban.Post
	for _, post := range over {
		last, err := r.isLastAdmin(post)
		if err != nil {
			return nil, err
		}
		if last || p.ID == r.who.PersonID {
			r.result.Left = append(r.result.Left, Problem{Column: ColumnUnit, Reason: LastAdmin, Value: p.Code + " " + p.Name})
			continue
		}
		if err := r.endPost(post); err != nil {
			return nil, err
		}
		ended = append(ended, post)
	}
	if len(ended) > 0 {
		r.result.Ended++
	}
	return ended, nil
}

func (r *rosterImport) isLastAdmin(post duban.Post) (bool, error) {
	if post.Role != duban.Admin {
		return false, nil
	}
	admins, err := r.tx.Holders(post.UnitID, duban.Admin)
	return len(admins) < 2, err
}

// checkNames warns of people who may be one, or be taken for each other: the same name in one unit under two codes, nearly the same name, the same
// telephone number. Only rows that the file adds or changes are looked at, together with everybody who is there.
func (r *rosterImport) checkNames(rows []RosterRow) error {
	holders, err := r.tx.PostHolders()
	if err != nil {
		return err
	}
	type known struct{ code, name string }
	inUnit := map[int64][]known{}
	for _, h := range holders {
		if r.seen[h.Person.ID] == nil {
			inUnit[h.Unit.ID] = append(inUnit[h.Unit.ID], known{h.Person.Code, h.Person.Name})
		}
	}
	phones := map[string]known{}
	for i, row := range rows {
		unit := r.placed[i]
		if unit == 0 || row.Name == "" {
			continue
		}
		var same, near []string
		for _, other := range inUnit[unit] {
			switch {
			case other.code == row.Code, !r.renamed[row.Code] && !r.renamed[other.code]:
			case other.name == row.Name:
				same = append(same, other.code)
			case bareName(other.name) == bareName(row.Name):
				near = append(near, other.name+" "+other.code)
			}
		}
		r.warnOf(row, SameName, same)
		r.warnOf(row, NearName, near)
		inUnit[unit] = append(inUnit[unit], known{row.Code, row.Name})
		if row.Phone == "" {
			continue
		}
		if other, twice := phones[row.Phone]; twice && other.code != row.Code {
			r.warnOf(row, SamePhone, []string{other.name + " " + other.code})
		}
		phones[row.Phone] = known{row.Code, row.Name}
		if err := r.checkPhone(row); err != nil {
			return err
		}
	}
	return nil
}

// checkPhone warns of a new person who has the telephone number of somebody who is known: perhaps it is the code alone that is new.
func (r *rosterImport) checkPhone(row RosterRow) error {
	if !r.renamed[row.Code] {
		return nil
	}
	people, err := r.tx.PeopleWithPhone(row.Phone)
	for _, p := range people {
		if p.Code != row.Code {
			r.warnOf(row, SamePhone, []string{p.Name + " " + p.Code})
		}
	}
	return err
}

func (r *rosterImport) warnOf(row RosterRow, reason ProblemReason, others []string) {
	w := Problem{row.Line, ColumnCode, reason, row.Name, strings.Join(slices.Compact(others), "、")}
	if len(others) > 0 && !slices.Contains(r.result.Warned, w) {
		r.result.Warned = append(r.result.Warned, w)
	}
}

// bareName is a name without what people put behind it to tell two of one name apart: 王芳（大）, 王芳2.
func bareName(name string) string {
	bare, _, _ := strings.Cut(name, "（")
	return strings.TrimRight(bare, "0123456789ABab大小")
}

func (d *Desk) suggestForRoster(tx *store.Tx, problems []Problem) ([]Suggestion, error) {
	if len(problems) == 0 {
		return nil, nil
	}
	s, err := d.suggester(tx)
	if err != nil {
		return nil, err
	}
	var all []Suggestion
	for _, p := range problems {
		if meant := s.meant(p, ""); len(meant) > 0 {
			all = append(all, Suggestion{Line: p.Line, Column: p.Column, Value: p.Value, Meant: meant})
		}
	}
	return all, nil
}
