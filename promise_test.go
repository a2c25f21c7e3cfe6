package duban

import (
	"testing"
	"time"

	"duban/calendar"
)

func TestAPromiseIsAskedForWhenItWasToBeKept(t *testing.T) {
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	cal := calendar.New(zone, calendar.Clock{Hour: 18})
	at := func(s string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	day := func(d int) calendar.Due { return calendar.Due{Date: calendar.Date{Year: 2026, Month: 11, Day: d}} }
	for name, c := range map[string]struct {
		now           string
		promised, due calendar.Due
		want          string
	}{
		"a day":                         {"2026-11-23 09:00", day(24), day(30), "2026-11-24 16:00"},
		"an hour":                       {"2026-11-23 09:00", cal.DueAt(at("2026-11-24 10:30")), day(30), "2026-11-24 10:30"},
		"today":                         {"2026-11-23 09:00", day(23), day(30), "2026-11-23 16:00"},
		"today, said in the evening":    {"2026-11-23 17:00", day(23), day(30), "2026-11-23 18:00"},
		"today, said at night":          {"2026-11-23 20:00", day(23), day(30), "2026-11-23 21:00"},
		"later than the deadline":       {"2026-11-23 09:00", day(30), day(25), "2026-11-25 18:00"},
		"the deadline is past already":  {"2026-11-23 09:00", day(24), day(20), "2026-11-24 16:00"},
		"an hour after the due instant": {"2026-11-23 09:00", cal.DueAt(at("2026-11-23 12:00")), cal.DueAt(at("2026-11-23 10:00")), "2026-11-23 10:00"},
	} {
		if got := PromisedMoment(c.promised, c.due, cal, at(c.now)); !got.Equal(at(c.want)) {
			t.Errorf("%s: asked at %s, want %s", name, got.In(zone).Format("2006-01-02 15:04"), c.want)
		}
	}
}
