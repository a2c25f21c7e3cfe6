package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"duban"
)

// metaRecordEnd is the key under which the end of the record stands: number and hash of the newest entry, sealed with the key of the chain. Whoever cuts
// entries off cannot seal an earlier end.
const metaRecordEnd = "record_end"

// recordEnd is the end of the record as it was sealed. Its zero value is one that is missing or was not sealed with our key.
type recordEnd struct {
	sealed bool
	seq    int64
	hash   string // in hexadecimal digits
}

func sealEnd(key []byte, seq int64, hash []byte) string {
	end := fmt.Sprintf("%d %x", seq, hash)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("record end " + end))
	return fmt.Sprintf("%s %x", end, mac.Sum(nil))
}

// end returns where the record was last said to end.
func (tx *Tx) end() (recordEnd, error) {
	said, err := tx.Meta(metaRecordEnd)
	if err != nil {
		return recordEnd{}, err
	}
	return readEnd(tx.store.key, said), nil
}

func readEnd(key []byte, said string) recordEnd {
	parts := strings.Split(said, " ")
	if len(parts) != 3 {
		return recordEnd{}
	}
	seq, err := strconv.ParseInt(parts[0], 10, 64)
	hash, bad := hex.DecodeString(parts[1])
	if err != nil || bad != nil || !hmac.Equal([]byte(sealEnd(key, seq, hash)), []byte(said)) {
		return recordEnd{}
	}
	return recordEnd{true, seq, parts[1]}
}

// is reports whether an entry is the one at which the record was sealed.
func (e recordEnd) is(newest duban.Entry) bool {
	return e.sealed && e.seq == newest.Seq && e.hash == hex.EncodeToString(newest.Hash)
}

// numberAfter returns the number of the entry that comes after the newest one. Where the record does not end as it was sealed, it leaves out the numbers that
// are missing, one at least: an entry that is appended must not hide for ever that others were cut off before it.
func (tx *Tx) numberAfter(newest duban.Entry) (int64, error) {
	end, err := tx.end()
	if err != nil || end.is(newest) {
		return newest.Seq + 1, err
	}
	return max(newest.Seq+1, end.seq) + 1, nil
}

// endSealedSince is the migration that forgets the number of entries, which older versions kept in place of the sealed end.
const endSealedSince = 31

// sealOldEnd seals the end of a record that was written by a version which only counted the entries. It runs before the migration that forgets the number,
// and never again: a seal that is missing later was removed.
func sealOldEnd(ctx context.Context, db *sql.DB, key []byte) error {
	version, err := schemaVersion(ctx, db)
	if err != nil || version >= endSealedSince {
		return err
	}
	var newest duban.Entry
	err = db.QueryRowContext(ctx, `SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1`).Scan(&newest.Seq, &newest.Hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read the end of the record: %w", err)
	}
	counted := newest.Seq
	err = db.QueryRowContext(ctx, `SELECT v FROM meta WHERE k = 'record_count'`).Scan(&counted)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read the number of entries: %w", err)
	}
	_, err = db.ExecContext(ctx, `
		INSERT INTO meta (k, v) VALUES ($1, $2)
		ON CONFLICT (k) DO UPDATE SET v = excluded.v`, metaRecordEnd, sealEnd(key, counted, newest.Hash))
	if err != nil {
		return fmt.Errorf("seal the end of the record: %w", err)
	}
	return nil
}
