package bot_test

import (
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/work"
)

func TestASecretaryGivesAnItemToSomebodyElse(t *testing.T) {
	inBoth(t, "steer_reassign", func(s *stage, say tongue) {
		s.hold("LY", "市第五中学党委", duban.Officer)
		admin, secretary, officer, other := s.join("LM"), s.join("ZG"), s.join("WF"), s.join("LY")
		s.speak(admin, secretary, officer, other)
		row := dues
		row.Owner = "王芳"
		s.issue(row)
		s.press(officer, say("签收", "Sign"))
		s.tg.Mark()
		s.say(secretary, "DJ-02")
		s.press(secretary, say("转派", "Reassign"))
		s.press(secretary, say("刘洋（党建专干）", "刘洋 (Party-affairs officer)"))
		s.press(other, say("签收", "Sign"))
		s.reply(other, "DJ-02", say("转给王芳", "transfer to 王芳"))
		s.press(secretary, say("转派给王芳", "Give to 王芳"))
		s.press(secretary, say("转派给王芳", "Give to 王芳"))
		s.reply(secretary, "DJ-02", say("转派给刘洋，王芳外出学习", "reassign to LY, away on a course"))
		s.press(secretary, say("确认转派", "Reassign"))
	})
}

// hold gives somebody of the cast another post.
func (s *stage) hold(code, unit string, role duban.Role) {
	s.t.Helper()
	rows := append([]work.RosterRow{}, cast.Roster...)
	for _, row := range cast.Roster {
		if row.Code == code {
			row.Unit, row.Parent, row.Role, row.Kind, row.Line = unit, "", role, "", len(rows)+2
			rows = append(rows, row)
		}
	}
	result, err := s.desk.ImportRoster(s.t.Context(), duban.Console, rows, work.ImportOptions{})
	if err != nil || len(result.Problems) > 0 {
		s.t.Fatal(err, result.Problems)
	}
}

func TestALeaderSuspendsAndResumesAnItem(t *testing.T) {
	inBoth(t, "steer_suspend", func(s *stage, say tongue) {
		leader, secretary, officer := s.join("CGD"), s.join("ZG"), s.join("WF")
		s.speak(leader, secretary, officer)
		s.issue(summary)
		s.tg.Mark()
		s.say(leader, "DJ-01")
		s.press(leader, say("更多", "More"))
		s.press(leader, say("中止", "Suspend"))
		s.press(leader, say("上级另有安排", "Other arrangements from above"))
		s.reply(officer, "DJ-01", say("已完成", "done"))
		s.skipTo("2026-11-25 10:00")
		s.press(leader, say("恢复", "Resume"))
		s.press(leader, say("截止：", "Due:"))
		s.say(officer, "/tasks")
	})
}

func TestAnAdministratorCancelsAnItemAndAllReceiversAreTold(t *testing.T) {
	inBoth(t, "steer_cancel", func(s *stage, say tongue) {
		admin, secretary, officer, far := s.join("LM"), s.join("ZG"), s.join("WF"), s.join("ZM")
		s.speak(admin, secretary, officer, far)
		row := dues
		row.Units = "市第五中学党委、实验小学党委"
		s.issue(row)
		stale := s.find(officer, "DJ-02")
		s.tg.Mark()
		s.say(admin, "DJ-02")
		s.press(admin, "市第五中学党委")
		s.press(admin, say("更多", "More"))
		s.press(admin, say("撤销", "Cancel item"))
		s.say(admin, say("与年度清单重复", "It stands in the yearly list already"))
		s.press(admin, say("取消", "No"))
		s.press(admin, say("撤销", "Cancel item"))
		s.press(admin, say("重复交办", "Issued twice"))
		s.press(admin, say("确认撤销", "Cancel the item"))
		if err := officer.PressOn(stale, say("签收", "Sign")); err != nil {
			s.t.Fatal(err)
		}
		s.settle()
		s.say(admin, "DJ-02")
		s.press(admin, "实验小学党委")
		s.reply(admin, "实验小学党委", say("撤销：工作已取消", "cancel: the work was called off"))
		s.say(admin, say("确认", "confirm"))
	})
}

func TestAClosedItemIsReopenedAndArchived(t *testing.T) {
	inBoth(t, "steer_reopen", func(s *stage, say tongue) {
		admin, officer := s.join("LM"), s.join("WF")
		s.speak(admin, officer)
		s.issue(dues)
		s.press(officer, say("上报完成", "Report done"))
		s.skipTo("2026-12-10 09:30")
		s.tg.Mark()
		s.say(admin, "DJ-02")
		s.press(admin, say("回头看", "Reopen"))
		s.press(admin, say("抽查复核", "Spot check"))
		s.press(admin, say("截止：", "Due:"))
		s.press(officer, say("上报完成", "Report done"))
		s.press(admin, say("归档", "Archive"))
	})
}

