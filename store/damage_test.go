package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"duban"
)

var testNow = time.Date(2026, 11, 23, 2, 30, 0, 0, time.UTC)

// fillWith writes entries of some size until writing fails, and returns how many were acknowledged.
func fillWith(s *Store, size int) (acknowledged int64, err error) {
	note := string(bytes.Repeat([]byte("x"), size))
	for range 10_000 {
		err = s.Write(ctx, func(tx *Tx) error {
			return tx.Record(duban.System, duban.Entry{Event: duban.EventFeedback, Note: note})
		})
		if err != nil {
			return acknowledged, err
		}
		acknowledged++
	}
	return acknowledged, errors.New("it never got full")
}

func mustHold(t *testing.T, s *Store, entries int64) {
	t.Helper()
	mustRead(t, s, func(tx *Tx) error {
		if n, breaks, err := tx.Verify(); err != nil || n != entries {
			t.Errorf("%d entries instead of %d, %v: %v", n, entries, breaks, err)
		}
		return nil
	})
}

func TestAFullDatabaseRefusesWholeTransactionsAndGoesOnOnceThereIsRoom(t *testing.T) {
	o := mustInit(t)
	s := mustOpenAt(t, o)
	pages := func(n int) { // one connection writes, and nobody writes now
		must(t, s.writer.exec(fmt.Sprintf("PRAGMA max_page_count = %d", n)))
	}
	pages(200)
	acknowledged, err := fillWith(s, 4000)
	if !IsFull(err) || acknowledged == 0 {
		t.Fatalf("after %d entries: %v", acknowledged, err)
	}
	mustHold(t, s, acknowledged)
	if s.WhyLost() != nil || !s.Full() {
		t.Errorf("a full database counts as lost: %v, as full: %v", s.WhyLost(), s.Full())
	}
	pages(100_000)
	mustRecord(t, s, 1)
	if s.Full() {
		t.Error("it counts as full although there is room")
	}
	mustHold(t, s, acknowledged+1)
}

// mustSmallDisk mounts a small disk in memory, which only root may do.
func mustSmallDisk(t *testing.T, size string) string {
	t.Helper()
	folder := t.TempDir()
	if said, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", folder).CombinedOutput(); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v %s", err, said)
	}
	t.Cleanup(func() {
		if said, err := exec.Command("umount", folder).CombinedOutput(); err != nil {
			t.Errorf("%v %s", err, said)
		}
	})
	return folder
}

func TestAFullDiskLosesNothingThatWasAcknowledged(t *testing.T) {
	disk := mustSmallDisk(t, "3m")
	o := Options{Path: filepath.Join(disk, "duban.db"), Key: make([]byte, 32)}
	must(t, Init(ctx, o))
	s := mustOpenAt(t, o)
	ballast := filepath.Join(disk, "ballast")
	must(t, os.WriteFile(ballast, make([]byte, 512<<10), 0o600))
	acknowledged, err := fillWith(s, 2000)
	if !IsFull(err) {
		t.Fatalf("after %d entries: %v", acknowledged, err)
	}
	mustHold(t, s, acknowledged)
	large := string(bytes.Repeat([]byte("y"), 1<<20))
	err = s.Write(ctx, func(tx *Tx) error {
		for i := range 8 { // more than SQLite keeps in memory, so that the disk is full before the commit
			if err := tx.Record(duban.System, duban.Entry{Event: duban.EventFeedback, Note: fmt.Sprint(i, large)}); err != nil {
				return err
			}
		}
		return nil
	})
	if !IsFull(err) {
		t.Errorf("a large transaction ended with %v", err)
	}
	mustHold(t, s, acknowledged)
	if err := Copy(ctx, o.Path, filepath.Join(disk, "copy.db")); !IsFull(err) {
		t.Errorf("a copy onto the full disk ended with %v", err)
	}
	must(t, os.Remove(ballast))
	mustRecord(t, s, 1)
	mustHold(t, s, acknowledged+1)
	must(t, s.Check(ctx))
	if s.WhyLost() != nil {
		t.Errorf("a full disk counts as lost: %v", s.WhyLost())
	}
}

