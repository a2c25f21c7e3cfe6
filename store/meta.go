package store

import (
	"strconv"
	"time"

	"duban"
)

// Meta returns a value that the program keeps for itself; empty when it was never set.
func (tx *Tx) Meta(key string) (string, error) {
	v, err := one(tx, scalar[string], `SELECT v FROM meta WHERE k = $1`, key)
	if duban.CodeOf(err) == duban.NotFound {
		return "", nil
	}
	return v, err
}

// SetMeta keeps a value for the program itself.
func (tx *Tx) SetMeta(key, value string) error {
	_, err := tx.exec(`
		INSERT INTO meta (k, v) VALUES ($1, $2)
		ON CONFLICT (k) DO UPDATE SET v = excluded.v`, key, value)
	return err
}

// MetaTime returns an instant that was kept with SetMetaTime; zero when there is none.
func (tx *Tx) MetaTime(key string) (time.Time, error) {
	v, err := tx.Meta(key)
	if err != nil || v == "" {
		return time.Time{}, err
	}
	n, err := strconv.ParseInt(v, 10, 64)
	return fromMS(n), err
}

// SetMetaTime keeps an instant.
func (tx *Tx) SetMetaTime(key string, t time.Time) error {
	return tx.SetMeta(key, strconv.FormatInt(t.UnixMilli(), 10))
}
