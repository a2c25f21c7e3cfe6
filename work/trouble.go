package work

import (
	"fmt"
	"time"

	"duban"
	"duban/store"
)

// Trouble is what is wrong with the machine or its disks, as far as administrators have to see to it.
type Trouble string

// The troubles. Package text has a sentence for each under "news.trouble.<trouble>".
const (
	BackupFailing   Trouble = "backup"
	BackupLacking   Trouble = "backup_lacks"
	DatabaseDamaged Trouble = "damaged"
	RecordBroken    Trouble = "record"
	DiskLow         Trouble = "disk"
)

// Troubles lists every trouble.
var Troubles = []Trouble{BackupFailing, BackupLacking, DatabaseDamaged, RecordBroken, DiskLow}

// TroubleNews is the data of NewsTrouble.
type TroubleNews struct {
	What  Trouble   `json:"what"`
	Since time.Time `json:"since,omitzero"` // of BackupFailing: when the newest backup was made, zero when there is none
	Free  int64     `json:"free,omitempty"` // of DiskLow: bytes
	N     int       `json:"n,omitempty"`    // of BackupLacking: files; of RecordBroken: places
}

// TellTrouble tells the administrators of the whole organisation, of each trouble once a day at most. It waits for the end of the quiet time.
func (d *Desk) TellTrouble(tx *store.Tx, news TroubleNews) error {
	return tellAdministrators(tx, 0, duban.Notice{
		Key: fmt.Sprintf("trouble:%s:%s", news.What, d.Calendar.Today(tx.Now)), Kind: duban.NewsTrouble, Lane: duban.LaneReminder,
		Data: toJSON(news), NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
	})
}
