package duban

import (
	"time"

	"duban/calendar"
)

// PlanItem (年度计划) is something that is issued again and again: what is to be done, by whom, and the rule by which its deadlines come. Row is the item
// as it was drawn up, in the form of package work.
type PlanItem struct {
	ID       int64
	Code     string
	Year     int // for which it was put into the plan
	Title    string
	Duty     string
	Units    string
	Row      string
	Rule     calendar.Rule
	IssuerID int64
	AddedAt  time.Time
}

// PlanRun is what has become of an item of the plan on one of its dates: it was issued, skipped with a reason in the record, or only warned of.
type PlanRun struct {
	PlanID    int64
	Date      calendar.Date
	TaskID    int64 // 0: not issued
	WarnedAt  time.Time
	SkippedAt time.Time
}

// PlanAhead is how many working days before its next date an item of the plan is to be issued; then the administrators are told.
const PlanAhead = 10

// Settled reports whether nothing has to be done any more for a date of the plan.
func (r PlanRun) Settled() bool { return r.TaskID != 0 || !r.SkippedAt.IsZero() }

// DueSoon reports whether a deadline of the plan is so near that its item is to be issued.
func DueSoon(cal *calendar.Calendar, due calendar.Due, now time.Time) bool {
	return cal.WorkingDaysLeft(due, now) <= PlanAhead
}
