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

// Answer answers the question that somebody asked about an assignment. Those who may review it may.
func (d *Desk) Answer(ctx context.Context, who duban.Actor, id, asker int64, answer string) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		if ok, err := MayReview(tx, who, a); err != nil || !ok {
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

func wordTo(tx *store.Tx, kind duban.NewsKind, a duban.Assignment, reader int64, word PersonNews) duban.Notice {
	return duban.Notice{
		Key:  fmt.Sprintf("%s:%d:%d:%d", kind, a.ID, reader, tx.Now.UnixMilli()),
		Kind: kind, Lane: duban.LaneAnswer, PersonID: reader, AssignmentID: a.ID, Data: toJSON(word),
	}
}
