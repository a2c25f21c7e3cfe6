package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"duban/store"
)

func mustStore(b *testing.B) *store.Store {
	b.Helper()
	o := store.Options{Path: filepath.Join(b.TempDir(), "duban.db"), Key: make([]byte, 32)}
	if err := store.Init(b.Context(), o); err != nil {
		b.Fatal(err)
	}
	s, err := store.Open(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

// message is an update of some 300 bytes, as a short message of an officer is.
func message(id, chat int64) store.Update {
	raw := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"from":{"id":%d,"is_bot":false,"first_name":"专干","language_code":"zh-hans"},`+
		`"chat":{"id":%d,"type":"private","first_name":"专干"},"date":1795395600,"text":"收到%s"}}`, id, id, chat, chat, strings.Repeat("。", 20))
	return store.Update{UpdateID: id, Lane: chat, Kind: "message", Raw: []byte(raw)}
}

// BenchmarkCommit is what sharing a sync is worth: updates of 300 bytes written each in a transaction of its own, one after the other by one
// writer, and by 64 writers at once, whose transactions run together. One operation is 1,024 transactions; x/one is the ratio of writes/s.
func BenchmarkCommit(b *testing.B) {
	var alone float64
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprint("writers=", writers), func(b *testing.B) {
			perSecond := write(b, mustStore(b), writers)
			if writers == 1 {
				alone = perSecond
			} else if alone > 0 {
				b.ReportMetric(perSecond/alone, "x/one")
			}
		})
	}
}

func write(b *testing.B, s *store.Store, writers int) (perSecond float64) {
	const together = 1024
	before, _ := s.Commits()
	var id int64
	var mu sync.Mutex
	var took times
	next := func() int64 {
		mu.Lock()
		defer mu.Unlock()
		id++
		return id
	}
	for b.Loop() {
		var all sync.WaitGroup
		for range writers {
			all.Go(func() {
				mine := make(times, 0, together/writers)
				for range together / writers {
					began := time.Now()
					if err := receive(b.Context(), s, message(next(), 1)); err != nil {
						b.Error(err)
					}
					mine = append(mine, time.Since(began))
				}
				mu.Lock()
				defer mu.Unlock()
				took = append(took, mine...)
			})
		}
		all.Wait()
	}
	after, _ := s.Commits()
	perSecond = float64(id) / b.Elapsed().Seconds()
	took.report(b, "")
	b.ReportMetric(perSecond, "writes/s")
	b.ReportMetric(float64(after-before)/b.Elapsed().Seconds(), "commits/s")
	return perSecond
}

func receive(ctx context.Context, s *store.Store, updates ...store.Update) error {
	return s.Write(ctx, func(tx *store.Tx) error {
		for _, u := range updates {
			if _, err := tx.Receive(u); err != nil {
				return err
			}
		}
		return nil
	})
}
