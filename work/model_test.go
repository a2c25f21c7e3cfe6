package work_test

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/scheduler"
	"duban/store"
	"duban/work"
)

// TestTheLoopAgainstANaiveModel lets random people do random things to random items while time passes, and holds the program against naive after each:
// what is refused and what is not, the state, the owner, the deadline, the light, what waits, and the words of the record.
func TestTheLoopAgainstANaiveModel(t *testing.T) { playMatches(t, 8) }

// seldom are the moves after which little can happen to an item, or that change nothing about it.
var seldom = []string{"cancel", "archive", "suspend", "remark", "promise", "report progress", "urge"}

// movesInAMatch is how many things are tried in one match.
const movesInAMatch = 120

// playMatches plays so many matches unless the command line says how many.
func playMatches(t *testing.T, n int) tally {
	t.Helper()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		before := flag.Lookup("rapid.checks").Value.String()
		if err := flag.Set("rapid.checks", strconv.Itoa(n)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { flag.Set("rapid.checks", before) })
	}
	played := tally{}
	rapid.Check(t, func(rt *rapid.T) {
		rapid.SyncTest(rt, func(rt *rapid.T) {
			m := beginMatch(t, rt)
			m.tally = played
			for range movesInAMatch {
				m.move()
				m.compare()
			}
			m.finish()
		})
	})
	played.log(t)
	return played
}

// tally counts how often each move was tried, and how often it was done.
type tally map[string][2]int

func (c tally) count(move string, done bool) {
	n := c[move]
	n[0]++
	if done {
		n[1]++
	}
	c[move] = n
}

func (c tally) log(t *testing.T) {
	tried, done := 0, 0
	for _, move := range slices.Sorted(maps.Keys(c)) {
		tried, done = tried+c[move][0], done+c[move][1]
		t.Logf("%-24s tried %5d, done %5d", move, c[move][0], c[move][1])
	}
	t.Logf("%-24s tried %5d, done %5d", "all", tried, done)
}

// match is the program beside the model, on one fake clock.
type match struct {
	t     *rapid.T
	desk  *work.Desk
	sched *scheduler.Scheduler
	naive *naive
	who   map[string]duban.Actor
	codes map[int64]string
	units map[string]int64
	items []int64 // in the order in which they came
	seq   int64   // of the last entry of the record that was looked at
	tally tally
}

// bubble is what the cast needs of a test, inside one match.
type bubble struct {
	testing.TB
	t *rapid.T
}

