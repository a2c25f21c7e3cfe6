package bot_test

import (
	"strings"
	"testing"
	"time"

	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/work"
)

// tasksBy counts the items that somebody has issued, by title.
func tasksBy(t *testing.T, s *stage, title string) (n int) {
	t.Helper()
	cast.Read(t, s.desk, func(tx *store.Tx) error {
		all, err := tx.Tasks()
		for _, task := range all {
			if task.Title == title {
				n++
			}
		}
		return err
	})
	return n
}

func TestATaskIsIssuedInOneLineWithOneTap(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.issue(work.TaskRow{Code: "DJ-01", Title: "报送2025年度总结", Duty: "按模板报送", Units: "市第五中学党委", Due: "2026-12-04"})
		s.tg.Mark()
		s.say(admin, "/task 报送年度总结 @各学校党委 12月5日前 需文件")
		if officer.Find("报送年度总结") != nil {
			t.Error("the preview has issued something")
		}
		s.press(admin, "交办（2个单位）")
		s.press(officer, "签收")
		s.say(admin, "/task")
		s.press(admin, "1")
		s.golden("task_one_line")
	})
}

func TestATaskIsIssuedInEnglish(t *testing.T) {
	play(t, func(s *stage) {
		admin, _ := s.join("LM"), s.join("WF")
		s.english(admin)
		s.tg.Mark()
		s.say(admin, "/task Report stock @all schools by Fri 17:00 #file")
		s.press(admin, "Issue (2 units)")
		s.say(admin, "/task Check the fire doors #photos3 @王芳 asap #urgent")
		s.press(admin, "+3")
		s.press(admin, "Change")
		s.press(admin, "Evidence")
		s.press(admin, "Back")
		s.press(admin, "Cancel")
		s.say(admin, "/task")
		s.chat("task_one_line_en", admin)
	})
}

func TestATaskIsDrawnUpStepByStepAndSurvivesARestart(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.tg.Mark()
		s.say(admin, "/task")
		s.press(admin, "交办新事项")
		s.say(admin, "整理党员档案")
		s.press(admin, "返回")
		s.say(admin, "整理党员电子档案")
		s.stop()
		s.open()
		s.say(admin, "五中")
		s.press(admin, "选择单位")
		s.press(admin, "实验小学党委")
		s.press(admin, "返回")
		s.say(admin, "五中、刘洋")
		s.press(admin, "市第五中学党委")
		s.say(admin, "尽快")
		s.press(admin, "+3个工作日")
		s.press(admin, "返回")
		s.press(admin, "+5个工作日")
		s.press(admin, "文件")
		s.press(admin, "修改")
		s.press(admin, "优先级")
		s.press(admin, "特急")
		s.press(admin, "允许打破免打扰")
		s.say(admin, "次日上级现场检查")
		s.say(admin, "交办")
		if officer.Find("整理党员电子档案") == nil {
			t.Error("nothing was issued")
		}
		s.chat("task_steps", admin)
	})
}

func TestADialogThatExpiresKeepsTheDraft(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		admin, officer := s.join("LM"), s.join("WF")
		s.speak(admin)
		s.tg.Mark()
		s.say(admin, say("/task 报送统计表 需照片2", "/task Report the table #photos2"))
		s.say(admin, "王芳")
		s.wait(31 * time.Minute)
		s.say(admin, say("三个工作日内", "in 3 working days"))
		s.say(admin, "/task")
		s.press(admin, say("草稿（1）", "Drafts (1)"))
		s.press(admin, say("报送统计表", "Report the table"))
		s.say(admin, say("取消", "cancel"))
		s.press(admin, say("继续", "Continue"))
		s.say(admin, say("三个工作日内", "in 3 working days"))
		s.press(admin, say("交办（1个单位）", "Issue (1 unit)"))
		if officer.Find(say("报送统计表", "Report the table")) == nil {
			s.t.Error("nothing was issued")
		}
		s.say(admin, say("/task 只写了标题", "/task Only a title"))
		s.press(admin, say("取消", "Cancel"))
		s.press(admin, say("删除", "Delete"))
		s.chat("task_expired", admin)
	})
}

