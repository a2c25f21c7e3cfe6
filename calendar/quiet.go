package calendar

import "time"

// Quiet says when nobody is to be disturbed: from From to To, over midnight when To is the earlier one, and on days that
// are not worked when WorkingDaysOnly is set. Off lifts all of it. Resume is the time of day at which held messages go
// out together (the digest); without it they go at the end of the quiet time.
type Quiet struct {
	From, To        Clock
	WorkingDaysOnly bool
	Off             bool
	Resume          *Clock
}

// IsQuiet says whether t lies in the quiet time.
func (c *Calendar) IsQuiet(q Quiet, t time.Time) bool {
	if q.Off {
		return false
	}
	local := t.In(c.zone)
	if q.WorkingDaysOnly && !c.IsWorkingDay(DateOf(local)) {
		return true
	}
	return q.covers(ClockOf(local))
}

func (q Quiet) covers(clock Clock) bool {
	now, from, to := clock.minutes(), q.From.minutes(), q.To.minutes()
	if from <= to {
		return from <= now && now < to
	}
	return now >= from || now < to
}

// NextAllowed returns t when it is not quiet then, else the instant at which what was held goes out: the next Resume, on
// a working day when only those are allowed, or the end of the quiet time.
func (c *Calendar) NextAllowed(q Quiet, t time.Time) time.Time {
	c = c.holding()
	switch {
	case !c.IsQuiet(q, t):
		return t
	case q.Resume != nil && !q.covers(*q.Resume):
		return c.nextResume(q, t)
	}
	return c.quietEnd(q, t)
}

func (c *Calendar) nextResume(q Quiet, t time.Time) time.Time {
	for day := c.Today(t); ; day = day.Add(1) {
		if q.WorkingDaysOnly {
			day = c.NextWorkingDay(day)
		}
		if at := day.At(*q.Resume, c.zone); !at.Before(t) {
			return at
		}
	}
}

func (c *Calendar) quietEnd(q Quiet, t time.Time) time.Time {
	for c.IsQuiet(q, t) {
		day := c.Today(t)
		if q.WorkingDaysOnly && !c.IsWorkingDay(day) {
			t = c.AddWorkingDays(day, 1).At(Clock{}, c.zone)
			continue
		}
		end := day.At(q.To, c.zone)
		if !end.After(t) {
			end = day.Add(1).At(q.To, c.zone)
		}
		t = end
	}
	return t
}
