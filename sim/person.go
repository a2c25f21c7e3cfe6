package sim

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Seat is one person's place in one chat: what he or she does there and sees there. A Person is seated in the private chat with the
// bot; Group.As gives a seat in a group.
type Seat struct {
	t      *Telegram
	person *Person
	chat   *chat
	thread int
}

// Person is a user of Telegram.
type Person struct {
	*Seat
	user        User
	phone       string
	started     bool
	blocked     bool
	deactivated bool
	pressed     []*press
	// acted is the number of changes when the person last wrote or pressed.
	acted  int64
	toasts []Toast
}

// Trait is something about a new person.
type Trait func(*Person)

// Speaks sets the language of the person's Telegram, as in "en" or "zh-hans" (the usual).
func Speaks(language string) Trait { return func(p *Person) { p.user.LanguageCode = language } }

// Phone sets the number that the person's own contact carries, with country code and without +.
func Phone(number string) Trait { return func(p *Person) { p.phone = number } }

// Called sets the username, without @.
func Called(username string) Trait { return func(p *Person) { p.user.Username = username } }

// WithID sets the user id instead of a made-up one.
func WithID(id int64) Trait { return func(p *Person) { p.user.ID = id } }

// NewPerson makes a user who has not yet started the bot.
func (t *Telegram) NewPerson(first, last string, traits ...Trait) *Person {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := &Person{
		user:  User{ID: t.newUserID(), FirstName: first, LastName: last, LanguageCode: "zh-hans"},
		phone: fmt.Sprintf("8613%09d", t.random.Int64N(1_000_000_000)),
	}
	for _, trait := range traits {
		trait(p)
	}
	ch := newChat(Chat{ID: p.user.ID, Type: "private", FirstName: first, LastName: last, Username: p.user.Username})
	ch.person = p
	p.Seat = &Seat{t: t, person: p, chat: ch}
	t.users[p.user.ID], t.chats[p.user.ID] = p, ch
	t.people = append(t.people, p)
	t.touch()
	return p
}

// ID returns the user id, which is also the id of the private chat.
func (p *Person) ID() int64 { return p.user.ID }

// Name returns the first and last name.
func (p *Person) Name() string { return p.name() }

// PhoneNumber returns the number of the person's own contact.
func (p *Person) PhoneNumber() string { return p.phone }

func (p *Person) name() string { return p.user.name() }

// name is how a transcript calls the seat.
func (s *Seat) name() string {
	if s.chat.group != nil {
		return s.person.name() + "@" + s.chat.wire.Title
	}
	return s.person.name()
}

// title is how a transcript calls a chat.
func (ch *chat) title() string {
	if ch.private() {
		return ch.person.name()
	}
	return ch.wire.Title
}

// SetLanguage changes the language of the person's Telegram.
func (p *Person) SetLanguage(code string) {
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	p.user.LanguageCode = code
}

// Start opens the bot with the payload of a start link; an empty one is the plain start button.
func (p *Person) Start(payload string) *Message {
	return p.Send(strings.TrimSpace("/start " + payload))
}

// OpenLink opens a start link of the bot.
func (p *Person) OpenLink(link string) error {
	m := deepLink.FindStringSubmatch(link)
	if m == nil || !payloadChars.MatchString(m[1]) {
		return fmt.Errorf("%q is no start link", link)
	}
	p.Start(m[1])
	return nil
}

// Block stops the bot; the bot is told.
func (p *Person) Block() { p.setBlocked(true) }

// Unblock lets the bot write again; the bot is told.
func (p *Person) Unblock() { p.setBlocked(false) }

func (p *Person) setBlocked(blocked bool) {
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	p.block(blocked)
}

func (p *Person) block(blocked bool) {
	if p.blocked == blocked {
		return
	}
	p.blocked, p.started = blocked, true
	kind := Unblocked
	if blocked {
		kind = Blocked
	}
	p.t.note(Event{Kind: kind, Chat: p.user.ID, Who: p.name()})
	was, is := "member", "kicked"
	if !blocked {
		was, is = is, was
	}
	p.t.postMember(p.chat, &p.user, was, is)
	p.t.touch()
}

// Deactivate deletes the person's account; nobody is told.
func (p *Person) Deactivate() {
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	p.deactivated = true
}