func TestAForwardedNoticeBecomesATask(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.tg.Mark()
		admin.ForwardFrom(s.person("SL"), "关于报送2026年度党建工作总结的通知\n各学校党委：请于2026年12月11日前将总结报送办公室。")
		s.settle()
		s.press(admin, "交办事项")
		s.press(admin, "各学校党委")
		s.press(admin, "无")
		s.press(admin, "交办（2个单位）")
		if officer.Find("报送2026年度党建工作总结") == nil {
			t.Error("nothing was issued")
		}
		s.chat("task_forwarded", admin)
	})
}

func TestAnOldPreviewIssuesNothing(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.say(admin, "/task 报送名单 @王芳 12月4日前")
		old := admin.Last()
		s.say(admin, "12月7日前 需文字")
		if err := admin.PressOn(old, "交办"); err != nil {
			t.Fatal(err)
		}
		s.settle()
		if n := tasksBy(t, s, "报送名单"); n != 0 {
			t.Errorf("the old preview issued %d items", n)
		}
		if err := admin.PressTwice("交办"); err != nil {
			t.Fatal(err)
		}
		s.settle()
		if n := tasksBy(t, s, "报送名单"); n != 1 {
			t.Errorf("pressing twice issued %d items", n)
		}
	})
}

func TestTheLeaderApprovesOrSendsBack(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		s.desk.Policy.ApproveIssue = true
		admin, leader, officer := s.join("LM"), s.join("CGD"), s.join("WF")
		s.speak(admin, leader)
		s.tg.Mark()
		s.say(admin, say("/task 报送年度总结 @各学校党委 11月25日前", "/task Yearly report @all schools by 25 Nov"))
		s.press(admin, say("送审", "Send for approval"))
		if officer.Find(say("报送年度总结", "Yearly report")) != nil {
			s.t.Error("it was issued without approval")
		}
		s.press(leader, say("退回修改", "Send back"))
		s.say(leader, say("时限太紧，请宽限到月底", "Too early, give them the month"))
		s.press(admin, say("修改", "Change"))
		s.say(admin, say("11月30日前", "by 30 Nov"))
		s.press(admin, say("送审", "Send for approval"))
		if err := leader.PressTwice(say("批准", "Approve")); err != nil {
			s.t.Fatal(err)
		}
		s.settle()
		if officer.Find(say("报送年度总结", "Yearly report")) == nil {
			s.t.Error("it was not issued")
		}
		s.golden("task_approval")
	})
}

func TestWhatWaitsForApprovalIsShownAgainTheNextMorning(t *testing.T) {
	play(t, func(s *stage) {
		s.desk.Policy.ApproveIssue = true
		admin, leader := s.join("LM"), s.join("CGD")
		s.say(admin, "/task 报送年度总结 @各学校党委 12月5日前")
		s.press(admin, "送审")
		count := func() (n int) {
			for _, m := range leader.Messages() {
				if strings.Contains(m.Body(), "拟交办") {
					n++
				}
			}
			return n
		}
		s.skipTo("2026-11-24 09:29")
		s.until("2026-11-24 09:51")
		if n := count(); n != 2 {
			t.Errorf("the leader has %d cards the next morning, want 2", n)
		}
		s.press(leader, "批准")
		s.skipTo("2026-11-25 09:29")
		s.until("2026-11-25 09:51")
		if n := count(); n != 2 {
			t.Errorf("the leader has %d cards after approving, want 2", n)
		}
	})
}

func TestASecondAdministratorConfirmsWhatGoesToMany(t *testing.T) {
	play(t, func(s *stage) {
		s.desk.Policy.SecondAdminAbove = 1
		admin, other := s.join("LM"), s.join("HJ")
		s.say(admin, "/task 报送名单 @王芳 12月4日前")
		s.press(admin, "交办")
		s.tg.Mark()
		s.say(admin, "/task 报送年度总结 @各学校党委 12月5日前")
		s.press(admin, "送审")
		s.say(admin, "/task")
		s.press(admin, "1")
		s.press(other, "批准")
		s.golden("task_second")
	})
}

func TestAnOfficersTaskNeedsTheSecretary(t *testing.T) {
	play(t, func(s *stage) {
		officer, secretary, branch := s.join("WF"), s.join("ZG"), s.join("LY")
		s.tg.Mark()
		s.say(officer, "/task 整理支部台账 @各党支部 12月4日前 不审核")
		s.press(officer, "送审")
		s.press(secretary, "批准")
		if branch.Find("整理支部台账") == nil {
			t.Error("it was not issued")
		}
		s.say(officer, "/task 报送名单 @实验小学党委 12月4日前")
		s.golden("task_officer")
	})
}

