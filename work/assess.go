package work

import (
	"context"
	"fmt"
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

// WindowEnd returns the last day of a window that opens now and leaves so many working days, at least those that a unit has to object.
func (d *Desk) WindowEnd(now time.Time, days int) calendar.Date {
	return d.Calendar.AddWorkingDays(d.Calendar.Today(now), max(days, duban.ObjectWithin))
}

// OpenAssessment opens the assessment of a year (年终考评): for every unit a proposal is computed and shown to it, and until a day, at least five working
// days ahead, it may object. The rules are kept by their version. An administrator of all units may, once for each year that has begun.
func (d *Desk) OpenAssessment(ctx context.Context, who duban.Actor, year int, until calendar.Date) (duban.AssessmentRound, error) {
	rules := d.AssessRules()
	proposed, err := d.compute(ctx, func(tx *store.Tx) (assess.Rules, int, []duban.Unit, error) {
		units, err := d.mayOpen(tx, who, year, until)
		return rules, year, units, err
	})
	var round duban.AssessmentRound
	if err != nil {
		return round, err
	}
	err = d.write(ctx, who, func(tx *store.Tx) error {
		units, err := d.mayOpen(tx, who, year, until)
		if err != nil {
			return err
		}
		if same, err := tx.KeepRules(rules.Version, rules.Body()); err != nil || !same {
			return orRefuse(err, duban.RulesChanged)
		}
		round = duban.AssessmentRound{Year: year, Rules: rules.Version, OpenedBy: who.PersonID, OpenedAt: tx.Now, Until: until}
		if round.ID, err = tx.AddRound(round); err != nil {
			return err
		}
		facts := duban.Facts{"year": year, "rules": rules.Version, "until": until.String(), "units": len(units)}
		if err := tx.Record(who, duban.Entry{Event: duban.EventAssessOpened, Facts: facts}); err != nil {
			return err
		}
		return d.keepAll(tx, who, round, units, proposed)
	})
	return round, err
}

// proposals are what was computed of each unit. One that has come since has no items yet, and none here.
type proposals struct {
	rules assess.Rules
	of    map[int64]assess.Proposal
}

// compute computes proposals on a snapshot, so that nobody has to wait for it. What says for which year and units, and by which rules; it refuses whoever
// may not, before the work is done.
func (d *Desk) compute(ctx context.Context, what func(*store.Tx) (assess.Rules, int, []duban.Unit, error)) (all proposals, err error) {
	err = d.Store.Read(ctx, func(tx *store.Tx) error {
		if !d.At.IsZero() {
			tx.Now = d.At
		}
		rules, year, units, err := what(tx)
		if err != nil {
			return err
		}
		all = proposals{rules, make(map[int64]assess.Proposal, len(units))}
		p, err := Propose(tx, d.Calendar, rules, year)
		if err != nil {
			return err
		}
		for _, u := range units {
			if all.of[u.ID], err = p.For(u.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

func (d *Desk) mayOpen(tx *store.Tx, who duban.Actor, year int, until calendar.Date) ([]duban.Unit, error) {
	units, err := AssessedUnits(tx)
	if err != nil {
		return nil, err
	}
	if len(units) == 0 {
		return nil, duban.Refuse(duban.NothingToDo)
	}
	for _, u := range units {
		if err := mustMay(tx, who, duban.ActPropose, u.ID); err != nil {
			return nil, err
		}
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

// firstYear is before any that the record can tell of.
const firstYear = 2000

// keepAll saves what is proposed for each unit, records it and shows it to the unit.
func (d *Desk) keepAll(tx *store.Tx, who duban.Actor, round duban.AssessmentRound, units []duban.Unit, proposed proposals) (err error) {
	for _, u := range units {
		p := proposed.of[u.ID]
		a := duban.Assessment{RoundID: round.ID, UnitID: u.ID, Counted: p.Counted, NotYet: p.NotYet}
		if a.ID, err = tx.PutAssessment(a); err != nil {
			return err
		}
		if err := keepLines(tx, a, p.Lines); err != nil {
			return err
		}
		facts := duban.Facts{"assessment": a.ID, "year": round.Year, "rules": round.Rules, "lines": len(p.Lines), "daily": assess.ScoreOf(proposed.rules, p.Lines, nil).Daily.String()}
		if err := tx.Record(who, duban.Entry{Event: duban.EventAssessed, UnitID: u.ID, Facts: facts}); err != nil {
			return err
		}
		if err := d.tellUnitOf(tx, a, AssessNews{What: AssessOpened, Assessment: a.ID}); err != nil {
			return err
		}
	}
	return nil
}

// keepLines saves computed lines. A decision stays where the line is what it was; where another one comes out it is taken anew. A line that is no longer
// found goes, unless somebody has objected to it: then it stays and costs nothing.
func keepLines(tx *store.Tx, a duban.Assessment, lines []duban.ScoreLine) error {
	type place struct {
		element    duban.Element
		assignment int64
	}
	before, err := tx.ScoreLines(a.ID)
	if err != nil {
		return err
	}
	objected, err := objectedTo(tx, a.ID)
	if err != nil {
		return err
	}
	had := map[place]duban.ScoreLine{}
	for _, l := range before {
		had[place{l.Element, l.AssignmentID}] = l
	}
	for _, l := range lines {
		at := place{l.Element, l.AssignmentID}
		l.AssessmentID = a.ID
		if old, there := had[at]; there && old.Finding == l.Finding && old.Exempt == l.Exempt && old.Points == l.Points {
			l.Decision, l.Decided, l.Reason, l.DecidedBy, l.DecidedAt = old.Decision, old.Decided, old.Reason, old.DecidedBy, old.DecidedAt
		}
		delete(had, at)
		if _, err := tx.PutScoreLine(l); err != nil {
			return err
		}
	}
	for _, l := range before {
		if _, gone := had[place{l.Element, l.AssignmentID}]; !gone {
			continue
		}
		if !objected[l.ID] {
			err = tx.DropScoreLine(l.ID)
		} else {
			l.Raw, l.Points, l.Decision, l.Decided, l.Reason, l.DecidedBy, l.DecidedAt = 0, 0, duban.LineOpen, 0, "", 0, zeroTime
			_, err = tx.PutScoreLine(l)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func objectedTo(tx *store.Tx, assessment int64) (map[int64]bool, error) {
	all, err := tx.ObjectionsTo(assessment)
	lines := map[int64]bool{}
	for _, o := range all {
		lines[o.LineID] = true
	}
	return lines, err
}

// Reassess computes every unit of an open round anew (重新测算), since more items are due by now or the record tells more. Decisions stay where a line is
// what it was; units are shown their sheet again. An administrator of all units may.
func (d *Desk) Reassess(ctx context.Context, who duban.Actor, round int64) (duban.AssessmentRound, error) {
	var r duban.AssessmentRound
	proposed, err := d.compute(ctx, func(tx *store.Tx) (assess.Rules, int, []duban.Unit, error) {
		r, units, err := openRoundWithUnits(tx, who, round)
		if err != nil {
			return assess.Rules{}, 0, nil, err
		}
		rules, err := RulesOf(tx, r)
		return rules, r.Year, units, err
	})
	if err != nil {
		return r, err
	}
	err = d.write(ctx, who, func(tx *store.Tx) error {
		open, units, err := openRoundWithUnits(tx, who, round)
		if r = open; err != nil {
			return err
		}
		r.Until = laterDate(r.Until, d.WindowEnd(tx.Now, duban.ObjectWithin))
		return errorsOf(tx.SaveRound(r), d.keepAll(tx, who, r, units, proposed))
	})
	return r, err
}

// openRoundWithUnits is openRound with the units that are assessed in it.
func openRoundWithUnits(tx *store.Tx, who duban.Actor, id int64) (duban.AssessmentRound, []duban.Unit, error) {
	r, err := openRound(tx, who, id)
	if err != nil {
		return r, nil, err
	}
	all, err := tx.AssessmentsOf(id)
	if err != nil {
		return r, nil, err
	}
	units := make([]duban.Unit, len(all))
	for i, a := range all {
		if units[i], err = tx.Unit(a.UnitID); err != nil {
			return r, nil, err
		}
	}
	return r, units, nil
}

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
	for _, a := range all {
		if err := mustMay(tx, who, action, a.UnitID); err != nil {
			return err
		}
	}
	return nil
}

// AssessNews is the data of NewsAssess.
type AssessNews struct {
	What       AssessWhat `json:"what"`
	Round      int64      `json:"round,omitempty"`
	Assessment int64      `json:"assessment,omitempty"`
	Line       int64      `json:"line,omitempty"`
	Objection  int64      `json:"objection,omitempty"`
	Note       string     `json:"note,omitempty"`
}

// AssessWhat says what of an assessment is told.
type AssessWhat string

// What is told. Package text has a sentence for each under "assess.news.<what>".
const (
	AssessOpened   AssessWhat = "opened"   // to the unit: how it is assessed, and until when it may object
	AssessEnding   AssessWhat = "ending"   // to the unit: the time to object is nearly over
	AssessOver     AssessWhat = "over"     // to the administrators: the time to object is over
	AssessChanged  AssessWhat = "changed"  // to the unit: a line was changed
	AssessAnswered AssessWhat = "answered" // to the unit: its objection was answered
	AssessFinal    AssessWhat = "final"    // to the unit: what was decided
	AssessObjected AssessWhat = "objected" // to the administrators: a unit objects
	AssessReturned AssessWhat = "returned" // to the administrators: the leader wants something looked at again
	AssessClosed   AssessWhat = "closed"   // to the leaders: it is theirs to decide
	AssessPackage  AssessWhat = "package"  // to whoever asked for it: the package of a unit as a file
)

// AssessWhats lists all that is told.
var AssessWhats = []AssessWhat{AssessOpened, AssessEnding, AssessOver, AssessChanged, AssessAnswered, AssessFinal, AssessObjected, AssessReturned, AssessClosed, AssessPackage}

// tellUnitOf tells the secretaries and officers of an assessed unit. Quiet time holds it.
func (d *Desk) tellUnitOf(tx *store.Tx, a duban.Assessment, news AssessNews) error {
	secretaries, err := Secretaries(tx, a.UnitID)
	if err != nil {
		return err
	}
	officers, err := tx.Holders(a.UnitID, duban.Officer)
	if err != nil {
		return err
	}
	return d.tellAssess(tx, news, append(secretaries, officers...))
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
