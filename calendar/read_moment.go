package calendar

import "time"

// roll is how far a day moves on that was said without its larger unit and turns out to be over.
type roll int

const (
	rollNone roll = iota
	rollDay
	rollWeek
	rollMonth
	rollYear
)

// said is a day as it was said, before it is known whether it is to be in the future.
type said struct {
	date     Date
	roll     roll
	monthDay int                 // with rollMonth: the day of the month wanted
	festival func(year int) Date // how a festival is found in another year
	year     int                 // the year that festival was asked for
	before   Date                // what 前 means, where it is not the day itself
	beforeAs Assumption          // and how that is named
	spoken   bool                // today, so that an hour that is over may be the evening's
	weak     bool
	marked   bool
	stretch  bool // a period without a day, which takes no time of day
	problem  Reason
	assumed  []Assumption
}

// moment reads a day, a time of day, or both, with the marks around them, and the end of a range.
func (p *reader) moment(s *scanner) (claim, bool) {
	first, ok := p.point(s)
	if !ok {
		return claim{}, false
	}
	back := *s
	if p.connector(s) {
		if end, ok := p.rangeEnd(s, first); ok {
			end.assumed = append(end.assumed, AssumedRangeEnd)
			return p.close(s, end), true
		}
	}
	*s = back
	return p.close(s, first), true
}

// point is a day, a time, or both.
type point struct {
	day     said
	hasDay  bool
	at      hourly
	hasAt   bool
	instant time.Time // an instant that was said as such
	assumed []Assumption
}

func (p *reader) point(s *scanner) (point, bool) {
	var got point
	if t, ok := s.timestamp(p.cal.zone); ok {
		return point{instant: t, hasDay: true}, true
	}
	if got.day, got.hasDay = p.day(s); got.hasDay {
		p.restated(s, &got.day)
		back := *s
		s.take("T", "t", "的", ",", "，")
		s.spaces()
		if s.wholeWord("at", "@") {
			s.spaces()
		}
		if got.at, got.hasAt = p.clock(s, true); !got.hasAt {
			*s = back
		}
		if got.hasAt && got.day.stretch {
			*s, got.hasAt = back, false
		}
		return got, true
	}
	if got.at, got.hasAt = p.clock(s, false); !got.hasAt {
		return point{}, false
	}
	back := *s
	s.spaces()
	if day, ok := p.englishDay(s); ok {
		got.day, got.hasDay = day, true
		return got, true
	}
	*s = back
	return got, true
}

// restated steps over what is said again in brackets or behind the date: 12月5日（周六）, （含当日）. Another day of the week
// than the date has is a question.
func (p *reader) restated(s *scanner, day *said) {
	for range 2 {
		back := *s
		s.spaces()
		bracket := s.take("(")
		if bracket {
			s.spaces()
		}
		weekday, ok := s.weekdayName()
		switch {
		case ok && (!bracket || s.closing()):
			if day.date.Weekday() != weekday {
				day.problem = ReasonWeekday
			}
			continue
		case bracket && s.take("含当日", "含当天", "含本日", "含", "当日", "当天") && s.closing():
			continue
		}
		*s = back
		return
	}
}

func (s *scanner) closing() bool {
	s.spaces()
	return s.take(")")
}

// connector steps over what joins the two ends of a range.
func (p *reader) connector(s *scanner) bool {
	s.take("起", "开始")
	s.spaces()
	if s.take("直至", "至", "到", " to ") {
		s.spaces()
		return true
	}
	dashes := 0
	for s.peek() == '-' {
		s.at++
		dashes++
	}
	s.spaces()
	return dashes > 0
}

// rangeEnd reads the end of a range, which inherits what it does not say from the start.
func (p *reader) rangeEnd(s *scanner, first point) (point, bool) {
	start := p.dateOf(first)
	inside := *p
	inside.anchor = start
	end, ok := inside.point(s)
	if !ok || !end.instant.IsZero() {
		return end, ok && !p.cal.Today(end.instant).Before(start)
	}
	if end.hasDay {
		return end, end.day.problem != "" || !end.day.date.Before(start)
	}
	end.day, end.hasDay = first.day, first.hasDay
	if end.at.both && first.at.part != nil {
		end.at.apply(*first.at.part)
	}
	return end, true
}

func (p *reader) dateOf(pt point) Date {
	switch {
	case !pt.instant.IsZero():
		return p.cal.Today(pt.instant)
	case pt.hasDay:
		return pt.day.date
	}
	return p.today
}

// close reads the marks behind a point and settles it.
func (p *reader) close(s *scanner, pt point) claim {
	if span, ok := p.spanFrom(s, pt); ok {
		return span
	}
	mark := s.markBehind()
	c := claim{weak: pt.day.weak && !pt.hasAt || !pt.hasDay, marked: mark == markBefore || mark == markWithin || pt.day.marked}
	switch {
	case mark == markAfter:
		return claim{weak: true, marked: true, reading: ask(ReasonWhichDay)}
	case pt.day.problem != "":
		c.reading = ask(pt.day.problem)
		return c
	case pt.at.impossible:
		c.reading = ask(ReasonNoSuchTime)
		return c
	}
	if reading, ok := p.spanBack(s, pt, mark); ok {
		c.reading = reading
		return c
	}
	c.reading = p.settle(pt, mark == markBefore)
	return c
}

