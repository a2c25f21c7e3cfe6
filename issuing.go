package duban

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"duban/calendar"
)

// ShortNotice is how many working days of notice are few enough to be warned of.
const ShortNotice = 3

// Burden (负担) is what somebody has to do already when something more is to be issued.
type Burden struct {
	Owner    Person
	Unit     Unit
	Open     int    // items that are open
	SameWeek int    // of them, those whose deadline lies in the week of the new one
	Vacation string // the vacation of the unit in which the new deadline lies; empty: none
}

// Load is how many items somebody has.
type Load struct{ Open, SameWeek int }

// HeaviestFirst sorts burdens: who has most to do in the week of the deadline first, then who has most to do at all. Equal ones keep their order.
func HeaviestFirst(all []Burden) {
	slices.SortStableFunc(all, func(a, b Burden) int {
		return cmp.Or(cmp.Compare(b.SameWeek, a.SameWeek), cmp.Compare(b.Open, a.Open))
	})
}

// WeekOf returns the instants between which the deadlines of the week lie that a deadline falls into, Monday to Sunday: after from, up to to.
func WeekOf(cal *calendar.Calendar, due calendar.Due) (from, to time.Time) {
	monday := due.Date.Add(-(int(due.Date.Weekday()) + 6) % 7)
	midnight := calendar.Clock{}
	return monday.At(midnight, cal.Zone()), monday.Add(7).At(midnight, cal.Zone())
}

// SimilarWithin is how long ago a request may have been made to be worth a word when a similar one is issued.
const SimilarWithin = 12 // months

// similarShare is the share of common pairs of characters from which two titles are similar.
const similarShare = 0.7

// SimilarTitles reports whether two titles ask for much the same. Figures, spaces and signs do not count, so that last year's request is found; then
// the titles are the same, or most of their pairs of neighbouring characters are.
func SimilarTitles(a, b string) bool {
	plainA, plainB := plainTitle(a), plainTitle(b)
	if len(plainA) == 0 || len(plainB) == 0 {
		return false
	}
	if slices.Equal(plainA, plainB) {
		return true
	}
	pairsA, pairsB := pairsOf(plainA), pairsOf(plainB)
	common := 0
	for pair, n := range pairsA {
		common += min(n, pairsB[pair])
	}
	all := max(len(plainA)-1, 0) + max(len(plainB)-1, 0)
	return all > 0 && float64(2*common)/float64(all) >= similarShare
}

func plainTitle(title string) []rune {
	var plain []rune
	for _, r := range strings.ToLower(title) {
		if unicode.IsLetter(r) {
			plain = append(plain, r)
		}
	}
	return plain
}

func pairsOf(plain []rune) map[[2]rune]int {
	pairs := map[[2]rune]int{}
	for i := range len(plain) - 1 {
		pairs[[2]rune{plain[i], plain[i+1]}]++
	}
	return pairs
}

// NextApproval returns who has to approve next what somebody with a role draws up for so many people, when some seats have approved already; "" when
// nobody has to any more. A secretary answers for what an officer issues in the school; a second administrator looks at what an administrator sends to
// many; the leader approves what administrators issue, where that is switched on.
func (p Policy) NextApproval(role Role, people int, approved []Seat) Seat {
	var needed []Seat
	switch role {
	case Officer:
		needed = append(needed, SeatSecretary)
	case Admin:
		if p.SecondAdminAbove > 0 && people > p.SecondAdminAbove {
			needed = append(needed, SeatSecondAdmin)
		}
		if p.ApproveIssue {
			needed = append(needed, SeatLeader)
		}
	}
	for _, seat := range needed {
		if !slices.Contains(approved, seat) {
			return seat
		}
	}
	return ""
}
