package bot

import (
	"encoding/json"
	"strings"

	"duban"
	"duban/text"
	"duban/work"
)

// mayAsk says why something cannot be asked for about an item as it stands. It only decides what is offered; the verb checks again.
func (p *page) mayAsk(kind duban.RequestKind, it item) error {
	switch {
	case !it.RequestedAt.IsZero() && it.State.OnUnit():
		return duban.Refuse(duban.PendingRequest)
	case kind == duban.AskExtension:
		return it.MayAskExtension(p.Desk.Calendar, p.now)
	case kind == duban.AskObjection:
		if it.State != duban.Returned {
			return duban.Refuse(duban.WrongState)
		}
		return nil
	}
	if err := it.MayDecline(p.Desk.Calendar, p.now); err != nil {
		return err
	}
	stands, err := work.Stands(p.tx, it.Assignment)
	if err == nil && stands {
		return duban.Refuse(duban.StandsAlready)
	}
	return err
}

// askButtons are the buttons by which the unit asks for something about an item, or takes back what it has asked for.
func (p *page) askButtons(it item) []Button {
	if !it.RequestedAt.IsZero() {
		return p.retractButton(it)
	}
	if !it.State.OnUnit() {
		return nil
	}
	if ok, err := work.May(p.tx, p.actor(), duban.ActAsk, it.UnitID); err != nil || !ok {
		return nil
	}
	var buttons []Button
	for _, ask := range []struct {
		kind duban.RequestKind
		verb string
	}{{duban.AskExtension, "extend"}, {duban.AskDecline, "decline"}, {duban.AskObjection, "object"}} {
		if p.mayAsk(ask.kind, it) == nil {
			buttons = append(buttons, button(p.word("button."+ask.verb), ask.verb, it.ID))
		}
	}
	return buttons
}

func (p *page) retractButton(it item) []Button {
	r, err := p.tx.OpenRequest(it.ID)
	if err != nil || work.MayRetract(p.tx, p.actor(), r, it.Assignment) != nil {
		return nil
	}
	return []Button{p.do("retract", it)}
}

// requestLine says on a card what the unit has asked for and who has to act.
func (p *page) requestLine(it item) text.HTML {
	if it.RequestedAt.IsZero() {
		return p.standsLine(it)
	}
	r, err := p.tx.OpenRequest(it.ID)
	if err != nil {
		return ""
	}
	deciders, err := work.Deciders(p.tx, r, it.Assignment)
	if err != nil {
		return ""
	}
	return p.text("requests.card."+string(r.Kind), "at", p.moment(r.AskedAt), "due", p.dueOnly(duban.Assignment{Due: r.Due}), "names", p.names(deciders))
}

// standsLine says that the office has decided that an item is the unit's, and that the deadline is as it was.
func (p *page) standsLine(it item) text.HTML {
	if it.State != duban.Issued || it.RestartedAt.IsZero() {
		return ""
	}
	if stands, err := work.Stands(p.tx, it.Assignment); err != nil || !stands {
		return ""
	}
	return p.text("requests.card_stands", "at", p.moment(it.RestartedAt))
}

// names lists people by name.
func (p *page) names(people []duban.Person) string {
	var names []string
	for _, person := range people {
		names = append(names, person.Name)
	}
	return strings.Join(names, p.word("requests.name_and"))
}

// renderRequest is the live card of a request for somebody who has to act on it, or had to.
func (p *page) renderRequest(l duban.Letter) (Outgoing, error) {
	var news work.RequestNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	r, err := p.tx.Request(news.Request)
	if err != nil {
		return Outgoing{}, err
	}
	it, err := p.letterItem(l)
	if err != nil {
		return Outgoing{}, err
	}
	out, err := p.requestCard(r, it, "")
	if err != nil {
		return out, err
	}
	card, err := p.tx.Card(out.Subject, p.reader.ID)
	switch {
	case err == nil && card.ChatID == p.account.TelegramID:
		out.Edit = card.MessageID
	case out.Keyboard == nil:
		return out, untrue("decided meanwhile")
	}
	return out, nil
}

