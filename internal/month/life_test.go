package month

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing/synctest"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
	"duban/work"
)

// deed is what somebody does at an instant.
type deed struct {
	at time.Time
	n  int // in the order of planning, for those of the same instant
	do func()
}

// diary is what is going to be done, soonest first.
type diary []deed

func (d diary) Len() int      { return len(d) }
func (d diary) Swap(i, j int) { d[i], d[j] = d[j], d[i] }
func (d diary) Less(i, j int) bool {
	if d[i].at.Equal(d[j].at) {
		return d[i].n < d[j].n
	}
	return d[i].at.Before(d[j].at)
}
func (d *diary) Push(x any) { *d = append(*d, x.(deed)) }
func (d *diary) Pop() any {
	last := (*d)[len(*d)-1]
	*d = (*d)[:len(*d)-1]
	return last
}

// outage is a time in which the program is down.
type outage struct{ from, to time.Time }

// life is what the people of the city do, day by day.
type life struct {
	*city
	ctx     context.Context
	diary   diary
	planned int
	outages []outage
	until   time.Time
	longest int // working days that an item has at most
	tasks   int

	deputies map[string]*deputy // by the code of who is away

	did map[string]int // how often what was done, for the figures
}

func (l *life) plan(at time.Time, do func()) {
	for _, o := range l.outages { // while the program is down nothing can be done; people come back to it
		if !at.Before(o.from.Add(-time.Minute)) && at.Before(o.to.Add(time.Minute)) {
			at = o.to.Add(time.Minute + time.Duration(l.random.IntN(3600))*time.Second)
		}
	}
	l.planned++
	heap.Push(&l.diary, deed{at, l.planned, do})
}

// run lets time pass until the end, with everything that is planned and the outages.
func (l *life) run() {
	for _, o := range l.outages {
		l.planned++
		heap.Push(&l.diary, deed{o.from, l.planned, func() {
			l.stop()
			time.Sleep(time.Until(o.to))
			l.serve(nil)
		}})
	}
	for len(l.diary) > 0 {
		next := heap.Pop(&l.diary).(deed)
		if next.at.After(l.until) {
			break
		}
		time.Sleep(time.Until(next.at))
		next.do()
	}
	time.Sleep(time.Until(l.until))
	synctest.Wait()
}

// blockSome lets a few people block the bot on the second day, and never come back.
func (l *life) blockSome() {
	for i := 2; i <= l.schools; i += 13 {
		r := l.people[fmt.Sprintf("O%d", i)]
		when := midnight(time.Now()).AddDate(0, 0, 1).Add(10 * time.Hour)
		l.plan(when, func() {
			r.blocked = time.Now()
			r.phone.Block()
		})
	}
}

// deputy is who acts for somebody in a time.
type deputy struct {
	*resident
	from, to time.Time
}

// sendSomeAway sends the officers of a few schools away for four days from the third day on; their secretaries act for them.
func (l *life) sendSomeAway() {
	l.deputies = map[string]*deputy{}
	for i := 3; i <= l.schools; i += 9 {
		officer, secretary := l.people[fmt.Sprintf("O%d", i)], l.people[fmt.Sprintf("S%d", i)]
		from := midnight(time.Now()).AddDate(0, 0, 2)
		l.plan(from.Add(-10*time.Hour), func() {
			absence := duban.Absence{PersonID: officer.who.PersonID, DeputyID: secretary.who.PersonID, From: from.Format("2006-01-02"), To: from.AddDate(0, 0, 3).Format("2006-01-02")}
			if l.try("away", func() error { _, err := l.desk.SetAbsence(l.ctx, duban.Console, absence); return err }) {
				l.deputies[officer.code] = &deputy{secretary, from, from.AddDate(0, 0, 4)}
			}
		})
	}
}

