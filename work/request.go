package work

import (
	"context"
	"fmt"
	"strings"

	"duban"
	"duban/store"
)

// RequestSubject names the live card of a request before those who have to act on it.
func RequestSubject(request int64) string { return fmt.Sprintf("request:%d", request) }

// RequestNews is the data of NewsRequest and NewsDecided. State is what had become of the request when the news was posted.
type RequestNews struct {
	Request int64              `json:"request"`
	State   duban.RequestState `json:"state,omitempty"`
}

// ask adds a request of the unit and puts it before whoever has to act first: the secretary of the school, unless the actor is one, or nobody is. The
// unit is not pressed while it waits.
func (d *Desk) ask(tx *store.Tx, who duban.Actor, a *duban.Assignment, r duban.Request, event duban.Event, facts duban.Facts) (duban.Request, error) {
	r.AssignmentID, r.AskerID, r.AskedAt, r.DueBefore = a.ID, who.PersonID, tx.Now, a.Due
	var err error
	if r.ID, err = tx.AddRequest(r); err != nil {
		return r, err
	}
	a.RequestedAt = tx.Now
	if err := d.save(tx, a); err != nil {
		return r, err
	}
	facts["request"], facts["needs"] = r.ID, string(r.Needs)
	if err := recordOn(tx, who, *a, event, facts, r.Reason); err != nil {
		return r, err
	}
	if err := refreshCards(tx, *a, duban.LaneAnswer); err != nil {
		return r, err
	}
	return r, tellDeciders(tx, r, *a)
}

// firstSeat says how far a request is when it is made: asked where the school's secretary has to agree, agreed where the actor is one or nobody
// holds that post.
func firstSeat(tx *store.Tx, who duban.Actor, r *duban.Request, unit int64) error {
	r.State = duban.Agreed
	ok, err := May(tx, who, duban.ActAgree, unit)
	if err != nil {
		return err
	}
	r.AgreedAt = tx.Now
	if ok {
		r.AgreedBy = who.PersonID
		return nil
	}
	secretaries, err := Secretaries(tx, unit)
	if err == nil && len(secretaries) > 0 {
		r.State, r.AgreedAt = duban.Asked, zeroTime
	}
	return err
}

// firstFacts are what the record says of a request when it is made: that nobody has to agree, where that is so.
func firstFacts(r duban.Request) duban.Facts {
	if r.State == duban.Agreed && r.AgreedBy == 0 {
		return duban.Facts{"no_secretary": true}
	}
	return duban.Facts{}
}

// mayAsk lets the owner ask, and on behalf of the owner those who have that right in the unit. A request is always somebody's.
func mayAsk(tx *store.Tx, who duban.Actor, a duban.Assignment) error {
	if who.PersonID == 0 {
		return duban.Refuse(duban.NotAllowed)
	}
	if err := mayWorkOn(tx, who, a); err != nil {
		return err
	}
	return mustMay(tx, who, duban.ActAsk, a.UnitID)
}

// deciderNotice is the card of a request of any kind for somebody who has to act on it.
func deciderNotice(r duban.Request, reader int64) duban.Notice {
	switch r.Kind {
	case duban.AskAnnounce:
		return announceAsk(r, reader)
	case duban.AskIssue:
		return approvalNotice(r, reader)
	}
	return requestNotice(r, reader)
}

func requestNotice(r duban.Request, reader int64) duban.Notice {
	return duban.Notice{
		Key: fmt.Sprintf("request:%d:%d", r.ID, reader), Kind: duban.NewsRequest, Lane: duban.LaneAnswer, PersonID: reader,
		AssignmentID: r.AssignmentID, Data: toJSON(RequestNews{Request: r.ID}),
	}
}

// refreshRequest makes every card of a request show how it stands.
func refreshRequest(tx *store.Tx, r duban.Request) error {
	return repost(tx, RequestSubject(r.ID), func(reader int64) duban.Notice { return requestNotice(r, reader) })
}

