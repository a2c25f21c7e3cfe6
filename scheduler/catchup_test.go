package scheduler

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
)

func TestWhatWasDueWhileTheProgramWasDownIsToldOnceMergedAndLate(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG", "ZM"}, func(t *testing.T, st *stage) {
		st.issue("T-1", school, moment(t, "2026-10-12 15:00"))
		st.issue("T-2", school, moment(t, "2026-10-12 15:30"))
		st.issue("T-3", school, moment(t, "2026-10-12 16:00"))
		lone := st.issue("T-4", primary, moment(t, "2026-10-12 16:00"))
		st.start()
		at(t, "2026-10-12 14:30")
		st.stop()
		at(t, "2026-10-12 17:30")
		st.start()
		time.Sleep(time.Second)
		synctest.Wait()
		// 孙丽 has not joined, yet the record is to show that she was written to.
		st.same("letters", st.letters(pushKinds...), "10-12 17:30 due → ZM", "10-12 17:30 due → SL", "10-12 17:30 late → WF", "10-12 17:30 late → ZG")
		late := st.outbox(duban.NewsLate)[0]
		var news duban.LateNews
		if err := json.Unmarshal([]byte(late.Data), &news); err != nil || len(news.Items) != 3 || news.Items[0].Rung != duban.RungDue {
			t.Fatalf("data %s: %v", late.Data, err)
		}
		if !late.Due.Equal(moment(t, "2026-10-12 15:00")) || late.Lane != duban.LaneEscalation {
			t.Errorf("meant for %s in lane %d", late.Due, late.Lane)
		}
		if single := st.outbox(duban.NewsDue)[0]; single.AssignmentID != lone.ID || !single.Due.Equal(moment(t, "2026-10-12 16:00")) {
			t.Errorf("single: %+v", single)
		}
		time.Sleep(time.Hour)
		st.same("nothing is told twice", st.letters(duban.NewsLate, duban.NewsDue), "10-12 17:30 due → ZM", "10-12 17:30 due → SL", "10-12 17:30 late → WF", "10-12 17:30 late → ZG")
	})
}

func TestACatchUpOfManyBatchesIsOneLetterForEachPerson(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG"}, func(t *testing.T, st *stage) {
		const many = batchLimit + 30
		st.issueMany(many, moment(t, "2026-10-12 15:00"))
		at(t, "2026-10-12 16:00")
		if report := st.pass(); !report.More || report.Due != batchLimit || report.Late != batchLimit {
			t.Fatalf("first pass: %+v", report)
		}
		if report := st.pass(); report.More || report.Due != many-batchLimit {
			t.Fatalf("second pass: %+v", report)
		}
		st.same("letters", st.letters(pushKinds...), "10-12 16:00 late → WF", "10-12 16:00 late → ZG")
		for _, l := range st.outbox(duban.NewsLate) {
			var news duban.LateNews
			if err := json.Unmarshal([]byte(l.Data), &news); err != nil || len(news.Items) != many {
				t.Errorf("%d items, %v", len(news.Items), err)
			}
		}
	})
}

func TestALateLetterThatHasGoneOutIsFollowedByAnother(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG"}, func(t *testing.T, st *stage) {
		st.issue("T-1", school, moment(t, "2026-10-12 11:00"))
		st.issue("T-2", school, moment(t, "2026-10-12 11:00"))
		st.issue("T-3", school, moment(t, "2026-10-12 12:00"))
		st.issue("T-4", school, moment(t, "2026-10-12 12:00"))
		at(t, "2026-10-12 11:30")
		st.pass()
		for _, l := range st.outbox(duban.NewsLate) {
			err := st.desk.Store.Write(context.Background(), func(tx *store.Tx) error {
				if _, err := tx.MarkSending(l.ID); err != nil {
					return err
				}
				return tx.MarkSent(l.ID, 7)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		at(t, "2026-10-12 12:30")
		st.pass()
		st.same("letters", st.letters(duban.NewsLate), "10-12 11:30 late → WF", "10-12 11:30 late → ZG", "10-12 12:30 late → WF", "10-12 12:30 late → ZG")
	})
}

func TestIdenticalRemindersAreNeverSentTwiceADay(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG"}, func(t *testing.T, st *stage) {
		a := st.issue("T-1", school, moment(t, "2026-10-12 15:00"))
		st.walk("2026-10-13 08:50")
		at(t, "2026-10-14 08:40") // yesterday's 催办单 is made up twenty minutes before today's
		st.walk("2026-10-15 10:00")
		st.same("letters", st.letters(duban.NewsUrge, duban.NewsLate),
			"10-14 08:40 urge → WF", "10-14 08:40 urge → ZG", "10-15 09:00 urge → WF", "10-15 09:00 urge → ZG")
		got := st.recorded(a.ID)
		if !slices.Contains(got, "missed repeat same_day") {
			t.Errorf("record: %v", got)
		}
	})
}

