package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
)

// committeeGroup is the work group of the committee, bound by its administrator.
func (s *stage) committeeGroup(admin *sim.Person, others ...*sim.Person) *sim.Group {
	s.t.Helper()
	g := s.tg.NewGroup("行业党委群", append([]*sim.Person{admin}, others...)...)
	s.bind(admin, g.As(admin), "滨江市教育行业党委")
	return g
}

// groupCopies are what has become of the first announcement in work groups.
func (s *stage) groupCopies() (all []duban.GroupCopy) {
	s.t.Helper()
	cast.Read(s.t, s.desk, func(tx *store.Tx) (err error) {
		all, err = tx.GroupCopies(1)
		return err
	})
	return all
}

func TestTheCounterInTheGroupCountsAnswersWhereAnswersAreAskedFor(t *testing.T) {
	inBothSteady(t, "groups_written", func(s *stage, say tongue) *sim.Person {
		admin, officer := s.join("LM"), s.join("WF")
		s.organisedIn(say, admin, officer)
		g := s.committeeGroup(admin, officer)
		s.tg.Mark()
		s.announceInGroups(admin, "请报参会人数", say, say("文字回复", "Written answer"))
		s.press(officer, say("回复", "Answer"))
		s.say(officer, say("两人参会", "two people"))
		s.wait(2 * time.Minute)
		if n := timesIn(g.As(officer), say("已回复 1/2", "answered 1/2")); n != 1 {
			t.Error(seen(g.As(officer)))
		}
		for _, m := range officer.Messages() {
			if m.Body() == "请报参会人数" && !strings.HasPrefix(m.ReplyMarkup.Rows[0][0].Text, say("已回复 ", "Answered ")) {
				t.Errorf("the button says %q", m.ReplyMarkup.Rows[0][0].Text)
			}
		}
		return nil
	})
}

func TestAGroupThatFailedIsTriedAgain(t *testing.T) {
	inBothSteady(t, "groups_retry", func(s *stage, say tongue) *sim.Person {
		admin, officer := s.join("LM"), s.join("WF")
		s.organisedIn(say, admin, officer)
		g := s.committeeGroup(admin, officer)
		g.Mute(true)
		s.tg.Mark()
		s.announceInGroups(admin, "明日停水", say, say("已阅", "Read"))
		s.press(admin, say("未签收名单", "Not confirmed"))
		s.press(admin, say("重试", "Retry"))
		s.wait(10 * time.Second)
		g.Mute(false)
		s.press(admin, say("重试", "Retry"))
		s.wait(10 * time.Second)
		s.press(admin, say("逐人结果", "Everybody’s result"))
		if timesIn(g.As(officer), "明日停水") != 1 || countOf(officer, "明日停水") != 1 {
			t.Errorf("in the group\n%s\nin private\n%s", seen(g.As(officer)), seen(officer))
		}
		if c := s.groupCopies(); len(c) != 1 || c[0].DeliveredAt.IsZero() || c[0].Failure != "" {
			t.Errorf("%+v", c)
		}
		s.noneWaits()
		return nil
	})
}

func TestTheCardSaysWhyAGroupHasNotTheCorrectionAndIsNotRecalled(t *testing.T) {
	inBothSteady(t, "groups_fixed", func(s *stage, say tongue) *sim.Person {
		admin, officer := s.join("LM"), s.join("WF")
		s.organisedIn(say, admin, officer)
		g := s.committeeGroup(admin, officer)
		s.announceInGroups(admin, "明日停水", say, say("无", "None"))
		g.Kick(admin)
		s.settle()
		s.tg.Mark()
		s.press(admin, say("更正", "Correct"))
		s.say(admin, "后日停水")
		s.press(admin, say("确认更正", "Correct 2 copies"))
		s.wait(10 * time.Second)
		s.press(admin, say("逐人结果", "Everybody’s result"))
		s.press(admin, say("撤回公告", "Recall"))
		s.press(admin, say("确认撤回", "Recall 2 copies"))
		s.wait(10 * time.Second)
		s.press(admin, say("逐人结果", "Everybody’s result"))
		c := s.groupCopies()
		if len(c) != 1 || c[0].FixFailure != "kicked" || c[0].Recall != duban.RecallFailed || c[0].Version != 0 {
			t.Errorf("%+v", c)
		}
		s.noneWaits()
		return nil
	})
}

func TestAWorkGroupThatTookTheCorrectionSaysSo(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.committeeGroup(admin)
		s.announceToGroups(admin, "明日停水")
		if _, err := s.desk.CorrectAnnouncement(context.Background(), s.actor("LM"), 1, duban.Correction{Text: "后日停水"}, "后日停水"); err != nil {
			t.Fatal(err)
		}
		s.wait(10 * time.Second)
		if c := s.groupCopies(); len(c) != 1 || c[0].Version != 1 || c[0].CorrectedAt.IsZero() || c[0].FixFailure != "" {
			t.Errorf("%+v", c)
		}
		if _, err := s.desk.RecallAnnouncement(context.Background(), s.actor("LM"), 1); err != nil {
			t.Fatal(err)
		}
		s.wait(10 * time.Second)
		if c := s.groupCopies(); c[0].Recall != duban.RecallErased {
			t.Errorf("%+v", c)
		}
		s.find(admin, "工作群：已撤回1/1")
	})
}

