package work_test

import (
	"slices"
	"time"

	"duban"
	"duban/calendar"
)

func (n *naive) accept(p string, i *naiveItem, _ naiveArgs) []string {
	if !n.worksOn(p, i) || i.state != duban.Issued {
		return nil
	}
	return n.signs(i)
}

func (n *naive) progress(p string, i *naiveItem, g naiveArgs) []string {
	if !n.worksOn(p, i) || !i.onUnit() || g.reason == "" {
		return nil
	}
	return append(n.signs(i), "progress")
}

func (n *naive) promise(p string, i *naiveItem, g naiveArgs) []string {
	if !n.worksOn(p, i) || !i.onUnit() || g.reason == "" {
		return nil
	}
	return append(n.signs(i), "promised")
}

func (n *naive) submit(p string, i *naiveItem, _ naiveArgs) []string {
	if !n.worksOn(p, i) || !i.onUnit() {
		return nil
	}
	events := n.signs(i)
	i.beforeSubmit, i.state, i.submitted, i.decided = i.state, duban.Submitted, n.now, false
	events = append(events, i.overtaken()...)
	if !i.review {
		i.state = duban.Closed
		return append(events, "submitted", "closed")
	}
	return append(events, "submitted")
}

func (n *naive) withdraw(p string, i *naiveItem, _ naiveArgs) []string {
	if !n.worksOn(p, i) || !i.is(duban.Submitted, duban.Closed) || i.decided || n.now.Sub(i.submitted) > 10*time.Minute {
		return nil
	}
	i.state = i.beforeSubmit
	return []string{"withdrawn"}
}

func (n *naive) pass(p string, i *naiveItem, _ naiveArgs) []string {
	if i.state != duban.Submitted || !n.mayReview(p, i) {
		return nil
	}
	i.state, i.decided = duban.Closed, true
	return []string{"closed"}
}

func (n *naive) giveBack(p string, i *naiveItem, g naiveArgs) []string {
	if i.state != duban.Submitted || !n.mayReview(p, i) || g.reason == "" {
		return nil
	}
	since := i.submitted
	if i.again.After(since) {
		since = i.again
	}
	i.state, i.decided, i.returnedBy = duban.Returned, true, p
	late := n.workdays(n.cal.Today(since), n.today()) > 3
	if late && n.over(i.due) && i.submitted.Before(n.end(i.due)) {
		i.due = calendar.Due{Date: n.plus(n.today(), 1)}
		return []string{"returned", "deadline_changed"}
	}
	return []string{"returned"}
}

func (n *naive) askExtension(p string, i *naiveItem, g naiveArgs) []string {
	due := calendar.Due{Date: n.plus(i.due.Date, g.days)}
	if !n.mayAsk(p, i) || !i.onUnit() || i.asked != nil || n.over(i.due) || g.days < 1 || g.reason == "" {
		return nil
	}
	i.asked = &naiveAsk{kind: duban.AskExtension, asker: p, due: due, agreed: n.may(p, "agree", i.unit), leader: g.days > 5 || i.granted > 0}
	return []string{"extension_asked"}
}

func (n *naive) decline(p string, i *naiveItem, g naiveArgs) []string {
	last := n.plus(n.cal.Today(i.issued), 2)
	if !n.may(p, "decline", i.unit) && !n.mayAsk(p, i) || i.state != duban.Issued || i.asked != nil || i.stands || last.Before(n.today()) || g.reason == "" {
		return nil
	}
	i.asked = &naiveAsk{kind: duban.AskDecline, asker: p, agreed: n.may(p, "agree", i.unit)}
	if !i.asked.agreed {
		return []string{"decline_asked"}
	}
	i.state = duban.Declined
	return []string{"decline_asked", "declined"}
}

func (n *naive) object(p string, i *naiveItem, g naiveArgs) []string {
	if !n.mayAsk(p, i) || i.state != duban.Returned || i.asked != nil || g.reason == "" {
		return nil
	}
	others := slices.DeleteFunc([]string{"LM", "HJ", "CGD"}, func(o string) bool { return o == i.returnedBy || o == p || o == i.owner })
	if len(others) == 0 {
		return nil
	}
	i.asked = &naiveAsk{kind: duban.AskObjection, asker: p, agreed: true}
	return []string{"objected"}
}

