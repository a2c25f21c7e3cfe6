package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// Tx is a transaction. It is handed to the closures of Read and Write and is dead when they return.
type Tx struct {
	// Now is the one instant of the transaction, UTC, in whole milliseconds.
	Now time.Time

	ctx     context.Context
	q       *sql.Conn
	stmts   map[string]*sql.Stmt
	store   *Store
	writing bool
	wrote   bool // it may have changed something
	posted  bool
	planned bool
}

// Today returns the local date of Now in the zone of the organisation.
func (tx *Tx) Today() string {
	if tx.store.zone == nil {
		return tx.Now.Format(time.DateOnly)
	}
	return tx.Now.In(tx.store.zone).Format(time.DateOnly)
}

// scanner is one row, of one or of many.
type scanner interface{ Scan(dest ...any) error }

// exec runs a statement and returns how many rows it changed.
func (tx *Tx) exec(query string, args ...any) (int64, error) {
	tx.wrote = true
	stmt, err := tx.prepared(query)
	if err != nil {
		return 0, err
	}
	res, err := stmt.ExecContext(tx.ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (tx *Tx) rows(query string, args ...any) (*sql.Rows, error) {
	stmt, err := tx.prepared(query)
	if err != nil {
		return nil, err
	}
	tx.wrote = tx.wrote || tx.writing && !reads(query)
	return stmt.QueryContext(tx.ctx, args...)
}

// reads reports whether a query changes nothing: the others return what they have changed.
func reads(query string) bool { return strings.HasPrefix(strings.TrimLeft(query, " \t\n"), "SELECT") }

// prepared keeps the statements of the connection, which lives as long as the store.
func (tx *Tx) prepared(query string) (*sql.Stmt, error) {
	if stmt, ok := tx.stmts[query]; ok {
		return stmt, nil
	}
	stmt, err := tx.q.PrepareContext(tx.ctx, query)
	if err != nil {
		return nil, err
	}
	tx.stmts[query] = stmt
	return stmt, nil
}

// closeAll closes prepared statements. Closing their connection would not: its files stay open as long as one statement is.
func closeAll(stmts map[string]*sql.Stmt) error {
	var errs []error
	for query, stmt := range stmts {
		errs = append(errs, stmt.Close())
		delete(stmts, query)
	}
	return errors.Join(errs...)
}

// each runs a query and hands over every row as it is read, until fn returns an error.
func each[T any](tx *Tx, scan func(scanner) (T, error), fn func(T) error, query string, args ...any) error {
	rows, err := tx.rows(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		row, err := scan(rows)
		if err != nil {
			return err
		}
		if err := fn(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// many runs a query and scans every row.
func many[T any](tx *Tx, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	var all []T
	err := each(tx, scan, func(row T) error {
		all = append(all, row)
		return nil
	}, query, args...)
	if err != nil {
		return nil, err
	}
	return all, nil
}

// one runs a query and scans its first row; without a row it returns duban.NotFound.
func one[T any](tx *Tx, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	all, err := many(tx, scan, query, args...)
	if err != nil || len(all) == 0 {
		var zero T
		if err == nil {
			err = notFound(sql.ErrNoRows)
		}
		return zero, err
	}
	return all[0], nil
}

// scalar scans the only column of a row.
func scalar[T any](s scanner) (T, error) {
	var v T
	err := s.Scan(&v)
	return v, err
}

// ms writes an instant as unix milliseconds; the zero instant becomes NULL.
func ms(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// bounds are those of [from, to) in unix milliseconds; a zero instant is open.
func bounds(from, to time.Time) (since, until int64) {
	since, until = max(from.UnixMilli(), 0), math.MaxInt64
	if !to.IsZero() {
		until = to.UnixMilli()
	}
	return since, until
}

func fromMS(v int64) time.Time {
	if v == 0 {
		return time.Time{}
	}
	return time.UnixMilli(v).UTC()
}

func fromNull(v sql.NullInt64) time.Time {
	if !v.Valid {
		return time.Time{}
	}
	return time.UnixMilli(v.Int64).UTC()
}

// ref writes an id that may be absent; 0 becomes NULL.
func ref(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// limited writes a LIMIT into a query as a number: SQLite plans a statement anew each time a parameter of its LIMIT is bound.
func limited(n int) string { return " LIMIT " + strconv.Itoa(n) }

// placeholders writes $1, $2, … $n.
func placeholders(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = "$" + strconv.Itoa(i+1)
	}
	return strings.Join(all, ", ")
}

// list writes ids as text, such as "3 17 4"; empty for none.
func list(ids []int64) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(words, " ")
}

func readList(s string) ([]int64, error) {
	var ids []int64
	for _, word := range strings.Fields(s) {
		id, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// idsAtMost is how many ids listed takes.
const idsAtMost = 32

// listed writes ids as a list of parameters, filled up with an id that nothing has to a length of few, so that the statements with them are few.
func listed(ids []int64) (list string, args []any) {
	n := 1
	for n < len(ids) {
		n *= 2
	}
	args = make([]any, n)
	for i := range args {
		args[i] = int64(0)
		if i < len(ids) {
			args[i] = ids[i]
		}
	}
	return placeholders(n), args
}
