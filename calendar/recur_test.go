package calendar

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

// zonesWithChanges change their clocks at night, at midnight, by half an hour, around Ramadan, or not at all.
var zonesWithChanges = []string{
	"Asia/Shanghai", "America/New_York", "Europe/Berlin", "Africa/Cairo", "America/Santiago", "Asia/Beirut", "Australia/Lord_Howe", "Africa/Casablanca",
}

func zoneNamed(tb testing.TB, name string) *time.Location {
	tb.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return zone
}

func mustRule(tb testing.TB, text string) Rule {
	tb.Helper()
	r, err := ParseRule(text)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func TestEachLocalDayHasExactlyOneDailyOccurrenceInEightZonesOverFiveYears(t *testing.T) {
	for _, name := range zonesWithChanges {
		zone := zoneNamed(t, name)
		c := New(zone, Clock{18, 0})
		for _, text := range []string{"daily at=00:00", "daily at=00:30", "daily at=01:30", "daily at=02:00", "daily at=02:30", "daily at=23:30", "cron 30 2 * * *", "cron 0 0 * * *", "daily"} {
			eachDayOnce(t, c, mustRule(t, text), Date{2024, 1, 1}, Date{2028, 12, 31})
		}
	}
}

// eachDayOnce walks from occurrence to occurrence and holds them against the days.
func eachDayOnce(t *testing.T, c *Calendar, r Rule, first, last Date) {
	t.Helper()
	after := first.At(Clock{}, c.zone)
	if r.At != nil || r.Every == EveryCron {
		after = after.Add(-time.Second)
	}
	keys := map[string]bool{}
	for day := first; !day.After(last); day = day.Add(1) {
		next, ok := c.Next(r, after)
		if !ok || next.Due.Date != day {
			t.Fatalf("%s in %s: after %v comes %v, want one on %s", r, c.zone, after, next.Due, day)
		}
		if keys[next.Key] || !strings.HasPrefix(next.Key, r.String()+"@"+day.String()) {
			t.Fatalf("%s in %s: key %s on %s", r, c.zone, next.Key, day)
		}
		keys[next.Key] = true
		after = c.End(next.Due)
	}
}

func TestADateThatTheZoneSkippedHasNoOccurrence(t *testing.T) {
	c := New(zoneNamed(t, "Pacific/Apia"), Clock{18, 0})
	for _, text := range []string{"daily at=09:00", "cron 0 9 * * *", "daily"} {
		var days []string
		for _, next := range c.Between(mustRule(t, text), Date{2011, 12, 29}.At(Clock{}, c.zone), Date{2012, 1, 1}.At(Clock{}, c.zone), 9) {
			days = append(days, next.Due.Date.String())
		}
		if got := strings.Join(days, " "); got != "2011-12-29 2011-12-31" {
			t.Errorf("%s: %s", text, got)
		}
	}
}

func TestATimeThatClocksSkipComesAtTheFirstInstantAfter(t *testing.T) {
	zone := zoneNamed(t, "America/New_York")
	if got := (Date{2026, 3, 8}).At(Clock{2, 30}, zone).Format(time.RFC3339); got != "2026-03-08T03:00:00-04:00" {
		t.Errorf("gap: %s", got)
	}
	if got := (Date{2026, 11, 1}).At(Clock{1, 30}, zone).Format(time.RFC3339); got != "2026-11-01T01:30:00-04:00" {
		t.Errorf("fold: %s", got)
	}
	if got := (Date{2026, 10, 4}).At(Clock{2, 15}, zoneNamed(t, "Australia/Lord_Howe")).Format(time.RFC3339); got != "2026-10-04T02:30:00+11:00" {
		t.Errorf("half an hour: %s", got)
	}
}

func TestRulesComeDueOnTheirDays(t *testing.T) {
	c := office()
	for _, sample := range []struct{ rule, from, want string }{
		{"monthly 31", "2026-11-23", "2026-11-30 2026-12-31 2027-01-31 2027-02-28"},
		{"monthly 29", "2027-01-30", "2027-02-28 2027-03-29 2027-04-29 2027-05-29"},
		{"monthly 29", "2028-01-30", "2028-02-29 2028-03-29 2028-04-29 2028-05-29"},
		{"yearly 02-29", "2026-11-23", "2027-02-28 2028-02-29 2029-02-28 2030-02-28"},
		{"monthly 5 shift=before", "2026-08-20", "2026-09-04 2026-09-30 2026-11-05 2026-12-04"},
		{"monthly 5 shift=after", "2026-08-20", "2026-09-07 2026-10-08 2026-11-05 2026-12-07"},
		{"monthly 1 shift=before", "2026-09-20", "2026-09-30 2026-10-30 2026-12-01 2026-12-31"},
		{"monthly 1,2,3 shift=after", "2026-09-20", "2026-10-08 2026-11-02 2026-11-03 2026-12-01"},
		{"monthly fri#1", "2026-11-23", "2026-12-04 2027-01-01 2027-02-05 2027-03-05"},
		{"monthly fri#-1", "2026-11-23", "2026-11-27 2026-12-25 2027-01-29 2027-02-26"},
		{"monthly mon#5", "2026-11-01", "2026-11-30 2027-03-29 2027-05-31 2027-08-30"},
		{"monthly workday#-1", "2026-09-10", "2026-09-30 2026-10-30 2026-11-30 2026-12-31"},
		{"monthly workday#1", "2026-09-10", "2026-10-08 2026-11-02 2026-12-01 2027-01-04"},
		{"monthly lastworkdays#2", "2026-09-10", "2026-09-29 2026-09-30 2026-10-29 2026-10-30"},
		{"quarterly 3/25", "2026-11-23", "2026-12-25 2027-03-25 2027-06-25 2027-09-25"},
		{"quarterly 1/last", "2026-11-23", "2027-01-31 2027-04-30 2027-07-31 2027-10-31"},
		{"quarterly lastworkdays#2", "2026-11-23", "2026-12-30 2026-12-31 2027-03-30 2027-03-31"},
		{"weekly mon,fri", "2026-11-23", "2026-11-23 2026-11-27 2026-11-30 2026-12-04"},
		{"weekly wed every=2 from=2026-11-23", "2026-11-23", "2026-11-25 2026-12-09 2026-12-23 2027-01-06"},
		{"weekly wed every=2 from=2026-11-30", "2026-11-23", "2026-12-02 2026-12-16 2026-12-30 2027-01-13"},
		{"weekly workday#-1", "2026-09-14", "2026-09-20 2026-09-24 2026-09-30 2026-10-10"},
		{"workdays", "2026-09-24", "2026-09-24 2026-09-28 2026-09-29 2026-09-30"},
		{"monthly last every=6 from=2026-06-30", "2026-11-23", "2026-12-31 2027-06-30 2027-12-31 2028-06-30"},
		{"daily every=10 from=2026-11-20", "2026-11-23", "2026-11-30 2026-12-10 2026-12-20 2026-12-30"},
		{"cron 0 9 * * 1", "2026-11-23", "2026-11-23 2026-11-30 2026-12-07 2026-12-14"},
		{"cron 0 9 * * 7", "2026-11-23", "2026-11-29 2026-12-06 2026-12-13 2026-12-20"},
		{"cron 0 0 29 2 *", "2026-11-23", "2028-02-29 2032-02-29 2036-02-29 2040-02-29"},
		{"cron 0 0 29 2 *", "2096-03-01", "2104-02-29 2108-02-29 2112-02-29 2116-02-29"},
	} {
		after := mustDate(t, sample.from).At(Clock{}, c.zone)
		var days []string
		for range 4 {
			next, ok := c.Next(mustRule(t, sample.rule), after)
			if !ok {
				break
			}
			days = append(days, next.Due.Date.String())
			after = c.End(next.Due)
		}
		if got := strings.Join(days, " "); got != sample.want {
			t.Errorf("%s from %s:\n got %s\nwant %s", sample.rule, sample.from, got, sample.want)
		}
	}
}

func TestAnOccurrenceKeepsItsKeyWhenTheCalendarMovesIt(t *testing.T) {
	before := office()
	after := New(shanghai(), Clock{18, 0}, Year{Year: 2026, Days: []Day{{From: Date{2026, 12, 31}, Off: true}, {From: Date{2026, 12, 25}, Off: true}}})
	now := Date{2026, 12, 20}.At(Clock{}, before.zone)
	for _, text := range []string{"monthly workday#-1", "monthly 25 shift=before", "monthly lastworkdays#1"} {
		r := mustRule(t, text)
		was, _ := before.Next(r, now)
		is, _ := after.Next(r, now)
		if was.Key != is.Key || was.Due == is.Due {
			t.Errorf("%s: %s on %s, then %s on %s", text, was.Key, was.Due.Date, is.Key, is.Due.Date)
		}
	}
}

func TestNoCronLineGetsPastTheGuard(t *testing.T) {
	for _, line := range []string{
		"", "TZ=UTC", "TZ=", "TZ=0", "CRON_TZ=UTC", "CRON_TZ=Europe/Moscow", "CRON_TZ=Asia/Shanghai 0 9 * * *", "@every 5m", "@every -5m", "@reboot",
		"0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "* * * *", "* * * * * *", "60 * * * *", "0 24 * * *", "0 0 * * 8", "0 0 L * *", "0 0 * * 5#3", "*/0 * * * *", "a b c d e",
	} {
		if r, err := ParseRule("cron " + line); err == nil {
			t.Errorf("%q was taken as %s", line, r)
		}
	}
	for _, line := range []string{"0 9 * * 1-5", "*/15 8-18 * * mon-fri", "0 0 1 jan *", "0 9 * * 5-7", "@daily", "@monthly"} {
		if _, err := ParseRule("cron " + line); err != nil {
			t.Errorf("%q: %v", line, err)
		}
	}
}

func TestRulesThatMakeNoSenseAreRefused(t *testing.T) {
	for _, text := range []string{
		"", "hourly", "monthly", "weekly", "weekly 5", "monthly 0", "monthly 32", "monthly fri", "monthly fri#0", "monthly fri#6", "monthly 5 workday#1",
		"quarterly 4/1", "quarterly 25", "yearly 02-30", "yearly 13-01", "daily shift=before", "weekly mon every=2", "weekly mon at=25:00", "daily 5",
		"monthly 5 shift=sideways", "monthly 5 every=-1", "weekly fri#1", "weekly workday#9", "workdays every=2 from=2026-01-01",
	} {
		if r, err := ParseRule(text); err == nil {
			t.Errorf("%q was taken as %s", text, r)
		}
	}
}

func TestOccurrencesComeInOrderEachWithItsOwnKey(t *testing.T) {
	texts := []string{"daily at=02:30", "workdays", "weekly mon,thu at=00:15", "monthly 1,15,last shift=before", "monthly 29,30,31 shift=after",
		"quarterly lastworkdays#3 at=17:00", "yearly 02-29", "cron */20 1-3 * * *", "cron 30 2 1,15 * 1"}
	calendars := map[string]*Calendar{}
	for _, name := range zonesWithChanges {
		calendars[name] = New(zoneNamed(t, name), Clock{18, 0})
	}
	rapid.Check(t, func(t *rapid.T) {
		c := calendars[rapid.SampledFrom(zonesWithChanges).Draw(t, "zone")]
		r, _ := ParseRule(rapid.SampledFrom(texts).Draw(t, "rule"))
		after := drawInstant(t, c.zone, "after")
		keys := map[string]bool{}
		for range 12 {
			next, ok := c.Next(r, after)
			if !ok || !c.End(next.Due).After(after) || keys[next.Key] {
				t.Fatalf("%s after %v: %+v, %v", r, after, next, ok)
			}
			if again, _ := c.Next(r, c.End(next.Due).Add(-time.Second)); again.Key != next.Key {
				t.Fatalf("%s a second before %v: %+v", r, next.Due, again)
			}
			keys[next.Key] = true
			after = c.End(next.Due)
		}
	})
}

func ExampleCalendar_Next() {
	c := New(time.FixedZone("CST", 8*3600), Clock{18, 0})
	r, _ := ParseRule("monthly 5 shift=before at=17:00")
	next, _ := c.Next(r, time.Date(2026, 11, 23, 10, 0, 0, 0, c.Zone()))
	fmt.Println(next.Due.Instant.Format("2006-01-02 15:04"), next.Key)
	// Output: 2026-12-04 17:00 monthly 5 shift=before at=17:00@2026-12-05
}