func TestADiskThatBecomesReadOnlyIsTheEnd(t *testing.T) {
	disk := mustSmallDisk(t, "3m")
	o := Options{Path: filepath.Join(disk, "duban.db"), Key: make([]byte, 32)}
	must(t, Init(ctx, o))
	if said, err := exec.Command("mount", "-o", "remount,ro", disk).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, said)
	}
	if s, err := Open(ctx, o); !errors.Is(err, ErrUnwritable) {
		t.Errorf("it opened %v: %v", s, err)
	}
	if _, err := Lock(o.Path); err == nil {
		t.Error("it took the lock")
	}
}

func TestAPageThatTurnsOutDamagedIsTheEnd(t *testing.T) {
	o := mustInit(t)
	s := mustOpenAt(t, o)
	mustRecord(t, s, 50)
	if done, err := s.Checkpoint(ctx); err != nil || !done {
		t.Fatal(done, err)
	}
	must(t, s.Close())
	info, err := os.Stat(o.Path)
	must(t, err)
	overwrite(t, o.Path, 2*4096, info.Size()-2*4096)
	if err := Migrate(ctx, o); !errors.Is(err, ErrDamaged) {
		t.Errorf("serve would start: %v", err)
	}
	spoilt, err := Open(ctx, o) // its header and its first tables are whole
	if errors.Is(err, ErrDamaged) {
		return
	}
	must(t, err)
	defer spoilt.Close()
	err = spoilt.Read(ctx, func(tx *Tx) error { _, _, err := tx.Verify(); return err })
	if err == nil || !errors.Is(spoilt.WhyLost(), ErrDamaged) {
		t.Errorf("reading said %v, lost is %v", err, spoilt.WhyLost())
	}
	select {
	case <-spoilt.Lost():
	default:
		t.Error("nobody was told")
	}
}

func TestACheckpointEmptiesTheLogAndYieldsToReaders(t *testing.T) {
	o := mustInit(t)
	s := mustOpenAt(t, o)
	mustRecord(t, s, 50)
	if info, err := os.Stat(o.Path + "-wal"); err != nil || info.Size() == 0 {
		t.Fatal(info, err)
	}
	if done, err := s.Checkpoint(ctx); err != nil || !done {
		t.Fatal(done, err)
	}
	if info, err := os.Stat(o.Path + "-wal"); err != nil || info.Size() != 0 {
		t.Errorf("the log has %d bytes: %v", info.Size(), err)
	}
	reading, read := make(chan struct{}), make(chan struct{})
	ended := make(chan error)
	go func() {
		ended <- s.Read(ctx, func(tx *Tx) error {
			_, err := tx.RecordHead()
			close(reading)
			<-read
			return err
		})
	}()
	<-reading
	mustRecord(t, s, 1)
	soon, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if done, err := s.Checkpoint(soon); done || err != nil {
		t.Errorf("with a reader in the way it said %v, %v", done, err)
	}
	close(read)
	must(t, <-ended)
}

// openFiles counts the files of a folder that this process has open.
func openFiles(t *testing.T, folder string) (n int) {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skipf("this system does not tell: %v", err)
	}
	for _, one := range all {
		if path, err := os.Readlink(filepath.Join("/proc/self/fd", one.Name())); err == nil && strings.HasPrefix(path, folder) {
			n++
		}
	}
	return n
}

func TestAClosedStoreHoldsNoFileOpen(t *testing.T) {
	o := mustInit(t)
	s := mustOpenAt(t, o)
	mustRecord(t, s, 5)
	mustRead(t, s, func(tx *Tx) error { _, err := tx.RecordHead(); return err })
	if _, err := s.Version(ctx); err != nil {
		t.Fatal(err)
	}
	if openFiles(t, filepath.Dir(o.Path)) == 0 {
		t.Fatal("nothing is open")
	}
	must(t, s.Close())
	if _, err := Examine(ctx, mustCopy(t, o)); err != nil {
		t.Fatal(err)
	}
	if n := openFiles(t, filepath.Dir(o.Path)); n != 0 {
		t.Errorf("%d files are still open", n)
	}
	if info, err := os.Stat(o.Path + "-wal"); err == nil && info.Size() > 0 {
		t.Errorf("the log was left with %d bytes", info.Size())
	}
}
