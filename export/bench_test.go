package export_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/export"
	"duban/internal/cast"
	"duban/sheet"
	"duban/store"
)

// BenchmarkALedgerOf100000Rows also reports the most memory that was in use at once, as the runtime had it from the system.
func BenchmarkALedgerOf100000Rows(b *testing.B) {
	d := cast.Open(b)
	const units, tasks = 1000, 100
	err := d.Store.Write(context.Background(), func(tx *store.Tx) error {
		return fillLedger(tx, cast.Person(b, d, "WF").ID, units, tasks)
	})
	if err != nil {
		b.Fatal(err)
	}
	for _, table := range []export.Table{export.LedgerTable, export.MatrixTable, export.ListsTable} {
		for _, format := range []sheet.Format{sheet.XLSX, sheet.CSV} {
			if table == export.ListsTable && format == sheet.CSV {
				continue
			}
			b.Run(fmt.Sprint(table, " ", format), func(b *testing.B) {
				peak := watchMemory(b)
				for b.Loop() {
					cast.Read(b, d, func(tx *store.Tx) error { return from(tx, d, at(6, 1, 9, 0)).Write(io.Discard, format, table) })
				}
				b.ReportMetric(float64(peak()>>20), "MB-peak")
			})
		}
	}
}

// watchMemory looks at the memory in use until the function that it returns is called, which tells the most that it saw.
func watchMemory(b *testing.B) (peak func() uint64) {
	b.Helper()
	runtime.GC()
	var most atomic.Uint64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapInuse+m.StackInuse))
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-stopped
		return most.Load()
	}
}

// fillLedger gives each of so many units each of so many tasks.
func fillLedger(tx *store.Tx, owner int64, units, tasks int) error {
	root, err := tx.UnitsNamed("滨江市教育行业党委")
	if err != nil {
		return err
	}
	var schools []int64
	for i := range units {
		id, err := tx.AddUnit(duban.Unit{Name: fmt.Sprintf("滨江市第%d中学党委", i+1), Kind: duban.SchoolCommittee, ParentID: root[0].ID, Active: true})
		if err != nil {
			return err
		}
		schools = append(schools, id)
	}
	for i := range tasks {
		task := duban.Task{
			Code: fmt.Sprintf("DJ-%03d", i), Title: "年度基层党建重点任务自查报告", Duty: "对照责任清单逐项自查，形成报告，经党委书记审定后上报",
			Evidence: duban.Evidence{Kind: duban.NoEvidence}, Priority: duban.Normal,
		}
		if task.ID, err = tx.AddTask(task); err != nil {
			return err
		}
		for _, school := range schools {
			if err := addItem(tx, task.ID, school, owner, i); err != nil {
				return err
			}
		}
	}
	return nil
}

func addItem(tx *store.Tx, task, unit, owner int64, i int) error {
	a := duban.Assignment{TaskID: task, UnitID: unit, OwnerID: owner, State: duban.Accepted, IssuedAt: at(1, 5, 9, 0), Due: dueOn(3, 1+i%28)}
	a.OriginalDue, a.AcceptedAt, a.SubmittedAt, a.ClosedAt = a.Due, at(1, 6, 9, 0), at(2, 20, 9, 0), at(2, 23, 9, 0)
	if i%10 > 0 {
		a.State = duban.Closed
	} else {
		a.SubmittedAt, a.ClosedAt = time.Time{}, time.Time{}
	}
	id, err := tx.AddAssignment(a, a.Due.Date.Add(1).At(midnight, cast.Shanghai))
	if err != nil {
		return err
	}
	a.ID = id
	return tx.SaveAssignment(a, a.Due.Date.Add(1).At(midnight, cast.Shanghai))
}

var midnight calendar.Clock

func dueOn(month time.Month, day int) calendar.Due {
	return calendar.Due{Date: calendar.Date{Year: 2026, Month: month, Day: day}}
}