// requestCard says who asks for what and why, and what has become of it, with the buttons of its reader. Arg marks the buttons of a sequence.
func (p *page) requestCard(r duban.Request, it item, arg string) (Outgoing, error) {
	asker, err := p.tx.Person(r.AskerID)
	if err != nil {
		return Outgoing{}, err
	}
	heading := "requests.heading."
	if !r.State.Waits() {
		heading = "requests.settled."
	}
	changes, err := p.requestFacts(r, it)
	if err != nil {
		return Outgoing{}, err
	}
	agreed, err := p.agreedLine(r)
	if err != nil {
		return Outgoing{}, err
	}
	decided, err := p.outcomeLine(r, it)
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{
		ChatID: p.account.TelegramID, Subject: work.RequestSubject(r.ID), About: About{AssignmentID: it.ID},
		Text: text.Join(p.text(heading+string(r.Kind), "code", it.Task.Code, "title", p.title(it)), p.askedOf(r, it),
			p.text("requests.by", "name", asker.Name, "at", p.moment(r.AskedAt)), p.text("requests.because", "reason", p.said(it, r.Reason)), changes, agreed, decided),
	}
	if p.Desk.MayAct(p.tx, p.actor(), r, it.Assignment) == nil && r.State.Waits() {
		out.Keyboard = p.decideButtons(r, it, arg)
	}
	return out, nil
}

// askedOf names the unit and the owner of the item that a request is about. One that went to another unit is no longer theirs.
func (p *page) askedOf(r duban.Request, it item) text.HTML {
	if r.Kind == duban.AskDecline && r.State == duban.Granted {
		return ""
	}
	return p.ownerLine(it)
}

// said is what somebody wrote about an item; of an internal item nothing is shown.
func (p *page) said(it item, words string) string {
	if it.Task.Internal && words != "" {
		return p.word("card.internal_said")
	}
	return words
}

// requestFacts are what whoever decides has to know: of an extension the dates and how often there was one before, of a decline until when the item is
// due, of an objection why it was returned and by whom.
func (p *page) requestFacts(r duban.Request, it item) (text.HTML, error) {
	switch r.Kind {
	case duban.AskExtension:
		before, after := duban.Assignment{Due: r.DueBefore}, duban.Assignment{Due: r.Due}
		days := p.Desk.Calendar.WorkingDaysBetween(r.DueBefore.Date, r.Due.Date)
		granted, err := p.tx.Extensions(it.ID)
		if r.State == duban.Granted {
			granted--
		}
		key := "requests.change"
		if granted == 0 {
			key = "requests.change_first"
		}
		return p.text(key, "before", p.dueOnly(before), "after", p.dueOnly(after), "n", days, "granted", granted), err
	case duban.AskDecline:
		if r.State == duban.Granted {
			return "", nil
		}
		return p.dueLine(it), nil
	}
	sub, err := p.tx.LastReturned(it.ID)
	if err != nil {
		return "", ignoreGone(err)
	}
	by := p.word("actor.console")
	if sub.DecidedBy != 0 {
		person, err := p.tx.Person(sub.DecidedBy)
		if err != nil {
			return "", err
		}
		by = person.Name
	}
	return p.text("requests.returned", "name", by, "at", p.moment(sub.DecidedAt), "reason", p.said(it, sub.Reason)), nil
}

func ignoreGone(err error) error {
	if duban.CodeOf(err) == duban.NotFound {
		return nil
	}
	return err
}

// agreedLine says that the school's secretary agrees.
func (p *page) agreedLine(r duban.Request) (text.HTML, error) {
	if r.AgreedBy == 0 || r.AgreedBy == r.AskerID {
		return "", nil
	}
	by, err := p.tx.Person(r.AgreedBy)
	return p.text("requests.agreed", "name", by.Name, "at", p.moment(r.AgreedAt)), err
}

// outcomeLine says what has become of a request, by whom and when; empty while it waits.
func (p *page) outcomeLine(r duban.Request, it item) (text.HTML, error) {
	if r.State.Waits() {
		return "", nil
	}
	name := p.word("actor.system")
	if r.DecidedBy != 0 {
		by, err := p.tx.Person(r.DecidedBy)
		if err != nil {
			return "", err
		}
		name = by.Name
	}
	answer := text.HTML("")
	if r.Answer != "" {
		answer = p.text("requests.answer", "answer", p.said(it, r.Answer))
	}
	return p.text(outcomeKey(r), "name", name, "at", p.moment(r.DecidedAt), "due", p.dueOnly(duban.Assignment{Due: r.Due}), "answer", answer,
		"unit", p.unitNow(it)), nil
}

