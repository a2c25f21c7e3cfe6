package work

import (
	"context"
	"fmt"

	"duban"
	"duban/store"
)

// Erased is what the erasure of a person's data has done.
type Erased struct {
	Person duban.Person // as it stands now
	store.Erased
}

// Erase removes the personal data of somebody by the code of the roster, and lets another name stand in its place: name, telephone number, account, and
// the words they wrote. Posts end, and what was open is handed over as when a post changes hands. What the unit did stays: items, their states, evidence
// that was handed in for them, and the record, whose entries name the person by number from then on. It is the operator's to do, at the console; in the
// chat two administrators do it together, see AskErasure.
func (d *Desk) Erase(ctx context.Context, who duban.Actor, code, name string) (done Erased, err error) {
	if who.Via != duban.ViaConsole {
		return Erased{}, duban.Refuse(duban.NotAllowed)
	}
	err = d.write(ctx, who, func(tx *store.Tx) error {
		person, err := tx.PersonByCode(code)
		if err != nil {
			return err
		}
		open, err := tx.OpenErasure(person.ID)
		if err == nil {
			err = endErasure(tx, open, duban.ErasureDone, 0)
		}
		if err != nil && duban.CodeOf(err) != duban.NotFound {
			return err
		}
		done, err = d.erase(tx, who, person.ID, name)
		return err
	})
	return done, err
}

func (d *Desk) erase(tx *store.Tx, who duban.Actor, person int64, name string) (done Erased, err error) {
	before, err := tx.Person(person)
	if err != nil {
		return done, err
	}
	if before.Code == erasedCode(person) {
		return done, duban.Refuse(duban.AlreadyDone) // what would be searched for is no name any more
	}
	unit, err := FirstUnit(tx, person)
	if err != nil && duban.CodeOf(err) != duban.NotFound {
		return done, err
	}
	if err := d.endAllPosts(tx, who, person); err != nil {
		return done, err
	}
	if done.Erased, err = tx.ErasePerson(person, erasedCode(person), name); err != nil {
		return done, err
	}
	if err := d.endFor(tx, person); err != nil {
		return done, err
	}
	if done.Person, err = tx.Person(person); err != nil {
		return done, err
	}
	return done, tx.Record(who, duban.Entry{Event: duban.EventErased, UnitID: unit.ID, PersonID: person, Facts: duban.Facts{
		"notes": done.Notes, "reports": done.Reports, "answers": done.Answers, "words": done.Words, "files_named": done.Files,
	}})
}

// erasedCode is the code of somebody whose data was erased.
func erasedCode(person int64) string { return fmt.Sprintf("erased#%d", person) }

// endAllPosts ends the posts of somebody and hands over what was open in them.
func (d *Desk) endAllPosts(tx *store.Tx, who duban.Actor, person int64) error {
	posts, err := tx.Posts(person)
	if err != nil {
		return err
	}
	for _, p := range posts {
		if err := tx.EndPost(p.ID); err != nil {
			return err
		}
	}
	for _, p := range posts {
		if err := d.handOver(tx, who, p); err != nil {
			return err
		}
	}
	return nil
}
