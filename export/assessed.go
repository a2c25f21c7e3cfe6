package export

import (
	"duban"
	"duban/assess"
)

// Assessed reads how a unit is assessed in a round: what is shown to it, and what goes into its package.
func (e Export) Assessed(a duban.Assessment) (Assessed, error) {
	s := Assessed{Assessment: a}
	round, err := e.Tx.Round(a.RoundID)
	if err != nil {
		return s, err
	}
	s.Year, s.Until = round.Year, round.Until
	body, err := e.Tx.RulesBody(round.Rules)
	if err != nil {
		return s, err
	}
	if s.Rules, err = assess.Parse("assessment_rules "+round.Rules, []byte(body)); err != nil {
		return s, err
	}
	if s.Unit, err = e.Tx.Unit(a.UnitID); err != nil {
		return s, err
	}
	if s.Objections, err = e.Tx.ObjectionsTo(a.ID); err != nil {
		return s, err
	}
	if s.Lines, s.Parts, err = e.scored(a); err != nil {
		return s, err
	}
	s.Score = assess.ScoreOf(s.Rules, s.Lines, s.Parts)
	s.Median, err = e.median(s)
	return s, err
}

func (e Export) scored(a duban.Assessment) ([]duban.ScoreLine, []duban.ScorePart, error) {
	lines, err := e.Tx.ScoreLines(a.ID)
	if err != nil {
		return nil, nil, err
	}
	parts, err := e.Tx.ScoreParts(a.ID)
	return lines, parts, err
}

// median is that of all units of the round that are computed: of the totals when they are final, else of daily work.
func (e Export) median(s Assessed) (*duban.Points, error) {
	all, err := e.Tx.AssessmentsOf(s.Assessment.RoundID)
	if err != nil {
		return nil, err
	}
	lost, err := e.Tx.LostIn(s.Assessment.RoundID)
	if err != nil {
		return nil, err
	}
	lines := map[int64][]duban.ScoreLine{}
	for _, l := range lost {
		lines[l.Assessment] = append(lines[l.Assessment], duban.ScoreLine{Element: l.Element, Points: l.Points})
	}
	var scores []duban.Points
	for _, a := range all {
		switch {
		case s.Assessment.Final() && a.Final():
			scores = append(scores, a.Total)
		case !s.Assessment.Final() && !a.ToCompute:
			scores = append(scores, assess.ScoreOf(s.Rules, lines[a.ID], nil).Daily)
		}
	}
	median, told := assess.Median(scores)
	if !told {
		return nil, nil
	}
	return &median, nil
}
