package work

import (
	"context"

	"duban"
	"duban/store"
)

// rosterRun is one import of a roster on its way.
type rosterRun struct {
	importRun
	rows []RosterRow
}

// tryOut finds out on a snapshot what the roster would do.
func (r *rosterRun) tryOut(ctx context.Context) error {
	return r.snapshot(ctx, func(tx *store.Tx) error {
		i, err := r.importer(tx, true)
		if err != nil {
			return err
		}
		if err := i.place(r.rows); err != nil {
			return err
		}
		for n := range r.rows {
			r.o.tell(Checking, n, len(r.rows))
			if err := i.row(r.rows, n); err != nil {
				return err
			}
		}
		r.o.tell(Checking, len(r.rows), len(r.rows))
		if err := errorsOf(i.close(r.rows), i.checkNames(r.rows), r.findList(tx)); err != nil {
			return err
		}
		r.result = i.result
		r.result.Cut = r.cut
		r.result.Suggested, err = r.desk.suggestForRoster(tx, r.result.Problems)
		return err
	})
}

// findList finds which roster this is, if it was imported before, and whether that was cut short.
func (r *rosterRun) findList(tx *store.Tx) error {
	list, shared, err := r.nearestList(tx, r.codes(), func(tx *store.Tx, code string) (int64, error) {
		p, err := tx.PersonByCode(code)
		return p.ID, err
	})
	if err != nil || shared == 0 {
		return err
	}
	brought, err := tx.BroughtBy(list, store.PersonThing)
	if err != nil {
		return err
	}
	if same, err := r.isList(tx, list, shared, brought); err != nil || !same {
		return err
	}
	r.list = list
	return r.findCut(tx)
}

// codes are those of the people of the roster, each once.
func (r *rosterRun) codes() []string {
	seen := map[string]bool{"": true}
	var all []string
	for _, row := range r.rows {
		if !seen[row.Code] {
			seen[row.Code], all = true, append(all, row.Code)
		}
	}
	return all
}

func (r *rosterRun) importer(tx *store.Tx, dry bool) (*rosterImport, error) {
	i := &rosterImport{
		desk: r.desk, tx: tx, who: r.who, o: r.o, dry: dry, units: map[unitKey]duban.Unit{}, above: map[int64]int64{}, rights: map[int64]bool{},
		seen: map[int64]map[postKey]bool{}, added: map[int64]bool{}, fresh: map[string]int64{}, renamed: map[string]bool{}, wrong: map[string]bool{},
	}
	known, err := tx.Units()
	for _, u := range known {
		i.units[unitKey{u.ParentID, u.Name}] = u
	}
	return i, err
}

// take takes the rows over: the units first, then people and posts, at the end the posts that are no more, so many rows in one transaction as the
// options say.
func (r *rosterRun) take(ctx context.Context) error {
	if r.o.Chunk == 0 {
		return r.takeAll(ctx)
	}
	tried := r.result
	var units *rosterImport
	err := r.turn(ctx, true, func(tx *store.Tx) (err error) {
		if units, err = r.importer(tx, false); err != nil {
			return err
		}
		units.kept = steps{tx, r.id}
		return units.place(r.rows)
	})
	if err != nil {
		return err
	}
	for from := 0; from < len(r.rows); from += r.o.Chunk {
		to := min(from+r.o.Chunk, len(r.rows))
		if err := r.takeRows(ctx, units, from, to); err != nil {
			r.result.Cut = CutShort{r.id, from}
			return err
		}
		r.o.tell(Taking, to, len(r.rows))
		r.o.rest(ctx)
	}
	return r.next(ctx, func(tx *store.Tx) error {
		last := units.in(tx, steps{tx, r.id})
		if err := last.close(r.rows); err != nil {
			return err
		}
		r.result = last.result
		r.result.Suggested, r.result.Warned = tried.Suggested, tried.Warned
		return r.end(tx, &r.result)
	})
}

func (r *rosterRun) takeRows(ctx context.Context, units *rosterImport, from, to int) error {
	var done *rosterImport
	err := r.next(ctx, func(tx *store.Tx) error {
		done = units.in(tx, steps{tx, r.id})
		for n := from; n < to; n++ {
			if err := done.row(r.rows, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		*units = *done
	}
	return err
}

// takeAll takes all or nothing.
func (r *rosterRun) takeAll(ctx context.Context) error {
	suggested := r.result.Suggested
	return r.turn(ctx, true, func(tx *store.Tx) error {
		i, err := r.importer(tx, false)
		if err != nil {
			return err
		}
		i.kept = steps{tx, r.id}
		if err := i.all(r.rows); err != nil {
			return err
		}
		r.result = i.result
		r.result.Suggested = suggested
		if !r.result.passes(r.o) {
			return errUndo
		}
		return r.end(tx, &r.result)
	})
}
