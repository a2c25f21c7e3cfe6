package work

import (
	"duban"
	"duban/store"
)

// mayConduct returns an announcement that the actor may steer, or refuses as NotAllowed.
func mayConduct(tx *store.Tx, who duban.Actor, announcement int64) (duban.Announcement, error) {
	n, err := tx.Announcement(announcement)
	if err != nil {
		return n, err
	}
	ok, err := MayConduct(tx, who, n)
	if err == nil && !ok {
		err = duban.Refuse(duban.NotAllowed)
	}
	return n, err
}

// MayConduct reports whether an actor may steer an announcement and see what became of it: whoever may announce, as things stand now, to everybody to
// whom it went, and to every unit from which its sender announces or has announced. The sender may as long as the first holds, also from another post.
// People count to a unit in which they once had a post, so that somebody who moved on takes no announcement out of anybody's hands.
func MayConduct(tx *store.Tx, who duban.Actor, n duban.Announcement) (bool, error) {
	if who.Trusted() {
		return true, nil
	}
	allowed, err := unitsOf(tx, who, duban.ActAnnounce)
	if err != nil || len(allowed) == 0 {
		return false, err
	}
	if who.PersonID != n.SenderID {
		if ok, err := isAbove(tx, allowed, n.SenderID); err != nil || !ok {
			return false, err
		}
	}
	return reachedWithin(tx, allowed, n.ID)
}

// isAbove reports whether units hold every one from which somebody announces or has announced.
func isAbove(tx *store.Tx, units map[int64]bool, sender int64) (bool, error) {
	posts, err := tx.PostsEver(sender)
	for _, p := range posts {
		if duban.Right(duban.ActAnnounce, p.Role) != duban.Nowhere && !units[p.UnitID] {
			return false, err
		}
	}
	return true, err
}

// reachedWithin reports whether everybody to whom an announcement goes has, or had, a post in one of the units.
func reachedWithin(tx *store.Tx, units map[int64]bool, announcement int64) (bool, error) {
	all, err := tx.RecipientUnits(announcement)
	within := map[int64]bool{}
	for _, r := range all {
		within[r.Person] = within[r.Person] || units[r.Unit]
	}
	for _, inside := range within {
		if !inside {
			return false, err
		}
	}
	return true, err
}
