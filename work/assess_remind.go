package work

import (
	"context"
	"fmt"
	"slices"

	"duban"
	"duban/calendar"
	"duban/store"
)

// MindAssessments reminds of rounds that are open, each of each end once: from the working day before the last one on the units that have not looked at
// what is proposed of them, or lose points and have not objected, and once the last day is over the administrators, whose turn it is then.
func (d *Desk) MindAssessments(ctx context.Context) error {
	return d.write(ctx, duban.System, func(tx *store.Tx) error {
		rounds, err := tx.Rounds()
		if err != nil {
			return err
		}
		for _, r := range rounds {
			if !r.Open() {
				continue
			}
			if err := d.mindRound(tx, r); err != nil {
				return fmt.Errorf("remind of the assessment of %d: %w", r.Year, err)
			}
		}
		return nil
	})
}

func (d *Desk) mindRound(tx *store.Tx, r duban.AssessmentRound) error {
	today := d.Calendar.Today(tx.Now)
	switch {
	case today.After(r.Until):
		return onceFor(tx, "assess_over", r, func() error { return d.tellOver(tx, r) })
	case !today.Before(d.eve(r.Until)):
		return onceFor(tx, "assess_ending", r, func() error { return d.tellEnding(tx, r) })
	}
	return nil
}

// eve is the last working day before a day.
func (d *Desk) eve(day calendar.Date) calendar.Date {
	for day = day.Add(-1); !d.Calendar.IsWorkingDay(day); {
		day = day.Add(-1)
	}
	return day
}

// onceFor does something once for the end that a round has now; another end is another time.
func onceFor(tx *store.Tx, what string, r duban.AssessmentRound, do func() error) error {
	key := fmt.Sprintf("%s:%d", what, r.ID)
	done, err := tx.Meta(key)
	if err != nil || done == r.Until.String() {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return tx.SetMeta(key, r.Until.String())
}

func (d *Desk) tellEnding(tx *store.Tx, r duban.AssessmentRound) error {
	all, err := Standings(tx, r)
	if err != nil {
		return err
	}
	for _, s := range all {
		what, err := endingOf(tx, s)
		if err != nil {
			return err
		}
		if what == "" {
			continue
		}
		if err := d.tellUnitOf(tx, s.Assessment, AssessNews{What: what, Assessment: s.Assessment.ID}); err != nil {
			return err
		}
		if err := recordReminded(tx, duban.NewsAssess, duban.Entry{UnitID: s.Assessment.UnitID}); err != nil {
			return err
		}
	}
	return nil
}

// endingOf is of what a unit is reminded before the time to object ends: that it has not looked yet, or that it loses points and has not objected to any;
// "" where there is nothing to remind of.
func endingOf(tx *store.Tx, s Standing) (AssessWhat, error) {
	loses := slices.ContainsFunc(s.Lines, func(l duban.ScoreLine) bool { return l.Counts() > 0 })
	objected, err := objectedTo(tx, s.Assessment.ID)
	switch {
	case err != nil, s.Assessment.ToCompute, len(objected) > 0:
		return "", err
	case s.Assessment.LookedAt.IsZero():
		return AssessUnseen, nil
	case loses:
		return AssessEnding, nil
	}
	return "", nil
}

func (d *Desk) tellOver(tx *store.Tx, r duban.AssessmentRound) error {
	administrators, err := administratorsOr(tx, 0)
	if err != nil {
		return err
	}
	if err := d.tellAssess(tx, AssessNews{What: AssessOver, Round: r.ID}, administrators); err != nil {
		return err
	}
	return recordReminded(tx, duban.NewsAssess, duban.Entry{})
}

// recordReminded records that the program has reminded of something that is no item.
func recordReminded(tx *store.Tx, of duban.NewsKind, e duban.Entry) error {
	e.Event, e.Facts = duban.EventReminded, duban.Facts{"news": string(of)}
	return tx.Record(duban.System, e)
}
