package bot_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/sim"
	"duban/sim/golden"
	"duban/store"
)

// announceLater is announce for ten o'clock.
func (s *stage) announceLater(admin *sim.Person, content, receipt string) {
	s.t.Helper()
	s.say(admin, "/announce")
	s.say(admin, content)
	s.press(admin, "全部")
	s.press(admin, receipt)
	s.press(admin, "定时")
	s.say(admin, "今天上午10点")
	s.press(admin, "确认发送")
}

func TestASendingIsPausedResumedAndStopped(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.announceLater(admin, "停水通知", "无")
		s.wait(time.Minute)
		s.tg.Mark()
		s.press(admin, "暂停")
		s.until("2026-11-23 10:05")
		if countOf(officer, "停水通知") != 0 {
			t.Error("what was paused has arrived")
		}
		s.press(admin, "继续")
		s.wait(time.Minute)
		if countOf(officer, "停水通知") != 1 {
			t.Error("what was resumed has not arrived")
		}
		s.say(admin, "/announce")
		s.say(admin, "不再需要的通知")
		s.press(admin, "全部")
		s.press(admin, "已阅")
		s.press(admin, "定时")
		s.say(admin, "今天上午11点")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.press(admin, "停止")
		s.press(admin, "确认停止")
		s.until("2026-11-23 11:05")
		if countOf(officer, "不再需要的通知") != 0 {
			t.Error("what was stopped has arrived")
		}
		s.steady("announcement_paused", admin)
	})
}

func TestAPauseOutlivesTheProgram(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.announceLater(admin, "停水通知", "无")
		s.wait(time.Minute)
		s.press(admin, "暂停")
		s.skipTo("2026-11-23 10:30")
		s.wait(time.Minute)
		if countOf(officer, "停水通知") != 0 {
			t.Error("what was paused has arrived after the program was started again")
		}
		s.press(admin, "继续")
		s.wait(time.Minute)
		if countOf(officer, "停水通知") != 1 {
			t.Error("what was resumed has not arrived once")
		}
	})
}

func TestWordsAreCorrectedEverywhere(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer, secretary := s.join("LM"), s.join("WF"), s.join("ZG")
		s.announce(admin, "会议定于下午3点召开。", "已阅")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.press(officer, "已阅")
		s.tg.Mark()
		s.press(admin, "更正")
		s.say(admin, "会议改于下午4点召开。")
		s.press(admin, "确认更正")
		s.wait(time.Minute)
		for _, p := range []*sim.Person{officer, secretary} {
			if body := s.find(p, "会议改于下午4点召开").Body(); !strings.Contains(body, "更正于09:01") {
				t.Errorf("%s reads %q", p.Name(), body)
			}
			if p.Find("下午3点") != nil {
				t.Errorf("%s still reads the first words", p.Name())
			}
		}
		s.press(secretary, "已阅")
		s.wait(time.Minute)
		s.steady("announcement_corrected", admin)
		s.steady("announcement_corrected_officer", officer)
		s.steady("announcement_corrected_secretary", secretary)
	})
}

func TestWhatHasNotGoneOutGoesOutCorrected(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.say(admin, "/announce")
		admin.Photo([]byte("图"), "会议定于下午3点召开。")
		s.settle()
		s.press(admin, "全部")
		s.press(admin, "无")
		s.press(admin, "定时")
		s.say(admin, "今天上午10点")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.press(admin, "更正")
		admin.Photo([]byte("另一张"), "换图")
		s.settle()
		s.find(admin, "图片、文件本身不能更换")
		s.say(admin, "会议改于下午4点召开。")
		s.press(admin, "确认更正")
		s.until("2026-11-23 10:01")
		m := s.find(officer, "会议改于下午4点召开。")
		if m.Body() != "会议改于下午4点召开。" || len(m.Photo) == 0 {
			t.Errorf("it arrived as %q with %d photos", m.Body(), len(m.Photo))
		}
	})
}

