package duban

import (
	"time"

	"duban/calendar"
)

// Counting is how the items of a report are counted.
type Counting struct {
	From, To calendar.Date // both belong to the period
	Since    calendar.Date // what became overdue from this day on is new
	Calendar *calendar.Calendar
	Lights   LightRules
	Now      time.Time
}

// curvePoints is how many steps a curve has at most.
const curvePoints = 8

// FiguresOf counts items by unit. The units are those of the report in the order of the roster, and row says for the unit of an item which of them it
// counts for. A unit without an item has a row too.
func (c Counting) FiguresOf(units []int64, items []Assignment, row func(unit int64) int64) Figures {
	f := Figures{Units: make([]UnitFigures, len(units))}
	at := map[int64]*UnitFigures{}
	for i, id := range units {
		f.Units[i] = UnitFigures{UnitID: id, Lights: map[Light]int{}}
		at[id] = &f.Units[i]
	}
	var due []Assignment
	for _, a := range items {
		u := at[row(a.UnitID)]
		if u == nil || a.Support || a.State == CalledOff || !a.State.Visible() {
			continue
		}
		c.countOpen(u, a)
		if c.within(c.Calendar.Today(a.IssuedAt)) {
			u.Issued++
		}
		if c.within(a.Due.Date) {
			c.countDue(u, a)
			due = append(due, a)
		}
	}
	f.Curve = c.Curve(due)
	return f
}

// within reports whether a day belongs to the period.
func (c Counting) within(day calendar.Date) bool { return !day.Before(c.From) && !day.After(c.To) }

func (c Counting) countOpen(u *UnitFigures, a Assignment) {
	if !a.State.Open() {
		return
	}
	light := LightOf(a, c.Lights, c.Calendar, c.Now)
	u.Lights[light]++
	if light == Red && !c.Calendar.End(a.Due).Before(c.Since.At(calendar.Clock{}, c.Calendar.Zone())) {
		u.NewRed++
	}
	if a.State == Submitted {
		u.Waiting++
	}
	if !a.RequestedAt.IsZero() {
		u.Requests++
	}
}

func (c Counting) countDue(u *UnitFigures, a Assignment) {
	switch OutcomeOf(a, c.Calendar, c.Now) {
	case OutcomeOnTime:
		u.OnTime++
	case OutcomeLate:
		u.Late++
	case OutcomeMissed:
		u.Missed++
	default:
		u.Going++
	}
	u.Returns += a.Returns
	u.Extensions += a.Extensions
	if !a.AcceptedAt.IsZero() {
		u.Signed++
		u.Signing += c.Calendar.WorkingTime(a.IssuedAt, a.AcceptedAt)
	}
}

// Outcome is how an item stands to its deadline.
type Outcome string

// The outcomes. Lateness is judged on submission, not on review.
const (
	OutcomeOnTime Outcome = "on_time" // reported in time
	OutcomeLate   Outcome = "late"    // reported late
	OutcomeMissed Outcome = "missed"  // overdue and not reported
	OutcomeGoing  Outcome = "going"   // has time, stands still, or was called off
)

// OutcomeOf returns how an item stands to its deadline at a moment.
func OutcomeOf(a Assignment, cal *calendar.Calendar, now time.Time) Outcome {
	switch {
	case a.State.Done() || a.State == Submitted:
		if cal.Overdue(a.Due, a.SubmittedAt) {
			return OutcomeLate
		}
		return OutcomeOnTime
	case a.State.OnUnit() && cal.Overdue(a.Due, now):
		return OutcomeMissed
	}
	return OutcomeGoing
}

// Curve counts the items that are due in the period over time. It has a point for the last day of each step, the last of them today or the end of the period.
func (c Counting) Curve(due []Assignment) []CurvePoint {
	last := c.To
	if today := c.Calendar.Today(c.Now); today.Before(last) {
		last = today
	}
	whole := c.From.DaysUntil(last)
	if whole <= 0 {
		return nil
	}
	step := (whole + curvePoints - 1) / curvePoints
	var points []CurvePoint
	for back := whole / step; back >= 0; back-- {
		points = append(points, c.point(due, last.Add(-back*step)))
	}
	return points
}

func (c Counting) point(due []Assignment, day calendar.Date) CurvePoint {
	p := CurvePoint{Day: day}
	for _, a := range due {
		if !a.Due.Date.After(day) {
			p.Due++
		}
		if (a.State.Done() || a.State == Submitted) && !c.Calendar.Today(a.SubmittedAt).After(day) {
			p.Done++
		}
	}
	return p
}
