package work_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

func listRow(code, unit, due string) work.TaskRow {
	row := summary
	row.Code, row.Title, row.Units, row.Due, row.Priority, row.Line = code, "事项"+code, unit, due, duban.Normal, 2
	return row
}

func mustTake(t *testing.T, d *work.Desk, who duban.Actor, rows []work.TaskRow, o work.ImportOptions) work.ImportResult {
	t.Helper()
	if o.File == "" {
		o.File = "清单.xlsx"
	}
	done, err := d.ImportTasks(ctx, who, rows, o)
	if err != nil || len(done.Problems) > 0 {
		t.Fatalf("%+v %v", done, err)
	}
	return done
}

func mustUndo(t *testing.T, d *work.Desk, id int64) work.Undone {
	t.Helper()
	undone, err := d.UndoImport(ctx, duban.Console, id, "导入有误")
	if err != nil {
		t.Fatal(err)
	}
	return undone
}

func statesAfter(t *testing.T, d *work.Desk, code string) (states []duban.State) {
	t.Helper()
	cast.Read(t, d, func(tx *store.Tx) error {
		states = nil
		task, err := tx.TaskByCode(code)
		if err != nil {
			return err
		}
		all, err := tx.AssignmentsOf(task.ID)
		for _, a := range all {
			states = append(states, a.State)
		}
		return err
	})
	return states
}

func TestTheDifferenceNamesEachFieldWithWhatItWasAndBecomes(t *testing.T) {
	d := cast.Open(t)
	mustTake(t, d, duban.Console, []work.TaskRow{listRow("A-1", "市第五中学党委", "2030-12-05")}, work.ImportOptions{})
	changed := listRow("A-1", "市第五中学党委、实验小学党委", "2030-12-20")
	changed.Title, changed.Evidence, changed.Owner = "新名称", duban.Evidence{Kind: duban.PhotosEvidence, Min: 3}, ""
	dry := mustTake(t, d, duban.Console, []work.TaskRow{changed}, work.ImportOptions{DryRun: true})
	var said []string
	for _, c := range dry.Changes {
		said = append(said, string(c.Field)+" "+c.Unit+" "+c.From+"→"+c.To)
	}
	want := []string{
		"title  事项A-1→新名称", "evidence  " + string(summary.Evidence.Kind) + "→photos:3", "due 市第五中学党委 2030-12-05→2030-12-20",
		"unit 实验小学党委 →实验小学党委",
	}
	if !slices.Equal(said, want) || dry.Changed != 1 || dry.DueChanged() != 1 || dry.Done {
		t.Errorf("%d changed:\n%s\nwant\n%s", dry.Changed, strings.Join(said, "\n"), strings.Join(want, "\n"))
	}
	real := mustTake(t, d, duban.Console, []work.TaskRow{changed}, work.ImportOptions{})
	if len(real.Changes) != len(dry.Changes) || real.Issued != dry.Issued || real.Changed != 1 {
		t.Errorf("the dry run promised %+v, it was %+v", dry, real)
	}
}

func TestWhatAListNoLongerHasIsKeptUnlessItIsToBeCancelled(t *testing.T) {
	d := cast.Open(t)
	one, two, three := listRow("A-1", "市第五中学党委", "2030-12-05"), listRow("A-2", "实验小学党委", "2030-12-05"), listRow("B-1", "实验小学党委", "2030-12-05")
	mustTake(t, d, duban.Console, []work.TaskRow{one, two}, work.ImportOptions{})
	mustTake(t, d, duban.Console, []work.TaskRow{three}, work.ImportOptions{File: "另一清单.xlsx"})

	dry := mustTake(t, d, duban.Console, []work.TaskRow{one}, work.ImportOptions{DryRun: true, File: "清单(1).xlsx"})
	if len(dry.Missing) != 1 || dry.Missing[0].Code != "A-2" || dry.Missing[0].Unit != "实验小学党委" {
		t.Fatalf("missing are %+v", dry.Missing)
	}
	mustTake(t, d, duban.Console, []work.TaskRow{one}, work.ImportOptions{})
	if states := statesAfter(t, d, "A-2"); states[0] != duban.Issued {
		t.Fatalf("it was not kept: %v", states)
	}
	done := mustTake(t, d, duban.Console, []work.TaskRow{one}, work.ImportOptions{Cancel: "新清单中不再列出"})
	if states := statesAfter(t, d, "A-2"); done.Cancelled != 1 || states[0] != duban.CalledOff || statesAfter(t, d, "B-1")[0] != duban.Issued {
		t.Fatalf("%d cancelled, %v", done.Cancelled, states)
	}
	mustUndo(t, d, done.Import)
	if states := statesAfter(t, d, "A-2"); states[0] != duban.Issued {
		t.Errorf("after the import was undone it is %v", states)
	}
}

