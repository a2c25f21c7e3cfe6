package work

import (
	"context"
	"fmt"

	"duban"
	"duban/store"
)

// ApprovalNews is the data of NewsApproval and NewsApproved.
type ApprovalNews struct {
	Request int64              `json:"request"`
	State   duban.RequestState `json:"state,omitempty"` // of NewsApproved: what was decided
}

// tellApprovers puts the live card of a request to issue before those who may decide on it.
func tellApprovers(tx *store.Tx, r duban.Request, deciders []duban.Person) error {
	for _, p := range deciders {
		if err := tx.Post(approvalNotice(r, p.ID)); err != nil {
			return err
		}
	}
	return nil
}

func approvalNotice(r duban.Request, reader int64) duban.Notice {
	return duban.Notice{
		Key: fmt.Sprintf("approval:%d:%d", r.ID, reader), Kind: duban.NewsApproval, Lane: duban.LaneAnswer, PersonID: reader,
		Data: toJSON(ApprovalNews{Request: r.ID}),
	}
}

// MindApprovals shows anew what has waited for an approval for a working day or longer, to whoever may approve it now, and returns how many requests that
// were. On days off it shows nothing.
func (d *Desk) MindApprovals(ctx context.Context) (int, error) {
	shown := 0
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		shown = 0
		waiting, err := tx.WaitingToIssue()
		if err != nil || !d.Calendar.IsWorkingDay(d.Calendar.Today(tx.Now)) {
			return err
		}
		for _, r := range waiting {
			if d.Calendar.WorkingDaysBetween(d.Calendar.Today(r.AskedAt), d.Calendar.Today(tx.Now)) < 1 {
				continue
			}
			if err := d.showApproval(tx, r); err != nil {
				return err
			}
			shown++
		}
		return nil
	})
	return shown, err
}

// showApproval sends the card of a request to issue anew, also to whoever has come to hold the seat meanwhile.
func (d *Desk) showApproval(tx *store.Tx, r duban.Request) error {
	deciders, err := IssueDeciders(tx, r)
	if err != nil {
		return err
	}
	for _, p := range deciders {
		notice := approvalNotice(r, p.ID)
		notice.NotBefore = d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now)
		if err := errorsOf(tx.DropCard(ApprovalSubject(r.ID), p.ID), tx.Post(notice)); err != nil {
			return err
		}
	}
	return nil
}

// closeApproval shows on the cards of a request to issue how it ended, and tells the asker.
func closeApproval(tx *store.Tx, who duban.Actor, r duban.Request) error {
	if err := refreshApproval(tx, r); err != nil || r.AskerID == who.PersonID {
		return err
	}
	return tx.Post(duban.Notice{
		Key: fmt.Sprintf("approved:%d", r.ID), Kind: duban.NewsApproved, Lane: duban.LaneAnswer, PersonID: r.AskerID,
		Data: toJSON(ApprovalNews{r.ID, r.State}),
	})
}

// refreshApproval makes every card of a request to issue show how it stands.
func refreshApproval(tx *store.Tx, r duban.Request) error {
	return repost(tx, ApprovalSubject(r.ID), func(reader int64) duban.Notice { return approvalNotice(r, reader) })
}
