package work

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"

	"duban"
	"duban/store"
)

// linkPrefix marks the payload of an invitation in t.me/BOT?start=….
const linkPrefix = "i_"

// Invited is a fresh invitation. Secret is the payload of the link; it is not kept and cannot be had again.
type Invited struct {
	Person    duban.Person
	Unit      duban.Unit
	Secret    string
	ExpiresAt time.Time
}

// InviteWhom says who is invited. Exactly one field is set.
type InviteWhom struct {
	Code   string // of a person
	Unit   int64  // everyone in the subtree who has not joined
	All    bool   // everyone who has not joined
	Person int64
}

// Invite makes personal one-time links (128 random bits, of which only a hash is kept). Links made earlier stay valid until one is used.
func (d *Desk) Invite(ctx context.Context, who duban.Actor, whom InviteWhom) ([]Invited, error) {
	var made []Invited
	err := d.write(ctx, who, func(tx *store.Tx) error {
		made = nil
		people, err := invitees(tx, whom)
		if err != nil {
			return err
		}
		for _, p := range people {
			one, err := d.invite(tx, who, p)
			if duban.CodeOf(err) == duban.NotAllowed && whom.Code == "" && whom.Person == 0 {
				continue
			}
			if err != nil {
				return err
			}
			made = append(made, one)
		}
		return nil
	})
	return made, err
}

func invitees(tx *store.Tx, whom InviteWhom) ([]duban.Person, error) {
	switch {
	case whom.Code != "":
		p, err := tx.PersonByCode(whom.Code)
		return []duban.Person{p}, err
	case whom.Person != 0:
		p, err := tx.Person(whom.Person)
		return []duban.Person{p}, err
	}
	people, err := tx.People()
	if err != nil {
		return nil, err
	}
	var missing []duban.Person
	for _, p := range people {
		if ok, err := waitsForInvitation(tx, p, whom.Unit); err != nil {
			return nil, err
		} else if ok {
			missing = append(missing, p)
		}
	}
	return missing, nil
}

func waitsForInvitation(tx *store.Tx, p duban.Person, unit int64) (bool, error) {
	if _, err := tx.AccountOfPerson(p.ID); err == nil || duban.CodeOf(err) != duban.NotFound {
		return false, ignoreNotFound(err)
	}
	if unit == 0 {
		return true, nil
	}
	posts, err := tx.Posts(p.ID)
	for _, post := range posts {
		depth, err := tx.Depth(unit, post.UnitID)
		if err != nil || depth >= 0 {
			return depth >= 0, err
		}
	}
	return false, err
}

func (d *Desk) invite(tx *store.Tx, who duban.Actor, p duban.Person) (Invited, error) {
	unit, err := FirstUnit(tx, p.ID)
	if err != nil {
		return Invited{}, err
	}
	if err := mustMay(tx, who, duban.ActInvite, unit.ID); err != nil {
		return Invited{}, err
	}
	secret := make([]byte, 16)
	rand.Read(secret)
	one := Invited{Person: p, Unit: unit, Secret: linkPrefix + base64.RawURLEncoding.EncodeToString(secret), ExpiresAt: tx.Now.Add(d.Policy.LinkValid)}
	if err := tx.AddInvitation(one.Secret, p.ID, one.ExpiresAt); err != nil {
		return one, err
	}
	return one, tx.Record(who, duban.Entry{Event: duban.EventInvited, UnitID: unit.ID, PersonID: p.ID})
}

// FirstUnit returns the unit of a person's first post, the zero unit when there is none.
func FirstUnit(tx *store.Tx, person int64) (duban.Unit, error) {
	posts, err := tx.Posts(person)
	if err != nil || len(posts) == 0 {
		return duban.Unit{}, err
	}
	return tx.Unit(posts[0].UnitID)
}

// Revoke ends the binding of a person's account and every open invitation (解绑), for a lost telephone or somebody who leaves. What the person
// did stays in the record.
func (d *Desk) Revoke(ctx context.Context, who duban.Actor, person int64) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		unit, err := FirstUnit(tx, person)
		if err != nil {
			return err
		}
		if err := mustMay(tx, who, duban.ActInvite, unit.ID); err != nil {
			return err
		}
		account, err := tx.AccountOfPerson(person)
		if err != nil {
			return err
		}
		return revoke(tx, who, account, unit.ID)
	})
}

func revoke(tx *store.Tx, who duban.Actor, account duban.Account, unit int64) error {
	if err := tx.RevokeAccount(account.ID); err != nil {
		return err
	}
	if err := tx.DropInvitations(account.PersonID); err != nil {
		return err
	}
	if err := tx.EndDialog(account.TelegramID); err != nil {
		return err
	}
	err := tx.Post(duban.Notice{
		Key: "revoked:" + itoa(account.ID), Kind: duban.NewsRevoked, Lane: duban.LaneAnswer, ChatID: account.TelegramID,
		Data: toJSON(RevokedNews{account.Lang}),
	})
	if err != nil {
		return err
	}
	return tx.Record(who, duban.Entry{Event: duban.EventRevoked, UnitID: unit, PersonID: account.PersonID})
}

// RevokedNews is the data of NewsRevoked: the account is no longer there to tell the language.
type RevokedNews struct {
	Lang string `json:"lang"`
}
