package work

import (
	"context"
	"fmt"
	"strings"
	"time"

	"duban"
	"duban/assess"
	"duban/store"
)

// Standing is how far the assessment of one unit has come.
type Standing struct {
	Assessment duban.Assessment
	Unit       duban.Unit
	Score      assess.Score
	Lines      []duban.ScoreLine
	Parts      []duban.ScorePart
	Open       int // lines about which nothing is decided
	Objections int // that wait for an answer
}

// Settled reports whether nothing is left for the administrators to do.
func (s Standing) Settled() bool {
	return s.Open == 0 && s.Objections == 0 && len(s.Score.Missing) == 0
}

// StandingOf reads how far an assessment has come, by the rules of its round.
func StandingOf(tx *store.Tx, rules assess.Rules, a duban.Assessment) (Standing, error) {
	s := Standing{Assessment: a}
	var err error
	if s.Unit, err = tx.Unit(a.UnitID); err != nil {
		return s, err
	}
	if s.Lines, err = tx.ScoreLines(a.ID); err != nil {
		return s, err
	}
	if s.Parts, err = tx.ScoreParts(a.ID); err != nil {
		return s, err
	}
	waits, err := waitingObjections(tx, a.ID)
	s.Objections = len(waits)
	for _, l := range s.Lines {
		if l.Decision == duban.LineOpen {
			s.Open++
		}
	}
	s.Score = assess.ScoreOf(rules, s.Lines, s.Parts)
	return s, err
}

// Standings reads how far every unit of a round has come, in the order of the units.
func Standings(tx *store.Tx, r duban.AssessmentRound) ([]Standing, error) {
	rules, err := RulesOf(tx, r)
	if err != nil {
		return nil, err
	}
	all, err := tx.AssessmentsOf(r.ID)
	if err != nil {
		return nil, err
	}
	var standings []Standing
	for _, a := range all {
		s, err := StandingOf(tx, rules, a)
		if err != nil {
			return nil, err
		}
		standings = append(standings, s)
	}
	return standings, nil
}

// Medians returns the medians of all units of a round: of the scores of daily work, and of the totals once every unit has one. False where there are
// too few units.
func Medians(all []Standing) (daily, total duban.Points, told, totals bool) {
	var dailies, sums []duban.Points
	for _, s := range all {
		dailies = append(dailies, s.Score.Daily)
		if len(s.Score.Missing) == 0 {
			sums = append(sums, s.Score.Total)
		}
	}
	daily, told = assess.Median(dailies)
	total, totals = assess.Median(sums)
	return daily, total, told, totals && len(sums) == len(dailies)
}

// CloseAssessment ends the window of a round (截止自查): after its last day, once every line is accepted or changed, every part entered and every objection
// answered. Then it is the leader's. An administrator of all units may.
func (d *Desk) CloseAssessment(ctx context.Context, who duban.Actor, round int64) (duban.AssessmentRound, error) {
	var after duban.AssessmentRound
	err := d.write(ctx, who, func(tx *store.Tx) error {
		r, err := openRound(tx, who, round)
		after = r
		if err != nil {
			return err
		}
		all, err := Standings(tx, r)
		if err != nil {
			return err
		}
		if err := d.mayClose(tx, r, all); err != nil {
			return err
		}
		r.ClosedBy, r.ClosedAt = who.PersonID, tx.Now
		if err := tx.SaveRound(r); err != nil {
			return err
		}
		after = r
		facts := duban.Facts{"year": r.Year, "units": len(all)}
		if err := tx.Record(who, duban.Entry{Event: duban.EventAssessClosed, Facts: facts}); err != nil {
			return err
		}
		leaders, err := leadersOf(tx, all)
		if err != nil {
			return err
		}
		return d.tellAssess(tx, AssessNews{What: AssessClosed, Round: r.ID}, leaders)
	})
	return after, err
}

func (d *Desk) mayClose(tx *store.Tx, r duban.AssessmentRound, all []Standing) error {
	today := d.Calendar.Today(tx.Now)
	if !today.After(r.Until) {
		return duban.Refuse(duban.TooSoon)
	}
	for _, s := range all {
		if !s.Settled() {
			return duban.Refuse(duban.Undecided)
		}
		for _, l := range s.Lines {
			if !today.After(d.ObjectUntil(r, l)) {
				return duban.Refuse(duban.TooSoon)
			}
		}
	}
	return nil
}

func leadersOf(tx *store.Tx, all []Standing) ([]duban.Person, error) {
	var leaders []duban.Person
	for _, s := range all {
		some, err := Leaders(tx, s.Unit.ID)
		if err != nil {
			return nil, err
		}
		leaders = append(leaders, some...)
	}
	return distinctPeople(leaders), nil
}

