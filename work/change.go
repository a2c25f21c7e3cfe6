package work

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
)

// Change is one field that a row changes of what was known. Values with fixed words are identifiers, such as photos:3; the others are text.
type Change struct {
	Line     int
	Code     string // of the task or the person; empty for a unit
	Name     string // title of the task, name of the person or the unit
	Unit     string // the unit whose assignment or post changes; empty: all
	Field    Field
	From, To string // empty: it was not there, or is not any more
}

// Field names what a change is about. The catalogues have its word under "field.<name>".
type Field string

// What an import can change.
const (
	FieldTitle      Field = "title"
	FieldDuty       Field = "duty"
	FieldCategory   Field = "category"
	FieldEvidence   Field = "evidence"
	FieldReview     Field = "review"
	FieldReviewer   Field = "reviewer"
	FieldPriority   Field = "priority"
	FieldBasis      Field = "basis"
	FieldNote       Field = "note"
	FieldInternal   Field = "internal"
	FieldCompletion Field = "completion"
	FieldDue        Field = "due"
	FieldOwner      Field = "owner"
	FieldSupport    Field = "support"
	FieldSupports   Field = "supports" // the units that support, of an item of the plan
	FieldMilestones Field = "milestones"
	FieldUnit       Field = "unit" // a further unit gets the task; of an item of the plan all its units
	FieldName       Field = "name"
	FieldPhone      Field = "phone"
	FieldPost       Field = "post"
	FieldActive     Field = "active" // somebody who had left is back
	FieldKind       Field = "kind"
	FieldRegion     Field = "region"
	FieldParent     Field = "parent"
)

// PartField is the points of a part of an assessment. Its word is that of the part.
func PartField(part string) Field { return Field("part." + part) }

// PartReasonField is what the points of a part of an assessment rest on.
func PartReasonField(part string) Field { return Field("part_reason." + part) }

// Fields lists every field that has a word of its own.
var Fields = []Field{FieldTitle, FieldDuty, FieldCategory, FieldEvidence, FieldReview, FieldReviewer, FieldPriority, FieldBasis, FieldNote,
	FieldInternal, FieldCompletion, FieldDue, FieldOwner, FieldSupport, FieldSupports, FieldMilestones, FieldUnit, FieldName, FieldPhone, FieldPost, FieldActive,
	FieldKind, FieldRegion, FieldParent}

// Yes and No are the values of fields that are one or the other.
const (
	Yes = "yes"
	No  = "no"
)

func yesOrNo(b bool) string {
	if b {
		return Yes
	}
	return No
}

// taskChanges compares what a task says with what it said before.
func taskChanges(tx *store.Tx, line int, before, after duban.Task) ([]Change, error) {
	var all []Change
	add := func(field Field, from, to string) {
		if from != to {
			all = append(all, Change{Line: line, Code: after.Code, Name: after.Title, Field: field, From: from, To: to})
		}
	}
	add(FieldTitle, before.Title, after.Title)
	add(FieldDuty, before.Duty, after.Duty)
	add(FieldCategory, before.Category, after.Category)
	add(FieldEvidence, evidenceText(before.Evidence), evidenceText(after.Evidence))
	add(FieldReview, yesOrNo(before.Review), yesOrNo(after.Review))
	add(FieldPriority, string(before.Priority), string(after.Priority))
	add(FieldBasis, before.Basis, after.Basis)
	add(FieldNote, before.Note, after.Note)
	add(FieldInternal, yesOrNo(before.Internal), yesOrNo(after.Internal))
	add(FieldCompletion, string(before.Completion), string(after.Completion))
	if before.ReviewerID == after.ReviewerID {
		return all, nil
	}
	from, err := nameOf(tx, before.ReviewerID)
	if err != nil {
		return nil, err
	}
	to, err := nameOf(tx, after.ReviewerID)
	add(FieldReviewer, from, to)
	return all, err
}

func evidenceText(e duban.Evidence) string {
	if e.Kind == duban.PhotosEvidence {
		return string(e.Kind) + ":" + strconv.Itoa(e.Min)
	}
	return string(e.Kind)
}

// targetChanges compares an assignment with what a row makes of it.
func (d *Desk) targetChanges(tx *store.Tx, line int, task duban.Task, a duban.Assignment, t target, due calendar.Due) ([]Change, error) {
	var all []Change
	add := func(field Field, from, to string) {
		all = append(all, Change{Line: line, Code: task.Code, Name: task.Title, Unit: t.unit.Name, Field: field, From: from, To: to})
	}
	if !sameDue(a.Due, due) {
		add(FieldDue, d.dueText(a.Due), d.dueText(due))
	}
	if a.Support != t.support {
		add(FieldSupport, yesOrNo(a.Support), yesOrNo(t.support))
	}
	if !duban.SameMilestones(a.Milestones, t.milestones) {
		add(FieldMilestones, stagesText(a.Milestones), stagesText(t.milestones))
	}
	if a.OwnerID == t.owner {
		return all, nil
	}
	from, err := nameOf(tx, a.OwnerID)
	if err != nil {
		return nil, err
	}
	to, err := nameOf(tx, t.owner)
	add(FieldOwner, from, to)
	return all, err
}

func stagesText(stages []duban.Milestone) string {
	var all []string
	for _, m := range stages {
		all = append(all, m.Title+" "+m.Date.String()+" "+strconv.Itoa(m.Percent)+"%")
	}
	return strings.Join(all, "; ")
}

// nameOf returns the name of a person; empty for nobody.
func nameOf(tx *store.Tx, id int64) (string, error) {
	if id == 0 {
		return "", nil
	}
	p, err := tx.Person(id)
	return p.Name, err
}

// Missing is an assignment, or an item of the plan, that an earlier import of the same list brought and for which the file has no row any more.
type Missing struct {
	Assignment int64 // 0: it is an item of the plan
	Plan       int64
	Code       string
	Title      string
	Unit       string
	State      duban.State
}

// missingOf returns the assignments of a task that could still be cancelled, the actor having the right, without those to the units given.
func missingOf(tx *store.Tx, who duban.Actor, task duban.Task, still []target) ([]Missing, error) {
	all, err := tx.AssignmentsOf(task.ID)
	if err != nil {
		return nil, err
	}
	var missing []Missing
	for _, a := range all {
		named := slices.ContainsFunc(still, func(t target) bool { return t.unit.ID == a.UnitID })
		if named || a.Support || a.State.Done() || a.State == duban.CalledOff {
			continue
		}
		ok, err := May(tx, who, duban.ActCancel, a.UnitID)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		unit, err := tx.Unit(a.UnitID)
		if err != nil {
			return nil, err
		}
		missing = append(missing, Missing{Assignment: a.ID, Code: task.Code, Title: task.Title, Unit: unit.Name, State: a.State})
	}
	return missing, nil
}

// dueText writes a deadline as a date, or as an instant in the organisation's zone.
func (d *Desk) dueText(due calendar.Due) string {
	if due.IsDate() {
		return due.Date.String()
	}
	return due.Instant.In(d.Calendar.Zone()).Format(time.RFC3339)
}
