package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrUnwritable is the reason of Lost when the disk does not take what is written, or cannot be read.
var ErrUnwritable = errors.New("the disk of the database gives errors or is read-only: look at the disk, then start again")

// Full reports whether the disk had no room for what was last written. Writing is tried again all the time, so it becomes false by itself.
func (s *Store) Full() bool { return s.full.Load() }

// loss is why a database can no longer be used, once that is so.
type loss struct {
	once  sync.Once
	found chan struct{}
	why   error
}

func newLoss() *loss { return &loss{found: make(chan struct{})} }

// Lost is closed when the database can no longer be used: its disk gives errors, has become read-only, or a page turned out to be damaged. Going on
// would only lose more, so the program ends then. A disk that is full is no reason: writing works again once there is room.
func (s *Store) Lost() <-chan struct{} { return s.lost.found }

// WhyLost returns the reason, ErrDamaged or ErrUnwritable; nil while all is well.
func (s *Store) WhyLost() error {
	select {
	case <-s.lost.found:
		return s.lost.why
	default:
		return nil
	}
}

// notice looks at the error of a transaction and remembers the first that means the end, and that the disk is full.
func (s *Store) notice(err error) {
	if IsFull(err) {
		s.full.Store(true)
	}
	if why := fatal(err); why != nil {
		s.lost.once.Do(func() {
			s.lost.why = fmt.Errorf("%w (%v)", why, err)
			close(s.lost.found)
		})
	}
}

// noticeRead is notice for what only reads, where a refusal to write is a mistake of the program and says nothing of the disk.
func (s *Store) noticeRead(err error) {
	if primary(err) != sqlite3.SQLITE_READONLY {
		s.notice(err)
	}
}

// fatal tells an error of the disk or the file from all others.
func fatal(err error) error {
	switch primary(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrDamaged
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
		return ErrUnwritable
	}
	return nil
}

// primary returns the kind of an error of SQLite, 0 for others.
func primary(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

// damagedOr says ErrDamaged for what SQLite calls corrupt, and leaves other errors as they are.
func damagedOr(err error) error {
	if errors.Is(err, ErrDamaged) || fatal(err) != ErrDamaged {
		return err
	}
	return fmt.Errorf("%w (%v)", ErrDamaged, err)
}

// unusable says why a file cannot be read as a database: its disk, another process that holds it for long, or else damage.
func unusable(err error) error {
	switch {
	case fatal(err) == ErrUnwritable:
		return fmt.Errorf("%w (%v)", ErrUnwritable, err)
	case primary(err) == sqlite3.SQLITE_BUSY, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return fmt.Errorf("%w (%v)", ErrDamaged, err)
}

// soundPages runs one of SQLite's checks, quick_check or integrity_check, over the whole file.
func soundPages(ctx context.Context, db *sql.DB, check string) error {
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA "+check+"(1)").Scan(&verdict); err != nil {
		return damagedOr(fmt.Errorf("look for damage: %w", err))
	}
	if verdict != "ok" {
		return fmt.Errorf("%w (%s)", ErrDamaged, verdict)
	}
	return nil
}
