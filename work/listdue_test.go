package work_test

import (
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// writeOn lets a desk write at nine o'clock on a day.
func writeOn(d *work.Desk, year int, month time.Month, day int) {
	d.At = time.Date(year, month, day, 9, 0, 0, 0, cast.Shanghai).UTC()
}

func dueOf(t *testing.T, d *work.Desk, code string) (due, original calendar.Date) {
	t.Helper()
	cast.Read(t, d, func(tx *store.Tx) error {
		task, err := tx.TaskByCode(code)
		if err != nil {
			return err
		}
		all, err := tx.AssignmentsOf(task.ID)
		due, original = all[0].Due.Date, all[0].OriginalDue.Date
		return err
	})
	return due, original
}

func day(year int, month time.Month, dayOfMonth int) calendar.Date {
	return calendar.Date{Year: year, Month: month, Day: dayOfMonth}
}

func TestADeadlineWithoutAYearStaysInTheYearInWhichItWasGiven(t *testing.T) {
	d := cast.Open(t)
	writeOn(d, 2026, time.November, 25)
	row := listRow("Y-1", "市第五中学党委", "12月5日")
	mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	writeOn(d, 2027, time.January, 11)
	for _, text := range []string{"12月5日", "12.5", "2026年12月5日前"} {
		row.Due = text
		again := mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
		if again.Unchanged != 1 || len(again.Changes) != 0 {
			t.Errorf("%s again: %+v", text, again.Changes)
		}
	}
	if due, _ := dueOf(t, d, "Y-1"); due != day(2026, time.December, 5) {
		t.Errorf("it is due on %v", due)
	}
	row.Due = "1月20日"
	moved := mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	due, original := dueOf(t, d, "Y-1")
	if moved.DueChanged() != 1 || due != day(2027, time.January, 20) || original != day(2026, time.December, 5) {
		t.Errorf("%+v: due on %v, first %v", moved.Changes, due, original)
	}
	writeOn(d, 2027, time.February, 1)
	if again := mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{}); again.Unchanged != 1 {
		t.Errorf("the new words again: %+v", again.Changes)
	}
	row.Due = "12月5日"
	back, err := d.ImportTasks(ctx, duban.Console, []work.TaskRow{row}, work.ImportOptions{File: "清单.xlsx", DryRun: true})
	if err != nil || len(back.Changes) != 1 || back.Changes[0].To != "2027-12-05" {
		t.Errorf("words that are new in this year: %+v %v", back.Changes, err)
	}
}

func TestRelativeWordsOfAListMeanTheDayOnWhichTheyCame(t *testing.T) {
	d := cast.Open(t)
	writeOn(d, 2026, time.November, 25)
	row := listRow("Y-2", "实验小学党委", "3个工作日内")
	mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	first, _ := dueOf(t, d, "Y-2")
	writeOn(d, 2026, time.November, 27)
	if again := mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{}); again.Unchanged != 1 {
		t.Errorf("again: %+v", again.Changes)
	}
	if due, _ := dueOf(t, d, "Y-2"); due != first {
		t.Errorf("it was due on %v and is on %v", first, due)
	}
}

func TestAListThatSaysNothingNewLeavesAnExtension(t *testing.T) {
	d := cast.Open(t)
	writeOn(d, 2026, time.November, 25)
	row := listRow("Y-3", "市第五中学党委", "12月5日")
	mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	later := day(2026, time.December, 10)
	var id int64
	cast.Read(t, d, func(tx *store.Tx) error {
		task, err := tx.TaskByCode("Y-3")
		if err != nil {
			return err
		}
		all, err := tx.AssignmentsOf(task.ID)
		id = all[0].ID
		return err
	})
	if _, err := d.SetDeadline(ctx, duban.Console, id, calendar.Due{Date: later}, "与会议冲突"); err != nil {
		t.Fatal(err)
	}
	again := mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	if due, _ := dueOf(t, d, "Y-3"); again.Unchanged != 1 || due != later {
		t.Errorf("again: due on %v, %+v", due, again.Changes)
	}
}

func TestAnItemOfAnOlderVersionKeepsItsDeadlineToo(t *testing.T) {
	d := cast.Open(t)
	writeOn(d, 2026, time.November, 25)
	row := listRow("Y-4", "市第五中学党委", "12月5日")
	mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	if err := d.Store.Write(ctx, func(tx *store.Tx) error {
		task, err := tx.TaskByCode("Y-4")
		if err != nil {
			return err
		}
		task.DueText, task.DueRead = "", time.Time{}
		return tx.ChangeTask(task)
	}); err != nil {
		t.Fatal(err)
	}
	writeOn(d, 2027, time.January, 11)
	if again := mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{}); again.Unchanged != 1 {
		t.Errorf("again: %+v", again.Changes)
	}
}

func TestAFurtherUnitDoesNotGetADeadlineThatIsOver(t *testing.T) {
	d := cast.Open(t)
	writeOn(d, 2026, time.November, 25)
	row := listRow("Y-5", "市第五中学党委", "12月5日")
	mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	writeOn(d, 2027, time.January, 11)
	row.Units = "市第五中学党委、实验小学党委"
	again, err := d.ImportTasks(ctx, duban.Console, []work.TaskRow{row}, work.ImportOptions{File: "清单.xlsx"})
	if err != nil || again.Done || len(again.Problems) != 1 || again.Problems[0].Reason != work.DuePast {
		t.Errorf("%+v %v", again, err)
	}
}

func TestAnImportThatIsUndoneAndComesAgainReadsItsDeadlineAnew(t *testing.T) {
	d := cast.Open(t)
	writeOn(d, 2026, time.November, 25)
	row := listRow("Y-6", "市第五中学党委", "12月5日")
	done := mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	mustUndo(t, d, done.Import)
	writeOn(d, 2027, time.January, 11)
	mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	if due, _ := dueOf(t, d, "Y-6"); due != day(2027, time.December, 5) {
		t.Errorf("it is due on %v", due)
	}
	row.Due = "11月30日"
	moved := mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	mustUndo(t, d, moved.Import)
	if again := mustTake(t, d, duban.Console, []work.TaskRow{row}, work.ImportOptions{}); again.DueChanged() != 1 {
		t.Errorf("after undoing a change, the words that brought it change nothing: %+v", again)
	}
}
