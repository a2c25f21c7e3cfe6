package bot_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/work"
)

func TestASecondCopyIsDroppedWhereTheFirstIsConfirmed(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.tg.Break(sim.Fault{Trouble: sim.ResetAfter, Methods: []string{"copyMessage"}, Chat: officer.ID(), Times: 1})
		s.announce(admin, "停水通知", "已阅")
		s.press(admin, "确认发送")
		s.press(officer, "已阅")
		s.wait(2 * time.Minute)
		if n := countOf(officer, "停水通知"); n != 1 {
			t.Errorf("%d copies", n)
		}
		if card := s.find(admin, "📣 公告　停水通知").Body(); !strings.Contains(card, "已送达 2　已阅 1　未送达 6") || !strings.Contains(card, "发送完毕") {
			t.Errorf("the card says %q", card)
		}
	})
}

func TestACopyThatMayHaveArrivedIsCountedAsNotRecalledAlsoWhereItWasOnItsWay(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.tg.Break(sim.Fault{Trouble: sim.ResetAfter, Methods: []string{"copyMessage"}, Chat: officer.ID(), Times: 1, Delay: 12 * time.Second})
		s.announce(admin, "发错的通知", "无")
		s.press(admin, "确认发送")
		s.press(admin, "撤回公告")
		s.press(admin, "确认撤回")
		s.wait(3 * time.Minute)
		if card := s.find(admin, "📣 公告　发错的通知").Body(); !strings.Contains(card, "已删除 1，已标注撤回 0，未能撤回 1") {
			t.Errorf("the card says %q", card)
		}
		s.find(admin, "已删除1人，已标注撤回0人，未能撤回1人")
	})
}

func TestWhoIsUrgedWithoutACopySeesTheCorrectedWords(t *testing.T) {
	for _, c := range []struct {
		name string
		send func(admin *sim.Person)
	}{
		{"text", func(a *sim.Person) { a.Send("会议定于下午3点召开。") }},
		{"caption", func(a *sim.Person) { a.Photo([]byte("图"), "会议定于下午3点召开。") }},
		{"album", func(a *sim.Person) {
			a.Album("会议定于下午3点召开。", sim.PhotoItem([]byte("一")), sim.PhotoItem([]byte("二")))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			play(t, func(s *stage) {
				admin, officer := s.join("LM"), s.join("WF")
				officer.Block()
				s.settle()
				s.say(admin, "/announce")
				c.send(admin)
				s.settle()
				s.press(admin, "全部")
				s.press(admin, "已阅")
				s.press(admin, "立即")
				s.press(admin, "确认发送")
				s.wait(time.Minute)
				s.press(admin, "更正")
				s.say(admin, "会议通知\n改于下午4点召开。")
				s.press(admin, "确认更正")
				s.wait(time.Minute)
				officer.Unblock()
				officer.Start("to_announce_1")
				s.settle()
				if urged := s.find(officer, "请阅读公告“会议通知”").Body(); strings.Contains(urged, "0001") {
					t.Errorf("%q", urged)
				}
				s.find(officer, "改于下午4点召开。")
				s.press(officer, "已阅")
				cast.Read(t, s.desk, func(tx *store.Tx) error {
					tally, err := tx.Tally(1)
					if tally.Confirmed != 1 || tally.Delivered != 2 {
						t.Errorf("%+v", tally)
					}
					return err
				})
			})
		})
	}
}

func TestAnAnnouncementIsNotShownToAnybodyBeforeItsTime(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.announceLater(admin, "停水通知", "已阅")
		officer.Start("to_announce_1")
		s.settle()
		if seen := s.tg.Transcript(officer); strings.Contains(seen, "停水") {
			t.Error(seen)
		}
	})
}

func TestWhoLeavesBeforeItGoesOutDoesNotGetIt(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.announceLater(admin, "停水通知", "无")
		s.press(admin, "暂停")
		s.leaves("WF")
		s.until("2026-11-23 10:30")
		s.press(admin, "继续")
		s.wait(time.Minute)
		if n := countOf(officer, "停水通知"); n != 0 {
			t.Errorf("%d copies", n)
		}
		s.press(admin, "未送达名单")
		s.find(admin, "王芳（已不在名册中）")
	})
}

