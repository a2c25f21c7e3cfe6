package bot_test

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/chart"
	"duban/sim"
	"duban/work"
)

// withReports switches the reports on, later than the hour of those of this week, and digest and reminders off, which would come at the same instant.
func (s *stage) withReports(r duban.Reports) {
	s.wait(10 * time.Minute)
	s.stop()
	s.desk.Policy.Reports, s.desk.Policy.Digest, s.desk.Policy.Ladder = r, nil, duban.Ladder{}
	s.open()
	s.wait(time.Minute)
}

// sharedItem issues an item to both schools, which the first reports in time and the second not at all.
func (s *stage) sharedItem(done *sim.Person) {
	s.issue(work.TaskRow{Line: 2, Code: "DJ-41", Title: "报送第四季度党课计划", Duty: "按模板报送", Units: "school_committee", Due: "2026-11-26"})
	s.press(done, "上报完成")
}

// seen compares what one person has seen and done with a transcript, whatever comes in the same second in one order.
// pictures are the pictures that somebody has got since the mark, by their captions, each decoded.
func (s *stage) pictures(p *sim.Person) map[string]int {
	s.t.Helper()
	heights := map[string]int{}
	for _, m := range p.Messages() {
		if len(m.Photo) == 0 {
			continue
		}
		content, _ := s.tg.File(m.Photo[len(m.Photo)-1].FileID)
		picture, err := png.Decode(bytes.NewReader(content.Data))
		if err != nil {
			s.t.Fatalf("the picture below %q: %v", m.Caption, err)
		}
		if dir := os.Getenv("DUBAN_PICTURES"); dir != "" {
			name := filepath.Join(dir, fmt.Sprintf("%s_%s_%d.png", strings.ReplaceAll(s.t.Name(), "/", "_"), p.Name(), m.ID))
			if err := os.WriteFile(name, content.Data, 0o600); err != nil {
				s.t.Fatal(err)
			}
		}
		heights[strings.SplitN(m.Caption, "\n", 2)[0]] = picture.Bounds().Dy()
	}
	return heights
}

func TestTheWeekIsReportedToTheOfficeOnMondayAndTheMonthToSecretariesToo(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		admin, secretary, officer := s.join("LM"), s.join("ZG"), s.join("WF")
		s.organisedIn(say, admin, secretary)
		s.withReports(duban.Reports{Weekly: true, Monthly: true})
		s.sharedItem(officer)
		s.skipTo("2026-11-30 08:59")
		s.tg.Mark()
		s.until("2026-11-30 09:02")
		if n := len(s.pictures(admin)); n != 2 {
			s.t.Errorf("the administrator got %d pictures", n)
		}
		if n := len(s.pictures(secretary)); n != 0 {
			s.t.Errorf("the secretary got %d pictures of the week", n)
		}
		s.wantRows(admin, say("周调度", "Weekly overview")+"_滨江市教育行业党委_2026-11-30.xlsx", say("周调度", "Weekly overview")+" 2026-11-30", 4)
		s.skipTo("2026-12-01 08:59")
		s.until("2026-12-01 09:02")
		if n := len(s.pictures(secretary)); n != 1 {
			s.t.Errorf("the secretary got %d pictures of the month", n)
		}
		month := say("月报", "Monthly report")
		s.wantRows(secretary, month+"_市第五中学党委_2026-11.xlsx", month+" 2026-11", 2)
		s.wantRows(secretary, month+"_市第五中学党委_2026-11.xlsx", say("台账", "Ledger"), 2)
		s.sees("reports_office", admin)
		s.sees("reports_unit", secretary)
	})
}

func TestAYearEndsWithALedgerAndTheRecordForEachUnit(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		admin, secretary, officer := s.join("LM"), s.join("ZG"), s.join("WF")
		s.organisedIn(say, admin, secretary)
		s.withReports(duban.Reports{HalfYearly: true})
		s.sharedItem(officer)
		s.skipTo("2027-01-04 08:59")
		s.tg.Mark()
		s.until("2027-01-04 09:02")
		book := say("年终台账", "Year-end ledger")
		s.wantRows(secretary, book+"_市第五中学党委_2026.xlsx", book+" 2026", 2)
		s.wantRows(secretary, book+"_市第五中学党委_2026.xlsx", say("台账", "Ledger"), 2)
		s.wantRows(admin, book+"_滨江市教育行业党委_2026.xlsx", say("台账", "Ledger"), 3)
		own, _ := s.file(secretary)
		record, err := own.GetRows(say("跟踪记载", "Record"))
		if err != nil || len(record) < 4 {
			s.t.Errorf("the record has %d rows: %v", len(record), err)
		}
		for _, row := range record[1:] {
			if row[4] != "市第五中学党委" && row[4] != "高一年级党支部" {
				s.t.Errorf("the record of a school has a row of another: %v", row)
			}
		}
		s.sees("reports_year", admin)
		s.sees("reports_year_unit", secretary)
	})
}

func TestAHalfYearWithoutItemsHasNoPictures(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		admin := s.join("LM")
		s.organisedIn(say, admin)
		s.withReports(duban.Reports{HalfYearly: true})
		s.skipTo("2027-01-04 09:05")
		s.wait(time.Minute)
		s.skipTo("2027-07-01 08:59")
		s.tg.Mark()
		s.until("2027-07-01 09:02")
		if n := len(s.pictures(admin)); n != 0 {
			s.t.Errorf("the administrator got %d pictures of nothing", n)
		}
		s.find(admin, say("本期没有到期事项", "Nothing was due in the period"))
		s.sees("reports_half_year", admin)
	})
}

