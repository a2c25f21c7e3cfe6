package sim

import (
	"slices"
	"strings"
)

// Group is a chat of several people with the bot in it.
type Group struct {
	t       *Telegram
	chat    *chat
	members []*Person
	// bot is the bot's status: member, administrator, left or kicked.
	bot            string
	deleted, muted bool
}

// NewGroup makes a supergroup with people and the bot. The bot is told that it was added by the first of them.
func (t *Telegram) NewGroup(title string, members ...*Person) *Group {
	return t.newGroup("supergroup", title, "member", members)
}

// NewChannel makes a channel to which its owner has added the bot, which can only be an administrator there.
func (t *Telegram) NewChannel(title string, owner *Person) *Group {
	return t.newGroup("channel", title, "administrator", []*Person{owner})
}

// NewBasicGroup makes a group of the old kind, which can be upgraded by Migrate.
func (t *Telegram) NewBasicGroup(title string, members ...*Person) *Group {
	return t.newGroup("group", title, "member", members)
}

func (t *Telegram) newGroup(kind, title, bot string, members []*Person) *Group {
	t.mu.Lock()
	defer t.mu.Unlock()
	id := -(1_000_000 + t.random.Int64N(4_000_000_000))
	if kind != "group" {
		id = t.supergroupID()
	}
	g := &Group{t: t, chat: newChat(Chat{ID: id, Type: kind, Title: title}), members: members, bot: bot}
	g.chat.group = g
	t.chats[id] = g.chat
	t.groups = append(t.groups, g)
	if len(members) > 0 {
		t.postMember(g.chat, &members[0].user, "left", bot)
	}
	t.touch()
	return g
}

func (t *Telegram) supergroupID() int64 {
	return -1_000_000_000_000 - (1_000_000_000 + t.random.Int64N(2_000_000_000))
}

// ID returns the id of the group as it is now.
func (g *Group) ID() int64 {
	g.t.mu.Lock()
	defer g.t.mu.Unlock()
	return g.chat.wire.ID
}

// As returns the seat of a person in the group. After Migrate it stays in the old one.
func (g *Group) As(p *Person) *Seat { return &Seat{t: g.t, person: p, chat: g.chat} }

// Groups returns the groups that a person is in, in the order in which they were made.
func (p *Person) Groups() []*Group {
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	var in []*Group
	for _, g := range p.t.groups {
		if slices.Contains(g.members, p) {
			in = append(in, g)
		}
	}
	return in
}

// Title returns the name of the group.
func (g *Group) Title() string {
	g.t.mu.Lock()
	defer g.t.mu.Unlock()
	return g.chat.wire.Title
}

// InTopic returns the seat in one topic of a forum.
func (s *Seat) InTopic(id int) *Seat {
	seat := *s
	seat.thread = id
	return &seat
}

// NewTopic opens a topic, which makes the group a forum, and returns its message_thread_id.
func (g *Group) NewTopic(name string, by *Person) int {
	g.t.mu.Lock()
	defer g.t.mu.Unlock()
	return g.t.openTopic(g.chat, name, &by.user).ThreadID
}

func (t *Telegram) openTopic(ch *chat, name string, by *User) *Message {
	ch.wire.IsForum = true
	m := t.newMessage(ch, by)
	m.ThreadID, m.IsTopicMessage = m.ID, true
	m.TopicCreated = &TopicCreated{Name: name, IconColor: 7322096}
	ch.topics[m.ID] = name
	t.add(ch, m)
	t.post("message", ch.lane(), messageWaits, ch.shown(m))
	return m
}

// CloseTopic lets only administrators write in a topic; the bot gets a service message.
func (g *Group) CloseTopic(id int, by *Person) { g.lockTopic(id, by, true) }

// ReopenTopic lets everybody write in a topic again.
func (g *Group) ReopenTopic(id int, by *Person) { g.lockTopic(id, by, false) }

func (g *Group) lockTopic(id int, by *Person, closed bool) {
	g.t.mu.Lock()
	defer g.t.mu.Unlock()
	if g.chat.closedTopics == nil {
		g.chat.closedTopics = map[int]bool{}
	}
	g.chat.closedTopics[id] = closed
	g.service(&by.user, func(m *Message) {
		m.ThreadID, m.IsTopicMessage = id, true
		if closed {
			m.TopicClosed = &struct{}{}
		} else {
			m.TopicReopened = &struct{}{}
		}
	})
}

// DeleteTopic deletes a topic with its messages. The bot is not told.
func (g *Group) DeleteTopic(id int) {
	g.t.mu.Lock()
	defer g.t.mu.Unlock()
	delete(g.chat.topics, id)
	for _, m := range g.chat.messages {
		if m.ThreadID == id {
			delete(g.chat.byID, m.ID)
		}
	}
}

