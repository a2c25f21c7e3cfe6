package bot

import (
	"errors"

	"github.com/go-telegram/bot/models"

	"duban"
	"duban/store"
	"duban/text"
	"duban/work"
)

// bindHere begins to make the chat in which an administrator asks for it a work group. The unit is chosen and confirmed in the private chat.
func (v *visit) bindHere(m *models.Message) ([]Outgoing, error) {
	g, err := v.Desk.AskToBind(v.ctx, v.who, m.Chat.ID, threadOf(m), groupTitle(m))
	if errors.Is(err, duban.ErrRepeated) {
		err = v.read(func(p *page) (err error) {
			g, err = p.tx.GroupAt(m.Chat.ID, threadOf(m))
			return err
		})
	}
	if duban.CodeOf(err) == duban.NotAllowed {
		return v.inGroup(m, "group.who_may"), nil
	}
	if err != nil {
		return nil, err
	}
	if err := v.showGroup(g); err != nil {
		return nil, err
	}
	here := v.inGroup(m, "group.asked")
	here[0].Keyboard = v.intoPrivate("group.button_private", linkTasks)
	return append(here, v.out...), nil
}

func (v *visit) unbindHere(m *models.Message) ([]Outgoing, error) {
	var g duban.Group
	err := v.read(func(p *page) (err error) {
		g, err = p.tx.GroupAt(m.Chat.ID, threadOf(m))
		return err
	})
	if err == nil {
		_, err = v.Desk.UnbindGroup(v.ctx, v.who, g.ID)
	}
	switch code := duban.CodeOf(err); {
	case code == duban.NotFound, code == duban.AlreadyDone:
		return v.inGroup(m, "group.not_bound"), nil
	case code == duban.NotAllowed:
		return v.inGroup(m, "group.who_may"), nil
	case err != nil && !errors.Is(err, duban.ErrRepeated):
		return nil, err
	}
	return v.inGroup(m, "group.unbound_here"), nil
}

// showGroups lists the work groups in the visitor's charge.
func (v *visit) showGroups(string) error {
	return v.read(func(p *page) error {
		groups, err := work.GroupsIn(p.tx, v.who)
		if err != nil {
			return err
		}
		if len(groups) == 0 {
			v.say("group.none")
			return nil
		}
		lines := []text.HTML{v.text("group.list")}
		var k Keyboard
		for _, g := range groups {
			line, err := p.groupLine(g)
			if err != nil {
				return err
			}
			lines = append(lines, line)
			k = append(k, []Button{button(shorten(g.Title, 40), "group", g.ID)})
		}
		v.send(Outgoing{Text: text.Join(lines...), Keyboard: k})
		return nil
	})
}

// groupLine is one work group: what it is called, its unit, and how it stands.
func (p *page) groupLine(g duban.Group) (text.HTML, error) {
	u, err := p.tx.Unit(g.UnitID)
	if err != nil {
		return "", err
	}
	state := p.word("group.state." + string(g.State))
	if g.State == duban.GroupLost {
		state = p.reasonWord(string(g.Reason))
	}
	return p.text("group.line", "title", g.Title, "unit", u.Name, "state", state), nil
}

// reasonWord says why nothing can be posted to a group, or why what stands there could not be changed.
func (p *page) reasonWord(reason string) string {
	for _, key := range []string{"group.reason." + reason, "reach." + reason} {
		if text.Has(key) {
			return p.word(key)
		}
	}
	return p.word("group.reason.other")
}

