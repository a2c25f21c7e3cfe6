package duban

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"duban/calendar"
)

// course is the ladder laid out for one assignment in its present state: the rungs that come once, in order, and one that comes again and
// again after them.
type course struct {
	policy Policy
	cal    *calendar.Calendar
	loud   bool // quiet time holds nothing
	rungs  []Rung
	again  Rung // Moment is the one after which it repeats; a zero Moment means that nothing does
}

func (p Policy) courseOf(a Assignment, cal *calendar.Calendar) *course {
	c := &course{policy: p, cal: cal, loud: a.Loud}
	switch a.State {
	case Submitted:
		c.layReview(a)
	case Declined:
		c.layDeclined(a)
	default:
		c.layUnit(a)
	}
	slices.SortStableFunc(c.rungs, func(a, b Rung) int {
		return cmp.Or(a.Moment.Compare(b.Moment), cmp.Compare(rungs[a.Kind].rank, rungs[b.Kind].rank))
	})
	c.rungs = c.withoutRepetition()
	return c
}

// layUnit lays the ladder of an item that is on its unit. While a request of the unit waits, whoever has to act on it is pressed, and the unit is
// only reminded of the deadline. A supporting unit is reminded before the deadline, what comes after it is for the lead unit. A deadline that was
// moved behind the time to answer a notice takes that time away.
func (c *course) layUnit(a Assignment) {
	if a.PartDone() {
		return
	}
	c.layHalfway(a)
	c.layMilestones(a)
	c.layBeforeDue(a)
	if !a.PromisedAt.IsZero() {
		c.add(RungPromise, calendar.Step{}, a.PromisedAt, ToOwner)
	}
	if !a.RequestedAt.IsZero() {
		c.layDaily(RungRequest, a.RequestedAt, 1, ToDeciders)
		return
	}
	c.layUnsigned(a)
	if a.Support {
		return
	}
	c.layOverdue(a)
	if a.RespondBy.After(c.cal.Moment(a.Due)) {
		c.add(RungNoResponse, calendar.Step{}, a.RespondBy, ToAdministrators)
	}
}

func (c *course) add(kind RungKind, step calendar.Step, moment time.Time, to Readers) {
	c.rungs = append(c.rungs, c.rung(kind, step, moment, to))
}

func (c *course) rung(kind RungKind, step calendar.Step, moment time.Time, to Readers) Rung {
	return Rung{Kind: kind, Step: step, To: to, Moment: moment, Allowed: c.allowed(moment), Times: 1}
}

// allowed moves a moment out of quiet time, unless the item may break it.
func (c *course) allowed(moment time.Time) time.Time {
	if c.loud {
		return moment
	}
	return c.cal.NextAllowed(c.policy.Quiet, moment)
}

// HalfwayAbove is the number of working days above which an assignment is asked about half-way.
const HalfwayAbove = 20

// workingDays returns how many working days an assignment was given when it was issued, and the day of its issue.
func (a Assignment) workingDays(cal *calendar.Calendar) (whole int, from calendar.Date) {
	due := a.OriginalDue
	if due.IsZero() {
		due = a.Due
	}
	from = cal.Today(a.IssuedAt)
	return cal.WorkingDaysBetween(from, due.Date), from
}

// QuarterPast returns when a quarter of the time of an assignment is over. Progress reported since makes the question half-way needless.
func (a Assignment) QuarterPast(cal *calendar.Calendar) time.Time {
	whole, from := a.workingDays(cal)
	return cal.AddWorkingDays(from, whole/4).At(calendar.Clock{}, cal.Zone())
}

// layHalfway lays the question how far a long task is, half-way between its issue and the deadline set then. A later deadline does not repeat it.
func (c *course) layHalfway(a Assignment) {
	whole, from := a.workingDays(c.cal)
	if whole <= HalfwayAbove {
		return
	}
	moment := c.cal.AddWorkingDays(from, whole/2).At(c.policy.Ladder.At, c.cal.Zone())
	if moment.Before(c.cal.Moment(a.Due)) {
		c.add(RungHalfway, calendar.Step{N: whole / 2, Unit: calendar.WorkingDays}, moment, ToOwner)
	}
}

