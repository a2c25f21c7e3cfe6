package store

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"duban"
)

// recordSizes are the lengths of the records that are checked. A million entries take some minutes to write and are only written when
// DUBAN_BENCH_LARGE is set.
func recordSizes() []int {
	if os.Getenv("DUBAN_BENCH_LARGE") == "" {
		return []int{20_000}
	}
	return []int{20_000, 1_000_000}
}

// mustLongRecord writes entries the way the program writes them, many in one transaction; half of them with a note.
func mustLongRecord(tb testing.TB, s *Store, entries int) {
	tb.Helper()
	const together = 50_000
	for begun := 0; begun < entries; begun += together {
		mustWrite(tb, s, func(tx *Tx) error {
			for i := begun; i < min(begun+together, entries); i++ {
				e := duban.Entry{
					Event: duban.EventProgress, UnitID: int64(i % 300), PersonID: int64(i % 600), TaskID: int64(i % 500), AssignmentID: int64(i % 9000),
					Facts: duban.Facts{"percent": i % 100},
				}
				if i%2 == 0 {
					e.Note = "材料已汇总，待书记审核后上报"
				}
				if err := tx.Record(duban.Console, e); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// heapPeak watches how much memory the Go program uses until it is asked, in MB.
func heapPeak() (peak func() float64) {
	stop, stopped := make(chan struct{}), sync.WaitGroup{}
	var most uint64
	stopped.Go(func() {
		var m runtime.MemStats
		for {
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse+m.StackInuse)
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
	return func() float64 {
		close(stop)
		stopped.Wait()
		return float64(most) / (1 << 20)
	}
}

// BenchmarkVerify checks a record from its first entry to its head, beside only reading the same rows, so that what checking costs is told from what
// the disk and the database cost.
func BenchmarkVerify(b *testing.B) {
	for _, entries := range recordSizes() {
		s := mustOpen(b)
		began := time.Now()
		mustLongRecord(b, s, entries)
		b.Logf("%d entries written in %s", entries, time.Since(began).Round(time.Second))
		for _, way := range []struct {
			name string
			do   func(*Tx) error
		}{
			{"read", func(tx *Tx) error { return tx.everyRaw(func(row) error { return nil }) }},
			{"verify", func(tx *Tx) error {
				_, err := tx.Audit()
				return err
			}},
		} {
			b.Run(fmt.Sprintf("entries=%d/%s", entries, way.name), func(b *testing.B) {
				runtime.GC()
				peak := heapPeak()
				for b.Loop() {
					mustRead(b, s, way.do)
				}
				b.ReportMetric(float64(entries)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
				b.ReportMetric(peak(), "MB-peak")
			})
		}
	}
}
