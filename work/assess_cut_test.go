package work_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// manyToAssess is the city of newYearEnd with so many schools more, each with an officer and an item that it never did.
func manyToAssess(tb testing.TB, schools, items int) (*work.Desk, duban.Actor) {
	tb.Helper()
	d := cast.Open(tb)
	rows := make([]work.RosterRow, schools)
	for i := range rows {
		rows[i] = work.RosterRow{
			Line: i + 2, Unit: fmt.Sprintf("第%d学校党委", i), Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Name: fmt.Sprintf("专干%d", i),
			Role: duban.Officer, Code: fmt.Sprintf("X%d", i),
		}
	}
	if done, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{}); err != nil || len(done.Problems) > 0 {
		tb.Fatal(err, done.Problems)
	}
	admin := cast.Join(tb, d, "LM", 700)
	for n := range items {
		cast.Issue(tb, d.Past(on(3, 2, 9)), admin, work.TaskRow{
			Line: 2, Code: fmt.Sprintf("A-%d", n), Title: fmt.Sprintf("事项%d", n), Duty: "按要求完成", Units: "school_committee", Due: "2026-03-13",
		})
	}
	return d, admin
}

func TestAnAssessmentThatWasCutShortGoesOnWhenItsUpdateComesAgain(t *testing.T) {
	d, admin := manyToAssess(t, 33, 1)
	if err := d.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Receive(store.Update{UpdateID: 1, Lane: 1, Kind: "callback_query", Raw: []byte("{}")})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	admin.Cause = 1
	now := on(12, 21, 9)
	desk := d.Past(now)
	cut, stop := context.WithCancel(ctx)
	opening := work.Opening{Year: 2026, Until: d.WindowEnd(now, duban.ObjectWithin), Tell: func(done, _ int) {
		if done == 20 {
			stop()
		}
	}}
	if _, err := desk.OpenAssessment(cut, admin, opening); !errors.Is(err, context.Canceled) {
		t.Fatalf("it was not cut short: %v", err)
	}
	var round duban.AssessmentRound
	toCompute := func() (n int) {
		cast.Read(t, d, func(tx *store.Tx) (err error) {
			if round, err = tx.RoundOf(2026); err == nil {
				n, err = tx.ToCompute(round.ID)
			}
			return err
		})
		return n
	}
	if n := toCompute(); n != 15 {
		t.Fatalf("%d units are left to compute", n)
	}
	late := admin
	late.Cause = 0
	if _, err := d.Past(on(12, 30, 9)).CloseAssessment(ctx, late, round.ID); duban.CodeOf(err) != duban.Undecided {
		t.Errorf("a round was closed of which not all is computed: %v", err)
	}
	var told []int
	opening.Tell = func(done, of int) { told = append(told, done, of) }
	if _, err := desk.OpenAssessment(ctx, admin, opening); err != nil {
		t.Fatal(err)
	}
	if n := toCompute(); n != 0 || told[len(told)-2] != 15 || told[len(told)-1] != 15 {
		t.Errorf("%d units are left to compute, told %v", n, told)
	}
	if _, err := desk.OpenAssessment(ctx, admin, opening); !errors.Is(err, duban.ErrRepeated) {
		t.Errorf("an update that was dealt with opens again: %v", err)
	}
	wantComputedOnce(t, d, 35, now)
}

