package work

import (
	"context"
	"errors"
	"path/filepath"
	"regexp"
	"strings"

	"duban"
	"duban/calendar"
	"duban/store"
)

// The kinds of import.
const (
	rosterKind = "roster"
	tasksKind  = "tasks"
)

// rowsTriedOut is from how many rows on a list is tried out on a snapshot before anything is written, so that a wrong one holds up nobody, and what
// the list no longer has is known. A single row is tried as it is taken.
const rowsTriedOut = 2

// ImportTasks issues the items of a task list, or with Draft only keeps them (任务导入). It is idempotent by code: a file sent again changes only
// what changed. A changed deadline or owner of an issued item keeps the original deadline, refreshes the card and tells the owner; a closed
// item is left and reported. What earlier imports of the same list brought and the file does not have is Missing, and stays unless Cancel says why not.
func (d *Desk) ImportTasks(ctx context.Context, who duban.Actor, rows []TaskRow, o ImportOptions) (ImportResult, error) {
	run := taskRun{importRun: importRun{desk: d, who: who, kind: tasksKind, o: o}, rows: rows}
	if o.DryRun || o.Chunk > 0 || len(rows) >= rowsTriedOut || o.Cancel != "" {
		if err := run.tryOut(ctx); err != nil || !run.result.passes(o) {
			return run.result, err
		}
		if run.result.New+run.result.Changed == 0 && (o.Cancel == "" || len(run.result.Missing) == 0) {
			run.result.Done = true
			return run.result, nil
		}
	}
	err := run.take(ctx)
	return run.result, settled(err)
}

// importRun is one import on its way.
type importRun struct {
	desk   *Desk
	who    duban.Actor
	kind   string
	o      ImportOptions
	id     int64 // of the import, once it has begun
	list   int64 // to which it belongs
	result ImportResult
}

// turn runs one transaction of the import. The first begins the import and takes its cause; when the program ended in the middle of it, the import that
// was begun then goes on.
func (r *importRun) turn(ctx context.Context, first bool, fn func(*store.Tx) error) error {
	if !first {
		return r.next(ctx, fn)
	}
	err := r.desk.write(ctx, r.who, func(tx *store.Tx) error {
		var err error
		r.id, err = tx.AddImport(store.Import{ListID: r.list, Kind: r.kind, File: r.o.File, PersonID: r.who.PersonID, Cause: r.who.Cause})
		if err != nil {
			return err
		}
		return fn(tx)
	})
	if !errors.Is(err, duban.ErrRepeated) {
		return err
	}
	if err := r.resume(ctx, err); err != nil {
		return err
	}
	return r.next(ctx, fn)
}

// resume finds the import that an update had begun before the program ended; the error is the one that it was met with, when there is none.
func (r *importRun) resume(ctx context.Context, met error) error {
	if !errors.Is(met, duban.ErrRepeated) {
		return met
	}
	return r.desk.Store.Read(ctx, func(tx *store.Tx) error {
		begun, err := tx.ImportOfCause(r.who.Cause)
		switch {
		case duban.CodeOf(err) == duban.NotFound, err == nil && !begun.EndedAt.IsZero():
			return met
		case err != nil:
			return err
		}
		r.id = begun.ID
		return nil
	})
}

// next runs a further transaction of the import, whose cause the first one has taken.
func (r *importRun) next(ctx context.Context, fn func(*store.Tx) error) error {
	who := r.who
	who.Cause = 0
	return r.desk.write(ctx, who, fn)
}

// end notes in the last transaction that the import has come to its end.
func (r *importRun) end(tx *store.Tx, result *ImportResult) error {
	result.Done, result.Import = true, r.id
	if result.New+result.Changed+result.Cancelled+result.Ended == 0 {
		result.Import = 0
	}
	return errorsOf(tx.EndImport(r.id), recordImport(tx, r.who, r.kind, *result, r.o))
}

