package calendar

import (
	"slices"
	"time"
)

// recurring reads what comes again and again: 每月5日前, 每周五下午, 每季度末月25日前, 双周星期三, 每个工作日9点.
func (p *reader) recurring(s *scanner) (claim, bool) {
	byISOWeek := s.seesAny("双周", "单周", "每双周", "每单周", "逢双周", "逢单周")
	r, weak, ok := p.rule(s)
	if !ok {
		return claim{}, false
	}
	var assumed []Assumption
	back := *s
	s.take("的", ",", "，")
	s.spaces()
	if at, ok := p.clock(s, true); ok && !at.impossible {
		settled := p.inOffice(at)
		if settled.hour > 23 {
			return claim{reading: ask(ReasonNoSuchTime), weak: weak}, true
		}
		r.At = &Clock{settled.hour, settled.minute}
		assumed, weak = p.clockAssumptions(at), false
	} else if ok {
		return claim{reading: ask(ReasonNoSuchTime)}, true
	} else {
		*s = back
	}
	mark := s.markBehind()
	if mark == markAfter {
		return claim{}, false
	}
	r.Shift = s.shift()
	if r.Every == EveryDay {
		r.Shift = NoShift
	}
	if byISOWeek {
		assumed = append(assumed, AssumedIsoWeeks)
	}
	next, ok := p.cal.Next(r, p.now)
	reading := Reading{Outcome: Recurring, Rule: r, Due: next.Due, Assumed: assumed}
	return claim{reading: reading, weak: weak && mark == noMark, marked: mark != noMark}, ok
}

// shift reads what happens on days off: 遇节假日顺延, 节假日提前.
func (s *scanner) shift() Shift {
	back := *s
	s.take("(", ",", "，")
	s.take("如遇", "若遇", "遇到", "遇", "逢")
	if s.take("法定节假日", "节假日", "休息日", "周末", "双休日", "假期") {
		switch s.take("则", "的"); {
		case s.take("顺延", "推迟", "往后顺延"):
			s.take(")")
			return ShiftAfter
		case s.take("提前"):
			s.take(")")
			return ShiftBefore
		}
	}
	*s = back
	return NoShift
}

// rule reads the period and the days in it. It is weak when no day was said.
func (p *reader) rule(s *scanner) (r Rule, weak, ok bool) {
	if r, ok := p.everySecondWeek(s); ok {
		return r, false, true
	}
	if !s.take("每") {
		return p.byPeriod(s)
	}
	s.take("隔")
	s.spaces()
	if s.take("半年") {
		return Rule{Every: EveryMonth, Interval: 6, Anchor: Date{p.today.Year, time.June, 30}, Days: []int{LastDay}}, true, true
	}
	s.take("个", "一")
	switch {
	case s.seesAny("晚", "早") && !s.seesAny(occasions...):
		return Rule{Every: EveryDay}, true, true
	case s.take("工作日"):
		return Rule{Every: EveryWorkingDay}, true, true
	case s.take("天", "日"):
		return Rule{Every: EveryDay}, true, !s.seesAny("一", "1")
	case s.take("周", "星期", "礼拜"):
		return p.weeklyRule(s)
	case s.take("月"):
		return p.monthlyRule(s)
	case s.take("季度", "季"):
		return p.quarterlyRule(s)
	case s.take("年"):
		return p.yearlyRule(s)
	}
	return Rule{}, false, false
}

// byPeriod reads 按月, 按季度 and the like, which mean the end of each.
func (p *reader) byPeriod(s *scanner) (r Rule, weak, ok bool) {
	switch {
	case s.take("按月", "逐月"):
		return Rule{Every: EveryMonth, Days: []int{LastDay}}, true, true
	case s.take("按季度", "逐季", "按季"):
		return Rule{Every: EveryQuarter, Month: 3, Days: []int{LastDay}}, true, true
	case s.take("按周", "逐周"):
		return Rule{Every: EveryWeek, WorkingDay: -1}, true, true
	}
	return Rule{}, false, false
}

// everySecondWeek reads 双周星期三, 单周周五, 隔周三, 每两周周一. Odd and even are those of the week of the year; every other
// week counts from the next such day.
func (p *reader) everySecondWeek(s *scanner) (Rule, bool) {
	odd := s.take("每单周", "逢单周", "单周")
	even := !odd && s.take("每双周", "逢双周", "双周")
	if !odd && !even && !s.take("每隔一周", "每两周", "每2周", "每隔周", "隔周") {
		return Rule{}, false
	}
	s.take("的")
	day, ok := s.weekdayChar()
	if !ok {
		day, ok = s.weekdayName()
	}
	start := monday(p.dayOfWeek(monday(p.today), day, false).date)
	if odd || even {
		_, week := start.at(12, 0, 0, time.UTC).ISOWeek()
		if (week%2 == 1) != odd {
			start = start.Add(7)
		}
	}
	return Rule{Every: EveryWeek, Interval: 2, Anchor: start, Weekdays: []time.Weekday{day}}, ok
}

func (p *reader) weeklyRule(s *scanner) (r Rule, weak, ok bool) {
	r = Rule{Every: EveryWeek}
	s.take("的")
	if s.take("工作日") {
		return Rule{Every: EveryWorkingDay}, false, true
	}
	for {
		day, ok := s.weekdayChar()
		if !ok {
			day, ok = s.weekdayName()
		}
		if !ok {
			break
		}
		if !slices.Contains(r.Weekdays, day) {
			r.Weekdays = append(r.Weekdays, day)
		}
		back := *s
		if !s.take("、", "和", "及", ",", "，") {
			break
		}
		if again := *s; !again.seesWeekday() {
			*s = back
			break
		}
	}
	if len(r.Weekdays) > 0 {
		return r, false, true
	}
	r.WorkingDay = -1
	if n, counted := s.ordinal(); counted && s.take("工作日") {
		r.WorkingDay = n
		return r, false, n <= 7
	}
	return r, !s.take("末", "底"), !s.seesAny("一次", "1次", "两次", "例会")
}

