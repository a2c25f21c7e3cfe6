package export

import (
	"iter"

	"duban"
	"duban/sheet"
	"duban/text"
)

// Handover (交接) is what goes with a post that changes hands: the assignments that were open, those that were finished, and what the record says of both.
type Handover struct {
	Open, Done []int64 // of assignments, in the order in which they are shown
}

// Handover returns the sheets of a handover, in which the filter has no part. The second is left out where nothing was finished.
func (e Export) Handover(h Handover) (iter.Seq2[sheet.Sheet, error], error) {
	n, err := e.names()
	if err != nil {
		return nil, err
	}
	open, err := e.Ledger()
	if err != nil {
		return nil, err
	}
	entries, err := e.Record()
	if err != nil {
		return nil, err
	}
	done := open
	open.Name, done.Name, entries.Name = text.Word(e.Lang, "handover.sheet_open"), text.Word(e.Lang, "handover.sheet_done"), text.Word(e.Lang, "export.record")
	open.Rows, done.Rows = stream(ledger{n}.of(h.Open)), stream(ledger{n}.of(h.Done))
	entries.Rows = stream(record{names: n}.of(append(h.Open[:len(h.Open):len(h.Open)], h.Done...)))
	return func(yield func(sheet.Sheet, error) bool) {
		_ = yield(open, nil) && (len(h.Done) == 0 || yield(done, nil)) && yield(entries, nil)
	}, nil
}

// of walks over some assignments.
func (l ledger) of(ids []int64) func(func([]any) error) error {
	return func(yield func([]any) error) error {
		for _, id := range ids {
			a, err := l.Tx.Assignment(id)
			if err != nil {
				return err
			}
			if err := yield(l.row(a)); err != nil {
				return err
			}
		}
		return nil
	}
}

// of walks over what is recorded of some assignments, one after the other.
func (r record) of(ids []int64) func(func([]any) error) error {
	return func(yield func([]any) error) error {
		for _, id := range ids {
			entries, err := r.Tx.RecordOf(id)
			if err != nil {
				return err
			}
			if err := r.each(entries, yield); err != nil {
				return err
			}
		}
		return nil
	}
}

func (r record) each(entries []duban.Entry, yield func([]any) error) error {
	for _, e := range entries {
		if err := yield(r.row(e)); err != nil {
			return err
		}
	}
	return nil
}
