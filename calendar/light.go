package calendar

import "time"

// ShareLeft returns how much of the working time between issue and the deadline is left at now, from 1 at issue to 0 at
// the deadline's moment. A span without working time counts by the clock.
func (c *Calendar) ShareLeft(issued time.Time, d Due, now time.Time) float64 {
	c = c.holding()
	end := c.Moment(d)
	switch {
	case !now.Before(end):
		return 0
	case !now.After(issued):
		return 1
	}
	whole := c.WorkingTime(issued, end)
	if whole <= 0 {
		return float64(end.Sub(now)) / float64(end.Sub(issued))
	}
	return float64(c.WorkingTime(now, end)) / float64(whole)
}

// WhenShareLeft returns the instant at which no more than share (0 to 1) of the working time between issue and the deadline
// is left.
func (c *Calendar) WhenShareLeft(issued time.Time, d Due, share float64) time.Time {
	c = c.holding()
	end := c.Moment(d)
	share = min(max(share, 0), 1)
	whole := c.WorkingTime(issued, end)
	if whole <= 0 {
		return end.Add(-time.Duration(share * float64(end.Sub(issued))))
	}
	return c.AddWorkingTime(end, -time.Duration(share*float64(whole)))
}

// WhenDaysLeft returns the midnight from which no more than n working days are left until the deadline.
func (c *Calendar) WhenDaysLeft(d Due, n int) time.Time {
	days, number := c.days(), c.dayOf(d).number()
	return dateOfNumber(days.dayWithCount(number, days.count(number)-n)).At(Clock{}, c.zone)
}
