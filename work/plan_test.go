package work_test

import (
	"context"
	"testing"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

func mustPlan(t *testing.T, d *work.Desk, who duban.Actor, draft work.TaskDraft) duban.PlanItem {
	t.Helper()
	item, problems, err := d.AddToPlan(context.Background(), who, draft)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return item
}

func planItems(t *testing.T, d *work.Desk) []duban.PlanItem {
	t.Helper()
	var all []duban.PlanItem
	cast.Read(t, d, func(tx *store.Tx) (err error) {
		all, err = tx.PlanItems()
		return err
	})
	return all
}

func TestTheNextDateOfThePlanIsTheFirstThatIsNeitherIssuedNorSkipped(t *testing.T) {
	ctx := context.Background()
	d := cast.Open(t)
	admin, officer := cast.Join(t, d, "LM", 1), cast.Join(t, d, "WF", 2)
	item := mustPlan(t, d, admin, spoken("上报党费", "school_committee", "每月25日前"))
	next := func() calendar.Date {
		var due calendar.Due
		cast.Read(t, d, func(tx *store.Tx) (err error) {
			due, _, err = d.NextOfPlan(tx, item)
			return err
		})
		return due.Date
	}
	first := next()
	if _, err := d.SkipPlan(ctx, officer, item.ID, first, "不办"); duban.CodeOf(err) != duban.NotAllowed {
		t.Errorf("an officer skips: %v", err)
	}
	if _, err := d.SkipPlan(ctx, admin, item.ID, first, " "); duban.CodeOf(err) != duban.ReasonNeeded {
		t.Errorf("skipping without a reason gives %v", err)
	}
	if _, err := d.SkipPlan(ctx, admin, item.ID, first, "合并办理"); err != nil {
		t.Fatal(err)
	}
	second := next()
	draft, err := work.PlanDraft(item, calendar.Due{Date: second})
	if err != nil {
		t.Fatal(err)
	}
	mustIssueDraft(t, d, admin, draft)
	if third := next(); !first.Before(second) || !second.Before(third) {
		t.Errorf("the dates are %v, %v, %v", first, second, third)
	}
	if _, err := d.IssueTask(ctx, admin, draft); duban.CodeOf(err) != duban.AlreadyDone {
		t.Errorf("issuing the same date twice gives %v", err)
	}
}

func TestWhatIsPlannedIsIssuedByItselfOnlyWhereThatIsSwitchedOn(t *testing.T) {
	ctx := context.Background()
	d := cast.Open(t)
	secretary := cast.Join(t, d, "ZG", 1)
	item := mustPlan(t, d, secretary, spoken("上报党费", "高一年级党支部", "每月25日前"))
	if issued, told, err := d.MindPlan(ctx); issued != 0 || told > 1 || err != nil {
		t.Errorf("minding the plan issued %d and told of %d, %v", issued, told, err)
	}
	if _, told, err := d.MindPlan(ctx); told != 0 || err != nil {
		t.Errorf("minding it again told of %d, %v", told, err)
	}
	if err := d.SetPlanAuto(ctx, secretary, item.ID, true); err != nil {
		t.Fatal(err)
	}
	item = planItems(t, d)[0]
	near := false
	cast.Read(t, d, func(tx *store.Tx) error {
		next, _, err := d.NextOfPlan(tx, item)
		near = duban.DueSoon(d.Calendar, next, tx.Now)
		return err
	})
	want := 0
	if near {
		want = 1
	}
	if issued, _, err := d.MindPlan(ctx); issued != want || err != nil {
		t.Errorf("minding the plan issued %d, want %d, %v", issued, want, err)
	}
}

func TestThePlanIsImportedOnceAndUnchangedAgain(t *testing.T) {
	ctx := context.Background()
	d := cast.Open(t)
	rows := []work.TaskRow{
		{Line: 2, Code: "N-1", Title: "上报党费", Duty: "按月上报", Units: "school_committee", Due: "每月5日前", Evidence: duban.Evidence{Kind: duban.NoEvidence}, Priority: duban.Normal},
		{Line: 3, Code: "N-2", Title: "季度报告", Duty: "按模板报送", Units: "市第五中学党委", Due: "每季度末月25日前", Evidence: duban.Evidence{Kind: duban.FileEvidence}, Priority: duban.Normal},
	}
	done, err := d.ImportPlan(ctx, duban.Console, rows, work.ImportOptions{})
	if err != nil || done.New != 2 || !done.Done || len(planItems(t, d)) != 2 {
		t.Fatalf("importing did %+v, %v", done, err)
	}
	if err := d.SetPlanAuto(ctx, duban.Console, planItems(t, d)[0].ID, true); err != nil {
		t.Fatal(err)
	}
	rows[0].Line, rows[1].Due = 9, "每季度末月20日前"
	again, err := d.ImportPlan(ctx, duban.Console, rows, work.ImportOptions{})
	if err != nil || again.Changed != 1 {
		t.Errorf("importing again did %+v, %v", again, err)
	}
	rows[1].Due, rows[0].Units = "2099-12-04", "第九中学"
	wrong, err := d.ImportPlan(ctx, duban.Console, rows, work.ImportOptions{})
	if err != nil || wrong.Done || len(wrong.Problems) != 2 || wrong.Problems[1].Reason != work.DueOnce {
		t.Errorf("importing wrong rows did %+v, %v", wrong, err)
	}
	if rule := planItems(t, d)[1].Rule.String(); rule != "quarterly 3/20" {
		t.Errorf("the rule is %s", rule)
	}
}

func TestAnItemTakenOutOfThePlanStaysOut(t *testing.T) {
	ctx := context.Background()
	d := cast.Open(t)
	admin := cast.Join(t, d, "LM", 1)
	item := mustPlan(t, d, admin, spoken("上报党费", "school_committee", "每月25日前"))
	if err := d.EndPlan(ctx, admin, item.ID); err != nil {
		t.Fatal(err)
	}
	if left := planItems(t, d); len(left) != 0 {
		t.Errorf("the plan has %v", left)
	}
	if again := mustPlan(t, d, admin, spoken("上报党费", "school_committee", "每月25日前")); again.Code == item.Code {
		t.Errorf("the code %s is given twice", again.Code)
	}
}
