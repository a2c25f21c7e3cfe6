package duban

import (
	"slices"
	"time"

	"duban/calendar"
)

// NextMilestone returns the number of the first milestone that is not done, from 0; false when none is left.
func (a Assignment) NextMilestone() (int, bool) {
	n := slices.IndexFunc(a.Milestones, func(m Milestone) bool { return m.DoneAt.IsZero() })
	return n, n >= 0
}

// MilestonesDone counts the milestones that are done.
func (a Assignment) MilestonesDone() int {
	n := 0
	for _, m := range a.Milestones {
		if !m.DoneAt.IsZero() {
			n++
		}
	}
	return n
}

// SameMilestones reports whether two lists plan the same, whatever of it is done.
func SameMilestones(a, b []Milestone) bool {
	return slices.EqualFunc(a, b, func(x, y Milestone) bool {
		return x.Title == y.Title && x.Date == y.Date && x.Percent == y.Percent
	})
}

// Replanned returns a new plan in which what was done of the one before stays done, by the titles of the milestones.
func Replanned(before, plan []Milestone) []Milestone {
	plan = slices.Clone(plan)
	for i, m := range plan {
		if n := slices.IndexFunc(before, func(b Milestone) bool { return b.Title == m.Title }); n >= 0 {
			plan[i].DoneAt = before[n].DoneAt
		}
	}
	return plan
}

// MilestoneProblem says what is wrong with a plan.
type MilestoneProblem string

// What can be wrong with a plan of milestones.
const (
	MilestonesRight    MilestoneProblem = ""
	MilestoneBackwards MilestoneProblem = "backwards" // dates or percents do not grow
	MilestonePercent   MilestoneProblem = "percent"   // not between 1 and 100
	MilestoneAfterDue  MilestoneProblem = "after_due"
	MilestoneTwice     MilestoneProblem = "twice" // two of the same title
)

// CheckMilestones looks at a plan that ends with a deadline, and returns the number of the first milestone that is wrong.
func CheckMilestones(plan []Milestone, due calendar.Due) (int, MilestoneProblem) {
	for i, m := range plan {
		switch {
		case m.Percent < 1 || m.Percent > 100:
			return i, MilestonePercent
		case due.Date.Before(m.Date):
			return i, MilestoneAfterDue
		case i > 0 && (m.Date.Before(plan[i-1].Date) || m.Percent <= plan[i-1].Percent):
			return i, MilestoneBackwards
		case slices.ContainsFunc(plan[:i], func(b Milestone) bool { return b.Title == m.Title }):
			return i, MilestoneTwice
		}
	}
	return 0, MilestonesRight
}

// layMilestones lays the reminders of the milestones that are not done: one working day before, and on the day itself, or where that is off on the
// last working day before. A milestone that is missed is not overdue; that the item is behind its plan shows in its light.
func (c *course) layMilestones(a Assignment) {
	for _, m := range a.Milestones {
		if !m.DoneAt.IsZero() {
			continue
		}
		for _, step := range milestoneSteps[:2] {
			moment := m.remindedAt(c.cal, step, c.policy.Ladder.At)
			if step == onTheDay && c.allowed(moment).After(c.cal.End(calendar.Due{Date: m.Date})) {
				step = onTheWorkingDay
				moment = m.remindedAt(c.cal, step, c.policy.Ladder.At)
			}
			if moment.After(a.IssuedAt) {
				c.add(RungMilestone, step, moment, ToOwner)
			}
		}
	}
}

// onTheDay and onTheWorkingDay are the steps of the day of a milestone, and of the last working day up to it.
var (
	onTheDay        = calendar.Step{Unit: calendar.Days}
	onTheWorkingDay = calendar.Step{Unit: calendar.WorkingDays}
)

// milestoneSteps are how long before its date a milestone is reminded of; the last one takes the place of the day itself where that is off.
var milestoneSteps = []calendar.Step{{N: 1, Unit: calendar.WorkingDays}, onTheDay, onTheWorkingDay}

func (m Milestone) remindedAt(cal *calendar.Calendar, step calendar.Step, at calendar.Clock) time.Time {
	return cal.Before(calendar.Due{Date: m.Date}, step, at)
}

// MilestoneAt returns the number of the milestone of which a reminder of a moment is, at so many o'clock; false when it is done or planned anew
// meanwhile.
func (a Assignment) MilestoneAt(moment time.Time, cal *calendar.Calendar, at calendar.Clock) (int, bool) {
	n := slices.IndexFunc(a.Milestones, func(m Milestone) bool {
		return m.DoneAt.IsZero() && slices.ContainsFunc(milestoneSteps, func(step calendar.Step) bool {
			return m.remindedAt(cal, step, at).Equal(moment)
		})
	})
	return n, n >= 0
}
