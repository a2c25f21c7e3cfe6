package month

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"duban"
	"duban/app"
	"duban/config"
	"duban/sim"
	"duban/store"
	"duban/work"
)

// zone is that of the city.
var zone = time.FixedZone("Asia/Shanghai", 8*3600)

// city is the organisation, its telephones and the program that serves it.
type city struct {
	t      *testing.T
	random *rand.Rand
	config *config.Config
	tg     *sim.Telegram
	desk   *work.Desk // of the program that runs
	stop   func()
	log    strings.Builder

	schools int
	people  map[string]*resident // by code
	byID    map[int64]*resident
}

// resident is somebody of the city.
type resident struct {
	code, unit string
	role       duban.Role
	phone      *sim.Person
	who        duban.Actor // zero AccountID: has not joined
	blocked    time.Time   // since when the bot is blocked; zero: never
}

func (r *resident) joined() bool { return r.who.AccountID != 0 }

// reachable reports whether a message to somebody would arrive.
func (r *resident) reachable(at time.Time) bool {
	return r.joined() && (r.blocked.IsZero() || at.Before(r.blocked))
}

const office = "滨江市教育行业党委"

func school(i int) string { return fmt.Sprintf("市第%d学校党委", i) }

func (c *city) roster(branches int) []work.RosterRow {
	row := func(unit, parent string, kind duban.UnitKind, name string, role duban.Role, code string) work.RosterRow {
		return work.RosterRow{Unit: unit, Parent: parent, Kind: kind, Region: "", Name: name, Role: role, Code: code}
	}
	rows := []work.RosterRow{
		row(office, "", duban.IndustryCommittee, "办公室甲", duban.Admin, "A1"),
		row(office, "", duban.IndustryCommittee, "办公室乙", duban.Admin, "A2"),
		row(office, "", duban.IndustryCommittee, "行业书记", duban.Leader, "L1"),
	}
	for i := 1; i <= c.schools; i++ {
		rows = append(rows, row(school(i), office, duban.SchoolCommittee, fmt.Sprintf("书记%d", i), duban.Secretary, fmt.Sprintf("S%d", i)),
			row(school(i), office, duban.SchoolCommittee, fmt.Sprintf("专干%d", i), duban.Officer, fmt.Sprintf("O%d", i)))
	}
	for i := range branches {
		s := i%c.schools + 1
		rows = append(rows, row(fmt.Sprintf("%d校第%d支部", s, i/c.schools+1), school(s), duban.Branch, fmt.Sprintf("支书%d", i+1), duban.BranchSecretary, fmt.Sprintf("B%d", i+1)))
	}
	for i := range rows {
		rows[i].Line = i + 2
	}
	return rows
}

// begin makes a city of some schools and branches and lets the program serve it.
func begin(t *testing.T, seed uint64, schools, branches int) *city {
	t.Helper()
	dir := t.TempDir()
	cfg := config.Default()
	c := &city{t: t, random: rand.New(rand.NewPCG(seed, 1)), tg: sim.New(sim.Options{TB: t, Seed: seed}), config: cfg, schools: schools, people: map[string]*resident{}, byID: map[int64]*resident{}}
	cfg.Telegram.Token = config.Secret(c.tg.Token())
	cfg.Telegram.Pace = config.Pace{OverallPerSecond: 25, ChatPerSecond: 1, GroupPerMinute: 18}
	cfg.Database = "sqlite:" + filepath.Join(dir, "duban.db")
	cfg.Evidence.Dir = filepath.Join(dir, "evidence")
	cfg.Record.KeyFile = filepath.Join(dir, "record.key")
	cfg.Organisation.Name = office
	cfg.Web.Listen = ""
	if err := app.Init(context.Background(), cfg); err != nil {
		t.Fatal(err)
	}
	c.serve(func(desk *work.Desk) { c.settle(desk, c.roster(branches)) })
	return c
}

// serve starts the program; what is given is done before anything moves.
func (c *city) serve(first func(*work.Desk)) {
	c.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- app.RunWith(ctx, c.config, slog.New(slog.NewTextHandler(&c.log, &slog.HandlerOptions{Level: slog.LevelError})), app.Ways{
			Telegram: c.tg.Client(), Relaxed: true,
			Opened: func(_ context.Context, o *app.Office) error {
				c.desk = o.Desk
				if first != nil {
					first(o.Desk)
				}
				return nil
			},
		})
	}()
	synctest.Wait()
	c.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			c.t.Error(err)
		}
	}
}

// settle lets everybody join but the few who never do.
func (c *city) settle(desk *work.Desk, rows []work.RosterRow) {
	ctx := context.Background()
	result, err := desk.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{})
	if err != nil || len(result.Problems) > 0 {
		c.t.Fatal(err, result.Problems)
	}
	for i, row := range rows {
		r := &resident{code: row.Code, unit: row.Unit, role: row.Role, phone: c.tg.NewPerson(row.Name, "", sim.Speaks("zh-hans"))}
		c.people[row.Code] = r
		p := c.person(desk, row.Code)
		r.who.PersonID = p.ID
		c.byID[p.ID] = r
		if i > 3 && i%23 == 0 { // never joins
			continue
		}
		links, err := desk.Invite(ctx, duban.Console, work.InviteWhom{Code: row.Code})
		if err != nil {
			c.t.Fatal(err)
		}
		if _, err := desk.OpenInvitation(ctx, duban.System, r.phone.ID(), links[0].Secret); err != nil {
			c.t.Fatal(err)
		}
		joined, err := desk.Join(ctx, duban.System, r.phone.ID(), "zh-CN", work.Proof{})
		if err != nil {
			c.t.Fatal(err)
		}
		r.who = duban.Actor{PersonID: joined.Person.ID, AccountID: joined.Account.ID, Via: duban.ViaChat}
		r.phone.Start("")
	}
}

func (c *city) person(desk *work.Desk, code string) (p duban.Person) {
	c.t.Helper()
	err := desk.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		p, err = tx.PersonByCode(code)
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return p
}

// at writes an instant of the story, such as 2026-09-14 08:00.
func at(t *testing.T, s string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		t.Fatal(err)
	}
	return when
}
