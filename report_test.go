package duban_test

import (
	"testing"
	"time"

	"duban"
	"duban/calendar"
)

func TestReportsComeOnWorkingDays(t *testing.T) {
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	cal := calendar.New(zone, calendar.Clock{Hour: 18})
	for _, c := range []struct {
		kind             duban.ReportKind
		now, at          string
		period, from, to string
	}{
		{duban.WeeklyReport, "2026-11-25", "2026-11-23 09:00", "2026-11-23", "2026-01-01", "2026-11-29"},
		{duban.WeeklyReport, "2026-04-07", "2026-04-07 09:00", "2026-04-06", "2026-01-01", "2026-04-12"}, // Monday is a holiday
		{duban.MonthlyReport, "2026-10-05", "2026-10-08 09:00", "2026-09", "2026-09-01", "2026-09-30"},   // the first seven days are
		{duban.QuarterlyReport, "2026-10-05", "2026-10-10 09:00", "2026-Q3", "2026-07-01", "2026-09-30"}, // and Saturday is worked
		{duban.HalfYearReport, "2026-06-30", "2025-07-01 09:00", "2025", "2025-01-01", "2025-06-30"},
		{duban.HalfYearReport, "2026-07-01", "2026-07-01 09:00", "2026", "2026-01-01", "2026-06-30"},
		{duban.YearReport, "2026-11-25", "2026-01-04 09:00", "2025", "2025-01-01", "2025-12-31"}, // the first three days are a holiday, and Sunday is worked
		{duban.QuarterlyReport, "2026-11-25", "2026-10-10 09:00", "2026-Q3", "2026-07-01", "2026-09-30"},
	} {
		now, _ := time.ParseInLocation("2006-01-02", c.now, zone)
		due := duban.ReportDue(c.kind, cal, now.Add(10*time.Hour))
		if at := due.At.Format("2006-01-02 15:04"); at != c.at || due.Period != c.period || due.From.String() != c.from || due.To.String() != c.to {
			t.Errorf("the %s report on %s: %s of %s, %s to %s", c.kind, c.now, at, due.Period, due.From, due.To)
		}
	}
}

func TestFiguresJudgeBySubmissionAndRankNobody(t *testing.T) {
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	cal := calendar.New(zone, calendar.Clock{Hour: 18})
	day := func(n int) calendar.Date { return calendar.Date{Year: 2026, Month: 11, Day: n} }
	at := func(n int) time.Time { return day(n).At(calendar.Clock{Hour: 10}, zone) }
	item := func(unit int64, state duban.State, due int, submitted time.Time) duban.Assignment {
		return duban.Assignment{UnitID: unit, State: state, Due: calendar.Due{Date: day(due)}, IssuedAt: at(2), SubmittedAt: submitted, Version: 1}
	}
	support := item(7, duban.Issued, 10, time.Time{})
	support.Support = true
	c := duban.Counting{From: day(1), To: day(30), Since: day(16), Calendar: cal, Lights: duban.DefaultLights, Now: at(20)}
	f := c.FiguresOf([]int64{9, 7, 8}, []duban.Assignment{
		item(7, duban.Closed, 10, at(10)), item(7, duban.Submitted, 10, at(11)), item(7, duban.Returned, 18, time.Time{}), item(71, duban.Issued, 27, time.Time{}),
		item(8, duban.CalledOff, 10, time.Time{}), item(8, duban.Suspended, 10, time.Time{}), support,
	}, func(unit int64) int64 {
		if unit == 71 {
			return 7
		}
		return unit
	})
	if len(f.Units) != 3 || f.Units[0].UnitID != 9 || f.Units[2].UnitID != 8 {
		t.Fatalf("another order than that of the roster: %+v", f.Units)
	}
	u := f.Of(7)
	if u.OnTime != 1 || u.Late != 1 || u.Missed != 1 || u.Going != 1 || u.Issued != 4 || u.NewRed != 1 || u.Waiting != 1 || u.Due() != 4 {
		t.Errorf("unit 7: %+v", u)
	}
	if u := f.Of(8); u.Going != 1 || u.Due() != 1 {
		t.Errorf("what was called off counts, or what stands still does not: %+v", u)
	}
	last := f.Curve[len(f.Curve)-1]
	if last.Day != day(20) || last.Due != 4 || last.Done != 2 {
		t.Errorf("the curve ends with %+v", last)
	}
}