func TestAnAssessmentThatWasCutShortGoesOnByTheButton(t *testing.T) {
	d, admin := manyToAssess(t, 23, 1)
	now := on(12, 21, 9)
	cut, stop := context.WithCancel(ctx)
	round, err := d.Past(now).OpenAssessment(cut, admin, work.Opening{Year: 2026, Until: d.WindowEnd(now, duban.ObjectWithin), Tell: func(done, _ int) {
		if done == 10 {
			stop()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("it was not cut short: %v", err)
	}
	if _, err := d.Past(now).Reassess(ctx, admin, round.ID, nil); err != nil {
		t.Fatal(err)
	}
	wantComputedOnce(t, d, 25, now)
}

// TestAUnitThatIsComputedLaterHasTheWholeTimeToObject goes on a week after an assessment was cut short, when two days of its window are left.
func TestAUnitThatIsComputedLaterHasTheWholeTimeToObject(t *testing.T) {
	d, admin := manyToAssess(t, 23, 1)
	now, later := on(12, 7, 9), on(12, 10, 9)
	cut, stop := context.WithCancel(ctx)
	round, err := d.Past(now).OpenAssessment(cut, admin, work.Opening{Year: 2026, Until: d.WindowEnd(now, duban.ObjectWithin), Tell: func(done, _ int) {
		if done == 10 {
			stop()
		}
	}})
	if !errors.Is(err, context.Canceled) || round.Until.String() != "2026-12-14" {
		t.Fatalf("it was not cut short, or is open until %s: %v", round.Until, err)
	}
	if round, err = d.Past(later).Reassess(ctx, admin, round.ID, nil); err != nil || round.Until.String() != "2026-12-17" {
		t.Fatalf("open until %s, %v", round.Until, err)
	}
	until := map[any]int{}
	cast.Read(t, d, func(tx *store.Tx) error {
		kept, err := tx.Round(round.ID)
		if err != nil || kept.Until != round.Until {
			t.Errorf("kept as open until %s, %v", kept.Until, err)
		}
		return tx.EntriesAbout([]duban.Event{duban.EventAssessed}, func(e duban.Entry) error { until[e.Facts["until"]]++; return nil })
	})
	if len(until) != 2 || until["2026-12-14"] != 10 || until["2026-12-17"] != 15 {
		t.Errorf("recorded as open until %v", until)
	}
}

// TestTwoAdministratorsDoNotSaveWhatIsOutdated has one compute while another goes on with the rest and then begins anew: what the first had computed of the
// rest is older than what is asked for by then.
func TestTwoAdministratorsDoNotSaveWhatIsOutdated(t *testing.T) {
	d, admin := manyToAssess(t, 23, 1)
	now := on(12, 21, 9)
	second := d.Past(now)
	opening := work.Opening{Year: 2026, Until: d.WindowEnd(now, duban.ObjectWithin), Tell: func(done, _ int) {
		if done != 10 {
			return
		}
		var round duban.AssessmentRound
		cast.Read(t, d, func(tx *store.Tx) (err error) { round, err = tx.RoundOf(2026); return err })
		if _, err := second.Reassess(ctx, admin, round.ID, nil); err != nil {
			t.Error(err)
		}
		cut, stop := context.WithCancel(ctx)
		if _, err := second.Reassess(cut, admin, round.ID, func(int, int) { stop() }); !errors.Is(err, context.Canceled) {
			t.Errorf("computing anew was not cut short: %v", err)
		}
	}}
	round, err := d.Past(now).OpenAssessment(ctx, admin, opening)
	if err != nil {
		t.Fatal(err)
	}
	cast.Read(t, d, func(tx *store.Tx) error {
		if n, err := tx.ToCompute(round.ID); err != nil || n != 25 {
			t.Errorf("%d units are left to compute, %v", n, err)
		}
		return nil
	})
	wantComputedOnce(t, d, 25, now)
}

// wantComputedOnce looks whether each of so many units was computed, recorded and told once.
func wantComputedOnce(t *testing.T, d *work.Desk, units int, now time.Time) {
	t.Helper()
	computed, told := map[int64]int{}, map[int64]int{}
	cast.Read(t, d, func(tx *store.Tx) error {
		tx.Now = now
		if err := tx.EntriesAbout([]duban.Event{duban.EventAssessed}, func(e duban.Entry) error { computed[e.UnitID]++; return nil }); err != nil {
			return err
		}
		letters, err := tx.ReadyLetters(duban.LaneReminder, time.UnixMilli(0), 0, 10_000)
		for _, l := range letters {
			if l.Kind == duban.NewsAssess {
				told[l.PersonID]++
			}
		}
		return err
	})
	for unit, n := range computed {
		if n != 1 {
			t.Errorf("unit %d was computed %d times", unit, n)
		}
	}
	for person, n := range told {
		if n != 1 {
			t.Errorf("person %d was told %d times", person, n)
		}
	}
	if len(computed) != units || len(told) < units {
		t.Errorf("%d units were computed and %d people told, want %d units", len(computed), len(told), units)
	}
}

// BenchmarkAssessingTwoThousandUnits opens the assessment of a year, with ten items for each unit, of which none arrived and none was done: twenty
// thousand lines. Beside it somebody writes something small every 5 ms, as presses do; wait-ms is the longest that one of those took.
func BenchmarkAssessingTwoThousandUnits(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		d, admin := manyToAssess(b, 2000, 10)
		ended, longest := make(chan struct{}), make(chan time.Duration)
		go func() {
			most := time.Duration(0)
			for {
				select {
				case <-ended:
					longest <- most
					return
				case <-time.After(5 * time.Millisecond):
				}
				began := time.Now()
				if err := d.Store.Write(ctx, func(tx *store.Tx) error { return tx.SaveDraft(admin.PersonID, "{}") }); err != nil {
					b.Error(err)
				}
				most = max(most, time.Since(began))
			}
		}()
		b.StartTimer()
		now := on(12, 21, 9)
		_, err := d.Past(now).OpenAssessment(ctx, admin, work.Opening{Year: 2026, Until: d.WindowEnd(now, duban.ObjectWithin)})
		b.StopTimer()
		close(ended)
		b.ReportMetric(float64((<-longest).Milliseconds()), "wait-ms")
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
