package work

import (
	"context"
	"errors"

	"duban"
	"duban/store"
)

// The kinds of import.
const (
	rosterKind = "roster"
	tasksKind  = "tasks"
	planKind   = "plan"
	partsKind  = "parts"
)

// rowsTriedOut is from how many rows on a list is tried out on a snapshot before anything is written, so that a wrong one holds up nobody, and what
// the list no longer has is known. A single row is tried as it is taken.
const rowsTriedOut = 2

// importRun is one import on its way.
type importRun struct {
	desk   *Desk
	who    duban.Actor
	kind   string
	o      ImportOptions
	id     int64 // of the import, once it has begun
	list   int64 // to which it belongs
	cut    CutShort
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
		return r.noteCut(tx, begun.ID)
	})
}

// brings is what an import of a kind adds for each row.
var brings = map[string]store.Thing{rosterKind: store.PersonThing, tasksKind: store.TaskThing, planKind: store.PlanThing, partsKind: store.PartThing}

// noteCut notes what an import brought before it was cut short.
func (r *importRun) noteCut(tx *store.Tx, id int64) error {
	rows, err := tx.AddedBy(id, brings[r.kind])
	r.cut = CutShort{id, rows}
	return err
}

// findCut looks whether the import before this one of its list was cut short.
func (r *importRun) findCut(tx *store.Tx) error {
	last, err := tx.LastImportOf(r.list)
	if err != nil || !last.EndedAt.IsZero() || !last.UndoneAt.IsZero() {
		return ignoreNotFound(err)
	}
	return r.noteCut(tx, last.ID)
}

// next runs a further transaction of the import, whose cause the first one has taken.
func (r *importRun) next(ctx context.Context, fn func(*store.Tx) error) error {
	who := r.who
	who.Cause = 0
	return r.desk.write(ctx, who, fn)
}

// end notes in the last transaction that the import has come to its end.
func (r *importRun) end(tx *store.Tx, result *ImportResult) error {
	result.Done, result.Import, result.Cut = true, r.id, r.cut
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

// carryOut tries a list of so many rows out where that is wanted, and takes it over when nothing speaks against it.
func (r *importRun) carryOut(ctx context.Context, rows int, tryOut, take func(context.Context) error) error {
	if r.o.DryRun || r.o.Chunk > 0 || rows >= rowsTriedOut || r.o.Cancel != "" {
		if err := tryOut(ctx); err != nil || !r.result.passes(r.o) {
			return err
		}
		if r.result.New+r.result.Changed+r.result.Ended == 0 && (r.o.Cancel == "" || len(r.result.Missing) == 0) {
			r.result.Done, r.result.Cut = true, r.cut
			return r.cameToItsEnd(ctx)
		}
	}
	return settled(take(ctx))
}

// cameToItsEnd finds the import that an update asked for when the program ended between its end and the answer, so that it can still be undone.
func (r *importRun) cameToItsEnd(ctx context.Context) error {
	return r.desk.Store.Read(ctx, func(tx *store.Tx) error {
		begun, err := tx.ImportOfCause(r.who.Cause)
		if err != nil {
			return ignoreNotFound(err)
		}
		r.result.Import = begun.ID
		err = r.noteCut(tx, begun.ID)
		r.result.Cut = r.cut
		return err
	})
}

// parts is how a list is taken over part by part: some of its rows, and something that it no longer has.
type parts struct {
	rows int
	take func(tx *store.Tx, from, to int) (ImportResult, error)
	drop func(tx *store.Tx, gone Missing, after *ImportResult) error
}

// takeParts takes the rows over, so many in one transaction as the options say, and then ends what the list no longer has, if it is to be.
func (r *importRun) takeParts(ctx context.Context, p parts) error {
	r.result = ImportResult{Missing: r.result.Missing, Suggested: r.result.Suggested, Gone: r.result.Gone}
	chunk := r.o.Chunk
	if chunk == 0 {
		chunk = max(p.rows, 1)
	}
	for from := 0; from == 0 || from < p.rows; from += chunk {
		to := min(from+chunk, p.rows)
		if err := r.takePart(ctx, p, from, to); err != nil {
			r.result.Cut = CutShort{r.id, from}
			return err
		}
		r.o.tell(Taking, to, p.rows)
		r.o.rest(ctx)
	}
	if r.o.Cancel != "" {
		return r.dropMissing(ctx, p, chunk)
	}
	return nil
}

func (r *importRun) takePart(ctx context.Context, p parts, from, to int) error {
	var after ImportResult
	err := r.turn(ctx, from == 0, func(tx *store.Tx) error {
		done, err := p.take(tx, from, to)
		if err != nil {
			return err
		}
		after = r.result
		after.add(done)
		switch {
		case r.o.Chunk == 0 && !after.passes(r.o):
			return errUndo
		case to >= p.rows && r.o.Cancel == "":
			return r.end(tx, &after)
		}
		return nil
	})
	r.result = after
	return err
}

// dropMissing ends what the list no longer has, so many in one transaction.
func (r *importRun) dropMissing(ctx context.Context, p parts, chunk int) error {
	for from := 0; from == 0 || from < len(r.result.Missing); from += chunk {
		to := min(from+chunk, len(r.result.Missing))
		if err := r.dropPart(ctx, p, from, to); err != nil {
			return err
		}
	}
	return nil
}

func (r *importRun) dropPart(ctx context.Context, p parts, from, to int) error {
	var after ImportResult
	err := r.next(ctx, func(tx *store.Tx) error {
		after = r.result
		for _, gone := range r.result.Missing[from:to] {
			if err := p.drop(tx, gone, &after); err != nil {
				return err
			}
		}
		if to == len(r.result.Missing) {
			return r.end(tx, &after)
		}
		return nil
	})
	if err == nil {
		r.result = after
	}
	return err
}
