package store

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"duban"
)

func TestOpenRefusesWhatIsNotAWholeDatabaseOfThisVersion(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(*testing.T, string)
		want  error
	}{
		{"missing", func(t *testing.T, path string) { must(t, os.Remove(path)) }, ErrMissing},
		{"empty", func(t *testing.T, path string) { must(t, os.Truncate(path, 0)) }, ErrEmpty},
		{"of another program", func(t *testing.T, path string) {
			must(t, os.Remove(path))
			mustExec(t, path, `CREATE TABLE note (body TEXT)`)
		}, ErrForeign},
		{"of another program that used goose", func(t *testing.T, path string) { mustExec(t, path, `PRAGMA application_id = 7`) }, ErrForeign},
		{"newer", func(t *testing.T, path string) {
			mustExec(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
		}, ErrNewer},
		{"older", func(t *testing.T, path string) {
			mustExec(t, path, `DELETE FROM goose_db_version WHERE version_id = (SELECT MAX(version_id) FROM goose_db_version)`)
		}, ErrOlder},
		{"without its tables", func(t *testing.T, path string) { mustExec(t, path, `DROP TABLE meta`) }, ErrDamaged},
		{"with a torn header", func(t *testing.T, path string) { overwrite(t, path, 0, 64) }, ErrDamaged},
		{"cut short", func(t *testing.T, path string) { must(t, os.Truncate(path, 4096)) }, ErrDamaged},
		{"no database at all", func(t *testing.T, path string) {
			must(t, os.WriteFile(path, bytes.Repeat([]byte("roster,unit\n"), 1000), 0o600))
		}, ErrDamaged},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := mustInit(t)
			must(t, checkpoint(o.Path))
			test.spoil(t, o.Path)
			s, err := Open(ctx, o)
			if err == nil {
				s.Close()
			}
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func checkpoint(path string) error {
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

func overwrite(t *testing.T, path string, from, n int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	defer f.Close()
	_, err = f.WriteAt(bytes.Repeat([]byte{0xAB}, int(n)), from)
	must(t, err)
}

func TestOpenNeverCreatesAFile(t *testing.T) {
	o := options(t)
	if _, err := Open(ctx, o); !errors.Is(err, ErrMissing) {
		t.Fatalf("got %v", err)
	}
	if _, err := os.Stat(o.Path); !os.IsNotExist(err) {
		t.Errorf("there is a file now: %v", err)
	}
}

func TestInitLeavesAnExistingDatabaseAlone(t *testing.T) {
	o := mustInit(t)
	mustExec(t, o.Path, `INSERT INTO meta (k, v) VALUES ('mine', 'kept')`)
	if err := Init(ctx, o); !errors.Is(err, ErrExists) {
		t.Fatalf("got %v", err)
	}
	s := mustOpenAt(t, o)
	mustRead(t, s, func(tx *Tx) error {
		if v, err := tx.Meta("mine"); err != nil || v != "kept" {
			t.Errorf("got %q, %v", v, err)
		}
		return nil
	})
}

func TestMigrateBringsAnOlderDatabaseUpToDateAndKeepsWhatIsInIt(t *testing.T) {
	o := options(t)
	must(t, os.WriteFile(o.Path, nil, 0o600))
	db, err := openHandle(o.Path, "rw", true, 1)
	must(t, err)
	p, err := provider(db)
	must(t, err)
	if _, err := p.UpTo(ctx, 3); err != nil {
		t.Fatal(err)
	}
	must(t, db.Close())
	mustExec(t, o.Path, fmt.Sprintf("PRAGMA application_id = %d", applicationID), `INSERT INTO meta (k, v) VALUES ('sentinel', 'duban'), ('mine', 'kept')`,
		`INSERT INTO unit (id, name, kind) VALUES (1, '市第五中学党委', 'school_committee')`,
		`INSERT INTO person (id, code, name) VALUES (1, 'WF', '王芳')`,
		`INSERT INTO task (id, code, title, duty, evidence, review, priority, created_at) VALUES (1, 'DJ-01', '总结', '报送', 'none', 1, 'normal', 1)`,
		`INSERT INTO assignment (id, task_id, unit_id, owner_id, state, due_date, due_end, issued_at, submitted_at, version)
			VALUES (7, 1, 1, 1, 'submitted', '2026-12-04', 2, 1, 1, 5)`,
		`INSERT INTO submission (assignment_id, person_id, at, state) VALUES (7, 1, 1, 'waiting')`,
		`INSERT INTO progress (assignment_id, person_id, at, percent, body) VALUES (7, 1, 1, 50, '一半')`)
	if err := Migrate(ctx, o); err != nil {
		t.Fatal(err)
	}
	s := mustOpenAt(t, o)
	mustRead(t, s, func(tx *Tx) error {
		if v, err := tx.Meta("mine"); err != nil || v != "kept" {
			t.Errorf("got %q, %v", v, err)
		}
		a, err := tx.Assignment(7)
		if err != nil || a.State != duban.Submitted || a.Version != 5 || a.OwnerID != 1 {
			t.Errorf("the assignment is %+v, %v", a, err)
		}
		if sub, err := tx.OpenSubmission(7); err != nil || sub.PersonID != 1 {
			t.Errorf("its submission is %+v, %v", sub, err)
		}
		if n, err := one(tx, scalar[int], `SELECT COUNT(*) FROM pragma_foreign_key_check`); err != nil || n != 0 {
			t.Errorf("%d rows point to nothing, %v", n, err)
		}
		return nil
	})
	err = s.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec(`INSERT INTO submission (assignment_id, person_id, at, state) VALUES (8, 1, 1, 'returned')`)
		return err
	})
	if err == nil {
		t.Error("a submission without an assignment was taken")
	}
}

func TestMigrateRefusesANewerDatabase(t *testing.T) {
	o := mustInit(t)
	mustExec(t, o.Path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
	if err := Migrate(ctx, o); !errors.Is(err, ErrNewer) {
		t.Errorf("got %v", err)
	}
}

func TestEveryConnectionRunsWithItsPragmas(t *testing.T) {
	o := mustInit(t)
	o.Relaxed = false
	s := mustOpenAt(t, o)
	for _, p := range pragmas {
		var got string
		must(t, s.writer.conn.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got))
		if got != p.reads {
			t.Errorf("writing: %s is %s, not %s", p.name, got, p.reads)
		}
		if p.name == "synchronous" || p.name == "journal_mode" {
			continue
		}
		must(t, s.reading.db.QueryRow("PRAGMA "+p.name).Scan(&got))
		if got != p.reads {
			t.Errorf("reading: %s is %s, not %s", p.name, got, p.reads)
		}
	}
	if err := s.Read(ctx, func(tx *Tx) error { return tx.SetMeta("a", "b") }); err == nil {
		t.Error("a reading closure could write")
	}
}

func TestAPathWithOptionCharactersIsAFileName(t *testing.T) {
	o := Options{Path: filepath.Join(t.TempDir(), "a?mode=memory#b%20.db"), Key: testKey, Relaxed: true}
	must(t, Init(ctx, o))
	mustOpenAt(t, o)
	if _, err := os.Stat(o.Path); err != nil {
		t.Error(err)
	}
}

func TestOneServerAtATimeHoldsTheLock(t *testing.T) {
	o := mustInit(t)
	release, err := Lock(o.Path)
	must(t, err)
	if _, err := Lock(o.Path); !errors.Is(err, ErrLocked) {
		t.Errorf("a second lock: %v", err)
	}
	must(t, release())
	again, err := Lock(o.Path)
	must(t, err)
	must(t, again())
}

func TestCheckFindsADamagedPage(t *testing.T) {
	o := mustInit(t)
	s, err := Open(ctx, o)
	must(t, err)
	must(t, s.Check(ctx))
	mustWrite(t, s, func(tx *Tx) error {
		for i := range 200 {
			if err := tx.SetMeta(strings.Repeat("k", i+1), strings.Repeat("v", 200)); err != nil {
				return err
			}
		}
		return nil
	})
	must(t, s.Close())
	must(t, checkpoint(o.Path))
	info, err := os.Stat(o.Path)
	must(t, err)
	overwrite(t, o.Path, info.Size()-3*4096, 4096)
	s, err = Open(ctx, o)
	if err == nil {
		defer s.Close()
		err = s.Check(ctx)
	}
	if !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

func TestTheDatabaseOptionNamesAFile(t *testing.T) {
	if path, err := Path("sqlite:data/duban.db"); err != nil || path != "data/duban.db" {
		t.Errorf("got %q, %v", path, err)
	}
	for _, wrong := range []string{"", "data/duban.db", "sqlite:", "postgres:dsn"} {
		if _, err := Path(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}
