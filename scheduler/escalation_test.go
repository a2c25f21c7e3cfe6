package scheduler

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// away sets an absence of somebody of the cast for some days from today on.
func (st *stage) away(who, deputy string, days int) {
	st.tb.Helper()
	today := st.desk.Calendar.Today(time.Now())
	b := duban.Absence{
		PersonID: cast.Person(st.tb, st.desk, who).ID, DeputyID: cast.Person(st.tb, st.desk, deputy).ID, From: today.String(), To: today.Add(days).String(),
	}
	if _, err := st.desk.SetAbsence(context.Background(), duban.Console, b); err != nil {
		st.tb.Fatal(err)
	}
}

func (st *stage) escalations(assignment int64) (all []duban.Escalation) {
	st.tb.Helper()
	cast.Read(st.tb, st.desk, func(tx *store.Tx) (err error) {
		all, err = tx.EscalationsOf(assignment)
		return err
	})
	return all
}

func TestADraftIsBegunOnceAndReachesTheUnitOnlyWhenAPersonIssuesIt(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG", "LM", "CGD"}, func(t *testing.T, st *stage) {
		ctx := context.Background()
		a := st.issue("T-1", school, moment(t, "2026-10-12 15:00"))
		st.walk("2026-10-19 12:00")
		st.same("letters", st.letters(duban.NewsDraft, duban.NewsNotice), "10-15 09:00 draft → LM", "10-15 09:00 draft → HJ")
		all := st.escalations(a.ID)
		if len(all) != 1 || all[0].Level != 3 || all[0].State != duban.EscalationDraft {
			t.Fatalf("notices %+v", all)
		}
		if _, err := st.desk.IssueNotice(ctx, st.actors["ZG"], all[0].ID, "通报"); duban.CodeOf(err) != duban.NotAllowed {
			t.Errorf("a secretary issues a notice: %v", err)
		}
		issued, err := st.desk.IssueNotice(ctx, st.actors["LM"], all[0].ID, "通报")
		if err != nil || !issued.RespondBy.Equal(moment(t, "2026-10-26 18:00")) {
			t.Fatal(issued, err)
		}
		if _, err := st.desk.IssueNotice(ctx, st.actors["LM"], all[0].ID, "通报"); duban.CodeOf(err) != duban.AlreadyDone {
			t.Errorf("issued twice: %v", err)
		}
		st.same("issued", st.letters(duban.NewsNotice), "10-19 12:00 notice → WF", "10-19 12:00 notice → ZG")
		st.walk("2026-10-26 19:00")
		all = st.escalations(a.ID)
		if len(all) != 2 || all[1].Level != 4 || all[1].State != duban.EscalationDraft {
			t.Fatalf("after no answer: %+v", all)
		}
		if _, err := st.desk.IssueNotice(ctx, st.actors["LM"], all[1].ID, "约谈"); duban.CodeOf(err) != duban.NotAllowed {
			t.Errorf("an administrator issues a notice of level 4: %v", err)
		}
		if _, err := st.desk.IssueNotice(ctx, st.actors["CGD"], all[1].ID, "约谈"); err != nil {
			t.Fatal(err)
		}
		st.walk("2026-10-29 19:00")
		all = st.escalations(a.ID)
		if len(all) != 3 || all[2].Level != 5 {
			t.Fatalf("after no answer to the second: %+v", all)
		}
		if _, err := st.desk.IssueNotice(ctx, st.actors["CGD"], all[2].ID, "预警"); err != nil {
			t.Fatal(err)
		}
		st.walk("2026-11-02 19:00")
		if all = st.escalations(a.ID); len(all) != 3 {
			t.Errorf("above the highest level: %+v", all)
		}
		st.same("told that it was not answered", st.letters(duban.NewsPending), "11-02 18:00 pending → LM", "11-02 18:00 pending → HJ")
	})
}

