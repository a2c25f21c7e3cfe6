package bot

import (
	"time"

	"duban"
	"duban/store"
	"duban/text"
	"duban/work"
)

// page is what is needed to write something for one reader: a snapshot of the store, the language, the instant.
type page struct {
	*Bot
	tx      *store.Tx
	lang    text.Lang
	reader  duban.Person
	account duban.Account
	now     time.Time
}

func (p *page) text(key string, args ...any) text.HTML { return text.Say(p.lang, key, args...) }

func (p *page) word(key string, args ...any) string { return text.Word(p.lang, key, args...) }

func (p *page) local(t time.Time) time.Time { return t.In(p.Desk.Calendar.Zone()) }

func (p *page) moment(t time.Time) string { return text.Moment(p.lang, p.local(t), p.local(p.now)) }

func (p *page) light(a duban.Assignment) duban.Light {
	return duban.LightOf(a, p.Desk.Policy.Lights, p.Desk.Calendar, p.now)
}

// lightWord is the light with its word; an unsigned item keeps the word beside its colour.
func (p *page) lightWord(a duban.Assignment) string {
	light := p.light(a)
	switch {
	case a.FollowsID != 0 && a.State == duban.CalledOff && !a.Support:
		return p.word("light.elsewhere")
	case a.State == duban.CalledOff:
		return p.word("light.cancelled")
	case light == duban.Halted:
		return p.word("steering.halted", "state", p.word("state."+string(a.State)))
	}
	word := p.word("light." + string(light))
	if a.State == duban.Issued && light != duban.Grey {
		return word + " · " + p.word("state.issued")
	}
	return word
}

// due writes a deadline with weekday and working days left; of what the unit has done its part in, the deadline alone.
func (p *page) due(a duban.Assignment) string {
	if !a.State.OnUnit() {
		return p.dueOnly(a)
	}
	return text.Due(p.lang, p.deadline(a))
}

// dueOnly writes a deadline without what is left of it.
func (p *page) dueOnly(a duban.Assignment) string {
	day := text.Day(p.lang, a.Due.Date.Year, a.Due.Date.Month, a.Due.Date.Day)
	if a.Due.IsDate() {
		return day
	}
	return p.word("day.at", "day", day, "clock", p.clock(a))
}

func (p *page) deadline(a duban.Assignment) text.Deadline {
	return text.Deadline{
		Year: a.Due.Date.Year, Month: a.Due.Date.Month, Day: a.Due.Date.Day, Clock: p.clock(a),
		Left: p.Desk.Calendar.WorkingDaysLeft(a.Due, p.now), Today: a.Due.Date == p.Desk.Calendar.Today(p.now),
		Over: p.Desk.Calendar.Overdue(a.Due, p.now),
	}
}

// clock is the time of day of a deadline; empty for a date.
func (p *page) clock(a duban.Assignment) string {
	if a.Due.IsDate() {
		return ""
	}
	at := p.local(a.Due.Instant)
	if at.Second() != 0 {
		return at.Format("15:04:05")
	}
	return at.Format("15:04")
}

// item is an assignment with what it is about.
type item struct {
	duban.Assignment
	Task  duban.Task
	Unit  duban.Unit
	Owner duban.Person
}

func (p *page) item(id int64) (item, error) {
	a, err := p.tx.Assignment(id)
	if err != nil {
		return item{}, err
	}
	return p.itemOf(a)
}

func (p *page) itemOf(a duban.Assignment) (item, error) {
	task, err := p.tx.Task(a.TaskID)
	if err != nil {
		return item{}, err
	}
	unit, err := p.tx.Unit(a.UnitID)
	if err != nil {
		return item{}, err
	}
	owner, err := p.tx.Person(a.OwnerID)
	return item{a, task, unit, owner}, err
}

// title names an item. Of an internal one nothing but the code is ever pushed.
func (p *page) title(it item) string {
	if it.Task.Internal {
		return p.word("card.internal_title", "code", it.Task.Code)
	}
	return it.Task.Title
}

// mine reports whether the reader owns an item.
func (p *page) mine(it item) bool { return it.OwnerID == p.reader.ID }

// does reports whether an item is the reader's to do: as its owner, or for the owner who is away.
func (p *page) does(it item) bool { return p.mine(it) || p.standsIn(it) }

// works reports whether the reader may sign, report and submit for an item: as its owner, in his place or on his behalf. It only decides what is
// offered; the verb checks the right again.
func (p *page) works(it item) bool {
	ok, err := work.MayWorkOn(p.tx, p.actor(), it.Assignment)
	return ok && err == nil
}

func (p *page) actor() duban.Actor {
	return duban.Actor{PersonID: p.reader.ID, AccountID: p.account.ID, Via: duban.ViaChat}
}

// sees reports whether the reader may look at an item at all.
func (p *page) sees(it item) (bool, error) {
	if p.does(it) {
		return true, nil
	}
	if ok, err := work.May(p.tx, p.actor(), duban.ActSee, it.UnitID); err != nil || ok {
		return ok, err
	}
	return work.MayReview(p.tx, p.actor(), it.Assignment)
}

func timeOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
