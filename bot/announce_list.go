package bot

import (
	"strings"

	"duban"
	"duban/text"
	"duban/work"
)

// answersPage marks a page of the written answers; without it the page is of those who are missing.
const answersPage = "a"

// eachPage marks a page of what became of each recipient.
const eachPage = "r"

// linesOnPage is how many units, or answers, a page of a list shows.
const linesOnPage = 12

// pressMissing lists who has not confirmed or was not reached, by unit, or what was answered. It is for whoever may steer the announcement.
func (v *visit) pressMissing(c call) error {
	return v.read(func(p *page) error {
		n, err := p.tx.Announcement(c.id)
		if err != nil {
			return err
		}
		if ok, err := work.MayConduct(p.tx, p.actor(), n); err != nil || !ok {
			return orNotAllowed(err)
		}
		heading, lines, prefix, err := p.receiptLines(n, c.arg)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			v.answer("announce.nobody_missing")
			return nil
		}
		pageNo := atoi(strings.TrimPrefix(c.arg, prefix))
		from := min(max(pageNo, 0)*linesOnPage, (len(lines)-1)/linesOnPage*linesOnPage)
		out := Outgoing{Text: text.Join(append([]text.HTML{heading}, lines[from:min(from+linesOnPage, len(lines))]...)...)}
		if len(lines) > linesOnPage {
			out.Keyboard = Keyboard{p.pagesOf("missing", n.ID, prefix, from/linesOnPage, (len(lines)-1)/linesOnPage)}
		}
		if c.arg != prefix {
			out.Edit = v.about.MessageID
		}
		v.send(out)
		return nil
	})
}

// pagesOf is a pager whose pages belong to a subject.
func (p *page) pagesOf(verb string, id int64, prefix string, at, last int) []Button {
	pages := p.pager(verb, at, last)
	for i, b := range pages {
		if c, err := parseCall(b.Data); err == nil {
			pages[i].Data = call{verb, id, prefix + i64(c.id)}.String()
		}
	}
	return pages
}

// receiptLines writes the list that a button asks for, with its heading and the mark of its pages.
func (p *page) receiptLines(n duban.Announcement, arg string) (heading text.HTML, lines []text.HTML, prefix string, err error) {
	all, err := p.tx.Receipts(n.ID)
	if err != nil {
		return "", nil, "", err
	}
	everybody, err := p.directory()
	if err != nil {
		return "", nil, "", err
	}
	groups, err := p.tx.GroupCopies(n.ID)
	if err != nil {
		return "", nil, "", err
	}
	if strings.HasPrefix(arg, answersPage) {
		lines = p.answerLines(all, everybody)
		return p.text("announce.answers_heading", "summary", n.Summary, "n", len(lines)), lines, answersPage, nil
	}
	if strings.HasPrefix(arg, eachPage) {
		lines = append(p.groupLines(n, groups), p.eachLines(n, all, everybody)...)
		return p.text("announce.each_heading", "summary", n.Summary, "n", len(all)), lines, eachPage, nil
	}
	waiting, lost := missingReceipts(n, all)
	heading = p.text("announce.missing_heading", "summary", n.Summary, "n", len(waiting), "failed", len(lost))
	lines = p.namesByUnit("announce.missing_unit", waiting, everybody)
	lines = append(append(lines, p.namesByUnit("announce.failed_unit", lost, everybody)...), p.lostGroups(groups)...)
	return heading, lines, "", nil
}

// missingReceipts are those who got an announcement and have not confirmed it, and those whom it did not reach.
func missingReceipts(n duban.Announcement, all []duban.Receipt) (waiting, lost []duban.Receipt) {
	for _, r := range all {
		switch {
		case !r.ConfirmedAt.IsZero():
		case !r.DeliveredAt.IsZero() && n.Receipt != duban.NoReceipt:
			waiting = append(waiting, r)
		case r.DeliveredAt.IsZero() && r.Failure != "":
			lost = append(lost, r)
		}
	}
	return waiting, lost
}

