// Package yearend plays a whole year of a city by the verbs, assesses it, makes its packages, and compares what stands in them with what other, simpler
// arithmetic makes of the raw record.
package yearend

import (
	"cmp"
	"container/heap"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"duban"
	"duban/app"
	"duban/calendar"
	"duban/config"
	"duban/store"
	"duban/work"
)

// zone is that of the city, and theYear the one that is played: it is over whenever the test runs.
var zone = time.FixedZone("Asia/Shanghai", 8*3600)

const theYear = 2025

const office = "滨江市教育行业党委"

func school(i int) string    { return fmt.Sprintf("市第%d学校党委", i) }
func branch(i, k int) string { return fmt.Sprintf("市第%d学校第%d党支部", i, k) }

// size says how large a city is played.
type size struct {
	schools, branches int // branches for each school
	tasks             int
}

// city is the organisation, and what is still going to happen in it.
type city struct {
	t       testing.TB
	size    size
	random  *rand.Rand
	config  *config.Config
	office  *app.Office
	desk    *work.Desk
	actors  map[int64]duban.Actor // by person
	gone    map[int64][][2]time.Time
	arrived map[string]bool
	coming  agenda
	planned int
	did     map[string]int
	files   int
}

type event struct {
	at    time.Time
	order int
	do    func(d *work.Desk, at time.Time) error
}

var ctx = context.Background()

func found(t testing.TB, s size, seed uint64) *city {
	t.Helper()
	dir := t.TempDir()
	c := &city{t: t, size: s, random: rand.New(rand.NewPCG(seed, 25)), actors: map[int64]duban.Actor{}, gone: map[int64][][2]time.Time{}, arrived: map[string]bool{}, did: map[string]int{}}
	c.config = config.Default()
	c.config.Database, c.config.Record.KeyFile, c.config.Evidence.Dir = "sqlite:"+filepath.Join(dir, "duban.db"), filepath.Join(dir, "record.key"), filepath.Join(dir, "evidence")
	c.config.Organisation.Name, c.config.Quiet.Off = office, true
	if err := app.Init(ctx, c.config); err != nil {
		t.Fatal(err)
	}
	var err error
	if c.office, err = app.Open(ctx, c.config); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.office.Close() })
	c.desk = c.office.Desk
	c.settle()
	return c
}

func at(day string, clock string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, zone)
	if err != nil {
		panic(err)
	}
	return t
}

// settle brings the roster in and lets everybody join but the officer of the last school, to whom nothing ever arrives.
func (c *city) settle() {
	rows := []work.RosterRow{
		{Unit: office, Kind: duban.IndustryCommittee, Name: "李敏", Role: duban.Admin, Code: "A1"},
		{Unit: office, Kind: duban.IndustryCommittee, Name: "何静", Role: duban.Admin, Code: "A2"},
		{Unit: office, Kind: duban.IndustryCommittee, Name: "陈国栋", Role: duban.Leader, Code: "L1"},
	}
	for i := range c.size.schools {
		rows = append(rows,
			work.RosterRow{Unit: school(i), Parent: office, Kind: duban.SchoolCommittee, Name: "书记" + fmt.Sprint(i), Role: duban.Secretary, Code: fmt.Sprintf("S%d", i)},
			work.RosterRow{Unit: school(i), Parent: office, Kind: duban.SchoolCommittee, Name: "专干" + fmt.Sprint(i), Role: duban.Officer, Code: fmt.Sprintf("O%d", i)})
		for k := range c.size.branches {
			rows = append(rows, work.RosterRow{Unit: branch(i, k), Parent: school(i), Kind: duban.Branch, Name: fmt.Sprintf("支书%d-%d", i, k), Role: duban.BranchSecretary, Code: fmt.Sprintf("B%d-%d", i, k)})
		}
	}
	for i := range rows {
		rows[i].Line, rows[i].Phone = i+2, fmt.Sprintf("+86199%08d", i+1)
	}
	begin := at("2024-12-02", "08:00")
	result, err := c.desk.Past(begin).ImportRoster(ctx, duban.Console, rows, work.ImportOptions{})
	if err != nil || len(result.Problems) > 0 {
		c.t.Fatal(err, result.Problems)
	}
	invited, err := c.desk.Past(begin).Invite(ctx, duban.Console, work.InviteWhom{All: true})
	if err != nil {
		c.t.Fatal(err)
	}
	for i, one := range invited {
		if one.Person.Code == fmt.Sprintf("O%d", c.size.schools-1) {
			continue
		}
		d := c.desk.Past(begin.Add(time.Duration(i+1) * time.Second))
		if _, err := d.OpenInvitation(ctx, work.Stranger, int64(1000+i), one.Secret); err != nil {
			c.t.Fatal(err)
		}
		joined, err := d.Join(ctx, work.Stranger, int64(1000+i), "zh-CN", work.Proof{})
		if err != nil {
			c.t.Fatal(err)
		}
		c.actors[one.Person.ID] = duban.Actor{PersonID: one.Person.ID, AccountID: joined.Account.ID, Via: duban.ViaChat}
	}
	c.post(begin.Add(time.Hour))
}