// postMember tells the bot that its own membership of a chat has changed.
func (t *Telegram) postMember(ch *chat, by *User, was, is string) {
	from := *by
	t.post("my_chat_member", ch.lane(), messageWaits, memberUpdated{
		Chat: ch.wire, From: &from, Date: time.Now().Unix(), Old: member(&t.bot, was), New: member(&t.bot, is),
	})
}

func member(u *User, status string) chatMember {
	user := *u
	m := chatMember{Status: status, User: &user}
	no, never := false, int64(0)
	switch status {
	case "kicked":
		m.UntilDate = &never
	case "creator":
		m.IsAnonymous = &no
	case "administrator":
		m.IsAnonymous, m.adminRights = &no, &adminRights{CanManageChat: true, CanDeleteMessages: true, CanPinMessages: true, CanInviteUsers: true}
	}
	return m
}

// Messages returns what stands in the chat now: edits applied, deleted messages gone. The bot's messages do not count as read.
func (s *Seat) Messages() []Message {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	return s.messages()
}

func (s *Seat) messages() []Message {
	shown := make([]Message, 0, len(s.chat.messages))
	for _, m := range s.chat.messages {
		if s.sees(m) {
			shown = append(shown, *s.chat.shown(m))
		}
	}
	return shown
}

// sees reports whether the seat is in the topic of a message.
func (s *Seat) sees(m *Message) bool { return s.thread == 0 || m.ThreadID == s.thread }

// Last returns the newest message of the bot, nil when there is none.
func (s *Seat) Last() *Message { return s.Find("") }

// Find returns the newest message of the bot whose text or caption contains a piece, nil when there is none.
func (s *Seat) Find(piece string) *Message { return s.find(piece, func() int64 { return 0 }) }

// find returns the newest message with a piece that was touched after a change; after is asked under the lock.
func (s *Seat) find(piece string, after func() int64) *Message {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	since := after()
	for _, m := range slices.Backward(s.chat.messages) {
		if m.From.ID == s.t.bot.ID && !m.isService() && m.touched > since && s.sees(m) && strings.Contains(m.Body(), piece) {
			return s.chat.shown(m)
		}
	}
	return nil
}

// Buttons returns the labels of all inline buttons in the chat, from the oldest message on.
func (s *Seat) Buttons() []string {
	var labels []string
	for _, m := range s.Messages() {
		labels = append(labels, m.Buttons()...)
	}
	return labels
}

// Keyboard returns the reply keyboard that the chat shows, nil when it shows letters.
func (s *Seat) Keyboard() *ReplyKeyboard {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	return s.chat.keyboard
}

// Pinned returns the pinned messages, the newest last.
func (s *Seat) Pinned() []Message {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	var pinned []Message
	for _, id := range s.chat.pinned {
		pinned = append(pinned, *s.chat.shown(s.chat.byID[id]))
	}
	return pinned
}

// Unread returns how many messages of the bot came since the person last read or wrote.
func (s *Seat) Unread() int {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	return s.chat.unread
}

// Read marks all messages as read.
func (s *Seat) Read() {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	if s.chat.unread > 0 {
		s.chat.unread = 0
		s.t.touch()
	}
}

// WaitFor waits until a condition holds, looking at every change in any chat. The error, when the context ends first, says what was
// waited for and what the person saw last.
func (s *Seat) WaitFor(ctx context.Context, what string, holds func() bool) error {
	for {
		changed, _ := s.t.Changed()
		if holds() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			last := ""
			if m := s.Last(); m != nil {
				last = m.Body()
			}
			return fmt.Errorf("%s waited for %s; the last message was %q: %w", s.name(), what, short(last), ctx.Err())
		}
	}
}

// WaitAnswer waits up to a time for a message of the bot that contains a piece and came, or was edited, after the person last wrote or
// pressed something, and returns the newest.
func (s *Seat) WaitAnswer(within time.Duration, piece string) (*Message, error) {
	return s.wait(within, piece, func() int64 { return s.person.acted })
}

// WaitText waits up to a time until any message of the bot contains a piece, and returns the newest. One that stands there already will
// do.
func (s *Seat) WaitText(within time.Duration, piece string) (*Message, error) {
	return s.wait(within, piece, func() int64 { return 0 })
}

func (s *Seat) wait(within time.Duration, piece string, after func() int64) (*Message, error) {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	var m *Message
	err := s.WaitFor(ctx, fmt.Sprintf("%q", piece), func() bool { m = s.find(piece, after); return m != nil })
	return m, err
}
