package export_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"duban"
	"duban/calendar"
	"duban/export"
	"duban/internal/cast"
	"duban/sheet"
	"duban/store"
	"duban/work"
)

// written writes a table to memory.
func written(tb testing.TB, d *work.Desk, now time.Time, format sheet.Format, table export.Table, change func(*export.Export)) []byte {
	tb.Helper()
	var out bytes.Buffer
	cast.Read(tb, d, func(tx *store.Tx) error {
		e := from(tx, d, now)
		e.Organisation = d.Policy.Organisation
		if change != nil {
			change(&e)
		}
		return e.Write(&out, format, table)
	})
	return out.Bytes()
}

func mustExcel(tb testing.TB, data []byte) *excelize.File {
	tb.Helper()
	file, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { file.Close() })
	return file
}

func mustRows(tb testing.TB, file *excelize.File, name string) [][]string {
	tb.Helper()
	rows, err := file.GetRows(name)
	if err != nil {
		tb.Fatal(err)
	}
	return rows
}

func TestTheMatrixShowsTheLightOfEachUnitForEachTask(t *testing.T) {
	d := year(t)
	rows := table(t, d, at(4, 9, 9, 0), export.Export.Matrix)
	first, second := "T-1\n年度总结", "T-2\n=SUM(A1)"
	if got, want := rows[0][""], "责任单位,应办,办结,逾期,T-1\n年度总结,T-2\n=SUM(A1)"; got != want {
		t.Fatalf("columns are %q, want %q", got, want)
	}
	var units []string
	for _, r := range rows {
		units = append(units, r["责任单位"])
	}
	if diff := cmp.Diff([]string{"市第五中学党委", "实验小学党委"}, units); diff != "" {
		t.Error(diff)
	}
	wantRow(t, rows[0], map[string]string{"应办": "2", "办结": "1", "逾期": "0", first: "🟨 超期办结", second: "🟠 预警"})
	wantRow(t, rows[1], map[string]string{"应办": "1", "办结": "0", first: "", second: "🟠 预警"})
	late := table(t, d, at(4, 14, 9, 0), export.Export.Matrix)
	wantRow(t, late[1], map[string]string{"逾期": "1", second: "🔴 逾期"})
}

