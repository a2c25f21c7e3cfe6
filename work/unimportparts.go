package work

import (
	"slices"

	"duban"
	"duban/store"
)

// part brings a part of an assessment back to what was entered before, or takes out one that was new, as long as the round is open.
func (u *undoing) part(step store.Step) (UndoLeft, error) {
	before, err := fromJSON[duban.ScorePart](step.Before)
	if err != nil {
		return UndoLeft{}, err
	}
	after, err := fromJSON[duban.ScorePart](step.After)
	if err != nil {
		return UndoLeft{}, err
	}
	a, err := u.tx.Assessment(step.ThingID)
	if err != nil {
		return UndoLeft{}, err
	}
	left, err := u.leftOfPart(a, after)
	if err != nil || left.Reason != "" {
		return left, err
	}
	if step.Did == store.DidAdd {
		return left, dropPart(u.tx, u.who, a, after.Part, u.reason)
	}
	before.EnteredBy = u.who.PersonID
	return left, u.desk.savePart(u.tx, u.who, a, before)
}

// leftOfPart says why a part stays as the import left it, if it does.
func (u *undoing) leftOfPart(a duban.Assessment, after duban.ScorePart) (UndoLeft, error) {
	unit, err := u.tx.Unit(a.UnitID)
	if err != nil {
		return UndoLeft{}, err
	}
	left := UndoLeft{Name: unit.Name}
	round, err := u.tx.Round(a.RoundID)
	if err != nil {
		return left, err
	}
	may, err := May(u.tx, u.who, duban.ActPropose, a.UnitID)
	if err != nil {
		return left, err
	}
	all, err := u.tx.ScoreParts(a.ID)
	stands := slices.ContainsFunc(all, func(p duban.ScorePart) bool {
		return p.Part == after.Part && p.Points == after.Points && p.Reason == after.Reason
	})
	switch {
	case !round.Open():
		left.Reason = UndoClosed
	case !may:
		left.Reason = UndoNotAllowed
	case !stands:
		left.Reason = UndoChanged
	}
	return left, err
}

// dropPart takes out a part that was entered for an assessment, and records why.
func dropPart(tx *store.Tx, who duban.Actor, a duban.Assessment, part, why string) error {
	if err := tx.DropScorePart(a.ID, part); err != nil {
		return err
	}
	return recordScore(tx, who, a, duban.EventScored, 0, duban.Facts{"assessment": a.ID, "part": part, "dropped": true}, why)
}
