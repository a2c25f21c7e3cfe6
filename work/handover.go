package work

import (
	"fmt"
	"slices"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
)

// HandoverNews is the data of NewsHandover: who had which post, who follows, and what was open and has moved.
type HandoverNews struct {
	Seat  HandoverSeat `json:"seat"`
	From  int64        `json:"from"`
	To    int64        `json:"to,omitempty"` // 0: nobody is there to follow, and what is open stays
	Unit  int64        `json:"unit"`
	Role  duban.Role   `json:"role"`
	Items []int64      `json:"items,omitempty"` // by deadline
	// Standing tells that nobody holds the post now: To has what is open because he answers for the unit.
	Standing bool `json:"standing,omitempty"`
}

// HandoverSeat says why somebody reads of a handover.
type HandoverSeat string

// Who reads of a handover.
const (
	SeatSuccessor HandoverSeat = "successor"
	SeatLeaver    HandoverSeat = "leaver"
	SeatOffice    HandoverSeat = "office"
)

// cardsHandedOver is up to how many items come with their cards; more are in the list of the one message, which opens them.
const cardsHandedOver = 5

// handOver moves what somebody owned in a unit, whose post there has ended, to the successor (交接), tells the successor, the leaver and the
// administrators, and records it. Whoever keeps another post in the unit keeps what is open as well. Where nobody follows it stays, and the
// administrators are told.
func (d *Desk) handOver(tx *store.Tx, who duban.Actor, ended duban.Post) error {
	if held, err := postIn(tx, ended.PersonID, ended.UnitID); err != nil || held {
		return err
	}
	open, err := ownedIn(tx, ended.PersonID, ended.UnitID)
	if err != nil {
		return err
	}
	to, standing, err := follower(tx, ended)
	if err != nil {
		return err
	}
	if err := tellWaiting(tx, ended, to); err != nil {
		return err
	}
	news := HandoverNews{From: ended.PersonID, To: to, Unit: ended.UnitID, Role: ended.Role, Items: idsOfAll(open), Standing: standing}
	if idle, err := d.nothingToHandOver(tx, news); err != nil || idle {
		return err
	}
	if err := d.tellHandover(tx, who, news); err != nil {
		return err
	}
	if to != 0 {
		if err := d.moveAll(tx, who, open, to); err != nil {
			return err
		}
	}
	facts := duban.Facts{"from": news.From, "to": news.To, "role": string(news.Role), "items": len(open)}
	return tx.Record(who, duban.Entry{Event: duban.EventHandedOver, UnitID: news.Unit, PersonID: news.To, Facts: facts})
}

// nothingToHandOver reports whether a handover is not worth a word: nothing is open, and there is nobody to whom what was done this year matters.
func (d *Desk) nothingToHandOver(tx *store.Tx, news HandoverNews) (bool, error) {
	if len(news.Items) > 0 {
		return false, nil
	}
	if news.To == 0 || news.Standing {
		return true, nil
	}
	done, err := d.DoneInPost(tx, news)
	return len(done) == 0, err
}

// DoneInPost returns what the person who had a post has finished in its unit this year.
func (d *Desk) DoneInPost(tx *store.Tx, news HandoverNews) ([]duban.Assignment, error) {
	done, err := tx.DoneBy(news.From, d.YearBegan(tx.Now), tx.Now)
	return slices.DeleteFunc(done, func(a duban.Assignment) bool { return a.UnitID != news.Unit }), err
}

// YearBegan returns when the year of an instant began on the organisation's calendar.
func (d *Desk) YearBegan(now time.Time) time.Time {
	day := d.Calendar.Today(now)
	return calendar.Date{Year: day.Year, Month: 1, Day: 1}.At(calendar.Clock{}, d.Calendar.Zone())
}

func idsOfAll(all []duban.Assignment) []int64 {
	ids := make([]int64, len(all))
	for i, a := range all {
		ids[i] = a.ID
	}
	return ids
}

func postIn(tx *store.Tx, person, unit int64) (bool, error) {
	posts, err := tx.Posts(person)
	return slices.ContainsFunc(posts, func(p duban.Post) bool { return p.UnitID == unit }), err
}

func ownedIn(tx *store.Tx, person, unit int64) ([]duban.Assignment, error) {
	open, err := tx.OpenOf(person)
	return slices.DeleteFunc(open, func(a duban.Assignment) bool { return a.UnitID != unit }), err
}