func TestALeaderRemarksAndUrges(t *testing.T) {
	inBoth(t, "steer_remark", func(s *stage, say tongue) {
		leader, admin, secretary, officer := s.join("CGD"), s.join("LM"), s.join("ZG"), s.join("WF")
		s.speak(leader, admin, secretary, officer)
		s.issue(summary)
		s.tg.Mark()
		s.say(leader, "DJ-01")
		s.press(leader, say("批示", "Remark"))
		s.say(leader, say("请五中党委高度重视，确保质量。", "Please take this seriously."))
		s.reply(leader, "DJ-01", say("批示：请附支部情况。", "remark: add the branches"))
		s.press(leader, say("催办", "Urge"))
		s.say(admin, "DJ-01")
		s.press(admin, say("催办", "Urge"))
		s.reply(admin, "DJ-01", say("催办，请今天签收", "urge, please sign today"))
		s.skipTo("2026-11-24 09:30")
		s.reply(admin, "DJ-01", say("催办，请今天签收", "urge please sign today"))
		s.press(officer, say("详情", "Details"))
	})
}

func TestWhatIsOverdueIsListedAndSteered(t *testing.T) {
	inBoth(t, "steer_overdue", func(s *stage, say tongue) {
		admin, officer, far, secretary := s.join("LM"), s.join("WF"), s.join("ZM"), s.join("ZG")
		s.speak(admin, officer, far, secretary)
		s.issue(summary)
		row := dues
		row.Units = "市第五中学党委、实验小学党委"
		s.issue(row)
		s.skipTo("2026-12-09 10:00")
		s.tg.Mark()
		s.say(admin, "/overdue")
		s.press(admin, say("按片区", "By region"))
		s.press(admin, "城西片区")
		s.press(admin, say("全部单位", "All units"))
		s.press(admin, say("按单位", "By unit"))
		s.press(admin, say("市第五中学党委（2）", "市第五中学党委 (2)"))
		s.press(admin, "1")
		s.press(admin, say("问原因", "Ask why"))
		s.reply(officer, say("询问", "asks about"), say("材料未齐，周五前报", "not all material yet, by Friday"))
		s.press(admin, say("延期", "New deadline"))
		s.press(admin, "12-10")
		s.press(admin, say("材料较多", "Much material"))
		s.reply(admin, "DJ-01", say("延期到12月25日，等上级通知", "extend to 2026-12-25, waiting for word from above"))
		s.say(admin, "/overdue")
		s.press(admin, say("催办本页", "Urge this page"))
		s.press(admin, say("确认催办", "Urge them"))
		s.press(admin, say("催办本页", "Urge this page"))
		s.say(admin, say("确认", "confirm"))
		s.say(admin, "DJ-02")
		s.press(admin, "实验小学党委")
		s.reply(admin, "DJ-02", say("延期到12月11日，等上级通知", "extend to 2026-12-11, waiting for word from above"))
		s.press(admin, say("确认", "Confirm"))
		s.say(secretary, say("🔴 逾期", "🔴 Overdue"))
		s.say(secretary, say("逾期", "overdue"))
	})
}

func TestAnInternalItemIsSteeredWithoutItsContent(t *testing.T) {
	play(t, func(s *stage) {
		leader, officer := s.join("CGD"), s.join("WF")
		row := dues
		row.Title, row.Duty, row.Internal = "涉密事项标题", "涉密内容", true
		s.issue(row)
		s.skipTo("2026-12-09 10:00")
		s.tg.Mark()
		s.say(leader, "/overdue")
		s.press(leader, "1")
		s.press(leader, "催办")
		s.press(leader, "批示")
		s.say(leader, "涉密批示")
		s.reply(leader, "DJ-02", "中止 涉密理由")
		s.press(officer, "详情")
		s.golden("steer_internal")
	})
}

func TestTheDigestTellsTheLeaderHowMuchIsOverdue(t *testing.T) {
	inBoth(t, "steer_digest", func(s *stage, say tongue) {
		leader, officer := s.join("CGD"), s.join("WF")
		s.speak(leader, officer)
		row := dues
		row.Units = "市第五中学党委、实验小学党委"
		s.issue(row)
		s.skipTo("2026-12-09 08:29")
		s.tg.Mark()
		s.until("2026-12-09 08:31")
		s.press(leader, say("逾期清单", "What is overdue"))
	})
}
