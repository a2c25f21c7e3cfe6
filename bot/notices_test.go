package bot_test

import (
	"context"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/work"
)

// late is a task that is due on the first day, so that its notices come soon.
var late = work.TaskRow{
	Code: "DJ-07", Title: "报送民主生活会方案", Duty: "按模板报送民主生活会方案", Units: "市第五中学党委", Due: "2026-11-23",
	Evidence: duban.Evidence{Kind: duban.NoEvidence},
}

// mornings lets time pass to a morning of the story, with the program stopped at night.
func (s *stage) mornings(days ...string) {
	s.t.Helper()
	for _, day := range days {
		s.skipTo(day + " 08:29")
		s.until(day + " 09:01")
	}
}

func TestAHalfWayQuestionIsAnsweredByATap(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		officer := s.join("WF")
		s.speak(officer)
		row := summary
		row.Due = "2026-12-25"
		s.issue(row)
		s.press(officer, say("签收", "Sign"))
		s.skipTo("2026-12-09 08:29")
		s.tg.Mark()
		s.until("2026-12-09 09:01")
		s.press(officer, "40%")
		s.golden("halfway")
	})
}

func TestAPromiseIsAskedForWhenItIsDue(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		officer := s.join("WF")
		s.speak(officer)
		s.issue(dues)
		s.press(officer, say("签收", "Sign"))
		s.promise("DJ-02", "2026-11-25 15:00")
		s.skipTo("2026-11-25 14:59")
		s.tg.Mark()
		s.wait(2 * time.Minute)
		s.press(officer, say("上报完成", "Report done"))
		s.golden("promise_asked")
	})
}

// promise puts a promise of the owner of an item into the store, as a reply does.
func (s *stage) promise(code, at string) {
	s.t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", at, cast.Shanghai)
	if err != nil {
		s.t.Fatal(err)
	}
	err = s.desk.Store.Write(context.Background(), func(tx *store.Tx) error {
		task, err := tx.TaskByCode(code)
		if err != nil {
			return err
		}
		all, err := tx.AssignmentsOf(task.ID)
		if err != nil {
			return err
		}
		a := all[0]
		a.PromisedAt = when
		a.NextAction = s.desk.Policy.NextAction(a, s.desk.Calendar)
		return tx.SaveAssignment(a, s.desk.Calendar.End(a.Due))
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestADraftIsEditedIssuedAndAnswered(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		admin, officer := s.join("LM"), s.join("WF")
		s.speak(admin, officer)
		s.issue(late)
		s.press(officer, say("签收", "Sign"))
		s.mornings("2026-11-24", "2026-11-25")
		s.skipTo("2026-11-26 08:57")
		s.tg.Mark()
		s.until("2026-11-26 09:01")
		s.say(admin, "/notices")
		s.press(admin, "1")
		s.press(admin, say("修改", "Edit"))
		s.say(admin, "市第五中学党委：你单位“报送民主生活会方案”逾期未报，现予通报，请于7日内说明原因并报送。")
		s.press(admin, say("签发", "Issue"))
		s.press(officer, say("回应", "Answer"))
		s.say(officer, "因人员调整延误，明日报送。")
		s.golden("notice_issued")
	})
}

func TestANoticeThatIsNotAnsweredGoesUpToTheLeader(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		admin, leader, officer := s.join("LM"), s.join("CGD"), s.join("WF")
		s.speak(admin, leader, officer)
		s.issue(late)
		s.press(officer, say("签收", "Sign"))
		s.skipTo("2026-11-26 09:01")
		s.press(admin, say("签发", "Issue"))
		s.skipTo("2026-12-03 17:57")
		s.tg.Mark()
		s.until("2026-12-03 18:01")
		s.press(admin, say("报请签发", "Ask to issue"))
		s.press(leader, say("退回修改", "Send back"))
		s.say(leader, "写明约谈时间")
		s.press(admin, say("修改", "Edit"))
		s.say(admin, "市第五中学党委：请党委书记于12月4日上午9时到行业党委办公室接受约谈，并于3日内书面回应。")
		s.press(admin, say("报请签发", "Ask to issue"))
		s.press(leader, say("签发", "Issue"))
		s.skipTo("2026-12-07 17:57")
		s.until("2026-12-07 18:01")
		s.press(admin, say("报请签发", "Ask to issue"))
		s.press(leader, say("签发", "Issue"))
		s.reply(officer, say("预警单", "warning notice"), "今日办结，原因已书面报告。")
		s.golden("notice_up")
	})
}

func TestADraftIsDroppedWhenTheItemIsReported(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		admin, officer := s.join("LM"), s.join("WF")
		s.speak(admin, officer)
		s.issue(late)
		s.press(officer, say("签收", "Sign"))
		s.skipTo("2026-11-26 09:01")
		s.tg.Mark()
		s.press(officer, say("上报完成", "Report done"))
		s.say(admin, "/notices")
		s.golden("notice_dropped")
	})
}

