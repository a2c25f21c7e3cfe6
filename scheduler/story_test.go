package scheduler

import (
	"context"
	"database/sql"
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

var pushKinds = []duban.NewsKind{duban.NewsReminder, duban.NewsUnsigned, duban.NewsDue, duban.NewsUrge, duban.NewsDraft, duban.NewsLate}

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

func TestAReminderThatIsDueIn24HoursComesThen(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG"}, func(t *testing.T, st *stage) {
		st.desk.Policy.Ladder.Unsigned = nil
		st.start()
		a := st.issue("T-1", school, moment(t, "2026-10-16 10:00"))
		at(t, "2026-10-12 23:00")
		st.same("before", st.letters(pushKinds...))
		at(t, "2026-10-13 12:00")
		got := st.outbox(pushKinds...)
		if len(got) != 1 || got[0].AssignmentID != a.ID || got[0].Kind != duban.NewsReminder || got[0].Lane != duban.LaneReminder {
			t.Fatalf("letters: %+v", got)
		}
		due := moment(t, "2026-10-13 09:00")
		if late := got[0].CreatedAt.Sub(due); late < 0 || late > time.Second {
			t.Errorf("posted %s after its moment", late)
		}
		if !got[0].Due.Equal(due) {
			t.Errorf("meant for %s", got[0].Due)
		}
		var news duban.RungNews
		if err := json.Unmarshal([]byte(got[0].Data), &news); err != nil || news.Rung != duban.RungBeforeDue || news.Step != "3wd" || news.AssignmentID != a.ID {
			t.Errorf("data %s: %v", got[0].Data, err)
		}
		st.same("record", st.recorded(a.ID), "reminded before_due due")
	})
}

func TestTheLadderOfAForgottenItemPlaysInFull(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG", "LM", "HJ"}, func(t *testing.T, st *stage) {
		a := st.issue("T-1", school, moment(t, "2026-10-16 15:00"))
		st.walk("2026-10-12 11:00")
		if _, err := st.desk.Accept(context.Background(), st.actors["WF"], a.ID); err != nil {
			t.Fatal(err)
		}
		st.walk("2026-10-21 12:00")
		st.same("letters", st.letters(pushKinds...),
			"10-13 09:00 reminder → WF",
			"10-15 09:00 reminder → WF",
			"10-16 09:00 reminder → WF",
			"10-16 15:00 due → WF", "10-16 15:00 due → ZG",
			"10-19 09:00 urge → WF", "10-19 09:00 urge → ZG",
			"10-20 09:00 urge → WF", "10-20 09:00 urge → ZG",
			"10-21 09:00 draft → LM", "10-21 09:00 draft → HJ",
			"10-21 09:00 urge → WF", "10-21 09:00 urge → ZG",
		)
		cast.Read(t, st.desk, func(tx *store.Tx) (err error) {
			a, err = tx.Assignment(a.ID)
			return err
		})
		if a.Urges != 3 {
			t.Errorf("urged %d times", a.Urges)
		}
		st.same("record", st.recorded(a.ID), "reminded before_due due", "reminded before_due due", "reminded before_due due", "reminded due due",
			"urged notice due", "urged repeat due", "escalated draft due", "urged repeat due")
	})
}

func TestReminderStopsAtOnceOnSubmissionAndStartsAgainOnReturn(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG", "LM"}, func(t *testing.T, st *stage) {
		ctx := context.Background()
		a := st.issue("T-1", school, moment(t, "2026-10-14 15:00"))
		st.walk("2026-10-14 14:59")
		done, err := st.desk.Submit(ctx, st.actors["WF"], a.ID, work.Report{Text: "已报"})
		if err != nil || done.Assignment.State != duban.Submitted {
			t.Fatal(done, err)
		}
		st.walk("2026-10-15 12:00")
		st.same("while submitted", st.letters(duban.NewsDue, duban.NewsUrge))
		if _, err := st.desk.Return(ctx, st.actors["LM"], done.Submission.ID, "缺附件", calendar.Due{}); err != nil {
			t.Fatal(err)
		}
		st.walk("2026-10-16 12:00")
		st.same("after the return", st.letters(duban.NewsDue, duban.NewsUrge), "10-16 09:00 urge → WF", "10-16 09:00 urge → ZG")
	})
}