// spanBack reads how long before a day: 元旦前三天, 12月10日前5个工作日.
func (p *reader) spanBack(s *scanner, pt point, mark mark) (Reading, bool) {
	try := *s
	if mark != markBefore || !pt.hasDay || pt.hasAt || pt.day.stretch {
		return Reading{}, false
	}
	sp, ok := try.span()
	if !ok || sp.rough || sp.clock > 0 || sp.halfDays > 0 || try.spanMark() != spanBare {
		return Reading{}, false
	}
	day := p.cal.AddWorkingDays(pt.day.date.AddMonths(-sp.months).Add(-sp.days), -sp.working)
	*s = try
	return Reading{Outcome: Understood, Due: Due{Date: day}, Assumed: pt.day.assumed}, true
}

// mark is what stands behind a day or a time.
type mark int

const (
	noMark mark = iota
	markBefore
	markWithin
	markAfter
)

func (s *scanner) markBehind() mark {
	back := *s
	s.spaces()
	switch {
	case s.seesAny("前后", "左右", "上下"):
		return markAfter
	case s.seesAny("前往", "前台", "前置", "前期", "内容", "内部", "后勤", "后台", "后期", "后续", "止损", "起草", "起点", "开始前"):
	case s.take("之前", "以前", "前夕", "前", "为止", "止", "截止", "截稿", "到期"):
		return markBefore
	case s.take("之内", "以内", "内"):
		return markWithin
	case s.take("之后", "以后", "后", "起", "开始"):
		return markAfter
	}
	*s = back
	return noMark
}

// settle turns what was said into a deadline: first the day, then the time, then, where both are over and the day was
// said loosely, the next such day.
func (p *reader) settle(pt point, before bool) Reading {
	if !pt.instant.IsZero() {
		return Reading{Outcome: Understood, Due: p.cal.DueAt(pt.instant)}
	}
	day, assumed := pt.day, append(pt.day.assumed, pt.assumed...)
	if !pt.hasDay {
		day = said{date: p.today, roll: rollDay}
	}
	if before && pt.hasDay && !pt.hasAt {
		day, assumed = p.beforeDay(day, assumed)
	}
	if pt.hasAt {
		assumed = append(assumed, p.clockAssumptions(pt.at)...)
	}
	due := p.dueOn(day, pt)
	if p.cal.Overdue(due, p.now) && day.roll != rollNone {
		var next Assumption
		day, next = p.rolled(day)
		assumed = append(assumed, next)
		due = p.dueOn(day, pt)
	}
	if day.problem != "" {
		return ask(day.problem)
	}
	return Reading{Outcome: Understood, Due: due, Assumed: assumed}
}

// beforeDay reads 前: a date still counts, a festival does not, a stretch is reached from the day before it begins.
func (p *reader) beforeDay(day said, assumed []Assumption) (said, []Assumption) {
	switch {
	case day.festival != nil:
		festival := day.festival
		day.festival = func(year int) Date { return festival(year).Add(-1) }
		day.date = day.date.Add(-1)
		return day, append(assumed, AssumedDayBefore)
	case !day.before.IsZero():
		day.date = day.before
		return day, append(assumed, day.beforeAs)
	case day.stretch:
		return day, assumed
	}
	return day, append(assumed, AssumedIncludesDay)
}

func (p *reader) clockAssumptions(h hourly) []Assumption {
	switch {
	case h.bare:
		return []Assumption{AssumedPartOfDay}
	case h.both:
		return []Assumption{AssumedOfficeHours}
	}
	return nil
}

func (p *reader) dueOn(day said, pt point) Due {
	if !pt.hasAt {
		return Due{Date: day.date}
	}
	at := p.inOffice(pt.at)
	instant := p.instantOn(day.date, at)
	if day.spoken && at.both && at.hour < 12 && !instant.After(p.now) {
		at.hour += 12
		if late := p.instantOn(day.date, at); late.After(p.now) {
			instant = late
		}
	}
	return Due{Date: DateOf(instant), Instant: instant}
}

func (p *reader) instantOn(day Date, at hourly) time.Time {
	return day.Add(at.hour/24).at(at.hour%24, at.minute, at.second, p.cal.zone)
}

// rolled moves a day that is over to the next one that fits what was said.
func (p *reader) rolled(day said) (said, Assumption) {
	switch day.roll {
	case rollDay:
		day.date = day.date.Add(1)
		return day, AssumedNextDay
	case rollWeek:
		day.date = day.date.Add(7)
		return day, AssumedNextWeek
	case rollMonth:
		day.date = nextMonthDay(day.date.AddMonths(1), day.monthDay)
		return day, AssumedNextMonth
	}
	if day.festival != nil {
		day.year++
		day.date = day.festival(day.year)
		return day, AssumedNextYear
	}
	next := Date{day.date.Year + 1, day.date.Month, day.date.Day}
	if !next.Valid() {
		day.problem = ReasonNoSuchDate
		return day, AssumedNextYear
	}
	day.date = next
	return day, AssumedNextYear
}

// nextMonthDay returns that day of the month from the month of from on, in the first month that has it.
func nextMonthDay(from Date, day int) Date {
	month := Date{from.Year, from.Month, 1}
	for !(Date{month.Year, month.Month, day}).Valid() {
		month = month.AddMonths(1)
	}
	return Date{month.Year, month.Month, day}
}
