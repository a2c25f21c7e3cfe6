package work

import (
	"bytes"
	"context"
	"maps"
	"slices"

	"duban"
	"duban/store"
)

// RosterRow is one post of one person, or, without a name, a unit alone. Phone is in E.164 form or empty.
type RosterRow struct {
	Line         int
	Unit, Parent string
	Kind         duban.UnitKind
	Region       string
	Name         string
	Role         duban.Role
	Phone, Code  string
}

// ImportRoster brings units, people and posts to what a roster says (名册导入). It is idempotent by the code of the person: importing the same
// file again changes nothing. Who is not in the file stays and is reported as gone. A person who is in the file loses the posts that it no
// longer has; open assignments of such a post move to the successor.
func (d *Desk) ImportRoster(ctx context.Context, who duban.Actor, rows []RosterRow, o ImportOptions) (ImportResult, error) {
	var result ImportResult
	err := d.write(ctx, who, func(tx *store.Tx) error {
		r := rosterImport{desk: d, tx: tx, who: who, units: map[unitKey]duban.Unit{}, seen: map[int64]map[int64]bool{}, added: map[int64]bool{}}
		if err := r.run(rows); err != nil {
			return err
		}
		result = r.result
		if err := settle(&result, o); err != nil {
			return err
		}
		return recordImport(tx, who, "roster", result, o)
	})
	return result, settled(err)
}

type unitKey struct {
	parent int64
	name   string
}

type rosterImport struct {
	desk   *Desk
	tx     *store.Tx
	who    duban.Actor
	units  map[unitKey]duban.Unit
	seen   map[int64]map[int64]bool // person → posts that the file has
	added  map[int64]bool           // people whom this import has added
	result ImportResult
}

func (r *rosterImport) run(rows []RosterRow) error {
	known, err := r.tx.Units()
	if err != nil {
		return err
	}
	for _, u := range known {
		r.units[unitKey{u.ParentID, u.Name}] = u
	}
	placed, err := r.placeUnits(rows)
	if err != nil {
		return err
	}
	for i, row := range rows {
		if placed[i] == 0 {
			continue
		}
		if err := r.row(row, placed[i]); err != nil {
			return err
		}
	}
	if err := r.endPosts(); err != nil {
		return err
	}
	return r.findGone()
}

// placeUnits finds or adds the unit of each row, parents first whatever their order in the file, and returns its id for each row, 0 for a
// row that cannot be placed. Each round places the rows whose parent is there; when a round places none, the rest is wrong.
func (r *rosterImport) placeUnits(rows []RosterRow) ([]int64, error) {
	placed := make([]int64, len(rows))
	wrong := make([]bool, len(rows))
	for again := true; again; {
		again = false
		for i, row := range rows {
			if placed[i] != 0 || wrong[i] {
				continue
			}
			id, problem, err := r.placeUnit(row, rows)
			if err != nil {
				return nil, err
			}
			if problem != nil {
				r.result.Problems = append(r.result.Problems, *problem)
				wrong[i] = true
			}
			if id != 0 {
				placed[i], again = id, true
			}
		}
	}
	for i, row := range rows {
		if placed[i] == 0 && !wrong[i] {
			r.problem(row.Line, ColumnParent, r.whyUnplaced(row, rows), row.Parent)
		}
	}
	return placed, nil
}

func (r *rosterImport) whyUnplaced(row RosterRow, rows []RosterRow) ProblemReason {
	for _, other := range rows {
		if other.Unit == row.Parent {
			return UnitCycle
		}
	}
	return UnknownParent
}

// placeUnit returns the unit of a row, adding it where it is new; 0 without a problem means that its parent is not there yet.
func (r *rosterImport) placeUnit(row RosterRow, rows []RosterRow) (int64, *Problem, error) {
	if row.Parent == "" {
		return r.placeWithoutParent(row, rows)
	}
	parents := r.named(row.Parent)
	if len(parents) == 0 {
		return 0, nil, nil
	}
	for _, p := range parents {
		if u, ok := r.units[unitKey{p.ID, row.Unit}]; ok {
			id, err := r.changeUnit(u, row)
			return id, nil, err
		}
	}
	if len(parents) > 1 {
		return 0, &Problem{row.Line, ColumnParent, AmbiguousUnit, row.Parent, ""}, nil
	}
	return r.addUnit(row, parents[0].ID)
}

