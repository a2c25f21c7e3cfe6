package scheduler

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// TestHolidaysAddedByAnotherProcessMoveTheNextReminder waits no longer than the five seconds that are promised.
func TestHolidaysAddedByAnotherProcessMoveTheNextReminder(t *testing.T) {
	play(t, "2026-11-23 09:00", []string{"WF"}, func(t *testing.T, st *stage) {
		a := st.issue("T-1", school, moment(t, "2026-12-04 15:00"))
		next := func() (at time.Time) {
			cast.Read(t, st.desk, func(tx *store.Tx) error {
				now, err := tx.Assignment(a.ID)
				at = now.NextAction
				return err
			})
			return at
		}
		st.start()
		time.Sleep(time.Second)
		if _, err := st.desk.Accept(context.Background(), st.actors["WF"], a.ID); err != nil {
			t.Fatal(err)
		}
		if got := next(); !got.Equal(moment(t, "2026-12-01 09:00")) {
			t.Fatalf("three working days before is %s", got.In(cast.Shanghai))
		}
		other := &work.Desk{Store: st.other(), Calendar: calendar.New(cast.Shanghai, calendar.Clock{Hour: 18}), Policy: st.desk.Policy}
		for _, day := range []int{1, 2} {
			off := calendar.Day{From: calendar.Date{Year: 2026, Month: time.December, Day: day}, Off: true, Source: "S"}
			if _, err := other.CorrectDay(context.Background(), duban.Console, off); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if got := next(); !got.Equal(moment(t, "2026-11-27 09:00")) {
			t.Errorf("with two days off more it is %s", got.In(cast.Shanghai))
		}
		if !st.desk.Calendar.IsWorkingDay(calendar.Date{Year: 2026, Month: time.December, Day: 3}) || st.desk.Calendar.IsWorkingDay(calendar.Date{Year: 2026, Month: time.December, Day: 2}) {
			t.Error("the days have not been learnt")
		}
	})
}

// other opens the database a second time, as another process does.
func (st *stage) other() *store.Store {
	st.tb.Helper()
	s, err := store.Open(context.Background(), store.Options{Path: st.desk.Store.Path(), Key: make([]byte, 32), Relaxed: true})
	if err != nil {
		st.tb.Fatal(err)
	}
	st.tb.Cleanup(func() { s.Close() })
	return s
}
