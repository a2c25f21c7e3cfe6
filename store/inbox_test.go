package store

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"duban"
)

func update(id int64, raw string) Update {
	return Update{UpdateID: id, Lane: 7, Kind: "message", Raw: []byte(raw)}
}

func receive(tb testing.TB, s *Store, u Update) (fresh bool) {
	tb.Helper()
	mustWrite(tb, s, func(tx *Tx) (err error) {
		fresh, err = tx.Receive(u)
		return err
	})
	return fresh
}

func waiting(tb testing.TB, s *Store, after int64) []Update {
	tb.Helper()
	var all []Update
	mustRead(tb, s, func(tx *Tx) (err error) {
		all, err = tx.NewUpdates(after, 100)
		return err
	})
	return all
}

func TestAnUpdateDeliveredAgainIsKeptOnce(t *testing.T) {
	s := mustOpen(t)
	if !receive(t, s, update(1, `{"a":1}`)) || receive(t, s, update(1, `{"a":1}`)) {
		t.Error("the second delivery counts as new")
	}
	// Telegram begins its numbers anew after a week without updates: the same number with other content is another update.
	if !receive(t, s, update(1, `{"a":2}`)) {
		t.Error("another update under the same number is lost")
	}
	all := waiting(t, s, 0)
	if len(all) != 2 || string(all[0].Raw) != `{"a":1}` || all[0].Lane != 7 {
		t.Errorf("inbox: %+v", all)
	}
	if rest := waiting(t, s, all[0].Seq); len(rest) != 1 {
		t.Errorf("after the first: %+v", rest)
	}
	mustWrite(t, s, func(tx *Tx) error { return tx.Done(all[0].Seq) })
	if receive(t, s, update(1, `{"a":1}`)) {
		t.Error("after it was handled it counts as new")
	}
}

func TestTheEffectOfAnUpdateIsTakenOnce(t *testing.T) {
	s := mustOpen(t)
	receive(t, s, update(1, "{}"))
	effect := func() error {
		return s.Write(ctx, func(tx *Tx) error {
			if err := tx.Claim(1, 0); err != nil {
				return err
			}
			return tx.SetMeta("effect", "taken")
		})
	}
	failing := s.Write(ctx, func(tx *Tx) error {
		if err := tx.Claim(1, 0); err != nil {
			return err
		}
		return duban.Refuse(duban.WrongState)
	})
	if duban.CodeOf(failing) != duban.WrongState {
		t.Fatal(failing)
	}
	if err := effect(); err != nil {
		t.Errorf("after an attempt that was rolled back: %v", err)
	}
	if err := effect(); !errors.Is(err, duban.ErrRepeated) {
		t.Errorf("the second time: %v", err)
	}
}

func TestAttemptsAreCountedAndQuarantineEndsAnUpdate(t *testing.T) {
	s := mustOpen(t)
	receive(t, s, update(1, "{}"))
	for want := 1; want <= 3; want++ {
		mustWrite(t, s, func(tx *Tx) error { return tx.Attempt(1) })
		if n := waiting(t, s, 0)[0].Attempts; n != want {
			t.Errorf("attempt %d is counted as %d", want, n)
		}
	}
	mustWrite(t, s, func(tx *Tx) error { return tx.Quarantine(1, "it panics") })
	if len(waiting(t, s, 0)) != 0 {
		t.Error("it is still to be handled")
	}
	mustRead(t, s, func(tx *Tx) error {
		if st, err := tx.InboxState(); err != nil || st.Quarantined != 1 || st.Waiting != 0 || !st.Oldest.IsZero() {
			t.Errorf("state: %+v, %v", st, err)
		}
		return nil
	})
}

func TestHandledUpdatesAreForgottenBeforeQuarantinedOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		for id := int64(1); id <= 3; id++ {
			receive(t, s, update(id, "{}"))
		}
		mustWrite(t, s, func(tx *Tx) error {
			if err := tx.Done(1); err != nil {
				return err
			}
			return tx.Quarantine(2, "why")
		})
		forget := func(after time.Duration) (n int64) {
			time.Sleep(after)
			mustWrite(t, s, func(tx *Tx) (err error) {
				n, err = tx.ForgetUpdates(tx.Now.AddDate(0, 0, -7), tx.Now.AddDate(0, 0, -30), 100)
				return err
			})
			return n
		}
		if n := forget(8 * 24 * time.Hour); n != 1 {
			t.Errorf("after a week %d are forgotten", n)
		}
		if n := forget(23 * 24 * time.Hour); n != 1 {
			t.Errorf("after a month %d are forgotten", n)
		}
		if len(waiting(t, s, 0)) != 1 {
			t.Error("what was not handled is forgotten")
		}
	})
}
