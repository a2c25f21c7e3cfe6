package work

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"duban"
	"duban/store"
)

// UrgedNews is the data of a NewsUrge that a person sent, and not the ladder: who urges, with what words, and which items, where there is more than
// the one that the notice names.
type UrgedNews struct {
	By    int64   `json:"by"`
	Words string  `json:"words,omitempty"`
	Items []int64 `json:"items,omitempty"`
}

// Urged says what an urge brought about.
type Urged struct {
	Items []duban.Assignment // urged now
	// Skipped are those that were not, because they were urged on the same working day already, are not with their unit any more, or are none of the
	// actor's business.
	Skipped []duban.Assignment
	People  []int64   // who gets a message
	Instead bool      // some of them because an owner cannot be reached
	Held    time.Time // when it goes out, where quiet time holds it; else zero
}

// Urge reminds the owner of an item (催办), person to person: an administrator, leader or secretary may, once a working day for each item and owner;
// sooner it is refused as TooSoon with the instant of the last time and who it was. Where the owner cannot be reached, the secretary is told as well.
func (d *Desk) Urge(ctx context.Context, who duban.Actor, id int64, words string) (Urged, error) {
	var done Urged
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		if err := d.mayUrge(tx, who, a); err != nil {
			return err
		}
		done, err = d.urge(tx, who, []duban.Assignment{a}, words)
		return err
	})
	return done, err
}

// UrgeAll reminds the owners of several items, each owner in one message, and skips those that may not be urged now. When none may, it is refused as
// NothingToDo.
func (d *Desk) UrgeAll(ctx context.Context, who duban.Actor, ids []int64, words string) (Urged, error) {
	var done Urged
	err := d.write(ctx, who, func(tx *store.Tx) error {
		var all, skipped []duban.Assignment
		for _, id := range ids {
			a, err := tx.Assignment(id)
			if err != nil {
				return err
			}
			switch err := d.mayUrge(tx, who, a); duban.CodeOf(err) {
			case "":
				all = append(all, a)
			case duban.Internal:
				return err
			default:
				skipped = append(skipped, a)
			}
		}
		if len(all) == 0 {
			return duban.Refuse(duban.NothingToDo)
		}
		var err error
		done, err = d.urge(tx, who, all, words)
		done.Skipped = skipped
		return err
	})
	return done, err
}

// mayUrge says whether an actor may urge about an assignment now.
func (d *Desk) mayUrge(tx *store.Tx, who duban.Actor, a duban.Assignment) error {
	if err := mustMay(tx, who, duban.ActUrge, a.UnitID); err != nil {
		return err
	}
	if !a.State.OnUnit() || a.OwnerID == who.PersonID {
		return duban.Refuse(duban.WrongState)
	}
	last, err := d.LastUrge(tx, a)
	if err != nil || last.Seq == 0 {
		return err
	}
	if d.Calendar.WorkingDaysBetween(d.Calendar.Today(last.At), d.Calendar.Today(tx.Now)) > 0 {
		return nil
	}
	return duban.Refuse(duban.TooSoon, "at", last.At, "by", last.Actor)
}

// LastUrge returns the entry of the last time that a person urged the present owner of an assignment; without a sequence number there is none.
func (d *Desk) LastUrge(tx *store.Tx, a duban.Assignment) (duban.Entry, error) {
	entries, err := tx.RecordOf(a.ID)
	if err != nil {
		return duban.Entry{}, err
	}
	for _, e := range slices.Backward(entries) {
		if e.Event == duban.EventUrged && e.Via != duban.ViaSystem && e.PersonID == a.OwnerID {
			return e, nil
		}
	}
	return duban.Entry{}, nil
}

// urge records and sends what is urged: each reader gets one message, about one item as a reminder under its card, about several as a list.
func (d *Desk) urge(tx *store.Tx, who duban.Actor, all []duban.Assignment, words string) (Urged, error) {
	words = strings.TrimSpace(words)
	done, items := Urged{}, map[int64][]int64{}
	for _, a := range all {
		a.Urges++
		if err := d.save(tx, &a); err != nil {
			return done, err
		}
		if err := recordOn(tx, who, a, duban.EventUrged, nil, words); err != nil {
			return done, err
		}
		if err := refreshCards(tx, a, duban.LaneReminder); err != nil {
			return done, err
		}
		readers, err := urgedReaders(tx, a)
		if err != nil {
			return done, err
		}
		for _, reader := range readers {
			if reader == who.PersonID {
				continue
			}
			if items[reader] == nil {
				done.People = append(done.People, reader)
			}
			items[reader] = append(items[reader], a.ID)
			done.Instead = done.Instead || reader != a.OwnerID
		}
		done.Items = append(done.Items, a)
	}
	if held := d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now); held.After(tx.Now) {
		done.Held = held
	}
	for _, reader := range done.People {
		if err := d.postUrge(tx, reader, items[reader], UrgedNews{By: who.PersonID, Words: words}); err != nil {
			return done, err
		}
	}
	return done, nil
}

func (d *Desk) postUrge(tx *store.Tx, reader int64, items []int64, news UrgedNews) error {
	n := duban.Notice{
		Key:  fmt.Sprintf("urged:%d:%d:%d", items[0], reader, tx.Now.UnixMilli()),
		Kind: duban.NewsUrge, Lane: duban.LaneEscalation, PersonID: reader, NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
	}
	if len(items) == 1 {
		n.AssignmentID = items[0]
	} else {
		news.Items = items
	}
	n.Data = toJSON(news)
	return tx.Post(n)
}

// urgedReaders are who is urged about an assignment: the owner, and the secretaries where the owner cannot be reached.
func urgedReaders(tx *store.Tx, a duban.Assignment) ([]int64, error) {
	account, err := tx.AccountOfPerson(a.OwnerID)
	if err == nil && account.Unreachable == "" {
		return []int64{a.OwnerID}, nil
	}
	if ignoreNotFound(err) != nil {
		return nil, err
	}
	secretaries, err := Secretaries(tx, a.UnitID)
	if err != nil {
		return nil, err
	}
	readers := []int64{a.OwnerID}
	for _, p := range secretaries {
		readers = append(readers, p.ID)
	}
	return distinct(readers), nil
}
