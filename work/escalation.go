package work

import (
	"context"
	"fmt"
	"strings"

	"duban"
	"duban/store"
)

// IssueNotice issues the draft of a notice of level 3 to 5 (签发): an administrator or leader one of level 3, a leader those above. It goes to the owner,
// the secretary and whoever stands in for one of them who is away, and the unit has RespondBy to answer it. Body is its text, which counts where nobody
// has written another. It returns the notice as it went out.
func (d *Desk) IssueNotice(ctx context.Context, who duban.Actor, id int64, body string) (duban.Escalation, error) {
	var issued duban.Escalation
	err := d.write(ctx, who, func(tx *store.Tx) error {
		draft, err := tx.Escalation(id)
		if err != nil {
			return err
		}
		e, a, err := onDraft(tx, who, id, IssueRight(draft.Level))
		if err != nil {
			return err
		}
		if !a.State.OnUnit() || tx.Now.Before(d.Calendar.Moment(a.Due)) {
			return duban.Refuse(duban.WrongState)
		}
		if e.Body == "" {
			e.Body = strings.TrimSpace(body)
		}
		if e.Body == "" {
			return duban.Refuse(duban.ReasonNeeded)
		}
		e.State, e.DecidedBy, e.DecidedAt = duban.EscalationIssued, who.PersonID, tx.Now
		e.RespondBy = duban.RespondBy(e.Level, d.Calendar, tx.Now)
		if err := tx.SaveEscalation(e); err != nil {
			return err
		}
		a.Level, a.RespondBy = max(a.Level, e.Level), e.RespondBy
		if err := d.save(tx, &a); err != nil {
			return err
		}
		issued = e
		if err := recordNotice(tx, who, a, duban.EventNoticeIssued, e, e.Body); err != nil {
			return err
		}
		return d.tellNotice(tx, a, e)
	})
	return issued, err
}

func (d *Desk) tellNotice(tx *store.Tx, a duban.Assignment, e duban.Escalation) error {
	readers, err := noticeReaders(tx, a)
	if err != nil {
		return err
	}
	for _, reader := range readers {
		err := tx.Post(duban.Notice{
			Key: fmt.Sprintf("notice:%d:%d", e.ID, reader), Kind: duban.NewsNotice, Lane: duban.LaneEscalation, PersonID: reader,
			AssignmentID: a.ID, Data: toJSON(NoticeNews{e.ID}), NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
		})
		if err != nil {
			return err
		}
	}
	if err := refreshCards(tx, a, duban.LaneEscalation); err != nil {
		return err
	}
	return refreshDraft(tx, e)
}

// noticeReaders returns who is given a notice about an assignment, each once: the owner, the secretaries, and the deputies of those who are away.
func noticeReaders(tx *store.Tx, a duban.Assignment) ([]int64, error) {
	secretaries, err := Secretaries(tx, a.UnitID)
	if err != nil {
		return nil, err
	}
	var readers []int64
	for _, p := range append([]int64{a.OwnerID}, idsOf(secretaries)...) {
		deputy, err := Deputy(tx, p)
		if err != nil {
			return nil, err
		}
		readers = append(readers, p, deputy)
	}
	return distinct(readers), nil
}

// RespondNotice answers a notice of level 3 to 5 for the unit (回应), with words that must not be empty, as long as the item is not reported. Whoever may
// work on the item may, also after the time to answer is over. The administrators are shown the answer, and whoever issued the notice.
func (d *Desk) RespondNotice(ctx context.Context, who duban.Actor, id int64, words string) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		e, err := tx.Escalation(id)
		if err != nil {
			return err
		}
		a, err := tx.Assignment(e.AssignmentID)
		if err != nil {
			return err
		}
		if err := mayWorkOn(tx, who, a); err != nil {
			return err
		}
		switch {
		case e.State == duban.EscalationAnswered:
			return duban.Refuse(duban.AlreadyDone, "at", e.RespondedAt)
		case e.State != duban.EscalationIssued || !a.State.OnUnit():
			return duban.Refuse(duban.WrongState)
		}
		if words = strings.TrimSpace(words); words == "" {
			return duban.Refuse(duban.ReasonNeeded)
		}
		e.State, e.Response, e.RespondedBy, e.RespondedAt = duban.EscalationAnswered, words, who.PersonID, tx.Now
		if err := tx.SaveEscalation(e); err != nil {
			return err
		}
		if e.Level == a.Level {
			a.RespondBy = zeroTime
		}
		if err := d.save(tx, &a); err != nil {
			return err
		}
		if err := recordNotice(tx, who, a, duban.EventNoticeAnswered, e, words); err != nil {
			return err
		}
		return d.tellResponse(tx, who, a, e)
	})
}

func (d *Desk) tellResponse(tx *store.Tx, who duban.Actor, a duban.Assignment, e duban.Escalation) error {
	admins, err := Administrators(tx, a.UnitID)
	if err != nil {
		return err
	}
	for _, reader := range distinct(append([]int64{e.DecidedBy}, idsOf(admins)...)) {
		if reader == who.PersonID {
			continue
		}
		err := tx.Post(duban.Notice{
			Key: fmt.Sprintf("response:%d:%d", e.ID, reader), Kind: duban.NewsResponse, Lane: duban.LaneAnswer, PersonID: reader,
			AssignmentID: a.ID, Data: toJSON(NoticeNews{e.ID}),
		})
		if err != nil {
			return err
		}
	}
	if err := refreshCards(tx, a, duban.LaneAnswer); err != nil {
		return err
	}
	return refreshDraft(tx, e)
}

func idsOf(people []duban.Person) []int64 {
	ids := make([]int64, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	return ids
}
