package calendar

import (
	"testing"
	"time"
)

func shanghai() *time.Location {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	return zone
}

func mustDate(tb testing.TB, s string) Date {
	tb.Helper()
	d, err := ParseDate(s)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func TestWorkingDaysAreCountedWithoutTheDayOfStart(t *testing.T) {
	c := New(shanghai(), Clock{18, 0})
	for _, want := range []struct {
		from string
		n    int
		to   string
	}{
		{"2026-09-24", 5, "2026-10-09"},
		{"2026-09-24", 6, "2026-10-10"},
		{"2026-09-18", 1, "2026-09-20"},
		{"2026-02-12", 3, "2026-02-24"},
		{"2026-04-30", 3, "2026-05-08"},
		{"2026-04-30", 5, "2026-05-11"},
		{"2026-10-08", -1, "2026-09-30"},
		{"2026-10-08", -3, "2026-09-28"},
		{"2026-10-12", -1, "2026-10-10"},
		{"2026-10-03", -1, "2026-09-30"},
		{"2026-10-03", 1, "2026-10-08"},
	} {
		from, to := mustDate(t, want.from), mustDate(t, want.to)
		if got := c.AddWorkingDays(from, want.n); got != to {
			t.Errorf("%s %+d working days = %s, want %s", want.from, want.n, got, want.to)
		}
		if got := c.WorkingDaysBetween(from, to); got != want.n && c.IsWorkingDay(from) {
			t.Errorf("working days from %s to %s = %d, want %d", want.from, want.to, got, want.n)
		}
	}
}
