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
	rungs  []Rung
	again  Rung // Moment is the one after which it repeats; a zero Moment means that nothing does
}

func (p Policy) courseOf(a Assignment, cal *calendar.Calendar) *course {
	c := &course{policy: p, cal: cal}
	if a.State == Submitted {
		c.layReview(a)
	} else {
		c.layUnsigned(a)
		c.layBeforeDue(a)
		c.layOverdue(a)
	}
	slices.SortStableFunc(c.rungs, func(a, b Rung) int {
		return cmp.Or(a.Moment.Compare(b.Moment), cmp.Compare(rungRank[a.Kind], rungRank[b.Kind]))
	})
	c.rungs = c.withoutRepetition()
	return c
}

func (c *course) add(kind RungKind, step calendar.Step, moment time.Time, to Readers) {
	c.rungs = append(c.rungs, c.rung(kind, step, moment, to))
}

func (c *course) rung(kind RungKind, step calendar.Step, moment time.Time, to Readers) Rung {
	allowed := c.cal.NextAllowed(c.policy.Quiet, moment)
	return Rung{Kind: kind, Step: step, To: to, Moment: moment, Allowed: allowed, Times: 1}
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
	if step.IsDays() && !c.cal.NextAllowed(c.policy.Quiet, moment).Before(deadline) {
		return c.cal.Before(a.Due, calendar.Step{N: 0, Unit: calendar.WorkingDays}, at)
	}
	return moment
}

// layOverdue lays the due moment itself and what follows it. What is issued or returned after its deadline starts from there.
func (c *course) layOverdue(a Assignment) {
	ladder, deadline := c.policy.Ladder, c.cal.Moment(a.Due)
	c.add(RungDue, calendar.Step{}, deadline, ToOwnerAndSecretary)
	start := latest(deadline, a.IssuedAt, a.ReturnedAt)
	none := calendar.Step{}
	if ladder.Draft != none {
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

// layReview lays the reviewers' own clock: so many working days after the submission, then each working day.
func (c *course) layReview(a Assignment) {
	if c.policy.ReviewWithin == 0 {
		return
	}
	within := calendar.Step{N: c.policy.ReviewWithin, Unit: calendar.WorkingDays}
	first := c.cal.After(a.SubmittedAt, within, &c.policy.Ladder.At)
	c.add(RungReview, within, first, ToReviewers)
	c.again = Rung{Kind: RungReview, Step: calendar.Step{N: 1, Unit: calendar.WorkingDays}, To: ToReviewers, Moment: first}
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
	again := c.cal.NextAllowed(c.policy.Quiet, c.nth(c.firstAfter(after)))
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

// Drafted reports whether an assignment has come to a draft of level 3 (通报单) by an instant and is still to be done.
func (p Policy) Drafted(a Assignment, cal *calendar.Calendar, now time.Time) bool {
	if idle(a) != "" || !a.State.OnUnit() {
		return false
	}
	return slices.ContainsFunc(p.courseOf(a, cal).rungs, func(r Rung) bool { return r.Kind == RungDraft && !r.Moment.After(now) })
}
