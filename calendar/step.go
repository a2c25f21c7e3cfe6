package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// StepUnit is what a Step counts.
type StepUnit int

// The units of steps, from the calendar's to the clock's.
const (
	WorkingDays StepUnit = iota
	Days
	Hours
	Minutes
	Seconds
)

// stepUnits gives the letters of each unit; wd stands before d because it ends with it.
var stepUnits = []struct {
	unit    StepUnit
	letters string
	length  time.Duration
}{
	{WorkingDays, "wd", 0},
	{Days, "d", 0},
	{Hours, "h", time.Hour},
	{Minutes, "m", time.Minute},
	{Seconds, "s", time.Second},
}

// longestStep keeps steps within what dates and durations can hold.
const longestStep = 100_000

// Step is one distance of a ladder, such as three working days or thirty minutes. It is written 3wd, 2d, 4h, 30m or 10s.
type Step struct {
	N    int
	Unit StepUnit
}

// ParseStep reads a step as it is written in configuration. Zero is allowed, negative numbers are not.
func ParseStep(s string) (Step, error) {
	for _, u := range stepUnits {
		digits, found := strings.CutSuffix(strings.TrimSpace(s), u.letters)
		if !found {
			continue
		}
		n, err := strconv.ParseUint(digits, 10, 31)
		if err != nil || n > longestStep {
			break
		}
		return Step{N: int(n), Unit: u.unit}, nil
	}
	return Step{}, fmt.Errorf("parse step %q: want a number and wd, d, h, m or s, such as 3wd", s)
}

// String writes the step as ParseStep reads it.
func (s Step) String() string {
	for _, u := range stepUnits {
		if u.unit == s.Unit {
			return strconv.Itoa(s.N) + u.letters
		}
	}
	return strconv.Itoa(s.N) + "?"
}

// MarshalText writes the step as String does; the zero step, which is none at all, as nothing.
func (s Step) MarshalText() ([]byte, error) {
	if s == (Step{}) {
		return nil, nil
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (s *Step) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*s = Step{}
		return nil
	}
	parsed, err := ParseStep(string(text))
	if err != nil {
		return err
	}
	*s = parsed
	return nil
}

// IsDays says whether the step counts days or working days, so that it comes with a time of day of its own.
func (s Step) IsDays() bool { return s.Unit == WorkingDays || s.Unit == Days }

// Length returns the exact length of a step of hours, minutes or seconds, and zero for steps of days.
func (s Step) Length() time.Duration {
	for _, u := range stepUnits {
		if u.unit == s.Unit {
			return time.Duration(s.N) * u.length
		}
	}
	return 0
}

// Before returns the instant s before the deadline. Steps of days lead to that day at the time of day at; working days
// are counted back from the deadline's day, and 0wd is the deadline's day or, when nobody works on it, the last working
// day before. Other steps are exact, counted back from Moment.
func (c *Calendar) Before(d Due, s Step, at Clock) time.Time {
	day := c.dayOf(d)
	switch {
	case s.Unit == Days:
		return day.Add(-s.N).At(at, c.zone)
	case s.Unit == WorkingDays && s.N == 0:
		return c.LastWorkingDay(day).At(at, c.zone)
	case s.Unit == WorkingDays:
		return c.AddWorkingDays(day, -s.N).At(at, c.zone)
	}
	return c.Moment(d).Add(-s.Length())
}

// After returns the instant s after t. Steps of days keep the time of day of t, or take at when it is given; other steps
// are exact.
func (c *Calendar) After(t time.Time, s Step, at *Clock) time.Time {
	if !s.IsDays() {
		return t.Add(s.Length())
	}
	local := t.In(c.zone)
	day := DateOf(local).Add(s.N)
	if s.Unit == WorkingDays {
		day = c.AddWorkingDays(DateOf(local), s.N)
	}
	if at != nil {
		return day.At(*at, c.zone)
	}
	return day.at(local.Hour(), local.Minute(), local.Second(), c.zone)
}
