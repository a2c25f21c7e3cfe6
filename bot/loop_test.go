package bot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/work"
)

var (
	summary = work.TaskRow{
		Code: "DJ-01", Title: "报送年度党建工作总结", Duty: "按模板报送年度党建工作总结，加盖党委公章", Units: "市第五中学党委", Due: "2026-12-04",
		Evidence: duban.Evidence{Kind: duban.FileEvidence}, Review: true, Basis: "年度工作要点第3条",
	}
	dues = work.TaskRow{
		Code: "DJ-02", Title: "收缴第四季度党费", Duty: "完成党费收缴并上交", Units: "市第五中学党委", Due: "2026-12-08 17:00",
		Evidence: duban.Evidence{Kind: duban.NoEvidence},
	}
)

func TestTheMainLoop(t *testing.T) {
	inEither(t, "main_loop", []string{"LM", "WF"}, func(s *stage, say tongue, people ...*sim.Person) {
		admin, officer := people[0], people[1]
		s.issue(summary)
		s.press(officer, say("签收", "Sign"))
		s.press(officer, say("报进展", "Progress"))
		s.say(officer, say("材料已收齐，完成60%", "material is there, 60%"))
		s.press(officer, say("上报完成", "Report done"))
		officer.Document(say("总结.docx", "summary.docx"), []byte(say("总结", "summary")), say("请审阅", "please look"))
		s.settle()
		s.press(admin, say("退回", "Return"))
		s.say(admin, say("缺少公章", "the seal is missing"))
		back := s.find(officer, say("已退回", "was returned"))
		officer.ReplyDocument(back, say("总结（盖章）.pdf", "summary (sealed).pdf"), []byte(say("盖章", "sealed")), "")
		s.settle()
		s.press(admin, say("通过", "Accept"))
	})
}

func TestOneTapAndUndo(t *testing.T) {
	inEither(t, "one_tap_and_undo", []string{"WF"}, func(s *stage, say tongue, people ...*sim.Person) {
		officer := people[0]
		s.issue(dues)
		s.press(officer, say("上报完成", "Report done"))
		s.press(officer, say("撤回", "Take back"))
		s.press(officer, say("上报完成", "Report done"))
		s.wait(11 * time.Minute)
		s.press(officer, say("撤回", "Take back"))
	})
}

func TestEverythingAButtonDoesCanBeSaid(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.tg.Mark()
		s.issue(summary)
		s.reply(officer, "DJ-01", "收到")
		s.reply(officer, "DJ-01", "正在办，完成30%")
		s.reply(officer, "DJ-01", "还没完成")
		s.reply(officer, "DJ-01", "明天交")
		s.reply(officer, "DJ-01", "要盖章吗？")
		s.reply(admin, "要盖章吗", "要，加盖党委公章")
		s.reply(officer, "DJ-01", "已完成")
		officer.Photo([]byte("照片"), "")
		s.settle()
		s.reply(admin, "待审核", "同意")
		s.golden("by_message")
	})
}

func TestDoneIsConfirmedByATapOrAWord(t *testing.T) {
	inEither(t, "confirmed_by_word", []string{"WF"}, func(s *stage, say tongue, people ...*sim.Person) {
		officer := people[0]
		s.issue(dues)
		s.reply(officer, "DJ-02", say("完成了", "done"))
		s.say(officer, say("确认", "confirm"))
		s.say(officer, "/done")
	})
}

func TestSeveralOpenItemsAreChosenByTitle(t *testing.T) {
	play(t, func(s *stage) {
		officer := s.join("WF")
		s.issue(summary)
		s.issue(dues)
		s.tg.Mark()
		s.say(officer, "收到")
		s.press(officer, "报送年度党建工作总结")
		s.say(officer, "/tasks")
		s.press(officer, "2")
		s.golden("several_items")
	})
}

func TestAnAlbumIsOneSubmission(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		row := summary
		row.Evidence = duban.Evidence{Kind: duban.PhotosEvidence, Min: 3}
		s.issue(row)
		s.tg.Mark()
		officer.ReplyAlbum(s.find(officer, "DJ-01"), "现场照片", sim.PhotoItem([]byte("一")), sim.PhotoItem([]byte("二")), sim.PhotoItem([]byte("三")))
		s.settle()
		s.press(admin, "通过")
		s.golden("album")
	})
}

func TestAPressThatComesTwiceCountsOnce(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.issue(dues)
		s.tg.Mark()
		if err := officer.PressTwice("上报完成"); err != nil {
			t.Fatal(err)
		}
		s.settle()
		s.say(admin, "/review")
		s.golden("pressed_twice")
	})
}

func TestStrangersLearnNothing(t *testing.T) {
	play(t, func(s *stage) {
		s.issue(summary)
		s.tg.Mark()
		stranger := s.person("路人")
		for _, words := range []string{"/start", "/start i_AAAAAAAAAAAAAAAAAAAAAA", "/tasks", "收到", "王芳在吗"} {
			s.say(stranger, words)
		}
		stranger.ShareContact(s.person("WF"))
		s.settle()
		s.golden("stranger")
	})
}

func TestJoining(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.issue(summary)
		s.tg.Mark()
		s.join("WF")
		someone := s.person("ZM")
		someone.ShareContact(someone)
		s.settle()
		s.say(admin, "/help")
		s.golden("joining")
	})
}

func TestASecondFactorIsAskedForInTheChat(t *testing.T) {
	play(t, func(s *stage) {
		s.desk.Policy.SecondFactor = duban.Last4Factor
		s.join("LM")
		s.say(s.person("LM"), "0001")
		s.tg.Mark()
		officer := s.join("WF")
		s.say(officer, "1234")
		s.say(officer, "0005")
		s.golden("last4")
	})
}

func TestALinkOpenedBySomebodyElseIsTold(t *testing.T) {
	play(t, func(s *stage) {
		s.join("LM")
		s.tg.Mark()
		links, err := s.desk.Invite(context.Background(), duban.Console, work.InviteWhom{Code: "WF"})
		if err != nil {
			t.Fatal(err)
		}
		wrong, right := s.person("路人"), s.person("WF")
		wrong.Start(links[0].Secret)
		s.settle()
		s.press(wrong, "不是我")
		right.Start(links[0].Secret)
		wrong.Start(links[0].Secret)
		s.settle()
		s.press(right, "是我")
		s.press(wrong, "是我")
		s.golden("not_me")
	})
}

func TestAReplyToACardThatWasNotNotedIsUnderstoodByItsCode(t *testing.T) {
	play(t, func(s *stage) {
		officer := s.join("WF")
		s.issue(summary)
		s.issue(dues)
		card := s.find(officer, "DJ-02")
		person := cast.Person(t, s.desk, "WF").ID
		err := s.desk.Store.Write(context.Background(), func(tx *store.Tx) error {
			err := errors.Join(tx.DropCard("assignment:1", person), tx.DropCard("assignment:2", person))
			_, forgot := tx.ForgetMessages(time.Now().Add(time.Hour), 1000)
			return errors.Join(err, forgot)
		})
		if err != nil {
			t.Fatal(err)
		}
		officer.Reply(card, "收到")
		s.settle()
		if s.find(officer, "已签收“收缴第四季度党费”") == nil {
			t.Error("not signed")
		}
	})
}
