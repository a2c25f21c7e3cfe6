package work

import (
	"context"
	"strings"

	"duban"
	"duban/assess"
	"duban/store"
)

// PartsRow is what a list says of the parts of one unit's assessment. Year is 0 where it does not say: then the round that is open is meant.
type PartsRow struct {
	Line  int
	Year  int
	Unit  string
	Parts []PartSaid
}

// PartSaid is what a row says of one part. One that is left open stays as it is; Reason may be empty where the points are those that were entered.
type PartSaid struct {
	Part   string
	Open   bool
	Points duban.Points
	Reason string
}

// RestsAlone reports whether a part rests on something of its own: what is added by hand, or taken away.
func RestsAlone(part string) bool { return part == assess.Bonus || part == assess.Negative }

// ImportParts enters the parts of the total that are not computed from a list, a row for each unit (分值录入). It is idempotent: what is entered already
// stays as it is. Only rounds that are open take parts. Units of the round that the list does not have are Gone, and stay as they are.
func (d *Desk) ImportParts(ctx context.Context, who duban.Actor, rows []PartsRow, o ImportOptions) (ImportResult, error) {
	run := partsRun{importRun: importRun{desk: d, who: who, kind: partsKind, o: o}, rows: rows, lines: map[int64]int{}}
	err := run.carryOut(ctx, len(rows), run.tryOut, func(ctx context.Context) error {
		return run.takeParts(ctx, parts{len(rows), run.takeRows, nil})
	})
	return run.result, err
}

// partsRun is one import of parts on its way.
type partsRun struct {
	importRun
	rows  []PartsRow
	lines map[int64]int // on which line an assessment stands first
}

// tryOut finds out on a snapshot what the list would do.
func (r *partsRun) tryOut(ctx context.Context) error {
	return r.snapshot(ctx, func(tx *store.Tx) error {
		m := partsImport{rowImport: r.dryRows(tx), lines: r.lines, years: map[int]*entering{}}
		for i, row := range r.rows {
			r.o.tell(Checking, i, len(r.rows))
			if err := m.row(row); err != nil {
				return err
			}
		}
		r.o.tell(Checking, len(r.rows), len(r.rows))
		gone, err := m.gone(r.o.Unread)
		r.result = m.outcome()
		r.result.Gone, r.result.Suggested = gone, m.suggested
		return err
	})
}

func (r *partsRun) takeRows(tx *store.Tx, from, to int) (ImportResult, error) {
	m := partsImport{rowImport: r.keptRows(tx), lines: r.lines, years: map[int]*entering{}}
	for _, row := range r.rows[from:to] {
		if err := m.row(row); err != nil {
			return ImportResult{}, err
		}
	}
	return m.outcome(), nil
}

// partsImport takes rows over within one transaction.
type partsImport struct {
	rowImport
	lines     map[int64]int
	rounds    []*entering
	years     map[int]*entering // by the year that rows say
	suggested []Suggestion
}

func (m *partsImport) row(row PartsRow) error {
	into, err := m.into(row)
	if err != nil || into == nil {
		return err
	}
	a, ok, err := m.assessment(into, row)
	if err != nil || !ok {
		return err
	}
	wrong := len(m.problems)
	var changed []duban.ScorePart
	for _, said := range row.Parts {
		before := into.entered[a.ID][said.Part]
		after, why := partAfter(into.rules, before, said)
		switch {
		case why == PartKept:
			m.warned = append(m.warned, Problem{row.Line, PartColumn(said.Part), why, before.Points.String(), ""})
		case why != "":
			most, _ := into.rules.Most(said.Part)
			m.problems = append(m.problems, Problem{row.Line, PartColumn(said.Part), why, said.Points.String(), most.String()})
		case after != before:
			changed = append(changed, after)
		}
	}
	if len(m.problems) > wrong {
		return nil
	}
	return m.enter(into, row, a, changed)
}

// partAfter decides what a part becomes by what a row says of it; before is zero where nothing was entered. The reason says why the row cannot be taken,
// or PartKept that a part stays which the row leaves open.
func partAfter(rules assess.Rules, before duban.ScorePart, said PartSaid) (after duban.ScorePart, why ProblemReason) {
	most, known := rules.Most(said.Part)
	restated := said.Points == before.Points && (said.Reason == "" || sameWords(said.Reason, before.Reason))
	switch {
	case said.Open && before.Part != "":
		return before, PartKept
	case said.Open:
		return before, ""
	case !known:
		return before, PartUnknown
	case said.Points > most:
		return before, PointsAbove
	case before.Part != "" && restated:
		return before, ""
	case said.Reason == "":
		return before, ReasonMissing
	}
	after = before
	after.Part, after.Points, after.Reason = said.Part, said.Points, said.Reason
	return after, ""
}

// sameWords reports whether two texts differ in space at most, which spreadsheet programs change.
func sameWords(a, b string) bool {
	return strings.Join(strings.Fields(a), " ") == strings.Join(strings.Fields(b), " ")
}

// enter counts a row and saves the parts that it changes.
func (m *partsImport) enter(into *entering, row PartsRow, a duban.Assessment, changed []duban.ScorePart) error {
	had := into.entered[a.ID]
	switch {
	case len(changed) == 0:
		m.result.Unchanged++
	case len(had) == 0:
		m.result.New++
	default:
		m.result.Changed++
		m.result.Changes = append(m.result.Changes, partChanges(row, had, changed)...)
	}
	if m.dry {
		return nil
	}
	for _, p := range changed {
		before, did := had[p.Part], store.DidChange
		if before.Part == "" {
			did = store.DidAdd
		}
		p.EnteredBy = m.who.PersonID
		if err := errorsOf(m.desk.savePart(m.tx, m.who, a, p), m.kept.add(store.PartThing, a.ID, did, before, p)); err != nil {
			return err
		}
	}
	return nil
}

// partChanges says what a row changes of what was entered for its unit.
func partChanges(row PartsRow, had map[string]duban.ScorePart, changed []duban.ScorePart) []Change {
	var all []Change
	add := func(field Field, from, to string) {
		if from != to {
			all = append(all, Change{Line: row.Line, Name: row.Unit, Field: field, From: from, To: to})
		}
	}
	for _, p := range changed {
		before, was := had[p.Part]
		if !was {
			add(PartField(p.Part), "", p.Points.String())
			continue
		}
		add(PartField(p.Part), before.Points.String(), p.Points.String())
		add(PartReasonField(p.Part), before.Reason, p.Reason)
	}
	return all
}

// savePart enters a part for an assessment and records it.
func (d *Desk) savePart(tx *store.Tx, who duban.Actor, a duban.Assessment, p duban.ScorePart) error {
	if err := tx.PutScorePart(a.ID, p); err != nil {
		return err
	}
	return recordScore(tx, who, a, duban.EventScored, 0, duban.Facts{"assessment": a.ID, "part": p.Part, "points": p.Points.String()}, p.Reason)
}
