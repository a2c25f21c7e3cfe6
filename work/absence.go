package work

import (
	"context"
	"fmt"

	"duban"
	"duban/calendar"
	"duban/store"
)

// longestAbsence is how many days an absence lasts at most; whoever is away for longer leaves the post to somebody else.
const longestAbsence = 366

// AbsenceNews is the data of NewsDeputy: which absence began or was changed, or that it was taken back.
type AbsenceNews struct {
	AbsenceID int64  `json:"absence"`
	PersonID  int64  `json:"person"`
	DeputyID  int64  `json:"deputy"`
	From      string `json:"from"`
	To        string `json:"to"`
	By        int64  `json:"by,omitempty"`
	Ended     bool   `json:"ended,omitempty"`
}

// SetAbsence says that a person is away between two local dates, both included, and who acts in his place: he may sign, report, submit and review for
// the person, with both names in the record, and is reminded in his place. The person himself may say so, a secretary for the own school, and an
// administrator. The deputy must hold a post in the person's unit or above it. A later absence goes before an earlier one of the same days.
func (d *Desk) SetAbsence(ctx context.Context, who duban.Actor, b duban.Absence) (duban.Absence, error) {
	var set duban.Absence
	err := d.write(ctx, who, func(tx *store.Tx) error {
		unit, err := mayKeepAbsences(tx, who, b.PersonID)
		if err != nil {
			return err
		}
		if err := d.absenceInOrder(tx, b); err != nil {
			return err
		}
		b.SetBy, b.SetAt = who.PersonID, tx.Now
		if b.ID, err = tx.AddAbsence(b); err != nil {
			return err
		}
		set = b
		if err := recordAbsence(tx, who, duban.EventAbsent, unit, b); err != nil {
			return err
		}
		return d.tellAbsence(tx, who, b, false)
	})
	return set, err
}

// EndAbsence takes an absence back (销假). Whoever may set one may, but not the deputy.
func (d *Desk) EndAbsence(ctx context.Context, who duban.Actor, id int64) (duban.Absence, error) {
	var ended duban.Absence
	err := d.write(ctx, who, func(tx *store.Tx) error {
		b, err := tx.Absence(id)
		if err != nil {
			return err
		}
		unit, err := mayKeepAbsences(tx, who, b.PersonID)
		if err != nil {
			return err
		}
		if err := tx.EndAbsence(id); err != nil {
			return err
		}
		ended = b
		if err := recordAbsence(tx, who, duban.EventAbsenceEnded, unit, b); err != nil {
			return err
		}
		return d.tellAbsence(tx, who, b, true)
	})
	return ended, err
}

// MayKeepAbsences reports whether an actor may set and take back the absences of a person.
func MayKeepAbsences(tx *store.Tx, who duban.Actor, person int64) (bool, error) {
	_, err := mayKeepAbsences(tx, who, person)
	if code := duban.CodeOf(err); code == duban.NotAllowed || code == duban.NotFound {
		return false, nil
	}
	return err == nil, err
}

// mayKeepAbsences returns the unit by which an actor may keep the absences of a person.
func mayKeepAbsences(tx *store.Tx, who duban.Actor, person int64) (int64, error) {
	p, err := tx.Person(person)
	if err != nil {
		return 0, err
	}
	posts, err := tx.Posts(person)
	if err != nil {
		return 0, err
	}
	if !p.Active || len(posts) == 0 {
		return 0, duban.Refuse(duban.NotFound)
	}
	if who.PersonID == person {
		return posts[0].UnitID, nil
	}
	for _, post := range posts {
		if ok, err := May(tx, who, duban.ActAbsence, post.UnitID); err != nil || ok {
			return post.UnitID, err
		}
	}
	return 0, duban.Refuse(duban.NotAllowed)
}

// absenceInOrder refuses dates that make no time still to come, and a deputy who has nothing to do with the person's unit.
func (d *Desk) absenceInOrder(tx *store.Tx, b duban.Absence) error {
	from, err := calendar.ParseDate(b.From)
	if err != nil {
		return duban.Refuse(duban.BadRange)
	}
	to, err := calendar.ParseDate(b.To)
	if err != nil || to.Before(from) || to.Before(d.Calendar.Today(tx.Now)) || from.DaysUntil(to) >= longestAbsence {
		return duban.Refuse(duban.BadRange)
	}
	ok, err := MayStandIn(tx, b.DeputyID, b.PersonID)
	if err == nil && !ok {
		return duban.Refuse(duban.BadDeputy)
	}
	return err
}

// MayStandIn reports whether somebody can be the deputy of a person: another one, who holds a post in a unit of the person or above it.
func MayStandIn(tx *store.Tx, deputy, person int64) (bool, error) {
	if deputy == person {
		return false, nil
	}
	theirs, err := tx.Posts(person)
	if err != nil {
		return false, err
	}
	posts, err := tx.Posts(deputy)
	if err != nil {
		return false, err
	}
	for _, own := range posts {
		for _, post := range theirs {
			depth, err := tx.Depth(own.UnitID, post.UnitID)
			if err != nil || depth >= 0 {
				return err == nil, err
			}
		}
	}
	return false, nil
}

func recordAbsence(tx *store.Tx, who duban.Actor, event duban.Event, unit int64, b duban.Absence) error {
	return tx.Record(who, duban.Entry{Event: event, UnitID: unit, PersonID: b.PersonID, Facts: duban.Facts{
		"absence": b.ID, "deputy": b.DeputyID, "from": b.From, "to": b.To,
	}})
}

// tellAbsence tells the deputy and the person, where somebody else has decided it. Quiet time holds it.
func (d *Desk) tellAbsence(tx *store.Tx, who duban.Actor, b duban.Absence, ended bool) error {
	news := AbsenceNews{b.ID, b.PersonID, b.DeputyID, b.From, b.To, who.PersonID, ended}
	for _, reader := range []int64{b.DeputyID, b.PersonID} {
		if reader == who.PersonID {
			continue
		}
		err := tx.Post(duban.Notice{
			Key:  fmt.Sprintf("deputy:%d:%d:%t", b.ID, reader, ended),
			Kind: duban.NewsDeputy, Lane: duban.LaneReminder, PersonID: reader, Data: toJSON(news),
			NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
