package calendar

import (
	"fmt"
	"time"
)

// Clock is a time of day to the minute, as a wall clock shows it. The zero value is midnight at the start of the day.
type Clock struct {
	Hour, Minute int
}

// ParseClock reads a time of day written as 18:00 or 8:30, from 00:00 to 23:59.
func ParseClock(s string) (Clock, error) {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return Clock{}, fmt.Errorf("parse time of day %q: want HH:MM", s)
	}
	return Clock{Hour: t.Hour(), Minute: t.Minute()}, nil
}

// ClockOf returns the time of day that t shows in its own zone; seconds are dropped.
func ClockOf(t time.Time) Clock { return Clock{Hour: t.Hour(), Minute: t.Minute()} }

// String writes the time of day as 18:00.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c.Hour, c.Minute) }

// MarshalText writes the time of day as String does.
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what ParseClock reads.
func (c *Clock) UnmarshalText(text []byte) error {
	parsed, err := ParseClock(string(text))
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}

// Before says whether c is earlier in the day than other.
func (c Clock) Before(other Clock) bool { return c.minutes() < other.minutes() }

// After says whether c is later in the day than other.
func (c Clock) After(other Clock) bool { return c.minutes() > other.minutes() }

func (c Clock) minutes() int { return c.Hour*60 + c.Minute }
