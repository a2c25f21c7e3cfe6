package calendar

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"sort"
	"time"
)

// The days for which holidays are laid out one by one. Beyond them every week is Monday to Friday.
var (
	firstDay = Date{firstLunarYear, time.January, 1}
	lastDay  = Date{lastLunarYear, time.December, 31}
)

// table is what is known of every single day. It never changes once it is made.
type table struct {
	edition string
	first   int            // the day number of entry 0 below
	off     []bool         // whether the day is free
	worked  []int32        // working days from the first day up to and including this one
	marks   map[Date]Day   // what is said of single days, by notices, by law or by corrections
	noticed map[int]string // the notice of each year that has one
}

// newTable lays the shipped notices out and the extra years over them, in order. Single corrections come last, whatever
// their place.
func newTable(extra []Year) *table {
	t := &table{edition: editionOf(extra), first: firstDay.number(), marks: map[Date]Day{}, noticed: map[int]string{}}
	arrangements := map[int]Year{}
	var corrections []Year
	for _, year := range append(ShippedYears(), extra...) {
		if year.Notice == "" {
			corrections = append(corrections, year)
			continue
		}
		arrangements[year.Year] = year
		t.noticed[year.Year] = year.Notice
	}
	t.layOut(arrangements, corrections)
	return t
}

// editionOf names what was shipped together with what was added.
func editionOf(extra []Year) string {
	added, err := json.Marshal(extra)
	if err != nil {
		panic(fmt.Sprintf("years to add: %v", err))
	}
	return fmt.Sprintf("%x", sha256.Sum256(append(added, shippedNotices...)))[:16]
}

func (t *table) layOut(arrangements map[int]Year, corrections []Year) {
	size := lastDay.number() - t.first + 1
	t.off, t.worked = make([]bool, size), make([]int32, size)
	for i := range size {
		t.off[i] = isWeekend(weekdayOf(t.first + i))
	}
	for year := firstDay.Year; year <= lastDay.Year; year++ {
		if arranged, ok := arrangements[year]; ok {
			t.mark(arranged)
			continue
		}
		t.mark(Year{Year: year, Days: StatutoryDays(year)})
	}
	for _, year := range corrections {
		t.mark(year)
	}
	total := int32(0)
	for i := range size {
		if !t.off[i] {
			total++
		}
		t.worked[i] = total
	}
}

func (t *table) mark(year Year) {
	for _, day := range year.Days {
		for n := max(day.From.number(), t.first); n <= min(day.last().number(), lastDay.number()); n++ {
			t.off[n-t.first] = day.Off
			source := day.Source
			if source == "" {
				source = year.Notice
			}
			date := dateOfNumber(n)
			t.marks[date] = Day{Name: day.Name, From: date, Off: day.Off, Source: source}
		}
	}
}

func (t *table) isWorkingDay(d Date) bool {
	n := d.number() - t.first
	if n < 0 || n >= len(t.off) {
		return !isWeekend(d.Weekday())
	}
	return !t.off[n]
}

func (t *table) add(d Date, n int) Date {
	start := d.number()
	switch {
	case n > 0:
		return dateOfNumber(t.dayWithCount(start, t.count(start)+n))
	case n < 0:
		return dateOfNumber(t.dayWithCount(start, t.count(start-1)+n+1))
	}
	return d
}

func (t *table) between(from, to Date) int {
	if to.Before(from) {
		return t.count(to.number()-1) - t.count(from.number()-1)
	}
	return t.count(to.number()) - t.count(from.number())
}

// count returns a number of working days up to and including day n, from an origin of its own.
func (t *table) count(n int) int {
	i := n - t.first
	switch {
	case i < 0:
		return weekdaysUpTo(n) - weekdaysUpTo(t.first-1)
	case i >= len(t.worked):
		last := len(t.worked) - 1
		return int(t.worked[last]) + weekdaysUpTo(n) - weekdaysUpTo(t.first+last)
	}
	return int(t.worked[i])
}

// dayWithCount returns the first day whose count is at least wanted, which is a working day.
func (t *table) dayWithCount(near, wanted int) int {
	reach := 8
	for t.count(near-reach) >= wanted {
		reach *= 2
	}
	low := near - reach
	for t.count(near+reach) < wanted {
		reach *= 2
	}
	high := near + reach
	return low + sort.Search(high-low, func(i int) bool { return t.count(low+i) >= wanted })
}

// weekdaysUpTo counts Mondays to Fridays up to and including day n, from a fixed Monday.
func weekdaysUpTo(n int) int {
	const monday = 4 // 1970-01-05
	weeks := floorDiv(n-monday, 7)
	return weeks*5 + min(n-monday-weeks*7+1, 5)
}

func isWeekend(day time.Weekday) bool { return day == time.Saturday || day == time.Sunday }
