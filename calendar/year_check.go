package calendar

import (
	"maps"
	"slices"
	"time"
)

// ProblemKind names what looks wrong about a year.
type ProblemKind string

// The kinds of problems.
const (
	ProblemNoYear   ProblemKind = "no_year"         // it does not say which year it is about
	ProblemNoDays   ProblemKind = "no_days"         // it names no day at all
	ProblemWeekday  ProblemKind = "weekday"         // the date does not have the day of the week that is given
	ProblemWorked   ProblemKind = "worked_weekday"  // a make-up day that is no weekend
	ProblemOutside  ProblemKind = "outside_year"    // a day outside the year and the December before
	ProblemTwice    ProblemKind = "twice"           // a day that is both off and worked
	ProblemMissing  ProblemKind = "missing_holiday" // a holiday of the law on which people would work
	ProblemTooLong  ProblemKind = "too_long"        // a range of days off longer than any notice had
	ProblemBackward ProblemKind = "backward"        // a range that ends before it begins
)

// Problem is something that a person should look at before a year is taken over.
type Problem struct {
	Kind ProblemKind `json:"kind"`
	Date Date        `json:"date,omitzero"`
	Name string      `json:"name,omitempty"`
}

const (
	longestRange = 16   // longer than any run of days off in a notice
	presentLaw   = 2025 // the first year of the law whose holidays StatutoryDays gives
	longestEntry = 366  // how much of a range is looked at
)

// Problems checks a year against itself, the week and the law.
func (y Year) Problems() []Problem {
	if len(y.Days) == 0 {
		return []Problem{{Kind: ProblemNoDays}}
	}
	var problems []Problem
	off := map[Date]bool{}
	for _, day := range y.Days {
		if kind := y.problemOf(day); kind != "" {
			problems = append(problems, Problem{kind, day.From, day.Name})
		}
		for _, single := range day.single() {
			if before, known := off[single.From]; known && before != day.Off {
				problems = append(problems, Problem{ProblemTwice, single.From, day.Name})
			}
			off[single.From] = day.Off
		}
	}
	if y.Notice == "" || y.Year < presentLaw {
		return problems
	}
	return append(problems, y.missingHolidays(off)...)
}

func (y Year) problemOf(day Day) ProblemKind {
	from, to := day.From, day.last()
	switch {
	case to.Before(from):
		return ProblemBackward
	case from.Before(Date{y.Year - 1, time.December, 1}) || to.After(Date{y.Year, time.December, 31}):
		return ProblemOutside
	case from.DaysUntil(to) >= longestRange:
		return ProblemTooLong
	case !day.Off && day.To.IsZero() && !isWeekend(from.Weekday()):
		return ProblemWorked
	}
	return ""
}

func (y Year) missingHolidays(off map[Date]bool) []Problem {
	var problems []Problem
	for _, holiday := range StatutoryDays(y.Year) {
		for _, single := range holiday.single() {
			isOff, known := off[single.From]
			if isOff || !known && isWeekend(single.From.Weekday()) {
				continue
			}
			problems = append(problems, Problem{ProblemMissing, single.From, holiday.Name})
		}
	}
	return problems
}

// single returns a range as one entry a day.
func (d Day) single() []Day {
	var days []Day
	for date := d.From; !date.After(d.last()) && len(days) < longestEntry; date = date.Add(1) {
		days = append(days, Day{Name: d.Name, From: date, Off: d.Off, Source: d.Source})
	}
	return days
}

// MonthPreview is what a year says of one month, for a person to compare with the notice.
type MonthPreview struct {
	First Date  `json:"first"` // the first day of the month
	Off   []Day `json:"off,omitempty"`
	Work  []Day `json:"work,omitempty"`
}

// Preview lists month by month the single days that the year says something of, in order.
func (y Year) Preview() []MonthPreview {
	months := map[Date]MonthPreview{}
	for _, day := range y.Days {
		for _, single := range day.single() {
			first := firstOfMonth(single.From)
			month := months[first]
			month.First = first
			if single.Off {
				month.Off = append(month.Off, single)
			} else {
				month.Work = append(month.Work, single)
			}
			months[first] = month
		}
	}
	preview := slices.SortedFunc(maps.Values(months), func(a, b MonthPreview) int { return a.First.Compare(b.First) })
	byDate := func(a, b Day) int { return a.From.Compare(b.From) }
	for _, month := range preview {
		slices.SortFunc(month.Off, byDate)
		slices.SortFunc(month.Work, byDate)
	}
	return preview
}
