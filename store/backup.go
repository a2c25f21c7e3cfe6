package store

import (
	"context"
	"crypto/hmac"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"duban"
)

// Copy writes the database at path, as it stands at one moment, into a new file that only its owner can read. It reads only, so it may run beside
// `serve`, whose writers go on. What was deleted is not in the copy. It refuses what Open refuses; a cancelled context ends it and leaves no file.
func Copy(ctx context.Context, path, into string) (err error) {
	if err := inspect(path); err != nil {
		return err
	}
	db, err := openHandle(path, "ro", false, 1)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := checkCurrent(ctx, db); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	f, err := os.OpenFile(into, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // SQLite would make it readable to others
	if err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	defer func() {
		if err != nil {
			os.Remove(into)
		}
	}()
	if err := f.Close(); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	if _, err := db.ExecContext(ctx, `VACUUM INTO $1`, into); err != nil {
		return fmt.Errorf("copy the database: %w", damagedOr(err))
	}
	return nil
}

// Contents is what a copy of the database holds.
type Contents struct {
	Schema  int64 // version of the schema
	Older   bool  // `serve` has to bring it up to date
	Entries int64 // of the record
	Head    []byte
	Sealed  bool     // the newest entry was sealed with the key; true as well in an older copy, in which it cannot be told
	Files   []string // where the stored evidence lies, below its folder
}

// Examine looks at every page of a copy that nobody else uses, with SQLite's full check, and tells what it holds. A copy may be of an older
// schema; one that is damaged, foreign or newer is refused with the errors of Open.
func Examine(ctx context.Context, o Options) (Contents, error) {
	var c Contents
	err := alone(ctx, o, func(tx *Tx, db *sql.DB) (err error) {
		if err := checkOurs(ctx, db); err != nil {
			return err
		}
		state, err := schemaState(ctx, db)
		switch {
		case err != nil:
			return err
		case state == schemaNewer:
			return ErrNewer
		}
		c.Older = state == schemaOlder
		if err := soundPages(ctx, db, "integrity_check"); err != nil {
			return err
		}
		return c.read(tx)
	})
	return c, err
}

func (c *Contents) read(tx *Tx) error {
	var err error
	if c.Schema, err = one(tx, scalar[int64], `SELECT MAX(version_id) FROM goose_db_version WHERE is_applied`); err != nil {
		return err
	}
	head, err := tx.RecordHead()
	if err != nil {
		return fmt.Errorf("read the head of the record: %w", err)
	}
	c.Head, c.Sealed = head.Hash, true
	if c.Entries, err = one(tx, scalar[int64], `SELECT COUNT(*) FROM record`); err != nil {
		return err
	}
	if !c.Older {
		if c.Sealed, err = tx.headSealed(); err != nil {
			return err
		}
	}
	c.Files, err = many(tx, scalar[string], `SELECT DISTINCT path FROM file WHERE state = 'stored' ORDER BY path`)
	return err
}

// headSealed reports whether the newest entry of the record was sealed with the key of the store.
func (tx *Tx) headSealed() (bool, error) {
	head, err := one(tx, scanRow, `
		SELECT `+recordColumns+`
		FROM record r
		LEFT JOIN record_note n ON n.seq = r.seq
		ORDER BY r.seq DESC
		LIMIT 1`)
	if duban.CodeOf(err) == duban.NotFound {
		return true, nil
	}
	return err == nil && hmac.Equal(head.mac(tx.store.key), head.Hash), err
}

// VerifyCopy checks the chain of the record in a copy that nobody else uses, as Tx.Verify does.
func VerifyCopy(ctx context.Context, o Options) (count int64, breaks []Break, err error) {
	err = alone(ctx, o, func(tx *Tx, _ *sql.DB) (err error) {
		count, breaks, err = tx.Verify()
		return err
	})
	return count, breaks, err
}

// alone reads a database file that nobody else uses and that stays as it is.
func alone(ctx context.Context, o Options, read func(*Tx, *sql.DB) error) error {
	if err := inspect(o.Path); err != nil {
		return err
	}
	db, err := openHandle(o.Path, "ro", false, 2)
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("open the copy: %w", damagedOr(err))
	}
	defer conn.Close()
	tx := &Tx{ctx: ctx, q: conn, stmts: map[string]*sql.Stmt{}, store: &Store{path: o.Path, key: o.Key}, Now: instant(time.Now())}
	if err := errors.Join(read(tx, db), closeAll(tx.stmts)); err != nil {
		return fmt.Errorf("%s: %w", o.Path, damagedOr(err))
	}
	return nil
}

// Backups is what the program notes of the backups that it makes by the clock.
type Backups struct {
	Good   time.Time `json:"good"`   // when the newest full one was begun that is complete; zero: none yet
	Hour   time.Time `json:"hour"`   // the same of the newest of either kind
	Tried  time.Time `json:"tried"`  // when one was last begun
	Failed int       `json:"failed"` // attempts in a row that failed
	// Lacking is how many files of evidence the newest full one should hold and does not hold as they were handed in.
	Lacking int `json:"lacking,omitempty"`
}

const metaBackups = "backups"

// Backups returns what was last noted with SetBackups.
func (tx *Tx) Backups() (Backups, error) {
	var b Backups
	noted, err := tx.Meta(metaBackups)
	if err != nil || noted == "" {
		return b, err
	}
	return b, json.Unmarshal([]byte(noted), &b)
}

// SetBackups notes what has become of a backup.
func (tx *Tx) SetBackups(b Backups) error {
	noted, err := json.Marshal(b)
	if err != nil {
		return err
	}
	return tx.SetMeta(metaBackups, string(noted))
}
