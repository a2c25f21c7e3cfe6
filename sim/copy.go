package sim

// source finds the message that is to be copied or forwarded.
func (t *Telegram) source(c *call, id int, verb string) (*chat, *Message, *apiError) {
	from, err := t.chatFor(c, "from_chat_id")
	if err != nil {
		return nil, nil, err
	}
	m := from.byID[id]
	switch {
	case m == nil:
		return nil, nil, refuse(400, "message to %s not found", verb)
	case m.isService() || m.Protected:
		return nil, nil, refuse(400, "message can't be %s", map[string]string{"copy": "copied", "forward": "forwarded"}[verb])
	}
	return from, m, nil
}

func (t *Telegram) copyMessage(c *call) (any, *apiError) {
	o, err := t.outgoingOf(c)
	if err != nil {
		return nil, err
	}
	_, original, err := t.source(c, int(c.int("message_id")), "copy")
	if err != nil {
		return nil, err
	}
	m := t.message(o)
	copyContent(m, original)
	if c.has("caption") && m.hasMedia() {
		if m.Caption, m.CaptionEntities, err = captionOf(c); err != nil {
			return nil, err
		}
	}
	t.deliver(c, o, m)
	return messageID{m.ID}, nil
}

type messageID struct {
	ID int `json:"message_id"`
}

func copyContent(m, original *Message) {
	m.Text, m.Entities = original.Text, original.Entities
	m.Caption, m.CaptionEntities = original.Caption, original.CaptionEntities
	m.Document, m.Photo, m.Video, m.Voice = original.Document, original.Photo, original.Video, original.Voice
	m.Contact, m.Sticker, m.Location = original.Contact, original.Sticker, original.Location
	m.Poll = original.Poll
}

// copyMessages skips what it cannot copy and keeps albums together.
func (t *Telegram) copyMessages(c *call) (any, *apiError) {
	return t.many(c, "copy", func(m *Message, _ *chat, original *Message) {
		copyContent(m, original)
		if c.flag("remove_caption") {
			m.Caption, m.CaptionEntities = "", nil
		}
	})
}

func (t *Telegram) forwardMessages(c *call) (any, *apiError) {
	return t.many(c, "forward", forwardContent)
}

func (t *Telegram) many(c *call, verb string, fill func(m *Message, from *chat, original *Message)) (any, *apiError) {
	o, err := t.outgoingOf(c)
	if err != nil {
		return nil, err
	}
	if _, err := t.chatFor(c, "from_chat_id"); err != nil {
		return nil, err
	}
	albums := map[string]string{}
	sent := []messageID{}
	last := 0
	for _, id := range idsOf(c) {
		if id <= last {
			return nil, broken("message identifiers must be in a strictly increasing order")
		}
		last = id
		from, original, err := t.source(c, id, verb)
		if err != nil {
			continue
		}
		m := t.message(o)
		fill(m, from, original)
		if old := original.MediaGroupID; old != "" {
			if albums[old] == "" {
				albums[old] = t.newAlbum()
			}
			m.MediaGroupID = albums[old]
		}
		t.deliver(c, o, m)
		sent = append(sent, messageID{m.ID})
	}
	if len(sent) == 0 {
		return nil, refuse(400, "there are no messages to %s", verb)
	}
	return sent, nil
}

func (t *Telegram) forwardMessage(c *call) (any, *apiError) {
	o, err := t.outgoingOf(c)
	if err != nil {
		return nil, err
	}
	from, original, err := t.source(c, int(c.int("message_id")), "forward")
	if err != nil {
		return nil, err
	}
	m := t.message(o)
	forwardContent(m, from, original)
	return t.deliver(c, o, m), nil
}

// forwardContent keeps where a message came from; a forward of a forward keeps the first origin.
func forwardContent(m *Message, _ *chat, original *Message) {
	copyContent(m, original)
	if m.ForwardOrigin = original.ForwardOrigin; m.ForwardOrigin == nil {
		sender := *original.From
		m.ForwardOrigin = &Origin{Type: "user", Date: original.Date, SenderUser: &sender}
	}
}
