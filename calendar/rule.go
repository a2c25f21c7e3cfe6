package calendar

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Period is the stretch of time in which a Rule recurs.
type Period string

// The periods of rules. A rule of EveryCron recurs as its cron line says.
const (
	EveryDay        Period = "daily"
	EveryWorkingDay Period = "workdays"
	EveryWeek       Period = "weekly"
	EveryMonth      Period = "monthly"
	EveryQuarter    Period = "quarterly"
	EveryYear       Period = "yearly"
	EveryCron       Period = "cron"
)

// Shift says where an occurrence goes that falls on a day that is not worked.
type Shift string

// The shifts. The zero value leaves the occurrence on its day.
const (
	NoShift     Shift = ""
	ShiftBefore Shift = "before" // to the last working day before
	ShiftAfter  Shift = "after"  // to the next working day
)

// LastDay stands for the last day of a month in Rule.Days.
const LastDay = -1

// Rule says when something recurs, in local days and wall time. One way of picking days within the period is used: Days,
// Weekdays (with Nth in periods longer than a week), WorkingDay or LastWorkingDays. Its text form is String's.
type Rule struct {
	Every    Period
	Interval int  // every so many periods, counted from the one that Anchor lies in; 0 and 1 are every period
	Anchor   Date // needed with an Interval above 1
	Month    int  // of Days in a quarter (1 to 3) or in a year (1 to 12)

	Days            []int          // days of the month, LastDay for its last; beyond a short month's end they mean its last
	Weekdays        []time.Weekday // days of the week
	Nth             int            // the n-th Weekdays[0] of the month, from its end when negative
	WorkingDay      int            // the n-th working day of the period, from its end when negative
	LastWorkingDays int            // each of the last n working days of the period

	Shift Shift
	At    *Clock // nil: the occurrence is a date without a time
	Cron  string // five fields, local time
}

// ErrRule is what ParseRule's errors are.
var ErrRule = errors.New("recurrence rule")

var weekdayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// ParseRule reads the text form of a rule, as String writes it:
//
//	daily at=09:00                          every day
//	workdays at=08:30                       every working day
//	weekly mon,fri at=17:00                 on these days of the week
//	weekly wed every=2 from=2026-11-25      every second week, counted from that one
//	weekly workday#-1                       on the last working day of each week that has one
//	monthly 5,last shift=before             on the fifth and the last day, else the working day before
//	monthly fri#1   monthly fri#-1          on the first, the last Friday
//	monthly workday#-1                      on the last working day
//	quarterly lastworkdays#3                on each of the last three working days
//	quarterly 3/25                          on the 25th of the quarter's third month
//	yearly 06-30                            on 30 June
//	cron 0 9 * * 1-5                        as the cron line says, in local time
//
// It refuses rules that never come due.
func ParseRule(s string) (Rule, error) {
	fields := strings.Fields(s)
	if len(fields) == 0 {
		return Rule{}, fmt.Errorf("%w: empty", ErrRule)
	}
	if Period(fields[0]) == EveryCron {
		return parseCronRule(strings.Join(fields[1:], " "))
	}
	r := Rule{Every: Period(fields[0])}
	for _, field := range fields[1:] {
		if err := r.readField(field); err != nil {
			return Rule{}, fmt.Errorf("%w %q: %w", ErrRule, s, err)
		}
	}
	if err := r.check(); err != nil {
		return Rule{}, fmt.Errorf("%w %q: %w", ErrRule, s, err)
	}
	return r, nil
}

func (r *Rule) readField(field string) error {
	name, value, isOption := strings.Cut(field, "=")
	if !isOption {
		return r.readPick(field)
	}
	switch name {
	case "at":
		clock, err := ParseClock(value)
		r.At = &clock
		return err
	case "every":
		n, err := strconv.Atoi(value)
		r.Interval = n
		return err
	case "from":
		d, err := ParseDate(value)
		r.Anchor = d
		return err
	case "shift":
		r.Shift = Shift(value)
		return nil
	}
	return fmt.Errorf("unknown option %q", name)
}

