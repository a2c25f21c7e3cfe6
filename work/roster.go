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
// file again changes nothing. Who is not in the file stays and is reported as gone, unless EndPosts says that posts in units of the file end. A person
// who is in the file loses the posts that it no longer has; open assignments of such a post move to the successor.
func (d *Desk) ImportRoster(ctx context.Context, who duban.Actor, rows []RosterRow, o ImportOptions) (ImportResult, error) {
	run := rosterRun{importRun: importRun{desk: d, who: who, kind: rosterKind, o: o}, rows: rows}
	err := run.carryOut(ctx, len(rows), run.tryOut, run.take)
	return run.result, err
}

type unitKey struct {
	parent int64
	name   string
}

type postKey struct {
	unit int64
	role duban.Role
}

type rosterImport struct {
	desk    *Desk
	tx      *store.Tx
	who     duban.Actor
	o       ImportOptions
	dry     bool  // find out what would happen, and write nothing; what would be added has an id below 0
	kept    steps // what is kept of the import to undo it
	units   map[unitKey]duban.Unit
	above   map[int64]int64 // of a unit that would be added: the nearest one above that is there
	rights  map[int64]bool  // by unit
	places                  // where each row stands
	seen    map[int64]map[postKey]bool
	added   map[int64]bool   // people whom this import has added
	fresh   map[string]int64 // people who would be added, by code
	renamed map[string]bool  // codes of people who are new, or have another name
	wrong   map[string]bool  // codes of rows that were not taken
	result  ImportResult
}

// in is the import in its next transaction, apart from the one before, so that a transaction that has to run twice leaves nothing behind.
func (r *rosterImport) in(tx *store.Tx, kept steps) *rosterImport {
	next := *r
	next.tx, next.kept = tx, kept
	next.rights, next.added, next.wrong = map[int64]bool{}, maps.Clone(r.added), maps.Clone(r.wrong)
	next.seen = map[int64]map[postKey]bool{}
	for person, posts := range r.seen {
		next.seen[person] = maps.Clone(posts)
	}
	next.result.Problems = slices.Clone(r.result.Problems)
	next.result.Changes = slices.Clone(r.result.Changes)
	next.result.Warned = slices.Clone(r.result.Warned)
	return &next
}

func (r *rosterImport) all(rows []RosterRow) error {
	if err := r.place(rows); err != nil {
		return err
	}
	for n := range rows {
		if err := r.row(rows, n); err != nil {
			return err
		}
	}
	return errorsOf(r.close(rows), r.checkNames(rows))
}

// close ends what is no more, and finds out who is gone.
func (r *rosterImport) close(rows []RosterRow) error {
	if err := r.endPosts(); err != nil {
		return err
	}
	return r.findGone(rows)
}

// may reports whether the importer has the right to change a unit.
func (r *rosterImport) may(unit int64) (bool, error) {
	if real, would := r.above[unit]; would {
		if real == 0 {
			return r.who.Trusted(), nil
		}
		unit = real
	}
	if known, looked := r.rights[unit]; looked {
		return known, nil
	}
	ok, err := May(r.tx, r.who, duban.ActImport, unit)
	r.rights[unit] = ok
	return ok, err
}

func (r *rosterImport) row(rows []RosterRow, n int) error {
	row, unit := rows[n], r.placed[n]
	if unit == 0 {
		r.wrong[row.Code] = true
		return nil
	}
	if ok, err := r.may(unit); err != nil || !ok {
		r.problem(row, ColumnUnit, OutsideScope, row.Unit)
		return err
	}
	if row.Name == "" {
		r.count(r.did[n], false, false)
		return nil
	}
	if row.Code == "" {
		r.problem(row, ColumnCode, CodeMissing, row.Name)
		return nil
	}
	person, state, err := r.person(row)
	if err != nil {
		return err
	}
	r.added[person] = r.added[person] || state == rowNew
	posted, err := r.post(row, person, unit)
	if err != nil {
		return err
	}
	r.count(max(state, min(r.did[n], rowChanged)), posted, r.added[person])
	return nil
}

// rowState says what a row did to its person, or to its unit.
type rowState int

