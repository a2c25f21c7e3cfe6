package work_test

import (
	"testing"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

func TestAnErasureTakesTheCodeOutOfThePlanWhichGoesOnWithoutThePerson(t *testing.T) {
	for _, owner := range []string{"WF", "王芳"} {
		d := cast.Open(t)
		row := listRow("JH-1", "市第五中学党委", "每月25日")
		row.Owner, row.Reviewer = owner, owner
		for range 2 {
			done, err := d.ImportPlan(ctx, duban.Console, []work.TaskRow{row}, work.ImportOptions{File: "计划.xlsx"})
			if err != nil || len(done.Problems) > 0 {
				t.Fatal(done.Problems, err)
			}
			row.Title = "改名"
		}
		_, err := d.Erase(ctx, duban.Console, "WF", "已删除人员#5")
		mustDo(t, err)
		mustNotHold(t, d, `"WF`, `"王芳`)
		cast.Read(t, d, func(tx *store.Tx) error {
			item, err := tx.PlanItemByCode("JH-1")
			if err != nil {
				return err
			}
			if _, err := work.PlanDraft(item, calendar.Due{Date: calendar.Date{Year: 2030, Month: 1, Day: 25}}); err != nil {
				t.Errorf("what is left of the item cannot be read: %v", err)
			}
			return nil
		})
	}
}
