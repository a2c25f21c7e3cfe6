package work

import (
	"encoding/json"
	"fmt"

	"duban"
	"duban/store"
)

// steps keeps what an import does to each thing, so that it can be undone. The zero steps keep nothing.
type steps struct {
	tx *store.Tx
	id int64 // of the import
}

func (s steps) add(thing store.Thing, id int64, did store.Did, before, after any) error {
	if s.id == 0 {
		return nil
	}
	step := store.Step{ImportID: s.id, Thing: thing, ThingID: id, Did: did}
	if did != store.DidAdd || thing == store.PostThing || thing == store.PartThing {
		step.Before, step.After = toJSON(before), toJSON(after)
	}
	return s.tx.AddStep(step)
}

// assignments keeps what has become of the assignments of a task since they were as given.
func (s steps) assignments(task int64, before []duban.Assignment) error {
	if s.id == 0 {
		return nil
	}
	were := map[int64]duban.Assignment{}
	for _, a := range before {
		were[a.ID] = a
	}
	after, err := s.tx.AssignmentsOf(task)
	if err != nil {
		return err
	}
	for _, a := range after {
		if err := s.assignment(were[a.ID], a); err != nil {
			return err
		}
	}
	return nil
}

func (s steps) assignment(before, after duban.Assignment) error {
	did := store.DidChange
	switch {
	case before.ID == 0, before.State == duban.CalledOff && after.State != duban.CalledOff:
		did = store.DidAdd
	case before.Version == after.Version:
		return nil
	case before.State != after.State && (after.State == duban.CalledOff || after.State.Done()):
		did = store.DidEnd
	}
	return s.add(store.AssignmentThing, after.ID, did, before, after)
}

// fromJSON reads what a step kept.
func fromJSON[T any](body string) (T, error) {
	var value T
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		return value, fmt.Errorf("read what an import kept: %w", err)
	}
	return value, nil
}
