package duban

import (
	"time"

	"duban/calendar"
)

// Light (亮灯) shows at a glance how an assignment stands. It is computed, never stored.
type Light string

// The lights.
const (
	Grey       Light = "grey"        // 未签收
	Green      Light = "green"       // 正常
	Yellow     Light = "yellow"      // 临期
	Orange     Light = "orange"      // 预警
	Red        Light = "red"         // 逾期
	Blue       Light = "blue"        // 待审
	Halted     Light = "halted"      // 中止、退办、撤销: no colour, the clock stands still
	ClosedGood Light = "closed"      // 办结
	ClosedLate Light = "closed_late" // 超期办结
)

// LightOrder lists the lights as lists and reports show them, most pressing first.
var LightOrder = []Light{Red, Orange, Yellow, Grey, Green, Blue, Halted, ClosedLate, ClosedGood}

// LightOf computes the light of an assignment at a moment. An unsigned one stays grey until a threshold is reached; then the colour counts.
func LightOf(a Assignment, rules LightRules, cal *calendar.Calendar, now time.Time) Light {
	switch {
	case a.State.Done() && cal.Overdue(a.Due, a.SubmittedAt):
		return ClosedLate
	case a.State.Done():
		return ClosedGood
	case a.State == Suspended, a.State == Declined, a.State == CalledOff, !a.State.Visible():
		return Halted
	case a.State == Submitted:
		return Blue
	case a.PartDone():
		return Green
	case cal.Overdue(a.Due, now):
		return Red
	}
	left := remaining{days: cal.WorkingDaysLeft(a.Due, now), part: partLeft(a, cal, now)}
	behind := a.Behind(cal.Today(now))
	switch {
	case behind > FarBehind:
		return Orange
	case left.days <= rules.OrangeDays || left.days <= rules.YellowAtMost && left.part <= rules.OrangePart:
		return Orange
	case behind >= BitBehind:
		return Yellow
	case left.days <= rules.YellowDays || left.days <= rules.YellowAtMost && left.part <= rules.YellowPart:
		return Yellow
	case a.State == Issued:
		return Grey
	}
	return Green
}

// By how many points of the whole an assignment with milestones has to be behind its planned progress to be yellow, and more than how many to be
// orange.
const (
	BitBehind = 10
	FarBehind = 30
)

// Planned returns the planned progress (序时进度) of an assignment on a day, in percent: that of the last milestone whose date is over.
func (a Assignment) Planned(today calendar.Date) int {
	planned := 0
	for _, m := range a.Milestones {
		if m.Date.Before(today) {
			planned = max(planned, m.Percent)
		}
	}
	return planned
}

// Reached returns how far an assignment is, in percent: what was last reported, or what the milestones say that are done.
func (a Assignment) Reached() int {
	reached := a.Percent
	for _, m := range a.Milestones {
		if !m.DoneAt.IsZero() {
			reached = max(reached, m.Percent)
		}
	}
	return reached
}

// Behind returns by how many points an assignment is behind its planned progress, at least 0.
func (a Assignment) Behind(today calendar.Date) int { return max(0, a.Planned(today)-a.Reached()) }

type remaining struct {
	days int
	part float64
}

func partLeft(a Assignment, cal *calendar.Calendar, now time.Time) float64 {
	end := cal.Moment(a.Due)
	whole := cal.WorkingTime(a.IssuedAt, end)
	if whole <= 0 {
		return 1
	}
	return float64(cal.WorkingTime(now, end)) / float64(whole)
}

// DaysEarly returns by how many working days an assignment was submitted before its deadline; negative means late, 0 on the day. It judges
// the submission, not the review.
func DaysEarly(a Assignment, cal *calendar.Calendar) int {
	day := cal.Today(a.SubmittedAt)
	if late := cal.WorkingDaysBetween(a.Due.Date, day); late > 0 {
		return -late
	}
	if cal.Overdue(a.Due, a.SubmittedAt) {
		return -1
	}
	return cal.WorkingDaysBetween(day, a.Due.Date)
}
