package month

import (
	"fmt"
	"slices"
	"time"

	"duban"
)

// The arithmetic of this file is on purpose not that of the program: a list of the days off of the two months played, and day by day counting.

// off are the days off in September and October 2026 beside the weekends, worked the weekend days that were worked instead.
var (
	off    = []string{"2026-09-25", "2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"}
	worked = []string{"2026-09-20", "2026-10-10"}
)

func workday(day time.Time) bool {
	name := day.In(zone).Format("2006-01-02")
	if slices.Contains(worked, name) {
		return true
	}
	weekday := day.In(zone).Weekday()
	return weekday != time.Saturday && weekday != time.Sunday && !slices.Contains(off, name)
}

// midnight is the beginning of a day.
func midnight(t time.Time) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// addWorkdays goes so many working days on, or back when n is negative, from a day.
func addWorkdays(day time.Time, n int) time.Time {
	step := 1
	if n < 0 {
		step = -1
	}
	for n != 0 {
		day = day.AddDate(0, 0, step)
		if workday(day) {
			n -= step
		}
	}
	return day
}

// lastWorkday is a day itself, or the last day before it on which anybody works.
func lastWorkday(day time.Time) time.Time {
	for !workday(day) {
		day = day.AddDate(0, 0, -1)
	}
	return day
}

// allowed is when something that is due may be told: at once in waking hours of a working day, else at the next 08:30 of one.
func allowed(t time.Time) time.Time {
	clock := t.In(zone).Sub(midnight(t))
	if workday(t) && clock >= 7*time.Hour && clock < 21*time.Hour {
		return t
	}
	day := midnight(t)
	if !workday(day) || clock >= 21*time.Hour {
		day = addWorkdays(day, 1)
	}
	return day.Add(8*time.Hour + 30*time.Minute)
}

// step is one thing that an item's story calls for.
type step struct {
	kind   duban.RungKind
	moment time.Time
}

func (s step) String() string {
	return fmt.Sprintf("%s of %s", s.kind, s.moment.In(zone).Format("01-02 15:04:05"))
}

// place is with whom an item is.
type place int

const (
	withUnit      place = iota
	withDeciders        // the unit asked for more time, somebody has to answer
	withReviewers       // reported
)

// span is a time in which an item was at one place with one deadline.
type span struct {
	place    place
	from, to time.Time
	deadline time.Time // the moment of reminders: office end of a date
	restart  time.Time // when what follows a missed deadline began anew: at a return, at a refusal
	asked    time.Time // since when a request waits for whoever has to act on it now
	patience int       // working days that they have
	reported time.Time
}

// story is what happened to an item, as the record tells it.
type story struct {
	issued   time.Time
	accepted time.Time // zero: never
	spans    []span
}

func nine(day time.Time) time.Time { return midnight(day).Add(9 * time.Hour) }

// due lists what the standard ladder calls for until an instant. It is told at heard(allowed moment), when the program runs.
func (s story) due(until time.Time, heard func(time.Time) time.Time) []step {
	var all []step
	for _, sp := range s.spans {
		for _, st := range s.ladder(sp) {
			told := heard(allowed(st.moment))
			if st.moment.After(sp.from) && !told.After(sp.to) && !told.After(until) {
				all = append(all, st)
			}
		}
	}
	return all
}

func (s story) ladder(sp span) []step {
	switch sp.place {
	case withReviewers:
		return append(daily(duban.RungReview, sp.reported, 3), step{duban.RungOversight, nine(addWorkdays(midnight(sp.reported), 5))})
	case withDeciders:
		return append(s.reminders(sp), daily(duban.RungRequest, sp.asked, sp.patience)...)
	}
	return append(append(s.reminders(sp), s.nudges(sp)...), s.overdue(sp)...)
}

func daily(kind duban.RungKind, from time.Time, first int) []step {
	var all []step
	for n := first; n < 40; n++ {
		all = append(all, step{kind, nine(addWorkdays(midnight(from), n))})
	}
	return all
}

func (s story) nudges(sp span) []step {
	var all []step
	for _, n := range []int{1, 2} {
		moment := nine(addWorkdays(midnight(s.issued), n))
		if moment.Before(sp.deadline) && (s.accepted.IsZero() || allowed(moment).Before(s.accepted)) {
			all = append(all, step{duban.RungUnsigned, moment})
		}
	}
	return all
}

func (s story) reminders(sp span) []step {
	var all []step
	for _, n := range []int{3, 1, 0} {
		if moment := nine(addWorkdays(lastWorkday(midnight(sp.deadline)), -n)); moment.Before(sp.deadline) && moment.After(s.issued) {
			all = append(all, step{duban.RungBeforeDue, moment})
		}
	}
	return all
}

func (s story) overdue(sp span) []step {
	all := []step{{duban.RungDue, sp.deadline}}
	start := sp.deadline
	if sp.restart.After(start) {
		start = sp.restart
	}
	for n := 1; n < 40; n++ {
		kind := duban.RungRepeat
		if n == 1 {
			kind = duban.RungNotice
		}
		moment := nine(addWorkdays(midnight(start), n))
		all = append(all, step{kind, moment})
		if n == 3 {
			all = append(all, step{duban.RungDraft, moment})
		}
	}
	return all
}
