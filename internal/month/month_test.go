// Package month plays a month of a whole city on the program as it is: people who sign early, late or never, an office that decides when it
// gets to it, absences, holidays, two outages. Afterwards other, simpler arithmetic says what should have been told, to whom and when, and that is
// compared with the record and with what arrived in the chats.
package month

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"duban"
	"duban/calendar"
	"duban/sim"
	"duban/store"
)

// size says how large a city is played, and for how long.
type size struct {
	days, schools, branches int
	perDay                  int // items issued on a working day
	longest                 int // working days that an item has at most
}

// outages are when the program is down: three hours on a morning, and a little more than a day.
var outages = [][2]string{{"2026-09-16 08:45", "2026-09-16 11:45"}, {"2026-09-22 14:00", "2026-09-23 16:00"}}

func play(t *testing.T, s size) {
	synctest.Test(t, func(t *testing.T) {
		began := at(t, "2026-09-14 07:30")
		time.Sleep(time.Until(began))
		c := begin(t, 7, s.schools, s.branches)
		defer func() { c.stop() }()
		l := &life{city: c, ctx: context.Background(), until: midnight(began).AddDate(0, 0, s.days).Add(12 * time.Hour), did: map[string]int{}, longest: s.longest}
		for _, o := range outages {
			if to := at(t, o[1]); to.Before(l.until) {
				l.outages = append(l.outages, outage{at(t, o[0]), to})
			}
		}
		l.issueDaily(midnight(began), l.until.AddDate(0, 0, -1), s.perDay)
		l.blockSome()
		l.sendSomeAway()
		l.run()
		l.check()
		if c.log.Len() > 0 {
			t.Errorf("the program complains:\n%s", c.log.String())
		}
	})
}

// heard is when the program gets to something that is due at an instant: at once, or when it is back.
func (l *life) heard(t time.Time) time.Time {
	for _, o := range l.outages {
		if !t.Before(o.from) && t.Before(o.to) {
			return allowed(o.to)
		}
	}
	return t
}

func (l *life) check() {
	f := figures{kinds: map[duban.RungKind]int{}}
	var all []duban.Assignment
	l.read(func(tx *store.Tx) error {
		return tx.EveryAssignment(time.Time{}, time.Time{}, func(a duban.Assignment) error {
			all = append(all, a)
			return nil
		})
	})
	for _, a := range all {
		l.checkItem(a, &f)
	}
	f.items = len(all)
	l.checkLetters(&f)
	l.checkChats(&f)
	l.checkRecord(&f)
	l.t.Logf("%d people, %d items, done %v\n%s", len(l.people), f.items, l.did, f)
}

type figures struct {
	items, told, late, missed, folded int
	kinds                             map[duban.RungKind]int
	pushes, digests, edits, sent      int
	mostPushes, entries               int
	slowest                           time.Duration
	standIns                          int
}

func (f figures) String() string {
	return fmt.Sprintf("reminders told %d (late %d, left to the digest %d), overtaken %d, by kind %v\npushes %d, most for one person and day %d, digests %d, messages %d, edits %d\nstand-ins told %d, slowest after its moment %s, record entries %d",
		f.told, f.late, f.folded, f.missed, f.kinds, f.pushes, f.mostPushes, f.digests, f.sent, f.edits, f.standIns, f.slowest, f.entries)
}

// checkItem compares what the record says was told for an item with what its story calls for.
func (l *life) checkItem(a duban.Assignment, f *figures) {
	var entries []duban.Entry
	l.read(func(tx *store.Tx) (err error) {
		entries, err = tx.RecordOf(a.ID)
		return err
	})
	s := l.storyOf(a, entries)
	want := map[step]bool{}
	for _, st := range s.due(l.until.Add(-time.Minute), l.heard) {
		want[st] = true
	}
	got := map[step]int{}
	told := map[string]int{}
	for _, e := range entries {
		for _, st := range stepsOf(e) {
			got[st]++
			if e.Event == duban.EventMissed {
				f.missed++
				continue
			}
			f.told++
			f.kinds[st.kind]++
			told[circle(st.kind)+e.At.String()]++
			l.checkTold(a, e, st, f)
		}
		if e.Event == duban.EventEscalated && e.Facts["reason"] == "unreachable" {
			f.standIns++
		}
	}
	for st := range want {
		if got[st] != 1 {
			l.t.Errorf("item %d: %s was told %d times\n%s", a.ID, st, got[st], chronicle(entries))
		}
	}
	for st := range got {
		if !want[st] && !l.onTheEdge(st, s) {
			l.t.Errorf("item %d: %s was told though nothing called for it\n%s", a.ID, st, chronicle(entries))
		}
	}
	for when, n := range told {
		if n != 1 {
			l.t.Errorf("item %d: %d things told at once, %s", a.ID, n, when)
		}
	}
}

