package calendar

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// typedDate is a day as people type it: 2027-02-05, 2027年2月5日, 2月5日, 2.5, with the day of the week behind it.
const typedDate = `(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?:\s*\([^)]*\))?`

var (
	typedChange   = regexp.MustCompile(`(?s)^\s*` + typedDate + `\s*[,:]?\s*(?:改为|调为|调休|调整为|is\s|a\s)*\s*(上班|补班|班|休息|放假|休|working day|workday|work|day off|off|holiday)\s*(.*)$`)
	typedVacation = regexp.MustCompile(`(?s)^(.*?)\s*[,:]?\s*(?:自|从|from)?\s*` + typedDate + `\s*(?:起?至|起?到|-|to|until)\s*` + typedDate + `\s*止?\s*(.*)$`)
	sourceMark    = regexp.MustCompile(`^[\s,:;。、]*(?:依据|根据|来源|source)?[\s,:;]*`)
)

// workedWords are the words of typedChange for a day on which people work.
var workedWords = map[string]bool{"上班": true, "补班": true, "班": true, "working day": true, "workday": true, "work": true}

// ParseDayChange reads a correction of one day as an administrator types it, with who says so behind it: 2027-02-05 上班 市政府通知. Without a
// year it is the next such day from today on. It returns false for everything else.
func ParseDayChange(text string, today Date) (Day, bool) {
	m := match(typedChange, text)
	if m == nil {
		return Day{}, false
	}
	date := typedDay(m[1:4], today)
	if !date.Valid() || !plausibleYear(date.Year) {
		return Day{}, false
	}
	return Day{From: date, Off: !workedWords[strings.ToLower(m[4])], Source: sourceOf(m[5])}, true
}

// ParseVacation reads a vacation as an administrator types it, with the unit before and who says so behind it: 市第五中学党委 寒假 2027-01-20 至
// 2027-02-20 校历. Without a year a day is the next such day, the first from today on and the last from the first on. It returns false for everything
// else.
func ParseVacation(text string, today Date) (unit string, v Vacation, source string, ok bool) {
	m := match(typedVacation, text)
	if m == nil {
		return "", Vacation{}, "", false
	}
	unit, v.Name = unitAndName(m[1])
	v.From = typedDay(m[2:5], today)
	v.To = typedDay(m[5:8], v.From)
	if unit == "" || !v.From.Valid() || !v.To.Valid() || !plausibleYear(v.From.Year) || !plausibleYear(v.To.Year) {
		return "", Vacation{}, "", false
	}
	return unit, v, sourceOf(m[8]), true
}

// match finds what an expression over plain text finds, as it stands in the text itself; nil for nothing.
func match(re *regexp.Regexp, text string) []string {
	runes := []rune(text)
	same := string(plain(text))
	at := re.FindStringSubmatchIndex(same)
	if at == nil {
		return nil
	}
	found := make([]string, len(at)/2)
	for i := range found {
		if from, to := at[2*i], at[2*i+1]; from >= 0 {
			found[i] = string(runes[utf8.RuneCountInString(same[:from]):utf8.RuneCountInString(same[:to])])
		}
	}
	return found
}

// typedDay makes a date of the figures of typedDate.
func typedDay(figures []string, from Date) Date {
	date := Date{Year: figure(figures[0]), Month: time.Month(figure(figures[1])), Day: figure(figures[2])}
	if figures[0] != "" {
		return date
	}
	if date.Year = from.Year; date.Before(from) {
		date.Year++
	}
	return date
}

// figure reads a few digits, half-width or full-width.
func figure(s string) int { return atoi(string(plain(s))) }

// vacationNames end what stands before the dates without a space between unit and name.
var vacationNames = []string{"寒假", "暑假", "春假", "秋假", "假期"}

func unitAndName(before string) (unit, name string) {
	before = strings.Trim(strings.TrimSpace(before), ":：,，")
	for _, name := range vacationNames {
		if unit, found := strings.CutSuffix(before, name); found {
			return strings.TrimSpace(unit), name
		}
	}
	words := strings.Fields(before)
	if len(words) < 2 {
		return "", ""
	}
	return strings.Join(words[:len(words)-1], " "), words[len(words)-1]
}

func sourceOf(rest string) string {
	mark := match(sourceMark, rest)
	return strings.TrimSpace(strings.TrimPrefix(rest, mark[0]))
}
