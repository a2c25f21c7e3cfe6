package work

import (
	"slices"
	"strings"

	"duban"
	"duban/store"
)

// places says where the rows of a file stand.
type places struct {
	placed []int64          // the unit of each row; 0: it is not placed
	did    []rowState       // what each row did to its unit
	failed map[int]bool     // rows that cannot be placed
	of     map[string][]int // the rows of each name of a unit
	at     int              // the row that is being placed
}

func placesOf(rows []RosterRow) places {
	p := places{placed: make([]int64, len(rows)), did: make([]rowState, len(rows)), failed: map[int]bool{}, of: map[string][]int{}}
	for i, row := range rows {
		p.of[row.Unit] = append(p.of[row.Unit], i)
	}
	return p
}

// place finds or adds the unit of each row, parents first whatever their order in the file. Each round places the rows whose parent is there; when a
// round places none, the rest is wrong.
func (r *rosterImport) place(rows []RosterRow) error {
	r.places = placesOf(rows)
	for again := true; again; {
		again = false
		for i, row := range rows {
			if r.placed[i] != 0 || r.failed[i] {
				continue
			}
			r.at = i
			id, problem, err := r.placeUnit(row, rows)
			if err != nil {
				return err
			}
			if problem != nil {
				r.result.Problems = append(r.result.Problems, *problem)
				r.failed[i] = true
			}
			r.placed[i] = id
			again = again || id != 0 || problem != nil
		}
	}
	for i, row := range rows {
		if r.placed[i] != 0 || r.failed[i] {
			continue
		}
		reason, cycle := whyUnplaced(row, rows)
		r.result.Problems = append(r.result.Problems, Problem{row.Line, ColumnParent, reason, row.Parent, cycle})
	}
	return nil
}

// mark notes what the row that is being placed did to its unit.
func (r *rosterImport) mark(state rowState) { r.did[r.at] = max(r.did[r.at], state) }

// whyUnplaced says why the unit of a row has no place, and names the circle of units when it is in one.
func whyUnplaced(row RosterRow, rows []RosterRow) (reason ProblemReason, cycle string) {
	above := map[string]string{}
	for _, other := range rows {
		if other.Parent != "" {
			above[other.Unit] = other.Parent
		}
	}
	path := []string{row.Unit}
	for at := row.Parent; ; at = above[at] {
		if i := slices.Index(path, at); i >= 0 {
			return UnitCycle, strings.Join(append(path[i:], at), " → ")
		}
		if _, known := above[at]; !known {
			return UnknownParent, ""
		}
		path = append(path, at)
	}
}

// placeUnit returns the unit of a row, adding it where it is new; 0 without a problem means that its parent is not there yet.
func (r *rosterImport) placeUnit(row RosterRow, rows []RosterRow) (int64, *Problem, error) {
	if row.Parent == "" {
		return r.placeWithoutParent(row, rows)
	}
	parents, known := r.parents(row)
	if !known || len(parents) == 0 {
		return 0, nil, nil
	}
	var there []duban.Unit
	for _, p := range parents {
		if u, ok := r.units[unitKey{p.ID, row.Unit}]; ok {
			there = append(there, u)
		}
	}
	there, err := r.meant(there, row)
	switch {
	case err != nil:
		return 0, nil, err
	case len(there) == 1:
		id, err := r.changeUnit(there[0], row)
		return id, nil, err
	case len(parents) > 1:
		return 0, &Problem{row.Line, ColumnParent, AmbiguousUnit, row.Parent, ""}, nil
	}
	moved, err := r.movedUnit(row, rows)
	if err != nil {
		return 0, nil, err
	}
	if moved.ID != 0 {
		return r.moveUnit(moved, row, parents[0])
	}
	return r.addUnit(row, parents[0].ID)
}

