package work

import (
	"context"
	"fmt"
	"slices"
	"time"

	"duban"
	"duban/assess"
	"duban/calendar"
	"duban/store"
)

// AssessedUnits returns the units that are assessed, each with everything below it: the topmost ones below the offices, parents before their children.
func AssessedUnits(tx *store.Tx) ([]duban.Unit, error) {
	all, err := tx.Units()
	if err != nil {
		return nil, err
	}
	offices := map[int64]bool{0: true}
	var units []duban.Unit
	for _, u := range all {
		switch {
		case u.Kind == duban.IndustryCommittee:
			offices[u.ID] = true
		case offices[u.ParentID]:
			units = append(units, u)
		}
	}
	return units, nil
}

// Proposals computes what is proposed for units, by the record as it stands at the instant of a transaction.
type Proposals struct {
	tx    *store.Tx
	cal   *calendar.Calendar
	rules assess.Rules
	year  int
	facts assess.Facts
}

// Propose begins to compute proposals for a year: it reads once what concerns every unit.
func Propose(tx *store.Tx, cal *calendar.Calendar, rules assess.Rules, year int) (*Proposals, error) {
	p := &Proposals{tx: tx, cal: cal, rules: rules, year: year, facts: assess.Facts{Vacations: map[int64]calendar.Vacations{}}}
	err := tx.EntriesAbout(assess.Events, func(e duban.Entry) error {
		p.facts.Learn(e)
		return nil
	})
	return p, err
}

// For computes what is proposed for a unit, with everything below it.
func (p *Proposals) For(unit int64) (assess.Proposal, error) {
	period := assess.Year(p.year)
	all, err := p.tx.InSubtree(unit)
	if err != nil {
		return assess.Proposal{}, err
	}
	var items []assess.Item
	for _, a := range all {
		if a.Due.Date.Before(period.From) || p.cal.Today(a.IssuedAt).After(period.To) {
			continue
		}
		it, err := p.item(a)
		if err != nil {
			return assess.Proposal{}, err
		}
		items = append(items, it)
	}
	return assess.Propose(p.rules, p.cal, period, items, p.facts, p.tx.Now), nil
}

func (p *Proposals) item(a duban.Assignment) (it assess.Item, err error) {
	it.Assignment = a
	if it.Task, err = p.tx.Task(a.TaskID); err != nil {
		return it, err
	}
	if _, known := p.facts.Vacations[a.UnitID]; !known {
		if p.facts.Vacations[a.UnitID], err = p.tx.VacationsOf(a.UnitID); err != nil {
			return it, err
		}
	}
	it.Entries, err = p.tx.RecordOf(a.ID)
	return it, err
}

// RulesOf returns the rules by which a round is assessed: those that were kept when it was opened.
func RulesOf(tx *store.Tx, r duban.AssessmentRound) (assess.Rules, error) {
	body, err := tx.RulesBody(r.Rules)
	if err != nil {
		return assess.Rules{}, err
	}
	return assess.Parse("assessment_rules "+r.Rules, []byte(body))
}

// AssessRules are the rules by which the next round is assessed: those of the configuration, or the shipped ones.
func (d *Desk) AssessRules() assess.Rules {
	if d.Rules.Version == "" {
		return assess.Default()
	}
	return d.Rules
}

// SelfCheck is how many working days units usually have to check and object, at least those that the rules leave them.
func (d *Desk) SelfCheck() int { return max(d.Policy.SelfCheck, duban.ObjectWithin) }

// WindowEnd returns the last day of a window that opens now and leaves so many working days, at least those that a unit has to object and at most the
// longest that a configuration gives.
func (d *Desk) WindowEnd(now time.Time, days int) calendar.Date {
	return d.Calendar.AddWorkingDays(d.Calendar.Today(now), min(max(days, duban.ObjectWithin), duban.LongestSelfCheck))
}

func (d *Desk) mayOpen(tx *store.Tx, who duban.Actor, year int, until calendar.Date) ([]duban.Unit, error) {
	units, err := AssessedUnits(tx)
	if err != nil {
		return nil, err
	}
	if len(units) == 0 {
		return nil, duban.Refuse(duban.NothingToDo)
	}
	if err := mustMayOnAll(tx, who, duban.ActPropose, units); err != nil {
		return nil, err
	}
	switch before, err := tx.RoundOf(year); {
	case err == nil:
		return nil, duban.Refuse(duban.AlreadyDone, "at", before.OpenedAt)
	case ignoreNotFound(err) != nil:
		return nil, err
	case year > d.Calendar.Today(tx.Now).Year || year < firstYear:
		return nil, duban.Refuse(duban.BadYear)
	case until.Before(d.WindowEnd(tx.Now, duban.ObjectWithin)):
		return nil, duban.Refuse(duban.ShortWindow)
	}
	return units, nil
}

// mustMayOnAll returns the refusal where somebody has not a right towards every one of some units. It looks once at each post, since units are thousands.
func mustMayOnAll(tx *store.Tx, who duban.Actor, action duban.Action, units []duban.Unit) error {
	if who.Trusted() {
		return nil
	}
	posts, err := tx.Posts(who.PersonID)
	if err != nil {
		return err
	}
	reached := map[int64]bool{}
	for _, p := range posts {
		scope := duban.Right(action, p.Role)
		if scope == duban.Nowhere {
			continue
		}
		below, err := tx.DepthsBelow(p.UnitID)
		if err != nil {
			return err
		}
		for unit, depth := range below {
			reached[unit] = reached[unit] || scope.Covers(depth)
		}
	}
	for _, u := range units {
		if reached[u.ID] {
			continue
		}
		if err := mustMay(tx, who, action, u.ID); err != nil {
			return err
		}
	}
	return nil
}

