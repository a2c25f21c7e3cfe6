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
	run := &importRun{desk: d, who: who, kind: tasksKind, o: o}
	return run.takeList(ctx, rows, taskList{run})
}

// taskList is a list whose items are tasks that are issued.
type taskList struct{ *importRun }

func (l taskList) trial(tx *store.Tx) rowTaker {
	return &taskImport{rowImport: l.dryRows(tx), draft: l.o.Draft}
}

func (l taskList) taking(tx *store.Tx) rowTaker {
	return &taskImport{rowImport: l.keptRows(tx), draft: l.o.Draft}
}

func (l taskList) idOf(tx *store.Tx, code string) (int64, error) {
	task, err := tx.TaskByCode(code)
	return task.ID, err
}

func (l taskList) members(tx *store.Tx, list int64) ([]member, error) {
	tasks, err := tx.TasksOfList(list)
	all := make([]member, 0, len(tasks))
	for _, task := range tasks {
		all = append(all, member{task.Code, func() ([]Missing, error) { return missingOf(tx, l.who, task, nil) }})
	}
	return all, err
}

// drop cancels an assignment as somebody would by hand; what cannot be cancelled any more is left.
func (l taskList) drop(tx *store.Tx, gone Missing, after *ImportResult) error {
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
	cancelled, err := l.desk.cancel(tx, l.who, a.ID, l.o.Cancel)
	if err != nil {
		return err
	}
	if err := l.desk.follow(tx, l.who, cancelled, noDue); err != nil {
		return err
	}
	after.Cancelled++
	return steps{tx, l.id}.assignments(a.TaskID, were)
}
