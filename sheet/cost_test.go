package sheet_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"duban/sheet"
)

// What a hostile file may cost, with the machine to itself. The test allows fifteen times as long, since machines that run tests are busy.
const (
	aimTime   = 2 * time.Second
	aimMemory = 200 << 20
)

// costlyFiles are the hostile files, and those that stay within every limit and are as costly as that allows.
func costlyFiles(tb testing.TB) map[string][]byte {
	files := map[string][]byte{
		"2 MB that unpack to 2 GB":   mustSheet(tb, "", part{name: "xl/worksheets/sheet2.xml", size: 2000 << 20}),
		"as many cells as are taken": mustSheet(tb, worksheet(manyCells())),
		"as many strings as are taken": mustSheet(tb, worksheet(`<row r="1"><c r="A1" t="s"><v>1</v></c></row>`),
			part{name: "xl/sharedStrings.xml", content: "<sst>" + strings.Repeat("<si><t>a</t></si>", 900_000) + "</sst>"}),
		"nested as deep as it fits": mustSheet(tb, strings.Repeat("<a>", 5_000_000)),
	}
	for name, file := range hostileFiles(tb) {
		files[name] = file.data
	}
	return files
}

func manyCells() string {
	var b strings.Builder
	for i := range 9_000 {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		for range 100 {
			b.WriteString("<c><v>1</v></c>")
		}
		b.WriteString("</row>")
	}
	return b.String()
}

func TestNoFileCostsMuchTimeOrMemory(t *testing.T) {
	for name, data := range costlyFiles(t) {
		took, grew := costOf(func() {
			if book, err := sheet.Open("list.xlsx", data); err == nil {
				_, _, _ = book.Roster()
			}
		})
		t.Logf("%-30s %8d bytes: %7.1f ms, %6.1f MiB", name, len(data), float64(took.Microseconds())/1000, float64(grew)/(1<<20))
		if took > 15*aimTime || grew > aimMemory {
			t.Errorf("%s costs %v and %d MiB, want %v and %d MiB", name, took, grew>>20, aimTime, aimMemory>>20)
		}
	}
}

// costOf returns how long something takes and by how much the heap grows meanwhile.
func costOf(do func()) (took time.Duration, grew uint64) {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	before, most := stats.HeapAlloc, stats.HeapAlloc
	ctx, stop := context.WithCancel(context.Background())
	var looking sync.WaitGroup
	looking.Go(func() {
		for ctx.Err() == nil {
			runtime.ReadMemStats(&stats)
			most = max(most, stats.HeapAlloc)
			time.Sleep(2 * time.Millisecond)
		}
	})
	began := time.Now()
	do()
	took = time.Since(began)
	stop()
	looking.Wait()
	return took, most - before
}
