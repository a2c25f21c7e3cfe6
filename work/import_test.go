package work_test

import (
	"slices"
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

func importTasks(t *testing.T, d *work.Desk, rows ...work.TaskRow) work.ImportResult {
	t.Helper()
	result, err := d.ImportTasks(ctx, duban.Console, rows, work.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func assignment(t *testing.T, d *work.Desk, id int64) (a duban.Assignment) {
	t.Helper()
	cast.Read(t, d, func(tx *store.Tx) (err error) {
		a, err = tx.Assignment(id)
		return err
	})
	return a
}

func TestTheSameRosterAgainChangesNothing(t *testing.T) {
	d := cast.Open(t)
	result, err := d.ImportRoster(ctx, duban.Console, cast.Roster, work.ImportOptions{})
	if err != nil || result.New+result.Changed != 0 || result.Unchanged != len(cast.Roster) {
		t.Fatalf("%+v %v", result, err)
	}
}

func TestARosterMayNameUnitsInAnyOrderAndCyclesAreWrong(t *testing.T) {
	d := cast.Open(t)
	rows := slices.Clone(cast.Roster)
	slices.Reverse(rows)
	result, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{})
	if err != nil || result.Changed != 0 || len(result.Problems) > 0 {
		t.Fatalf("%+v %v", result, err)
	}
	cycle := []work.RosterRow{
		{Line: 2, Unit: "甲", Parent: "乙", Kind: duban.Branch, Name: "钱一", Role: duban.Officer, Code: "Q1"},
		{Line: 3, Unit: "乙", Parent: "甲", Kind: duban.Branch, Name: "钱二", Role: duban.Officer, Code: "Q2"},
	}
	result, err = d.ImportRoster(ctx, duban.Console, cycle, work.ImportOptions{})
	if err != nil || len(result.Problems) != 2 || result.Problems[0].Reason != work.UnitCycle || result.Done {
		t.Fatalf("%+v %v", result, err)
	}
}

func TestADryRunChangesNothing(t *testing.T) {
	d := cast.Open(t)
	row := summary
	row.Priority = duban.Normal
	result, err := d.ImportTasks(ctx, duban.Console, []work.TaskRow{row}, work.ImportOptions{DryRun: true})
	if err != nil || result.New != 1 || result.Done {
		t.Fatalf("%+v %v", result, err)
	}
	cast.Read(t, d, func(tx *store.Tx) error {
		all, err := tx.Tasks()
		if len(all) != 0 {
			t.Errorf("%d tasks", len(all))
		}
		return err
	})
}

func TestOneWrongRowImportsNothingUnlessTheRightOnesAreAskedFor(t *testing.T) {
	d := cast.Open(t)
	right, wrong := summary, summary
	right.Priority, wrong.Priority = duban.Normal, duban.Normal
	wrong.Code, wrong.Due, wrong.Line = "T-02", "尽快", 3
	result := importTasks(t, d, right, wrong)
	if result.Done || len(result.Problems) != 1 || result.Problems[0].Reason != work.DueVague || result.Problems[0].Line != 3 {
		t.Fatalf("%+v", result)
	}
	result, err := d.ImportTasks(ctx, duban.Console, []work.TaskRow{right, wrong}, work.ImportOptions{SkipWrong: true})
	if err != nil || !result.Done || result.New != 1 {
		t.Fatalf("%+v %v", result, err)
	}
}

func TestUnitsAreNamedByKindRegionNameOrAll(t *testing.T) {
	d := cast.Open(t)
	for word, want := range map[string]int{
		"school_committee": 2, "城东片区": 1, "城西": 1, "all": 3, "市第五中学党委、实验小学党委": 2, "市第五中学党委/高一年级党支部": 1, "branch": 1,
		"市第五中学党委，市第五中学党委": 1,
	} {
		row := summary
		row.Code, row.Units = "U-"+word, word
		if got := cast.Issue(t, d, duban.Console, row); len(got) != want {
			t.Errorf("%s: %d units, want %d", word, len(got), want)
		}
	}
}

func TestAChangedDeadlineKeepsTheOriginalAndTellsTheOwner(t *testing.T) {
	d := cast.Open(t)
	a := cast.Issue(t, d, duban.Console, summary)[0]
	row := summary
	row.Due, row.Priority = "2030-12-20", duban.Normal
	if result := importTasks(t, d, row); result.Changed != 1 {
		t.Fatalf("%+v", result)
	}
	after := assignment(t, d, a.ID)
	if after.Due.Date.Day != 20 || after.OriginalDue.Date.Day != 5 {
		t.Fatalf("%+v", after)
	}
	if n := countKind(letters(t, d, duban.LaneReminder), duban.NewsChanged); n != 1 {
		t.Fatalf("%d told", n)
	}
	if result := importTasks(t, d, row); result.Unchanged != 1 {
		t.Fatalf("again: %+v", result)
	}
}

func TestAClosedItemIsLeftAndReported(t *testing.T) {
	d := cast.Open(t)
	owner := cast.Join(t, d, "WF", 5)
	row := without(duban.NoEvidence, false)
	a := cast.Issue(t, d, duban.Console, row)[0]
	if _, err := d.Submit(ctx, owner, a.ID, work.Report{}); err != nil {
		t.Fatal(err)
	}
	row.Due, row.Priority = "2030-12-20", duban.Normal
	result := importTasks(t, d, row)
	if len(result.Left) != 1 || result.Left[0].Reason != work.ItemClosed || assignment(t, d, a.ID).Due.Date.Day != 5 {
		t.Fatalf("%+v", result)
	}
}

func TestWhenAPostChangesHandsOpenItemsMoveToTheSuccessor(t *testing.T) {
	d := cast.Open(t)
	a := cast.Issue(t, d, duban.Console, summary)[0]
	rows := []work.RosterRow{
		{Line: 2, Unit: "实验小学党委", Name: "王芳", Role: duban.Officer, Phone: "+8619900000005", Code: "WF"},
		{Line: 3, Unit: "市第五中学党委", Name: "吴磊", Role: duban.Officer, Phone: "+8619900000009", Code: "WL"},
	}
	result, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{})
	if err != nil || !result.Done {
		t.Fatalf("%+v %v", result, err)
	}
	after := assignment(t, d, a.ID)
	if after.OwnerID != cast.Person(t, d, "WL").ID {
		t.Fatalf("owned by %d", after.OwnerID)
	}
	wantRecord(t, d, a.ID, duban.EventIssued, duban.EventReassigned)
}

func TestWrongRowsSayWhatIsWrong(t *testing.T) {
	d := cast.Open(t)
	for _, c := range []struct {
		change func(*work.TaskRow)
		want   work.ProblemReason
	}{
		{func(r *work.TaskRow) { r.Units = "不存在的学校" }, work.UnknownUnit},
		{func(r *work.TaskRow) { r.Units = "general_branch" }, work.NoUnits},
		{func(r *work.TaskRow) { r.Owner = "周明" }, work.UnknownPerson},
		{func(r *work.TaskRow) { r.Due = "" }, work.NoDue},
		{func(r *work.TaskRow) { r.Due = "会后7日内" }, work.DueAsks},
		{func(r *work.TaskRow) { r.Due = "每月5日前" }, work.DueRecurs},
		{func(r *work.TaskRow) { r.Due = "2020-01-01" }, work.DuePast},
		{func(r *work.TaskRow) { r.Reviewer = "没有这个人" }, work.UnknownPerson},
	} {
		row := summary
		row.Priority = duban.Normal
		c.change(&row)
		result := importTasks(t, d, row)
		if len(result.Problems) != 1 || result.Problems[0].Reason != c.want {
			t.Errorf("%s: %+v", c.want, result.Problems)
		}
	}
}

func TestWhatMayMeanTwoIsWrongAndNotGuessed(t *testing.T) {
	d := cast.Open(t)
	office := "滨江市教育行业党委"
	added, err := d.ImportRoster(ctx, duban.Console, []work.RosterRow{
		{Line: 2, Unit: "第一党支部", Parent: "市第五中学党委", Kind: duban.Branch, Name: "许何", Role: duban.BranchSecretary, Code: "X1"},
		{Line: 3, Unit: "第一党支部", Parent: "实验小学党委", Kind: duban.Branch, Name: "吕施", Role: duban.BranchSecretary, Code: "X2"},
		{Line: 4, Unit: "第三小学党委", Parent: office, Kind: duban.SchoolCommittee, Name: "王芳", Role: duban.Officer, Code: "X3"},
		{Line: 5, Unit: "第三小学党委", Parent: office, Kind: duban.SchoolCommittee, Name: "王芳", Role: duban.Officer, Code: "X4"},
		{Line: 6, Unit: "第四小学党委", Parent: office, Kind: duban.SchoolCommittee, Name: "郑凯", Role: duban.Secretary, Code: "X5"},
	}, work.ImportOptions{})
	if err != nil || len(added.Problems) > 0 {
		t.Fatal(added.Problems, err)
	}
	for _, c := range []struct {
		units, owner string
		want         work.ProblemReason
	}{
		{"第一党支部", "", work.AmbiguousUnit},
		{"市第五中学党委/第一党支部", "", ""},
		{"第三小学党委", "", work.SeveralThere}, // two officers
		{"第三小学党委", "王芳", work.AmbiguousName},
		{"第三小学党委", "X4", ""},
		{"第四小学党委", "", ""}, // no officer: its secretary
	} {
		row := listRow("W-"+c.units+c.owner, c.units, "2030-12-05")
		row.Owner = c.owner
		dry, err := d.ImportTasks(ctx, duban.Console, []work.TaskRow{row}, work.ImportOptions{DryRun: true})
		if err != nil {
			t.Fatal(err)
		}
		got := work.ProblemReason("")
		if len(dry.Problems) > 0 {
			got = dry.Problems[0].Reason
		}
		if got != c.want {
			t.Errorf("%s, %q: %q, want %q", c.units, c.owner, got, c.want)
		}
	}
	further := []work.RosterRow{
		{Line: 2, Unit: "新党小组", Parent: "第一党支部", Kind: duban.Branch, Name: "曹严", Role: duban.BranchSecretary, Code: "X6"},
		{Line: 3, Unit: "第四小学党委", Name: "何施", Role: duban.Officer},
	}
	dry, err := d.ImportRoster(ctx, duban.Console, further, work.ImportOptions{DryRun: true})
	if err != nil || len(dry.Problems) != 2 || dry.Problems[0].Reason != work.AmbiguousUnit || dry.Problems[1].Reason != work.CodeMissing {
		t.Errorf("%+v %v", dry.Problems, err)
	}
}

func TestAnAdministratorOfASchoolCannotReachOutsideIt(t *testing.T) {
	d := cast.Open(t)
	secretary := cast.Join(t, d, "ZG", 4)
	row := summary
	row.Priority, row.Units = duban.Normal, "实验小学党委"
	result, err := d.ImportTasks(ctx, secretary, []work.TaskRow{row}, work.ImportOptions{})
	if err != nil || len(result.Problems) != 1 || result.Problems[0].Reason != work.OutsideScope {
		t.Fatalf("%+v %v", result, err)
	}
	rows := []work.RosterRow{{Line: 2, Unit: "市第五中学党委", Name: "新人", Role: duban.Officer, Code: "X"}}
	imported, err := d.ImportRoster(ctx, secretary, rows, work.ImportOptions{})
	if err != nil || len(imported.Problems) != 1 || imported.Problems[0].Reason != work.OutsideScope {
		t.Fatalf("%+v %v", imported, err)
	}
}
