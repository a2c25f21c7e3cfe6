package duban

import (
	"time"

	"duban/calendar"
)

// promiseAsked is when on the promised day somebody is asked who has promised a day and no hour: late enough to have kept it, early enough to keep it
// still.
var promiseAsked = calendar.Clock{Hour: 16}

// PromisedMoment returns when somebody is asked again who has promised to be done by a time: at that instant, or at 16:00 of that day, at office end
// where 16:00 is past, in an hour where that is past too. While the deadline of the item is still to come, it is not asked after it: what is promised
// for later than the deadline does not move it.
func PromisedMoment(promised, due calendar.Due, cal *calendar.Calendar, now time.Time) time.Time {
	at := promised.Instant
	if promised.IsDate() {
		at = promised.Date.At(promiseAsked, cal.Zone())
		if !at.After(now) {
			at = cal.Moment(promised)
		}
	}
	if !at.After(now) {
		at = now.Add(time.Hour)
	}
	if deadline := cal.Moment(due); deadline.After(now) && deadline.Before(at) {
		return deadline
	}
	return at
}
