package work

import (
	"context"
	"fmt"
	"strings"

	"duban"
	"duban/store"
)

// NoticeNews is the data of NewsDraft, NewsNotice and NewsResponse: which notice of level 3 to 5 it is about.
type NoticeNews struct {
	EscalationID int64 `json:"escalation"`
}

// NoticeSubject names the live card of a notice of level 3 to 5 before those who edit and issue it.
func NoticeSubject(escalation int64) string { return fmt.Sprintf("notice:%d", escalation) }

// DraftCard is the news that puts the draft of a notice before somebody, or refreshes it there.
func DraftCard(e duban.Escalation, person int64) duban.Notice {
	return duban.Notice{
		Key: fmt.Sprintf("draft:%d:%d", e.ID, person), Kind: duban.NewsDraft, Lane: duban.LaneEscalation, PersonID: person,
		AssignmentID: e.AssignmentID, Data: toJSON(NoticeNews{e.ID}),
	}
}

// Drafted returns the draft of a notice of a level about an assignment, which it begins where there is none: an assignment has one at most. Its text
// is empty as long as nobody has written it; then it reads as the facts say. Nothing of it goes to the unit before a person issues it.
func Drafted(tx *store.Tx, who duban.Actor, a duban.Assignment, level int) (duban.Escalation, error) {
	e, err := tx.DraftOf(a.ID)
	if duban.CodeOf(err) != duban.NotFound {
		return e, err
	}
	e = duban.Escalation{AssignmentID: a.ID, Level: level, State: duban.EscalationDraft, DraftedAt: tx.Now}
	if e.ID, err = tx.AddEscalation(a.ID, level, ""); err != nil {
		return e, err
	}
	return e, recordNotice(tx, who, a, duban.EventNoticeDrafted, e, "")
}

func recordNotice(tx *store.Tx, who duban.Actor, a duban.Assignment, event duban.Event, e duban.Escalation, note string) error {
	return recordOn(tx, who, a, event, duban.Facts{"escalation": e.ID, "level": e.Level}, note)
}

// onDraft reads the draft of a notice that an actor may do something to by one of the rights, with its assignment. What is no longer a draft is
// refused as AlreadyDone.
func onDraft(tx *store.Tx, who duban.Actor, id int64, rights ...duban.Action) (duban.Escalation, duban.Assignment, error) {
	e, err := tx.Escalation(id)
	if err != nil {
		return e, duban.Assignment{}, err
	}
	a, err := tx.Assignment(e.AssignmentID)
	if err != nil {
		return e, a, err
	}
	for _, right := range rights {
		ok, err := May(tx, who, right, a.UnitID)
		if err != nil {
			return e, a, err
		}
		if !ok {
			continue
		}
		if e.State != duban.EscalationDraft {
			return e, a, duban.Refuse(duban.AlreadyDone, "at", e.DecidedAt)
		}
		return e, a, nil
	}
	return e, a, duban.Refuse(duban.NotAllowed)
}

// IssueRight returns the right that issuing a notice of a level needs.
func IssueRight(level int) duban.Action {
	if level == 3 {
		return duban.ActNotice3
	}
	return duban.ActNotice45
}

// EditNotice gives the draft of a notice another text, which must not be empty. Administrators may, and whoever may issue it.
func (d *Desk) EditNotice(ctx context.Context, who duban.Actor, id int64, body string) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		e, a, err := onDraft(tx, who, id, duban.ActDraftNotice, duban.ActNotice45)
		if err != nil {
			return err
		}
		if e.Body = strings.TrimSpace(body); e.Body == "" {
			return duban.Refuse(duban.ReasonNeeded)
		}
		if err := tx.SaveEscalation(e); err != nil {
			return err
		}
		if err := recordNotice(tx, who, a, duban.EventNoticeDrafted, e, e.Body); err != nil {
			return err
		}
		return refreshDraft(tx, e)
	})
}

// ReferNotice puts the draft of a notice of level 4 or 5 before the leaders, who alone may issue it (报请签发), each time as a new message. An
// administrator may. It returns who is asked.
func (d *Desk) ReferNotice(ctx context.Context, who duban.Actor, id int64) ([]duban.Person, error) {
	var leaders []duban.Person
	err := d.write(ctx, who, func(tx *store.Tx) error {
		e, a, err := onDraft(tx, who, id, duban.ActDraftNotice)
		if err != nil {
			return err
		}
		if leaders, err = tx.HoldersAbove(a.UnitID, duban.Leader); err != nil {
			return err
		}
		if len(leaders) == 0 {
			return duban.Refuse(duban.NothingToDo)
		}
		if err := recordNotice(tx, who, a, duban.EventApprovalAsked, e, ""); err != nil {
			return err
		}
		for _, p := range leaders {
			if err := tx.DropCard(NoticeSubject(e.ID), p.ID); err != nil {
				return err
			}
			card := DraftCard(e, p.ID)
			card.NotBefore = d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now)
			if err := tx.Post(card); err != nil {
				return err
			}
		}
		return refreshDraft(tx, e)
	})
	return leaders, err
}