// seesWeekday is tried on a copy.
func (s *scanner) seesWeekday() bool {
	if _, ok := s.weekdayName(); ok {
		return true
	}
	_, ok := s.weekdayChar()
	return ok
}

func (p *reader) monthlyRule(s *scanner) (r Rule, weak, ok bool) {
	r = Rule{Every: EveryMonth}
	s.take("的")
	s.spaces()
	if days, ok := s.monthDays(); ok {
		r.Days = days
		return r, false, true
	}
	if s.countedPick(&r) {
		return r, false, r.Check() == nil
	}
	day, said := takeNamed(s, partsOfMonth)
	r.Days = []int{LastDay}
	if said {
		r.Days = []int{day}
	}
	return r, !said, true
}

// partsOfMonth give the day that a part of each month means.
var partsOfMonth = []named[int]{{"底", LastDay}, {"末", LastDay}, {"初", 1}, {"中旬", 20}, {"上旬", 10}, {"下旬", LastDay}, {"中", 15}}

// monthDays reads 5日, 5号、20号, 最后一天, 1日和15日.
func (s *scanner) monthDays() ([]int, bool) {
	if s.take("最后一天", "最后一日") {
		return []int{LastDay}, true
	}
	var days []int
	for {
		back := *s
		n, ok := s.number()
		if !ok || n.value < 1 || n.value > 31 || n.listed || !s.take("日", "号") && !s.seesAny("、", "和") {
			*s = back
			break
		}
		if !slices.Contains(days, n.value) {
			days = append(days, n.value)
		}
		back = *s
		if !s.take("、", "和", "及", ",") || !isNumeral(s.peek()) {
			*s = back
			break
		}
	}
	return days, len(days) > 0
}

// countedPick reads 第一个周五, 最后一个工作日, 最后3个工作日, 第一周的周五.
func (s *scanner) countedPick(r *Rule) bool {
	back := *s
	if s.take("最后") {
		if n, ok := s.number(); ok && n.value > 1 && s.take("个工作日") {
			r.LastWorkingDays = n.value
			return true
		}
		*s = back
	}
	n, ok := s.ordinal()
	switch {
	case !ok:
	case s.take("工作日"):
		r.WorkingDay = n
		return true
	default:
		before := *s
		s.take("周的", "周")
		day, ok := s.weekdayName()
		if !ok {
			*s = before
			day, ok = s.weekdayName()
		}
		if ok {
			r.Nth, r.Weekdays = n, []time.Weekday{day}
			return true
		}
	}
	*s = back
	return false
}

func (p *reader) quarterlyRule(s *scanner) (r Rule, weak, ok bool) {
	r = Rule{Every: EveryQuarter, Month: 3}
	s.take("的")
	switch {
	case s.countedPick(&r):
		r.Month = 0
		return r, false, r.Check() == nil
	case s.take("末月", "最后一个月", "第三个月", "第3个月"):
	case s.take("首月", "第一个月", "第1个月"):
		r.Month = 1
	case s.take("第二个月", "第2个月", "中间月"):
		r.Month = 2
	case s.take("初"):
		r.Month, r.Days = 1, []int{1}
		return r, false, true
	default:
		r.Days = []int{LastDay}
		return r, !s.take("末", "底"), true
	}
	s.take("的")
	if days, ok := s.monthDays(); ok {
		r.Days = days
		return r, false, true
	}
	day, said := takeNamed(s, partsOfMonth)
	r.Days = []int{LastDay}
	if said {
		r.Days = []int{day}
	}
	return r, false, true
}

func (p *reader) yearlyRule(s *scanner) (r Rule, weak, ok bool) {
	r = Rule{Every: EveryYear}
	s.take("的")
	s.spaces()
	if s.take("年底", "年末", "底", "末") {
		r.Month, r.Days = 12, []int{LastDay}
		return r, false, true
	}
	if s.countedPick(&r) {
		return r, false, r.Check() == nil
	}
	if find, ok := takeNamed(s, festivals); ok {
		return p.yearlyFestival(s, r, find)
	}
	n, ok := s.number()
	if s.take("元月") {
		n, ok = numeral{value: 1}, true
	} else if !ok || !s.take("月份", "月") {
		return Rule{Every: EveryYear, Month: 12, Days: []int{LastDay}}, true, !ok
	}
	r.Month = n.value
	if days, found := s.monthDays(); found {
		r.Days = days
		return r, false, r.Check() == nil
	}
	day, said := takeNamed(s, partsOfMonth)
	r.Days = []int{LastDay}
	if said {
		r.Days = []int{day}
	}
	return r, false, r.Check() == nil
}

// yearlyFestival makes a rule of a festival with a fixed date; 前 is the day before. Lunar ones have no rule.
func (p *reader) yearlyFestival(s *scanner, r Rule, find func(int) Date) (Rule, bool, bool) {
	date := find(2027)
	if other := find(2028); other.Month != date.Month || other.Day != date.Day {
		return Rule{}, false, false
	}
	s.take("节")
	if s.seesAny("前", "之前", "以前") {
		date = date.Add(-1)
	}
	r.Month, r.Days = int(date.Month), []int{date.Day}
	return r, false, true
}
