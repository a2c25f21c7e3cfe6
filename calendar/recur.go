package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Occurrence is one time at which a rule comes due. Key names it for good: it is the same whenever and wherever it is
// computed, also after the calendar moved the day, and no other occurrence of any rule has it.
type Occurrence struct {
	Key string
	Due Due
}

// longestSearch bounds the periods looked at for the next occurrence, so that no rule can hang: a yearly rule whose fifth
// Friday or 29 February is far away comes well within it.
const longestSearch = 10_000

// latestYear is the last year in which occurrences are looked for.
const latestYear = 9000

// Next returns the first occurrence of the rule that is still ahead at after: an instant later than it, or a day that has
// not ended. It returns false for a rule that never comes due. Passing the End of an occurrence gives the one behind it.
func (c *Calendar) Next(r Rule, after time.Time) (Occurrence, bool) {
	c = c.holding()
	if r.Check() != nil || after.Year() > latestYear {
		return Occurrence{}, false
	}
	if r.Every == EveryCron {
		return c.nextCron(r, after)
	}
	return c.nextInPeriods(r, after)
}

// Between returns the occurrences that lie after from and not after to, oldest first, at most limit of them.
func (c *Calendar) Between(r Rule, from, to time.Time, limit int) []Occurrence {
	c = c.holding()
	var found []Occurrence
	for len(found) < limit {
		next, ok := c.Next(r, from)
		if !ok || c.End(next.Due).After(to) {
			break
		}
		found = append(found, next)
		from = c.End(next.Due)
	}
	return found
}

func (c *Calendar) nextCron(r Rule, after time.Time) (Occurrence, bool) {
	schedule, err := parseCron(r.Cron)
	if err != nil {
		return Occurrence{}, false
	}
	local := after.In(c.zone)
	wall := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, time.UTC)
	for {
		wall = nextWall(schedule, wall)
		if wall.IsZero() || wall.Year() > latestYear {
			return Occurrence{}, false
		}
		day := DateOf(wall)
		if at := day.At(ClockOf(wall), c.zone); at.After(after) && c.hasDay(day) {
			return Occurrence{Key: r.String() + "@" + wall.Format("2006-01-02T15:04"), Due: c.DueAt(at)}, true
		}
	}
}

func (c *Calendar) nextInPeriods(r Rule, after time.Time) (Occurrence, bool) {
	name := r.String()
	start := r.periodOf(c.Today(after).Add(-r.reach()))
	for range longestSearch {
		if r.counts(start) {
			for _, pick := range c.picksIn(r, start) {
				due, exists := c.dueOn(r, c.shifted(r.Shift, pick.day))
				if exists && c.End(due).After(after) {
					return Occurrence{Key: name + "@" + pick.key, Due: due}, true
				}
			}
		}
		if start = r.periodAfter(start); start.Year > latestYear {
			break
		}
	}
	return Occurrence{}, false
}

// reach is how many days an occurrence may lie from the day it was picked for.
func (r Rule) reach() int {
	if r.Shift == NoShift {
		return 1
	}
	return longestHoliday
}

// longestHoliday is more than any run of days off, over which an occurrence can be shifted into another period.
const longestHoliday = 20

// hasDay says whether the zone ever had that day: some skipped a date when they moved over the date line.
func (c *Calendar) hasDay(day Date) bool { return c.Today(day.At(Clock{}, c.zone)) == day }

// dueOn returns the occurrence on a day, and false for a day that the zone never had.
func (c *Calendar) dueOn(r Rule, day Date) (Due, bool) {
	if !c.hasDay(day) {
		return Due{}, false
	}
	if r.At == nil {
		return Due{Date: day}, true
	}
	return c.DueAt(day.At(*r.At, c.zone)), true
}

func (c *Calendar) shifted(shift Shift, day Date) Date {
	switch shift {
	case ShiftBefore:
		return c.LastWorkingDay(day)
	case ShiftAfter:
		return c.NextWorkingDay(day)
	}
	return day
}

// pick is a day chosen within a period, before any shift, with what names it in a key: the day itself where the calendar
// cannot move it, else the period and the count.
type pick struct {
	key string
	day Date
}

