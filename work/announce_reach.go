package work

import (
	"duban"
	"duban/store"
)

// Reach is who an announcement would go to.
type Reach struct {
	People      []duban.Person // who will be tried
	Unreachable []duban.Person // in the audience, but not joined or not reachable
}

// ReachOf resolves an audience within what an actor may announce to. It counts people, not posts; the sender is included when in it.
func ReachOf(tx *store.Tx, who duban.Actor, audience duban.Audience) (Reach, error) {
	allowed, err := unitsOf(tx, who, duban.ActAnnounce)
	if err != nil {
		return Reach{}, err
	}
	within, err := within(tx, audience)
	if err != nil {
		return Reach{}, err
	}
	holders, err := tx.PostHolders()
	if err != nil {
		return Reach{}, err
	}
	var reach Reach
	seen := map[int64]bool{}
	for _, h := range holders {
		if seen[h.Person.ID] || !allowed[h.Unit.ID] || !within(h) {
			continue
		}
		seen[h.Person.ID] = true
		if h.Reachable {
			reach.People = append(reach.People, h.Person)
		} else {
			reach.Unreachable = append(reach.Unreachable, h.Person)
		}
	}
	return reach, nil
}

// unitsOf returns every unit towards which an actor has a right.
func unitsOf(tx *store.Tx, who duban.Actor, action duban.Action) (map[int64]bool, error) {
	posts, err := tx.Posts(who.PersonID)
	if err != nil {
		return nil, err
	}
	covered := map[int64]bool{}
	for _, p := range posts {
		if scope := duban.Right(action, p.Role); scope.Covers(1) {
			err = addSubtree(tx, covered, p.UnitID)
			covered[p.UnitID] = scope.Covers(0)
		} else if scope.Covers(0) {
			covered[p.UnitID] = true
		}
		if err != nil {
			return nil, err
		}
	}
	return covered, nil
}

func addSubtree(tx *store.Tx, into map[int64]bool, unit int64) error {
	below, err := tx.UnitsBelow(unit)
	for _, u := range below {
		into[u.ID] = true
	}
	return err
}

// within makes the test of whether somebody with a post is in an audience: everything that is set has to hold.
func within(tx *store.Tx, a duban.Audience) (func(store.PostHolder) bool, error) {
	if a.IsZero() {
		return func(store.PostHolder) bool { return false }, nil
	}
	units, owners := map[int64]bool{}, map[int64]bool{}
	if a.UnitID != 0 {
		if err := addSubtree(tx, units, a.UnitID); err != nil {
			return nil, err
		}
	}
	if a.TaskID != 0 {
		all, err := tx.AssignmentsOf(a.TaskID)
		if err != nil {
			return nil, err
		}
		for _, item := range all {
			if a.Part.Holds(item) {
				owners[item.OwnerID] = true
			}
		}
	}
	named := map[int64]bool{}
	for _, id := range a.People {
		named[id] = true
	}
	return func(h store.PostHolder) bool {
		switch {
		case a.UnitID != 0 && !units[h.Unit.ID],
			a.TaskID != 0 && !owners[h.Person.ID],
			len(a.People) > 0 && !named[h.Person.ID],
			a.Role != "" && h.Role != a.Role,
			a.Kind != "" && h.Unit.Kind != a.Kind,
			a.Region != "" && h.Unit.Region != a.Region:
			return false
		}
		return true
	}, nil
}

// AnnouncedUnits returns every unit whose people an actor may announce to.
func AnnouncedUnits(tx *store.Tx, who duban.Actor) (map[int64]bool, error) {
	return unitsOf(tx, who, duban.ActAnnounce)
}

// AnnouncesTo returns whoever has a post towards which an actor may announce, each person once.
func AnnouncesTo(tx *store.Tx, who duban.Actor) ([]duban.Person, error) {
	reach, err := ReachOf(tx, who, duban.Audience{All: true})
	return append(reach.People, reach.Unreachable...), err
}
