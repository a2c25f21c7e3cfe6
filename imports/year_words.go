package imports

import (
	"strconv"
	"strings"
	"time"

	"duban/calendar"
	"duban/text"
)

// Months says month by month which days a year has off and which are worked, for a person to compare with the notice.
func Months(lang text.Lang, year calendar.Year) []string {
	var lines []string
	for _, month := range year.Preview() {
		var parts []string
		if len(month.Off) > 0 {
			parts = append(parts, text.Word(lang, "calendar.off", "days", daysOff(lang, month.Off)))
		}
		if len(month.Work) > 0 {
			parts = append(parts, text.Word(lang, "calendar.worked", "days", daysWorked(lang, month.Work)))
		}
		first := month.First.At(calendar.Clock{}, time.UTC).Format(text.Word(lang, "calendar.month_layout"))
		lines = append(lines, text.Word(lang, "calendar.month", "month", first, "days", strings.Join(parts, text.Word(lang, "calendar.between"))))
	}
	return lines
}

// daysOff puts days of one name that follow each other together, as notices do.
func daysOff(lang text.Lang, days []calendar.Day) string {
	var spans []string
	for from := 0; from < len(days); {
		to := from
		for to+1 < len(days) && days[to+1].Name == days[from].Name && days[to+1].From == days[to].From.Add(1) {
			to++
		}
		span := strconv.Itoa(days[from].From.Day)
		if to > from {
			span += "–" + strconv.Itoa(days[to].From.Day)
		}
		spans = append(spans, named(lang, span, days[from].Name))
		from = to + 1
	}
	return strings.Join(spans, text.Word(lang, "calendar.comma"))
}

// daysWorked names the day of the week of each, which is what a make-up day is checked by.
func daysWorked(lang text.Lang, days []calendar.Day) string {
	var all []string
	for _, day := range days {
		weekday := text.Word(lang, "weekday."+strconv.Itoa(int(day.From.Weekday())))
		all = append(all, named(lang, strconv.Itoa(day.From.Day), weekday))
	}
	return strings.Join(all, text.Word(lang, "calendar.comma"))
}

func named(lang text.Lang, days, name string) string {
	if name == "" {
		return text.Word(lang, "calendar.days", "days", days)
	}
	return text.Word(lang, "calendar.days_named", "days", days, "name", name)
}

// YearProblems says what looks wrong about a year, a line for each.
func YearProblems(lang text.Lang, problems []calendar.Problem) []string {
	var lines []string
	for _, p := range problems {
		day := ""
		if !p.Date.IsZero() {
			day = text.Day(lang, p.Date.Year, p.Date.Month, p.Date.Day)
		}
		lines = append(lines, text.Word(lang, "calendar.problem."+string(p.Kind), "day", day, "name", p.Name))
	}
	return lines
}