func TestARowThatCannotBeReadIsNotMissing(t *testing.T) {
	d := cast.Open(t)
	one, two := listRow("A-1", "市第五中学党委", "2030-12-05"), listRow("A-2", "实验小学党委", "2030-12-05")
	mustTake(t, d, duban.Console, []work.TaskRow{one, two}, work.ImportOptions{})
	dry := mustTake(t, d, duban.Console, []work.TaskRow{one}, work.ImportOptions{DryRun: true, WrongRows: 1, Unread: map[string]bool{"A-2": true}})
	if len(dry.Missing) != 0 {
		t.Errorf("missing are %+v", dry.Missing)
	}
}

func onlyOf(t *testing.T, d *work.Desk, code string) (a duban.Assignment) {
	t.Helper()
	cast.Read(t, d, func(tx *store.Tx) error {
		task, err := tx.TaskByCode(code)
		if err != nil {
			return err
		}
		all, err := tx.AssignmentsOf(task.ID)
		a = all[0]
		return err
	})
	return a
}

func TestAnImportIsUndoneItemByItemUntilTheFirstSubmission(t *testing.T) {
	d := cast.Open(t)
	officer, other := cast.Join(t, d, "WF", 5), cast.Join(t, d, "ZM", 6)
	reported, signed := listRow("A-1", "市第五中学党委", "2030-12-05"), listRow("A-2", "实验小学党委", "2030-12-05")
	reported.Evidence, reported.Review = duban.Evidence{Kind: duban.NoEvidence}, true
	done := mustTake(t, d, duban.Console, []work.TaskRow{reported, signed}, work.ImportOptions{})
	if _, err := d.Accept(ctx, other, onlyOf(t, d, "A-2").ID); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Submit(ctx, officer, onlyOf(t, d, "A-1").ID, work.Report{Text: "已完成"}); err != nil {
		t.Fatal(err)
	}
	undone := mustUndo(t, d, done.Import)
	if len(undone.Left) != 1 || undone.Left[0].Code != "A-1" || undone.Left[0].Reason != work.UndoReported || undone.Steps != 1 {
		t.Fatalf("%+v", undone)
	}
	if statesAfter(t, d, "A-1")[0] != duban.Submitted || statesAfter(t, d, "A-2")[0] != duban.CalledOff {
		t.Fatalf("%v %v", statesAfter(t, d, "A-1"), statesAfter(t, d, "A-2"))
	}
	again := mustTake(t, d, duban.Console, []work.TaskRow{listRow("A-2", "实验小学党委", "2030-12-20")}, work.ImportOptions{})
	if again.New != 1 || again.Issued != 1 || statesAfter(t, d, "A-2")[0] != duban.Issued {
		t.Errorf("the corrected list again: %+v %v", again, statesAfter(t, d, "A-2"))
	}
}

