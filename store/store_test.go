package store

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"duban"
	"duban/calendar"
)

var ctx = context.Background()

var testKey = []byte("0123456789abcdef0123456789abcdef")

func options(tb testing.TB) Options {
	return Options{Path: filepath.Join(tb.TempDir(), "duban.db"), Key: testKey, Relaxed: true}
}

// template is the file of a new database, laid once: the migrations take longer than most tests.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "duban")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "duban.db")
	if err := Init(ctx, Options{Path: path, Key: testKey, Relaxed: true}); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// mustInit puts down a new database and returns how to open it.
func mustInit(tb testing.TB) Options {
	tb.Helper()
	data, err := template()
	if err != nil {
		tb.Fatal(err)
	}
	o := options(tb)
	if err := os.WriteFile(o.Path, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	return o
}

// mustOpen returns a new, empty database that is closed when the test ends.
func mustOpen(tb testing.TB) *Store {
	tb.Helper()
	return mustOpenAt(tb, mustInit(tb))
}

func mustOpenAt(tb testing.TB, o Options) *Store {
	tb.Helper()
	s, err := Open(ctx, o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func mustWrite(tb testing.TB, s *Store, fn func(*Tx) error) {
	tb.Helper()
	if err := s.Write(ctx, fn); err != nil {
		tb.Fatal(err)
	}
}

func mustRead(tb testing.TB, s *Store, fn func(*Tx) error) {
	tb.Helper()
	if err := s.Read(ctx, fn); err != nil {
		tb.Fatal(err)
	}
}

// mustExec changes a database file behind the program's back.
func mustExec(tb testing.TB, path string, statements ...string) {
	tb.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			tb.Fatalf("%s: %v", statement, err)
		}
	}
}

// small is the smallest organisation: an office with an officer.
type small struct {
	unit, person int64
}

func mustPeople(tb testing.TB, s *Store) small {
	tb.Helper()
	var o small
	mustWrite(tb, s, func(tx *Tx) (err error) {
		if o.unit, err = tx.AddUnit(duban.Unit{Name: "市第五中学党委", Kind: duban.SchoolCommittee}); err != nil {
			return err
		}
		if o.person, err = tx.AddPerson(duban.Person{Code: "WF", Name: "王芳"}); err != nil {
			return err
		}
		_, err = tx.SetPost(o.person, o.unit, duban.Officer)
		return err
	})
	return o
}

var due = calendar.Due{Date: calendar.Date{Year: 2026, Month: time.December, Day: 4}}

func task(code string) duban.Task {
	return duban.Task{Code: code, Title: "报送年度总结", Duty: "按模板报送", Evidence: duban.Evidence{Kind: duban.NoEvidence}, Priority: duban.Normal, Review: true}
}

// mustIssue issues one assignment to the smallest organisation.
func mustIssue(tb testing.TB, s *Store, o small) duban.Assignment {
	tb.Helper()
	var a duban.Assignment
	mustWrite(tb, s, func(tx *Tx) error {
		id, err := tx.AddTask(task("T-1"))
		if err != nil {
			return err
		}
		a = duban.Assignment{
			TaskID: id, UnitID: o.unit, OwnerID: o.person, State: duban.Issued, Due: due, OriginalDue: due, IssuedAt: tx.Now, ActedUntil: tx.Now,
			NextAction: tx.Now.Add(time.Hour),
		}
		if id, err = tx.AddAssignment(a, tx.Now.Add(24*time.Hour)); err != nil {
			return err
		}
		a, err = tx.Assignment(id)
		return err
	})
	return a
}
