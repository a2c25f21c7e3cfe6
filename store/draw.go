package store

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Draw returns a number for a purpose and an id that is always the same and looks random: whoever does not have the key of the database can neither
// tell it nor bring it about.
func (tx *Tx) Draw(purpose string, id int64) uint64 {
	mac := hmac.New(sha256.New, tx.store.key)
	fmt.Fprintf(mac, "draw %s %d", purpose, id)
	return binary.BigEndian.Uint64(mac.Sum(nil))
}

// UnitsOf returns to how many units a task was given.
func (tx *Tx) UnitsOf(task int64) (int, error) {
	return one(tx, scalar[int], `SELECT COUNT(*) FROM assignment WHERE task_id = $1`, task)
}
