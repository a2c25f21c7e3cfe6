package app

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// stopWithin is how long everything together may take to stop; a service manager waits a little longer.
const stopWithin = 14 * time.Second

// parts is what runs. Each part that starts registers how it stops, and they stop in reverse.
type parts struct {
	log   *slog.Logger
	fail  context.CancelCauseFunc // ends the whole, with the reason
	stops []stop
}

type stop struct {
	name string
	do   func(context.Context) error
}

func (p *parts) onStop(name string, do func(context.Context) error) {
	p.stops = append(p.stops, stop{name, do})
}

// start runs a loop until it is stopped. A loop that ends by itself ends the whole, so that nothing runs on half.
func (p *parts) start(name string, loop func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Go(func() {
		loop(ctx)
		if ctx.Err() == nil {
			p.fail(fmt.Errorf("the %s ended by itself", name))
		}
	})
	p.onStop(name, func(within context.Context) error {
		cancel()
		return wait(within, &ended)
	})
}

func wait(ctx context.Context, ended *sync.WaitGroup) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		ended.Wait()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stop stops everything in reverse. One that does not stop in time is left behind: what it was about to write down is found again at the
// next start.
func (p *parts) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	for len(p.stops) > 0 {
		last := p.stops[len(p.stops)-1]
		p.stops = p.stops[:len(p.stops)-1]
		if err := last.do(ctx); err != nil {
			p.log.Warn("a part did not stop cleanly", "part", last.name, "error", err)
		}
	}
}
