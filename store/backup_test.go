package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"duban"
)

func mustCopy(t *testing.T, o Options) Options {
	t.Helper()
	c := Options{Path: filepath.Join(t.TempDir(), "copy.db"), Key: o.Key}
	must(t, Copy(ctx, o.Path, c.Path))
	return c
}

func TestACopyHoldsWhatWasCommittedWhenItBegan(t *testing.T) {
	o := mustInit(t)
	s := mustOpenAt(t, o)
	mustRecord(t, s, 20)
	ended := make(chan error)
	writing, stop := context.WithCancel(ctx)
	go func() {
		for writing.Err() == nil {
			err := s.Write(ctx, func(tx *Tx) error { return tx.Record(duban.System, duban.Entry{Event: duban.EventFeedback}) })
			if err != nil {
				ended <- err
				return
			}
		}
		ended <- nil
	}()
	for range 5 {
		var before, after duban.Entry
		mustRead(t, s, func(tx *Tx) (err error) { before, err = tx.RecordHead(); return err })
		c := mustCopy(t, o)
		mustRead(t, s, func(tx *Tx) (err error) { after, err = tx.RecordHead(); return err })
		got, err := Examine(ctx, c)
		must(t, err)
		if got.Entries < before.Seq || got.Entries > after.Seq || !got.Sealed || got.Older {
			t.Errorf("%d entries, between %d and %d: %+v", got.Entries, before.Seq, after.Seq, got)
		}
		if n, breaks, err := VerifyCopy(ctx, c); err != nil || n != got.Entries {
			t.Errorf("%d entries, %v: %v", n, breaks, err)
		}
		if info, err := os.Stat(c.Path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v %v", info.Mode(), err)
		}
	}
	stop()
	must(t, <-ended)
}

func TestACopyIsMadeOfADatabaseThatNobodyHasOpen(t *testing.T) {
	o := mustInit(t)
	must(t, checkpoint(o.Path))
	os.Remove(o.Path + "-wal")
	os.Remove(o.Path + "-shm")
	if _, err := Examine(ctx, mustCopy(t, o)); err != nil {
		t.Fatal(err)
	}
}

func TestACopyHoldsNothingThatWasDeleted(t *testing.T) {
	o := mustInit(t)
	s := mustOpenAt(t, o)
	secret := []byte("what nobody may read any more")
	mustWrite(t, s, func(tx *Tx) error { return tx.SetMeta("secret", string(secret)) })
	mustExec(t, o.Path, `DELETE FROM meta WHERE k = 'secret'`)
	content, err := os.ReadFile(mustCopy(t, o).Path)
	must(t, err)
	if bytes.Contains(content, secret) {
		t.Error("it is in the copy")
	}
}

func TestACopyNeverReplacesAFileAndLeavesNoneBehind(t *testing.T) {
	o := mustInit(t)
	there := filepath.Join(t.TempDir(), "there")
	must(t, os.WriteFile(there, []byte("mine"), 0o600))
	if err := Copy(ctx, o.Path, there); !errors.Is(err, os.ErrExist) {
		t.Errorf("got %v", err)
	}
	if content, err := os.ReadFile(there); err != nil || string(content) != "mine" {
		t.Errorf("%q %v", content, err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	into := filepath.Join(t.TempDir(), "copy.db")
	if err := Copy(cancelled, o.Path, into); err == nil {
		t.Error("a cancelled copy succeeded")
	}
	if _, err := os.Stat(into); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it left a file: %v", err)
	}
}

func TestADamagedDatabaseIsNotCopied(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, path string, size int64){
		"header": func(t *testing.T, path string, _ int64) { overwrite(t, path, 0, 64) },
		"pages":  func(t *testing.T, path string, size int64) { overwrite(t, path, 4096, size-4096) },
		"short":  func(t *testing.T, path string, size int64) { must(t, os.Truncate(path, size/2)) },
		"empty":  func(t *testing.T, path string, _ int64) { must(t, os.Truncate(path, 0)) },
	} {
		t.Run(name, func(t *testing.T) {
			o := mustInit(t)
			must(t, checkpoint(o.Path))
			info, err := os.Stat(o.Path)
			must(t, err)
			spoil(t, o.Path, info.Size())
			into := filepath.Join(t.TempDir(), "copy.db")
			if err := Copy(ctx, o.Path, into); !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrEmpty) {
				t.Errorf("got %v", err)
			}
			if _, err := os.Stat(into); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("it left a file: %v", err)
			}
		})
	}
}

func TestExamineTellsWhatIsWrongWithACopy(t *testing.T) {
	o := mustInit(t)
	s := mustOpenAt(t, o)
	mustRecord(t, s, 3)
	for name, test := range map[string]struct {
		spoil func(o *Options)
		want  error
		holds func(Contents) bool
	}{
		"nothing":     {func(*Options) {}, nil, func(c Contents) bool { return c.Sealed && !c.Older && c.Entries == 3 }},
		"another key": {func(o *Options) { o.Key = bytes.Repeat([]byte{7}, 32) }, nil, func(c Contents) bool { return !c.Sealed }},
		"newer": {func(o *Options) {
			mustExec(t, o.Path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
		}, ErrNewer, nil},
		"of another":    {func(o *Options) { mustExec(t, o.Path, `PRAGMA application_id = 7`) }, ErrForeign, nil},
		"older":         {func(o *Options) { mustExec(t, o.Path, `DELETE FROM goose_db_version WHERE version_id > 1`) }, nil, func(c Contents) bool { return c.Older && c.Schema == 1 }},
		"a lost page":   {func(o *Options) { overwrite(t, o.Path, 3*4096, 4096) }, ErrDamaged, nil},
		"without a row": {func(o *Options) { mustExec(t, o.Path, `DROP TABLE meta`) }, ErrDamaged, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := mustCopy(t, o)
			test.spoil(&c)
			got, err := Examine(ctx, c)
			if !errors.Is(err, test.want) || test.holds != nil && !test.holds(got) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func TestWhatIsNotedOfBackupsIsFoundAgain(t *testing.T) {
	s := mustOpen(t)
	var none, got Backups
	noted := Backups{Good: testNow, Tried: testNow, Failed: 2}
	mustRead(t, s, func(tx *Tx) (err error) { none, err = tx.Backups(); return err })
	mustWrite(t, s, func(tx *Tx) error { return tx.SetBackups(noted) })
	mustRead(t, s, func(tx *Tx) (err error) { got, err = tx.Backups(); return err })
	if none != (Backups{}) || got != noted {
		t.Errorf("%+v, then %+v", none, got)
	}
}