// TestWhoMayUndoAnImport: whoever imported, and whoever may import where the import changed something.
func TestWhoMayUndoAnImport(t *testing.T) {
	d := cast.Open(t)
	admin, secretary, officer := cast.Join(t, d, "LM", 1), cast.Join(t, d, "ZG", 2), cast.Join(t, d, "WF", 3)
	done := mustTake(t, d, duban.Console, []work.TaskRow{listRow("A-1", "市第五中学党委", "2030-12-05")}, work.ImportOptions{})
	for _, who := range []duban.Actor{secretary, officer} {
		if _, err := d.UndoImport(ctx, who, done.Import, "有误"); duban.CodeOf(err) != duban.NotAllowed {
			t.Errorf("%+v undoes the import of somebody else: %v", who, err)
		}
	}
	own := mustTake(t, d, secretary, []work.TaskRow{listRow("A-2", "高一年级党支部", "2030-12-05")}, work.ImportOptions{})
	if undone, err := d.UndoImport(ctx, secretary, own.Import, "有误"); err != nil || undone.Steps+len(undone.Left) != 1 {
		t.Errorf("a secretary undoes his own import: %+v %v", undone, err)
	}
	if undone, err := d.UndoImport(ctx, admin, done.Import, "有误"); err != nil || undone.Steps != 1 {
		t.Errorf("an administrator undoes the import of the console: %+v %v", undone, err)
	}
	third := mustTake(t, d, duban.Console, []work.TaskRow{listRow("A-3", "市第五中学党委", "2030-12-05")}, work.ImportOptions{})
	d.At = time.Now().Add(work.UndoWithin + time.Hour)
	if _, err := d.UndoImport(ctx, admin, third.Import, "有误"); duban.CodeOf(err) != duban.NothingToDo {
		t.Errorf("after %v it is undone: %v", work.UndoWithin, err)
	}
}

func TestUndoingBringsChangedItemsBackToWhatTheyWere(t *testing.T) {
	d := cast.Open(t)
	row := listRow("A-1", "市第五中学党委", "2030-12-05")
	mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	row.Due, row.Title = "2030-12-20", "改名"
	done := mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	if undone := mustUndo(t, d, done.Import); len(undone.Left) != 0 {
		t.Fatalf("%+v", undone)
	}
	row.Due, row.Title = "2030-12-05", "事项A-1"
	if same := mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{}); same.Unchanged != 1 {
		t.Errorf("after undoing, the list as it was gives %+v", same)
	}
	if _, err := d.UndoImport(ctx, duban.Console, done.Import, "再次"); duban.CodeOf(err) != duban.AlreadyDone {
		t.Errorf("undone twice: %v", err)
	}
}

func TestARosterIsUndoneWithUnitsPeopleAndPosts(t *testing.T) {
	d := cast.Open(t)
	a := cast.Issue(t, d, duban.Console, summary)[0]
	rows := []work.RosterRow{
		{Line: 2, Unit: "第三小学党委", Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Name: "吴燕", Role: duban.Officer, Code: "WY"},
		{Line: 3, Unit: "实验小学党委", Name: "王芳", Role: duban.Officer, Phone: "+8619900000005", Code: "WF"},
		{Line: 4, Unit: "市第五中学党委", Name: "吴磊", Role: duban.Officer, Phone: "+8619900000009", Code: "WL"},
	}
	done, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{File: "名册.xlsx"})
	if err != nil || !done.Done || done.Import == 0 {
		t.Fatalf("%+v %v", done, err)
	}
	if assignment(t, d, a.ID).OwnerID != cast.Person(t, d, "WL").ID {
		t.Fatal("the item was not handed over")
	}
	if undone := mustUndo(t, d, done.Import); len(undone.Left) != 0 {
		t.Fatalf("%+v", undone)
	}
	if assignment(t, d, a.ID).OwnerID != cast.Person(t, d, "WF").ID {
		t.Error("the item is not back")
	}
	again, err := d.ImportRoster(ctx, duban.Console, cast.Roster, work.ImportOptions{DryRun: true})
	if err != nil || again.New+again.Changed != 0 || len(again.Gone) != 0 {
		t.Errorf("the roster as it was gives %+v %v", again, err)
	}
	if anew, err := d.ImportRoster(ctx, duban.Console, rows[:1], work.ImportOptions{}); err != nil || anew.New+anew.Changed != 1 {
		t.Errorf("imported anew: %+v %v", anew, err)
	}
}

func TestWhoHasJoinedIsNotTakenOutAgain(t *testing.T) {
	d := cast.Open(t)
	rows := []work.RosterRow{{Line: 2, Unit: "实验小学党委", Name: "吴燕", Role: duban.Officer, Code: "WY"}}
	done, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	cast.Join(t, d, "WY", 9)
	undone := mustUndo(t, d, done.Import)
	if len(undone.Left) != 2 || undone.Left[0].Reason != work.UndoJoined {
		t.Errorf("%+v", undone)
	}
}

