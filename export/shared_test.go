package export_test

import (
	"context"
	"strings"
	"testing"

	"duban"
	"duban/export"
	"duban/internal/cast"
	"duban/work"
)

func TestTheLedgerSaysHowUnitsShareAnItem(t *testing.T) {
	d, ctx := cast.Open(t), context.Background()
	officer := cast.Join(t, d, "WF", 11)
	given := cast.Issue(t, d.Past(at(3, 2, 9, 0)), duban.Console, work.TaskRow{
		Line: 2, Code: "T-1", Title: "现场会", Duty: "承办现场会", Units: "school_committee", Supports: "高一年级党支部", Due: "2026-04-10",
		Completion: duban.CompleteAny, Milestones: "方案:03-06:30%；彩排:2026-03-20:80%",
	})
	past := d.Past(at(3, 6, 10, 0))
	if _, err := past.FinishMilestone(ctx, officer, given[0].ID, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := past.Submit(ctx, officer, given[0].ID, work.Report{}); err != nil {
		t.Fatal(err)
	}
	rows := table(t, d, at(4, 9, 9, 0), export.Export.Ledger)
	if len(rows) != 3 {
		t.Fatalf("%d rows, want 3", len(rows))
	}
	for i, want := range []map[string]string{
		{"责任单位": "市第五中学党委", "牵头/协办": "牵头", "状态": "已办结", "备注": "方案（2026-03-06，30%，2026-03-06完成）；彩排（2026-03-20，80%）"},
		{"责任单位": "高一年级党支部", "牵头/协办": "协办", "状态": "已办结", "备注": ""},
		{"责任单位": "实验小学党委", "牵头/协办": "牵头", "状态": "已撤销", "备注": "由市第五中学党委完成；方案（2026-03-06，30%）；彩排（2026-03-20，80%）"},
	} {
		wantRow(t, rows[i], want)
	}
	var told []string
	for _, row := range table(t, d, at(4, 9, 9, 0), export.Export.Record) {
		if row["单位"] == "实验小学党委" && row["事件"] == "撤销" {
			told = append(told, row["内容"])
		}
	}
	if len(told) != 1 || !strings.Contains(told[0], "由其他单位完成；相关单位 市第五中学党委") {
		t.Errorf("the record says %q", told)
	}
}
