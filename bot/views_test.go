package bot_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/work"
)

// three are items of both schools and of a branch, due at different times.
var three = []work.TaskRow{
	{Code: "DJ-11", Title: "上报年度总结", Duty: "上报本单位年度总结", Units: "市第五中学党委、实验小学党委", Due: "11月25日", Review: true},
	{Code: "DJ-12", Title: "报送组织生活会方案", Duty: "报送方案", Units: "市第五中学党委", Due: "11月27日", Review: true},
	{Code: "DJ-13", Title: "更新党员名册", Duty: "更新名册", Units: "市第五中学党委、高一年级党支部", Due: "12月18日", Review: true},
}

func TestTheBoardComesWithTheDigestAndIsEdited(t *testing.T) {
	inBoth(t, "board", func(s *stage, say tongue) {
		officer := s.join("WF")
		s.speak(officer)
		for _, row := range three {
			s.issue(row)
		}
		s.skipTo("2026-11-24 08:29")
		s.tg.Mark()
		s.wait(4 * time.Minute)
		s.reply(officer, "DJ-12", say("收到", "got it"))
		s.press(officer, "1")
		s.press(officer, say("签收", "Sign"))
		s.wait(time.Minute)
		s.press(officer, say("全部待办事项", "All open items"))
		s.say(officer, "/tasks")
		s.skipTo("2026-11-28 08:29")
		s.wait(4 * time.Minute)
		if n := len(officer.Pinned()); n != 1 {
			t.Errorf("%d messages are pinned", n)
		}
	})
}

func TestABoardThatWasDeletedComesBackWhenTheListIsAskedFor(t *testing.T) {
	inBoth(t, "board_deleted", func(s *stage, say tongue) {
		officer := s.join("WF")
		s.speak(officer)
		for _, row := range three {
			s.issue(row)
		}
		s.skipTo("2026-11-24 08:29")
		s.wait(4 * time.Minute)
		s.tg.Mark()
		officer.DeleteMessage(s.find(officer, say("待办看板", "My board")))
		s.reply(officer, "DJ-12", say("收到", "got it"))
		s.wait(time.Minute)
		s.say(officer, "/tasks")
		s.wait(time.Minute)
	})
}

func TestTheBoardIsSwitchedOffAndOn(t *testing.T) {
	inBoth(t, "board_off", func(s *stage, say tongue) {
		officer := s.join("WF")
		s.speak(officer)
		for _, row := range three {
			s.issue(row)
		}
		s.say(officer, "/settings")
		s.press(officer, say("不显示待办看板", "Hide the board"))
		s.skipTo("2026-11-24 08:29")
		s.wait(4 * time.Minute)
		s.tg.Mark()
		s.say(officer, "/tasks")
		s.say(officer, "/settings")
		s.press(officer, say("显示待办看板", "Show the board"))
		s.reply(officer, "DJ-12", say("收到", "got it"))
		s.wait(time.Minute)
		s.say(officer, "/settings")
		s.press(officer, say("不显示待办看板", "Hide the board"))
		s.reply(officer, "DJ-11", say("收到", "got it"))
		s.wait(time.Minute)
		if n := len(officer.Pinned()); n != 0 {
			t.Errorf("%d messages are pinned", n)
		}
	})
}

