package bot

import (
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
	"duban/text"
	"duban/work"
)

// The steps of the dialog about an absence: from when to when, then who acts.
const (
	awayDates  = "dates"
	awayDeputy = "deputy"
)

// awayDraft is an absence that is being set.
type awayDraft struct {
	Person int64  `json:"person"`
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
}

// showAway is /away: which absences there are, and the way to set one, for oneself, or for whoever is named where the visitor may.
func (v *visit) showAway(rest string) error {
	person := v.person
	if name := strings.TrimPrefix(rest, "@"); name != "" {
		named, ok, err := v.keptNamed(name)
		if err != nil {
			return err
		}
		if !ok {
			v.say("away.unknown", "name", name)
			return nil
		}
		person = named
	}
	return v.offerAway(person)
}

// keptNamed finds the one person of a name, or a staff code, whose absences the visitor may keep.
func (v *visit) keptNamed(name string) (found duban.Person, ok bool, err error) {
	err = v.read(func(p *page) error {
		people, err := p.tx.AllNamed(name)
		if err != nil {
			return err
		}
		if byCode, err := p.tx.PersonByCode(name); err == nil {
			people = append(people, byCode)
		}
		n := 0
		for _, person := range people {
			mine, err := work.MayKeepAbsences(p.tx, v.who, person.ID)
			if err != nil {
				return err
			}
			if mine {
				found, n = person, n+1
			}
		}
		ok = n == 1
		return nil
	})
	return found, ok, err
}

// absencesShown is how many absences one message lists.
const absencesShown = 12

// offerAway lists the absences that the visitor may take back, and asks from when to when a person is away.
func (v *visit) offerAway(person duban.Person) error {
	return v.read(func(p *page) error {
		kept, err := p.absencesKept()
		if err != nil {
			return err
		}
		if err := v.begin("away", awayDates, awayDraft{Person: person.ID}); err != nil {
			return err
		}
		var lines []text.HTML
		var ends []Button
		for i, b := range kept[:min(len(kept), absencesShown)] {
			lines = append(lines, v.text("away.line", "n", i+1, "name", p.nameOf(b.PersonID), "deputy", p.nameOf(b.DeputyID), "days", p.daysOf(b.From, b.To)))
			ends = append(ends, button(v.word("button.away_end", "n", i+1), "away", b.ID, "end"))
		}
		if len(lines) > 0 {
			lines = append([]text.HTML{v.text("away.list")}, append(lines, "")...)
		}
		ask := v.text("away.when")
		if person.ID != v.person.ID {
			ask = v.text("away.when_other", "name", person.Name)
		}
		lines = append(lines, ask)
		v.send(Outgoing{Text: text.Join(lines...), Keyboard: append(rows(2, v.awayChips(person.ID)...), rows(3, ends...)...)})
		return nil
	})
}

// absencesKept returns the absences from today on that the reader may take back, and those in which he is the deputy.
func (p *page) absencesKept() ([]duban.Absence, error) {
	all, err := p.tx.Absences(p.tx.Today())
	if err != nil {
		return nil, err
	}
	var kept []duban.Absence
	for _, b := range all {
		ok, err := work.MayKeepAbsences(p.tx, p.actor(), b.PersonID)
		if err != nil {
			return nil, err
		}
		if ok {
			kept = append(kept, b)
		}
	}
	return kept, nil
}

// awayRanges are the usual times to be away: today, tomorrow, until the end of this week, next week.
var awayRanges = []string{"today", "tomorrow", "week", "next_week"}

func (v *visit) awayChips(person int64) []Button {
	var chips []Button
	for _, name := range awayRanges {
		from, to := v.awayRange(name)
		if !to.Before(from) {
			chips = append(chips, button(v.word("away.chip."+name), "away", person, name))
		}
	}
	return chips
}

func (v *visit) awayRange(name string) (from, to calendar.Date) {
	cal := v.Desk.Calendar
	today := cal.Today(v.now)
	monday := today.Add(-(int(today.Weekday()+6) % 7))
	switch name {
	case "today":
		return today, today
	case "tomorrow":
		return today.Add(1), today.Add(1)
	case "week":
		return today, monday.Add(6)
	}
	return monday.Add(7), monday.Add(13)
}

// pressAway takes a time to be away from a button, or takes an absence back.
func (v *visit) pressAway(c call) error {
	if c.arg == "end" {
		return v.endAway(c.id)
	}
	from, to := v.awayRange(c.arg)
	return v.askDeputy(awayDraft{c.id, from.String(), to.String()}, 0)
}

func (v *visit) endAway(id int64) error {
	b, err := v.Desk.EndAbsence(v.ctx, v.who, id)
	if err != nil {
		return err
	}
	return v.read(func(p *page) error {
		v.say("away.ended", "name", p.nameOf(b.PersonID), "deputy", p.nameOf(b.DeputyID))
		return nil
	})
}