// issueDaily plans what the office issues: some items a day, to all schools, to one, or to the branches of one.
func (l *life) issueDaily(from, to time.Time, perDay int) {
	for day := from; day.Before(to); day = day.AddDate(0, 0, 1) {
		if !workday(day) {
			continue
		}
		for range perDay {
			at := day.Add(8*time.Hour + time.Duration(l.random.IntN(10*60))*time.Minute)
			l.plan(at, func() { l.issue(at) })
		}
	}
}

func (l *life) issue(at time.Time) {
	l.tasks++
	units := []string{string(duban.SchoolCommittee), school(1 + l.random.IntN(l.schools)), fmt.Sprintf("%d校第1支部、%d校第1支部", 1+l.random.IntN(l.schools/2), 1+l.schools/2+l.random.IntN(l.schools/2))}[l.pick(1, 5, 4)]
	due := addWorkdays(midnight(time.Now()), 1+l.random.IntN(l.longest)).Format("2006-01-02")
	if l.random.IntN(3) == 0 {
		due += fmt.Sprintf(" %02d:%02d", 9+l.random.IntN(9), 30*l.random.IntN(2))
	}
	row := work.TaskRow{
		Line: 2, Code: fmt.Sprintf("Y-%03d", l.tasks), Title: fmt.Sprintf("事项%d", l.tasks), Duty: "按要求完成", Units: units, Due: due, Review: l.random.IntN(10) < 7,
		Evidence: duban.Evidence{Kind: duban.NoEvidence}, Priority: duban.Normal,
	}
	who := l.people[[]string{"A1", "A2"}[l.random.IntN(2)]]
	result, err := l.desk.ImportTasks(l.ctx, who.who, []work.TaskRow{row}, work.ImportOptions{})
	if err != nil || len(result.Problems) > 0 {
		l.t.Fatalf("%s issue %+v: %v %v", at, row, err, result.Problems)
	}
	var issued []duban.Assignment
	l.read(func(tx *store.Tx) error {
		task, err := tx.TaskByCode(row.Code)
		if err != nil {
			return err
		}
		issued, err = tx.AssignmentsOf(task.ID)
		return err
	})
	for _, a := range issued {
		l.did["issued"]++
		l.foresee(a)
	}
}

// foresee plans what becomes of an item: signed soon, late or never; reported early, late or never.
func (l *life) foresee(a duban.Assignment) {
	owner := l.byID[a.OwnerID]
	if !owner.joined() {
		owner = l.secretaryOf(owner)
	}
	if owner == nil || !owner.joined() {
		return
	}
	do := func(what string, verb func() error) bool { return owner.reachable(time.Now()) && l.try(what, verb) }
	signed := time.Now().Add(l.hours(1, 10))
	switch l.pick(70, 20, 10) {
	case 1:
		signed = time.Now().Add(l.hours(24, 96))
	case 2:
		signed = time.Time{}
	}
	if !signed.IsZero() {
		l.plan(signed, func() { do("signed", func() error { _, err := l.desk.Accept(l.ctx, owner.who, a.ID); return err }) })
	}
	if l.random.IntN(8) == 0 {
		l.plan(time.Now().Add(l.hours(4, 30)), func() { l.askForMore(a, owner) })
	}
	end := a.Due.Date.At(calendar.Clock{Hour: 16}, zone)
	report := end.Add(-l.hours(2, 60))
	switch l.pick(65, 25, 10) {
	case 1:
		report = end.Add(l.hours(6, 150))
	case 2:
		return
	}
	if report.Before(time.Now()) {
		report = time.Now().Add(l.hours(1, 3))
	}
	l.plan(report, func() { l.report(a.ID, owner) })
}

