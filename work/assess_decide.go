package work

import (
	"context"
	"errors"
	"slices"
	"strings"

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
	return !s.Assessment.ToCompute && s.Open == 0 && s.Objections == 0 && len(s.Score.Missing) == 0
}

// Unseen reports whether nobody of the unit has looked at its proposal, nor objected to it.
func (s Standing) Unseen() bool {
	return !s.Assessment.ToCompute && s.Assessment.LookedAt.IsZero() && s.Objections == 0
}

// Standings reads how far every unit of a round has come, in the order of the units. Rounds have thousands of them, so each table is read once.
func Standings(tx *store.Tx, r duban.AssessmentRound) ([]Standing, error) {
	rules, err := RulesOf(tx, r)
	if err != nil {
		return nil, err
	}
	all, err := unitsOfRound(tx, r.ID)
	if err != nil {
		return nil, err
	}
	at := make(map[int64]*Standing, len(all))
	for i := range all {
		at[all[i].Assessment.ID] = &all[i]
	}
	if err := addLines(tx, r.ID, at); err != nil {
		return nil, err
	}
	parts, err := tx.ScorePartsIn(r.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		at[p.AssessmentID].Parts = append(at[p.AssessmentID].Parts, p)
	}
	for i := range all {
		all[i].Score = assess.ScoreOf(rules, all[i].Lines, all[i].Parts)
	}
	return all, nil
}

func unitsOfRound(tx *store.Tx, round int64) ([]Standing, error) {
	found, err := tx.AssessmentsOf(round)
	if err != nil {
		return nil, err
	}
	units, err := tx.UnitsIn(round)
	if err != nil {
		return nil, err
	}
	named := make(map[int64]duban.Unit, len(units))
	for _, u := range units {
		named[u.ID] = u
	}
	all := make([]Standing, len(found))
	for i, a := range found {
		all[i] = Standing{Assessment: a, Unit: named[a.UnitID]}
	}
	return all, nil
}

// addLines adds the lines of a round to the standings, by assessment, with what of them waits.
func addLines(tx *store.Tx, round int64, at map[int64]*Standing) error {
	lines, err := tx.ScoreLinesIn(round)
	if err != nil {
		return err
	}
	of := make(map[int64]*Standing, len(lines))
	for _, l := range lines {
		s := at[l.AssessmentID]
		s.Lines, of[l.ID] = append(s.Lines, l), s
		if l.Decision == duban.LineOpen {
			s.Open++
		}
	}
	waiting, err := tx.ObjectionsIn(round)
	for _, o := range waiting {
		of[o.LineID].Objections++
	}
	return err
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
		if i := slices.IndexFunc(all, duban.Assessment.Final); i >= 0 {
			return duban.Refuse(duban.AlreadyDone, "at", all[i].DecidedAt)
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
		for _, a := range all {
			some, err := Administrators(tx, a.UnitID)
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
func closedRound(tx *store.Tx, who duban.Actor, id int64) (duban.AssessmentRound, []duban.Assessment, error) {
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
	all, err := tx.AssessmentsOf(id)
	return r, all, err
}

// DecideAssessment makes the assessment of every unit of a closed round final (审定), and tells each unit its own. A leader of all units may. Units are
// decided few at a time; where that was cut short, it goes on with the others.
func (d *Desk) DecideAssessment(ctx context.Context, who duban.Actor, round int64, note string) (int, error) {
	rest, err := d.undecided(ctx, who, round)
	if err != nil {
		return 0, err
	}
	for few := range slices.Chunk(rest, unitsAtOnce) {
		decide := func(tx *store.Tx) error { return d.decideFew(tx, who, round, few, strings.TrimSpace(note)) }
		err := d.write(ctx, who, decide)
		if errors.Is(err, duban.ErrRepeated) { // those before these had taken the cause
			who.Cause = 0
			err = d.write(ctx, who, decide)
		}
		if err != nil {
			return 0, err
		}
		who.Cause = 0
	}
	return len(rest), nil
}

// undecided reads which assessments of a round the leader has still to decide.
func (d *Desk) undecided(ctx context.Context, who duban.Actor, round int64) (rest []duban.Assessment, err error) {
	err = d.Store.Read(ctx, func(tx *store.Tx) error {
		_, all, err := closedRound(tx, who, round)
		if err != nil {
			return err
		}
		rest = slices.DeleteFunc(slices.Clone(all), duban.Assessment.Final)
		if len(rest) == 0 {
			return duban.Refuse(duban.AlreadyDone, "at", all[0].DecidedAt)
		}
		return nil
	})
	return rest, err
}

func (d *Desk) decideFew(tx *store.Tx, who duban.Actor, round int64, few []duban.Assessment, note string) error {
	r, err := tx.Round(round)
	if err != nil {
		return err
	}
	if r.Open() {
		return duban.Refuse(duban.WrongState)
	}
	rules, err := RulesOf(tx, r)
	if err != nil {
		return err
	}
	for _, before := range few {
		if err := mustMay(tx, who, duban.ActAssess, before.UnitID); err != nil {
			return err
		}
		a, err := tx.Assessment(before.ID)
		if err != nil {
			return err
		}
		if a.Final() {
			continue
		}
		if a.Total, err = totalOf(tx, rules, a); err != nil {
			return err
		}
		a.DecidedBy, a.DecidedAt, a.Note = who.PersonID, tx.Now, note
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
}

func totalOf(tx *store.Tx, rules assess.Rules, a duban.Assessment) (duban.Points, error) {
	lines, err := tx.ScoreLines(a.ID)
	if err != nil {
		return 0, err
	}
	parts, err := tx.ScoreParts(a.ID)
	return assess.ScoreOf(rules, lines, parts).Total, err
}
