package calendar

import "time"

// festivals finds each festival in a year. Those of the lunar calendar are found in the lunar year of that number.
var festivals = []named[func(int) Date]{
	{"元旦", solarDay(1, 1)}, {"三八妇女节", solarDay(3, 8)}, {"妇女节", solarDay(3, 8)}, {"三八", solarDay(3, 8)},
	{"植树节", solarDay(3, 12)}, {"清明", qingming}, {"五一劳动节", solarDay(5, 1)}, {"劳动节", solarDay(5, 1)}, {"五一", solarDay(5, 1)},
	{"五四青年节", solarDay(5, 4)}, {"青年节", solarDay(5, 4)}, {"五四", solarDay(5, 4)},
	{"六一儿童节", solarDay(6, 1)}, {"儿童节", solarDay(6, 1)}, {"六一", solarDay(6, 1)},
	{"党的生日", solarDay(7, 1)}, {"七一建党节", solarDay(7, 1)}, {"建党节", solarDay(7, 1)}, {"七一", solarDay(7, 1)},
	{"八一建军节", solarDay(8, 1)}, {"建军节", solarDay(8, 1)}, {"八一", solarDay(8, 1)},
	{"教师节", solarDay(9, 10)}, {"十一国庆", solarDay(10, 1)}, {"国庆", solarDay(10, 1)}, {"十一", solarDay(10, 1)},
	{"除夕", lunarEve}, {"大年三十", lunarEve}, {"年三十", lunarEve}, {"春节", lunarDay(1, 1)}, {"农历新年", lunarDay(1, 1)}, {"大年初一", lunarDay(1, 1)},
	{"元宵", lunarDay(1, 15)}, {"端午", lunarDay(5, 5)}, {"七夕", lunarDay(7, 7)}, {"中秋", lunarDay(8, 15)},
	{"重阳", lunarDay(9, 9)}, {"腊八", lunarDay(12, 8)},
}

func solarDay(month, day int) func(int) Date {
	return func(year int) Date { return Date{year, time.Month(month), day} }
}

// lunarDay finds a day of the lunar calendar; the zero date stands for years that are not known.
func lunarDay(month, day int) func(int) Date {
	return func(year int) Date {
		d, ok := LunarDate(year, month, day)
		if !ok {
			return Date{}
		}
		return d
	}
}

// lunarEve finds the eve of the lunar new year that falls into a year.
func lunarEve(year int) Date {
	if d, ok := lunarYearEnd(year - 1); ok {
		return d
	}
	return Date{}
}

// festival reads a festival, with the year if it is said. 前 leads to the day before it, before its holiday (假期前) to the
// last working day.
func (p *reader) festival(s *scanner) (said, bool) {
	year, hasYear := p.yearSaid(s)
	start := s.at
	find, ok := takeNamed(s, festivals)
	if !ok || isNumeral(s.ahead(-1)) && s.at-start == 2 && s.countsOn() {
		return said{}, false
	}
	s.take("节")
	if !hasYear {
		year = p.anchor.Year - 1
		for find(year).Before(p.anchor) && year <= p.anchor.Year+1 {
			year++
		}
	}
	got := said{date: find(year), festival: find, year: year, weak: true}
	if got.date.IsZero() {
		return said{}, false
	}
	if !hasYear {
		got.roll = rollYear
	}
	if hasYear && s.sees("当") || s.seesAny("当天", "当日") {
		s.take("当天", "当日")
		got.weak = false
	}
	return p.aroundHoliday(s, got), true
}

// countsOn says whether a name made of numerals, such as 十一, goes on as a number of something.
func (s *scanner) countsOn() bool {
	return isNumeral(s.peek()) || s.seesAny("月", "日", "号", "点", "个", "年", "周", "天", "时", "分", "班", "级", "中", "小", "人", "次", "项",
		"条", "届", "校", "楼", "层", "组", "名", "份", "所", "家", "章", "课")
}

// aroundHoliday reads 假期前 and 节后第一个工作日.
func (p *reader) aroundHoliday(s *scanner, got said) said {
	back := *s
	if s.take("放假", "假期", "长假", "小长假", "假") && s.seesAny("前", "之前", "以前") {
		return p.lastBefore(got)
	}
	*s = back
	if s.take("期间", "假期期间", "假期内", "长假期间", "放假期间", "前后") {
		got.problem = ReasonWhichDay
		return got
	}
	if s.take("前最后一个工作日", "前最后1个工作日", "之前最后一个工作日", "前的最后一个工作日") {
		return p.firm(p.lastBefore(got).before)
	}
	if s.take("后第一个工作日", "后首个工作日", "后的第一个工作日", "假期后第一个工作日", "假后第一个工作日", "后第1个工作日") {
		return p.firm(p.cal.AddWorkingDays(got.date, 1))
	}
	return got
}

func (p *reader) firm(d Date) said { return said{date: d} }

// lastBefore makes 前 mean the last working day before the holiday begins.
func (p *reader) lastBefore(got said) said {
	got.festival, got.roll = nil, rollNone
	got.before, got.beforeAs = p.cal.LastWorkingDay(got.date.Add(-1)), AssumedLastWorkingDay
	return got
}

var lunarMonths = []named[int]{{"正月", 1}, {"冬月", 11}, {"腊月", 12}}

// lunarDay reads a day that is said to be of the lunar calendar: 农历八月十五, 正月十五, 腊月廿三, 大年初三.
func (p *reader) lunarDay(s *scanner) (said, bool) {
	year, hasYear := p.yearSaid(s)
	marked := s.take("农历", "阴历", "旧历")
	if marked && !hasYear {
		year, hasYear = p.yearSaid(s)
	}
	month, ok := takeNamed(s, lunarMonths)
	if !ok && s.take("大年") && s.peek() == '初' {
		month, ok = 1, true
	}
	if !ok && marked {
		n, counted := s.number()
		month, ok = n.value, counted && s.take("月")
	}
	if !ok {
		return said{}, false
	}
	s.take("初")
	n, ok := s.number()
	if !ok || month > 12 || n.value < 1 || n.value > 30 {
		return said{}, false
	}
	s.take("日")
	return p.inLunarYear(year, hasYear, month, n.value), true
}

func (p *reader) inLunarYear(year int, hasYear bool, month, day int) said {
	find := lunarDay(month, day)
	if !hasYear {
		year = p.anchor.Year - 1
		for find(year).Before(p.anchor) && year <= p.anchor.Year {
			year++
		}
	}
	got := said{date: find(year), assumed: []Assumption{AssumedLunar}}
	if got.date.IsZero() || !hasYear && got.date.Before(p.anchor) {
		got.date, got.problem = p.today, ReasonNoSuchDate
	}
	return got
}
