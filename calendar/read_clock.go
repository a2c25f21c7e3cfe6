package calendar

// partOfDay is a stretch of the day that people name: the hour it ends when no hour is said, and how it reads an hour of
// the twelve-hour clock.
type partOfDay struct {
	end   Clock
	first int  // hours from here on are as they stand; lower ones count from noon
	night bool // twelve o'clock is the midnight that ends the day, and the small hours are those after it
}

var (
	earlyPart   = partOfDay{end: Clock{6, 0}}
	mornPart    = partOfDay{end: Clock{9, 0}}
	forenoon    = partOfDay{end: Clock{12, 0}}
	noonPart    = partOfDay{end: Clock{12, 0}, first: 10}
	afternoon   = partOfDay{end: Clock{18, 0}, first: 12}
	duskPart    = partOfDay{end: Clock{19, 0}, first: 12}
	eveningPart = partOfDay{end: Clock{21, 0}, first: 12, night: true}
)

var partsOfDay = []named[partOfDay]{
	{"凌晨", earlyPart}, {"清晨", mornPart}, {"早晨", mornPart}, {"早上", mornPart}, {"一早", mornPart}, {"上午", forenoon},
	{"中午", noonPart}, {"正午", noonPart}, {"下午", afternoon}, {"午后", afternoon}, {"傍晚", duskPart},
	{"晚上", eveningPart}, {"晚间", eveningPart}, {"夜间", eveningPart}, {"夜里", eveningPart}, {"深夜", eveningPart},
	{"今晚", eveningPart}, {"当晚", eveningPart},
}

// shortParts are parts of the day in one character, understood behind a day only: 今晚, 明早, 周五晚.
var shortParts = []named[partOfDay]{{"早", mornPart}, {"晨", mornPart}, {"晚", eveningPart}, {"夜", eveningPart}}

// occasions begin like a part of the day and are none.
var occasions = []string{"晚会", "晚宴", "晚报", "晚餐", "晚自习", "晚辈", "早会", "早餐", "早操", "早读", "早报", "晨会", "晨读", "晨检", "夜校", "夜市"}

// hourly is a time of day as it was said. The hour may be one of two while both is set.
type hourly struct {
	hour, minute, second int
	part                 *partOfDay
	both                 bool // no part of the day was said, and the hour can be of either half
	bare                 bool // only a part of the day
	office               bool // office end or opening
	impossible           bool
}

// clock steps over a time of day: 17:00, 下午5点半, 晚上九点一刻, 上午, 下班前. After a day, 早 and 晚 are enough.
func (p *reader) clock(s *scanner, afterDay bool) (hourly, bool) {
	if h, ok := p.officeTime(s); ok {
		return h, true
	}
	if s.take("午夜", "半夜") && !isNumeral(s.peek()) || s.wholeWord("midnight") {
		return hourly{hour: 24}, true
	}
	if s.wholeWord("noon") {
		return hourly{hour: 12}, true
	}
	part, said := takeNamed(s, partsOfDay)
	if !said && afterDay && !s.seesAny(occasions...) {
		part, said = takeNamed(s, shortParts)
	}
	s.takeDoubledPart(said)
	back := *s
	s.spaces()
	h, ok := s.hour()
	switch {
	case ok && said:
		h.apply(part)
		return h, true
	case ok:
		return h, true
	case said:
		*s = back
		return hourly{hour: part.end.Hour, minute: part.end.Minute, bare: true, part: &part}, true
	}
	return hourly{}, false
}

// takeDoubledPart steps over the 上 of 今晚上 and 明早上, which says nothing new.
func (s *scanner) takeDoubledPart(said bool) {
	if said && (s.ahead(-1) == '晚' || s.ahead(-1) == '早') && s.peek() == '上' && s.ahead(1) != '班' {
		s.at++
	}
}

func (p *reader) officeTime(s *scanner) (hourly, bool) {
	back := *s
	end, start := s.take("下班"), false
	if !end {
		start = s.take("上班")
	}
	if !end && !start || !(s.seesAny("前", "之前", "以前", "时") || s.at == len(s.runes)) {
		*s = back
		return hourly{}, false
	}
	s.take("时间", "时")
	at := p.cal.officeEnd
	if start {
		at = officeStart
	}
	return hourly{hour: at.Hour, minute: at.Minute, office: true}, true
}

