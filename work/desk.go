// Package work is the verbs: one method of Desk for each thing that a person may ask for. Chat, web and command line all ask here, so this
// is the table of contents of what Duban can do.
//
// A verb opens one transaction. In it, it checks the right of who asks, lets a pure rule of package duban decide, saves, appends to the
// record and posts the news that follows. A refusal that people can act on is a *duban.Error.
package work

import (
	"context"
	"fmt"
	"time"

	"duban"
	"duban/assess"
	"duban/calendar"
	"duban/store"
)

// Desk is where work is asked for. It is safe for concurrent use.
type Desk struct {
	Store    *store.Store
	Calendar *calendar.Calendar
	Policy   duban.Policy
	// Rules are those of the year-end assessment; without a version the shipped ones hold.
	Rules assess.Rules
	// At stamps what is done with another instant than now. It is for putting past events into an empty database.
	At time.Time
}

// Past returns a desk whose transactions are stamped with an instant of the past.
func (d *Desk) Past(at time.Time) *Desk {
	past := *d
	past.At = at
	return &past
}

// write runs a verb in one transaction. What a cause has brought about before is not done again: then duban.ErrRepeated comes back. Whoever
// asks through an account must still be bound at the moment of the effect.
func (d *Desk) write(ctx context.Context, who duban.Actor, fn func(*store.Tx) error) error {
	do := func(tx *store.Tx) error {
		if err := stillBound(tx, who); err != nil {
			return err
		}
		if who.Cause != 0 {
			if err := tx.Claim(who.Cause, who.Part); err != nil {
				return err
			}
		}
		return fn(tx)
	}
	if d.At.IsZero() {
		return d.Store.Write(ctx, do)
	}
	return d.Store.WriteAt(ctx, d.At, do)
}

func stillBound(tx *store.Tx, who duban.Actor) error {
	if who.Trusted() {
		return nil
	}
	account, err := tx.Account(who.AccountID)
	if err != nil {
		return duban.Refuse(duban.NotBound)
	}
	person, err := tx.Person(who.PersonID)
	if err != nil || !person.Active || !account.Active() || account.PersonID != who.PersonID {
		return duban.Refuse(duban.NotBound)
	}
	return nil
}

// May reports whether an actor has a right towards a unit, by any of the posts held at this moment, or where a deputy has it too, by the posts of
// somebody for whom he acts today.
func May(tx *store.Tx, who duban.Actor, action duban.Action, unit int64) (bool, error) {
	if who.Trusted() {
		return true, nil
	}
	if ok, err := mayByPosts(tx, who.PersonID, action, unit); err != nil || ok {
		return ok, err
	}
	return mayByDeputy(tx, who, action, unit)
}

func mayByPosts(tx *store.Tx, person int64, action duban.Action, unit int64) (bool, error) {
	posts, err := tx.Posts(person)
	if err != nil {
		return false, err
	}
	for _, p := range posts {
		scope := duban.Right(action, p.Role)
		if scope == duban.Nowhere {
			continue
		}
		depth, err := tx.Depth(p.UnitID, unit)
		if err != nil {
			return false, err
		}
		if scope.Covers(depth) {
			return true, nil
		}
	}
	return false, nil
}

// mustMay returns the refusal where May says no.
func mustMay(tx *store.Tx, who duban.Actor, action duban.Action, unit int64) error {
	ok, err := May(tx, who, action, unit)
	if err == nil && !ok {
		return duban.Refuse(duban.NotAllowed)
	}
	return err
}

// save computes when the scheduler has to look at an assignment next, saves it, and lets the boards show it.
func (d *Desk) save(tx *store.Tx, a *duban.Assignment) error {
	policy, err := d.PolicyFor(tx, *a)
	if err != nil {
		return err
	}
	a.NextAction = policy.NextAction(*a, d.Calendar)
	if err := tx.SaveAssignment(*a, d.Calendar.End(a.Due)); err != nil {
		return err
	}
	return boardsOf(tx, *a)
}

