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
		return g, notBound(l)
	case err == nil && g.State == duban.GroupLost && !g.Reason.MayPass():
		return g, &Undeliverable{State: duban.Failed, Reason: string(g.Reason)}
	}
	return g, err
}

// notBound ends a letter to a group that belongs to no unit any more. Of an announcement its sender sees that it does not stand there.
func notBound(l duban.Letter) error {
	if l.Kind == duban.NewsGroupCopy {
		return &Undeliverable{State: duban.Failed, Reason: "not_bound"}
	}
	return untrue("not bound")
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
		return Outgoing{}, overtaken(l, n)
	}
	out, err := p.stillThere(n)
	out.ChatID, out.Thread, out.Keyboard, out.Text = g.ChatID, g.TopicID, nil, ""
	return out, err
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
		Text:     p.text("group.count."+string(n.Receipt), "confirmed", tally.Confirmed, "all", tally.All-tally.Failed),
		Keyboard: p.intoPrivate("group.button_receipt."+string(n.Receipt), linkAnnounce+i64(n.ID)),
	}
	out.ReplyTo, err = p.copyIn(g, n)
	return out, err
}

// copyIn finds the message of an announcement in a work group; 0 when it is not known. One of a chat that has become another is none.
func (p *page) copyIn(g duban.Group, n duban.Announcement) (int64, error) {
	all, err := p.tx.GroupMessages(n.ID)
	for _, m := range all {
		var of work.GroupNews
		if m.ChatID != g.ChatID || m.Kind != duban.NewsGroupCopy || json.Unmarshal([]byte(m.Data), &of) != nil || of.Group != g.ID {
			continue
		}
		return m.MessageID, err
	}
	return 0, err
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

// renderGroupHint says in a group to which no unit is bound what to do, and a day later that the bot leaves. It names nobody and no unit.
func (p *page) renderGroupHint(l duban.Letter) (Outgoing, error) {
	var news work.StayNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	all, err := p.tx.GroupsOfChat(l.ChatID)
	if err != nil {
		return Outgoing{}, err
	}
	for _, g := range all {
		if g.Bound() || g.State == duban.GroupAsked && !news.Last {
			return Outgoing{}, untrue("bound")
		}
	}
	key := "group.hint"
	if news.Last {
		key = "group.leaving"
	}
	return Outgoing{ChatID: l.ChatID, Text: p.text(key), Silent: true}, nil
}

// renderGroupLeave lets the bot leave a channel, or a group to which no unit was bound meanwhile.
func (p *page) renderGroupLeave(l duban.Letter) (Outgoing, error) {
	bound, err := work.GroupIsBound(p.tx, l.ChatID)
	if err != nil {
		return Outgoing{}, err
	}
	if bound {
		return Outgoing{}, untrue("bound")
	}
	return Outgoing{ChatID: l.ChatID, Leave: true}, nil
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
			p.text("group.lost", "title", g.Title, "unit", u.Name, "reason", p.reasonWord(string(news.Reason))), p.text("group.then."+string(news.Reason)),
		),
		Keyboard: Keyboard{{button(p.word("group.button_unbind"), "groupdo", g.ID, groupUnbind)}},
	}, nil
}
