package bot_test

import (
	"strings"
	"testing"
	"time"

	"duban/sim"
	"duban/work"
)

func TestAudiencesAreChosenStepByStep(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.join("ZM")
		s.tg.Mark()
		s.say(admin, "/announce")
		s.say(admin, "城东片区专干会议")
		s.press(admin, "片区")
		s.press(admin, "城东片区")
		s.press(admin, "查看人员")
		s.press(admin, "返回")
		s.press(admin, "再加条件")
		s.press(admin, "角色")
		s.press(admin, "党建专干")
		s.press(admin, "保存此范围")
		s.say(admin, "城东专干")
		s.press(admin, "共享给其他管理员")
		s.press(admin, "无")
		s.press(admin, "立即")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.say(admin, "/announce")
		s.say(admin, "再发一次")
		s.press(admin, "☆ 城东专干")
		s.press(admin, "◀ 返回")
		s.press(admin, "管理常用范围")
		s.press(admin, "删除“城东专干”")
		s.press(admin, "◀ 返回")
		s.press(admin, "上次：城东片区 · 党建专干")
		s.press(admin, "无")
		s.press(admin, "立即")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.steady("announcement_audience", admin)
		if countOf(officer, "城东片区专干会议") != 1 || countOf(officer, "再发一次") != 1 || countOf(s.person("ZM"), "再发一次") != 0 {
			t.Error("it did not go to the officers of the region alone")
		}
	})
}

func TestPeopleAreNamedOrListedInAFile(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer, secretary, other := s.join("LM"), s.join("WF"), s.join("ZG"), s.join("LY")
		s.tg.Mark()
		s.say(admin, "/announce")
		s.say(admin, "请来办公室")
		s.press(admin, "指定人员")
		s.say(admin, "王芳、赵六、ZG")
		s.press(admin, "仅发给已识别的2人")
		s.press(admin, "无")
		s.press(admin, "立即")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.say(admin, "/announce")
		s.say(admin, "请带材料")
		admin.Document("名单.csv", []byte("姓名,工号\n王芳,WF\n赵刚,\n"), "")
		s.settle()
		s.press(admin, "无")
		s.press(admin, "立即")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.steady("announcement_people", admin)
		for _, words := range []string{"请来办公室", "请带材料"} {
			if countOf(officer, words) != 1 || countOf(secretary, words) != 1 || countOf(other, words) != 0 {
				t.Errorf("%q did not go to the two alone", words)
			}
		}
	})
}

func TestThoseWhoHaveNotReportedGetAnAnnouncementThatLeadsToTheirItem(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer, other := s.join("LM"), s.join("WF"), s.join("ZM")
		s.issue(work.TaskRow{Code: "DJ-07", Title: "报送学习计划", Duty: "报送全年学习计划。", Units: "市第五中学党委、实验小学党委", Due: "2026-12-04"})
		s.press(other, "签收")
		s.press(other, "上报完成")
		s.tg.Mark()
		s.say(admin, "/announce")
		s.say(admin, "尚未报送学习计划的单位请抓紧")
		s.press(admin, "事项未办人员")
		s.press(admin, "报送学习计划")
		s.press(admin, "未上报（1）")
		s.press(admin, "已阅")
		s.press(admin, "立即")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.press(officer, "查看事项")
		s.steady("announcement_task", admin)
		s.steady("announcement_task_officer", officer)
		if countOf(other, "尚未报送学习计划的单位请抓紧") != 0 {
			t.Error("somebody who has reported got it")
		}
	})
}

func TestASecondAdministratorAgreesToLargeAudiences(t *testing.T) {
	play(t, func(s *stage) {
		s.desk.Policy.SecondAdminAbove = 3
		admin, second, officer, secretary := s.join("LM"), s.join("HJ"), s.join("WF"), s.join("ZG")
		s.tg.Mark()
		s.announce(admin, "全员通知", "已阅")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		if countOf(officer, "全员通知") != 0 {
			t.Error("it went out before anybody agreed")
		}
		s.press(second, "同意发送")
		s.wait(time.Minute)
		if countOf(officer, "全员通知") != 1 || countOf(secretary, "全员通知") != 1 {
			t.Error("it did not go out")
		}
		s.announce(admin, "第二份通知", "无")
		s.press(admin, "确认发送")
		s.settle()
		s.press(second, "不同意发送")
		s.say(second, "请先与办公室核对")
		s.wait(time.Minute)
		if countOf(officer, "第二份通知") != 0 {
			t.Error("what was refused went out")
		}
		s.announce(admin, "第三份通知", "无")
		s.press(admin, "确认发送")
		s.settle()
		s.press(admin, "撤回送审")
		s.wait(time.Minute)
		s.steady("announcement_second", second)
		s.steady("announcement_second_sender", admin)
	})
}