// askDeputy asks who acts for somebody: those of the own unit and of the one above as buttons; others are typed.
func (v *visit) askDeputy(d awayDraft, pageNo int) error {
	return v.read(func(p *page) error {
		if ok, err := work.MayKeepAbsences(p.tx, v.who, d.Person); err != nil || !ok {
			return orNotAllowed(err)
		}
		options, err := p.deputyOptions(d.Person)
		if err != nil {
			return err
		}
		if err := v.begin("away", awayDeputy, d); err != nil {
			return err
		}
		out := Outgoing{
			Text:     v.text("away.who", "name", p.nameOf(d.Person), "days", p.daysOf(d.From, d.To)),
			Keyboard: append(p.choices("deputy", d.Person, options, pageNo), []Button{button(v.word("button.away_back"), "deputy", d.Person, "back")}),
		}
		if v.press != nil {
			out.Edit = v.about.MessageID
		}
		v.send(out)
		return nil
	})
}

func (p *page) deputyOptions(person int64) ([]option, error) {
	unit, err := work.FirstUnit(p.tx, person)
	if err != nil {
		return nil, err
	}
	options, err := p.peopleOf(unit.ID, person)
	if err != nil || len(options) > 0 || unit.ParentID == 0 {
		return options, err
	}
	return p.peopleOf(unit.ParentID, person)
}

// pressDeputy takes who acts from a button.
func (v *visit) pressDeputy(c call) error {
	var d awayDraft
	if v.dialog.Name != "away" || v.dialog.Step != awayDeputy {
		v.answer("press.stale")
		return nil
	}
	if err := v.data(&d); err != nil {
		return err
	}
	if c.arg == "back" {
		return v.backToDates(d)
	}
	choice, ok := pickOf(c.arg)
	switch {
	case !ok || d.Person != c.id:
		v.answer("press.stale")
		return nil
	case choice.Turns:
		return v.askDeputy(d, choice.Page)
	}
	return v.setAway(d, choice.ID)
}

func (v *visit) backToDates(d awayDraft) error {
	return v.read(func(p *page) error {
		person, err := p.tx.Person(d.Person)
		if err != nil {
			return err
		}
		return v.offerAway(person)
	})
}

func (v *visit) setAway(d awayDraft, deputy int64) error {
	b, err := v.Desk.SetAbsence(v.ctx, v.who, duban.Absence{PersonID: d.Person, DeputyID: deputy, From: d.From, To: d.To})
	if err != nil {
		return err
	}
	if err := v.end(); err != nil {
		return err
	}
	return v.read(func(p *page) error {
		v.send(Outgoing{
			Text:     v.text("away.done", "name", p.nameOf(b.PersonID), "deputy", p.nameOf(b.DeputyID), "days", p.daysOf(b.From, b.To)),
			Keyboard: Keyboard{{button(v.word("button.away_undo"), "away", b.ID, "end")}},
		})
		return nil
	})
}

// awayStep takes the dates or the name that the dialog waits for.
func (v *visit) awayStep(typed string, files []duban.File) (bool, error) {
	var d awayDraft
	if err := v.data(&d); err != nil {
		return true, err
	}
	if len(files) > 0 || typed == "" || v.about.AssignmentID != 0 {
		return false, nil
	}
	if v.dialog.Step == awayDeputy {
		return true, v.deputyTyped(d, typed)
	}
	from, to, ok := datesIn(v.Desk.Calendar, typed, v.now)
	if !ok {
		v.say("away.bad_dates")
		return true, nil
	}
	d.From, d.To = from.String(), to.String()
	return true, v.askDeputy(d, 0)
}

// datesIn reads from when to when somebody is away: two days with a word between them, or one day.
func datesIn(cal *calendar.Calendar, typed string, now time.Time) (from, to calendar.Date, ok bool) {
	first, last := text.Between(typed)
	begins, ends := cal.ParseDue(first, now), cal.ParseDue(last, now)
	if begins.Outcome != calendar.Understood || ends.Outcome != calendar.Understood {
		return from, to, false
	}
	return begins.Due.Date, ends.Due.Date, !ends.Due.Date.Before(begins.Due.Date)
}

// deputyTyped takes who acts by name: of the own unit, else whoever of that name may.
func (v *visit) deputyTyped(d awayDraft, typed string) error {
	var deputy int64
	err := v.read(func(p *page) error {
		people, err := p.namedLike(typed, d.Person)
		if err != nil {
			return err
		}
		if len(people) == 1 {
			deputy = people[0].ID
		}
		return nil
	})
	if err != nil {
		return err
	}
	if deputy == 0 {
		v.say("away.unknown", "name", typed)
		return nil
	}
	return v.setAway(d, deputy)
}

// namedLike returns the people of a typed name who can be the deputy of a person.
func (p *page) namedLike(typed string, person int64) ([]duban.Person, error) {
	unit, err := work.FirstUnit(p.tx, person)
	if err != nil {
		return nil, err
	}
	if near, ok, err := p.personNamed(typed, unit.ID); err != nil || ok {
		return []duban.Person{near}, err
	}
	people, err := p.tx.AllNamed(strings.TrimPrefix(typed, "@"))
	if err != nil {
		return nil, err
	}
	return fitDeputies(p.tx, people, person)
}

func fitDeputies(tx *store.Tx, people []duban.Person, person int64) (fit []duban.Person, err error) {
	for _, candidate := range people {
		ok, err := work.MayStandIn(tx, candidate.ID, person)
		if err != nil {
			return nil, err
		}
		if ok {
			fit = append(fit, candidate)
		}
	}
	return fit, nil
}
