package bot_test

import (
	"strings"
	"testing"

	"duban"
	"duban/work"
)

// openDay is led by 市第五中学党委 and supported by 实验小学党委 and 高一年级党支部.
var openDay = work.TaskRow{
	Code: "XT-01", Title: "校园开放日", Duty: "组织党建主题校园开放日", Units: "市第五中学党委", Supports: "实验小学党委、高一年级党支部", Due: "2026-12-04",
	Review: true,
}

// hosting is for any one of three units.
var hosting = work.TaskRow{
	Code: "RY-01", Title: "承办现场会", Duty: "承办一次党建工作现场会", Units: "市第五中学党委、实验小学党委、高一年级党支部", Due: "2026-12-04",
	Completion: duban.CompleteAny,
}

// drive goes by two milestones.
var drive = work.TaskRow{
	Code: "JD-01", Title: "专项整治", Duty: "完成形式主义专项整治", Units: "市第五中学党委", Due: "2026-12-31", Review: true,
	Milestones: "方案制定:11-25:30%；中期检查:12-10:60%",
}

func TestOneUnitLeadsAndTwoSupport(t *testing.T) {
	inBoth(t, "units_support", func(s *stage, say tongue) {
		admin, lead, primary, branch := s.join("LM"), s.join("WF"), s.join("ZM"), s.join("LY")
		s.speak(admin, lead, primary, branch)
		row := openDay
		row.Reviewer = "李敏"
		s.tg.Mark()
		s.issue(row)
		s.press(lead, say("签收", "Sign"))
		s.press(primary, say("签收", "Sign"))
		s.reply(primary, "XT-01", say("场地已落实，完成60%", "the hall is booked, 60%"))
		s.press(branch, say("协办部分已完成", "Our part is done"))
		s.reply(lead, "XT-01", say("已完成", "done"))
		s.press(lead, say("确认上报", "Confirm"))
		s.reply(primary, "XT-01", say("已完成", "done"))
		s.press(admin, say("通过", "Accept"))
		s.say(admin, "XT-01")
		s.press(admin, "市第五中学党委")
		s.press(admin, say("回头看", "Reopen"))
		s.press(admin, say("抽查复核", "Spot check"))
		s.press(admin, say("截止：", "Due:"))
	})
}

func TestTheFirstOfThreeUnitsDoesIt(t *testing.T) {
	inBoth(t, "units_any", func(s *stage, say tongue) {
		lead, primary, branch := s.join("WF"), s.join("ZM"), s.join("LY")
		s.speak(lead, primary, branch)
		s.tg.Mark()
		s.issue(hosting)
		s.press(lead, say("签收", "Sign"))
		s.press(primary, say("上报完成", "Report done"))
		s.reply(lead, "RY-01", say("已完成", "done"))
		s.press(primary, say("撤回", "Take back"))
		s.press(lead, say("上报完成", "Report done"))
	})
}

func TestAnItemGoesByItsMilestones(t *testing.T) {
	inBoth(t, "units_milestones", func(s *stage, say tongue) {
		lead := s.join("WF")
		s.speak(lead)
		s.tg.Mark()
		s.issue(drive)
		s.press(lead, say("签收", "Sign"))
		s.skipTo("2026-11-24 08:55")
		s.until("2026-11-24 09:05")
		s.skipTo("2026-11-25 08:55")
		s.until("2026-11-25 09:05")
		s.skipTo("2026-11-26 10:00")
		s.say(lead, "JD-01")
		s.reply(lead, "JD-01", say("方案制定已完成", "方案制定 is done"))
		s.press(lead, say("撤销记录", "Take back"))
		s.press(lead, say("节点完成：方案制定", "Stage done: 方案制定"))
		s.reply(lead, "JD-01", say("节点完成", "stage done"))
		s.reply(lead, "JD-01", say("节点完成", "stage done"))
		s.press(lead, say("详情", "Details"))
	})
}

func TestATaskForSeveralUnitsIsDrawnUpInOneLine(t *testing.T) {
	inBoth(t, "units_task", func(s *stage, say tongue) {
		admin, lead := s.join("LM"), s.join("WF")
		s.speak(admin, lead)
		s.tg.Mark()
		s.say(admin, say("/task 校园开放日 @市第五中学党委 协办@实验小学党委、刘洋 12月18日前 需文字\n节点：方案制定:11-30:30%；彩排:12-10:80%",
			"/task Open day @市第五中学党委 supporting@实验小学党委 by 18 Dec #text\nstages: Plan:30 Nov:30%; Rehearsal:10 Dec:80%"))
		s.press(admin, say("交办（", "Issue ("))
		s.say(admin, say("/task 承办现场会 @各学校党委 12月11日前", "/task Host the meeting @all schools by 11 Dec"))
		s.press(admin, say("改为：任一单位完成即可", "Change to: any one unit may do it"))
		s.press(admin, say("修改", "Change"))
		s.press(admin, say("节点", "Stages"))
		s.say(admin, say("方案:12-30:30%", "Plan:12-30:30%"))
		s.say(admin, say("方案:12-03:30%", "Plan:3 Dec:30%"))
		s.press(admin, say("交办（2个单位）", "Issue (2 units)"))
		s.press(lead, say("上报完成", "Report done"))
		s.press(admin, say("通过", "Accept"))
		s.say(admin, "/task")
		s.press(admin, "1")
	})
}

func TestAMilestoneOfAnInternalItemIsNotNamed(t *testing.T) {
	play(t, func(s *stage) {
		lead := s.join("WF")
		row := drive
		row.Internal = true
		s.issue(row)
		s.until("2026-11-24 09:05")
		if m := lead.Find("方案制定"); m != nil {
			t.Errorf("an internal item tells %s", m.Text)
		}
		if lead.Find("内部事项 JD-01”有一个节点") == nil {
			t.Errorf("nobody is reminded:\n%s", s.tg.Transcript(lead))
		}
	})
}

func TestASupportingUnitIsNotAskedToReport(t *testing.T) {
	play(t, func(s *stage) {
		officer := s.join("ZM")
		s.issue(openDay)
		s.issue(hosting)
		s.say(officer, "/done")
		if officer.Find("已办结“承办现场会”") == nil {
			t.Errorf("/done asks which:\n%s", s.tg.Transcript(officer))
		}
		s.say(officer, "/tasks")
		s.say(officer, "1已完成")
		if a := officer.Find("协办部分已完成"); a == nil {
			t.Errorf("what a supporting unit says is not its part:\n%s", s.tg.Transcript(officer))
		}
	})
}

func TestASupportingUnitIsRefusedToReportByAnOldButton(t *testing.T) {
	play(t, func(s *stage) {
		lead := s.join("WF")
		row := openDay
		row.Supports = ""
		s.issue(row)
		old := s.find(lead, "XT-01")
		row.Units, row.Supports = "实验小学党委", "市第五中学党委"
		s.issue(row)
		if lead.Find("由实验小学党委牵头") == nil {
			t.Errorf("the card does not say who leads:\n%s", s.tg.Transcript(lead))
		}
		if err := lead.PressOn(old, "上报完成"); err != nil {
			t.Fatal(err)
		}
		s.settle()
		if !strings.Contains(s.tg.Transcript(lead), "由牵头单位统一上报") {
			t.Errorf("it is not said why:\n%s", s.tg.Transcript(lead))
		}
	})
}
