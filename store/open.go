package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"duban"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	path    string
	key     []byte // of the record chain
	zone    *time.Location
	writer  *writer
	reading *readers
	changes watch
	write   *sql.DB
	posted  chan struct{}
	planned chan struct{}
	lost    *loss
	full    atomic.Bool

	ladders sync.Map // of int64 to duban.Ladder: kept ones never change
	closing sync.Once
	closed  error // what closing came to
}

// Options say how to open a database.
type Options struct {
	Path string // of the SQLite file
	Key  []byte // of the record chain and of telephone numbers, 32 bytes
	// Zone is the organisation's, in which absences begin and end; nil is UTC.
	Zone *time.Location
	// Relaxed leaves out the sync of each commit. It is for data that may be lost: the demo and benchmarks of other things.
	Relaxed bool
}

// What can be wrong with a database that is to be opened. Each is told to the operator with what to do.
var (
	ErrMissing = errors.New("the database does not exist: run `duban init` once, or restore a backup")
	ErrEmpty   = errors.New("the database file is empty, which a lost file looks like: restore a backup, or remove the file and run `duban init`")
	ErrForeign = errors.New("the file is not a database of Duban: check the option database")
	ErrDamaged = errors.New("the database file is damaged: keep it as evidence and restore a backup (docs/operations.md)")
	ErrNewer   = errors.New("the database was written by a newer version of Duban: use that version")
	ErrOlder   = errors.New("the database was written by an older version of Duban: start `duban serve` of this version once, which brings it up to date")
	ErrExists  = errors.New("the database exists already")
)

// Path takes a database option such as "sqlite:data/duban.db" apart.
func Path(option string) (string, error) {
	kind, path, ok := strings.Cut(option, ":")
	if !ok || kind != "sqlite" || path == "" {
		return "", fmt.Errorf("database: %q is not of the form sqlite:PATH", option)
	}
	return path, nil
}

// Init creates a database where there is none and brings it to the newest schema. It returns ErrExists where there is a file already.
func Init(ctx context.Context, o Options) error {
	if info, err := os.Stat(o.Path); err == nil && info.Size() > 0 {
		return ErrExists
	}
	if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
		return fmt.Errorf("create the folder of the database: %w", err)
	}
	f, err := os.OpenFile(o.Path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	db, err := openHandle(o.Path, "rw", o.Relaxed, 1)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID)); err != nil {
		return fmt.Errorf("mark the database: %w", err)
	}
	if err := migrate(ctx, db); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `INSERT INTO meta (k, v) VALUES ('sentinel', 'duban'), ($1, $2)`, metaRecordEnd, sealEnd(o.Key, 0, nil))
	return err
}

// Open opens an existing database. It never creates one, and refuses what is missing, empty, foreign, newer or older with the errors above.
func Open(ctx context.Context, o Options) (*Store, error) {
	if err := inspect(o.Path); err != nil {
		return nil, err
	}
	write, err := openHandle(o.Path, "rw", o.Relaxed, 1)
	if err != nil {
		return nil, err
	}
	readers, err := openHandle(o.Path, "ro", o.Relaxed, readerCount+2)
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	s := &Store{path: o.Path, key: o.Key, zone: o.Zone, write: write, reading: newReaders(readers), changes: watch{db: readers}, posted: make(chan struct{}, 1), planned: make(chan struct{}, 1), lost: newLoss()}
	if err := s.admit(ctx, o.Relaxed); err != nil {
		return nil, errors.Join(err, write.Close(), readers.Close())
	}
	conn, err := write.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the database: %w", err), write.Close(), readers.Close())
	}
	s.writer = newWriter(s, conn)
	go s.writer.run()
	return s, nil
}

// Migrate brings an existing database to the newest schema, once it has found no damage in it. Only `serve` does that, while it holds the lock.
func Migrate(ctx context.Context, o Options) error {
	if err := inspect(o.Path); err != nil {
		return err
	}
	db, err := openHandle(o.Path, "rw", o.Relaxed, 1)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := checkOurs(ctx, db); err != nil {
		return fmt.Errorf("%s: %w", o.Path, err)
	}
	switch state, err := schemaState(ctx, db); {
	case err != nil:
		return err
	case state == schemaNewer:
		return ErrNewer
	}
	if err := soundPages(ctx, db, "quick_check"); err != nil {
		return fmt.Errorf("%s: %w", o.Path, err)
	}
	if err := sealOldEnd(ctx, db, o.Key); err != nil {
		return err
	}
	return migrate(ctx, db)
}

func inspect(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: %w", path, ErrMissing)
	case err != nil:
		return fmt.Errorf("look at the database: %w", err)
	case info.Size() == 0:
		return fmt.Errorf("%s: %w", path, ErrEmpty)
	}
	return nil
}

func (s *Store) admit(ctx context.Context, relaxed bool) error {
	if err := checkCurrent(ctx, s.write); err != nil {
		return fmt.Errorf("%s: %w", s.path, err)
	}
	return checkPragmas(s.write, relaxed)
}

// checkCurrent refuses what is not a database of this program's schema.
func checkCurrent(ctx context.Context, db *sql.DB) error {
	if err := checkOurs(ctx, db); err != nil {
		return err
	}
	switch state, err := schemaState(ctx, db); {
	case err != nil:
		return err
	case state == schemaNewer:
		return ErrNewer
	case state == schemaOlder:
		return ErrOlder
	}
	return nil
}

func checkOurs(ctx context.Context, db *sql.DB) error {
	var id int
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return unusable(err)
	}
	if id != applicationID {
		return ErrForeign
	}
	var sentinel string
	if err := db.QueryRowContext(ctx, `SELECT v FROM meta WHERE k = 'sentinel'`).Scan(&sentinel); err != nil {
		return unusable(err)
	}
	return nil
}

func openHandle(path, mode string, relaxed bool, conns int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(path, mode, relaxed))
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// Close finishes what is being written and read and closes the database. What comes after it is refused. It may be called again.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.writer.stop()
		err := errors.Join(closeAll(s.writer.stmts), s.writer.conn.Close())
		s.closed = errors.Join(err, s.changes.close(), s.reading.close(), s.write.Close())
	})
	return s.closed
}

// Posted signals that letters may be waiting in the outbox. It never blocks the writer; signals may fall together.
func (s *Store) Posted() <-chan struct{} { return s.posted }

// Planned signals that the due index may have an earlier entry than before.
func (s *Store) Planned() <-chan struct{} { return s.planned }

// Path returns where the database file lies.
func (s *Store) Path() string { return s.path }

// Check looks for damage with SQLite's own check. It reads the whole file.
func (s *Store) Check(ctx context.Context) error { return soundPages(ctx, s.reading.db, "quick_check") }

// Write runs a closure in a transaction that is committed, and synced to disk, before Write returns nil. The closure may run twice, so it
// touches only tx and assigns its results. A cancelled context stops the waiting for a turn, never a commit under way.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	return s.writer.do(ctx, time.Time{}, fn)
}

// WriteAt is Write with another instant as tx.Now. It is for putting past events into an empty database, such as the sample city.
func (s *Store) WriteAt(ctx context.Context, at time.Time, fn func(*Tx) error) error {
	return s.writer.do(ctx, at, fn)
}

func instant(t time.Time) time.Time { return t.Truncate(time.Millisecond).UTC() }

func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return duban.Refuse(duban.NotFound)
	}
	return err
}
