package bot

import (
	"encoding/json"

	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

// inWorkGroup finds the work group of a letter, and ends the letter where nothing can be posted. Where nobody would tell the bot that it may write again it
// is tried.
func (p *page) inWorkGroup(l duban.Letter) (duban.Group, error) {
	g, err := groupOf(p.tx, l)
	switch {
	case duban.CodeOf(err) == duban.NotFound, err == nil && !g.Bound():
		return g, untrue("not bound")
	case err == nil && g.State == duban.GroupLost && !g.Reason.MayPass():
		return g, &Undeliverable{State: duban.Failed, Reason: string(g.Reason)}
	}
	return g, err
}

// renderGroupCopy is an announcement in a work group: the message itself, without the buttons, which are for each in private.
func (p *page) renderGroupCopy(l duban.Letter) (Outgoing, error) {
	g, err := p.inWorkGroup(l)
	if err != nil {
		return Outgoing{}, err
	}
	n, err := p.tx.Announcement(l.AnnouncementID)
	switch {
	case err != nil:
		return Outgoing{}, err
	case n.State == duban.AnnouncementPaused:
		return Outgoing{}, &Held{For: pausedPeek, Reason: "paused"}
	case !n.State.Out() || n.State == duban.AnnouncementStopped:
		return Outgoing{}, untrue(string(n.State))
	}
	out := announced(p.lang, n)
	out.ChatID, out.Thread, out.Keyboard, out.Text = g.ChatID, g.TopicID, nil, ""
	return out, nil
}

// renderGroupCount says below an announcement in a work group how many have confirmed it, and leads into the private chat.
func (p *page) renderGroupCount(l duban.Letter) (Outgoing, error) {
	g, err := p.inWorkGroup(l)
	if err != nil {
		return Outgoing{}, err
	}
	n, err := p.tx.Announcement(l.AnnouncementID)
	if err != nil {
		return Outgoing{}, err
	}
	if !n.State.Out() {
		return Outgoing{}, untrue(string(n.State))
	}
	tally, err := p.tx.Tally(n.ID)
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{
		ChatID: g.ChatID, Thread: g.TopicID, Edit: l.MessageID, EditOnly: l.MessageID != 0, Silent: true,
		Text:     p.text("group.count", "confirmed", tally.Confirmed, "all", tally.All-tally.Failed),
		Keyboard: p.intoPrivate("group.button_receipt", linkAnnounce+i64(n.ID)),
	}
	copies, err := p.tx.GroupMessages(n.ID)
	for _, m := range copies {
		if m.ChatID == g.ChatID && m.Kind == duban.NewsGroupCopy {
			out.ReplyTo = m.MessageID
			break
		}
	}
	return out, err
}

// renderGroupFix puts the corrected words into an announcement in a work group, or deletes it there.
func (p *page) renderGroupFix(l duban.Letter) (Outgoing, error) {
	var news work.RecallNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	n, err := p.tx.Announcement(l.AnnouncementID)
	if err != nil {
		return Outgoing{}, err
	}
	if n.State == duban.AnnouncementRecalled {
		return p.renderRecall(l)
	}
	words := correctedWords(n)
	words.Text += "\n\n" + p.word("announce.corrected_note", "at", p.moment(n.Correction.At))
	return Outgoing{ChatID: news.Chat, Edit: news.Message, EditOnly: true, Words: words}, nil
}

// renderGroupDay is the line of the day in a work group: how many items of its unit stand how. It names nobody and nothing.
func (p *page) renderGroupDay(l duban.Letter) (Outgoing, error) {
	var news work.GroupNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	g, err := p.inWorkGroup(l)
	if err != nil {
		return Outgoing{}, err
	}
	day, err := calendar.ParseDate(news.Day)
	if err != nil {
		return Outgoing{}, err
	}
	if !g.Daily || day != p.Desk.Calendar.Today(p.now) {
		return Outgoing{}, untrue("no longer the day")
	}
	u, err := p.tx.Unit(g.UnitID)
	if err != nil {
		return Outgoing{}, err
	}
	open, err := p.tx.OpenIn(g.UnitID)
	if err != nil {
		return Outgoing{}, err
	}
	unsigned := 0
	for _, a := range open {
		if a.State == duban.Issued {
			unsigned++
		}
	}
	when := text.Day(p.lang, day.Year, day.Month, day.Day)
	return Outgoing{
		ChatID: g.ChatID, Thread: g.TopicID, Edit: l.MessageID, Silent: true,
		Text:     text.Join(p.text("group.day", "day", when, "unit", u.Name, "open", len(open), "unsigned", unsigned), p.tally(open)),
		Keyboard: p.intoPrivate("group.button_mine", linkTasks),
	}, nil
}

// renderGroupTold tells an administrator that nothing can be posted to a work group, or that something can again.
func (p *page) renderGroupTold(l duban.Letter) (Outgoing, error) {
	var news work.GroupNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	g, err := p.tx.Group(news.Group)
	if err != nil {
		return Outgoing{}, err
	}
	if !g.Bound() || g.Reason != news.Reason {
		return Outgoing{}, untrue("changed meanwhile")
	}
	u, err := p.tx.Unit(g.UnitID)
	if err != nil {
		return Outgoing{}, err
	}
	if news.Reason == "" {
		return Outgoing{Text: p.text("group.back", "title", g.Title, "unit", u.Name)}, nil
	}
	return Outgoing{
		Text: text.Join(
			p.text("group.lost", "title", g.Title, "unit", u.Name, "reason", p.reasonWord(string(news.Reason))), p.text("group.lost_then"),
		),
		Keyboard: Keyboard{{button(p.word("group.button_unbind"), "groupdo", g.ID, groupUnbind)}},
	}, nil
}

// groupsToo is the argument of the button that lets an announcement stand in the work groups of its audience too.
const groupsToo = "groups"

// groupsOption is the button that lets an announcement stand in work groups too, where its audience has some, and in which it will.
func (p *page) groupsOption(d announceDraft) (Keyboard, text.HTML, error) {
	groups, err := p.groupsOf(d.Audience)
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
	groups, err := p.groupsOf(n.Audience)
	if err != nil || len(groups) == 0 {
		return "", err
	}
	return p.groupNames(groups), nil
}

func (p *page) groupsOf(audience duban.Audience) ([]duban.Group, error) {
	return work.GroupAudience(p.tx, duban.Actor{PersonID: p.reader.ID}, audience)
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

// groupsLine says on the sender's card in how many work groups an announcement stands, and why not in others.
func (p *page) groupsLine(n duban.Announcement) (text.HTML, error) {
	if !n.ToGroups {
		return "", nil
	}
	copies, err := p.tx.GroupCopies(n.ID)
	if err != nil {
		return "", err
	}
	delivered, failed := 0, ""
	for _, c := range copies {
		switch {
		case c.Delivered:
			delivered++
		case c.Failure != "":
			if failed != "" {
				failed += p.word("people.comma")
			}
			failed += p.word("group.name_lost", "title", c.Group.Title, "reason", p.reasonWord(c.Failure))
		}
	}
	if failed == "" {
		return p.text("group.card", "n", delivered, "all", len(copies)), nil
	}
	return p.text("group.card_failed", "n", delivered, "all", len(copies), "failed", failed), nil
}