func TestReviewersAreRemindedByTheirOwnClockAndTheUnitIsNot(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG", "LM", "HJ"}, func(t *testing.T, st *stage) {
		a := st.issue("T-1", school, moment(t, "2026-10-14 15:00"))
		done, err := st.desk.Submit(context.Background(), st.actors["WF"], a.ID, work.Report{Text: "已报"})
		if err != nil {
			t.Fatal(err)
		}
		st.walk("2026-10-16 12:00")
		st.same("letters", st.letters(pushKinds...), "10-15 09:00 reminder → LM", "10-15 09:00 reminder → HJ", "10-16 09:00 reminder → LM", "10-16 09:00 reminder → HJ")
		if l := st.outbox(duban.NewsReminder)[0]; l.SubmissionID != done.Submission.ID {
			t.Errorf("the letter names submission %d", l.SubmissionID)
		}
	})
}

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

func TestWhatIsOverTheDailyCapFoldsIntoTheDigest(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG"}, func(t *testing.T, st *stage) {
		var all []duban.Assignment
		for i := range 4 {
			all = append(all, st.issue(fmt.Sprintf("T-%d", i), school, moment(t, "2026-10-12 15:00").Add(time.Duration(i)*time.Minute)))
		}
		critical := func(row *work.TaskRow) { row.Priority = duban.Critical }
		st.issue("T-critical", school, moment(t, "2026-10-12 15:30"), critical)
		st.walk("2026-10-12 17:00")
		st.same("letters", st.letters(pushKinds...),
			"10-12 15:00 due → WF", "10-12 15:00 due → ZG", "10-12 15:01 due → WF", "10-12 15:01 due → ZG",
			"10-12 15:02 due → WF", "10-12 15:02 due → ZG", "10-12 15:30 due → WF", "10-12 15:30 due → ZG")
		cast.Read(t, st.desk, func(tx *store.Tx) error {
			entries, err := tx.RecordOf(all[3].ID)
			last := entries[len(entries)-1]
			if folded, _ := last.Facts["folded"].([]any); last.Event != duban.EventReminded || len(folded) != 2 || last.Facts["folded_why"] != "over_cap" {
				t.Errorf("record: %+v", last)
			}
			return err
		})
		st.walk("2026-10-13 08:31")
		digests := st.outbox(duban.NewsDigest)
		if len(digests) != 2 {
			t.Fatalf("digests: %+v", digests)
		}
		var news duban.DigestNews
		if err := json.Unmarshal([]byte(digests[0].Data), &news); err != nil || !slices.Contains(news.Items, all[3].ID) {
			t.Errorf("digest %s: %v", digests[0].Data, err)
		}
	})
}

func TestAnOwnerWhoCannotBeReachedIsBackedByTheSecretary(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"ZG", "LM"}, func(t *testing.T, st *stage) {
		a := st.issue("T-1", school, moment(t, "2026-10-16 15:00"))
		st.walk("2026-10-13 10:00")
		st.same("letters", st.letters(pushKinds...), "10-13 09:00 reminder → WF", "10-13 09:00 reminder → ZG")
		st.same("record", st.recorded(a.ID), "reminded before_due due", "escalated before_due unreachable", "missed unsigned overtaken")
	})
}

func TestWhereNobodyOfTheUnitCanBeReachedTheAdministratorsAreTold(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"LM", "HJ"}, func(t *testing.T, st *stage) {
		st.issue("T-1", school, moment(t, "2026-10-12 15:00"))
		st.walk("2026-10-12 16:00")
		st.same("letters", st.letters(pushKinds...), "10-12 15:00 due → WF", "10-12 15:00 due → ZG", "10-12 15:00 due → LM", "10-12 15:00 due → HJ")
	})
}

func TestQuietTimeHoldsWhatIsDueUntilTheDigest(t *testing.T) {
	play(t, "2026-10-16 10:00", []string{"WF", "ZG"}, func(t *testing.T, st *stage) {
		digest := calendar.Clock{Hour: 8, Minute: 30}
		st.desk.Policy.Quiet = calendar.Quiet{From: calendar.Clock{Hour: 21}, To: calendar.Clock{Hour: 7}, WorkingDaysOnly: true, Resume: &digest}
		st.issue("T-1", school, moment(t, "2026-10-16 22:00"))
		st.walk("2026-10-19 08:29")
		st.same("over the weekend", st.letters(duban.NewsDue))
		st.walk("2026-10-19 08:31")
		st.same("on Monday", st.letters(duban.NewsDue), "10-19 08:30 due → WF", "10-19 08:30 due → ZG")
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
