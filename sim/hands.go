package sim

import (
	"fmt"
	"strings"
	"time"
)

// Send says something to the bot.
func (s *Seat) Send(text string) *Message { return s.act(&Message{Text: text}, nil) }

// Reply answers a message.
func (s *Seat) Reply(to *Message, text string) *Message { return s.act(&Message{Text: text}, to) }

// ReplyQuoting answers a part of a message.
func (s *Seat) ReplyQuoting(to *Message, quote, text string) *Message {
	at := strings.Index(to.Body(), quote)
	if at < 0 {
		panic(fmt.Sprintf("sim: %q does not stand in the message", quote))
	}
	return s.act(&Message{Text: text, Quote: &Quote{Text: quote, Position: utf16Len(to.Body()[:at]), IsManual: true}}, to)
}

// Document sends a file; caption may be empty.
func (s *Seat) Document(name string, data []byte, caption string) *Message {
	return s.ReplyDocument(nil, name, data, caption)
}

// ReplyDocument answers a message with a file.
func (s *Seat) ReplyDocument(to *Message, name string, data []byte, caption string) *Message {
	return s.act(&Message{Caption: caption}, to, FileItem(name, data))
}

// HugeDocument sends a file of a size without the content, for what is too big to fetch.
func (s *Seat) HugeDocument(name string, size int64, caption string) *Message {
	return s.act(&Message{Caption: caption}, nil, Item{kind: "document", name: name, size: size})
}

// Photo sends a photo; caption may be empty.
func (s *Seat) Photo(data []byte, caption string) *Message { return s.ReplyPhoto(nil, data, caption) }

// ReplyPhoto answers a message with a photo.
func (s *Seat) ReplyPhoto(to *Message, data []byte, caption string) *Message {
	return s.act(&Message{Caption: caption}, to, PhotoItem(data))
}

// Video sends a film; caption may be empty.
func (s *Seat) Video(name string, data []byte, caption string) *Message {
	return s.act(&Message{Caption: caption}, nil, VideoItem(name, data))
}

// Voice sends a spoken message.
func (s *Seat) Voice(data []byte) *Message {
	return s.act(&Message{}, nil, Item{kind: "voice", name: "voice.ogg", data: data, size: int64(len(data))})
}

// Sticker sends a sticker that stands for an emoji.
func (s *Seat) Sticker(emoji string) *Message {
	return s.act(&Message{Sticker: &Sticker{FileID: "CAACAgUAAxkB", FileUniqueID: "AgADsticker", Type: "regular", Width: 512, Height: 512, Emoji: emoji}}, nil)
}

// Location sends a point on the map.
func (s *Seat) Location(latitude, longitude float64) *Message {
	return s.act(&Message{Location: &Location{latitude, longitude}}, nil)
}

// Item is a photo or file of an album.
type Item struct {
	kind string
	name string
	data []byte
	size int64
}

// PhotoItem makes a photo of an album.
func PhotoItem(data []byte) Item { return Item{kind: "photo", data: data, size: int64(len(data))} }

// FileItem makes a file of an album.
func FileItem(name string, data []byte) Item {
	return Item{kind: "document", name: name, data: data, size: int64(len(data))}
}

// VideoItem makes a film of an album.
func VideoItem(name string, data []byte) Item {
	return Item{kind: "video", name: name, data: data, size: int64(len(data))}
}

func (t *Telegram) keepItem(i Item) *file {
	if i.kind == "photo" {
		return t.newPhoto(i.data)
	}
	return t.keepFile(&file{kind: i.kind, name: i.name, data: i.data, size: i.size})
}

// Album sends several photos or files at once. The bot gets them as separate messages with one media_group_id; the caption is on the
// first.
func (s *Seat) Album(caption string, items ...Item) []*Message {
	return s.ReplyAlbum(nil, caption, items...)
}

// ReplyAlbum answers a message with an album.
func (s *Seat) ReplyAlbum(to *Message, caption string, items ...Item) []*Message {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	group := s.t.newAlbum()
	var sent []*Message
	for i, item := range items {
		m := &Message{MediaGroupID: group}
		if i == 0 {
			m.Caption = caption
		}
		s.t.keepItem(item).putInto(m)
		sent = append(sent, s.say(m, to))
	}
	return sent
}

// ShareContact sends the contact of somebody, by hand. Telegram fills in whose it is.
func (s *Seat) ShareContact(of *Person) *Message {
	return s.act(&Message{Contact: contactOf(of)}, nil)
}

// ShareCard sends a contact card with a number of the person's own choice, as anybody can write one. It belongs to whoever has that
// number here, or to nobody.
func (s *Seat) ShareCard(name, phone string) *Message {
	card := &Contact{PhoneNumber: phone, FirstName: name}
	for _, p := range s.t.People() {
		if p.phone == phone {
			card.UserID = p.ID()
		}
	}
	return s.act(&Message{Contact: card}, nil)
}

