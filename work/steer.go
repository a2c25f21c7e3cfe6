package work

import (
	"strings"

	"duban"
	"duban/store"
)

// steer reads an assignment, checks that the actor may do this to it, and returns it as it was and as it is once the verb has moved it.
func steer(tx *store.Tx, who duban.Actor, id int64, action duban.Action, verb duban.Verb) (before, a duban.Assignment, err error) {
	if a, err = tx.Assignment(id); err != nil {
		return a, a, err
	}
	before = a
	if err := mustMay(tx, who, action, a.UnitID); err != nil {
		return before, a, err
	}
	a.State, err = a.After(verb, tx.Now)
	return before, a, err
}

// steering is what was done to an assignment by whoever steers it, and why.
type steering struct {
	event  duban.Event
	facts  duban.Facts
	reason string
	due    string // the deadline before, where it changed
	unit   int64  // the unit of the same task whose work brought it about; 0: somebody steered
}

// steered saves an assignment that was steered, records it, shows it on its cards and tells those who have to know.
func (d *Desk) steered(tx *store.Tx, who duban.Actor, a *duban.Assignment, s steering, readers []int64) error {
	if err := d.save(tx, a); err != nil {
		return err
	}
	if err := recordOn(tx, who, *a, s.event, s.facts, s.reason); err != nil {
		return err
	}
	if len(readers) == 0 {
		return nil
	}
	if err := refreshCards(tx, *a, duban.LaneAnswer); err != nil {
		return err
	}
	return tellSteered(tx, *a, SteeredNews{Verb: s.event, By: who.PersonID, Reason: s.reason, Due: s.due, Unit: s.unit}, readers...)
}

// Receivers returns who has to know what is done to an assignment, each once: its owner, who acts for the owner today, the secretaries who answer
// for its unit, and its reviewers where a submission waits. Of what was never issued nobody knows.
func (d *Desk) Receivers(tx *store.Tx, a duban.Assignment) ([]int64, error) {
	if a.IssuedAt.IsZero() {
		return nil, nil
	}
	readers := []int64{a.OwnerID}
	absence, err := tx.AbsenceOn(a.OwnerID, d.Calendar.Today(tx.Now).String())
	switch {
	case err == nil:
		readers = append(readers, absence.DeputyID)
	case duban.CodeOf(err) != duban.NotFound:
		return nil, err
	}
	secretaries, err := Secretaries(tx, a.UnitID)
	if err != nil {
		return nil, err
	}
	people := secretaries
	if a.State == duban.Submitted || a.Before == duban.Submitted {
		task, err := tx.Task(a.TaskID)
		if err != nil {
			return nil, err
		}
		reviewers, err := Reviewers(tx, task, a)
		if err != nil {
			return nil, err
		}
		people = append(people, reviewers...)
	}
	for _, p := range people {
		readers = append(readers, p.ID)
	}
	return distinct(readers), nil
}

// distinct keeps the first of each id and leaves out 0.
func distinct(ids []int64) []int64 {
	seen := map[int64]bool{0: true}
	var kept []int64
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			kept = append(kept, id)
		}
	}
	return kept
}

// refreshReviews makes the cards of a submission that waits show that its assignment moved on without a decision.
func refreshReviews(tx *store.Tx, a duban.Assignment) error {
	sub, err := tx.LastSubmission(a.ID)
	if err != nil {
		return ignoreNotFound(err)
	}
	if sub.State != duban.SubmissionWaits {
		return nil
	}
	task, err := tx.Task(a.TaskID)
	if err != nil {
		return err
	}
	return askReviewers(tx, task, a, sub, 0)
}

// given refuses an empty reason.
func given(reason string) (string, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return "", duban.Refuse(duban.ReasonNeeded)
	}
	return reason, nil
}
