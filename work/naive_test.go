package work_test

import (
	"maps"
	"slices"
	"strings"
	"time"

	"duban"
	"duban/calendar"
)

// naive is the loop of supervision told once more, as simply as can be: what is known of each item, and who is away. Each thing that somebody may do
// is a method that returns the words that go into the record, or nothing where it is refused, and knows nothing of how the program does it.
type naive struct {
	cal   *calendar.Calendar // only for which days are worked
	now   time.Time
	items map[int64]*naiveItem
	away  []naiveAbsence
}

type naiveAbsence struct {
	id             int64
	person, deputy string
	from, to       calendar.Date
	ended          bool
}

type naiveItem struct {
	unit, owner, issuer string // the issuer is empty where the office's list came in from outside
	review              bool
	state, comesBack    duban.State // comesBack is where a suspended one goes on
	beforeSubmit        duban.State
	signed              bool
	due                 calendar.Due
	issued, submitted   time.Time
	suspended, again    time.Time // again is when its clock was last set going anew
	decided             bool      // somebody has decided on the last submission
	returnedBy          string
	asked               *naiveAsk
	granted, moved      int // extensions since it was issued to its unit; deadlines moved at all
	stands              bool
	notice              duban.EscalationState // of the newest notice of level 3 to 5
	noticeLevel, level  int
	urges               int
	urgedOn             map[string]calendar.Date // by a person, by owner
}

type naiveAsk struct {
	kind   duban.RequestKind
	asker  string
	agreed bool // the secretary has
	leader bool // decides
	due    calendar.Due
}

// naiveArgs is what comes with what somebody does.
type naiveArgs struct {
	days        int // working days after the present deadline
	reason      string
	owner, unit string
}

// posts of the cast.
var postsOf = map[string]struct {
	role  duban.Role
	place string
}{
	"LM": {duban.Admin, theOffice}, "HJ": {duban.Admin, theOffice}, "CGD": {duban.Leader, theOffice}, "ZG": {duban.Secretary, theSchool},
	"WF": {duban.Officer, theSchool}, "LY": {duban.BranchSecretary, theBranch}, "SL": {duban.Secretary, elsewhere}, "ZM": {duban.Officer, elsewhere},
}

var everybody = []string{"LM", "HJ", "CGD", "ZG", "WF", "LY", "SL", "ZM"}

// ownersOf is who owns what is issued to a unit when nobody is named.
var ownersOf = map[string]string{theSchool: "WF", theBranch: "LY", elsewhere: "ZM"}

// forOthers are the rights that a deputy has by the posts of who is away.
const forOthers = " behalf ask agree decline extend extend_far reassign review see see_lights urge "

func (n *naive) today() calendar.Date { return n.cal.Today(n.now) }

// acting is who acts for somebody today.
func (n *naive) acting(person string) string {
	at := person
	for range everybody {
		next := at
		for _, b := range n.away {
			if b.person == at && !b.ended && !n.today().Before(b.from) && !b.to.Before(n.today()) {
				next = b.deputy
			}
		}
		if next == at || next == person {
			return next
		}
		at = next
	}
	return person
}

func (n *naive) standsIn(p, person string) bool { return p != person && n.acting(person) == p }

func (n *naive) may(p, action, unit string) bool {
	for _, whose := range everybody {
		post := postsOf[whose]
		itself := whose == p || strings.Contains(forOthers, " "+action+" ") && n.standsIn(p, whose)
		if itself && covers(reaches[action][string(post.role)], depthBelow(post.place, unit)) {
			return true
		}
	}
	return false
}

func (n *naive) worksOn(p string, i *naiveItem) bool {
	return p == i.owner || n.standsIn(p, i.owner) || n.may(p, "behalf", i.unit)
}

func (n *naive) mayAsk(p string, i *naiveItem) bool {
	return n.worksOn(p, i) && n.may(p, "ask", i.unit)
}

func (i *naiveItem) reviewers() []string {
	if i.issuer != "" {
		return []string{i.issuer}
	}
	return []string{"LM", "HJ"}
}

