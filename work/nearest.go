package work

import (
	"cmp"
	"slices"
	"strings"
)

// Nearest returns the words that are most like one, the likeliest first; none when nothing comes near.
func Nearest(word string, words []string) []string {
	type near struct {
		word     string
		distance float64
	}
	var found []near
	for _, w := range words {
		if d, ok := unlikeness(word, w); ok && !slices.ContainsFunc(found, func(n near) bool { return n.word == w }) {
			found = append(found, near{w, d})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	var all []string
	for _, n := range found[:min(len(found), suggestionsAtMost)] {
		if n.distance <= 2*found[0].distance+0.1 {
			all = append(all, n.word)
		}
	}
	return all
}

// unlikeness says how far two words are apart, from 0 on, and whether one may stand for the other: an abbreviation (市五中 for 市第五中学党委), or a slip in
// up to a third of the characters. Numbers in it are no slip: 第九中学 does not stand for 第五中学.
func unlikeness(typed, known string) (float64, bool) {
	a, b := []rune(typed), []rune(known)
	switch {
	case len(a) == 0 || len(b) == 0, numbersIn(a) != "" && numbersIn(a) != numbersIn(b):
		return 0, false
	case len(a) >= 2 && isAbbreviation(a, b), len(b) >= 2 && isAbbreviation(b, a):
		return 0.2 + 0.01*float64(abs(len(a)-len(b))), true
	}
	steps := editDistance(a, b)
	longest := max(len(a), len(b))
	return float64(steps) / float64(longest), steps <= max(1, longest/3) && steps < longest
}

// numbersIn are the digits of a word, Chinese ones too.
func numbersIn(word []rune) string {
	var found []rune
	for _, r := range word {
		if strings.ContainsRune("0123456789〇零一二三四五六七八九十百", r) {
			found = append(found, r)
		}
	}
	return string(found)
}

// isAbbreviation reports whether all characters of a word occur in another, in order.
func isAbbreviation(short, long []rune) bool {
	at := 0
	for _, r := range long {
		if at < len(short) && short[at] == r {
			at++
		}
	}
	return at == len(short)
}

func abs(n int) int { return max(n, -n) }

// editDistance counts the characters that have to be put in, taken out or exchanged to make one word of another (Levenshtein).
func editDistance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := diagonal
			if x != y {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