func TestADraftThatIsNotIssuedCanBeDrawnUpAgain(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.issue(late)
		s.press(officer, "签收")
		s.skipTo("2026-11-26 09:01")
		s.tg.Mark()
		s.press(admin, "不发")
		s.press(admin, "重新拟稿")
		s.press(admin, "签发")
		s.press(officer, "上报完成")
		s.press(officer, "回应")
		s.golden("notice_again")
	})
}

func TestADeputySignsAndSubmitsForWhoIsAway(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		officer, secretary := s.join("WF"), s.join("ZG")
		s.speak(officer, secretary)
		s.issue(dues)
		s.tg.Mark()
		s.say(officer, "/away")
		s.say(officer, say("11月23日至11月27日", "2026-11-23 to 2026-11-27"))
		s.press(officer, say("赵刚", "赵刚"))
		s.press(secretary, "1")
		s.press(secretary, say("签收", "Sign"))
		s.say(secretary, "/tasks")
		s.skipTo("2026-11-24 08:29")
		s.until("2026-11-24 08:31")
		s.press(secretary, "1")
		s.press(secretary, say("上报完成", "Report done"))
		s.say(officer, "/away")
		s.press(officer, say("销假 1", "Back 1"))
		s.golden("deputy")
	})
}

func TestAnAdministratorSetsTheAbsenceOfSomebodyElse(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer, secretary, branch := s.join("LM"), s.join("WF"), s.join("ZG"), s.join("LY")
		s.issue(dues)
		s.tg.Mark()
		s.say(branch, "/away 王芳")
		s.say(admin, "/away 王芳")
		s.press(admin, "今天")
		s.press(admin, "返回")
		s.press(admin, "明天")
		s.say(admin, "刘洋")
		s.say(admin, "赵刚")
		s.say(secretary, "/tasks")
		s.press(admin, "撤销登记")
		s.say(officer, "/tasks")
		s.golden("deputy_by_admin")
	})
}

func TestWhoCannotBeReachedIsBackedByTheSecretary(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		secretary := s.join("ZG")
		s.speak(secretary)
		s.issue(late)
		s.tg.Mark()
		s.until("2026-11-23 18:01")
		s.press(secretary, say("更多", "More"))
		s.press(secretary, say("上报完成", "Report done"))
		s.golden("unreachable_owner")
	})
}

func TestTheReviewersClockGoesUpToTheLeader(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		admin, leader, officer := s.join("LM"), s.join("CGD"), s.join("WF")
		s.speak(admin, leader, officer)
		row := late
		row.Review = true
		s.issue(row)
		s.press(officer, say("上报完成", "Report done"))
		s.skipTo("2026-11-26 08:57")
		s.tg.Mark()
		s.until("2026-11-26 09:01")
		s.skipTo("2026-11-30 08:57")
		s.until("2026-11-30 09:01")
		s.press(leader, say("通过", "Accept"))
		s.golden("reviewers_clock")
	})
}

func TestALoudTaskBreaksTheNight(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		digest := s.desk.Policy.Digest
		s.desk.Policy.Quiet = calendar.Quiet{From: calendar.Clock{Hour: 21}, To: calendar.Clock{Hour: 7}, WorkingDaysOnly: true, Resume: digest}
		officer := s.join("WF")
		s.speak(officer)
		quiet, loud := late, late
		quiet.Due, loud.Due = "2026-11-23 22:00", "2026-11-23 22:00"
		loud.Code, loud.Title, loud.Priority = "DJ-08", "报送极端天气应对情况", duban.Critical
		s.issue(quiet)
		s.loud(s.issue(loud)[0])
		s.press(officer, say("签收", "Sign"))
		s.until("2026-11-23 21:59")
		s.tg.Mark()
		s.until("2026-11-23 22:01")
		s.golden("loud")
	})
}

// loud lets the reminders of an item break quiet time.
func (s *stage) loud(a duban.Assignment) {
	s.t.Helper()
	err := s.desk.Store.Write(context.Background(), func(tx *store.Tx) error {
		now, err := tx.Assignment(a.ID)
		if err != nil {
			return err
		}
		now.Loud = true
		now.NextAction = s.desk.Policy.NextAction(now, s.desk.Calendar)
		return tx.SaveAssignment(now, s.desk.Calendar.End(now.Due))
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// languages says for the end of a transcript's name what language its people read.
var languages = map[string]func(*stage, ...*sim.Person){
	"": func(*stage, ...*sim.Person) {},
	"_en": func(s *stage, people ...*sim.Person) {
		for _, p := range people {
			s.english(p)
		}
	},
}

// label is a button or words in the language of a transcript.
func label(name, zh, en string) string {
	if name == "_en" {
		return en
	}
	return zh
}
