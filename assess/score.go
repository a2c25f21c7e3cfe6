package assess

import (
	"slices"

	"duban"
)

// Score is what a unit has by the lines as they stand and the parts that were entered.
type Score struct {
	Elements map[duban.Element]duban.Points // what is left of each
	Daily    duban.Points
	Missing  []string     // parts that nobody has entered; then there is no total
	Total    duban.Points // from 0 to 100
}

// ScoreOf adds up. No element, no part and no total goes below 0 or above what it can be at most.
func ScoreOf(rules Rules, lines []duban.ScoreLine, parts []duban.ScorePart) Score {
	s := Score{Elements: map[duban.Element]duban.Points{}}
	for _, e := range duban.Elements {
		s.Elements[e] = rules.Scale(e).Max
	}
	for _, l := range lines {
		s.Elements[l.Element] = max(0, s.Elements[l.Element]-l.Counts())
	}
	for _, left := range s.Elements {
		s.Daily += left
	}
	entered := map[string]duban.Points{Daily: s.Daily}
	for _, p := range parts {
		entered[p.Part] = p.Points
	}
	sum := duban.Points(0)
	for _, w := range rules.Weights {
		points, there := entered[w.Part]
		if !there && w.Percent > 0 {
			s.Missing = append(s.Missing, w.Part)
		}
		sum += points * duban.Points(w.Percent)
	}
	total := (sum+50)/100 + min(entered[Bonus], rules.Bonus) - min(entered[Negative], rules.Negative)
	s.Total = min(max(total, 0), Full)
	return s
}

// MedianFrom is of how many units the median is told at least: of two it would tell each the score of the other.
const MedianFrom = 3

// Median returns the median of the scores of all units; false when there are too few.
func Median(scores []duban.Points) (duban.Points, bool) {
	n := len(scores)
	if n < MedianFrom {
		return 0, false
	}
	sorted := slices.Sorted(slices.Values(scores))
	return (sorted[(n-1)/2] + sorted[n/2] + 1) / 2, true
}
