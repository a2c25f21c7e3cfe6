package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

const notice2027 = `国务院办公厅关于2027年部分节假日安排的通知
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2027年部分节假日放假调休日期的具体安排通知如下。
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月13日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天。
六、中秋节：9月15日（周三）放假1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。`

const file2027 = "日期,至,名称,类型\n2027-01-01,2027-01-03,元旦,休\n2027-02-05,2027-02-11,春节,休\n2027-01-31,,春节,班\n" +
	"2027-04-05,,清明节,休\n2027-05-01,2027-05-05,劳动节,休\n2027-06-09,,端午节,休\n2027-09-15,,中秋节,休\n2027-10-01,2027-10-07,国庆节,休\n2027-10-13,,国庆节,班\n"

func day2027(month time.Month, day int) calendar.Date {
	return calendar.Date{Year: 2027, Month: month, Day: day}
}

func TestAYearIsPastedLookedAtAndTakenOver(t *testing.T) {
	play(t, func(s *stage) {
		admin, other := s.join("LM"), s.join("HJ")
		officer := s.join("WF")
		s.issue(work.TaskRow{Code: "T-1", Title: "报送计划", Duty: "按模板报送", Units: "市第五中学党委", Due: "2027-02-14"})
		if officer.Find("暂定") == nil {
			t.Error("the card does not say that the year is provisional")
		}
		s.tg.Mark()
		s.say(admin, "/calendar")
		s.press(admin, "添加年度安排")
		s.say(admin, notice2027)
		if !s.desk.Calendar.IsProvisional(day2027(2, 5)) {
			t.Error("the preview counts already")
		}
		s.press(admin, "确认启用")
		if s.desk.Calendar.IsProvisional(day2027(2, 5)) || !s.desk.Calendar.IsWorkingDay(day2027(2, 13)) {
			t.Error("the calendar has not learnt the year")
		}
		s.say(admin, "/calendar")
		if other.Find("启用了2027年放假安排") == nil {
			t.Error("the other administrator does not know")
		}
		s.golden("calendar_year")
	})
}

func TestANoticeThatNobodyAskedForIsOffered(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.say(officer, notice2027)
		if officer.Find("尚未启用") != nil {
			t.Error("an officer is offered the calendar")
		}
		s.say(admin, notice2027)
		first := s.find(admin, "尚未启用")
		s.say(admin, strings.Replace(notice2027, "2月13日（周六）", "2月14日（周日）", 1))
		if err := admin.PressOn(first, "确认启用"); err != nil {
			t.Fatal(err)
		}
		s.settle()
		if !s.desk.Calendar.IsProvisional(day2027(2, 5)) {
			t.Error("the button of an earlier preview counts")
		}
		s.say(admin, "确认启用")
		if s.desk.Calendar.IsProvisional(day2027(2, 5)) || !s.desk.Calendar.IsWorkingDay(day2027(2, 14)) {
			t.Error("the later text has not become the year")
		}
	})
}

func TestAFileOfHolidaysIsShownWithWhatLooksWrong(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.say(admin, "/calendar")
		s.press(admin, "添加年度安排")
		s.tg.Mark()
		s.send(admin, "2027.csv", "甲,乙\n1,2\n")
		s.send(admin, "2027.csv", file2027)
		s.press(admin, "取消")
		s.send(admin, "2027.json", `{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true},{"name":"元旦","date":"2027-01-01","isOffDay":false}]}`)
		if !s.desk.Calendar.IsProvisional(day2027(2, 5)) {
			t.Error("a year that was left or is unusable counts")
		}
		s.chat("calendar_file", admin)
	})
}

func TestADayIsCorrectedAndTheCorrectionTakenBack(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.tg.Mark()
		s.say(admin, "/calendar")
		s.press(admin, "更正一天")
		s.say(admin, "2026-12-05 上班")
		s.say(admin, "2026-12-05 上班 依据市政府办公室通知")
		s.press(admin, "确认启用")
		saturday := calendar.Date{Year: 2026, Month: 12, Day: 5}
		if !s.desk.Calendar.IsWorkingDay(saturday) {
			t.Error("the day is not worked")
		}
		s.say(admin, "/calendar")
		s.press(admin, "删除")
		s.press(admin, "📅 删除 1")
		if s.desk.Calendar.IsWorkingDay(saturday) {
			t.Error("the day is still worked")
		}
		s.chat("calendar_day", admin)
	})
}

