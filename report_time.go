package duban

import (
	"fmt"
	"time"

	"duban/calendar"
)

// Reports says which reports are made.
type Reports struct{ Weekly, Monthly, Quarterly, HalfYearly, PerTask bool }

// Wants reports whether the reports of a kind are made.
func (r Reports) Wants(k ReportKind) bool {
	switch k {
	case WeeklyReport:
		return r.Weekly
	case MonthlyReport:
		return r.Monthly
	case QuarterlyReport:
		return r.Quarterly
	case HalfYearReport, YearReport:
		return r.HalfYearly
	}
	return r.PerTask
}

// ReportTime is when a report of the calendar is due, and for which days.
type ReportTime struct {
	At       time.Time
	Period   string // names it among those of its kind
	From, To calendar.Date
	Since    calendar.Date // what became overdue from this day on is new
}

// reportClock is when reports are made.
var reportClock = calendar.Clock{Hour: 9}

// quarterlyAfter is how many working days after the end of a quarter its report is drafted.
const quarterlyAfter = 3

// ReportDue returns the report of a kind whose turn it is: the week's on its first working day, about the year so far and what is new since the Monday of
// the report before; last month's on the first working day of the month; last quarter's three working days after its end; those of the first half of a year and of a whole
// year on the first working day after 30 June and 31 December. At may still be ahead.
func ReportDue(kind ReportKind, cal *calendar.Calendar, now time.Time) ReportTime {
	today := cal.Today(now)
	switch kind {
	case MonthlyReport:
		first := calendar.Date{Year: today.Year, Month: today.Month, Day: 1}
		from := first.AddMonths(-1)
		return ReportTime{At: firstWorked(cal, first), Period: fmt.Sprintf("%04d-%02d", from.Year, from.Month), From: from, To: first.Add(-1), Since: from}
	case QuarterlyReport:
		first := calendar.Date{Year: today.Year, Month: (today.Month-1)/3*3 + 1, Day: 1}
		from := first.AddMonths(-3)
		return ReportTime{
			At:     cal.AddWorkingDays(first.Add(-1), quarterlyAfter).At(reportClock, cal.Zone()),
			Period: fmt.Sprintf("%04d-Q%d", from.Year, (from.Month-1)/3+1), From: from, To: first.Add(-1), Since: from,
		}
	case HalfYearReport:
		first := calendar.Date{Year: today.Year, Month: 7, Day: 1}
		if today.Before(first) {
			first.Year--
		}
		return yearUntil(cal, first)
	case YearReport:
		return yearUntil(cal, calendar.Date{Year: today.Year, Month: 1, Day: 1})
	}
	monday := today.Add(-((int(today.Weekday()) + 6) % 7))
	return ReportTime{
		At: firstWorked(cal, monday), Period: monday.String(), From: calendar.Date{Year: monday.Year, Month: 1, Day: 1}, To: monday.Add(6), Since: weekBefore(cal, monday),
	}
}

// weekBefore is the Monday of the last week before one that had a report: one without a working day has none.
func weekBefore(cal *calendar.Calendar, monday calendar.Date) calendar.Date {
	before := monday.Add(-7)
	for cal.NextWorkingDay(before).After(before.Add(6)) {
		before = before.Add(-7)
	}
	return before
}

// yearUntil is the report of a year up to the day before a day.
func yearUntil(cal *calendar.Calendar, day calendar.Date) ReportTime {
	last := day.Add(-1)
	from := calendar.Date{Year: last.Year, Month: 1, Day: 1}
	return ReportTime{At: firstWorked(cal, day), Period: fmt.Sprintf("%04d", last.Year), From: from, To: last, Since: from}
}

// firstWorked is nine o'clock on the first working day from a day on.
func firstWorked(cal *calendar.Calendar, day calendar.Date) time.Time {
	return cal.NextWorkingDay(day).At(reportClock, cal.Zone())
}