func TestARowThatCannotBeHandledDoesNotStopTheOthers(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG"}, func(t *testing.T, st *stage) {
		st.desk.Policy.DailyCap = 0
		bad := st.issue("T-0", school, moment(t, "2026-10-12 14:00"))
		for i := range 5 {
			st.issue(fmt.Sprintf("T-%d", i+1), school, moment(t, "2026-10-12 15:00"))
		}
		st.raw(`UPDATE assignment SET due_date = 'no date' WHERE id = $1`, bad.ID)
		at(t, "2026-10-12 15:00")
		report := st.pass()
		if !slices.Equal(report.Poisoned, []int64{bad.ID}) || report.Due != 6 || report.Told != 10 {
			t.Fatalf("report: %+v", report)
		}
		if !strings.Contains(st.log.String(), fmt.Sprintf("assignment=%d", bad.ID)) {
			t.Error("the log does not name it")
		}
		if report := st.pass(); report.Due != 0 {
			t.Errorf("it is looked at again at once: %+v", report)
		}
		st.raw(`UPDATE assignment SET due_date = '2026-10-12' WHERE id = $1`, bad.ID)
		at(t, "2026-10-12 16:01")
		if report := st.pass(); report.Due != 1 || report.Late != 1 || report.Told != 2 {
			t.Errorf("an hour later: %+v", report)
		}
	})
}

func TestAClockBeforeTheProgramWasWrittenSendsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk := cast.Open(t) // the fake clock begins in the year 2000
		s := New(desk, slog.New(slog.NewTextHandler(io.Discard, nil)))
		if _, err := s.Pass(context.Background()); err != ErrClock {
			t.Errorf("got %v", err)
		}
		if !s.Health().ClockWrong {
			t.Error("health does not tell")
		}
	})
}

func TestTheLoopWakesForWhatIsPlannedMeanwhile(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG"}, func(t *testing.T, st *stage) {
		st.desk.Policy.Ladder.BeforeDue = []calendar.Step{{N: 1, Unit: calendar.Seconds}}
		st.start()
		time.Sleep(time.Minute)
		begin := time.Now()
		st.issue("T-1", school, begin.Add(2*time.Second))
		time.Sleep(1500 * time.Millisecond)
		if got := st.outbox(duban.NewsReminder); len(got) != 1 || got[0].CreatedAt.Sub(begin) > 1100*time.Millisecond {
			t.Errorf("letters: %+v", got)
		}
	})
}

func TestAClockThatGoesBackIsLogged(t *testing.T) {
	play(t, "2026-10-12 10:00", nil, func(t *testing.T, st *stage) {
		err := st.desk.Store.Write(context.Background(), func(tx *store.Tx) error { return tx.SetMetaTime(tickKey, tx.Now.Add(time.Hour)) })
		if err != nil {
			t.Fatal(err)
		}
		st.pass()
		if !strings.Contains(st.log.String(), "clock has gone back") {
			t.Errorf("log: %s", st.log)
		}
		time.Sleep(2 * time.Hour)
		st.pass()
		if !strings.Contains(st.log.String(), "jumped ahead") {
			t.Errorf("log: %s", st.log)
		}
	})
}

func TestAnotherLadderHoldsForWhatIsIssuedFromThenOn(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG"}, func(t *testing.T, st *stage) {
		st.desk.Policy.DailyCap = 0
		before := st.issue("T-1", school, moment(t, "2026-10-30 15:00"))
		st.start()
		at(t, "2026-10-12 10:01")
		st.stop()
		st.desk.Policy.Ladder.Unsigned = nil
		st.desk.Policy.Ladder.BeforeDue = []calendar.Step{{N: 20, Unit: calendar.Days}, {N: 17, Unit: calendar.Days}}
		st.sched = New(st.desk, slog.New(slog.NewTextHandler(st.log, nil)))
		after := st.issue("T-2", school, moment(t, "2026-10-30 15:00"))
		st.walk("2026-10-13 11:01")
		st.same("nudge by the old ladder", st.letters(duban.NewsUnsigned), "10-13 09:00 unsigned → WF")
		st.same("reminder by the new one", st.letters(duban.NewsReminder), "10-13 09:00 reminder → WF")
		if got := st.outbox(duban.NewsUnsigned); len(got) == 1 && got[0].AssignmentID != before.ID {
			t.Errorf("nudged for %d", got[0].AssignmentID)
		}
		if got := st.outbox(duban.NewsReminder); len(got) == 1 && got[0].AssignmentID != after.ID {
			t.Errorf("reminded of %d", got[0].AssignmentID)
		}
	})
}

func TestAnotherQuietTimeHoldsFromTheNextStartOn(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG"}, func(t *testing.T, st *stage) {
		st.issue("T-1", school, moment(t, "2026-10-30 15:00"))
		st.issue("T-2", school, moment(t, "2026-10-12 11:00"))
		st.start()
		at(t, "2026-10-12 10:01")
		st.stop()
		st.desk.Policy.Quiet = calendar.Quiet{From: calendar.Clock{Hour: 20}, To: calendar.Clock{Hour: 9, Minute: 30}}
		st.sched = New(st.desk, slog.New(slog.NewTextHandler(st.log, nil)))
		at(t, "2026-10-12 12:00")
		st.start()
		time.Sleep(time.Second)
		synctest.Wait()
		st.same("what was due by the old one is told at the start", st.letters(pushKinds...), "10-12 12:00 due → WF", "10-12 12:00 due → ZG")
		st.stop()
		st.walk("2026-10-13 09:31")
		st.same("the next day", st.letters(duban.NewsUnsigned), "10-13 09:30 unsigned → WF")
	})
}