func (n *naive) mayReview(p string, i *naiveItem) bool {
	if p == i.owner || n.standsIn(p, i.owner) {
		return false
	}
	return n.may(p, "review", i.unit) || slices.ContainsFunc(i.reviewers(), func(r string) bool { return r == p || n.standsIn(p, r) })
}

// copied is the item to try something on.
func (i *naiveItem) copied() *naiveItem {
	c := *i
	c.urgedOn = maps.Clone(i.urgedOn)
	if i.asked != nil {
		asked := *i.asked
		c.asked = &asked
	}
	return &c
}

func (i *naiveItem) is(states ...duban.State) bool { return slices.Contains(states, i.state) }

func (i *naiveItem) onUnit() bool { return i.is(duban.Issued, duban.Accepted, duban.Returned) }

// end is when a date is over, and officeEnd when its office closes.
func (n *naive) end(due calendar.Due) time.Time {
	return time.Date(due.Date.Year, due.Date.Month, due.Date.Day+1, 0, 0, 0, 0, n.cal.Zone())
}

func (n *naive) officeEnd(due calendar.Due) time.Time { return n.end(due).Add(-6 * time.Hour) }

func (n *naive) over(due calendar.Due) bool { return !n.now.Before(n.end(due)) }

// workdays counts the working days after a day up to another, one by one.
func (n *naive) workdays(from, to calendar.Date) int {
	if to.Before(from) {
		return -n.workdays(to, from)
	}
	count := 0
	for day := from.Add(1); !to.Before(day); day = day.Add(1) {
		if n.cal.IsWorkingDay(day) {
			count++
		}
	}
	return count
}

func (n *naive) plus(day calendar.Date, working int) calendar.Date {
	for working > 0 {
		if day = day.Add(1); n.cal.IsWorkingDay(day) {
			working--
		}
	}
	return day
}

// light is the colour of an item by the rules, with the working time summed up day by day.
func (n *naive) light(i *naiveItem) duban.Light {
	switch {
	case i.is(duban.Closed, duban.Archived) && !i.submitted.Before(n.end(i.due)):
		return duban.ClosedLate
	case i.is(duban.Closed, duban.Archived):
		return duban.ClosedGood
	case i.is(duban.Submitted):
		return duban.Blue
	case !i.onUnit():
		return duban.Halted
	case n.over(i.due):
		return duban.Red
	}
	left, part := n.workdays(n.today(), i.due.Date), 1.0
	if whole := n.worked(i.issued, n.officeEnd(i.due)); whole > 0 {
		part = n.worked(n.now, n.officeEnd(i.due)).Seconds() / whole.Seconds()
	}
	switch {
	case left <= 1, left <= 15 && part <= 0.15:
		return duban.Orange
	case left <= 3, left <= 15 && part <= 0.30:
		return duban.Yellow
	case i.state == duban.Issued:
		return duban.Grey
	}
	return duban.Green
}

// worked is the office time between two instants.
func (n *naive) worked(from, to time.Time) time.Duration {
	var sum time.Duration
	for day := n.cal.Today(from); !n.cal.Today(to).Before(day); day = day.Add(1) {
		if !n.cal.IsWorkingDay(day) {
			continue
		}
		open := time.Date(day.Year, day.Month, day.Day, 9, 0, 0, 0, n.cal.Zone())
		shut := open.Add(9 * time.Hour)
		if from.After(open) {
			open = from
		}
		if to.Before(shut) {
			shut = to
		}
		sum += max(0, shut.Sub(open))
	}
	return sum
}

// overtaken ends what waits about an item, for an end or a halt of it.
func (i *naiveItem) overtaken() []string {
	var events []string
	if i.asked != nil {
		i.asked, events = nil, append(events, "retracted")
	}
	if i.notice == duban.EscalationDraft {
		i.notice, events = duban.EscalationDropped, append(events, "notice_dropped")
	}
	return events
}

// signs notes that whoever works on an item has it.
func (n *naive) signs(i *naiveItem) []string {
	if i.state == duban.Issued {
		i.state = duban.Accepted
	}
	if i.signed {
		return nil
	}
	i.signed = true
	events := []string{"accepted"}
	if i.asked != nil && i.asked.kind == duban.AskDecline {
		i.asked, i.again, events = nil, n.now, append(events, "retracted")
	}
	return events
}
