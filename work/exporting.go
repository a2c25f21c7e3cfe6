package work

import (
	"context"
	"fmt"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
)

// ExportNews is the data of NewsExport: which table the reader asked for. The table is made when the letter leaves.
type ExportNews struct {
	Table        string        `json:"table"`
	Unit         int64         `json:"unit"` // with everything below it
	Announcement int64         `json:"announcement,omitempty"`
	Period       string        `json:"period,omitempty"` // the name of the days, for the caption
	From         calendar.Date `json:"from,omitzero"`
	To           calendar.Date `json:"to,omitzero"`
	Record       *RecordWish   `json:"record,omitempty"` // of the record: what else narrows it down, under the rights to the record
}

// AskExport (导出) lets a table about a unit be sent as a file to the person who asks for it in the chat. It is recorded, since what is taken away
// is no longer in the program's hands. An announcement that does not exist is refused as NotFound.
func (d *Desk) AskExport(ctx context.Context, who duban.Actor, wanted ExportNews) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		if err := mustMay(tx, who, duban.ActExport, wanted.Unit); err != nil {
			return err
		}
		if wanted.Announcement != 0 {
			if _, err := tx.Announcement(wanted.Announcement); err != nil {
				return err
			}
		}
		facts := duban.Facts{"table": wanted.Table}
		if wanted.Period != "" {
			facts["period"] = wanted.Period
		}
		err := tx.Record(who, duban.Entry{
			Event: duban.EventExported, UnitID: wanted.Unit, PersonID: who.PersonID, AnnouncementID: wanted.Announcement, Facts: facts,
		})
		if err != nil {
			return err
		}
		return tx.Post(duban.Notice{
			Key:  fmt.Sprintf("export:%d:%d:%s", who.PersonID, tx.Now.UnixMilli(), wanted.Table),
			Kind: duban.NewsExport, Lane: duban.LaneAnswer, PersonID: who.PersonID, Data: toJSON(wanted),
			NotBefore: tx.Now.Add(time.Second), // after the answer that says that it comes
		})
	})
}
