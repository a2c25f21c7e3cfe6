package sim

import (
	"encoding/json"
	"strings"
)

// outgoing is a message of the bot that is about to be sent.
type outgoing struct {
	chat    *chat
	thread  int
	replyTo int
	quote   *Quote
	markup  markup
	silent  bool
	protect bool
}

// replyParameters are the fields of ReplyParameters that the simulation follows.
type replyParameters struct {
	MessageID    int             `json:"message_id"`
	ChatID       json.RawMessage `json:"chat_id"`
	AllowWithout bool            `json:"allow_sending_without_reply"`
	Quote        string          `json:"quote"`
	QuoteMode    string          `json:"quote_parse_mode"`
	Position     int             `json:"quote_position"`
}

// outgoingOf reads what all sending methods have in common.
func (t *Telegram) outgoingOf(c *call) (*outgoing, *apiError) {
	ch, err := t.chatFor(c, "chat_id")
	if err != nil {
		return nil, err
	}
	o := &outgoing{chat: ch, thread: int(c.int("message_thread_id")), silent: c.flag("disable_notification"), protect: c.flag("protect_content")}
	if o.markup, err = markupOf(c); err != nil {
		return nil, err
	}
	if err := t.mayWrite(ch); err != nil {
		return nil, err
	}
	if o.thread != 0 && ch.topics[o.thread] == "" {
		return nil, refuse(400, "message thread not found")
	}
	if ch.closedTopics[o.thread] && ch.group.bot != "administrator" {
		return nil, refuse(400, "TOPIC_CLOSED")
	}
	return o, o.readReply(c)
}

func (o *outgoing) readReply(c *call) *apiError {
	var r replyParameters
	if !c.into("reply_parameters", &r) {
		return nil
	}
	if r.ChatID != nil && string(r.ChatID) != o.chat.lane() {
		return broken("the simulated Telegram replies within one chat only")
	}
	answered := o.chat.byID[r.MessageID]
	if answered == nil {
		if r.AllowWithout {
			return nil
		}
		return refuse(400, "message to be replied not found")
	}
	o.replyTo = answered.ID
	if o.thread == 0 && answered.IsTopicMessage {
		o.thread = answered.ThreadID
	}
	if r.Quote == "" {
		return nil
	}
	return o.readQuote(r, answered)
}

func (o *outgoing) readQuote(r replyParameters, answered *Message) *apiError {
	text, entities, err := parsed(r.Quote, r.QuoteMode, nil)
	if err != nil {
		return err
	}
	whole := answered.Body()
	at := strings.Index(whole, text)
	if at < 0 {
		return refuse(400, "QUOTE_TEXT_INVALID")
	}
	o.quote = &Quote{Text: text, Entities: entities, Position: utf16Len(whole[:at])}
	return nil
}

// message makes the message; the caller fills in its content.
func (t *Telegram) message(o *outgoing) *Message {
	m := t.newMessage(o.chat, &t.bot)
	m.replyTo, m.Quote, m.Silent, m.Protected = o.replyTo, o.quote, o.silent, o.protect
	if o.thread != 0 {
		m.ThreadID, m.IsTopicMessage = o.thread, true
	}
	return m
}

// deliver puts a message of the bot before the people of its chat.
func (t *Telegram) deliver(c *call, o *outgoing, m *Message) *Message {
	ch := o.chat
	m.ReplyMarkup = o.markup.inline
	m.withReplyKbd = o.markup.reply != nil || o.markup.remove || o.markup.forceReply
	switch {
	case o.markup.reply != nil:
		ch.keyboard = o.markup.reply
	case o.markup.remove:
		ch.keyboard = nil
	}
	ch.unread++
	t.add(ch, m)
	t.noteDelivery(c, ch, m, o.markup)
	return ch.shown(m)
}

func (t *Telegram) sendMessage(c *call) (any, *apiError) {
	text, entities, err := textOf(c)
	if err != nil {
		return nil, err
	}
	o, err := t.outgoingOf(c)
	if err != nil {
		return nil, err
	}
	m := t.message(o)
	m.Text, m.Entities = text, entities
	return t.deliver(c, o, m), nil
}

func (t *Telegram) sendDocument(c *call) (any, *apiError) { return t.sendFile(c, "document") }

func (t *Telegram) sendPhoto(c *call) (any, *apiError) { return t.sendFile(c, "photo") }

func (t *Telegram) sendVideo(c *call) (any, *apiError) { return t.sendFile(c, "video") }

func (t *Telegram) sendVoice(c *call) (any, *apiError) { return t.sendFile(c, "voice") }

func (t *Telegram) sendFile(c *call, kind string) (any, *apiError) {
	caption, entities, err := captionOf(c)
	if err != nil {
		return nil, err
	}
	o, err := t.outgoingOf(c)
	if err != nil {
		return nil, err
	}
	f, err := t.fileFrom(c, c.params[kind], kind)
	if err != nil {
		return nil, err
	}
	m := t.message(o)
	m.Caption, m.CaptionEntities = caption, entities
	f.putInto(m)
	return t.deliver(c, o, m), nil
}

// albumItem are the fields of InputMedia that the simulation follows.
type albumItem struct {
	Type            string `json:"type"`
	Media           string `json:"media"`
	Caption         string `json:"caption"`
	ParseMode       string `json:"parse_mode"`
	CaptionEntities any    `json:"caption_entities"`
}

func (t *Telegram) sendMediaGroup(c *call) (any, *apiError) {
	var items []albumItem
	c.into("media", &items)
	o, err := t.outgoingOf(c)
	if err != nil {
		return nil, err
	}
	if len(items) > 10 {
		return nil, broken("too many messages to send as an album")
	}
	if len(items) < 2 {
		return nil, broken("an album must include 2-10 items")
	}
	messages, err := t.albumMessages(c, o, items)
	if err != nil {
		return nil, err
	}
	shown := make([]*Message, len(messages))
	for i, m := range messages {
		shown[i] = t.deliver(c, o, m)
	}
	return shown, nil
}

// albumMessages makes the messages of an album, all of them or none.
func (t *Telegram) albumMessages(c *call, o *outgoing, items []albumItem) ([]*Message, *apiError) {
	group := t.newAlbum()
	messages := make([]*Message, len(items))
	for i, item := range items {
		if item.Type != items[0].Type && (item.Type == "document" || items[0].Type == "document") {
			return nil, broken("documents can't be mixed with other media in an album")
		}
		part := &call{params: map[string]any{"caption": item.Caption, "parse_mode": item.ParseMode, "caption_entities": item.CaptionEntities}}
		caption, entities, err := captionOf(part)
		if err != nil {
			return nil, err
		}
		f, err := t.fileFrom(c, item.Media, item.Type)
		if err != nil {
			return nil, err
		}
		m := t.message(o)
		m.Caption, m.CaptionEntities, m.MediaGroupID = caption, entities, group
		f.putInto(m)
		messages[i] = m
	}
	return messages, nil
}
