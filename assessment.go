package duban

import (
	"strconv"
	"strings"
	"time"

	"duban/calendar"
)

// Points are points of an assessment in hundredths, so that what is shown adds up exactly.
type Points int

// String writes points without needless zeros, such as 35, 0.5 or -0.25.
func (p Points) String() string {
	s := strconv.FormatFloat(float64(p)/100, 'f', 2, 64)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// ParsePoints reads points such as 88 or 0.25, with two places at most and never below zero.
func ParsePoints(s string) (Points, bool) {
	whole, part, _ := strings.Cut(s, ".")
	if len(part) > 2 || strings.ContainsAny(s, "+-_eExX") {
		return 0, false
	}
	n, err := strconv.Atoi(whole)
	if err != nil || n > 10_000 {
		return 0, false
	}
	if part == "" {
		return Points(n * 100), !strings.HasSuffix(s, ".")
	}
	hundredths, err := strconv.Atoi((part + "0")[:2])
	return Points(n*100 + hundredths), err == nil
}

// Element is one element of the score of daily work (日常考评), each with a greatest number of points from which deductions are made.
type Element string

// The elements. Package text has a word for each under "element.<name>".
const (
	Signing       Element = "signing"       // 签收
	OnTime        Element = "on_time"       // 按时办结
	Quality       Element = "quality"       // 办理质量
	Periodic      Element = "periodic"      // 定期工作, such as 三会一课
	Rectification Element = "rectification" // 问题整改
)

// Elements lists every element, in the order in which they are shown.
var Elements = []Element{Signing, OnTime, Quality, Periodic, Rectification}

// Finding says what was found about an item that costs points, or would.
type Finding string

// The findings. Package text has a word for each under "finding.<name>".
const (
	FoundSignedLate Finding = "signed_late" // 签收超时
	FoundUnsigned   Finding = "unsigned"    // 未签收
	FoundLate       Finding = "late"        // 超期上报
	FoundMadeUp     Finding = "made_up"     // 逾期后补报: missed, and made up much later
	FoundNever      Finding = "never"       // 未完成
	FoundIncomplete Finding = "incomplete"  // 材料不全, 退回后超期: reported in time, returned as incomplete, and handed in again after the deadline
	FoundReturned   Finding = "returned"    // 多次退回
)

// Findings lists every finding.
var Findings = []Finding{FoundSignedLate, FoundUnsigned, FoundLate, FoundMadeUp, FoundNever, FoundIncomplete, FoundReturned}

// Exemption says why a finding costs nothing although the rule is met.
type Exemption string

// The exemptions. Package text has a word for each under "exemption.<name>".
const (
	NotExempt         Exemption = ""
	ExemptVacation    Exemption = "vacation"     // 时限在学校假期内
	ExemptSuspended   Exemption = "suspended"    // 经批准中止
	ExemptShort       Exemption = "short_notice" // 通知时间不足
	ExemptUndelivered Exemption = "undelivered"  // 未送达
	ExemptUnreachable Exemption = "unreachable"  // 责任人失联
	ExemptOutage      Exemption = "outage"       // 系统离线
	ExemptReviewer    Exemption = "reviewer"     // 审核超时
	ExemptExtended    Exemption = "extended"     // 已同意延期
	ExemptAsked       Exemption = "asked"        // 按时申请延期, 时限后才答复
	ExemptOverturned  Exemption = "overturned"   // 异议成立
)

// Exemptions lists every exemption.
var Exemptions = []Exemption{ExemptVacation, ExemptSuspended, ExemptShort, ExemptUndelivered, ExemptUnreachable, ExemptOutage, ExemptReviewer,
	ExemptExtended, ExemptAsked, ExemptOverturned}

// ScoreLine is one line of a proposal: what was found about one item, what it costs, on which entries of the record that rests, and what people have
// decided about it.
type ScoreLine struct {
	ID           int64
	AssessmentID int64
	Element      Element
	Finding      Finding
	Exempt       Exemption // then Points is 0
	AssignmentID int64
	Days         int    // working days late, or until it was signed; of returns their number
	Notice       int    // working days from when the unit heard of the item to its deadline
	Raw          Points // by the rule, before it is turned into a rate
	Points       Points // proposed, as a rate
	Seqs         []int64
	Decision     LineDecision
	Decided      Points // what counts, once Decision is set
	Reason       string // of the decision
	DecidedBy    int64
	DecidedAt    time.Time
}

// Counts returns the points that a line costs as things stand.
func (l ScoreLine) Counts() Points {
	if l.Decision == LineOpen {
		return l.Points
	}
	return l.Decided
}

// LineDecision says what a person has decided about a line.
type LineDecision string

// The decisions.
const (
	LineOpen     LineDecision = ""
	LineAccepted LineDecision = "accepted"
	LineChanged  LineDecision = "changed"
)

// AssessmentRound (年终考评) is the assessment of a year: a window in which every unit looks at its own and may object, then the leader decides.
type AssessmentRound struct {
	ID       int64
	Year     int
	Rules    string // version
	OpenedBy int64
	OpenedAt time.Time
	Until    calendar.Date // last day on which units may object
	ClosedBy int64
	ClosedAt time.Time // zero: the window is open
}

// Open reports whether units may still object and lines may still be changed.
func (r AssessmentRound) Open() bool { return r.ClosedAt.IsZero() }

// Assessment (考评) is one unit in a round.
type Assessment struct {
	ID        int64
	RoundID   int64
	UnitID    int64
	Counted   map[Element]int // items by which the rates were computed
	NotYet    int             // items of the year that were not due when it was computed
	Computed  time.Time
	ToCompute bool      // it is still to be computed, or anew
	LookedAt  time.Time // when somebody of the unit first looked at what was computed; zero: nobody has
	DecidedBy int64
	DecidedAt time.Time // zero: not final
	Note      string
	Total     Points // final
}

// Final reports whether a leader has decided.
func (a Assessment) Final() bool { return !a.DecidedAt.IsZero() }

// ScorePart is a part of the total that a person enters, with the reason (年终考核, 述职评议, 项目拉练, 加分, 扣分).
type ScorePart struct {
	AssessmentID int64
	Part         string
	Points       Points
	Reason       string
	EnteredBy    int64
	EnteredAt    time.Time
}

// ScoreObjection (考评异议) is what a unit holds against a line, and the answer to it.
type ScoreObjection struct {
	ID         int64
	LineID     int64
	By         int64
	At         time.Time
	Reason     string
	AnsweredBy int64
	AnsweredAt time.Time // zero: it waits
	Answer     string
	Upheld     bool // the line was changed
}

// ObjectWithin is how many working days a unit has to object.
const ObjectWithin = 5

// LongestSelfCheck is how many working days a unit has at most to check what is proposed of it.
const LongestSelfCheck = 60
