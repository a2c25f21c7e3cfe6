package bot

import (
	"time"

	"duban"
	"duban/text"
	"duban/work"
)

// sight is into which units a reader may look: every one, or those of a set.
type sight struct {
	all   bool
	units map[int64]bool
}

func (s sight) in(unit int64) bool { return s.all || s.units[unit] }

// sightOf reads how far a right reaches by the reader's posts, and by those of people for whom he acts.
func (p *page) sightOf(action duban.Action) (sight, error) {
	s := sight{units: map[int64]bool{}}
	people := []int64{p.reader.ID}
	if action.ByDeputy() {
		others, err := work.ActsFor(p.tx, p.reader.ID)
		if err != nil {
			return s, err
		}
		people = append(people, others...)
	}
	for _, person := range people {
		posts, err := p.tx.Posts(person)
		if err != nil {
			return s, err
		}
		for _, post := range posts {
			if err := p.widen(&s, post, duban.Right(action, post.Role)); err != nil {
				return s, err
			}
		}
	}
	return s, nil
}

func (p *page) widen(s *sight, post duban.Post, scope duban.Scope) error {
	switch scope {
	case duban.Nowhere:
		return nil
	case duban.Everywhere:
		s.all = true
		return nil
	case duban.OwnUnit:
		s.units[post.UnitID] = true
		return nil
	}
	below, err := p.tx.Subtree(post.UnitID)
	for unit := range below {
		if scope != duban.Below || unit != post.UnitID {
			s.units[unit] = true
		}
	}
	return err
}

// survey is how the items of a unit and everything below it stand, as far as the reader may look: what is open, and what was closed this year.
type survey struct {
	*page
	root  duban.Unit
	units []duban.Unit // the root first, then level by level, in the order of the roster
	byID  map[int64]duban.Unit
	open  []duban.Assignment // by deadline
	done  map[int64]duban.DoneCount
}

// survey reads a unit, when the reader may look into it.
func (p *page) survey(root int64) (survey, error) {
	s := survey{page: p, byID: map[int64]duban.Unit{}, done: map[int64]duban.DoneCount{}}
	if ok, err := work.May(p.tx, p.actor(), duban.ActSee, root); err != nil || !ok {
		return s, orNotAllowed(err)
	}
	sees, err := p.sightOf(duban.ActSee)
	if err != nil {
		return s, err
	}
	if s.root, err = p.tx.Unit(root); err != nil {
		return s, err
	}
	return s, s.read(sees)
}

func (s *survey) read(sees sight) error {
	below, err := s.tx.UnitsBelow(s.root.ID)
	if err != nil {
		return err
	}
	for _, u := range below {
		if sees.in(u.ID) {
			s.units, s.byID[u.ID] = append(s.units, u), u
		}
	}
	open, err := s.tx.OpenIn(s.root.ID)
	if err != nil {
		return err
	}
	for _, a := range open {
		if sees.in(a.UnitID) {
			s.open = append(s.open, a)
		}
	}
	done, err := s.tx.DoneIn(s.root.ID, s.Desk.YearBegan(s.now))
	for _, d := range done {
		if sees.in(d.UnitID) {
			s.done[d.UnitID] = d.Done
		}
	}
	return err
}

// figures are how some items stand: those that are open, and how many were closed this year.
type figures struct {
	open []duban.Assignment
	done duban.DoneCount
}

// total is the figures of the whole survey.
func (s survey) total() figures {
	return s.grouped(func(duban.Unit) int64 { return 1 })[1]
}

// grouped adds up the figures of units by a number that is given to each; units with 0 are left out.
func (s survey) grouped(of func(duban.Unit) int64) map[int64]figures {
	group := map[int64]int64{}
	all := map[int64]figures{}
	for _, u := range s.units {
		g := of(u)
		group[u.ID] = g
		if d, ok := s.done[u.ID]; ok && g != 0 {
			f := all[g]
			f.done.OnTime, f.done.Late, f.done.Returns = f.done.OnTime+d.OnTime, f.done.Late+d.Late, f.done.Returns+d.Returns
			all[g] = f
		}
	}
	for _, a := range s.open {
		if g := group[a.UnitID]; g != 0 {
			f := all[g]
			f.open = append(f.open, a)
			all[g] = f
		}
	}
	return all
}

// under returns the id, among a set, that is on the way from a unit up to the root of the survey; 0 when none is.
func (s survey) under(unit int64, set map[int64]bool) int64 {
	for unit != 0 && !set[unit] {
		unit = s.byID[unit].ParentID
	}
	return unit
}

// children are the units right below the root.
func (s survey) children() []duban.Unit {
	var children []duban.Unit
	for _, u := range s.units {
		if u.ParentID == s.root.ID && u.ID != s.root.ID {
			children = append(children, u)
		}
	}
	return children
}

// figureLines write the figures: what is open and how much of it is not signed for, what was closed this year, and the lights of what is open.
func (p *page) figureLines(f figures) text.HTML {
	unsigned := 0
	for _, a := range f.open {
		if a.State == duban.Issued {
			unsigned++
		}
	}
	total := p.text("overview.total", "open", len(f.open), "unsigned", unsigned)
	if len(f.open) == 0 {
		total = p.text("overview.nothing_open")
	}
	return text.Join(total, p.doneLine("overview.done", "overview.done_none", f.done), p.tally(f.open))
}

// shortFigures write the figures below a name, in two lines at most.
func (p *page) shortFigures(f figures) text.HTML {
	lights := p.tally(f.open)
	if len(f.open) == 0 {
		lights = p.text("overview.nothing_open")
	}
	if f.done.All() > 0 {
		lights += p.text("overview.done_short", "n", f.done.All(), "late", f.done.Late)
	}
	return lights
}

// within are the parts of what is open that a list can show.
const (
	withinAll      = "all"
	withinOverdue  = "over"
	withinWeek     = "week"
	withinUnsigned = "new"
)

// partOf returns the items that belong into a part, by deadline.
func (p *page) partOf(open []duban.Assignment, part string) []duban.Assignment {
	var some []duban.Assignment
	cal := p.Desk.Calendar
	sunday := endOfWeek(cal.Today(p.now))
	for _, a := range open {
		late := a.State.OnUnit() && !a.PartDone() && cal.Overdue(a.Due, p.now)
		fits := part == withinAll
		switch part {
		case withinOverdue:
			fits = late
		case withinWeek:
			fits = a.State.OnUnit() && !a.PartDone() && !late && !a.Due.Date.After(sunday)
		case withinUnsigned:
			fits = a.State == duban.Issued
		}
		if fits {
			some = append(some, a)
		}
	}
	return some
}

// monthBegan is when the month of the page's moment began.
func (p *page) monthBegan() time.Time {
	today := p.Desk.Calendar.Today(p.now)
	today.Day = 1
	return today.At(midnight, p.Desk.Calendar.Zone())
}
