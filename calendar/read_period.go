package calendar

import "time"

// periodPrefixes count quarters and half-years from the present one.
var periodPrefixes = []named[int]{{"本", 0}, {"这个", 0}, {"这一", 0}, {"这", 0}, {"下个", 1}, {"下一", 1}, {"下", 1}, {"上个", -1}, {"上", -1}}

// quarter reads 季度末, 本季度末, 四季度, 第一季度, 下季度初, Q4.
func (p *reader) quarter(s *scanner) (said, bool) {
	year, hasYear := p.yearSaid(s)
	start := Date{p.today.Year, (p.today.Month-1)/3*3 + 1, 1}
	loose := false
	if shift, ok := takeNamed(s, periodPrefixes); ok && !hasYear {
		start = start.AddMonths(3 * shift)
		if !s.take("季度", "季") {
			return said{}, false
		}
	} else if n, ok := s.quarterNumber(); ok {
		loose = !hasYear
		if loose {
			year = p.anchor.Year
		}
		start = Date{year, time.Month(3*n - 2), 1}
	} else if hasYear || !s.take("季度", "季") || !s.seesAny("末", "底", "初", "内") {
		return said{}, false
	}
	return p.stretchEnd(s, start, 3, loose), !s.seesAny("节", "军", "后赛")
}

func (s *scanner) quarterNumber() (int, bool) {
	if s.peek() == 'q' && s.ahead(1) >= '1' && s.ahead(1) <= '4' && !isDigit(s.ahead(2)) && !isLetter(s.ahead(2)) {
		s.at += 2
		return int(s.ahead(-1) - '0'), true
	}
	s.take("第")
	n, ok := s.number()
	s.take("个")
	return n.value, ok && n.value >= 1 && n.value <= 4 && s.take("季度")
}

// halfYear reads 上半年, 下半年底.
func (p *reader) halfYear(s *scanner) (said, bool) {
	year, hasYear := p.yearSaid(s)
	if !hasYear {
		year = p.anchor.Year
	}
	switch {
	case s.take("上半年"):
		return p.stretchEnd(s, Date{year, time.January, 1}, 6, !hasYear), true
	case s.take("下半年"):
		return p.stretchEnd(s, Date{year, time.July, 1}, 6, !hasYear), true
	}
	return said{}, false
}

// yearEnd reads 年底, 年内, 明年底, 2027年内, 2027年.
func (p *reader) yearEnd(s *scanner) (said, bool) {
	year, hasYear := p.yearSaid(s)
	if !hasYear {
		year = p.today.Year
		if s.take("岁末") {
			return said{date: Date{year, time.December, 31}, stretch: true}, true
		}
		if !s.seesAny("年底", "年末", "年内", "年终", "年度内", "年度底", "年度末") {
			return said{}, false
		}
		s.at++
	}
	s.take("年度", "年", "度")
	return p.stretchEnd(s, Date{year, time.January, 1}, 12, false), !s.seesAny("度", "级", "代", "前赛")
}

// stretchEnd reads what follows a stretch of months: its end, its beginning, or nothing, which is its end if it is said
// to be a deadline at all. A stretch that is over and whose year was not said is the next year's.
func (p *reader) stretchEnd(s *scanner, start Date, months int, loose bool) said {
	end := start.AddMonths(months).Add(-1)
	if loose && end.Before(p.anchor) {
		start, end = start.AddMonths(12), monthEnd(end.Year+1, end.Month)
	}
	got := said{date: end, stretch: true}
	if loose && p.anchor == p.today && start.Year > p.today.Year {
		got.assumed = append(got.assumed, AssumedNextYear)
	}
	switch {
	case s.take("末", "底", "终"):
		got.weak = s.ahead(-1) == '终' || s.seesAny(reviews...)
	case s.take("最后一个工作日", "最后1个工作日"):
		got.date = p.cal.LastWorkingDay(end)
	case s.take("初"):
		got.date, got.assumed = start, append(got.assumed, AssumedStartOfPeriod)
	case s.seesAny("之内", "以内", "内"):
		got.assumed = append(got.assumed, AssumedEndOfPeriod)
	default:
		got.weak, got.assumed = true, append(got.assumed, AssumedEndOfPeriod)
		got.before, got.beforeAs = start.Add(-1), AssumedDayBefore
	}
	return got
}
