package work

import (
	"context"
	"fmt"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
)

// RecordWish says which part of the record somebody wants to see.
type RecordWish struct {
	Unit   int64         `json:"unit,omitempty"` // with everything below it
	Person int64         `json:"person,omitempty"`
	Task   int64         `json:"task,omitempty"`
	Events []duban.Event `json:"events,omitempty"`
	From   calendar.Date `json:"from,omitzero"`
	To     calendar.Date `json:"to,omitzero"` // belongs to it
}

// RecordScope returns how much of the record an actor may see: by the posts alone, so that a deputy sees no more than before.
func RecordScope(tx *store.Tx, who duban.Actor) (store.RecordScope, error) {
	if who.Trusted() {
		return store.RecordScope{All: true}, nil
	}
	posts, err := tx.Posts(who.PersonID)
	if err != nil {
		return store.RecordScope{}, err
	}
	var scope store.RecordScope
	for _, p := range posts {
		switch duban.Right(duban.ActRecord, p.Role) {
		case duban.Everywhere:
			scope.All = true
		case duban.Subtree, duban.OwnSchool:
			unit, err := tx.Unit(p.UnitID)
			if err != nil {
				return store.RecordScope{}, err
			}
			scope.All = scope.All || unit.ParentID == 0
			scope.Trees = append(scope.Trees, p.UnitID)
		case duban.OwnUnit:
			scope.Units = append(scope.Units, p.UnitID)
		}
	}
	return scope, nil
}

// RecordFilter turns what somebody wants to see into what they may see of it. Whoever may see nothing is refused as NotAllowed.
func (d *Desk) RecordFilter(tx *store.Tx, who duban.Actor, wish RecordWish) (store.RecordFilter, error) {
	scope, err := RecordScope(tx, who)
	if err != nil {
		return store.RecordFilter{}, err
	}
	if scope.Empty() {
		return store.RecordFilter{}, duban.Refuse(duban.NotAllowed)
	}
	f := store.RecordFilter{Scope: scope, Unit: wish.Unit, Person: wish.Person, Task: wish.Task, Events: wish.Events}
	if !wish.From.IsZero() {
		f.From = wish.From.At(calendar.Clock{}, d.Calendar.Zone())
	}
	if !wish.To.IsZero() {
		f.To = wish.To.Add(1).At(calendar.Clock{}, d.Calendar.Zone())
	}
	return f, nil
}

// AskRecord lets the part of the record that somebody looks at be sent to them as a spreadsheet. It is recorded who took it away.
func (d *Desk) AskRecord(ctx context.Context, who duban.Actor, wish RecordWish) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		if _, err := d.RecordFilter(tx, who, wish); err != nil {
			return err
		}
		err := tx.Record(who, duban.Entry{
			Event: duban.EventExported, UnitID: wish.Unit, PersonID: who.PersonID, TaskID: wish.Task, Facts: duban.Facts{"table": "record"},
		})
		if err != nil {
			return err
		}
		return tx.Post(duban.Notice{
			Key:  fmt.Sprintf("record:%d:%d", who.PersonID, tx.Now.UnixMilli()),
			Kind: duban.NewsExport, Lane: duban.LaneAnswer, PersonID: who.PersonID, Data: toJSON(ExportNews{Table: "record", Unit: wish.Unit, Record: &wish}),
			NotBefore: tx.Now.Add(time.Second), // after the answer that says that it comes
		})
	})
}
