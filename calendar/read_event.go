package calendar

import "strings"

// schoolWords stand for days that only the calendar of the unit knows.
var schoolWords = []string{
	"寒假", "暑假", "开学", "学期末", "期末", "学期结束", "学期", "学年末", "学年", "放假", "复课", "返校", "春季学期", "秋季学期", "毕业", "散学",
}

// eventWords stand for events whose date the program does not know.
var eventWords = []string{
	"会议", "例会", "大会", "会", "活动", "检查", "考试", "培训", "比赛", "评审", "验收", "巡察", "调研", "选举", "换届", "高考", "中考", "年检", "节假日", "节日",
	"假期", "假", "节", "年", "课", "收到通知", "收到", "接通知", "接到通知", "接到", "印发", "下发", "发布", "通知发出", "交办", "签收", "事发", "结束",
	"立春", "立夏", "立秋", "立冬", "夏至", "冬至", "小年",
}

// afterEvents, beforeEvents and insideEvents tie a deadline to an event.
var (
	afterEvents  = []string{"结束之后", "结束以后", "结束后", "召开后", "之日起", "当日起", "当天起", "之后", "以后", "后", "起"}
	beforeEvents = []string{"召开之前", "召开前", "开始之前", "开始前", "到来前", "来临前", "结束之前", "结束前", "之前", "以前", "前"}
	insideEvents = []string{"期间", "当天", "当日", "末", "底", "初", "中期", "结束", "之内", "以内", "内"}
)

// event reads a deadline that hangs on an event: 会后7日内, 放假前, 开学后一周, 学期末, 第10周周五前.
func (p *reader) event(s *scanner) (claim, bool) {
	if got, ok := p.weekOfTerm(s); ok {
		return got, true
	}
	s.take("本", "这", "下", "上", "每")
	start := s.at
	school := s.take(schoolWords...)
	if !school && !s.take(eventWords...) || s.at-start == 1 && start > 0 && !p.standsAlone(start) {
		return claim{}, false
	}
	word := string(s.runes[start:s.at])
	relation := s.relation(school)
	if relation == noRelation && !strings.HasSuffix(word, "末") {
		return claim{}, false
	}
	if reading, ok := p.inTerm(s, word, relation); school && ok {
		return claim{reading: reading, marked: true}, true
	}
	p.restOfEvent(s)
	reading := ask(ReasonEventDate)
	if school {
		reading = ask(ReasonSchoolCalendar)
	}
	if relation == beforeEvent && strings.ContainsAny(word, "假节") {
		reading.Offer = p.beforeNextHoliday()
	}
	return claim{reading: reading, weak: relation == noRelation, marked: relation != noRelation}, true
}

// relation is where a deadline lies to an event.
type relation int

const (
	noRelation relation = iota
	beforeEvent
	beforeEventEnds
	afterEvent
	insideEvent
)

func (s *scanner) relation(school bool) relation {
	switch {
	case s.seesAny("前后", "前往", "前台", "后勤", "后续", "后台", "前期", "后期", "前言", "起草", "起来", "内容", "后生", "末考"):
		return noRelation
	case s.take(afterEvents...):
		return afterEvent
	case s.seesAny("结束前", "结束之前"):
		s.take(beforeEvents...)
		return beforeEventEnds
	case s.take(beforeEvents...):
		return beforeEvent
	case school && s.take(insideEvents...):
		return insideEvent
	}
	return noRelation
}

// weekOfTerm reads 第10周周五前 and 第三周内. Weeks are counted from the start of a term.
func (p *reader) weekOfTerm(s *scanner) (claim, bool) {
	if !s.take("第") {
		return claim{}, false
	}
	if _, ok := s.number(); !ok || !s.take("周", "个星期", "星期") {
		return claim{}, false
	}
	s.take("的")
	_, ok := s.weekdayName()
	if !ok {
		_, ok = s.weekdayChar()
	}
	mark := s.markBehind()
	return claim{reading: ask(ReasonSchoolCalendar), weak: !ok && mark == noMark, marked: mark != noMark}, true
}

// standsAlone says whether the word of one character at start is one by itself and not the end of another: 会后, not 机会后.
func (p *reader) standsAlone(start int) bool {
	before := p.text[start-1]
	return !isWordCharacter(before) || strings.ContainsRune("于在请本这下上每", before)
}

func isWordCharacter(r rune) bool { return r >= 0x4E00 && r <= 0x9FFF }

// restOfEvent steps over the distance that the text gives from the event.
func (p *reader) restOfEvent(s *scanner) {
	back := *s
	s.take("的", ",", "，")
	s.spaces()
	s.take("第")
	if _, ok := s.span(); !ok {
		*s = back
		return
	}
	s.spanMark()
}

// beforeNextHoliday is what is offered for 放假前 when the unit's calendar is not known: the last working day before the next
// public holiday.
func (p *reader) beforeNextHoliday() Due {
	for day, n := p.today.Add(1), 0; n < 366; day, n = day.Add(1), n+1 {
		if mark, ok := p.cal.Mark(day); ok && mark.Off {
			return Due{Date: p.cal.LastWorkingDay(day.Add(-1))}
		}
	}
	return Due{}
}

// inTerm resolves words of the school year by the vacations of the unit, where they are known: 放假前 and 期末 lead to the last
// working day before the next one, 开学前 to the last working day in it, 开学后 counts from the first day of term.
func (p *reader) inTerm(s *scanner, word string, r relation) (Reading, bool) {
	vacation, running := p.vacations.On(p.today)
	next, known := p.vacations.named(word).After(p.today)
	if !running {
		vacation, running = next, known
	}
	switch {
	case (word == "开学" || word == "返校") && running && r == beforeEvent, r == beforeEventEnds && strings.Contains(word, "假") && running:
		return dueOn(p.cal.LastWorkingDay(vacation.To)), true
	case (word == "开学" || word == "返校") && running && r == afterEvent:
		return p.afterTermBegins(s, vacation.To.Add(1))
	case strings.Contains(word, "假") && known && r == beforeEvent, isTermEnd(word, r) && known:
		return dueOn(p.cal.LastWorkingDay(next.From.Add(-1))), true
	}
	return Reading{}, false
}

func (p *reader) afterTermBegins(s *scanner, first Date) (Reading, bool) {
	try := *s
	sp, ok := try.span()
	if !ok || sp.rough {
		return Reading{}, false
	}
	try.spanMark()
	*s = try
	return p.spanReading(sp, first.At(officeStart, p.cal.zone))
}

func isTermEnd(word string, r relation) bool {
	switch word {
	case "学期末", "期末", "学期结束":
		return r == noRelation || r == beforeEvent
	case "学期":
		return r == insideEvent || r == beforeEventEnds
	}
	return false
}

func dueOn(d Date) Reading {
	return Reading{Outcome: Understood, Due: Due{Date: d}, Assumed: []Assumption{AssumedLastWorkingDay}}
}