// PolicyFor returns the policy for an assignment: the configured one, with the ladder as it was when the assignment was issued.
func (d *Desk) PolicyFor(tx *store.Tx, a duban.Assignment) (duban.Policy, error) {
	policy := d.Policy
	if a.LadderID == 0 {
		return policy, nil
	}
	var err error
	policy.Ladder, err = tx.Ladder(a.LadderID)
	return policy, err
}

// CardSubject names the live card of an assignment.
func CardSubject(assignment int64) string { return fmt.Sprintf("assignment:%d", assignment) }

// RefreshCard makes the card of an assignment in its owner's chat, and the board there, show how it stands now, its light above all.
func RefreshCard(tx *store.Tx, a duban.Assignment) error {
	return errorsOf(refreshCards(tx, a, duban.LaneReminder), boardsOf(tx, a))
}

// refreshCards makes the card of an assignment show how it stands, in its owner's chat and wherever else it has been opened. That of a supporting unit
// shows on the cards of the lead units too.
func refreshCards(tx *store.Tx, a duban.Assignment, lane duban.Lane) error {
	if a.Support {
		if err := refreshLeads(tx, a, lane); err != nil {
			return err
		}
	}
	if err := refreshCard(tx, a, a.OwnerID, lane); err != nil {
		return err
	}
	cards, err := tx.CardsOf(CardSubject(a.ID))
	if err != nil {
		return err
	}
	for _, c := range cards {
		if c.PersonID == a.OwnerID {
			continue
		}
		if err := refreshCard(tx, a, c.PersonID, lane); err != nil {
			return err
		}
	}
	return nil
}

// repost makes every card of a subject, in whosever chat, show how it stands now.
func repost(tx *store.Tx, subject string, notice func(reader int64) duban.Notice) error {
	cards, err := tx.CardsOf(subject)
	if err != nil {
		return err
	}
	for _, c := range cards {
		if err := tx.Post(notice(c.PersonID)); err != nil {
			return err
		}
	}
	return nil
}

// refreshCard makes the card of an assignment in a person's chat show how it stands.
func refreshCard(tx *store.Tx, a duban.Assignment, person int64, lane duban.Lane) error {
	return tx.Post(cardNotice(a, person, lane))
}

func cardNotice(a duban.Assignment, person int64, lane duban.Lane) duban.Notice {
	return duban.Notice{
		Key: fmt.Sprintf("card:%d:%d", a.ID, person), Kind: duban.NewsCard, Lane: lane, PersonID: person, AssignmentID: a.ID,
	}
}

// Secretaries returns who answers for a unit: the secretaries of the nearest committee at or above it.
func Secretaries(tx *store.Tx, unit int64) ([]duban.Person, error) {
	return tx.HoldersAbove(unit, duban.Secretary)
}

// Administrators returns the administrators in charge of a unit: those of the nearest unit at or above it that has any.
func Administrators(tx *store.Tx, unit int64) ([]duban.Person, error) {
	return tx.HoldersAbove(unit, duban.Admin)
}

// Reviewers returns who may decide on an assignment's submission: the reviewer named by the task, else its issuer, else the administrators
// of the nearest unit above. The first decision counts. An officer who issues an item decides on it too: whoever asked for it knows what was asked for, and
// naming a reviewer leaves it to somebody else; the table of rights gives officers no review of what others issued.
func Reviewers(tx *store.Tx, t duban.Task, a duban.Assignment) ([]duban.Person, error) {
	for _, id := range []int64{t.ReviewerID, t.IssuerID} {
		if id == 0 {
			continue
		}
		p, err := tx.Person(id)
		if err != nil {
			return nil, err
		}
		if p.Active {
			return []duban.Person{p}, nil
		}
	}
	return Administrators(tx, a.UnitID)
}
