package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/sim"
	"duban/sim/golden"
	"duban/store"
)

// announce goes through the dialog up to the preview: to everybody, at once.
func (s *stage) announce(admin *sim.Person, content, receipt string) {
	s.t.Helper()
	s.say(admin, "/announce")
	s.say(admin, content)
	s.press(admin, "全部")
	s.press(admin, receipt)
	s.press(admin, "立即")
}

// chat compares what one person has seen and done with a transcript. What several people get at one instant arrives in any order.
func (s *stage) chat(name string, p *sim.Person) {
	s.t.Helper()
	s.settle()
	golden.Check(s.t, name+s.suffix, s.tg.Transcript(p))
}

func TestAnAnnouncementIsReadByEveryone(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer, secretary := s.join("LM"), s.join("WF"), s.join("ZG")
		s.tg.Mark()
		s.announce(admin, "关于召开年终总结会的通知\n定于12月5日下午3点在一楼会议室召开。", "已阅")
		s.chat("announcement", admin)
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.tg.Mark()
		s.press(officer, "已阅")
		s.press(officer, "已阅")
		s.reply(secretary, "关于召开年终总结会", "收到")
		s.wait(time.Minute)
		s.press(admin, "未签收名单")
		s.chat("announcement_read", admin)
		s.chat("announcement_officer", officer)
		s.chat("announcement_secretary", secretary)
	})
}

func TestAWrittenAnswerIsAskedForAndUrged(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer, secretary := s.join("LM"), s.join("WF"), s.join("ZG")
		s.tg.Mark()
		s.say(admin, "/announce")
		s.say(admin, "请报参会人数")
		s.say(admin, "市第五中学党委")
		s.say(admin, "文字回复")
		s.press(admin, "定时")
		s.say(admin, "昨天")
		s.say(admin, "尽快")
		s.say(admin, "今天上午10点")
		s.chat("announcement_later", admin)
		s.press(admin, "确认发送")
		s.until("2026-11-23 10:01")
		s.tg.Mark()
		s.press(officer, "回复")
		s.say(officer, "两人参会")
		s.wait(time.Minute)
		s.press(admin, "催未签收")
		s.press(admin, "催未签收")
		s.reply(secretary, "请回复公告", "三人参会")
		s.wait(time.Minute)
		s.press(admin, "查看回复")
		s.chat("announcement_answers", admin)
		s.chat("announcement_answers_officer", officer)
		s.chat("announcement_answers_secretary", secretary)
	})
}

func TestAnAlbumIsAnnouncedAsOne(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.tg.Mark()
		s.say(admin, "/announce")
		admin.Album("现场照片", sim.PhotoItem([]byte("一")), sim.PhotoItem([]byte("二")))
		s.settle()
		s.press(admin, "角色")
		s.press(admin, "党建专干")
		s.press(admin, "已阅")
		s.press(admin, "立即")
		s.chat("announcement_album", admin)
		s.press(admin, "确认发送")
		s.press(officer, "已阅")
		s.chat("announcement_album_officer", officer)
	})
}

func TestAForwardedMessageIsOffered(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.tg.Mark()
		admin.ForwardFrom(officer, "明日停水，请提前准备。")
		s.settle()
		s.press(admin, "发公告")
		s.press(admin, "类别")
		s.press(admin, "返回")
		s.press(admin, "单位")
		s.press(admin, "市第五中学党委")
		s.press(admin, "无")
		s.press(admin, "返回")
		s.press(admin, "无")
		s.press(admin, "立即")
		s.chat("announcement_forwarded", admin)
		s.press(admin, "确认发送")
		if countOf(officer, "明日停水，请提前准备。") != 1 {
			t.Error("the announcement has not arrived")
		}
	})
}

func TestQuietTimeHoldsAnAnnouncementUnlessTheSenderSaysOtherwise(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.desk.Policy.Quiet = calendar.Quiet{From: calendar.Clock{Hour: 8}, To: calendar.Clock{Hour: 10}}
		s.announce(admin, "请于午前报到", "无")
		s.find(admin, "公告将于2026-11-23（周一）10:00发送")
		s.press(admin, "确认发送")
		s.wait(10 * time.Minute)
		if officer.Find("请于午前报到") != nil {
			t.Error("what quiet time holds has arrived")
		}
		s.announce(admin, "即将有大风，请检查门窗", "无")
		s.press(admin, "不等待")
		if officer.Find("即将有大风") == nil {
			t.Error("what was to go at once has not arrived")
		}
		s.until("2026-11-23 10:01")
		if officer.Find("请于午前报到") == nil {
			t.Error("what quiet time held has not arrived after it")
		}
		s.wait(time.Minute)
		if card := s.find(admin, "公告　请于午前报到").Body(); !strings.Contains(card, "已送达 2") {
			t.Errorf("the card says %q", card)
		}
	})
}

