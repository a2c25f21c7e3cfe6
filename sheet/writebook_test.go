package sheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"duban/sheet"
)

// form is a list to be printed, as a school gets it.
func form(name string, rows ...[]any) sheet.Sheet {
	return sheet.Sheet{
		Name:    name,
		Form:    &sheet.Form{Above: []string{"滨江市教育行业党委任务清单", "单位：" + name}, Below: "签字："},
		Columns: []sheet.Column{{Title: "序号", Kind: sheet.Number, Width: 6}, {Title: "事项", Width: 20}, {Title: "状态"}},
		Rows:    sheet.Rows(rows),
	}
}

func book(sheets ...sheet.Sheet) iter.Seq2[sheet.Sheet, error] {
	return func(yield func(sheet.Sheet, error) bool) {
		for _, s := range sheets {
			if !yield(s, nil) {
				return
			}
		}
	}
}

func mustBook(tb testing.TB, sheets ...sheet.Sheet) *excelize.File {
	tb.Helper()
	var out bytes.Buffer
	if err := sheet.WriteBook(&out, book(sheets...)); err != nil {
		tb.Fatal(err)
	}
	return mustExcel(tb, out.String())
}

func TestABookHasASheetForEachWithNamesThatProgramsAccept(t *testing.T) {
	long := strings.Repeat("长", 40)
	file := mustBook(t, form("市五中"), form("市五中"), form("ABC"), form("abc"), form(long), form(long), form(""), form("a/b"))
	cut := strings.Repeat("长", 31)
	want := []string{"市五中", "市五中(2)", "ABC", "abc(2)", cut, strings.Repeat("长", 28) + "(2)", "Sheet1", "ab"}
	if diff := cmp.Diff(want, file.GetSheetList()); diff != "" {
		t.Error(diff)
	}
	for _, name := range want {
		if rows, err := file.GetRows(name); err != nil || rows[0][0] != "滨江市教育行业党委任务清单" {
			t.Errorf("%s begins with %v: %v", name, rows, err)
		}
	}
}

func TestAFormHasItsLinesAroundTheTableAndRoomToSign(t *testing.T) {
	file := mustBook(t, form("实验小学"), form("市五中", []any{1, "安全自查"}, []any{2, strings.Repeat("长", 40), "办结"}))
	rows, err := file.GetRows("市五中")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"滨江市教育行业党委任务清单"}, {"单位：市五中"}, {"序号", "事项", "状态"}, {"1", "安全自查"}, {"2", strings.Repeat("长", 40), "办结"}, {"签字："},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	short, err := file.GetRowHeight("市五中", 4)
	if err != nil || short < 25 {
		t.Errorf("a row is %v points high: %v", short, err)
	}
	if high, err := file.GetRowHeight("市五中", 5); err != nil || high < 5*15 {
		t.Errorf("a row of five lines is %v points high: %v", high, err)
	}
	names := map[string]string{}
	for _, n := range file.GetDefinedName() {
		names[n.Scope+" "+n.Name] = n.RefersTo
	}
	if names["市五中 _xlnm.Print_Titles"] != "'市五中'!$3:$3" || names["实验小学 _xlnm.Print_Titles"] != "'实验小学'!$3:$3" ||
		names["市五中 _xlnm._FilterDatabase"] != "'市五中'!$A$3:$C$5" {
		t.Errorf("names %v", names)
	}
	if panes, err := file.GetPanes("市五中"); err != nil || panes.YSplit != 3 {
		t.Errorf("panes %+v %v", panes, err)
	}
	if merged, err := file.GetMergeCells("市五中"); err != nil || len(merged) != 3 {
		t.Errorf("%d merged cells: %v", len(merged), err)
	}
}

func TestAMarkIsAWordOnItsColourAndInCSVBehindItsSign(t *testing.T) {
	s := sheet.Sheet{Name: "台账", Columns: []sheet.Column{{Title: "亮灯"}}, Rows: sheet.Rows([][]any{
		{sheet.Mark{Sign: "🔴", Word: "逾期", Tint: sheet.Red}}, {sheet.Mark{Word: "中止"}}, {sheet.Mark{Word: "=1+1", Tint: sheet.Blue}},
	})}
	if diff := cmp.Diff([][]string{{"亮灯"}, {"🔴 逾期"}, {"中止"}, {"'=1+1"}}, mustRecords(t, mustWrite(t, sheet.CSV, s))); diff != "" {
		t.Error(diff)
	}
	file := mustExcel(t, mustWrite(t, sheet.XLSX, s))
	if word, err := file.GetCellValue("台账", "A2"); word != "逾期" || err != nil {
		t.Errorf("the cell says %q: %v", word, err)
	}
	if colour := groundOf(t, file, "A2"); colour != "F4B4B4" {
		t.Errorf("overdue is on %q", colour)
	}
	if colour := groundOf(t, file, "A3"); colour != "" {
		t.Errorf("what has no colour is on %q", colour)
	}
}

func groundOf(tb testing.TB, file *excelize.File, cell string) string {
	tb.Helper()
	id, err := file.GetCellStyle("台账", cell)
	if err != nil {
		tb.Fatal(err)
	}
	style, err := file.GetStyle(id)
	if err != nil {
		tb.Fatal(err)
	}
	return strings.Join(style.Fill.Color, "")
}

func TestAWideTableGoesOverPagesWithItsFirstColumnsOnEach(t *testing.T) {
	columns := []sheet.Column{{Title: "单位", Width: 30}}
	for i := range 40 {
		columns = append(columns, sheet.Column{Title: fmt.Sprint("事项", i), Width: 14})
	}
	file := mustBook(t, sheet.Sheet{Name: "矩阵", Columns: columns, Frozen: 1, Rows: sheet.Rows(nil)})
	props, err := file.GetSheetProps("矩阵")
	if err != nil || *props.FitToPage {
		t.Errorf("it is squeezed onto one page: %v", err)
	}
	if names := file.GetDefinedName(); names[1].RefersTo != "'矩阵'!$A:$A,'矩阵'!$1:$1" {
		t.Errorf("names %+v", names)
	}
	if panes, err := file.GetPanes("矩阵"); err != nil || panes.XSplit != 1 || panes.YSplit != 1 {
		t.Errorf("panes %+v %v", panes, err)
	}
}

func TestABookEndsWithTheErrorOfItsSheets(t *testing.T) {
	broken := errors.New("the database went away")
	if err := sheet.WriteBook(&bytes.Buffer{}, func(yield func(sheet.Sheet, error) bool) { yield(sheet.Sheet{}, broken) }); !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
	if err := sheet.WriteBook(&bytes.Buffer{}, book()); err == nil {
		t.Error("a book without sheets was written")
	}
}
