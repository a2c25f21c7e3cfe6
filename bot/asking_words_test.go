package bot

import (
	"testing"
	"time"

	"duban/calendar"
	"duban/work"
)

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
