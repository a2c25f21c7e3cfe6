package bot_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/bot"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/text"
	"duban/work"
)

// bind makes a chat, or the topic in which the administrator sits, the work group of a unit.
func (s *stage) bind(admin *sim.Person, seat *sim.Seat, unit string) {
	s.t.Helper()
	seat.Send("/bind")
	s.settle()
	s.press(admin, unit)
}

func (s *stage) inGroup(seat *sim.Seat, words string) {
	seat.Send(words)
	s.settle()
}

// groupsNow are the work groups that are bound.
func (s *stage) groupsNow() (all []duban.Group) {
	s.t.Helper()
	cast.Read(s.t, s.desk, func(tx *store.Tx) (err error) {
		all, err = tx.BoundGroups()
		return err
	})
	return all
}

// announceToGroups announces something to everybody and to the work groups, in Chinese.
func (s *stage) announceToGroups(admin *sim.Person, content string) {
	s.t.Helper()
	s.announceInGroups(admin, content, inChinese, inChinese("已阅", ""))
}

// announceInGroups announces something to everybody and to the one work group, with a receipt.
func (s *stage) announceInGroups(admin *sim.Person, content string, say tongue, receipt string) {
	s.t.Helper()
	s.say(admin, "/announce")
	s.say(admin, content)
	s.press(admin, say("全部", "Everyone"))
	s.press(admin, receipt)
	s.press(admin, say("同时发到工作群（1个）", "Also to work groups (1)"))
	s.press(admin, say("立即", "Now"))
	s.press(admin, say("确认发送", "Send to"))
	s.wait(10 * time.Second)
}

// organisedIn makes the organisation and everybody speak the language of the story.
func (s *stage) organisedIn(say tongue, people ...*sim.Person) {
	s.t.Helper()
	s.speak(people...)
	s.stop()
	s.lang = text.Lang(say(string(text.ZH), string(text.EN)))
	s.open()
	s.settle()
}

// chatSeen is a chat with a group or with the bot, as somebody sees it.
type chatSeen interface{ Messages() []sim.Message }

func seen(seat chatSeen) string {
	var words []string
	for _, m := range seat.Messages() {
		words = append(words, m.Body())
	}
	return strings.Join(words, "\n")
}

func TestAWorkGroupIsBoundByAnAdministratorInPrivate(t *testing.T) {
	inBoth(t, "groups_bind", func(s *stage, say tongue) {
		admin, officer := s.join("LM"), s.join("WF")
		s.organisedIn(say, admin, officer)
		stranger := s.person("路人")
		g := s.tg.NewGroup("五中党建群", officer, admin, stranger)
		s.tg.Mark()
		s.inGroup(g.As(officer), "/bind")
		s.inGroup(g.As(stranger), "/bind@"+s.tg.Username())
		s.inGroup(g.As(admin), "/bind@another_bot")
		s.inGroup(g.As(officer), "/tasks")
		private := say("请在私聊中查看", "Please look in the private chat")
		if n := timesIn(g.As(officer), private); n != 0 {
			t.Error("a group of nobody was answered")
		}
		s.bind(admin, g.As(admin), "市第五中学党委")
		s.inGroup(g.As(officer), "/tasks")
		s.inGroup(g.As(officer), "/me")
		s.inGroup(g.As(officer), "大家好")
		s.say(admin, "/groups")
		s.press(admin, "五中党建群")
		s.press(admin, say("关闭每日状态", "Switch the daily line off"))
		if n := timesIn(g.As(officer), private); n != 1 {
			t.Errorf("%d answers", n)
		}
		all := s.groupsNow()
		if len(all) != 1 || all[0].Daily || all[0].ChatID != g.ID() || all[0].State != duban.GroupBound {
			t.Errorf("%+v", all)
		}
		s.inGroup(g.As(officer), "/unbind")
		if len(s.groupsNow()) != 1 {
			t.Error("unbound by an officer")
		}
		s.inGroup(g.As(admin), "/unbind")
		if len(s.groupsNow()) != 0 {
			t.Error("still bound")
		}
	})
}

// timesIn counts how often a piece of text stands in a chat.
func timesIn(chat chatSeen, piece string) int { return strings.Count(seen(chat), piece) }

