package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban"
	"duban/calendar"
)

func march(day int) calendar.Date { return calendar.Date{Year: 2026, Month: time.March, Day: day} }

// reportOf is the draft of a bulletin with figures of two units.
func reportOf(unit int64) duban.Report {
	return duban.Report{
		Kind: duban.QuarterlyReport, Period: "2026-Q1", UnitID: unit, From: march(1), To: march(31), State: duban.ReportDraft,
		Figures: duban.Figures{
			Units: []duban.UnitFigures{
				{UnitID: 2, Lights: map[duban.Light]int{duban.Red: 3}, OnTime: 4, Late: 1, Missed: 3, Signed: 2, Signing: 90 * time.Minute},
				{UnitID: 1, Going: 2, Returns: 1, Extensions: 2, NewRed: 1, Waiting: 1, Requests: 1},
			},
			Curve: []duban.CurvePoint{{Day: march(15), Due: 4, Done: 2}, {Day: march(31), Due: 10, Done: 5}},
		},
	}
}

func TestAReportIsReadAsItWasKeptAndItsFiguresStay(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	r := reportOf(o.unit)
	mustWrite(t, s, func(tx *Tx) (err error) {
		r.MadeAt = tx.Now
		r.ID, err = tx.AddReport(r)
		return err
	})
	r.State, r.Body, r.Reason, r.DecidedBy, r.DecidedAt = duban.ReportDropped, "正文", "数字有误", o.person, time.UnixMilli(1_800_000_000_000)
	mustWrite(t, s, func(tx *Tx) error {
		changed := r
		changed.Figures, changed.Period, changed.Kind = duban.Figures{}, "2026-Q2", duban.WeeklyReport
		return tx.SaveReport(changed)
	})
	mustRead(t, s, func(tx *Tx) error {
		got, err := tx.Report(r.ID)
		if diff := cmp.Diff(r, got); diff != "" {
			t.Error(diff)
		}
		return err
	})
}

func TestAReportOfAKindAndPeriodIsKeptOnceForEachUnit(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	mustWrite(t, s, func(tx *Tx) error {
		_, err := tx.AddReport(reportOf(o.unit))
		return err
	})
	if err := s.Write(ctx, func(tx *Tx) error {
		_, err := tx.AddReport(reportOf(o.unit))
		return err
	}); err == nil {
		t.Error("the same report was kept twice")
	}
	mustRead(t, s, func(tx *Tx) error {
		for _, c := range []struct {
			kind   duban.ReportKind
			period string
			unit   int64
			want   bool
		}{
			{duban.QuarterlyReport, "2026-Q1", o.unit, true}, {duban.QuarterlyReport, "2026-Q2", o.unit, false},
			{duban.MonthlyReport, "2026-Q1", o.unit, false}, {duban.QuarterlyReport, "2026-Q1", o.unit + 1, false},
		} {
			if has, err := tx.HasReport(c.kind, c.period, c.unit); err != nil || has != c.want {
				t.Errorf("%+v: %t, %v", c, has, err)
			}
		}
		return nil
	})
}

func TestEveryKindOfReportCanBeKeptAndNoneIsIssuedWithoutAText(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	for _, kind := range duban.ReportKinds {
		mustWrite(t, s, func(tx *Tx) error {
			r := reportOf(o.unit)
			r.Kind = kind
			_, err := tx.AddReport(r)
			return err
		})
	}
	if err := s.Write(ctx, func(tx *Tx) error {
		return tx.SaveReport(duban.Report{ID: 1, State: duban.ReportIssued, DecidedBy: o.person, DecidedAt: tx.Now})
	}); err == nil {
		t.Error("a report without a text was issued")
	}
}

