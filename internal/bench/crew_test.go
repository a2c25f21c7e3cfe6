// Package bench measures what several rooms do together: the whole program on a simulated Telegram over real HTTP, with its database synced to
// disk. What came out, and on which machine, stands in docs/performance.md.
package bench

import (
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"sync"
	"testing"
	"time"

	"duban/sim"
)

// patience is how long a benchmark waits for what takes moments, before it fails instead of hanging.
const patience = time.Minute

// crew is a number of people with telephones, on a Telegram that counts the calls it has answered.
type crew struct {
	tg     *sim.Telegram
	url    string
	people []*sim.Person

	mu       sync.Mutex
	answered map[string]int
	changed  chan struct{}
}

// The calls that a press leads to: the small answer, and the edit of the card.
const (
	cardSent   = "sendMessage"
	pressDone  = "answerCallbackQuery"
	cardEdited = "editMessageText"
)

func mustCrew(b *testing.B, size int) *crew {
	b.Helper()
	c := &crew{tg: sim.New(sim.Options{TB: b, Seed: 1, KeepRequests: 50_000}), answered: map[string]int{}, changed: make(chan struct{})}
	server := httptest.NewServer(c)
	b.Cleanup(server.Close)
	c.url = server.URL
	for range size {
		c.people = append(c.people, c.tg.NewPerson("专干", "", sim.Started()))
	}
	return c
}

// ServeHTTP answers as Telegram does, and counts.
func (c *crew) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.tg.ServeHTTP(w, r)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answered[path.Base(r.URL.Path)]++
	close(c.changed)
	c.changed = make(chan struct{})
}

func (c *crew) count(method string) (int, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.answered[method], c.changed
}

// wait waits until so many calls of a method have been answered.
func (c *crew) wait(b *testing.B, method string, target int) {
	b.Helper()
	enough := time.NewTimer(patience)
	defer enough.Stop()
	for {
		have, changed := c.count(method)
		if have >= target {
			return
		}
		select {
		case <-changed:
		case <-enough.C:
			b.Fatalf("%d of %d calls of %s in %s", have, target, method, patience)
		}
	}
}

// mustAllBeTaken fails when Telegram refused a call: what is measured is the work, not its refusal.
func (c *crew) mustAllBeTaken(b *testing.B) {
	b.Helper()
	for _, r := range c.tg.Requests(cardSent, pressDone, cardEdited) {
		if !r.OK() {
			b.Fatalf("%s: %d %s", r.Method, r.Status, r.Outcome)
		}
	}
}

// waitUntil looks again and again until something holds.
func waitUntil(b *testing.B, what string, holds func() bool) {
	b.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			b.Fatalf("not within %s: %s", patience, what)
		}
	}
}

// times are durations of which some part is told.
type times []time.Duration

// part returns the time within which a part of them lies, in milliseconds.
func (t times) part(of float64) float64 {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	return float64(sorted[int(of*float64(len(sorted)-1))].Microseconds()) / 1000
}

// report reports the median and the 99th percentile.
func (t times) report(b *testing.B, name string) {
	b.ReportMetric(t.part(0.5), name+"p50-ms")
	b.ReportMetric(t.part(0.99), name+"p99-ms")
}
