package calendar

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a day of the civil calendar, without a time of day and without a zone. The zero value means "no date".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

const isoDate = "2006-01-02"

// DateOf returns the day that t falls on in t's own zone.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{Year: year, Month: month, Day: day}
}

// ParseDate reads a date written as 2006-01-02 and refuses days that do not exist, such as 2026-02-30.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(isoDate, s)
	if err != nil {
		return Date{}, fmt.Errorf("parse date %q: want YYYY-MM-DD", s)
	}
	return DateOf(t), nil
}

// String writes the date as 2006-01-02; the zero date is the empty string.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalText writes the date as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// IsZero says whether d means "no date".
func (d Date) IsZero() bool { return d == Date{} }

// Valid says whether d is a day that exists.
func (d Date) Valid() bool {
	return d.Month >= time.January && d.Month <= time.December && d.Day >= 1 && d.Day <= daysIn(d.Year, d.Month)
}

// Add returns the day n days later, or earlier when n is negative.
func (d Date) Add(n int) Date { return dateOfNumber(d.number() + n) }

// AddMonths returns the same day of the month n months later; where that month is too short, its last day.
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	return clampedDate(first.Year(), first.Month(), d.Day)
}

// Compare returns -1, 0 or 1 as d is before, equal to or after other.
func (d Date) Compare(other Date) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}

// Before says whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After says whether d is a later day than other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// DaysUntil returns the number of days from d to other, negative when other is earlier.
func (d Date) DaysUntil(other Date) int { return other.number() - d.number() }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return weekdayOf(d.number()) }

// At returns the instant at which a wall clock in zone shows this day and clock. Where clocks are put forward over it,
// that is the first instant after the gap; where they are put back and show it twice, it is the first of the two.
func (d Date) At(clock Clock, zone *time.Location) time.Time {
	return d.at(clock.Hour, clock.Minute, 0, zone)
}

func (d Date) at(hour, minute, second int, zone *time.Location) time.Time {
	guess := time.Date(d.Year, d.Month, d.Day, hour, minute, second, 0, zone)
	wall := time.Date(d.Year, d.Month, d.Day, hour, minute, second, 0, time.UTC).Unix()
	start, end := guess.ZoneBounds()
	var edges []time.Time
	if !start.IsZero() {
		edges = append(edges, start)
	}
	if !end.IsZero() {
		edges = append(edges, end)
	}
	return earliestShowing(wall, guess, edges)
}

// earliestShowing returns the first instant whose wall clock shows wall (in seconds, as if in UTC), looking at the
// offsets of guess and of the neighbours beyond its zone's edges; without one, the edge that jumps over it.
func earliestShowing(wall int64, guess time.Time, edges []time.Time) time.Time {
	zone := guess.Location()
	var found time.Time
	consider := func(offset int) {
		t := time.Unix(wall-int64(offset), 0).In(zone)
		if _, actual := t.Zone(); actual == offset && (found.IsZero() || t.Before(found)) {
			found = t
		}
	}
	_, offset := guess.Zone()
	consider(offset)
	for _, edge := range edges {
		before, after := offsetsAround(edge)
		consider(before)
		consider(after)
	}
	if !found.IsZero() {
		return found
	}
	for _, edge := range edges {
		before, after := offsetsAround(edge)
		if edge.Unix()+int64(before) <= wall && wall < edge.Unix()+int64(after) {
			return edge.In(zone)
		}
	}
	return guess
}

func offsetsAround(edge time.Time) (before, after int) {
	_, before = edge.Add(-time.Second).Zone()
	_, after = edge.Zone()
	return before, after
}

// number counts days since 1970-01-01 in the proleptic Gregorian calendar.
func (d Date) number() int {
	year, month := d.Year, int(d.Month)
	if month <= 2 {
		year--
		month += 12
	}
	era := floorDiv(year, 400)
	yearOfEra := year - era*400
	dayOfYear := (153*(month-3)+2)/5 + d.Day - 1
	return era*146097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - 719468
}

func dateOfNumber(n int) Date {
	n += 719468
	era := floorDiv(n, 146097)
	dayOfEra := n - era*146097
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shifted := (5*dayOfYear + 2) / 153
	day := dayOfYear - (153*shifted+2)/5 + 1
	year, month := yearOfEra+era*400, shifted+3
	if month > 12 {
		year++
		month -= 12
	}
	return Date{Year: year, Month: time.Month(month), Day: day}
}

func weekdayOf(n int) time.Weekday { return time.Weekday(((n+4)%7 + 7) % 7) }

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func clampedDate(year int, month time.Month, day int) Date {
	return Date{Year: year, Month: month, Day: min(day, daysIn(year, month))}
}

func monthEnd(year int, month time.Month) Date {
	return Date{Year: year, Month: month, Day: daysIn(year, month)}
}