// onTheEdge reports whether a step falls so close to a change of the item that either answer is right.
func (l *life) onTheEdge(st step, s story) bool {
	when := l.heard(allowed(st.moment))
	for _, sp := range s.spans {
		if d := when.Sub(sp.to).Abs(); d < time.Minute {
			return true
		}
	}
	return l.until.Sub(when) < 2*time.Minute || s.accepted.Sub(when).Abs() < time.Minute
}

// checkTold sees that something was told when it might be, and to whom.
func (l *life) checkTold(a duban.Assignment, e duban.Entry, st step, f *figures) {
	when := l.heard(allowed(st.moment))
	delay := e.At.Sub(when)
	if delay < 0 || delay > 10*time.Second {
		l.t.Errorf("item %d: %s was told at %s", a.ID, st, e.At.In(zone))
	}
	if !allowed(e.At).Equal(e.At) {
		l.t.Errorf("item %d: %s was told in quiet time, at %s", a.ID, st, e.At.In(zone))
	}
	if e.Facts["late_minutes"] != nil {
		f.late++
	} else if when.Equal(allowed(st.moment)) {
		f.slowest = max(f.slowest, delay)
	}
	readers := idsIn(e.Facts["to"])
	if folded := idsIn(e.Facts["folded"]); len(folded) > 0 {
		f.folded += len(folded)
	}
	for _, must := range l.readers(a, st, e.At) {
		if !slices.Contains(readers, must) {
			l.t.Errorf("item %d: %s was told to %v, not to %s", a.ID, st, readers, l.byID[must].code)
		}
	}
}

// readers are those who must be told of a step: the owner, or the deputy in his place; the secretary too from the second nudge on; the administrators
// of a draft; the leader of reviewers who are very late. Where the owner cannot be reached and has no deputy, the secretary is told in any case.
func (l *life) readers(a duban.Assignment, st step, at time.Time) []int64 {
	owner := l.byID[a.OwnerID]
	switch st.kind {
	case duban.RungReview, duban.RungRequest:
		return nil
	case duban.RungOversight:
		return []int64{l.people["L1"].who.PersonID}
	case duban.RungDraft:
		return []int64{l.people["A1"].who.PersonID, l.people["A2"].who.PersonID}
	}
	secretary := l.schoolOf(owner)
	must := []int64{a.OwnerID}
	if deputy := l.deputies[owner.code]; deputy != nil && deputy.from.Before(at) && at.Before(deputy.to) {
		must = []int64{deputy.who.PersonID}
	}
	second := st.kind == duban.RungUnsigned && st.moment.Equal(nine(addWorkdays(midnight(a.IssuedAt), 2)))
	if second || st.kind == duban.RungDue || st.kind == duban.RungNotice || st.kind == duban.RungRepeat || !owner.reachable(at) {
		must = append(must, secretary.who.PersonID)
	}
	return must
}

// schoolOf is the secretary of somebody's school.
func (l *life) schoolOf(r *resident) *resident {
	if r.role == duban.BranchSecretary {
		return l.people["S"+r.unit[:strings.Index(r.unit, "校")]]
	}
	return l.people["S"+r.code[1:]]
}

func circle(kind duban.RungKind) string {
	switch kind {
	case duban.RungDraft:
		return "administrators "
	case duban.RungReview:
		return "reviewers "
	case duban.RungRequest:
		return "deciders "
	case duban.RungOversight:
		return "leaders "
	}
	return "unit "
}

func idsIn(fact any) []int64 {
	var ids []int64
	list, _ := fact.([]any)
	for _, v := range list {
		if n, ok := v.(float64); ok {
			ids = append(ids, int64(n))
		}
	}
	return ids
}

// stepsOf reads which steps an entry speaks of; one that stands for several repetitions is taken apart.
func stepsOf(e duban.Entry) []step {
	kind, _ := e.Facts["rung"].(string)
	moment, _ := e.Facts["moment"].(string)
	when, err := time.Parse(time.RFC3339, moment)
	if kind == "" || err != nil || e.Facts["reason"] == "unreachable" {
		return nil
	}
	steps := []step{{duban.RungKind(kind), when.In(zone)}}
	if times, ok := e.Facts["times"].(float64); ok {
		for n := 1; n < int(times); n++ {
			steps = append(steps, step{duban.RungKind(kind), nine(addWorkdays(midnight(when), n))})
		}
	}
	return steps
}

