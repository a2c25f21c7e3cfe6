package sheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"duban/sheet"
)

var shanghai = time.FixedZone("CST", 8*3600)

var ledger = sheet.Sheet{
	Name: "台账",
	Columns: []sheet.Column{
		{Title: "编号", Width: 12}, {Title: "事项"}, {Title: "完成时限", Kind: sheet.DateTime}, {Title: "签收日期", Kind: sheet.DateOnly},
		{Title: "延期次数", Kind: sheet.Number}, {Title: "提前/超期天数", Kind: sheet.SignedNumber},
	},
	Rows: sheet.Rows([][]any{
		{"T-01", "安全自查", time.Date(2026, 12, 5, 15, 0, 0, 0, shanghai), time.Date(2026, 12, 1, 9, 30, 0, 0, shanghai), 2, 3},
		{"0002", "换行\n的事项", sheet.Day(time.Date(2026, 12, 31, 0, 0, 0, 0, shanghai)), nil, int64(0), -2},
		{"T-03", nil, "另行通知", nil, 1.5, nil},
	}),
}

func mustWrite(tb testing.TB, format sheet.Format, s sheet.Sheet) string {
	tb.Helper()
	var out bytes.Buffer
	if err := sheet.Write(&out, format, s); err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

func TestCSVIsWhatExcelInChinaOpens(t *testing.T) {
	want := strings.Join([]string{
		"\uFEFF编号,事项,完成时限,签收日期,延期次数,提前/超期天数",
		"T-01,安全自查,2026-12-05 15:00,2026-12-01,2,+3",
		"0002,\"换行\r\n的事项\",2026-12-31,,0,-2",
		"T-03,,另行通知,,1.5,", "",
	}, "\r\n")
	if diff := cmp.Diff(want, mustWrite(t, sheet.CSV, ledger)); diff != "" {
		t.Error(diff)
	}
}

func TestXLSXShowsRealDatesWithoutAClockWhereThereIsNone(t *testing.T) {
	file := mustExcel(t, mustWrite(t, sheet.XLSX, ledger))
	rows, err := file.GetRows("台账")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"编号", "事项", "完成时限", "签收日期", "延期次数", "提前/超期天数"},
		{"T-01", "安全自查", "2026-12-05 15:00", "2026-12-01", "2", "+3"},
		{"0002", "换行\n的事项", "2026-12-31", "", "0", "-2"},
		{"T-03", "", "另行通知", "", "1.5"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	for at, want := range map[string]string{"C2": "46361.625", "C3": "46387", "D2": "46357"} {
		if raw, err := file.GetCellValue("台账", at, excelize.Options{RawCellValue: true}); raw != want || err != nil {
			t.Errorf("%s is %q, want the date %s: %v", at, raw, want, err)
		}
	}
}

func mustExcel(tb testing.TB, data string) *excelize.File {
	tb.Helper()
	file, err := excelize.OpenReader(strings.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { file.Close() })
	return file
}

func TestXLSXIsReadyToReadAndToPrint(t *testing.T) {
	file := mustExcel(t, mustWrite(t, sheet.XLSX, ledger))
	panes, err := file.GetPanes("台账")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v %v", panes, err)
	}
	layout, err := file.GetPageLayout("台账")
	if err != nil || *layout.Size != 9 || *layout.Orientation != "landscape" || *layout.FitToWidth != 1 || *layout.FitToHeight != 0 {
		t.Errorf("layout %+v %v", layout, err)
	}
	props, err := file.GetSheetProps("台账")
	if err != nil || !*props.FitToPage {
		t.Errorf("fit to page: %v", err)
	}
	names := map[string]string{}
	for _, n := range file.GetDefinedName() {
		names[n.Name] = n.RefersTo
	}
	if names["_xlnm.Print_Titles"] != "'台账'!$1:$1" || names["_xlnm._FilterDatabase"] != "'台账'!$A$1:$F$4" {
		t.Errorf("names %v", names)
	}
	if width, err := file.GetColWidth("台账", "A"); width != 12 || err != nil {
		t.Errorf("width %v %v", width, err)
	}
	style, err := file.GetCellStyle("台账", "A1")
	if err != nil {
		t.Fatal(err)
	}
	if look, err := file.GetStyle(style); err != nil || !look.Font.Bold {
		t.Errorf("heading %+v %v", look, err)
	}
}

var formulas = []string{
	"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x", " =1", "　=1", "=cmd|'/C calc'!A0", "\n=1", "=\"a\"",
}

func TestNoTextBecomesAFormula(t *testing.T) {
	s := sheet.Sheet{Name: "公式", Columns: []sheet.Column{{Title: "=标题"}, {Title: "单位"}, {Title: "姓名"}}}
	var rows [][]any
	for _, f := range formulas {
		rows = append(rows, []any{f, "-", f})
	}
	s.Rows = sheet.Rows(rows)

	for i, record := range mustRecords(t, mustWrite(t, sheet.CSV, s)) {
		for _, field := range []string{record[0], record[2]} {
			if i > 0 && !strings.HasPrefix(field, "'") || strings.ContainsAny(field[:1], "=+-@\t\r") {
				t.Errorf("csv field %q", field)
			}
		}
	}
	file := mustExcel(t, mustWrite(t, sheet.XLSX, s))
	for i, f := range formulas {
		at := fmt.Sprint("A", i+2)
		formula, err := file.GetCellFormula("公式", at)
		kind, kindErr := file.GetCellType("公式", at)
		if formula != "" || kind != excelize.CellTypeInlineString || err != nil || kindErr != nil {
			t.Errorf("%q: formula %q, type %v, %v %v", f, formula, kind, err, kindErr)
		}
	}
}

