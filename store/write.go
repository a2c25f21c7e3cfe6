package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"duban/internal/failpoint"
)

// groupLimit is how many closures share one commit at most.
const groupLimit = 256

// errClosed is what writers get after Close.
var errClosed = errors.New("the store is closed")

// writer owns the one connection that writes. Requests that arrive while a commit is under way are run together in the next one.
type writer struct {
	store    *Store
	conn     *sql.Conn
	requests chan *request
	done     chan struct{}
	closing  chan struct{}
	once     sync.Once
	stmts    map[string]*sql.Stmt
	lastOK   atomic.Int64 // unix milliseconds of the last commit
	commits  atomic.Int64
	closures atomic.Int64
}

type request struct {
	ctx    context.Context
	at     time.Time
	fn     func(*Tx) error
	err    error
	posted bool
	plans  bool
	done   chan error
}

func newWriter(s *Store, conn *sql.Conn) *writer {
	return &writer{store: s, conn: conn, requests: make(chan *request, groupLimit), done: make(chan struct{}), closing: make(chan struct{}), stmts: map[string]*sql.Stmt{}}
}

func (w *writer) do(ctx context.Context, at time.Time, fn func(*Tx) error) error {
	r := &request{ctx: context.WithoutCancel(ctx), at: at, fn: fn, done: make(chan error, 1)}
	select {
	case w.requests <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.closing:
		return errClosed
	}
	select {
	case err := <-r.done:
		return err
	case <-w.done:
		select {
		case err := <-r.done:
			return err
		default:
			return errClosed
		}
	}
}

func (w *writer) stop() {
	w.once.Do(func() { close(w.closing) })
	<-w.done
}

func (w *writer) run() {
	defer close(w.done)
	for {
		select {
		case r := <-w.requests:
			w.commit(w.gather(r))
		case <-w.closing:
			w.drain()
			return
		}
	}
}

func (w *writer) drain() {
	for {
		select {
		case r := <-w.requests:
			w.commit(w.gather(r))
		default:
			return
		}
	}
}

// gather collects the closures that wait. Once it finds none it lets others run and looks again: those whom the last commit has just answered
// are about to ask for the next thing, and would otherwise miss this one.
func (w *writer) gather(first *request) []*request {
	group := []*request{first}
	waited := false
	for len(group) < groupLimit {
		select {
		case r := <-w.requests:
			group = append(group, r)
		default:
			if waited {
				return group
			}
			waited = true
			runtime.Gosched()
		}
	}
	return group
}

// commit runs a group in one transaction and answers every caller after it. When the transaction as a whole fails, each member is told.
func (w *writer) commit(group []*request) {
	err := w.transact(group)
	w.store.notice(err)
	for _, r := range group {
		if err != nil && r.err == nil {
			r.err = err
		}
		w.store.notice(r.err)
	}
	w.signal(group)
	for _, r := range group {
		r.done <- r.err
	}
}

// transact runs a group in one transaction. As long as no closure fails after it has written something, none needs a savepoint; when one does,
// everything is undone and run again with savepoints.
func (w *writer) transact(group []*request) error {
	if err := w.begin(); err != nil {
		return err
	}
	failpoint.At(failpoint.WriteBegun)
	for _, r := range group {
		if w.runOne(r).wrote && r.err != nil {
			return w.undo(group)
		}
	}
	return w.end(group)
}

// undo undoes a transaction in which a closure has failed and does the others again.
func (w *writer) undo(group []*request) error {
	if err := w.exec("ROLLBACK"); err != nil {
		return fmt.Errorf("roll back: %w", err)
	}
	if len(group) == 1 {
		return nil
	}
	if err := w.begin(); err != nil {
		return err
	}
	for _, r := range group {
		if err := w.runApart(r); err != nil {
			return errors.Join(err, w.exec("ROLLBACK"))
		}
	}
	return w.end(group)
}

func (w *writer) begin() error {
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin writing: %w", err)
	}
	return nil
}

func (w *writer) end(group []*request) error {
	failpoint.At(failpoint.WriteRan)
	if err := w.exec("COMMIT"); err != nil {
		return errors.Join(fmt.Errorf("commit: %w", err), w.exec("ROLLBACK"))
	}
	failpoint.At(failpoint.WriteCommitted)
	w.store.full.Store(false)
	w.lastOK.Store(time.Now().UnixMilli())
	w.commits.Add(1)
	w.closures.Add(int64(len(group)))
	return nil
}

// runApart runs one closure behind a savepoint, so that its failure undoes nothing but itself. The returned error is of the transaction, not
// of the closure.
func (w *writer) runApart(r *request) error {
	if err := w.exec("SAVEPOINT one"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	if w.runOne(r); r.err != nil {
		if err := w.exec("ROLLBACK TO one"); err != nil {
			return fmt.Errorf("roll back: %w", err)
		}
	}
	return w.exec("RELEASE one")
}

// runOne runs one closure and notes what has become of it.
func (w *writer) runOne(r *request) *Tx {
	at := r.at
	if at.IsZero() {
		at = time.Now()
	}
	tx := &Tx{ctx: r.ctx, q: w.conn, stmts: w.stmts, store: w.store, Now: instant(at), writing: true}
	r.err = guarded(r.fn, tx)
	r.posted, r.plans = tx.posted && r.err == nil, tx.planned && r.err == nil
	return tx
}

func guarded(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return fn(tx)
}

// PanicError is returned by Write when its closure panicked; nothing of it was written.
type PanicError struct {
	Value any
	Stack []byte
}

// Error names the panic without its stack.
func (e *PanicError) Error() string { return fmt.Sprintf("panic in a transaction: %v", e.Value) }

func (w *writer) exec(query string) error {
	tx := &Tx{ctx: context.Background(), q: w.conn, stmts: w.stmts}
	_, err := tx.exec(query)
	return err
}

func (w *writer) signal(group []*request) {
	var posted, planned bool
	for _, r := range group {
		posted = posted || r.posted
		planned = planned || r.plans
	}
	if posted {
		poke(w.store.posted)
	}
	if planned {
		poke(w.store.planned)
	}
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// LastCommit returns when something was last committed; zero before the first.
func (s *Store) LastCommit() time.Time { return fromMS(s.writer.lastOK.Load()) }

// Commits returns how many commits were made and how many closures they carried, since the store was opened.
func (s *Store) Commits() (commits, closures int64) {
	return s.writer.commits.Load(), s.writer.closures.Load()
}
