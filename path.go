package duban

import (
	"time"

	"duban/calendar"
)

// PathStep is one step of the way up that an assignment takes when it is not reported (升级路径), as its card shows it in advance.
type PathStep struct {
	Level int // of the notice, 2 to 5
	// At is when the step comes by itself: the notice of level 2, and the draft of the next one of those above. Zero: not before a person has issued
	// the level below and the unit has not answered it.
	At time.Time
	// ByDays says that At is counted in days, so that its day says enough.
	ByDays bool
	Issued bool // it was issued already
}

// Path returns the steps that an assignment on its unit goes by its ladder as it stands, and nothing for one that is never reminded or belongs to a
// supporting unit. A step that the ladder does not have is left out, and so are those above it.
func (p Policy) Path(a Assignment, cal *calendar.Calendar) []PathStep {
	if idle(a) != "" || !a.State.OnUnit() || a.Support {
		return nil
	}
	var path []PathStep
	start, at, none := p.courseOf(a, cal).overdueSince(a), &p.Ladder.At, calendar.Step{}
	if p.Ladder.Notice != none {
		path = append(path, PathStep{Level: 2, At: cal.After(start, p.Ladder.Notice, at), ByDays: p.Ladder.Notice.IsDays(), Issued: a.Level >= 2})
	}
	if p.Ladder.Draft == none && a.Level < 3 {
		return path
	}
	path = append(path, PathStep{Level: 3, At: cal.After(start, p.Ladder.Draft, at), ByDays: p.Ladder.Draft.IsDays(), Issued: a.Level >= 3})
	for level := 4; level <= TopLevel; level++ {
		step := PathStep{Level: level, Issued: a.Level >= level}
		if level == a.Level+1 {
			step.At = a.RespondBy
		}
		path = append(path, step)
	}
	return path
}

// RespondBy returns until when a unit has to answer a notice of a level that is issued now: the end of office hours on the last of its days, or on
// the next working day where that one is off.
func RespondBy(level int, cal *calendar.Calendar, now time.Time) time.Time {
	day := cal.NextWorkingDay(cal.Today(now).Add(RespondWithin[level]))
	return cal.Moment(calendar.Due{Date: day})
}

// AgreeWithin is how many working days a secretary has to agree to what the own officers ask for.
const AgreeWithin = 1

// RemindOf returns from when on whoever has to act on a request is reminded of it: the secretary who has to agree, or whoever decides. Zero means
// never.
func (p Policy) RemindOf(r Request, cal *calendar.Calendar) time.Time {
	within, from := p.ReviewWithin, latest(r.AskedAt, r.AgreedAt)
	if r.State == Asked {
		within = AgreeWithin
	}
	if within == 0 || !r.State.Waits() {
		return time.Time{}
	}
	return cal.After(from, calendar.Step{N: within, Unit: calendar.WorkingDays}, &p.Ladder.At)
}
