package text

import (
	"strconv"
	"time"
)

// Deadline is a deadline in plain values. Whoever knows the calendar fills it in; this package only finds the words.
type Deadline struct {
	Year  int
	Month time.Month
	Day   int
	Clock string // such as 15:00, or "" when the deadline is a date without a time
	Left  int    // working days left, as the calendar counts them; negative when the day is past
	Today bool   // the deadline is on the reader's today
	Over  bool   // the deadline has been missed
}

// Day writes a day with its weekday: 2026-12-04（周五） or Fri 2026-12-04.
func Day(lang Lang, year int, month time.Month, day int) string {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return Word(lang, "day", "date", t.Format(time.DateOnly), "weekday", Word(lang, "weekday."+strconv.Itoa(int(t.Weekday()))))
}

// Due writes a deadline and how far away it is: 2026-12-04（周五）15:00，还有9个工作日, …，今天截止 or …，已超期3个工作日.
func Due(lang Lang, d Deadline) string {
	day := d.when(lang)
	switch {
	case d.Over && d.Left < 0:
		return Word(lang, "due.days_over", "day", day, "n", -d.Left)
	case d.Over:
		return Word(lang, "due.just_over", "day", day)
	case d.Today:
		return Word(lang, "due.today", "day", day)
	case d.Left > 0:
		return Word(lang, "due.days_left", "day", day, "n", d.Left)
	}
	return Word(lang, "due.no_days_left", "day", day)
}

// Echo repeats a deadline to whoever typed it, before it is saved: 截止：2026-12-04（周五）15:00，还有9个工作日.
func Echo(lang Lang, d Deadline) string { return Word(lang, "due.echo", "due", Due(lang, d)) }

// when writes the day and time of a deadline without its distance: 2026-12-04（周五）15:00.
func (d Deadline) when(lang Lang) string {
	day := Day(lang, d.Year, d.Month, d.Day)
	if d.Clock == "" {
		return day
	}
	return Word(lang, "day.at", "day", day, "clock", d.Clock)
}

// Moment writes an instant as shortly as now allows: 10:04 on the same day, with the day before it in the same year, else with the year too.
// Both are shown in the zone that they carry, which has to be the organisation's.
func Moment(lang Lang, t, now time.Time) string {
	layout := "moment.far"
	switch {
	case t.Year() == now.Year() && t.YearDay() == now.YearDay():
		layout = "moment.today"
	case t.Year() == now.Year():
		layout = "moment.year"
	}
	return t.Format(Word(lang, layout))
}

// Span writes the time between two instants, each as Moment does: 02:10 至 06:40, from 02:10 to 06:40.
func Span(lang Lang, from, to, now time.Time) string {
	return Word(lang, "span", "from", Moment(lang, from, now), "to", Moment(lang, to, now))
}

// Duration writes how long something takes in at most two units, rounded to the nearest minute below a day and to the nearest hour above:
// 不到1分钟, 20分钟, 1小时20分钟, 2天3小时. What is negative counts as nothing.
func Duration(lang Lang, d time.Duration) string {
	switch {
	case d < time.Minute:
		return Word(lang, "duration.under_minute")
	case d.Round(time.Minute) < 24*time.Hour:
		minutes := int(d.Round(time.Minute) / time.Minute)
		return twoUnits(lang, "hours", minutes/60, "minutes", minutes%60)
	}
	hours := int(d.Round(time.Hour) / time.Hour)
	return twoUnits(lang, "days", hours/24, "hours", hours%24)
}

// Remaining writes how long something still takes: 还需约2分钟.
func Remaining(lang Lang, d time.Duration) string {
	if d < time.Minute {
		return Word(lang, "remaining.under_minute")
	}
	return Word(lang, "remaining", "duration", Duration(lang, d))
}

func twoUnits(lang Lang, bigUnit string, big int, smallUnit string, small int) string {
	first, second := Word(lang, "duration."+bigUnit, "n", big), Word(lang, "duration."+smallUnit, "n", small)
	switch {
	case big == 0:
		return second
	case small == 0:
		return first
	}
	return Word(lang, "duration.two", "first", first, "second", second)
}

// Size writes a number of bytes in the unit that reads best, cut down to a whole number: 20 MB, 640 KB.
func Size(bytes int64) string {
	switch {
	case bytes >= 1<<20:
		return strconv.FormatInt(bytes>>20, 10) + " MB"
	case bytes >= 1<<10:
		return strconv.FormatInt(bytes>>10, 10) + " KB"
	}
	return strconv.FormatInt(bytes, 10) + " B"
}
