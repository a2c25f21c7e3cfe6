package bot

import (
	"encoding/json"

	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

// decides takes a reply to the card of a request as a decision.
func (v *visit) decides(typed string, files []duban.File) (bool, error) {
	request, err := v.requestAbout()
	if err != nil || request == 0 || len(files) > 0 {
		return false, err
	}
	return true, v.repliedToRequest(request, typed)
}

// repliedToRequest lets somebody who has to act on a request say what he decides: 同意, 不同意 with the reason, another date; of a declined item 维持 with
// the reason, or 转办 with the unit.
func (v *visit) repliedToRequest(request int64, typed string) error {
	var stage duban.Request
	err := v.requestNow(request, func(p *page, r duban.Request, it item) error {
		stage = r
		return nil
	})
	if err != nil {
		return err
	}
	declined := stage.Kind == duban.AskDecline && stage.State == duban.Agreed
	ruling, rest := text.Rules(typed)
	switch {
	case declined && ruling == text.Stands:
		return v.standBecause(stage.AssignmentID, rest)
	case declined && ruling == text.GoesOn:
		return v.transferTo(stage.AssignmentID, rest)
	case declined:
		v.say("requests.how_to_settle")
		return nil
	case ruling == text.RulesYes && stage.State == duban.Asked:
		return v.pressAgree(call{id: request})
	case ruling == text.RulesYes:
		return v.grant(request, work.Grant{}, false)
	case ruling == text.RulesNo && rest != "":
		return v.turn(request, rest)
	case ruling == text.RulesNo:
		return v.pressRefuse(call{id: request})
	case stage.Kind == duban.AskExtension && stage.State == duban.Agreed && v.datesIn(typed):
		return v.dueDecided(request, typed)
	}
	v.say("requests.how_to_decide")
	return nil
}

func (v *visit) datesIn(typed string) bool {
	return v.Desk.Calendar.ParseDue(typed, v.now).Outcome == calendar.Understood
}

func (v *visit) standBecause(id int64, reason string) error {
	if reason == "" {
		return v.pressStand(call{id: id})
	}
	return v.letStand(id, reason)
}

// requestAbout returns the request whose card was replied to, 0 when it was none: of a card that was pushed the news says it, of one that /review has
// shown the place where the live card is.
func (v *visit) requestAbout() (int64, error) {
	var news work.RequestNews
	if v.about.Kind == duban.NewsRequest && json.Unmarshal([]byte(v.about.Data), &news) == nil {
		return news.Request, nil
	}
	if v.about.AssignmentID == 0 || v.about.Kind != duban.NewsAnswer || !v.has(duban.ActReview) {
		return 0, nil
	}
	var id int64
	err := v.read(func(p *page) error {
		r, err := p.tx.OpenRequest(v.about.AssignmentID)
		if err != nil {
			return ignoreGone(err)
		}
		card, err := p.tx.Card(work.RequestSubject(r.ID), v.person.ID)
		if err == nil && card.MessageID == v.about.MessageID {
			id = r.ID
		}
		return ignoreGone(err)
	})
	return id, err
}

// requestScan is how many waiting requests are looked through for those on which a reader may act.
const requestScan = 500

// requestsForMe returns the requests about items, tasks to be issued and announcements on which the reader has to act, longest waiting first.
func (p *page) requestsForMe() ([]duban.Request, error) {
	waiting, err := p.tx.WaitingRequests(requestScan)
	if err != nil {
		return nil, err
	}
	var mine []duban.Request
	for _, r := range waiting {
		err := p.mayActOn(r)
		switch {
		case err == nil:
			mine = append(mine, r)
		case duban.CodeOf(err) == duban.Internal:
			return nil, err
		}
	}
	return mine, nil
}

// digestRequests are the lines of the digest that say how many requests wait for the reader, and where they are.
func (p *page) digestRequests(news duban.DigestNews) ([]text.HTML, error) {
	if news.Decide+news.Issues == 0 {
		return nil, nil
	}
	mine, err := p.requestsForMe()
	if err != nil {
		return nil, err
	}
	counts := map[duban.RequestKind]int{}
	for _, r := range mine {
		counts[r.Kind]++
	}
	var lines []text.HTML
	if n := counts[duban.AskExtension] + counts[duban.AskDecline] + counts[duban.AskObjection]; n > 0 {
		lines = append(lines, p.text("requests.digest", "n", n))
	}
	if n := counts[duban.AskIssue]; n > 0 {
		lines = append(lines, p.text("approval.digest", "n", n))
	}
	return lines, nil
}

// mayActOn says whether the reader has to act on a request.
func (p *page) mayActOn(r duban.Request) error {
	switch {
	case r.Kind == duban.AskAnnounce:
		return work.MayAgreeToAnnounce(p.tx, p.actor(), r)
	case r.Kind == duban.AskIssue:
		may, err := work.MayApprove(p.tx, p.actor(), r)
		if err == nil && !may {
			err = duban.Refuse(duban.NotAllowed)
		}
		return err
	}
	a, err := p.tx.Assignment(r.AssignmentID)
	if err != nil {
		return err
	}
	return p.Desk.MayAct(p.tx, p.actor(), r, a)
}

// nextRequest goes through the requests that wait for the visitor, after one of them, and then through what waits for review.
func (v *visit) nextRequest(after int64) error {
	shown := false
	err := v.read(func(p *page) error {
		mine, err := p.requestsForMe()
		if err != nil {
			return err
		}
		for i, r := range mine {
			if r.ID > after {
				shown = true
				return v.sendRequest(p, r, len(mine)-i)
			}
		}
		return nil
	})
	if err != nil || shown {
		return err
	}
	return v.openReviews()
}

// sendRequest sends the card of a request in a sequence of so many.
func (v *visit) sendRequest(p *page, r duban.Request, waiting int) error {
	out, err := p.requestInSequence(r)
	if err != nil {
		return err
	}
	out.Text = text.Join(v.text("requests.waiting", "n", waiting), out.Text)
	out.Keyboard = append(out.Keyboard, []Button{button(v.word("button.next_request"), "nextrequest", r.ID)})
	v.send(out)
	return nil
}

func (p *page) requestInSequence(r duban.Request) (Outgoing, error) {
	if r.Kind == duban.AskAnnounce {
		return p.announceAskCard(r, inSequence)
	}
	if r.Kind == duban.AskIssue {
		return p.approvalCard(r)
	}
	it, err := p.item(r.AssignmentID)
	if err != nil {
		return Outgoing{}, err
	}
	return p.requestCard(r, it, inSequence)
}

func (v *visit) pressNextRequest(c call) error { return v.nextRequest(c.id) }
