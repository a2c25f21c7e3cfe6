package calendar

import (
	"slices"
	"strings"
	"time"
)

// reader reads one text said at one instant.
type reader struct {
	cal       *Calendar
	text      []rune
	now       time.Time
	today     Date
	vacations Vacations
	anchor    Date // days without their month or week are looked for from here on: today, or the start of a range
}

// claim is a part of the text that says something about a deadline.
type claim struct {
	start, end int
	reading    Reading
	weak       bool // counts only when it is called a deadline, or is all that the text says
	marked     bool // called a deadline: 前, 内, 截止
}

// ParseDue reads the deadline that a person typed at now, in Chinese or English, alone or inside a sentence. What the
// text leaves open is either resolved and named in Assumed or asked for; a deadline in the past says so.
func (c *Calendar) ParseDue(text string, now time.Time) Reading {
	return c.ParseDueIn(nil, text, now)
}

// ParseDueIn is ParseDue for a unit whose vacations are known, so that 放假前 and 开学后一周 need not be asked for.
func (c *Calendar) ParseDueIn(vacations Vacations, text string, now time.Time) Reading {
	c = c.holding()
	now = now.In(c.zone).Truncate(time.Second)
	p := &reader{cal: c, text: plain(text), now: now, today: DateOf(now), anchor: DateOf(now), vacations: vacations}
	chosen := p.choose(p.claims())
	reading := chosen.reading
	if reading.Outcome != None {
		reading.Phrase = string([]rune(text)[chosen.start:chosen.end])
	}
	if reading.Outcome == Understood {
		reading.Past = c.Overdue(reading.Due, now)
	}
	if !reading.Due.IsZero() {
		reading.Provisional = c.IsProvisional(reading.Due.Date)
	}
	return reading
}

// claims goes through the text and collects what it says, left to right, never two things from one place.
func (p *reader) claims() []claim {
	var found []claim
	for at := 0; at < len(p.text); {
		if !canStart(p.text[at]) || p.midWord(at) {
			at++
			continue
		}
		s := scanner{p.text, at}
		claimed, ok := p.claim(&s)
		if !ok || s.at <= at {
			at++
			continue
		}
		claimed.start, claimed.end = at, s.at
		found = append(found, p.withMarks(claimed))
		at = s.at
	}
	return found
}

// midWord says whether place at lies inside a number or an English word, or behind what makes a number no date.
func (p *reader) midWord(at int) bool {
	if at == 0 {
		return false
	}
	here, before := p.text[at], p.text[at-1]
	switch {
	case isLetter(here):
		return isLetter(before)
	case isDigit(here):
		return isDigit(before) || isLetter(before) || strings.ContainsRune("第[]#$¥№_", before) || p.insideFigure(at)
	case isNumeral(here):
		return isNumeral(before) || before == '第'
	}
	return false
}

// insideFigure says whether the digits at follow a point, a stroke or a dash that follows a digit: 3.15 is one figure.
func (p *reader) insideFigure(at int) bool {
	before := p.text[at-1]
	return at > 1 && (before == '.' || before == '/') && isDigit(p.text[at-2])
}

// claim tries every kind of phrase at one place.
func (p *reader) claim(s *scanner) (claim, bool) {
	for _, kind := range []func(*scanner) (claim, bool){
		p.vague, p.recurring, p.event, p.fromNow, p.moment, p.english,
	} {
		try := *s
		if claimed, ok := kind(&try); ok {
			*s = try
			return claimed, true
		}
	}
	return claim{}, false
}

// marksBefore are the words that announce a deadline.
var marksBefore = []string{
	"截止", "截至", "截止到", "截至到", "截止于", "截止时间", "截止日期", "时限", "期限", "最迟", "最晚", "最迟于", "最晚于", "不晚于", "不迟于",
	"务必于", "务必在", "请于", "请在", "限于", "限期", "限时", "限", "于", "在", "by", "before", "until", "due", "deadline", "no later than",
}

func (p *reader) withMarks(c claim) claim {
	s := scanner{p.text, c.end}
	if s.endsWith(c.start, marksBefore...) {
		c.marked = true
	}
	return c
}

// choose takes the claim that stands for the text. Several deadlines are resolved only where one is called so.
func (p *reader) choose(claims []claim) claim {
	var firm []claim
	for _, c := range claims {
		if !c.weak || c.marked || p.isWhole(c) {
			firm = append(firm, c)
		}
	}
	deadlines := slices.Collect(filter(firm, func(c claim) bool {
		return c.reading.Outcome == Understood || c.reading.Outcome == Recurring || c.reading.Reason == ReasonNoSuchDate
	}))
	if len(deadlines) > 0 {
		return chooseDeadline(deadlines)
	}
	for _, outcome := range []Outcome{Ask, Refused} {
		for _, c := range firm {
			if c.reading.Outcome == outcome {
				return p.withOffer(c)
			}
		}
	}
	return claim{reading: Reading{Outcome: None}}
}

func filter(claims []claim, keep func(claim) bool) func(yield func(claim) bool) {
	return func(yield func(claim) bool) {
		for _, c := range claims {
			if keep(c) && !yield(c) {
				return
			}
		}
	}
}

func chooseDeadline(deadlines []claim) claim {
	marked := slices.Collect(filter(deadlines, func(c claim) bool { return c.marked }))
	switch {
	case allEqual(deadlines):
		return deadlines[0]
	case len(marked) > 0 && allEqual(marked):
		chosen := marked[0]
		chosen.reading.Assumed = append(chosen.reading.Assumed, AssumedMarked)
		return chosen
	}
	first, last := deadlines[0], deadlines[len(deadlines)-1]
	return claim{start: first.start, end: last.end, reading: Reading{Outcome: Ask, Reason: ReasonWhichDate}}
}

func allEqual(claims []claim) bool {
	for _, c := range claims[1:] {
		a, b := claims[0].reading, c.reading
		if a.Outcome != b.Outcome || a.Due != b.Due || a.Rule.String() != b.Rule.String() {
			return false
		}
	}
	return true
}

// offeredDays is the deadline that is offered instead of a vague one, in working days.
const offeredDays = 3

func (p *reader) withOffer(c claim) claim {
	if c.reading.Reason == ReasonVague {
		c.reading.Offer = Due{Date: p.cal.AddWorkingDays(p.today, offeredDays)}
	}
	return c
}

// isWhole says whether the text says nothing beside the claim.
func (p *reader) isWhole(c claim) bool {
	return p.isFiller(0, c.start) && p.isFiller(c.end, len(p.text))
}

func (p *reader) isFiller(from, to int) bool {
	for _, r := range p.text[from:to] {
		if !strings.ContainsRune(" \t\n\r,.;:!?。，；：！？、()\"'“”", r) {
			return false
		}
	}
	return true
}

func ask(reason Reason) Reading { return Reading{Outcome: Ask, Reason: reason} }
