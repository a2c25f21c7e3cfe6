package sim

import (
	"cmp"
	"slices"
)

// Portrait is a line of the list of people.
type Portrait struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	Unread  int    `json:"unread"`
	Blocked bool   `json:"blocked,omitempty"`
	// Last is the beginning of the newest message of the private chat, LastAt its time in seconds, 0 without one.
	Last   string `json:"last,omitempty"`
	LastAt int64  `json:"last_at,omitempty"`
}

// Portraits returns everybody, in the order in which they were made.
func (t *Telegram) Portraits() []Portrait {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := make([]Portrait, 0, len(t.people))
	for _, p := range t.people {
		portrait := Portrait{ID: p.user.ID, Name: p.name(), Unread: p.chat.unread, Blocked: p.blocked}
		if n := len(p.chat.messages); n > 0 {
			last := p.chat.messages[n-1]
			portrait.Last, portrait.LastAt = firstLine(last), last.Date
		}
		all = append(all, portrait)
	}
	return all
}

// ChatView is a chat as a page shows it to one person.
type ChatView struct {
	Changes int64  `json:"changes"`
	Title   string `json:"title"`
	// Members counts the people of a group; 0 in a private chat.
	Members  int            `json:"members,omitempty"`
	Started  bool           `json:"started"`
	Blocked  bool           `json:"blocked"`
	Messages []MessageView  `json:"messages"`
	Pinned   *MessageView   `json:"pinned,omitempty"`
	Keyboard *ReplyKeyboard `json:"keyboard,omitempty"`
	// Toasts counts the answers to presses so far; Person.Toasts has them.
	Toasts int `json:"toasts"`
}

// MessageView is a message as a page shows it.
type MessageView struct {
	ID        int            `json:"id"`
	Mine      bool           `json:"mine"`
	Sender    string         `json:"sender"`
	Date      int64          `json:"date"`
	Edited    bool           `json:"edited,omitempty"`
	HTML      string         `json:"html"`
	Quote     *QuoteView     `json:"quote,omitempty"`
	Forwarded string         `json:"forwarded,omitempty"`
	File      *FileView      `json:"file,omitempty"`
	Contact   *Contact       `json:"contact,omitempty"`
	Album     string         `json:"album,omitempty"`
	Buttons   [][]ButtonView `json:"buttons,omitempty"`
	Reaction  string         `json:"reaction,omitempty"`
	// Service is what a service message is about: "pinned", "joined", "left", "topic", "migrated".
	Service string `json:"service,omitempty"`
}

// QuoteView is the message that a reply shows above itself. Text is plain.
type QuoteView struct {
	ID     int    `json:"id"`
	Sender string `json:"sender"`
	Text   string `json:"text"`
}

// FileView is a file in a message; Telegram.File has its bytes.
type FileView struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	MimeType string `json:"mime_type"`
	Size     int64  `json:"size"`
	Photo    bool   `json:"photo"`
}

// ButtonView is a button under a message. A page calls Seat.PressAt for it; URL and Copy say what a button without a press does.
type ButtonView struct {
	Label string `json:"label"`
	Style string `json:"style,omitempty"`
	URL   string `json:"url,omitempty"`
	Copy  string `json:"copy,omitempty"`
}

// View returns the newest messages of the chat, at most so many, 0 for all.
func (s *Seat) View(most int) ChatView {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	v := ChatView{
		Changes: s.t.changes, Title: s.chat.wire.Title, Started: true,
		Messages: []MessageView{}, Keyboard: s.chat.keyboard, Toasts: len(s.person.toasts),
	}
	if s.chat.private() {
		v.Title, v.Started, v.Blocked = s.t.bot.FirstName, s.person.started, s.person.blocked
	} else {
		v.Members = len(s.chat.group.members)
	}
	messages := s.messages()
	if most > 0 && len(messages) > most {
		messages = messages[len(messages)-most:]
	}
	for i := range messages {
		v.Messages = append(v.Messages, s.viewOf(&messages[i]))
	}
	if n := len(s.chat.pinned); n > 0 {
		pinned := s.viewOf(s.chat.shown(s.chat.byID[s.chat.pinned[n-1]]))
		v.Pinned = &pinned
	}
	return v
}

// Message returns a message that stands in the chat, nil when there is none with that id.
func (s *Seat) Message(id int) *Message {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	m := s.chat.byID[id]
	if m == nil {
		return nil
	}
	return s.chat.shown(m)
}

func (s *Seat) viewOf(m *Message) MessageView {
	v := MessageView{
		ID: m.ID, Mine: m.From.ID == s.person.user.ID, Sender: m.From.name(), Date: m.Date, Edited: m.EditDate != 0, HTML: m.HTML(),
		Contact: m.Contact, Album: m.MediaGroupID, Reaction: m.reaction, Service: m.service(), File: m.fileView(), Quote: m.quoteView(),
	}
	if m.ForwardOrigin != nil {
		v.Forwarded = m.ForwardOrigin.name()
	}
	if m.ReplyMarkup != nil {
		v.Buttons = buttonViews(m.ReplyMarkup)
	}
	return v
}

func buttonViews(k *InlineKeyboard) [][]ButtonView {
	rows := make([][]ButtonView, len(k.Rows))
	for i, row := range k.Rows {
		for _, b := range row {
			view := ButtonView{Label: b.Text, Style: b.Style, URL: b.URL}
			if b.CopyText != nil {
				view.Copy = b.CopyText.Text
			}
			rows[i] = append(rows[i], view)
		}
	}
	return rows
}

func (m *Message) quoteView() *QuoteView {
	if m.ReplyTo == nil {
		return nil
	}
	text := firstLine(m.ReplyTo)
	if m.Quote != nil {
		text = m.Quote.Text
	}
	return &QuoteView{ID: m.ReplyTo.ID, Sender: m.ReplyTo.From.name(), Text: text}
}

func (m *Message) fileView() *FileView {
	if d := m.Document; d != nil {
		return &FileView{ID: d.FileID, Name: d.FileName, MimeType: d.MimeType, Size: d.FileSize}
	}
	if v := m.Video; v != nil {
		return &FileView{ID: v.FileID, Name: v.FileName, MimeType: v.MimeType, Size: v.FileSize}
	}
	if v := m.Voice; v != nil {
		return &FileView{ID: v.FileID, Name: "voice.ogg", MimeType: v.MimeType, Size: v.FileSize}
	}
	if len(m.Photo) == 0 {
		return nil
	}
	largest := slices.MaxFunc(m.Photo, func(a, b PhotoSize) int { return cmp.Compare(a.Width, b.Width) })
	return &FileView{ID: largest.FileID, Name: "photo.jpg", MimeType: "image/jpeg", Size: largest.FileSize, Photo: true}
}

func (m *Message) service() string {
	switch {
	case m.Pinned != nil:
		return "pinned"
	case m.NewMembers != nil:
		return "joined"
	case m.LeftMember != nil:
		return "left"
	case m.TopicCreated != nil:
		return "topic"
	case m.MigrateTo != 0 || m.MigrateFrom != 0:
		return "migrated"
	}
	return ""
}

func (u *User) name() string {
	if u.LastName == "" {
		return u.FirstName
	}
	return u.FirstName + " " + u.LastName
}

func (o *Origin) name() string {
	switch {
	case o.SenderUser != nil:
		return o.SenderUser.name()
	case o.SenderChat != nil:
		return o.SenderChat.Title
	}
	return o.SenderName
}