func TestAVacationIsNotedAndWarnsWhoSetsADeadlineInside(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.tg.Mark()
		s.say(admin, "/calendar")
		s.press(admin, "登记学校假期")
		s.say(admin, "第九中学党委 寒假 2027-01-20 至 2027-02-20")
		s.say(admin, "第五中学 寒假 2027-01-20 至 2027-02-20")
		s.press(admin, "确认启用")
		s.send(admin, "任务清单.csv", "编号,事项,责任要求,责任单位,完成时限\nDJ-31,报送小结,按模板报送,市第五中学党委,2027-02-01\nDJ-32,开学检查,逐校检查,市第五中学党委,开学前\n")
		s.press(admin, "导入")
		if countTasks(t, s, "DJ-31", "DJ-32") != 2 {
			t.Error("a deadline in a vacation was refused, or 开学前 was not understood")
		}
		s.say(admin, "/calendar")
		s.press(admin, "删除")
		s.press(admin, "🏫 删除 1")
		s.chat("calendar_vacation", admin)
	})
}

func TestOnlyAdministratorsOfTheRootChangeTheDaysOfAll(t *testing.T) {
	play(t, func(s *stage) {
		officer := s.join("WF")
		s.say(officer, "/calendar")
		if officer.Find("放假安排") != nil {
			t.Error("an officer sees the calendar")
		}
		roster := []work.RosterRow{{Line: 2, Unit: "市第五中学党委", Parent: "滨江市教育行业党委", Name: "钱文", Role: duban.Admin, Code: "QW"}}
		if _, err := s.desk.ImportRoster(context.Background(), duban.Console, roster, work.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		below := s.join("QW")
		s.say(below, "/calendar")
		if err := below.Press("添加年度安排"); err == nil {
			t.Error("an administrator of a school is offered the year")
		}
		s.say(below, notice2027)
		if below.Find("尚未启用") != nil {
			t.Error("an administrator of a school is shown the year")
		}
		s.press(below, "登记学校假期")
		s.say(below, "实验小学党委 寒假 2027-01-20 至 2027-02-20")
		s.say(below, "高一年级党支部 寒假 2027-01-20 至 2027-02-20")
		s.press(below, "确认启用")
		cast.Read(t, s.desk, func(tx *store.Tx) error {
			units, err := tx.UnitsNamed("滨江市教育行业党委")
			if err != nil {
				return err
			}
			all, err := tx.VacationsBelow(units[0].ID, day2027(1, 1))
			if err != nil || len(all) != 1 {
				t.Errorf("vacations: %+v, %v", all, err)
			}
			return nil
		})
	})
}

func TestAPreviewSurvivesARestart(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.say(admin, notice2027)
		s.stop()
		s.open()
		s.settle()
		s.press(admin, "确认启用")
		if s.desk.Calendar.IsProvisional(day2027(2, 5)) {
			t.Error("the preview is lost")
		}
	})
}

func TestAForwardedNoticeMayBeAnnouncedOrTakenOver(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		admin.ForwardFrom(s.person("HJ"), notice2027)
		s.settle()
		s.press(admin, "添加年度安排")
		s.press(admin, "确认启用")
		if s.desk.Calendar.IsProvisional(day2027(2, 5)) {
			t.Error("the year was not taken over")
		}
	})
}

func TestInDecemberAdministratorsAreRemindedUntilTheYearIsKnown(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.skipTo("2026-12-01 09:44")
		s.tg.Mark()
		s.until("2026-12-01 09:46")
		s.press(admin, "添加年度安排")
		s.say(admin, notice2027)
		s.press(admin, "确认启用")
		s.chat("calendar_missing", admin)
	})
}

func TestAReminderThatIsNoLongerNeededIsNotSent(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		ctx := context.Background()
		known := calendar.Year{Year: 2027, Notice: "N", Days: calendar.StatutoryDays(2027)}
		if _, err := s.desk.AddYear(ctx, duban.Console, known, ""); err != nil {
			t.Fatal(err)
		}
		if err := s.desk.Store.Write(ctx, func(tx *store.Tx) error { return s.desk.TellNoNotice(tx, 2027) }); err != nil {
			t.Fatal(err)
		}
		s.settle()
		if admin.Find("尚未添加") != nil {
			t.Error("the year is asked for although it is known")
		}
		if admin.Find("系统操作员启用了2027年放假安排") == nil {
			t.Error("what the operator did was not told")
		}
	})
}
