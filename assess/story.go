package assess

import (
	"slices"
	"strings"
	"time"

	"duban"
	"duban/calendar"
)

// Item is one item of a unit, with all that the record says about it, oldest entry first.
type Item struct {
	Task       duban.Task
	Assignment duban.Assignment
	Entries    []duban.Entry
}

// story is what the record tells of an item as far as it is judged: from when it was last issued to its unit until it was closed for the first time.
type story struct {
	due      calendar.Due // that counts: as set, moved by the office in time, or extended
	setAt    time.Time    // since when the unit could count on that deadline
	setSeq   int64
	before   calendar.Due // before more time was granted; zero: none was
	issued   mark
	heard    mark // when the first message about it arrived, or somebody signed
	failed   mark // the last message that did not arrive
	signed   mark
	reports  []report
	extended mark
	waits    []span // in which a request of the unit waited for the office
	halts    []span // in which it was suspended
	owners   []holder
	critical bool
	closed   mark
}

// mark is a moment with the entry of the record that says so.
type mark struct {
	at  time.Time
	seq int64
}

func (m mark) known() bool { return m.seq != 0 }

// report is a submission, and what became of it.
type report struct {
	mark
	back       *comeback // nil: it was not returned
	overturned bool      // it was returned, and the objection to that was upheld
	backSeq    int64     // of the return that was overturned
}

// comeback is a return: its reason decides whether being in time is lost, its deadline whether what comes again is late.
type comeback struct {
	mark
	incomplete bool
	due        calendar.Due // zero: the one that counts
	late       bool         // the reviewer was late
}

// span is a time in which something held; a zero end means that it still does.
type span struct {
	from, to mark
}

func (s span) holds(t time.Time) bool {
	return !t.Before(s.from.at) && (!s.to.known() || t.Before(s.to.at))
}

// holder is who owned the item from a moment on.
type holder struct {
	from   time.Time
	person int64
}

// reading reads the record of an item.
type reading struct {
	story
	rules Rules
	cal   *calendar.Calendar
	now   time.Time
	over  bool // closed and reopened: what comes later is not judged
}

// readers has one line for each event that says something about results of work. All other events do not enter an assessment.
var readers = map[duban.Event]func(*reading, duban.Entry){
	duban.EventIssued:            (*reading).readIssued,
	duban.EventDelivered:         (*reading).readDelivered,
	duban.EventDeliveryFailed:    (*reading).readFailed,
	duban.EventAccepted:          (*reading).readSigned,
	duban.EventSubmitted:         (*reading).readSubmitted,
	duban.EventWithdrawn:         (*reading).readWithdrawn,
	duban.EventReturned:          (*reading).readReturned,
	duban.EventClosed:            (*reading).readClosed,
	duban.EventReopened:          (*reading).readReopened,
	duban.EventDeadlineChanged:   (*reading).readDeadline,
	duban.EventExtensionAsked:    (*reading).readAsked,
	duban.EventDeclineAsked:      (*reading).readDeclined,
	duban.EventObjected:          (*reading).readAsked,
	duban.EventExtensionGranted:  (*reading).readGranted,
	duban.EventExtensionRefused:  (*reading).readAnswered,
	duban.EventObjectionAnswered: (*reading).readObjection,
	duban.EventRetracted:         (*reading).readAnswered,
	duban.EventStood:             (*reading).readAnswered,
	duban.EventSuspended:         (*reading).readSuspended,
	duban.EventResumed:           (*reading).readResumed,
	duban.EventReassigned:        (*reading).readReassigned,
}

// read tells the story of an item as of an instant.
func read(it Item, rules Rules, cal *calendar.Calendar, now time.Time) story {
	r := reading{rules: rules, cal: cal, now: now}
	for _, e := range it.Entries {
		if fn, counts := readers[e.Event]; counts && !e.At.After(now) && (!r.over || e.Event == duban.EventIssued) {
			fn(&r, e)
		}
	}
	return r.story
}

func at(e duban.Entry) mark { return mark{e.At, e.Seq} }

// readIssued begins the story anew: an item that went to another unit is that unit's from here on.
func (r *reading) readIssued(e duban.Entry) {
	r.story, r.over = story{
		issued: at(e), setAt: e.At, setSeq: e.Seq, critical: e.Facts["priority"] == string(duban.Critical), owners: []holder{{e.At, e.PersonID}},
	}, false
	r.due, _ = dueOf(e.Facts["due"], r.cal)
}

func (r *reading) readDelivered(e duban.Entry) {
	if !r.heard.known() {
		r.heard = at(e)
	}
}

func (r *reading) readFailed(e duban.Entry) { r.failed = at(e) }

func (r *reading) readSigned(e duban.Entry) {
	if !r.signed.known() {
		r.signed = at(e)
	}
	r.readDelivered(e)
}

