package sheet

import (
	"regexp"
	"strconv"
	"strings"
)

// RosterRow is one post of one person, or, without a name, a unit alone. Kind
// is industry_committee, school_committee, general_branch, branch or empty;
// Role is admin, leader, secretary, officer, branch_secretary or, for a unit
// alone, empty. Phone is in E.164 form or empty. Names are free of the spaces
// that people put between the characters.
type RosterRow struct {
	Line                       int // as the spreadsheet program counts, from 1
	Unit, Parent, Kind, Region string
	Name, Role, Phone, Code    string
}

// Roster reads the book as a roster. Rows with a problem are not among the
// rows returned; a cell that names several posts gives a row for each. What a
// unit's rows say of its parent, kind and region, and what a person's rows
// say of name and phone, must agree. The error is a *Refusal: no headings, a
// missing column, or no rows at all.
func (b *Book) Roster() ([]RosterRow, []Problem, error) {
	t, err := b.table(KindRoster)
	if err != nil {
		return nil, nil, err
	}
	r := rosterReader{units: map[string]RosterRow{}, parents: map[string]RosterRow{}, people: map[string]RosterRow{}, posts: map[RosterRow]int{}, lost: map[string]RosterRow{}}
	for e := range t.entries() {
		r.read(e)
	}
	if len(r.rows)+len(r.problems) == 0 {
		return nil, nil, &Refusal{Reason: NoRows}
	}
	r.fill()
	return r.rows, r.problems, nil
}

// rosterReader remembers what earlier rows said, so that later ones can be
// held against it.
type rosterReader struct {
	rows     []RosterRow
	problems []Problem
	units    map[string]RosterRow // what is known of a unit so far, by placeOf
	parents  map[string]RosterRow // the row that says what is above a unit, by its name
	people   map[string]RosterRow // the first row of a code
	posts    map[RosterRow]int    // unit, code and role → line
	lost     map[string]RosterRow // what rows whose person is wrong say of their unit, by its name
}

func (r *rosterReader) read(e *entry) {
	row := RosterRow{
		Line:   e.line.number,
		Unit:   e.neededName(colUnit),
		Parent: e.name(colParent),
		Kind:   e.choice(colKind, unitKinds, ""),
		Region: e.name(colRegion),
	}
	unitsWrong := len(e.problems) > 0
	var posts []string
	if e.hasPerson() || row.Parent == "" && row.Kind == "" {
		row.Name = e.neededName(colName)
		row.Code = e.code(colStaffCode)
		row.Phone = e.phone(colPhone)
		posts = e.roles(row.Kind)
	}
	r.compare(e, row)
	if len(e.problems) > 0 {
		r.problems = append(r.problems, e.problems...)
		if _, known := r.lost[row.Unit]; !known && !unitsWrong && row.Parent != "" {
			r.lost[row.Unit] = row
		}
		return
	}
	r.keep(e, row, posts)
}

// fill gives rows what only a wrong row of the same unit says of the unit, so
// that a wrong telephone number does not take the unit out of the tree.
func (r *rosterReader) fill() {
	for i, row := range r.rows {
		lost, known := r.lost[row.Unit]
		if _, said := r.parents[row.Unit]; !known || said {
			continue
		}
		r.rows[i].Parent, r.rows[i].Region = lost.Parent, or(row.Region, lost.Region)
		r.rows[i].Kind = or(or(row.Kind, r.units[r.placeOf(row)].Kind), lost.Kind)
	}
}

func (e *entry) hasPerson() bool {
	return e.cell(colName).text+e.cell(colRole).text+e.cell(colPhone).text+e.cell(colStaffCode).text != ""
}

// compare holds the row against the earlier ones of the same unit and the
// same person.
func (r *rosterReader) compare(e *entry, row RosterRow) {
	known := r.units[r.placeOf(row)]
	for _, pair := range []struct{ shown, before, now string }{{colKind, known.Kind, row.Kind}, {colRegion, known.Region, row.Region}} {
		if pair.before != "" && pair.now != "" && pair.before != pair.now {
			e.blame(pair.shown, UnitConflict, strconv.Itoa(known.Line))
		}
	}
	if above := r.parents[row.Unit]; !mayRepeat(row, above) && above.Line != 0 && row.Parent != "" && above.Parent != row.Parent {
		e.blame(colParent, UnitConflict, strconv.Itoa(above.Line))
	}
	person, seen := r.people[row.Code]
	if !seen || row.Code == "" {
		return
	}
	line := strconv.Itoa(person.Line)
	if row.Name != "" && row.Name != person.Name {
		e.blame(colName, PersonConflict, line)
	}
	if row.Phone != "" && person.Phone != "" && row.Phone != person.Phone {
		e.blame(colPhone, PersonConflict, line)
	}
}