// showGroup shows a work group with what can be set, or asks of which unit it is to be.
func (v *visit) showGroup(g duban.Group) error {
	return v.read(func(p *page) error {
		if g.State == duban.GroupUnbound {
			v.replace(Outgoing{Text: v.text("group.unbound", "title", g.Title)})
			return nil
		}
		if !g.Bound() {
			return v.askGroupUnit(p, g, 0)
		}
		line, err := p.groupLine(g)
		if err != nil {
			return err
		}
		daily := button(v.word("group.button_daily_off"), "groupdo", g.ID, groupDailyOff)
		said := v.text("group.daily_on")
		if !g.Daily {
			daily = button(v.word("group.button_daily_on"), "groupdo", g.ID, groupDailyOn)
			said = v.text("group.daily_off")
		}
		v.replace(Outgoing{
			Text: text.Join(line, said),
			Keyboard: Keyboard{
				{daily},
				{button(v.word("group.button_unit"), "groupdo", g.ID, groupOtherUnit), button(v.word("group.button_unbind"), "groupdo", g.ID, groupUnbind)},
			},
		})
		return nil
	})
}

func (v *visit) askGroupUnit(p *page, g duban.Group, pageNo int) error {
	units, err := work.GroupUnits(p.tx, v.who)
	if err != nil {
		return err
	}
	v.replace(Outgoing{Text: v.text("group.choose_unit", "title", g.Title), Keyboard: p.choices("groupunit", g.ID, unitsOf(units), pageNo)})
	return nil
}

func (v *visit) groupNamed(id int64) (g duban.Group, err error) {
	err = v.read(func(p *page) error {
		if g, err = p.tx.Group(id); err != nil {
			return err
		}
		if !g.Bound() && g.BoundBy == v.person.ID {
			return nil
		}
		ok, err := work.May(p.tx, v.who, duban.ActInvite, g.UnitID)
		if err != nil || !ok {
			return orNotAllowed(err)
		}
		return nil
	})
	return g, err
}

func (v *visit) pressGroup(c call) error {
	g, err := v.groupNamed(c.id)
	if err != nil {
		return err
	}
	return v.showGroup(g)
}

// pressGroupUnit binds a group to the unit that was chosen, or turns the page of those to choose from.
func (v *visit) pressGroupUnit(c call) error {
	g, err := v.groupNamed(c.id)
	if err != nil {
		return err
	}
	pick, ok := pickOf(c.arg)
	if !ok || g.State == duban.GroupUnbound {
		v.answer("press.stale")
		return nil
	}
	if pick.Turns {
		return v.read(func(p *page) error { return v.askGroupUnit(p, g, pick.Page) })
	}
	bound, err := v.Desk.BindGroup(v.ctx, v.who, g.ID, pick.ID)
	if err != nil {
		return err
	}
	return v.boundNow(bound)
}

// boundNow shows a group that was bound just now, and says so in it.
func (v *visit) boundNow(g duban.Group) error {
	if err := v.showGroup(g); err != nil {
		return err
	}
	return v.store().Read(v.ctx, func(tx *store.Tx) error {
		u, err := tx.Unit(g.UnitID)
		v.out = append(v.out, Outgoing{ChatID: g.ChatID, Thread: g.TopicID, Text: text.Say(v.Lang, "group.bound_here", "unit", u.Name)})
		return err
	})
}

// The arguments of the button groupdo.
const (
	groupDailyOn   = "daily"
	groupDailyOff  = "nodaily"
	groupOtherUnit = "unit"
	groupUnbind    = "unbind"
)

// pressGroupDo changes how a work group is used.
func (v *visit) pressGroupDo(c call) error {
	g, err := v.groupNamed(c.id)
	if err != nil {
		return err
	}
	switch c.arg {
	case groupDailyOn, groupDailyOff:
		g, err = v.Desk.SetGroupDaily(v.ctx, v.who, c.id, c.arg == groupDailyOn)
	case groupOtherUnit:
		return v.read(func(p *page) error { return v.askGroupUnit(p, g, 0) })
	case groupUnbind:
		g, err = v.Desk.UnbindGroup(v.ctx, v.who, c.id)
	default:
		v.answer("press.stale")
		return nil
	}
	if err != nil {
		return err
	}
	return v.showGroup(g)
}
