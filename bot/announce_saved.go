package bot

import (
	"duban"
	"duban/text"
)

// savedChosen uses, keeps or forgets an audience under a name, or takes that of an announcement of before.
func (v *visit) savedChosen(d announceDraft, c call) error {
	switch c.arg {
	case "saved":
		a, err := v.Desk.ChooseAudience(v.ctx, v.who, c.id)
		if err != nil {
			return err
		}
		return v.announceFor(d, a.Audience)
	case "again":
		return v.audienceAgain(d, c.id)
	case "save":
		return v.announceAt(stepSaveAs, d)
	case "share":
		return v.shareAudience(d, c.id)
	case "manage":
		return v.manageAudiences()
	case "forget":
		if err := v.Desk.DropAudience(v.ctx, v.who, c.id); err != nil {
			return err
		}
		return v.manageAudiences()
	}
	v.answer("press.stale")
	return nil
}

// audienceAgain takes the audience of one of the visitor's own announcements.
func (v *visit) audienceAgain(d announceDraft, id int64) error {
	var before duban.Announcement
	err := v.read(func(p *page) (err error) {
		before, err = p.tx.Announcement(id)
		return err
	})
	switch {
	case err != nil:
		return err
	case before.SenderID != v.person.ID:
		return duban.Refuse(duban.NotAllowed)
	}
	return v.announceFor(d, before.Audience)
}

// nameTyped keeps the audience under the name that was typed, and offers to share it.
func (v *visit) nameTyped(d announceDraft, typed string) error {
	err := v.Desk.SaveAudience(v.ctx, v.who, duban.SavedAudience{Name: typed, Audience: d.Audience})
	switch duban.CodeOf(err) {
	case duban.TooLong, duban.ReasonNeeded:
		v.say("announce.save_short")
		return nil
	case "":
	default:
		return err
	}
	return v.read(func(p *page) error {
		own, err := p.tx.SavedAudiences(v.person.ID, 1)
		if err != nil || len(own) == 0 {
			return err
		}
		v.ask(Keyboard{
			{button(v.word("announce.button_share"), "audience", own[0].ID, "share"), button(v.word("announce.button_keep"), "receipt", 0, "menu")},
		}, "announce.saved", "name", own[0].Name)
		return nil
	})
}

// shareAudience lets everybody who may announce use an audience of the visitor's.
func (v *visit) shareAudience(d announceDraft, id int64) error {
	var a duban.SavedAudience
	err := v.read(func(p *page) (err error) {
		a, err = p.tx.SavedAudience(id)
		return err
	})
	switch {
	case err != nil:
		return err
	case a.OwnerID != v.person.ID:
		return duban.Refuse(duban.NotAllowed)
	}
	a.Shared = true
	if err := v.Desk.SaveAudience(v.ctx, v.who, a); err != nil {
		return err
	}
	v.answer("announce.shared", "name", a.Name)
	return v.announceAt(stepReceipt, d)
}

// audiencesManaged is how many saved audiences the list of them shows.
const audiencesManaged = 20

// manageAudiences lists the saved audiences, the own ones with a button to forget each.
func (v *visit) manageAudiences() error {
	return v.read(func(p *page) error {
		saved, err := p.tx.SavedAudiences(v.person.ID, audiencesManaged)
		if err != nil {
			return err
		}
		lines := []text.HTML{v.text("announce.manage", "n", len(saved))}
		var k Keyboard
		for _, a := range saved {
			word, err := p.audienceWord(a.Audience)
			if err != nil {
				return err
			}
			key := "announce.manage_own"
			if a.Shared {
				key = "announce.manage_shared"
			}
			lines = append(lines, v.text(key, "name", a.Name, "audience", word))
			if a.OwnerID == v.person.ID {
				k = append(k, []Button{button(v.word("announce.button_forget", "name", a.Name), "audience", a.ID, "forget")})
			}
		}
		v.replace(Outgoing{Text: text.Join(lines...), Keyboard: append(k, v.backAndCancel("audience", "back"))})
		return nil
	})
}
