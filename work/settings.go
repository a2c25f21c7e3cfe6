package work

import (
	"context"
	"fmt"
	"strings"

	"duban"
	"duban/store"
)

// SetLang changes the language in which a person is addressed.
func (d *Desk) SetLang(ctx context.Context, who duban.Actor, lang string) error {
	return d.write(ctx, who, func(tx *store.Tx) error { return tx.SetLang(who.AccountID, lang) })
}

// Feedback takes a complaint or a suggestion (意见建议): it is recorded and reaches the administrators.
func (d *Desk) Feedback(ctx context.Context, who duban.Actor, body string) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		body = strings.TrimSpace(body)
		if body == "" {
			return duban.Refuse(duban.ReasonNeeded)
		}
		posts, err := tx.Posts(who.PersonID)
		if err != nil {
			return err
		}
		unit := int64(0)
		if len(posts) > 0 {
			unit = posts[0].UnitID
		}
		entry := duban.Entry{Event: duban.EventFeedback, UnitID: unit, PersonID: who.PersonID, Note: body}
		if err := tx.Record(who, entry); err != nil {
			return err
		}
		return tellAdministrators(tx, unit, duban.Notice{
			Key: fmt.Sprintf("feedback:%d:%d", who.PersonID, tx.Now.UnixMilli()), Kind: duban.NewsFeedback, Data: toJSON(PersonNews{who.PersonID, body}),
		})
	})
}

// PersonNews is the data of news about a person: joined, not me, unreachable, feedback.
type PersonNews struct {
	PersonID int64  `json:"person"`
	Text     string `json:"text,omitempty"`
}

// tellAdministrators posts a notice to every administrator in charge of a unit, or of the whole organisation when the unit is 0.
func tellAdministrators(tx *store.Tx, unit int64, n duban.Notice) error {
	admins, err := administratorsOr(tx, unit)
	if err != nil {
		return err
	}
	key := n.Key
	for _, p := range admins {
		n.Key, n.PersonID = fmt.Sprintf("%s:%d", key, p.ID), p.ID
		if err := tx.Post(n); err != nil {
			return err
		}
	}
	return nil
}

func administratorsOr(tx *store.Tx, unit int64) ([]duban.Person, error) {
	if unit != 0 {
		return Administrators(tx, unit)
	}
	roots, err := tx.Units()
	if err != nil {
		return nil, err
	}
	var all []duban.Person
	for _, u := range roots {
		if u.ParentID != 0 {
			continue
		}
		admins, err := tx.Holders(u.ID, duban.Admin)
		if err != nil {
			return nil, err
		}
		all = append(all, admins...)
	}
	return all, nil
}
