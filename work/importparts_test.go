package work_test

import (
	"fmt"
	"slices"
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// points is a row of a list of points: a part, its points in hundredths, and so on; the reason is that of all.
func points(line int, unit, reason string, parts ...any) work.PartsRow {
	row := work.PartsRow{Line: line, Unit: unit}
	for i := 0; i < len(parts); i += 2 {
		row.Parts = append(row.Parts, work.PartSaid{Part: parts[i].(string), Points: duban.Points(parts[i+1].(int)), Reason: reason})
	}
	return row
}

func (y *yearEnd) takePoints(o work.ImportOptions, rows ...work.PartsRow) work.ImportResult {
	y.t.Helper()
	o.File = "分值表.xlsx"
	done, err := y.today().ImportParts(ctx, y.admin, rows, o)
	y.must(done, err)
	return done
}

// entered says what is entered for each unit, as part points reason.
func (y *yearEnd) entered() map[string][]string {
	y.t.Helper()
	all := map[string][]string{}
	for unit, s := range y.standings() {
		for _, p := range s.Parts {
			all[unit] = append(all[unit], fmt.Sprint(p.Part, " ", p.Points, " ", p.Reason))
		}
	}
	return all
}

// scored counts the entries of the record about parts.
func (y *yearEnd) scored() (n int) {
	y.t.Helper()
	cast.Read(y.t, y.Desk, func(tx *store.Tx) error {
		n = 0
		return tx.EntriesAbout([]duban.Event{duban.EventScored}, func(e duban.Entry) error {
			if e.Facts["part"] != nil {
				n++
			}
			return nil
		})
	})
	return n
}

const group = "考评组评分"

func TestPointsAreEnteredFromAListOnceAndEachIsRecorded(t *testing.T) {
	y := newYearEnd(t)
	y.open()
	rows := []work.PartsRow{
		points(2, "市第五中学党委", group, "year_end", 90_50, "rally", 88_00), points(3, "实验小学党委", group, "year_end", 91_00),
		{Line: 4, Unit: "第三中学党委", Parts: []work.PartSaid{{Part: "year_end", Open: true}}},
	}
	if dry := y.takePoints(work.ImportOptions{DryRun: true}, rows...); dry.Done || dry.New != 2 || dry.Unchanged != 1 || len(y.entered()) != 0 {
		t.Fatalf("the dry run gave %+v and entered %v", dry, y.entered())
	}
	if done := y.takePoints(work.ImportOptions{}, rows...); !done.Done || done.New != 2 || done.Import == 0 || y.scored() != 3 {
		t.Fatalf("%+v, %d entries", done, y.scored())
	}
	want := []string{"rally 88 " + group, "year_end 90.5 " + group}
	if got := y.entered()["市第五中学党委"]; !slices.Equal(got, want) {
		t.Errorf("entered are %v", got)
	}
	if again := y.takePoints(work.ImportOptions{}, rows...); again.New+again.Changed != 0 || again.Unchanged != 3 || again.Import != 0 || y.scored() != 3 {
		t.Errorf("again it gave %+v, %d entries", again, y.scored())
	}
}

func TestAListOfPointsShowsWhatItChangesAndWhatItLeaves(t *testing.T) {
	y := newYearEnd(t)
	y.open()
	y.takePoints(work.ImportOptions{}, points(2, "市第五中学党委", group, "year_end", 90_00, "bonus", 2_00), points(3, "实验小学党委", group, "year_end", 91_00))
	row := points(2, "滨江市教育行业党委/市第五中学党委", "", "year_end", 92_00)
	row.Parts[0].Reason = "复核后更正"
	row.Parts = append(row.Parts, work.PartSaid{Part: "bonus", Open: true})
	same := points(3, "实验小学党委", "", "year_end", 91_00)
	done := y.takePoints(work.ImportOptions{}, row, same)
	if done.Changed != 1 || done.Unchanged != 1 || len(done.Changes) != 2 || !slices.Equal(done.Gone, []string{"第三中学党委"}) {
		t.Errorf("%+v", done)
	}
	if len(done.Warned) != 1 || done.Warned[0].Reason != work.PartKept || done.Warned[0].Value != "2" {
		t.Errorf("warned is %+v", done.Warned)
	}
	if got := y.entered()["市第五中学党委"]; !slices.Equal(got, []string{"bonus 2 " + group, "year_end 92 复核后更正"}) {
		t.Errorf("entered are %v", got)
	}
}

func TestWhatIsWrongWithPointsIsNamedAndEntersNothing(t *testing.T) {
	y := newYearEnd(t)
	y.open()
	year := func(row work.PartsRow, year int) work.PartsRow { row.Year = year; return row }
	for _, c := range []struct {
		row  work.PartsRow
		want work.Problem
	}{
		{points(3, "市第五中学党委", group, "year_end", 100_01), work.Problem{Column: work.PartColumn("year_end"), Reason: work.PointsAbove, Value: "100.01", Arg: "100"}},
		{points(3, "市第五中学党委", group, "bonus", 5_50), work.Problem{Column: work.PartColumn("bonus"), Reason: work.PointsAbove, Value: "5.5", Arg: "5"}},
		{points(3, "市第五中学党委", "", "negative", 1_00), work.Problem{Column: work.PartColumn("negative"), Reason: work.ReasonMissing, Value: "1", Arg: "10"}},
		{points(3, "市第五中学党委", group, "appraisal", 80_00), work.Problem{Column: work.PartColumn("appraisal"), Reason: work.PartUnknown, Value: "80", Arg: "0"}},
		{points(3, "第九中学党委", group, "year_end", 80_00), work.Problem{Column: work.ColumnUnit, Reason: work.UnknownUnit, Value: "第九中学党委"}},
		{points(3, "高一年级党支部", group, "year_end", 80_00), work.Problem{Column: work.ColumnUnit, Reason: work.NotAssessed, Value: "高一年级党支部"}},
		{points(3, "实验小学党委", group, "year_end", 80_00), work.Problem{Column: work.ColumnUnit, Reason: work.DuplicateUnit, Value: "实验小学党委", Arg: "2"}},
		{year(points(3, "市第五中学党委", group, "year_end", 80_00), 2025), work.Problem{Column: work.ColumnYear, Reason: work.NoRound, Value: "2025"}},
	} {
		c.want.Line = 3
		done := y.takePoints(work.ImportOptions{}, points(2, "实验小学党委", group, "year_end", 91_00), c.row)
		if done.Done || len(done.Problems) != 1 || done.Problems[0] != c.want {
			t.Errorf("%s: problems %+v, want %+v", c.want.Reason, done.Problems, c.want)
		}
	}
	if len(y.entered()) != 0 {
		t.Errorf("entered are %v", y.entered())
	}
	done := y.takePoints(work.ImportOptions{SkipWrong: true, Chunk: 1}, points(2, "实验小学党委", group, "year_end", 91_00), points(3, "实验小学党委", group, "year_end", 80_00),
		points(4, "市第五中学", group, "year_end", 80_00), points(5, "第三中学党委", group, "year_end", 80_00))
	if !done.Done || done.New != 2 || len(done.Problems) != 2 || len(done.Suggested) != 1 || done.Suggested[0].Meant[0] != "市第五中学党委" {
		t.Errorf("%+v", done)
	}
	if got := y.entered(); len(got) != 2 || got["实验小学党委"][0] != "year_end 91 "+group {
		t.Errorf("entered are %v", got)
	}
}

func TestPointsOfAClosedAssessmentStandAndSoDoesTheirImport(t *testing.T) {
	y := newYearEnd(t)
	y.open()
	before := y.settle()
	y.now = on(12, 29, 9)
	y.must(y.today().CloseAssessment(ctx, y.admin, y.round.ID))
	for _, said := range []int{0, 2026} {
		row := points(2, "市第五中学党委", group, "year_end", 60_00)
		row.Year = said
		done := y.takePoints(work.ImportOptions{}, row)
		if done.Done || len(done.Problems) != 1 || done.Problems[0].Reason != work.RoundClosed || done.Problems[0].Value != "2026" {
			t.Errorf("year %d: %+v", said, done.Problems)
		}
	}
	undone, err := y.today().UndoImport(ctx, y.admin, before.Import, "有误")
	y.must(undone, err)
	if undone.Steps != 0 || len(undone.Left) != 3 || undone.Left[0].Reason != work.UndoClosed || len(y.entered()) != 3 {
		t.Errorf("%+v, entered are %v", undone, y.entered())
	}
}

// settle enters every part from a list and accepts every line.
func (y *yearEnd) settle() work.ImportResult {
	y.t.Helper()
	var rows []work.PartsRow
	for unit, s := range y.standings() {
		rows = append(rows, points(len(rows)+2, unit, group, "year_end", 90_00, "duty_report", 90_00, "rally", 90_00))
		if s.Open > 0 {
			_, err := y.today().AcceptLines(ctx, y.admin, s.Assessment.ID)
			y.must(s, err)
		}
	}
	return y.takePoints(work.ImportOptions{}, rows...)
}

func TestAnImportOfPointsIsUndoneAsFarAsNobodyHasChangedThemSince(t *testing.T) {
	y := newYearEnd(t)
	y.open()
	y.takePoints(work.ImportOptions{}, points(2, "市第五中学党委", group, "year_end", 90_00))
	second := y.takePoints(work.ImportOptions{}, points(2, "市第五中学党委", "复核", "year_end", 92_00, "rally", 80_00), points(3, "实验小学党委", group, "year_end", 91_00))
	y.must(nil, y.today().EnterPart(ctx, y.admin, y.standings()["实验小学党委"].Assessment.ID, "year_end", 93_00, "再次复核"))
	entries := y.scored()
	undone, err := y.today().UndoImport(ctx, y.admin, second.Import, "有误")
	y.must(undone, err)
	if undone.Steps != 2 || len(undone.Left) != 1 || undone.Left[0] != (work.UndoLeft{Name: "实验小学党委", Reason: work.UndoChanged}) || y.scored() != entries+2 {
		t.Errorf("%+v, %d entries more", undone, y.scored()-entries)
	}
	got := y.entered()
	if !slices.Equal(got["市第五中学党委"], []string{"year_end 90 " + group}) || !slices.Equal(got["实验小学党委"], []string{"year_end 93 再次复核"}) {
		t.Errorf("entered are %v", got)
	}
}

func TestOnlyWhoMayProposeEntersPointsFromAList(t *testing.T) {
	y := newYearEnd(t)
	y.open()
	row := points(2, "市第五中学党委", group, "year_end", 90_00)
	done, err := y.today().ImportParts(ctx, y.secretary, []work.PartsRow{row}, work.ImportOptions{})
	if err != nil || done.Done || len(done.Problems) != 1 || done.Problems[0].Reason != work.OutsideScope || len(y.entered()) != 0 {
		t.Errorf("%+v, %v, entered are %v", done, err, y.entered())
	}
	y.refused(duban.NotAllowed, nil, y.today().AskPartsForm(ctx, y.secretary, y.round.ID))
}