// parents returns the units that the name above a row may mean: those that the file itself has, else all of that name. They are not known as long as
// the file has some that are still to be placed.
func (r *rosterImport) parents(row RosterRow) (found []duban.Unit, known bool) {
	here := map[int64]bool{}
	for _, i := range r.of[row.Parent] {
		switch {
		case r.failed[i]:
		case r.placed[i] == 0:
			return nil, false
		default:
			here[r.placed[i]] = true
		}
	}
	found = r.named(row.Parent)
	if len(here) > 0 {
		found = slices.DeleteFunc(found, func(u duban.Unit) bool { return !here[u.ID] })
	}
	return found, true
}

// meant tells units of one name, below others of one name, apart by where the person of a row has a post.
func (r *rosterImport) meant(units []duban.Unit, row RosterRow) ([]duban.Unit, error) {
	if len(units) < 2 {
		return units, nil
	}
	p, err := r.tx.PersonByCode(row.Code)
	if err != nil {
		return nil, ignoreNotFound(err)
	}
	posts, err := r.tx.Posts(p.ID)
	return slices.DeleteFunc(units, func(u duban.Unit) bool {
		return !slices.ContainsFunc(posts, func(post duban.Post) bool { return post.UnitID == u.ID })
	}), err
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
	return slices.ContainsFunc(rows, func(other RosterRow) bool { return other.Unit == row.Unit && other.Parent != "" })
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

// movedUnit finds the unit that a row puts under another parent: the only one of its name, when the file does not have it at its old place as well, and
// when it is a committee, whose names are their own, or somebody of the file holds a post there. The zero unit means that a new one is meant.
func (r *rosterImport) movedUnit(row RosterRow, rows []RosterRow) (duban.Unit, error) {
	named := r.named(row.Unit)
	if len(named) != 1 || named[0].ID < 0 || named[0].ParentID == 0 {
		return duban.Unit{}, nil
	}
	u := named[0]
	old := ""
	for key, p := range r.units {
		if p.ID == u.ParentID {
			old = key.name
		}
	}
	stays := slices.ContainsFunc(rows, func(other RosterRow) bool { return other.Unit == row.Unit && other.Parent == old })
	switch {
	case stays, row.Kind != "" && row.Kind != u.Kind:
		return duban.Unit{}, nil
	case u.Kind == duban.SchoolCommittee:
		return u, nil
	}
	held, err := r.tx.PostsIn(u.ID)
	if err != nil {
		return duban.Unit{}, err
	}
	for _, post := range held {
		p, err := r.tx.Person(post.PersonID)
		if err != nil {
			return duban.Unit{}, err
		}
		same := func(other RosterRow) bool {
			return other.Unit == row.Unit && other.Parent == row.Parent && other.Code == p.Code
		}
		if slices.ContainsFunc(rows, same) {
			return u, nil
		}
	}
	return duban.Unit{}, nil
}

// moveUnit puts a unit with everything below it under another one.
func (r *rosterImport) moveUnit(u duban.Unit, row RosterRow, parent duban.Unit) (int64, *Problem, error) {
	for _, place := range []int64{u.ID, parent.ID} {
		if ok, err := r.may(place); err != nil || !ok {
			return 0, &Problem{row.Line, ColumnParent, OutsideScope, row.Parent, ""}, err
		}
	}
	if cycle, err := r.cycleOf(u, parent); err != nil || cycle != "" {
		return 0, &Problem{row.Line, ColumnParent, UnitCycle, row.Parent, cycle}, err
	}
	from, err := r.nameOfUnit(u.ParentID)
	if err != nil {
		return 0, nil, err
	}
	before := u
	u.ParentID = parent.ID
	delete(r.units, unitKey{before.ParentID, u.Name})
	r.units[unitKey{u.ParentID, u.Name}] = u
	r.warn(row, ColumnParent, UnitMoves, u.Name, from+" → "+parent.Name)
	r.noteChange(row, FieldParent, from, parent.Name)
	r.mark(rowChanged)
	if !r.dry {
		err := errorsOf(r.tx.MoveUnit(u.ID, parent.ID), r.recordUnit(u, "moved"), r.kept.add(store.UnitThing, u.ID, store.DidChange, before, u))
		if err != nil {
			return 0, nil, err
		}
	}
	id, err := r.changeUnit(u, row)
	return id, nil, err
}

// cycleOf names the circle that there would be if a unit came under another one; empty: none.
func (r *rosterImport) cycleOf(u, parent duban.Unit) (string, error) {
	byID := map[int64]duban.Unit{}
	for _, each := range r.units {
		byID[each.ID] = each
	}
	path := []string{u.Name}
	for at := parent; at.ID != 0; at = byID[at.ParentID] {
		path = append(path, at.Name)
		if at.ID == u.ID {
			return strings.Join(path, " → "), nil
		}
	}
	return "", nil
}

func (r *rosterImport) nameOfUnit(id int64) (string, error) {
	for key, u := range r.units {
		if u.ID == id {
			return key.name, nil
		}
	}
	u, err := r.tx.Unit(id)
	return u.Name, err
}

func (r *rosterImport) addUnit(row RosterRow, parent int64) (int64, *Problem, error) {
	if row.Kind == "" {
		return 0, &Problem{row.Line, ColumnKind, KindMissing, row.Unit, ""}, nil
	}
	if parent != 0 {
		if ok, err := r.may(parent); err != nil || !ok {
			return 0, &Problem{row.Line, ColumnParent, OutsideScope, row.Parent, ""}, err
		}
	} else if !r.who.Trusted() {
		return 0, &Problem{row.Line, ColumnUnit, OutsideScope, row.Unit, ""}, nil
	}
	if parent == 0 && r.hasRoot() {
		r.warn(row, ColumnUnit, SecondRoot, row.Unit, "")
	}
	u := duban.Unit{Name: row.Unit, Kind: row.Kind, ParentID: parent, Region: row.Region, Active: true}
	r.mark(rowNew)
	if r.dry {
		u.ID = -int64(len(r.units) + 1)
		r.above[u.ID] = r.real(parent)
		r.units[unitKey{parent, u.Name}] = u
		return u.ID, nil, nil
	}
	var err error
	if u.ID, err = r.openUnit(u); err != nil {
		return 0, nil, err
	}
	r.units[unitKey{parent, u.Name}] = u
	return u.ID, nil, errorsOf(r.recordUnit(u, "added"), r.kept.add(store.UnitThing, u.ID, store.DidAdd, nil, nil))
}

// real is the nearest unit at or above one that is there and not only would be.
func (r *rosterImport) real(unit int64) int64 {
	if real, would := r.above[unit]; would {
		return real
	}
	return unit
}

func (r *rosterImport) hasRoot() bool {
	for key := range r.units {
		if key.parent == 0 {
			return true
		}
	}
	return false
}

// openUnit adds a unit, or opens the one again that was at its place before.
func (r *rosterImport) openUnit(u duban.Unit) (int64, error) {
	closed, err := r.tx.ClosedUnit(u.ParentID, u.Name)
	if duban.CodeOf(err) == duban.NotFound {
		return r.tx.AddUnit(u)
	}
	if err != nil {
		return 0, err
	}
	u.ID = closed.ID
	return u.ID, r.tx.ChangeUnit(u)
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
	r.noteChange(row, FieldKind, string(before.Kind), string(u.Kind))
	r.noteChange(row, FieldRegion, before.Region, u.Region)
	r.units[unitKey{u.ParentID, u.Name}] = u
	r.mark(rowChanged)
	if r.dry || u.ID < 0 {
		return u.ID, nil
	}
	return u.ID, errorsOf(r.tx.ChangeUnit(u), r.recordUnit(u, "changed"), r.kept.add(store.UnitThing, u.ID, store.DidChange, before, u))
}

func (r *rosterImport) recordUnit(u duban.Unit, what string) error {
	return r.tx.Record(r.who, duban.Entry{Event: duban.EventRosterChanged, UnitID: u.ID, Facts: duban.Facts{"unit": what, "kind": string(u.Kind)}})
}
