package work_test

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

func day2027(month time.Month, day int) calendar.Date {
	return calendar.Date{Year: 2027, Month: month, Day: day}
}

// year2027 is an arrangement in which the Sunday after New Year is worked.
func year2027(notice string) calendar.Year {
	year := calendar.Year{Year: 2027, Notice: notice, Days: calendar.StatutoryDays(2027)}
	year.Days = append(year.Days, calendar.Day{Name: "元旦", From: day2027(1, 3)})
	return year
}

func newsOf(t *testing.T, d *work.Desk, kind duban.NewsKind) int {
	t.Helper()
	return countKind(letters(t, d, duban.LaneReminder), kind)
}

func events(t *testing.T, d *work.Desk) (all []duban.Event) {
	t.Helper()
	cast.Read(t, d, func(tx *store.Tx) error {
		all = nil
		return tx.EveryEntry(time.Time{}, time.Time{}, func(e duban.Entry) error {
			all = append(all, e.Event)
			return nil
		})
	})
	return all
}

func TestAYearThatIsAddedCountsAtOnceAndTheOthersAreTold(t *testing.T) {
	d := cast.Open(t)
	admin, officer, leader := cast.Join(t, d, "LM", 1), cast.Join(t, d, "WF", 2), cast.Join(t, d, "CGD", 3)
	cast.Join(t, d, "HJ", 4)
	for _, who := range []duban.Actor{officer, leader} {
		_, err := d.AddYear(ctx, who, year2027("N"), "")
		wantCode(t, err, duban.NotAllowed)
	}
	if changed, err := d.AddYear(ctx, admin, year2027("N"), ""); err != nil || !changed {
		t.Fatal(changed, err)
	}
	if d.Calendar.IsProvisional(day2027(1, 3)) || !d.Calendar.IsWorkingDay(day2027(1, 3)) {
		t.Error("the year does not count")
	}
	if changed, err := d.AddYear(ctx, admin, year2027("N"), ""); err != nil || changed {
		t.Error("the same year again changes something", err)
	}
	if n := newsOf(t, d, duban.NewsCalendar); n != 1 {
		t.Errorf("%d are told, want the other administrator", n)
	}
	if !slices.Contains(events(t, d), duban.EventCalendarYear) {
		t.Error("it is not recorded")
	}
	for _, wrong := range []calendar.Year{
		{}, {Year: 2027, Notice: "N"}, year2027(""), {Year: 2028, Notice: "N", Days: year2027("N").Days},
		{Year: 2027, Notice: "N", Days: append(calendar.StatutoryDays(2027), calendar.Day{From: day2027(1, 1)})},
	} {
		_, err := d.AddYear(ctx, admin, wrong, "")
		wantCode(t, err, duban.BadYear)
	}
	if year2027("N").Days[0].Source != "" || d.Calendar.IsProvisional(day2027(1, 3)) {
		t.Error("a year that was refused has changed something")
	}
}

func TestACorrectionOverlaysTheNoticeUntilItIsTakenBack(t *testing.T) {
	d := cast.Open(t)
	admin, officer := cast.Join(t, d, "LM", 1), cast.Join(t, d, "WF", 2)
	saturday := calendar.Day{From: calendar.Date{Year: 2026, Month: 12, Day: 5}, Source: "市政府办公室通知"}
	_, err := d.CorrectDay(ctx, officer, saturday)
	wantCode(t, err, duban.NotAllowed)
	_, err = d.CorrectDay(ctx, admin, calendar.Day{From: saturday.From})
	wantCode(t, err, duban.ReasonNeeded)
	_, err = d.CorrectDay(ctx, admin, calendar.Day{Source: "S"})
	wantCode(t, err, duban.BadRange)
	if changed, err := d.CorrectDay(ctx, admin, saturday); err != nil || !changed || !d.Calendar.IsWorkingDay(saturday.From) {
		t.Fatal("the correction does not count", changed, err)
	}
	if changed, err := d.CorrectDay(ctx, admin, saturday); err != nil || changed {
		t.Error("the same correction again changes something", err)
	}
	var id int64
	cast.Read(t, d, func(tx *store.Tx) error {
		changes, err := tx.DayChanges()
		id = changes[0].ID
		return err
	})
	_, err = d.DropCorrection(ctx, officer, id)
	wantCode(t, err, duban.NotAllowed)
	if _, err := d.DropCorrection(ctx, admin, id); err != nil || d.Calendar.IsWorkingDay(saturday.From) {
		t.Error("the correction still counts", err)
	}
	_, err = d.DropCorrection(ctx, admin, id)
	wantCode(t, err, duban.NotFound)
	if n := newsOf(t, d, duban.NewsCalendar); n != 2 {
		t.Errorf("the other administrator is told %d times, want 2", n)
	}
}

