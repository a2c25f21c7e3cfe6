package duban_test

import (
	"testing"
	"time"

	"duban"
	"duban/calendar"
)

// Every moment belongs to the time that one weekly report calls new, also where a week without a working day has no report.
func TestTheWeeklyReportsLeaveNoDayBetweenThem(t *testing.T) {
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	cal := calendar.New(zone, calendar.Clock{Hour: 18})
	made := map[string]duban.ReportTime{}
	var order []duban.ReportTime
	for now := time.Date(2025, 12, 1, 12, 0, 0, 0, zone); now.Year() < 2027; now = now.AddDate(0, 0, 1) {
		due := duban.ReportDue(duban.WeeklyReport, cal, now)
		if _, known := made[due.Period]; known || now.Before(due.At) {
			continue
		}
		made[due.Period] = due
		order = append(order, due)
	}
	for i, due := range order[1:] {
		before := order[i]
		if monday := before.To.Add(-6); due.Since.After(monday) {
			t.Errorf("the report of %s tells what is new since %s, the one before was made on %s", due.Period, due.Since, before.At.Format(time.DateOnly))
		}
		if due.To.Before(due.From) {
			t.Errorf("the report of %s is of %s to %s", due.Period, due.From, due.To)
		}
	}
	if len(order) < 50 {
		t.Errorf("only %d reports", len(order))
	}
}
