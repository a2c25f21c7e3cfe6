package work

import (
	"context"

	"duban/store"
)

// itemList is what lists of items differ in: those that are issued, and those of the plan of the year.
type itemList interface {
	// trial only finds out what rows would do.
	trial(tx *store.Tx) rowTaker
	// taking takes rows over within one transaction of the import.
	taking(tx *store.Tx) rowTaker
	// idOf returns the id of the item that has a code; NotFound when none has.
	idOf(tx *store.Tx, code string) (int64, error)
	// members returns the items that the imports of a list have brought.
	members(tx *store.Tx, list int64) ([]member, error)
	// drop ends what the list no longer has.
	drop(tx *store.Tx, gone Missing, after *ImportResult) error
}

// rowTaker takes rows of a list, one after the other, and says what came of them.
type rowTaker interface {
	row(TaskRow) error
	outcome() ImportResult
}

// rowImport is what taking rows over within one transaction needs, whatever becomes of them.
type rowImport struct {
	*resolver
	kept   steps // what is kept of the import to undo it
	dry    bool  // find out what would happen, and write nothing
	result ImportResult
}

func (m *rowImport) outcome() ImportResult {
	result := m.result
	result.Problems, result.Warned = m.problems, m.warned
	return result
}

func (r *importRun) dryRows(tx *store.Tx) rowImport {
	return rowImport{resolver: r.desk.resolver(tx, r.who), dry: true}
}

func (r *importRun) keptRows(tx *store.Tx) rowImport {
	return rowImport{resolver: r.desk.resolver(tx, r.who), kept: steps{tx, r.id}}
}

// member is an item that a list has brought, and what of it could be ended where the list has it no more.
type member struct {
	code    string
	missing func() ([]Missing, error)
}

// listRun is one import of a list of items on its way.
type listRun struct {
	*importRun
	rows []TaskRow
	of   itemList
}

// takeList imports a list of items.
func (r *importRun) takeList(ctx context.Context, rows []TaskRow, of itemList) (ImportResult, error) {
	l := listRun{r, rows, of}
	err := r.carryOut(ctx, len(rows), l.tryOut, func(ctx context.Context) error {
		return r.takeParts(ctx, parts{len(rows), l.takeRows, of.drop})
	})
	return r.result, err
}

// tryOut finds out on a snapshot what the list would do.
func (l listRun) tryOut(ctx context.Context) error {
	return l.snapshot(ctx, func(tx *store.Tx) error {
		into := l.of.trial(tx)
		for i, row := range l.rows {
			l.o.tell(Checking, i, len(l.rows))
			if err := into.row(row); err != nil {
				return err
			}
		}
		l.o.tell(Checking, len(l.rows), len(l.rows))
		missing, err := l.findMissing(tx)
		if err != nil {
			return err
		}
		l.result = into.outcome()
		l.result.Cut = l.cut
		l.result.Missing = append(l.result.Missing, missing...)
		l.result.Suggested, err = l.desk.suggestForTasks(tx, l.result.Problems)
		return err
	})
}

// takeRows takes some rows over.
func (l listRun) takeRows(tx *store.Tx, from, to int) (ImportResult, error) {
	into := l.of.taking(tx)
	for _, row := range l.rows[from:to] {
		if err := into.row(row); err != nil {
			return ImportResult{}, err
		}
	}
	return into.outcome(), nil
}

// findMissing finds which list this is, and what its imports have brought that the file does not have.
func (l listRun) findMissing(tx *store.Tx) ([]Missing, error) {
	list, shared, err := l.nearestList(tx, l.codes(), l.of.idOf)
	if err != nil || shared == 0 {
		return nil, err
	}
	members, err := l.of.members(tx, list)
	if err != nil {
		return nil, err
	}
	if same, err := l.isList(tx, list, shared, len(members)); err != nil || !same {
		return nil, err
	}
	l.list = list
	if err := l.findCut(tx); err != nil {
		return nil, err
	}
	return l.lacking(members)
}

func (l listRun) codes() []string {
	all := make([]string, len(l.rows))
	for i, row := range l.rows {
		all[i] = row.Code
	}
	return all
}

// lacking returns what of the members of a list the file does not have. A row that could not be read is not missing.
func (l listRun) lacking(members []member) ([]Missing, error) {
	here := map[string]bool{}
	for _, row := range l.rows {
		here[row.Code] = true
	}
	var all []Missing
	for _, m := range members {
		if here[m.code] || l.o.Unread[m.code] {
			continue
		}
		missing, err := m.missing()
		if err != nil {
			return nil, err
		}
		all = append(all, missing...)
	}
	return all, nil
}
