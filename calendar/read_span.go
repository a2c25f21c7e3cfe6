package calendar

import "time"

// span is a duration as it was said. Its calendar part moves a day, its clock part an instant.
type span struct {
	months, days, working int
	clock                 time.Duration
	halfDays              int // of office time
	rough                 bool
}

// longestSpan keeps dates within the calendar.
const longestSpan = 5000

// unit is what a number of a duration counts.
type unit struct {
	months, days, working int
	clock                 time.Duration
	half                  span
}

var (
	workingUnit = unit{working: 1, half: span{halfDays: 1}}
	dayUnit     = unit{days: 1, half: span{halfDays: 1}}
	weekUnit    = unit{days: 7}
	monthUnit   = unit{months: 1, half: span{days: 15}}
	yearUnit    = unit{months: 12, half: span{months: 6}}
	hourUnit    = unit{clock: time.Hour, half: span{clock: 30 * time.Minute}}
	minuteUnit  = unit{clock: time.Minute, half: span{clock: 30 * time.Second}}
	secondUnit  = unit{clock: time.Second}
)

// units are those of durations. 日 and bare 年 are dates unless 内 or 后 follows, which number sees to.
var units = []named[unit]{
	{"个工作日", workingUnit}, {"工作日", workingUnit}, {"个工作天", workingUnit}, {"工作天", workingUnit}, {"天", dayUnit}, {"昼夜", dayUnit}, {"日", dayUnit},
	{"个星期", weekUnit}, {"星期", weekUnit}, {"个礼拜", weekUnit}, {"礼拜", weekUnit}, {"周", weekUnit},
	{"个月", monthUnit}, {"个季度", unit{months: 3}}, {"年", yearUnit},
	{"个小时", hourUnit}, {"小时", hourUnit}, {"个钟头", hourUnit}, {"钟头", hourUnit}, {"个钟", hourUnit},
	{"刻钟", unit{clock: 15 * time.Minute}}, {"分钟", minuteUnit}, {"分", minuteUnit}, {"秒钟", secondUnit}, {"秒", secondUnit},
}

// span steps over a duration: 三天, 两个半小时, 1天2小时, 半个月, 5个工作日.
func (s *scanner) span() (span, bool) {
	var total span
	found := false
	for range 3 {
		back := *s
		s.spaces()
		one, ok := s.spanPart()
		if !ok {
			*s = back
			break
		}
		total, found = total.plus(one), true
	}
	return total, found
}

func (sp span) plus(other span) span {
	return span{
		months: sp.months + other.months, days: sp.days + other.days, working: sp.working + other.working,
		clock: sp.clock + other.clock, halfDays: sp.halfDays + other.halfDays, rough: sp.rough || other.rough,
	}
}

// halvedUnits are those that 个半 stands before: 一个半月.
var halvedUnits = []named[unit]{{"月", monthUnit}, {"小时", hourUnit}, {"钟头", hourUnit}}

func (s *scanner) spanPart() (span, bool) {
	if s.take("半") {
		u, ok := s.unit()
		return u.half, ok && u.half != span{}
	}
	n, ok := s.number()
	if !ok || n.value > longestSpan {
		return span{}, false
	}
	if s.peek() == '.' && isDigit(s.ahead(1)) {
		return s.decimalHours(n.value)
	}
	if s.take("个半") {
		u, ok := takeNamed(s, halvedUnits)
		return u.times(n).plus(u.half), ok
	}
	u, ok := s.unit()
	if !ok || u == yearUnit && n.value >= 100 {
		return span{}, false
	}
	whole := u.times(n)
	if s.peek() == '半' && !isNumeral(s.ahead(1)) && s.ahead(1) != '年' && s.ahead(1) != '天' && s.ahead(1) != '个' && s.ahead(1) != '小' {
		s.at++
		return whole.plus(u.half), u.half != span{}
	}
	return whole, true
}

func (u unit) times(n numeral) span {
	return span{
		months: n.value * u.months, days: n.value * u.days, working: n.value * u.working,
		clock: time.Duration(n.value) * u.clock, rough: n.listed,
	}
}

// unit steps over a unit of durations, unless what follows makes it part of another word.
func (s *scanner) unit() (unit, bool) {
	u, ok := takeNamed(s, units)
	switch last := s.ahead(-1); {
	case !ok:
		return unit{}, false
	case last == '日' && u == dayUnit && !s.seesAny("内", "之内", "以内", "后", "以后", "之后"):
		return unit{}, false
	case s.seesAny("级", "度", "龄", "代", "制", "假", "贝", "秒必争", "课", "班", "生", "岁", "期", "数", "报", "刊", "边", "长", "检", "考", "会"):
		return unit{}, false
	case last == '周' && (s.seesAny("年", "末", "知", "密", "工作", "次") || isNumeral(s.peek()) && !s.sees("一天")):
		return unit{}, false
	}
	return u, true
}