// unitNow names the unit that has an item, for readers who see it there.
func (p *page) unitNow(it item) string {
	if sees, err := p.sees(it); err != nil || !sees {
		return p.word("requests.another_unit")
	}
	return it.Unit.Name
}

func outcomeKey(r duban.Request) string {
	switch {
	case r.State == duban.Retracted:
		return "requests.taken_back"
	case r.State == duban.Granted:
		return "requests.granted." + string(r.Kind)
	case r.Kind == duban.AskDecline && r.AgreedAt.IsZero():
		return "requests.not_agreed"
	}
	return "requests.refused." + string(r.Kind)
}

// decideButtons are the buttons of whoever has to act on a request.
func (p *page) decideButtons(r duban.Request, it item, arg string) Keyboard {
	decide := func(label, verb string) Button { return button(p.word("button."+label), verb, r.ID, arg) }
	switch {
	case r.State == duban.Asked:
		return Keyboard{{decide("agree", "agree"), decide("refuse", "refuse")}}
	case r.Kind == duban.AskDecline:
		return Keyboard{p.settleButtons(it)}
	case r.Kind == duban.AskObjection:
		k := Keyboard{{decide("uphold", "allow"), decide("keep_return", "refuse")}}
		return append(k, p.evidenceButton(it)...)
	}
	return Keyboard{{decide("agree", "allow"), decide("refuse", "refuse")}, {decide("other_due", "otherdue")}}
}

// settleButtons are the buttons of the office under an item that its unit has declined; none for everybody else.
func (p *page) settleButtons(it item) []Button {
	if ok, err := work.May(p.tx, p.actor(), duban.ActSettle, it.UnitID); err != nil || !ok || it.State != duban.Declined {
		return nil
	}
	return []Button{p.do("transfer", it), p.do("stand", it)}
}

// evidenceButton shows what was handed in and then returned.
func (p *page) evidenceButton(it item) Keyboard {
	sub, err := p.tx.LastReturned(it.ID)
	if err != nil {
		return nil
	}
	files, err := p.tx.Files(sub.ID)
	if err != nil || len(files) == 0 {
		return nil
	}
	return Keyboard{{button(p.word("button.files", "n", len(files)), "files", sub.ID)}}
}

// renderDecided tells an asker, or the owner, what has become of a request, under the card of the item.
func (p *page) renderDecided(l duban.Letter) (Outgoing, error) {
	var news work.RequestNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	r, err := p.tx.Request(news.Request)
	if err != nil {
		return Outgoing{}, err
	}
	if r.State != news.State {
		return Outgoing{}, untrue("decided meanwhile")
	}
	it, err := p.letterItem(l)
	if err != nil {
		return Outgoing{}, err
	}
	words, err := p.decidedWords(r, it)
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{Text: words}
	card, err := p.tx.Card(work.CardSubject(it.ID), p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.ReplyTo = card.MessageID
	}
	return out, nil
}

func (p *page) decidedWords(r duban.Request, it item) (text.HTML, error) {
	if r.State == duban.Agreed {
		by, err := p.tx.Person(r.AgreedBy)
		if err != nil {
			return "", err
		}
		next, err := p.nextLine(r)
		return text.Join(p.text("requests.told_agreed", "title", p.title(it), "name", by.Name), next), err
	}
	line, err := p.outcomeLine(r, it)
	after := text.HTML("")
	if r.State == duban.Refused && it.State.OnUnit() {
		after = p.text("requests.goes_on."+string(r.Kind), "due", p.due(it.Assignment))
	}
	return text.Join(p.text("requests.told."+string(r.Kind), "title", p.title(it)), line, after), err
}

// movedOn is what somebody is told who sees an item no longer: who has it now, or of one that went to another unit that it did.
func (p *page) movedOn(it item) string {
	all, err := p.tx.RequestsOf(it.ID)
	if err == nil {
		for _, r := range all {
			if r.Kind == duban.AskDecline && r.State == duban.Granted {
				return "card.transferred"
			}
		}
	}
	return "card.moved_on"
}
