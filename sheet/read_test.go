package sheet_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"duban/sheet"
)

func mustRead(tb testing.TB, data string) *sheet.Book {
	tb.Helper()
	book, err := sheet.Open("list", []byte(data))
	if err != nil {
		tb.Fatal(err)
	}
	return book
}

// mustWorkbook makes an xlsx file from cells by name.
func mustWorkbook(tb testing.TB, cells map[string]any, change ...func(*excelize.File) error) string {
	tb.Helper()
	file := excelize.NewFile()
	tb.Cleanup(func() { file.Close() })
	for at, value := range cells {
		if err := file.SetCellValue("Sheet1", at, value); err != nil {
			tb.Fatal(err)
		}
	}
	for _, f := range change {
		if err := f(file); err != nil {
			tb.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := file.Write(&out); err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

const rosterHead = "单位,上级单位,单位类型,片区,姓名,职务,手机号,工号\n"

// wangfang is the row that all the tidy and untidy spellings below mean.
var wangfang = sheet.RosterRow{
	Line: 2, Unit: "市五中党委", Parent: "市教育行业党委", Kind: "school_committee", Region: "城东片区",
	Name: "王芳", Role: "officer", Phone: "+8619900000001", Code: "D01",
}

func TestRosterRowsAreReadHoweverTheyAreWritten(t *testing.T) {
	row := "市五中党委,市教育行业党委,学校党委,城东片区,王芳,党建专干,19900000001,D01\n"
	tests := map[string]struct {
		file string
		line int
	}{
		"plain":                 {rosterHead + row, 2},
		"a title above":         {"党务干部名册,,,,,,,\n\n" + rosterHead + row, 4},
		"with a mark":           {"\uFEFF" + rosterHead + row, 2},
		"semicolons":            {strings.ReplaceAll(rosterHead+row, ",", ";"), 2},
		"tabs":                  {strings.ReplaceAll(rosterHead+row, ",", "\t"), 2},
		"sep line":              {"sep=;\n" + strings.ReplaceAll(rosterHead+row, ",", ";"), 3},
		"carriage returns only": {strings.ReplaceAll(rosterHead+row, "\n", "\r"), 2},
		"gb18030":               {mustGB18030(t, rosterHead+row), 2},
		"full width":            {rosterHead + "市五中党委,市教育行业党委,学校党委,城东片区,王芳,党建专干,１９９０００００００１,Ｄ０１\n", 2},
		"spaced name":           {rosterHead + "市五中 党委,市教育行业党委,学校党委,城东片区,王　芳, 党建专干 ,199 0000 0001,D 01\n", 2},
		"empty rows":            {rosterHead + ",,,,,,,\n\n  ,,,,,,,\n" + row, 5},
		"country code":          {rosterHead + "市五中党委,市教育行业党委,学校党委,城东片区,王芳,党建专干,0086-199-0000-0001,D01\n", 2},
		"excel text":            {rosterHead + `市五中党委,市教育行业党委,学校党委,城东片区,王芳,专干,"=""19900000001""",'D01` + "\n", 2},
		"identifiers":           {rosterHead + "市五中党委,市教育行业党委,school_committee,城东片区,王芳,Officer,+8619900000001,D01\n", 2},
		"english, other order":  {"Code;Role;Name;Mobile;Region;Unit kind;Parent;Unit\nD01;officer;王芳;19900000001;城东片区;school committee;市教育行业党委;市五中党委\n", 2},
		"loose headings":        {"序号,工 号*,姓名（必填）,所属片区,联系电话,党内职务,党组织名称,上级党组织,党组织类别\n1,D01,王芳,城东片区,19900000001,党务专干,市五中党委,市教育行业党委,党委\n", 2},
		"quotes in plain cells": {rosterHead + `市五中党委,市教育行业党委,学校党委,城东片区,王芳,党建专干"（专职）",19900000001,D01` + "\n", 2},
		"signatures below":      {rosterHead + row + "填表人：李四,,,,审核人：,,,\n合计,,,,1人,,,\n", 2},
		"headings again":        {rosterHead + row + rosterHead, 2},
		"number as float":       {rosterHead + "市五中党委,市教育行业党委,学校党委,城东片区,王芳,党建专干,19900000001.0,D01\n", 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			want := wangfang
			want.Line = tt.line
			got := mustRoster(t, mustRead(t, tt.file))
			if diff := cmp.Diff([]sheet.RosterRow{want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func mustGB18030(tb testing.TB, text string) string {
	tb.Helper()
	encoded, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		tb.Fatal(err)
	}
	return encoded
}

func TestMergedCellsCountForEachRowTheyCover(t *testing.T) {
	data := mustWorkbook(t, map[string]any{
		"A1": "名册", "A3": "单位", "B3": "姓名", "C3": "职务", "D3": "手机号", "E3": "工号",
		"A4": "市五中党委", "B4": "王芳", "C4": "党建专干", "D4": 19900000001, "E4": "D01",
		"B5": "李明", "C5": "党委书记", "D5": "19900000002", "E5": "D02",
		"B7": "赵敏", "C7": "支部书记", "D7": 19900000003.0, "E7": 7,
	}, func(f *excelize.File) error {
		return errors.Join(f.MergeCell("Sheet1", "A1", "E1"), f.MergeCell("Sheet1", "A4", "A7"))
	})
	rows := mustRoster(t, mustRead(t, data))
	want := []sheet.RosterRow{
		{Line: 4, Unit: "市五中党委", Name: "王芳", Role: "officer", Phone: "+8619900000001", Code: "D01"},
		{Line: 5, Unit: "市五中党委", Name: "李明", Role: "secretary", Phone: "+8619900000002", Code: "D02"},
		{Line: 7, Unit: "市五中党委", Name: "赵敏", Role: "branch_secretary", Phone: "+8619900000003", Code: "7"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

func TestZerosThatANumberFormatShowsBelongToTheCode(t *testing.T) {
	data := mustWorkbook(t, map[string]any{
		"A1": "单位", "B1": "姓名", "C1": "职务", "D1": "工号", "A2": "市五中党委", "B2": "王芳", "C2": "专干", "D2": 7,
	}, func(f *excelize.File) error {
		zeros := "0000"
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &zeros})
		return errors.Join(err, f.SetCellStyle("Sheet1", "D2", "D2", style))
	})
	if rows := mustRoster(t, mustRead(t, data)); rows[0].Code != "0007" {
		t.Errorf("code %q", rows[0].Code)
	}
}

func TestTheListIsFoundOnAnyVisibleSheet(t *testing.T) {
	data := mustWorkbook(t, map[string]any{"A1": "填表说明", "A2": "请于月底前填写"}, func(f *excelize.File) error {
		for i, name := range []string{"旧名册", "名册"} {
			if _, err := f.NewSheet(name); err != nil {
				return err
			}
			for j, row := range [][]any{{"单位", "姓名", "职务", "工号"}, {"市五中党委", "王芳", "专干", i}} {
				at, _ := excelize.CoordinatesToCellName(1, j+1)
				if err := f.SetSheetRow(name, at, &row); err != nil {
					return err
				}
			}
		}
		return f.SetSheetVisible("旧名册", false)
	})
	rows := mustRoster(t, mustRead(t, data))
	if len(rows) != 1 || rows[0].Code != "1" {
		t.Errorf("rows %+v", rows)
	}
}

func TestOneCellMayNameSeveralPosts(t *testing.T) {
	rows := mustRoster(t, mustRead(t, rosterHead+"市五中党委,,学校党委,,王芳,书记兼党建专干,,D01\n市五中第一支部,市五中党委,党支部,,李明,书记,,D02\n"))
	var got []string
	for _, row := range rows {
		got = append(got, row.Name+" "+row.Role)
	}
	if want := []string{"王芳 secretary", "王芳 officer", "李明 branch_secretary"}; !slices.Equal(got, want) {
		t.Errorf("posts %v", got)
	}
}

func TestAUnitMayStandAlone(t *testing.T) {
	rows := mustRoster(t, mustRead(t, rosterHead+"市五中党委,市教育行业党委,学校党委,城东片区,,,,\n"))
	want := []sheet.RosterRow{{Line: 2, Unit: "市五中党委", Parent: "市教育行业党委", Kind: "school_committee", Region: "城东片区"}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

func TestWrongRosterRowsAreNamedNotGuessed(t *testing.T) {
	good := "市五中党委,市教育行业党委,学校党委,城东片区,王芳,党建专干,19900000001,D01\n"
	tests := map[string]struct {
		rows   string
		column string
		reason sheet.Reason
		arg    string
	}{
		"no unit":          {",,,,王芳,党建专干,19900000001,D01", "单位", sheet.Missing, ""},
		"no name":          {"市五中党委,,,,,党建专干,19900000001,D01", "姓名", sheet.Missing, ""},
		"no code":          {"市五中党委,,,,王芳,党建专干,19900000001,", "工号", sheet.Missing, ""},
		"no post":          {"市五中党委,,,,王芳,,19900000001,D01", "职务", sheet.Missing, ""},
		"unknown post":     {"市五中党委,,,,王芳,班主任,19900000001,D01", "职务", sheet.UnknownWord, "管理员、行业党委书记、学校党委书记、党建专干、支部书记"},
		"post needs kind":  {"市五中党委,,,,王芳,书记,19900000001,D01", "职务", sheet.RoleNeedsKind, "管理员、行业党委书记、学校党委书记、党建专干、支部书记"},
		"unknown kind":     {"市五中党委,,社团,,王芳,党建专干,19900000001,D01", "单位类型", sheet.UnknownWord, "行业党委、学校党委、党总支、党支部"},
		"scientific phone": {"市五中党委,,,,王芳,党建专干,1.99E+10,D01", "手机号", sheet.Scientific, ""},
		"scientific code":  {"市五中党委,,,,王芳,党建专干,,4.40100199001011E+17", "工号", sheet.Scientific, ""},
		"short phone":      {"市五中党委,,,,王芳,党建专干,1990000000,D01", "手机号", sheet.BadPhone, ""},
		"landline":         {"市五中党委,,,,王芳,党建专干,0571-88000000,D01", "手机号", sheet.BadPhone, ""},
		"two phones":       {"市五中党委,,,,王芳,党建专干,19900000001/19900000002,D01", "手机号", sheet.ManyPhones, ""},
		"formula":          {"市五中党委,,,,=HYPERLINK(1),党建专干,19900000001,D01", "姓名", sheet.Formula, ""},
		"another name":     {good + "市六中党委,,,,李明,党建专干,,D01", "姓名", sheet.PersonConflict, "2"},
		"another phone":    {good + "市六中党委,,,,王芳,党建专干,19900000002,D01", "手机号", sheet.PersonConflict, "2"},
		"the same post":    {good + good, "职务", sheet.DuplicatePost, "2"},
		"another parent":   {good + "市五中党委,市六中党委,,,李明,党委书记,,D02", "上级单位", sheet.UnitConflict, "2"},
		"another kind":     {good + "市五中党委,,党支部,,李明,党委书记,,D02", "单位类型", sheet.UnitConflict, "2"},
		"an empty post":    {"市五中党委,,,,王芳,兼,,D01", "职务", sheet.UnknownWord, "管理员、行业党委书记、学校党委书记、党建专干、支部书记"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, problems, err := mustRead(t, rosterHead+tt.rows+"\n").Roster()
			if err != nil || len(problems) != 1 {
				t.Fatalf("%v, problems %+v", err, problems)
			}
			if p := problems[0]; p.Column != tt.column || p.Reason != tt.reason || p.Arg != tt.arg {
				t.Errorf("problem %+v", p)
			}
		})
	}
}

func TestCellsThatTheProgramChangedAreProblems(t *testing.T) {
	data := mustWorkbook(t, map[string]any{
		"A1": "单位", "B1": "姓名", "C1": "职务", "D1": "工号",
		"A2": "市五中党委", "B2": "王芳", "C2": "专干", "D2": time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC),
		"A3": "市五中党委", "B3": "李明", "C3": "专干", "D3": "x",
	}, func(f *excelize.File) error { return f.SetCellFormula("Sheet1", "B3", "A2&A3") })
	_, problems, err := mustRead(t, data).Roster()
	if err != nil || len(problems) != 2 {
		t.Fatalf("%v, problems %+v", err, problems)
	}
	if problems[0].Reason != sheet.BecameDate || problems[0].Value != "2026-03-02" || problems[1].Reason != sheet.Missing && problems[1].Reason != sheet.Formula {
		t.Errorf("problems %+v", problems)
	}
}

func TestPhonesOfOtherCountriesKeepTheirCode(t *testing.T) {
	rows := mustRoster(t, mustRead(t, rosterHead+"市五中党委,,,,王芳,党建专干,+852 5123 4567,D01\n"))
	if rows[0].Phone != "+85251234567" {
		t.Errorf("phone %q", rows[0].Phone)
	}
}

func TestAListWithoutWhatItNeedsIsRefused(t *testing.T) {
	tests := map[string]struct {
		file   string
		read   func(*sheet.Book) error
		reason sheet.Reason
		detail []string
	}{
		"no headings":       {"你好,世界\n再见,世界\n", readRoster, sheet.NoHeading, nil},
		"nothing below":     {rosterHead + "\n,,,\n", readRoster, sheet.NoRows, nil},
		"no code column":    {"单位,姓名,职务\n市五中党委,王芳,专干\n", readRoster, sheet.MissingColumns, []string{"工号"}},
		"tasks: no heading": {"你好,世界\n", readTasks, sheet.NoHeading, nil},
		"tasks: no rows":    {"编号,事项,责任要求,责任单位,完成时限\n", readTasks, sheet.NoRows, nil},
		"tasks: no columns": {"编号,事项,类别\nT1,自查,台账\n", readTasks, sheet.MissingColumns, []string{"责任要求", "责任单位", "完成时限"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var refusal *sheet.Refusal
			if err := tt.read(mustRead(t, tt.file)); !errors.As(err, &refusal) {
				t.Fatalf("error %v", err)
			}
			if refusal.Reason != tt.reason || !slices.Equal(refusal.Columns, tt.detail) {
				t.Errorf("refusal %+v", refusal)
			}
		})
	}
}

func readRoster(b *sheet.Book) error { _, _, err := b.Roster(); return err }
func readTasks(b *sheet.Book) error  { _, _, err := b.Tasks(); return err }

func TestAWrongTelephoneNumberDoesNotTakeItsUnitOutOfTheTree(t *testing.T) {
	book := mustRead(t, "单位,上级单位,单位类型,姓名,职务,手机号,工号\n"+
		"第三小学党委,教育党委,学校党委,吴燕,党委书记,1990,R1\n第三小学党委,,,郑凯,党建专干,,R2\n")
	rows, problems, err := book.Roster()
	if err != nil || len(problems) != 1 || len(rows) != 1 {
		t.Fatal(rows, problems, err)
	}
	if rows[0].Parent != "教育党委" || rows[0].Kind != "school_committee" {
		t.Errorf("the unit is below %q, a %q", rows[0].Parent, rows[0].Kind)
	}
}

func TestBranchesOfOneNameInTwoSchoolsAreTwoAndCommitteesAreNot(t *testing.T) {
	head := "单位,上级单位,单位类型,姓名,职务,手机号,工号\n"
	if rows := mustRoster(t, mustRead(t, head+"第一党支部,甲校党委,党支部,吴燕,书记,,R1\n第一党支部,乙校党委,党支部,郑凯,书记,,R2\n")); len(rows) != 2 {
		t.Errorf("%d rows", len(rows))
	}
	_, problems, err := mustRead(t, head+"甲校党委,东区党委,学校党委,吴燕,书记,,R1\n甲校党委,西区党委,学校党委,郑凯,书记,,R2\n").Roster()
	if err != nil || len(problems) != 1 || problems[0].Reason != sheet.UnitConflict {
		t.Errorf("%+v %v", problems, err)
	}
}
