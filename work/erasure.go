package work

import (
	"context"
	"fmt"

	"duban"
	"duban/store"
)

// ErasureNews is the data of NewsErasure.
type ErasureNews struct {
	Erasure int64 `json:"erasure"`
}

// ErasureSubject names the live card of an erasure before those who decide on it.
func ErasureSubject(id int64) string { return fmt.Sprintf("erasure:%d", id) }

// MayErase reports whether an actor may ask to have the data of somebody erased: an administrator above the person's unit, who is not that person.
func MayErase(tx *store.Tx, who duban.Actor, person int64) (bool, error) {
	if who.PersonID == person {
		return false, nil
	}
	unit, err := FirstUnit(tx, person)
	if err != nil || unit.ID == 0 {
		return false, ignoreMissing(err)
	}
	return May(tx, who, duban.ActBackup, unit.ID)
}

// ErasureDeciders returns who may agree to erasing somebody's data that an administrator asks for: the other administrators who may and have joined. Where
// there is none, only the operator can erase, at the console.
func ErasureDeciders(tx *store.Tx, person, asker int64) ([]duban.Person, error) {
	unit, err := FirstUnit(tx, person)
	if err != nil {
		return nil, err
	}
	admins, err := without(person, asker)(Administrators(tx, unit.ID))
	if err != nil {
		return nil, err
	}
	var joined []duban.Person
	for _, p := range admins {
		_, err := tx.AccountOfPerson(p.ID)
		if err == nil {
			joined = append(joined, p)
		}
		if ignoreMissing(err) != nil {
			return nil, err
		}
	}
	return joined, nil
}

func ignoreMissing(err error) error {
	if duban.CodeOf(err) == duban.NotFound {
		return nil
	}
	return err
}

// AskErasure asks to have the personal data of somebody erased, and puts that before the other administrators. Asking twice is asking once. Where there
// is no other administrator it is refused as NobodyElse.
func (d *Desk) AskErasure(ctx context.Context, who duban.Actor, person int64) (asked duban.Erasure, err error) {
	err = d.write(ctx, who, func(tx *store.Tx) error {
		may, err := MayErase(tx, who, person)
		if err != nil {
			return err
		}
		if !may || who.PersonID == 0 {
			return duban.Refuse(duban.NotAllowed)
		}
		if asked, err = tx.OpenErasure(person); err == nil {
			return nil
		}
		if ignoreMissing(err) != nil {
			return err
		}
		deciders, err := ErasureDeciders(tx, person, who.PersonID)
		if err != nil {
			return err
		}
		if len(deciders) == 0 {
			return duban.Refuse(duban.NobodyElse)
		}
		asked, err = d.addErasure(tx, who, person)
		if err != nil {
			return err
		}
		for _, p := range deciders {
			if err := tx.Post(erasureNotice(asked.ID, p.ID)); err != nil {
				return err
			}
		}
		return nil
	})
	return asked, err
}

func (d *Desk) addErasure(tx *store.Tx, who duban.Actor, person int64) (duban.Erasure, error) {
	id, err := tx.AddErasure(duban.Erasure{PersonID: person, AskedBy: who.PersonID})
	if err != nil {
		return duban.Erasure{}, err
	}
	if err := recordErasure(tx, who, person, duban.EventEraseAsked, nil); err != nil {
		return duban.Erasure{}, err
	}
	return tx.Erasure(id)
}

func recordErasure(tx *store.Tx, who duban.Actor, person int64, event duban.Event, facts duban.Facts) error {
	unit, err := FirstUnit(tx, person)
	if err != nil {
		return err
	}
	return tx.Record(who, duban.Entry{Event: event, UnitID: unit.ID, PersonID: person, Facts: facts})
}

func erasureNotice(id, reader int64) duban.Notice {
	return duban.Notice{
		Key: fmt.Sprintf("erasure:%d:%d", id, reader), Kind: duban.NewsErasure, Lane: duban.LaneAnswer, PersonID: reader, Data: toJSON(ErasureNews{id}),
	}
}

// AgreeErasure erases what another administrator has asked to have erased, with a name that stands in the place of the person's. It cannot be taken back.
// The asker, and the person, are refused.
func (d *Desk) AgreeErasure(ctx context.Context, who duban.Actor, id int64, name string) (done Erased, err error) {
	err = d.write(ctx, who, func(tx *store.Tx) error {
		e, err := erasureToDecide(tx, who, id)
		if err != nil {
			return err
		}
		if e.AskedBy == who.PersonID {
			return duban.Refuse(duban.OwnRequest)
		}
		if err := endErasure(tx, e, duban.ErasureDone, who.PersonID); err != nil {
			return err
		}
		done, err = d.erase(tx, who, e.PersonID, name)
		return err
	})
	return done, err
}

// RefuseErasure lets the data of somebody be kept: another administrator refuses, or the asker takes back what was asked.
func (d *Desk) RefuseErasure(ctx context.Context, who duban.Actor, id int64) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		e, err := erasureToDecide(tx, who, id)
		if err != nil {
			return err
		}
		state := duban.ErasureRefused
		if e.AskedBy == who.PersonID {
			state = duban.ErasureRetracted
		}
		if err := recordErasure(tx, who, e.PersonID, duban.EventEraseRefused, duban.Facts{"stage": string(state)}); err != nil {
			return err
		}
		return endErasure(tx, e, state, who.PersonID)
	})
}

// erasureToDecide returns an erasure that waits for a decision, to somebody who may decide on it.
func erasureToDecide(tx *store.Tx, who duban.Actor, id int64) (duban.Erasure, error) {
	e, err := tx.Erasure(id)
	if err != nil {
		return e, err
	}
	if e.State != duban.ErasureAsked {
		return e, duban.Refuse(duban.AlreadyDone)
	}
	may, err := MayErase(tx, who, e.PersonID)
	if err == nil && (!may || who.PersonID == 0) {
		err = duban.Refuse(duban.NotAllowed)
	}
	return e, err
}

// endErasure keeps what was decided, lets every card show it, and tells the asker.
func endErasure(tx *store.Tx, e duban.Erasure, state duban.ErasureState, by int64) error {
	if err := tx.EndErasure(e.ID, state, by); err != nil {
		return err
	}
	if err := repost(tx, ErasureSubject(e.ID), func(reader int64) duban.Notice { return erasureNotice(e.ID, reader) }); err != nil {
		return err
	}
	if e.AskedBy == by {
		return nil
	}
	return tx.Post(erasureNotice(e.ID, e.AskedBy))
}