func TestAReportIsMadeOnceAndMadeUpWhenItWasMissed(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.withReports(duban.Reports{Weekly: true})
		s.skipTo("2026-12-01 15:00") // a day and six hours late
		s.wait(time.Minute)
		s.skipTo("2026-12-02 15:00")
		s.wait(time.Minute)
		n := 0
		for _, m := range admin.Messages() {
			if strings.Contains(m.Text, "目前没有在办事项") {
				n++
			}
		}
		if n != 1 {
			t.Errorf("the report of the week came %d times:\n%s", n, s.tg.Transcript(admin))
		}
	})
}

// quarter plays a quarter up to the draft of its bulletin.
func (s *stage) quarter(officer *sim.Person) {
	s.withReports(duban.Reports{Quarterly: true})
	s.sharedItem(officer)
	s.skipTo("2027-01-06 08:59")
	s.tg.Mark()
	s.until("2027-01-06 09:02")
}

func TestTheBulletinOfAQuarterGoesToSecretariesOnlyAsAPersonIssuedIt(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		admin, secretary, officer := s.join("LM"), s.join("SL"), s.join("WF")
		s.organisedIn(say, admin, secretary)
		s.quarter(officer)
		if m := secretary.Find(say("季度通报", "Quarterly bulletin")); m != nil {
			s.t.Errorf("the secretary sees a draft: %s", m.Text)
		}
		named := say("逾期未报的单位：实验小学党委", "Units with overdue items: 实验小学党委")
		s.find(admin, named)
		s.press(admin, say("修改", "Edit"))
		mine := say("第四季度到期事项2项，按时上报1项。请抓紧办理在办事项。", "Two items were due, one was reported in time. Please complete what is open.")
		s.say(admin, mine)
		s.press(admin, say("签发", "Issue"))
		s.find(secretary, mine)
		if m := secretary.Find(named); m != nil {
			s.t.Errorf("the secretary is told what the office has taken out: %s", m.Text)
		}
		if n := len(s.pictures(secretary)); n != 1 {
			s.t.Errorf("the secretary got %d pictures", n)
		}
		s.sees("reports_quarter", admin)
		s.sees("reports_quarter_unit", secretary)
	})
}

func TestTheDigestLeadsToADraftThatNobodyHasDecidedOn(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		admin, secretary, officer := s.join("LM"), s.join("SL"), s.join("WF")
		s.organisedIn(say, admin, secretary)
		s.quarter(officer)
		s.stop()
		s.desk.Policy.Digest = &calendar.Clock{Hour: 8, Minute: 30}
		s.open()
		s.skipTo("2027-01-07 08:29")
		s.tg.Mark()
		s.wait(2 * time.Minute)
		s.press(admin, say("查看待签发的通报", "Bulletins to issue"))
		s.press(admin, say("签发", "Issue"))
		s.find(secretary, say("季度通报", "Quarterly bulletin"))
		s.skipTo("2027-01-08 08:29")
		s.wait(2 * time.Minute)
		s.press(admin, say("查看待签发的通报", "Bulletins to issue"))
		s.sees("reports_digest", admin)
	})
}

func TestADraftThatWasChangedMeanwhileIsNotIssuedByAnOldButton(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		admin, other, secretary, officer := s.join("LM"), s.join("HJ"), s.join("SL"), s.join("WF")
		s.organisedIn(say, admin, other, secretary)
		s.quarter(officer)
		old := *s.find(admin, say("拟稿", "draft"))
		s.press(other, say("修改", "Edit"))
		theirs := say("何静改写的通报。", "A bulletin by somebody else.")
		s.say(other, theirs)
		admin.PressData(&old, old.ReplyMarkup.Rows[0][0].CallbackData)
		s.settle()
		if m := secretary.Find(theirs); m != nil {
			s.t.Errorf("what the presser had not seen was issued: %s", m.Text)
		}
		s.press(admin, say("签发", "Issue"))
		s.find(secretary, theirs)
		admin.PressData(&old, old.ReplyMarkup.Rows[0][0].CallbackData)
		s.settle()
		if n := strings.Count(s.tg.Transcript(secretary), theirs); n != 1 {
			s.t.Errorf("a draft that was issued once went out %d times", n)
		}
		s.sees("reports_changed", admin)
	})
}

func TestTheEndOfATaskIsReportedAndADraftThatIsNotIssuedSaysWhy(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		admin, secretary, one, two := s.join("LM"), s.join("ZG"), s.join("WF"), s.join("ZM")
		s.organisedIn(say, admin, secretary)
		s.withReports(duban.Reports{PerTask: true})
		s.sharedItem(one)
		s.press(two, "上报完成")
		s.tg.Mark()
		s.wait(2 * time.Minute)
		s.find(admin, say("一事一报", "Task report"))
		s.press(admin, say("不发", "Do not issue"))
		s.say(admin, say("已在例会上通报", "told at the meeting"))
		s.find(admin, say("已在例会上通报", "told at the meeting"))
		if told := secretary.Find(say("一事一报", "Task report")); told != nil {
			s.t.Errorf("what was not issued went out: %s", told.Text)
		}
		s.sees("reports_task", admin)
	})
}

func TestEveryPageOfTheBarsIsSent(t *testing.T) {
	for n := range 50 {
		f, b := duban.Figures{Units: make([]duban.UnitFigures, n)}, chart.Bars{Rows: make([]chart.Bar, n)}
		if sent, drawn := work.ReportPages(f), len(b.Pages()); sent != drawn {
			t.Errorf("%d units: %d pages are sent, %d drawn", n, sent, drawn)
		}
	}
}