// hour steps over the figures of a time: 17:00, 17:00:30, 5点, 5点半, 17时30分, 9am.
func (s *scanner) hour() (hourly, bool) {
	back := *s
	n, ok := s.number()
	if !ok || n.digits > 2 && !n.chinese {
		*s = back
		return hourly{}, false
	}
	h := hourly{hour: n.value, both: !n.zeroed && n.value >= 1 && n.value <= 12}
	if spaced := *s; spaced.peek() == ' ' {
		spaced.spaces()
		if spaced.seesAny("点", "时", "am", "pm", "a.m", "p.m") {
			*s = spaced
		}
	}
	switch {
	case !n.chinese && s.peek() == ':' && s.digitsAt(1, 2) && !isDigit(s.ahead(3)):
		s.colonTime(&h)
	case s.seesAny("点", "时") && !s.seesAny("点钟头", "时间", "时段", "时候", "时期", "时代", "点名", "点击", "点评"):
		s.wordTime(&h)
	case s.seesAny("am", "pm", "a.m", "p.m"):
	default:
		*s = back
		return hourly{}, false
	}
	s.meridiem(&h)
	h.impossible = h.impossible || h.hour > 24 || h.minute > 59 || h.second > 59 || h.hour == 24 && h.minute+h.second > 0
	return h, true
}

func (s *scanner) digitsAt(from, count int) bool {
	for i := from; i < from+count; i++ {
		if !isDigit(s.ahead(i)) {
			return false
		}
	}
	return true
}

// colonTime reads minutes and seconds. From seven on, the figures of such a time are taken as they stand.
func (s *scanner) colonTime(h *hourly) {
	s.at++
	minute, _ := s.arabic()
	h.minute = minute.value
	if s.peek() == ':' && s.digitsAt(1, 2) && !isDigit(s.ahead(3)) {
		s.at++
		second, _ := s.arabic()
		h.second = second.value
		h.both = false
	}
	if h.hour >= 7 {
		h.both = false
	}
	s.take("时", "分")
}

func (s *scanner) wordTime(h *hourly) {
	s.at++
	s.take("钟", "整", "过")
	back := *s
	if s.take("半") {
		h.minute = 30
		return
	}
	n, ok := s.number()
	if !ok {
		return
	}
	switch {
	case s.take("刻钟", "刻") && n.value >= 1 && n.value <= 3:
		h.minute = 15 * n.value
	case s.take("分钟", "分") || n.digits == 2 && !s.seesAny("个", "天", "日", "月", "号", "人", "名", "年", "-", "小时"):
		h.minute = n.value
	default:
		*s = back
	}
}

// meridiem reads am and pm behind the figures.
func (s *scanner) meridiem(h *hourly) {
	back := *s
	s.spaces()
	am := s.take("a.m.", "a.m", "am")
	pm := !am && s.take("p.m.", "p.m", "pm")
	if !am && !pm || isLetter(s.peek()) {
		*s = back
		return
	}
	h.both = false
	switch {
	case h.hour > 12 || h.hour == 0:
		h.impossible = am || h.hour == 0
	case am && h.hour == 12:
		h.hour = 0
	case pm && h.hour < 12:
		h.hour += 12
	}
}

// apply reads the hour in its part of the day.
func (h *hourly) apply(part partOfDay) {
	h.part, h.both = &part, false
	switch {
	case part.night && (h.hour == 12 || h.hour == 0):
		h.hour = 24
	case part.night && h.hour < 5:
		h.hour += 24
	case part == earlyPart && h.hour == 12:
		h.hour = 0
	case part.first > 0 && h.hour < part.first:
		h.hour += 12
	case part.first == 0 && h.hour > 12:
		h.impossible = true
	}
}

// inOffice settles an hour that can be of either half of the day: the afternoon where only that lies in office hours,
// else the morning as it stands.
func (p *reader) inOffice(h hourly) hourly {
	if !h.both {
		return h
	}
	early, late := Clock{h.hour % 12, h.minute}, Clock{h.hour%12 + 12, h.minute}
	h.hour = early.Hour
	if !p.inOfficeHours(early) && p.inOfficeHours(late) {
		h.hour = late.Hour
	}
	return h
}

func (p *reader) inOfficeHours(at Clock) bool {
	return !at.Before(officeStart) && !at.After(p.cal.officeEnd)
}