func (r *reading) readSubmitted(e duban.Entry) {
	r.readSigned(e)
	r.reports = append(r.reports, report{mark: at(e)})
}

func (r *reading) readWithdrawn(duban.Entry) {
	if n := len(r.reports); n > 0 && r.reports[n-1].back == nil {
		r.reports, r.closed = r.reports[:n-1], mark{}
	}
}

func (r *reading) readReturned(e duban.Entry) {
	n := len(r.reports)
	if n == 0 {
		return
	}
	back := &comeback{mark: at(e), incomplete: r.incomplete(e)}
	if due, ok := dueOf(e.Facts["due"], r.cal); ok && r.cal.End(due).After(r.cal.End(r.due)) {
		back.due = due
	}
	_, back.late = e.Facts["reviewer_late"]
	r.reports[n-1].back = back
}

// incomplete reports whether something was left out of what was returned: by the kind of the return, or where that is not known by its words.
func (r *reading) incomplete(e duban.Entry) bool {
	if fault, _ := e.Facts["fault"].(string); fault != "" {
		return slices.Contains(r.rules.Incomplete, fault)
	}
	return slices.ContainsFunc(r.rules.Incomplete, func(word string) bool {
		return strings.Contains(strings.ToLower(e.Note), strings.ToLower(word))
	})
}

func (r *reading) readClosed(e duban.Entry) { r.closed = at(e) }

func (r *reading) readReopened(duban.Entry) { r.over = true }

// readDeadline follows a deadline that the office has moved. Moved before it was over it counts; moved after, it only says until when the work is to be
// made up, and the one before is judged by. What a return or a resumption set has its own place.
func (r *reading) readDeadline(e duban.Entry) {
	due, ok := dueOf(e.Facts["to"], r.cal)
	switch reason := e.Facts["reason"]; {
	case !ok || reason == "reopened":
	case reason == "returned":
		if n := len(r.reports); n > 0 && r.reports[n-1].back != nil {
			r.reports[n-1].back.due = due
		}
	case reason == "suspended", e.Facts["corrected"] == true, !r.cal.Overdue(r.due, e.At):
		if r.cal.End(due).Before(r.cal.End(r.due)) {
			r.setAt, r.setSeq = e.At, e.Seq
		}
		r.due = due
	}
}

func (r *reading) readAsked(e duban.Entry) { r.waits = append(r.waits, span{from: at(e)}) }

// readDeclined takes the answer that an item is not the unit's for a signature, since somebody has looked at it.
func (r *reading) readDeclined(e duban.Entry) {
	r.readSigned(e)
	r.readAsked(e)
}

func (r *reading) readAnswered(e duban.Entry) {
	if n := len(r.waits); n > 0 && !r.waits[n-1].to.known() {
		r.waits[n-1].to = at(e)
	}
}

func (r *reading) readGranted(e duban.Entry) {
	r.readAnswered(e)
	due, ok := dueOf(e.Facts["to"], r.cal)
	if !ok {
		return
	}
	if r.before.IsZero() {
		r.before = r.due
	}
	r.due, r.extended = due, at(e)
}

func (r *reading) readObjection(e duban.Entry) {
	r.readAnswered(e)
	n := len(r.reports)
	if e.Facts["granted"] != true || n == 0 || r.reports[n-1].back == nil {
		return
	}
	last := &r.reports[n-1]
	last.overturned, last.backSeq, last.back = true, last.back.seq, nil
}

func (r *reading) readSuspended(e duban.Entry) { r.halts = append(r.halts, span{from: at(e)}) }

func (r *reading) readResumed(e duban.Entry) {
	if n := len(r.halts); n > 0 && !r.halts[n-1].to.known() {
		r.halts[n-1].to = at(e)
	}
}

func (r *reading) readReassigned(e duban.Entry) {
	r.owners = append(r.owners, holder{e.At, e.PersonID})
}

// ownerAt returns who owned the item at an instant.
func (s story) ownerAt(t time.Time) int64 {
	person := int64(0)
	for _, o := range s.owners {
		if !o.from.After(t) {
			person = o.person
		}
	}
	return person
}

// returns lists the returns that stand.
func (s story) returns() []mark {
	var all []mark
	for _, r := range s.reports {
		if r.back != nil {
			all = append(all, r.back.mark)
		}
	}
	return all
}

// dueOf reads a deadline as the record has it: a date, or an instant.
func dueOf(fact any, cal *calendar.Calendar) (calendar.Due, bool) {
	s, _ := fact.(string)
	if day, err := calendar.ParseDate(s); err == nil {
		return calendar.Due{Date: day}, true
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return calendar.Due{}, false
	}
	return cal.DueAt(t), true
}
