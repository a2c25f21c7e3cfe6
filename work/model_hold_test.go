package work_test

import (
	"errors"
	"math"
	"slices"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
)

// tick lets a minute pass, so that no two things happen at once, with what is due by then.
func (m *match) tick() { m.pass(time.Minute) }

// pass lets time pass, and the scheduler do what is due meanwhile.
func (m *match) pass(d time.Duration) {
	for end := time.Now().Add(d); ; {
		report, err := m.sched.Pass(ctx)
		switch {
		case err != nil, len(report.Poisoned) > 0:
			m.t.Fatal(err, report)
		case report.Due > 0:
			m.byItself()
			continue
		}
		if report.Next.IsZero() || report.Next.After(end) {
			time.Sleep(time.Until(end))
			m.naive.now = time.Now()
			return
		}
		time.Sleep(time.Until(report.Next))
		m.naive.now = time.Now()
	}
}

// byItself holds what the scheduler wrote into the record against what it may.
func (m *match) byItself() {
	for _, e := range m.entries() {
		i := m.naive.items[e.AssignmentID]
		if i == nil || e.Via != duban.ViaSystem || !m.naive.passes(i, e) {
			m.t.Fatalf("by itself: %s %v of #%d, which is %+v", e.Event, e.Facts, e.AssignmentID, i)
		}
	}
}

// hold holds what somebody did against what the model says: refused as something that people can act on and without a trace, or done with these words in
// the record.
func (m *match) hold(move, what string, err error, want []string) {
	m.t.Helper()
	m.tally.count(move, err == nil)
	var got []string
	for _, e := range m.entries() {
		got = append(got, string(e.Event))
	}
	if m.t.Logf("%s %s: %v, %v", m.naive.now.In(cast.Shanghai).Format("01-02 15:04"), what, err, got); duban.CodeOf(err) == duban.Internal {
		m.t.Fatalf("%s: %v", what, err)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || (err == nil) != (want != nil) {
		m.t.Fatalf("%s: %v and %v in the record, want %v", what, err, got, want)
	}
}

// entries returns what has been written into the record since the last time.
func (m *match) entries() []duban.Entry {
	var fresh []duban.Entry
	m.read(func(tx *store.Tx) error {
		fresh = nil
		return tx.EveryEntry(m.naive.now.Add(-time.Minute), time.Time{}, func(e duban.Entry) error {
			if e.Seq > m.seq {
				fresh = append(fresh, e)
			}
			return nil
		})
	})
	if len(fresh) > 0 {
		m.seq = fresh[len(fresh)-1].Seq
	}
	return fresh
}

func (m *match) read(fn func(*store.Tx) error) {
	m.t.Helper()
	if err := m.desk.Store.Read(ctx, fn); err != nil {
		m.t.Fatal(err)
	}
}

func (m *match) assignment(id int64) (a duban.Assignment) {
	m.t.Helper()
	m.read(func(tx *store.Tx) (err error) {
		a, err = tx.Assignment(id)
		return err
	})
	return a
}

// seen is what program and model have to agree on about an item.
type seen struct {
	State, Before  duban.State
	Owner, Unit    string
	Signed, Waits  bool
	Due            calendar.Date
	Extensions     int
	Urges, Level   int
	Light          duban.Light
	Draft          bool
	Request, Asker string
	Agreed         bool
}

// compare holds every item of the program against that of the model.
func (m *match) compare() {
	m.read(func(tx *store.Tx) error {
		for _, id := range m.items {
			a, err := tx.Assignment(id)
			if err != nil {
				return err
			}
			got, err := m.seen(tx, a)
			if err != nil {
				return err
			}
			if want := m.seenNaively(m.naive.items[id]); got != want {
				m.t.Fatalf("#%d is\n%+v, want\n%+v", id, got, want)
			}
			if err := whole(tx, a); err != nil {
				m.t.Fatalf("#%d: %v: %+v", id, err, a)
			}
		}
		return nil
	})
}

func (m *match) seen(tx *store.Tx, a duban.Assignment) (seen, error) {
	s := seen{
		State: a.State, Before: a.Before, Owner: m.codes[a.OwnerID], Signed: !a.AcceptedAt.IsZero(), Waits: !a.RequestedAt.IsZero(), Due: a.Due.Date,
		Extensions: a.Extensions, Urges: a.Urges, Level: a.Level, Light: duban.LightOf(a, m.desk.Policy.Lights, m.desk.Calendar, m.naive.now),
	}
	for name, id := range m.units {
		if id == a.UnitID {
			s.Unit = name
		}
	}
	draft, err := tx.DraftOf(a.ID)
	if err != nil && duban.CodeOf(err) != duban.NotFound {
		return s, err
	}
	s.Draft = draft.ID != 0
	for _, find := range []func() (duban.Request, error){func() (duban.Request, error) { return tx.OpenRequest(a.ID) }, func() (duban.Request, error) { return tx.OpenTaskRequest(a.TaskID) }} {
		r, err := find()
		if duban.CodeOf(err) == duban.NotFound {
			continue
		}
		if err != nil {
			return s, err
		}
		s.Request, s.Asker, s.Agreed = string(r.Kind), m.codes[r.AskerID], r.State == duban.Agreed
	}
	return s, nil
}

func (m *match) seenNaively(i *naiveItem) seen {
	s := seen{
		State: i.state, Before: i.comesBack, Owner: i.owner, Unit: i.unit, Signed: i.signed, Due: i.due.Date, Extensions: i.granted, Urges: i.urges,
		Level: i.level, Light: m.naive.light(i), Draft: i.notice == duban.EscalationDraft,
	}
	if i.asked != nil {
		s.Request, s.Asker, s.Agreed = string(i.asked.kind), i.asked.asker, i.asked.agreed
		s.Waits = i.asked.kind != duban.AskIssue
	}
	return s
}

// whole says what an item lacks of what every issued one has: an owner who is there, a duty, a deadline; and what is over has nothing that waits.
func whole(tx *store.Tx, a duban.Assignment) error {
	task, err := tx.Task(a.TaskID)
	if err != nil {
		return err
	}
	owner, err := tx.Person(a.OwnerID)
	if err != nil {
		return err
	}
	switch {
	case a.State.Visible() && (!owner.Active || task.Duty == "" || a.Due.IsZero() || a.OriginalDue.IsZero()):
		return errors.New("it lacks an owner, a duty or a deadline")
	case !a.State.Open() && !a.NextAction.IsZero():
		return errors.New("it is over, and something is to happen to it")
	case !a.NextAction.IsZero() && a.NextAction.Before(tx.Now.Add(-time.Second)):
		return errors.New("something was due and has not happened")
	}
	return nil
}

// finish verifies the record, and that every letter has a reader who is there.
func (m *match) finish() {
	m.compare()
	m.read(func(tx *store.Tx) error {
		if _, breaks, err := tx.Verify(); err != nil || len(breaks) > 0 {
			m.t.Fatal("the record: ", err, breaks)
		}
		tx.Now = tx.Now.AddDate(1, 0, 0)
		for _, lane := range duban.Lanes {
			letters, err := tx.ReadyLetters(lane.Lane, time.Unix(0, 0), 0, math.MaxInt32)
			if err != nil {
				return err
			}
			for _, l := range letters {
				if m.codes[l.PersonID] == "" || !slices.Contains(duban.NewsKinds, l.Kind) {
					m.t.Fatalf("a letter without a reader: %+v", l)
				}
			}
		}
		return nil
	})
}