// leaves ends the posts of somebody.
func (s *stage) leaves(code string) {
	s.t.Helper()
	err := s.desk.Store.Write(context.Background(), func(tx *store.Tx) error {
		posts, err := tx.Posts(cast.Person(s.t, s.desk, code).ID)
		for _, p := range posts {
			if err := tx.EndPost(p.ID); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestTheSenderWhoLostTheRightSeesNoNames(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.join("HJ")
		s.join("WF")
		s.announce(admin, "停水通知", "已阅")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.leaves("LM")
		s.tg.Mark()
		s.press(admin, "未签收名单")
		s.press(admin, "逐人结果")
		if seen := s.tg.Transcript(admin); strings.Contains(seen, "王芳") {
			t.Error(seen)
		}
		if _, err := s.desk.UrgeReceipts(context.Background(), actor(t, s, "HJ"), 1); err != nil {
			t.Errorf("the other administrator: %v", err)
		}
	})
}

func TestWhatSomebodyAskedForBeforeLeavingIsStillDecided(t *testing.T) {
	play(t, func(s *stage) {
		s.desk.Policy.SecondAdminAbove = 1
		admin, second := s.join("LM"), s.join("HJ")
		s.announce(admin, "停水通知", "无")
		s.press(admin, "确认发送")
		s.leaves("LM")
		s.press(second, "同意发送")
		if toasts := second.Toasts(); !strings.Contains(toasts[len(toasts)-1].Text, "已没有可送达的人员") {
			t.Errorf("%+v", toasts)
		}
		s.press(second, "不同意发送")
		s.say(second, "发布人已离任")
		s.find(admin, "何静不同意发送公告")
	})
}

func TestWhatSendingCostsIsShownBeforeItIsSent(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.join("WF")
		s.announce(admin, "停水通知", "无")
		if body := s.find(admin, "请核对以上公告").Body(); strings.Contains(body, "Stars") {
			t.Errorf("it costs something: %q", body)
		}
		s.stop()
		s.open()
		s.bot.PaidAnnouncements = true
		s.announce(admin, "停电通知", "无")
		s.find(admin, "付费发送：2条，约需0.2个Telegram Stars。")
		s.say(admin, "/announce")
		admin.Poll("何时开会", "上午", "下午")
		s.settle()
		s.press(admin, "全部")
		s.press(admin, "无")
		s.press(admin, "立即")
		if body := s.find(admin, "请核对以上公告").Body(); strings.Contains(body, "Stars") {
			t.Errorf("a forwarded poll costs something: %q", body)
		}
	})
}

func TestTheLineOfTheDayComesWhenTheGroupIsBack(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.join("WF")
		g := s.tg.NewGroup("五中群", admin)
		s.bind(admin, g.As(admin), "市第五中学党委")
		s.issue(work.TaskRow{Code: "T1", Title: "年度总结", Duty: "报送年度总结", Units: "市第五中学党委", Due: "2026-12-04"})
		s.skipTo("2026-11-24 08:20")
		s.tg.Break(sim.Fault{Trouble: sim.Answer, Chat: g.ID(), Times: 1, Code: 403, Description: "Forbidden: bot was kicked from the supergroup chat"})
		s.until("2026-11-24 08:45")
		if all := s.groupsNow(); len(all) != 1 || all[0].State != duban.GroupLost {
			t.Fatalf("%+v", all)
		}
		g.AddBot(admin)
		s.wait(15 * time.Minute)
		if n := timesIn(g.As(admin), "📊 2026-11-24"); n != 1 {
			t.Errorf("%d lines of the day:\n%s", n, seen(g.As(admin)))
		}
	})
}