func (n *naive) agree(p string, i *naiveItem, _ naiveArgs) []string {
	if i.asked == nil || i.asked.agreed || i.asked.asker == p || !n.may(p, "agree", i.unit) {
		return nil
	}
	i.asked.agreed = true
	if i.asked.kind == duban.AskDecline {
		i.state = duban.Declined
		return []string{"agreed", "declined"}
	}
	return []string{"agreed"}
}

// mayDecide says who decides on what was asked and agreed to.
func (n *naive) mayDecide(p string, i *naiveItem) bool {
	r := i.asked
	switch {
	case r == nil, r.kind == duban.AskIssue, r.asker == p:
		return false
	case !r.agreed:
		return n.may(p, "agree", i.unit)
	case r.kind == duban.AskDecline:
		return n.may(p, "settle", i.unit)
	case p == i.owner:
		return false
	case r.kind == duban.AskObjection:
		return p != i.returnedBy && n.mayReview(p, i)
	case r.leader:
		return n.may(p, "extend_far", i.unit)
	}
	return n.may(p, "extend", i.unit)
}

func (n *naive) turn(p string, i *naiveItem, g naiveArgs) []string {
	if !n.mayDecide(p, i) || g.reason == "" {
		return nil
	}
	kind := i.asked.kind
	if i.state == duban.Declined {
		i.state, i.stands = duban.Issued, true
	}
	i.asked, i.again = nil, n.now
	return map[duban.RequestKind][]string{
		duban.AskExtension: {"extension_refused"}, duban.AskDecline: {"stood"}, duban.AskObjection: {"objection_answered"},
	}[kind]
}

func (n *naive) grant(p string, i *naiveItem, _ naiveArgs) []string {
	if !n.mayDecide(p, i) || !i.asked.agreed {
		return nil
	}
	switch i.asked.kind {
	case duban.AskObjection:
		i.state, i.decided, i.again, i.asked = duban.Submitted, false, n.now, nil
		return append([]string{"objection_answered"}, i.overtaken()...)
	case duban.AskExtension:
		due := i.asked.due
		far := n.workdays(i.due.Date, due.Date) > 5 || i.granted > 0
		if n.over(due) || far && !n.may(p, "extend_far", i.unit) {
			return nil
		}
		i.due, i.again, i.asked = due, n.now, nil
		i.granted++
		i.moved++
		return []string{"extension_granted"}
	}
	return nil
}

func (n *naive) retract(p string, i *naiveItem, _ naiveArgs) []string {
	if i.asked == nil || i.asked.kind == duban.AskIssue || i.asked.asker != p && !n.may(p, "agree", i.unit) {
		return nil
	}
	if i.state == duban.Declined {
		i.state = duban.Issued
	}
	i.asked, i.again = nil, n.now
	return []string{"retracted"}
}

func (n *naive) maySettle(p string, i *naiveItem) bool {
	return i.state == duban.Declined && n.may(p, "settle", i.unit) && (i.asked == nil || i.asked.asker != p)
}

func (n *naive) stand(p string, i *naiveItem, g naiveArgs) []string {
	if !n.maySettle(p, i) || g.reason == "" {
		return nil
	}
	i.state, i.stands, i.asked, i.again = duban.Issued, true, nil, n.now
	return []string{"stood"}
}

func (n *naive) transfer(p string, i *naiveItem, g naiveArgs) []string {
	if !n.maySettle(p, i) || !n.may(p, "settle", g.unit) || g.unit == i.unit || n.over(i.due) {
		return nil
	}
	*i = naiveItem{
		unit: g.unit, owner: ownersOf[g.unit], issuer: i.issuer, review: i.review, state: duban.Issued, due: i.due, issued: n.now, moved: i.moved,
		urgedOn: i.urgedOn,
	}
	return []string{"transferred", "issued"}
}

func (n *naive) reassign(p string, i *naiveItem, g naiveArgs) []string {
	if !n.may(p, "reassign", i.unit) || !i.onUnit() && i.state != duban.Submitted || g.owner == i.owner || postsOf[g.owner].place != i.unit {
		return nil
	}
	i.owner = g.owner
	if i.is(duban.Accepted, duban.Issued) {
		i.state, i.signed = duban.Issued, false
	}
	return []string{"reassigned"}
}

