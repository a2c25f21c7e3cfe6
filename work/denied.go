package work

import (
	"context"
	"errors"
	"strconv"
	"time"

	"duban"
	"duban/store"
)

// denialsApart is how far apart denials of one Telegram user are recorded at least, so that pressing again and again does not fill the record.
const denialsApart = time.Hour

// PressDenied records that somebody pressed a button that was not meant for him: who, and what the button asked for, but nothing of what it was about. It is
// recorded once an hour for each Telegram user. Verb is empty for what no button of ours carries.
func (d *Desk) PressDenied(ctx context.Context, who duban.Actor, telegramID int64, verb string, why duban.Code) error {
	recorded := false
	err := d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		recorded, err = tx.Denied(telegramID, denialsApart)
		return err
	})
	if err != nil || recorded {
		return err
	}
	err = d.write(ctx, who, func(tx *store.Tx) error {
		first, err := tx.NoteDenied(telegramID, denialsApart)
		if err != nil || !first {
			return err
		}
		entry := duban.Entry{Event: duban.EventDenied, PersonID: who.PersonID, Facts: duban.Facts{"what": "press", "reason": string(why)}}
		if verb != "" {
			entry.Facts["verb"] = verb
		}
		if who.PersonID == 0 {
			entry.Note = strconv.FormatInt(telegramID, 10)
		}
		return tx.Record(who, entry)
	})
	if errors.Is(err, duban.ErrRepeated) {
		return nil
	}
	return err
}
