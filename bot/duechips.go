package bot

import (
	"strconv"
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/text"
)

// chipDays are how many working days later the chips for a deadline offer.
var chipDays = []int{1, 3, 5}

// otherDue is the argument of the chip that asks for a deadline to be typed.
const otherDue = "other"

// dueChips are the buttons to choose a deadline: some working days after base, or after today where base is past, the Monday after it, and one to
// type another. They keep the time of day of base. Each carries the verb, the id, and as its argument what chipDue reads.
func (v *visit) dueChips(verb string, id int64, base calendar.Due) Keyboard {
	cal := v.Desk.Calendar
	from := base.Date
	if today := cal.Today(v.now); from.Before(today) {
		from = today
	}
	var chips []Button
	seen := map[calendar.Date]bool{}
	offer := func(label string, day calendar.Date) {
		if seen[day] {
			return
		}
		seen[day] = true
		chips = append(chips, button(label, verb, id, chipOf(v.sameTimeOn(base, day))))
	}
	for _, n := range chipDays {
		day := cal.AddWorkingDays(from, n)
		offer(v.word("chips.later", "n", n, "day", shortDay(v.lang, day)), day)
	}
	monday := cal.NextWorkingDay(mondayAfter(from))
	offer(v.word("chips.monday", "day", shortDay(v.lang, monday)), monday)
	return append(rows(2, chips...), []Button{button(v.word("chips.other"), verb, id, otherDue)})
}

// sameTimeOn is a deadline on another day, at the same time of day where it has one.
func (v *visit) sameTimeOn(base calendar.Due, day calendar.Date) calendar.Due {
	if base.IsDate() || base.IsZero() {
		return calendar.Due{Date: day}
	}
	zone := v.Desk.Calendar.Zone()
	at := base.Instant.In(zone)
	moved := time.Date(day.Year, day.Month, day.Day, at.Hour(), at.Minute(), at.Second(), 0, zone)
	return v.Desk.Calendar.DueAt(moved)
}

func mondayAfter(d calendar.Date) calendar.Date {
	for d = d.Add(1); d.Weekday() != time.Monday; {
		d = d.Add(1)
	}
	return d
}

func shortDay(lang text.Lang, d calendar.Date) string {
	return text.Word(lang, "chips.day", "date", d.String()[len("2006-"):], "weekday", text.Word(lang, "weekday."+itoa(int(d.Weekday()))))
}

// The letters that begin the argument of a chip: a date, or an instant in milliseconds.
const (
	chipDate    = "d"
	chipInstant = "t"
)

func chipOf(due calendar.Due) string {
	if due.IsDate() {
		return chipDate + due.Date.String()
	}
	return chipInstant + strconv.FormatInt(due.Instant.UnixMilli(), 36)
}

// chipDue reads the argument of a chip that dueChips has made; false for the one that asks for a deadline to be typed, and for any other.
func (v *visit) chipDue(arg string) (calendar.Due, bool) {
	if day, ok := strings.CutPrefix(arg, chipDate); ok {
		d, err := calendar.ParseDate(day)
		return calendar.Due{Date: d}, err == nil
	}
	ms, ok := strings.CutPrefix(arg, chipInstant)
	if !ok {
		return calendar.Due{}, false
	}
	at, err := strconv.ParseInt(ms, 36, 64)
	if err != nil {
		return calendar.Due{}, false
	}
	return storedDue(v.Desk.Calendar.DueAt(timeOf(at))), true
}

// typedDue reads a deadline that was typed. Where it is none, or is over already, the visitor is told why, and false comes back.
func (v *visit) typedDue(typed string) (calendar.Reading, bool) {
	r := v.Desk.Calendar.ParseDue(typed, v.now)
	if r.Outcome != calendar.Understood || r.Past {
		v.sayWhyNotDue(r)
		return r, false
	}
	r.Due = storedDue(r.Due)
	return r, true
}

// sayWhyNotDue says why what was typed is no deadline to take.
func (v *visit) sayWhyNotDue(r calendar.Reading) {
	switch r.Outcome {
	case calendar.Ask:
		v.say("deadline.ask."+string(r.Reason), "phrase", r.Phrase)
	case calendar.Refused:
		v.say("deadline.refused."+string(r.Reason), "phrase", r.Phrase, "offer", v.dueWord(r.Offer))
	case calendar.Understood:
		v.say("deadline.past")
	default:
		v.say("deadline.none")
	}
}

// storedDue is a deadline as the store gives it back, so that it compares with one that was read.
func storedDue(due calendar.Due) calendar.Due {
	if !due.Instant.IsZero() {
		due.Instant = due.Instant.Truncate(time.Millisecond).UTC()
	}
	return due
}

// dueWord writes a deadline with its weekday and the working days that are left.
func (v *visit) dueWord(due calendar.Due) string {
	return (&page{Bot: v.Bot, lang: v.lang, now: v.now}).dueAt(due)
}

// dueAt writes a deadline with its weekday and the working days that are left.
func (p *page) dueAt(due calendar.Due) string {
	return text.Due(p.lang, p.deadline(duban.Assignment{Due: due}))
}

// echoOf repeats a deadline that was typed, with how what was left open in it was understood.
func (v *visit) echoOf(r calendar.Reading) string {
	echo := v.dueWord(r.Due)
	var notes []string
	for _, a := range r.Assumed {
		notes = append(notes, v.word("deadline.assumed."+string(a)))
	}
	if len(notes) == 0 {
		return echo
	}
	return v.word("chips.assumed", "due", echo, "notes", strings.Join(notes, v.word("chips.and")))
}
