package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"duban"
)

// crowd holds the writer up until n closures wait behind it, lets them all run and returns their errors by number.
func crowd(t *testing.T, s *Store, n int, fn func(i int, tx *Tx) error) []error {
	t.Helper()
	hold, begun := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		s.Write(ctx, func(*Tx) error {
			close(begun)
			<-hold
			return nil
		})
	})
	<-begun
	errs := make([]error, n)
	for i := range n {
		all.Go(func() { errs[i] = s.Write(ctx, func(tx *Tx) error { return fn(i, tx) }) })
	}
	synctest.Wait()
	close(hold)
	all.Wait()
	return errs
}

func TestManyWritersShareACommitAndOneThatFailsSpoilsNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		before, _ := s.Commits()
		fails := errors.New("changed its mind")
		errs := crowd(t, s, 100, func(i int, tx *Tx) error {
			if err := tx.SetMeta(fmt.Sprintf("k%d", i), "written"); err != nil {
				return err
			}
			switch i {
			case 17:
				return fails
			case 42:
				panic("on purpose")
			case 73:
				_, err := tx.exec(`INSERT INTO meta (k, v) VALUES ('sentinel', 'twice')`)
				return err
			}
			return nil
		})
		after, closures := s.Commits()
		if after-before != 2 || closures < 101 {
			t.Errorf("101 closures took %d commits", after-before)
		}
		mustRead(t, s, func(tx *Tx) error {
			for i, err := range errs {
				v, _ := tx.Meta(fmt.Sprintf("k%d", i))
				if (err == nil) != (v == "written") {
					t.Errorf("writer %d: error %v, value %q", i, err, v)
				}
			}
			return nil
		})
		var panicked *PanicError
		if !errors.Is(errs[17], fails) || !errors.As(errs[42], &panicked) || !IsUnique(errs[73]) {
			t.Errorf("errors: %v, %v, %v", errs[17], errs[42], errs[73])
		}
		if panicked != nil && (panicked.Value != "on purpose" || !strings.Contains(string(panicked.Stack), "write_test.go")) {
			t.Errorf("the panic is told as %v", panicked.Value)
		}
		for i, err := range errs {
			if i != 17 && i != 42 && i != 73 && err != nil {
				t.Errorf("writer %d: %v", i, err)
			}
		}
	})
}

func TestReadDecideWriteLosesNoIncrement(t *testing.T) {
	s := mustOpen(t)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			for range 50 {
				err := s.Write(ctx, func(tx *Tx) error {
					v, err := tx.Meta("n")
					if err != nil {
						return err
					}
					n := 0
					fmt.Sscan(v, &n)
					return tx.SetMeta("n", fmt.Sprint(n+1))
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	mustRead(t, s, func(tx *Tx) error {
		if v, err := tx.Meta("n"); err != nil || v != "300" {
			t.Errorf("300 increments made %s, %v", v, err)
		}
		return nil
	})
}

func TestAReaderSeesOneSnapshot(t *testing.T) {
	s := mustOpen(t)
	mustWrite(t, s, func(tx *Tx) error { return tx.SetMeta("k", "before") })
	mustRead(t, s, func(tx *Tx) error {
		if v, _ := tx.Meta("k"); v != "before" {
			t.Errorf("at first: %s", v)
		}
		mustWrite(t, s, func(tx *Tx) error { return tx.SetMeta("k", "after") })
		if v, _ := tx.Meta("k"); v != "before" {
			t.Errorf("in the same reading: %s", v)
		}
		return nil
	})
}

func TestACancelledContextDoesNotBreakACommitUnderWay(t *testing.T) {
	s := mustOpen(t)
	c, cancel := context.WithCancel(ctx)
	err := s.Write(c, func(tx *Tx) error {
		cancel()
		return tx.SetMeta("k", "v")
	})
	if err != nil {
		t.Fatal(err)
	}
	mustRead(t, s, func(tx *Tx) error {
		if v, err := tx.Meta("k"); err != nil || v != "v" {
			t.Errorf("got %q, %v", v, err)
		}
		return nil
	})
}

func TestWritingAfterCloseIsRefusedAndWhatWasAcceptedBeforeIsWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := mustInit(t)
		s, err := Open(ctx, o)
		must(t, err)
		hold, begun := make(chan struct{}), make(chan struct{})
		var all sync.WaitGroup
		all.Go(func() { s.Write(ctx, func(*Tx) error { close(begun); <-hold; return nil }) })
		<-begun
		all.Go(func() {
			if err := s.Write(ctx, func(tx *Tx) error { return tx.SetMeta("accepted", "yes") }); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		all.Go(func() { must(t, s.Close()) })
		synctest.Wait()
		close(hold)
		all.Wait()
		if err := s.Write(ctx, func(*Tx) error { return nil }); !errors.Is(err, errClosed) {
			t.Errorf("after the close: %v", err)
		}
		again := mustOpenAt(t, o)
		mustRead(t, again, func(tx *Tx) error {
			if v, err := tx.Meta("accepted"); err != nil || v != "yes" {
				t.Errorf("got %q, %v", v, err)
			}
			return nil
		})
	})
}

func TestATransactionHasOneInstantOfTheFakeClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		begin := time.Now()
		time.Sleep(36 * time.Hour)
		mustWrite(t, s, func(tx *Tx) error {
			now := tx.Now
			time.Sleep(time.Second)
			if !now.Equal(begin.Add(36*time.Hour)) || !tx.Now.Equal(now) || tx.Now.Location() != time.UTC {
				t.Errorf("now is %s", tx.Now)
			}
			return tx.SetMetaTime("at", now)
		})
		past := time.Date(2020, 1, 2, 3, 4, 5, 678_900_000, time.UTC)
		must(t, s.WriteAt(ctx, past, func(tx *Tx) error {
			if !tx.Now.Equal(past.Truncate(time.Millisecond)) {
				t.Errorf("now is %s", tx.Now)
			}
			return nil
		}))
		mustRead(t, s, func(tx *Tx) error {
			if at, err := tx.MetaTime("at"); err != nil || !at.Equal(begin.Add(36*time.Hour)) {
				t.Errorf("kept %s, %v", at, err)
			}
			return nil
		})
	})
}

func TestThoseWhoWaitAreWokenOnlyByWhatWasCommitted(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	notice := duban.Notice{Key: "a", Kind: duban.NewsAnswer, PersonID: o.person}
	err := s.Write(ctx, func(tx *Tx) error {
		if err := tx.Post(notice); err != nil {
			return err
		}
		return errors.New("no")
	})
	if err == nil {
		t.Fatal("the closure's error is lost")
	}
	select {
	case <-s.Posted():
		t.Error("woken by what was rolled back")
	default:
	}
	mustWrite(t, s, func(tx *Tx) error { return tx.Post(notice) })
	<-s.Posted()
	mustIssue(t, s, o)
	<-s.Planned()
}