func (n *naive) suspend(p string, i *naiveItem, g naiveArgs) []string {
	if !n.may(p, "suspend", i.unit) || !i.onUnit() && !i.is(duban.Submitted, duban.Declined) || g.reason == "" {
		return nil
	}
	i.comesBack, i.state, i.suspended = i.state, duban.Suspended, n.now
	return append(i.overtaken(), "suspended")
}

func (n *naive) resume(p string, i *naiveItem, _ naiveArgs) []string {
	if !n.may(p, "suspend", i.unit) || i.state != duban.Suspended {
		return nil
	}
	i.state, i.comesBack, i.again = i.comesBack, "", n.now
	stood := n.workdays(n.cal.Today(i.suspended), n.today())
	if i.state == duban.Submitted || stood == 0 {
		return []string{"resumed"}
	}
	i.due = calendar.Due{Date: n.plus(i.due.Date, stood)}
	return []string{"deadline_changed", "resumed"}
}

func (n *naive) cancel(p string, i *naiveItem, g naiveArgs) []string {
	if !n.may(p, "cancel", i.unit) || i.is(duban.CalledOff, duban.Closed, duban.Archived) || g.reason == "" {
		return nil
	}
	i.state = duban.CalledOff
	return append(i.overtaken(), "cancelled")
}

func (n *naive) reopen(p string, i *naiveItem, g naiveArgs) []string {
	if !n.may(p, "reopen", i.unit) || !i.is(duban.Closed, duban.Archived) || g.reason == "" {
		return nil
	}
	i.state, i.again = duban.Accepted, n.now
	if !n.over(i.due) {
		return []string{"reopened"}
	}
	i.due = calendar.Due{Date: n.plus(n.today(), 3)}
	return []string{"deadline_changed", "reopened"}
}

func (n *naive) archive(p string, i *naiveItem, _ naiveArgs) []string {
	if !n.may(p, "archive", i.unit) || i.state != duban.Closed {
		return nil
	}
	i.state = duban.Archived
	return []string{"archived"}
}

func (n *naive) remark(p string, i *naiveItem, g naiveArgs) []string {
	if !n.may(p, "remark", i.unit) || i.is(duban.Draft, duban.Pending, duban.CalledOff) || g.reason == "" {
		return nil
	}
	return []string{"remarked"}
}

func (n *naive) urge(p string, i *naiveItem, _ naiveArgs) []string {
	last, before := i.urgedOn[i.owner]
	if !n.may(p, "urge", i.unit) || !i.onUnit() || p == i.owner || before && n.workdays(last, n.today()) == 0 {
		return nil
	}
	i.urgedOn[i.owner] = n.today()
	i.urges++
	return []string{"urged"}
}

func (n *naive) setDeadline(p string, i *naiveItem, g naiveArgs) []string {
	right := "extend"
	if g.days > 5 || i.moved > 0 {
		right = "extend_far"
	}
	due := calendar.Due{Date: n.plus(i.due.Date, g.days)}
	if !n.may(p, right, i.unit) || !i.onUnit() || n.over(due) || g.days == 0 || g.reason == "" {
		return nil
	}
	i.due = due
	i.moved++
	return append(i.overtaken(), "deadline_changed")
}

func (n *naive) editNotice(p string, i *naiveItem, g naiveArgs) []string {
	if !n.may(p, "draft_notice", i.unit) && !n.may(p, "notice_45", i.unit) || i.notice != duban.EscalationDraft || g.reason == "" {
		return nil
	}
	return []string{"notice_drafted"}
}

func (n *naive) dropNotice(p string, i *naiveItem, _ naiveArgs) []string {
	if !n.may(p, "draft_notice", i.unit) && !n.may(p, "notice_45", i.unit) || i.notice != duban.EscalationDraft {
		return nil
	}
	i.notice = duban.EscalationDropped
	return []string{"notice_dropped"}
}

func (n *naive) draftAgain(p string, i *naiveItem, _ naiveArgs) []string {
	if !n.may(p, "draft_notice", i.unit) || i.notice != duban.EscalationDropped || !i.onUnit() || i.level >= i.noticeLevel {
		return nil
	}
	i.notice = duban.EscalationDraft
	return []string{"notice_drafted"}
}

