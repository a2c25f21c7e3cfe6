package bot

import (
	"encoding/json"
	"errors"
	"strings"

	"duban"
	"duban/store"
	"duban/text"
	"duban/work"
)

// pressErase shows what erasing somebody's data would remove and what stays, before anything is asked for; with "ask" it is put before another
// administrator.
func (v *visit) pressErase(c call) error {
	if c.arg == "ask" {
		return v.askErasure(c.id)
	}
	return v.aboutPerson(c.id, func(p *page, everybody directory, person duban.Person) error {
		out, err := p.erasurePreview(everybody, person)
		if err == nil {
			v.replace(out)
		}
		return err
	})
}

// erasurePreview says what would go and what stays, and who has to agree.
func (p *page) erasurePreview(everybody directory, person duban.Person) (Outgoing, error) {
	may, err := work.MayErase(p.tx, p.actor(), person.ID)
	if err != nil || !may {
		return Outgoing{}, orNotAllowed(err)
	}
	open, err := p.tx.OpenErasure(person.ID)
	if err == nil {
		return p.erasureCard(open)
	}
	if ignoreGone(err) != nil {
		return Outgoing{}, err
	}
	lines := []text.HTML{p.text("erase.heading", "name", person.Name, "unit", everybody.firstUnit(person.ID).Name)}
	what, err := p.erasureContents(person.ID)
	if err != nil {
		return Outgoing{}, err
	}
	lines = append(lines, what...)
	deciders, err := work.ErasureDeciders(p.tx, person.ID, p.reader.ID)
	if err != nil {
		return Outgoing{}, err
	}
	k := Keyboard{}
	if len(deciders) == 0 {
		lines = append(lines, p.text("erase.only_console", "code", person.Code))
	} else {
		lines = append(lines, p.text("erase.second", "names", namesOf(p, deciders)))
		k = append(k, []Button{button(p.word("erase.button_ask"), "erase", person.ID, "ask")})
	}
	k = append(k, []Button{button(p.word("erase.button_not"), "person", person.ID)})
	return Outgoing{Text: text.Join(lines...), Keyboard: k}, nil
}

func namesOf(p *page, people []duban.Person) string {
	joined := ""
	for i, one := range people {
		if i > 0 {
			joined += p.word("people.comma")
		}
		joined += one.Name
	}
	return joined
}

// erasureContents says what goes, what stays, which posts fall vacant, and that there is no way back.
func (p *page) erasureContents(person int64) ([]text.HTML, error) {
	found, err := p.tx.Personal(person)
	if err != nil {
		return nil, err
	}
	lines := []text.HTML{p.text("erase.goes", "more", p.erasureCounts(found)), p.text("erase.stays")}
	posts, err := p.tx.Posts(person)
	if err != nil {
		return nil, err
	}
	for _, post := range posts {
		others, err := p.othersIn(post)
		if err != nil {
			return nil, err
		}
		if (post.Role == duban.Leader || post.Role == duban.Admin) && others == 0 {
			lines = append(lines, p.text("erase.vacant", "role", p.word("role."+string(post.Role))))
		}
	}
	return append(lines, p.text("erase.final")), nil
}

// erasureCounts says how much of what somebody wrote goes, and nothing of what there is none of.
func (p *page) erasureCounts(found store.Erased) string {
	var all []string
	for _, c := range []struct {
		key string
		n   int64
	}{
		{"notes", found.Notes}, {"reports", found.Reports}, {"words", found.Words}, {"answers", found.Answers}, {"files", found.Files},
	} {
		if c.n > 0 {
			all = append(all, p.word("erase.goes."+c.key, "n", c.n))
		}
	}
	if len(all) == 0 {
		return ""
	}
	return p.word("erase.goes_more", "what", strings.Join(all, p.word("people.comma")))
}

// othersIn counts who else holds the post of somebody.
func (p *page) othersIn(post duban.Post) (int, error) {
	holders, err := p.tx.Holders(post.UnitID, post.Role)
	others := 0
	for _, h := range holders {
		if h.ID != post.PersonID {
			others++
		}
	}
	return others, err
}

func (v *visit) askErasure(person int64) error {
	asked, err := v.Desk.AskErasure(v.ctx, v.who, person)
	if errors.Is(err, duban.ErrRepeated) {
		return nil
	}
	if err != nil {
		return err
	}
	return v.read(func(p *page) error {
		out, err := p.erasureCard(asked)
		if err == nil {
			v.replace(out)
		}
		return err
	})
}

// renderErasure is the card of an erasure: before those who decide, and in the end before whoever asked.
func (p *page) renderErasure(l duban.Letter) (Outgoing, error) {
	var news work.ErasureNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	e, err := p.tx.Erasure(news.Erasure)
	if err != nil {
		return Outgoing{}, err
	}
	out, err := p.erasureCard(e)
	if err != nil {
		return out, err
	}
	return p.inPlace(out, work.ErasureSubject(e.ID))
}

