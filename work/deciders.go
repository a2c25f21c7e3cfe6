package work

import (
	"slices"

	"duban"
	"duban/store"
)

// DecidersOf returns who has to act on a request of any kind now: about an item, to issue a task, or to announce.
func DecidersOf(tx *store.Tx, r duban.Request) ([]duban.Person, error) {
	switch r.Kind {
	case duban.AskAnnounce:
		return AnnounceDeciders(tx, r.AskerID)
	case duban.AskIssue:
		return IssueDeciders(tx, r)
	}
	a, err := tx.Assignment(r.AssignmentID)
	if err != nil {
		return nil, err
	}
	return Deciders(tx, r, a)
}

// Deciders returns who has to act on a request about an assignment now: the secretaries of the school until one has agreed, then whoever decides; and
// who stands in for those of them who are away. None has an interest of his own in it.
func Deciders(tx *store.Tx, r duban.Request, a duban.Assignment) ([]duban.Person, error) {
	switch {
	case r.State == duban.Asked:
		return without(r.AskerID)(withDeputies(tx)(Secretaries(tx, a.UnitID)))
	case r.State != duban.Agreed:
		return nil, nil
	case r.Kind == duban.AskDecline:
		return without(r.AskerID)(Administrators(tx, a.UnitID))
	case r.Kind == duban.AskObjection:
		return objectionDeciders(tx, r, a)
	}
	apart := without(r.AskerID, a.OwnerID)
	if r.Needs == duban.SeatLeader {
		return apart(withDeputies(tx)(Leaders(tx, a.UnitID)))
	}
	admins, err := apart(withDeputies(tx)(Administrators(tx, a.UnitID)))
	if err != nil || len(admins) > 0 {
		return admins, err
	}
	return apart(withDeputies(tx)(Leaders(tx, a.UnitID)))
}

// withDeputies adds to a list that was read who stands in today for those who are away.
func withDeputies(tx *store.Tx) func([]duban.Person, error) ([]duban.Person, error) {
	return func(people []duban.Person, err error) ([]duban.Person, error) {
		all := slices.Clone(people)
		for _, p := range people {
			if err != nil {
				return nil, err
			}
			id, err := Deputy(tx, p.ID)
			if err != nil {
				return nil, err
			}
			deputy, err := tx.Person(id)
			if err != nil {
				return nil, err
			}
			all = append(all, deputy)
		}
		return distinctPeople(all), err
	}
}

// Leaders returns the leaders in charge of a unit: those of the nearest unit at or above it that has any.
func Leaders(tx *store.Tx, unit int64) ([]duban.Person, error) {
	return tx.HoldersAbove(unit, duban.Leader)
}

func distinctPeople(people []duban.Person) []duban.Person {
	seen := map[int64]bool{}
	var kept []duban.Person
	for _, p := range people {
		if !seen[p.ID] {
			seen[p.ID] = true
			kept = append(kept, p)
		}
	}
	return kept
}

// without leaves some people out of a list that was read.
func without(ids ...int64) func([]duban.Person, error) ([]duban.Person, error) {
	return func(people []duban.Person, err error) ([]duban.Person, error) {
		return slices.DeleteFunc(people, func(p duban.Person) bool { return slices.Contains(ids, p.ID) }), err
	}
}

// tellDeciders puts the live card of a request before everybody who has to act on it now.
func tellDeciders(tx *store.Tx, r duban.Request, a duban.Assignment) error {
	deciders, err := Deciders(tx, r, a)
	if err != nil {
		return err
	}
	for _, p := range deciders {
		if err := tx.Post(requestNotice(r, p.ID)); err != nil {
			return err
		}
	}
	return nil
}

// MayAct says whether an actor may act on a request at its present stage: agree or not as the school's secretary, then decide. Nobody acts on what he
// asked for himself, nor decides on his own item.
func (d *Desk) MayAct(tx *store.Tx, who duban.Actor, r duban.Request, a duban.Assignment) error {
	if who.PersonID != 0 && who.PersonID == r.AskerID {
		return duban.Refuse(duban.OwnRequest)
	}
	if r.State == duban.Asked {
		return mustMay(tx, who, duban.ActAgree, a.UnitID)
	}
	if r.Kind == duban.AskDecline {
		return mustMay(tx, who, duban.ActSettle, a.UnitID)
	}
	if who.PersonID != 0 && who.PersonID == a.OwnerID {
		return duban.Refuse(duban.OwnRequest)
	}
	switch {
	case r.Kind == duban.AskObjection:
		return mayAnswerObjection(tx, who, a)
	case r.Needs == duban.SeatLeader:
		return mustMay(tx, who, duban.ActExtendFar, a.UnitID)
	}
	return mustMay(tx, who, duban.ActExtend, a.UnitID)
}