func TestAGroupThatWasMutedAndThenDroppedIsNotTriedAnyMore(t *testing.T) {
	d := cast.Open(t)
	lm := cast.Join(t, d, "LM", 1)
	var g duban.Group
	state := func() duban.Group {
		cast.Read(t, d, func(tx *store.Tx) (err error) {
			g, err = tx.Group(g.ID)
			return err
		})
		return g
	}
	var err error
	if g, err = d.AskToBind(t.Context(), lm, -100, 7, "群"); err != nil {
		t.Fatal(err)
	}
	var unit int64
	cast.Read(t, d, func(tx *store.Tx) error {
		u, err := work.FirstUnit(tx, lm.PersonID)
		unit = u.ID
		return err
	})
	if _, err := d.BindGroup(t.Context(), lm, g.ID, unit); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		do     func(*store.Tx, int64, int64, duban.GroupReason) error
		why    duban.GroupReason
		state  duban.GroupState
		reason duban.GroupReason
	}{
		{d.LoseGroup, duban.GroupNoRights, duban.GroupLost, duban.GroupNoRights},
		{d.FindGroup, duban.GroupTopicClosed, duban.GroupLost, duban.GroupNoRights}, // the topic was opened again, the bot is as mute as before
		{d.LoseGroup, duban.GroupKicked, duban.GroupLost, duban.GroupKicked},
		{d.LoseGroup, duban.GroupNoRights, duban.GroupLost, duban.GroupKicked},
		{d.FindGroup, duban.GroupKicked, duban.GroupBound, ""},
	} {
		err := d.Store.Write(t.Context(), func(tx *store.Tx) error { return step.do(tx, -100, g.ID, step.why) })
		if g := state(); err != nil || g.State != step.state || g.Reason != step.reason {
			t.Errorf("after %s it is %s (%s), want %s (%s): %v", step.why, g.State, g.Reason, step.state, step.reason, err)
		}
	}
}

func TestAGroupThatMigratesInTheMiddleOfASendingGetsOneCopy(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		g := s.tg.NewBasicGroup("行业党委群", admin)
		s.bind(admin, g.As(admin), committee)
		s.press(admin, "关闭每日状态")
		s.tg.Break(sim.Fault{Trouble: sim.TooManyRequests, Methods: []string{"copyMessage"}, Chat: g.ID(), Times: 1, RetryAfter: 30})
		s.announceToGroups(admin, "明日停水")
		to := g.Migrate(admin)
		s.wait(2 * time.Minute)
		if all := s.groupsNow(); len(all) != 1 || all[0].ChatID != to {
			t.Errorf("%+v", all)
		}
		if timesIn(g.As(admin), "明日停水") != 1 || timesIn(g.As(admin), "回执") != 1 {
			t.Error(seen(g.As(admin)))
		}
		s.press(admin, "已阅")
		s.wait(2 * time.Minute)
		if n := timesIn(g.As(admin), "已阅 1/1"); n != 1 {
			t.Error(seen(g.As(admin)))
		}
		s.noneWaits()
	})
}

const committee = "滨江市教育行业党委"

func TestAListWithNamesThatAreNotKnownReachesTheOthersOnce(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.say(admin, "/announce")
		s.say(admin, "停水通知")
		s.press(admin, "指定人员")
		s.say(admin, "王芳、不存在的人、WF、 王 芳 ")
		s.find(admin, "没有找到1人：不存在的人")
		s.press(admin, "仅发给已识别的1人")
		s.press(admin, "无")
		s.press(admin, "立即")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		if n := countOf(officer, "停水通知"); n != 1 {
			t.Errorf("%d copies", n)
		}
	})
}

func TestAWaitOfHoursForOneReaderHoldsNobodyElseUpAndIsShown(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer, secretary := s.join("LM"), s.join("WF"), s.join("ZG")
		s.tg.Break(sim.Fault{Trouble: sim.TooManyRequests, Methods: []string{"copyMessage"}, Chat: officer.ID(), Times: 1, RetryAfter: 10072})
		s.announce(admin, "停水通知", "已阅")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		if countOf(secretary, "停水通知") != 1 || countOf(officer, "停水通知") != 0 {
			t.Error("somebody else waits too, or nobody does")
		}
		if card := s.find(admin, "📣 公告　停水通知").Body(); !strings.Contains(card, "已送达 2") || !strings.Contains(card, "尚余1人") {
			t.Errorf("the card says %q", card)
		}
		s.wait(3 * time.Hour)
		if countOf(officer, "停水通知") != 1 {
			t.Error("it has not come after the wait")
		}
		requests := s.tg.Requests("copyMessage")
		if n := len(slices.DeleteFunc(requests, func(r sim.Request) bool { return r.Status != 429 })); n != 1 {
			t.Errorf("%d requests were refused", n)
		}
	})
}

func TestAForgedButtonNamesNoTaskOfAnother(t *testing.T) {
	play(t, func(s *stage) {
		school := s.join("ZG")
		s.issue(work.TaskRow{Code: "T2", Title: "小学的事项", Duty: "报送。", Units: "实验小学党委", Due: "2026-12-04"})
		s.say(school, "/announce")
		s.say(school, "停水通知")
		for _, data := range []string{"audience:1:task", "audience:1:part.unreported"} {
			school.PressData(school.Last(), data)
			s.settle()
		}
		s.press(school, "全部")
		s.press(school, "已阅")
		school.PressData(school.Last(), "when:1:to")
		s.settle()
		if said := s.tg.Transcript(school); strings.Contains(said, "小学的事项") {
			t.Error(said)
		}
	})
}

