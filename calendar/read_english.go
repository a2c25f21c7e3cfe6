package calendar

import (
	"strconv"
	"time"
)

var englishWeekdays = []named[time.Weekday]{
	{"monday", time.Monday}, {"tuesday", time.Tuesday}, {"wednesday", time.Wednesday}, {"thursday", time.Thursday},
	{"friday", time.Friday}, {"saturday", time.Saturday}, {"sunday", time.Sunday}, {"mon", time.Monday}, {"tues", time.Tuesday},
	{"tue", time.Tuesday}, {"wed", time.Wednesday}, {"thurs", time.Thursday}, {"thur", time.Thursday}, {"thu", time.Thursday},
	{"fri", time.Friday}, {"sat", time.Saturday}, {"sun", time.Sunday},
}

var englishMonths = []named[int]{
	{"january", 1}, {"february", 2}, {"march", 3}, {"april", 4}, {"june", 6}, {"july", 7}, {"august", 8}, {"september", 9},
	{"october", 10}, {"november", 11}, {"december", 12}, {"jan", 1}, {"feb", 2}, {"mar", 3}, {"apr", 4}, {"may", 5}, {"jun", 6},
	{"jul", 7}, {"aug", 8}, {"sept", 9}, {"sep", 9}, {"oct", 10}, {"nov", 11}, {"dec", 12},
}

var englishNumbers = []named[int]{
	{"an", 1}, {"a", 1}, {"one", 1}, {"two", 2}, {"three", 3}, {"four", 4}, {"five", 5}, {"six", 6}, {"seven", 7}, {"eight", 8},
	{"nine", 9}, {"ten", 10},
}

var englishUnits = []named[unit]{
	{"working days", workingUnit}, {"working day", workingUnit}, {"business days", workingUnit}, {"business day", workingUnit},
	{"workdays", workingUnit}, {"workday", workingUnit}, {"days", dayUnit}, {"day", dayUnit}, {"weeks", weekUnit}, {"week", weekUnit},
	{"months", monthUnit}, {"month", monthUnit}, {"years", yearUnit}, {"year", yearUnit}, {"hours", hourUnit}, {"hour", hourUnit},
	{"hrs", hourUnit}, {"minutes", minuteUnit}, {"minute", minuteUnit}, {"mins", minuteUnit}, {"min", minuteUnit},
	{"seconds", secondUnit}, {"second", secondUnit},
}

// wordOf steps over a whole English word of a table.
func wordOf[T any](s *scanner, table []named[T]) (T, bool) {
	back := *s
	value, ok := takeNamed(s, table)
	if ok && !isLetter(s.peek()) {
		s.take(".")
		return value, true
	}
	*s = back
	var none T
	return none, false
}

func (s *scanner) wholeWord(words ...string) bool {
	for _, word := range words {
		back := *s
		if s.take(word) && !isLetter(s.peek()) {
			return true
		}
		*s = back
	}
	return false
}

// englishDay reads tomorrow, next Friday, Dec 5, 5 December 2026, end of the month, EOD.
func (p *reader) englishDay(s *scanner) (said, bool) {
	if !isLetter(s.peek()) && !isDigit(s.peek()) {
		return said{}, false
	}
	if s.wholeWord("on", "the") {
		s.spaces()
	}
	for _, kind := range []func(*scanner) (said, bool){p.englishRelative, p.englishWeekday, p.englishEnd, p.englishMonthDay} {
		try := *s
		if got, ok := kind(&try); ok {
			*s = try
			return got, true
		}
	}
	return said{}, false
}

func (p *reader) englishRelative(s *scanner) (said, bool) {
	switch {
	case s.wholeWord("day after tomorrow"):
		return said{date: p.today.Add(2)}, true
	case s.wholeWord("tomorrow", "tmr"):
		return said{date: p.today.Add(1)}, true
	case s.wholeWord("today", "tonight"):
		return said{date: p.today, spoken: true}, true
	case s.wholeWord("yesterday"):
		return said{date: p.today.Add(-1)}, true
	}
	return said{}, false
}

