package work

import (
	"context"
	"fmt"

	"duban"
	"duban/calendar"
	"duban/store"
)

// HeadNews is the data of NewsRecordHead: the head as it was when it was published.
type HeadNews struct {
	Seq   int64  `json:"seq"`
	Check string `json:"check"`
}

// headDay is where the day stands on which the head of the record was published last.
const headDay = "record_head_day"

// PublishHead notes the head of the record once a day and tells it to the administrators of the whole organisation, so that it lies outside the
// database too: what is changed later no longer agrees with what they keep. What was told is never edited, least of all by what the database says
// later. It returns the head, and nothing where the record is empty, or nothing was added since the last time.
func (d *Desk) PublishHead(ctx context.Context, day calendar.Date) (duban.Entry, error) {
	var head duban.Entry
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		head = duban.Entry{}
		last, err := tx.Meta(headDay)
		if err != nil || last >= day.String() {
			return err
		}
		if head, err = tx.PublishHead(); err != nil || head.Seq == 0 {
			return err
		}
		err = tellAdministrators(tx, 0, duban.Notice{
			Key: "record_head:" + day.String(), Kind: duban.NewsRecordHead, Lane: duban.LaneReminder,
			Data: toJSON(HeadNews{Seq: head.Seq, Check: duban.CheckCode(head.Hash)}),
		})
		if err != nil {
			return fmt.Errorf("tell the head of the record: %w", err)
		}
		return tx.SetMeta(headDay, day.String())
	})
	return head, err
}