// ReturnAssessment opens the window of a round again, with a reason: something is to be looked at once more before it is decided. A leader of all units
// may, before the decision; units may object for five more working days.
func (d *Desk) ReturnAssessment(ctx context.Context, who duban.Actor, round int64, reason string) (duban.AssessmentRound, error) {
	var after duban.AssessmentRound
	err := d.write(ctx, who, func(tx *store.Tx) error {
		r, all, err := closedRound(tx, who, round)
		after = r
		if err != nil {
			return err
		}
		why, err := given(reason)
		if err != nil {
			return err
		}
		r.ClosedBy, r.ClosedAt, r.Until = 0, zeroTime, laterDate(r.Until, d.WindowEnd(tx.Now, duban.ObjectWithin))
		if err := tx.SaveRound(r); err != nil {
			return err
		}
		after = r
		facts := duban.Facts{"year": r.Year, "until": r.Until.String()}
		if err := tx.Record(who, duban.Entry{Event: duban.EventAssessReturned, Facts: facts, Note: why}); err != nil {
			return err
		}
		var admins []duban.Person
		for _, s := range all {
			some, err := Administrators(tx, s.Unit.ID)
			if err != nil {
				return err
			}
			admins = append(admins, some...)
		}
		return d.tellAssess(tx, AssessNews{What: AssessReturned, Round: r.ID, Note: why}, admins)
	})
	return after, err
}

// closedRound reads a round that waits for the leader, for whoever may decide on all of its units.
func closedRound(tx *store.Tx, who duban.Actor, id int64) (duban.AssessmentRound, []Standing, error) {
	r, err := tx.Round(id)
	if err != nil {
		return r, nil, err
	}
	if err := mayOnAll(tx, who, duban.ActAssess, id); err != nil {
		return r, nil, err
	}
	if r.Open() {
		return r, nil, duban.Refuse(duban.WrongState)
	}
	all, err := Standings(tx, r)
	if err != nil {
		return r, nil, err
	}
	for _, s := range all {
		if s.Assessment.Final() {
			return r, all, duban.Refuse(duban.AlreadyDone, "at", s.Assessment.DecidedAt)
		}
	}
	return r, all, nil
}

// DecideAssessment makes the assessment of every unit of a closed round final (审定), and tells each unit its own. A leader of all units may.
func (d *Desk) DecideAssessment(ctx context.Context, who duban.Actor, round int64, note string) (int, error) {
	decided := 0
	err := d.write(ctx, who, func(tx *store.Tx) error {
		r, all, err := closedRound(tx, who, round)
		if err != nil {
			return err
		}
		decided = len(all)
		rules, err := RulesOf(tx, r)
		if err != nil {
			return err
		}
		for _, s := range all {
			a := s.Assessment
			a.DecidedBy, a.DecidedAt, a.Note, a.Total = who.PersonID, tx.Now, strings.TrimSpace(note), s.Score.Total
			if err := tx.DecideAssessment(a); err != nil {
				return err
			}
			facts := duban.Facts{"assessment": a.ID, "year": r.Year, "points": a.Total.String(), "grade": rules.Grade(a.Total)}
			if err := recordScore(tx, who, a, duban.EventAssessDecided, 0, facts, a.Note); err != nil {
				return err
			}
			if err := d.tellUnitOf(tx, a, AssessNews{What: AssessFinal, Assessment: a.ID}); err != nil {
				return err
			}
		}
		return nil
	})
	return decided, err
}

// AskPackage lets the year-end package of a unit be sent as a file to the person who asks for it in the chat. It is recorded like every table that is
// taken away.
func (d *Desk) AskPackage(ctx context.Context, who duban.Actor, assessment int64) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assessment(assessment)
		if err != nil {
			return err
		}
		if err := mustMay(tx, who, duban.ActExport, a.UnitID); err != nil {
			return err
		}
		r, err := tx.Round(a.RoundID)
		if err != nil {
			return err
		}
		facts := duban.Facts{"table": "yearend", "year": r.Year}
		if err := tx.Record(who, duban.Entry{Event: duban.EventExported, UnitID: a.UnitID, PersonID: who.PersonID, Facts: facts}); err != nil {
			return err
		}
		return tx.Post(duban.Notice{
			Key:  fmt.Sprintf("assess:package:%d:%d:%d", a.ID, who.PersonID, tx.Now.UnixMilli()),
			Kind: duban.NewsAssess, Lane: duban.LaneAnswer, PersonID: who.PersonID, Data: toJSON(AssessNews{What: AssessPackage, Assessment: a.ID}),
			NotBefore: tx.Now.Add(time.Second), // after the answer that says that it comes
		})
	})
}