// namesByUnit writes a line for each unit with the people in it, units in the order in which they first come.
func (p *page) namesByUnit(key string, receipts []duban.Receipt, everybody directory) []text.HTML {
	var order []int64
	names := map[int64][]string{}
	for _, r := range receipts {
		unit := everybody.firstUnit(r.PersonID)
		if names[unit.ID] == nil {
			order = append(order, unit.ID)
		}
		name := everybody.names[r.PersonID]
		if r.Failure != "" && r.DeliveredAt.IsZero() {
			name = p.word("announce.name_because", "name", name, "reason", p.lostReason(r, everybody))
		}
		names[unit.ID] = append(names[unit.ID], name)
	}
	var lines []text.HTML
	for _, id := range order {
		lines = append(lines, p.text(key, "unit", everybody.units[id].Name, "n", len(names[id]), "names", p.someNames(names[id])))
	}
	return lines
}

// namesInUnit is how many names the line of a unit shows before it counts the rest.
const namesInUnit = 20

func (p *page) someNames(names []string) string {
	shown := strings.Join(names[:min(len(names), namesInUnit)], p.word("people.comma"))
	if len(names) > namesInUnit {
		return p.word("announce.names_more", "names", shown, "n", len(names))
	}
	return shown
}

// lostReason says why somebody was not reached: what is known of the account says more than what is known of the letter.
func (p *page) lostReason(r duban.Receipt, everybody directory) string {
	account, joined := everybody.accounts[r.PersonID]
	switch {
	case !joined:
		return p.reachWord(reasonNotJoined)
	case account.Unreachable != "":
		return p.reachWord(account.Unreachable)
	}
	return p.reachWord(r.Failure)
}

func (p *page) answerLines(all []duban.Receipt, everybody directory) []text.HTML {
	var lines []text.HTML
	for _, r := range all {
		if r.ConfirmedAt.IsZero() {
			continue
		}
		lines = append(lines, p.text("announce.answer_line", "name", everybody.names[r.PersonID], "unit", everybody.firstUnit(r.PersonID).Name,
			"at", p.moment(r.ConfirmedAt), "answer", shorten(r.Answer, 200)))
	}
	return lines
}

// fixWords say what became of a copy that was called back, else whether it has the corrected words, with the reason why not.
func (p *page) fixWords(n duban.Announcement, version int, recall duban.Recall, reason string) []string {
	key := ""
	switch {
	case recall != duban.NotRecalled:
		key = "announce.each_recall." + string(recall)
	case n.Version == 0 || n.State == duban.AnnouncementRecalled:
		return nil
	case version < n.Version:
		key = "announce.each_uncorrected"
	default:
		key = "announce.each_corrected"
	}
	if reason == "" {
		return []string{p.word(key)}
	}
	return []string{p.word("announce.name_because", "name", p.word(key), "reason", reason)}
}

func (p *page) reachOr(reason string) string {
	if reason == "" {
		return ""
	}
	return p.reachWord(reason)
}

// eachLines writes a line for each recipient: when it arrived or why not, when it was confirmed, what became of it when it was called back.
func (p *page) eachLines(n duban.Announcement, all []duban.Receipt, everybody directory) []text.HTML {
	var lines []text.HTML
	for _, r := range all {
		var words []string
		switch {
		case !r.DeliveredAt.IsZero():
			words = append(words, p.word("announce.each_delivered", "at", p.moment(r.DeliveredAt)))
		case r.Failure != "":
			words = append(words, p.word("announce.each_failed", "reason", p.lostReason(r, everybody)))
		default:
			words = append(words, p.word("announce.each_waiting"))
		}
		if !r.ConfirmedAt.IsZero() {
			words = append(words, p.word("announce.each_read."+string(n.Receipt), "at", p.moment(r.ConfirmedAt)))
		}
		if !r.DeliveredAt.IsZero() || r.Recall != duban.NotRecalled {
			words = append(words, p.fixWords(n, r.Version, r.Recall, p.reachOr(r.FixFailure))...)
		}
		lines = append(lines, p.text("announce.each_line", "name", everybody.names[r.PersonID], "unit", everybody.firstUnit(r.PersonID).Name,
			"result", strings.Join(words, p.word("people.comma"))))
	}
	return lines
}
