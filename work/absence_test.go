package work_test

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

// absence is one of somebody of the cast for so many days from a local date on.
func absence(t *testing.T, d *work.Desk, who, deputy, from, to string) duban.Absence {
	t.Helper()
	return duban.Absence{PersonID: cast.Person(t, d, who).ID, DeputyID: cast.Person(t, d, deputy).ID, From: from, To: to}
}

// inAutumn runs a story from a Monday morning in October on.
func inAutumn(t *testing.T, story func(*testing.T, *work.Desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 10, 12, 10, 0, 0, 0, cast.Shanghai)))
		story(t, cast.Open(t))
	})
}

func TestWhoMaySayThatSomebodyIsAway(t *testing.T) {
	inAutumn(t, func(t *testing.T, d *work.Desk) {
		people := map[string]duban.Actor{}
		for i, row := range cast.Roster {
			people[row.Code] = cast.Join(t, d, row.Code, int64(i+1))
		}
		for _, test := range []struct {
			by, who, deputy, from, to string
			want                      duban.Code
		}{
			{"WF", "WF", "ZG", "2026-10-12", "2026-10-16", ""},
			{"ZG", "WF", "ZG", "2026-10-12", "2026-10-16", ""},
			{"ZG", "LY", "WF", "2026-10-12", "2026-10-16", ""},
			{"LM", "WF", "ZG", "2026-10-12", "2026-10-16", ""},
			{"LM", "CGD", "HJ", "2026-10-12", "2026-10-16", ""},
			{"LY", "WF", "ZG", "2026-10-12", "2026-10-16", duban.NotAllowed},
			{"SL", "WF", "ZG", "2026-10-12", "2026-10-16", duban.NotAllowed},
			{"CGD", "WF", "ZG", "2026-10-12", "2026-10-16", duban.NotAllowed},
			{"WF", "WF", "WF", "2026-10-12", "2026-10-16", duban.BadDeputy},
			{"WF", "WF", "ZM", "2026-10-12", "2026-10-16", duban.BadDeputy}, // of another school
			{"WF", "WF", "LY", "2026-10-12", "2026-10-16", duban.BadDeputy}, // of a branch below
			{"WF", "WF", "ZG", "2026-10-16", "2026-10-12", duban.BadRange},
			{"WF", "WF", "ZG", "2026-10-05", "2026-10-11", duban.BadRange}, // over
			{"WF", "WF", "ZG", "2026-10-12", "2028-10-12", duban.BadRange},
			{"WF", "WF", "ZG", "morgen", "2026-10-12", duban.BadRange},
		} {
			_, err := d.SetAbsence(context.Background(), people[test.by], absence(t, d, test.who, test.deputy, test.from, test.to))
			if got := duban.CodeOf(err); got != test.want {
				t.Errorf("%s sets %s for %s from %s to %s: %q, want %q", test.by, test.deputy, test.who, test.from, test.to, got, test.want)
			}
		}
	})
}

