package scheduler

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// reports lets the duty of reports look at the clock once.
func (st *stage) reports() {
	st.tb.Helper()
	if err := st.sched.report(context.Background()); err != nil {
		st.tb.Fatal(err)
	}
}

// made are the reports that were made, by id.
func (st *stage) made() (all []duban.Report) {
	st.tb.Helper()
	cast.Read(st.tb, st.desk, func(tx *store.Tx) error {
		for id := int64(1); ; id++ {
			r, err := tx.Report(id)
			if duban.CodeOf(err) == duban.NotFound {
				return nil
			}
			if err != nil {
				return err
			}
			all = append(all, r)
		}
	})
	return all
}

func (st *stage) unit(name string) (id int64) {
	st.tb.Helper()
	cast.Read(st.tb, st.desk, func(tx *store.Tx) error {
		units, err := tx.UnitsNamed(name)
		id = units[0].ID
		return err
	})
	return id
}

// march plays a month of two schools. What its report has to say stands in the test that uses it, counted by hand.
func (st *stage) march(t *testing.T) {
	ctx, admin, leader := context.Background(), st.actors["LM"], st.actors["CGD"]
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	handedIn := func(id int64) (submission int64) {
		t.Helper()
		cast.Read(t, st.desk, func(tx *store.Tx) error {
			sub, err := tx.LastSubmission(id)
			submission = sub.ID
			return err
		})
		return submission
	}
	office := moment(t, "2026-03-06 18:00")
	inTime, late := st.issue("T-1", school, office), st.issue("T-2", school, office.AddDate(0, 0, 4))
	st.issue("T-3", branch, moment(t, "2026-03-20 18:00"))
	halted := st.issue("T-4", primary, moment(t, "2026-03-31 18:00"))
	off := st.issue("T-6", school, moment(t, "2026-03-25 18:00"))
	again := st.issue("T-7", primary, moment(t, "2026-03-16 18:00"))
	at(t, "2026-02-27 12:00")
	must(st.desk.Accept(ctx, st.actors["ZM"], again.ID)) // 2 hours
	at(t, "2026-02-27 13:00")
	must(st.desk.Accept(ctx, st.actors["WF"], late.ID)) // 3 hours
	at(t, "2026-02-27 15:00")
	must(st.desk.Accept(ctx, st.actors["WF"], inTime.ID)) // 5 hours
	at(t, "2026-03-05 10:00")
	must(st.desk.Submit(ctx, st.actors["WF"], inTime.ID, work.Report{Text: "已报"}))
	must(st.desk.Pass(ctx, admin, handedIn(inTime.ID)))
	must(st.desk.Suspend(ctx, leader, halted.ID, "上级暂停"))
	must(st.desk.Cancel(ctx, leader, off.ID, "不再需要"))
	at(t, "2026-03-12 10:00")
	st.issue("T-5", primary, moment(t, "2026-04-20 18:00"))
	must(st.desk.Submit(ctx, st.actors["WF"], late.ID, work.Report{Text: "已报"}))
	must(st.desk.Submit(ctx, st.actors["ZM"], again.ID, work.Report{Text: "初稿"}))
	must(st.desk.Return(ctx, admin, handedIn(again.ID), work.Comeback{Reason: "缺公章"}))
	at(t, "2026-03-16 10:00")
	must(st.desk.Submit(ctx, st.actors["ZM"], again.ID, work.Report{Text: "定稿"}))
	must(st.desk.Pass(ctx, admin, handedIn(again.ID)))
}

func TestTheFiguresOfAMonthAreThoseCountedByHand(t *testing.T) {
	play(t, "2026-02-27 10:00", []string{"LM", "CGD", "WF", "ZG", "ZM"}, func(t *testing.T, st *stage) {
		st.desk.Policy.Reports = duban.Reports{Monthly: true}
		st.reports()
		st.march(t)
		at(t, "2026-04-01 08:59")
		st.reports()
		if n := len(st.made()); n != 0 {
			t.Fatalf("%d reports before nine o'clock", n)
		}
		at(t, "2026-04-01 09:00")
		st.reports()
		st.reports()
		all := st.made()
		if len(all) != 1 || all[0].Period != "2026-03" || all[0].State != duban.ReportTold {
			t.Fatalf("made: %+v", all)
		}
		want := []duban.UnitFigures{
			{ // T-1 in time, T-2 late and not reviewed, T-3 of the branch not at all; T-6 was cancelled
				UnitID: st.unit(school), OnTime: 1, Late: 1, Missed: 1, Signed: 2, Signing: 8 * time.Hour, NewRed: 1, Waiting: 1,
				Lights: map[duban.Light]int{duban.Red: 1, duban.Blue: 1},
			},
			{ // T-7 in time after a return, T-4 is suspended; T-5 was issued in March and is due in April
				UnitID: st.unit(primary), Issued: 1, OnTime: 1, Going: 1, Returns: 1, Signed: 1, Signing: 2 * time.Hour,
				Lights: map[duban.Light]int{duban.Halted: 1, duban.Grey: 1},
			},
		}
		if diff := cmp.Diff(want, all[0].Figures.Units); diff != "" {
			t.Error(diff)
		}
		curve := all[0].Figures.Curve
		if last := curve[len(curve)-1]; last.Due != 5 || last.Done != 3 || last.Day.String() != "2026-03-31" {
			t.Errorf("the curve ends with %+v", last)
		}
		if first := curve[0]; first.Due != 0 || first.Done != 0 {
			t.Errorf("the curve begins with %+v", first)
		}
	})
}