// agenda is what is going to happen, earliest first, and in the order of planning where it happens at once (container/heap).
type agenda []event

func (a agenda) Len() int      { return len(a) }
func (a agenda) Swap(i, k int) { a[i], a[k] = a[k], a[i] }
func (a agenda) Less(i, k int) bool {
	return cmp.Or(a[i].at.Compare(a[k].at), a[i].order-a[k].order) < 0
}
func (a *agenda) Push(x any) { *a = append(*a, x.(event)) }
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// plan lets something happen at an instant.
func (c *city) plan(at time.Time, do func(d *work.Desk, at time.Time) error) {
	c.planned++
	heap.Push(&c.coming, event{at, c.planned, do})
}

// live lets everything happen that is planned until an instant, in order of time. What happens may plan more, never earlier.
func (c *city) live(until time.Time) {
	c.t.Helper()
	for c.coming.Len() > 0 && !c.coming[0].at.After(until) {
		next := heap.Pop(&c.coming).(event)
		if err := next.do(c.desk.Past(next.at), next.at); err != nil {
			c.t.Fatalf("%s: %v", next.at, err)
		}
	}
}

// try counts what succeeded, and leaves out what the rules refuse at that moment.
func (c *city) try(what string, err error) (bool, error) {
	var refused *duban.Error
	if errors.As(err, &refused) {
		c.did[what+" refused: "+string(refused.Code)]++
		return false, nil
	}
	if err == nil {
		c.did[what]++
	}
	return err == nil, err
}

// post carries what waits at an instant: it arrives, or fails for whoever has not joined or cannot be reached.
func (c *city) post(at time.Time) {
	err := c.desk.Store.WriteAt(ctx, at, func(tx *store.Tx) error {
		for _, lane := range duban.Lanes {
			letters, err := tx.ReadyLetters(lane.Lane, time.UnixMilli(0), 0, 10_000)
			if err != nil {
				return err
			}
			for _, l := range letters {
				if err := c.carry(tx, l, at); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *city) carry(tx *store.Tx, l duban.Letter, at time.Time) error {
	_, joined := c.actors[l.PersonID]
	for _, span := range c.gone[l.PersonID] {
		joined = joined && (at.Before(span[0]) || !at.Before(span[1]))
	}
	if !joined {
		return errors.Join(tx.Finish(l.ID, duban.Failed, "not_joined"), c.desk.Failed(tx, l, "not_joined"))
	}
	edited := c.arrived[l.Key]
	c.arrived[l.Key] = true
	return errors.Join(tx.MarkSent(l.ID, 0), c.desk.Delivered(tx, l, edited))
}

// evidence makes a document, as if it had been sent in the chat.
func (c *city) evidence(at time.Time) duban.File {
	c.files++
	return duban.File{
		Kind: duban.DocumentFile, FileID: fmt.Sprintf("f%d", c.files), UniqueID: fmt.Sprintf("u%d", c.files), Name: fmt.Sprintf("材料:%d/终稿?.docx", c.files%7),
		Size: 40, ChatID: 1, MessageID: int64(c.files), At: at,
	}
}

// fetch stores the bytes of every file that waits, but for one in forty, which are lost.
func (c *city) fetch(at time.Time) {
	err := c.desk.Store.WriteAt(ctx, at, func(tx *store.Tx) error {
		files, err := tx.WantedFiles(100_000)
		if err != nil {
			return err
		}
		for _, f := range files {
			if f.ID%40 == 7 {
				if err := errors.Join(tx.LoseFile(f.ID), c.desk.FileLost(tx, f, "gone")); err != nil {
					return err
				}
				continue
			}
			content := fmt.Sprintf("%s %d", f.Name, f.ID)
			f.SHA256 = sum([]byte(content))
			f.Path = fmt.Sprintf("%02d/%d", f.ID%100, f.ID)
			full := filepath.Join(c.config.Evidence.Dir, f.Path)
			if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o700), os.WriteFile(full, []byte(content), 0o600)); err != nil {
				return err
			}
			if err := errors.Join(tx.StoreFile(f.ID, f.Path, f.SHA256, int64(len(content))), c.desk.FileStored(tx, f)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

func sum(b []byte) []byte { s := sha256.Sum256(b); return s[:] }

func day(t time.Time) calendar.Date { return calendar.DateOf(t.In(zone)) }
