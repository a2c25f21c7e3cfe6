package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/bot"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/work"
)

// crowd puts so many officers of the fifth school on the roster and binds each to a telephone.
func (s *stage) crowd(n int) {
	s.t.Helper()
	rows := slices.Clone(cast.Roster)
	for i := range n {
		rows = append(rows, work.RosterRow{
			Line: 100 + i, Unit: "市第五中学党委", Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Region: "城东片区",
			Name: fmt.Sprintf("陈%02d", i), Role: duban.Officer, Code: fmt.Sprintf("P%02d", i),
		})
	}
	if result, err := s.desk.ImportRoster(context.Background(), duban.Console, rows, work.ImportOptions{}); err != nil || len(result.Problems) > 0 {
		s.t.Fatal(err, result.Problems)
	}
	for i := range n {
		p := s.tg.NewPerson(fmt.Sprintf("陈%02d", i), "", sim.Started())
		cast.Join(s.t, s.desk, fmt.Sprintf("P%02d", i), p.ID())
	}
}

func TestTheCardOfASendingIsEditedEveryThreeSecondsAtMost(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.crowd(60)
		s.stop()
		s.pace = bot.PaceLimits{OverallPerSecond: 5}
		s.open()
		s.announce(admin, "停电通知", "已阅")
		began := time.Now()
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		var looks []sim.Event
		for _, e := range s.tg.Events(admin.ID(), sim.Sent, sim.Edited) {
			if strings.HasPrefix(e.Message.Body(), "📣 公告") {
				looks = append(looks, e)
			}
		}
		if last := looks[len(looks)-1].Message.Body(); !strings.Contains(last, "已送达 61") || !strings.Contains(last, "发送完毕") {
			t.Errorf("the card says %q", last)
		}
		took := looks[len(looks)-1].At.Sub(began)
		if len(looks) < 4 || time.Duration(len(looks)) > took/(3*time.Second)+2 {
			t.Errorf("%d looks of the card in %s", len(looks), took)
		}
		for i, e := range looks[1:] {
			if gap := e.At.Sub(looks[i].At); gap < 3*time.Second {
				t.Errorf("edited after %s", gap)
			}
		}
	})
}

func TestUrgingAgainTooSoonSaysFromWhenOn(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.announce(admin, "停电通知", "已阅")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.press(admin, "催未签收")
		s.press(admin, "催未签收")
		toasts := admin.Toasts()
		if last := toasts[len(toasts)-1].Text; last != "已于09:01催过，13:01后可再催。" {
			t.Errorf("the answer is %q", last)
		}
		s.until("2026-11-23 13:00")
		s.press(admin, "催未签收")
		if n := timesIn(officer, "🔔 请阅读公告"); n != 1 {
			t.Errorf("urged %d times within four working hours", n)
		}
		s.until("2026-11-23 13:02")
		s.press(admin, "催未签收")
		if n := timesIn(officer, "🔔 请阅读公告"); n != 2 {
			t.Errorf("urged %d times", n)
		}
	})
}

func TestBeforeSendingAllWhoCannotBeReachedCanBeLookedAt(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.join("WF")
		s.crowd(12)
		err := s.desk.Store.Write(context.Background(), func(tx *store.Tx) error {
			for i := range 12 {
				if err := s.desk.LoseReach(tx, cast.Person(t, s.desk, fmt.Sprintf("P%02d", i)).ID, "blocked"); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s.announce(admin, "停电通知", "无")
		s.press(admin, "查看人员")
		s.find(admin, "陈11")
		s.press(admin, "返回")
		s.press(admin, "确认发送（2人）")
		s.wait(time.Minute)
		if card := s.find(admin, "📣 公告　停电通知").Body(); !strings.Contains(card, "已送达 2") {
			t.Errorf("the card says %q", card)
		}
	})
}

// TestASendingThatFailsPausesByItselfAndTellsWhy sends one message a second, so that it is no chance how many have failed by then.
func TestASendingThatFailsPausesByItselfAndTellsWhy(t *testing.T) {
	inBothSteady(t, "announcement_burst", func(s *stage, say tongue) *sim.Person {
		admin := s.join("LM")
		s.speak(admin)
		var rows []work.RosterRow
		for i := range 40 {
			code := fmt.Sprintf("P%02d", i)
			rows = append(rows, work.RosterRow{
				Line: i + 2, Unit: "市第五中学党委", Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Region: "城东片区",
				Name: "陈" + code, Role: duban.Officer, Code: code,
			})
		}
		all := append(slices.Clone(cast.Roster), rows...)
		if result, err := s.desk.ImportRoster(context.Background(), duban.Console, all, work.ImportOptions{}); err != nil || len(result.Problems) > 0 {
			t.Fatal(err, result.Problems)
		}
		for i, row := range rows { // their chats do not exist
			cast.Join(t, s.desk, row.Code, int64(9000+i))
		}
		s.stop()
		s.pace = bot.PaceLimits{OverallPerSecond: 1}
		s.open()
		s.settle()
		s.say(admin, "/announce")
		s.say(admin, "停电通知")
		s.say(admin, "城东片区")
		s.wait(2 * time.Minute) // until the news of who has joined has gone
		s.press(admin, say("无", "None"))
		s.press(admin, say("立即", "Now"))
		s.tg.Mark()
		s.press(admin, say("确认发送", "Send to"))
		s.wait(2 * time.Minute)
		s.find(admin, say("已自动暂停：", "was paused automatically: "))
		s.press(admin, say("继续", "Resume"))
		s.wait(2 * time.Minute)
		s.press(admin, say("停止", "Stop"))
		s.press(admin, say("确认停止", "people will not get it"))
		s.wait(time.Minute)
		var state duban.AnnouncementState
		cast.Read(t, s.desk, func(tx *store.Tx) error {
			n, err := tx.Announcement(1)
			state = n.State
			return err
		})
		if state != duban.AnnouncementStopped {
			t.Errorf("it is %s", state)
		}
		return admin
	})
}
