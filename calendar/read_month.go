package calendar

import "time"

// yearPrefixes count years from the present one.
var yearPrefixes = []named[int]{
	{"今年", 0}, {"本年度", 0}, {"本年", 0}, {"当年", 0}, {"明年", 1}, {"次年", 1}, {"来年", 1}, {"后年", 2}, {"去年", -1}, {"前年", -2},
}

// yearSaid steps over a year: 明年, 2026年, 二〇二六年, 26年. It returns false when there is none.
func (p *reader) yearSaid(s *scanner) (int, bool) {
	if n, ok := takeNamed(s, yearPrefixes); ok {
		s.spaces()
		return p.today.Year + n, true
	}
	back := *s
	n, ok := s.number()
	s.spaces()
	if !ok || !s.take("年") {
		*s = back
		return 0, false
	}
	year := n.value
	if n.digits == 2 && (n.listed || !n.chinese) {
		year += 2000
	}
	if !plausibleYear(year) || n.digits != 4 && n.digits != 2 {
		*s = back
		return 0, false
	}
	s.spaces()
	return year, true
}

// month is a month as it was said.
type month struct {
	first  Date
	loose  bool // neither its year nor its distance from the present month was said
	number int
}

var monthPrefixes = []named[int]{
	{"下下个月", 2}, {"下下月", 2}, {"下个月", 1}, {"下月", 1}, {"次月", 1}, {"上个月", -1}, {"上月", -1},
	{"本月", 0}, {"这个月", 0}, {"这月", 0}, {"当月", 0},
}

func (p *reader) monthSaid(s *scanner) (month, bool) {
	if n, ok := takeNamed(s, monthPrefixes); ok {
		return month{first: firstOfMonth(p.today).AddMonths(n)}, true
	}
	year, hasYear := p.yearSaid(s)
	if s.take("元月") {
		return p.numberedMonth(year, hasYear, 1), true
	}
	if !hasYear && s.peek() == '月' && (s.ahead(1) == '底' || s.ahead(1) == '末' || s.ahead(1) == '内' || s.ahead(1) == '初' || s.ahead(1) == '中') {
		s.at++
		return month{first: firstOfMonth(p.today)}, true
	}
	n, ok := s.number()
	s.spaces()
	if !ok || n.value < 1 || n.value > 12 || n.listed || n.digits > 2 || !s.take("月份", "月") {
		return month{}, false
	}
	return p.numberedMonth(year, hasYear, n.value), true
}

// numberedMonth is that month of the year said, else the first one that has not ended at the anchor.
func (p *reader) numberedMonth(year int, hasYear bool, n int) month {
	if hasYear {
		return month{first: Date{year, time.Month(n), 1}, number: n}
	}
	year = p.anchor.Year
	if monthEnd(year, time.Month(n)).Before(p.anchor) {
		year++
	}
	return month{first: Date{year, time.Month(n), 1}, loose: true, number: n}
}

func firstOfMonth(d Date) Date { return Date{d.Year, d.Month, 1} }

// monthAndDay reads a month with what follows of its day: 12月5日, 下月初, 12月上旬, 月底, 本月最后一个工作日.
func (p *reader) monthAndDay(s *scanner) (said, bool) {
	m, ok := p.monthSaid(s)
	if !ok {
		return said{}, false
	}
	back := *s
	s.take("的")
	s.spaces()
	if got, ok := p.numberedDay(s, m); ok {
		return got, true
	}
	if got, ok := p.countedDay(s, m); ok {
		return p.ahead(got, m), true
	}
	if got, ok := p.partOfMonth(s, m); ok {
		return p.ahead(got, m), true
	}
	*s = back
	got := said{date: endOf(m), weak: true, stretch: true, assumed: []Assumption{AssumedEndOfPeriod}}
	got.before, got.beforeAs = m.first.Add(-1), AssumedDayBefore
	return p.ahead(got, m), !s.seesAny("刊", "报", "亮", "饼", "球", "度")
}

// ahead moves a day whose year was not said into the next year when it is over.
func (p *reader) ahead(got said, m month) said {
	if !m.loose {
		return got
	}
	if got.date.Before(p.anchor) {
		got.date = got.date.AddMonths(12)
		if got.date.Month == time.February && got.date.Day == 28 {
			got.date = monthEnd(got.date.Year, got.date.Month)
		}
	}
	if p.anchor == p.today && got.date.Year > p.today.Year {
		got.assumed = append(got.assumed, AssumedNextYear)
	}
	return got
}

