package bot

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"duban"
	"duban/sheet"
	"duban/text"
	"duban/work"
)

// pressPerson shows one person of the roster and what can be done.
func (v *visit) pressPerson(c call) error {
	return v.aboutPerson(c.id, func(p *page, everybody directory, person duban.Person) error {
		v.replace(p.personCard(everybody, person))
		return nil
	})
}

// aboutPerson runs a closure on somebody whom the visitor may invite.
func (v *visit) aboutPerson(id int64, fn func(*page, directory, duban.Person) error) error {
	return v.read(func(p *page) error {
		everybody, err := p.directory()
		if err != nil {
			return err
		}
		person, err := p.tx.Person(id)
		if err != nil {
			return err
		}
		if ok, err := work.May(p.tx, v.who, duban.ActInvite, everybody.firstUnit(id).ID); err != nil || !ok {
			return orNotAllowed(err)
		}
		return fn(p, everybody, person)
	})
}

func (p *page) personCard(everybody directory, person duban.Person) Outgoing {
	lines := []text.HTML{p.text("people.card", "name", person.Name, "code", person.Code)}
	for _, post := range everybody.posts[person.ID] {
		lines = append(lines, p.text("people.card_post", "unit", everybody.units[post.UnitID].Name, "role", p.word("role."+string(post.Role))))
	}
	lines = append(lines, p.text("people.card_state", "state", p.joinState(everybody, person.ID)))
	act := button(p.word("people.button_invite"), "invite", person.ID, "person")
	if _, joined := everybody.accounts[person.ID]; joined {
		act = button(p.word("people.button_revoke"), "revoke", person.ID)
	}
	k := Keyboard{{act}}
	if erase := p.eraseButton(person.ID); erase != nil {
		k = append(k, erase)
	}
	if unit := everybody.firstUnit(person.ID); unit.ID != 0 {
		k = append(k, []Button{button(p.word("people.button_back", "unit", shorten(unit.Name, 20)), "people", unit.ID)})
	}
	return Outgoing{Text: text.Join(lines...), Keyboard: k}
}

// pressInvite makes invitations: for one person a message to be forwarded as it is, for a unit a list of everyone who has not joined.
func (v *visit) pressInvite(c call) error {
	if c.arg == "unit" {
		return v.inviteUnit(c.id)
	}
	made, err := v.invite(work.InviteWhom{Person: c.id})
	if err != nil {
		return err
	}
	v.toast = v.word("people.invited")
	for _, one := range made {
		v.send(Outgoing{Text: v.invitation(one)})
	}
	return nil
}

// invite makes links. When the update came twice the first links are lost, since they are kept by nobody: further ones do no harm.
func (v *visit) invite(whom work.InviteWhom) ([]work.Invited, error) {
	made, err := v.Desk.Invite(v.ctx, v.who, whom)
	if !errors.Is(err, duban.ErrRepeated) {
		return made, err
	}
	again := v.who
	again.Cause = 0
	return v.Desk.Invite(v.ctx, again, whom)
}

// invitation is the text that somebody gets who is invited, in the organisation's language, as his own is not known yet.
func (v *visit) invitation(one work.Invited) text.HTML {
	return text.Say(v.Lang, "people.invitation", "name", one.Person.Name, "unit", one.Unit.Name, "link", v.link(one),
		"until", v.until(v.Lang, one))
}

// until is how long an invitation is valid, to the minute.
func (v *visit) until(lang text.Lang, one work.Invited) string {
	return dayAndClock(lang, one.ExpiresAt.In(v.Desk.Calendar.Zone()).Truncate(time.Minute))
}

// link is the address that opens the bot with an invitation.
func (v *visit) link(one work.Invited) string {
	return "https://t.me/" + v.Username + "?start=" + one.Secret
}

// invitedInText is how many invitations stand in one message; more come as a file.
const invitedInText = 12

func (v *visit) inviteUnit(unit int64) error {
	made, err := v.invite(work.InviteWhom{Unit: unit})
	switch {
	case err != nil:
		return err
	case len(made) == 0:
		v.answer("people.all_joined")
		return nil
	case len(made) > invitedInText:
		return v.invitedAsFile(made)
	}
	lines := []text.HTML{text.Say(v.Lang, "people.invitations", "n", len(made), "until", v.until(v.Lang, made[0]))}
	for _, one := range made {
		lines = append(lines, text.Say(v.Lang, "people.invitation_line", "name", one.Person.Name, "unit", one.Unit.Name, "link", v.link(one)))
	}
	v.send(Outgoing{Text: text.Join(lines...)})
	return nil
}

// invitedAsFile sends many invitations as a csv file, which also opens where only a spreadsheet program is at hand.
func (v *visit) invitedAsFile(made []work.Invited) error {
	list := sheet.Sheet{Name: text.Word(v.Lang, "people.file_name"), Columns: []sheet.Column{
		{Title: text.Word(v.Lang, "export.staff_code")}, {Title: text.Word(v.Lang, "export.name")}, {Title: text.Word(v.Lang, "export.unit")},
		{Title: text.Word(v.Lang, "people.column_link")}, {Title: text.Word(v.Lang, "people.column_until"), Kind: sheet.DateTime},
	}}
	var all [][]any
	for _, one := range made {
		until := one.ExpiresAt.In(v.Desk.Calendar.Zone())
		all = append(all, []any{one.Person.Code, one.Person.Name, one.Unit.Name, v.link(one), until})
	}
	list.Rows = sheet.Rows(all)
	var b bytes.Buffer
	if err := sheet.Write(&b, sheet.CSV, list); err != nil {
		return err
	}
	v.send(Outgoing{
		Text:     v.text("people.invited_file", "n", len(made), "until", v.until(v.lang, made[0])),
		Document: &Document{Name: strings.TrimSpace(list.Name) + ".csv", Data: b.Bytes()},
	})
	return nil
}

// pressRevoke unbinds the account of somebody, once it has been asked whether that is meant.
func (v *visit) pressRevoke(c call) error {
	if c.arg != "yes" {
		return v.askRevoke(c.id)
	}
	err := v.Desk.Revoke(v.ctx, v.who, c.id)
	if err != nil && !errors.Is(err, duban.ErrRepeated) && duban.CodeOf(err) != duban.NotFound {
		return err
	}
	return v.aboutPerson(c.id, func(p *page, everybody directory, person duban.Person) error {
		v.toast = v.word("people.revoked", "name", person.Name)
		v.replace(p.personCard(everybody, person))
		return nil
	})
}

func (v *visit) askRevoke(id int64) error {
	return v.aboutPerson(id, func(p *page, everybody directory, person duban.Person) error {
		if _, joined := everybody.accounts[id]; !joined {
			v.toast = v.word("people.nothing_to_revoke", "name", person.Name)
			v.replace(p.personCard(everybody, person))
			return nil
		}
		v.replace(Outgoing{
			Text: v.text("people.revoke_ask", "name", person.Name, "unit", everybody.firstUnit(id).Name),
			Keyboard: Keyboard{
				{button(v.word("people.button_revoke_yes"), "revoke", id, "yes")},
				{button(v.word("people.button_keep"), "person", id)},
			},
		})
		return nil
	})
}
