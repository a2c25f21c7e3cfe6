package work

import (
	"duban"
	"duban/store"
)

// deputiesFollowed is how many deputies in a row are looked up, when the deputy of somebody who is away is away as well.
const deputiesFollowed = 4

// Deputy returns who acts for a person today: the deputy named for the absence, and where that one is away too, the next. It is the person himself where
// nobody is away, or where those who are away stand in for each other.
func Deputy(tx *store.Tx, person int64) (int64, error) {
	at, today := person, tx.Today()
	for range deputiesFollowed {
		b, err := tx.AbsenceOn(at, today)
		if duban.CodeOf(err) == duban.NotFound {
			return at, nil
		}
		if err != nil {
			return person, err
		}
		if at = b.DeputyID; at == person {
			return person, nil
		}
	}
	return person, nil
}

// StandsIn reports whether somebody acts today for a person who is away.
func StandsIn(tx *store.Tx, deputy, person int64) (bool, error) {
	if deputy == 0 || deputy == person {
		return false, nil
	}
	now, err := Deputy(tx, person)
	return now == deputy, err
}

// ActsFor returns for whom a person acts today, each once, without those who have a nearer deputy: who named the person for an absence, who named one of
// these, and so on.
func ActsFor(tx *store.Tx, deputy int64) ([]int64, error) {
	seen := map[int64]bool{deputy: true}
	var people []int64
	for named := []int64{deputy}; len(named) > 0; named = named[1:] {
		absences, err := tx.ActsFor(named[0], tx.Today())
		if err != nil {
			return nil, err
		}
		for _, b := range absences {
			if seen[b.PersonID] {
				continue
			}
			seen[b.PersonID] = true
			named = append(named, b.PersonID)
			ok, err := StandsIn(tx, deputy, b.PersonID)
			if err != nil {
				return nil, err
			}
			if ok {
				people = append(people, b.PersonID)
			}
		}
	}
	return people, nil
}

// mayByDeputy reports whether an actor has a right towards a unit because of somebody for whom he acts today.
func mayByDeputy(tx *store.Tx, who duban.Actor, action duban.Action, unit int64) (bool, error) {
	if !action.ByDeputy() {
		return false, nil
	}
	people, err := ActsFor(tx, who.PersonID)
	if err != nil {
		return false, err
	}
	for _, p := range people {
		if ok, err := mayByPosts(tx, p, action, unit); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}
