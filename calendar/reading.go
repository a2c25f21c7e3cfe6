package calendar

// Outcome is what came of reading a text for a deadline.
type Outcome string

// The outcomes of reading a text.
const (
	None       Outcome = "none"      // it names no deadline
	Understood Outcome = "due"       // it names one
	Recurring  Outcome = "recurring" // it names one that comes again and again
	Ask        Outcome = "ask"       // a fact is missing, which Reason names
	Refused    Outcome = "refused"   // it is no deadline to hold anyone to, for the Reason given
)

// Reason names the fact that is missing, or why a text was refused.
type Reason string

// The reasons to ask, and the one to refuse.
const (
	ReasonEventDate      Reason = "event_date"      // it counts from an event whose date is not known: 会后7日内
	ReasonSchoolCalendar Reason = "school_calendar" // it needs the terms and vacations of the unit: 放假前
	ReasonWhichDate      Reason = "which_date"      // it names several dates
	ReasonNoSuchDate     Reason = "no_such_date"    // it names a day that does not exist: 2月30日
	ReasonWeekday        Reason = "weekday"         // the day of the week given is not that of the date
	ReasonNoSuchTime     Reason = "no_such_time"    // it names a time that does not exist: 25:00
	ReasonLunarOrSolar   Reason = "lunar_or_solar"  // it may be a day of either calendar: 八月廿五
	ReasonWhichDay       Reason = "which_day"       // it names a stretch and not a day of it: 国庆节后
	ReasonDayOrMonth     Reason = "day_or_month"    // its figures can be read in two orders: 5/12/2026
	ReasonVague          Reason = "vague"           // it binds nobody to a time: 尽快
)

// Assumption names how something left open was resolved, so that the echo can say it.
type Assumption string

// The assumptions. Where one is made, the echo names it and the person may correct it.
const (
	AssumedIncludesDay    Assumption = "includes_day"     // 前 after a date: the day itself still counts
	AssumedDayBefore      Assumption = "day_before"       // 前 after a festival: the day before it
	AssumedNextYear       Assumption = "next_year"        // the day is past this year
	AssumedNextMonth      Assumption = "next_month"       // the day is past this month
	AssumedNextWeek       Assumption = "next_week"        // the day is past this week
	AssumedNextDay        Assumption = "next_day"         // the time is past today
	AssumedOfficeHours    Assumption = "office_hours"     // a time without 上午 or 下午 was taken to lie in office hours
	AssumedPartOfDay      Assumption = "part_of_day"      // a part of the day without an hour means its end
	AssumedEndOfPeriod    Assumption = "end_of_period"    // a stretch without a day means its last day
	AssumedStartOfPeriod  Assumption = "start_of_period"  // 初: the first day of the stretch
	AssumedMiddle         Assumption = "middle_of_period" // 中: the middle of the stretch
	AssumedLastWorkingDay Assumption = "last_working_day" // a week means its last working day
	AssumedRangeEnd       Assumption = "range_end"        // of a range, the end counts
	AssumedMoved          Assumption = "moved"            // a duration that ended on a day off went on to the next working day
	AssumedMarked         Assumption = "marked"           // of several dates, the one that is called a deadline
	AssumedSolar          Assumption = "solar"            // a day that might be lunar was taken as solar
	AssumedLunar          Assumption = "lunar"            // a day of the lunar calendar
	AssumedIsoWeeks       Assumption = "iso_weeks"        // odd and even weeks by the week of the year
)

// Reading is what a text says about a deadline: nothing, a deadline, a recurring one, a question or a refusal.
type Reading struct {
	Outcome     Outcome      `json:"outcome"`
	Due         Due          `json:"due,omitzero"`         // the deadline; of a recurring one the next
	Rule        Rule         `json:"rule,omitzero"`        // of a recurring one
	Reason      Reason       `json:"reason,omitempty"`     // of Ask and Refused
	Offer       Due          `json:"offer,omitzero"`       // of Ask and Refused: a deadline to propose instead, if any
	Assumed     []Assumption `json:"assumed,omitempty"`    // how what was left open was resolved
	Provisional bool         `json:"provisional,omitzero"` // the deadline falls into a year without a notice
	Past        bool         `json:"past,omitzero"`        // the deadline is over already
	Phrase      string       `json:"phrase,omitempty"`     // the part of the text that says all this
}

// Has says whether the reading rests on the assumption.
func (r Reading) Has(a Assumption) bool {
	for _, assumed := range r.Assumed {
		if assumed == a {
			return true
		}
	}
	return false
}
