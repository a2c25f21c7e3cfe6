package app

import (
	"context"
	"encoding/hex"
	"errors"

	"duban"
	"duban/store"
)

// Break is one thing that is wrong with the record.
type Break = store.Break

// Verdict is what checking the record has found.
type Verdict struct {
	store.Audit
	Head  string // hash of the newest entry in hexadecimal digits, to be compared with one that was noted elsewhere
	Check string // the same as it is told to administrators, see duban.CheckCode
}

// Verify checks the record from its first entry to its head, on one snapshot.
func (o *Office) Verify(ctx context.Context) (Verdict, error) {
	var v Verdict
	err := o.Store.Read(ctx, func(tx *store.Tx) error {
		head, err := tx.RecordHead()
		if err != nil {
			return err
		}
		v.Head, v.Check = hex.EncodeToString(head.Hash), duban.CheckCode(head.Hash)
		v.Audit, err = tx.Audit()
		if errors.Is(err, store.ErrBroken) {
			return nil
		}
		return err
	})
	return v, err
}
