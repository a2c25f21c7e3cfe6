package work

import (
	"context"
	"errors"
	"slices"

	"duban"
	"duban/assess"
	"duban/calendar"
	"duban/store"
)

// unitsAtOnce is of how many units an assessment is saved in one transaction, so that others get their turn in between.
const unitsAtOnce = 10

// Computed is told how many units of how many are computed, as an assessment goes on; nil for nobody to be told.
type Computed func(done, of int)

func (c Computed) tell(done, of int) {
	if c != nil {
		c(done, of)
	}
}

// Opening is how the assessment of a year is opened.
type Opening struct {
	Year  int
	Until calendar.Date // last day for objections, at least five working days ahead
	Tell  Computed
}

// OpenAssessment opens the assessment of a year (年终考评): for every unit a proposal is computed and shown to it, and until a day it may object. The rules
// are kept by their version. An administrator of all units may, once for each year that has begun. Units are computed few at a time; where that was cut
// short, the same cause goes on, or Reassess does.
func (d *Desk) OpenAssessment(ctx context.Context, who duban.Actor, o Opening) (duban.AssessmentRound, error) {
	round, err := d.beginRound(ctx, who, o)
	if errors.Is(err, duban.ErrRepeated) {
		round, err = d.cutShort(ctx, err, func(tx *store.Tx) (duban.AssessmentRound, error) { return tx.RoundOf(o.Year) })
	}
	if err != nil {
		return round, err
	}
	return d.computeRest(ctx, who, round, o.Tell)
}

// beginRound adds a round in which every unit is still to be computed.
func (d *Desk) beginRound(ctx context.Context, who duban.Actor, o Opening) (round duban.AssessmentRound, err error) {
	rules := d.AssessRules()
	err = d.write(ctx, who, func(tx *store.Tx) error {
		units, err := d.mayOpen(tx, who, o.Year, o.Until)
		if err != nil {
			return err
		}
		if same, err := tx.KeepRules(rules.Version, rules.Body()); err != nil || !same {
			return orRefuse(err, duban.RulesChanged)
		}
		round = duban.AssessmentRound{Year: o.Year, Rules: rules.Version, OpenedBy: who.PersonID, OpenedAt: tx.Now, Until: o.Until}
		if round.ID, err = tx.AddRound(round); err != nil {
			return err
		}
		for _, u := range units {
			if err := tx.AddAssessment(round.ID, u.ID); err != nil {
				return err
			}
		}
		facts := duban.Facts{"year": o.Year, "rules": rules.Version, "until": o.Until.String(), "units": len(units)}
		return tx.Record(who, duban.Entry{Event: duban.EventAssessOpened, Facts: facts})
	})
	return round, err
}

// cutShort finds the round that an update was about when the program ended before all was computed; where all is, the error is the one it was met with.
func (d *Desk) cutShort(ctx context.Context, met error, find func(*store.Tx) (duban.AssessmentRound, error)) (round duban.AssessmentRound, err error) {
	err = d.Store.Read(ctx, func(tx *store.Tx) error {
		if round, err = find(tx); err != nil {
			return err
		}
		left, err := tx.ToCompute(round.ID)
		if err == nil && left == 0 {
			return met
		}
		return err
	})
	return round, err
}

// Reassess computes every unit of an open round anew (重新测算), since more items are due by now or the record tells more; where computing was cut short, it
// goes on with what is left. Decisions stay where a line is what it was; units are shown their sheet again. An administrator of all units may.
func (d *Desk) Reassess(ctx context.Context, who duban.Actor, round int64, tell Computed) (r duban.AssessmentRound, err error) {
	err = d.write(ctx, who, func(tx *store.Tx) error {
		if r, err = openRound(tx, who, round); err != nil {
			return err
		}
		if left, err := tx.ToCompute(round); err != nil || left > 0 {
			return err
		}
		return tx.ComputeAnew(round)
	})
	if errors.Is(err, duban.ErrRepeated) {
		r, err = d.cutShort(ctx, err, func(tx *store.Tx) (duban.AssessmentRound, error) { return tx.Round(round) })
	}
	if err != nil {
		return r, err
	}
	return d.computeRest(ctx, who, r, tell)
}

// computeRest computes on a snapshot, so that nobody has to wait for it, the units of a round that are still to be computed, and saves them few at a time.
func (d *Desk) computeRest(ctx context.Context, who duban.Actor, round duban.AssessmentRound, tell Computed) (duban.AssessmentRound, error) {
	who.Cause = 0 // it is taken
	all, err := d.compute(ctx, round, tell)
	if err != nil {
		return round, err
	}
	done := 0
	for few := range slices.Chunk(all.units, unitsAtOnce) {
		if err := ctx.Err(); err != nil {
			return round, err
		}
		err := d.write(ctx, who, func(tx *store.Tx) (err error) {
			round, err = d.keepFew(tx, who, few, all)
			return err
		})
		if err != nil {
			return round, err
		}
		done += len(few)
		tell.tell(done, len(all.units))
	}
	return round, nil
}