func (p *reader) englishWeekday(s *scanner) (said, bool) {
	weeks, prefixed := 0, false
	switch {
	case s.wholeWord("next"):
		weeks, prefixed = 1, true
	case s.wholeWord("this"):
		prefixed = true
	case s.wholeWord("coming"):
	}
	s.spaces()
	start := monday(p.today).Add(7 * weeks)
	if prefixed && s.wholeWord("week") {
		return p.week(start), true
	}
	if prefixed && s.wholeWord("month") {
		first := firstOfMonth(p.today).AddMonths(weeks)
		return said{date: monthEnd(first.Year, first.Month), stretch: true, assumed: []Assumption{AssumedEndOfPeriod}}, true
	}
	day, ok := wordOf(s, englishWeekdays)
	if !ok {
		return said{}, false
	}
	got := p.dayOfWeek(start, day, prefixed)
	got.weak = isShortWord(s)
	return got, true
}

// isShortWord says whether the abbreviation just read may be another word: sat, sun, mon.
func isShortWord(s *scanner) bool {
	back := scanner{s.runes, s.at - 3}
	return back.seesAny("sat", "sun") && !isLetter(back.ahead(-1))
}

func (p *reader) englishEnd(s *scanner) (said, bool) {
	month, quarter := monthEnd(p.today.Year, p.today.Month), (p.today.Month-1)/3*3+3
	switch {
	case s.wholeWord("eod", "end of day", "end of the day", "cob", "close of business"):
		return said{date: p.today}, true
	case s.wholeWord("eow", "end of week", "end of the week", "end of this week"):
		return p.week(monday(p.today)), true
	case s.wholeWord("end of next week"):
		return p.week(monday(p.today).Add(7)), true
	case s.wholeWord("eom", "end of month", "end of the month", "end of this month"):
		return said{date: month}, true
	case s.wholeWord("end of next month"):
		next := firstOfMonth(p.today).AddMonths(1)
		return said{date: monthEnd(next.Year, next.Month)}, true
	case s.wholeWord("eoq", "end of quarter", "end of the quarter"):
		return said{date: monthEnd(p.today.Year, quarter)}, true
	case s.wholeWord("eoy", "end of year", "end of the year", "year end"):
		return said{date: Date{p.today.Year, time.December, 31}}, true
	}
	if !s.wholeWord("end of") {
		return said{}, false
	}
	s.spaces()
	number, ok := wordOf(s, englishMonths)
	if !ok {
		return said{}, false
	}
	m := p.numberedMonth(0, false, number)
	return p.ahead(said{date: endOf(m)}, m), true
}

// englishMonthDay reads Dec 5, December 5th, 2026, 5 Dec 2026.
func (p *reader) englishMonthDay(s *scanner) (said, bool) {
	monthFirst := isLetter(s.peek())
	var month, day int
	var ok bool
	if monthFirst {
		if month, ok = wordOf(s, englishMonths); !ok {
			return said{}, false
		}
		s.spaces()
	}
	n, ok := s.arabic()
	if !ok || n.digits > 2 {
		return said{}, false
	}
	day = n.value
	s.take("st", "nd", "rd", "th")
	if !monthFirst {
		s.spaces()
		s.wholeWord("of")
		s.spaces()
		if month, ok = wordOf(s, englishMonths); !ok {
			return said{}, false
		}
	}
	if isDigit(s.peek()) || isLetter(s.peek()) {
		return said{}, false
	}
	return p.englishYear(s, month, day)
}

func (p *reader) englishYear(s *scanner, month, day int) (said, bool) {
	back := *s
	s.take(",")
	s.spaces()
	year, ok := s.arabic()
	if !ok || year.digits != 4 || !plausibleYear(year.value) {
		*s = back
		return p.inYearAhead(month, day, false)
	}
	if day < 1 || day > 31 {
		return said{}, false
	}
	return inYear(year.value, month, day), true
}