// firstYear is before any that the record can tell of.
const firstYear = 2000

func laterDate(a, b calendar.Date) calendar.Date {
	if a.Before(b) {
		return b
	}
	return a
}

// openRound reads a round that is open, for whoever may propose for all of its units.
func openRound(tx *store.Tx, who duban.Actor, id int64) (duban.AssessmentRound, error) {
	r, err := tx.Round(id)
	if err != nil {
		return r, err
	}
	if err := mayOnAll(tx, who, duban.ActPropose, id); err != nil {
		return r, err
	}
	if !r.Open() {
		return r, duban.Refuse(duban.AlreadyDone, "at", r.ClosedAt)
	}
	return r, nil
}

// mayOnAll refuses whoever has not a right towards every unit of a round.
func mayOnAll(tx *store.Tx, who duban.Actor, action duban.Action, round int64) error {
	all, err := tx.AssessmentsOf(round)
	if err != nil {
		return err
	}
	units := make([]duban.Unit, len(all))
	for i, a := range all {
		units[i].ID = a.UnitID
	}
	return mustMayOnAll(tx, who, action, units)
}

// AssessNews is the data of NewsAssess.
type AssessNews struct {
	What       AssessWhat `json:"what"`
	Round      int64      `json:"round,omitempty"`
	Assessment int64      `json:"assessment,omitempty"`
	Line       int64      `json:"line,omitempty"`
	Objection  int64      `json:"objection,omitempty"`
	Note       string     `json:"note,omitempty"`
	Part       int        `json:"part,omitempty"`     // of a package, from 1
	Parts      int        `json:"parts,omitempty"`    // of Package
	Evidence   int        `json:"evidence,omitempty"` // of Package
}

// AssessWhat says what of an assessment is told.
type AssessWhat string

// What is told. Package text has a sentence for each under "assess.news.<what>".
const (
	AssessOpened   AssessWhat = "opened"   // to the unit: how it is assessed, and until when it may object
	AssessEnding   AssessWhat = "ending"   // to the unit: the time to object is nearly over
	AssessUnseen   AssessWhat = "unseen"   // to the unit: so it is, and nobody of the unit has looked yet
	AssessOver     AssessWhat = "over"     // to the administrators: the time to object is over
	AssessChanged  AssessWhat = "changed"  // to the unit: a line was changed
	AssessAnswered AssessWhat = "answered" // to the unit: its objection was answered
	AssessFinal    AssessWhat = "final"    // to the unit: what was decided
	AssessObjected AssessWhat = "objected" // to the administrators: a unit objects
	AssessReturned AssessWhat = "returned" // to the administrators: the leader wants something looked at again
	AssessClosed   AssessWhat = "closed"   // to the leaders: it is theirs to decide
	AssessPackage  AssessWhat = "package"  // to whoever asked for it: the package of a unit as a file
	AssessForm     AssessWhat = "form"     // to whoever asked for it: the form by which the parts of a round are entered
)

// AssessWhats lists all that is told.
var AssessWhats = []AssessWhat{AssessOpened, AssessEnding, AssessUnseen, AssessOver, AssessChanged, AssessAnswered, AssessFinal, AssessObjected, AssessReturned, AssessClosed, AssessPackage, AssessForm}

// tellUnitOf tells those of an assessed unit. Quiet time holds it.
func (d *Desk) tellUnitOf(tx *store.Tx, a duban.Assessment, news AssessNews) error {
	readers, err := assessedOf(tx, a.UnitID)
	if err != nil {
		return err
	}
	return d.tellAssess(tx, news, readers)
}

// assessedOf returns whom the assessment of a unit concerns there: its secretaries and officers.
func assessedOf(tx *store.Tx, unit int64) ([]duban.Person, error) {
	secretaries, err := Secretaries(tx, unit)
	if err != nil {
		return nil, err
	}
	officers, err := tx.Holders(unit, duban.Officer)
	return append(secretaries, officers...), err
}

// LookAtAssessment notes that somebody of the unit looks at what is proposed of it, so that it is not reminded to. Of others, and once the round is closed,
// nothing is noted. It says nothing in the record, and no score depends on it.
func (d *Desk) LookAtAssessment(ctx context.Context, who duban.Actor, assessment int64) error {
	who.Cause = 0 // what else the update asks for takes it
	return d.write(ctx, who, func(tx *store.Tx) error {
		a, r, err := roundOf(tx, assessment)
		if err != nil || !r.Open() || a.ToCompute || !a.LookedAt.IsZero() {
			return err
		}
		readers, err := assessedOf(tx, a.UnitID)
		if err != nil || !slices.ContainsFunc(readers, func(p duban.Person) bool { return p.ID == who.PersonID }) {
			return err
		}
		return tx.SaveLooked(assessment)
	})
}

func (d *Desk) tellAssess(tx *store.Tx, news AssessNews, readers []duban.Person) error {
	for _, p := range distinctPeople(readers) {
		err := tx.Post(duban.Notice{
			Key:  fmt.Sprintf("assess:%s:%d:%d:%d:%d:%d", news.What, news.Round, news.Assessment, news.Line, p.ID, tx.Now.UnixMilli()),
			Kind: duban.NewsAssess, Lane: duban.LaneReminder, PersonID: p.ID, Data: toJSON(news),
			NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
