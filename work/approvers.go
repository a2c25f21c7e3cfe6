package work

import (
	"slices"

	"duban"
	"duban/store"
)

// issueDeciders returns who holds a seat towards all of the units to which a task is to go. Nobody decides on what he asked for himself.
func issueDeciders(tx *store.Tx, targets []Target, seat duban.Seat, asker int64) ([]duban.Person, error) {
	var all []duban.Person
	for _, t := range targets {
		holders, err := tx.HoldersAbove(t.Unit.ID, seatRole[seat])
		if err != nil {
			return nil, err
		}
		for _, h := range holders {
			if h.ID != asker && !slices.ContainsFunc(all, func(p duban.Person) bool { return p.ID == h.ID }) {
				all = append(all, h)
			}
		}
	}
	return all, nil
}

// seatRole and seatAction say who holds a seat, and by which right.
var (
	seatRole   = map[duban.Seat]duban.Role{duban.SeatSecretary: duban.Secretary, duban.SeatSecondAdmin: duban.Admin, duban.SeatAdmin: duban.Admin, duban.SeatLeader: duban.Leader}
	seatAction = map[duban.Seat]duban.Action{duban.SeatSecretary: duban.ActAgree, duban.SeatSecondAdmin: duban.ActSecondPerson, duban.SeatLeader: duban.ActApprove}
)

// MayApprove reports whether an actor holds the seat that decides on a request to issue a task, towards every unit of it.
func MayApprove(tx *store.Tx, who duban.Actor, r duban.Request) (bool, error) {
	if r.TaskID == 0 || who.PersonID == r.AskerID {
		return false, nil
	}
	targets, _, err := targetsOf(tx, r.TaskID)
	if err != nil {
		return false, err
	}
	for _, t := range targets {
		if ok, err := May(tx, who, seatAction[r.Needs], t.Unit.ID); err != nil || !ok {
			return false, err
		}
	}
	return len(targets) > 0, nil
}

// IssueDeciders returns who may decide now on a request to issue a task.
func IssueDeciders(tx *store.Tx, r duban.Request) ([]duban.Person, error) {
	targets, _, err := targetsOf(tx, r.TaskID)
	if err != nil {
		return nil, err
	}
	return issueDeciders(tx, targets, r.Needs, r.AskerID)
}
