package sheet_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"duban/sheet"
)

func mustAnnotate(tb testing.TB, book *sheet.Book, problems map[int]string) string {
	tb.Helper()
	data, err := book.Annotate(sheet.Notes{Problems: problems})
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

// problemTexts reads the column 问题 of an annotated xlsx file by line.
func problemTexts(tb testing.TB, data, sheetName string) map[int]string {
	tb.Helper()
	file, err := excelize.OpenReader(strings.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	rows, err := file.GetRows(sheetName)
	if err != nil {
		tb.Fatal(err)
	}
	column, texts := -1, map[int]string{}
	for i, row := range rows {
		if column < 0 {
			column = slices.Index(row, "问题")
			continue
		}
		if column < len(row) && row[column] != "" {
			texts[i+1] = row[column]
		}
	}
	return texts
}

func TestTheSameFileComesBackWithItsProblems(t *testing.T) {
	for name, sheetName := range map[string]string{
		"examples/roster.xlsx": "党务干部名册", "examples/tasks.xlsx": "年度任务清单",
		"sheet/testdata/roster_merged.xlsx": "名册", "sheet/testdata/tasks_sections.xlsx": "任务清单",
	} {
		t.Run(name, func(t *testing.T) {
			book := mustOpen(t, name)
			problems := map[int]string{5: "手机号不正确，请填写十一位号码", 8: "=1+1"}
			once := mustAnnotate(t, book, problems)
			if diff := cmp.Diff(problems, problemTexts(t, once, sheetName)); diff != "" {
				t.Error(diff)
			}
			if book.Guess() == sheet.KindRoster {
				if diff := cmp.Diff(mustRoster(t, book), mustRoster(t, mustRead(t, once))); diff != "" {
					t.Error(diff)
				}
			} else if diff := cmp.Diff(mustTasks(t, book), mustTasks(t, mustRead(t, once))); diff != "" {
				t.Error(diff)
			}

			twice := mustAnnotate(t, mustRead(t, once), map[int]string{6: "请补充工号"})
			if diff := cmp.Diff(map[int]string{6: "请补充工号"}, problemTexts(t, twice, sheetName)); diff != "" {
				t.Errorf("the second round: %s", diff)
			}
		})
	}
}

func TestAnnotatingKeepsLooks(t *testing.T) {
	data := mustAnnotate(t, mustOpen(t, "sheet/testdata/roster_merged.xlsx"), map[int]string{6: "请补充工号"})
	file, err := excelize.OpenReader(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	merged, err := file.GetMergeCells("名册")
	if err != nil || len(merged) < 40 {
		t.Errorf("%d merged cells, %v", len(merged), err)
	}
}

func TestAnnotatedCSVKeepsSeparatorAndLines(t *testing.T) {
	file := "名册;;;\n\n单位;姓名;职务;工号\n市五中党委;王芳;专干;D01\n\n市五中党委;李明;=1+1;D02\n"
	out := mustAnnotate(t, mustRead(t, file), map[int]string{6: "职务不能是公式"})
	want := "\uFEFF名册;;;;\r\n\r\n单位;姓名;职务;工号;问题\r\n市五中党委;王芳;专干;D01;\r\n\r\n市五中党委;李明;'=1+1;D02;职务不能是公式\r\n"
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
	if book := mustRead(t, out); book.Format() != sheet.CSV || book.Guess() != sheet.KindRoster {
		t.Errorf("format %s, guess %s", book.Format(), book.Guess())
	}
}

func TestAHugeWorkbookComesBackAsAPlainList(t *testing.T) {
	var b strings.Builder
	b.WriteString(inlineRow(1, "名册") + inlineRow(3, "单位", "姓名", "职务", "工号"))
	for i := 4; i < 500; i++ {
		b.WriteString(strings.Replace(inlineRow(i, "市五中党委", "王芳", "专干", fmt.Sprint("D", i)), "</row>", fmt.Sprintf(`<c r="XFD%d"/></row>`, i), 1))
	}
	out := mustAnnotate(t, mustRead(t, string(mustSheet(t, worksheet(b.String())))), map[int]string{4: "请补充手机号", 499: "请核对"})
	if diff := cmp.Diff(map[int]string{2: "请补充手机号", 497: "请核对"}, problemTexts(t, out, "S")); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoListCannotBeAnnotated(t *testing.T) {
	if _, err := mustRead(t, "a,b\n").Annotate(sheet.Notes{}); err == nil {
		t.Error("no error")
	}
}

// The sheet that was read is the one that is annotated, also when another
// sheet of the book looks like the other kind of list.
func TestTheSheetThatWasReadIsAnnotated(t *testing.T) {
	data := mustWorkbook(t, map[string]any{"A1": "单位", "B1": "姓名", "C1": "职务", "D1": "工号", "A2": "市五中党委", "B2": "王芳", "C2": "专干", "D2": "D01"},
		func(f *excelize.File) error {
			if _, err := f.NewSheet("任务"); err != nil {
				return err
			}
			row := []any{"编号", "事项", "责任要求", "责任单位", "完成时限"}
			if err := f.SetSheetRow("任务", "A1", &row); err != nil {
				return err
			}
			row = []any{"T-01", "自查", "报告", "全部", "月底前"}
			return f.SetSheetRow("任务", "A2", &row)
		})
	book := mustRead(t, data)
	mustRoster(t, book)
	out := mustAnnotate(t, book, map[int]string{2: "请核对"})
	if texts := problemTexts(t, out, "Sheet1"); !maps.Equal(texts, map[int]string{2: "请核对"}) {
		t.Errorf("roster: %v", texts)
	}
	if texts := problemTexts(t, out, "任务"); len(texts) > 0 {
		t.Errorf("tasks: %v", texts)
	}
	mustTasks(t, book)
	if texts := problemTexts(t, mustAnnotate(t, book, map[int]string{2: "请核对"}), "任务"); len(texts) != 1 {
		t.Errorf("tasks: %v", texts)
	}
}

func mustRecords(tb testing.TB, data string) [][]string {
	tb.Helper()
	records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix([]byte(data), []byte("\uFEFF")))).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	return records
}

func BenchmarkAnnotating20000Rows(b *testing.B) {
	columns := []sheet.Column{{Title: "单位"}, {Title: "单位类型"}, {Title: "姓名"}, {Title: "职务"}, {Title: "手机号"}, {Title: "工号"}}
	var rows [][]any
	for i := range 20_000 {
		rows = append(rows, []any{"市五中党委", "学校党委", "王芳", "党建专干", "", fmt.Sprint("D", i)})
	}
	book := mustRead(b, mustWrite(b, sheet.XLSX, sheet.Sheet{Name: "名册", Columns: columns, Rows: sheet.Rows(rows)}))
	b.ReportAllocs()
	for b.Loop() {
		mustAnnotate(b, book, map[int]string{2: "请补充手机号"})
	}
}

func TestSuggestionsAndChangesComeBackBesideTheProblemsAndAreNotReadAgain(t *testing.T) {
	file := "编号,事项,责任要求,责任单位,完成时限\nT-1,自查,报告,市五中党委,尽快\nT-2,总结,报告,实验小学党委,2026-12-04\n"
	book := mustRead(t, file)
	if _, _, err := book.Tasks(); err != nil {
		t.Fatal(err)
	}
	data, err := book.Annotate(sheet.Notes{
		Problems: map[int]string{2: "没有明确期限"}, Suggestions: map[int]string{2: "2026-12-01"}, Changes: map[int]string{3: "时限变更"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := "完成时限,问题,建议,变更\r\n"; !strings.Contains(string(data), want) || !strings.Contains(string(data), "2026-12-04,,,时限变更") {
		t.Fatalf("it came back as\n%s", data)
	}
	again := mustRead(t, string(data))
	rows, problems, err := again.Tasks()
	if err != nil || len(rows) != 2 || len(problems) != 0 || len(again.Guessed())+len(again.Unread()) != 0 {
		t.Fatalf("%d rows, %v, guessed %v, unread %v: %v", len(rows), problems, again.Guessed(), again.Unread(), err)
	}
	data, err = again.Annotate(sheet.Notes{})
	if err != nil || strings.Contains(string(data), "时限变更") || strings.Contains(string(data), "没有明确") {
		t.Errorf("what an earlier round said is still there: %v\n%s", err, data)
	}
}

func TestColumnsThatWereGuessedAreNamedAndThoseThatWereNotReadToo(t *testing.T) {
	book := mustRead(t, "序号,编号,任务,任务要求,责任部门,完成时限（截止）,材料上传方式\n1,T-1,自查,报告,市五中党委,2026-12-04,邮箱\n")
	if _, _, err := book.Tasks(); err != nil {
		t.Fatal(err)
	}
	want := []sheet.Guess{{Title: "任务", Shown: "事项"}, {Title: "任务要求", Shown: "责任要求"}, {Title: "责任部门", Shown: "责任单位"}}
	if diff := cmp.Diff(want, book.Guessed()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"材料上传方式"}, book.Unread()); diff != "" {
		t.Error(diff)
	}
}

func TestAMissingColumnIsNamedWithWhatWasFound(t *testing.T) {
	_, _, err := mustRead(t, "编号,事项,要求,截止\nT-1,自查,报告,12月4日\n").Tasks()
	refusal, ok := errors.AsType[*sheet.Refusal](err)
	if !ok || refusal.Reason != sheet.MissingColumns || strings.Join(refusal.Columns, " ") != "责任单位" || strings.Join(refusal.Found, " ") != "编号 事项 要求 截止" {
		t.Errorf("%+v %v", refusal, err)
	}
}
