package bot

import (
	"slices"
	"strings"

	"duban"
	"duban/text"
	"duban/work"
)

// cardOf writes the live card of an item for its reader: how it stands, and the buttons for what can be done.
func (p *page) cardOf(it item) Outgoing {
	return Outgoing{
		ChatID: p.account.TelegramID, Text: p.cardText(it), Keyboard: p.cardButtons(it), Subject: work.CardSubject(it.ID),
		About: About{AssignmentID: it.ID},
	}
}

func (p *page) cardText(it item) text.HTML {
	if it.Task.Internal {
		return text.Join(p.heading(it), p.ownerLine(it), p.dueLine(it), p.text("card.internal"))
	}
	return text.Join(
		p.heading(it), p.ownerLine(it), p.unitsLine(it), p.dueLine(it), p.milestoneLines(it),
		p.text("card.duty", "duty", shorten(it.Task.Duty, dutyOnCard)), p.evidenceLine(it), p.basisLine(it), p.stateLine(it), p.requestLine(it), text.Join(p.remarkLines(it, 1)...), p.escalationLine(it),
	)
}

// dutyOnCard is how much of the duty a card shows, in characters; 详情 shows all of it.
const dutyOnCard = 120

func shorten(s string, most int) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= most {
		return string(r)
	}
	return string(r[:most-1]) + "…"
}

func (p *page) heading(it item) text.HTML {
	priority := text.HTML("")
	if it.Task.Priority != duban.Normal {
		priority = p.text("card.priority", "priority", p.word("priority."+string(it.Task.Priority)))
	}
	return p.text("card.heading", "light", p.lightWord(it.Assignment), "code", it.Task.Code, "title", p.title(it), "priority", priority)
}

func (p *page) ownerLine(it item) text.HTML {
	return p.text("card.owner", "unit", it.Unit.Name, "owner", it.Owner.Name)
}

func (p *page) dueLine(it item) text.HTML {
	line := p.text("card.due", "due", p.due(it.Assignment))
	if it.State.OnUnit() && p.Desk.Calendar.IsProvisional(it.Due.Date) {
		line += p.text("card.provisional", "year", it.Due.Date.Year)
	}
	if it.Extensions > 0 || it.OriginalDue != it.Due && it.State != duban.Draft {
		before := it.Assignment
		before.Due = it.OriginalDue
		if !before.Due.IsZero() && before.Due != it.Due {
			line += p.text("card.original_due", "due", p.dueOnly(before))
		}
	}
	return line
}

func (p *page) evidenceLine(it item) text.HTML {
	evidence := p.word("evidence."+string(it.Task.Evidence.Kind), "n", it.Task.Evidence.Min)
	key := "card.evidence"
	if !it.Task.Review {
		key = "card.evidence_no_review"
	}
	return p.text(key, "evidence", evidence)
}

func (p *page) basisLine(it item) text.HTML {
	if it.Task.Basis == "" {
		return ""
	}
	return p.text("card.basis", "basis", shorten(it.Task.Basis, 60))
}

// stateLine says what was last done, and what comes next.
func (p *page) stateLine(it item) text.HTML {
	if line := p.followLine(it); line != "" {
		return line
	}
	switch {
	case it.PartDone():
		return p.text("units.part_done")
	case it.State == duban.Issued:
		return p.text("card.state_issued")
	case it.State == duban.Accepted && it.Percent > 0:
		return p.text("card.state_progress", "at", p.moment(it.AcceptedAt), "percent", it.Percent)
	case it.State == duban.Accepted:
		return p.text("card.state_accepted", "at", p.moment(it.AcceptedAt))
	case it.State == duban.Submitted:
		return p.text("card.state_submitted", "at", p.moment(it.SubmittedAt))
	case it.State == duban.Returned:
		return p.text("card.state_returned", "n", it.Returns, "reason", p.said(it, p.lastReason(it)))
	case it.State == duban.Declined:
		return p.text("card.state_declined", "at", p.moment(it.DeclinedAt))
	case it.State.Done():
		return p.closedLine(it)
	}
	return p.haltedLine(it)
}

func (p *page) lastReason(it item) string {
	sub, err := p.tx.LastReturned(it.ID)
	if err != nil {
		return ""
	}
	return sub.Reason
}

func (p *page) closedLine(it item) text.HTML {
	days := duban.DaysEarly(it.Assignment, p.Desk.Calendar)
	switch {
	case days > 0:
		return p.text("card.state_closed_early", "at", p.moment(it.SubmittedAt), "n", days)
	case days < 0:
		return p.text("card.state_closed_late", "at", p.moment(it.SubmittedAt), "n", -days)
	}
	return p.text("card.state_closed", "at", p.moment(it.SubmittedAt))
}

// cardButtons are the buttons for what the reader can do with an item as it stands.
func (p *page) cardButtons(it item) Keyboard {
	if k := p.stewardButtons(it, false); k != nil {
		return k
	}
	if !p.works(it) {
		return Keyboard{{p.detailsButton(it)}}
	}
	k := p.ownersButtons(it)
	if asks := p.askButtons(it); len(asks) > 0 {
		k = append(k, asks)
	}
	return k
}

func (p *page) ownersButtons(it item) Keyboard {
	if it.Support {
		return p.supportButtons(it)
	}
	k := p.leadButtons(it)
	if done := p.milestoneButton(it); done != nil {
		k = slices.Insert(k, 1, done)
	}
	return k
}

func (p *page) leadButtons(it item) Keyboard {
	switch {
	case it.State == duban.Issued:
		return Keyboard{{p.do("accept", it), p.do("submit", it)}, {p.do("progress", it), p.do("ask", it), p.detailsButton(it)}}
	case it.State.OnUnit():
		return Keyboard{{p.do("submit", it), p.do("progress", it)}, {p.do("ask", it), p.detailsButton(it)}}
	case p.canWithdraw(it):
		return Keyboard{{p.do("withdraw", it), p.detailsButton(it)}}
	}
	return Keyboard{{p.detailsButton(it)}}
}

func (p *page) canWithdraw(it item) bool {
	if it.Support || p.now.Sub(it.SubmittedAt) > duban.WithdrawWithin {
		return false
	}
	return it.State == duban.Submitted || it.State == duban.Closed && !it.Task.Review
}

func (p *page) do(verb string, it item) Button { return button(p.word("button."+verb), verb, it.ID) }

func (p *page) detailsButton(it item) Button { return p.do("details", it) }
