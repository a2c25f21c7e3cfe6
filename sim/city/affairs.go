package city

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
	"duban/work"
)

// theLeader is the industry committee's secretary.
const theLeader = "陈国栋"

// affairs are what is out of the ordinary on the day that is shown: one item stands still, for another the school asks for more time, on a third the
// leader has written a remark. None of them is of the officer who is shown first.
func (c *City) affairs() error {
	open, err := c.underWay(3)
	if err != nil {
		return err
	}
	leader, at := c.named(theLeader), c.now
	desk := c.desk.Past(at)
	if _, err := desk.Suspend(c.ctx, leader.who, open[0].ID, "上级要求调整，等待新的部署"); err != nil {
		return fmt.Errorf("suspend an item: %w", err)
	}
	if _, err := desk.Remark(c.ctx, leader.who, open[1].ID, "抓紧推进，注意实效"); err != nil {
		return fmt.Errorf("write a remark: %w", err)
	}
	if err := c.askForTime(desk, open[2]); err != nil {
		return fmt.Errorf("ask for more time: %w", err)
	}
	return c.post.round(at)
}

// underWay finds items that are signed for and due later, of schools whose officer and secretary have both joined.
func (c *City) underWay(n int) ([]duban.Assignment, error) {
	var found []duban.Assignment
	enough := errors.New("enough")
	err := c.read(func(tx *store.Tx) error {
		return tx.EveryAssignment(c.now.Add(48*time.Hour), time.Time{}, func(a duban.Assignment) error {
			owner := c.byID[a.OwnerID]
			if a.State != duban.Accepted || owner.row.Role != duban.Officer || owner.row.Name == theOfficer || !owner.joined() || !owner.gone.IsZero() || !c.secretary(owner).joined() {
				return nil
			}
			if found = append(found, a); len(found) == n {
				return enough
			}
			return nil
		})
	})
	if !errors.Is(err, enough) {
		return nil, errors.Join(err, fmt.Errorf("only %d items are under way", len(found)))
	}
	return found, nil
}

// secretary is who answers for the school of an officer.
func (c *City) secretary(officer *resident) *resident {
	for _, r := range c.people {
		if r.row.Unit == officer.row.Unit && r.row.Role == duban.Secretary {
			return r
		}
	}
	panic("city: no secretary in " + officer.row.Unit)
}

func (c *City) askForTime(desk *work.Desk, a duban.Assignment) error {
	owner := c.byID[a.OwnerID]
	later := calendar.Due{Date: c.desk.Calendar.AddWorkingDays(a.Due.Date, 3)}
	asked, err := desk.AskExtension(c.ctx, owner.who, a.ID, later, "附件需"+strings.TrimSuffix(owner.row.Unit, "党委")+"党委会审定")
	if err != nil {
		return err
	}
	_, err = desk.Agree(c.ctx, c.secretary(owner).who, asked.ID)
	return err
}
