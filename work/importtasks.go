package work

import (
	"context"

	"duban"
	"duban/store"
)

// ImportTasks issues the items of a task list, or with Draft only keeps them (任务导入). It is idempotent by code: a file sent again changes only
// what changed. A changed deadline or owner of an issued item keeps the original deadline, refreshes the card and tells the owner; a closed
// item is left and reported. What earlier imports of the same list brought and the file does not have is Missing, and stays unless Cancel says why not.
func (d *Desk) ImportTasks(ctx context.Context, who duban.Actor, rows []TaskRow, o ImportOptions) (ImportResult, error) {
	run := taskRun{importRun: importRun{desk: d, who: who, kind: tasksKind, o: o}, rows: rows}
	err := run.carryOut(ctx, len(rows), run.tryOut, func(ctx context.Context) error {
		return run.takeParts(ctx, parts{len(rows), run.takeRows, run.cancelOne})
	})
	return run.result, err
}

type taskRun struct {
	importRun
	rows []TaskRow
}

// tryOut finds out on a snapshot what the list would do.
func (r *taskRun) tryOut(ctx context.Context) error {
	return r.snapshot(ctx, func(tx *store.Tx) error {
		m := taskImport{resolver: r.desk.resolver(tx, r.who), draft: r.o.Draft, dry: true}
		for i, row := range r.rows {
			r.o.tell(Checking, i, len(r.rows))
			if err := m.row(row); err != nil {
				return err
			}
		}
		r.o.tell(Checking, len(r.rows), len(r.rows))
		if err := r.findMissing(tx, &m); err != nil {
			return err
		}
		r.result = m.outcome()
		r.result.Cut = r.cut
		var err error
		r.result.Suggested, err = r.desk.suggestForTasks(tx, r.rows, r.result.Problems)
		return err
	})
}

func (m *taskImport) outcome() ImportResult {
	result := m.result
	result.Problems, result.Warned = m.problems, m.warned
	return result
}

// takeRows takes some rows over.
func (r *taskRun) takeRows(tx *store.Tx, from, to int) (ImportResult, error) {
	m := taskImport{resolver: r.desk.resolver(tx, r.who), kept: steps{tx, r.id}, draft: r.o.Draft}
	for _, row := range r.rows[from:to] {
		if err := m.row(row); err != nil {
			return ImportResult{}, err
		}
	}
	return m.outcome(), nil
}

// cancelOne cancels an assignment as somebody would by hand; what cannot be cancelled any more is left.
func (r *taskRun) cancelOne(tx *store.Tx, gone Missing, after *ImportResult) error {
	a, err := tx.Assignment(gone.Assignment)
	if err != nil {
		return err
	}
	if _, err := a.After(duban.VerbCancel, tx.Now); err != nil {
		return nil
	}
	were, err := tx.AssignmentsOf(a.TaskID)
	if err != nil {
		return err
	}
	cancelled, err := r.desk.cancel(tx, r.who, a.ID, r.o.Cancel)
	if err != nil {
		return err
	}
	if err := r.desk.follow(tx, r.who, cancelled, noDue); err != nil {
		return err
	}
	after.Cancelled++
	return steps{tx, r.id}.assignments(a.TaskID, were)
}

// findMissing finds which list this is, the one with which the file shares most tasks, and what of it the file does not have: the tasks that its imports
// brought.
func (r *taskRun) findMissing(tx *store.Tx, m *taskImport) error {
	here, lists := map[string]bool{}, map[int64]int{}
	for _, row := range r.rows {
		here[row.Code] = true
		task, err := tx.TaskByCode(row.Code)
		if ignoreNotFound(err) != nil {
			return err
		}
		if err != nil {
			continue
		}
		list, err := tx.ListOf(store.TaskThing, task.ID)
		if ignoreNotFound(err) != nil {
			return err
		}
		if err == nil {
			lists[list]++
		}
	}
	list, shared := mostShared(lists)
	if shared == 0 {
		return nil
	}
	members, err := tx.TasksOfList(list)
	if err != nil {
		return err
	}
	if same, err := r.isList(tx, list, shared, len(members)); err != nil || !same {
		return err
	}
	r.list = list
	if err := r.findCut(tx); err != nil {
		return err
	}
	for _, task := range members {
		if here[task.Code] || r.o.Unread[task.Code] {
			continue
		}
		missing, err := missingOf(tx, r.who, task, nil)
		if err != nil {
			return err
		}
		m.result.Missing = append(m.result.Missing, missing...)
	}
	return nil
}