func contactOf(p *Person) *Contact {
	return &Contact{PhoneNumber: p.phone, FirstName: p.user.FirstName, LastName: p.user.LastName, UserID: p.user.ID}
}

// Forward forwards a message that the person sees anywhere to this chat.
func (s *Seat) Forward(m *Message) *Message {
	copied := &Message{}
	forwardContent(copied, nil, m)
	return s.act(copied, nil)
}

// ForwardFrom sends a message that somebody else wrote elsewhere.
func (s *Seat) ForwardFrom(author *Person, text string) *Message {
	user := author.user
	return s.act(&Message{Text: text, ForwardOrigin: &Origin{Type: "user", Date: time.Now().Unix(), SenderUser: &user}}, nil)
}

// Tap uses a button of the reply keyboard: it sends its text, or the person's own contact when it asks for that. The error names the
// buttons that are there.
func (s *Seat) Tap(label string) error {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	var there []string
	for _, b := range s.chat.keyboard.all() {
		if !strings.Contains(b.Text, label) {
			there = append(there, "["+b.Text+"]")
			continue
		}
		if s.chat.keyboard.OneTime {
			s.chat.keyboard = nil
		}
		if b.RequestContact {
			s.say(&Message{Contact: contactOf(s.person)}, s.latest())
		} else {
			s.say(&Message{Text: b.Text}, nil)
		}
		return nil
	}
	return fmt.Errorf("%s sees no key %q; there are: %s", s.name(), label, strings.Join(there, " "))
}

// latest is the message of the bot that a shared contact answers, as clients do it.
func (s *Seat) latest() *Message {
	for i := len(s.chat.messages) - 1; i >= 0; i-- {
		if m := s.chat.messages[i]; m.From.ID == s.t.bot.ID && m.withReplyKbd {
			return m
		}
	}
	return nil
}

func (k *ReplyKeyboard) all() []ReplyButton {
	if k == nil {
		return nil
	}
	var buttons []ReplyButton
	for _, row := range k.Rows {
		buttons = append(buttons, row...)
	}
	return buttons
}

// EditMessage changes the text, or the caption, of a message of one's own. The bot gets an edited_message.
func (s *Seat) EditMessage(m *Message, text string) error {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	standing := s.chat.byID[m.ID]
	if standing == nil || standing.From.ID != s.person.user.ID {
		return fmt.Errorf("message %d is not %s's to edit", m.ID, s.name())
	}
	if standing.hasMedia() {
		standing.Caption, standing.CaptionEntities = text, withFound(text, nil)
	} else {
		standing.Text, standing.Entities = text, withFound(text, nil)
	}
	standing.EditDate = time.Now().Unix()
	s.t.note(Event{Kind: Corrected, Chat: s.chat.wire.ID, Who: s.name(), Message: *s.chat.shown(standing)})
	s.t.touch()
	s.t.post("edited_message", s.chat.lane(), messageWaits, s.chat.shown(standing))
	return nil
}

// DeleteMessage takes a message out of the chat. Bots are not told.
func (s *Seat) DeleteMessage(m *Message) {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	if standing := s.chat.byID[m.ID]; standing != nil {
		s.t.remove(s.chat, standing)
	}
}

func (s *Seat) act(m *Message, to *Message, items ...Item) *Message {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	for _, item := range items {
		s.t.keepItem(item).putInto(m)
	}
	return s.say(m, to)
}

// say sends a message of the person. Writing to a bot that was stopped starts it again.
func (s *Seat) say(content *Message, to *Message) *Message {
	t, ch := s.t, s.chat
	if ch.private() {
		s.person.block(false)
		s.person.started = true
	}
	m := t.newMessage(ch, &s.person.user)
	copyContent(m, content)
	m.MediaGroupID, m.ForwardOrigin, m.Quote = content.MediaGroupID, content.ForwardOrigin, content.Quote
	m.Entities, m.CaptionEntities = withFound(m.Text, m.Entities), withFound(m.Caption, m.CaptionEntities)
	if to != nil {
		m.replyTo = to.ID
	}
	if s.thread != 0 {
		m.ThreadID, m.IsTopicMessage = s.thread, true
	}
	ch.unread = 0
	t.add(ch, m)
	s.person.acted = t.changes
	t.note(Event{Kind: Said, Chat: ch.wire.ID, Who: s.name(), Message: *ch.shown(m)})
	if ch.private() || ch.group.shows(m, ch.byID[m.replyTo]) {
		t.post("message", ch.lane(), messageWaits, ch.shown(m))
	}
	return ch.shown(m)
}
