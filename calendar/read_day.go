package calendar

import (
	"slices"
	"strings"
	"time"
)

// day steps over a day: 明天, 下周五, 12月5日, 2026-12-05, 月底, 元旦, Friday.
func (p *reader) day(s *scanner) (said, bool) {
	for _, kind := range []func(*scanner) (said, bool){
		p.relativeDay, p.weekday, p.figures, p.lunarDay, p.festival, p.monthAndDay, p.monthDay, p.quarter, p.halfYear, p.yearEnd,
		p.countedWorkingDay, p.englishDay,
	} {
		try := *s
		if got, ok := kind(&try); ok {
			*s = try
			return got, true
		}
	}
	return said{}, false
}

var relativeDays = []named[int]{
	{"今明两天", 1}, {"今明两日", 1}, {"明后两天", 2}, {"明后天", 2}, {"大后天", 3}, {"大前天", -3},
	{"今天", 0}, {"今日", 0}, {"今儿", 0}, {"本日", 0}, {"明天", 1}, {"明日", 1}, {"明儿", 1}, {"次日", 1}, {"翌日", 1},
	{"后天", 2}, {"后日", 2}, {"昨天", -1}, {"昨日", -1}, {"前天", -2},
}

// shortDays are understood in front of a part of the day only: 今晚, 明早.
var shortDays = []named[int]{{"今", 0}, {"明", 1}, {"后", 2}, {"昨", -1}}

func (p *reader) relativeDay(s *scanner) (said, bool) {
	if n, ok := takeNamed(s, relativeDays); ok {
		return said{date: p.today.Add(n), spoken: n == 0}, !s.seesAny("头条", "天", "星", "说法", "更", "资讯", "之星")
	}
	if s.take("当天", "当日") {
		return said{date: p.today, weak: true}, true
	}
	n, ok := takeNamed(s, shortDays)
	if !ok || !s.seesAny("早", "晚", "晨", "夜", "上午", "下午", "中午") {
		return said{}, false
	}
	return said{date: p.today.Add(n)}, true
}

// weekPrefixes count weeks from the present one.
var weekPrefixes = []named[int]{
	{"下下个", 2}, {"下下", 2}, {"上上个", -2}, {"上上", -2}, {"下个", 1}, {"下一个", 1}, {"下", 1}, {"上个", -1}, {"上一个", -1},
	{"上", -1}, {"本", 0}, {"这个", 0}, {"这一", 0}, {"这", 0}, {"此", 0},
}

var weekdayChars = []named[time.Weekday]{
	{"一", time.Monday}, {"二", time.Tuesday}, {"三", time.Wednesday}, {"四", time.Thursday}, {"五", time.Friday},
	{"六", time.Saturday}, {"日", time.Sunday}, {"天", time.Sunday}, {"1", time.Monday}, {"2", time.Tuesday},
	{"3", time.Wednesday}, {"4", time.Thursday}, {"5", time.Friday}, {"6", time.Saturday}, {"7", time.Sunday},
}

// weekdayName steps over 周五, 星期五, 礼拜五.
func (s *scanner) weekdayName() (time.Weekday, bool) {
	back := *s
	if !s.take("周", "星期", "礼拜") {
		return 0, false
	}
	if day, ok := s.weekdayChar(); ok {
		return day, true
	}
	*s = back
	return 0, false
}

func (s *scanner) weekdayChar() (time.Weekday, bool) {
	back := *s
	day, ok := takeNamed(s, weekdayChars)
	if !ok || isDigit(s.ahead(-1)) && isDigit(s.peek()) || s.seesAny("次", "个", "份", "程", "报", "般", "起来", "年级", "班", "级") {
		*s = back
		return 0, false
	}
	return day, true
}

// weekday reads a day of a week, or the week itself, which stands for its last working day.
func (p *reader) weekday(s *scanner) (said, bool) {
	weeks, prefixed := takeNamed(s, weekPrefixes)
	s.spaces()
	if !s.take("周", "星期", "礼拜") {
		return said{}, false
	}
	start := monday(p.today).Add(7 * weeks)
	if s.take("末") {
		got := p.weekend(start)
		got.weak = !prefixed
		return got, true
	}
	if day, ok := s.weekdayChar(); ok {
		return p.dayOfWeek(start, day, prefixed), true
	}
	if !prefixed {
		return p.week(start), s.sees("内")
	}
	return p.partOfWeek(s, start), true
}