// decimalHours reads 1.5小时.
func (s *scanner) decimalHours(whole int) (span, bool) {
	s.at++
	n, _ := s.arabic()
	u, ok := s.unit()
	if !ok || u.clock == 0 || n.digits > 3 {
		return span{}, false
	}
	parts := 1
	for range n.digits {
		parts *= 10
	}
	clock := time.Duration(whole)*u.clock + time.Duration(n.value)*u.clock/time.Duration(parts)
	return span{clock: clock.Truncate(time.Second)}, true
}

// spanKind is what stands around a duration.
type spanKind int

const (
	spanBare spanKind = iota
	spanWithin
	spanAfter
	spanAgo
)

func (s *scanner) spanMark() spanKind {
	back := *s
	s.spaces()
	switch {
	case s.take("时间之内", "时间以内", "时间内", "的时间内", "之内", "以内", "内"):
		return spanWithin
	case s.seesAny("后续", "后勤", "后台", "后期", "前后"):
	case s.take("之后", "以后", "过后", "后"):
		return spanAfter
	case s.take("之前", "以前", "前"):
		return spanAgo
	}
	*s = back
	return spanBare
}

// fromNow reads a duration that runs from now: 三天内, 两周后, 48小时内. One that runs from an event is a question.
func (p *reader) fromNow(s *scanner) (claim, bool) {
	start := s.at
	announced := s.take("再过", "今后", "未来", "接下来", "此后", "自即日起", "即日起", "从即日起", "从今天起", "自今天起", "今天起", "自今日起", "今日起", "从现在起", "现在起")
	s.spaces()
	sp, ok := s.span()
	if !ok {
		return claim{}, false
	}
	kind := s.spanMark()
	switch {
	case sp.rough:
		return claim{reading: Reading{Outcome: Refused, Reason: ReasonVague}, weak: kind == spanBare}, true
	case p.postpones(start):
		return claim{reading: ask(ReasonEventDate)}, true
	case kind == spanAgo, !announced && p.fromEvent(start):
		return claim{reading: ask(ReasonEventDate), weak: kind == spanBare, marked: kind == spanWithin}, true
	}
	reading, ok := p.spanReading(sp, p.now)
	return claim{reading: reading, weak: kind == spanBare, marked: kind == spanWithin}, ok
}

// fromEvent says whether what stands before place i makes a duration run from an event.
func (p *reader) fromEvent(i int) bool {
	s := scanner{p.text, i}
	return s.endsWith(i, "后", "起", "起的", "后的", "后，", "起，", "后,", "起,") && !s.endsWith(i, "最后", "前后", "先后", "今后", "此后")
}

// postpones says whether what stands before place i adds to a deadline that is not in the text.
func (p *reader) postpones(i int) bool {
	s := scanner{p.text, i}
	return s.endsWith(i, "推迟", "延长", "延期", "延迟", "宽限", "缓", "顺延", "推后", "再给", "多给", "提前", "晚")
}

// spanFrom reads a duration that runs from a day that was said: 12月5日起3个工作日内, 元旦后一周内.
func (p *reader) spanFrom(s *scanner, pt point) (claim, bool) {
	if !pt.hasDay || !pt.instant.IsZero() || pt.day.problem != "" {
		return claim{}, false
	}
	try := *s
	if !try.take("之后的", "之后", "以后", "后的", "后", "起算", "起", "开始") {
		return claim{}, false
	}
	try.take(",", "，", "的")
	try.spaces()
	sp, ok := try.span()
	if !ok || sp.rough {
		return claim{}, false
	}
	kind := try.spanMark()
	if kind == spanAgo {
		return claim{}, false
	}
	base := pt.day.date.at(p.now.Hour(), p.now.Minute(), p.now.Second(), p.cal.zone)
	if pt.hasAt {
		base = p.dueOn(pt.day, pt).Instant
	}
	reading, ok := p.spanReading(sp, base)
	reading.Assumed = append(pt.day.assumed, reading.Assumed...)
	*s = try
	return claim{reading: reading, marked: kind == spanWithin}, ok
}

// spanReading counts a duration from base. One of days that ends on a day off goes on to the next working day; hours run
// at once and stay where they end.
func (p *reader) spanReading(sp span, base time.Time) (Reading, bool) {
	day := p.cal.Today(base)
	end := p.cal.AddWorkingDays(day.AddMonths(sp.months).Add(sp.days), sp.working)
	if !plausibleYear(end.Year) {
		return Reading{}, false
	}
	if sp.clock > 0 || sp.halfDays > 0 {
		local := base.In(p.cal.zone)
		instant := base
		if end != day {
			instant = end.at(local.Hour(), local.Minute(), local.Second(), p.cal.zone)
		}
		half := p.cal.workingDay() / 2 * time.Duration(sp.halfDays)
		return Reading{Outcome: Understood, Due: p.cal.DueAt(p.cal.AddWorkingTime(instant, half).Add(sp.clock))}, true
	}
	reading := Reading{Outcome: Understood, Due: Due{Date: end}}
	if moved := p.cal.NextWorkingDay(end); moved != end {
		reading.Due.Date, reading.Assumed = moved, []Assumption{AssumedMoved}
	}
	return reading, true
}
