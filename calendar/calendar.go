package calendar

import (
	"sync/atomic"
	"time"
)

// officeStart is the time of day at which working hours begin.
var officeStart = Clock{Hour: 9}

// Calendar answers which days and hours are worked in one organisation. It may be used by many goroutines at once, also while
// Learn gives it other days.
type Calendar struct {
	zone      *time.Location
	officeEnd Clock
	known     *atomic.Pointer[table] // shared by all copies, so that what one learns the others know
	held      *table                 // of a copy that answers one question by one table; nil: what is known at the moment
}

// New returns the calendar of an organisation in zone whose office closes at officeEnd. It knows the shipped notices;
// extra years are laid over them in order, and a year without any notice counts as provisional, with its statutory days.
func New(zone *time.Location, officeEnd Clock, extra ...Year) *Calendar {
	c := &Calendar{zone: zone, officeEnd: officeEnd, known: &atomic.Pointer[table]{}}
	c.known.Store(newTable(extra))
	return c
}

// Learn replaces everything that was added to the shipped notices by these years, as New takes them, and reports whether
// that is anything new. Each question is answered by the days from before or from after, never by a mix; but answers given
// before may be other ones now, so whoever keeps any has to ask again when Edition has changed.
func (c *Calendar) Learn(extra ...Year) bool {
	next := newTable(extra)
	return c.known.Swap(next).edition != next.edition
}

// Edition names the days that the calendar knows at the moment: two calendars of one edition give the same answers for the
// same office hours and zone, also after a restart.
func (c *Calendar) Edition() string { return c.days().edition }

// days returns the table to answer by.
func (c *Calendar) days() *table {
	if c.held != nil {
		return c.held
	}
	return c.known.Load()
}

// holding returns a copy that answers by what is known at the moment, whatever is learnt meanwhile. Answers for which the
// days are looked at more than once are given by it.
func (c *Calendar) holding() *Calendar {
	if c.held != nil {
		return c
	}
	copied := *c
	copied.held = c.known.Load()
	return &copied
}

// Zone returns the organisation's time zone.
func (c *Calendar) Zone() *time.Location { return c.zone }

// OfficeEnd returns the time of day at which the office closes.
func (c *Calendar) OfficeEnd() Clock { return c.officeEnd }

// Today returns the local day of now.
func (c *Calendar) Today(now time.Time) Date { return DateOf(now.In(c.zone)) }

// IsWorkingDay says whether people work on d: Monday to Friday except holidays, and make-up days on a weekend.
func (c *Calendar) IsWorkingDay(d Date) bool { return c.days().isWorkingDay(d) }

// IsProvisional says whether the year of d has no notice yet, so that only its statutory days are known.
func (c *Calendar) IsProvisional(d Date) bool {
	_, ok := c.days().noticed[d.Year]
	return !ok
}

// Mark returns what a notice, the law or a correction says of d by name. It returns false for ordinary days.
func (c *Calendar) Mark(d Date) (Day, bool) {
	day, ok := c.days().marks[d]
	return day, ok
}

// Notice returns the title of the notice that a year follows. It returns false for a provisional year.
func (c *Calendar) Notice(year int) (string, bool) {
	title, ok := c.days().noticed[year]
	return title, ok
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
func (c *Calendar) AddWorkingDays(d Date, n int) Date { return c.days().add(d, n) }

// WorkingDaysBetween counts the working days after from up to and including to. When to is earlier, it counts those from
// to on and before from, and the result is negative.
func (c *Calendar) WorkingDaysBetween(from, to Date) int { return c.days().between(from, to) }

// NextWorkingDay returns d when it is worked, else the next day that is.
func (c *Calendar) NextWorkingDay(d Date) Date {
	days := c.days()
	if days.isWorkingDay(d) {
		return d
	}
	return days.add(d, 1)
}

// LastWorkingDay returns d when it is worked, else the last day before it that is.
func (c *Calendar) LastWorkingDay(d Date) Date {
	days := c.days()
	if days.isWorkingDay(d) {
		return d
	}
	return days.add(d, -1)
}
