package work

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"duban"
	"duban/store"
)

// The limits for Telegram users who are not bound, for each hour.
const (
	strangerWindow  = time.Hour
	strangerAnswers = 2
	strangerMisses  = 5
)

// pendingValid is how long an opened invitation waits for 是我.
const pendingValid = 24 * time.Hour

// Stranger is the actor of somebody who is not bound yet. What he does has no cause: joining is done once by its own state, and who has joined is no
// stranger any more when the update comes again.
var Stranger = duban.System

// Opened is what is shown to whoever opens an invitation.
type Opened struct {
	Person duban.Person
	Unit   duban.Unit
}

// OpenInvitation looks at the link that a Telegram user has opened, and remembers it for 是我. It uses nothing up. A link that is wrong,
// expired or used is refused as LinkInvalid, and so is every further one of that user after five of them in an hour.
func (d *Desk) OpenInvitation(ctx context.Context, who duban.Actor, telegramID int64, secret string) (Opened, error) {
	var opened Opened
	err := d.attempt(ctx, who, telegramID, func(tx *store.Tx, stranger store.Stranger) error {
		person, err := tx.Invited(store.HashSecret(secret))
		if duban.CodeOf(err) == duban.NotFound {
			return missed("link")
		}
		if err != nil {
			return err
		}
		unit, err := FirstUnit(tx, person.ID)
		if err != nil {
			return err
		}
		opened = Opened{person, unit}
		stranger.Pending, stranger.PendingAt = store.HashSecret(secret), tx.Now
		return tx.SaveStranger(stranger)
	})
	return opened, err
}

// missed is what an attempt to join returns when what was shown is not good: it is counted.
type missed string

// Error names what was shown.
func (m missed) Error() string { return "a wrong " + string(m) }

// attempt runs an attempt to join. What was shown and is not good is counted and refused as LinkInvalid, and after five of those in an hour so is
// everything.
func (d *Desk) attempt(ctx context.Context, who duban.Actor, telegramID int64, fn func(*store.Tx, store.Stranger) error) error {
	var refusal error
	err := d.write(ctx, who, func(tx *store.Tx) error {
		refusal = nil
		stranger, err := strangerNow(tx, telegramID)
		if err != nil {
			return err
		}
		if stranger.Misses >= strangerMisses {
			refusal = duban.Refuse(duban.LinkInvalid)
			return nil
		}
		err = fn(tx, stranger)
		if wrong, ok := errors.AsType[missed](err); ok {
			refusal = duban.Refuse(duban.LinkInvalid)
			return miss(tx, stranger, string(wrong))
		}
		return err
	})
	return errors.Join(err, refusal)
}

// strangerNow reads what is kept of a Telegram user and begins a new hour where the old one is over.
func strangerNow(tx *store.Tx, telegramID int64) (store.Stranger, error) {
	s, err := tx.Stranger(telegramID)
	if tx.Now.Sub(s.Window) >= strangerWindow {
		s.Window, s.Answers, s.Misses = tx.Now, 0, 0
	}
	return s, err
}

// miss counts a wrong attempt to join. It is recorded once in each hour and user, so that guessing does not fill the record.
func miss(tx *store.Tx, s store.Stranger, what string) error {
	s.Misses++
	if s.Misses == 1 || s.Misses == strangerMisses {
		entry := duban.Entry{Event: duban.EventDenied, Facts: duban.Facts{"what": what, "misses": s.Misses}, Note: strconv.FormatInt(s.TelegramID, 10)}
		if err := tx.Record(duban.System, entry); err != nil {
			return err
		}
	}
	return tx.SaveStranger(s)
}

// MayAnswer reports whether a Telegram user who is not bound may be answered once more: two messages in an hour at most. It counts the answer.
func (d *Desk) MayAnswer(ctx context.Context, telegramID int64) (bool, error) {
	var may bool
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		s, err := strangerNow(tx, telegramID)
		if err != nil {
			return err
		}
		may = s.Answers < strangerAnswers
		if may {
			s.Answers++
		}
		return tx.SaveStranger(s)
	})
	return may, err
}

// Proof is what a person shows beside the link, where a second factor is asked for.
type Proof struct {
	Phone string // E.164, of the person's own contact
	Last4 string
}

// Joined is a person who has just been bound.
type Joined struct {
	Person  duban.Person
	Account duban.Account
	Unit    duban.Unit
	Posts   []duban.Post
	Open    []duban.Assignment
}

// Join binds a Telegram user to the person whose invitation he opened, after 是我. The link is used up by this, once: of two people who race
// for it one gets LinkInvalid. Where the policy asks for a second factor that proof does not give, it is refused as EvidenceNeeded and the
// link stays good.
func (d *Desk) Join(ctx context.Context, who duban.Actor, telegramID int64, lang string, proof Proof) (Joined, error) {
	var joined Joined
	var refusal error
	err := d.write(ctx, who, func(tx *store.Tx) error {
		refusal = nil
		s, err := strangerNow(tx, telegramID)
		if err != nil {
			return err
		}
		if s.Pending == nil || tx.Now.Sub(s.PendingAt) > pendingValid {
			return duban.Refuse(duban.LinkInvalid)
		}
		person, err := tx.Invited(s.Pending)
		if duban.CodeOf(err) == duban.NotFound {
			return duban.Refuse(duban.LinkInvalid)
		}
		if err != nil {
			return err
		}
		if ok, tried := d.proves(tx, person, proof); !ok {
			refusal = duban.Refuse(duban.EvidenceNeeded)
			if tried {
				return miss(tx, s, "second factor")
			}
			return nil
		}
		if ok, err := tx.UseInvitation(s.Pending, telegramID); err != nil || !ok {
			return orRefuse(err, duban.LinkInvalid)
		}
		joined, err = d.bind(tx, person, telegramID, lang, "link")
		return err
	})
	if err == nil {
		err = refusal
	}
	return joined, err
}

