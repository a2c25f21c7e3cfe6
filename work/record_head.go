package work

import (
	"context"
	"fmt"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
)

// HeadNews is the data of NewsRecordHead: the month whose heads the message lists, as in 2026-11.
type HeadNews struct {
	Month string `json:"month"`
}

// HeadSubject names the live message about the heads of a month.
func HeadSubject(month string) string { return "record_head:" + month }

// HeadMonth returns the bounds of a month that HeadNews names, in a zone; the second no longer belongs to it.
func HeadMonth(month string, zone *time.Location) (from, to time.Time) {
	from, _ = time.ParseInLocation("2006-01", month, zone)
	return from, from.AddDate(0, 1, 0)
}

// headDay is where the day stands on which the head of the record was published last.
const headDay = "record_head_day"

// PublishHead notes the head of the record once a day and tells it to the administrators of the whole organisation, so that it lies outside the
// database too: what is changed later no longer agrees with what they keep. It returns the head, and nothing where the record is empty, or nothing
// was added since the last time.
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
		month := day.String()[:len("2006-01")]
		err = tellAdministrators(tx, 0, duban.Notice{
			Key: HeadSubject(month), Kind: duban.NewsRecordHead, Lane: duban.LaneReminder, Data: toJSON(HeadNews{Month: month}),
		})
		if err != nil {
			return fmt.Errorf("tell the head of the record: %w", err)
		}
		return tx.SetMeta(headDay, day.String())
	})
	return head, err
}