func TestAnAnswerStopsTheNextLevelAndASubmissionDropsTheDraft(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG", "LM"}, func(t *testing.T, st *stage) {
		ctx := context.Background()
		answered, submitted := st.issue("T-1", school, moment(t, "2026-10-12 15:00")), st.issue("T-2", school, moment(t, "2026-10-12 15:00"))
		st.walk("2026-10-15 12:00")
		issued, err := st.desk.IssueNotice(ctx, st.actors["LM"], st.escalations(answered.ID)[0].ID, "通报")
		if err != nil {
			t.Fatal(err)
		}
		if err := st.desk.RespondNotice(ctx, st.actors["WF"], issued.ID, " "); duban.CodeOf(err) != duban.ReasonNeeded {
			t.Errorf("an empty answer: %v", err)
		}
		if err := st.desk.RespondNotice(ctx, st.actors["WF"], issued.ID, "已整改，下周报送"); err != nil {
			t.Fatal(err)
		}
		if _, err := st.desk.Submit(ctx, st.actors["WF"], submitted.ID, work.Report{Text: "已报"}); err != nil {
			t.Fatal(err)
		}
		if e := st.escalations(submitted.ID)[0]; e.State != duban.EscalationDropped {
			t.Errorf("the draft is %s after the submission", e.State)
		}
		st.walk("2026-10-28 12:00")
		if all := st.escalations(answered.ID); len(all) != 1 || all[0].Response != "已整改，下周报送" {
			t.Errorf("after the answer: %+v", all)
		}
		st.same("shown to the administrators", st.letters(duban.NewsResponse), "10-15 12:00 response → LM", "10-15 12:00 response → HJ")
	})
}

func TestWhoIsAwayIsReplacedByTheDeputyAndBothStandInTheRecord(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG", "LM"}, func(t *testing.T, st *stage) {
		a := st.issue("T-1", school, moment(t, "2026-10-16 15:00"))
		st.away("WF", "ZG", 2)
		st.walk("2026-10-15 10:00")
		st.same("letters", st.letters(pushKinds...), "10-13 09:00 reminder → ZG", "10-14 09:00 unsigned → ZG", "10-15 09:00 reminder → WF")
		wf, zg := cast.Person(t, st.desk, "WF").ID, cast.Person(t, st.desk, "ZG").ID
		cast.Read(t, st.desk, func(tx *store.Tx) error {
			entries, err := tx.RecordOf(a.ID)
			i := slices.IndexFunc(entries, func(e duban.Entry) bool { return e.Event == duban.EventReminded })
			away, _ := entries[i].Facts["away"].([]any)
			deputies, _ := entries[i].Facts["deputies"].([]any)
			if len(away) != 1 || away[0] != float64(wf) || len(deputies) != 1 || deputies[0] != float64(zg) {
				t.Errorf("record %+v", entries[i].Facts)
			}
			return err
		})
	})
}

func TestTheDigestGoesToTheDeputyAsWell(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "SL", "ZM"}, func(t *testing.T, st *stage) {
		a := st.issue("T-1", primary, moment(t, "2026-10-14 15:00"))
		st.away("ZM", "SL", 3)
		st.walk("2026-10-13 08:31")
		for _, l := range st.outbox(duban.NewsDigest) {
			var news duban.DigestNews
			if err := json.Unmarshal([]byte(l.Data), &news); err != nil || !slices.Equal(news.Items, []int64{a.ID}) {
				t.Errorf("digest %s: %v", l.Data, err)
			}
		}
		st.same("digests", st.letters(duban.NewsDigest), "10-13 08:30 digest → SL", "10-13 08:30 digest → ZM")
	})
}

func TestADeputyWhoCannotBeReachedIsBackedByTheSecretary(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG"}, func(t *testing.T, st *stage) {
		st.issue("T-1", school, moment(t, "2026-10-16 15:00"))
		st.away("WF", "LM", 3) // 李敏 has not joined
		st.walk("2026-10-13 10:00")
		st.same("letters", st.letters(pushKinds...), "10-13 09:00 reminder → LM", "10-13 09:00 reminder → ZG")
	})
}

