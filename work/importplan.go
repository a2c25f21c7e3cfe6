package work

import (
	"cmp"
	"context"
	"slices"

	"duban"
	"duban/store"
)

// ImportPlan puts the items of a list, whose deadlines have to recur, into the plan of the year (年度计划导入). It is idempotent by code: a list sent
// again changes only what changed, and how an item is issued stays. What earlier imports of the same list brought and the file does not have is Missing;
// it stays in the plan unless Cancel says why not. Nothing is issued, and what was issued stays.
func (d *Desk) ImportPlan(ctx context.Context, who duban.Actor, rows []TaskRow, o ImportOptions) (ImportResult, error) {
	run := &importRun{desk: d, who: who, kind: planKind, o: o}
	return run.takeList(ctx, rows, planList{run})
}

// planList is a list whose items are those of the plan of the year.
type planList struct{ *importRun }

func (l planList) trial(tx *store.Tx) rowTaker {
	return &planImport{l.dryRows(tx)}
}

func (l planList) taking(tx *store.Tx) rowTaker {
	return &planImport{l.keptRows(tx)}
}

func (l planList) idOf(tx *store.Tx, code string) (int64, error) {
	item, err := tx.PlanItemByCode(code)
	return item.ID, err
}

func (l planList) members(tx *store.Tx, list int64) ([]member, error) {
	items, err := tx.PlanOfList(list)
	all := make([]member, 0, len(items))
	for _, item := range items {
		all = append(all, member{item.Code, func() ([]Missing, error) {
			may, err := MayPlan(tx, l.who, item)
			if err != nil || !may {
				return nil, err
			}
			return []Missing{{Plan: item.ID, Code: item.Code, Title: item.Title, Unit: item.Units}}, nil
		}})
	}
	return all, err
}

// drop takes an item out of the plan; one that is there no more, or not the actor's any more, is left.
func (l planList) drop(tx *store.Tx, gone Missing, after *ImportResult) error {
	item, err := l.desk.ownPlan(tx, l.who, gone.Plan)
	if duban.CodeOf(err) == duban.NotFound || duban.CodeOf(err) == duban.NotAllowed {
		return nil
	}
	if err != nil {
		return err
	}
	after.Cancelled++
	return errorsOf(endPlan(tx, l.who, item), steps{tx, l.id}.add(store.PlanThing, item.ID, store.DidEnd, item, item))
}

// planImport takes rows into the plan within one transaction.
type planImport struct{ rowImport }

func (m *planImport) row(row TaskRow) error {
	wrong := len(m.problems)
	item, err := m.planItem(row)
	if err != nil || len(m.problems) > wrong {
		return err
	}
	before, err := m.tx.PlanItemByCode(item.Code)
	if duban.CodeOf(err) == duban.NotFound {
		m.result.New++
		return m.save(store.DidAdd, before, item)
	}
	if err != nil {
		return err
	}
	return m.again(row, before, item)
}

// again brings an item of the plan to what a row says.
func (m *planImport) again(row TaskRow, before, item duban.PlanItem) error {
	if may, err := MayPlan(m.tx, m.who, before); err != nil || !may {
		m.problem(row.Line, ColumnTaskCode, OutsideScope, row.Code)
		return err
	}
	body, err := planBodyOf(before)
	if err != nil {
		return err
	}
	changes := planChanges(row.Line, body.Row, row)
	if len(changes) == 0 {
		m.result.Unchanged++
		return nil
	}
	m.result.Changed++
	m.result.Changes = append(m.result.Changes, changes...)
	m.warnOfReuse(row, before.Title, before.Duty)
	row.Line = 0
	item.ID, item.IssuerID, item.Row = before.ID, before.IssuerID, toJSON(planBody{Row: row, Auto: body.Auto})
	return m.save(store.DidChange, before, item)
}

func (m *planImport) save(did store.Did, before, after duban.PlanItem) error {
	if m.dry {
		return nil
	}
	id, err := m.desk.savePlan(m.tx, m.who, after)
	if err != nil {
		return err
	}
	after.ID = id
	return m.kept.add(store.PlanThing, id, did, before, after)
}

// planChanges compares an item of the plan with what a row makes of it.
func planChanges(line int, before, after TaskRow) []Change {
	all := []Change{
		{Field: FieldTitle, From: before.Title, To: after.Title},
		{Field: FieldDuty, From: before.Duty, To: after.Duty},
		{Field: FieldCategory, From: before.Category, To: after.Category},
		{Field: FieldUnit, From: before.Units, To: after.Units},
		{Field: FieldOwner, From: before.Owner, To: after.Owner},
		{Field: FieldDue, From: before.Due, To: after.Due},
		{Field: FieldEvidence, From: evidenceText(before.Evidence), To: evidenceText(after.Evidence)},
		{Field: FieldReview, From: yesOrNo(before.Review), To: yesOrNo(after.Review)},
		{Field: FieldReviewer, From: before.Reviewer, To: after.Reviewer},
		{Field: FieldPriority, From: string(before.Priority), To: string(after.Priority)},
		{Field: FieldBasis, From: before.Basis, To: after.Basis},
		{Field: FieldNote, From: before.Note, To: after.Note},
		{Field: FieldInternal, From: yesOrNo(before.Internal), To: yesOrNo(after.Internal)},
		{Field: FieldSupports, From: before.Supports, To: after.Supports},
		{Field: FieldCompletion, From: string(completionOf(before)), To: string(completionOf(after))},
		{Field: FieldMilestones, From: before.Milestones, To: after.Milestones},
	}
	all = slices.DeleteFunc(all, func(c Change) bool { return c.From == c.To })
	for i := range all {
		all[i].Line, all[i].Code, all[i].Name = line, after.Code, after.Title
	}
	return all
}

func completionOf(row TaskRow) duban.Completion { return cmp.Or(row.Completion, duban.CompleteAll) }