func (b bubble) Helper()           { b.t.Helper() }
func (b bubble) Fatal(args ...any) { b.t.Fatal(args...) }
func (b bubble) Cleanup(f func())  { b.t.Cleanup(f) }
func (b bubble) TempDir() string {
	dir, err := os.MkdirTemp("", "duban")
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func beginMatch(t *testing.T, rt *rapid.T) *match {
	time.Sleep(time.Until(time.Date(2026, 11, 23, 9, 0, 0, 0, cast.Shanghai)))
	tb := bubble{t, rt}
	m := &match{t: rt, desk: cast.Open(tb), who: map[string]duban.Actor{}, codes: map[int64]string{}, units: map[string]int64{}}
	m.sched = scheduler.New(m.desk, slog.New(slog.DiscardHandler))
	m.naive = &naive{cal: m.desk.Calendar, now: time.Now(), items: map[int64]*naiveItem{}}
	for i, code := range everybody {
		m.who[code] = cast.Join(tb, m.desk, code, int64(100+i))
		m.codes[m.who[code].PersonID] = code
	}
	m.read(func(tx *store.Tx) error {
		units, err := tx.Units()
		for _, u := range units {
			m.units[u.Name] = u.ID
		}
		return err
	})
	for i, unit := range []string{theSchool, elsewhere, theBranch} {
		m.receive(cast.Issue(tb, m.desk, duban.Console, m.row(unit, 2+3*i, i != 2))[0])
	}
	m.entries()
	return m
}

func (m *match) row(unit string, days int, review bool) work.TaskRow {
	due := m.naive.plus(m.naive.today(), days)
	return work.TaskRow{
		Code: fmt.Sprintf("M-%d", len(m.items)+1), Title: fmt.Sprintf("报送第%d份材料", len(m.items)+1), Duty: "按模板报送", Units: unit, Due: due.String(),
		Review: review, Priority: duban.Normal, Evidence: duban.Evidence{Kind: duban.NoEvidence}, Spoken: true,
	}
}

// receive tells the model of an item that the office's list brought.
func (m *match) receive(a duban.Assignment) {
	var task duban.Task
	m.read(func(tx *store.Tx) (err error) {
		task, err = tx.Task(a.TaskID)
		return err
	})
	unit := slices.Collect(maps.Keys(m.units))
	unit = slices.DeleteFunc(unit, func(name string) bool { return m.units[name] != a.UnitID })
	m.items = append(m.items, a.ID)
	m.naive.items[a.ID] = &naiveItem{
		unit: unit[0], owner: m.codes[a.OwnerID], review: task.Review, state: duban.Issued, due: a.Due, issued: a.IssuedAt, urgedOn: map[string]calendar.Date{},
	}
}

// move is something that somebody may do to an item: what the model says, and what the program does.
type move struct {
	name  string
	model func(*naive, string, *naiveItem, naiveArgs) []string
	act   onItem
}

// move lets something happen: time passes, somebody is away, an item is issued, or something is done to one.
func (m *match) move() {
	others := []func(){m.minutesPass, m.daysPass, m.daysPass, m.drawUp, m.drawUp, m.goAway, m.comeBack}
	n := m.anyOf("move", len(others)+len(allMoves))
	if n < len(others) {
		others[n]()
		return
	}
	one := allMoves[n-len(others)]
	if slices.Contains(seldom, one.name) && m.anyOf("after all", 5) > 0 {
		return
	}
	m.play(one)
}

// anyOf draws one of n, each as likely as the others, which numbers that are drawn are not.
func (m *match) anyOf(label string, n int) int {
	drawn := 0
	for _, bit := range rapid.SliceOfN(rapid.Bool(), 10, 10).Draw(m.t, label) {
		drawn *= 2
		if bit {
			drawn++
		}
	}
	return drawn % n
}

func (m *match) anyName(label string, names []string) string {
	return names[m.anyOf(label, len(names))]
}

func (m *match) minutesPass() { m.pass(time.Duration(1+m.anyOf("minutes", 300)) * time.Minute) }

func (m *match) daysPass() { m.pass(time.Duration(6+m.anyOf("hours", 80)) * time.Hour) }

func (m *match) play(one move) {
	g := naiveArgs{
		days: []int{3, 1, 5, 6, 9, 0}[m.anyOf("days", 6)], reason: m.anyName("reason", []string{"按要求办理", "另有安排", "材料已齐", "请抓紧", ""}),
		owner: m.anyName("new owner", everybody), unit: m.anyName("new unit", []string{theBranch, elsewhere, theSchool}),
	}
	m.tick()
	p, id := m.somebody(one, g)
	if p == "" {
		return
	}
	i, before := m.naive.items[id], m.assignment(id)
	due := calendar.Due{Date: m.naive.plus(i.due.Date, g.days)}
	want := one.model(m.naive, p, i, g)
	err := one.act(m, m.who[p], id, g, due)
	if errors.Is(err, errNothingThere) && want == nil {
		return
	}
	m.hold(one.name, fmt.Sprintf("%s: %s #%d", p, one.name, id), err, want)
	if after := m.assignment(id); want == nil && after.Version != before.Version {
		m.t.Fatalf("what was refused has changed the item: %+v, before %+v", after, before)
	}
}

// somebody draws who does it to which item: most of the time somebody who may to one where it can be done, if there are any, and most of the time nobody
// where there are none, so that what can be done is done more often than what ends an item.
func (m *match) somebody(one move, g naiveArgs) (string, int64) {
	type pair struct {
		person string
		item   int64
	}
	var able, all []pair
	for _, id := range m.items {
		for _, p := range everybody {
			all = append(all, pair{p, id})
			if one.model(m.naive, p, m.naive.items[id].copied(), g) != nil {
				able = append(able, pair{p, id})
			}
		}
	}
	switch {
	case m.anyOf("whoever", 4) == 0:
		able = all
	case len(able) == 0:
		return "", 0
	}
	drawn := able[m.anyOf("who and what", len(able))]
	return drawn.person, drawn.item
}

func (m *match) drawUp() {
	if len(m.items) > 9 {
		return
	}
	p, unit := m.anyName("issuer", everybody), m.anyName("unit", []string{theSchool, theBranch, elsewhere})
	row := m.row(unit, m.anyOf("days", 9), m.anyOf("review", 3) > 0)
	m.tick()
	due := calendar.Due{Date: must(calendar.ParseDate(row.Due))}
	i, want := m.naive.issue(p, unit, due, row.Review)
	done, err := m.desk.IssueTask(ctx, m.who[p], work.TaskDraft{Row: row})
	m.hold("issue", fmt.Sprintf("%s: issue to %s", p, unit), orOutside(err, done.Problems), want)
	if i == nil {
		return
	}
	m.read(func(tx *store.Tx) error {
		all, err := tx.AssignmentsOf(done.Task.ID)
		if err != nil {
			return err
		}
		m.items = append(m.items, all[0].ID)
		m.naive.items[all[0].ID] = i
		return nil
	})
}

func (m *match) goAway() {
	person, deputy, p := m.anyName("person", everybody), m.anyName("deputy", everybody), m.anyName("who", everybody)
	if m.anyOf("by oneself", 2) == 0 {
		p = person
	}
	m.tick()
	b := naiveAbsence{person: person, deputy: deputy, from: m.naive.today(), to: m.naive.today().Add(m.anyOf("days", 5))}
	want := m.naive.setAbsence(p, b)
	set, err := m.desk.SetAbsence(ctx, m.who[p], duban.Absence{
		PersonID: m.who[person].PersonID, DeputyID: m.who[deputy].PersonID, From: b.from.String(), To: b.to.String(),
	})
	m.hold("be away", fmt.Sprintf("%s: %s is away, %s acts", p, person, deputy), err, want)
	if want != nil {
		m.naive.away[len(m.naive.away)-1].id = set.ID
	}
}

func (m *match) comeBack() {
	if len(m.naive.away) == 0 {
		return
	}
	b := &m.naive.away[m.anyOf("absence", len(m.naive.away))]
	p := m.anyName("who", append([]string{b.person, b.person}, everybody...))
	m.tick()
	want := m.naive.endAbsence(p, b)
	m.hold("be back", fmt.Sprintf("%s: %s is back", p, b.person), second(m.desk.EndAbsence(ctx, m.who[p], b.id)), want)
}