// placeWithoutParent places a row that does not say what is above its unit: the one unit of that name, or a new root.
func (r *rosterImport) placeWithoutParent(row RosterRow, rows []RosterRow) (int64, *Problem, error) {
	named := r.named(row.Unit)
	switch {
	case len(named) == 1:
		id, err := r.changeUnit(named[0], row)
		return id, nil, err
	case len(named) > 1:
		return 0, &Problem{row.Line, ColumnUnit, AmbiguousUnit, row.Unit, ""}, nil
	case placedByAnother(row, rows):
		return 0, nil, nil
	}
	return r.addUnit(row, 0)
}

func placedByAnother(row RosterRow, rows []RosterRow) bool {
	for _, other := range rows {
		if other.Unit == row.Unit && other.Parent != "" {
			return true
		}
	}
	return false
}

func (r *rosterImport) named(name string) []duban.Unit {
	var found []duban.Unit
	for key, u := range r.units {
		if key.name == name {
			found = append(found, u)
		}
	}
	return found
}

func (r *rosterImport) addUnit(row RosterRow, parent int64) (int64, *Problem, error) {
	if row.Kind == "" {
		return 0, &Problem{row.Line, ColumnKind, KindMissing, row.Unit, ""}, nil
	}
	if parent != 0 {
		if ok, err := May(r.tx, r.who, duban.ActImport, parent); err != nil || !ok {
			return 0, &Problem{row.Line, ColumnParent, OutsideScope, row.Parent, ""}, err
		}
	} else if !r.who.Trusted() {
		return 0, &Problem{row.Line, ColumnUnit, OutsideScope, row.Unit, ""}, nil
	}
	u := duban.Unit{Name: row.Unit, Kind: row.Kind, ParentID: parent, Region: row.Region, Active: true}
	id, err := r.tx.AddUnit(u)
	if err != nil {
		return 0, nil, err
	}
	u.ID = id
	r.units[unitKey{parent, u.Name}] = u
	return id, nil, r.recordUnit(u, "added")
}

func (r *rosterImport) changeUnit(u duban.Unit, row RosterRow) (int64, error) {
	before := u
	if row.Kind != "" {
		u.Kind = row.Kind
	}
	if row.Region != "" {
		u.Region = row.Region
	}
	if u == before {
		return u.ID, nil
	}
	if err := r.tx.ChangeUnit(u); err != nil {
		return 0, err
	}
	r.units[unitKey{u.ParentID, u.Name}] = u
	return u.ID, r.recordUnit(u, "changed")
}

func (r *rosterImport) recordUnit(u duban.Unit, what string) error {
	return r.tx.Record(r.who, duban.Entry{Event: duban.EventRosterChanged, UnitID: u.ID, Facts: duban.Facts{"unit": what, "kind": string(u.Kind)}})
}

func (r *rosterImport) row(row RosterRow, unit int64) error {
	if ok, err := May(r.tx, r.who, duban.ActImport, unit); err != nil || !ok {
		r.problem(row.Line, ColumnUnit, OutsideScope, row.Unit)
		return err
	}
	if row.Name == "" {
		r.result.Unchanged++
		return nil
	}
	if row.Code == "" {
		r.problem(row.Line, ColumnCode, CodeMissing, row.Name)
		return nil
	}
	person, state, err := r.person(row)
	if err != nil {
		return err
	}
	posted, err := r.tx.SetPost(person, unit, row.Role)
	if err != nil {
		return err
	}
	if err := r.see(person, unit, row.Role); err != nil {
		return err
	}
	if posted {
		entry := duban.Entry{Event: duban.EventRosterChanged, UnitID: unit, PersonID: person, Facts: duban.Facts{"post": "added", "role": string(row.Role)}}
		if err := r.tx.Record(r.who, entry); err != nil {
			return err
		}
	}
	r.added[person] = r.added[person] || state == rowNew
	r.count(state, posted, r.added[person])
	return nil
}

