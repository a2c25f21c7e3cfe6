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

// Head is a check code of the record that somebody has kept, see duban.ReadHead.
type Head = duban.Head

// ReadHead reads a check code as people are told it.
func ReadHead(said string) (Head, bool) { return duban.ReadHead(said) }

// Verify checks the record from its first entry to its head, on one snapshot, and whether it still holds what was kept of it elsewhere.
func (o *Office) Verify(ctx context.Context, kept ...Head) (Verdict, error) {
	var v Verdict
	err := o.Store.Read(ctx, func(tx *store.Tx) error {
		head, err := tx.RecordHead()
		if err != nil {
			return err
		}
		v.Head, v.Check = hex.EncodeToString(head.Hash), duban.CheckCode(head.Hash)
		v.Audit, err = tx.Audit(kept...)
		if errors.Is(err, store.ErrBroken) {
			return nil
		}
		return err
	})
	return v, err
}
