package calendar

import "time"

// ShareLeft returns how much of the working time between issue and the deadline is left at now, from 1 at issue to 0 at
// the deadline's moment. A span without working time counts by the clock.
func (c *Calendar) ShareLeft(issued time.Time, d Due, now time.Time) float64 {
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
	day := c.dayOf(d)
	number := day.number()
	return dateOfNumber(c.dayWithCount(number, c.count(number)-n)).At(Clock{}, c.zone)
}

// Vacation is a stretch of days on which a school is closed to its pupils, while the office may work. It moves no
// deadline; it is there to warn whoever sets one inside and to lower reminders.
type Vacation struct {
	Name string `json:"name"`
	From Date   `json:"from"`
	To   Date   `json:"to"`
}

// Vacations are the vacations of one unit.
type Vacations []Vacation

// On returns the vacation that d falls into. It returns false for days of term.
func (v Vacations) On(d Date) (Vacation, bool) {
	for _, vacation := range v {
		if !d.Before(vacation.From) && !d.After(vacation.To) {
			return vacation, true
		}
	}
	return Vacation{}, false
}

// After returns the vacation that begins first after d. It returns false when none is known.
func (v Vacations) After(d Date) (Vacation, bool) {
	var next Vacation
	for _, vacation := range v {
		if vacation.From.After(d) && (next.From.IsZero() || vacation.From.Before(next.From)) {
			next = vacation
		}
	}
	return next, !next.From.IsZero()
}
