package duban

import "duban/calendar"

// DoneCount says how what somebody has finished was finished. The same figures are shown to whoever did it and to whoever answers for it.
type DoneCount struct {
	OnTime  int
	Late    int // submitted after the deadline, and closed all the same
	Returns int // how often something was returned on the way
}

// All is how many were finished.
func (d DoneCount) All() int { return d.OnTime + d.Late }

// CountDone counts those among assignments that are closed.
func CountDone(all []Assignment, cal *calendar.Calendar) DoneCount {
	var d DoneCount
	for _, a := range all {
		switch {
		case !a.State.Done():
			continue
		case cal.Overdue(a.Due, a.SubmittedAt):
			d.Late++
		default:
			d.OnTime++
		}
		d.Returns += a.Returns
	}
	return d
}
