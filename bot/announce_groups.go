package bot

import (
	"strings"

	"duban"
	"duban/text"
	"duban/work"
)

// groupsToo is the argument of the button that lets an announcement stand in the work groups of its audience too.
const groupsToo = "groups"

// groupsOption is the button that lets an announcement stand in work groups too, where its audience has some, and in which it will.
func (p *page) groupsOption(d announceDraft) (Keyboard, text.HTML, error) {
	groups, err := p.groupsOf(p.reader.ID, d.Audience)
	if err != nil || len(groups) == 0 {
		return nil, "", err
	}
	if !d.ToGroups {
		return Keyboard{{button(p.word("group.button_too", "n", len(groups)), "when", 0, groupsToo)}}, "", nil
	}
	return Keyboard{{button(p.word("group.button_not"), "when", 0, groupsToo)}}, p.groupNames(groups), nil
}

// groupsBeside says in which work groups an announcement will stand.
func (p *page) groupsBeside(n duban.Announcement) (text.HTML, error) {
	if !n.ToGroups {
		return "", nil
	}
	groups, err := p.groupsOf(n.SenderID, n.Audience)
	if err != nil || len(groups) == 0 {
		return "", err
	}
	return p.groupNames(groups), nil
}

func (p *page) groupsOf(sender int64, audience duban.Audience) ([]duban.Group, error) {
	return work.GroupAudience(p.tx, duban.Actor{PersonID: sender}, audience)
}

func (p *page) groupNames(groups []duban.Group) text.HTML {
	names := ""
	for i, g := range groups {
		if i > 0 {
			names += p.word("people.comma")
		}
		name := g.Title
		if g.State == duban.GroupLost {
			name = p.word("group.name_lost", "title", g.Title, "reason", p.reasonWord(string(g.Reason)))
		}
		names += name
	}
	return p.text("group.beside", "n", len(groups), "names", names)
}

// groupsLine says on the sender's card in how many work groups an announcement stands, and why not in others, or why it is not corrected or called back there.
func (p *page) groupsLine(n duban.Announcement, copies []duban.GroupCopy) text.HTML {
	if len(copies) == 0 {
		return ""
	}
	if n.State == duban.AnnouncementRecalled {
		return p.recalledInGroups(copies)
	}
	delivered := 0
	var failed, uncorrected []string
	for _, c := range copies {
		switch {
		case !c.DeliveredAt.IsZero():
			delivered++
		case c.Failure != "":
			failed = append(failed, p.groupBecause(c.Group, c.Failure))
		}
		if c.FixFailure != "" && c.Version < n.Version {
			uncorrected = append(uncorrected, p.groupBecause(c.Group, c.FixFailure))
		}
	}
	line := p.groupsCounted("group.card", "group.card_failed", delivered, len(copies), failed)
	if len(uncorrected) == 0 {
		return line
	}
	return text.Join(line, p.text("group.card_uncorrected", "names", strings.Join(uncorrected, p.word("people.comma"))))
}

func (p *page) recalledInGroups(copies []duban.GroupCopy) text.HTML {
	gone, stood := 0, 0
	var failed []string
	for _, c := range copies {
		if !c.DeliveredAt.IsZero() {
			stood++
		}
		switch c.Recall {
		case duban.RecallErased, duban.RecallMarked:
			gone++
		case duban.RecallFailed:
			failed = append(failed, p.groupBecause(c.Group, c.FixFailure))
		}
	}
	return p.groupsCounted("group.card_recalled", "group.card_unrecalled", gone, stood, failed)
}

// groupsCounted says of how many work groups something holds, and names those of which it does not with the reason.
func (p *page) groupsCounted(all, some string, n, of int, failed []string) text.HTML {
	if len(failed) == 0 {
		return p.text(all, "n", n, "all", of)
	}
	return p.text(some, "n", n, "all", of, "names", strings.Join(failed, p.word("people.comma")))
}

func (p *page) groupBecause(g duban.Group, reason string) string {
	return p.word("group.name_lost", "title", g.Title, "reason", p.reasonWord(reason))
}

// groupLines writes a line for each work group: when the announcement came to stand there or why not, and what became of it when it was corrected or called
// back.
func (p *page) groupLines(n duban.Announcement, copies []duban.GroupCopy) []text.HTML {
	var lines []text.HTML
	for _, c := range copies {
		words := []string{p.word("announce.each_waiting")}
		switch {
		case !c.DeliveredAt.IsZero():
			words = []string{p.word("announce.each_delivered", "at", p.moment(c.DeliveredAt))}
		case c.Failure != "":
			words = []string{p.word("announce.each_failed", "reason", p.reasonWord(c.Failure))}
		}
		if !c.DeliveredAt.IsZero() {
			words = append(words, p.fixWords(n, c.Version, c.Recall, p.reasonOr(c.FixFailure))...)
		}
		lines = append(lines, p.text("group.each_line", "title", c.Group.Title, "result", strings.Join(words, p.word("people.comma"))))
	}
	return lines
}

func (p *page) reasonOr(reason string) string {
	if reason == "" {
		return ""
	}
	return p.reasonWord(reason)
}

// lostGroups writes a line for each work group in which an announcement does not stand, with the reason.
func (p *page) lostGroups(copies []duban.GroupCopy) []text.HTML {
	var lines []text.HTML
	for _, c := range copies {
		if c.Failed() {
			lines = append(lines, p.text("group.each_line", "title", c.Group.Title, "result", p.word("announce.each_failed", "reason", p.reasonWord(c.Failure))))
		}
	}
	return lines
}
