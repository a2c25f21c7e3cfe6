package sim

import (
	"reflect"
	"strings"
	"time"
)

// deletableFor is how long a bot may delete a message.
const deletableFor = 48 * time.Hour

const notModified = "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"

// editable finds the message of a call that the bot wants to edit.
func (t *Telegram) editable(c *call) (*chat, *Message, *apiError) {
	if c.has("inline_message_id") {
		return nil, nil, broken("the simulated Telegram has no inline messages")
	}
	if !c.has("chat_id") || !c.has("message_id") {
		return nil, nil, broken("message identifier is not specified")
	}
	ch, m, err := t.messageFor(c, "message to edit not found")
	if err != nil {
		return nil, nil, err
	}
	if m.From == nil || m.From.ID != t.bot.ID || m.ForwardOrigin != nil || m.withReplyKbd || m.isService() {
		return nil, nil, refuse(400, "message can't be edited")
	}
	return ch, m, nil
}

// inlineOf reads the keyboard of an edit: a missing one takes the old one away.
func inlineOf(c *call) (*InlineKeyboard, *apiError) {
	m, err := markupOf(c)
	return m.inline, err
}

func (t *Telegram) editMessageText(c *call) (any, *apiError) {
	text, entities, err := textOf(c)
	if err != nil {
		return nil, err
	}
	return t.edit(c, func(m *Message) *apiError {
		if m.Text == "" {
			return refuse(400, "there is no text in the message to edit")
		}
		m.Text, m.Entities = text, entities
		return nil
	})
}

func (t *Telegram) editMessageCaption(c *call) (any, *apiError) {
	text, entities, err := captionOf(c)
	if err != nil {
		return nil, err
	}
	return t.edit(c, func(m *Message) *apiError {
		if !m.hasMedia() {
			return refuse(400, "there is no caption in the message to edit")
		}
		m.Caption, m.CaptionEntities = text, entities
		return nil
	})
}

func (t *Telegram) editMessageReplyMarkup(c *call) (any, *apiError) {
	return t.edit(c, func(*Message) *apiError { return nil })
}

// edit applies a change and the keyboard of a call to a message, and refuses when that changes nothing.
func (t *Telegram) edit(c *call, change func(*Message) *apiError) (any, *apiError) {
	keyboard, err := inlineOf(c)
	if err != nil {
		return nil, err
	}
	ch, m, err := t.editable(c)
	if err != nil {
		return nil, err
	}
	next := *m
	if err := change(&next); err != nil {
		return nil, err
	}
	next.ReplyMarkup = keyboard
	if sameContent(m, &next) {
		return nil, refuse(400, notModified)
	}
	next.EditDate = time.Now().Unix()
	t.touch()
	next.touched = t.changes
	*m = next
	t.settlePresses(ch, m.ID)
	t.note(Event{Kind: Edited, Chat: ch.wire.ID, Who: ch.title(), Message: *ch.shown(m)})
	return ch.shown(m), nil
}

func sameContent(a, b *Message) bool {
	return a.Text == b.Text && a.Caption == b.Caption && reflect.DeepEqual(a.ReplyMarkup, b.ReplyMarkup) &&
		sameEntities(a.Entities, b.Entities) && sameEntities(a.CaptionEntities, b.CaptionEntities)
}

func sameEntities(a, b []Entity) bool {
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
}

func (t *Telegram) deleteMessage(c *call) (any, *apiError) {
	ch, m, err := t.messageFor(c, "message to delete not found")
	if err != nil {
		return nil, err
	}
	if err := t.deletable(ch, m); err != nil {
		return nil, err
	}
	t.erase(ch, m)
	return true, nil
}

// deleteMessages skips what it cannot delete.
func (t *Telegram) deleteMessages(c *call) (any, *apiError) {
	ch, err := t.chatFor(c, "chat_id")
	if err != nil {
		return nil, err
	}
	for _, id := range idsOf(c) {
		if m := ch.byID[id]; m != nil && t.deletable(ch, m) == nil {
			t.erase(ch, m)
		}
	}
	return true, nil
}

func (t *Telegram) deletable(ch *chat, m *Message) *apiError {
	mine := m.From != nil && m.From.ID == t.bot.ID
	if ch.group != nil && !mine && ch.group.bot != "administrator" {
		return refuse(400, "message can't be deleted")
	}
	if time.Since(time.Unix(m.Date, 0)) > deletableFor {
		return refuse(400, "message can't be deleted for everyone")
	}
	return nil
}

func (t *Telegram) erase(ch *chat, m *Message) {
	t.remove(ch, m)
	t.note(Event{Kind: Deleted, Chat: ch.wire.ID, Who: ch.title(), Message: *ch.shown(m)})
}

func idsOf(c *call) []int {
	var ids []int
	c.into("message_ids", &ids)
	return ids
}

func (t *Telegram) pinChatMessage(c *call) (any, *apiError) {
	ch, m, err := t.messageFor(c, "message to pin not found")
	if err != nil {
		return nil, err
	}
	if err := ch.mayPin(); err != nil {
		return nil, err
	}
	ch.unpin(m.ID)
	ch.pinned = append(ch.pinned, m.ID)
	t.touch()
	t.note(Event{Kind: Pinned, Chat: ch.wire.ID, Who: ch.title(), Message: *ch.shown(m)})
	service := t.newMessage(ch, &t.bot)
	service.Pinned = ch.shown(m)
	t.add(ch, service)
	return true, nil
}

func (t *Telegram) unpinChatMessage(c *call) (any, *apiError) {
	ch, err := t.chatFor(c, "chat_id")
	if err != nil {
		return nil, err
	}
	if err := ch.mayPin(); err != nil {
		return nil, err
	}
	if !c.has("message_id") && len(ch.pinned) > 0 {
		ch.pinned = ch.pinned[:len(ch.pinned)-1]
	}
	if c.has("message_id") && !ch.unpin(int(c.int("message_id"))) {
		return nil, refuse(400, "message to unpin not found")
	}
	t.touch()
	return true, nil
}

func (t *Telegram) unpinAllChatMessages(c *call) (any, *apiError) {
	ch, err := t.chatFor(c, "chat_id")
	if err != nil {
		return nil, err
	}
	ch.pinned = nil
	t.touch()
	return true, nil
}

func (ch *chat) mayPin() *apiError {
	if ch.group != nil && ch.group.bot != "administrator" {
		return refuse(400, "not enough rights to manage pinned messages in the chat")
	}
	return nil
}

func (ch *chat) unpin(id int) bool {
	for i, pinned := range ch.pinned {
		if pinned == id {
			ch.pinned = append(ch.pinned[:i:i], ch.pinned[i+1:]...)
			return true
		}
	}
	return false
}

func (t *Telegram) setMessageReaction(c *call) (any, *apiError) {
	_, m, err := t.messageFor(c, "message to react not found")
	if err != nil {
		return nil, err
	}
	var reactions []struct {
		Type  string `json:"type"`
		Emoji string `json:"emoji"`
	}
	c.into("reaction", &reactions)
	if len(reactions) > 1 {
		return nil, broken("REACTIONS_TOO_MANY")
	}
	reaction := ""
	if len(reactions) == 1 {
		if reaction = reactions[0].Emoji; !isReaction(reaction) {
			return nil, broken("REACTION_INVALID")
		}
	}
	m.reaction = reaction
	t.touch()
	return true, nil
}

// reactionEmoji are the reactions that everybody may use.
const reactionEmoji = " ❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡 "

func isReaction(emoji string) bool {
	return emoji != "" && strings.Contains(reactionEmoji, " "+strings.TrimSuffix(emoji, "\ufe0f")+" ")
}