// picksIn returns the rule's days in the period that begins at start, in order.
func (c *Calendar) picksIn(r Rule, start Date) []pick {
	switch {
	case r.Every == EveryDay:
		return []pick{{start.String(), start}}
	case r.Every == EveryWorkingDay:
		if !c.IsWorkingDay(start) {
			return nil
		}
		return []pick{{start.String(), start}}
	case r.WorkingDay != 0 || r.LastWorkingDays != 0:
		return c.workingPicks(r, start)
	case r.Nth != 0:
		return nthWeekday(start, r.Weekdays[0], r.Nth)
	case len(r.Weekdays) > 0:
		return weekdayPicks(start, r.Weekdays)
	}
	return dayPicks(r, start)
}

func (c *Calendar) workingPicks(r Rule, start Date) []pick {
	end := r.periodAfter(start)
	numbers := []int{r.WorkingDay}
	if r.LastWorkingDays > 0 {
		numbers = numbers[:0]
		for n := -r.LastWorkingDays; n < 0; n++ {
			numbers = append(numbers, n)
		}
	}
	var picks []pick
	for _, n := range numbers {
		day := c.AddWorkingDays(end, n)
		if n > 0 {
			day = c.AddWorkingDays(start.Add(-1), n)
		}
		if day.Before(start) || !day.Before(end) {
			continue
		}
		picks = append(picks, pick{fmt.Sprintf("%s#%d", start, n), day})
	}
	return picks
}

func nthWeekday(start Date, weekday time.Weekday, n int) []pick {
	day := start.Add((int(weekday-start.Weekday()) + 7) % 7).Add(7 * (n - 1))
	if n < 0 {
		last := monthEnd(start.Year, start.Month)
		day = last.Add(-((int(last.Weekday()-weekday) + 7) % 7)).Add(7 * (n + 1))
	}
	if day.Month != start.Month {
		return nil
	}
	return []pick{{day.String(), day}}
}

func weekdayPicks(monday Date, weekdays []time.Weekday) []pick {
	picks := make([]pick, 0, len(weekdays))
	for _, weekday := range weekdays {
		day := monday.Add((int(weekday) + 6) % 7)
		picks = append(picks, pick{day.String(), day})
	}
	return inOrder(picks)
}

func dayPicks(r Rule, start Date) []pick {
	month := Date{Year: start.Year, Month: start.Month + time.Month(max(r.Month, 1)-1), Day: 1}
	picks := make([]pick, 0, len(r.Days))
	for _, n := range r.Days {
		day := monthEnd(month.Year, month.Month)
		if n != LastDay {
			day = clampedDate(month.Year, month.Month, n)
		}
		picks = append(picks, pick{day.String(), day})
	}
	return inOrder(picks)
}

func inOrder(picks []pick) []pick {
	slices.SortFunc(picks, func(a, b pick) int { return cmp.Or(a.day.Compare(b.day), cmp.Compare(a.key, b.key)) })
	return slices.Compact(picks)
}

// periodOf returns the first day of the period that d lies in.
func (r Rule) periodOf(d Date) Date {
	switch r.Every {
	case EveryWeek:
		return monday(d)
	case EveryMonth:
		return Date{d.Year, d.Month, 1}
	case EveryQuarter:
		return Date{d.Year, (d.Month-1)/3*3 + 1, 1}
	case EveryYear:
		return Date{d.Year, time.January, 1}
	}
	return d
}

func (r Rule) periodAfter(start Date) Date {
	switch r.Every {
	case EveryWeek:
		return start.Add(7)
	case EveryMonth:
		return start.AddMonths(1)
	case EveryQuarter:
		return start.AddMonths(3)
	case EveryYear:
		return start.AddMonths(12)
	}
	return start.Add(1)
}

// counts says whether the period that begins at start is among every Interval of them.
func (r Rule) counts(start Date) bool {
	if r.Interval <= 1 {
		return true
	}
	anchor := r.periodOf(r.Anchor)
	apart := anchor.DaysUntil(start)
	switch r.Every {
	case EveryWeek:
		apart /= 7
	case EveryMonth, EveryQuarter, EveryYear:
		apart = (start.Year-anchor.Year)*12 + int(start.Month-anchor.Month)
		apart /= map[Period]int{EveryMonth: 1, EveryQuarter: 3, EveryYear: 12}[r.Every]
	}
	return apart%r.Interval == 0
}

func monday(d Date) Date { return d.Add(-((int(d.Weekday()) + 6) % 7)) }
