package calendar

import "testing"

func BenchmarkParseDue(b *testing.B) {
	c, now := office(), shanghaiTime(b, "2026-11-23 15:24:00")
	for _, phrase := range []string{"下周五下午3点前", "三个工作日内", "请于12月5日下午5点前将材料报送至教育局办公室", "每季度末月25日前"} {
		b.Run(phrase, func(b *testing.B) {
			for b.Loop() {
				c.ParseDue(phrase, now)
			}
		})
	}
}

func BenchmarkAdd250WorkingDays(b *testing.B) {
	c := office()
	from := mustDate(b, "2026-01-05")
	for b.Loop() {
		c.AddWorkingDays(from, 250)
	}
}

func BenchmarkNext(b *testing.B) {
	c, now := office(), shanghaiTime(b, "2026-11-23 15:24:00")
	for _, text := range []string{"daily at=09:00", "monthly 31 shift=before at=17:00", "yearly 02-29", "cron 0 9 * * 1-5", "cron 0 0 29 2 *"} {
		r, err := ParseRule(text)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				c.Next(r, now)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	zone := shanghai()
	for b.Loop() {
		New(zone, Clock{18, 0})
	}
}