func TestAPostThatChangesHandsIsHandedOver(t *testing.T) {
	inBoth(t, "handover", func(s *stage, say tongue) {
		admin, officer, secretary := s.join("LM"), s.join("WF"), s.join("ZG")
		s.speak(admin, officer, secretary)
		for _, row := range three {
			s.issue(row)
		}
		s.reply(officer, "DJ-12", say("已完成", "done"))
		s.press(officer, say("确认", "Confirm"))
		s.press(admin, say("通过", "Accept"))
		s.tg.Mark()
		roster := append([]work.RosterRow{}, cast.Roster...)
		roster[4] = work.RosterRow{Line: 6, Unit: "市第五中学党委", Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Name: "吴敏", Role: duban.Officer, Phone: "+8619900000009", Code: "WM"}
		roster = append(roster, work.RosterRow{Line: 10, Unit: "高一年级党支部", Parent: "市第五中学党委", Kind: duban.Branch, Name: "王芳", Role: duban.Officer, Phone: "+8619900000005", Code: "WF"})
		next := s.tg.NewPerson("吴敏", "", sim.Phone("+8619900000009"), sim.Speaks("zh-hans"))
		s.cast["WM"] = next
		first := append([]work.RosterRow{roster[4]}, cast.Roster...)
		if _, err := s.desk.ImportRoster(context.Background(), duban.Console, first, work.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		s.join("WM")
		s.speak(next)
		s.tg.Mark()
		if _, err := s.desk.ImportRoster(context.Background(), duban.Console, roster, work.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		s.settle()
		s.press(next, "1")
	})
}

func TestWhoLeavesWithoutASuccessorLeavesTheItemsToTheSecretary(t *testing.T) {
	inBoth(t, "handover_nobody", func(s *stage, say tongue) {
		admin, officer, secretary := s.join("LM"), s.join("WF"), s.join("ZG")
		s.speak(admin, officer, secretary)
		for _, row := range three {
			s.issue(row)
		}
		s.tg.Mark()
		var roster []work.RosterRow
		for _, row := range cast.Roster {
			if row.Code != "WF" {
				roster = append(roster, row)
			}
		}
		roster = append(roster, work.RosterRow{Line: 10, Unit: "高一年级党支部", Parent: "市第五中学党委", Kind: duban.Branch, Name: "王芳", Role: duban.Officer, Phone: "+8619900000005", Code: "WF"})
		if _, err := s.desk.ImportRoster(context.Background(), duban.Console, roster, work.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestASecretarySeesTheOwnSchoolOnOneScreen(t *testing.T) {
	inBoth(t, "home_secretary", func(s *stage, say tongue) {
		secretary, officer, branch := s.join("ZG"), s.join("WF"), s.join("LY")
		s.speak(secretary, officer, branch)
		for _, row := range three {
			s.issue(row)
		}
		s.reply(branch, "DJ-13", say("已完成", "done"))
		s.press(branch, say("确认", "Confirm"))
		s.press(officer, say("不属我单位", "Not ours"))
		s.say(officer, say("该事项属于教务部门职责", "the academic office does that"))
		branch.Block()
		s.settle()
		if _, err := s.desk.SetAbsence(context.Background(), duban.Console, duban.Absence{
			PersonID: cast.Person(t, s.desk, "WF").ID, DeputyID: cast.Person(t, s.desk, "ZG").ID, From: "2026-11-25", To: "2026-11-27",
		}); err != nil {
			t.Fatal(err)
		}
		s.skipTo("2026-11-26 10:00")
		s.tg.Mark()
		s.say(secretary, "/progress")
		for _, label := range []string{say("按事项", "By task"), "1", say("总览", "Overview"), say("按人员", "By person"), "王芳", say("总览", "Overview"),
			say("按单位", "By unit"), "高一年级党支部", say("总览", "Overview"), say("其他学校亮灯", "Lights of other schools"), say("总览", "Overview"), say("逾期", "Overdue")} {
			s.press(secretary, label)
		}
	})
}

func TestALeaderSeesTheRegionsWorstFirst(t *testing.T) {
	inBoth(t, "home_leader", func(s *stage, say tongue) {
		leader, officer := s.join("CGD"), s.join("WF")
		s.speak(leader, officer)
		for _, row := range three {
			s.issue(row)
		}
		s.press(officer, say("签收", "Sign"))
		s.skipTo("2026-11-30 10:00")
		s.tg.Mark()
		s.say(leader, "/progress")
		for _, label := range []string{"城东片区", "市第五中学党委", say("上级单位", "Unit above"), say("总览", "Overview"), say("按事项", "By task"), "1",
			say("催未签收", "Urge unsigned"), say("确认催办", "Urge"), say("催未报", "Urge unreported"), say("取消", "No")} {
			s.press(leader, label)
		}
	})
}

func TestEverybodySeesHisOwnFigures(t *testing.T) {
	inBoth(t, "me", func(s *stage, say tongue) {
		admin, officer := s.join("LM"), s.join("WF")
		s.speak(admin, officer)
		for _, row := range three {
			s.issue(row)
		}
		s.reply(officer, "DJ-12", say("已完成", "done"))
		s.press(officer, say("确认", "Confirm"))
		s.press(admin, say("通过", "Accept"))
		s.tg.Mark()
		s.say(officer, "/me")
		s.say(officer, "/progress")
	})
}

func TestNobodyLooksFartherThanHisRight(t *testing.T) {
	play(t, func(s *stage) {
		officer, secretary := s.join("ZM"), s.join("SL")
		for _, row := range three {
			s.issue(row)
		}
		unit, person, task := s.idsOf("市第五中学党委", "WF", "DJ-12")
		for _, p := range []*sim.Person{officer, secretary} {
			s.say(p, "/progress")
			m := s.find(p, "实验小学党委")
			for _, data := range []string{
				"unit:" + unit, "within:" + unit + ":all", "bytask:" + unit, "bywho:" + unit, "whoview:" + person, "area:1", "duty:0:notices",
				"taskview:" + task + ":" + unit + ".0", "urgetask:" + task + ":r" + unit, "unit:zzzz", "whoview:zzzz",
			} {
				before := len(p.Messages())
				p.PressData(m, data)
				s.settle()
				for _, shown := range p.Messages()[before:] {
					t.Errorf("%s is shown for %s: %s", p.Name(), data, shown.Text)
				}
				if m := s.find(p, "实验小学党委"); strings.Contains(m.Text, "市第五中学") || strings.Contains(m.Text, "王芳") {
					t.Errorf("%s sees by %s: %s", p.Name(), data, m.Text)
				}
			}
		}
	})
}

// idsOf returns, as buttons carry them, the ids of a unit, a person and a task.
func (s *stage) idsOf(unit, code, task string) (string, string, string) {
	var ids [3]int64
	cast.Read(s.t, s.desk, func(tx *store.Tx) error {
		units, err := tx.UnitsNamed(unit)
		if err != nil {
			return err
		}
		t, err := tx.TaskByCode(task)
		ids = [3]int64{units[0].ID, cast.Person(s.t, s.desk, code).ID, t.ID}
		return err
	})
	return strconv.FormatInt(ids[0], 36), strconv.FormatInt(ids[1], 36), strconv.FormatInt(ids[2], 36)
}
