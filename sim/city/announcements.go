package city

import (
	"fmt"
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
)

// planAnnouncements plans two announcements with receipts: one long ago, and one of yesterday that some have still to confirm.
func (c *City) planAnnouncements() error {
	at := func(n, hour int) time.Time {
		return c.day(n).At(calendar.Clock{Hour: hour, Minute: 15}, c.desk.Calendar.Zone())
	}
	c.plan(at(-30, 10), func(at time.Time) error {
		return c.announce(at, c.tellers[0], duban.Audience{Role: duban.Officer}, 92,
			"关于组织党建专干业务测试的通知\n测试采用闭卷方式，请各单位安排好参加人员，按时到场。确因工作不能参加的，请提前说明。")
	})
	c.plan(at(-1, 9), func(at time.Time) error {
		return c.announce(at, c.tellers[0], duban.Audience{Kind: duban.SchoolCommittee}, 60,
			"关于做好年度述职评议准备工作的通知\n请各学校党委对照年度责任清单认真准备述职材料，问题部分不少于三分之一，于时限前报送。现场评议安排另行通知。")
	})
	return nil
}

// announce sends an announcement, delivers it, and plans that so many percent confirm it in the days after. The officer who is shown first
// has the newest one still to come.
func (c *City) announce(at time.Time, sender *resident, audience duban.Audience, percent int, body string) error {
	m := sender.phone.Recall(at, body)
	summary, _, _ := strings.Cut(body, "\n")
	kept, _, err := c.desk.Past(at).Announce(c.ctx, sender.who, duban.Announcement{
		FromChat: sender.phone.ID(), MessageIDs: []int64{int64(m.ID)}, Summary: summary, Receipt: duban.ReadReceipt, Audience: audience, SendAt: at,
	}, true)
	if err != nil {
		return fmt.Errorf("announce %q: %w", summary, err)
	}
	officer := c.named(theOfficer)
	recent := c.now.Sub(at) < 10*24*time.Hour
	c.post.held = func(n duban.Notice) bool {
		return recent && n.Kind == duban.NewsAnnouncement && n.AnnouncementID == kept.ID && n.PersonID == officer.person.ID
	}
	if err := c.post.round(at.Add(time.Minute)); err != nil {
		return err
	}
	return c.read(func(tx *store.Tx) error {
		receipts, err := tx.Receipts(kept.ID)
		for _, r := range receipts {
			reader := c.byID[r.PersonID]
			if r.DeliveredAt.IsZero() || c.random.IntN(100) >= percent {
				continue
			}
			c.plan(at.Add(time.Duration(5+c.random.IntN(26*60))*time.Minute), func(at time.Time) error {
				_, err := c.desk.Past(at).ConfirmRead(c.ctx, reader.who, kept.ID, "")
				return err
			})
		}
		return err
	})
}