func TestAnAnnouncementIsRecalledFromEverybody(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer, secretary := s.join("LM"), s.join("WF"), s.join("ZG")
		s.announce(admin, "发错的通知", "已阅")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.press(officer, "已阅")
		s.press(admin, "催未签收")
		s.tg.Mark()
		s.press(admin, "撤回公告")
		s.press(admin, "确认撤回")
		s.wait(time.Minute)
		for _, p := range []*sim.Person{officer, secretary} {
			if p.Find("发错的通知") != nil {
				t.Errorf("%s still sees it:\n%s", p.Name(), s.tg.Transcript(p))
			}
		}
		s.press(admin, "逐人结果")
		s.steady("announcement_recalled", admin)
	})
}

func TestWhatCannotBeDeletedAnyMoreSaysThatItWasRecalledAlsoAfterARestart(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.announce(admin, "发错的通知", "已阅")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.stop()
		s.until("2026-11-25 09:00")
		who := actor(t, s, "LM")
		if _, err := s.desk.RecallAnnouncement(context.Background(), who, 1); err != nil {
			t.Fatal(err)
		}
		s.wait(2 * time.Minute)
		s.open()
		s.wait(time.Minute)
		if officer.Find("发错的通知") != nil || officer.Find("此公告已撤回") == nil {
			t.Errorf("the officer sees\n%s", s.tg.Transcript(officer))
		}
		if note := s.find(admin, "撤回完毕").Body(); !strings.Contains(note, "已标注撤回2人") {
			t.Errorf("the sender reads %q", note)
		}
		_, err := s.desk.ConfirmRead(context.Background(), actor(t, s, "WF"), 1, "")
		if duban.CodeOf(err) != duban.WrongState {
			t.Errorf("a recalled announcement was confirmed: %v", err)
		}
	})
}

// steady is chat for somebody who sees the card of an announcement. Between two of his deeds only the last look of the card counts, since how often
// it is edited while copies arrive is chance; and so is the order of what comes in one second by several ways.
func (s *stage) steady(name string, p *sim.Person) {
	s.t.Helper()
	s.settle()
	golden.Check(s.t, name+s.suffix, cardsAtRest(s.tg.Transcript(p), func(between []string) {
		slices.SortStableFunc(between, func(x, y string) int { return cmp.Compare(steadyRank(x), steadyRank(y)) })
	}))
}

// cardsAtRest leaves of the cards of announcements in a transcript the last look before the next deed of somebody. What came between two deeds may be put in
// order.
func cardsAtRest(transcript string, order func(between []string)) string {
	var between []string
	cards := map[string]string{} // by person
	var b strings.Builder
	flush := func() {
		order(between)
		for _, e := range between {
			b.WriteString(e)
		}
		for _, who := range slices.Sorted(maps.Keys(cards)) {
			b.WriteString(cards[who])
		}
		between, cards = nil, map[string]string{}
	}
	for _, entry := range entriesOf(transcript) {
		who := entryWho.FindStringSubmatch(entry)
		switch _, body, _ := strings.Cut(entry, ": "); {
		case who[2] == "":
			flush()
			b.WriteString(entry)
		case strings.HasPrefix(body, "📣 公告　"), strings.HasPrefix(body, "📣 Announcement　"):
			cards[who[3]] = "          → " + who[3] + " (卡片): " + body
		default:
			between = append(between, entry)
		}
	}
	flush()
	return b.String()
}

// steadyRank puts what comes in one second into one order: the small answer to a press, edits, new messages in their order, deletions.
func steadyRank(entry string) string {
	m := entryWho.FindStringSubmatch(entry)
	at, err := time.ParseDuration(m[1])
	if err != nil {
		panic(err)
	}
	when := fmt.Sprintf("%09d ", int(at.Seconds()))
	switch {
	case m[4] == " (提示)":
		return when + "0"
	case m[4] == " (改)":
		return when + "1" + entry
	case strings.Contains(entry, " (删)"):
		return when + "3"
	}
	return when + "2"
}

