package text

import (
	"testing"
	"time"
)

func TestDeadlinesAreEchoedWithWeekdayAndDistance(t *testing.T) {
	day := Deadline{Year: 2026, Month: time.December, Day: 4}
	with := func(change func(*Deadline)) Deadline { d := day; change(&d); return d }
	for _, want := range []struct {
		deadline Deadline
		zh, en   string
	}{
		{with(func(d *Deadline) { d.Clock, d.Left = "15:00", 9 }),
			"截止：2026-12-04（周五）15:00，还有9个工作日", "Due: Fri 2026-12-04 15:00, 9 working days left"},
		{with(func(d *Deadline) { d.Left = 1 }),
			"截止：2026-12-04（周五），还有1个工作日", "Due: Fri 2026-12-04, 1 working day left"},
		{with(func(d *Deadline) { d.Today = true }),
			"截止：2026-12-04（周五），今天截止", "Due: Fri 2026-12-04, due today"},
		{with(func(d *Deadline) { d.Left, d.Over = -3, true }),
			"截止：2026-12-04（周五），已超期3个工作日", "Due: Fri 2026-12-04, 3 working days overdue"},
		{with(func(d *Deadline) { d.Clock, d.Over, d.Today = "15:00", true, true }),
			"截止：2026-12-04（周五）15:00，已超期，不足1个工作日", "Due: Fri 2026-12-04 15:00, overdue by less than a working day"},
		{with(func(d *Deadline) { d.Day = 5 }),
			"截止：2026-12-05（周六），期间无工作日", "Due: Sat 2026-12-05, no working day in between"},
	} {
		if got := Echo(ZH, want.deadline); got != want.zh {
			t.Errorf("%+v is echoed as %q, want %q", want.deadline, got, want.zh)
		}
		if got := Echo(EN, want.deadline); got != want.en {
			t.Errorf("%+v is echoed as %q, want %q", want.deadline, got, want.en)
		}
	}
}

func TestMomentsAreAsShortAsTodayAllows(t *testing.T) {
	at := func(s string) time.Time {
		t.Helper()
		moment, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	now := at("2026-11-24 18:00")
	for s, want := range map[string][2]string{
		"2026-11-24 10:04": {"10:04", "10:04"},
		"2026-11-23 10:04": {"11-23 10:04", "23 Nov 10:04"},
		"2025-11-24 10:04": {"2025-11-24 10:04", "24 Nov 2025 10:04"},
	} {
		if zh, en := Moment(ZH, at(s), now), Moment(EN, at(s), now); zh != want[0] || en != want[1] {
			t.Errorf("%s reads %q and %q, want %q", s, zh, en, want)
		}
	}
	from, to := at("2026-11-23 22:10"), at("2026-11-24 06:40")
	if got, want := Span(ZH, from, to, now), "11-23 22:10 至 06:40"; got != want {
		t.Errorf("span = %q, want %q", got, want)
	}
	if got, want := Span(EN, from, to, now), "from 23 Nov 22:10 to 06:40"; got != want {
		t.Errorf("span = %q, want %q", got, want)
	}
}

func TestDurationsHaveTwoUnitsAtMost(t *testing.T) {
	for d, want := range map[time.Duration][2]string{
		-time.Second:                 {"不到1分钟", "less than a minute"},
		59 * time.Second:             {"不到1分钟", "less than a minute"},
		time.Minute:                  {"1分钟", "1 minute"},
		100 * time.Second:            {"2分钟", "2 minutes"},
		time.Hour:                    {"1小时", "1 hour"},
		80 * time.Minute:             {"1小时20分钟", "1 hour 20 minutes"},
		24*time.Hour - time.Second:   {"1天", "1 day"},
		51*time.Hour + 3*time.Minute: {"2天3小时", "2 days 3 hours"},
	} {
		if zh, en := Duration(ZH, d), Duration(EN, d); zh != want[0] || en != want[1] {
			t.Errorf("%v reads %q and %q, want %q", d, zh, en, want)
		}
	}
	if got, want := Remaining(ZH, 2*time.Minute), "还需约2分钟"; got != want {
		t.Errorf("remaining = %q, want %q", got, want)
	}
	if got, want := Remaining(EN, time.Second), "less than a minute left"; got != want {
		t.Errorf("remaining = %q, want %q", got, want)
	}
}

func TestSizesAreNeverRoundedUp(t *testing.T) {
	for bytes, want := range map[int64]string{20 << 20: "20 MB", 20<<20 - 1: "19 MB", 640 << 10: "640 KB", 1023: "1023 B"} {
		if got := Size(bytes); got != want {
			t.Errorf("%d bytes read %q, want %q", bytes, got, want)
		}
	}
}