func (p *reader) dayOfWeek(start Date, day time.Weekday, prefixed bool) said {
	date := start.Add((int(day) + 6) % 7)
	if prefixed {
		return said{date: date}
	}
	got := said{date: date, roll: rollWeek}
	for got.date.Before(p.anchor) {
		got.date = got.date.Add(7)
	}
	if monday(got.date) != monday(p.today) {
		got.assumed = append(got.assumed, AssumedNextWeek)
	}
	return got
}

func (p *reader) weekend(start Date) said {
	return said{
		date: start.Add(6), stretch: true, assumed: []Assumption{AssumedEndOfPeriod},
		before: p.cal.LastWorkingDay(start.Add(4)), beforeAs: AssumedLastWorkingDay,
	}
}

// week is due on its last working day from today on, or on its Sunday when there is none left.
func (p *reader) week(start Date) said {
	end := start.Add(6)
	last := p.cal.LastWorkingDay(end)
	if last.Before(start) || last.Before(p.today) && !end.Before(p.today) {
		return said{date: end, stretch: true, assumed: []Assumption{AssumedEndOfPeriod}}
	}
	return said{
		date: last, stretch: true, assumed: []Assumption{AssumedLastWorkingDay},
		before: p.cal.LastWorkingDay(start.Add(-1)), beforeAs: AssumedLastWorkingDay,
	}
}

func (p *reader) partOfWeek(s *scanner, start Date) said {
	switch {
	case s.take("最后一个工作日", "最后1个工作日"):
		return said{date: p.week(start).date}
	case s.take("初"):
		return said{date: p.cal.NextWorkingDay(start), assumed: []Assumption{AssumedStartOfPeriod}}
	case s.take("中"):
		return said{date: start.Add(2), assumed: []Assumption{AssumedMiddle}}
	case s.take("底"):
		got := p.week(start)
		got.before = Date{}
		return got
	}
	got := p.week(start)
	got.weak = !s.sees("内") && !s.sees("之内")
	return got
}

// figures reads dates in Arabic figures: 2026-12-05, 2026/12/5, 2026.12.5, 20261205, 12.5, 12/31.
func (p *reader) figures(s *scanner) (said, bool) {
	if !isDigit(s.peek()) {
		return said{}, false
	}
	first, ok := s.arabic()
	if !ok {
		return said{}, false
	}
	if first.digits == 8 {
		date := Date{first.value / 10000, time.Month(first.value / 100 % 100), first.value % 100}
		return said{date: date, weak: true}, date.Valid() && plausibleYear(date.Year) && !isDigit(s.peek())
	}
	separator := s.peek()
	if !strings.ContainsRune("-/.", separator) {
		return said{}, false
	}
	s.at++
	second, ok := s.arabic()
	if !ok || second.digits > 2 {
		return said{}, false
	}
	if first.digits == 4 {
		return p.yearFigures(s, first, second, separator)
	}
	if got, ok := p.figuresInAnyOrder(s, first.value, second.value, separator); ok {
		return got, true
	}
	if first.digits > 2 || s.inLongerFigure() || s.measured() {
		return said{}, false
	}
	return p.inYearAhead(first.value, second.value, true)
}

func (p *reader) yearFigures(s *scanner, year, month numeral, separator rune) (said, bool) {
	if !plausibleYear(year.value) || month.value < 1 || month.value > 12 {
		return said{}, false
	}
	if s.peek() != separator || !isDigit(s.ahead(1)) {
		first := Date{year.value, time.Month(month.value), 1}
		end := monthEnd(first.Year, first.Month)
		return said{
			date: end, weak: true, stretch: true, assumed: []Assumption{AssumedEndOfPeriod}, before: first.Add(-1), beforeAs: AssumedDayBefore,
		}, !s.measured()
	}
	s.at++
	day, ok := s.arabic()
	if !ok || day.digits > 2 || isDigit(s.peek()) || s.numbersOn() {
		return said{}, false
	}
	s.take("日", "号")
	return inYear(year.value, month.value, day.value), true
}

// figuresInAnyOrder reads a day, a month and a year in the orders of other countries. Where two orders make sense, that is a
// question.
func (p *reader) figuresInAnyOrder(s *scanner, first, second int, separator rune) (said, bool) {
	try := *s
	if try.peek() != separator {
		return said{}, false
	}
	try.at++
	third, ok := try.arabic()
	if !ok || isDigit(try.peek()) || try.inLongerFigure() {
		return said{}, false
	}
	var readings []Date
	for _, date := range []Date{
		{third.value, time.Month(first), second}, {third.value, time.Month(second), first}, {2000 + first, time.Month(second), third.value},
	} {
		likely := plausibleYear(date.Year) && (third.digits == 4) == (date.Year == third.value)
		if likely && date.Valid() && (third.digits == 4 || first >= 20) && !slices.Contains(readings, date) {
			readings = append(readings, date)
		}
	}
	if len(readings) == 0 {
		return said{}, false
	}
	*s = try
	got := said{date: readings[0], weak: true}
	if len(readings) > 1 || third.digits < 4 {
		got.problem = ReasonDayOrMonth
	}
	return got, true
}