func TestAnIssuedTaskIsCorrected(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		admin, officer, other := s.join("LM"), s.join("WF"), s.join("ZM")
		s.speak(admin, officer)
		s.say(admin, say("/task 报送年度总结 @各学校党委 12月4日前", "/task Yearly report @all schools by 4 Dec"))
		s.press(admin, say("交办", "Issue"))
		s.tg.Mark()
		s.press(admin, say("查看进度", "See progress"))
		s.press(admin, say("修改", "Change"))
		s.press(admin, say("事项名称", "Title"))
		s.say(admin, say("报送2026年度总结", "Report of 2026"))
		s.press(officer, say("签收", "Sign"))
		s.press(admin, say("查看进度", "See progress"))
		s.press(admin, say("修改", "Change"))
		s.press(admin, say("完成时限", "Deadline"))
		s.say(admin, say("昨天", "yesterday"))
		s.say(admin, say("12月11日前", "by 11 Dec"))
		if other.Find("已调整") != nil {
			s.t.Error("somebody who has not signed was told")
		}
		s.golden("task_corrected")
	})
}

func TestWhatRecursIsPlannedAndWarnedOf(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		admin, officer, other := s.join("LM"), s.join("WF"), s.join("ZM")
		title := say("上报党费", "Pay the dues")
		s.speak(admin)
		s.tg.Mark()
		s.say(admin, say("/task 上报党费 @各学校党委 每月25日前 不审核", "/task Pay the dues @all schools every month on the 25th #noreview"))
		s.press(admin, say("列入年度计划", "Add to the plan"))
		s.say(admin, "/plan")
		if n := tasksBy(s.t, s, title); n != 0 {
			s.t.Errorf("planning issued %d items", n)
		}
		s.skipTo("2026-11-24 09:29")
		s.until("2026-11-24 09:31")
		s.press(admin, say("交办本期", "Issue this one"))
		s.press(admin, say("交办（2个单位）", "Issue (2 units)"))
		s.press(officer, "上报完成")
		s.press(other, "上报完成")
		s.skipTo("2026-12-13 09:29")
		s.until("2026-12-13 09:31")
		s.press(admin, say("跳过本期", "Skip this one"))
		s.say(admin, say("并入年终结算", "Part of the yearly account"))
		s.say(admin, "/plan")
		s.press(admin, "1")
		s.press(admin, say("改为自动交办", "Issue automatically"))
		s.skipTo("2027-01-13 09:29")
		s.until("2027-01-13 09:31")
		if n := tasksBy(s.t, s, title); n != 2 {
			s.t.Errorf("%d items were issued, want 2", n)
		}
		s.chat("task_plan", admin)
	})
}

func TestNobodyOpensAnothersDraftOrItem(t *testing.T) {
	play(t, func(s *stage) {
		admin, other, officer := s.join("LM"), s.join("HJ"), s.join("WF")
		s.say(admin, "/task 保密事项 @王芳 12月4日前")
		for _, p := range []*sim.Person{other, officer} {
			m := p.Last()
			for _, data := range []string{"issue:1:2", "draft:1:open", "draft:1:drop", "draftset:1:r0", "draftto:1:!k0", "draftdue:1:d2026-12-05", "approve:1", "sendback:1", "plan:1:end", "plan:1:issue.2026-12-25", "draft:1:", "draftset:1:x", "draftto:1:!"} {
				p.PressData(m, data)
				s.settle()
			}
		}
		for _, data := range []string{"issued:1:task", "correct:1:fields", "correct:1:r0", "issued:1:retract"} {
			officer.PressData(officer.Last(), data)
			s.settle()
		}
		for _, p := range []*sim.Person{other, officer} {
			if said := s.tg.Transcript(p); strings.Contains(said, "保密事项") {
				t.Errorf("a forged button has told something:\n%s", said)
			}
		}
		if n := tasksBy(t, s, "保密事项"); n != 0 {
			t.Error("a forged button has issued something")
		}
		s.press(admin, "交办")
		if n := tasksBy(t, s, "保密事项"); n != 1 {
			t.Error("the draft is gone")
		}
	})
}
