package bot_test

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/chart"
	"duban/sim"
	"duban/sim/golden"
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
func (s *stage) seen(name string, p *sim.Person) {
	s.t.Helper()
	s.settle()
	golden.Check(s.t, name, inOrder(s.tg.Transcript(p)))
}

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
			name := filepath.Join(dir, strings.NewReplacer("/", "-", " ", "", "\n", "_").Replace(s.t.Name() + p.Name() + m.Caption)[:40]+".png")
			if err := os.WriteFile(name, content.Data, 0o600); err != nil {
				s.t.Fatal(err)
			}
		}
		heights[strings.SplitN(m.Caption, "\n", 2)[0]] = picture.Bounds().Dy()
	}
	return heights
}

func TestTheWeekIsReportedToTheOfficeOnMondayAndTheMonthToSecretariesToo(t *testing.T) {
	play(t, func(s *stage) {
		admin, secretary, officer := s.join("LM"), s.join("ZG"), s.join("WF")
		s.withReports(duban.Reports{Weekly: true, Monthly: true})
		s.sharedItem(officer)
		s.skipTo("2026-11-30 08:59")
		s.tg.Mark()
		s.until("2026-11-30 09:02")
		if n := len(s.pictures(admin)); n != 2 {
			t.Errorf("the administrator got %d pictures", n)
		}
		if n := len(s.pictures(secretary)); n != 0 {
			t.Errorf("the secretary got %d pictures of the week", n)
		}
		s.wantRows(admin, "周调度_滨江市教育行业党委_2026-11-30.xlsx", "周调度", 3)
		s.skipTo("2026-12-01 08:59")
		s.until("2026-12-01 09:02")
		if n := len(s.pictures(secretary)); n != 1 {
			t.Errorf("the secretary got %d pictures of the month", n)
		}
		s.wantRows(secretary, "月报_市第五中学党委_2026-11.xlsx", "月报", 2)
		s.wantRows(secretary, "月报_市第五中学党委_2026-11.xlsx", "台账", 2)
		s.seen("reports_office", admin)
		s.seen("reports_unit", secretary)
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
			if strings.Contains(m.Caption, "目前没有在办事项") {
				n++
			}
		}
		if n != 1 {
			t.Errorf("the report of the week came %d times:\n%s", n, s.tg.Transcript(admin))
		}
	})
}

func TestTheBulletinOfAQuarterGoesToSecretariesOnlyAsAPersonIssuedIt(t *testing.T) {
	play(t, func(s *stage) {
		admin, secretary, officer := s.join("LM"), s.join("SL"), s.join("WF")
		s.withReports(duban.Reports{Quarterly: true})
		s.sharedItem(officer)
		s.skipTo("2027-01-06 08:59")
		s.tg.Mark()
		s.until("2027-01-06 09:02")
		if m := secretary.Find("季度通报"); m != nil {
			t.Errorf("the secretary sees a draft: %s", m.Text)
		}
		s.find(admin, "逾期未报的单位：实验小学党委")
		s.press(admin, "修改")
		s.say(admin, "第四季度到期事项2项，按时上报1项。请抓紧办理在办事项。")
		s.press(admin, "签发")
		s.find(secretary, "第四季度到期事项2项")
		if m := secretary.Find("逾期未报的单位"); m != nil {
			t.Errorf("the secretary is told what the office has taken out: %s", m.Text)
		}
		if n := len(s.pictures(secretary)); n != 1 {
			t.Errorf("the secretary got %d pictures", n)
		}
		s.seen("reports_quarter", admin)
		s.seen("reports_quarter_unit", secretary)
	})
}

func TestTheEndOfATaskIsReportedInEnglishToo(t *testing.T) {
	play(t, func(s *stage) {
		admin, one, two := s.join("LM"), s.join("WF"), s.join("ZM")
		s.say(admin, "/settings")
		s.press(admin, "English")
		s.withReports(duban.Reports{PerTask: true})
		s.sharedItem(one)
		s.press(two, "上报完成")
		s.tg.Mark()
		s.wait(2 * time.Minute)
		s.find(admin, "Task report")
		s.press(admin, "Do not issue")
		s.seen("reports_task_en", admin)
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
