package bot

import (
	"testing"
	"time"

	"duban/calendar"
	"duban/work"
)

func TestWhatIsSaidForMoreTimeIsPartedIntoDateAndReason(t *testing.T) {
	for _, c := range []struct{ said, date, reason string }{
		{"", "", ""},
		{"周五", "周五", ""},
		{"到周五", "周五", ""},
		{"12月10日下午3点，因为出差", "12月10日下午3点", "出差"},
		{"12月10日 因出差", "12月10日", "出差"},
		{"12月15日，场地维修", "12月15日", "场地维修"},
		{"两天。理由：材料未齐", "两天", "材料未齐"},
		{"因为出差", "", "出差"},
		{"until Friday because of a training", "Friday", "a training"},
		{"2026-12-10 due to illness", "2026-12-10", "illness"},
	} {
		if date, reason := untilAndWhy(c.said); date != c.date || reason != c.reason {
			t.Errorf("%q was parted into %q and %q, want %q and %q", c.said, date, reason, c.date, c.reason)
		}
	}
}

func TestALengthOfTimeCountsFromThePresentDeadline(t *testing.T) {
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	cal := calendar.New(zone, calendar.Clock{Hour: 18})
	v := &visit{Bot: &Bot{Desk: &work.Desk{Calendar: cal}}, now: time.Date(2026, 11, 23, 9, 0, 0, 0, zone)}
	day := calendar.Due{Date: calendar.Date{Year: 2026, Month: 12, Day: 4}}
	instant := cal.DueAt(time.Date(2026, 12, 4, 15, 0, 0, 0, zone))
	for _, c := range []struct {
		said    string
		present calendar.Due
		want    string
	}{
		{"3个工作日", day, "2026-12-09"},
		{"两个工作日", day, "2026-12-08"},
		{"再多3个工作日", day, "2026-12-09"},
		{"一周", day, "2026-12-11"},
		{"3 working days", day, "2026-12-09"},
		{"2个工作日", instant, "2026-12-08 15:00"},
		{"12月10日", instant, "2026-12-10"},
		{"12月10日下午3点", day, "2026-12-10 15:00"},
	} {
		r, _ := v.readUntil(c.said, c.present)
		got := ""
		if r.Outcome == calendar.Understood {
			got = r.Due.Date.String()
			if !r.Due.IsDate() {
				got += r.Due.Instant.In(zone).Format(" 15:04")
			}
		}
		if got != c.want {
			t.Errorf("%q after %v is %q, want %q", c.said, c.present.Date, got, c.want)
		}
	}
}

func TestAnObjectionBeginsWithItsWord(t *testing.T) {
	for said, want := range map[string]string{
		"异议：公章在第二页": "公章在第二页", "我单位有异议": "", "有异议，已按模板": "已按模板", "无异议": "-", "没有异议": "-", "objection: see page 2": "see page 2",
		"We object, it is there": "it is there", "objective reached": "-",
	} {
		reason, ok := objection(said)
		if !ok {
			reason = "-"
		}
		if reason != want {
			t.Errorf("%q objects with %q, want %q", said, reason, want)
		}
	}
}