// layUnsigned lays the nudges of an assignment that nobody has signed for. From the deadline on, other rungs say what is to be said.
func (c *course) layUnsigned(a Assignment) {
	if a.State != Issued {
		return
	}
	deadline, steps := c.cal.Moment(a.Due), c.policy.Ladder.Unsigned
	for i, step := range steps {
		moment := c.cal.After(a.IssuedAt, step, &c.policy.Ladder.At)
		if !moment.After(a.IssuedAt) || !moment.Before(deadline) {
			continue
		}
		to := ToOwner
		if i == len(steps)-1 {
			to = ToOwnerAndSecretary
		}
		c.add(RungUnsigned, step, moment, to)
	}
}

func (c *course) layBeforeDue(a Assignment) {
	deadline := c.cal.Moment(a.Due)
	for _, step := range c.policy.Ladder.BeforeDue {
		moment := c.beforeDue(a, step)
		if moment.After(a.IssuedAt) && moment.Before(deadline) {
			c.add(RungBeforeDue, step, moment, ToOwner)
		}
	}
}

// beforeDue returns the moment of a step before the deadline. A step of days that quiet time would hold until the deadline has passed, such
// as the morning of a due day inside a holiday, comes on the last working day before instead.
func (c *course) beforeDue(a Assignment, step calendar.Step) time.Time {
	at, deadline := c.policy.Ladder.At, c.cal.Moment(a.Due)
	moment := c.cal.Before(a.Due, step, at)
	if step.IsDays() && !c.allowed(moment).Before(deadline) {
		return c.cal.Before(a.Due, calendar.Step{N: 0, Unit: calendar.WorkingDays}, at)
	}
	return moment
}

// overdueSince returns from when on the notices after a missed deadline are counted: what is issued, returned or taken up again after its deadline
// starts from there.
func (c *course) overdueSince(a Assignment) time.Time {
	return latest(c.cal.Moment(a.Due), a.IssuedAt, a.ReturnedAt, a.RestartedAt)
}

// layOverdue lays the due moment itself and what follows it. The draft of level 3 comes once.
func (c *course) layOverdue(a Assignment) {
	ladder, deadline := c.policy.Ladder, c.cal.Moment(a.Due)
	if !deadline.Before(latest(a.ReturnedAt, a.RestartedAt)) {
		c.add(RungDue, calendar.Step{}, deadline, ToOwnerAndSecretary)
	}
	start := c.overdueSince(a)
	none := calendar.Step{}
	if ladder.Draft != none && a.Level < 3 {
		c.add(RungDraft, ladder.Draft, c.cal.After(start, ladder.Draft, &ladder.At), ToAdministrators)
	}
	if ladder.Notice == none {
		return
	}
	notice := c.cal.After(start, ladder.Notice, &ladder.At)
	c.add(RungNotice, ladder.Notice, notice, ToOwnerAndSecretary)
	if ladder.Repeat.N > 0 {
		c.again = Rung{Kind: RungRepeat, Step: ladder.Repeat, To: ToOwnerAndSecretary, Moment: notice}
	}
}

// OversightAfter is how many working days after their own time the leaders are told of reviewers who have not decided.
const OversightAfter = 2

// layReview lays the reviewers' own clock, and that their leaders are told once of what waits much longer.
func (c *course) layReview(a Assignment) {
	within := c.policy.ReviewWithin
	if within == 0 {
		return
	}
	since := a.ReviewSince()
	c.layDaily(RungReview, since, within, ToReviewers)
	step := calendar.Step{N: within + OversightAfter, Unit: calendar.WorkingDays}
	c.add(RungOversight, step, c.cal.After(since, step, &c.policy.Ladder.At), ToLeaders)
}

// layDeclined lays the office's clock for an item that its unit has declined.
func (c *course) layDeclined(a Assignment) {
	if within := c.policy.ReviewWithin; within != 0 {
		c.layDaily(RungDeclined, a.DeclinedAt, within, ToAdministrators)
	}
}