// rowState says what a row did to its person.
type rowState int

const (
	rowSame rowState = iota
	rowNew
	rowChanged
)

// count counts a row. A further post of a person who is new is new too.
func (r *rosterImport) count(state rowState, posted, isNew bool) {
	switch {
	case state == rowNew, posted && isNew:
		r.result.New++
	case state == rowChanged || posted:
		r.result.Changed++
	default:
		r.result.Unchanged++
	}
}

func (r *rosterImport) person(row RosterRow) (int64, rowState, error) {
	wanted := duban.Person{Code: row.Code, Name: row.Name, Active: true}
	if row.Phone != "" {
		wanted.PhoneHash, wanted.PhoneTail = r.tx.HashPhone(row.Phone), row.Phone[max(0, len(row.Phone)-4):]
	}
	p, err := r.tx.PersonByCode(row.Code)
	if duban.CodeOf(err) == duban.NotFound {
		id, err := r.tx.AddPerson(wanted)
		return id, rowNew, err
	}
	if err != nil {
		return 0, rowSame, err
	}
	if row.Phone == "" {
		wanted.PhoneHash, wanted.PhoneTail = p.PhoneHash, p.PhoneTail
	}
	if p.Name == wanted.Name && bytes.Equal(p.PhoneHash, wanted.PhoneHash) && p.Active {
		return p.ID, rowSame, nil
	}
	wanted.ID = p.ID
	entry := duban.Entry{Event: duban.EventRosterChanged, PersonID: p.ID, Facts: duban.Facts{"person": "changed"}}
	if err := r.tx.Record(r.who, entry); err != nil {
		return 0, rowSame, err
	}
	return p.ID, rowChanged, r.tx.ChangePerson(wanted)
}

func (r *rosterImport) see(person, unit int64, role duban.Role) error {
	posts, err := r.tx.Posts(person)
	for _, p := range posts {
		if p.UnitID == unit && p.Role == role {
			if r.seen[person] == nil {
				r.seen[person] = map[int64]bool{}
			}
			r.seen[person][p.ID] = true
		}
	}
	return err
}

// endPosts ends the posts that people of the file no longer have, and then hands over what they owned in those units, so that nobody gets it whose own
// post ends as well.
func (r *rosterImport) endPosts() error {
	var ended []duban.Post
	for _, person := range slices.Sorted(maps.Keys(r.seen)) {
		posts, err := r.tx.Posts(person)
		if err != nil {
			return err
		}
		for _, p := range posts {
			if r.seen[person][p.ID] {
				continue
			}
			if err := r.endPost(p); err != nil {
				return err
			}
			ended = append(ended, p)
		}
	}
	for _, p := range ended {
		if err := r.desk.handOver(r.tx, r.who, p); err != nil {
			return err
		}
	}
	return nil
}

func (r *rosterImport) endPost(p duban.Post) error {
	if err := r.tx.EndPost(p.ID); err != nil {
		return err
	}
	r.result.Changed++
	return r.tx.Record(r.who, duban.Entry{
		Event: duban.EventRosterChanged, UnitID: p.UnitID, PersonID: p.PersonID, Facts: duban.Facts{"post": "ended", "role": string(p.Role)},
	})
}

func (r *rosterImport) findGone() error {
	people, err := r.tx.People()
	if err != nil {
		return err
	}
	for _, p := range people {
		if r.seen[p.ID] != nil {
			continue
		}
		unit, err := FirstUnit(r.tx, p.ID)
		if err != nil {
			return err
		}
		if ok, err := May(r.tx, r.who, duban.ActImport, unit.ID); err != nil {
			return err
		} else if ok {
			r.result.Gone = append(r.result.Gone, p.Code+" "+p.Name)
		}
	}
	return nil
}

func (r *rosterImport) problem(line int, column Column, reason ProblemReason, value string) {
	r.result.Problems = append(r.result.Problems, Problem{Line: line, Column: column, Reason: reason, Value: value})
}
