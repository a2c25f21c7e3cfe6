package calendar

import (
	"testing"
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"
	lunar "github.com/6tail/lunar-go/calendar"
)

// missingFromOracle are days of the notice for 2013 that the oracle does not list: both are Sundays or Saturdays on which
// the notice had people work.
var missingFromOracle = map[string]bool{"2013-04-07": true, "2013-10-12": true}

func TestEveryDayFrom2007To2026AgreesWithAnIndependentSource(t *testing.T) {
	c := New(shanghai(), Clock{18, 0})
	for d := mustDate(t, "2007-01-01"); d.Year <= 2026; d = d.Add(1) {
		want := !isWeekend(d.Weekday())
		if holiday := HolidayUtil.GetHoliday(d.String()); holiday != nil {
			want = holiday.IsWork()
		}
		if missingFromOracle[d.String()] {
			want = true
		}
		if got := c.IsWorkingDay(d); got != want {
			t.Errorf("%s: working day = %v, want %v", d, got, want)
		}
	}
}

func TestLunarDaysAgreeWithAnIndependentSource(t *testing.T) {
	for d := mustDate(t, "1990-01-27"); d.Year <= lastLunarYear; d = d.Add(1) {
		l := lunar.NewSolarFromYmd(d.Year, int(d.Month), d.Day).GetLunar()
		if l.GetMonth() < 0 {
			continue
		}
		if got, ok := LunarDate(l.GetYear(), l.GetMonth(), l.GetDay()); !ok || got != d {
			t.Fatalf("lunar %d-%d-%d = %s, want %s", l.GetYear(), l.GetMonth(), l.GetDay(), got, d)
		}
	}
}

func TestQingmingAgreesWithAnIndependentSource(t *testing.T) {
	for year := firstLunarYear; year <= lastLunarYear; year++ {
		term := lunar.NewSolarFromYmd(year, int(time.April), 1).GetLunar().GetJieQiTable()["清明"]
		if want := (Date{year, time.April, term.GetDay()}); qingming(year) != want {
			t.Errorf("qingming %d = %s, want %s", year, qingming(year), want)
		}
	}
}
