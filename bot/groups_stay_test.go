package bot_test

import (
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
)

// leavings are the entries of the record about chats that the bot has left by itself.
func (s *stage) leavings() (all []duban.Entry) {
	s.t.Helper()
	cast.Read(s.t, s.desk, func(tx *store.Tx) error {
		return tx.EveryEntry(time.Time{}, time.Now().Add(time.Hour), func(e duban.Entry) error {
			if e.Event == duban.EventGroupLeft {
				all = append(all, e)
			}
			return nil
		})
	})
	return all
}

func TestAGroupThatNobodyBindsIsToldOnceAndLeftAfterADay(t *testing.T) {
	inBoth(t, "groups_stay", func(s *stage, say tongue) {
		admin, stranger := s.join("LM"), s.person("路人")
		s.organisedIn(say, admin)
		s.tg.Mark()
		g := s.tg.NewGroup("闲聊群", stranger)
		bound := s.tg.NewGroup("行业党委群", admin, stranger)
		s.wait(time.Minute)
		g.Promote(stranger)
		s.wait(time.Minute)
		s.bind(admin, bound.As(admin), "滨江市教育行业党委")
		s.skipTo("2026-11-24 08:50")
		s.until("2026-11-24 09:10")
		hint, last := say("本群尚未绑定单位", "No unit is bound to this group yet"), say("机器人现在退出", "the bot leaves now")
		if timesIn(g.As(stranger), hint) != 1 || timesIn(g.As(stranger), last) != 1 {
			t.Error(seen(g.As(stranger)))
		}
		if timesIn(bound.As(admin), hint) != 1 || timesIn(bound.As(admin), last) != 0 || len(s.groupsNow()) != 1 {
			t.Error(seen(bound.As(admin)))
		}
		left := s.leavings()
		if len(left) != 1 || left[0].Note != "闲聊群" || left[0].Facts["reason"] != "not_bound" {
			t.Errorf("recorded: %+v", left)
		}
		if in := s.tg.Requests("leaveChat"); len(in) != 1 {
			t.Errorf("%d chats were left", len(in))
		}
		s.noneWaits()
	})
}

func TestABotThatIsTakenOutAgainSaysNothingMore(t *testing.T) {
	play(t, func(s *stage) {
		stranger := s.person("路人")
		g := s.tg.NewGroup("闲聊群", stranger)
		s.wait(time.Minute)
		g.Kick(stranger)
		s.skipTo("2026-11-24 08:50")
		s.until("2026-11-24 09:10")
		if timesIn(g.As(stranger), "机器人现在退出") != 0 || len(s.tg.Requests("leaveChat")) != 0 || len(s.leavings()) != 0 {
			t.Error(seen(g.As(stranger)))
		}
		g.AddBot(stranger)
		s.wait(time.Minute)
		if timesIn(g.As(stranger), "本群尚未绑定单位") != 2 {
			t.Error("nothing was said to those who brought the bot back")
		}
	})
}

func TestAChannelIsLeftAtOnceWithoutAWord(t *testing.T) {
	play(t, func(s *stage) {
		owner := s.person("路人")
		channel := s.tg.NewChannel("通知频道", owner)
		s.settle()
		left := s.leavings()
		if len(left) != 1 || left[0].Facts["reason"] != "channel" || len(s.tg.Requests("leaveChat")) != 1 {
			t.Errorf("recorded: %+v", left)
		}
		if n := len(s.tg.Events(channel.ID(), sim.Sent)); n != 0 {
			t.Errorf("%d messages in the channel", n)
		}
	})
}

func TestWithoutADigestTheLineComesAtTheEndOfTheQuietTime(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		g := s.tg.NewGroup("五中党建群", admin)
		s.bind(admin, g.As(admin), "市第五中学党委")
		s.desk.Policy.Digest = nil
		s.desk.Policy.Quiet = calendar.Quiet{From: calendar.Clock{Hour: 21}, To: calendar.Clock{Hour: 7}, WorkingDaysOnly: true}
		s.skipTo("2026-11-24 06:40")
		before := timesIn(g.As(admin), "📊")
		s.until("2026-11-24 06:59")
		if timesIn(g.As(admin), "📊") != before {
			t.Error("there is a line in the quiet time")
		}
		s.until("2026-11-24 07:06")
		if timesIn(g.As(admin), "📊 2026-11-24") != 1 {
			t.Fatal(seen(g.As(admin)))
		}
		s.issue(summary)
		s.wait(6 * time.Minute)
		if timesIn(g.As(admin), "📊 2026-11-24") != 1 || timesIn(g.As(admin), "在办1项") != 1 {
			t.Error(seen(g.As(admin)))
		}
		s.skipTo("2026-11-28 09:00")
		s.wait(10 * time.Minute)
		if timesIn(g.As(admin), "📊 2026-11-28") != 0 {
			t.Error("there is a line on a Saturday")
		}
	})
}

func TestAGroupThatIsLostIsNamedUntilItIsBack(t *testing.T) {
	inBothSteady(t, "groups_lost", func(s *stage, say tongue) *sim.Person {
		admin := s.join("LM")
		s.organisedIn(say, admin)
		g := s.committeeGroup(admin)
		s.tg.Mark()
		g.Kick(admin)
		s.settle()
		s.say(admin, "/groups")
		s.announceInGroups(admin, "明日停水", say, say("已阅", "Read"))
		g.AddBot(admin)
		s.settle()
		s.press(admin, say("重试", "Retry"))
		s.wait(10 * time.Second)
		if timesIn(g.As(admin), "明日停水") != 1 {
			t.Error(seen(g.As(admin)))
		}
		return nil
	})
}
