package scheduler

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/robfig/cron/v3"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

func TestEveryDutyHasALineThatComesDue(t *testing.T) {
	names := map[string]bool{}
	for _, d := range duties {
		schedule, err := cron.ParseStandard(d.line)
		if err != nil || schedule.Next(time.Now()).IsZero() {
			t.Errorf("%s: %q: %v", d.name, d.line, err)
		}
		if names[d.name] || d.do == nil {
			t.Errorf("%s stands twice or does nothing", d.name)
		}
		names[d.name] = true
	}
}

func TestADutyThatPanicsRunsAgain(t *testing.T) {
	play(t, "2026-10-12 10:00", nil, func(t *testing.T, st *stage) {
		var runs atomic.Int64
		stop := st.sched.startDuties(context.Background(), []duty{{"fragile", "* * * * *", func(*Scheduler, context.Context) error {
			switch runs.Add(1) {
			case 1:
				panic("the first time")
			case 2:
				return errors.New("the second time")
			}
			return nil
		}}})
		for minute, failure := range []string{"it panicked", "the second time", ""} {
			time.Sleep(time.Minute)
			synctest.Wait()
			if h := st.sched.Health(); runs.Load() != int64(minute+1) || h.FailedDuty["fragile"] != failure {
				t.Errorf("minute %d, after %d runs: %v", minute, runs.Load(), h.FailedDuty)
			}
		}
		if st.sched.Health().DutyRanLast["fragile"].IsZero() {
			t.Error("the run that went well is not noted")
		}
		stop()
		time.Sleep(time.Minute)
		if runs.Load() != 3 {
			t.Error("it runs after the stop")
		}
	})
}

func (st *stage) digests() map[string]duban.DigestNews {
	st.tb.Helper()
	all := map[string]duban.DigestNews{}
	for _, l := range st.outbox(duban.NewsDigest) {
		var news duban.DigestNews
		if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
			st.tb.Fatal(err)
		}
		cast.Read(st.tb, st.desk, func(tx *store.Tx) error {
			p, err := tx.Person(l.PersonID)
			all[l.CreatedAt.In(cast.Shanghai).Format("01-02 15:04 ")+p.Code] = news
			return err
		})
	}
	return all
}

func TestTheDigestTellsEachReaderTheirOwn(t *testing.T) {
	play(t, "2026-10-09 10:00", []string{"WF", "ZG", "ZM", "LM", "LY"}, func(t *testing.T, st *stage) {
		ctx := context.Background()
		soon := st.issue("T-1", school, moment(t, "2026-10-14 15:00"))
		far := st.issue("T-2", school, moment(t, "2026-12-14 15:00"))
		signed := st.issue("T-3", school, moment(t, "2026-12-14 15:00"))
		ofBranch := st.issue("T-4", branch, moment(t, "2026-10-12 18:00"))
		waiting := st.issue("T-5", primary, moment(t, "2026-10-14 15:00"))
		if _, err := st.desk.Accept(ctx, st.actors["WF"], signed.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := st.desk.Submit(ctx, st.actors["ZM"], waiting.ID, work.Report{Text: "已报"}); err != nil {
			t.Fatal(err)
		}
		st.walk("2026-10-12 08:31") // a Monday
		got := st.digests()
		for _, want := range []struct {
			reader         string
			items, reviews []int64
		}{
			{"10-12 08:30 WF", []int64{soon.ID, far.ID}, nil},
			{"10-12 08:30 ZG", []int64{ofBranch.ID, soon.ID, far.ID}, nil},
			{"10-12 08:30 LY", []int64{ofBranch.ID}, nil},
			{"10-12 08:30 LM", nil, []int64{waiting.ID}},
		} {
			if news, ok := got[want.reader]; !ok || !slices.Equal(news.Items, want.items) || !slices.Equal(news.Reviews, want.reviews) {
				t.Errorf("%s: %+v, want %v and %v", want.reader, news, want.items, want.reviews)
			}
		}
		if len(got) != 8 { // Saturday 10 October was a working day too
			t.Errorf("digests: %v, duties: %v", got, st.sched.Health())
		}
		if _, ok := got["10-12 08:30 ZM"]; ok {
			t.Error("an owner is reminded of what waits for somebody else")
		}
	})
}

func TestADigestMissedWhileTheProgramWasDownIsMadeUpTheSameDayOnce(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF"}, func(t *testing.T, st *stage) {
		st.issue("T-1", school, moment(t, "2026-10-15 15:00"))
		st.start()
		at(t, "2026-10-12 10:02")
		if got := st.digests(); len(got) != 0 {
			t.Errorf("a program that starts for the first time has missed none: %v", got)
		}
		st.stop()
		at(t, "2026-10-13 11:00")
		st.start()
		at(t, "2026-10-13 11:01")
		time.Sleep(time.Second)
		st.stop()
		st.start()
		at(t, "2026-10-13 11:30")
		st.stop()
		st.walk("2026-10-13 20:00")
		got := st.digests()
		if _, ok := got["10-13 11:01 WF"]; !ok || len(got) != 1 {
			t.Errorf("made up: %v", got)
		}
		st.walk("2026-10-14 08:31")
		if got := st.digests(); len(got) != 2 {
			t.Errorf("the next day: %v", got)
		}
	})
}