// tellDecided tells the asker, and the owner, what has become of a request. Whoever decided knows.
func tellDecided(tx *store.Tx, who duban.Actor, r duban.Request, a duban.Assignment) error {
	for _, reader := range distinct([]int64{r.AskerID, a.OwnerID}) {
		if reader == who.PersonID {
			continue
		}
		err := tx.Post(duban.Notice{
			Key: fmt.Sprintf("decided:%d:%s:%d", r.ID, r.State, reader), Kind: duban.NewsDecided, Lane: duban.LaneAnswer, PersonID: reader,
			AssignmentID: r.AssignmentID, Data: toJSON(RequestNews{r.ID, r.State}),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// openRequest reads a request about an assignment that waits, with its assignment. One that was decided is refused as AlreadyDone with the instant.
func openRequest(tx *store.Tx, id int64) (duban.Request, duban.Assignment, error) {
	r, err := tx.Request(id)
	if err != nil {
		return r, duban.Assignment{}, err
	}
	if r.AssignmentID == 0 {
		return r, duban.Assignment{}, duban.Refuse(duban.WrongState)
	}
	a, err := tx.Assignment(r.AssignmentID)
	if err == nil && !r.State.Waits() {
		err = duban.Refuse(duban.AlreadyDone, "at", r.DecidedAt)
	}
	return r, a, err
}

// anyStage is where a request waits for the secretary of the school or for whoever decides.
const anyStage duban.RequestState = ""

// decideOn lets an actor act on a request that waits at a stage, and returns what has become of it. One that is past that stage is refused as AlreadyDone,
// one that is not there yet as WrongState.
func (d *Desk) decideOn(ctx context.Context, who duban.Actor, request int64, stage duban.RequestState, act func(*store.Tx, duban.Request, duban.Assignment) (duban.Request, error)) (duban.Request, error) {
	var after duban.Request
	err := d.write(ctx, who, func(tx *store.Tx) error {
		r, a, err := openRequest(tx, request)
		after = r
		switch {
		case err != nil:
			return err
		case stage == duban.Asked && r.State == duban.Agreed:
			return duban.Refuse(duban.AlreadyDone, "at", r.AgreedAt)
		case stage == duban.Agreed && r.State == duban.Asked:
			return duban.Refuse(duban.WrongState)
		}
		if err := d.MayAct(tx, who, r, a); err != nil {
			return err
		}
		after, err = act(tx, r, a)
		return err
	})
	return after, err
}

// Agree agrees, as the secretary of the school, to what somebody of it asks for; then it goes to whoever decides. An item that is declined goes back
// to the office with it.
func (d *Desk) Agree(ctx context.Context, who duban.Actor, request int64) (duban.Request, error) {
	return d.decideOn(ctx, who, request, duban.Asked, func(tx *store.Tx, r duban.Request, a duban.Assignment) (duban.Request, error) {
		r.State, r.AgreedBy, r.AgreedAt = duban.Agreed, who.PersonID, tx.Now
		if err := tx.SaveRequest(r); err != nil {
			return r, err
		}
		if err := recordOn(tx, who, a, duban.EventAgreed, duban.Facts{"request": r.ID, "kind": string(r.Kind)}, ""); err != nil {
			return r, err
		}
		if r.Kind == duban.AskDecline {
			if err := d.declined(tx, who, &a, r); err != nil {
				return r, err
			}
		}
		return r, errorsOf(refreshRequest(tx, r), tellDeciders(tx, r, a), tellDecided(tx, who, r, a))
	})
}

// Turn refuses a request (不同意), with a reason: the secretary of the school while it waits for him, then whoever decides. The unit's clock goes on from
// now. A declined item is not refused here but stands, see Stand.
func (d *Desk) Turn(ctx context.Context, who duban.Actor, request int64, reason string) (duban.Request, error) {
	return d.decideOn(ctx, who, request, anyStage, func(tx *store.Tx, r duban.Request, a duban.Assignment) (_ duban.Request, err error) {
		if a.State == duban.Declined {
			return d.stand(tx, who, a, reason)
		}
		if r.Answer, err = given(reason); err != nil {
			return r, err
		}
		facts := duban.Facts{"request": r.ID, "kind": string(r.Kind), "stage": string(r.State)}
		if err := d.goesOn(tx, &a); err != nil {
			return r, err
		}
		if err := recordOn(tx, who, a, refusals[r.Kind], facts, r.Answer); err != nil {
			return r, err
		}
		return closeRequest(tx, who, r, a, duban.Refused)
	})
}

// refusals are the events of what is refused, by its kind.
var refusals = map[duban.RequestKind]duban.Event{
	duban.AskExtension: duban.EventExtensionRefused, duban.AskDecline: duban.EventStood, duban.AskObjection: duban.EventObjectionAnswered,
}

// goesOn lets the clock of a unit go on after its request was answered: what came of the ladder meanwhile is past, and what follows a missed deadline
// is counted from now.
func (d *Desk) goesOn(tx *store.Tx, a *duban.Assignment) error {
	a.RequestedAt, a.RestartedAt, a.ActedUntil = zeroTime, tx.Now, tx.Now
	return d.save(tx, a)
}

// closeRequest ends a request and shows and tells what has become of it.
func closeRequest(tx *store.Tx, who duban.Actor, r duban.Request, a duban.Assignment, state duban.RequestState) (duban.Request, error) {
	r.State, r.DecidedBy, r.DecidedAt = state, who.PersonID, tx.Now
	r.Answer = strings.TrimSpace(r.Answer)
	return r, errorsOf(tx.SaveRequest(r), refreshCards(tx, a, duban.LaneAnswer), refreshRequest(tx, r), tellDecided(tx, who, r, a))
}

// Grant says yes to an extension or an objection (同意). An extension is granted until the date asked for, or until another one where due is given; a date
// that is further than the actor may grant is refused. The answer may be empty.
func (d *Desk) Grant(ctx context.Context, who duban.Actor, request int64, g Grant) (duban.Request, error) {
	return d.decideOn(ctx, who, request, duban.Agreed, func(tx *store.Tx, r duban.Request, a duban.Assignment) (duban.Request, error) {
		r.Answer = g.Answer
		switch r.Kind {
		case duban.AskExtension:
			return d.extend(tx, who, r, a, g.Due)
		case duban.AskObjection:
			return d.restore(tx, who, r, a)
		}
		return r, duban.Refuse(duban.WrongState)
	})
}

// MayRetract says whether an actor may take a request back: its asker, and the secretary of the school.
func MayRetract(tx *store.Tx, who duban.Actor, r duban.Request, a duban.Assignment) error {
	if who.PersonID != 0 && who.PersonID == r.AskerID {
		return nil
	}
	return mustMay(tx, who, duban.ActAgree, a.UnitID)
}

// Retract takes back the request about an assignment that waits (撤回申请), see MayRetract. An item that was declined is the unit's again.
func (d *Desk) Retract(ctx context.Context, who duban.Actor, id int64) (duban.Request, error) {
	var after duban.Request
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		r, err := tx.OpenRequest(a.ID)
		if duban.CodeOf(err) == duban.NotFound {
			return duban.Refuse(duban.NothingToDo)
		}
		if err != nil {
			return err
		}
		if err := MayRetract(tx, who, r, a); err != nil {
			return err
		}
		if a.State == duban.Declined {
			if a.State, err = a.After(duban.VerbStand, tx.Now); err != nil {
				return err
			}
			a.DeclinedAt = zeroTime
		}
		if err := d.goesOn(tx, &a); err != nil {
			return err
		}
		facts := duban.Facts{"request": r.ID, "kind": string(r.Kind)}
		if err := recordOn(tx, who, a, duban.EventRetracted, facts, ""); err != nil {
			return err
		}
		after, err = closeRequest(tx, who, r, a, duban.Retracted)
		return err
	})
	return after, err
}