// layDaily lays a rung so many working days after an instant, and again each working day.
func (c *course) layDaily(kind RungKind, from time.Time, within int, to Readers) {
	step := calendar.Step{N: within, Unit: calendar.WorkingDays}
	first := c.cal.After(from, step, &c.policy.Ladder.At)
	c.add(kind, step, first, to)
	c.again = Rung{Kind: kind, Step: calendar.Step{N: 1, Unit: calendar.WorkingDays}, To: to, Moment: first}
}

func (c *course) withoutRepetition() []Rung {
	var kept []Rung
	for _, r := range c.rungs {
		if !slices.ContainsFunc(kept, func(k Rung) bool { return c.sameReminder(k, r) }) {
			kept = append(kept, r)
		}
	}
	return kept
}

// sameReminder reports whether two rungs say the same on the same day, by steps of days; then one is enough.
func (c *course) sameReminder(a, b Rung) bool {
	return a.Kind == b.Kind && (a.Moment.Equal(b.Moment) ||
		a.ByDays() && b.ByDays() && c.cal.Today(a.Allowed) == c.cal.Today(b.Allowed))
}

// next returns when the first rung after an instant may be told; zero when there is none.
func (c *course) next(after time.Time) time.Time {
	var first time.Time
	for _, r := range c.rungs {
		if r.Moment.After(after) && (first.IsZero() || r.Allowed.Before(first)) {
			first = r.Allowed
		}
	}
	if c.again.Moment.IsZero() {
		return first
	}
	again := c.allowed(c.nth(c.firstAfter(after)))
	if first.IsZero() || again.Before(first) {
		return again
	}
	return first
}

// between returns the rungs whose moments lie after since and not after until, in order. Of a repeated one the last is returned, and the
// earlier ones, which it overtakes, as one with their number.
func (c *course) between(since, until time.Time) []Rung {
	var due []Rung
	for _, r := range c.rungs {
		if r.Moment.After(since) && !r.Moment.After(until) {
			due = append(due, r)
		}
	}
	if c.again.Moment.IsZero() {
		return due
	}
	from, to := c.firstAfter(since), c.firstAfter(until)
	if to-from > 1 {
		earlier := c.repeat(from)
		earlier.Times = to - from - 1
		due = append(due, earlier)
	}
	if to > from {
		due = append(due, c.repeat(to-1))
	}
	slices.SortStableFunc(due, func(a, b Rung) int { return a.Moment.Compare(b.Moment) })
	return due
}

func (c *course) repeat(k int) Rung { return c.rung(c.again.Kind, c.again.Step, c.nth(k), c.again.To) }

// nth returns the moment of the k-th repetition, from 1. Steps of days come on working days only, and the next one is counted from there.
func (c *course) nth(k int) time.Time {
	step := c.again.Step
	if step.Unit != calendar.Days {
		return c.cal.After(c.again.Moment, calendar.Step{N: step.N * k, Unit: step.Unit}, &c.policy.Ladder.At)
	}
	day := c.cal.Today(c.again.Moment)
	for range k {
		day = c.cal.NextWorkingDay(day.Add(step.N))
	}
	return day.At(c.policy.Ladder.At, c.cal.Zone())
}

// shortestDay is shorter than any day between two equal times of the wall clock.
const shortestDay = 20 * time.Hour

// firstAfter returns the number of the first repetition after an instant.
func (c *course) firstAfter(t time.Time) int {
	passed := t.Sub(c.again.Moment)
	if passed < 0 {
		return 1
	}
	length := c.again.Step.Length()
	if c.again.Step.IsDays() {
		length = shortestDay
	}
	most := int(passed/length) + 2
	return 1 + sort.Search(most, func(i int) bool { return c.nth(i + 1).After(t) })
}

// Drafted reports whether an assignment has come to a notice of level 3 (通报单) or its draft by an instant and is still to be done.
func (p Policy) Drafted(a Assignment, cal *calendar.Calendar, now time.Time) bool {
	if idle(a) != "" || !a.State.OnUnit() {
		return false
	}
	return a.Level >= 3 || slices.ContainsFunc(p.courseOf(a, cal).rungs, func(r Rung) bool { return r.Kind == RungDraft && !r.Moment.After(now) })
}