func TestAnAnnouncementStandsInTheWorkGroupWithACounter(t *testing.T) {
	inBothSteady(t, "groups_announce", func(s *stage, say tongue) *sim.Person {
		admin, officer, school := s.join("LM"), s.join("WF"), s.join("ZG")
		s.organisedIn(say, admin, officer, school)
		stranger := s.person("路人")
		g := s.tg.NewGroup("行业党委群", admin, officer, school, stranger)
		topic := g.NewTopic("公告", admin)
		seat := g.As(officer).InTopic(topic)
		s.bind(admin, g.As(admin).InTopic(topic), "滨江市教育行业党委")
		s.tg.Mark()
		s.announceInGroups(admin, "明日停水", say, say("已阅", "Read"))
		s.press(officer, say("已阅", "I have read it"))
		s.press(school, say("已阅", "I have read it"))
		count := func(n string) int { return timesIn(seat, say("已阅 ", "read ")+n) }
		if count("0/3") != 1 {
			t.Error("edited within the minute:\n" + seen(seat))
		}
		s.wait(2 * time.Minute)
		if count("2/3") != 1 || timesIn(seat, "明日停水") != 1 {
			t.Error(seen(seat))
		}
		for _, name := range []string{"李敏", "王芳", "赵刚"} {
			if strings.Contains(seen(seat), name) {
				t.Errorf("%s is named in the group", name)
			}
		}
		link := seat.Find(say("回执", "Receipts")).ReplyMarkup.Rows[0][0].URL
		for _, p := range []*sim.Person{admin, officer, stranger} {
			if err := p.OpenLink(link); err != nil {
				t.Fatal(err)
			}
			s.settle()
		}
		s.press(admin, say("已阅", "I have read it"))
		s.find(officer, say("您已于", "You confirmed"))
		if m := stranger.Last(); m == nil || strings.Contains(m.Body(), "公告") {
			t.Errorf("a stranger is told %v", m)
		}
		s.wait(2 * time.Minute)
		if count("3/3") != 1 {
			t.Error(seen(seat))
		}
		return nil
	})
}

func TestInTheWorkGroupAnAnnouncementIsCorrectedAndCalledBackToo(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		g := s.tg.NewGroup("行业党委群", admin)
		s.bind(admin, g.As(admin), "滨江市教育行业党委")
		s.announceToGroups(admin, "明日停水")
		id := int64(1)
		who := s.actor("LM")
		if _, err := s.desk.CorrectAnnouncement(context.Background(), who, id, duban.Correction{Text: "后日停水"}, "后日停水"); err != nil {
			t.Fatal(err)
		}
		s.settle()
		if timesIn(g.As(admin), "后日停水") != 1 || timesIn(g.As(admin), "明日停水") != 0 {
			t.Error(seen(g.As(admin)))
		}
		if _, err := s.desk.RecallAnnouncement(context.Background(), who, id); err != nil {
			t.Fatal(err)
		}
		s.wait(10 * time.Second)
		if left := seen(g.As(admin)); strings.Contains(left, "停水") || strings.Contains(left, "回执") {
			t.Error(left)
		}
	})
}

func TestOneLineADayIsEditedAndYesterdaysStays(t *testing.T) {
	inBoth(t, "groups_daily", func(s *stage, say tongue) {
		admin, officer := s.join("LM"), s.join("WF")
		s.organisedIn(say, admin, officer)
		g := s.tg.NewGroup("五中党建群", admin, officer)
		s.bind(admin, g.As(admin), "市第五中学党委")
		s.issue(work.TaskRow{Code: "T-1", Title: "内部谈话安排", Duty: "按安排完成", Units: "市第五中学党委", Owner: "WF", Due: "2026-12-04", Internal: true})
		s.skipTo("2026-11-24 08:20")
		s.tg.Mark()
		s.until("2026-11-24 08:45")
		lines := func() (all []string) {
			for _, m := range g.As(admin).Messages() {
				if strings.HasPrefix(m.Body(), "📊") {
					all = append(all, m.Body())
				}
			}
			return all
		}
		first := lines()
		if len(first) != 1 || !strings.Contains(first[0], say("在办1项，未签收1项", "1 open, 1 not signed for")) || strings.Contains(first[0], "谈话") || strings.Contains(first[0], "王芳") {
			t.Fatalf("%q", first)
		}
		s.press(officer, say("签收", "Sign"))
		s.wait(6 * time.Minute)
		signed := lines()
		if len(signed) != 1 || !strings.Contains(signed[0], say("未签收0项", "0 not signed for")) {
			t.Fatalf("%q", signed)
		}
		s.skipTo("2026-11-25 08:20")
		s.until("2026-11-25 08:45")
		both := lines()
		if len(both) != 2 || both[0] != signed[0] {
			t.Errorf("%q", both)
		}
		s.skipTo("2026-11-28 09:00")
		s.wait(6 * time.Minute)
		if n := len(lines()); n != 2 {
			t.Errorf("%d lines after a Saturday", n)
		}
	})
}