func (r *Rule) readPick(field string) error {
	if r.picks() > 0 {
		return fmt.Errorf("%q beside another choice of days", field)
	}
	if name, n, found := strings.Cut(field, "#"); found {
		return r.readCounted(name, n)
	}
	switch r.Every {
	case EveryWeek:
		return r.readWeekdays(field)
	case EveryQuarter:
		return r.readMonthAndDays(field, "/")
	case EveryYear:
		return r.readMonthAndDays(field, "-")
	}
	return r.readDays(field)
}

func (r *Rule) readCounted(name, count string) error {
	n, err := strconv.Atoi(count)
	if err != nil || n == 0 {
		return fmt.Errorf("%q is no count", count)
	}
	switch name {
	case "workday":
		r.WorkingDay = n
	case "lastworkdays":
		r.LastWorkingDays = n
	default:
		r.Nth = n
		return r.readWeekdays(name)
	}
	return nil
}

func (r *Rule) readWeekdays(field string) error {
	for name := range strings.SplitSeq(field, ",") {
		day := slices.Index(weekdayNames, name)
		if day < 0 {
			return fmt.Errorf("%q is no day of the week", name)
		}
		r.Weekdays = append(r.Weekdays, time.Weekday(day))
	}
	return nil
}

func (r *Rule) readMonthAndDays(field, separator string) error {
	month, days, found := strings.Cut(field, separator)
	n, err := strconv.Atoi(month)
	if !found || err != nil || n < 1 {
		return fmt.Errorf("%q is no month and day", field)
	}
	r.Month = n
	return r.readDays(days)
}

func (r *Rule) readDays(field string) error {
	for name := range strings.SplitSeq(field, ",") {
		if name == "last" {
			r.Days = append(r.Days, LastDay)
			continue
		}
		n, err := strconv.Atoi(name)
		if err != nil || n < 1 {
			return fmt.Errorf("%q is no day", name)
		}
		r.Days = append(r.Days, n)
	}
	return nil
}

// picks counts the ways in which days are chosen, of which a rule has one at most.
func (r Rule) picks() int {
	n := 0
	for _, used := range []bool{len(r.Days) > 0, len(r.Weekdays) > 0, r.WorkingDay != 0, r.LastWorkingDays != 0} {
		if used {
			n++
		}
	}
	return n
}

// Check says what keeps the rule from ever coming due, or nil.
func (r Rule) Check() error {
	if r.Every == EveryCron {
		_, err := parseCron(r.Cron)
		return err
	}
	if err := r.check(); err != nil {
		return fmt.Errorf("%w: %w", ErrRule, err)
	}
	return nil
}

func (r Rule) check() error {
	if err := r.checkPick(); err != nil {
		return err
	}
	switch {
	case r.Interval < 0 || r.Interval > 100:
		return errors.New("every must be from 1 to 100")
	case r.Interval > 1 && r.Every == EveryWorkingDay:
		return errors.New("workdays knows no every")
	case r.Interval > 1 && !r.Anchor.Valid():
		return errors.New("every needs from, a date to count from")
	case r.Shift != NoShift && r.Shift != ShiftBefore && r.Shift != ShiftAfter:
		return fmt.Errorf("shift must be before or after, not %q", r.Shift)
	case r.Shift != NoShift && r.Every == EveryDay:
		return errors.New("a daily rule has no shift: use workdays")
	}
	return nil
}

func (r Rule) checkPick() error {
	want := 1
	if r.Every == EveryDay || r.Every == EveryWorkingDay {
		want = 0
	}
	switch {
	case r.picks() != want:
		return errors.New("say one choice of days within the period")
	case slices.ContainsFunc(r.Weekdays, func(d time.Weekday) bool { return d < time.Sunday || d > time.Saturday }):
		return errors.New("no such day of the week")
	}
	switch r.Every {
	case EveryDay, EveryWorkingDay:
		return nil
	case EveryWeek:
		return r.checkWeek()
	case EveryMonth:
		return r.checkWithin(1, 31, 23)
	case EveryQuarter:
		return r.checkWithin(3, 31, 66)
	case EveryYear:
		return r.checkWithin(12, 31, 260)
	}
	return fmt.Errorf("unknown period %q", r.Every)
}

