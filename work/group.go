package work

import (
	"context"
	"fmt"

	"duban"
	"duban/store"
)

// GroupNews is the data of news that goes into a work group, and of what administrators are told about one.
type GroupNews struct {
	Group  int64             `json:"group"`
	Day    string            `json:"day,omitempty"`    // of the line of the day
	Reason duban.GroupReason `json:"reason,omitempty"` // why nothing can be posted; empty: something can again
}

// AskToBind notes that an administrator wants to bind a chat, or a topic of it, as a work group. One that is bound already is returned as it is,
// though to nobody who may not see to its unit.
func (d *Desk) AskToBind(ctx context.Context, who duban.Actor, chat, topic int64, title string) (duban.Group, error) {
	var g duban.Group
	err := d.write(ctx, who, func(tx *store.Tx) error {
		units, err := unitsOf(tx, who, duban.ActInvite)
		if err != nil || len(units) == 0 {
			return orRefuse(err, duban.NotAllowed)
		}
		if g, err = tx.GroupAt(chat, topic); duban.CodeOf(err) == duban.NotFound {
			g = duban.Group{ChatID: chat, TopicID: topic, Title: title, State: duban.GroupAsked, BoundBy: who.PersonID, Daily: true}
			g.ID, err = tx.AddGroup(g)
			return err
		}
		if err != nil {
			return err
		}
		if g.Bound() {
			g, err = boundAlready(tx, who, g, title)
			return err
		}
		g.Title, g.State, g.BoundBy, g.UnitID = title, duban.GroupAsked, who.PersonID, 0
		return tx.SaveGroup(g)
	})
	return g, err
}

// boundAlready is a work group of which somebody says that it is one: the bot can post there, and the title is what it is called now.
func boundAlready(tx *store.Tx, who duban.Actor, g duban.Group, title string) (duban.Group, error) {
	if err := mustMay(tx, who, duban.ActInvite, g.UnitID); err != nil {
		return g, err
	}
	g, err := renamed(tx, g, title)
	if err != nil || g.State != duban.GroupLost {
		return g, err
	}
	return foundGroup(tx, g)
}

// BindGroup makes a group the work group of a unit, if the actor is in charge of both. A group that nobody has asked to bind is refused as
// WrongState.
func (d *Desk) BindGroup(ctx context.Context, who duban.Actor, id, unit int64) (duban.Group, error) {
	return d.changeGroup(ctx, who, id, func(tx *store.Tx, g *duban.Group) error {
		if g.State == duban.GroupUnbound {
			return duban.Refuse(duban.WrongState)
		}
		if err := mustMay(tx, who, duban.ActInvite, unit); err != nil {
			return err
		}
		g.State, g.Reason, g.UnitID, g.BoundBy, g.Shown = duban.GroupBound, "", unit, who.PersonID, ""
		return recordGroup(tx, who, *g, duban.EventGroupBound)
	})
}

// UnbindGroup ends a work group: nothing is posted there any more.
func (d *Desk) UnbindGroup(ctx context.Context, who duban.Actor, id int64) (duban.Group, error) {
	return d.changeGroup(ctx, who, id, func(tx *store.Tx, g *duban.Group) error {
		if !g.Bound() {
			return duban.Refuse(duban.AlreadyDone)
		}
		g.State, g.Reason = duban.GroupUnbound, ""
		return recordGroup(tx, who, *g, duban.EventGroupUnbound)
	})
}

// SetGroupDaily switches the daily line of a work group on or off.
func (d *Desk) SetGroupDaily(ctx context.Context, who duban.Actor, id int64, daily bool) (duban.Group, error) {
	return d.changeGroup(ctx, who, id, func(tx *store.Tx, g *duban.Group) error {
		if !g.Bound() {
			return duban.Refuse(duban.WrongState)
		}
		if g.Daily == daily {
			return duban.Refuse(duban.AlreadyDone)
		}
		g.Daily = daily
		what := "daily_off"
		if daily {
			what = "daily_on"
		}
		return recordGroupChange(tx, who, *g, what)
	})
}

// changeGroup changes a group of whose unit the actor is in charge, or one without a unit that the actor has asked to bind.
func (d *Desk) changeGroup(ctx context.Context, who duban.Actor, id int64, change func(*store.Tx, *duban.Group) error) (duban.Group, error) {
	var g duban.Group
	err := d.write(ctx, who, func(tx *store.Tx) (err error) {
		if g, err = tx.Group(id); err != nil {
			return err
		}
		switch {
		case g.Bound():
			err = mustMay(tx, who, duban.ActInvite, g.UnitID)
		case g.BoundBy != who.PersonID:
			err = duban.Refuse(duban.NotAllowed)
		}
		if err != nil {
			return err
		}
		if err := change(tx, &g); err != nil {
			return err
		}
		return tx.SaveGroup(g)
	})
	return g, err
}

func recordGroup(tx *store.Tx, who duban.Actor, g duban.Group, event duban.Event) error {
	facts := duban.Facts{"group": g.ID}
	if g.Reason != "" {
		facts["reason"] = string(g.Reason)
	}
	return tx.Record(who, duban.Entry{Event: event, UnitID: g.UnitID, Facts: facts, Note: g.Title})
}

