package calendar

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// noticeYear finds the year of a notice's title, or any year.
var noticeYear = regexp.MustCompile(`(\d{4})年部分节假日|(\d{4})年`)

// noticeTitle is the title of the State Council's notices.
const noticeTitle = "国务院办公厅关于%d年部分节假日安排的通知"

// ParseNotice reads the text of the yearly notice on holidays as it is published, such as 「一、元旦：1月1日（周四）至3日（周六）放假调休，
// 共3天。1月4日（周日）上班。」, old forms of it since 2007 included. The year is that of the title; without a
// title it is fallback, and with fallback 0 the first year in the text. What looks
// wrong comes back as problems, for a person to look at before the year is taken over.
func ParseNotice(text string, fallback int) (Year, []Problem) {
	runes := []rune(text)
	if len(runes) > longestText {
		runes = runes[:longestText]
	}
	year := Year{Year: noticeYearOf(string(runes), fallback)}
	if !plausibleYear(year.Year) {
		return Year{}, []Problem{{Kind: ProblemNoYear}}
	}
	year.Notice = fmt.Sprintf(noticeTitle, year.Year)
	n := &notice{scanner: scanner{plain(string(runes)), 0}, year: year.Year}
	n.read()
	year.Days = n.days()
	return year, append(n.problems, year.Problems()...)
}

func noticeYearOf(text string, fallback int) int {
	for _, found := range noticeYear.FindAllStringSubmatch(text, -1) {
		if found[1] != "" {
			return atoi(found[1])
		}
	}
	if found := noticeYear.FindStringSubmatch(text); found != nil && fallback == 0 {
		return atoi(found[2])
	}
	return fallback
}

// notice is a notice being read.
type notice struct {
	scanner
	year     int
	name     string // of the holiday whose paragraph this is
	last     Date   // the date named last, which lends its month and year to those that follow
	pending  []Date // named since the last verdict
	moved    bool   // 调至: what follows are days off
	verdicts []verdict
	problems []Problem
}

// verdict says of one day whether it is worked. Where a text says several things of a day, the strongest counts.
type verdict struct {
	day      Date
	name     string
	strength strength
}

type strength int

const (
	movedFrom strength = iota // its rest was moved elsewhere: worked, unless it is said to be off
	dayOff
	dayWorked
)

// holidayNames are the holidays of the law, as notices head their paragraphs.
var holidayNames = []named[string]{
	{"元旦", "元旦"}, {"春节", "春节"}, {"清明", "清明节"}, {"\"五一\"", "劳动节"}, {"“五一”", "劳动节"}, {"国际劳动节", "劳动节"}, {"劳动节", "劳动节"},
	{"端午", "端午节"}, {"中秋", "中秋节"}, {"国庆", "国庆节"}, {"\"十一\"", "国庆节"}, {"“十一”", "国庆节"}, {"抗战胜利日", "抗战胜利日"},
}

func (n *notice) read() {
	for n.at < len(n.runes) {
		switch {
		case n.heading():
		case n.date():
		case n.take("公休日分别调至", "公休日调至", "调至"):
			n.settle(movedFrom)
			n.moved = true
		case n.take("放假", "补休", "照常公休", "为公休日", "为法定节假日", "为法定假日", "休息"):
			n.settle(dayOff)
		case n.take("上班"):
			n.settle(dayWorked)
		case n.take("。", ";", ",", "\n"):
			n.endClause()
		default:
			n.at++
		}
	}
	n.endClause()
}

// heading steps over the name of a holiday at the head of its paragraph: 六、中秋节、国庆节：
func (n *notice) heading() bool {
	back := n.scanner
	if n.at > 0 && !strings.ContainsRune("、\n 。.", n.ahead(-1)) {
		return false
	}
	var names []string
	for {
		name, ok := takeNamed(&n.scanner, holidayNames)
		if !ok {
			break
		}
		names = append(names, name)
		n.take("节")
		if !n.take("、", "和") {
			break
		}
	}
	if len(names) == 0 || !n.take(":") {
		n.scanner = back
		return false
	}
	n.name, n.last, n.pending, n.moved = strings.Join(names, "、"), Date{}, nil, false
	return true
}

// date steps over a date, or over a range of dates, with the day of the week behind it.
func (n *notice) date() bool {
	back := n.scanner
	from, ok := n.day()
	if !ok {
		n.scanner = back
		return false
	}
	n.last = from
	n.pending = append(n.pending, from)
	before := n.scanner
	if n.take("至", "-", "到") {
		n.take("-")
		if to, ok := n.day(); ok && !to.Before(from) && from.DaysUntil(to) < 40 {
			for day := from.Add(1); !day.After(to); day = day.Add(1) {
				n.pending = append(n.pending, day)
			}
			n.last = to
			return true
		}
	}
	n.scanner = before
	return true
}

// day reads 2026年1月1日（周四）, 1月1日, 3日（星期六）.
func (n *notice) day() (Date, bool) {
	first, ok := n.number()
	if !ok {
		return Date{}, false
	}
	date, yearSaid := Date{Year: n.last.Year, Month: n.last.Month}, false
	if n.take("年") {
		date.Year, yearSaid = first.value, true
		if first, ok = n.number(); !ok {
			return Date{}, false
		}
	}
	if n.take("月") {
		date.Month = time.Month(first.value)
		if !yearSaid {
			date.Year = n.yearOf(date.Month)
		}
		if first, ok = n.number(); !ok {
			return Date{}, false
		}
	}
	date.Day = first.value
	if !n.take("日") || !plausibleYear(date.Year) || !date.Valid() {
		return Date{}, false
	}
	n.checkWeekday(date)
	return date, true
}

// yearOf gives a month its year: December belongs to the year before in the paragraph of the new year.
func (n *notice) yearOf(month time.Month) int {
	if month == time.December && strings.HasPrefix(n.name, "元旦") {
		return n.year - 1
	}
	return n.year
}

// checkWeekday steps over what stands in brackets behind a date and compares the day of the week in it.
func (n *notice) checkWeekday(date Date) {
	if !n.take("(") {
		return
	}
	for n.at < len(n.runes) && n.peek() != ')' && n.peek() != '。' && n.peek() != '\n' {
		if day, ok := n.weekdayName(); ok {
			if day != date.Weekday() {
				n.problems = append(n.problems, Problem{Kind: ProblemWeekday, Date: date, Name: n.name})
			}
			continue
		}
		n.at++
	}
	n.take(")")
}

// settle gives the verdict on the days named since the last one.
func (n *notice) settle(s strength) {
	for _, day := range n.pending {
		n.verdicts = append(n.verdicts, verdict{day, n.name, s})
	}
	n.pending = nil
}

func (n *notice) endClause() {
	if n.moved {
		n.settle(dayOff)
	}
	n.pending, n.moved = nil, false
}

// days puts the verdicts together in the order of the text, days off that follow each other as ranges.
func (n *notice) days() []Day {
	strongest := map[Date]strength{}
	for _, v := range n.verdicts {
		strongest[v.day] = max(strongest[v.day], v.strength)
	}
	var days []Day
	seen := map[Date]bool{}
	for _, v := range n.verdicts {
		if seen[v.day] {
			continue
		}
		seen[v.day] = true
		off := strongest[v.day] == dayOff
		if last := len(days) - 1; off && last >= 0 && days[last].Off && days[last].Name == v.name && days[last].last().Add(1) == v.day {
			days[last].To = v.day
			continue
		}
		days = append(days, Day{Name: v.name, From: v.day, Off: off})
	}
	return days
}
