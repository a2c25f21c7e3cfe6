package scheduler

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// stage is a desk of the cast with a scheduler, on the fake clock.
type stage struct {
	tb      testing.TB
	desk    *work.Desk
	sched   *Scheduler
	log     *strings.Builder
	actors  map[string]duban.Actor
	running context.CancelFunc
	ended   chan error
}

// at sleeps until an instant of the story, written as 2026-10-12 10:00 in the zone of the cast.
func at(tb testing.TB, s string) {
	tb.Helper()
	time.Sleep(time.Until(moment(tb, s)))
}

func moment(tb testing.TB, s string) time.Time {
	tb.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", s, cast.Shanghai)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// play runs a story that begins at an instant, with these people of the cast joined.
func play(t *testing.T, begin string, joined []string, story func(*testing.T, *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		at(t, begin)
		st := &stage{tb: t, desk: cast.Open(t), log: &strings.Builder{}, actors: map[string]duban.Actor{}}
		for i, code := range joined {
			st.actors[code] = cast.Join(t, st.desk, code, int64(i+1))
		}
		st.sched = New(st.desk, slog.New(slog.NewTextHandler(st.log, nil)))
		t.Cleanup(st.stop)
		story(t, st)
	})
}

func (st *stage) start() {
	ctx, cancel := context.WithCancel(context.Background())
	st.running, st.ended = cancel, make(chan error, 1)
	go func() { st.ended <- st.sched.Run(ctx) }()
}

func (st *stage) stop() {
	st.tb.Helper()
	if st.running == nil {
		return
	}
	st.running()
	if err := <-st.ended; err != nil {
		st.tb.Error(err)
	}
	st.running = nil
}

func (st *stage) pass() Report {
	st.tb.Helper()
	report, err := st.sched.Pass(context.Background())
	if err != nil {
		st.tb.Fatal(err)
	}
	return report
}

// issue issues one task to a unit with a deadline and returns the assignment.
func (st *stage) issue(code, unit string, due time.Time, change ...func(*work.TaskRow)) duban.Assignment {
	st.tb.Helper()
	row := work.TaskRow{Line: 2, Code: code, Title: "报送 " + code, Duty: "按模板报送", Units: unit, Due: due.Format(time.RFC3339), Review: true, Priority: duban.Normal}
	for _, c := range change {
		c(&row)
	}
	return cast.Issue(st.tb, st.desk, duban.Console, row)[0]
}

// issueMany issues tasks to the school in one go.
func (st *stage) issueMany(n int, due time.Time) {
	st.tb.Helper()
	var rows []work.TaskRow
	for i := range n {
		rows = append(rows, work.TaskRow{
			Line: i + 2, Code: fmt.Sprintf("M-%d", i), Title: "报送", Duty: "按模板报送", Units: school, Due: due.Format(time.RFC3339), Priority: duban.Normal,
			Evidence: duban.Evidence{Kind: duban.NoEvidence},
		})
	}
	result, err := st.desk.ImportTasks(context.Background(), duban.Console, rows, work.ImportOptions{})
	if err != nil || len(result.Problems) > 0 {
		st.tb.Fatal(err, result.Problems)
	}
}

const school, primary, branch = "市第五中学党委", "实验小学党委", "高一年级党支部"

// letters returns the letters of some kinds, in the order in which they were posted, as "minute kind → person".
func (st *stage) letters(kinds ...duban.NewsKind) []string {
	st.tb.Helper()
	var lines []string
	for _, l := range st.outbox(kinds...) {
		var p duban.Person
		cast.Read(st.tb, st.desk, func(tx *store.Tx) (err error) {
			p, err = tx.Person(l.PersonID)
			return err
		})
		lines = append(lines, fmt.Sprintf("%s %s → %s", l.CreatedAt.In(cast.Shanghai).Format("01-02 15:04"), l.Kind, p.Code))
	}
	return lines
}

func (st *stage) outbox(kinds ...duban.NewsKind) []duban.Letter {
	st.tb.Helper()
	last := st.count(`SELECT COALESCE(MAX(id), 0) FROM outbox`)
	var all []duban.Letter
	cast.Read(st.tb, st.desk, func(tx *store.Tx) error {
		all = nil
		for id := int64(1); id <= last; id++ {
			if l, err := tx.Letter(id); err == nil && slices.Contains(kinds, l.Kind) {
				all = append(all, l)
			}
		}
		return nil
	})
	return all
}

var pushKinds = []duban.NewsKind{duban.NewsReminder, duban.NewsUnsigned, duban.NewsDue, duban.NewsUrge, duban.NewsDraft, duban.NewsLate, duban.NewsHalfway, duban.NewsPromise, duban.NewsPending}

// recorded returns the record of an assignment as "event rung reason", without what people did.
func (st *stage) recorded(assignment int64) []string {
	st.tb.Helper()
	var lines []string
	cast.Read(st.tb, st.desk, func(tx *store.Tx) error {
		lines = nil
		entries, err := tx.RecordOf(assignment)
		for _, e := range entries {
			if e.Via == duban.ViaSystem {
				lines = append(lines, fmt.Sprintf("%s %v %v", e.Event, e.Facts["rung"], e.Facts["reason"]))
			}
		}
		return err
	})
	return lines
}

func (st *stage) same(what string, got []string, want ...string) {
	st.tb.Helper()
	if !slices.Equal(got, want) {
		st.tb.Errorf("%s:\n  %s\nwant\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// raw changes the database behind the program's back.
func (st *stage) raw(query string, args ...any) {
	st.tb.Helper()
	db := st.open()
	defer db.Close()
	if _, err := db.Exec(query, args...); err != nil {
		st.tb.Fatal(err)
	}
}

func (st *stage) count(query string) (n int64) {
	st.tb.Helper()
	db := st.open()
	defer db.Close()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		st.tb.Fatal(err)
	}
	return n
}

func (st *stage) open() *sql.DB {
	st.tb.Helper()
	db, err := sql.Open("sqlite", "file:"+st.desk.Store.Path()+"?_pragma=busy_timeout(5000)")
	if err != nil {
		st.tb.Fatal(err)
	}
	return db
}

// walk lets time pass until an instant, as the loop does, but looks at the clock only when something is due or a digest may be: long stories
// are told in little time.
func (st *stage) walk(until string) {
	st.tb.Helper()
	for end := moment(st.tb, until); ; {
		if err := st.sched.digest(context.Background()); err != nil {
			st.tb.Fatal(err)
		}
		for st.pass().Due > 0 {
		}
		next := st.pass().Next
		morning := st.desk.Calendar.Today(time.Now()).At(*st.desk.Policy.Digest, cast.Shanghai)
		if !morning.After(time.Now()) {
			morning = morning.Add(24 * time.Hour)
		}
		if next.IsZero() || morning.Before(next) {
			next = morning
		}
		if next.After(end) {
			time.Sleep(time.Until(end))
			return
		}
		time.Sleep(time.Until(next))
	}
}