// proposals are what was computed of each unit of a round.
type proposals struct {
	round int64
	rules assess.Rules
	units []duban.Assessment
	of    map[int64]assess.Proposal // by unit
}

func (d *Desk) compute(ctx context.Context, round duban.AssessmentRound, tell Computed) (all proposals, err error) {
	err = d.Store.Read(ctx, func(tx *store.Tx) error {
		if !d.At.IsZero() {
			tx.Now = d.At
		}
		all.round = round.ID
		if all.rules, err = RulesOf(tx, round); err != nil {
			return err
		}
		if all.units, err = tx.AssessmentsOf(round.ID); err != nil {
			return err
		}
		all.units = slices.DeleteFunc(all.units, func(a duban.Assessment) bool { return !a.ToCompute })
		all.of = make(map[int64]assess.Proposal, len(all.units))
		p, err := Propose(tx, d.Calendar, all.rules, round.Year)
		if err != nil {
			return err
		}
		for _, a := range all.units {
			tell.tell(0, len(all.units))
			if all.of[a.UnitID], err = p.For(a.UnitID); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// keepFew saves what is proposed for some units. What somebody else has computed meanwhile is left. Whenever a unit gets its proposal, it has the whole
// time to object from then on.
func (d *Desk) keepFew(tx *store.Tx, who duban.Actor, few []duban.Assessment, all proposals) (duban.AssessmentRound, error) {
	round, err := tx.Round(all.round)
	if err != nil || !round.Open() {
		return round, orRefuse(err, duban.AlreadyDone)
	}
	until := laterDate(round.Until, d.WindowEnd(tx.Now, duban.ObjectWithin))
	for _, before := range few {
		a, err := tx.Assessment(before.ID)
		if err != nil {
			return round, err
		}
		if !a.ToCompute || !a.Computed.Equal(before.Computed) {
			continue
		}
		if err := mustMay(tx, who, duban.ActPropose, a.UnitID); err != nil {
			return round, err
		}
		round.Until = until
		if err := d.keep(tx, who, round, a, all); err != nil {
			return round, err
		}
	}
	return round, nil
}

// keep saves what is proposed for a unit, with until when it may object, records it and shows it to the unit.
func (d *Desk) keep(tx *store.Tx, who duban.Actor, round duban.AssessmentRound, a duban.Assessment, all proposals) error {
	p := all.of[a.UnitID]
	a.Counted, a.NotYet = p.Counted, p.NotYet
	if err := errorsOf(tx.SaveRound(round), tx.SaveComputed(a), keepLines(tx, a, p.Lines)); err != nil {
		return err
	}
	daily := assess.ScoreOf(all.rules, p.Lines, nil).Daily
	facts := duban.Facts{
		"assessment": a.ID, "year": round.Year, "rules": round.Rules, "lines": len(p.Lines), "daily": daily.String(), "until": round.Until.String(),
	}
	if err := tx.Record(who, duban.Entry{Event: duban.EventAssessed, UnitID: a.UnitID, Facts: facts}); err != nil {
		return err
	}
	return d.tellUnitOf(tx, a, AssessNews{What: AssessOpened, Assessment: a.ID})
}

// keepLines saves computed lines. A decision stays where the line is what it was; where another one comes out it is taken anew. A line that is no longer
// found goes, unless somebody has objected to it: then it stays and costs nothing.
func keepLines(tx *store.Tx, a duban.Assessment, lines []duban.ScoreLine) error {
	type place struct {
		element    duban.Element
		assignment int64
	}
	before, err := tx.ScoreLines(a.ID)
	if err != nil {
		return err
	}
	objected, err := objectedTo(tx, a.ID)
	if err != nil {
		return err
	}
	had := map[place]duban.ScoreLine{}
	for _, l := range before {
		had[place{l.Element, l.AssignmentID}] = l
	}
	for _, l := range lines {
		at := place{l.Element, l.AssignmentID}
		l.AssessmentID = a.ID
		if old, there := had[at]; there && old.Finding == l.Finding && old.Exempt == l.Exempt && old.Points == l.Points {
			l.Decision, l.Decided, l.Reason, l.DecidedBy, l.DecidedAt = old.Decision, old.Decided, old.Reason, old.DecidedBy, old.DecidedAt
		}
		delete(had, at)
		if _, err := tx.PutScoreLine(l); err != nil {
			return err
		}
	}
	for _, l := range before {
		if _, gone := had[place{l.Element, l.AssignmentID}]; !gone {
			continue
		}
		if !objected[l.ID] {
			err = tx.DropScoreLine(l.ID)
		} else {
			l.Raw, l.Points, l.Decision, l.Decided, l.Reason, l.DecidedBy, l.DecidedAt = 0, 0, duban.LineOpen, 0, "", 0, zeroTime
			_, err = tx.PutScoreLine(l)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func objectedTo(tx *store.Tx, assessment int64) (map[int64]bool, error) {
	all, err := tx.ObjectionsTo(assessment)
	lines := map[int64]bool{}
	for _, o := range all {
		lines[o.LineID] = true
	}
	return lines, err
}
