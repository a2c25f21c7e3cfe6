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

func TestAnExtensionTakesThreeTaps(t *testing.T) {
	inEither(t, "extension", []string{"LM", "ZG", "WF"}, func(s *stage, say tongue, people ...*sim.Person) {
		admin, secretary, officer := people[0], people[1], people[2]
		s.issue(summary)
		s.press(officer, say("申请延期", "Ask for more time"))
		s.press(officer, say("+3个工作日", "+3 working days"))
		s.press(officer, say("材料尚未收齐", "Material still missing"))
		s.press(secretary, say("同意", "Agree"))
		s.press(admin, say("同意", "Agree"))
	})
}

func TestALongExtensionIsSaidInWordsAndDecidedByTheLeader(t *testing.T) {
	inEither(t, "extension_long", []string{"CGD", "ZG", "WF"}, func(s *stage, say tongue, people ...*sim.Person) {
		leader, secretary, officer := people[0], people[1], people[2]
		s.issue(summary)
		s.reply(officer, "DJ-01", say("申请延期到12月31日，因为市里会议改期", "extension until 2026-12-31 because the meeting of the city was moved"))
		s.press(officer, say("确认提交", "Send"))
		s.reply(secretary, say("延期申请", "More time asked"), say("同意", "agree"))
		s.press(leader, say("另定时限", "Another date"))
		s.say(leader, say("12月18日", "2026-12-18"))
		s.press(leader, say("同意延至此日", "Grant until then"))
	})
}

func TestAnExtensionIsRefusedWithAReason(t *testing.T) {
	inEither(t, "extension_refused", []string{"LM", "HJ", "ZG", "WF"}, func(s *stage, say tongue, people ...*sim.Person) {
		admin, other, secretary, officer := people[0], people[1], people[2], people[3]
		s.issue(summary)
		s.reply(officer, "DJ-01", say("延期2个工作日", "extension 2 working days"))
		s.say(officer, say("王老师外出培训", "our clerk is at a training"))
		s.press(secretary, say("同意", "Agree"))
		s.press(admin, say("不同意", "Refuse"))
		s.press(other, say("不同意", "Refuse"))
		s.press(other, say("理由不充分", "The reason is not sufficient"))
		s.say(admin, say("时间充足，请按期完成。", "There is time enough, please keep the date."))
		s.press(officer, say("申请延期", "Ask for more time"))
		s.say(officer, say("尽快", "as soon as possible"))
		s.say(officer, say("12月3日", "2026-12-03"))
	})
}

func TestASecretaryRefusesAndTheRequestIsTakenBack(t *testing.T) {
	inEither(t, "extension_not_agreed", []string{"ZG", "WF"}, func(s *stage, say tongue, people ...*sim.Person) {
		secretary, officer := people[0], people[1]
		s.issue(summary)
		s.reply(officer, "DJ-01", say("延期到12月11日", "extension until 2026-12-11"))
		s.press(officer, say("责任人出差或请假", "The owner is away"))
		s.reply(secretary, say("延期申请", "More time asked"), say("不同意，可由副职代办", "refused, the deputy can do it"))
		s.press(officer, say("申请延期", "Ask for more time"))
		s.press(officer, say("其他日期", "Another date"))
		s.say(officer, say("12月8日下班前", "2026-12-08 18:00"))
		s.press(officer, say("与其他工作冲突", "Clashes with other work"))
		s.press(officer, say("撤回申请", "Take the request back"))
		s.reply(secretary, say("延期申请", "Request for more time"), say("同意", "agree"))
	})
}

func TestAfterTheDeadlineNoMoreTimeIsAskedFor(t *testing.T) {
	inEither(t, "extension_too_late", []string{"WF"}, func(s *stage, say tongue, people ...*sim.Person) {
		officer := people[0]
		s.issue(dues)
		s.skipTo("2026-12-08 17:30")
		s.reply(officer, "DJ-02", say("延期到周五", "extension until 2026-12-11"))
	})
}

func TestAnItemIsDeclinedWithTheSecretarysAgreementAndStands(t *testing.T) {
	inEither(t, "decline_stands", []string{"LM", "ZG", "WF"}, func(s *stage, say tongue, people ...*sim.Person) {
		admin, secretary, officer := people[0], people[1], people[2]
		s.issue(summary)
		s.press(officer, say("不属我单位", "Not ours"))
		s.press(officer, say("应由其他单位承办", "Another unit should do it"))
		s.press(secretary, say("同意", "Agree"))
		s.press(admin, say("维持", "It stands"))
		s.press(admin, say("各单位均须办理", "Every unit has to do it"))
		s.reply(officer, "DJ-01", say("不是我们单位", "not our unit"))
		s.press(officer, say("签收", "Sign"))
	})
}

func TestASecretaryDeclinesAndTheItemGoesToAnotherUnit(t *testing.T) {
	inEither(t, "decline_transferred", []string{"LM", "ZG", "WF", "ZM"}, func(s *stage, say tongue, people ...*sim.Person) {
		admin, secretary, next := people[0], people[1], people[3]
		s.issue(summary)
		s.say(secretary, "DJ-01")
		s.press(secretary, say("更多", "More"))
		s.press(secretary, say("不属我单位", "Not ours"))
		s.say(secretary, say("此项由实验小学牵头", "the experimental school leads this"))
		s.press(admin, say("转办", "Give to another unit"))
		s.say(admin, "实验小学")
		s.press(admin, say("确认转办", "Give it on"))
		s.press(next, say("签收", "Sign"))
	})
}