func TestTheLeadersAreToldOnceOfReviewersWhoDoNotDecide(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG", "LM", "CGD"}, func(t *testing.T, st *stage) {
		st.desk.Policy.DailyCap = 0
		a := st.issue("T-1", school, moment(t, "2026-10-14 15:00"))
		if _, err := st.desk.Submit(context.Background(), st.actors["WF"], a.ID, work.Report{Text: "已报"}); err != nil {
			t.Fatal(err)
		}
		st.walk("2026-10-20 12:00")
		var leaders []string
		for _, line := range st.letters(duban.NewsReminder) {
			if line[len(line)-3:] == "CGD" {
				leaders = append(leaders, line)
			}
		}
		st.same("the leader", leaders, "10-19 09:00 reminder → CGD")
		if !slices.Contains(st.recorded(a.ID), "escalated oversight due") {
			t.Errorf("record %v", st.recorded(a.ID))
		}
	})
}

func TestNobodyIsAskedHalfWayWhoHasReportedProgressOfLate(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG"}, func(t *testing.T, st *stage) {
		st.desk.Policy.Ladder.Unsigned = nil
		quiet, told := st.issue("T-1", school, moment(t, "2026-11-20 15:00")), st.issue("T-2", school, moment(t, "2026-11-20 15:00"))
		st.walk("2026-10-27 12:00")
		if _, err := st.desk.Progress(context.Background(), st.actors["WF"], told.ID, 40, "已收齐材料"); err != nil {
			t.Fatal(err)
		}
		st.walk("2026-10-31 12:00")
		st.same("letters", st.letters(duban.NewsHalfway), "10-30 09:00 halfway → WF")
		st.same("asked", st.recorded(quiet.ID), "reminded halfway due")
		st.same("not asked", st.recorded(told.ID), "missed halfway reported")
	})
}

func TestAnUrgedItemReachesTheSecondLevel(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG"}, func(t *testing.T, st *stage) {
		a := st.issue("T-1", school, moment(t, "2026-10-12 15:00"))
		st.walk("2026-10-13 10:00")
		cast.Read(t, st.desk, func(tx *store.Tx) (err error) {
			a, err = tx.Assignment(a.ID)
			return err
		})
		if a.Level != 2 || a.Urges != 1 {
			t.Errorf("level %d after %d urges", a.Level, a.Urges)
		}
	})
}

func TestARequestPressesWhoHasToActOnItAndNotTheUnit(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF", "ZG", "LM", "CGD"}, func(t *testing.T, st *stage) {
		ctx := context.Background()
		st.desk.Policy.DailyCap = 0
		a := st.issue("T-1", school, moment(t, "2026-10-13 15:00"))
		r, err := st.desk.AskExtension(ctx, st.actors["WF"], a.ID, st.desk.Calendar.DueAt(moment(t, "2026-10-15 15:00")), "数据未齐")
		if err != nil {
			t.Fatal(err)
		}
		st.walk("2026-10-14 10:00")
		st.same("the secretary", st.letters(duban.NewsPending, duban.NewsDue, duban.NewsUrge), "10-13 09:00 pending → ZG", "10-14 09:00 pending → ZG")
		if _, err := st.desk.Agree(ctx, st.actors["ZG"], r.ID); err != nil {
			t.Fatal(err)
		}
		st.walk("2026-10-19 10:00")
		reminders := st.letters(duban.NewsReminder)
		if len(reminders) == 0 || reminders[0] != "10-13 09:00 reminder → WF" {
			t.Errorf("the owner is reminded of the deadline all the same: %v", reminders)
		}
		st.same("whoever decides", st.letters(duban.NewsPending, duban.NewsDue, duban.NewsUrge), "10-13 09:00 pending → ZG", "10-14 09:00 pending → ZG",
			"10-19 09:00 pending → LM", "10-19 09:00 pending → HJ")
		if _, err := st.desk.Turn(ctx, st.actors["LM"], r.ID, "材料应按期报送"); err != nil {
			t.Fatal(err)
		}
		st.walk("2026-10-20 10:00")
		st.same("after the refusal", st.letters(duban.NewsDue, duban.NewsUrge), "10-20 09:00 urge → WF", "10-20 09:00 urge → ZG")
	})
}