func TestPeopleWhoAreGoneKeepTheirPostsUnlessTheyAreToEnd(t *testing.T) {
	d := cast.Open(t)
	a := cast.Issue(t, d, duban.Console, summary)[0]
	rows := slices.DeleteFunc(slices.Clone(cast.Roster), func(r work.RosterRow) bool { return r.Code == "WF" || r.Code == "SL" })
	dry, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{DryRun: true})
	if err != nil || len(dry.GoneHere) != 2 || dry.Ended != 0 {
		t.Fatalf("%+v %v", dry, err)
	}
	done, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{EndPosts: true})
	if err != nil || done.Ended != 2 || assignment(t, d, a.ID).OwnerID != cast.Person(t, d, "ZG").ID {
		t.Fatalf("%+v %v, owned by %d", done, err, assignment(t, d, a.ID).OwnerID)
	}
	dry, err = d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{DryRun: true})
	if err != nil || len(dry.Gone) != 0 {
		t.Errorf("those whose posts ended are gone once more: %+v %v", dry.Gone, err)
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	d := cast.Open(t)
	rows := slices.DeleteFunc(slices.Clone(cast.Roster), func(r work.RosterRow) bool { return r.Role == duban.Admin })
	done, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{EndPosts: true})
	if err != nil || done.Ended != 1 || len(done.Left) != 1 || done.Left[0].Reason != work.LastAdmin {
		t.Errorf("%+v %v", done, err)
	}
}

func TestAUnitMovesWithWhatIsBelowItAndACircleIsNamed(t *testing.T) {
	d := cast.Open(t)
	rows := []work.RosterRow{
		{Line: 2, Unit: "城西教育党委", Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee},
		{Line: 3, Unit: "市第五中学党委", Parent: "城西教育党委", Kind: duban.SchoolCommittee},
	}
	done, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{})
	if err != nil || len(done.Warned) != 1 || done.Warned[0].Reason != work.UnitMoves || done.Warned[0].Arg != "滨江市教育行业党委 → 城西教育党委" {
		t.Fatalf("%+v %v", done, err)
	}
	cast.Read(t, d, func(tx *store.Tx) error {
		units, err := tx.UnitsNamed("高一年级党支部")
		if err != nil {
			return err
		}
		above, err := tx.UnitsAbove(units[0].ID)
		var names []string
		for _, u := range above {
			names = append(names, u.Name)
		}
		if strings.Join(names, " ") != "市第五中学党委 城西教育党委 滨江市教育行业党委" {
			t.Errorf("above it are %v", names)
		}
		return err
	})
	circle := []work.RosterRow{{Line: 2, Unit: "城西教育党委", Parent: "市第五中学党委", Kind: duban.SchoolCommittee}}
	wrong, err := d.ImportRoster(ctx, duban.Console, circle, work.ImportOptions{})
	if err != nil || len(wrong.Problems) != 1 || wrong.Problems[0].Reason != work.UnitCycle || wrong.Problems[0].Arg != "城西教育党委 → 市第五中学党委 → 城西教育党委" {
		t.Errorf("%+v %v", wrong, err)
	}
	mustUndo(t, d, done.Import)
	again, err := d.ImportRoster(ctx, duban.Console, cast.Roster, work.ImportOptions{DryRun: true})
	if err != nil || again.New+again.Changed != 0 {
		t.Errorf("after undoing: %+v %v", again, err)
	}
}

