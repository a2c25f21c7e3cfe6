package imports_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/imports"
	"duban/internal/cast"
	"duban/sheet"
	"duban/store"
	"duban/work"
)

// schools is how many schools the lists of the benchmarks are for.
const schools = 200

// onDisk returns a desk on a database on the disk that syncs every commit, with an office and some schools.
func onDisk(b *testing.B) *work.Desk {
	b.Helper()
	o := store.Options{Path: filepath.Join(b.TempDir(), "duban.db"), Key: make([]byte, 32), Zone: cast.Shanghai}
	ctx := context.Background()
	if err := store.Init(ctx, o); err != nil {
		b.Fatal(err)
	}
	s, err := store.Open(ctx, o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	d := &work.Desk{Store: s, Calendar: calendar.New(cast.Shanghai, calendar.Clock{Hour: 18}), Policy: cast.Policy()}
	rows := []work.RosterRow{{Line: 2, Unit: "市教育行业党委", Kind: duban.IndustryCommittee, Name: "李敏", Role: duban.Admin, Code: "A"}}
	for i := range schools {
		rows = append(rows, work.RosterRow{
			Line: i + 3, Unit: fmt.Sprintf("第%d学校党委", i), Parent: "市教育行业党委", Kind: duban.SchoolCommittee, Name: "王芳", Role: duban.Officer,
			Code: fmt.Sprint("W", i),
		})
	}
	if result, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{}); err != nil || !result.Done {
		b.Fatal(err, result.Problems)
	}
	return d
}

// longList is a workbook of so many items.
func longList(b *testing.B, n int) []byte {
	b.Helper()
	columns := []sheet.Column{{Title: "编号"}, {Title: "事项"}, {Title: "责任要求"}, {Title: "责任单位"}, {Title: "完成时限"}, {Title: "佐证要求"}, {Title: "备注"}}
	year := time.Now().Year() + 1
	rows := make([][]any, n)
	for i := range rows {
		rows[i] = []any{
			fmt.Sprintf("B-%05d", i), fmt.Sprintf("第%d项重点工作", i), "按照通知要求逐项落实，形成自查表并报送佐证材料", fmt.Sprintf("第%d学校党委", i%schools),
			fmt.Sprintf("%d-%02d-%02d", year, 1+i%12, 1+i%28), "文件", "年度清单",
		}
	}
	var out bytes.Buffer
	if err := sheet.Write(&out, sheet.XLSX, sheet.Sheet{Name: "清单", Columns: columns, Rows: sheet.Rows(rows)}); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// BenchmarkImporting10000Tasks is a workbook of 10,000 items from its bytes to issued assignments, with record, cards and steps to undo it, on a disk
// that is synced: all at once, as the command line does it, and in parts, as the chat does. Beside it somebody writes something small every 5 ms,
// as presses do; wait-ms is the longest that one of those took, wait-p99-ms what 99 of 100 took at most. peak-MiB is how far the heap grew.
func BenchmarkImporting10000Tasks(b *testing.B) {
	data := longList(b, 10_000)
	for name, chunk := range map[string]int{"at_once": 0, "in_parts_of_50": 50} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				d := onDisk(b)
				press := pressing(d)
				peak := watchHeap()
				b.StartTimer()
				began := time.Now()
				list, err := imports.Open("清单.xlsx", data, "")
				if err != nil {
					b.Fatal(err)
				}
				read := time.Since(began)
				done, err := list.Import(context.Background(), d, duban.Console, work.ImportOptions{Chunk: chunk})
				b.StopTimer()
				if err != nil || done.Issued != 10_000 {
					b.Fatal(err, done.Problems)
				}
				longest, p99 := press()
				b.ReportMetric(float64(read.Milliseconds()), "read-ms")
				b.ReportMetric(float64(longest.Milliseconds()), "wait-ms")
				b.ReportMetric(float64(p99.Microseconds())/1000, "wait-p99-ms")
				b.ReportMetric(float64(peak())/(1<<20), "peak-MiB")
				b.StartTimer()
			}
		})
	}
}

// pressing writes something small again and again until the returned function is called, which says how long that took at most.
func pressing(d *work.Desk) func() (longest, p99 time.Duration) {
	ctx, stop := context.WithCancel(context.Background())
	var took []time.Duration
	var running sync.WaitGroup
	running.Go(func() {
		for ctx.Err() == nil {
			began := time.Now()
			if err := d.Store.Write(ctx, func(tx *store.Tx) error { return tx.SaveDraft(1, "{}") }); err == nil {
				took = append(took, time.Since(began))
			}
			time.Sleep(5 * time.Millisecond)
		}
	})
	return func() (longest, p99 time.Duration) {
		stop()
		running.Wait()
		slices.Sort(took)
		return took[len(took)-1], took[len(took)*99/100]
	}
}

// watchHeap looks at the heap until the returned function is called, which says by how much it grew.
func watchHeap() func() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	before, most := stats.HeapAlloc, stats.HeapAlloc
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		for ctx.Err() == nil {
			runtime.ReadMemStats(&stats)
			most = max(most, stats.HeapAlloc)
			time.Sleep(20 * time.Millisecond)
		}
	})
	return func() uint64 {
		stop()
		running.Wait()
		return most - before
	}
}