const (
	rowSame rowState = iota
	rowChanged
	rowNew
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
	if id, would := r.fresh[row.Code]; would {
		return id, rowSame, nil
	}
	p, err := r.tx.PersonByCode(row.Code)
	if duban.CodeOf(err) == duban.NotFound {
		id, err := r.addPerson(wanted)
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
	return p.ID, rowChanged, r.changePerson(row, p, wanted)
}

func (r *rosterImport) addPerson(p duban.Person) (int64, error) {
	r.renamed[p.Code] = true
	if r.dry {
		r.fresh[p.Code] = -int64(len(r.fresh) + 1)
		return r.fresh[p.Code], nil
	}
	id, err := r.tx.AddPerson(p)
	if err != nil {
		return 0, err
	}
	entry := duban.Entry{Event: duban.EventRosterChanged, PersonID: id, Facts: duban.Facts{"person": "added"}}
	return id, errorsOf(r.tx.Record(r.who, entry), r.kept.add(store.PersonThing, id, store.DidAdd, nil, nil))
}

func (r *rosterImport) changePerson(row RosterRow, before, after duban.Person) error {
	r.renamed[row.Code] = r.renamed[row.Code] || before.Name != after.Name
	r.noteChange(row, FieldName, before.Name, after.Name)
	r.noteChange(row, FieldPhone, tail(before), tail(after))
	r.noteChange(row, FieldActive, yesOrNo(before.Active), Yes)
	if r.dry {
		return nil
	}
	entry := duban.Entry{Event: duban.EventRosterChanged, PersonID: before.ID, Facts: duban.Facts{"person": "changed"}}
	return errorsOf(r.tx.Record(r.who, entry), r.tx.ChangePerson(after), r.kept.add(store.PersonThing, before.ID, store.DidChange, before, after))
}

// tail is all that is shown of a telephone number.
func tail(p duban.Person) string {
	if p.PhoneTail == "" {
		return ""
	}
	return "…" + p.PhoneTail
}

func (r *rosterImport) noteChange(row RosterRow, field Field, from, to string) {
	if from == to {
		return
	}
	c := Change{Line: row.Line, Code: row.Code, Name: row.Name, Field: field, From: from, To: to}
	if row.Name == "" || field == FieldKind || field == FieldRegion || field == FieldParent {
		c.Code, c.Name = "", row.Unit
	}
	r.result.Changes = append(r.result.Changes, c)
}

// post gives a person the post of a row and reports whether that is new.
func (r *rosterImport) post(row RosterRow, person, unit int64) (bool, error) {
	key := postKey{unit, row.Role}
	if r.seen[person] == nil {
		r.seen[person] = map[postKey]bool{}
	}
	seen := r.seen[person][key]
	r.seen[person][key] = true
	if seen {
		return false, nil
	}
	had, err := r.hasPost(person, key)
	if err != nil || had {
		return false, err
	}
	if !r.added[person] && person > 0 {
		r.result.Changes = append(r.result.Changes, Change{
			Line: row.Line, Code: row.Code, Name: row.Name, Unit: row.Unit, Field: FieldPost, To: string(row.Role),
		})
	}
	if r.dry {
		return true, nil
	}
	if _, err := r.tx.SetPost(person, unit, row.Role); err != nil {
		return false, err
	}
	post := duban.Post{PersonID: person, UnitID: unit, Role: row.Role}
	entry := duban.Entry{Event: duban.EventRosterChanged, UnitID: unit, PersonID: person, Facts: duban.Facts{"post": "added", "role": string(row.Role)}}
	return true, errorsOf(r.tx.Record(r.who, entry), r.kept.add(store.PostThing, person, store.DidAdd, post, post))
}

func (r *rosterImport) hasPost(person int64, key postKey) (bool, error) {
	if person < 0 || key.unit < 0 {
		return false, nil
	}
	posts, err := r.tx.Posts(person)
	return slices.ContainsFunc(posts, func(p duban.Post) bool { return postKey{p.UnitID, p.Role} == key }), err
}

func (r *rosterImport) problem(row RosterRow, column Column, reason ProblemReason, value string) {
	r.wrong[row.Code] = true
	r.result.Problems = append(r.result.Problems, Problem{Line: row.Line, Column: column, Reason: reason, Value: value})
}

func (r *rosterImport) warn(row RosterRow, column Column, reason ProblemReason, value, arg string) {
	r.result.Warned = append(r.result.Warned, Problem{row.Line, column, reason, value, arg})
}
