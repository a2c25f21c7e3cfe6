package duban

import (
	"time"

	"duban/calendar"
)

// RungKind says what a step of the ladder is about.
type RungKind string

// The kinds of rung, in the order in which one overtakes the other when both fall onto the same moment.
const (
	RungHalfway    RungKind = "halfway"     // half of a long time is over: how far is it
	RungUnsigned   RungKind = "unsigned"    // nobody has signed yet
	RungMilestone  RungKind = "milestone"   // the date of a milestone comes near
	RungBeforeDue  RungKind = "before_due"  // 提示单, notice of level 1: the deadline comes near
	RungPromise    RungKind = "promise"     // the owner said that it would be done now
	RungDue        RungKind = "due"         // due now and not reported
	RungNotice     RungKind = "notice"      // 催办单, notice of level 2
	RungRepeat     RungKind = "repeat"      // 催办单 once more
	RungDraft      RungKind = "draft"       // 通报单, notice of level 3, as a draft
	RungNoResponse RungKind = "no_response" // a notice of level 3 or 4 was not answered in time: the next level as a draft
	RungRequest    RungKind = "request"     // a request of the unit waits for whoever has to act on it
	RungDeclined   RungKind = "declined"    // a declined item waits for the office
	RungReview     RungKind = "review"      // a submission waits for its reviewers
	RungOversight  RungKind = "oversight"   // it waits so long that the leaders are told of its reviewers
)

// rungs says of each kind its rank, and by which news it is told. To reviewers and leaders that is a NewsReminder that names the submission.
var rungs = map[RungKind]struct {
	rank int
	news NewsKind
}{
	RungHalfway: {1, NewsHalfway}, RungUnsigned: {2, NewsUnsigned}, RungMilestone: {3, NewsMilestone}, RungBeforeDue: {4, NewsReminder},
	RungPromise: {5, NewsPromise}, RungDue: {6, NewsDue}, RungNotice: {7, NewsUrge}, RungRepeat: {8, NewsUrge}, RungDraft: {9, NewsDraft},
	RungNoResponse: {10, NewsDraft}, RungRequest: {11, NewsPending}, RungDeclined: {12, NewsPending}, RungReview: {13, NewsReminder},
	RungOversight: {14, NewsReminder},
}

// News returns the kind of notice by which a rung is told.
func (k RungKind) News() NewsKind { return rungs[k].news }

// Drafts reports whether a rung brings about the draft of a notice of level 3 to 5.
func (k RungKind) Drafts() bool { return k == RungDraft || k == RungNoResponse }

// Readers says to whom a rung is told.
type Readers string

// The readers of rungs.
const (
	ToOwner             Readers = "owner"
	ToOwnerAndSecretary Readers = "owner_and_secretary"
	ToAdministrators    Readers = "administrators"
	ToReviewers         Readers = "reviewers"
	ToDeciders          Readers = "deciders" // whoever has to act on the unit's request
	ToLeaders           Readers = "leaders"
)

// Rung is one step of the ladder of one assignment.
type Rung struct {
	Kind RungKind
	Step calendar.Step // as it is configured; zero for those that come at an instant of their own
	To   Readers
	// Moment is when the step is due by the ladder, and Allowed when it may be told: the same, moved out of quiet time.
	Moment  time.Time
	Allowed time.Time
	// Times is how many steps of a repeated rung this one stands for; 1 for every other.
	Times int
}

// Exact reports whether a rung has an instant of its own instead of a step: the due moment, a promise, the end of the time to answer.
func (r Rung) Exact() bool {
	return r.Kind == RungDue || r.Kind == RungPromise || r.Kind == RungNoResponse
}

// ByDays reports whether a rung is counted in days, so that the same is not told twice on one.
func (r Rung) ByDays() bool { return !r.Exact() && r.Step.IsDays() }

// LateAfter is how long after its moment a rung counts as late, because the program was down or busy.
const LateAfter = 2 * time.Minute

// Late reports whether a rung that is told now is told late. What quiet time has held is not late.
func (r Rung) Late(now time.Time) bool { return now.Sub(r.Allowed) > LateAfter }

// Reason says why something is done, or is not, because time has passed.
type Reason string

