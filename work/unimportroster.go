package work

import (
	"bytes"
	"slices"

	"duban"
	"duban/calendar"
	"duban/store"
)

// noDue is no deadline at all.
var noDue calendar.Due

// post takes a post away that the import gave, or gives one back that it ended.
func (u *undoing) post(step store.Step) (UndoLeft, error) {
	post, err := fromJSON[duban.Post](step.Before)
	if err != nil {
		return UndoLeft{}, err
	}
	left, err := u.leftOfPost(post)
	if err != nil || left.Reason != "" {
		return left, err
	}
	entry := duban.Entry{
		Event: duban.EventRosterChanged, UnitID: post.UnitID, PersonID: post.PersonID, Facts: duban.Facts{"post": "added", "role": string(post.Role)},
	}
	if step.Did == store.DidEnd {
		_, err := u.tx.SetPost(post.PersonID, post.UnitID, post.Role)
		return left, errorsOf(err, u.tx.Record(u.who, entry))
	}
	held, err := u.tx.Posts(post.PersonID)
	if err != nil {
		return left, err
	}
	entry.Facts["post"] = "ended"
	for _, p := range held {
		if p.UnitID != post.UnitID || p.Role != post.Role {
			continue
		}
		if err := errorsOf(u.tx.EndPost(p.ID), u.tx.Record(u.who, entry), u.desk.handOver(u.tx, u.who, p)); err != nil {
			return left, err
		}
	}
	return left, nil
}

// leftOfPost names a post, with why it stays: whoever has joined by it keeps it.
func (u *undoing) leftOfPost(post duban.Post) (UndoLeft, error) {
	left, err := u.leftOfPerson(post.PersonID)
	if err != nil {
		return left, err
	}
	unit, err := u.tx.Unit(post.UnitID)
	if err != nil {
		return left, err
	}
	left.Unit = unit.Name
	if ok, err := May(u.tx, u.who, duban.ActImport, post.UnitID); err != nil || !ok {
		left.Reason = UndoNotAllowed
		return left, err
	}
	return left, nil
}

// leftOfPerson names a person. Whoever has joined since the import keeps what it brought.
func (u *undoing) leftOfPerson(id int64) (UndoLeft, error) {
	p, err := u.tx.Person(id)
	if err != nil {
		return UndoLeft{}, err
	}
	left := UndoLeft{Code: p.Code, Name: p.Name}
	joined, err := u.tx.JoinedSince(id, u.of.At)
	if joined {
		left.Reason = UndoJoined
	}
	return left, err
}

// person brings a person back to what the roster had, or takes one out who was new.
func (u *undoing) person(step store.Step) (UndoLeft, error) {
	left, err := u.leftOfPerson(step.ThingID)
	if err != nil || left.Reason != "" {
		return left, err
	}
	now, err := u.tx.Person(step.ThingID)
	if err != nil {
		return left, err
	}
	entry := duban.Entry{Event: duban.EventRosterChanged, PersonID: now.ID, Facts: duban.Facts{"person": "changed"}}
	if step.Did == store.DidAdd {
		posts, err := u.tx.Posts(now.ID)
		if err != nil {
			return left, err
		}
		if len(posts) > 0 {
			left.Reason = UndoChanged
			return left, nil
		}
		now.Active = false
		return left, errorsOf(u.tx.ChangePerson(now), u.tx.Record(u.who, entry))
	}
	if step.Before == "" { // it was erased
		left.Reason = UndoChanged
		return left, nil
	}
	before, err := fromJSON[duban.Person](step.Before)
	if err != nil {
		return left, err
	}
	after, err := fromJSON[duban.Person](step.After)
	if err != nil {
		return left, err
	}
	if now.Name != after.Name || !bytes.Equal(now.PhoneHash, after.PhoneHash) || now.Active != after.Active {
		left.Reason = UndoChanged
		return left, nil
	}
	return left, errorsOf(u.tx.ChangePerson(before), u.tx.Record(u.who, entry))
}

// unit brings a unit back to what it was, or closes one that was new and has nothing.
func (u *undoing) unit(step store.Step) (UndoLeft, error) {
	now, err := u.tx.Unit(step.ThingID)
	if err != nil {
		return UndoLeft{}, err
	}
	left := UndoLeft{Name: now.Name}
	if ok, err := May(u.tx, u.who, duban.ActImport, now.ID); err != nil || !ok {
		left.Reason = UndoNotAllowed
		return left, err
	}
	entry := duban.Entry{Event: duban.EventRosterChanged, UnitID: now.ID, Facts: duban.Facts{"unit": "changed", "kind": string(now.Kind)}}
	if step.Did == store.DidAdd {
		empty, err := u.isEmpty(now)
		if err != nil {
			return left, err
		}
		if !empty {
			left.Reason = UndoInUse
			return left, nil
		}
		now.Active, entry.Facts["unit"] = false, "closed"
		return left, errorsOf(u.tx.ChangeUnit(now), u.tx.Record(u.who, entry))
	}
	before, err := fromJSON[duban.Unit](step.Before)
	if err != nil {
		return left, err
	}
	after, err := fromJSON[duban.Unit](step.After)
	if err != nil {
		return left, err
	}
	if now != after {
		left.Reason = UndoChanged
		return left, nil
	}
	if before.ParentID != now.ParentID {
		if fits, err := u.fitsBelow(now, before.ParentID); err != nil || !fits {
			left.Reason = UndoChanged
			return left, err
		}
		if err := u.tx.MoveUnit(now.ID, before.ParentID); err != nil {
			return left, err
		}
	}
	return left, errorsOf(u.tx.ChangeUnit(before), u.tx.Record(u.who, entry))
}

// fitsBelow reports whether a unit can come back below another one: that is still there, has not come below this one meanwhile, and has no other unit of
// the name.
func (u *undoing) fitsBelow(unit duban.Unit, parent int64) (bool, error) {
	named, err := u.tx.UnitsNamed(unit.Name)
	if err != nil || slices.ContainsFunc(named, func(other duban.Unit) bool { return other.ParentID == parent }) {
		return false, err
	}
	if parent == 0 {
		return true, nil
	}
	above, err := u.tx.Unit(parent)
	if err != nil || !above.Active {
		return false, err
	}
	depth, err := u.tx.Depth(unit.ID, parent)
	return depth < 0, err
}

func (u *undoing) isEmpty(unit duban.Unit) (bool, error) {
	posts, err := u.tx.PostsIn(unit.ID)
	if err != nil {
		return false, err
	}
	below, err := u.tx.UnitsBelow(unit.ID)
	if err != nil {
		return false, err
	}
	items, err := u.tx.InSubtree(unit.ID)
	return len(posts) == 0 && len(below) == 1 && len(items) == 0, err
}
