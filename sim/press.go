package sim

import (
	"fmt"
	"strings"
	"time"
)

// answerWithin is how long a press can be answered.
const answerWithin = 15 * time.Second

// spinnerStops is how long a client waits for an answer or an edit of the message.
const spinnerStops = 31 * time.Second

// press is one press of an inline button.
type press struct {
	id       string
	person   *Person
	chat     *chat
	message  int
	label    string
	at       time.Time
	answered bool
	settled  bool
}

// pressed names a message whose buttons turn because they were pressed.
type pressed struct{ chat, message int64 }

func (p *press) place() pressed { return pressed{p.chat.wire.ID, int64(p.message)} }

// Toast is the answer to a press as the person sees it: a line at the top, or a window with Alert.
type Toast struct {
	At    time.Time
	Label string
	Text  string
	Alert bool
	URL   string
}

// PressAt presses the button in a row and column, both from 0, of a message that stands in the chat.
func (s *Seat) PressAt(message, row, column int) error {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	m := s.chat.byID[message]
	if m == nil || m.ReplyMarkup == nil || row < 0 || row >= len(m.ReplyMarkup.Rows) || column < 0 || column >= len(m.ReplyMarkup.Rows[row]) {
		return fmt.Errorf("message %d has no button in row %d, column %d", message, row, column)
	}
	b := m.ReplyMarkup.Rows[row][column]
	if b.CallbackData == "" {
		return s.follow(b)
	}
	s.postPress(m, b, 1)
	return nil
}

// Press presses the newest inline button whose label contains the given one. The error names the buttons that are there.
func (s *Seat) Press(label string) error { return s.press(nil, label, 1, 1) }

// PressOn presses a button of one message. The message may have been edited or deleted meanwhile: the person sees it as it is here.
func (s *Seat) PressOn(m *Message, label string) error { return s.press(m, label, 1, 1) }

// PressTwice taps a button twice in a row: two presses.
func (s *Seat) PressTwice(label string) error { return s.press(nil, label, 2, 1) }

// PressRepeated presses a button once and lets Telegram deliver that press under two update ids.
func (s *Seat) PressRepeated(label string) error { return s.press(nil, label, 1, 2) }

// PressData sends a press with data of the person's own choice, as a forged client can.
func (s *Seat) PressData(m *Message, data string) {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	s.postPress(m, InlineButton{Text: data, CallbackData: data}, 1)
}

func (s *Seat) press(on *Message, label string, times, copies int) error {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	m, b := s.findButton(on, label)
	if m == nil {
		return fmt.Errorf("%s sees no button %q; there are: %s", s.person.name(), label, strings.Join(s.visibleButtons(on), " "))
	}
	if b.CallbackData == "" {
		return s.follow(b)
	}
	for range times {
		s.postPress(m, b, copies)
	}
	return nil
}

// follow opens the link of a button.
func (s *Seat) follow(b InlineButton) error {
	m := deepLink.FindStringSubmatch(b.URL)
	if m == nil {
		return fmt.Errorf("button %q opens %s%s", b.Text, b.URL, textOfCopy(b))
	}
	s.person.say(&Message{Text: "/start " + m[1]}, nil)
	return nil
}

func textOfCopy(b InlineButton) string {
	if b.CopyText == nil {
		return ""
	}
	return "the clipboard: " + b.CopyText.Text
}

// findButton finds the button on one message, or on the newest that has it.
func (s *Seat) findButton(on *Message, label string) (*Message, InlineButton) {
	if on != nil {
		b, _ := buttonLike(on, label)
		if b == nil {
			return nil, InlineButton{}
		}
		return on, *b
	}
	for i := len(s.chat.messages) - 1; i >= 0; i-- {
		m := s.chat.messages[i]
		if b, ok := buttonLike(m, label); ok && s.sees(m) {
			return m, *b
		}
	}
	return nil, InlineButton{}
}

// buttonLike prefers the button that has exactly the label.
func buttonLike(m *Message, label string) (*InlineButton, bool) {
	var like *InlineButton
	for _, b := range m.ReplyMarkup.all() {
		if b.Text == label {
			return &b, true
		}
		if like == nil && strings.Contains(b.Text, label) {
			like = &b
		}
	}
	return like, like != nil
}

func (s *Seat) visibleButtons(on *Message) []string {
	var labels []string
	for _, m := range s.chat.messages {
		if on != nil && m.ID != on.ID || !s.sees(m) {
			continue
		}
		for _, label := range m.Buttons() {
			labels = append(labels, "["+label+"]")
		}
	}
	if labels == nil {
		return []string{"none"}
	}
	return labels
}

// postPress sends one press to the bot, under several update ids when copies is more than one.
func (s *Seat) postPress(m *Message, b InlineButton, copies int) {
	t := s.t
	p := &press{id: t.randomID(""), person: s.person, chat: s.chat, message: m.ID, label: b.Text, at: time.Now()}
	t.presses[p.id] = p
	t.turning[p.place()] = append(t.turning[p.place()], p)
	s.person.pressed = append(s.person.pressed, p)
	user := s.person.user
	query := callbackQuery{ID: p.id, From: &user, ChatInstance: fmt.Sprint(s.chat.wire.ID + 1<<40), Data: b.CallbackData}
	if standing := s.chat.byID[m.ID]; standing != nil {
		query.Message = s.chat.shown(standing)
	} else {
		query.Message = inaccessible{Chat: s.chat.wire, MessageID: m.ID}
	}
	t.note(Event{Kind: Pressed, Chat: s.chat.wire.ID, Who: s.name(), Label: b.Text, Message: *m, Older: s.newer(m, b.Text)})
	for range copies {
		t.post("callback_query", fmt.Sprint("press ", s.person.user.ID), pressWaits, query)
	}
	t.touch()
	s.person.acted = t.changes
}

// newer reports whether a newer message has the same button, so that the label does not say which was pressed.
func (s *Seat) newer(m *Message, label string) bool {
	newest, _ := s.findButton(nil, label)
	return newest != nil && newest.ID != m.ID
}

func (t *Telegram) answerCallbackQuery(c *call) (any, *apiError) {
	p := t.presses[c.text("callback_query_id")]
	if p == nil || p.answered || time.Since(p.at) > answerWithin {
		return nil, refuse(400, "query is too old and response timeout expired or query ID is invalid")
	}
	p.answered, p.settled = true, true
	delete(t.presses, p.id)
	toast := Toast{At: time.Now(), Label: p.label, Text: c.text("text"), Alert: c.flag("show_alert"), URL: c.text("url")}
	p.person.toasts = append(p.person.toasts, toast)
	if toast.Text != "" {
		t.note(Event{Kind: Answered, Chat: p.chat.wire.ID, Who: p.person.name(), Label: p.label, Text: toast.Text})
	}
	t.touch()
	return true, nil
}

// settlePresses ends the spinners on a message that was edited in time.
func (t *Telegram) settlePresses(ch *chat, message int) {
	place := pressed{ch.wire.ID, int64(message)}
	for _, p := range t.turning[place] {
		if time.Since(p.at) <= spinnerStops {
			p.settled = true
		}
	}
	delete(t.turning, place)
}

// Toasts returns the answers to all presses of the person so far, also those without a text.
func (p *Person) Toasts() []Toast {
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	return append([]Toast(nil), p.toasts...)
}

// Unanswered returns the labels of presses that were neither answered nor followed by an edit of their message: the person saw the
// button spin and fail, or it spins still.
func (p *Person) Unanswered() []string {
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	var labels []string
	for _, pressed := range p.pressed {
		if !pressed.settled {
			labels = append(labels, pressed.label)
		}
	}
	return labels
}