func TestAnotherProcessLearnsWhatWasAddedHere(t *testing.T) {
	d := cast.Open(t)
	other := &work.Desk{Store: d.Store, Calendar: calendar.New(cast.Shanghai, calendar.Clock{Hour: 18}), Policy: d.Policy}
	if _, err := d.AddYear(ctx, duban.Console, year2027("N"), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := d.CorrectDay(ctx, duban.Console, calendar.Day{From: day2027(1, 10), Source: "S"}); err != nil {
		t.Fatal(err)
	}
	if changed, err := other.Learn(ctx); err != nil || !changed || other.Calendar.Edition() != d.Calendar.Edition() || !other.Calendar.IsWorkingDay(day2027(1, 10)) {
		t.Errorf("not learnt: %v, %v", changed, err)
	}
	if changed, err := other.Learn(ctx); err != nil || changed {
		t.Errorf("learnt again: %v, %v", changed, err)
	}
}

func TestWhoeverAddsAtTheSameTimeTheCalendarKnowsAll(t *testing.T) {
	d := cast.Open(t)
	var adding sync.WaitGroup
	for n := range 20 {
		adding.Go(func() {
			if _, err := d.CorrectDay(ctx, duban.Console, calendar.Day{From: day2027(3, 1).Add(n), Off: true, Source: "S"}); err != nil {
				t.Error(err)
			}
		})
	}
	adding.Wait()
	for n := range 20 {
		if day := day2027(3, 1).Add(n); d.Calendar.IsWorkingDay(day) {
			t.Errorf("%s is not known to be off", day)
		}
	}
}

// unitOf returns the id of a unit of the cast.
func unitOf(t *testing.T, d *work.Desk, name string) (id int64) {
	t.Helper()
	cast.Read(t, d, func(tx *store.Tx) error {
		units, err := tx.UnitsNamed(name)
		id = units[0].ID
		return err
	})
	return id
}

func TestADeadlineInAVacationIsWarnedOfAndNotRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 23, 9, 0, 0, 0, cast.Shanghai)))
		d := cast.Open(t)
		admin, officer := cast.Join(t, d, "LM", 1), cast.Join(t, d, "WF", 2)
		school := unitOf(t, d, "市第五中学党委")
		winter := duban.SchoolVacation{UnitID: school, Vacation: calendar.Vacation{Name: "寒假", From: day2027(1, 20), To: day2027(2, 20)}}
		_, err := d.AddVacation(ctx, officer, winter)
		wantCode(t, err, duban.NotAllowed)
		backward := winter
		backward.To = day2027(1, 1)
		_, err = d.AddVacation(ctx, admin, backward)
		wantCode(t, err, duban.BadRange)
		if changed, err := d.AddVacation(ctx, admin, winter); err != nil || !changed {
			t.Fatal(changed, err)
		}
		if changed, err := d.AddVacation(ctx, admin, winter); err != nil || changed {
			t.Error("the same vacation again changes something", err)
		}
		row := func(code, units, due string) work.TaskRow {
			return work.TaskRow{Line: 2, Code: code, Title: "报送", Duty: "报送", Units: units, Due: due, Priority: duban.Normal, Evidence: duban.Evidence{Kind: duban.NoEvidence}}
		}
		for _, want := range []struct {
			row     work.TaskRow
			reasons []work.ProblemReason
			about   string
		}{
			{row("V-1", "市第五中学党委", "2027-02-01"), []work.ProblemReason{work.DueProvisional, work.DueInVacation}, "市第五中学党委"},
			{row("V-2", "高一年级党支部", "2027-02-01"), []work.ProblemReason{work.DueProvisional, work.DueInVacation}, "高一年级党支部"},
			{row("V-3", "all", "2027-02-01"), []work.ProblemReason{work.DueProvisional, work.DueInVacation}, "市第五中学党委、高一年级党支部"},
			{row("V-4", "实验小学党委", "2027-02-01"), []work.ProblemReason{work.DueProvisional}, "2027"},
			{row("V-5", "市第五中学党委", "2026-12-11"), nil, ""},
			{row("V-1", "市第五中学党委", "2027-02-01"), nil, ""}, // nothing is new
		} {
			result := importTasks(t, d, want.row)
			var reasons []work.ProblemReason
			last := ""
			for _, p := range result.Warned {
				reasons, last = append(reasons, p.Reason), p.Arg
			}
			if !result.Done || len(result.Problems) > 0 || !slices.Equal(reasons, want.reasons) || last != want.about {
				t.Errorf("%s: %+v", want.row.Code, result)
			}
		}
		var id int64
		cast.Read(t, d, func(tx *store.Tx) error {
			all, err := tx.VacationsBelow(school, day2027(1, 1))
			id = all[0].ID
			return err
		})
		_, err = d.DropVacation(ctx, officer, id)
		wantCode(t, err, duban.NotAllowed)
		if _, err := d.DropVacation(ctx, admin, id); err != nil {
			t.Error(err)
		}
		if result := importTasks(t, d, row("V-6", "市第五中学党委", "2027-02-01")); len(result.Warned) != 1 {
			t.Errorf("after it was dropped: %+v", result.Warned)
		}
	})
}

func TestADeadlineOfOneUnitMayCountFromItsVacation(t *testing.T) {
	d := cast.Open(t)
	school := unitOf(t, d, "市第五中学党委")
	today := d.Calendar.Today(time.Now())
	winter := calendar.Vacation{Name: "寒假", From: today.Add(30), To: today.Add(60)}
	if _, err := d.AddVacation(ctx, duban.Console, duban.SchoolVacation{UnitID: school, Vacation: winter}); err != nil {
		t.Fatal(err)
	}
	row := work.TaskRow{Line: 2, Code: "V-1", Title: "报送", Duty: "报送", Units: "市第五中学党委", Due: "寒假前", Priority: duban.Normal, Evidence: duban.Evidence{Kind: duban.NoEvidence}}
	if result := importTasks(t, d, row); !result.Done {
		t.Errorf("the vacation of the unit is not known: %+v", result)
	}
	row.Code, row.Units = "V-2", "市第五中学党委、实验小学党委"
	if result := importTasks(t, d, row); len(result.Problems) != 1 || result.Problems[0].Reason != work.DueAsks {
		t.Errorf("of two units one vacation was taken: %+v", result)
	}
}
