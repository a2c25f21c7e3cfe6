package calendar

import "time"

// WorkingTime returns the office time that lies between from and to, negative when to is earlier: the hours from the
// start to the end of the office, on working days.
func (c *Calendar) WorkingTime(from, to time.Time) time.Duration {
	c = c.holding()
	if to.Before(from) {
		return -c.WorkingTime(to, from)
	}
	first, last := c.Today(from), c.Today(to)
	if first == last {
		return c.officeTime(first, from, to)
	}
	_, firstEnd := c.officeHours(first)
	lastStart, _ := c.officeHours(last)
	whole := c.WorkingDaysBetween(first, last.Add(-1))
	return c.officeTime(first, from, firstEnd) + time.Duration(whole)*c.workingDay() + c.officeTime(last, lastStart, to)
}

// AddWorkingTime returns the instant at which d of office time has passed since from. A negative d goes back. Zero gives
// from itself.
func (c *Calendar) AddWorkingTime(from time.Time, d time.Duration) time.Time {
	c = c.holding()
	switch {
	case d == 0 || c.workingDay() <= 0:
		return from
	case d < 0:
		return c.subtractWorkingTime(from, -d)
	}
	day := c.Today(from)
	_, end := c.officeHours(day)
	if left := c.officeTime(day, from, end); d <= left {
		return later(from, c.opening(day)).Add(d)
	} else {
		d -= left
	}
	whole := int((d - 1) / c.workingDay())
	day = c.AddWorkingDays(day, whole+1)
	return c.opening(day).Add(d - time.Duration(whole)*c.workingDay())
}

func (c *Calendar) subtractWorkingTime(from time.Time, d time.Duration) time.Time {
	day := c.Today(from)
	start, end := c.officeHours(day)
	if passed := c.officeTime(day, start, from); d <= passed {
		return earlier(from, end).Add(-d)
	} else {
		d -= passed
	}
	whole := int((d - 1) / c.workingDay())
	day = c.AddWorkingDays(day, -whole-1)
	_, end = c.officeHours(day)
	return end.Add(-(d - time.Duration(whole)*c.workingDay()))
}

// officeTime returns how much of the time between from and to, both on day, is worked.
func (c *Calendar) officeTime(day Date, from, to time.Time) time.Duration {
	if !c.IsWorkingDay(day) {
		return 0
	}
	start, end := c.officeHours(day)
	return max(0, earlier(to, end).Sub(later(from, start)))
}

func (c *Calendar) officeHours(day Date) (start, end time.Time) {
	return day.At(officeStart, c.zone), day.At(c.officeEnd, c.zone)
}

func (c *Calendar) opening(day Date) time.Time { return day.At(officeStart, c.zone) }

func (c *Calendar) workingDay() time.Duration {
	return max(0, time.Duration(c.officeEnd.minutes()-officeStart.minutes())*time.Minute)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
