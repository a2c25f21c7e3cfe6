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
	r := rosterReader{units: map[string]RosterRow{}, people: map[string]RosterRow{}, posts: map[RosterRow]int{}}
	for e := range t.entries() {
		r.read(e)
	}
	if len(r.rows)+len(r.problems) == 0 {
		return nil, nil, &Refusal{Reason: NoRows}
	}
	return r.rows, r.problems, nil
}

// rosterReader remembers what earlier rows said, so that later ones can be
// held against it.
type rosterReader struct {
	rows     []RosterRow
	problems []Problem
	units    map[string]RosterRow // what is known of a unit so far
	people   map[string]RosterRow // the first row of a code
	posts    map[RosterRow]int    // unit, code and role → line
}

func (r *rosterReader) read(e *entry) {
	row := RosterRow{
		Line:   e.line.number,
		Unit:   e.neededName(colUnit),
		Parent: e.name(colParent),
		Kind:   e.choice(colKind, unitKinds, ""),
		Region: e.name(colRegion),
	}
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
		return
	}
	r.keep(e, row, posts)
}

func (e *entry) hasPerson() bool {
	return e.cell(colName).text+e.cell(colRole).text+e.cell(colPhone).text+e.cell(colStaffCode).text != ""
}

// compare holds the row against the earlier ones of the same unit and the
// same person.
func (r *rosterReader) compare(e *entry, row RosterRow) {
	known := r.units[row.Unit]
	line := strconv.Itoa(known.Line)
	for _, pair := range []struct{ shown, before, now string }{
		{colParent, known.Parent, row.Parent}, {colKind, known.Kind, row.Kind}, {colRegion, known.Region, row.Region},
	} {
		if pair.before != "" && pair.now != "" && pair.before != pair.now {
			e.blame(pair.shown, UnitConflict, line)
		}
	}
	person, seen := r.people[row.Code]
	if !seen || row.Code == "" {
		return
	}
	line = strconv.Itoa(person.Line)
	if row.Name != "" && row.Name != person.Name {
		e.blame(colName, PersonConflict, line)
	}
	if row.Phone != "" && person.Phone != "" && row.Phone != person.Phone {
		e.blame(colPhone, PersonConflict, line)
	}
}

// keep takes a good row, once for each post that it names.
func (r *rosterReader) keep(e *entry, row RosterRow, posts []string) {
	for _, role := range posts {
		key := RosterRow{Unit: row.Unit, Code: row.Code, Role: role}
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
	unit := r.units[row.Unit]
	if unit.Line == 0 {
		unit = RosterRow{Line: row.Line}
	}
	unit.Parent, unit.Kind, unit.Region = or(unit.Parent, row.Parent), or(unit.Kind, row.Kind), or(unit.Region, row.Region)
	r.units[row.Unit] = unit
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