func TestTheMatrixOfAPeriodHasTheTasksThatAreDueInIt(t *testing.T) {
	d := year(t)
	march := func(e *export.Export) {
		e.Filter.From, e.Filter.To = calendar.Date{Year: 2026, Month: 3, Day: 1}, calendar.Date{Year: 2026, Month: 3, Day: 31}
	}
	rows := mustRows(t, mustExcel(t, written(t, d, at(4, 9, 9, 0), sheet.XLSX, export.MatrixTable, march)), "完成矩阵")
	want := [][]string{{"责任单位", "应办", "办结", "逾期", "T-1\n年度总结"}, {"市第五中学党委", "1", "1", "0", "超期办结"}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

func TestALongTitleInTheHeadingOfTheMatrixIsCutSoThatItsCodeIsSeen(t *testing.T) {
	d := cast.Open(t)
	cast.Issue(t, d.Past(at(3, 2, 9, 0)), duban.Console, work.TaskRow{
		Line: 2, Code: "KH-1", Title: "关于认真做好2026年度全市教育系统基层党组织书记抓基层党建工作述职评议考核有关准备工作的通知", Duty: "提交", Units: "市第五中学党委", Due: "2026-03-06",
	})
	heading := mustRows(t, mustExcel(t, written(t, d, at(3, 3, 9, 0), sheet.XLSX, export.MatrixTable, nil)), "完成矩阵")[0][4]
	if heading != "KH-1\n关于认真做好2026年度全市教育系统基层党组织书…" {
		t.Errorf("the heading is %q", heading)
	}
}

func TestEachSchoolHasAListForTheSecretarysDesk(t *testing.T) {
	d := year(t)
	helps := cast.Issue(t, d.Past(at(3, 20, 9, 0)), duban.Console, work.TaskRow{
		Line: 2, Code: "T-3", Title: "支部工作手册", Duty: "交学校党委归档", Units: "高一年级党支部", Due: "2026-04-03",
	})[0]
	helps.Support = true
	put(t, d, helps)
	file := mustExcel(t, written(t, d, at(4, 9, 9, 0), sheet.XLSX, export.ListsTable, nil))
	if diff := cmp.Diff([]string{"市第五中学党委", "实验小学党委"}, file.GetSheetList()); diff != "" {
		t.Error(diff)
	}
	want := [][]string{
		{"滨江市教育行业党委任务清单"},
		{"单位：市第五中学党委　　制表日期：2026-04-09（周四）　　共 3 项，在办 2 项（其中逾期 1 项），办结 1 项"},
		{"序号", "编号", "事项与责任要求", "责任人", "完成时限", "状态（亮灯）", "备注/签字"},
		{"1", "T-3", "支部工作手册\n交学校党委归档", "刘洋\n高一年级党支部\n协办", "2026-04-03", "逾期（未签收）"},
		{"2", "T-2", "=SUM(A1)\n提交名单", "王芳", "2026-04-10 15:00", "预警（未签收）"},
		{"3", "T-1", "年度总结\n提交总结", "王芳", "2026-03-06", "超期办结"},
		{"党委书记（签字）：＿＿＿＿＿＿＿＿　　党建专干（签字）：＿＿＿＿＿＿＿＿　　日期：＿＿＿＿年＿＿月＿＿日"},
	}
	if diff := cmp.Diff(want, mustRows(t, file, "市第五中学党委")); diff != "" {
		t.Error(diff)
	}
}

func TestListsNeedAWorkbook(t *testing.T) {
	d := cast.Open(t)
	cast.Read(t, d, func(tx *store.Tx) error {
		var out bytes.Buffer
		if err := from(tx, d, at(4, 9, 9, 0)).Write(&out, sheet.CSV, export.ListsTable); !errors.Is(err, export.ErrOnlyWorkbook) || out.Len() > 0 {
			t.Errorf("%d bytes were written: %v", out.Len(), err)
		}
		return nil
	})
	if rows := mustRows(t, mustExcel(t, written(t, d, at(4, 9, 9, 0), sheet.XLSX, export.ListsTable, nil)), "任务清单"); len(rows) != 4 {
		t.Errorf("without an item the book has %v", rows)
	}
}

func TestReceiptsTellWhoHasReadAndWhoWasNotReached(t *testing.T) {
	d := cast.Open(t)
	for i, code := range []string{"LM", "WF", "ZG", "SL"} {
		cast.Join(t, d, code, int64(11+i))
	}
	announcement := announce(t, d)
	rows := receiptRows(t, d, announcement, nil)
	want := [][]string{
		{"单位", "姓名", "送达时间", "已阅时间", "回复", "未送达原因", "更正时间", "更正结果", "撤回结果"},
		{"滨江市教育行业党委", "何静", "", "", "", "未加入", "", "", ""},
		{"市第五中学党委", "王芳", "2026-03-02 09:05", "2026-03-02 10:30", "'=已安排", "", "", "", ""},
		{"市第五中学党委", "赵刚", "2026-03-02 09:05", "", "", "", "", "", ""},
		{"实验小学党委", "孙丽", "", "", "", "对方已停用本助手", "", "", ""},
		{"实验小学党委", "周明", "", "", "", "待发送", "", "", ""},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	school := receiptRows(t, d, announcement, func(e *export.Export) {
		units, err := e.Tx.UnitsNamed("市第五中学党委")
		if err != nil || len(units) != 1 {
			t.Fatal(units, err)
		}
		e.Filter.Unit = units[0].ID
	})
	if len(school) != 3 {
		t.Errorf("a school has %v", school)
	}
	cast.Read(t, d, func(tx *store.Tx) error {
		e := from(tx, d, at(4, 9, 9, 0))
		e.Filter.Announcement = announcement + 1
		if err := e.Write(io.Discard, sheet.CSV, export.ReceiptsTable); duban.CodeOf(err) != duban.NotFound {
			t.Errorf("an announcement that does not exist: %v", err)
		}
		return nil
	})
}

func receiptRows(tb testing.TB, d *work.Desk, announcement int64, change func(*export.Export)) [][]string {
	tb.Helper()
	return mustRecords(tb, written(tb, d, at(4, 9, 9, 0), sheet.CSV, export.ReceiptsTable, func(e *export.Export) {
		e.Filter.Announcement = announcement
		if change != nil {
			change(e)
		}
	}))
}

func mustRecords(tb testing.TB, data []byte) [][]string {
	tb.Helper()
	records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	return records
}

// announce puts an announcement with recipients of every kind into the database.
func announce(tb testing.TB, d *work.Desk) (id int64) {
	tb.Helper()
	person := map[string]int64{}
	for _, row := range cast.Roster {
		person[row.Code] = cast.Person(tb, d, row.Code).ID
	}
	err := d.Store.Write(context.Background(), func(tx *store.Tx) (err error) {
		id, err = tx.AddAnnouncement(duban.Announcement{
			SenderID: person["LM"], FromChat: 12, MessageIDs: []int64{1}, Summary: "培训通知", Receipt: duban.TextReceipt, SendAt: at(3, 2, 9, 0),
			State: duban.AnnouncementSent,
		})
		if err != nil {
			return err
		}
		for _, r := range []duban.Receipt{
			{PersonID: person["WF"], DeliveredAt: at(3, 2, 9, 5), ConfirmedAt: at(3, 2, 10, 30), Answer: "=已安排"},
			{PersonID: person["ZG"], DeliveredAt: at(3, 2, 9, 5)},
			{PersonID: person["HJ"], Failure: "unreachable"},
			{PersonID: person["SL"], Failure: "blocked"},
			{PersonID: person["ZM"]},
		} {
			r.AnnouncementID = id
			if err := tx.SaveReceipt(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return id
}

func TestWhatTravelsLeavesOutWhatInternalTasksAreAbout(t *testing.T) {
	d := cast.Open(t)
	officer := cast.Join(t, d, "WF", 11)
	secret := cast.Issue(t, d.Past(at(3, 2, 9, 0)), duban.Console, work.TaskRow{
		Line: 2, Code: "N-1", Title: "涉密事项", Duty: "涉密要求", Units: "市第五中学党委", Due: "2026-03-06", Internal: true, Review: true, Reviewer: "LM",
	})[0]
	if _, err := d.Past(at(3, 3, 9, 0)).Progress(context.Background(), officer, secret.ID, 50, "涉密进展"); err != nil {
		t.Fatal(err)
	}
	for _, table := range []export.Table{export.LedgerTable, export.RecordTable, export.MatrixTable, export.ListsTable} {
		open := unzipped(t, written(t, d, at(3, 4, 9, 0), sheet.XLSX, table, nil))
		discreet := unzipped(t, written(t, d, at(3, 4, 9, 0), sheet.XLSX, table, func(e *export.Export) { e.Discreet = true }))
		if !strings.Contains(open, "涉密") {
			t.Errorf("the %s in the office says nothing of it", table)
		}
		if strings.Contains(discreet, "涉密") || !strings.Contains(discreet, "N-1") {
			t.Errorf("the %s that travels tells what it is about", table)
		}
	}
}

// unzipped is everything that stands in a workbook.
func unzipped(tb testing.TB, data []byte) string {
	tb.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		tb.Fatal(err)
	}
	var all strings.Builder
	for _, part := range archive.File {
		r, err := part.Open()
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := io.Copy(&all, r); err != nil {
			tb.Fatal(err)
		}
		r.Close()
	}
	return all.String()
}

func TestWhatIsHaltedShowsItsStateAndWhatIsCancelledDoesNotCount(t *testing.T) {
	d := cast.Open(t)
	for i, state := range []duban.State{duban.Suspended, duban.Declined, duban.CalledOff, duban.Archived, duban.Pending} {
		item := cast.Issue(t, d.Past(at(3, 2, 9, 0)), duban.Console, work.TaskRow{
			Line: 2, Code: string('A' + rune(i)), Title: "事项", Duty: "要求", Units: "市第五中学党委", Due: "2026-03-06",
		})[0]
		item.State, item.Before = state, duban.Accepted
		item.SubmittedAt, item.SuspendedAt, item.DeclinedAt, item.CancelledAt = time.Time{}, at(3, 4, 9, 0), at(3, 4, 9, 0), at(3, 4, 9, 0)
		if state == duban.Archived {
			item.SubmittedAt, item.ClosedAt = at(3, 5, 9, 0), at(3, 5, 10, 0)
		}
		put(t, d, item)
	}
	ledger := table(t, d, at(4, 9, 9, 0), export.Export.Ledger)
	want := []string{"A 已中止", "B 退办，待处理", "C 已撤销", "D 已归档"}
	var got []string
	for _, r := range ledger {
		got = append(got, r["编号"]+" "+r["状态"])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wantRow(t, ledger[0], map[string]string{"亮灯": "⏸ 不计时", "提前/超期天数": ""})
	matrix := table(t, d, at(4, 9, 9, 0), export.Export.Matrix)
	wantRow(t, matrix[0], map[string]string{
		"应办": "3", "办结": "1", "逾期": "0", "A\n事项": "已中止", "B\n事项": "退办，待处理", "C\n事项": "已撤销", "D\n事项": "✅ 办结",
	})
	list := mustRows(t, mustExcel(t, written(t, d, at(4, 9, 9, 0), sheet.XLSX, export.ListsTable, nil)), "市第五中学党委")
	if len(list) != 7 || list[3][5] != "已中止" || list[4][5] != "退办，待处理" || list[5][5] != "办结" {
		t.Errorf("the list is %v", list)
	}
}

// put saves an assignment as it is.
func put(tb testing.TB, d *work.Desk, a duban.Assignment) {
	tb.Helper()
	err := d.Store.Write(context.Background(), func(tx *store.Tx) error { return tx.SaveAssignment(a, d.Calendar.End(a.Due)) })
	if err != nil {
		tb.Fatal(err)
	}
}
