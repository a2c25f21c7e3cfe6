package sheet_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"duban/sheet"
)

func mustParts(tb testing.TB, content string) []sheet.PartsRow {
	tb.Helper()
	rows, problems, err := mustRead(tb, content).Parts()
	if err != nil || len(problems) > 0 {
		tb.Fatalf("parts: %v, problems %+v", err, problems)
	}
	return rows
}

func TestPointsAreReadHoweverTheyAreWritten(t *testing.T) {
	rows := mustParts(t, "考评录入表,,,,,,\n年度,学校名称,年终考核（满分100）,述职得分,加分（最多5）,扣分项,评分依据,扣分理由\n"+
		"２０２６年度,市第五中学 党委,９０．５分,88.10,+2,−1.5,考评组评分,未按时报送\n"+
		",实验小学党委,/,无,—,,考评组评分,\n")
	want := []sheet.PartsRow{
		{Line: 3, Year: 2026, Unit: "市第五中学党委", Parts: []sheet.PartCell{
			{"year_end", "90.5", "考评组评分"}, {"duty_report", "88.1", "考评组评分"}, {"bonus", "2", "考评组评分"}, {"negative", "1.5", "未按时报送"},
		}},
		{Line: 4, Unit: "实验小学党委", Parts: []sheet.PartCell{
			{"year_end", "", "考评组评分"}, {"duty_report", "", "考评组评分"}, {"bonus", "", "考评组评分"}, {"negative", "", "考评组评分"},
		}},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoFigureIsNamedByItsCell(t *testing.T) {
	const head = "年度,单位,年终考核,加分,扣分,加分依据,依据\n"
	for row, want := range map[string]sheet.Problem{
		"2026,市五中党委,九十,,,,":         {Column: "年终考核", Reason: sheet.BadPoints, Value: "九十"},
		"2026,市五中党委,-5,,,,":         {Column: "年终考核", Reason: sheet.BadPoints, Value: "-5"},
		"2026,市五中党委,88.555,,,,":     {Column: "年终考核", Reason: sheet.BadPoints, Value: "88.555"},
		"2026,市五中党委,,-2,,,":         {Column: "加分", Reason: sheet.BadPoints, Value: "-2"},
		"2026,市五中党委,,,1e3,,":        {Column: "扣分", Reason: sheet.BadPoints, Value: "1e3"},
		"2026,市五中党委,,,,省级表彰,":       {Column: "加分", Reason: sheet.NoPoints},
		"去年,市五中党委,90,,,,考评组评分":      {Column: "年度", Reason: sheet.BadYear, Value: "去年"},
		"2026,,90,,,,考评组评分":         {Column: "单位", Reason: sheet.Missing},
		"2026,市五中党委,#REF!,,,,考评组评分": {Column: "年终考核", Reason: sheet.CellError, Value: "#REF!"},
	} {
		want.Line = 2
		rows, problems, err := mustRead(t, head+row+"\n").Parts()
		if err != nil || len(rows) > 0 || len(problems) != 1 || problems[0] != want {
			t.Errorf("%s: rows %v, problems %+v, %v", row, rows, problems, err)
		}
	}
}

// 88.1 as a program that counts in binary keeps it after a sum.
func TestACalculatedFigureHasNoThirdPlace(t *testing.T) {
	if rows := mustParts(t, "单位,年终考核,依据\n市五中党委,88.0999999999999943,考评组评分\n"); rows[0].Parts[0].Points != "88.1" {
		t.Errorf("it is read as %+v", rows[0])
	}
}

func TestAListOfPartsIsToldFromTheOthers(t *testing.T) {
	for content, want := range map[string]sheet.Kind{
		"单位,年终考核,述职评议,依据\n市五中党委,90,88,考评组\n":                    sheet.KindParts,
		"year,unit,year-end review,duty report,basis\n":         sheet.KindParts,
		rosterHead + "市五中党委,,学校党委,,王芳,专干,13800000000,D01\n":     sheet.KindRoster,
		tasksHead + "T-01,自查,报告,,全部,,月底前,照片3\n":                 sheet.KindTasks,
		"编号,事项,责任要求,责任单位,完成时限,依据,说明\nT-01,自查,报告,全部,月底前,文件,年度\n": sheet.KindTasks,
	} {
		if got := mustRead(t, content).Guess(); got != want {
			t.Errorf("%q is taken for %q, want %q", content, got, want)
		}
	}
}

func TestAListWithoutAnyPartIsRefused(t *testing.T) {
	_, _, err := mustRead(t, "年度,单位,依据\n2026,市五中党委,考评组\n").Parts()
	if r, ok := errors.AsType[*sheet.Refusal](err); !ok || r.Reason != sheet.MissingColumns || len(r.Columns) != 6 {
		t.Errorf("it is refused with %v", err)
	}
}