func TestEveryWayToLoseAGroupIsToldOnceAndItComesBack(t *testing.T) {
	for _, c := range []struct {
		name       string
		lose, back func(g *sim.Group, topic int, admin *sim.Person)
		said       string
		byItself   bool
	}{
		{"kicked", func(g *sim.Group, _ int, a *sim.Person) { g.Kick(a) }, func(g *sim.Group, _ int, a *sim.Person) { g.AddBot(a) }, "机器人已被移出", true},
		{"muted", func(g *sim.Group, _ int, _ *sim.Person) { g.Mute(true) }, func(g *sim.Group, _ int, _ *sim.Person) { g.Mute(false) }, "没有发言权限", false},
		{"topic closed", func(g *sim.Group, id int, a *sim.Person) { g.CloseTopic(id, a) }, func(g *sim.Group, id int, a *sim.Person) { g.ReopenTopic(id, a) }, "话题已关闭", true},
		{"topic deleted", func(g *sim.Group, id int, _ *sim.Person) { g.DeleteTopic(id) }, nil, "话题已删除", false},
		{"deleted", func(g *sim.Group, _ int, _ *sim.Person) { g.Delete() }, nil, "群已解散", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			play(t, func(s *stage) {
				admin := s.join("LM")
				g := s.tg.NewGroup("行业党委群", admin)
				topic := g.NewTopic("公告", admin)
				s.bind(admin, g.As(admin).InTopic(topic), "滨江市教育行业党委")
				c.lose(g, topic, admin)
				s.settle()
				s.announceToGroups(admin, "明日停水")
				s.announceToGroups(admin, "后日停水")
				if n := timesIn(admin, "无法发送消息"); n != 1 {
					t.Errorf("told %d times", n)
				}
				s.find(admin, "无法发送消息："+c.said)
				s.find(admin, "工作群：已发0/1，未发：")
				s.noneWaits()
				if c.back == nil {
					return
				}
				c.back(g, topic, admin)
				s.settle()
				if !c.byItself {
					s.skipTo("2026-11-24 08:25")
					s.until("2026-11-24 08:45")
				}
				if all := s.groupsNow(); len(all) != 1 || all[0].State != duban.GroupBound {
					t.Errorf("%+v", all)
				}
				s.find(admin, "可以发送消息了")
			})
		})
	}
}

// noneWaits sees that every letter to a group has ended.
func (s *stage) noneWaits() {
	s.t.Helper()
	cast.Read(s.t, s.desk, func(tx *store.Tx) error {
		for _, lane := range duban.Lanes {
			waiting, err := tx.ReadyLetters(lane.Lane, time.Time{}, 0, 100)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(waiting, func(l duban.Letter) bool { return l.ChatID < 0 }) {
				s.t.Errorf("letters wait for a group: %+v", waiting)
			}
		}
		return nil
	})
}

func TestAGroupThatBecomesASupergroupIsFollowed(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		g := s.tg.NewBasicGroup("行业党委群", admin, officer)
		s.bind(admin, g.As(admin), "滨江市教育行业党委")
		s.announceToGroups(admin, "明日停水")
		old := g.As(admin)
		to := g.Migrate(admin)
		s.settle()
		if all := s.groupsNow(); len(all) != 1 || all[0].ChatID != to {
			t.Fatalf("%+v", all)
		}
		s.announceToGroups(admin, "后日停水")
		if timesIn(g.As(admin), "后日停水") != 1 || timesIn(g.As(admin), "明日停水") != 0 {
			t.Error(seen(g.As(admin)))
		}
		if _, err := s.desk.RecallAnnouncement(context.Background(), s.actor("LM"), 1); err != nil {
			t.Fatal(err)
		}
		s.wait(10 * time.Second)
		if timesIn(g.As(admin), "后日停水") != 1 || timesIn(g.As(admin), "回执") != 1 || timesIn(old, "明日停水") != 1 {
			t.Error("recalling what stayed behind has touched the new group:\n" + seen(g.As(admin)))
		}
		s.noneWaits()
	})
}

func TestEditsInAGroupCountLikeMessages(t *testing.T) {
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, cast.Shanghai)
	for _, edit := range []bool{false, true} {
		p, left := bot.NewPace(bot.PaceLimits{GroupPerMinute: 18}), 0
		for at := time.Duration(0); at < 10*time.Minute; at += time.Second {
			if now := start.Add(at); p.Ask(now, -100, duban.LaneReminder).OK {
				p.Charge(now, -100, 1, edit)
				left++
			}
		}
		if left < 10*18-5 || left > 10*18+5 {
			t.Errorf("%d in ten minutes, edits: %v", left, edit)
		}
	}
}
