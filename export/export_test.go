package export_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"duban"
	"duban/calendar"
	"duban/export"
	"duban/imports"
	"duban/internal/cast"
	"duban/sheet"
	"duban/store"
	"duban/text"
	"duban/work"
)

// at is an instant on the clock of the cast.
func at(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2026, month, day, hour, minute, 0, 0, cast.Shanghai)
}

// from is the export of a snapshot that was taken at an instant.
func from(tx *store.Tx, d *work.Desk, now time.Time) export.Export {
	tx.Now = now
	return export.Export{Tx: tx, Calendar: d.Calendar, Lights: d.Policy.Lights, Lang: text.ZH}
}

// table writes a table as csv and reads it back, as rows by heading.
func table(tb testing.TB, d *work.Desk, now time.Time, make func(export.Export) (sheet.Sheet, error)) []map[string]string {
	tb.Helper()
	var out bytes.Buffer
	cast.Read(tb, d, func(tx *store.Tx) error {
		s, err := make(from(tx, d, now))
		if err != nil {
			return err
		}
		return sheet.Write(&out, sheet.CSV, s)
	})
	content, marked := bytes.CutPrefix(out.Bytes(), []byte("\ufeff"))
	if !marked {
		tb.Fatal("the csv file has no mark")
	}
	records, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	var rows []map[string]string
	for _, r := range records[1:] {
		row := map[string]string{"": strings.Join(records[0], ",")}
		for i, heading := range records[0] {
			row[heading] = r[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// year plays two tasks: one is done late after a return, of the other nobody has heard.
func year(tb testing.TB) *work.Desk {
	tb.Helper()
	d := cast.Open(tb)
	officer, ctx := cast.Join(tb, d, "WF", 11), context.Background()
	admin := cast.Join(tb, d, "LM", 12)
	summary := cast.Issue(tb, d.Past(at(3, 2, 9, 0)), duban.Console, work.TaskRow{
		Line: 2, Code: "T-1", Title: "年度总结", Duty: "提交总结", Units: "市第五中学党委", Due: "2026-03-06", Review: true, Reviewer: "LM",
	})[0]
	cast.Issue(tb, d.Past(at(3, 2, 9, 0)), duban.Console, work.TaskRow{
		Line: 3, Code: "T-2", Title: "=SUM(A1)", Duty: "提交名单", Units: "school_committee", Due: "2026-04-10 15:00",
	})
	must := func(_ duban.Assignment, err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	submit := func(moment time.Time) duban.Submission {
		done, err := d.Past(moment).Submit(ctx, officer, summary.ID, work.Report{Text: "已完成"})
		must(done.Assignment, err)
		return done.Submission
	}
	must(d.Past(at(3, 3, 10, 0)).Accept(ctx, officer, summary.ID))
	first := submit(at(3, 6, 17, 0))
	must(d.Past(at(3, 6, 17, 30)).Return(ctx, admin, first.ID, work.Comeback{Reason: "缺签字"}))
	second := submit(at(3, 10, 9, 30))
	must(d.Past(at(3, 10, 11, 0)).Pass(ctx, admin, second.ID))
	return d
}

func TestTheLedgerShowsEachAssignmentAsItStands(t *testing.T) {
	d := year(t)
	rows := table(t, d, at(4, 9, 9, 0), export.Export.Ledger)
	if len(rows) != 3 {
		t.Fatalf("%d rows, want 3", len(rows))
	}
	const columns = "编号,事项,责任单位,责任人,原定时限,完成时限,签收时间,上报时间,办结时间,状态,亮灯,提前/超期天数,延期次数,退回次数,退回类型,催办次数"
	if rows[0][""] != columns {
		t.Errorf("columns are %s", rows[0][""])
	}
	wantRow(t, rows[0], map[string]string{
		"编号": "T-1", "责任单位": "市第五中学党委", "责任人": "王芳", "原定时限": "2026-03-06", "完成时限": "2026-03-06",
		"签收时间": "2026-03-03 10:00", "上报时间": "2026-03-10 09:30", "办结时间": "2026-03-10 11:00",
		"状态": "已办结", "亮灯": "🟨 超期办结", "提前/超期天数": "-2", "退回次数": "1", "退回类型": "其他", "延期次数": "0",
	})
	wantRow(t, rows[1], map[string]string{
		"编号": "T-2", "事项": "'=SUM(A1)", "完成时限": "2026-04-10 15:00", "签收时间": "", "办结时间": "", "状态": "未签收", "亮灯": "🟠 预警", "提前/超期天数": "",
	})
}

func TestTheLedgerNamesWhatWasWrongWithWhatWasGivenBack(t *testing.T) {
	d, ctx := cast.Open(t), context.Background()
	officer, secretary, admin, leader := cast.Join(t, d, "WF", 11), cast.Join(t, d, "ZG", 13), cast.Join(t, d, "LM", 12), cast.Join(t, d, "CGD", 14)
	a := cast.Issue(t, d.Past(at(3, 2, 9, 0)), duban.Console, work.TaskRow{
		Line: 2, Code: "T-1", Title: "年度总结", Duty: "提交总结", Units: "市第五中学党委", Due: "2026-03-06", Review: true, Reviewer: "LM",
	})[0]
	for i, fault := range []duban.Fault{duban.FaultFormat, duban.FaultIncomplete, duban.FaultIncomplete, duban.FaultSeal} {
		done, err := d.Past(at(3, 3, 9+i, 0)).Submit(ctx, officer, a.ID, work.Report{Text: "已完成"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Past(at(3, 3, 9+i, 30)).Return(ctx, admin, done.Submission.ID, work.Comeback{Reason: "请补正", Fault: fault}); err != nil {
			t.Fatal(err)
		}
	}
	rows := table(t, d, at(3, 4, 9, 0), export.Export.Ledger)
	wantRow(t, rows[0], map[string]string{"退回次数": "4", "退回类型": "材料不全×2、格式不符、缺签章"})
	r, err := d.Past(at(3, 4, 9, 0)).Object(ctx, secretary, a.ID, "有签字")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Past(at(3, 4, 10, 0)).Grant(ctx, leader, r.ID, work.Grant{}); err != nil {
		t.Fatal(err)
	}
	rows = table(t, d, at(3, 5, 9, 0), export.Export.Ledger)
	wantRow(t, rows[0], map[string]string{"退回次数": "3", "退回类型": "材料不全×2、格式不符"})
}

func TestAnOverdueRowCountsItsDaysUntilNow(t *testing.T) {
	rows := table(t, year(t), at(4, 14, 9, 0), export.Export.Ledger)
	wantRow(t, rows[1], map[string]string{"亮灯": "🔴 逾期", "提前/超期天数": "-2"})
}

func wantRow(tb testing.TB, row, want map[string]string) {
	tb.Helper()
	for heading, value := range want {
		if row[heading] != value {
			tb.Errorf("%s is %q, want %q", heading, row[heading], value)
		}
	}
}

func TestFiltersTakeTheSubtreeAndBothDays(t *testing.T) {
	d := year(t)
	count := func(f func(*store.Tx) export.Filter, table func(export.Export) (sheet.Sheet, error)) int {
		rows := 0
		cast.Read(t, d, func(tx *store.Tx) error {
			e := from(tx, d, at(4, 9, 9, 0))
			e.Filter = f(tx)
			s, err := table(e)
			if err != nil {
				return err
			}
			for _, err := range s.Rows {
				if err != nil {
					return err
				}
				rows++
			}
			return nil
		})
		return rows
	}
	day := func(month time.Month, day int) calendar.Date {
		return calendar.Date{Year: 2026, Month: month, Day: day}
	}
	dates := func(from, to calendar.Date) func(*store.Tx) export.Filter {
		return func(*store.Tx) export.Filter { return export.Filter{From: from, To: to} }
	}
	unit := func(name string) func(*store.Tx) export.Filter {
		return func(tx *store.Tx) export.Filter {
			units, err := tx.UnitsNamed(name)
			if err != nil || len(units) != 1 {
				t.Fatal(units, err)
			}
			return export.Filter{Unit: units[0].ID}
		}
	}
	for name, c := range map[string]struct {
		filter func(*store.Tx) export.Filter
		table  func(export.Export) (sheet.Sheet, error)
		want   int
	}{
		"deadline on the first day":    {dates(day(3, 6), calendar.Date{}), export.Export.Ledger, 3},
		"deadline on the last day":     {dates(calendar.Date{}, day(3, 6)), export.Export.Ledger, 1},
		"deadline the day before":      {dates(calendar.Date{}, day(3, 5)), export.Export.Ledger, 0},
		"deadline with a time":         {dates(day(4, 10), day(4, 10)), export.Export.Ledger, 2},
		"a school":                     {unit("实验小学党委"), export.Export.Ledger, 1},
		"the whole city":               {unit("滨江市教育行业党委"), export.Export.Ledger, 3},
		"a branch":                     {unit("高一年级党支部"), export.Export.Ledger, 0},
		"events of the day of closing": {dates(day(3, 10), day(3, 10)), export.Export.Record, 2},
		"people of a school":           {unit("市第五中学党委"), export.Export.Roster, 3},
	} {
		if got := count(c.filter, c.table); got != c.want {
			t.Errorf("%s: %d rows, want %d", name, got, c.want)
		}
	}
}

func TestTheRecordNamesEventsPeopleAndDetailsInWords(t *testing.T) {
	rows := table(t, year(t), at(4, 9, 9, 0), export.Export.Record)
	if rows[0][""] != "时间,事件,编号,事项,单位,人员,经办,内容" {
		t.Errorf("columns are %s", rows[0][""])
	}
	var events []string
	for _, r := range rows {
		if r["编号"] == "T-1" {
			events = append(events, r["事件"]+" "+r["经办"])
		}
		if strings.Contains(r[""]+r["内容"], "⟦") {
			t.Errorf("a phrase is missing: %s %s", r["事件"], r["内容"])
		}
	}
	want := "立项 控制台,交办 控制台,签收 王芳,上报 王芳,退回 李敏,上报 王芳,办结 李敏"
	if got := strings.Join(events, ","); got != want {
		t.Errorf("events are %s, want %s", got, want)
	}
	for _, r := range rows {
		switch r["事件"] {
		case "退回":
			wantRow(t, r, map[string]string{"时间": "2026-03-06 17:30", "人员": "王芳", "单位": "市第五中学党委"})
			if !strings.Contains(r["内容"], "缺签字") {
				t.Errorf("the reason is missing: %s", r["内容"])
			}
		case "办结":
			if !strings.Contains(r["内容"], "-2") {
				t.Errorf("the days are missing: %s", r["内容"])
			}
		}
	}
}

func TestTheRosterTellsWhoHasJoinedAndCanBeImportedAgain(t *testing.T) {
	d := year(t)
	rows := table(t, d, at(4, 9, 9, 0), export.Export.Roster)
	joined := map[string]string{}
	for _, r := range rows {
		joined[r["工号"]] = r["加入情况"]
	}
	if len(rows) != len(cast.Roster) || joined["WF"] != "已加入" || joined["ZG"] != "未加入" {
		t.Errorf("%d rows, %v", len(rows), joined)
	}
	var file bytes.Buffer
	cast.Read(t, d, func(tx *store.Tx) error {
		s, err := from(tx, d, time.Now()).Roster()
		if err != nil {
			return err
		}
		return sheet.Write(&file, sheet.XLSX, s)
	})
	list, err := imports.Open("roster.xlsx", file.Bytes(), sheet.KindRoster)
	if err != nil {
		t.Fatal(err)
	}
	again, err := list.Import(context.Background(), d, duban.Console, work.ImportOptions{})
	if err != nil || len(again.Wrong) > 0 || again.New+again.Changed != 0 || again.Unchanged != len(cast.Roster) {
		t.Errorf("imported again: %+v %v", again.ImportResult, err)
	}
}

func TestDatesInAWorkbookAreDates(t *testing.T) {
	d := year(t)
	var file bytes.Buffer
	cast.Read(t, d, func(tx *store.Tx) error {
		s, err := from(tx, d, at(4, 9, 9, 0)).Ledger()
		if err != nil {
			return err
		}
		return sheet.Write(&file, sheet.XLSX, s)
	})
	book, err := excelize.OpenReader(&file)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	name := book.GetSheetName(0)
	shown, err := book.GetCellValue(name, "F2")
	if err != nil || shown != "2026-03-06" {
		t.Errorf("the deadline is shown as %q: %v", shown, err)
	}
	raw, err := book.GetCellValue(name, "F2", excelize.Options{RawCellValue: true})
	if err != nil || raw != "46087" {
		t.Errorf("the deadline is kept as %q: %v", raw, err)
	}
}
