// Package city is the sample city of `duban demo`: a committee office, three regions, forty schools and their branches, some three hundred
// people who have joined from simulated telephones, and a year's work in every state and light. All of it is invented, and comes out the
// same each time from one seed, relative to the moment at which it is made.
//
// The past goes into an empty database by the same verbs that people use, each at its instant, so that the record is complete. What those
// verbs had to tell counts as told; afterwards nothing waits, except for the cards that the first two people shall have before them.
package city

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"duban"
	"duban/calendar"
	"duban/sim"
	"duban/store"
	"duban/work"
)

// Committee is the root of the sample city.
const Committee = "滨江市教育行业党委"

// City is what was made.
type City struct {
	// Administrator and Officer are those whose telephones are shown first.
	Administrator, Officer *sim.Person
	// About says unit and post of everybody, by Telegram user id.
	About map[int64]string
	// School is the officer's, with two others: the units of the task list that is at hand.
	Schools []string

	desk *work.Desk
	tg   *sim.Telegram
	ctx  context.Context
	now  time.Time

	random  *rand.Rand
	people  []*resident // in order of the roster
	byID    map[int64]*resident
	coming  agenda
	post    postman
	events  int
	tellers [2]*resident // the administrators who issue
}

// resident is somebody of the city.
type resident struct {
	row    work.RosterRow
	phone  *sim.Person
	person duban.Person
	who    duban.Actor // zero: has not joined
	gone   time.Time   // since when the bot is blocked; zero: it is not
}

func (r *resident) joined() bool { return r.who.AccountID != 0 }

// year is how far the city looks back.
const year = 365 * 24 * time.Hour

// Fill builds the city into the empty database of a desk, with its people in a simulated Telegram. It takes a few seconds at most.
func Fill(ctx context.Context, desk *work.Desk, tg *sim.Telegram, now time.Time) (*City, error) {
	c := &City{
		desk: desk, tg: tg, ctx: ctx, now: now, About: map[int64]string{}, byID: map[int64]*resident{}, random: rand.New(rand.NewPCG(1921, 7)),
	}
	c.post = postman{city: c, live: map[subject]duban.Notice{}, arrived: map[string]bool{}}
	for _, step := range []func() error{c.settle, c.join, c.planTasks, c.planAnnouncements, c.live, c.affairs, c.gather, c.layOut} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// settle brings the roster in and gives everybody a telephone.
func (c *City) settle() error {
	rows := roster(c.random)
	result, err := c.desk.Past(c.now.Add(-year)).ImportRoster(c.ctx, duban.Console, rows, work.ImportOptions{File: "名册.xlsx"})
	if err != nil {
		return fmt.Errorf("import the roster: %w", err)
	}
	if len(result.Problems) > 0 {
		return fmt.Errorf("import the roster: %v", result.Problems[0])
	}
	for i, row := range rows {
		traits := []sim.Trait{sim.Phone(row.Phone[1:])}
		if !staysAway(i) {
			traits = append(traits, sim.Started())
		}
		r := &resident{row: row, phone: c.tg.NewPerson(row.Name, "", traits...)}
		c.people = append(c.people, r)
		c.About[r.phone.ID()] = row.Unit + " · " + posts[row.Role]
	}
	c.Administrator, c.Officer = c.named(theAdministrator).phone, c.named(theOfficer).phone
	c.tellers = [2]*resident{c.named(theAdministrator), c.named("何静")}
	c.Schools = []string{schoolOfOfficer + "党委", "滨江市实验小学党委", "滨江市工业学校党委"}
	return c.read(func(tx *store.Tx) error {
		for _, r := range c.people {
			if r.person, err = tx.PersonByCode(r.row.Code); err != nil {
				return err
			}
			c.byID[r.person.ID] = r
		}
		return nil
	})
}

func (c *City) named(name string) *resident {
	for _, r := range c.people {
		if r.row.Name == name {
			return r
		}
	}
	panic("city: nobody is called " + name)
}

// staysAway says who has not joined yet, so that there is somebody to invite.
func staysAway(i int) bool { return i%29 == 28 }

// outOfReach says who has blocked the bot.
func outOfReach(i int) bool { return i%97 == 70 }

// join binds everybody's telephone by an invitation, in the first days of the year.
func (c *City) join() error {
	at := c.now.Add(-year + time.Hour)
	invited, err := c.desk.Past(at).Invite(c.ctx, duban.Console, work.InviteWhom{All: true})
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	for i, one := range invited {
		r := c.byID[one.Person.ID]
		if staysAway(i) {
			continue
		}
		at = at.Add(time.Duration(3+c.random.IntN(9)) * time.Minute)
		desk := c.desk.Past(at)
		if _, err := desk.OpenInvitation(c.ctx, work.Stranger, r.phone.ID(), one.Secret); err != nil {
			return fmt.Errorf("open an invitation: %w", err)
		}
		joined, err := desk.Join(c.ctx, work.Stranger, r.phone.ID(), c.desk.Policy.Lang, work.Proof{})
		if err != nil {
			return fmt.Errorf("join: %w", err)
		}
		r.who = duban.Actor{PersonID: r.person.ID, AccountID: joined.Account.ID, Via: duban.ViaChat}
		if outOfReach(i) {
			r.gone = c.moment(c.day(-20))
			c.plan(r.gone, func(at time.Time) error { return c.block(r, at) })
		}
	}
	return c.post.round(at)
}

func (c *City) block(r *resident, at time.Time) error {
	r.phone.Block()
	return c.writeAt(at, func(tx *store.Tx) error { return c.desk.LoseReach(tx, r.person.ID, "blocked") })
}

// day is the n-th working day from today.
func (c *City) day(n int) calendar.Date {
	return c.desk.Calendar.AddWorkingDays(c.desk.Calendar.Today(c.now), n)
}

// moment is some moment of a day at the office.
func (c *City) moment(day calendar.Date) time.Time {
	minute := 8*60 + 40 + c.random.IntN(8*60+30)
	return day.At(calendar.Clock{Hour: minute / 60, Minute: minute % 60}, c.desk.Calendar.Zone()).Add(time.Duration(c.random.IntN(60)) * time.Second)
}

func (c *City) read(fn func(*store.Tx) error) error { return c.desk.Store.Read(c.ctx, fn) }

func (c *City) writeAt(at time.Time, fn func(*store.Tx) error) error {
	return c.desk.Store.WriteAt(c.ctx, at, fn)
}
