package scheduler

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

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
			"urged notice due", "urged repeat due", "notice_drafted <nil> <nil>", "escalated draft due", "urged repeat due")
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
		if _, err := st.desk.Return(ctx, st.actors["LM"], done.Submission.ID, work.Comeback{Reason: "缺附件"}); err != nil {
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

func TestADeadlineMovedOnItsDayIsToldAgain(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG"}, func(t *testing.T, st *stage) {
		st.issue("T-1", school, moment(t, "2026-10-12 15:00"))
		st.walk("2026-10-12 15:30")
		st.issue("T-1", school, moment(t, "2026-10-12 17:00"))
		st.walk("2026-10-12 18:00")
		st.same("letters", st.letters(duban.NewsDue), "10-12 15:00 due → WF", "10-12 15:00 due → ZG", "10-12 17:00 due → WF", "10-12 17:00 due → ZG")
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
