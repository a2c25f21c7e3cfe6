package city_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"duban"
	"duban/calendar"
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

func TestTheCityHasEverythingThatItPromises(t *testing.T) {
	now := time.Now()
	c, desk, tg := mustFill(t, now)
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
	for _, state := range []duban.State{duban.Issued, duban.Accepted, duban.Submitted, duban.Returned, duban.Closed} {
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

func TestOnlyWhatIsShownFirstWaitsToBeSent(t *testing.T) {
	c, desk, _ := mustFill(t, time.Now())
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
	if waits[duban.NewsCard] < 4 || waits[duban.NewsReview] != 3 || waits[duban.NewsAnnouncement] != 1 || waits[duban.NewsProgress] != 1 || len(waits) != 4 {
		t.Errorf("there waits %v", waits)
	}
}

func TestTheRecordOfTheCityIsWholeAndInOrder(t *testing.T) {
	_, desk, _ := mustFill(t, time.Now())
	before, entries := time.Time{}, 0
	cast.Read(t, desk, func(tx *store.Tx) error {
		return tx.EveryEntry(time.Time{}, time.Time{}, func(e duban.Entry) error {
			entries++
			if e.At.Before(before.Add(-2 * time.Minute)) {
				t.Errorf("entry %d, %s, is of %s, the one before of %s", e.Seq, e.Event, e.At, before)
			}
			before = e.At
			return nil
		})
	})
	t.Log(entries, "entries")
	if entries < 3000 {
		t.Errorf("%d entries", entries)
	}
}

func TestTheListAtHandCanBeImported(t *testing.T) {
	c, _, _ := mustFill(t, time.Now())
	data, err := c.List(time.Now())
	if err != nil || len(data) == 0 {
		t.Fatal(err)
	}
}

func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		mustFill(b, time.Now())
	}
}
