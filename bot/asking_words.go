package bot

import (
	"duban/calendar"
	"duban/text"
)

// readUntil reads until when more time is asked for; false when nothing was said. A length of time is counted from the present deadline.
func (v *visit) readUntil(said string, present calendar.Due) (calendar.Reading, bool) {
	if said == "" {
		return calendar.Reading{Outcome: calendar.None}, false
	}
	cal := v.Desk.Calendar
	within, isLength := text.Within(said)
	if !isLength {
		r := cal.ParseDue(said, v.now)
		r.Due = storedDue(r.Due)
		return r, true
	}
	r := cal.ParseDue(within, cal.Moment(present))
	if r.Due.IsDate() {
		r.Due = v.sameTimeOn(present, r.Due.Date)
	}
	r.Due = storedDue(r.Due)
	return r, true
}
