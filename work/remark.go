package work

import (
	"context"

	"duban"
	"duban/store"
)

// Remark writes a leader's remark on an item (批示). It stands on the card, and the owner and the secretary are told. What has been cancelled takes
// none.
func (d *Desk) Remark(ctx context.Context, who duban.Actor, id int64, remark string) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err != nil {
			return err
		}
		if err := mustMay(tx, who, duban.ActRemark, a.UnitID); err != nil {
			return err
		}
		if !a.State.Visible() || a.State == duban.CalledOff {
			return duban.Refuse(duban.WrongState)
		}
		words, err := given(remark)
		if err != nil {
			return err
		}
		if err := tx.AddRemark(a.ID, who.PersonID, words); err != nil {
			return err
		}
		readers, err := d.Receivers(tx, a)
		if err != nil {
			return err
		}
		after = a
		return d.steered(tx, who, &after, steering{event: duban.EventRemarked, reason: words}, readers)
	})
	return after, err
}
