package export

import (
	"slices"

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

// median is that of all units of the round: of the totals once all are final, of daily work before. There is none while some are still to be computed or
// decided: a median of few would tell something of each, and it would change with every one.
func (e Export) median(s Assessed) (*duban.Points, error) {
	all, err := e.Tx.AssessmentsOf(s.Assessment.RoundID)
	if err != nil {
		return nil, err
	}
	final := s.Assessment.Final()
	if slices.ContainsFunc(all, func(a duban.Assessment) bool { return a.Final() != final || a.Computed.IsZero() }) {
		return nil, nil
	}
	scores := make([]duban.Points, len(all))
	if final {
		for i, a := range all {
			scores[i] = a.Total
		}
	} else if err := e.dailyScores(s, all, scores); err != nil {
		return nil, err
	}
	median, told := assess.Median(scores)
	if !told {
		return nil, nil
	}
	return &median, nil
}

// dailyScores fills in what each unit of a round has of daily work, as things stand.
func (e Export) dailyScores(s Assessed, all []duban.Assessment, scores []duban.Points) error {
	lost, err := e.Tx.LostIn(s.Assessment.RoundID)
	lines := map[int64][]duban.ScoreLine{}
	for _, l := range lost {
		lines[l.Assessment] = append(lines[l.Assessment], duban.ScoreLine{Element: l.Element, Points: l.Points})
	}
	for i, a := range all {
		scores[i] = assess.ScoreOf(s.Rules, lines[a.ID], nil).Daily
	}
	return err
}
