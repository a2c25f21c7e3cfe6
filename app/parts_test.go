package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func newParts() (*parts, context.Context) {
	ctx, fail := context.WithCancelCause(context.Background())
	return &parts{log: slog.New(slog.DiscardHandler), fail: fail}, ctx
}

func TestPartsStopInReverse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := newParts()
		var ended []string
		for _, name := range []string{"database", "sender", "poller"} {
			p.start(name, func(ctx context.Context) {
				<-ctx.Done()
				ended = append(ended, name)
			})
		}
		p.stop()
		if want := []string{"poller", "sender", "database"}; !slices.Equal(ended, want) {
			t.Errorf("they ended as %v, want %v", ended, want)
		}
		p.stop()
	})
}

func TestAPartThatHangsHoldsNothingUpForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := newParts()
		released, freed := false, make(chan struct{})
		p.onStop("lock", func(context.Context) error {
			released = true
			return nil
		})
		p.start("hanging part", func(context.Context) { <-freed })
		began := time.Now()
		p.stop()
		if took := time.Since(began); took != stopWithin || !released {
			t.Errorf("stopping took %s, released: %v", took, released)
		}
		close(freed)
	})
}

func TestAPartThatEndsByItselfEndsTheWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, ctx := newParts()
		p.start("sender", func(context.Context) {})
		<-ctx.Done()
		if err := stopped(ctx, nil); err == nil || err.Error() != "the sender ended by itself" {
			t.Errorf("the whole ended with %v", err)
		}
		p.stop()
	})
}

func TestAnEndThatWasAskedForIsNoError(t *testing.T) {
	asked, cancel := context.WithCancel(context.Background())
	ctx, fail := context.WithCancelCause(asked)
	defer fail(nil)
	cancel()
	if err := stopped(ctx, errors.New("interrupted while starting")); err != nil {
		t.Errorf("it ended with %v", err)
	}
}
