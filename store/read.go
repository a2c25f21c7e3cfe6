package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// readerCount is how many transactions can read at once.
const readerCount = 8

// reader is one connection that reads, with the statements it has prepared: preparing one costs more than running it.
type reader struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

// readers is the pool of connections that read. A connection is opened when it is first needed.
type readers struct {
	db      *sql.DB
	free    chan *reader
	closing chan struct{}
}

func newReaders(db *sql.DB) *readers {
	r := &readers{db: db, free: make(chan *reader, readerCount), closing: make(chan struct{})}
	for range readerCount {
		r.free <- &reader{stmts: map[string]*sql.Stmt{}}
	}
	return r
}

// take waits for a connection that is free.
func (r *readers) take(ctx context.Context) (*reader, error) {
	select {
	case one := <-r.free:
		if one.conn != nil {
			return one, nil
		}
		conn, err := r.db.Conn(ctx)
		if err != nil {
			r.free <- one
			return nil, err
		}
		one.conn = conn
		return one, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-r.closing:
		return nil, errClosed
	}
}

// give puts a connection back. One that failed to end its transaction is closed and opened anew when it is next needed.
func (r *readers) give(one *reader) {
	if _, err := one.conn.ExecContext(context.Background(), "ROLLBACK"); err != nil {
		_ = one.close() // it has failed already
	}
	r.free <- one
}

func (r *reader) close() error {
	err := errors.Join(closeAll(r.stmts), r.conn.Close())
	r.conn = nil
	return err
}

// close waits for those who read, and refuses everybody after them.
func (r *readers) close() error {
	close(r.closing)
	var errs []error
	for range readerCount {
		if one := <-r.free; one.conn != nil {
			errs = append(errs, one.close())
		}
	}
	return errors.Join(append(errs, r.db.Close())...)
}

// Read runs a closure on one snapshot of the database. The closure cannot write.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) error {
	one, err := s.reading.take(ctx)
	if err != nil {
		return fmt.Errorf("begin reading: %w", err)
	}
	defer s.reading.give(one)
	if _, err := one.conn.ExecContext(ctx, "BEGIN"); err != nil {
		return fmt.Errorf("begin reading: %w", err)
	}
	err = fn(&Tx{ctx: ctx, q: one.conn, stmts: one.stmts, store: s, Now: instant(time.Now())})
	s.noticeRead(err)
	return err
}