// snapshot reads as if it were the instant at which the desk writes.
func (r *importRun) snapshot(ctx context.Context, fn func(*store.Tx) error) error {
	return r.desk.Store.Read(ctx, func(tx *store.Tx) error {
		if !r.desk.At.IsZero() {
			tx.Now = r.desk.At
		}
		if err := stillBound(tx, r.who); err != nil {
			return err
		}
		return fn(tx)
	})
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

// take takes the rows over, so many in one transaction as the options say.
func (r *taskRun) take(ctx context.Context) error {
	tried := r.result
	r.result = ImportResult{Missing: tried.Missing, Suggested: tried.Suggested}
	chunk := r.o.Chunk
	if chunk == 0 {
		chunk = max(len(r.rows), 1)
	}
	for from := 0; from == 0 || from < len(r.rows); from += chunk {
		rows := r.rows[min(from, len(r.rows)):min(from+chunk, len(r.rows))]
		if err := r.takeChunk(ctx, rows, from == 0, from+chunk >= len(r.rows) && r.o.Cancel == ""); err != nil {
			return err
		}
		r.o.tell(Taking, min(from+chunk, len(r.rows)), len(r.rows))
		r.o.rest(ctx)
	}
	if r.o.Cancel != "" {
		return r.cancelMissing(ctx, chunk)
	}
	return nil
}

func (r *taskRun) takeChunk(ctx context.Context, rows []TaskRow, first, last bool) error {
	var after ImportResult
	take := func(tx *store.Tx) error {
		m := taskImport{resolver: r.desk.resolver(tx, r.who), kept: steps{tx, r.id}, draft: r.o.Draft}
		for _, row := range rows {
			if err := m.row(row); err != nil {
				return err
			}
		}
		after = r.result
		after.add(m.outcome())
		switch {
		case r.o.Chunk == 0 && !after.passes(r.o):
			return errUndo
		case last:
			return r.end(tx, &after)
		}
		return nil
	}
	err := r.turn(ctx, first, take)
	r.result = after
	return err
}

// cancelMissing cancels what the list no longer has, so many in one transaction.
func (r *taskRun) cancelMissing(ctx context.Context, chunk int) error {
	for from := 0; from == 0 || from < len(r.result.Missing); from += chunk {
		missing := r.result.Missing[from:min(from+chunk, len(r.result.Missing))]
		last := from+chunk >= len(r.result.Missing)
		var after ImportResult
		err := r.next(ctx, func(tx *store.Tx) error {
			after = r.result
			for _, gone := range missing {
				if err := r.cancelOne(tx, gone, &after); err != nil {
					return err
				}
			}
			if last {
				return r.end(tx, &after)
			}
			return nil
		})
		if err != nil {
			return err
		}
		r.result = after
	}
	return nil
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
	if err := r.desk.follow(tx, r.who, cancelled, calendar.Due{}); err != nil {
		return err
	}
	after.Cancelled++
	return steps{tx, r.id}.assignments(a.TaskID, were)
}

// findMissing finds which list this is, and what of it the file does not have: the tasks that its imports brought. A file is the list with which it
// shares most tasks, when it has its name or half of its tasks.
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
		list, err := tx.ListOf(task.ID)
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
	named, err := r.isNamedLike(tx, list)
	if err != nil || !named && shared*2 < len(members) {
		return err
	}
	r.list = list
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

// mostShared returns the list with which most rows are shared; of equals the newest.
func mostShared(lists map[int64]int) (list int64, shared int) {
	for id, n := range lists {
		if n > shared || n == shared && id > list {
			list, shared = id, n
		}
	}
	return list, shared
}

func (r *taskRun) isNamedLike(tx *store.Tx, list int64) (bool, error) {
	files, err := tx.FilesOfList(list)
	for _, file := range files {
		if listName(file) == listName(r.o.File) {
			return true, err
		}
	}
	return false, err
}

// versionMark is what people and programs put behind the name of a file that is sent once more.
var versionMark = regexp.MustCompile(`(?i)[-_ ]*(\(\d+\)|（\d+）|副本|问题|改|修改|更正|终稿|最终版?|新|copy|problems|v?\d{1,2}|\d{8})$`)

// listName is the name of a list, whatever version of its file this is.
func listName(file string) string {
	name := strings.TrimSuffix(file, filepath.Ext(file))
	for {
		plain := versionMark.ReplaceAllString(name, "")
		if plain == name || plain == "" {
			return strings.ToLower(strings.TrimSpace(name))
		}
		name = plain
	}
}
