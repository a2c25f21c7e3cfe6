package work

import (
	"duban"
	"duban/calendar"
	"duban/store"
)

// follow does what follows for the other assignments of a task once a lead one was closed, called off, or is worked on again: supporting units are
// closed with the last lead unit, the others of a task that any one may do are relieved, and both come back when their reason is gone. What comes back
// late gets the deadline of the other, where one is given.
func (d *Desk) follow(tx *store.Tx, who duban.Actor, lead duban.Assignment, due calendar.Due) error {
	if lead.Support {
		return nil
	}
	task, err := tx.Task(lead.TaskID)
	if err != nil {
		return err
	}
	all, err := tx.SupportsOf(task.ID)
	if err != nil || len(all) == 0 && task.Completion != duban.CompleteAny {
		return err
	}
	if all, err = tx.AssignmentsOf(task.ID); err != nil {
		return err
	}
	for _, f := range duban.Followings(task, all, lead) {
		if err := d.followed(tx, who, f, lead, due); err != nil {
			return err
		}
	}
	return nil
}

// followAgain does what follows from the lead units of a task that are done already, for a task that was changed.
func (d *Desk) followAgain(tx *store.Tx, who duban.Actor, task duban.Task) error {
	leads, err := tx.LeadsOf(task.ID)
	if err != nil {
		return err
	}
	for _, a := range leads {
		if !a.State.Done() {
			continue
		}
		if err := d.follow(tx, who, a, calendar.Due{}); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) followed(tx *store.Tx, who duban.Actor, f duban.Following, lead duban.Assignment, due calendar.Due) error {
	a := f.Assignment
	readers, err := d.Receivers(tx, a)
	if err != nil {
		return err
	}
	if a.State, err = a.After(f.Verb, tx.Now); err != nil {
		return err
	}
	s := steering{unit: lead.UnitID, facts: duban.Facts{"other_unit": lead.UnitID}}
	switch f.Verb {
	case duban.VerbConclude:
		s.event, s.facts["reason"] = duban.EventClosed, "with_lead"
		a.SubmittedAt, a.ClosedAt = lead.SubmittedAt, tx.Now
	case duban.VerbRelieve:
		s.event, s.facts["reason"] = duban.EventCancelled, "done_by_other"
		if a.Support {
			s.facts["reason"] = "no_lead"
		}
		a.CancelledAt = tx.Now
	case duban.VerbRecall:
		return d.recall(tx, who, a, s, readers, due)
	}
	if a.FollowsID = lead.ID; f.Assignment.State != duban.Suspended {
		a.Before = f.Assignment.State
	}
	reason, _ := s.facts["reason"].(string)
	if err := d.settle(tx, who, &a, reason); err != nil {
		return err
	}
	if err := d.steered(tx, who, &a, s, readers); err != nil {
		return err
	}
	return refreshReviews(tx, a)
}

// recall takes up again what had followed another, where it stood.
func (d *Desk) recall(tx *store.Tx, who duban.Actor, a duban.Assignment, s steering, readers []int64, due calendar.Due) error {
	s.event, s.facts["reason"] = duban.EventReopened, "other_again"
	if a.Support {
		a.SubmittedAt = zeroTime
	}
	if a.State != duban.Suspended {
		a.Before = ""
	}
	a.FollowsID, a.ClosedAt, a.CancelledAt, a.RestartedAt, a.ActedUntil = 0, zeroTime, zeroTime, tx.Now, tx.Now
	if before := a.Due; !due.IsZero() && a.State.OnUnit() && d.Calendar.Overdue(before, tx.Now) {
		a.Due = due
		if err := recordDue(tx, who, a, before, "reopened", ""); err != nil {
			return err
		}
	}
	if err := d.steered(tx, who, &a, s, readers); err != nil {
		return err
	}
	return refreshReviews(tx, a)
}

// refreshLeads makes the cards of the lead units of a task show how a supporting one stands, and so those of what waits for the reviewers.
func refreshLeads(tx *store.Tx, support duban.Assignment, lane duban.Lane) error {
	leads, err := tx.LeadsOf(support.TaskID)
	if err != nil {
		return err
	}
	for _, a := range leads {
		if !a.State.Open() {
			continue
		}
		if err := refreshCards(tx, a, lane); err != nil {
			return err
		}
		if a.State != duban.Submitted {
			continue
		}
		if err := refreshReviews(tx, a); err != nil {
			return err
		}
	}
	return nil
}