// recordGroupChange records what is different about a work group, under the name that it has now.
func recordGroupChange(tx *store.Tx, who duban.Actor, g duban.Group, what string) error {
	return tx.Record(who, duban.Entry{
		Event: duban.EventGroupChanged, UnitID: g.UnitID, Facts: duban.Facts{"group": g.ID, "what": what}, Note: g.Title,
	})
}

// LoseGroup notes that nothing can be posted to a chat, or where the reason is about one topic, to that work group. It is recorded, and the
// administrators in charge are told, once, and once more when what might have passed will not.
func (d *Desk) LoseGroup(tx *store.Tx, chat, group int64, why duban.GroupReason) error {
	return eachGroup(tx, chat, group, why, func(g duban.Group) error {
		if worse := g.State == duban.GroupLost && g.Reason.MayPass() && !why.MayPass(); g.State != duban.GroupBound && !worse {
			return nil
		}
		g.State, g.Reason = duban.GroupLost, why
		return errorsOf(tx.SaveGroup(g), recordGroup(tx, duban.System, g, duban.EventGroupLost), d.tellOfGroup(tx, g))
	})
}

// FindGroup notes that the bot may post to a chat again, or where only a topic was closed, to that work group.
func (d *Desk) FindGroup(tx *store.Tx, chat, group int64, why duban.GroupReason) error {
	return eachGroup(tx, chat, group, why, func(g duban.Group) error {
		if g.State != duban.GroupLost || why.OfChat() != g.Reason.OfChat() {
			return nil
		}
		return d.groupIsBack(tx, g)
	})
}

// eachGroup does something with the work group that a reason is about, or with all of the chat.
func eachGroup(tx *store.Tx, chat, group int64, why duban.GroupReason, do func(duban.Group) error) error {
	all, err := tx.GroupsOfChat(chat)
	if err != nil {
		return err
	}
	for _, g := range all {
		if !why.OfChat() && g.ID != group {
			continue
		}
		if err := do(g); err != nil {
			return err
		}
	}
	return nil
}

// foundGroup makes a lost work group one to which something can be posted again.
func foundGroup(tx *store.Tx, g duban.Group) (duban.Group, error) {
	g.State, g.Reason, g.Shown = duban.GroupBound, "", "" // the line of the day may not have come
	return g, errorsOf(recordGroup(tx, duban.System, g, duban.EventGroupFound), tx.SaveGroup(g))
}

// renamed gives a work group the title that its chat has now.
func renamed(tx *store.Tx, g duban.Group, title string) (duban.Group, error) {
	if g.Title == title {
		return g, nil
	}
	g.Title = title
	return g, errorsOf(recordGroupChange(tx, duban.System, g, "title"), tx.SaveGroup(g))
}

func (d *Desk) groupIsBack(tx *store.Tx, g duban.Group) error {
	g, err := foundGroup(tx, g)
	if err != nil {
		return err
	}
	return d.tellOfGroup(tx, g)
}

func (d *Desk) tellOfGroup(tx *store.Tx, g duban.Group) error {
	return tellAdministrators(tx, g.UnitID, duban.Notice{
		Key:  fmt.Sprintf("group:%d:%d", g.ID, tx.Now.UnixMilli()),
		Kind: duban.NewsGroupTold, Lane: duban.LaneReminder, Data: toJSON(GroupNews{Group: g.ID, Reason: g.Reason}),
		NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
	})
}

// MoveGroup notes that a chat has another id since it became a supergroup. The bot is in that one, whatever was told of the chat that ended.
func (d *Desk) MoveGroup(tx *store.Tx, from, to int64) error {
	return errorsOf(tx.MoveGroups(from, to), d.FindGroup(tx, to, 0, duban.GroupKicked))
}

// RenameGroup notes the new title of a chat.
func (d *Desk) RenameGroup(tx *store.Tx, chat int64, title string) error {
	return eachGroup(tx, chat, 0, duban.GroupKicked, func(g duban.Group) error {
		_, err := renamed(tx, g, title)
		return err
	})
}

// GroupUnits returns the units of which an actor may bind a work group, in the order of the organisation.
func GroupUnits(tx *store.Tx, who duban.Actor) ([]duban.Unit, error) {
	allowed, err := unitsOf(tx, who, duban.ActInvite)
	if err != nil {
		return nil, err
	}
	all, err := tx.Units()
	if err != nil {
		return nil, err
	}
	var units []duban.Unit
	for _, u := range all {
		if allowed[u.ID] {
			units = append(units, u)
		}
	}
	return units, nil
}

// GroupsIn returns the bound work groups of which an actor is in charge.
func GroupsIn(tx *store.Tx, who duban.Actor) ([]duban.Group, error) {
	allowed, err := unitsOf(tx, who, duban.ActInvite)
	if err != nil {
		return nil, err
	}
	return groupsWhere(tx, func(g duban.Group) bool { return allowed[g.UnitID] })
}

func groupsWhere(tx *store.Tx, fits func(duban.Group) bool) ([]duban.Group, error) {
	all, err := tx.BoundGroups()
	var some []duban.Group
	for _, g := range all {
		if fits(g) {
			some = append(some, g)
		}
	}
	return some, err
}
