package calendar

import (
	"slices"
	"sort"
	"time"
)

// OfficeStart is the time of day at which working hours begin unless OpeningAt says otherwise.
var OfficeStart = Clock{Hour: 9}

// The days for which holidays are laid out one by one. Beyond them every week is Monday to Friday.
var (
	firstDay = Date{firstLunarYear, time.January, 1}
	lastDay  = Date{lastLunarYear, time.December, 31}
)

// Calendar answers which days and hours are worked in one organisation. It never changes after New and may be used by
// many goroutines at once.
type Calendar struct {
	zone        *time.Location
	officeStart Clock
	officeEnd   Clock
	first       int            // the day number of entry 0 below
	off         []bool         // whether the day is free
	worked      []int32        // working days from the first day up to and including this one
	marks       map[Date]Day   // what is said of single days, by notices, by law or by corrections
	noticed     map[int]string // the notice of each year that has one
}

// New returns the calendar of an organisation in zone whose office closes at officeEnd. It knows the shipped notices;
// extra years are laid over them in order, and a year without any notice counts as provisional, with its statutory days.
func New(zone *time.Location, officeEnd Clock, extra ...Year) *Calendar {
	c := &Calendar{
		zone: zone, officeStart: OfficeStart, officeEnd: officeEnd,
		first: firstDay.number(), marks: map[Date]Day{}, noticed: map[int]string{},
	}
	arrangements := map[int]Year{}
	var corrections []Year
	for _, year := range append(ShippedYears(), extra...) {
		if year.Notice == "" {
			corrections = append(corrections, year)
			continue
		}
		arrangements[year.Year] = year
		c.noticed[year.Year] = year.Notice
	}
	c.layOut(arrangements, corrections)
	return c
}

// OpeningAt returns the same calendar with working hours that begin at start.
func (c *Calendar) OpeningAt(start Clock) *Calendar {
	copied := *c
	copied.officeStart = start
	return &copied
}

func (c *Calendar) layOut(arrangements map[int]Year, corrections []Year) {
	size := lastDay.number() - c.first + 1
	c.off, c.worked = make([]bool, size), make([]int32, size)
	for i := range size {
		c.off[i] = isWeekend(weekdayOf(c.first + i))
	}
	for year := firstDay.Year; year <= lastDay.Year; year++ {
		if arranged, ok := arrangements[year]; ok {
			c.mark(arranged)
			continue
		}
		c.mark(Year{Year: year, Days: StatutoryDays(year)})
	}
	for _, year := range corrections {
		c.mark(year)
	}
	total := int32(0)
	for i := range size {
		if !c.off[i] {
			total++
		}
		c.worked[i] = total
	}
}

func (c *Calendar) mark(year Year) {
	for _, day := range year.Days {
		for n := max(day.From.number(), c.first); n <= min(day.last().number(), lastDay.number()); n++ {
			c.off[n-c.first] = day.Off
			source := day.Source
			if source == "" {
				source = year.Notice
			}
			date := dateOfNumber(n)
			c.marks[date] = Day{Name: day.Name, From: date, Off: day.Off, Source: source}
		}
	}
}

// Zone returns the organisation's time zone.
func (c *Calendar) Zone() *time.Location { return c.zone }

// OfficeEnd returns the time of day at which the office closes.
func (c *Calendar) OfficeEnd() Clock { return c.officeEnd }

// Today returns the local day of now.
func (c *Calendar) Today(now time.Time) Date { return DateOf(now.In(c.zone)) }

// IsWorkingDay says whether people work on d: Monday to Friday except holidays, and make-up days on a weekend.
func (c *Calendar) IsWorkingDay(d Date) bool {
	n := d.number() - c.first
	if n < 0 || n >= len(c.off) {
		return !isWeekend(d.Weekday())
	}
	return !c.off[n]
}

// IsProvisional says whether the year of d has no notice yet, so that only its statutory days are known.
func (c *Calendar) IsProvisional(d Date) bool {
	_, ok := c.noticed[d.Year]
	return !ok
}

// Mark returns what a notice, the law or a correction says of d by name. It returns false for ordinary days.
func (c *Calendar) Mark(d Date) (Day, bool) {
	day, ok := c.marks[d]
	return day, ok
}

// LastNotice returns the latest year that has a notice.
func (c *Calendar) LastNotice() int {
	years := make([]int, 0, len(c.noticed))
	for year := range c.noticed {
		years = append(years, year)
	}
	return slices.Max(years)
}

// NextYearMissing says whether administrators are to be reminded at now: it is December and the year to come has no
// notice. The year is returned in either case.
func (c *Calendar) NextYearMissing(now time.Time) (year int, missing bool) {
	today := c.Today(now)
	next := Date{Year: today.Year + 1, Month: time.January, Day: 1}
	return next.Year, today.Month == time.December && c.IsProvisional(next)
}

// AddWorkingDays returns the n-th working day after d, or before d when n is negative. The day d itself is not counted,
// whether it is worked or not; with n = 0 it comes back as it is.
func (c *Calendar) AddWorkingDays(d Date, n int) Date {
	start := d.number()
	switch {
	case n > 0:
		return dateOfNumber(c.dayWithCount(start, c.count(start)+n))
	case n < 0:
		return dateOfNumber(c.dayWithCount(start, c.count(start-1)+n+1))
	}
	return d
}

// WorkingDaysBetween counts the working days after from up to and including to. When to is earlier, it counts those from
// to on and before from, and the result is negative.
func (c *Calendar) WorkingDaysBetween(from, to Date) int {
	if to.Before(from) {
		return c.count(to.number()-1) - c.count(from.number()-1)
	}
	return c.count(to.number()) - c.count(from.number())
}

// NextWorkingDay returns d when it is worked, else the next day that is.
func (c *Calendar) NextWorkingDay(d Date) Date {
	if c.IsWorkingDay(d) {
		return d
	}
	return c.AddWorkingDays(d, 1)
}

// LastWorkingDay returns d when it is worked, else the last day before it that is.
func (c *Calendar) LastWorkingDay(d Date) Date {
	if c.IsWorkingDay(d) {
		return d
	}
	return c.AddWorkingDays(d, -1)
}

// count returns a number of working days up to and including day n, from an origin of its own.
func (c *Calendar) count(n int) int {
	i := n - c.first
	switch {
	case i < 0:
		return weekdaysUpTo(n) - weekdaysUpTo(c.first-1)
	case i >= len(c.worked):
		last := len(c.worked) - 1
		return int(c.worked[last]) + weekdaysUpTo(n) - weekdaysUpTo(c.first+last)
	}
	return int(c.worked[i])
}

// dayWithCount returns the first day whose count is at least wanted, which is a working day.
func (c *Calendar) dayWithCount(near, wanted int) int {
	reach := 8
	for c.count(near-reach) >= wanted {
		reach *= 2
	}
	low := near - reach
	for c.count(near+reach) < wanted {
		reach *= 2
	}
	high := near + reach
	return low + sort.Search(high-low, func(i int) bool { return c.count(low+i) >= wanted })
}

// weekdaysUpTo counts Mondays to Fridays up to and including day n, from a fixed Monday.
func weekdaysUpTo(n int) int {
	const monday = 4 // 1970-01-05
	weeks := floorDiv(n-monday, 7)
	return weeks*5 + min(n-monday-weeks*7+1, 5)
}

func isWeekend(day time.Weekday) bool { return day == time.Saturday || day == time.Sunday }