// proves reports whether the second factor is given, and whether one was tried at all.
func (d *Desk) proves(tx *store.Tx, p duban.Person, proof Proof) (ok, tried bool) {
	switch d.Policy.SecondFactor {
	case duban.ContactFactor:
		return proof.Phone != "" && bytes.Equal(tx.HashPhone(proof.Phone), p.PhoneHash), proof.Phone != ""
	case duban.Last4Factor:
		return proof.Last4 != "" && proof.Last4 == p.PhoneTail, proof.Last4 != ""
	}
	return true, false
}

// JoinByContact binds a Telegram user by the telephone number of his own contact, which must be that of exactly one person of the roster.
// Everything else is refused as LinkInvalid, without a hint whether the number is known.
func (d *Desk) JoinByContact(ctx context.Context, who duban.Actor, telegramID int64, lang, phone string) (Joined, error) {
	var joined Joined
	err := d.attempt(ctx, who, telegramID, func(tx *store.Tx, _ store.Stranger) error {
		people, err := tx.PeopleWithPhone(phone)
		if err != nil {
			return err
		}
		if len(people) != 1 {
			return missed("contact")
		}
		joined, err = d.bind(tx, people[0], telegramID, lang, "contact")
		return err
	})
	return joined, err
}

func (d *Desk) bind(tx *store.Tx, person duban.Person, telegramID int64, lang, by string) (Joined, error) {
	unit, err := FirstUnit(tx, person.ID)
	if err != nil {
		return Joined{}, err
	}
	if _, err := tx.AccountOfTelegram(telegramID); err == nil {
		return Joined{}, duban.Refuse(duban.LinkInvalid)
	} else if ignoreNotFound(err) != nil {
		return Joined{}, err
	}
	if before, err := tx.AccountOfPerson(person.ID); err == nil {
		if err := revoke(tx, duban.System, before, unit.ID); err != nil {
			return Joined{}, err
		}
	} else if ignoreNotFound(err) != nil {
		return Joined{}, err
	}
	joined := Joined{Person: person, Unit: unit}
	if joined.Account, err = tx.Bind(person.ID, telegramID, lang); err != nil {
		return joined, err
	}
	if joined.Posts, err = tx.Posts(person.ID); err != nil {
		return joined, err
	}
	if joined.Open, err = tx.OpenOf(person.ID); err != nil {
		return joined, err
	}
	if err := tx.SaveStranger(store.Stranger{TelegramID: telegramID, Window: tx.Now}); err != nil {
		return joined, err
	}
	return joined, d.welcome(tx, joined, by)
}

// cardsOnJoining is how many cards a person who joins gets at once; the rest is a tap away in the list.
const cardsOnJoining = 5

// afterGreeting lets the greeting arrive before the cards.
const afterGreeting = time.Second

func (d *Desk) welcome(tx *store.Tx, j Joined, by string) error {
	actor := duban.Actor{PersonID: j.Person.ID, AccountID: j.Account.ID, Via: duban.ViaChat}
	entry := duban.Entry{Event: duban.EventJoined, UnitID: j.Unit.ID, PersonID: j.Person.ID, Facts: duban.Facts{"by": by}}
	if err := tx.Record(actor, entry); err != nil {
		return err
	}
	for i, a := range j.Open {
		if i == cardsOnJoining {
			break
		}
		if err := tx.DropCard(CardSubject(a.ID), j.Person.ID); err != nil {
			return err
		}
		card := cardNotice(a, j.Person.ID, duban.LaneAnswer)
		card.NotBefore = tx.Now.Add(afterGreeting)
		if err := tx.Post(card); err != nil {
			return err
		}
	}
	return tellAdministrators(tx, j.Unit.ID, duban.Notice{
		Key: fmt.Sprintf("joined:%d", j.Account.ID), Kind: duban.NewsJoined, Lane: duban.LaneReminder,
		Data: toJSON(PersonNews{PersonID: j.Person.ID}), NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
	})
}

// NotMe is the answer of somebody who opened a link that is not his: the administrators are told, the link stays unused.
func (d *Desk) NotMe(ctx context.Context, who duban.Actor, telegramID int64) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		s, err := strangerNow(tx, telegramID)
		if err != nil || s.Pending == nil {
			return err
		}
		person, err := tx.Invited(s.Pending)
		s.Pending, s.PendingAt = nil, time.Time{}
		if err != nil {
			return ignoreNotFound(err)
		}
		unit, err := FirstUnit(tx, person.ID)
		if err != nil {
			return err
		}
		entry := duban.Entry{Event: duban.EventDenied, UnitID: unit.ID, PersonID: person.ID, Facts: duban.Facts{"what": "not me"}}
		if err := tx.Record(duban.System, entry); err != nil {
			return err
		}
		if err := tx.SaveStranger(s); err != nil {
			return err
		}
		return tellAdministrators(tx, unit.ID, duban.Notice{
			Key: fmt.Sprintf("not_me:%d:%d", person.ID, tx.Now.UnixMilli()), Kind: duban.NewsNotMe, Lane: duban.LaneReminder,
			Data: toJSON(PersonNews{PersonID: person.ID}), NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
		})
	})
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
