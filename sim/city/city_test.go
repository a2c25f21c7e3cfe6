package city_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/imports"
	"duban/internal/cast"
	"duban/sim"
	"duban/sim/city"
	"duban/store"
	"duban/work"
)

// mustFill makes a city in a new database.
func mustFill(tb testing.TB, now time.Time) (*city.City, *work.Desk, *sim.Telegram) {
	tb.Helper()
	o := store.Options{Path: filepath.Join(tb.TempDir(), "duban.db"), Key: make([]byte, 32), Relaxed: true}
	if err := store.Init(context.Background(), o); err != nil {
		tb.Fatal(err)
	}
	s, err := store.Open(context.Background(), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	desk := &work.Desk{Store: s, Calendar: calendar.New(cast.Shanghai, calendar.Clock{Hour: 18}), Policy: cast.Policy()}
	tg := sim.New(sim.Options{})
	tb.Cleanup(tg.Close)
	c, err := city.Fill(context.Background(), desk, tg, now)
	if err != nil {
		tb.Fatal(err)
	}
	return c, desk, tg
}

// TestTheCity looks at one city from all sides, since making one takes long under the race detector.
func TestTheCity(t *testing.T) {
	now := time.Now()
	c, desk, tg := mustFill(t, now)
	t.Run("it has everything that it promises", func(t *testing.T) { hasEverything(t, c, desk, tg, now) })
	t.Run("only what is shown first waits to be sent", func(t *testing.T) { onlyWhatIsShownFirstWaits(t, c, desk) })
	t.Run("its record is whole and in order", func(t *testing.T) { recordIsWhole(t, desk) })
	t.Run("the list at hand issues tasks that are due in a moment", func(t *testing.T) { listCanBeImported(t, c, desk) })
}

func hasEverything(t *testing.T, c *city.City, desk *work.Desk, tg *sim.Telegram, now time.Time) {
	kinds, lights, states := map[duban.UnitKind]int{}, map[duban.Light]int{}, map[duban.State]int{}
	all, quiet, tasks, people := 0, 0, map[int64]bool{}, 0
	cast.Read(t, desk, func(tx *store.Tx) error {
		units, err := tx.Units()
		if err != nil {
			return err
		}
		for _, u := range units {
			kinds[u.Kind]++
		}
		persons, err := tx.People()
		if err != nil {
			return err
		}
		people = len(persons)
		return tx.EveryAssignment(time.Time{}, time.Time{}, func(a duban.Assignment) error {
			all++
			tasks[a.TaskID] = true
			states[a.State]++
			lights[duban.LightOf(a, duban.DefaultLights, desk.Calendar, now)]++
			if a.NextAction.IsZero() {
				quiet++
			}
			return nil
		})
	})
	t.Log(people, "people", kinds, len(tasks), "tasks", all, "assignments", states, lights)
	if kinds[duban.SchoolCommittee] != 40 || kinds[duban.Branch] != 120 || people != 300 || len(tasks) != 30 {
		t.Errorf("%d people, %v, %d tasks", people, kinds, len(tasks))
	}
	for _, light := range duban.LightOrder {
		if lights[light] == 0 {
			t.Errorf("no assignment is %s", light)
		}
	}
	for _, state := range []duban.State{duban.Issued, duban.Accepted, duban.Submitted, duban.Returned, duban.Suspended, duban.Closed} {
		if states[state] == 0 {
			t.Errorf("no assignment is %s", state)
		}
	}
	if quiet != all {
		t.Errorf("%d of %d assignments would be reminded by themselves", all-quiet, all)
	}
	if len(tg.People()) != people || c.Administrator == nil || c.Officer == nil {
		t.Error("somebody has no telephone")
	}
}

func onlyWhatIsShownFirstWaits(t *testing.T, c *city.City, desk *work.Desk) {
	waits := map[duban.NewsKind]int{}
	cast.Read(t, desk, func(tx *store.Tx) error {
		for _, lane := range duban.Lanes {
			letters, err := tx.ReadyLetters(lane.Lane, time.UnixMilli(0), 0, 10_000)
			if err != nil {
				return err
			}
			for _, l := range letters {
				waits[l.Kind]++
				account, err := tx.AccountOfPerson(l.PersonID)
				if err != nil {
					return err
				}
				if account.TelegramID != c.Administrator.ID() && account.TelegramID != c.Officer.ID() {
					t.Errorf("a %s waits for person %d", l.Kind, l.PersonID)
				}
			}
		}
		return nil
	})
	if waits[duban.NewsCard] < 4 || waits[duban.NewsReview] != 3 || waits[duban.NewsAnnouncement] != 1 || waits[duban.NewsProgress] != 1 || waits[duban.NewsRequest] != 1 || len(waits) != 5 {
		t.Errorf("there waits %v", waits)
	}
}

func recordIsWhole(t *testing.T, desk *work.Desk) {
	before := time.Time{}
	cast.Read(t, desk, func(tx *store.Tx) error {
		count, breaks, err := tx.Verify()
		if err != nil || len(breaks) > 0 || count < 3000 {
			t.Errorf("%d entries, broken at %v: %v", count, breaks, err)
		}
		return tx.EveryEntry(time.Time{}, time.Time{}, func(e duban.Entry) error {
			if e.At.Before(before.Add(-time.Minute)) {
				t.Errorf("entry %d, %s, is of %s, the one before of %s", e.Seq, e.Event, e.At, before)
			}
			before = e.At
			return nil
		})
	})
}

func listCanBeImported(t *testing.T, c *city.City, desk *work.Desk) {
	now := time.Now()
	data, err := c.List(now)
	if err != nil {
		t.Fatal(err)
	}
	list, err := imports.Open(city.ListName, data, "")
	if err != nil {
		t.Fatal(err)
	}
	done, err := list.Import(context.Background(), desk, duban.Console, work.ImportOptions{})
	if err != nil || done.New != 2 || done.Issued != 4 || len(done.Wrong) > 0 {
		t.Fatalf("imported %+v: %v", done, err)
	}
	moved := 0
	cast.Read(t, desk, func(tx *store.Tx) error {
		return tx.EveryAssignment(now, now.Add(2*time.Minute), func(a duban.Assignment) error {
			if !a.NextAction.IsZero() {
				moved++
			}
			return nil
		})
	})
	if moved != 4 {
		t.Errorf("%d of the 4 assignments will be reminded", moved)
	}
}

func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		mustFill(b, time.Now())
	}
}
