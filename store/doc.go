// Package store keeps everything that Duban knows, in SQL. There is one store; a transaction is a closure:
//
//	err := s.Write(ctx, func(tx *store.Tx) error { … })
//
// Many small writers share one sync of the disk: closures that arrive while a commit is under way run in the next one, each behind its own
// savepoint, and every caller is answered after the commit. A closure may run more than once, so it touches nothing but tx and assigns
// its results.
//
// The text of the queries is the same for SQLite and PostgreSQL; what differs stands in dialect.go and in the tokens of the migrations.
package store
