package bot_test

import (
	"strings"
	"testing"
	"time"

	"duban/sim"
	"duban/sim/golden"
)

// inBothSteady plays a story in Chinese and in English and keeps the chat of one person, or where it returns nobody all chats, with the cards of
// announcements at rest.
func inBothSteady(t *testing.T, name string, story func(s *stage, say tongue) *sim.Person) {
	t.Helper()
	inTongues(t, func(s *stage, say tongue) {
		if p := story(s, say); p != nil {
			s.steady(name, p)
			return
		}
		s.settle()
		golden.Check(s.t, name+s.suffix, cardsAtRest(inOrder(s.tg.Transcript()), func([]string) {}))
	})
}

func TestAnAnnouncementThatWaitsStandsInReviewAmongTheOtherRequests(t *testing.T) {
	inBothSteady(t, "announcement_review", func(s *stage, say tongue) *sim.Person {
		s.desk.Policy.SecondAdminAbove = 1
		admin, second, officer, secretary := s.join("LM"), s.join("HJ"), s.join("WF"), s.join("ZG")
		s.speak(admin, second, officer, secretary)
		for _, words := range []string{"明日停水", "后日停电", "周五消防演练"} {
			s.say(admin, "/announce")
			s.say(admin, words)
			s.say(admin, "市第五中学党委")
			s.press(admin, say("无", "None"))
			s.press(admin, say("立即", "Now"))
			s.press(admin, say("确认发送", "Send to"))
		}
		s.tg.Mark()
		s.say(second, "/progress")
		s.press(second, say("申请 3", "Requests 3"))
		s.press(second, say("同意发送", "Agree to send"))
		s.press(second, say("查看人员", "See who"))
		s.press(second, say("不同意发送", "Do not send"))
		s.say(second, say("已另行通知", "they were told already"))
		s.reply(second, "周五消防演练", say("同意", "yes"))
		s.say(second, "/review")
		s.wait(time.Minute)
		if countOf(officer, "明日停水") != 1 || countOf(officer, "后日停电") != 0 || countOf(officer, "周五消防演练") != 1 {
			t.Error(seen(officer))
		}
		return second
	})
}

func TestWhoAsksToAnnounceDoesNotFindItInReview(t *testing.T) {
	play(t, func(s *stage) {
		s.desk.Policy.SecondAdminAbove = 1
		admin := s.join("LM")
		s.join("HJ")
		s.join("WF")
		s.announce(admin, "明日停水", "无")
		s.press(admin, "确认发送")
		s.say(admin, "/review")
		if last := admin.Last().Body(); strings.Contains(last, "停水") {
			t.Errorf("the sender is asked: %q", last)
		}
	})
}

func TestAnAnnouncementThatWaitsStandsInTheDigest(t *testing.T) {
	inBothSteady(t, "announcement_digest", func(s *stage, say tongue) *sim.Person {
		s.desk.Policy.SecondAdminAbove = 1
		admin, second := s.join("LM"), s.join("HJ")
		s.join("WF")
		s.speak(admin, second)
		for _, words := range []string{"明日停水", "后日停电"} {
			s.say(admin, "/announce")
			s.say(admin, words)
			s.press(admin, say("全部", "Everyone"))
			s.press(admin, say("无", "None"))
			s.press(admin, say("立即", "Now"))
			s.press(admin, say("确认发送", "Send to"))
		}
		s.press(second, say("同意发送", "Agree to send"))
		s.skipTo("2026-11-24 08:20")
		s.tg.Mark()
		s.until("2026-11-24 08:35")
		digest := say("待您同意发送的公告1份", "1 announcement waits for you to agree")
		s.find(second, digest)
		if timesIn(admin, say("待您同意", "for you to agree")) != 0 {
			t.Errorf("the sender is told:\n%s", seen(admin))
		}
		s.say(second, "/review")
		return second
	})
}