func (n *naive) issueNotice(p string, i *naiveItem, _ naiveArgs) []string {
	right := "notice_45"
	if i.noticeLevel == 3 {
		right = "notice_3"
	}
	if !n.may(p, right, i.unit) || i.notice != duban.EscalationDraft || !i.onUnit() || n.now.Before(n.officeEnd(i.due)) {
		return nil
	}
	i.notice, i.level = duban.EscalationIssued, max(i.level, i.noticeLevel)
	return []string{"notice_issued"}
}

func (n *naive) respond(p string, i *naiveItem, g naiveArgs) []string {
	if !n.worksOn(p, i) || i.notice != duban.EscalationIssued || !i.onUnit() || g.reason == "" {
		return nil
	}
	i.notice = duban.EscalationAnswered
	return []string{"notice_answered"}
}

func (n *naive) approve(p string, i *naiveItem, _ naiveArgs) []string {
	if i.asked == nil || i.state != duban.Pending || i.asked.asker == p || !n.may(p, "agree", i.unit) || n.over(i.due) {
		return nil
	}
	i.state, i.asked, i.issued = duban.Issued, nil, n.now
	return []string{"approved", "issued"}
}

func (n *naive) sendBack(p string, i *naiveItem, g naiveArgs) []string {
	if i.asked == nil || i.state != duban.Pending || i.asked.asker == p || !n.may(p, "agree", i.unit) || g.reason == "" {
		return nil
	}
	i.state, i.asked = duban.Draft, nil
	return []string{"approval_refused"}
}

func (n *naive) retractIssue(p string, i *naiveItem, _ naiveArgs) []string {
	if i.asked == nil || i.state != duban.Pending || i.asked.asker != p {
		return nil
	}
	i.state, i.asked = duban.Draft, nil
	return []string{"retracted"}
}

// issue is the item that comes of drawing one up, or nothing where the table says no.
func (n *naive) issue(p string, unit string, due calendar.Due, review bool) (*naiveItem, []string) {
	if !n.may(p, "issue", unit) {
		return nil, nil
	}
	i := &naiveItem{unit: unit, owner: ownersOf[unit], issuer: p, review: review, state: duban.Issued, due: due, issued: n.now, urgedOn: map[string]calendar.Date{}}
	if postsOf[p].role != duban.Officer {
		return i, []string{"drafted", "issued"}
	}
	i.state, i.issued = duban.Pending, time.Time{}
	i.asked = &naiveAsk{kind: duban.AskIssue, asker: p, agreed: true}
	return i, []string{"drafted", "approval_asked"}
}

func (n *naive) setAbsence(p string, b naiveAbsence) []string {
	theirs := postsOf[b.person].place
	if p != b.person && !n.may(p, "absence", theirs) || b.deputy == b.person || depthBelow(postsOf[b.deputy].place, theirs) < 0 {
		return nil
	}
	n.away = append(n.away, b)
	return []string{"absent"}
}

func (n *naive) endAbsence(p string, b *naiveAbsence) []string {
	if p != b.person && !n.may(p, "absence", postsOf[b.person].place) || b.ended {
		return nil
	}
	b.ended = true
	return []string{"absence_ended"}
}

// passes says whether what the scheduler wrote into the record by itself may be there, and notes what follows from it.
func (n *naive) passes(i *naiveItem, e duban.Entry) bool {
	open := i.onUnit() || i.is(duban.Submitted, duban.Declined)
	pressed := i.onUnit() && i.asked == nil && !n.now.Before(n.officeEnd(i.due))
	switch e.Event {
	case duban.EventReminded, duban.EventMissed, duban.EventEscalated:
		return open
	case duban.EventUrged:
		i.urges++
		i.level = max(i.level, 2)
		return pressed
	case duban.EventNoticeDrafted:
		draft := i.notice == duban.EscalationDraft
		level, _ := e.Facts["level"].(float64)
		i.notice, i.noticeLevel = duban.EscalationDraft, int(level)
		return pressed && !draft && i.noticeLevel >= 3 && i.noticeLevel > i.level
	}
	return false
}