// follower returns who gets what was open in a post that has ended: whoever holds that post now, or another that the same person had there, else the secretary who answers for the unit, else
// whoever owns new items there. Standing tells that it is not the holder of the post.
func follower(tx *store.Tx, ended duban.Post) (person int64, standing bool, err error) {
	if person, err = holderNow(tx, ended); err != nil || person != 0 {
		return person, false, err
	}
	secretaries, err := Secretaries(tx, ended.UnitID)
	if err != nil {
		return 0, true, err
	}
	for _, p := range secretaries {
		if p.ID != ended.PersonID {
			return p.ID, true, nil
		}
	}
	person, err = successorIn(tx, ended.UnitID)
	if person == ended.PersonID {
		person = 0
	}
	return person, true, err
}

// holderNow returns who holds a post that has ended, or another that the same person had in the unit; 0 when nobody does.
func holderNow(tx *store.Tx, ended duban.Post) (int64, error) {
	former, err := tx.FormerPosts(ended.PersonID, ended.UnitID)
	if err != nil {
		return 0, err
	}
	for _, post := range append([]duban.Post{ended}, former...) {
		holders, err := tx.Holders(post.UnitID, post.Role)
		if err != nil {
			return 0, err
		}
		for _, p := range holders {
			if p.ID != ended.PersonID {
				return p.ID, nil
			}
		}
	}
	return 0, nil
}

// successorIn returns who owns new items of a unit, else the secretary above; 0 when there is nobody.
func successorIn(tx *store.Tx, unit int64) (int64, error) {
	owner, reason, err := DefaultOwner(tx, unit)
	if err != nil || reason == "" {
		return owner.ID, err
	}
	above, err := Secretaries(tx, unit)
	if err != nil || len(above) == 0 {
		return 0, err
	}
	return above[0].ID, nil
}

// moveAll gives open assignments to a person, who signs anew. A few come with their cards.
func (d *Desk) moveAll(tx *store.Tx, who duban.Actor, open []duban.Assignment, to int64) error {
	for _, a := range open {
		if err := tx.CancelPushes(a.ID, "handed_over"); err != nil {
			return err
		}
		moved, err := d.move(tx, who, a, to, "")
		if err != nil {
			return err
		}
		if len(open) > cardsHandedOver {
			continue
		}
		if err := d.postCard(tx, moved); err != nil {
			return err
		}
	}
	return nil
}

// waitingScan is how many requests that wait are looked through for those on which a successor has to act.
const waitingScan = 500

// tellWaiting sends the cards of the requests that wait to whoever has to act on them now, of the successor and those who hold the post that has ended:
// there may be several, as with administrators.
func tellWaiting(tx *store.Tx, ended duban.Post, successor int64) error {
	holders, err := tx.Holders(ended.UnitID, ended.Role)
	if err != nil {
		return err
	}
	waiting, err := tx.WaitingRequests(waitingScan)
	if err != nil {
		return err
	}
	for _, r := range waiting {
		deciders, err := DecidersOf(tx, r)
		if err != nil {
			return err
		}
		for _, p := range deciders {
			if p.ID != successor && !slices.ContainsFunc(holders, func(h duban.Person) bool { return h.ID == p.ID }) {
				continue
			}
			if err := tx.Post(deciderNotice(r, p.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellHandover tells the successor, the leaver and the administrators of the unit, each once; whoever brought it about knows.
func (d *Desk) tellHandover(tx *store.Tx, who duban.Actor, news HandoverNews) error {
	readers := map[int64]HandoverSeat{}
	var order []int64
	add := func(person int64, seat HandoverSeat) {
		if _, twice := readers[person]; person != 0 && !twice {
			readers[person], order = seat, append(order, person)
		}
	}
	add(news.To, SeatSuccessor)
	add(news.From, SeatLeaver)
	admins, err := Administrators(tx, news.Unit)
	if err != nil {
		return err
	}
	for _, p := range admins {
		if p.ID != who.PersonID {
			add(p.ID, SeatOffice)
		}
	}
	for _, reader := range order {
		news.Seat = readers[reader]
		err := tx.Post(duban.Notice{
			Key:  fmt.Sprintf("handover:%d:%d:%s:%d:%d", news.Unit, news.From, news.Role, reader, tx.Now.UnixMilli()),
			Kind: duban.NewsHandover, Lane: duban.LaneReminder, PersonID: reader, Data: toJSON(news),
			NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
