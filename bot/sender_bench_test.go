package bot

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"duban"
	"duban/sim"
	"duban/store"
)

// mustQuick starts a Telegram that takes every message after a delay and checks nothing, so that what is measured is the sender.
func mustQuick(tb testing.TB, delay time.Duration) (address string) {
	tb.Helper()
	var taken atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if delay > 0 {
			time.Sleep(delay)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"ok":true,"result":{"message_id":%d,"date":1,"chat":{"id":1,"type":"private"},"text":"x"}}`, taken.Add(1))
	}))
	tb.Cleanup(server.Close)
	return server.URL
}

// mustStrict starts the simulated Telegram, which checks every request, with somebody in each of the chats 1 to readers.
func mustStrict(tb testing.TB) (address string) {
	tb.Helper()
	tg := sim.New(sim.Options{Token: "1:bench", KeepRequests: 1000})
	tb.Cleanup(tg.Close)
	for id := int64(1); id <= readers; id++ {
		tg.NewPerson("王芳", "", sim.WithID(id)).Start("")
	}
	server := httptest.NewServer(tg)
	tb.Cleanup(server.Close)
	return server.URL
}

// readers is how many people the messages go to.
const readers = 2000

// BenchmarkSending compares the sender, with its outbox synced to disk, with a bare loop of the same client over as many connections and
// without storage. One operation is one message; of/bare is the ratio of the speeds. The Telegram answers at once (quick), after 20 ms
// (slow), or is the simulated one, which checks everything (strict).
func BenchmarkSending(b *testing.B) {
	for _, c := range []struct {
		name  string
		start func(testing.TB) string
	}{
		{"quick", func(tb testing.TB) string { return mustQuick(tb, 0) }},
		{"slow", func(tb testing.TB) string { return mustQuick(tb, 20*time.Millisecond) }},
		{"strict", mustStrict},
	} {
		b.Run(c.name, func(b *testing.B) {
			bare := 0.0
			b.Run("bare", func(b *testing.B) { bare = benchmarkBare(b, c.start(b)) })
			b.Run("sender", func(b *testing.B) {
				perSecond := benchmarkSender(b, c.start(b))
				if bare > 0 {
					b.ReportMetric(perSecond/bare, "of/bare")
				}
			})
		})
	}
}

func benchmarkBare(b *testing.B, address string) (perSecond float64) {
	client := mustClient(b, ClientOptions{Token: "1:bench", APIURL: address})
	o := Outgoing{Text: "<b>年度总结</b> 请于2026-12-04（周五）前上报", Keyboard: Keyboard{{{Label: "签收", Data: "a:1"}}}}
	var next atomic.Int64
	var all sync.WaitGroup
	b.ResetTimer()
	for range sendConnections {
		all.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				o := o
				o.ChatID = n%readers + 1
				if _, err := client.Do(b.Context(), o); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	return report(b)
}

func benchmarkSender(b *testing.B, address string) (perSecond float64) {
	f := mustOffice(b, simNone, freely)
	f.store = mustStore(b, false)
	f.client = mustClient(b, ClientOptions{Token: "1:bench", APIURL: address})
	o := Outgoing{Text: "<b>年度总结</b> 请于2026-12-04（周五）前上报", Keyboard: Keyboard{{{Label: "签收", Data: "a:1"}}}}
	f.write(func(tx *store.Tx) error {
		for i := range b.N {
			o.ChatID = int64(i)%readers + 1
			n := notice(b, fmt.Sprint("n:", i), duban.LaneAnnouncement, o)
			n.AnnouncementID = 1
			if err := tx.Post(n); err != nil {
				return err
			}
		}
		return nil
	})
	s := f.sender()
	commits, _ := f.store.Commits()
	b.ResetTimer()
	ctx, stop := context.WithCancel(b.Context())
	done := make(chan struct{})
	go func() { s.Run(ctx); close(done) }()
	for f.stats.Figures().Lateness[duban.LaneAnnouncement].Count < int64(b.N) {
		time.Sleep(time.Millisecond)
	}
	stop()
	<-done
	after, _ := f.store.Commits()
	b.ReportMetric(float64(after-commits)/float64(b.N), "commits/op")
	return report(b)
}

func report(b *testing.B) float64 {
	perSecond := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(perSecond, "sends/s")
	return perSecond
}