// numbersOn says whether a dash and a number follow that make a date part of a longer number, such as a serial number.
func (s *scanner) numbersOn() bool {
	if s.peek() != '-' || !isDigit(s.ahead(1)) {
		return false
	}
	i := 1
	for isDigit(s.ahead(i)) {
		i++
	}
	return i < 5 && s.ahead(i) != '-' && s.ahead(i) != '.' && s.ahead(i) != '/' && s.ahead(i) != ':'
}

// inLongerFigure says whether the figures go on, as those of version numbers and of amounts do.
func (s *scanner) inLongerFigure() bool {
	if isDigit(s.peek()) {
		return true
	}
	return strings.ContainsRune("./", s.peek()) && isDigit(s.ahead(1))
}

// measured says whether a unit follows that makes the figures an amount.
func (s *scanner) measured() bool {
	back := *s
	back.spaces()
	return back.seesAny("%", "‰", "万", "亿", "元", "分", "米", "公里", "千", "吨", "倍", "级", "个", "版", "小时", "天", "年", "周", "月",
		"岁", "度", "折", "人", "份", "项", "名", "条", "届", "节", "章", "寸", "km", "kg", "mb", "gb", "h", "x")
}

func plausibleYear(year int) bool { return year >= 1900 && year <= 2200 }

// inYear is a day of a year that was said.
func inYear(year, month, day int) said {
	date := Date{year, time.Month(month), day}
	if !date.Valid() {
		return said{date: clampedDate(year, date.Month, 1), problem: ReasonNoSuchDate}
	}
	return said{date: date}
}

// inYearAhead is the first such day from the anchor on.
func (p *reader) inYearAhead(month, day int, weak bool) (said, bool) {
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return said{}, false
	}
	got := said{roll: rollYear, weak: weak}
	year := p.anchor.Year
	if (Date{year, time.Month(month), day}).Before(p.anchor) {
		year++
	}
	got.date = Date{year, time.Month(month), day}
	if !got.date.Valid() {
		got.date, got.problem = Date{year, time.Month(month), 1}, ReasonNoSuchDate
	}
	if year > p.today.Year && p.anchor == p.today {
		got.assumed = append(got.assumed, AssumedNextYear)
	}
	return got, true
}

// numberedThings follow 号 where it numbers something else than a day.
var numberedThings = []string{
	"文", "楼", "线", "院", "门", "公告", "令", "函", "会议室", "车", "教室", "桌", "机", "房", "馆", "厅", "仓", "岗", "窗", "通知", "议案", "提案",
	"室", "厂", "库", "店", "坑", "井", "码", "召", "称", "员", "选手", "种子", "台", "柜", "箱", "宿舍", "公寓", "校区", "桥", "路", "街", "站",
}

// monthDay reads a day of a month that was not said: 25号.
func (p *reader) monthDay(s *scanner) (said, bool) {
	n, ok := s.number()
	if !ok || n.value < 1 || n.value > 31 || n.digits > 3 || n.listed {
		return said{}, false
	}
	got := said{roll: rollMonth, monthDay: n.value}
	switch {
	case s.take("号"):
		if s.seesAny(numberedThings...) {
			return said{}, false
		}
	case s.take("日"):
		got.weak = n.chinese
	case n.old:
		got.weak, got.assumed = true, []Assumption{AssumedSolar}
	default:
		return said{}, false
	}
	got.date = nextMonthDay(p.anchor, n.value)
	if got.date.Before(p.anchor) {
		got.date = nextMonthDay(p.anchor.AddMonths(1), n.value)
	}
	if p.anchor == p.today && got.date.Month != p.today.Month {
		got.assumed = append(got.assumed, AssumedNextMonth)
	}
	return got, true
}

// countedWorkingDay reads 下一个工作日.
func (p *reader) countedWorkingDay(s *scanner) (said, bool) {
	if !s.take("下一个工作日", "下个工作日", "下一工作日", "次一工作日", "次工作日") {
		return said{}, false
	}
	return said{date: p.cal.AddWorkingDays(p.today, 1)}, true
}