func TestNamesThatAreAlikeAreAskedAbout(t *testing.T) {
	d := cast.Open(t)
	rows := []work.RosterRow{
		{Line: 2, Unit: "市第五中学党委", Name: "王芳", Role: duban.Officer, Code: "WF2"},
		{Line: 3, Unit: "市第五中学党委", Name: "赵刚（大）", Role: duban.Officer, Code: "ZG2"},
		{Line: 4, Unit: "实验小学党委", Name: "吴磊", Role: duban.Officer, Phone: "+8619900000008", Code: "WL"},
	}
	dry, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, w := range dry.Warned {
		said = append(said, string(w.Reason)+" "+w.Value+" "+w.Arg)
	}
	want := []string{"same_name 王芳 WF", "near_name 赵刚（大） 赵刚 ZG", "same_phone 吴磊 周明 ZM"}
	if !slices.Equal(said, want) || len(dry.Asked()) != 1 {
		t.Errorf("warned of\n%s", strings.Join(said, "\n"))
	}
}

func TestASecondRootIsToldOf(t *testing.T) {
	d := cast.Open(t)
	rows := []work.RosterRow{{Line: 2, Unit: "某某集团党委", Kind: duban.SchoolCommittee}}
	dry, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{DryRun: true})
	if err != nil || len(dry.Warned) != 1 || dry.Warned[0].Reason != work.SecondRoot {
		t.Errorf("%+v %v", dry, err)
	}
}

func TestWhatIsWrongComesWithWhatMayHaveBeenMeant(t *testing.T) {
	d := cast.Open(t)
	for _, c := range []struct {
		change func(*work.TaskRow)
		want   string
	}{
		{func(r *work.TaskRow) { r.Units = "市五中" }, "市第五中学党委"},
		{func(r *work.TaskRow) { r.Units = "实验小学" }, "实验小学党委"},
		{func(r *work.TaskRow) { r.Units = "市第伍中学党委" }, "市第五中学党委"},
		{func(r *work.TaskRow) { r.Owner = "王方" }, "王芳"},
		{func(r *work.TaskRow) { r.Reviewer = "李闵" }, "李敏"},
		{func(r *work.TaskRow) { r.Due = "每月5日前" }, next5th()},
		{func(r *work.TaskRow) { r.Due = "2030-02-30" }, "2030-02-28"},
		{func(r *work.TaskRow) { r.Units = "完全没有" }, ""},
	} {
		row := listRow("S-1", "市第五中学党委", "2030-12-05")
		c.change(&row)
		dry, err := d.ImportTasks(ctx, duban.Console, []work.TaskRow{row}, work.ImportOptions{DryRun: true})
		if err != nil {
			t.Fatal(err)
		}
		meant := ""
		for _, s := range dry.Suggested {
			meant += s.Meant[0]
		}
		if meant != c.want {
			t.Errorf("%+v: suggested %q, want %q", dry.Problems, meant, c.want)
		}
	}
}

func TestAnImportInPartsIsTheSameAsInOne(t *testing.T) {
	d := cast.Open(t)
	admin := cast.Join(t, d, "LM", 1)
	var rows []work.TaskRow
	for i := range 25 {
		rows = append(rows, listRow("P-"+string(rune('a'+i)), "实验小学党委", "2030-12-05"))
	}
	done := mustTake(t, d, admin, rows, work.ImportOptions{Chunk: 7})
	if done.New != 25 || done.Issued != 25 || !done.Done {
		t.Fatalf("%+v", done)
	}
	if again := mustTake(t, d, admin, rows, work.ImportOptions{Chunk: 7}); again.Unchanged != 25 {
		t.Errorf("again: %+v", again)
	}
	people := slices.Clone(cast.Roster)
	people[7].Name = "周敏"
	changed, err := d.ImportRoster(ctx, duban.Console, people, work.ImportOptions{Chunk: 3})
	if err != nil || changed.Changed != 1 || changed.Unchanged != len(people)-1 || len(changed.Changes) != 1 {
		t.Errorf("%+v %v", changed, err)
	}
}

// next5th is the next 5th of a month.
func next5th() string {
	now := time.Now().In(cast.Shanghai)
	day := time.Date(now.Year(), now.Month(), 5, 18, 0, 0, 0, cast.Shanghai)
	if !day.After(now) {
		day = day.AddDate(0, 1, 0)
	}
	return day.Format(time.DateOnly)
}