func TestReceiptsHaveATimeLimit(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer, secretary := s.join("LM"), s.join("WF"), s.join("ZG")
		s.tg.Mark()
		s.say(admin, "/announce")
		s.say(admin, "请阅知通报")
		s.press(admin, "全部")
		s.press(admin, "已阅")
		s.press(admin, "回执期限")
		s.say(admin, "11月26日12:00")
		s.press(admin, "立即")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.press(officer, "已阅")
		s.press(admin, "已阅")
		s.skipTo("2026-11-25 08:55")
		s.until("2026-11-25 09:05")
		if officer.Find("🔔 请阅读公告") != nil || secretary.Find("🔔 请阅读公告") == nil {
			t.Error("not only who was missing was reminded")
		}
		s.skipTo("2026-11-26 11:55")
		s.until("2026-11-26 12:05")
		s.steady("announcement_limit", admin)
		s.steady("announcement_limit_secretary", secretary)
		if n := strings.Count(s.tg.Transcript(secretary), "🔔 请阅读公告"); n != 1 {
			t.Errorf("the secretary was reminded %d times, want once", n)
		}
	})
}

func TestEveryKindOfContentIsAnnounced(t *testing.T) {
	for name, send := range map[string]func(*sim.Person){
		"location": func(p *sim.Person) { p.Location(30.2, 120.1) },
		"voice":    func(p *sim.Person) { p.Voice([]byte("声")) },
		"video":    func(p *sim.Person) { p.Video("现场.mp4", []byte("像"), "") },
		"document": func(p *sim.Person) { p.Document("通知.docx", []byte("文"), "") },
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *stage) {
				admin, officer := s.join("LM"), s.join("WF")
				before := len(officer.Messages())
				s.say(admin, "/announce")
				send(admin)
				s.settle()
				s.press(admin, "全部")
				s.press(admin, "已阅")
				s.press(admin, "立即")
				s.press(admin, "确认发送")
				s.wait(time.Minute)
				if n := len(officer.Messages()) - before; n != 1 {
					t.Errorf("%d messages arrived", n)
				}
				s.press(officer, "已阅")
			})
		})
	}
}

func TestAPollIsForwardedSoThatVotesAreCountedInOnePlace(t *testing.T) {
	inBothSteady(t, "announcement_poll", func(s *stage, say tongue) *sim.Person {
		admin, officer := s.join("LM"), s.join("WF")
		s.speak(admin, officer)
		s.tg.Mark()
		s.say(admin, "/announce")
		admin.Poll("何时开会", "上午", "下午")
		s.settle()
		s.press(admin, say("全部", "Everyone"))
		s.press(admin, say("已阅", "Read"))
		s.press(admin, say("立即", "Now"))
		s.press(admin, say("确认发送", "Send to"))
		s.wait(time.Minute)
		s.press(officer, say("已阅", "I have read it"))
		s.reply(admin, say("公告　何时开会", "Announcement　何时开会"), say("更正", "Correct"))
		s.press(admin, say("撤回公告", "Recall"))
		s.press(admin, say("确认撤回", "Recall 2 copies"))
		s.wait(time.Minute)
		for _, m := range officer.Messages() {
			if m.Poll != nil || strings.Contains(m.Body(), say("请阅读以上内容", "Please read the above")) {
				t.Errorf("the officer still sees\n%s", s.tg.Transcript(officer))
			}
		}
		return nil
	})
}