func TestWhatIsExportedCanBeImported(t *testing.T) {
	rows := sheet.Rows([][]any{{"市五中党委", "学校党委", "-王芳", "党建专干", "+8619900000001", "007"}})
	columns := []sheet.Column{{Title: "单位"}, {Title: "单位类型"}, {Title: "姓名"}, {Title: "职务"}, {Title: "手机号"}, {Title: "工号"}}
	for _, format := range []sheet.Format{sheet.XLSX, sheet.CSV} {
		data := mustWrite(t, format, sheet.Sheet{Name: "名册", Columns: columns, Rows: rows})
		got := mustRoster(t, mustRead(t, data))
		want := []sheet.RosterRow{{Line: 2, Unit: "市五中党委", Kind: "school_committee", Name: "-王芳", Role: "officer", Phone: "+8619900000001", Code: "007"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
	}
}

func TestTextThatAFileCannotHoldIsCutNotBroken(t *testing.T) {
	long := strings.Repeat("长", 40_000)
	rows := [][]any{{"a\x00b\x1F\uFFFEc", "<b>&amp;\"'", long}}
	columns := []sheet.Column{{Title: "a"}, {Title: "b"}, {Title: "c"}}
	file := mustExcel(t, mustWrite(t, sheet.XLSX, sheet.Sheet{Name: "x:/?*[]'", Columns: columns, Rows: sheet.Rows(rows)}))
	got, err := file.GetRows("x")
	if err != nil || len(got) != 2 {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	if got[1][0] != "abc" || got[1][1] != "<b>&amp;\"'" || len([]rune(got[1][2])) != 32_767 {
		t.Errorf("%q %q and %d characters", got[1][0], got[1][1], len([]rune(got[1][2])))
	}
}

func TestAnExportWithoutRowsHasItsHeadings(t *testing.T) {
	s := ledger
	s.Rows = sheet.Rows(nil)
	rows, err := mustExcel(t, mustWrite(t, sheet.XLSX, s)).GetRows("台账")
	if err != nil || len(rows) != 1 || len(mustRecords(t, mustWrite(t, sheet.CSV, s))) != 1 {
		t.Errorf("rows %v, %v", rows, err)
	}
}

func TestLargeExportsLeaveNoTemporaryFiles(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	row := []any{"T-01", strings.Repeat("长", 500), nil, nil, 1, 1}
	s := ledger
	s.Rows = sheet.Rows(slices.Repeat([][]any{row}, 12_000))
	if size := len(mustWrite(t, sheet.XLSX, s)); size == 0 {
		t.Error("nothing written")
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("temporary files left: %v %v", left, err)
	}
}

func TestWritingEndsWithTheErrorOfItsRows(t *testing.T) {
	broken := errors.New("the database went away")
	for name, rows := range map[string]iter.Seq2[[]any, error]{
		"rows":     func(yield func([]any, error) bool) { _ = yield([]any{"a"}, nil) && yield(nil, broken) },
		"type":     sheet.Rows([][]any{{struct{}{}}}),
		"too wide": sheet.Rows([][]any{{"a", "b"}}),
	} {
		for _, format := range []sheet.Format{sheet.XLSX, sheet.CSV} {
			err := sheet.Write(&bytes.Buffer{}, format, sheet.Sheet{Name: "x", Columns: []sheet.Column{{Title: "a"}}, Rows: rows})
			if err == nil || name == "rows" && !errors.Is(err, broken) {
				t.Errorf("%s as %s: %v", name, format, err)
			}
		}
	}
	if err := sheet.Write(&bytes.Buffer{}, "pdf", ledger); err == nil {
		t.Error("an unknown format was written")
	}
}

func TestFormatOfAFileName(t *testing.T) {
	for name, want := range map[string]sheet.Format{
		"台账.xlsx": sheet.XLSX, "a/b.CSV": sheet.CSV, "x.xls": "", "xlsx": "", "": "", "a.xlsx.bak": "",
	} {
		if got, ok := sheet.FormatOf(name); got != want || ok != (want != "") {
			t.Errorf("%q: %q %v", name, got, ok)
		}
	}
}

func BenchmarkWriting10000Rows(b *testing.B) {
	row := []any{"T-01", "安全自查", time.Now(), time.Now(), 1, -1}
	s := ledger
	s.Rows = sheet.Rows(slices.Repeat([][]any{row}, 10_000))
	for _, format := range []sheet.Format{sheet.XLSX, sheet.CSV} {
		b.Run(string(format), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				mustWrite(b, format, s)
			}
		})
	}
}

func BenchmarkReading50000Rows(b *testing.B) {
	columns := []sheet.Column{{Title: "单位"}, {Title: "单位类型"}, {Title: "姓名"}, {Title: "职务"}, {Title: "手机号"}, {Title: "工号"}}
	var rows [][]any
	for i := range 49_999 {
		rows = append(rows, []any{"市五中党委", "学校党委", "王芳", "党建专干", fmt.Sprintf("199%08d", i), fmt.Sprint("D", i)})
	}
	for _, format := range []sheet.Format{sheet.XLSX, sheet.CSV} {
		data := mustWrite(b, format, sheet.Sheet{Name: "名册", Columns: columns, Rows: sheet.Rows(rows)})
		b.Run(string(format), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if rows := mustRoster(b, mustRead(b, data)); len(rows) != 49_999 {
					b.Fatal(len(rows))
				}
			}
		})
	}
}