// Promote makes the bot an administrator, who sees all messages, pins and deletes.
func (g *Group) Promote(by *Person) { g.setBot("administrator", by) }

// Kick throws the bot out.
func (g *Group) Kick(by *Person) { g.setBot("kicked", by) }

// AddBot brings the bot back.
func (g *Group) AddBot(by *Person) { g.setBot("member", by) }

func (g *Group) setBot(status string, by *Person) {
	g.t.mu.Lock()
	defer g.t.mu.Unlock()
	was := g.bot
	g.bot = status
	g.t.postMember(g.chat, &by.user, was, status)
	g.t.touch()
}

// Delete dissolves the group.
func (g *Group) Delete() {
	g.t.mu.Lock()
	defer g.t.mu.Unlock()
	g.deleted = true
}

// Add brings a person into the group; the bot gets a service message.
func (g *Group) Add(p *Person) {
	g.t.mu.Lock()
	defer g.t.mu.Unlock()
	g.members = append(g.members, p)
	g.service(&p.user, func(m *Message) { m.NewMembers = []User{p.user} })
}

// Remove takes a person out of the group; the bot gets a service message.
func (g *Group) Remove(p *Person) {
	g.t.mu.Lock()
	defer g.t.mu.Unlock()
	for i, other := range g.members {
		if other == p {
			g.members = append(g.members[:i:i], g.members[i+1:]...)
			break
		}
	}
	g.service(&p.user, func(m *Message) { user := p.user; m.LeftMember = &user })
}

func (g *Group) service(from *User, fill func(*Message)) {
	m := g.t.newMessage(g.chat, from)
	fill(m)
	g.t.add(g.chat, m)
	g.t.post("message", g.chat.lane(), messageWaits, g.chat.shown(m))
}

// SayAnonymously lets an administrator speak in the name of the group: the sender is a made-up user then.
func (g *Group) SayAnonymously(text string) *Message {
	g.t.mu.Lock()
	defer g.t.mu.Unlock()
	m := g.t.newMessage(g.chat, &User{ID: 1087968824, IsBot: true, FirstName: "Group", Username: "GroupAnonymousBot"})
	sender := g.chat.wire
	m.SenderChat, m.Text, m.Entities = &sender, text, withFound(text, nil)
	g.t.add(g.chat, m)
	g.t.post("message", g.chat.lane(), messageWaits, g.chat.shown(m))
	return g.chat.shown(m)
}

// Mute takes the bot's right to write, or gives it back.
func (g *Group) Mute(muted bool) {
	g.t.mu.Lock()
	defer g.t.mu.Unlock()
	g.muted = muted
}

// Migrate turns the group into a supergroup with another id, which it returns. The old id answers with the new one from now on; both
// chats get a service message, and messages sent before stay behind.
func (g *Group) Migrate(by *Person) int64 {
	t := g.t
	t.mu.Lock()
	defer t.mu.Unlock()
	old, oldID := g.chat, g.chat.wire.ID
	id := t.supergroupID()
	g.service(&by.user, func(m *Message) { m.MigrateTo = id })
	g.chat = newChat(old.wire)
	g.chat.group, g.chat.wire.ID, g.chat.wire.Type = g, id, "supergroup"
	t.chats[id] = g.chat
	delete(t.chats, oldID)
	t.movedTo[oldID] = id
	g.service(&by.user, func(m *Message) { m.MigrateFrom = oldID })
	return id
}

// closedToBot says why the bot has no access to the group.
func (g *Group) closedToBot() *apiError {
	kind := g.chat.wire.Type
	switch {
	case g.deleted:
		return refuse(403, "the group chat was deleted")
	case g.bot == "kicked":
		return refuse(403, "bot was kicked from the %s chat", kind)
	case g.bot == "left":
		return refuse(403, "bot is not a member of the %s chat", kind)
	}
	return nil
}

// shows reports whether the bot gets a message of the group: with privacy mode only commands, mentions and answers to itself, as an
// administrator everything.
func (g *Group) shows(m, answered *Message) bool {
	switch {
	case g.closedToBot() != nil:
		return false
	case g.bot == "administrator":
		return true
	case answered != nil && answered.From.ID == g.t.bot.ID:
		return true
	}
	text := m.Body()
	return strings.HasPrefix(text, "/") || strings.Contains(strings.ToLower(text), "@"+strings.ToLower(g.t.bot.Username))
}

func (g *Group) statusOf(p *Person) string {
	for i, other := range g.members {
		if other == p && i == 0 {
			return "creator"
		}
		if other == p {
			return "member"
		}
	}
	return "left"
}
