package store

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ddlTokens are the words of the migrations that differ between engines.
var ddlTokens = map[string]string{
	"{key}":     "INTEGER PRIMARY KEY AUTOINCREMENT",
	"{id}":      "INTEGER",
	"{instant}": "INTEGER",
	"{bytes}":   "BLOB",
	"{bool}":    "INTEGER",
	"{strict}":  "STRICT",
}

// engineSuffix ends the names of migration files that are for this engine only.
const engineSuffix = ".sqlite.sql"

// saidToOthers holds for the data of a letter, or of a message, in which the person $1 says something to somebody who works on an item; withoutWords is such
// data without what was said.
const (
	saidToOthers = `kind IN ('urge', 'steered', 'notice_back') AND CASE WHEN json_valid(data) THEN json_extract(data, '$.by') = $1 END`
	withoutWords = `json_remove(data, '$.words', '$.reason')`
)

// applicationID marks a SQLite file as ours: the letters "DUBN".
const applicationID = 0x4455424E

// pragmas are what every connection must run with. SQLite ignores a misspelt pragma silently, so each is read back when the store opens.
var pragmas = []struct{ name, value, reads string }{
	{"busy_timeout", "5000", "5000"},
	{"journal_mode", "WAL", "wal"},
	{"synchronous", "FULL", "2"},
	{"foreign_keys", "1", "1"},
	{"journal_size_limit", "67108864", "67108864"},
	{"trusted_schema", "0", "0"},
}

func dsn(path, mode string, relaxed bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "file:%s?mode=%s&_txlock=immediate", escapePath(path), mode)
	for _, p := range pragmas {
		if relaxed && p.name == "synchronous" {
			p.value = "OFF"
		}
		if mode == "ro" && p.name == "journal_mode" {
			continue
		}
		fmt.Fprintf(&b, "&_pragma=%s(%s)", p.name, p.value)
	}
	return b.String()
}

// escapePath writes a path so that SQLite reads the whole of it as a file name, not as options.
func escapePath(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

func checkPragmas(db *sql.DB, relaxed bool) error {
	for _, p := range pragmas {
		if relaxed && p.name == "synchronous" {
			continue
		}
		var got string
		if err := db.QueryRow("PRAGMA " + p.name).Scan(&got); err != nil {
			return fmt.Errorf("read pragma %s: %w", p.name, err)
		}
		if got != p.reads {
			return fmt.Errorf("pragma %s is %s, not %s", p.name, got, p.reads)
		}
	}
	return nil
}

// IsUnique reports whether an error says that a row of that key is there already.
func IsUnique(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// IsFull reports whether an error says that the disk has no space left.
func IsFull(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == sqlite3.SQLITE_FULL
}
