package work_test

import (
	"slices"
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

func planRow(code, due string) work.TaskRow {
	return work.TaskRow{
		Line: 2, Code: code, Title: "事项" + code, Duty: "按月上报", Units: "school_committee", Due: due,
		Evidence: duban.Evidence{Kind: duban.NoEvidence}, Priority: duban.Normal,
	}
}

func mustPutIn(t *testing.T, d *work.Desk, who duban.Actor, rows []work.TaskRow, o work.ImportOptions) work.ImportResult {
	t.Helper()
	if o.File == "" {
		o.File = "年度计划.xlsx"
	}
	done, err := d.ImportPlan(ctx, who, rows, o)
	if err != nil || len(done.Problems) > 0 {
		t.Fatalf("%+v %v", done, err)
	}
	return done
}

func planCodes(t *testing.T, d *work.Desk) (codes []string) {
	t.Helper()
	for _, item := range planItems(t, d) {
		codes = append(codes, item.Code+" "+item.Rule.String())
	}
	return codes
}

func TestTheDifferenceOfAPlanNamesEachFieldAndWhatTheListNoLongerHas(t *testing.T) {
	d := cast.Open(t)
	one, two, three := planRow("N-1", "每月5日前"), planRow("N-2", "每月25日前"), planRow("N-3", "每季度末月25日前")
	mustPutIn(t, d, duban.Console, []work.TaskRow{one, two, three}, work.ImportOptions{})
	one.Due, one.Title, one.Units = "每月6日前", "上报党费", "市第五中学党委"
	dry := mustPutIn(t, d, duban.Console, []work.TaskRow{one, two}, work.ImportOptions{DryRun: true, File: "年度计划(1).xlsx"})
	var said []string
	for _, c := range dry.Changes {
		said = append(said, string(c.Field)+" "+c.From+"→"+c.To)
	}
	want := []string{"title 事项N-1→上报党费", "unit school_committee→市第五中学党委", "due 每月5日前→每月6日前"}
	if !slices.Equal(said, want) || dry.Changed != 1 || dry.Unchanged != 1 || dry.Done {
		t.Errorf("%+v: %q, want %q", dry, said, want)
	}
	if len(dry.Missing) != 1 || dry.Missing[0].Code != "N-3" || dry.Missing[0].Plan == 0 {
		t.Fatalf("missing are %+v", dry.Missing)
	}
	mustPutIn(t, d, duban.Console, []work.TaskRow{one, two}, work.ImportOptions{})
	if codes := planCodes(t, d); len(codes) != 3 {
		t.Errorf("what the list no longer has was not kept: %q", codes)
	}
	done := mustPutIn(t, d, duban.Console, []work.TaskRow{one, two}, work.ImportOptions{Cancel: "不再列出"})
	if codes := planCodes(t, d); done.Cancelled != 1 || !slices.Equal(codes, []string{"N-1 monthly 6", "N-2 monthly 25"}) {
		t.Errorf("%d ended, the plan is %q", done.Cancelled, codes)
	}
	mustUndo(t, d, done.Import)
	if codes := planCodes(t, d); len(codes) != 3 {
		t.Errorf("what was taken out did not come back: %q", codes)
	}
}

func TestAnImportOfThePlanIsUndoneUntilADateOfItIsIssued(t *testing.T) {
	d := cast.Open(t)
	admin := cast.Join(t, d, "LM", 1)
	kept := planRow("N-1", "每月5日前")
	mustPutIn(t, d, duban.Console, []work.TaskRow{kept}, work.ImportOptions{})
	if err := d.SetPlanAuto(ctx, duban.Console, planItems(t, d)[0].ID, true); err != nil {
		t.Fatal(err)
	}
	kept.Due = "每月8日前"
	done := mustPutIn(t, d, admin, []work.TaskRow{kept, planRow("N-2", "每月25日前"), planRow("N-3", "每月26日前")}, work.ImportOptions{})
	if done.New != 2 || done.Changed != 1 || done.Import == 0 {
		t.Fatalf("%+v", done)
	}
	issueNextOfPlan(t, d, admin, "N-3")
	undone, err := d.UndoImport(ctx, admin, done.Import, "导入有误")
	if err != nil || undone.Steps != 2 || len(undone.Left) != 1 || undone.Left[0].Code != "N-3" || undone.Left[0].Reason != work.UndoIssued {
		t.Errorf("%+v %v", undone, err)
	}
	if codes := planCodes(t, d); !slices.Equal(codes, []string{"N-1 monthly 5", "N-3 monthly 26"}) {
		t.Errorf("the plan is %q", codes)
	}
	if auto, _, err := work.PlanAuto(planItems(t, d)[0]); err != nil || !auto {
		t.Errorf("how it is issued was not kept: %v %v", auto, err)
	}
}

func issueNextOfPlan(t *testing.T, d *work.Desk, who duban.Actor, code string) {
	t.Helper()
	var draft work.TaskDraft
	cast.Read(t, d, func(tx *store.Tx) error {
		item, err := tx.PlanItemByCode(code)
		if err != nil {
			return err
		}
		next, _, err := d.NextOfPlan(tx, item)
		if err != nil {
			return err
		}
		draft, err = work.PlanDraft(item, next)
		return err
	})
	mustIssueDraft(t, d, who, draft)
}

func TestWhatChangedInThePlanSinceItsImportStays(t *testing.T) {
	d := cast.Open(t)
	row := planRow("N-1", "每月5日前")
	mustPutIn(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	row.Due = "每月8日前"
	second := mustPutIn(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	row.Due = "每月9日前"
	mustPutIn(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	undone := mustUndo(t, d, second.Import)
	if len(undone.Left) != 1 || undone.Left[0].Reason != work.UndoChanged || planCodes(t, d)[0] != "N-1 monthly 9" {
		t.Errorf("%+v, the plan is %q", undone.Left, planCodes(t, d))
	}
}

func TestAnItemOfThePlanThatSomebodyElsePutThereIsNotChangedByAList(t *testing.T) {
	d := cast.Open(t)
	admin, secretary := cast.Join(t, d, "LM", 1), cast.Join(t, d, "ZG", 2)
	row := planRow("N-1", "每月5日前")
	row.Units = "高一年级党支部"
	mustPutIn(t, d, admin, []work.TaskRow{row}, work.ImportOptions{})
	row.Due = "每月8日前"
	done, err := d.ImportPlan(ctx, secretary, []work.TaskRow{row}, work.ImportOptions{})
	if err != nil || done.Done || len(done.Problems) != 1 || done.Problems[0].Reason != work.OutsideScope {
		t.Errorf("%+v %v", done, err)
	}
}

func TestAPlanInPartsGoesOnAndIsTheSameAsInOne(t *testing.T) {
	d := cast.Open(t)
	var rows []work.TaskRow
	for i := range 25 {
		rows = append(rows, planRow("N-"+string(rune('a'+i)), "每月5日前"))
	}
	if done := mustPutIn(t, d, duban.Console, rows, work.ImportOptions{Chunk: 7}); done.New != 25 || !done.Done {
		t.Errorf("%+v", done)
	}
	if again := mustPutIn(t, d, duban.Console, rows, work.ImportOptions{Chunk: 7}); again.Unchanged != 25 || again.Import != 0 {
		t.Errorf("again: %+v", again)
	}
}