func TestAnImportThatWasCutShortGoesOnWhenItsUpdateComesAgain(t *testing.T) {
	d := cast.Open(t)
	admin := cast.Join(t, d, "LM", 1)
	if err := d.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Receive(store.Update{UpdateID: 1, Lane: 1, Kind: "callback_query", Raw: []byte("{}")})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	admin.Cause = 1
	var rows []work.TaskRow
	for i := range 1200 {
		rows = append(rows, listRow(fmt.Sprintf("C-%04d", i), "实验小学党委", "2030-12-05"))
	}
	cut, stop := context.WithCancel(ctx)
	o := work.ImportOptions{File: "清单.xlsx", Chunk: 100, Tell: func(stage work.ImportStage, done, _ int) {
		if stage == work.Taking && done >= 500 {
			stop()
		}
	}}
	if _, err := d.ImportTasks(cut, admin, rows, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("it was not cut short: %v", err)
	}
	done, err := d.ImportTasks(ctx, admin, rows, work.ImportOptions{File: "清单.xlsx", Chunk: 100})
	if err != nil || !done.Done || done.New == 0 || done.Unchanged < 500 || done.New+done.Unchanged != 1200 {
		t.Fatalf("%d new, %d unchanged: %v", done.New, done.Unchanged, err)
	}
	if done.Cut.Import != done.Import || done.Cut.Rows != done.Unchanged {
		t.Errorf("%d rows are said to have been there of import %d, %d were of %d", done.Cut.Rows, done.Cut.Import, done.Unchanged, done.Import)
	}
	answered, err := d.ImportTasks(ctx, admin, rows, work.ImportOptions{File: "清单.xlsx", Chunk: 100})
	if err != nil || answered.Import != done.Import || answered.Cut.Rows != 1200 {
		t.Errorf("when the program ended before the answer: %+v %v", answered.Cut, err)
	}
	if _, err := d.ImportTasks(ctx, admin, append(rows, listRow("C-new", "实验小学党委", "2030-12-05")), o); !errors.Is(err, duban.ErrRepeated) {
		t.Errorf("an update that was dealt with imports again: %v", err)
	}
	if undone := mustUndo(t, d, done.Import); undone.Steps != 1200 || len(undone.Left) != 0 {
		t.Errorf("%d steps undone, left %v", undone.Steps, undone.Left)
	}
}

func TestAListWhoseImportWasCutShortSaysWhatIsIn(t *testing.T) {
	d := cast.Open(t)
	var rows []work.TaskRow
	for i := range 1200 {
		rows = append(rows, listRow(fmt.Sprintf("C-%04d", i), "实验小学党委", "2030-12-05"))
	}
	cut, stop := context.WithCancel(ctx)
	o := work.ImportOptions{File: "清单.xlsx", Chunk: 100, Tell: func(stage work.ImportStage, done, _ int) {
		if stage == work.Taking && done >= 500 {
			stop()
		}
	}}
	stopped, err := d.ImportTasks(cut, duban.Console, rows, o)
	if !errors.Is(err, context.Canceled) || stopped.Cut.Import == 0 || stopped.Cut.Rows < 500 {
		t.Fatalf("%+v %v", stopped.Cut, err)
	}
	dry := mustTake(t, d, duban.Console, rows, work.ImportOptions{DryRun: true})
	if dry.Cut != stopped.Cut || dry.Unchanged != stopped.Cut.Rows {
		t.Errorf("the list again says %+v, %d unchanged, and %+v were in", dry.Cut, dry.Unchanged, stopped.Cut)
	}
	rest := mustTake(t, d, duban.Console, rows, work.ImportOptions{Chunk: 100})
	if rest.New != 1200-stopped.Cut.Rows || rest.Cut != stopped.Cut {
		t.Errorf("the rest is %d new, %+v", rest.New, rest.Cut)
	}
	if after := mustTake(t, d, duban.Console, rows, work.ImportOptions{DryRun: true}); after.Cut != (work.CutShort{}) {
		t.Errorf("once it is complete: %+v", after.Cut)
	}
	if first, second := mustUndo(t, d, stopped.Cut.Import), mustUndo(t, d, rest.Import); first.Steps+second.Steps != 1200 {
		t.Errorf("undone are %d and %d", first.Steps, second.Steps)
	}
}
