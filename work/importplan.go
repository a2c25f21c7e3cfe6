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
	run := planRun{importRun: importRun{desk: d, who: who, kind: planKind, o: o}, rows: rows}
	err := run.carryOut(ctx, len(rows), run.tryOut, func(ctx context.Context) error {
		return run.takeParts(ctx, parts{len(rows), run.takeRows, run.endOne})
	})
	return run.result, err
}

// planRun is one import of a plan on its way.
type planRun struct {
	importRun
	rows []TaskRow
}

// tryOut finds out on a snapshot what the list would do.
func (r *planRun) tryOut(ctx context.Context) error {
	return r.snapshot(ctx, func(tx *store.Tx) error {
		m := planImport{resolver: r.desk.resolver(tx, r.who), dry: true}
		for i, row := range r.rows {
			r.o.tell(Checking, i, len(r.rows))
			if err := m.row(row); err != nil {
				return err
			}
		}
		r.o.tell(Checking, len(r.rows), len(r.rows))
		missing, err := r.findMissing(tx)
		if err != nil {
			return err
		}
		r.result = m.outcome()
		r.result.Cut = r.cut
		r.result.Missing = missing
		r.result.Suggested, err = r.desk.suggestForTasks(tx, r.rows, r.result.Problems)
		return err
	})
}

func (r *planRun) takeRows(tx *store.Tx, from, to int) (ImportResult, error) {
	m := planImport{resolver: r.desk.resolver(tx, r.who), kept: steps{tx, r.id}}
	for _, row := range r.rows[from:to] {
		if err := m.row(row); err != nil {
			return ImportResult{}, err
		}
	}
	return m.outcome(), nil
}

// endOne takes an item out of the plan that the list no longer has.
func (r *planRun) endOne(tx *store.Tx, gone Missing, after *ImportResult) error {
	item, err := r.desk.ownPlan(tx, r.who, gone.Plan)
	if duban.CodeOf(err) == duban.NotFound || duban.CodeOf(err) == duban.NotAllowed {
		return nil
	}
	if err != nil {
		return err
	}
	after.Cancelled++
	return errorsOf(endPlan(tx, r.who, item), steps{tx, r.id}.add(store.PlanThing, item.ID, store.DidEnd, item, item))
}

// findMissing finds which list this is, the one with which the file shares most items of the plan, and which of its items the file does not have.
func (r *planRun) findMissing(tx *store.Tx) ([]Missing, error) {
	here, lists := map[string]bool{}, map[int64]int{}
	for _, row := range r.rows {
		here[row.Code] = true
		item, err := tx.PlanItemByCode(row.Code)
		if duban.CodeOf(err) == duban.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		list, err := tx.ListOf(store.PlanThing, item.ID)
		if ignoreNotFound(err) != nil {
			return nil, err
		}
		if err == nil {
			lists[list]++
		}
	}
	list, shared := mostShared(lists)
	if shared == 0 {
		return nil, nil
	}
	members, err := tx.PlanOfList(list)
	if err != nil {
		return nil, err
	}
	if same, err := r.isList(tx, list, shared, len(members)); err != nil || !same {
		return nil, err
	}
	r.list = list
	if err := r.findCut(tx); err != nil {
		return nil, err
	}
	var missing []Missing
	for _, item := range members {
		may, err := MayPlan(tx, r.who, item)
		if err != nil {
			return nil, err
		}
		if may && !here[item.Code] && !r.o.Unread[item.Code] {
			missing = append(missing, Missing{Plan: item.ID, Code: item.Code, Title: item.Title, Unit: item.Units})
		}
	}
	return missing, nil
}

// planImport takes rows into the plan within one transaction.
type planImport struct {
	*resolver
	kept   steps
	dry    bool // find out what would happen, and write nothing
	result ImportResult
}

func (m *planImport) outcome() ImportResult {
	result := m.result
	result.Problems, result.Warned = m.problems, m.warned
	return result
}

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