// TestTwoTopicsOfAChatHaveTheirOwnCopies is about an album, of which each topic has two messages under the ids of one chat.
func TestTwoTopicsOfAChatHaveTheirOwnCopies(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		g := s.tg.NewGroup("行业党委群", admin)
		seats := []*sim.Seat{g.As(admin).InTopic(g.NewTopic("公告", admin)), g.As(admin).InTopic(g.NewTopic("五中", admin))}
		s.bind(admin, seats[0], "滨江市教育行业党委")
		s.bind(admin, seats[1], "市第五中学党委")
		s.say(admin, "/announce")
		admin.Album("三点开会", sim.PhotoItem([]byte("一")), sim.PhotoItem([]byte("二")))
		s.settle()
		for _, label := range []string{"全部", "已阅", "同时发到工作群（2个）", "立即", "确认发送"} {
			s.press(admin, label)
		}
		s.wait(10 * time.Second)
		if _, err := s.desk.CorrectAnnouncement(context.Background(), s.actor("LM"), 1, duban.Correction{Text: "四点开会"}, "四点开会"); err != nil {
			t.Fatal(err)
		}
		s.wait(10 * time.Second)
		for _, seat := range seats {
			count := seat.Find("回执")
			if timesIn(seat, "四点开会") != 1 || timesIn(seat, "三点开会") != 0 || count == nil || count.ReplyTo == nil || seat.Message(count.ReplyTo.ID) == nil {
				t.Errorf("a topic reads\n%s", seen(seat))
			}
		}
		for _, c := range s.groupCopies() {
			if c.Version != 1 {
				t.Errorf("%+v", c)
			}
		}
	})
}

// TestAGroupThatMovedWhileNobodyLookedIsFollowedByTheError lets Telegram forget the news of the move: after a day it keeps no update any more.
func TestAGroupThatMovedWhileNobodyLookedIsFollowedByTheError(t *testing.T) {
	inBothSteady(t, "groups_moved", func(s *stage, say tongue) *sim.Person {
		admin, officer := s.join("LM"), s.join("WF")
		s.organisedIn(say, admin, officer)
		g := s.tg.NewBasicGroup("行业党委群", admin, officer)
		s.bind(admin, g.As(admin), "滨江市教育行业党委")
		s.press(admin, say("关闭每日状态", "Switch the daily line off"))
		s.stop()
		to := g.Migrate(admin)
		s.until("2026-11-24 10:00")
		s.gap = nil
		s.open()
		s.settle()
		if all := s.groupsNow(); len(all) != 1 || all[0].ChatID == to {
			t.Fatalf("the move was told: %+v", all)
		}
		s.tg.Mark()
		s.announceInGroups(admin, "明日停水", say, say("已阅", "Read"))
		s.announceInGroups(admin, "后日停水", say, say("已阅", "Read"))
		if all := s.groupsNow(); len(all) != 1 || all[0].ChatID != to || all[0].State != duban.GroupBound {
			t.Errorf("%+v", all)
		}
		seat := g.As(admin)
		if timesIn(seat, "明日停水") != 1 || timesIn(seat, "后日停水") != 1 || timesIn(seat, say("回执", "Receipts")) != 2 {
			t.Error(seen(seat))
		}
		refused := 0
		for _, r := range s.tg.Requests("copyMessage") {
			if r.Status == 400 {
				refused++
			}
		}
		if refused != 1 {
			t.Errorf("%d requests went to the old id", refused)
		}
		s.noneWaits()
		return nil
	})
}

func TestAGroupThatIsUnboundMeanwhileDoesNotGetTheAnnouncement(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		g := s.committeeGroup(admin)
		s.say(admin, "/announce")
		s.say(admin, "明日停水")
		s.press(admin, "全部")
		s.press(admin, "无")
		s.press(admin, "同时发到工作群（1个）")
		s.press(admin, "定时")
		s.say(admin, "今天上午10点")
		s.press(admin, "确认发送")
		s.inGroup(g.As(admin), "/unbind")
		s.until("2026-11-23 10:01")
		if timesIn(g.As(admin), "明日停水") != 0 {
			t.Error(seen(g.As(admin)))
		}
		s.find(admin, "工作群：已发0/1，未发：行业党委群（未绑定单位）")
	})
}

func TestAGroupInWhichTheBotMayWriteAgainGetsTheNextAnnouncement(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		g := s.committeeGroup(admin)
		g.Mute(true)
		s.announceToGroups(admin, "明日停水")
		g.Mute(false)
		s.announceToGroups(admin, "后日停水")
		if timesIn(g.As(admin), "明日停水") != 0 || timesIn(g.As(admin), "后日停水") != 1 || timesIn(admin, "可以发送消息了") != 1 {
			t.Errorf("in the group\n%s\nin private\n%s", seen(g.As(admin)), seen(admin))
		}
	})
}
