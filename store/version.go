package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// watch is the connection that is asked whether anything has changed. SQLite counts for each connection apart, so it is always the same.
type watch struct {
	mu   sync.Mutex
	db   *sql.DB
	conn *sql.Conn
	stmt *sql.Stmt
}

// Version returns a number that is another one whenever something has been committed since, by this process or by another one. It costs a few
// microseconds, so that loops may ask before they look for work.
func (s *Store) Version(ctx context.Context) (int64, error) {
	w := &s.changes
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.open(ctx); err != nil {
		return 0, err
	}
	var version int64
	if err := w.stmt.QueryRowContext(ctx).Scan(&version); err != nil {
		return 0, fmt.Errorf("read the version of the data: %w", err)
	}
	return version, nil
}

func (w *watch) open(ctx context.Context) error {
	if w.stmt != nil {
		return nil
	}
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	stmt, err := conn.PrepareContext(ctx, "PRAGMA data_version")
	if err != nil {
		conn.Close()
		return fmt.Errorf("read the version of the data: %w", err)
	}
	w.conn, w.stmt = conn, stmt
	return nil
}

func (w *watch) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn == nil {
		return nil
	}
	return errors.Join(w.stmt.Close(), w.conn.Close())
}
