package text

import (
	"regexp"
	"strconv"
	"strings"
)

// TypedDay is a day as somebody has typed it: without a year the Year is 0, and a whole month has the Day 0.
type TypedDay struct{ Year, Month, Day int }

var (
	typedDay = regexp.MustCompile(`(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号]|(?:(\d{4})年)?(\d{1,2})月份?|(\d{4})-(\d{1,2})`)
	// dayLinks stand between two days, or before the first.
	dayLinks = regexp.MustCompile(`^(?i:\s|至|到|从|自|~|～|-|－|—|–|to|until|from)*$`)
)

// Days finds the days in what somebody has typed, such as 3月1日至5月31日 or 2026-03-01 2026-05-31, at most two, and returns what else was typed. A code
// such as DJ-2026-03 is no day.
func Days(typed string) (days []TypedDay, rest string) {
	end := 0
	for _, at := range typedDay.FindAllStringSubmatchIndex(typed, -1) {
		between := typed[end:at[0]]
		if len(days) == 2 || partOfAWord(typed, at[0], at[1]) {
			continue
		}
		if !dayLinks.MatchString(between) {
			rest += between + " "
		}
		days, end = append(days, dayOf(typed, at)), at[1]
	}
	if after := typed[end:]; !dayLinks.MatchString(after) || len(days) == 0 {
		rest += after
	}
	return days, strings.TrimSpace(rest)
}

// partOfAWord reports whether a letter, a digit or a hyphen stands right beside a place.
func partOfAWord(typed string, from, to int) bool {
	joins := func(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
	return from > 0 && (joins(typed[from-1]) || typed[from-1] == '-' && from > 1 && joins(typed[from-2])) || to < len(typed) && joins(typed[to])
}

// dayOf reads the first of the alternatives that has matched.
func dayOf(typed string, at []int) TypedDay {
	number := func(group int) int {
		if at[2*group] < 0 {
			return 0
		}
		n, _ := strconv.Atoi(typed[at[2*group]:at[2*group+1]])
		return n
	}
	switch {
	case at[2*2] >= 0:
		return TypedDay{number(1), number(2), number(3)}
	case at[2*5] >= 0:
		return TypedDay{number(4), number(5), number(6)}
	case at[2*8] >= 0:
		return TypedDay{number(7), number(8), 0}
	}
	return TypedDay{number(9), number(10), 0}
}