// placeOf tells units of one name apart by what is above them, since 第一党支部 is
// in many schools. A row that does not say it means the first one.
func (r *rosterReader) placeOf(row RosterRow) string {
	if _, bare := r.units["/"+row.Unit]; bare {
		return "/" + row.Unit
	}
	if row.Parent == "" {
		row.Parent = r.parents[row.Unit].Parent
	}
	return row.Parent + "/" + row.Unit
}

// mayRepeat says whether there may be several units of this name: branches,
// not committees.
func mayRepeat(row, other RosterRow) bool {
	committee := func(kind string) bool { return kind == "school_committee" || kind == "industry_committee" }
	return !committee(row.Kind) && !committee(other.Kind) && or(row.Kind, other.Kind) != ""
}

// keep takes a good row, once for each post that it names.
func (r *rosterReader) keep(e *entry, row RosterRow, posts []string) {
	for _, role := range posts {
		key := RosterRow{Unit: r.placeOf(row), Code: row.Code, Role: role}
		if before, twice := r.posts[key]; twice {
			e.blame(colRole, DuplicatePost, strconv.Itoa(before))
		}
		r.posts[key] = row.Line
	}
	if len(e.problems) > 0 {
		r.problems = append(r.problems, e.problems...)
		return
	}
	r.remember(row)
	if row.Name == "" {
		r.rows = append(r.rows, row)
		return
	}
	for _, role := range posts {
		row.Role = role
		r.rows = append(r.rows, row)
	}
}

func (r *rosterReader) remember(row RosterRow) {
	place := r.placeOf(row)
	unit := r.units[place]
	if unit.Line == 0 {
		unit = RosterRow{Line: row.Line}
	}
	unit.Parent, unit.Kind, unit.Region = or(unit.Parent, row.Parent), or(unit.Kind, row.Kind), or(unit.Region, row.Region)
	r.units[place] = unit
	if _, known := r.parents[row.Unit]; row.Parent != "" && !known {
		r.parents[row.Unit] = row
	}
	if row.Code == "" {
		return
	}
	person, seen := r.people[row.Code]
	if !seen {
		person = row
	}
	person.Phone = or(person.Phone, row.Phone)
	r.people[row.Code] = person
}

func or(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

func (e *entry) phone(shown string) string {
	wrong := len(e.problems)
	number, reason := phone(e.word(shown))
	if reason != "" && len(e.problems) == wrong {
		e.blame(shown, reason, "")
	}
	return number
}

// severalRoles separates posts that stand in one cell.
var severalRoles = regexp.MustCompile(`[、,;+/\n]|兼任?`)

// roles returns the posts that a cell names. A bare 书记 is what the kind of
// the unit makes it.
func (e *entry) roles(kind string) []string {
	text := e.needed(colRole)
	if text == "" {
		return nil
	}
	if role, known := find(roles, text); known {
		return []string{role}
	}
	var found []string
	bare := inBrackets.ReplaceAllString(fold(text), "")
	for _, part := range severalRoles.Split(bare, -1) {
		if plainWord(part) == "" {
			continue
		}
		role, reason := roleOf(part, kind)
		if reason != "" {
			e.blame(colRole, reason, allowed(roles))
			return nil
		}
		found = append(found, role)
	}
	if len(found) == 0 {
		e.blame(colRole, UnknownWord, allowed(roles))
	}
	return found
}

func roleOf(text, kind string) (string, Reason) {
	if role, known := find(roles, text); known {
		return role, ""
	}
	if !strings.EqualFold(plainWord(text), "书记") {
		return "", UnknownWord
	}
	switch kind {
	case "industry_committee":
		return "leader", ""
	case "school_committee":
		return "secretary", ""
	case "general_branch", "branch":
		return "branch_secretary", ""
	}
	return "", RoleNeedsKind
}
