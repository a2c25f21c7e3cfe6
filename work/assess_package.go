package work

import (
	"context"
	"fmt"
	"time"

	"duban"
	"duban/store"
)

// Package is the year-end package of a unit as it is to be sent in the chat.
type Package struct {
	Assessment int64
	Parts      int // files in which it is sent; 0: it is too large, and its workbook goes alone
	Evidence   int // pieces of evidence when it was divided into these parts
}

// AskPackage lets the year-end package of a unit be sent to the person who asks for it in the chat, each part as a letter of its own. It is recorded like
// every table that is taken away.
func (d *Desk) AskPackage(ctx context.Context, who duban.Actor, p Package) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		a, r, err := roundOf(tx, p.Assessment)
		if err != nil {
			return err
		}
		if err := mustMay(tx, who, duban.ActExport, a.UnitID); err != nil {
			return err
		}
		facts := duban.Facts{"table": "yearend", "year": r.Year}
		if err := tx.Record(who, duban.Entry{Event: duban.EventExported, UnitID: a.UnitID, PersonID: who.PersonID, Facts: facts}); err != nil {
			return err
		}
		for part := 1; part <= max(p.Parts, 1); part++ {
			news := AssessNews{What: AssessPackage, Assessment: a.ID, Part: part, Parts: p.Parts, Evidence: p.Evidence}
			err := tx.Post(duban.Notice{
				Key:  fmt.Sprintf("assess:package:%d:%d:%d:%d", a.ID, part, who.PersonID, tx.Now.UnixMilli()),
				Kind: duban.NewsAssess, Lane: duban.LaneAnswer, PersonID: who.PersonID, Data: toJSON(news),
				NotBefore: tx.Now.Add(time.Second), // after the answer that says that it comes
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
