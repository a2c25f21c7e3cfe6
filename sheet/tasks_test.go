package sheet_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"duban/sheet"
)

const tasksHead = "编号,事项,责任要求,类别,责任单位,责任人,完成时限,佐证要求,是否审核,优先级,依据,备注,审核人,敏感\n"

func TestATaskRowComesOutAsItMeans(t *testing.T) {
	no := false
	rows := mustTasks(t, mustRead(t, tasksHead+
		`T-01,"安全 自查","逐项自查，
形成报告",安全,"市五中党委，市六中党委; 各党支部",王　芳,１２月３１日前,照片 3 张,N,特急,工作要点,急,李　明,内部`+"\n"))
	want := []sheet.TaskRow{{
		Line: 2, Code: "T-01", Title: "安全 自查", Duty: "逐项自查，\n形成报告", Category: "安全", Units: "市五中党委、市六中党委、branch",
		Owner: "王芳", Due: "12月31日前", Evidence: "photos", Photos: 3, Review: &no, Priority: "critical",
		Basis: "工作要点", Note: "急", Reviewer: "李明", Internal: true,
	}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

func TestWhatATaskRowLeavesOutHasItsDefault(t *testing.T) {
	rows := mustTasks(t, mustRead(t, "编号,事项,责任要求,责任单位,完成时限\nT-01,自查,自查并报告,全部,月底前\n"))
	want := []sheet.TaskRow{{
		Line: 2, Code: "T-01", Title: "自查", Duty: "自查并报告", Units: "all", Due: "月底前", Evidence: "none", Priority: "normal",
	}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

func TestSheetWords(t *testing.T) {
	yes, no := "yes", "no"
	read := func(t *testing.T, column, value string) (sheet.TaskRow, []sheet.Problem) {
		t.Helper()
		file := fmt.Sprintf("编号,事项,责任要求,责任单位,完成时限,%s\nT-01,自查,自查并报告,全部,月底前,\"%s\"\n", column, value)
		rows, problems, err := mustRead(t, file).Tasks()
		if err != nil {
			t.Fatal(err)
		}
		return append(rows, sheet.TaskRow{})[0], problems
	}
	for value, want := range map[string]string{
		"": "none 0", "无": "none 0", "none": "none 0", "不需要": "none 0", "/": "none 0", "文字": "text 0", "Text": "text 0", "文字说明": "text 0",
		"文件": "file 0", "附件": "file 0", "file": "file 0", "佐证材料": "file 0", "照片": "photos 1", "照片N": "photos 1", "照片3": "photos 3", "照片３": "photos 3",
		"照片 3 张": "photos 3", "3张照片": "photos 3", "照片不少于三张": "photos 3", "照片（2张）": "photos 2", "照片×2": "photos 2",
		"photos": "photos 1", "photos 4": "photos 4", "photo": "photos 1", "照片十张": "photos 10", "照片两张": "photos 2",
		"照片0": "bad_photos", "照片11": "bad_photos", "照片若干": "unknown_word", "录像": "unknown_word", "照片3-5张": "unknown_word",
	} {
		row, problems := read(t, "佐证要求", value)
		got := fmt.Sprint(row.Evidence, " ", row.Photos)
		if len(problems) > 0 {
			got = string(problems[0].Reason)
		}
		if got != want {
			t.Errorf("佐证要求 %q: %s, want %s", value, got, want)
		}
	}
	for value, want := range map[string]*string{
		"": nil, "是": &yes, "否": &no, "Y": &yes, "n": &no, "Yes": &yes, "NO": &no, "TRUE": &yes, "false": &no, "１": &yes, "√": &yes, "不需要": &no,
	} {
		row, problems := read(t, "是否审核", value)
		var got *string
		if row.Review != nil {
			got = map[bool]*string{true: &yes, false: &no}[*row.Review]
		}
		if got != want || len(problems) > 0 {
			t.Errorf("是否审核 %q: %v %v", value, row.Review, problems)
		}
	}
	for value, want := range map[string]string{"": "normal", "一般": "normal", "平件": "normal", "加急": "urgent", "Urgent": "urgent", "特急": "critical", "critical": "critical"} {
		if row, problems := read(t, "优先级", value); row.Priority != want || len(problems) > 0 {
			t.Errorf("优先级 %q: %q %v", value, row.Priority, problems)
		}
	}
	for value, want := range map[string]bool{"": false, "内部": true, "internal": true, "是": true, "否": false, "公开": false} {
		if row, problems := read(t, "敏感", value); row.Internal != want || len(problems) > 0 {
			t.Errorf("敏感 %q: %v %v", value, row.Internal, problems)
		}
	}
	for column, value := range map[string]string{"是否审核": "看情况", "优先级": "最急", "敏感": "绝密"} {
		if _, problems := read(t, column, value); len(problems) != 1 || problems[0].Reason != sheet.UnknownWord || problems[0].Column != column {
			t.Errorf("%s %q: %v", column, value, problems)
		}
	}
}

func TestDeadlinesOfRealDatesAreISO(t *testing.T) {
	custom, chinese := "yyyy/m/d h:mm", `yyyy"年"m"月"d"日";@`
	tests := map[string]struct {
		value any
		style excelize.Style
		want  string
	}{
		"builtin date":       {46361, excelize.Style{NumFmt: 14}, "2026-12-05"},
		"builtin date time":  {46361.625, excelize.Style{NumFmt: 22}, "2026-12-05T15:00:00"},
		"chinese builtin":    {46361, excelize.Style{NumFmt: 31}, "2026-12-05"},
		"custom":             {46361.75, excelize.Style{CustomNumFmt: &custom}, "2026-12-05T18:00:00"},
		"chinese custom":     {46361, excelize.Style{CustomNumFmt: &chinese}, "2026-12-05"},
		"rounded seconds":    {46361.70833333, excelize.Style{NumFmt: 22}, "2026-12-05T17:00:00"},
		"format was lost":    {46361, excelize.Style{}, "2026-12-05"},
		"time, format lost":  {46361.625, excelize.Style{}, "2026-12-05T15:00:00"},
		"eight digits":       {20261205, excelize.Style{}, "20261205"},
		"month and day":      {12.5, excelize.Style{}, "12.5"},
		"text stays text":    {"2026-12-05 15:00", excelize.Style{NumFmt: 22}, "2026-12-05 15:00"},
		"text of full width": {"２０２６年１２月５日", excelize.Style{}, "2026年12月5日"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			rows := mustTasks(t, mustRead(t, taskWorkbook(t, tt.value, tt.style)))
			if rows[0].Due != tt.want {
				t.Errorf("due %q, want %q", rows[0].Due, tt.want)
			}
		})
	}
}

func TestDeadlinesThatMayMeanTwoDaysAreProblems(t *testing.T) {
	for value, want := range map[any]sheet.Reason{
		12.1: sheet.AmbiguousDate, 1.3: sheet.AmbiguousDate, 0.75: "", "": sheet.Missing,
	} {
		_, problems, err := mustRead(t, taskWorkbook(t, value, excelize.Style{})).Tasks()
		if err != nil {
			t.Fatal(err)
		}
		if want == "" && len(problems) > 0 || want != "" && (len(problems) != 1 || problems[0].Reason != want) {
			t.Errorf("%v: %+v", value, problems)
		}
	}
	_, problems, err := mustRead(t, taskWorkbook(t, 0.75, excelize.Style{NumFmt: 20})).Tasks()
	if err != nil || len(problems) != 1 || problems[0].Reason != sheet.BadDate {
		t.Errorf("a clock time alone: %v %+v", err, problems)
	}
}

func taskWorkbook(tb testing.TB, due any, style excelize.Style) string {
	tb.Helper()
	return mustWorkbook(tb, map[string]any{
		"A1": "编号", "B1": "事项", "C1": "责任要求", "D1": "责任单位", "E1": "完成时限",
		"A2": "T-01", "B2": "自查", "C2": "自查并报告", "D2": "全部", "E2": due,
	}, func(f *excelize.File) error {
		id, err := f.NewStyle(&style)
		return errors.Join(err, f.SetCellStyle("Sheet1", "E2", "E2", id))
	})
}

func TestTimesDoNotDependOnTheZoneOfTheMachine(t *testing.T) {
	due := time.Date(2026, 12, 5, 23, 59, 0, 0, time.FixedZone("", 8*3600))
	if rows := mustTasks(t, mustRead(t, taskWorkbook(t, due, excelize.Style{NumFmt: 22}))); rows[0].Due != "2026-12-05T23:59:00" {
		t.Errorf("due %q", rows[0].Due)
	}
}

func TestOneTaskOverSeveralRowsOfUnitsIsOneTask(t *testing.T) {
	rows := mustTasks(t, mustRead(t, "编号,事项,责任要求,责任单位,完成时限\nT-01,自查,报告,市五中党委,月底前\nT-01,自查,报告,市六中党委,月底前\n"))
	if len(rows) != 1 || rows[0].Units != "市五中党委、市六中党委" || rows[0].Line != 2 {
		t.Errorf("rows %+v", rows)
	}
}

func TestWrongTaskRowsAreNamedNotGuessed(t *testing.T) {
	tests := map[string]struct {
		rows   string
		column string
		reason sheet.Reason
		arg    string
	}{
		"no code":        {",自查,报告,,全部,,月底前", "编号", sheet.Missing, ""},
		"no title":       {"T-01,,报告,,全部,,月底前", "事项", sheet.Missing, ""},
		"no duty":        {"T-01,自查,,,全部,,月底前", "责任要求", sheet.Missing, ""},
		"no unit":        {"T-01,自查,报告,,,,月底前", "责任单位", sheet.Missing, ""},
		"no deadline":    {"T-01,自查,报告,,全部,,", "完成时限", sheet.Missing, ""},
		"same code":      {"T-01,自查,报告,,全部,,月底前\nT-01,检查,报告,,全部,,月底前", "编号", sheet.DuplicateCode, "2"},
		"same row":       {"T-01,自查,报告,,全部,,月底前\nT-01,自查,报告,,全部,,月底前", "编号", sheet.DuplicateCode, "2"},
		"formula":        {"T-01,自查,\"=cmd|'/C calc'!A0\",,全部,,月底前", "责任要求", sheet.Formula, ""},
		"strange photos": {"T-01,自查,报告,,全部,,月底前,照片99", "佐证要求", sheet.BadPhotos, "无、文字、文件、照片N"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			rows, problems, err := mustRead(t, tasksHead+tt.rows+"\n").Tasks()
			if err != nil || len(problems) != 1 {
				t.Fatalf("%v, problems %+v", err, problems)
			}
			if p := problems[0]; p.Column != tt.column || p.Reason != tt.reason || p.Arg != tt.arg {
				t.Errorf("problem %+v", p)
			}
			if len(rows) != strings.Count(tt.rows, "\n") {
				t.Errorf("rows %+v", rows)
			}
		})
	}
}
