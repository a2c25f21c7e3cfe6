package calendar

// vagueWords bind nobody to a time.
var vagueWords = []string{
	"尽快", "尽早", "尽速", "从速", "及时", "近期", "近日", "近几天", "近几日", "这几天", "这两天", "第一时间", "马上", "立即", "立刻", "即刻", "即时", "随时",
	"抓紧", "早日", "有空", "有时间", "不日", "择日", "择期", "适时", "择机", "过几天", "过两天", "几天内", "几日内", "几天后", "几个工作日", "几小时", "十几天",
	"若干天", "日内", "短期内", "稍后", "晚点", "尽量早", "as soon as possible", "asap", "soon", "immediately",
}

func (p *reader) vague(s *scanner) (claim, bool) {
	if s.at > 0 && isNumeral(s.ahead(-1)) || !s.take(vagueWords...) || isLetter(s.ahead(-1)) && isLetter(s.peek()) {
		return claim{}, false
	}
	return claim{reading: Reading{Outcome: Refused, Reason: ReasonVague}}, true
}

// schoolWords stand for days that only the calendar of the unit knows.
var schoolWords = []string{
	"寒假", "暑假", "开学", "学期末", "期末", "学期结束", "学期", "学年末", "学年", "放假", "复课", "返校", "春季学期", "秋季学期", "毕业", "散学",
}

// eventWords stand for events whose date the program does not know.
var eventWords = []string{
	"会议", "例会", "大会", "会", "活动", "检查", "考试", "培训", "比赛", "评审", "验收", "巡察", "调研", "选举", "换届", "高考", "中考", "年检", "节假日", "节日",
	"假期", "假", "节", "年", "课", "收到通知", "收到", "接通知", "接到通知", "接到", "印发", "下发", "发布", "通知发出", "交办", "签收", "事发", "结束", "节前最后一个工作日",
}

// afterEvents and beforeEvents tie a deadline to an event.
var (
	afterEvents = []string{
		"结束之后", "结束以后", "结束后", "召开后", "之日起", "当日起", "当天起", "之后", "以后", "后", "起",
	}
	beforeEvents = []string{"召开之前", "召开前", "开始之前", "开始前", "到来前", "来临前", "结束前", "之前", "以前", "前"}
	insideEvents = []string{"期间", "当天", "当日", "末", "底", "初", "中期", "结束", "之内", "以内", "内"}
)

// event reads a deadline that hangs on an event: 会后7日内, 放假前, 开学后一周, 学期末.
func (p *reader) event(s *scanner) (claim, bool) {
	s.take("本", "这", "下", "上")
	start := s.at
	reason := ReasonSchoolCalendar
	if !s.take(schoolWords...) {
		reason = ReasonEventDate
		if !s.take(eventWords...) {
			return claim{}, false
		}
	}
	if s.at-start == 1 && start > 0 && !p.standsAlone(start) {
		return claim{}, false
	}
	ended := s.ahead(-1) == '末'
	switch {
	case s.seesAny("前后", "前往", "前台", "后勤", "后续", "后台", "前期", "后期", "前言", "起草", "起来", "内容", "后生", "末考"):
		return claim{}, false
	case s.take(afterEvents...), s.take(beforeEvents...):
	case reason == ReasonSchoolCalendar && s.take(insideEvents...):
	case ended && reason == ReasonSchoolCalendar:
		return claim{reading: ask(reason), weak: true}, true
	default:
		return claim{}, false
	}
	p.restOfEvent(s)
	return claim{reading: ask(reason), marked: true}, true
}

// standsAlone says whether the word of one character at start is one by itself and not the end of another: 会后, not 机会后.
func (p *reader) standsAlone(start int) bool {
	before := p.text[start-1]
	return before < 0x80 || !isWordCharacter(before) || start > 1 && before == '于' || before == '在' || before == '请'
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