func TestADeputyWorksAndReviewsInThatTimeOnlyAndNotWhatHeReported(t *testing.T) {
	inAutumn(t, func(t *testing.T, d *work.Desk) {
		ctx := context.Background()
		officer, secretary, admin, other := cast.Join(t, d, "WF", 1), cast.Join(t, d, "ZG", 2), cast.Join(t, d, "LM", 3), cast.Join(t, d, "HJ", 4)
		a := cast.Issue(t, d, admin, work.TaskRow{Code: "T-1", Title: "报送", Duty: "报送", Units: "市第五中学党委", Due: "2026-10-30", Review: true})[0]
		// 刘洋's branch has an item of its own, so that the deputy of a branch secretary is one without any right over it.
		branch := cast.Issue(t, d, admin, work.TaskRow{Code: "T-2", Title: "报送", Duty: "报送", Units: "高一年级党支部", Due: "2026-10-30", Review: true})[0]
		if _, err := d.Accept(ctx, officer, branch.ID); duban.CodeOf(err) != duban.NotAllowed {
			t.Fatalf("before the absence: %v", err)
		}
		if _, err := d.SetAbsence(ctx, secretary, absence(t, d, "LY", "WF", "2026-10-13", "2026-10-14")); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Accept(ctx, officer, branch.ID); duban.CodeOf(err) != duban.NotAllowed {
			t.Errorf("the day before it begins: %v", err)
		}
		time.Sleep(24 * time.Hour)
		if _, err := d.Accept(ctx, officer, branch.ID); err != nil {
			t.Errorf("on its first day: %v", err)
		}
		cast.Read(t, d, func(tx *store.Tx) error {
			entries, err := tx.RecordOf(branch.ID)
			last := entries[len(entries)-1]
			if last.Event != duban.EventAccepted || last.Actor != officer.PersonID || last.PersonID != branch.OwnerID || last.Facts["on_behalf"] != true {
				t.Errorf("record %+v", last)
			}
			return err
		})
		done, err := d.Submit(ctx, officer, branch.ID, work.Report{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.SetAbsence(ctx, admin, absence(t, d, "LM", "HJ", "2026-10-13", "2026-10-14")); err != nil {
			t.Fatal(err)
		}
		// 赵刚 reviews what the branches of the school report; his deputy does, but not what he reported himself for the owner.
		if _, err := d.SetAbsence(ctx, admin, absence(t, d, "ZG", "WF", "2026-10-13", "2026-10-14")); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Pass(ctx, officer, done.Submission.ID); duban.CodeOf(err) != duban.NotAllowed {
			t.Errorf("a deputy passes what he reported for the owner: %v", err)
		}
		if _, err := d.Pass(ctx, other, done.Submission.ID); err != nil {
			t.Errorf("the deputy of the issuer: %v", err)
		}
		time.Sleep(2 * 24 * time.Hour)
		if _, err := d.Progress(ctx, secretary, a.ID, 10, ""); err != nil {
			t.Errorf("the secretary of the unit: %v", err)
		}
		again := cast.Issue(t, d, admin, work.TaskRow{Code: "T-3", Title: "报送", Duty: "报送", Units: "高一年级党支部", Due: "2026-10-30"})[0]
		if _, err := d.Accept(ctx, officer, again.ID); duban.CodeOf(err) != duban.NotAllowed {
			t.Errorf("the day after it ended: %v", err)
		}
	})
}

func TestADeputyHasNoRightThatIsDecidedOnce(t *testing.T) {
	inAutumn(t, func(t *testing.T, d *work.Desk) {
		admin := cast.Join(t, d, "LM", 1)
		if _, err := d.SetAbsence(context.Background(), duban.Console, absence(t, d, "CGD", "LM", "2026-10-12", "2026-10-16")); err != nil {
			t.Fatal(err)
		}
		cast.Read(t, d, func(tx *store.Tx) error {
			units, err := tx.UnitsNamed("市第五中学党委")
			if err != nil {
				return err
			}
			unit := units[0]
			for _, action := range duban.Actions {
				held := false
				for _, role := range []duban.Role{duban.Admin, duban.Leader} {
					held = held || duban.Right(action, role).Covers(1) && (role == duban.Admin || action.ByDeputy())
				}
				got, err := work.May(tx, admin, action, unit.ID)
				if err != nil || got != held {
					t.Errorf("%s for the leader's deputy: %t, want %t: %v", action, got, held, err)
				}
			}
			return nil
		})
	})
}

func TestAnAbsenceThatIsTakenBackEndsTheDeputysRights(t *testing.T) {
	inAutumn(t, func(t *testing.T, d *work.Desk) {
		ctx := context.Background()
		officer, branchSecretary := cast.Join(t, d, "WF", 1), cast.Join(t, d, "LY", 2)
		a := cast.Issue(t, d, duban.Console, work.TaskRow{Code: "T-1", Title: "报送", Duty: "报送", Units: "高一年级党支部", Due: "2026-10-30"})[0]
		b, err := d.SetAbsence(ctx, branchSecretary, absence(t, d, "LY", "WF", "2026-10-12", "2026-10-16"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.EndAbsence(ctx, officer, b.ID); duban.CodeOf(err) != duban.NotAllowed {
			t.Errorf("the deputy ends it: %v", err)
		}
		if _, err := d.EndAbsence(ctx, branchSecretary, b.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Accept(ctx, officer, a.ID); duban.CodeOf(err) != duban.NotAllowed {
			t.Errorf("afterwards: %v", err)
		}
		if _, err := d.EndAbsence(ctx, branchSecretary, b.ID); duban.CodeOf(err) != duban.NotFound {
			t.Errorf("twice: %v", err)
		}
	})
}

func TestTheRightsOfSomebodyAwayFollowToTheDeputyOfTheDeputy(t *testing.T) {
	o := openOffice(t)
	away := func(person, deputy string) {
		must(o.desk.SetAbsence(ctx, o.who[person], duban.Absence{
			PersonID: o.person(person), DeputyID: o.person(deputy), From: "2026-11-23", To: "2026-11-24",
		}))
	}
	id := o.issue("T-1").ID
	away("ZG", "LM")
	away("LM", "CGD")
	must(o.desk.AskExtension(ctx, o.who["WF"], id, calendar.Due{Date: calendar.Date{Year: 2026, Month: 12, Day: 8}}, "材料尚未收齐"))
	var r duban.Request
	cast.Read(t, o.desk, func(tx *store.Tx) (err error) {
		r, err = tx.OpenRequest(id)
		return err
	})
	must(o.desk.Agree(ctx, o.who["CGD"], r.ID))
}
