package work

import (
	"context"

	"duban"
	"duban/calendar"
	"duban/store"
)

// Corrected says how far a correction went.
type Corrected struct {
	Quietly int // assignments nobody had signed for: their cards were edited
	Told    int // assignments whose owner was told what changed
	Left    int // assignments that are over, left as they are
}

// Correct changes an issued item (修改): what the task says, and the deadline of the assignments that are still the unit's; the zero deadline leaves it.
// Where nobody has signed, cards are edited; afterwards the owner is told what changed. Whoever drew the item up may, and administrators. Those who
// approved it are told.
func (d *Desk) Correct(ctx context.Context, who duban.Actor, task duban.Task, due calendar.Due) (Corrected, error) {
	var done Corrected
	err := d.write(ctx, who, func(tx *store.Tx) error {
		done = Corrected{}
		before, err := tx.Task(task.ID)
		if err != nil {
			return err
		}
		if err := mayCorrect(tx, who, before); err != nil {
			return err
		}
		if !due.IsZero() && d.Calendar.Overdue(due, tx.Now) {
			return duban.Refuse(duban.DuePast)
		}
		task.Code, task.IssuerID, task.CreatedAt = before.Code, before.IssuerID, before.CreatedAt
		task.DueText, task.DueRead = before.DueText, before.DueRead
		facts := duban.Facts{"fields": changedFields(before, task)}
		if err := tx.Record(who, duban.Entry{Event: duban.EventChanged, TaskID: task.ID, Facts: facts, Note: before.Title}); err != nil {
			return err
		}
		return errorsOf(tx.ChangeTask(task), d.correctAll(tx, who, task, due, &done))
	})
	return done, err
}

// changedFields names what is different about a task, for the record.
func changedFields(before, after duban.Task) []string {
	fields := []string{}
	for _, f := range []struct {
		name string
		same bool
	}{
		{"title", before.Title == after.Title}, {"duty", before.Duty == after.Duty}, {"category", before.Category == after.Category},
		{"due", before.DueText == after.DueText}, {"evidence", before.Evidence == after.Evidence}, {"review", before.Review == after.Review},
		{"reviewer", before.ReviewerID == after.ReviewerID}, {"priority", before.Priority == after.Priority}, {"basis", before.Basis == after.Basis},
		{"note", before.Note == after.Note}, {"internal", before.Internal == after.Internal}, {"completion", before.Completion == after.Completion},
	} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// MayCorrect reports whether an actor may correct an issued item.
func MayCorrect(tx *store.Tx, who duban.Actor, task duban.Task) (bool, error) {
	err := mayCorrect(tx, who, task)
	if duban.CodeOf(err) == duban.NotAllowed {
		return false, nil
	}
	return err == nil, err
}

func mayCorrect(tx *store.Tx, who duban.Actor, task duban.Task) error {
	targets, _, err := targetsOf(tx, task.ID)
	if err != nil {
		return err
	}
	for _, t := range targets {
		if err := mustMay(tx, who, duban.ActIssue, t.Unit.ID); err != nil {
			return err
		}
	}
	role, err := issuerRole(tx, who, targets)
	if err != nil || who.Trusted() || task.IssuerID == who.PersonID || role == duban.Admin || role == duban.Leader {
		return err
	}
	return duban.Refuse(duban.NotAllowed)
}

func (d *Desk) correctAll(tx *store.Tx, who duban.Actor, task duban.Task, due calendar.Due, done *Corrected) error {
	all, err := tx.AssignmentsOf(task.ID)
	if err != nil {
		return err
	}
	signed := false
	for _, a := range all {
		signed = signed || !a.AcceptedAt.IsZero()
	}
	for _, a := range all {
		switch {
		case !a.State.Open():
			done.Left++
		case a.State == duban.Issued:
			err = d.correctUnsigned(tx, who, a, due, !signed)
			done.Quietly++
		default:
			err = d.change(tx, who, a, a.OwnerID, dueOr(a, due))
			done.Told++
		}
		if err != nil {
			return err
		}
	}
	return tellApprovedBy(tx, who, task, all)
}

// dueOr is the deadline an assignment gets: the new one while the unit's clock runs, else its own.
func dueOr(a duban.Assignment, due calendar.Due) calendar.Due {
	if due.IsZero() || !a.State.OnUnit() {
		return a.Due
	}
	return due
}

// correctUnsigned changes an assignment that nobody has signed for. As long as nobody at all has, what was set at first does not count.
func (d *Desk) correctUnsigned(tx *store.Tx, who duban.Actor, a duban.Assignment, due calendar.Due, forgets bool) error {
	event, facts := duban.EventChanged, duban.Facts(nil)
	if !due.IsZero() && !sameDue(a.Due, due) {
		event, facts = duban.EventDeadlineChanged, duban.Facts{"from": dueFact(a.Due), "to": dueFact(due), "corrected": forgets}
		a.Due = due
		if forgets {
			a.OriginalDue = due
		}
	}
	return errorsOf(recordOn(tx, who, a, event, facts, ""), d.save(tx, &a), refreshCards(tx, a, duban.LaneReminder))
}

// tellApprovedBy tells those who approved an item that it was corrected.
func tellApprovedBy(tx *store.Tx, who duban.Actor, task duban.Task, all []duban.Assignment) error {
	requests, err := tx.RequestsOfTask(task.ID)
	if err != nil || len(all) == 0 {
		return err
	}
	for _, r := range requests {
		if r.State != duban.Granted {
			continue
		}
		if err := tellSteered(tx, all[0], SteeredNews{Verb: duban.EventChanged, By: who.PersonID}, r.DecidedBy); err != nil {
			return err
		}
	}
	return nil
}