// NoticeBackNews is the data of NewsNoticeBack: what a leader wants changed.
type NoticeBackNews struct {
	EscalationID int64  `json:"escalation"`
	By           int64  `json:"by"`
	Reason       string `json:"reason"`
}

// GiveBackNotice gives the draft of a notice back to the administrators with what is to be changed (退回修改), which must not be empty. A leader may.
func (d *Desk) GiveBackNotice(ctx context.Context, who duban.Actor, id int64, reason string) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		e, a, err := onDraft(tx, who, id, duban.ActNotice45)
		if err != nil {
			return err
		}
		if reason = strings.TrimSpace(reason); reason == "" {
			return duban.Refuse(duban.ReasonNeeded)
		}
		if err := recordNotice(tx, who, a, duban.EventApprovalRefused, e, reason); err != nil {
			return err
		}
		admins, err := Administrators(tx, a.UnitID)
		if err != nil {
			return err
		}
		for _, p := range admins {
			err := tx.Post(duban.Notice{
				Key:  fmt.Sprintf("notice_back:%d:%d:%d", e.ID, p.ID, tx.Now.UnixMilli()),
				Kind: duban.NewsNoticeBack, Lane: duban.LaneAnswer, PersonID: p.ID, AssignmentID: a.ID,
				Data: toJSON(NoticeBackNews{e.ID, who.PersonID, reason}),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// DropNotice decides that a draft is not issued (不发). Administrators may, and leaders.
func (d *Desk) DropNotice(ctx context.Context, who duban.Actor, id int64) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		e, a, err := onDraft(tx, who, id, duban.ActDraftNotice, duban.ActNotice45)
		if err != nil {
			return err
		}
		return dropDraft(tx, who, a, e, "decided")
	})
}

// DraftAgain begins another draft of the level of one that was not issued, as long as the unit has still not reported. An administrator may.
func (d *Desk) DraftAgain(ctx context.Context, who duban.Actor, id int64) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		e, err := tx.Escalation(id)
		if err != nil {
			return err
		}
		a, err := tx.Assignment(e.AssignmentID)
		if err != nil {
			return err
		}
		if err := mustMay(tx, who, duban.ActDraftNotice, a.UnitID); err != nil {
			return err
		}
		if e.State != duban.EscalationDropped || !a.State.OnUnit() || a.Level >= e.Level {
			return duban.Refuse(duban.WrongState)
		}
		again, err := Drafted(tx, who, a, e.Level)
		if err != nil {
			return err
		}
		admins, err := Administrators(tx, a.UnitID)
		if err != nil {
			return err
		}
		for _, p := range admins {
			if err := tx.Post(DraftCard(again, p.ID)); err != nil {
				return err
			}
		}
		return nil
	})
}

// dropDrafts drops the draft of a notice about an assignment, because there is nothing left to give notice of.
func dropDrafts(tx *store.Tx, who duban.Actor, a duban.Assignment, why string) error {
	e, err := tx.DraftOf(a.ID)
	if err != nil {
		return ignoreNotFound(err)
	}
	return dropDraft(tx, who, a, e, why)
}

func dropDraft(tx *store.Tx, who duban.Actor, a duban.Assignment, e duban.Escalation, why string) error {
	e.State, e.DecidedAt, e.DecidedBy = duban.EscalationDropped, tx.Now, who.PersonID
	if err := tx.SaveEscalation(e); err != nil {
		return err
	}
	facts := duban.Facts{"escalation": e.ID, "level": e.Level, "why": why}
	if err := recordOn(tx, who, a, duban.EventNoticeDropped, facts, ""); err != nil {
		return err
	}
	return refreshDraft(tx, e)
}

// refreshDraft makes the card of a notice show how it stands wherever it has been put.
func refreshDraft(tx *store.Tx, e duban.Escalation) error {
	return repost(tx, NoticeSubject(e.ID), func(reader int64) duban.Notice { return DraftCard(e, reader) })
}
