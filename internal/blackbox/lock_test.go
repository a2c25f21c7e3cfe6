package blackbox

import (
	"database/sql"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

// mustLock takes the write lock of a database, as another process that has gone astray would, and returns how to let go of it.
func mustLock(t *testing.T, path string) (release func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=busy_timeout(20000)")
	if err != nil {
		t.Fatal(err)
	}
	var tx *sql.Tx
	for end := time.Now().Add(20 * time.Second); ; {
		if tx, err = db.Begin(); err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
	return func() {
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}