func TestAnAnnouncementWhoseMessageWasErasedBlamesNoReader(t *testing.T) {
	play(t, func(s *stage) {
		admin, second := s.join("LM"), s.join("HJ")
		s.announce(admin, "停水通知", "已阅")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		if _, err := s.desk.Erase(context.Background(), duban.Console, "LM", "（已删除）"); err != nil {
			t.Fatal(err)
		}
		s.join("WF")
		if _, err := s.desk.RetryAnnouncement(context.Background(), actor(t, s, "HJ"), 1); err != nil {
			t.Fatal(err)
		}
		s.wait(time.Minute)
		cast.Read(t, s.desk, func(tx *store.Tx) error {
			account, err := tx.AccountOfPerson(cast.Person(t, s.desk, "WF").ID)
			if account.Unreachable != "" {
				t.Errorf("the reader counts as unreachable: %s", account.Unreachable)
			}
			r, err2 := tx.Receipt(1, account.PersonID)
			if r.Failure != "copy_gone" {
				t.Errorf("it failed because of %q", r.Failure)
			}
			return errors.Join(err, err2)
		})
		if second.Find("无法送达") != nil {
			t.Error(s.tg.Transcript(second))
		}
	})
}

func TestAGroupThatMovedIsNotTakenForLost(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		g := s.tg.NewBasicGroup("行业党委群", admin)
		s.bind(admin, g.As(admin), committee)
		err := s.desk.Store.Write(context.Background(), func(tx *store.Tx) error { // told before the move is
			return s.desk.GroupRemoved(tx, g.ID())
		})
		if err != nil {
			t.Fatal(err)
		}
		to := g.Migrate(admin)
		s.settle()
		if all := s.groupsNow(); len(all) != 1 || all[0].ChatID != to || all[0].State != duban.GroupBound {
			t.Errorf("%+v", all)
		}
	})
}

func TestACopyThatMayStandBesideTheKnownOneCountsAsNotRecalled(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.tg.Break(sim.Fault{Trouble: sim.ResetAfter, Methods: []string{"copyMessage"}, Chat: officer.ID(), Times: 1})
		s.announce(admin, "发错的通知", "无")
		s.press(admin, "确认发送")
		s.wait(2 * time.Minute)
		if n := countOf(officer, "发错的通知"); n != 2 {
			t.Fatalf("%d copies", n)
		}
		s.press(admin, "更正")
		s.say(admin, "改好的通知")
		s.press(admin, "确认更正")
		s.wait(time.Minute)
		s.press(admin, "逐人结果")
		s.find(admin, "已更正（可能另有一份，无法改动）")
		s.press(admin, "撤回公告")
		s.press(admin, "确认撤回")
		s.wait(time.Minute)
		s.find(admin, "已删除1人，已标注撤回0人，未能撤回1人")
		s.press(admin, "逐人结果")
		s.find(admin, "未能撤回（可能另有一份，无法改动）")
		if n := countOf(officer, "发错的通知"); n != 1 {
			t.Errorf("%d copies are left", n)
		}
	})
}

func TestACopyThatMayStandBesideTheKnownOneInAGroupCountsAsNotRecalled(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		g := s.tg.NewGroup("行业党委群", admin)
		s.bind(admin, g.As(admin), committee)
		s.tg.Break(sim.Fault{Trouble: sim.ResetAfter, Methods: []string{"copyMessage"}, Chat: g.ID(), Times: 1})
		s.announceToGroups(admin, "发错的通知")
		s.wait(2 * time.Minute)
		s.press(admin, "撤回公告")
		s.press(admin, "确认撤回")
		s.wait(time.Minute)
		if card := s.find(admin, "📣 公告　发错的通知").Body(); !strings.Contains(card, "行业党委群（可能另有一份，无法改动）") {
			t.Errorf("the card says %q", card)
		}
		if n := timesIn(g.As(admin), "发错的通知"); n != 1 {
			t.Errorf("%d copies are left", n)
		}
	})
}