func (p *page) erasureCard(e duban.Erasure) (Outgoing, error) {
	person, err := p.tx.Person(e.PersonID)
	if err != nil {
		return Outgoing{}, err
	}
	asker, err := p.tx.Person(e.AskedBy)
	if err != nil {
		return Outgoing{}, err
	}
	lines := []text.HTML{p.text("erase.asked", "name", person.Name, "asker", asker.Name)}
	if e.State != duban.ErasureAsked {
		return p.erasureEnded(e, lines)
	}
	what, err := p.erasureContents(person.ID)
	if err != nil {
		return Outgoing{}, err
	}
	lines = append(lines, what...)
	if e.AskedBy == p.reader.ID {
		lines = append(lines, p.text("erase.waits"))
		return Outgoing{Text: text.Join(lines...), Keyboard: Keyboard{{button(p.word("erase.button_retract"), "erasure", e.ID, "no")}}}, nil
	}
	return Outgoing{Text: text.Join(lines...), Keyboard: Keyboard{
		{button(p.word("erase.button_agree"), "erasure", e.ID, "sure"), button(p.word("erase.button_refuse"), "erasure", e.ID, "no")},
	}}, nil
}

func (p *page) erasureEnded(e duban.Erasure, lines []text.HTML) (Outgoing, error) {
	by := p.word("via.console")
	if e.DecidedBy != 0 {
		decider, err := p.tx.Person(e.DecidedBy)
		if err != nil {
			return Outgoing{}, err
		}
		by = decider.Name
	}
	lines = append(lines, p.text("erase.state."+string(e.State), "by", by, "at", p.moment(e.DecidedAt)))
	return Outgoing{Text: text.Join(lines...)}, nil
}

// pressErasure decides on an erasure. Agreeing takes a second press, since nothing brings back what is gone.
func (v *visit) pressErasure(c call) error {
	var err error
	switch c.arg {
	case "yes":
		err = v.agreeToErase(c.id)
	case "no":
		err = v.Desk.RefuseErasure(v.ctx, v.who, c.id)
	case "sure":
		return v.sureToErase(c.id)
	default:
		return v.read(func(p *page) error { return v.backToErasure(p, c.id) })
	}
	switch {
	case err == nil, errors.Is(err, duban.ErrRepeated):
		return v.read(func(p *page) error { return v.showErasure(p, c.id) })
	case duban.CodeOf(err) == duban.AlreadyDone:
		return v.read(func(p *page) error { return v.backToErasure(p, c.id) })
	}
	return err
}

func (v *visit) agreeToErase(id int64) error {
	var e duban.Erasure
	err := v.read(func(p *page) (err error) {
		e, err = p.tx.Erasure(id)
		return err
	})
	if err != nil {
		return err
	}
	_, err = v.Desk.AgreeErasure(v.ctx, v.who, id, text.Word(v.Lang, "erase.name", "n", e.PersonID))
	return err
}

func (v *visit) sureToErase(id int64) error {
	return v.read(func(p *page) error {
		e, person, err := p.erasureOf(id)
		if err != nil {
			return err
		}
		if e.State != duban.ErasureAsked {
			return v.backToErasure(p, id)
		}
		v.replace(Outgoing{Text: p.text("erase.sure", "name", person.Name), Keyboard: Keyboard{
			{button(p.word("erase.button_sure"), "erasure", id, "yes"), button(p.word("erase.button_back"), "erasure", id)},
		}})
		return nil
	})
}

func (v *visit) showErasure(p *page, id int64) error {
	e, _, err := p.erasureOf(id)
	if err != nil {
		return err
	}
	out, err := p.erasureCard(e)
	if err == nil {
		v.replace(out)
	}
	return err
}

// backToErasure shows an erasure again, and says so where it has been decided.
func (v *visit) backToErasure(p *page, id int64) error {
	if err := v.showErasure(p, id); err != nil {
		return err
	}
	e, err := p.tx.Erasure(id)
	if err == nil && e.State != duban.ErasureAsked {
		err = duban.Refuse(duban.AlreadyDone, "at", e.DecidedAt)
	}
	return err
}

// erasureOf returns an erasure and whose data it is about, to those who may decide on such, or asked for it.
func (p *page) erasureOf(id int64) (duban.Erasure, duban.Person, error) {
	e, err := p.tx.Erasure(id)
	if err != nil {
		return e, duban.Person{}, err
	}
	person, err := p.tx.Person(e.PersonID)
	if err != nil || e.AskedBy == p.reader.ID || e.DecidedBy == p.reader.ID {
		return e, person, err
	}
	may, err := p.maySeeErasure(e)
	if err != nil || !may {
		return e, person, orNotAllowed(err)
	}
	return e, person, nil
}

// maySeeErasure: while it waits whoever may decide on it, afterwards, when the person has no post any more, whoever has its card.
func (p *page) maySeeErasure(e duban.Erasure) (bool, error) {
	if e.State == duban.ErasureAsked {
		return work.MayErase(p.tx, p.actor(), e.PersonID)
	}
	_, err := p.tx.Card(work.ErasureSubject(e.ID), p.reader.ID)
	return err == nil, ignoreGone(err)
}

// eraseButton is the button under somebody's page that begins an erasure, for those who may; nothing for others.
func (p *page) eraseButton(person int64) []Button {
	if may, err := work.MayErase(p.tx, p.actor(), person); err != nil || !may {
		return nil
	}
	return []Button{button(p.word("erase.button"), "erase", person)}
}

// inPlace makes something the live message about a subject: it is edited where it stands in the reader's chat, and sent where it does not.
func (p *page) inPlace(out Outgoing, subject string) (Outgoing, error) {
	out.Subject = subject
	card, err := p.tx.Card(subject, p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.Edit = card.MessageID
	}
	return out, ignoreGone(err)
}