// storyOf reads from the record what people did with an item.
func (l *life) storyOf(a duban.Assignment, entries []duban.Entry) story {
	s, now := story{}, span{deadline: momentOf(dueFact(a.OriginalDue)), to: l.until.Add(time.Hour)}
	turn := func(at time.Time, to place) {
		if n := len(s.spans); n > 0 {
			s.spans[n-1].to = at
		}
		now.place, now.from = to, at
		s.spans = append(s.spans, now)
	}
	for _, e := range entries {
		switch e.Event {
		case duban.EventIssued:
			s.issued = e.At
			turn(e.At, withUnit)
		case duban.EventAccepted:
			s.accepted = e.At
		case duban.EventSubmitted:
			now.reported = e.At
			turn(e.At, withReviewers)
		case duban.EventReturned:
			now.restart = e.At
			turn(e.At, withUnit)
		case duban.EventWithdrawn:
			turn(e.At, withUnit)
		case duban.EventExtensionAsked:
			now.asked, now.patience = e.At, 1
			if l.byID[e.Actor].role == duban.Secretary { // who agrees by asking
				now.patience = 3
			}
			turn(e.At, withDeciders)
		case duban.EventAgreed:
			now.asked, now.patience = e.At, 3
			turn(e.At, withDeciders)
		case duban.EventExtensionGranted:
			now.deadline, now.restart = momentOf(fmt.Sprint(e.Facts["to"])), e.At
			turn(e.At, withUnit)
		case duban.EventExtensionRefused:
			now.restart = e.At
			turn(e.At, withUnit)
		case duban.EventClosed:
			s.spans[len(s.spans)-1].to = e.At
		}
	}
	return s
}

// momentOf is the moment of reminders of a deadline as the record writes it: a date means office end.
func momentOf(due string) time.Time {
	if day, err := time.ParseInLocation("2006-01-02", due, zone); err == nil {
		return day.Add(18 * time.Hour)
	}
	when, err := time.Parse(time.RFC3339, due)
	if err != nil {
		panic(err)
	}
	return when.In(zone)
}

func dueFact(due calendar.Due) string {
	if due.IsDate() {
		return due.Date.String()
	}
	return due.Instant.Format(time.RFC3339)
}

func chronicle(entries []duban.Entry) string {
	var b strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&b, "    %s %s %v\n", e.At.In(zone).Format("01-02 15:04:05"), e.Event, e.Facts)
	}
	return b.String()
}

// checkLetters sees that every letter ended or waits for its time, that nobody got more pushes in a day than the cap, and none in quiet time.
func (l *life) checkLetters(f *figures) {
	db, err := sql.Open("sqlite", "file:"+l.desk.Store.Path())
	if err != nil {
		l.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT kind, person_id, push_day, state, reason, COALESCE(done_at, 0), due_at FROM outbox WHERE kind <> 'answer' ORDER BY id`)
	if err != nil {
		l.t.Fatal(err)
	}
	defer rows.Close()
	perDay := map[string]int{}
	digest := map[string]int{}
	for rows.Next() {
		var kind, day, state, reason string
		var person, done, due int64
		if err := rows.Scan(&kind, &person, &day, &state, &reason, &done, &due); err != nil {
			l.t.Fatal(err)
		}
		at := time.UnixMilli(done).In(zone)
		switch {
		case state == "queued" && time.UnixMilli(due).Before(l.until.Add(-time.Minute)), state == "sending", state == "unknown":
			l.t.Errorf("a letter %s to %s has not ended: %s", kind, l.byID[person].code, state)
		case state == "failed" && l.byID[person].reachable(at):
			l.t.Errorf("a letter %s to %s failed: %s", kind, l.byID[person].code, reason)
		}
		if kind == "digest" && state == "sent" {
			f.digests++
			digest[fmt.Sprintf("%s %s", at.Format("2006-01-02"), l.byID[person].code)]++
			if !workday(at) {
				l.t.Errorf("a digest on a day off: %s", at)
			}
		}
		if day == "" || state == "missed" || state == "cancelled" {
			continue
		}
		f.pushes++
		perDay[day+" "+l.byID[person].code]++
		if state == "sent" && kind != "draft" && !allowed(at).Equal(at) { // a draft is edited when it is overtaken, at any hour
			l.t.Errorf("a push %s to %s in quiet time, at %s", kind, l.byID[person].code, at)
		}
	}
	for who, n := range perDay {
		f.mostPushes = max(f.mostPushes, n)
		if n > 3 {
			l.t.Errorf("%s got %d pushes", who, n)
		}
	}
	for who, n := range digest {
		if n > 1 {
			l.t.Errorf("%s got %d digests", who, n)
		}
	}
}

// checkChats sees that no message came twice, by what stands in the chats.
func (l *life) checkChats(f *figures) {
	for _, e := range l.tg.Events(0, sim.Sent, sim.Edited) {
		if e.Kind == sim.Edited {
			f.edits++
		} else {
			f.sent++
		}
	}
}

func (l *life) checkRecord(f *figures) {
	l.read(func(tx *store.Tx) error {
		n, breaks, err := tx.Verify()
		f.entries = int(n)
		if len(breaks) > 0 {
			l.t.Errorf("the record is broken: %v", breaks)
		}
		return err
	})
}

func TestSomeDaysOfASmallCity(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector")
	}
	play(t, size{days: 3, schools: 6, branches: 12, perDay: 4, longest: 3})
}
