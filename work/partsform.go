package work

import (
	"context"
	"fmt"
	"time"

	"duban"
	"duban/store"
)

// AskPartsForm lets the form by which the parts of an open round are entered in a spreadsheet be sent to the person who asks for it in the chat (分值表).
// Whoever may propose for any of its units may. It is recorded like every table that is taken away.
func (d *Desk) AskPartsForm(ctx context.Context, who duban.Actor, round int64) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		r, err := tx.Round(round)
		if err != nil {
			return err
		}
		if !r.Open() {
			return duban.Refuse(duban.AlreadyDone, "at", r.ClosedAt)
		}
		all, err := Proposable(tx, who, r)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return duban.Refuse(duban.NotAllowed)
		}
		facts := duban.Facts{"table": "parts", "year": r.Year, "units": len(all)}
		if err := tx.Record(who, duban.Entry{Event: duban.EventExported, PersonID: who.PersonID, Facts: facts}); err != nil {
			return err
		}
		return tx.Post(duban.Notice{
			Key:  fmt.Sprintf("assess:form:%d:%d:%d", r.ID, who.PersonID, tx.Now.UnixMilli()),
			Kind: duban.NewsAssess, Lane: duban.LaneAnswer, PersonID: who.PersonID, Data: toJSON(AssessNews{What: AssessForm, Round: r.ID}),
			NotBefore: tx.Now.Add(time.Second), // after the answer that says that it comes
		})
	})
}

// Proposable returns how far the units of a round have come for which somebody may propose. Where several have a name, each has the unit above before it.
func Proposable(tx *store.Tx, who duban.Actor, r duban.AssessmentRound) ([]Standing, error) {
	all, err := Standings(tx, r)
	if err != nil {
		return nil, err
	}
	times := map[string]int{}
	for _, s := range all {
		times[s.Unit.Name]++
	}
	var kept []Standing
	for _, s := range all {
		may, err := May(tx, who, duban.ActPropose, s.Unit.ID)
		if err != nil {
			return nil, err
		}
		if !may {
			continue
		}
		if times[s.Unit.Name] > 1 && s.Unit.ParentID != 0 {
			above, err := tx.Unit(s.Unit.ParentID)
			if err != nil {
				return nil, err
			}
			s.Unit.Name = above.Name + "/" + s.Unit.Name
		}
		kept = append(kept, s)
	}
	return kept, nil
}
