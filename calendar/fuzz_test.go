package calendar

import (
	"testing"
	"time"
	"unicode/utf8"
)

func FuzzParseDue(f *testing.F) {
	for _, name := range []string{"date-phrases.tsv", "office-phrases.tsv", "more-phrases.tsv"} {
		for _, row := range rows(f, name) {
			f.Add(row[0], int64(1_795_332_000))
		}
	}
	c := office()
	f.Fuzz(func(t *testing.T, text string, at int64) {
		now := time.Unix(at%4_000_000_000, 0)
		got := c.ParseDue(text, now)
		checkReading(t, c, got, now)
		if utf8.ValidString(text) && len(got.Phrase) > len(text) {
			t.Fatalf("the phrase %q is longer than the text", got.Phrase)
		}
	})
}

// checkReading holds a reading against what every reading promises.
func checkReading(t *testing.T, c *Calendar, got Reading, now time.Time) {
	t.Helper()
	switch got.Outcome {
	case None:
		if !got.Due.IsZero() || got.Reason != "" {
			t.Fatalf("nothing with content: %+v", got)
		}
	case Understood:
		if got.Due.IsZero() || !got.Due.Date.Valid() {
			t.Fatalf("understood without a deadline: %+v", got)
		}
		if c.Overdue(got.Due, now.Truncate(time.Second)) != got.Past {
			t.Fatalf("past = %v for %v at %v", got.Past, got.Due, now)
		}
	case Recurring:
		if err := got.Rule.Check(); err != nil {
			t.Fatalf("a rule that is none: %v", err)
		}
		again, err := ParseRule(got.Rule.String())
		if err != nil || again.String() != got.Rule.String() {
			t.Fatalf("the rule %s does not come back: %v", got.Rule, err)
		}
		if c.Overdue(got.Due, now.Truncate(time.Second)) {
			t.Fatalf("the next time of %s is over: %v", got.Rule, got.Due)
		}
	case Ask, Refused:
		if got.Reason == "" || !got.Due.IsZero() {
			t.Fatalf("a question without a reason or with an answer: %+v", got)
		}
	default:
		t.Fatalf("no outcome: %+v", got)
	}
}

func FuzzRule(f *testing.F) {
	for _, text := range []string{
		"daily at=09:00", "workdays", "weekly mon,fri", "weekly wed every=2 from=2026-11-25", "monthly 5,last shift=before", "monthly fri#-1",
		"quarterly lastworkdays#3", "quarterly 3/25", "yearly 02-29", "cron 0 9 * * 1-5", "cron TZ=UTC", "cron CRON_TZ=Europe/Moscow", "cron TZ=0 0 0 0 0",
		"cron 0 0 30 2 *", "cron */7 1-5/2 * jan-mar sun-7", "cron @every -5m", "cron 0 0 29 2 1-7/2",
	} {
		f.Add(text, int64(1_795_332_000))
	}
	c := office()
	f.Fuzz(func(t *testing.T, text string, at int64) {
		r, err := ParseRule(text)
		if err != nil {
			return
		}
		after := time.Unix(at%4_000_000_000, 0)
		next, ok := c.Next(r, after)
		if ok && !c.End(next.Due).After(after) {
			t.Fatalf("%s after %v comes at %v", r, after, next.Due)
		}
		if again, err := ParseRule(r.String()); err != nil || again.String() != r.String() {
			t.Fatalf("%q is written %q and read back as %q: %v", text, r, again, err)
		}
	})
}

func FuzzParseNotice(f *testing.F) {
	for _, year := range ShippedYears() {
		f.Add(noticeText(year), year.Year)
	}
	f.Add("2027年\n一、元旦：2025年12月31日至2026年3月30日放假，12月29日公休日调至12月31日（星期一）", 0)
	f.Fuzz(func(t *testing.T, text string, fallback int) {
		year, problems := ParseNotice(text, fallback)
		if len(year.Days) == 0 && len(problems) == 0 {
			t.Fatal("nothing was read and nothing is wrong")
		}
		for _, day := range year.Days {
			if !day.From.Valid() || day.last().Before(day.From) {
				t.Fatalf("%+v is no day", day)
			}
		}
		year.Preview()
	})
}

func FuzzParseYear(f *testing.F) {
	f.Add([]byte("日期,名称,类型\n2027-01-01,元旦,休\n"))
	f.Add([]byte(`{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}`))
	zone := shanghai()
	f.Fuzz(func(t *testing.T, data []byte) {
		year, err := ParseYear(data, "N")
		if err != nil {
			return
		}
		year.Problems()
		year.Preview()
		New(zone, Clock{18, 0}, year).AddWorkingDays(Date{2027, 1, 1}, 10)
	})
}