// actor is somebody of the cast as he asks in the chat.
func actor(t *testing.T, s *stage, code string) duban.Actor {
	t.Helper()
	who := duban.Actor{PersonID: cast.Person(t, s.desk, code).ID, Via: duban.ViaChat}
	cast.Read(t, s.desk, func(tx *store.Tx) error {
		account, err := tx.AccountOfPerson(who.PersonID)
		who.AccountID = account.ID
		return err
	})
	return who
}

func TestAfterTwoDaysAnAnnouncementIsNotRecalledAnyMore(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.announce(admin, "旧通知", "无")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.skipTo("2026-11-25 09:05")
		s.press(admin, "撤回公告")
		toasts := admin.Toasts()
		if last := toasts[len(toasts)-1]; !strings.Contains(last.Text, "48小时") {
			t.Errorf("the answer is %q", last.Text)
		}
	})
}

func TestAnnouncementsAreSteeredInEnglishToo(t *testing.T) {
	play(t, func(s *stage) {
		s.desk.Policy.SecondAdminAbove = 2
		admin, second, officer := s.join("LM"), s.join("HJ"), s.join("WF")
		s.english(admin)
		s.english(second)
		s.english(officer)
		s.tg.Mark()
		s.say(admin, "/announce")
		s.say(admin, "The meeting is at 3.")
		s.press(admin, "Region")
		s.press(admin, "Back")
		s.press(admin, "Everyone")
		s.press(admin, "See who")
		s.press(admin, "Back")
		s.press(admin, "Read")
		s.press(admin, "Time limit")
		s.say(admin, "2026-11-24 12:00")
		s.press(admin, "Later")
		s.say(admin, "2026-11-23 10:00")
		s.press(admin, "Send to")
		s.press(second, "Agree to send")
		s.wait(time.Minute)
		s.press(admin, "Pause")
		s.until("2026-11-23 10:05")
		s.press(admin, "Resume")
		s.wait(time.Minute)
		s.press(admin, "Correct")
		s.say(admin, "The meeting is at 4.")
		s.press(admin, "Correct 3 copies")
		s.wait(time.Minute)
		s.press(officer, "I have read it")
		s.press(admin, "Everybody’s result")
		s.press(admin, "Recall")
		s.press(admin, "Recall 3 copies")
		s.wait(time.Minute)
		s.steady("announcement_english", admin)
		s.steady("announcement_english_second", second)
		s.steady("announcement_english_officer", officer)
	})
}

func TestACorrectionThatAKillInterruptedGoesOnAfterTheStart(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer, secretary := s.join("LM"), s.join("WF"), s.join("ZG")
		s.announce(admin, "会议定于下午3点召开。", "无")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.stop()
		if _, err := s.desk.CorrectAnnouncement(context.Background(), actor(t, s, "LM"), 1, duban.Correction{Text: "会议改于下午4点召开。"}, "会议"); err != nil {
			t.Fatal(err)
		}
		err := s.desk.Store.Write(context.Background(), func(tx *store.Tx) error { // one edit was going out when the program was killed
			ready, err := tx.ReadyLetters(duban.LaneAnnouncement, time.Time{}, 0, 1)
			if err != nil || len(ready) == 0 {
				return err
			}
			_, err = tx.MarkSending(ready[0].ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		s.open()
		s.wait(time.Minute)
		for _, p := range []*sim.Person{admin, officer, secretary} {
			if n := strings.Count(s.tg.Transcript(p), "更正于"); n != 1 || p.Find("会议改于下午4点召开") == nil {
				t.Errorf("%s was shown the correction %d times", p.Name(), n)
			}
		}
		if card := s.find(admin, "📣 公告　会议").Body(); !strings.Contains(card, "3/3人") {
			t.Errorf("the card says %q", card)
		}
	})
}