func TestADeclinedItemIsGivenOnToSomebodyElseUntilAnotherDate(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.join("ZG")
		s.join("SL")
		a := s.issue(summary)[0]
		s.tg.Mark()
		if _, err := s.desk.Decline(context.Background(), s.actor("ZG"), a.ID, "不属本单位职责"); err != nil {
			t.Fatal(err)
		}
		s.settle()
		s.press(admin, "转办")
		s.press(admin, "实验小学党委")
		s.press(admin, "另选责任人")
		s.press(admin, "孙丽")
		s.press(admin, "另定时限")
		s.press(admin, "+5个工作日")
		s.press(admin, "确认转办")
		s.golden("decline_given_on")
	})
}

func TestAnObjectionIsAnsweredBySomebodyElse(t *testing.T) {
	inEither(t, "objection", []string{"LM", "HJ", "WF"}, func(s *stage, say tongue, people ...*sim.Person) {
		admin, other, officer := people[0], people[1], people[2]
		row := summary
		row.Evidence = duban.Evidence{Kind: duban.TextEvidence}
		s.issue(row)
		s.reply(officer, "DJ-01", say("已完成，总结已报送并盖章", "done, the summary is sent with its seal"))
		s.press(officer, say("确认上报", "Confirm"))
		s.press(admin, say("退回", "Return"))
		s.say(admin, say("未见公章", "no seal"))
		s.press(officer, say("异议", "Object"))
		s.say(officer, say("公章在第二页", "the seal is on page two"))
		s.press(other, say("异议成立", "Objection upheld"))
		s.press(other, say("通过", "Accept"))
	})
}

func TestAnObjectionInWordsIsRefused(t *testing.T) {
	inEither(t, "objection_refused", []string{"LM", "HJ", "WF"}, func(s *stage, say tongue, people ...*sim.Person) {
		admin, other, officer := people[0], people[1], people[2]
		row := summary
		row.Evidence = duban.Evidence{Kind: duban.NoEvidence}
		s.issue(row)
		s.press(officer, say("上报完成", "Report done"))
		s.press(admin, say("退回", "Return"))
		s.say(admin, say("内容不全", "incomplete"))
		s.reply(officer, say("已退回", "was returned"), say("异议：内容按模板填写", "objection: it follows the template"))
		s.press(officer, say("确认提交", "Send"))
		s.press(other, say("维持退回", "Keep the return"))
		s.press(other, say("请按模板要求修改", "Please follow the template"))
	})
}

// actor is somebody of the cast who has joined on the stage.
func (s *stage) actor(code string) duban.Actor {
	s.t.Helper()
	who := duban.Actor{PersonID: cast.Person(s.t, s.desk, code).ID, Via: duban.ViaChat}
	cast.Read(s.t, s.desk, func(tx *store.Tx) error {
		account, err := tx.AccountOfPerson(who.PersonID)
		who.AccountID = account.ID
		return err
	})
	return who
}

func TestRequestsAreSteppedThroughBeforeReports(t *testing.T) {
	inEither(t, "requests_review", []string{"LM", "ZG", "WF"}, func(s *stage, say tongue, people ...*sim.Person) {
		admin := people[0]
		row := training
		row.Review = true
		one, two, three := s.issue(summary)[0], s.issue(dues)[0], s.issue(row)[0]
		ask := func(a duban.Assignment, due calendar.Due) {
			if _, err := s.desk.AskExtension(context.Background(), s.actor("ZG"), a.ID, due, "材料尚未收齐"); err != nil {
				s.t.Fatal(err)
			}
		}
		ask(one, calendar.Due{Date: calendar.Date{Year: 2026, Month: 12, Day: 8}})
		s.wait(time.Minute)
		ask(two, s.desk.Calendar.DueAt(time.Date(2026, 12, 10, 17, 0, 0, 0, cast.Shanghai)))
		s.wait(time.Minute)
		if _, err := s.desk.Submit(context.Background(), s.actor("WF"), three.ID, work.Report{}); err != nil {
			s.t.Fatal(err)
		}
		s.wait(time.Minute)
		s.tg.Mark()
		s.say(admin, "/review")
		s.press(admin, say("同意", "Agree"))
		s.press(admin, say("不同意", "Refuse"))
		s.press(admin, say("理由不充分", "The reason is not sufficient"))
		s.press(admin, say("通过", "Accept"))
	})
}

func TestAnAgreementPressedTwiceCountsOnce(t *testing.T) {
	play(t, func(s *stage) {
		secretary, officer := s.join("ZG"), s.join("WF")
		s.issue(summary)
		s.press(officer, "申请延期")
		s.press(officer, "+1个工作日")
		s.press(officer, "材料尚未收齐")
		s.tg.Mark()
		if err := secretary.PressTwice("同意"); err != nil {
			t.Fatal(err)
		}
		s.settle()
		s.golden("agreed_twice")
	})
}