func endOf(m month) Date { return monthEnd(m.first.Year, m.first.Month) }

// numberedDay reads the day of the month. One without 日 must not count something else, and may be lunar.
func (p *reader) numberedDay(s *scanner, m month) (said, bool) {
	lunarStyle := s.peek() == '初' && isNumeral(s.ahead(1))
	if lunarStyle {
		s.at++
	}
	n, ok := s.number()
	if !ok || n.value < 1 || n.value > 31 || n.digits > 3 || n.listed {
		return said{}, false
	}
	got := inYear(m.first.Year, int(m.first.Month), n.value)
	if m.loose {
		got, _ = p.inYearAhead(m.number, n.value, false)
	}
	switch {
	case s.take("日", "号", " 日", " 号"):
	case s.seesAny("个", "天", "人", "次", "份", "项", "名", "元", "%", "小时", "点", ":", "年", "月", "周", "分", "家", "所", "条", "件"):
		return said{}, false
	case n.chinese:
		got.problem = ReasonLunarOrSolar
	}
	if lunarStyle {
		got.problem = ReasonLunarOrSolar
	}
	return got, true
}

// countedDay reads 第二个周五, 第一周的周五, 最后一个工作日, 第三个工作日.
func (p *reader) countedDay(s *scanner, m month) (said, bool) {
	n, ok := s.ordinal()
	if !ok {
		return said{}, false
	}
	if s.take("工作日") {
		return p.nthWorkingDay(m, n)
	}
	s.take("周的", "周")
	if s.ahead(-1) == '周' {
		if day, ok := s.weekdayChar(); ok {
			return nthWeekdayOf(m, day, n)
		}
	}
	day, ok := s.weekdayName()
	if !ok {
		return said{}, false
	}
	return nthWeekdayOf(m, day, n)
}

// ordinal steps over 第二个, 最后一个, 倒数第二个, 首个; the last is -1.
func (s *scanner) ordinal() (int, bool) {
	sign := 1
	switch {
	case s.take("首个"):
		return 1, true
	case s.take("最后一个", "最后1个", "最后一"):
		return -1, true
	case s.take("倒数第"):
		sign = -1
	case s.take("第"):
	default:
		return 0, false
	}
	n, ok := s.number()
	s.take("个")
	return sign * n.value, ok && n.value > 0 && n.value < 100
}

func (p *reader) nthWorkingDay(m month, n int) (said, bool) {
	date := p.cal.AddWorkingDays(endOf(m).Add(1), n)
	if n > 0 {
		date = p.cal.AddWorkingDays(m.first.Add(-1), n)
	}
	return said{date: date}, date.Month == m.first.Month
}

func nthWeekdayOf(m month, day time.Weekday, n int) (said, bool) {
	picks := nthWeekday(m.first, day, n)
	if len(picks) == 0 {
		return said{}, false
	}
	return said{date: picks[0].day}, true
}

// reviews follow a period end that names an occasion and no deadline: 年底考核.
var reviews = []string{"总结", "考核", "考试", "工作", "盘点", "述职", "测评", "考评", "慰问", "评比", "绩效", "奖", "结账", "报告", "报表"}

func (p *reader) partOfMonth(s *scanner, m month) (said, bool) {
	year, number := m.first.Year, m.first.Month
	switch {
	case s.take("底", "末"):
		return said{date: endOf(m), stretch: true, weak: s.seesAny(reviews...)}, true
	case s.take("初"):
		return said{date: m.first, assumed: []Assumption{AssumedStartOfPeriod}}, true
	case s.take("上旬"):
		return said{date: Date{year, number, 10}, stretch: true, assumed: []Assumption{AssumedEndOfPeriod}}, true
	case s.take("中旬"):
		return said{date: Date{year, number, 20}, stretch: true, assumed: []Assumption{AssumedEndOfPeriod}}, true
	case s.take("下旬"):
		return said{date: endOf(m), stretch: true, assumed: []Assumption{AssumedEndOfPeriod}}, true
	case s.peek() == '中' && !s.seesAny("中小", "中学", "中考", "中心", "中午", "中央", "中共", "中层", "中国"):
		s.at++
		return said{date: Date{year, number, 15}, assumed: []Assumption{AssumedMiddle}}, true
	case s.seesAny("之内", "以内", "内"):
		return said{date: endOf(m), stretch: true, assumed: []Assumption{AssumedEndOfPeriod}}, true
	}
	return said{}, false
}
