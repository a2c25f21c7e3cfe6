package work

import (
	"cmp"
	"slices"
	"strconv"

	"duban"
	"duban/assess"
	"duban/store"
)

// entering is an open round into which parts are entered, as a transaction sees it.
type entering struct {
	rules   assess.Rules
	units   []duban.Assessment
	unit    map[int64]duban.Unit                 // by id
	named   map[string][]duban.Assessment        // by the name of the unit, alone and behind the one above
	other   map[string]bool                      // names of units that are not assessed by themselves
	entered map[int64]map[string]duban.ScorePart // by assessment
}

// into returns the round that a row means; nil where that is a problem of the row.
func (m *partsImport) into(row PartsRow) (*entering, error) {
	if known, ok := m.years[row.Year]; ok {
		return known, nil
	}
	round, why, err := roundMeant(m.tx, row.Year)
	switch {
	case err != nil:
		return nil, err
	case why != "":
		year := cmp.Or(row.Year, round.Year, m.desk.Calendar.Today(m.tx.Now).Year)
		m.problem(row.Line, ColumnYear, why, strconv.Itoa(year))
		return nil, nil
	}
	into := m.years[round.Year]
	if into == nil {
		if into, err = m.entering(round); err != nil {
			return nil, err
		}
		m.rounds = append(m.rounds, into)
	}
	m.years[row.Year], m.years[round.Year] = into, into
	return into, nil
}

// roundMeant finds the round of a year, or for year 0 the one that is open; the reason says why parts cannot be entered into any.
func roundMeant(tx *store.Tx, year int) (duban.AssessmentRound, ProblemReason, error) {
	all, err := tx.Rounds()
	if err != nil {
		return duban.AssessmentRound{}, "", err
	}
	if year != 0 {
		all = slices.DeleteFunc(all, func(r duban.AssessmentRound) bool { return r.Year != year })
	}
	open := slices.DeleteFunc(slices.Clone(all), func(r duban.AssessmentRound) bool { return !r.Open() })
	switch {
	case len(all) == 0:
		return duban.AssessmentRound{}, NoRound, nil
	case len(open) == 0:
		return all[0], RoundClosed, nil
	case len(open) > 1:
		return open[0], YearMissing, nil
	}
	return open[0], "", nil
}

func (m *partsImport) entering(round duban.AssessmentRound) (*entering, error) {
	into := &entering{unit: map[int64]duban.Unit{}, named: map[string][]duban.Assessment{}, other: map[string]bool{}, entered: map[int64]map[string]duban.ScorePart{}}
	var err error
	if into.rules, err = RulesOf(m.tx, round); err != nil {
		return nil, err
	}
	if into.units, err = m.tx.AssessmentsOf(round.ID); err != nil {
		return nil, err
	}
	if err := into.readUnits(m.tx, round); err != nil {
		return nil, err
	}
	all, err := m.tx.ScorePartsIn(round.ID)
	for _, p := range all {
		if into.entered[p.AssessmentID] == nil {
			into.entered[p.AssessmentID] = map[string]duban.ScorePart{}
		}
		into.entered[p.AssessmentID][p.Part] = p
	}
	return into, err
}

func (into *entering) readUnits(tx *store.Tx, round duban.AssessmentRound) error {
	all, err := tx.Units()
	if err != nil {
		return err
	}
	assessed, err := tx.UnitsIn(round.ID)
	if err != nil {
		return err
	}
	names := namesOf(all)
	for _, u := range assessed {
		into.unit[u.ID] = u
	}
	for _, a := range into.units {
		u := into.unit[a.UnitID]
		spelled := []string{u.Name}
		if above := names[u.ParentID]; above != "" {
			spelled = append(spelled, above+"/"+u.Name, above+u.Name)
		}
		for _, name := range spelled {
			into.named[name] = append(into.named[name], a)
		}
	}
	for _, u := range all {
		into.other[u.Name] = len(into.named[u.Name]) == 0
	}
	return nil
}

// assessment finds whose row it is; false where that is a problem of the row.
func (m *partsImport) assessment(into *entering, row PartsRow) (duban.Assessment, bool, error) {
	found := into.named[row.Unit]
	switch {
	case len(found) > 1:
		m.problem(row.Line, ColumnUnit, AmbiguousUnit, row.Unit)
	case len(found) == 0 && into.other[row.Unit]:
		m.problem(row.Line, ColumnUnit, NotAssessed, row.Unit)
	case len(found) == 0:
		m.problem(row.Line, ColumnUnit, UnknownUnit, row.Unit)
		m.suggest(into, row)
	}
	if len(found) != 1 {
		return duban.Assessment{}, false, nil
	}
	a := found[0]
	if first, twice := m.lines[a.ID]; twice && first != row.Line {
		m.problems = append(m.problems, Problem{row.Line, ColumnUnit, DuplicateUnit, row.Unit, strconv.Itoa(first)})
		return a, false, nil
	}
	m.lines[a.ID] = row.Line
	may, err := May(m.tx, m.who, duban.ActPropose, a.UnitID)
	if err == nil && !may {
		m.problem(row.Line, ColumnUnit, OutsideScope, row.Unit)
	}
	return a, may, err
}

// suggest looks among the units of the round for one that may be meant.
func (m *partsImport) suggest(into *entering, row PartsRow) {
	var names []string
	for _, a := range into.units {
		names = append(names, into.unit[a.UnitID].Name)
	}
	if meant := Nearest(row.Unit, names); len(meant) > 0 {
		m.suggested = append(m.suggested, Suggestion{Line: row.Line, Column: ColumnUnit, Value: row.Unit, Meant: meant})
	}
}

// gone names the units, of the rounds into which the list enters anything, that it does not have. What stands in a row that could not be read is not
// gone.
func (m *partsImport) gone(unread map[string]bool) ([]string, error) {
	here := map[int64]bool{}
	for a := range m.lines {
		here[a] = true
	}
	var names []string
	for _, into := range m.rounds {
		for word := range unread {
			for _, a := range into.named[word] {
				here[a.ID] = true
			}
		}
		for _, a := range into.units {
			if here[a.ID] {
				continue
			}
			may, err := May(m.tx, m.who, duban.ActPropose, a.UnitID)
			if err != nil {
				return nil, err
			}
			if may {
				names = append(names, into.unit[a.UnitID].Name)
			}
		}
	}
	return names, nil
}