func TestConfirmingAnAnnouncementTwiceSendsItOnce(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.announce(admin, "只发一次", "无")
		if err := admin.PressTwice("确认发送"); err != nil {
			t.Fatal(err)
		}
		s.settle()
		if n := countOf(officer, "只发一次"); n != 1 {
			t.Errorf("the announcement arrived %d times, want 1", n)
		}
		s.announce(admin, "再发一次", "无")
		if err := admin.PressRepeated("确认发送"); err != nil {
			t.Fatal(err)
		}
		s.settle()
		if n := countAnnouncements(t, s); n != 2 {
			t.Errorf("there are %d announcements, want 2", n)
		}
	})
}

func countOf(p *sim.Person, words string) int {
	n := 0
	for _, m := range p.Messages() {
		if m.Body() == words {
			n++
		}
	}
	return n
}

func countAnnouncements(t *testing.T, s *stage) (n int) {
	t.Helper()
	cast.Read(t, s.desk, func(tx *store.Tx) error {
		all, err := tx.Announcements(10)
		n = len(all)
		return err
	})
	return n
}

func TestRetryReachesOnlyThoseWhoWereNotReached(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer, secretary := s.join("LM"), s.join("WF"), s.join("ZG")
		officer.Block()
		s.announce(admin, "请查收", "已阅")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		officer.Unblock()
		s.settle()
		s.press(admin, "重试")
		s.wait(time.Minute)
		if a, b := countOf(officer, "请查收"), countOf(secretary, "请查收"); a != 1 || b != 1 {
			t.Errorf("it arrived %d and %d times, want once each", a, b)
		}
	})
}

func TestASecretaryAnnouncesToTheOwnSchoolOnly(t *testing.T) {
	play(t, func(s *stage) {
		secretary, officer, other := s.join("ZG"), s.join("WF"), s.join("ZM")
		s.announce(secretary, "本校通知", "无")
		s.press(secretary, "返回")
		s.press(secretary, "返回")
		s.press(secretary, "返回")
		s.say(secretary, "实验小学党委")
		if secretary.Find("没有找到") == nil {
			t.Errorf("another school could be chosen:\n%s", s.tg.Transcript(secretary))
		}
		s.press(secretary, "返回")
		s.press(secretary, "全部")
		s.press(secretary, "无")
		s.press(secretary, "立即")
		s.press(secretary, "确认发送")
		if countOf(officer, "本校通知") != 1 || countOf(other, "本校通知") != 0 {
			t.Error("the announcement did not go to the own school alone")
		}
	})
}

func TestTheRightToAnnounceIsLookedAtAgain(t *testing.T) {
	play(t, func(s *stage) {
		secretary, officer := s.join("ZG"), s.join("WF")
		s.announce(secretary, "来不及了", "无")
		who := cast.Person(t, s.desk, "ZG")
		err := s.desk.Store.Write(context.Background(), func(tx *store.Tx) error {
			posts, err := tx.Posts(who.ID)
			if err != nil {
				return err
			}
			return tx.EndPost(posts[0].ID)
		})
		if err != nil {
			t.Fatal(err)
		}
		s.press(secretary, "确认发送")
		if countOf(officer, "来不及了") != 0 {
			t.Error("somebody without the right has announced")
		}
	})
}

func TestAForgedButtonChangesNothing(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer, other := s.join("LM"), s.join("WF"), s.join("ZM")
		s.say(admin, "/announce")
		s.say(admin, "仅发市五中")
		s.say(admin, "市第五中学党委")
		s.press(admin, "已阅")
		s.press(admin, "立即")
		s.press(admin, "确认发送")
		m := other.Last()
		for _, data := range []string{"read:1", "urge:1", "retry:1", "missing:1", "send:1", "people:1", "person:1", "revoke:1:yes", "invite:1:unit", "import:1", "audience:1:unit"} {
			other.PressData(m, data)
			s.settle()
		}
		var tally duban.Tally
		cast.Read(t, s.desk, func(tx *store.Tx) (err error) {
			tally, err = tx.Tally(1)
			return err
		})
		if tally.Confirmed != 0 {
			t.Error("somebody who is no recipient has confirmed")
		}
		if said := s.tg.Transcript(other); strings.Contains(said, "仅发市五中") || strings.Contains(said, "t.me") {
			t.Errorf("a forged button has told something:\n%s", said)
		}
		if countOf(officer, "仅发市五中") != 1 {
			t.Error("the announcement has not arrived")
		}
	})
}

func TestTheWordsOfAnAlbumAreCorrectedWhereTheyStand(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.say(admin, "/announce")
		admin.Album("三点开会", sim.PhotoItem([]byte("一")), sim.PhotoItem([]byte("二")))
		s.settle()
		s.press(admin, "全部")
		s.press(admin, "已阅")
		s.press(admin, "立即")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.press(admin, "更正")
		s.say(admin, "四点开会")
		s.press(admin, "确认更正")
		s.wait(time.Minute)
		if m := s.find(officer, "四点开会"); len(m.Photo) == 0 || officer.Find("三点开会") != nil {
			t.Errorf("the album reads\n%s", s.tg.Transcript(officer))
		}
	})
}
