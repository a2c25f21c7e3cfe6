package work

import (
	"context"
	"strings"

	"duban"
	"duban/store"
)

// audienceName is how long the name of a saved audience may be, in characters.
const audienceName = 20

// SaveAudience keeps an audience under a name (常用范围), for the actor or for everybody who may announce. An own one of that name is replaced.
func (d *Desk) SaveAudience(ctx context.Context, who duban.Actor, a duban.SavedAudience) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		if err := mayAnnounceAtAll(tx, who); err != nil {
			return err
		}
		a.OwnerID, a.Name = who.PersonID, strings.TrimSpace(a.Name)
		switch {
		case a.Name == "" || a.Audience.IsZero():
			return duban.Refuse(duban.ReasonNeeded)
		case len([]rune(a.Name)) > audienceName:
			return duban.Refuse(duban.TooLong)
		}
		return tx.SaveAudience(a)
	})
}

// ChooseAudience returns a saved audience that the actor may use, which from now on is the last one used.
func (d *Desk) ChooseAudience(ctx context.Context, who duban.Actor, id int64) (duban.SavedAudience, error) {
	var a duban.SavedAudience
	err := d.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if a, err = tx.SavedAudience(id); err != nil {
			return err
		}
		if a.OwnerID != who.PersonID && !a.Shared {
			return duban.Refuse(duban.NotAllowed)
		}
		if err := mayAnnounceAtAll(tx, who); err != nil {
			return err
		}
		return tx.UseAudience(id)
	})
	return a, err
}

// DropAudience forgets a saved audience. Only whoever saved it may.
func (d *Desk) DropAudience(ctx context.Context, who duban.Actor, id int64) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		a, err := tx.SavedAudience(id)
		if err != nil {
			return err
		}
		if a.OwnerID != who.PersonID {
			return duban.Refuse(duban.NotAllowed)
		}
		return tx.DropAudience(id)
	})
}

func mayAnnounceAtAll(tx *store.Tx, who duban.Actor) error {
	units, err := unitsOf(tx, who, duban.ActAnnounce)
	if err == nil && len(units) == 0 {
		return duban.Refuse(duban.NotAllowed)
	}
	return err
}