func TestThereIsNoDigestOnDaysOffAndNoneThatIsEmpty(t *testing.T) {
	play(t, "2026-10-16 10:00", []string{"WF", "ZM"}, func(t *testing.T, st *stage) {
		st.issue("T-1", school, moment(t, "2026-10-19 15:00"))
		st.walk("2026-10-18 20:00") // Friday, Saturday, Sunday
		if got := st.digests(); len(got) != 0 {
			t.Errorf("over the weekend: %v", got)
		}
		st.walk("2026-10-19 12:00")
		got := st.digests()
		if _, ok := got["10-19 08:30 WF"]; !ok || len(got) != 1 {
			t.Errorf("on Monday: %v", got)
		}
	})
}

func TestHousekeepingForgetsWhatIsNoLongerNeeded(t *testing.T) {
	play(t, "2026-01-12 10:00", []string{"WF"}, func(t *testing.T, st *stage) {
		ctx := context.Background()
		write := func(fn func(*store.Tx) error) {
			t.Helper()
			if err := st.desk.Store.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *store.Tx) error {
			for i := range int64(bite + 20) {
				if _, err := tx.Receive(store.Update{UpdateID: i, Kind: "message", Raw: []byte("{}")}); err != nil {
					return err
				}
				if err := tx.Done(i + 1); err != nil {
					return err
				}
				if err := tx.NoteMessage(store.Message{ChatID: 1, MessageID: i + 1, Kind: duban.NewsAnswer}); err != nil {
					return err
				}
			}
			if err := tx.SaveCard(store.Card{Subject: "assignment:1", PersonID: st.actors["WF"].PersonID, ChatID: 1, MessageID: 5}); err != nil {
				return err
			}
			for _, n := range []duban.Notice{{Key: "answer", Kind: duban.NewsAnswer, ChatID: 1}, {Key: "card", Kind: duban.NewsCard, ChatID: 1}} {
				if err := tx.Post(n); err != nil {
					return err
				}
			}
			for _, key := range []string{"answer", "card"} {
				l, err := tx.LetterByKey(key)
				if err != nil {
					return err
				}
				if err := tx.MarkSent(l.ID, 9); err != nil {
					return err
				}
			}
			return nil
		})
		time.Sleep(500 * 24 * time.Hour)
		if err := st.sched.housekeep(ctx); err != nil {
			t.Fatal(err)
		}
		write(func(tx *store.Tx) error {
			if fresh, err := tx.Receive(store.Update{UpdateID: 7, Kind: "message", Raw: []byte("{}")}); err != nil || !fresh {
				t.Errorf("the update is still there: %v", err)
			}
			if _, err := tx.MessageAt(1, 6); duban.CodeOf(err) != duban.NotFound {
				t.Errorf("the message is still there: %v", err)
			}
			if _, err := tx.MessageAt(1, 5); err != nil {
				t.Errorf("the card is forgotten: %v", err)
			}
			if _, err := tx.LetterByKey("answer"); duban.CodeOf(err) != duban.NotFound {
				t.Errorf("the letter is still there: %v", err)
			}
			if _, err := tx.LetterByKey("card"); err != nil {
				t.Errorf("the live letter is forgotten: %v", err)
			}
			return nil
		})
	})
}

func TestTheAuditorTellsOfWorkThatWaits(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG"}, func(t *testing.T, st *stage) {
		ctx := context.Background()
		st.issue("T-1", school, moment(t, "2026-10-12 12:00"))
		if err := st.sched.audit(ctx); err != nil || !st.sched.Health().Audit.Clean() {
			t.Errorf("at first: %+v, %v", st.sched.Health().Audit, err)
		}
		at(t, "2026-10-12 12:05")
		st.pass()
		at(t, "2026-10-12 12:30")
		st.issue("T-2", school, moment(t, "2026-10-12 13:00"))
		at(t, "2026-10-12 13:30")
		if err := st.sched.audit(ctx); err != nil {
			t.Fatal(err)
		}
		found := st.sched.Health().Audit
		if found.LateActions != 1 || !found.OldestAction.Equal(moment(t, "2026-10-12 13:00")) || found.LateLetters == 0 {
			t.Errorf("found %+v", found)
		}
	})
}

func TestFromDecemberOnTheMissingCalendarIsToldOnceAWeek(t *testing.T) {
	play(t, "2026-11-30 09:45", []string{"LM", "HJ", "WF"}, func(t *testing.T, st *stage) {
		year, _ := st.desk.Calendar.NextYearMissing(moment(t, "2030-12-01 10:00"))
		if year != 2031 {
			t.Fatalf("next year is %d", year)
		}
		check := func() {
			if err := st.sched.checkCalendar(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		at(t, "2030-12-01 09:45")
		for range 10 {
			check()
			time.Sleep(24 * time.Hour)
		}
		st.same("told", st.letters(duban.NewsNoNotice),
			"12-01 09:45 no_notice → LM", "12-01 09:45 no_notice → HJ", "12-08 09:45 no_notice → LM", "12-08 09:45 no_notice → HJ")
		if st.sched.Health().NoticeYear != 2031 {
			t.Errorf("health says %d", st.sched.Health().NoticeYear)
		}
		known := calendar.Year{Year: 2031, Notice: "N", Days: calendar.StatutoryDays(2031)}
		if _, err := st.desk.AddYear(context.Background(), duban.Console, known, ""); err != nil {
			t.Fatal(err)
		}
		time.Sleep(7 * 24 * time.Hour)
		check()
		if n := len(st.outbox(duban.NewsNoNotice)); n != 4 || st.sched.Health().NoticeYear != 0 {
			t.Errorf("told %d times although the year is known, health says %d", n, st.sched.Health().NoticeYear)
		}
	})
}