// The reasons of Decide, and those by which a rung that was due is not told.
const (
	RungsDue    Reason = "due"          // there is something to tell
	NotYet      Reason = "not_yet"      // the next rung lies ahead
	QuietNow    Reason = "quiet"        // something is due, and held by quiet time
	NotOpen     Reason = "not_open"     // draft or closed: nothing by itself
	Halt        Reason = "suspended"    // the clock stands still
	Silent      Reason = "silent"       // the assignment is run without a ladder
	NothingLeft Reason = "nothing_left" // open, and no rung ahead
	Overtaken   Reason = "overtaken"    // a later rung was due as well
	SameDay     Reason = "same_day"     // the same was told earlier this day
	OverCap     Reason = "over_cap"     // the reader has had enough for today; the digest tells
	Reported    Reason = "reported"     // progress was reported of late, so nobody is asked for it
)

// SilentPolicy is the Assignment.Policy of those that are never reminded by themselves.
const SilentPolicy = "silent"

// Decision is what Decide says.
type Decision struct {
	Reason Reason
	// Rungs are to be told now, at most one for each circle of readers: the unit, the reviewers, the administrators.
	Rungs []Rung
	// Missed were due as well and are overtaken by a later one of Rungs.
	Missed []Rung
	// ActedUntil is how far the ladder has been dealt with once the decision is carried out.
	ActedUntil time.Time
	// Next is when the assignment has to be looked at again, always later than now; zero: never by itself.
	Next time.Time
}

// NextAction returns when an assignment has to be looked at next: at the first rung after ActedUntil, moved out of quiet time. Zero means
// never by itself.
func (p Policy) NextAction(a Assignment, cal *calendar.Calendar) time.Time {
	if idle(a) != "" {
		return time.Time{}
	}
	return p.courseOf(a, cal).next(a.dealtUntil())
}

// Decide says what is due for an assignment now, and why. Of the rungs that are due, the latest for each circle of readers is told and the
// earlier ones are missed; who would have been told by a missed one is told by the later one. Quiet time holds everything but what is loud.
func (p Policy) Decide(a Assignment, cal *calendar.Calendar, now time.Time) Decision {
	if reason := idle(a); reason != "" {
		return Decision{Reason: reason, ActedUntil: a.ActedUntil}
	}
	course, next := p.courseOf(a, cal), p.NextAction(a, cal)
	switch {
	case next.IsZero():
		return Decision{Reason: NothingLeft, ActedUntil: a.ActedUntil}
	case next.After(now):
		return Decision{Reason: NotYet, ActedUntil: a.ActedUntil, Next: next}
	case cal.IsQuiet(p.Quiet, now) && !a.Loud:
		return Decision{Reason: QuietNow, ActedUntil: a.ActedUntil, Next: cal.NextAllowed(p.Quiet, now)}
	}
	tell, missed := overtake(course.between(a.dealtUntil(), now))
	return Decision{Reason: RungsDue, Rungs: tell, Missed: missed, ActedUntil: now, Next: course.next(now)}
}

// idle returns why nothing happens to an assignment by itself, or "" when something may.
func idle(a Assignment) Reason {
	switch {
	case !a.State.Open():
		return NotOpen
	case a.State == Suspended:
		return Halt
	case a.Policy == SilentPolicy:
		return Silent
	}
	return ""
}

// dealtUntil returns the instant up to which the ladder is past.
func (a Assignment) dealtUntil() time.Time { return latest(a.IssuedAt, a.ActedUntil) }

// overtake splits rungs that are due, in order of their moments, into those to tell and those that a later one of the same circle overtakes.
func overtake(due []Rung) (tell, missed []Rung) {
	for _, r := range due {
		if n := len(tell); n > 0 {
			if i := sameCircle(tell, r); i >= 0 {
				missed = append(missed, tell[i])
				r.To = wider(tell[i].To, r.To)
				tell = append(tell[:i], tell[i+1:]...)
			}
		}
		tell = append(tell, r)
	}
	return tell, missed
}

func sameCircle(told []Rung, r Rung) int {
	for i, t := range told {
		if circle(t.To) == circle(r.To) {
			return i
		}
	}
	return -1
}

func circle(to Readers) Readers {
	if to == ToOwnerAndSecretary {
		return ToOwner
	}
	return to
}

func wider(a, b Readers) Readers {
	if a == ToOwnerAndSecretary {
		return a
	}
	return b
}

func latest(first time.Time, others ...time.Time) time.Time {
	for _, t := range others {
		if t.After(first) {
			first = t
		}
	}
	return first
}
