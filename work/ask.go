package work

import (
	"context"
	"fmt"
	"strings"

	"duban"
	"duban/store"
)

// Ask puts a question about an assignment (提问) to whoever reviews it. It returns who is asked.
func (d *Desk) Ask(ctx context.Context, who duban.Actor, id int64, question string) ([]duban.Person, error) {
	var asked []duban.Person
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		if err := mayWorkOn(tx, who, a); err != nil {
			return err
		}
		if question = strings.TrimSpace(question); question == "" {
			return duban.Refuse(duban.ReasonNeeded)
		}
		task, err := tx.Task(a.TaskID)
		if err != nil {
			return err
		}
		if asked, err = Reviewers(tx, task, a); err != nil {
			return err
		}
		if len(asked) == 0 {
			return duban.Refuse(duban.NothingToDo)
		}
		if err := recordOn(tx, who, a, duban.EventAsked, nil, question); err != nil {
			return err
		}
		for _, p := range asked {
			if err := tx.Post(wordTo(tx, duban.NewsQuestion, a, p.ID, PersonNews{who.PersonID, question})); err != nil {
				return err
			}
		}
		return nil
	})
	return asked, err
}

// QuestionNews is the data of NewsQuestion: who asks what, and to whom the item is to be given where that is what is asked for.
type QuestionNews struct {
	PersonNews
	To int64 `json:"to,omitempty"`
}

// AskSecretary asks the secretaries who answer for a unit that an item be given to somebody else of it (转派); to is 0 where nobody was named. Whoever
// works on the item may. Where there is no secretary but the one who asks, it is refused as NothingToDo.
func (d *Desk) AskSecretary(ctx context.Context, who duban.Actor, id, to int64, words string) ([]duban.Person, error) {
	var asked []duban.Person
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		if err := mayWorkOn(tx, who, a); err != nil {
			return err
		}
		if !a.State.Open() {
			return duban.Refuse(duban.WrongState)
		}
		all, err := Secretaries(tx, a.UnitID)
		if err != nil {
			return err
		}
		asked = nil
		for _, p := range all {
			if p.ID != who.PersonID {
				asked = append(asked, p)
			}
		}
		if len(asked) == 0 {
			return duban.Refuse(duban.NothingToDo)
		}
		facts := duban.Facts{"asks": "reassign", "to": to}
		if err := recordOn(tx, who, a, duban.EventAsked, facts, strings.TrimSpace(words)); err != nil {
			return err
		}
		for _, p := range asked {
			news := QuestionNews{PersonNews{who.PersonID, strings.TrimSpace(words)}, to}
			if err := tx.Post(wordTo(tx, duban.NewsQuestion, a, p.ID, news)); err != nil {
				return err
			}
		}
		return nil
	})
	return asked, err
}

// Inquire asks the owner of an item something about it, why it is late above all (问原因), and returns the owner. Those who may urge may. The answer comes
// back to whoever asked.
func (d *Desk) Inquire(ctx context.Context, who duban.Actor, id int64, words string) (duban.Person, error) {
	var owner duban.Person
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		if err := mustMay(tx, who, duban.ActUrge, a.UnitID); err != nil {
			return err
		}
		if !a.State.OnUnit() || a.OwnerID == who.PersonID {
			return duban.Refuse(duban.WrongState)
		}
		words, err := given(words)
		if err != nil {
			return err
		}
		if owner, err = tx.Person(a.OwnerID); err != nil {
			return err
		}
		if err := recordOn(tx, who, a, duban.EventAsked, duban.Facts{"asks": "owner"}, words); err != nil {
			return err
		}
		news := wordTo(tx, duban.NewsQuestion, a, a.OwnerID, QuestionNews{PersonNews: PersonNews{who.PersonID, words}})
		news.NotBefore = d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now)
		return tx.Post(news)
	})
	return owner, err
}

// Answer answers the question that somebody asked about an assignment. Those who may be asked may: its reviewers, its secretaries, its owner.
func (d *Desk) Answer(ctx context.Context, who duban.Actor, id, asker int64, answer string) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		if ok, err := mayAnswer(tx, who, a); err != nil || !ok {
			return orRefuse(err, duban.NotAllowed)
		}
		if answer = strings.TrimSpace(answer); answer == "" {
			return duban.Refuse(duban.ReasonNeeded)
		}
		if err := recordOn(tx, who, a, duban.EventAnswered, nil, answer); err != nil {
			return err
		}
		return tx.Post(wordTo(tx, duban.NewsReply, a, asker, PersonNews{who.PersonID, answer}))
	})
}

func mayAnswer(tx *store.Tx, who duban.Actor, a duban.Assignment) (bool, error) {
	if who.PersonID == a.OwnerID && who.PersonID != 0 {
		return true, nil
	}
	if ok, err := May(tx, who, duban.ActReassign, a.UnitID); err != nil || ok {
		return ok, err
	}
	return MayReview(tx, who, a)
}

func wordTo(tx *store.Tx, kind duban.NewsKind, a duban.Assignment, reader int64, word any) duban.Notice {
	return duban.Notice{
		Key:  fmt.Sprintf("%s:%d:%d:%d", kind, a.ID, reader, tx.Now.UnixMilli()),
		Kind: kind, Lane: duban.LaneAnswer, PersonID: reader, AssignmentID: a.ID, Data: toJSON(word),
	}
}
