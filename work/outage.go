package work

import (
	"fmt"
	"time"

	"duban"
	"duban/store"
)

// The limits of what is told about an outage. A press lives 150 seconds at Telegram, so up to OutageAfter nothing that people did is lost; a
// clean stop of cleanPause at most, such as an update of the program, is nobody's concern.
const (
	OutageAfter = 2 * time.Minute
	cleanPause  = 5 * time.Minute
	inPlay      = 10 * time.Minute
)

// metaStopped names when the program was last stopped cleanly.
const metaStopped = "stopped_at"

// NoteStop notes that the program stops because it was asked to.
func (d *Desk) NoteStop(tx *store.Tx) error { return tx.SetMetaTime(metaStopped, tx.Now) }

// OutageNews is the data of NewsOffline: from when to when the program was offline, in unix milliseconds.
type OutageNews struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// NoteOutage notes that nothing came in from Telegram between two instants: it is recorded, and everybody whose open items were in play is told
// once that a press in between may not have counted. Quiet time holds that.
func (d *Desk) NoteOutage(tx *store.Tx, from, to time.Time) error {
	stopped, err := tx.MetaTime(metaStopped)
	if err != nil {
		return err
	}
	if !stopped.Before(from) && to.Sub(stopped) <= cleanPause {
		return nil
	}
	facts := duban.Facts{"from": from.UnixMilli(), "to": to.UnixMilli()}
	if err := tx.Record(duban.System, duban.Entry{Event: duban.EventOutage, Facts: facts}); err != nil {
		return err
	}
	people, err := tx.InPlay(from.Add(-inPlay), to)
	if err != nil {
		return err
	}
	for _, person := range people {
		err := tx.Post(duban.Notice{
			Key: fmt.Sprintf("offline:%d:%d", from.UnixMilli(), person), Kind: duban.NewsOffline, Lane: duban.LaneReminder, PersonID: person,
			Data: toJSON(OutageNews{from.UnixMilli(), to.UnixMilli()}), NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
