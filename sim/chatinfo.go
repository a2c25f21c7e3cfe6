package sim

import "slices"

// chatFull is a ChatFullInfo.
type chatFull struct {
	Chat
	AccentColor   int             `json:"accent_color_id"` //nolint:misspell // the Bot API writes it so
	MaxReactions  int             `json:"max_reaction_count"`
	AcceptedGifts map[string]bool `json:"accepted_gift_types"`
	Pinned        *Message        `json:"pinned_message,omitempty"`
}

func (t *Telegram) getChat(c *call) (any, *apiError) {
	ch, err := t.chatFor(c, "chat_id")
	if err != nil {
		return nil, err
	}
	if ch.private() && !ch.person.started {
		return nil, refuse(400, "chat not found")
	}
	full := chatFull{Chat: ch.wire, MaxReactions: 11, AcceptedGifts: map[string]bool{
		"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false, "premium_subscription": false, "gifts_from_channels": false,
	}}
	if n := len(ch.pinned); n > 0 {
		full.Pinned = ch.shown(ch.byID[ch.pinned[n-1]])
	}
	return full, nil
}

func (t *Telegram) getChatMember(c *call) (any, *apiError) {
	ch, err := t.chatFor(c, "chat_id")
	if err != nil {
		return nil, err
	}
	id := c.int("user_id")
	if id == t.bot.ID {
		return member(&t.bot, ch.botStatus()), nil
	}
	p := t.users[id]
	if p == nil {
		return nil, refuse(400, "invalid user_id specified")
	}
	if ch.private() {
		return member(&p.user, "member"), nil
	}
	return member(&p.user, ch.group.statusOf(p)), nil
}

func (ch *chat) botStatus() string {
	if ch.group != nil {
		return ch.group.bot
	}
	return "member"
}

func (t *Telegram) getChatMemberCount(c *call) (any, *apiError) {
	ch, err := t.chatFor(c, "chat_id")
	if err != nil {
		return nil, err
	}
	if ch.private() {
		return 2, nil
	}
	return len(ch.group.members) + 1, nil
}

func (t *Telegram) getChatAdministrators(c *call) (any, *apiError) {
	ch, err := t.chatFor(c, "chat_id")
	if err != nil {
		return nil, err
	}
	if ch.private() {
		return nil, broken("there are no administrators in the private chat")
	}
	members := []chatMember{}
	if len(ch.group.members) > 0 {
		members = append(members, member(&ch.group.members[0].user, "creator"))
	}
	if ch.group.bot == "administrator" {
		members = append(members, member(&t.bot, "administrator"))
	}
	return members, nil
}

func (t *Telegram) leaveChat(c *call) (any, *apiError) {
	ch, err := t.chatFor(c, "chat_id")
	if err != nil {
		return nil, err
	}
	if ch.private() {
		return nil, broken("chat member status can't be changed in private chats")
	}
	was := ch.group.bot
	ch.group.bot = "left"
	t.postMember(ch, &t.bot, was, "left")
	return true, nil
}

// topic is a ForumTopic.
type topic struct {
	ThreadID  int    `json:"message_thread_id"`
	Name      string `json:"name"`
	IconColor int    `json:"icon_color"` //nolint:misspell // the Bot API writes it so
}

func (t *Telegram) createForumTopic(c *call) (any, *apiError) {
	ch, err := t.chatFor(c, "chat_id")
	if err != nil {
		return nil, err
	}
	if ch.group == nil || !ch.wire.IsForum {
		return nil, refuse(400, "the chat is not a forum")
	}
	if ch.group.bot != "administrator" {
		return nil, refuse(400, "not enough rights to create a topic")
	}
	m := t.openTopic(ch, c.text("name"), &t.bot)
	return topic{m.ThreadID, c.text("name"), m.TopicCreated.IconColor}, nil
}

// chatActions are what a bot can seem to be doing.
var chatActions = []string{
	"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document", "choose_sticker",
	"find_location", "record_video_note", "upload_video_note",
}

func (t *Telegram) sendChatAction(c *call) (any, *apiError) {
	ch, err := t.chatFor(c, "chat_id")
	if err != nil {
		return nil, err
	}
	if !slices.Contains(chatActions, c.text("action")) {
		return nil, broken("wrong parameter action in request")
	}
	if err := t.mayWrite(ch); err != nil {
		return nil, err
	}
	return true, nil
}

func (t *Telegram) sendContact(c *call) (any, *apiError) {
	o, err := t.outgoingOf(c)
	if err != nil {
		return nil, err
	}
	m := t.message(o)
	m.Contact = &Contact{PhoneNumber: c.text("phone_number"), FirstName: c.text("first_name"), LastName: c.text("last_name")}
	return t.deliver(c, o, m), nil
}
