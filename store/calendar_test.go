package store

import (
	"reflect"
	"testing"
	"time"

	"duban"
	"duban/calendar"
)

func TestTheLaterOfAYearOrADayIsInForce(t *testing.T) {
	s := mustOpen(t)
	newYear := calendar.Date{Year: 2027, Month: time.January, Day: 1}
	year := func(notice string) duban.AddedYear {
		return duban.AddedYear{Source: "S", Year: calendar.Year{Year: 2027, Notice: notice, Days: []calendar.Day{{Name: "元旦", From: newYear, To: newYear.Add(2), Off: true}}}}
	}
	change := func(off bool) duban.DayChange {
		return duban.DayChange{Day: calendar.Day{From: newYear, Off: off, Source: "S"}}
	}
	editions := map[string]bool{}
	for _, fn := range []func(*Tx) error{
		func(*Tx) error { return nil },
		func(tx *Tx) error { return tx.AddYear(year("A")) },
		func(tx *Tx) error { return tx.AddYear(year("B")) },
		func(tx *Tx) error { return tx.AddDayChange(change(true)) },
		func(tx *Tx) error { return tx.AddDayChange(change(false)) },
	} {
		mustWrite(t, s, fn)
		mustRead(t, s, func(tx *Tx) error {
			edition, err := tx.CalendarEdition()
			editions[edition] = true
			return err
		})
	}
	if len(editions) != 5 {
		t.Errorf("editions: %v", editions)
	}
	var id int64
	mustRead(t, s, func(tx *Tx) error {
		years, err := tx.AddedYears()
		if err != nil || len(years) != 1 || years[0].AddedAt.IsZero() || !reflect.DeepEqual(years[0].Year, year("B").Year) {
			t.Errorf("years: %+v, %v", years, err)
		}
		days, err := tx.DayChanges()
		if err != nil || len(days) != 1 || days[0].Day != change(false).Day {
			t.Fatalf("days: %+v, %v", days, err)
		}
		id = days[0].ID
		return nil
	})
	mustWrite(t, s, func(tx *Tx) error { return tx.EndDayChange(id) })
	mustRead(t, s, func(tx *Tx) error {
		if days, err := tx.DayChanges(); err != nil || len(days) != 0 {
			t.Errorf("days after the end: %+v, %v", days, err)
		}
		if _, err := tx.DayChange(id); duban.CodeOf(err) != duban.NotFound {
			t.Errorf("the ended one: %v", err)
		}
		return nil
	})
}

func TestAVacationHoldsForAUnitAndWhatIsBelow(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	winter := calendar.Vacation{Name: "寒假", From: calendar.Date{Year: 2027, Month: time.January, Day: 20}, To: calendar.Date{Year: 2027, Month: time.February, Day: 20}}
	var branch, other, id int64
	mustWrite(t, s, func(tx *Tx) (err error) {
		if branch, err = tx.AddUnit(duban.Unit{Name: "支部", Kind: duban.Branch, ParentID: o.unit}); err != nil {
			return err
		}
		if other, err = tx.AddUnit(duban.Unit{Name: "另一单位", Kind: duban.SchoolCommittee}); err != nil {
			return err
		}
		id, err = tx.AddVacation(duban.SchoolVacation{UnitID: o.unit, Vacation: winter, Source: "校历", AddedBy: o.person})
		return err
	})
	mustRead(t, s, func(tx *Tx) error {
		for unit, want := range map[int64]int{o.unit: 1, branch: 1, other: 0} {
			if got, err := tx.VacationsOf(unit); err != nil || len(got) != want || want == 1 && got[0] != winter {
				t.Errorf("unit %d has %v, %v", unit, got, err)
			}
		}
		for day, want := range map[calendar.Date]int{winter.From: 1, winter.To: 1, winter.To.Add(1): 0} {
			if got, err := tx.VacationsBelow(o.unit, day); err != nil || len(got) != want {
				t.Errorf("from %s there are %v, %v", day, got, err)
			}
		}
		got, err := tx.Vacation(id)
		if err != nil || got.Vacation != winter || got.Source != "校历" || got.AddedBy != o.person || got.UnitID != o.unit {
			t.Errorf("%+v, %v", got, err)
		}
		return nil
	})
	mustWrite(t, s, func(tx *Tx) error { return tx.EndVacation(id) })
	mustRead(t, s, func(tx *Tx) error {
		if got, err := tx.VacationsOf(branch); err != nil || len(got) != 0 {
			t.Errorf("after the end: %v, %v", got, err)
		}
		return nil
	})
	if err := s.Write(ctx, func(tx *Tx) error {
		_, err := tx.AddVacation(duban.SchoolVacation{UnitID: o.unit, Vacation: calendar.Vacation{Name: "倒置", From: winter.To, To: winter.From}})
		return err
	}); err == nil {
		t.Error("the database takes a vacation that ends before it begins")
	}
}