func TestAMonthIsToldToTheOfficeAndToEachSecretaryOfTheOwnUnitAlone(t *testing.T) {
	play(t, "2026-02-27 10:00", []string{"LM", "CGD", "WF", "ZG", "ZM"}, func(t *testing.T, st *stage) {
		st.desk.Policy.Reports = duban.Reports{Monthly: true}
		st.reports()
		st.march(t)
		at(t, "2026-04-01 09:00")
		st.reports()
		got := map[string][]string{}
		for _, l := range st.outbox(duban.NewsReport) {
			var news work.ReportNews
			if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
				t.Fatal(err)
			}
			cast.Read(t, st.desk, func(tx *store.Tx) error {
				p, err := tx.Person(l.PersonID)
				got[p.Code] = append(got[p.Code], fmt.Sprint(news.Part, " ", news.Unit))
				return err
			})
		}
		office, own := []string{"words 0", "curve 0", "book 0"}, func(name string) []string {
			id := st.unit(name)
			return []string{fmt.Sprint("words ", id), fmt.Sprint("curve ", id), fmt.Sprint("book ", id)}
		}
		for _, all := range got {
			slices.Sort(all)
		}
		want := map[string][]string{"LM": office, "HJ": office, "CGD": office, "ZG": own(school), "SL": own(primary)}
		for _, all := range want {
			slices.Sort(all)
		}
		for code, parts := range got {
			if diff := cmp.Diff(want[code], parts); diff != "" {
				t.Errorf("%s: %s", code, diff)
			}
		}
		for _, code := range []string{"LM", "CGD", "ZG"} {
			if got[code] == nil {
				t.Errorf("%s is told nothing", code)
			}
		}
	})
}

func TestReportsComeWhenTheirTurnIsAndEachOnce(t *testing.T) {
	play(t, "2026-03-16 10:00", []string{"LM"}, func(t *testing.T, st *stage) {
		st.desk.Policy.Reports = duban.Reports{Quarterly: true, HalfYearly: true}
		var got []string
		for seen := 0; time.Now().Before(moment(t, "2027-01-20 00:00")); time.Sleep(24 * time.Hour) {
			st.reports()
			all := st.made()
			for _, r := range all[seen:] {
				got = append(got, fmt.Sprintf("%s %s %s: %s to %s, %s", time.Now().In(cast.Shanghai).Format(time.DateOnly), r.Kind, r.Period, r.From, r.To, r.State))
			}
			seen = len(all)
		}
		want := []string{
			"2026-04-03 quarterly 2026-Q1: 2026-01-01 to 2026-03-31, draft",
			"2026-07-01 half_year 2026: 2026-01-01 to 2026-06-30, told",
			"2026-07-03 quarterly 2026-Q2: 2026-04-01 to 2026-06-30, draft",
			"2026-10-10 quarterly 2026-Q3: 2026-07-01 to 2026-09-30, draft",
			"2027-01-04 year 2026: 2026-01-01 to 2026-12-31, told",
			"2027-01-06 quarterly 2026-Q4: 2026-10-01 to 2026-12-31, draft",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAReportThatIsSwitchedOnLaterDoesNotCatchUp(t *testing.T) {
	play(t, "2026-06-29 10:00", []string{"LM"}, func(t *testing.T, st *stage) {
		st.reports()
		at(t, "2026-07-01 10:00")
		st.reports()
		st.desk.Policy.Reports = duban.Reports{Weekly: true, Monthly: true, HalfYearly: true}
		at(t, "2026-07-02 10:00")
		st.reports()
		if all := st.made(); len(all) != 0 {
			t.Errorf("made: %+v", all)
		}
	})
}