// TestTheTasksThatHaveEndedAreThoseCountedByHand has a task for each way in which one may or may not have come to its end.
func TestTheTasksThatHaveEndedAreThoseCountedByHand(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	from := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	before, after := from.Add(-time.Second), from
	var units []int64
	mustWrite(t, s, func(tx *Tx) error {
		for i := range 3 {
			id, err := tx.AddUnit(duban.Unit{Name: fmt.Sprint("学校", i), Kind: duban.SchoolCommittee})
			if err != nil {
				return err
			}
			units = append(units, id)
		}
		return nil
	})
	closedAt := func(at time.Time) duban.Assignment {
		return duban.Assignment{State: duban.Closed, SubmittedAt: at, ClosedAt: at}
	}
	open, off, kept := duban.Assignment{State: duban.Accepted}, duban.Assignment{State: duban.CalledOff, CancelledAt: after}, closedAt(after)
	kept.State = duban.Archived
	helps := duban.Assignment{State: duban.Issued, Support: true}
	want := []string{"both", "closed and archived", "closed and cancelled", "one of them long ago", "with a supporting unit"}
	var got []string
	for _, c := range []struct {
		name     string
		items    []duban.Assignment
		reported bool
	}{
		{"both", []duban.Assignment{closedAt(after), closedAt(after)}, false},
		{"one is open", []duban.Assignment{closedAt(after), open}, false},
		{"one unit alone", []duban.Assignment{closedAt(after)}, false},
		{"closed and archived", []duban.Assignment{closedAt(after), kept}, false},
		{"closed and cancelled", []duban.Assignment{closedAt(after), off}, false},
		{"none was done", []duban.Assignment{off, off}, false},
		{"all long ago", []duban.Assignment{closedAt(before), closedAt(before)}, false},
		{"one of them long ago", []duban.Assignment{closedAt(before), closedAt(after)}, false},
		{"reported", []duban.Assignment{closedAt(after), closedAt(after)}, true},
		{"with a supporting unit", []duban.Assignment{closedAt(after), closedAt(after), helps}, false},
		{"one unit with a supporting one", []duban.Assignment{closedAt(after), helps}, false},
	} {
		mustWrite(t, s, func(tx *Tx) error {
			id, err := tx.AddTask(task(c.name))
			if err != nil {
				return err
			}
			for i, a := range c.items {
				a.TaskID, a.UnitID, a.OwnerID, a.Due, a.OriginalDue, a.IssuedAt = id, units[i], o.person, due, due, before
				if err := addAsIs(tx, a); err != nil {
					return err
				}
			}
			if c.reported {
				_, err = tx.AddReport(duban.Report{Kind: duban.TaskReport, Period: c.name, UnitID: o.unit, TaskID: id, From: march(1), To: march(1), State: duban.ReportDraft})
			}
			return err
		})
	}
	mustRead(t, s, func(tx *Tx) error {
		ids, err := tx.EndedTasks(from)
		for _, id := range ids {
			one, err := tx.Task(id)
			if err != nil {
				return err
			}
			got = append(got, one.Code)
		}
		return err
	})
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// addAsIs adds an assignment in whatever state it is.
func addAsIs(tx *Tx, a duban.Assignment) (err error) {
	if a.ID, err = tx.AddAssignment(a, tx.Now); err != nil {
		return err
	}
	return tx.SaveAssignment(a, tx.Now)
}

// TestReportsOfBeforeAreKept migrates a database in which something was reported before there were books of evidence.
func TestReportsOfBeforeAreKept(t *testing.T) {
	db := migrated(t, 18,
		`INSERT INTO person (id, code, name, active) VALUES (1, 'A', '李敏', 1)`,
		`INSERT INTO unit (id, name, kind, active) VALUES (3, '滨江市教育行业党委', 'industry_committee', 1)`,
		`INSERT INTO report (id, kind, period, unit_id, from_date, to_date, figures, state, body, made_at, decided_by, decided_at)
			VALUES (7, 'quarterly', '2026-Q3', 3, '2026-07-01', '2026-09-30', '{"units":[{"unit":3,"late":2}]}', 'issued', '正文', 1000, 1, 2000)`,
	)
	r, err := scanReport(db.QueryRowContext(ctx, `SELECT `+reportColumns+` FROM report r WHERE r.id = 7`))
	if err != nil || r.Body != "正文" || r.Reason != "" || r.Figures.Of(3).Late != 2 || !r.DecidedAt.Equal(time.UnixMilli(2000)) {
		t.Errorf("the report became %+v, %v", r, err)
	}
}
