package calendar

// vagueWords bind nobody to a time.
var vagueWords = []string{
	"尽快", "尽早", "尽速", "从速", "及时", "近期", "近日", "近几天", "近几日", "这几天", "这两天", "第一时间", "马上", "立即", "立刻", "即刻", "即时", "随时",
	"抓紧", "早日", "有空", "有时间", "不日", "择日", "择期", "适时", "择机", "过几天", "过两天", "几天内", "几日内", "几天后", "几个工作日", "几小时", "十几天",
	"若干天", "日内", "一会儿", "过会儿", "待定", "另行通知", "长期", "常态化", "短期内", "稍后", "晚点", "尽量早", "as soon as possible", "asap", "soon", "immediately",
}

func (p *reader) vague(s *scanner) (claim, bool) {
	if s.at > 0 && isNumeral(s.ahead(-1)) || !s.take(vagueWords...) || isLetter(s.ahead(-1)) && isLetter(s.peek()) {
		return claim{}, false
	}
	return claim{reading: Reading{Outcome: Refused, Reason: ReasonVague}}, true
}
