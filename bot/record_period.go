package bot

import (
	"strings"
	"time"

	"duban/calendar"
	"duban/text"
)

// lastMonth is a period of the record beside those of exports.
const lastMonth = "lastmonth"

// recordPeriods are the periods that the record offers; others are typed.
var recordPeriods = []string{thisMonth, lastMonth, thisQuarter, thisYear}

// periodLayout is how the days of a typed period travel in a button.
const periodLayout = "20060102"

// writtenPeriod writes two days as a period that buttons carry.
func writtenPeriod(from, to calendar.Date) string {
	day := func(d calendar.Date) string { return strings.ReplaceAll(d.String(), "-", "") }
	return day(from) + "-" + day(to)
}

// typedPeriod reads what writtenPeriod writes.
func typedPeriod(period string) (from, to calendar.Date, ok bool) {
	first, last, ok := strings.Cut(period, "-")
	if !ok {
		return from, to, false
	}
	a, err1 := time.Parse(periodLayout, first)
	b, err2 := time.Parse(periodLayout, last)
	from, to = calendar.DateOf(a), calendar.DateOf(b)
	return from, to, err1 == nil && err2 == nil && !to.Before(from)
}

// recordDays returns the first and the last day of a period of the record; zero dates are without an end.
func recordDays(period string, today calendar.Date) (from, to calendar.Date) {
	if from, to, ok := typedPeriod(period); ok {
		return from, to
	}
	if period == lastMonth {
		first, _ := daysOf(thisMonth, today)
		return first.AddMonths(-1), first.Add(-1)
	}
	return daysOf(period, today)
}

// periodOf turns typed days into a period: a day or a month by itself, or from the first to the second. Of a day without a year the newest is meant that
// has begun. It is no period when a day does not exist or the second comes before the first.
func periodOf(days []text.TypedDay, today calendar.Date) (string, bool) {
	if len(days) == 0 {
		return "", false
	}
	first, last := days[0], days[len(days)-1]
	from := firstDay(first, today.Year)
	if first.Year == 0 && from.After(today) {
		from = firstDay(first, today.Year-1)
	}
	to := lastDay(last, from.Year)
	if last.Year == 0 && to.Before(from) {
		to = lastDay(last, from.Year+1)
	}
	if !from.Valid() || !to.Valid() || to.Before(from) {
		return "", false
	}
	return writtenPeriod(from, to), true
}

func firstDay(d text.TypedDay, year int) calendar.Date {
	if d.Year != 0 {
		year = d.Year
	}
	return calendar.Date{Year: year, Month: time.Month(d.Month), Day: max(d.Day, 1)}
}

// lastDay is the day itself, or the last one of a whole month.
func lastDay(d text.TypedDay, year int) calendar.Date {
	first := firstDay(d, year)
	if d.Day != 0 || !first.Valid() {
		return first
	}
	return first.AddMonths(1).Add(-1)
}

// recordPeriod understands the name of a period that the record offers.
func (p *page) recordPeriod(word string) (string, bool) {
	for _, period := range recordPeriods {
		if strings.EqualFold(word, period) || typedIs(word, "export.period."+period) {
			return period, true
		}
	}
	return "", word != "" && typedIs(word, "export.period."+allTime)
}

// periodWord names a period of the record.
func (p *page) periodWord(period string) string {
	if from, to, ok := typedPeriod(period); ok {
		return p.word("record.days", "from", from.String(), "to", to.String())
	}
	return p.word("export.period." + period)
}

// pressRecordDays says how other days are typed.
func (v *visit) pressRecordDays(call) error {
	v.say("record.how_days")
	return nil
}
