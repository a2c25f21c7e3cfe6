package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"duban"
	"duban/store"
)

// hookError is an error of a hook, to tell it from one of the disk.
type hookError struct{ err error }

func (h *hookError) Error() string { return h.err.Error() }

// hooksAtMost is how often a hook may fail before what it should have written is left out: what Telegram has done stays true.
const hooksAtMost = 3

// write writes down what has become of a letter and insists on it, since it has happened. A hook that fails again and again is left out.
func (s *Sender) write(ctx context.Context, l duban.Letter, do, hook func(*store.Tx) error) {
	for failures := 1; ; failures++ {
		with := hook
		if failures > hooksAtMost {
			with = nil
		}
		err := s.Store.Write(ctx, both(do, with))
		if err == nil {
			return
		}
		s.Log.Error("write down what became of a letter", "letter", l.ID, "kind", l.Kind, "failures", failures, "error", err)
		if _, ok := errors.AsType[*hookError](err); !ok && failures >= hooksAtMost {
			failures--
		}
		if !pause(ctx, backoff(failures, time.Second, pollBackoff)) {
			return
		}
	}
}

func both(do, hook func(*store.Tx) error) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		if err := do(tx); err != nil || hook == nil {
			return err
		}
		return guardHook(tx, hook)
	}
}

func guardHook(tx *store.Tx, hook func(*store.Tx) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &hookError{fmt.Errorf("panic: %v", v)}
		}
	}()
	if err := hook(tx); err != nil {
		return &hookError{err}
	}
	return nil
}