func TestAReplyDecidesOnALargeAnnouncement(t *testing.T) {
	play(t, func(s *stage) {
		s.desk.Policy.SecondAdminAbove = 2
		admin, second, officer := s.join("LM"), s.join("HJ"), s.join("WF")
		for _, words := range []string{"第一份", "第二份"} {
			s.announce(admin, words, "无")
			s.press(admin, "确认发送")
		}
		s.reply(second, "内容：第一份", "同意")
		s.reply(second, "内容：第二份", "不同意，请先核对")
		s.wait(time.Minute)
		if countOf(officer, "第一份") != 1 || countOf(officer, "第二份") != 0 {
			t.Errorf("the officer sees\n%s", s.tg.Transcript(officer))
		}
		if admin.Find("不同意发送公告“第二份”：请先核对") == nil {
			t.Errorf("the sender sees\n%s", s.tg.Transcript(admin))
		}
	})
}

func TestWhatWaitsForASecondAdministratorIsShownAnewTheNextDay(t *testing.T) {
	play(t, func(s *stage) {
		s.desk.Policy.SecondAdminAbove = 1
		admin, second := s.join("LM"), s.join("HJ")
		s.announce(admin, "全员通知", "无")
		s.press(admin, "确认发送")
		s.skipTo("2026-11-24 09:25")
		before := len(second.Messages())
		s.until("2026-11-24 09:40")
		if after := len(second.Messages()); after <= before {
			t.Error("nothing was shown anew")
		}
		s.press(second, "同意发送")
	})
}

func TestAudiencesAreChosenInEnglishToo(t *testing.T) {
	play(t, func(s *stage) {
		s.desk.Policy.SecondAdminAbove = 2
		admin, second, officer := s.join("LM"), s.join("HJ"), s.join("WF")
		s.issue(work.TaskRow{Code: "DJ-07", Title: "报送学习计划", Duty: "报送全年学习计划。", Units: "市第五中学党委、实验小学党委", Due: "2026-12-04"})
		s.english(admin)
		s.english(second)
		s.english(officer)
		s.tg.Mark()
		s.say(admin, "/announce")
		s.say(admin, "Officers meet at 3.")
		s.press(admin, "Region")
		s.press(admin, "城东片区")
		s.press(admin, "Narrow down")
		s.press(admin, "Role")
		s.press(admin, "Party-affairs officer")
		s.press(admin, "Save this audience")
		s.say(admin, "Officers in the east")
		s.press(admin, "Share with others")
		s.press(admin, "Back")
		s.press(admin, "Saved audiences")
		s.press(admin, "Back")
		s.press(admin, "People by name")
		s.say(admin, "王芳、赵六")
		s.press(admin, "Only 1 person who was found")
		s.press(admin, "Back")
		admin.Document("people.csv", []byte("name,code\n王芳,WF\n"), "")
		s.settle()
		s.press(admin, "Back")
		s.press(admin, "Owners of a task")
		s.press(admin, "报送学习计划")
		s.press(admin, "Not reported")
		s.press(admin, "Written answer")
		s.press(admin, "Time limit")
		s.press(admin, "+1 working day")
		s.press(admin, "Later")
		s.say(admin, "2026-11-23 10:00")
		s.press(admin, "Send to")
		s.until("2026-11-23 10:01")
		s.press(officer, "See the item")
		s.press(officer, "Answer")
		s.say(officer, "Two of us come.")
		s.skipTo("2026-11-24 17:55")
		s.until("2026-11-24 18:05")
		s.announceInEnglish(admin, "Everybody comes at 4.")
		s.press(second, "Do not send")
		s.say(second, "Ask the office first")
		s.announceInEnglish(admin, "Nobody comes.")
		s.press(second, "Agree to send")
		s.wait(time.Minute)
		s.press(admin, "Recall")
		s.press(admin, "Recall 3 copies")
		s.wait(time.Minute)
		s.steady("announcement_audience_english", admin)
		s.steady("announcement_audience_english_officer", officer)
		s.steady("announcement_audience_english_second", second)
	})
}

// announceInEnglish announces to everybody, in English, at once and without a receipt.
func (s *stage) announceInEnglish(admin *sim.Person, content string) {
	s.t.Helper()
	s.say(admin, "/announce")
	s.say(admin, content)
	s.press(admin, "Everyone")
	s.press(admin, "None")
	s.press(admin, "Now")
	s.press(admin, "Send to")
}
