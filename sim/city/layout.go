package city

import (
	"slices"

	"duban"
	"duban/store"
)

// waitingShown is how many submissions wait on the administrator's telephone at once; 待审 shows them all.
const waitingShown = 3

// layOut delivers what is left and then puts live cards before the two people who are shown first, so that there is something to press: what
// the officer has open, what waits for the administrator, and how far the newest announcement is. The bot sends them when it runs.
func (c *City) layOut() error {
	if err := c.post.round(c.now); err != nil {
		return err
	}
	return c.writeAt(c.now, func(tx *store.Tx) error {
		officer, administrator := c.named(theOfficer), c.named(theAdministrator)
		open, err := tx.OpenOf(officer.person.ID)
		if err != nil {
			return err
		}
		slices.Reverse(open) // the most pressing stands lowest
		for _, a := range open {
			if err := c.show(tx, subject{duban.NewsCard, a.ID}); err != nil {
				return err
			}
		}
		if err := c.showWaiting(tx, administrator); err != nil {
			return err
		}
		if err := c.showRequest(tx); err != nil {
			return err
		}
		newest, err := tx.Announcements(1)
		if err != nil {
			return err
		}
		return c.show(tx, subject{duban.NewsProgress, newest[0].ID})
	})
}

func (c *City) showWaiting(tx *store.Tx, reviewer *resident) error {
	waiting, err := tx.Waiting(len(items) * len(c.people))
	if err != nil {
		return err
	}
	shown := 0
	for _, a := range slices.Backward(waiting) {
		sub, err := tx.LastSubmission(a.ID)
		if err != nil {
			return err
		}
		notice, there := c.post.live[subject{duban.NewsReview, sub.ID}]
		if !there || notice.PersonID != reviewer.person.ID || shown == waitingShown {
			continue
		}
		shown++
		if err := tx.Post(notice); err != nil {
			return err
		}
	}
	return nil
}

// showRequest puts the request that waits for the administrators before the one who is shown first.
func (c *City) showRequest(tx *store.Tx) error {
	waiting, err := tx.WaitingRequests(1)
	if err != nil || len(waiting) == 0 {
		return err
	}
	return c.show(tx, subject{duban.NewsRequest, waiting[0].AssignmentID})
}

// show lets a live message be sent, as if its subject had just changed.
func (c *City) show(tx *store.Tx, s subject) error {
	notice, there := c.post.live[s]
	if !there {
		return nil
	}
	return tx.Post(notice)
}
