package work

import (
	"context"
	"fmt"

	"duban"
	"duban/calendar"
	"duban/store"
)

// MindAssessments reminds of rounds that are open, each of each end once: from the working day before the last one on the units that lose points and have
// not objected, and once the last day is over the administrators, whose turn it is then.
func (d *Desk) MindAssessments(ctx context.Context) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
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
		losing, err := losesSilently(tx, s.Assessment.ID)
		if err != nil {
			return err
		}
		if !losing {
			continue
		}
		if err := d.tellUnitOf(tx, s.Assessment, AssessNews{What: AssessEnding, Assessment: s.Assessment.ID}); err != nil {
			return err
		}
		if err := recordReminded(tx, duban.NewsAssess, duban.Entry{UnitID: s.Assessment.UnitID}); err != nil {
			return err
		}
	}
	return nil
}

// losesSilently reports whether a unit loses points and has not objected to any of it.
func losesSilently(tx *store.Tx, assessment int64) (bool, error) {
	objected, err := objectedTo(tx, assessment)
	if err != nil || len(objected) > 0 {
		return false, err
	}
	lines, err := tx.ScoreLines(assessment)
	for _, l := range lines {
		if l.Counts() > 0 {
			return true, err
		}
	}
	return false, err
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
