package calendar

import "time"

// Due is a deadline. With a zero Instant it is a date, good to the end of that day; else it is good up to Instant, and
// Date is the local day of it. The zero value means "no deadline".
type Due struct {
	Date    Date      `json:"date"`
	Instant time.Time `json:"instant,omitzero"`
}

// DueAt returns the deadline at an exact instant.
func (c *Calendar) DueAt(t time.Time) Due { return Due{Date: c.Today(t), Instant: t.In(c.zone)} }

// IsZero says whether there is no deadline.
func (d Due) IsZero() bool { return d.Date.IsZero() && d.Instant.IsZero() }

// IsDate says whether the deadline is a day without a time.
func (d Due) IsDate() bool { return d.Instant.IsZero() && !d.Date.IsZero() }

// Moment returns what reminders treat as the deadline: office end of a date, or the instant itself.
func (c *Calendar) Moment(d Due) time.Time {
	if d.Instant.IsZero() {
		return d.Date.At(c.officeEnd, c.zone)
	}
	return d.Instant
}

// End returns the instant from which the deadline counts as missed: the midnight that ends a date, or the instant.
func (c *Calendar) End(d Due) time.Time {
	if d.Instant.IsZero() {
		return d.Date.Add(1).At(Clock{}, c.zone)
	}
	return d.Instant
}

// Overdue says whether the deadline has been missed at now.
func (c *Calendar) Overdue(d Due, now time.Time) bool { return !now.Before(c.End(d)) }

// WorkingDaysLeft counts the working days after the local day of now up to and including the day of the deadline. Once that
// day is past it is zero or negative: minus the working days since.
func (c *Calendar) WorkingDaysLeft(d Due, now time.Time) int {
	today, day := c.Today(now), c.dayOf(d)
	if day.Before(today) {
		return -c.WorkingDaysBetween(day, today)
	}
	return c.WorkingDaysBetween(today, day)
}

func (c *Calendar) dayOf(d Due) Date {
	if d.Instant.IsZero() {
		return d.Date
	}
	return c.Today(d.Instant)
}
