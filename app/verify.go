package app

import (
	"context"
	"encoding/hex"
	"errors"

	"duban/store"
)

// Verdict is what checking the record has found.
type Verdict struct {
	Entries int64
	Head    string // hash of the newest entry in hexadecimal digits, to be compared with one that was noted elsewhere
	Breaks  []store.Break
}

// Verify checks the chain of the record from its first entry to its head, on one snapshot.
func (o *Office) Verify(ctx context.Context) (Verdict, error) {
	var v Verdict
	err := o.Store.Read(ctx, func(tx *store.Tx) error {
		head, err := tx.RecordHead()
		if err != nil {
			return err
		}
		v.Head = hex.EncodeToString(head.Hash)
		v.Entries, v.Breaks, err = tx.Verify()
		if errors.Is(err, store.ErrBroken) {
			return nil
		}
		return err
	})
	return v, err
}