// english reads durations and rules: in 3 working days, within 48 hours, every Friday 17:00.
func (p *reader) english(s *scanner) (claim, bool) {
	if s.wholeWord("every", "each") {
		s.spaces()
		return p.englishRule(s)
	}
	announced := s.wholeWord("in", "within")
	s.spaces()
	sp, ok := s.englishSpan()
	if !ok {
		return claim{}, false
	}
	back := *s
	s.spaces()
	if s.wholeWord("ago", "before") {
		return claim{reading: ask(ReasonEventDate), weak: true}, true
	}
	if s.wholeWord("after") {
		return claim{reading: ask(ReasonEventDate)}, true
	}
	fromNow := s.wholeWord("from now", "later")
	if !fromNow {
		*s = back
	}
	reading, ok := p.spanReading(sp, p.now)
	return claim{reading: reading, weak: !announced && !fromNow, marked: announced}, ok
}

func (s *scanner) englishSpan() (span, bool) {
	if s.wholeWord("half an hour") {
		return span{clock: 30 * time.Minute}, true
	}
	n, ok := s.arabic()
	if !ok {
		value, worded := wordOf(s, englishNumbers)
		n, ok = numeral{value: value}, worded
	}
	if !ok || n.value > longestSpan {
		return span{}, false
	}
	s.spaces()
	u, ok := wordOf(s, englishUnits)
	return u.times(n), ok
}

func (p *reader) englishRule(s *scanner) (claim, bool) {
	r := Rule{}
	switch day, ok := wordOf(s, englishWeekdays); {
	case ok:
		r = Rule{Every: EveryWeek, Weekdays: []time.Weekday{day}}
	case s.wholeWord("working day", "business day", "workday", "weekday"):
		r = Rule{Every: EveryWorkingDay}
	case s.wholeWord("day"):
		r = Rule{Every: EveryDay}
	case s.wholeWord("month"):
		r = Rule{Every: EveryMonth, Days: []int{s.dayOfEnglishMonth()}}
	default:
		return claim{}, false
	}
	back := *s
	s.spaces()
	s.wholeWord("at")
	s.spaces()
	var assumed []Assumption
	if at, ok := p.clock(s, false); ok && !at.impossible && p.inOffice(at).hour < 24 {
		settled := p.inOffice(at)
		r.At = &Clock{settled.hour, settled.minute}
		assumed = p.clockAssumptions(at)
	} else {
		*s = back
	}
	next, ok := p.cal.Next(r, p.now)
	return claim{reading: Reading{Outcome: Recurring, Rule: r, Due: next.Due, Assumed: assumed}}, ok
}

// dayOfEnglishMonth reads on the 5th, or nothing, which is the last day.
func (s *scanner) dayOfEnglishMonth() int {
	back := *s
	s.spaces()
	s.wholeWord("on")
	s.spaces()
	s.wholeWord("the")
	s.spaces()
	if n, ok := s.arabic(); ok && n.value >= 1 && n.value <= 31 && s.take("st", "nd", "rd", "th") {
		return n.value
	}
	*s = back
	return LastDay
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// timestamp reads an instant with its offset from UTC: 2026-12-05T18:00:00+08:00, 2026-12-05T10:00Z.
func (s *scanner) timestamp(zone *time.Location) (time.Time, bool) {
	if !isDigit(s.peek()) || s.ahead(4) != '-' || s.ahead(10) != 't' && s.ahead(10) != ' ' || s.ahead(13) != ':' {
		return time.Time{}, false
	}
	end := s.at + 16
	for end < len(s.runes) && (isDigit(s.runes[end]) || s.runes[end] == ':' || s.runes[end] == '.') {
		end++
	}
	if end >= len(s.runes) {
		return time.Time{}, false
	}
	body := []byte(string(s.runes[s.at:end]))
	body[10] = 'T'
	switch {
	case s.runes[end] == 'z':
		end++
		body = append(body, 'Z')
	case (s.runes[end] == '+' || s.runes[end] == '-') && end+6 <= len(s.runes):
		body = append(body, string(s.runes[end:end+6])...)
		end += 6
	default:
		return time.Time{}, false
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, string(body)); err == nil && plausibleYear(t.Year()) {
			s.at = end
			return t.Truncate(time.Second).In(zone), true
		}
	}
	return time.Time{}, false
}
