package scheduler

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// sizes are the numbers of open assignments that passes are measured with. A million takes a minute to lay and runs only when DUBAN_BENCH_LARGE
// is set.
func sizes() []int {
	if os.Getenv("DUBAN_BENCH_LARGE") == "" {
		return []int{10_000}
	}
	return []int{10_000, 1_000_000}
}

// bulk fills a database with open assignments: up to 1,000 units below one office, each with an officer and a secretary who have joined, and as
// many tasks as it takes. None is due within the next hundred days.
const bulk = `
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
INSERT INTO unit (id, name, kind, parent_id) SELECT i + 1, 'unit ' || i, 'school_committee', 1 FROM n;
INSERT INTO unit_closure (ancestor_id, descendant_id, depth) SELECT id, id, 0 FROM unit UNION ALL SELECT 1, id, 1 FROM unit WHERE id > 1;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
INSERT INTO person (id, code, name) SELECT i, 'P' || i, 'person ' || i FROM n;
INSERT INTO post (person_id, unit_id, role) SELECT id, id % 1000 + 2, CASE WHEN id <= 1000 THEN 'officer' ELSE 'secretary' END FROM person;
INSERT INTO account (person_id, telegram_id, lang, bound_at) SELECT id, id, 'zh-CN', 1 FROM person;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1 / 1000)
INSERT INTO task (id, code, title, duty, evidence, review, priority, created_at) SELECT i, 'T' || i, 'task', 'duty', 'none', 1, 'normal', 1 FROM n;
INSERT INTO assignment (task_id, unit_id, owner_id, state, due_date, due_instant, due_end, issued_at, acted_until, next_action_at)
SELECT t.id, p.unit_id, p.person_id, 'accepted', '2100-01-01', $2 + t.id, $2 + t.id, $3, $3, $2 + t.id
FROM task t JOIN post p ON p.role = 'officer';`

func mustBulk(tb testing.TB, n int) (*Scheduler, *sql.DB) {
	tb.Helper()
	o := store.Options{Path: filepath.Join(tb.TempDir(), "duban.db"), Key: make([]byte, 32)}
	if err := store.Init(context.Background(), o); err != nil {
		tb.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+o.Path+"?_pragma=busy_timeout(10000)&_pragma=synchronous(OFF)")
	if err != nil {
		tb.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	now := time.Now()
	if _, err := db.Exec(`INSERT INTO unit (id, name, kind) VALUES (1, 'office', 'industry_committee')`); err != nil {
		tb.Fatal(err)
	}
	if _, err := db.Exec(bulk, n, now.AddDate(0, 0, 100).UnixMilli(), now.AddDate(0, 0, -100).UnixMilli()); err != nil {
		tb.Fatal(err)
	}
	begin := time.Now()
	s, err := store.Open(context.Background(), o)
	if err != nil {
		tb.Fatal(err)
	}
	if b, ok := tb.(*testing.B); ok {
		b.Logf("%d open assignments: opened in %s", n, time.Since(begin))
	}
	tb.Cleanup(func() { s.Close(); db.Close() })
	policy := cast.Policy()
	policy.DailyCap = 0
	desk := &work.Desk{Store: s, Calendar: calendar.New(cast.Shanghai, calendar.Clock{Hour: 18}), Policy: policy}
	return New(desk, slog.New(slog.NewTextHandler(io.Discard, nil))), db
}

// BenchmarkPass measures a pass over the due index: one that finds nothing, the look-up of what is due next, and one that finds 500, which are
// decided, told to two people each, recorded and planned anew, synced to disk.
func BenchmarkPass(b *testing.B) {
	ctx := context.Background()
	for _, n := range sizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, db := mustBulk(b, n)
			b.Run("idle", func(b *testing.B) {
				for b.Loop() {
					if report, err := s.Pass(ctx); err != nil || report.Due != 0 {
						b.Fatal(report, err)
					}
				}
			})
			b.Run("next due", func(b *testing.B) {
				for b.Loop() {
					err := s.desk.Store.Read(ctx, func(tx *store.Tx) error {
						_, err := tx.NextDue()
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("due=500", func(b *testing.B) {
				round := int64(0)
				for b.Loop() {
					b.StopTimer()
					round++
					// Due a moment ago: each round another 500, each with a moment of its own.
					due := time.Now().Add(-time.Second).UnixMilli()
					_, err := db.Exec(`
						UPDATE assignment
						SET state = 'accepted', due_instant = $1, due_end = $1, next_action_at = $1, acted_until = $1 - 1000
						WHERE id IN (SELECT id FROM assignment ORDER BY id LIMIT 500 OFFSET $2)`, due, round%16*500)
					if err != nil {
						b.Fatal(err)
					}
					b.StartTimer()
					if report, err := s.Pass(ctx); err != nil || report.Due != 500 || report.Told != 1000 {
						b.Fatal(report, err)
					}
				}
				b.ReportMetric(500*float64(b.N)/b.Elapsed().Seconds(), "assignments/s")
			})
			b.Run("digests", func(b *testing.B) {
				for b.Loop() {
					if _, err := s.collectDigests(ctx); err != nil {
						b.Fatal(err)
					}
				}
			})
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			b.Logf("heap in use with %d open assignments: %.1f MB", n, float64(m.HeapInuse)/(1<<20))
		})
	}
}

// BenchmarkCatchUp measures what a start after an outage takes when 5,000 assignments have come due meanwhile.
func BenchmarkCatchUp(b *testing.B) {
	ctx := context.Background()
	s, db := mustBulk(b, 10_000)
	for b.Loop() {
		b.StopTimer()
		due := time.Now().Add(-time.Hour).UnixMilli()
		_, err := db.Exec(`
			UPDATE assignment SET state = 'accepted', due_instant = $1, due_end = $1, next_action_at = $1, acted_until = $1 - 1000 WHERE id <= 5000`, due)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		for {
			report, err := s.Pass(ctx)
			if err != nil {
				b.Fatal(err)
			}
			if report.Due == 0 {
				break
			}
		}
	}
	var late int
	err := s.desk.Store.Read(ctx, func(tx *store.Tx) error {
		lanes, err := tx.OutboxState()
		for _, lane := range lanes {
			if lane.Lane == duban.LaneEscalation {
				late = lane.Waiting
			}
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(late), "letters")
}
