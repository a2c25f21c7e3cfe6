package duban

import (
	"time"

	"duban/calendar"
)

// ReportKind names a report that is made by the clock or when a task has come to its end.
type ReportKind string

// The kinds of report.
const (
	WeeklyReport    ReportKind = "weekly"    // 周调度
	MonthlyReport   ReportKind = "monthly"   // 月报
	QuarterlyReport ReportKind = "quarterly" // 季度通报
	HalfYearReport  ReportKind = "half_year" // 半年台账
	YearReport      ReportKind = "year"      // 年终台账
	TaskReport      ReportKind = "task"      // 一事一报
)

// ReportKinds lists every kind.
var ReportKinds = []ReportKind{WeeklyReport, MonthlyReport, QuarterlyReport, HalfYearReport, YearReport, TaskReport}

// Drafted reports whether a report is a draft that a person issues to the units.
func (k ReportKind) Drafted() bool { return k == QuarterlyReport || k == TaskReport }

// Evidence reports whether a report is a book of evidence, with what the record says about its days.
func (k ReportKind) Evidence() bool { return k == HalfYearReport || k == YearReport }

// ReportState says how far a report has come.
type ReportState string

// The states of a report. What is told to the office alone needs nobody's decision.
const (
	ReportTold    ReportState = "told"
	ReportDraft   ReportState = "draft"
	ReportIssued  ReportState = "issued"
	ReportDropped ReportState = "dropped" // not issued
)

// Report (报表) is what was told at one moment about a unit and everything below it, with the figures of that moment.
type Report struct {
	ID        int64
	Kind      ReportKind
	Period    string // names the period among its kind, such as 2026-W48 or 2026-Q3; that of a task report is its code
	UnitID    int64  // the unit of the office for which it was made
	TaskID    int64  // of a task report, else 0
	From, To  calendar.Date
	Figures   Figures
	State     ReportState
	Body      string // of a draft; empty as long as nobody has written it: then it reads as the figures say
	Reason    string // why it was not issued
	MadeAt    time.Time
	DecidedBy int64
	DecidedAt time.Time
}

// Figures are the counts of a report. Units stand in the order of the roster: nobody is ranked.
type Figures struct {
	Units []UnitFigures `json:"units"`
	Curve []CurvePoint  `json:"curve,omitempty"`
}

// UnitFigures counts the items of one unit and everything below it. Supporting units and what was called off do not count.
type UnitFigures struct {
	UnitID int64         `json:"unit"`
	Issued int           `json:"issued,omitempty"` // in the period, whenever it is due
	Lights map[Light]int `json:"lights,omitempty"` // of what is open, whenever it is due
	// Of what is due in the period: reported in time, reported late, overdue and not reported, and what still has time or stands still.
	OnTime int `json:"on_time,omitempty"`
	Late   int `json:"late,omitempty"`
	Missed int `json:"missed,omitempty"`
	Going  int `json:"going,omitempty"`
	// Of the same: how often they were returned and extended, how many were signed, and the working time until then.
	Returns    int           `json:"returns,omitempty"`
	Extensions int           `json:"extensions,omitempty"`
	Signed     int           `json:"signed,omitempty"`
	Signing    time.Duration `json:"signing,omitempty"`
	// Of what is open: overdue since the last report, submitted and not reviewed, and with a request that waits.
	NewRed   int `json:"new_red,omitempty"`
	Waiting  int `json:"waiting,omitempty"`
	Requests int `json:"requests,omitempty"`
}

// CurvePoint is how many items of the period were due by a day, and how many had been reported.
type CurvePoint struct {
	Day  calendar.Date `json:"day"`
	Due  int           `json:"due"`
	Done int           `json:"done"`
}

// Due is how many items were due in the period.
func (u UnitFigures) Due() int { return u.OnTime + u.Late + u.Missed + u.Going }

// SigningHours is the average working time from issue to signature, in hours; 0 when nothing was signed.
func (u UnitFigures) SigningHours() float64 {
	if u.Signed == 0 {
		return 0
	}
	return u.Signing.Hours() / float64(u.Signed)
}

// Total adds the figures of all units up.
func (f Figures) Total() UnitFigures {
	total := UnitFigures{Lights: map[Light]int{}}
	for _, u := range f.Units {
		for light, n := range u.Lights {
			total.Lights[light] += n
		}
		total.Issued += u.Issued
		total.OnTime, total.Late, total.Missed, total.Going = total.OnTime+u.OnTime, total.Late+u.Late, total.Missed+u.Missed, total.Going+u.Going
		total.Returns, total.Extensions = total.Returns+u.Returns, total.Extensions+u.Extensions
		total.Signed, total.Signing = total.Signed+u.Signed, total.Signing+u.Signing
		total.NewRed, total.Waiting, total.Requests = total.NewRed+u.NewRed, total.Waiting+u.Waiting, total.Requests+u.Requests
	}
	return total
}

// Of returns the figures of one unit; empty ones when it has none.
func (f Figures) Of(unit int64) UnitFigures {
	for _, u := range f.Units {
		if u.UnitID == unit {
			return u
		}
	}
	return UnitFigures{UnitID: unit}
}
