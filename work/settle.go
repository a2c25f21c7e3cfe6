package work

import (
	"fmt"

	"duban"
	"duban/store"
)

// settle ends what is under way about an assignment that is finished, halted, or no longer its unit's: the unit's request that waits is retracted,
// drafts of notices are dropped, and reminders that wait are not sent. The caller saves the assignment. Why is a word for the record, such as
// "cancelled".
func (d *Desk) settle(tx *store.Tx, who duban.Actor, a *duban.Assignment, why string) error {
	if err := retractOpen(tx, who, *a, why); err != nil {
		return err
	}
	a.RequestedAt, a.PromisedAt, a.RespondBy = zeroTime, zeroTime, zeroTime
	if err := dropDrafts(tx, who, *a, why); err != nil {
		return err
	}
	return tx.CancelPushes(a.ID, why)
}

// retractOpen takes back the request about an assignment that waits, because it has been overtaken.
func retractOpen(tx *store.Tx, who duban.Actor, a duban.Assignment, why string) error {
	r, err := tx.OpenRequest(a.ID)
	if err != nil {
		return ignoreNotFound(err)
	}
	r.State, r.DecidedAt, r.DecidedBy = duban.Retracted, tx.Now, who.PersonID
	if err := tx.SaveRequest(r); err != nil {
		return err
	}
	if err := refreshRequest(tx, r); err != nil {
		return err
	}
	return recordOn(tx, who, a, duban.EventRetracted, duban.Facts{"request": r.ID, "kind": string(r.Kind), "why": why}, "")
}

// SteeredNews is the data of NewsSteered: what somebody who steers has done to an item. Its sentence is "steered.<event>".
type SteeredNews struct {
	Verb   duban.Event `json:"verb"`
	By     int64       `json:"by,omitempty"` // 0: the program or the console
	Reason string      `json:"reason,omitempty"`
	Due    string      `json:"due,omitempty"` // the deadline before, where it changed
	// Unit is the unit of the same task whose work brought it about; then the sentence is "followed.<event>". 0: somebody steered.
	Unit int64 `json:"unit,omitempty"`
}

// tellSteered tells people what was done to an assignment, each once, and at once, as it is a decision. Whoever did it is not told.
func tellSteered(tx *store.Tx, a duban.Assignment, news SteeredNews, readers ...int64) error {
	told := map[int64]bool{0: true, news.By: true}
	for _, reader := range readers {
		if told[reader] {
			continue
		}
		told[reader] = true
		err := tx.Post(duban.Notice{
			Key:  fmt.Sprintf("steered:%s:%d:%d:%d", news.Verb, a.ID, reader, tx.Now.UnixMilli()),
			Kind: duban.NewsSteered, Lane: duban.LaneAnswer, PersonID: reader, AssignmentID: a.ID, Data: toJSON(news),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
