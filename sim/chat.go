package sim

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// chat is a private chat of a person with the bot, or a group. Message ids count through all private chats, and for each group on its
// own; there the first is its creation, which is also the thread of a forum's General topic.
type chat struct {
	wire     Chat
	person   *Person
	group    *Group
	messages []*Message
	byID     map[int]*Message
	lastID   int
	pinned   []int
	keyboard *ReplyKeyboard
	unread   int
	topics   map[int]string
	// closedTopics are those in which only administrators write.
	closedTopics map[int]bool
	menu         any
}

func newChat(wire Chat) *chat {
	return &chat{wire: wire, lastID: 1, byID: map[int]*Message{}, topics: map[int]string{}}
}

func (ch *chat) private() bool { return ch.person != nil }

// lane is what keeps the updates of a chat in order.
func (ch *chat) lane() string { return strconv.FormatInt(ch.wire.ID, 10) }

// chatOf is the chat that a call is about, 0 when it is about none.
func (t *Telegram) chatOf(c *call) int64 { return c.int("chat_id") }

// chatFor finds the chat that a parameter names.
func (t *Telegram) chatFor(c *call, name string) (*chat, *apiError) {
	if text := c.text(name); text != "" {
		return t.chatByName(text)
	}
	id := c.int(name)
	if to, moved := t.movedTo[id]; moved {
		e := refuse(400, "group chat was upgraded to a supergroup chat")
		e.migrateTo = to
		return nil, e
	}
	ch := t.chats[id]
	if ch == nil {
		return nil, refuse(400, "chat not found")
	}
	if ch.group != nil {
		if err := ch.group.closedToBot(); err != nil {
			return nil, err
		}
	}
	return ch, nil
}

func (t *Telegram) chatByName(name string) (*chat, *apiError) {
	for _, g := range t.groups {
		if g.chat.wire.Username != "" && strings.EqualFold("@"+g.chat.wire.Username, name) {
			return g.chat, nil
		}
	}
	return nil, refuse(400, "chat not found")
}

// mayWrite says why the bot cannot write to a chat.
func (t *Telegram) mayWrite(ch *chat) *apiError {
	if ch.group != nil {
		if ch.group.muted && ch.group.bot != "administrator" {
			return refuse(400, "not enough rights to send text messages to the chat")
		}
		return nil
	}
	switch p := ch.person; {
	case p.deactivated:
		return refuse(403, "user is deactivated")
	case !p.started:
		return refuse(403, "bot can't initiate conversation with a user")
	case p.blocked:
		return refuse(403, "bot was blocked by the user")
	}
	return nil
}

// newMessage makes a message in a chat; the caller fills it and adds it.
func (t *Telegram) newMessage(ch *chat, from *User) *Message {
	sender := *from
	return &Message{ID: t.nextMessageID(ch), From: &sender, Date: time.Now().Unix(), Chat: ch.wire}
}

func (t *Telegram) nextMessageID(ch *chat) int {
	if ch.private() {
		t.privMsg++
		return t.privMsg
	}
	ch.lastID++
	return ch.lastID
}

// add puts a message into its chat.
func (t *Telegram) add(ch *chat, m *Message) {
	ch.messages = append(ch.messages, m)
	ch.byID[m.ID] = m
	t.touch()
	m.touched = t.changes
}

// remove takes a message out of its chat.
func (t *Telegram) remove(ch *chat, m *Message) {
	delete(ch.byID, m.ID)
	ch.messages = slices.DeleteFunc(ch.messages, func(other *Message) bool { return other == m })
	ch.pinned = slices.DeleteFunc(ch.pinned, func(id int) bool { return id == m.ID })
	t.touch()
}

// shown is a message as it goes over the wire, with the message that it answers.
func (ch *chat) shown(m *Message) *Message {
	copied := *m
	if answered := ch.byID[m.replyTo]; answered != nil {
		inner := *answered
		copied.ReplyTo = &inner
	}
	return &copied
}

// messageFor finds the message that a call is about; missing is the answer when it is not there.
func (t *Telegram) messageFor(c *call, missing string) (*chat, *Message, *apiError) {
	ch, err := t.chatFor(c, "chat_id")
	if err != nil {
		return nil, nil, err
	}
	m := ch.byID[int(c.int("message_id"))]
	if m == nil {
		return nil, nil, refuse(400, "%s", missing)
	}
	return ch, m, nil
}
