package calendar

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var drawnSpan = rapid.Int64Range(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), time.Date(2035, 1, 1, 0, 0, 0, 0, time.UTC).Unix())

func drawInstant(t *rapid.T, zone *time.Location, name string) time.Time {
	return time.Unix(drawnSpan.Draw(t, name), 0).In(zone)
}

// chineseDigit writes 0 to 59 as it is written in words.
func chineseDigit(n int) string {
	digits := []rune("〇一二三四五六七八九")
	switch tens, ones := n/10, n%10; {
	case n < 10:
		return string(digits[n])
	case ones == 0 && tens == 1:
		return "十"
	case tens == 1:
		return "十" + string(digits[ones])
	case ones == 0:
		return string(digits[tens]) + "十"
	default:
		return string(digits[tens]) + "十" + string(digits[ones])
	}
}

func chineseYear(year int) string {
	var s string
	for _, r := range fmt.Sprint(year) {
		s += string([]rune("〇一二三四五六七八九")[r-'0'])
	}
	return s
}

// waysToWrite are ways to write an instant to the minute, complete with its year.
var waysToWrite = []func(t time.Time) string{
	func(t time.Time) string { return t.Format("2006-01-02 15:04") },
	func(t time.Time) string { return t.Format("2006/1/2 15:04前") },
	func(t time.Time) string { return t.Format("2006.1.2 15:04") },
	func(t time.Time) string { return t.Format("2006-01-02T15:04:05Z07:00") },
	func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z07:00") },
	func(t time.Time) string { return t.Format("2006年1月2日15:04之前") },
	func(t time.Time) string {
		return "请于" + t.Format("2006年01月02日15时04分") + "前上报材料"
	},
	func(t time.Time) string {
		return t.Format("2006年1月2号") + "（周" + weekdayWord(t) + "）" + t.Format("15:04")
	},
	func(t time.Time) string {
		return fmt.Sprintf("%s年%s月%s日%s%s", chineseYear(t.Year()), chineseDigit(int(t.Month())), chineseDigit(t.Day()), twelveHour(t), "前")
	},
	func(t time.Time) string { return t.Format("Jan 2, 2006 3:04pm") },
	func(t time.Time) string { return t.Format("2 January 2006 15:04") },
}

func weekdayWord(t time.Time) string { return string([]rune("日一二三四五六")[t.Weekday()]) }

// twelveHour writes a time with its part of the day.
func twelveHour(t time.Time) string {
	part, hour := "上午", t.Hour()
	switch {
	case hour == 0:
		part = "凌晨"
	case hour == 12:
		part = "中午"
	case hour > 12 && hour < 18:
		part, hour = "下午", hour-12
	case hour >= 18:
		part, hour = "晚上", hour-12
	}
	return part + fmt.Sprintf("%d点%d分", hour, t.Minute())
}

func TestAnInstantWrittenInAnyWayIsReadBackAsItself(t *testing.T) {
	zone, c := shanghai(), office()
	rapid.Check(t, func(t *rapid.T) {
		now := drawInstant(t, zone, "now")
		want := drawInstant(t, zone, "due").Truncate(time.Minute)
		text := rapid.SampledFrom(waysToWrite).Draw(t, "way")(want)
		got := c.ParseDue(text, now)
		if got.Outcome != Understood || !got.Due.Instant.Equal(want) {
			t.Fatalf("%s: %s, want %s", text, meaning(got), want.Format("2006-01-02 15:04"))
		}
		if got.Past != !now.Before(want) {
			t.Fatalf("%s at %s: past = %v", text, now, got.Past)
		}
	})
}

func TestADayWithoutItsYearIsTheNextSuchDay(t *testing.T) {
	zone, c := shanghai(), office()
	rapid.Check(t, func(t *rapid.T) {
		now := drawInstant(t, zone, "now")
		today := DateOf(now)
		want := today.Add(rapid.IntRange(0, 364).Draw(t, "days"))
		if want.Month == time.February && want.Day == 29 {
			t.Skip("a day that not every year has")
		}
		text := fmt.Sprintf(rapid.SampledFrom([]string{"%d月%d日", "%d月%d日前", "请于%d月%d号前报送", "%d.%d前", "%d/%d"}).Draw(t, "way"), want.Month, want.Day)
		if got := c.ParseDue(text, now); got.Due.Date != want || got.Past {
			t.Fatalf("%s said on %s: %s, want %s", text, today, meaning(got), want)
		}
	})
}

func TestWorkingDaysAddedAndTakenAwayLeadBack(t *testing.T) {
	c := office()
	rapid.Check(t, func(t *rapid.T) {
		day := c.NextWorkingDay(DateOf(drawInstant(t, time.UTC, "day")))
		n := rapid.IntRange(-600, 600).Draw(t, "n")
		there := c.AddWorkingDays(day, n)
		if back := c.AddWorkingDays(there, -n); back != day {
			t.Fatalf("%s %+d = %s, and back = %s", day, n, there, back)
		}
		if counted := c.WorkingDaysBetween(day, there); counted != n {
			t.Fatalf("from %s to %s are %d working days, want %d", day, there, counted, n)
		}
	})
}

func TestWorkingTimeAddedIsWorkingTimePassed(t *testing.T) {
	zone, c := shanghai(), office()
	rapid.Check(t, func(t *rapid.T) {
		from := drawInstant(t, zone, "from")
		d := time.Duration(rapid.Int64Range(-400*3600, 400*3600).Draw(t, "seconds")) * time.Second
		to := c.AddWorkingTime(from, d)
		if passed := c.WorkingTime(from, to); passed != d {
			t.Fatalf("%s %+v = %s, which is %v later", from, d, to, passed)
		}
	})
}

func TestRulesAreReadBackAsTheyAreWritten(t *testing.T) {
	for _, text := range []string{
		"daily", "daily at=09:00", "workdays at=08:30", "weekly mon,fri at=17:00", "weekly wed every=2 from=2026-11-25", "weekly workday#-1",
		"monthly 5,last shift=before", "monthly fri#1", "monthly fri#-1 at=16:00", "monthly workday#-1", "quarterly lastworkdays#3",
		"quarterly 3/25", "quarterly 1/last shift=after", "yearly 06-30", "yearly 02-last", "yearly 02-29", "yearly workday#1", "cron 0 9 * * 1-5", "cron 30 8 * * 5-7",
	} {
		r, err := ParseRule(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if r.String() != text {
			t.Errorf("%s came back as %s", text, r)
		}
	}
}
