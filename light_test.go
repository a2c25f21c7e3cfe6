package duban

import (
	"testing"
	"time"

	"duban/calendar"
)

func TestTheLightsOfAnAssignmentOverItsLife(t *testing.T) {
	// Issued on Monday 12 October, due on Friday 6 November: 19 working days.
	due := calendar.Due{Date: mustDate(t, "2026-11-06")}
	at := func(state State) Assignment {
		return Assignment{State: state, IssuedAt: mustTime(t, "2026-10-12 09:00"), Due: due, OriginalDue: due}
	}
	submitted := func(state State, when string) Assignment {
		a := at(state)
		a.SubmittedAt = mustTime(t, when)
		return a
	}
	for _, test := range []struct {
		name string
		a    Assignment
		now  string
		want Light
	}{
		{"fresh and unsigned", at(Issued), "2026-10-12 10:00", Grey},
		{"signed", at(Accepted), "2026-10-12 10:00", Green},
		{"seven working days left, 37 %", at(Accepted), "2026-10-28 09:00", Green},
		{"less than 30 % of the working time left", at(Accepted), "2026-10-30 12:00", Yellow},
		{"unsigned in the yellow time", at(Issued), "2026-10-30 12:00", Yellow},
		{"three working days left", at(Returned), "2026-11-03 12:00", Yellow},
		{"less than 15 % left", at(Accepted), "2026-11-04 15:00", Orange},
		{"one working day left", at(Accepted), "2026-11-05 09:00", Orange},
		{"the due day after office hours", at(Accepted), "2026-11-06 23:59", Orange},
		{"the midnight after", at(Accepted), "2026-11-07 00:00", Red},
		{"submitted, though the deadline is past", submitted(Submitted, "2026-11-06 20:00"), "2026-11-20 09:00", Blue},
		{"closed, submitted on the evening of the due day", submitted(Closed, "2026-11-06 23:00"), "2026-11-20 09:00", ClosedGood},
		{"closed, submitted a minute too late", submitted(Closed, "2026-11-07 00:01"), "2026-11-20 09:00", ClosedLate},
	} {
		if got := LightOf(test.a, DefaultLights, cityCalendar(), mustTime(t, test.now)); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestAnInstantTurnsRedAtOnce(t *testing.T) {
	moment := mustTime(t, "2026-10-16 15:30")
	a := Assignment{State: Accepted, IssuedAt: mustTime(t, "2026-10-12 09:00"), Due: cityCalendar().DueAt(moment)}
	if got := LightOf(a, DefaultLights, cityCalendar(), moment.Add(-time.Second)); got != Orange {
		t.Errorf("a second before: %s", got)
	}
	if got := LightOf(a, DefaultLights, cityCalendar(), moment); got != Red {
		t.Errorf("at the moment: %s", got)
	}
}

func TestYellowNeverComesEarlierThanFifteenWorkingDaysBefore(t *testing.T) {
	// A year's task: 30 % of its working time are about 70 working days.
	a := Assignment{State: Accepted, IssuedAt: mustTime(t, "2026-01-04 09:00"), Due: calendar.Due{Date: mustDate(t, "2026-12-18")}}
	cal := cityCalendar()
	for day := mustDate(t, "2026-09-01"); day.Before(mustDate(t, "2026-12-18")); day = day.Add(1) {
		now := day.At(calendar.Clock{Hour: 12}, shanghai)
		left, light := cal.WorkingDaysLeft(a.Due, now), LightOf(a, DefaultLights, cal, now)
		if left > 15 && light != Green {
			t.Fatalf("%s, with %d working days left: %s", day, left, light)
		}
		if left == 15 && light == Green {
			t.Fatalf("%s, with 15 working days left, 30 %% being long past: %s", day, light)
		}
	}
}

func TestDaysEarlyJudgesTheSubmissionInWorkingDays(t *testing.T) {
	for _, test := range []struct {
		due, submitted string
		want           int
	}{
		{"2026-10-16", "2026-10-16 23:00", 0},
		{"2026-10-16", "2026-10-14 09:00", 2},
		{"2026-10-16", "2026-10-17 10:00", -1}, // a Saturday: late, though no working day has passed
		{"2026-10-16", "2026-10-20 10:00", -2},
		{"2026-09-30", "2026-10-08 09:00", -1}, // over the holiday
		{"2026-10-08", "2026-09-30 09:00", 1},
	} {
		a := Assignment{State: Closed, SubmittedAt: mustTime(t, test.submitted), Due: calendar.Due{Date: mustDate(t, test.due)}}
		if got := DaysEarly(a, cityCalendar()); got != test.want {
			t.Errorf("due %s, submitted %s: %d, want %d", test.due, test.submitted, got, test.want)
		}
	}
}