func (r Rule) checkWeek() error {
	switch {
	case len(r.Days) > 0 || r.Nth != 0:
		return errors.New("a weekly rule names days of the week")
	case max(r.WorkingDay, -r.WorkingDay, r.LastWorkingDays) > 7 || r.LastWorkingDays < 0:
		return errors.New("a week has seven days")
	}
	return nil
}

// checkWithin checks the choice of days against what every such period has.
func (r Rule) checkWithin(months, longest, workingDays int) error {
	if len(r.Days) > 0 && months > 1 && (r.Month < 1 || r.Month > months) {
		return fmt.Errorf("the month must be from 1 to %d", months)
	}
	if months == 12 && len(r.Days) > 0 {
		longest = daysIn(2024, time.Month(r.Month))
	}
	for _, day := range r.Days {
		if day != LastDay && (day < 1 || day > longest) {
			return fmt.Errorf("no day %d", day)
		}
	}
	switch {
	case len(r.Weekdays) > 0 && (r.Every != EveryMonth || len(r.Weekdays) != 1 || r.Nth == 0 || r.Nth < -5 || r.Nth > 5):
		return errors.New("days of the week want a count, such as fri#1, in a monthly rule")
	case r.WorkingDay < -workingDays || r.WorkingDay > workingDays:
		return fmt.Errorf("no working day %d", r.WorkingDay)
	case r.LastWorkingDays < 0 || r.LastWorkingDays > workingDays:
		return fmt.Errorf("no %d last working days", r.LastWorkingDays)
	}
	return nil
}

// String writes the rule as ParseRule reads it; equal rules have equal texts.
func (r Rule) String() string {
	if r.Every == EveryCron {
		return string(r.Every) + " " + r.Cron
	}
	parts := []string{string(r.Every)}
	if pick := r.pickText(); pick != "" {
		parts = append(parts, pick)
	}
	if r.Interval > 1 {
		parts = append(parts, fmt.Sprintf("every=%d", r.Interval), "from="+r.Anchor.String())
	}
	if r.Shift != NoShift {
		parts = append(parts, "shift="+string(r.Shift))
	}
	if r.At != nil {
		parts = append(parts, "at="+r.At.String())
	}
	return strings.Join(parts, " ")
}

func (r Rule) pickText() string {
	switch {
	case r.WorkingDay != 0:
		return fmt.Sprintf("workday#%d", r.WorkingDay)
	case r.LastWorkingDays != 0:
		return fmt.Sprintf("lastworkdays#%d", r.LastWorkingDays)
	case r.Nth != 0:
		return fmt.Sprintf("%s#%d", weekdayNames[r.Weekdays[0]], r.Nth)
	case len(r.Weekdays) > 0:
		names := make([]string, len(r.Weekdays))
		for i, day := range r.Weekdays {
			names[i] = weekdayNames[day]
		}
		return strings.Join(names, ",")
	}
	return r.daysText()
}

func (r Rule) daysText() string {
	names := make([]string, len(r.Days))
	for i, day := range r.Days {
		names[i] = strconv.Itoa(day)
		if day == LastDay {
			names[i] = "last"
		} else if r.Every == EveryYear {
			names[i] = fmt.Sprintf("%02d", day)
		}
	}
	text := strings.Join(names, ",")
	switch r.Every {
	case EveryQuarter:
		return fmt.Sprintf("%d/%s", r.Month, text)
	case EveryYear:
		return fmt.Sprintf("%02d-%s", r.Month, text)
	}
	return text
}

// IsZero says whether there is no rule.
func (r Rule) IsZero() bool { return r.Every == "" }

// MarshalText writes the rule as String does; no rule is the empty text.
func (r Rule) MarshalText() ([]byte, error) {
	if r.IsZero() {
		return nil, nil
	}
	return []byte(r.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (r *Rule) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*r = Rule{}
		return nil
	}
	parsed, err := ParseRule(string(text))
	if err != nil {
		return err
	}
	*r = parsed
	return nil
}