// askForMore asks for more time; the secretary agrees, and the office answers when it gets to it.
func (l *life) askForMore(a duban.Assignment, owner *resident) {
	secretary := l.schoolOf(l.byID[a.OwnerID])
	if !owner.reachable(time.Now()) || !secretary.joined() {
		return
	}
	day := addWorkdays(midnight(a.Due.Date.At(calendar.Clock{}, zone)), 1+l.random.IntN(4))
	later := calendar.Due{Date: calendar.DateOf(day)}
	var asked duban.Request
	if !l.try("asked for more time", func() (err error) {
		asked, err = l.desk.AskExtension(l.ctx, owner.who, a.ID, later, "等待数据")
		return err
	}) {
		return
	}
	agree := time.Now().Add(l.hours(1, 40))
	if owner != secretary {
		l.plan(agree, func() {
			l.try("agreed", func() error { _, err := l.desk.Agree(l.ctx, secretary.who, asked.ID); return err })
		})
	}
	l.plan(agree.Add(l.hours(1, 40)), func() {
		if l.random.IntN(3) == 0 {
			l.try("refused", func() error {
				_, err := l.desk.Turn(l.ctx, l.people["A1"].who, asked.ID, "请按期完成")
				return err
			})
			return
		}
		l.try("granted", func() error { _, err := l.desk.Grant(l.ctx, l.people["A1"].who, asked.ID, work.Grant{}); return err })
	})
}

func (l *life) secretaryOf(owner *resident) *resident {
	if owner.role != duban.Officer { // only the secretary of the own unit acts for an owner
		return nil
	}
	return l.people["S"+owner.code[1:]]
}

func (l *life) report(id int64, owner *resident) {
	if !owner.reachable(time.Now()) {
		return
	}
	var done work.Reported
	ok := l.try("reported", func() (err error) {
		done, err = l.desk.Submit(l.ctx, owner.who, id, work.Report{Text: "已完成"})
		return err
	})
	if !ok || done.Assignment.State != duban.Submitted {
		return
	}
	if l.random.IntN(12) == 0 {
		l.plan(time.Now().Add(5*time.Minute), func() {
			if l.try("withdrawn", func() error { _, err := l.desk.Withdraw(l.ctx, owner.who, id); return err }) {
				l.plan(time.Now().Add(l.hours(1, 30)), func() { l.report(id, owner) })
			}
		})
		return
	}
	decided := time.Now().Add(l.hours(2, 30))
	if l.random.IntN(8) == 0 {
		decided = time.Now().Add(l.hours(120, 240)) // the reviewer is late
	}
	reviewer := l.people[[]string{"A1", "A2"}[l.random.IntN(2)]]
	l.plan(decided, func() {
		if l.random.IntN(6) > 0 {
			l.try("passed", func() error { _, err := l.desk.Pass(l.ctx, reviewer.who, done.Submission.ID); return err })
			return
		}
		if l.try("returned", func() error {
			_, err := l.desk.Return(l.ctx, reviewer.who, done.Submission.ID, work.Comeback{Reason: "请补充"})
			return err
		}) {
			l.plan(time.Now().Add(l.hours(3, 60)), func() { l.report(id, owner) })
		}
	})
}

// try does something that may be refused because somebody else was faster; any other failure ends the test.
func (l *life) try(what string, do func() error) bool {
	err := do()
	refusal, refused := errors.AsType[*duban.Error](err)
	switch {
	case err == nil:
		l.did[what]++
		return true
	case refused && slices.Contains([]duban.Code{duban.AlreadyDone, duban.WrongState, duban.TooLate, duban.PendingRequest}, refusal.Code):
		return false
	}
	l.t.Fatalf("%s %s: %v", time.Now().In(zone), what, err)
	return false
}

func (l *life) read(fn func(*store.Tx) error) {
	l.t.Helper()
	if err := l.desk.Store.Read(l.ctx, fn); err != nil {
		l.t.Fatal(err)
	}
}

// hours is a time between so many hours.
func (l *life) hours(least, most int) time.Duration {
	return time.Duration(least*3600+l.random.IntN((most-least)*3600)) * time.Second
}

// pick returns a number by weights.
func (l *life) pick(weights ...int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	n := l.random.IntN(total)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return 0
}
