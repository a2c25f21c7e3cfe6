package calendar

import (
	"encoding/json"
	"slices"
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

// office is the calendar of the tests: Shanghai, open until 18:00, with the shipped years.
func office() *Calendar { return New(shanghai(), Clock{18, 0}) }

func mustDate(tb testing.TB, s string) Date {
	tb.Helper()
	d, err := ParseDate(s)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func shanghaiTime(tb testing.TB, s string) time.Time {
	tb.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04:05", s, shanghai())
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func TestWorkingDaysAreCountedWithoutTheDayOfStart(t *testing.T) {
	c := office()
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
		{"2026-10-03", 0, "2026-10-03"},
		{"1980-01-04", 1, "1980-01-07"},
		{"2100-12-31", 1, "2101-01-03"},
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

func TestADateIsGoodToTheEndOfItsDayAndAnInstantToItself(t *testing.T) {
	c := office()
	date, instant := Due{Date: Date{2026, 12, 4}}, c.DueAt(shanghaiTime(t, "2026-12-04 15:00:00"))
	for _, want := range []struct {
		due     Due
		now     string
		overdue bool
		left    int
	}{
		{date, "2026-11-23 15:24:00", false, 9},
		{date, "2026-12-04 23:59:59", false, 0},
		{date, "2026-12-05 00:00:00", true, 0},
		{date, "2026-12-07 09:00:00", true, -1},
		{instant, "2026-11-23 15:24:00", false, 9},
		{instant, "2026-12-04 14:59:59", false, 0},
		{instant, "2026-12-04 15:00:00", true, 0},
	} {
		now := shanghaiTime(t, want.now)
		if got := c.Overdue(want.due, now); got != want.overdue {
			t.Errorf("%v at %s: overdue = %v", want.due, want.now, got)
		}
		if got := c.WorkingDaysLeft(want.due, now); got != want.left {
			t.Errorf("%v at %s: %d working days left, want %d", want.due, want.now, got, want.left)
		}
	}
	if got := c.Moment(date); !got.Equal(shanghaiTime(t, "2026-12-04 18:00:00")) {
		t.Errorf("reminders treat a date as %v", got)
	}
}

func TestStepsOfTheLadderLeadToTheirInstants(t *testing.T) {
	c, nine := office(), Clock{9, 0}
	date := func(s string) Due { return Due{Date: mustDate(t, s)} }
	for _, want := range []struct {
		due  Due
		step string
		at   string
	}{
		{date("2026-10-08"), "1wd", "2026-09-30 09:00:00"},
		{date("2026-10-08"), "3wd", "2026-09-28 09:00:00"},
		{date("2026-10-12"), "1wd", "2026-10-10 09:00:00"},
		{date("2026-10-08"), "2d", "2026-10-06 09:00:00"},
		{date("2026-10-08"), "0d", "2026-10-08 09:00:00"},
		{date("2026-10-04"), "0wd", "2026-09-30 09:00:00"},
		{date("2026-10-04"), "1wd", "2026-09-30 09:00:00"},
		{date("2026-12-04"), "4h", "2026-12-04 14:00:00"},
		{date("2026-12-04"), "30m", "2026-12-04 17:30:00"},
		{date("2026-12-04"), "10s", "2026-12-04 17:59:50"},
		{c.DueAt(shanghaiTime(t, "2026-12-04 15:00:00")), "10s", "2026-12-04 14:59:50"},
		{c.DueAt(shanghaiTime(t, "2026-12-04 15:00:00")), "1wd", "2026-12-03 09:00:00"},
	} {
		step, err := ParseStep(want.step)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Before(want.due, step, nine); !got.Equal(shanghaiTime(t, want.at)) {
			t.Errorf("%s before %v = %v, want %s", want.step, want.due, got, want.at)
		}
	}
}

func TestStepsAfterAnInstantKeepItsTimeOfDay(t *testing.T) {
	c, nine := office(), Clock{9, 0}
	for _, want := range []struct {
		from, step string
		at         *Clock
		to         string
	}{
		{"2026-09-30 16:20:05", "1wd", nil, "2026-10-08 16:20:05"},
		{"2026-09-30 16:20:05", "1wd", &nine, "2026-10-08 09:00:00"},
		{"2026-09-30 16:20:05", "1d", nil, "2026-10-01 16:20:05"},
		{"2026-09-30 16:20:05", "4h", &nine, "2026-09-30 20:20:05"},
		{"2026-09-30 16:20:05", "10s", nil, "2026-09-30 16:20:15"},
	} {
		step, _ := ParseStep(want.step)
		if got := c.After(shanghaiTime(t, want.from), step, want.at); !got.Equal(shanghaiTime(t, want.to)) {
			t.Errorf("%s after %s = %v, want %s", want.step, want.from, got, want.to)
		}
	}
}

func TestStepsAreReadAsTheyAreWritten(t *testing.T) {
	for _, text := range []string{"3wd", "2d", "0d", "4h", "30m", "10s"} {
		step, err := ParseStep(text)
		if err != nil || step.String() != text {
			t.Errorf("%s came back as %s: %v", text, step, err)
		}
	}
	for _, text := range []string{"", "3", "wd", "-1d", "1w", "3 wd", "1.5h", "9999999d", "3wdd"} {
		if step, err := ParseStep(text); err == nil {
			t.Errorf("%q was taken as %v", text, step)
		}
	}
}

func TestHeldMessagesGoAtTheNextDigestOrAtTheEndOfTheQuietTime(t *testing.T) {
	c := office()
	digest := Clock{8, 30}
	usual := Quiet{From: Clock{21, 0}, To: Clock{7, 0}, WorkingDaysOnly: true, Resume: &digest}
	noDigest, everyDay, off := usual, usual, usual
	noDigest.Resume, everyDay.WorkingDaysOnly, off.Off = nil, false, true
	for _, want := range []struct {
		quiet    Quiet
		from, to string
	}{
		{usual, "2026-11-23 20:59:59", "2026-11-23 20:59:59"},
		{usual, "2026-11-23 21:00:00", "2026-11-24 08:30:00"},
		{usual, "2026-11-24 06:59:59", "2026-11-24 08:30:00"},
		{usual, "2026-11-24 07:00:00", "2026-11-24 07:00:00"},
		{usual, "2026-11-27 22:00:00", "2026-11-30 08:30:00"},
		{usual, "2026-11-28 10:00:00", "2026-11-30 08:30:00"},
		{usual, "2026-10-10 10:00:00", "2026-10-10 10:00:00"},
		{usual, "2026-09-30 21:30:00", "2026-10-08 08:30:00"},
		{noDigest, "2026-11-23 21:00:00", "2026-11-24 07:00:00"},
		{noDigest, "2026-11-28 10:00:00", "2026-11-30 07:00:00"},
		{everyDay, "2026-11-28 10:00:00", "2026-11-28 10:00:00"},
		{everyDay, "2026-11-27 22:00:00", "2026-11-28 08:30:00"},
		{off, "2026-11-28 03:00:00", "2026-11-28 03:00:00"},
		{Quiet{From: Clock{12, 0}, To: Clock{14, 0}}, "2026-11-23 13:00:00", "2026-11-23 14:00:00"},
		{Quiet{WorkingDaysOnly: true}, "2026-11-28 13:00:00", "2026-11-30 00:00:00"},
		{Quiet{}, "2026-11-28 13:00:00", "2026-11-28 13:00:00"},
	} {
		if got := c.NextAllowed(want.quiet, shanghaiTime(t, want.from)); !got.Equal(shanghaiTime(t, want.to)) {
			t.Errorf("%+v at %s: %v, want %s", want.quiet, want.from, got, want.to)
		}
	}
}

func TestQuietTimeEndsWhenTheWallClockSaysSoWhereClocksChange(t *testing.T) {
	c := New(zoneNamed(t, "America/New_York"), Clock{18, 0})
	quiet := Quiet{From: Clock{21, 0}, To: Clock{7, 0}}
	for from, want := range map[string]string{
		"2026-03-08T01:30:00-05:00": "2026-03-08T07:00:00-04:00",
		"2026-11-01T01:30:00-04:00": "2026-11-01T07:00:00-05:00",
	} {
		at, _ := time.Parse(time.RFC3339, from)
		if got := c.NextAllowed(quiet, at).Format(time.RFC3339); got != want {
			t.Errorf("from %s: %s, want %s", from, got, want)
		}
	}
}

func TestOnlyOfficeHoursOfWorkingDaysAreWorkingTime(t *testing.T) {
	c := office()
	for _, want := range []struct {
		from, to string
		worked   time.Duration
	}{
		{"2026-11-23 10:00:00", "2026-11-23 12:30:00", 150 * time.Minute},
		{"2026-11-23 07:00:00", "2026-11-23 20:00:00", 9 * time.Hour},
		{"2026-11-27 17:00:00", "2026-11-30 10:00:00", 2 * time.Hour},
		{"2026-09-30 17:00:00", "2026-10-08 10:00:00", 2 * time.Hour},
		{"2026-10-09 18:00:00", "2026-10-12 09:00:00", 9 * time.Hour},
		{"2026-11-28 08:00:00", "2026-11-29 20:00:00", 0},
		{"2026-11-30 10:00:00", "2026-11-27 17:00:00", -2 * time.Hour},
	} {
		if got := c.WorkingTime(shanghaiTime(t, want.from), shanghaiTime(t, want.to)); got != want.worked {
			t.Errorf("from %s to %s: %v, want %v", want.from, want.to, got, want.worked)
		}
	}
}

func TestVacationsOfAUnitAreFoundByDay(t *testing.T) {
	vacations := Vacations{{"暑假", Date{2027, 7, 5}, Date{2027, 8, 31}}, {"寒假", Date{2027, 1, 23}, Date{2027, 2, 21}}}
	if v, ok := vacations.On(Date{2027, 2, 21}); !ok || v.Name != "寒假" {
		t.Errorf("on 2027-02-21: %v, %v", v, ok)
	}
	if v, ok := vacations.On(Date{2027, 2, 22}); ok {
		t.Errorf("on 2027-02-22: %v", v)
	}
	if v, ok := vacations.After(Date{2026, 11, 23}); !ok || v.Name != "寒假" {
		t.Errorf("after 2026-11-23: %v, %v", v, ok)
	}
	if v, ok := vacations.After(Date{2027, 7, 5}); ok {
		t.Errorf("after 2027-07-05: %v", v)
	}
}

func TestADeadlineInAYearWithoutANoticeSaysSo(t *testing.T) {
	c, now := office(), shanghaiTime(t, "2026-11-23 15:24:00")
	for text, want := range map[string]bool{"12月31日前": false, "元旦": true, "明年3月底": true, "30个工作日内": true, "每年6月30日前": true} {
		if got := c.ParseDue(text, now); got.Provisional != want {
			t.Errorf("%s: provisional = %v", text, got.Provisional)
		}
	}
}

func TestADeadlineThatIsOverSaysSo(t *testing.T) {
	c, now := office(), shanghaiTime(t, "2026-11-23 19:24:00")
	for text, want := range map[string]bool{"昨天": true, "今天下班前": true, "今天": false, "2026-11-22": true, "上周五": true, "本周一": false, "今天上午": true, "下班前": false} {
		if got := c.ParseDue(text, now); got.Past != want {
			t.Errorf("%s: past = %v, %s", text, got.Past, meaning(got))
		}
	}
}

func TestWhatWasAssumedIsNamed(t *testing.T) {
	c, now := office(), shanghaiTime(t, "2026-11-23 15:24:00")
	for text, want := range map[string]Assumption{
		"周五前": AssumedIncludesDay, "元旦前": AssumedDayBefore, "3月5日前": AssumedNextYear, "3号前": AssumedNextMonth, "周一上午": AssumedNextWeek,
		"上午10点": AssumedNextDay, "明天3点": AssumedOfficeHours, "明天下午": AssumedPartOfDay, "12月内": AssumedEndOfPeriod, "下月初": AssumedStartOfPeriod,
		"月中": AssumedMiddle, "这周内": AssumedLastWorkingDay, "12月1日至5日": AssumedRangeEnd, "5天内": AssumedMoved, "腊月廿三": AssumedLunar,
		"11月20日会议要求，请于12月5日前报送": AssumedMarked, "双周星期三": AssumedIsoWeeks,
	} {
		if got := c.ParseDue(text, now); !got.Has(want) {
			t.Errorf("%s: assumed %v, want %s", text, got.Assumed, want)
		}
	}
}

func TestThePhraseIsThePartOfTheTextThatWasRead(t *testing.T) {
	c, now := office(), shanghaiTime(t, "2026-11-23 15:24:00")
	for text, want := range map[string]string{
		"收集各校安全自查表，本周五17:00前提交": "本周五17:00前", "请于１２月５日下午５点前将材料报送": "１２月５日下午５点前", "三个工作日内": "三个工作日内",
	} {
		if got := c.ParseDue(text, now); got.Phrase != want {
			t.Errorf("%s: the phrase is %q, want %q", text, got.Phrase, want)
		}
	}
}

func TestWordsOfTheSchoolYearAreResolvedByTheVacationsOfTheUnit(t *testing.T) {
	c, now := office(), shanghaiTime(t, "2026-11-23 15:24:00")
	vacations := Vacations{{"寒假", Date{2027, 1, 23}, Date{2027, 2, 21}}, {"暑假", Date{2027, 7, 5}, Date{2027, 8, 31}}}
	for text, want := range map[string]string{
		"放假前": "2027-01-22", "寒假前": "2027-01-22", "暑假前": "2027-07-02", "学期末": "2027-01-22", "期末前": "2027-01-22", "本学期内": "2027-01-22",
		"开学前": "2027-02-19", "寒假结束前": "2027-02-19", "开学后一周": "2027-03-01", "开学后3个工作日内": "2027-02-25", "开学后": "ask school_calendar",
		"会后7日内": "ask event_date",
	} {
		if got := meaning(c.ParseDueIn(vacations, text, now)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestWhereAFactIsMissingADateIsOffered(t *testing.T) {
	c, now := office(), shanghaiTime(t, "2026-11-23 15:24:00")
	for text, want := range map[string]string{"尽快": "2026-11-26", "放假前": "2026-12-31", "节前": "2026-12-31", "会后7日内": ""} {
		if got := c.ParseDue(text, now).Offer.Date.String(); got != want {
			t.Errorf("%s: offered %q, want %q", text, got, want)
		}
	}
}

func TestAReadingSurvivesItsJSON(t *testing.T) {
	c, now := office(), shanghaiTime(t, "2026-11-23 15:24:00")
	for _, text := range []string{"下周五下午3点前", "月底前", "每月5日前", "会后7日内", "尽快", "一起开会"} {
		want := c.ParseDue(text, now)
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got Reading
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		if meaning(got) != meaning(want) || got.Phrase != want.Phrase || !slices.Equal(got.Assumed, want.Assumed) {
			t.Errorf("%s came back as %+v", data, got)
		}
	}
}

func TestStepsAndClocksAreWrittenAsText(t *testing.T) {
	type settings struct {
		Steps []Step
		At    Clock
	}
	data, err := json.Marshal(settings{[]Step{{3, WorkingDays}, {10, Seconds}}, Clock{9, 0}})
	if err != nil || string(data) != `{"Steps":["3wd","10s"],"At":"09:00"}` {
		t.Fatalf("%s, %v", data, err)
	}
	var back settings
	if err := json.Unmarshal(data, &back); err != nil || len(back.Steps) != 2 || back.Steps[1] != (Step{10, Seconds}) || back.At != (Clock{9, 0}) {
		t.Errorf("%+v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"At":"25:00"}`), &back); err == nil {
		t.Error("25:00 was taken for a time of day")
	}
}
