package sim

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// EventKind is what happened in a chat.
type EventKind string

// The kinds of events. The first group is done by people, the second by the bot.
const (
	Said      EventKind = "said"
	Corrected EventKind = "corrected"
	Pressed   EventKind = "pressed"
	Blocked   EventKind = "blocked"
	Unblocked EventKind = "unblocked"

	Sent     EventKind = "sent"
	Edited   EventKind = "edited"
	Deleted  EventKind = "deleted"
	Answered EventKind = "answered"
	Pinned   EventKind = "pinned"
)

// Event is one thing that happened in a chat, with the message as it was then.
type Event struct {
	At      time.Time
	Kind    EventKind
	Chat    int64
	Who     string
	Message Message
	// Label of a pressed button; Older when a newer message has the same one.
	Label string
	Older bool
	// Text of the answer to a press.
	Text string
	// Keyboard that came with a sent message.
	Keyboard *ReplyKeyboard
	// KeyboardGone when a sent message took the reply keyboard away.
	KeyboardGone bool
	// Method that sent it.
	Method string
}

// Request is one call of the bot's API.
type Request struct {
	At      time.Time
	Took    time.Duration
	Method  string
	Params  map[string]any
	Status  int
	Outcome string
	// Early is true when it came inside the time that a 429 for the same chat told the bot to wait.
	Early bool
}

// OK reports whether the bot was told that it succeeded.
func (r Request) OK() bool { return r.Status == 200 }

type record struct {
	events     []Event
	requests   []Request
	violations []string
	barred     map[int64]time.Time
	begun      time.Time
}

// note writes down an event. The lock is held.
func (t *Telegram) note(e Event) {
	e.At = time.Now()
	t.log.events = keepLatest(append(t.log.events, e), t.options.KeepRequests)
}

func keepLatest[E any](all []E, keep int) []E {
	if keep == 0 || len(all) < 2*keep {
		return all
	}
	return slices.Clone(all[len(all)-keep:])
}

func (t *Telegram) noteDelivery(c *call, ch *chat, m *Message, k markup) {
	t.note(Event{Kind: Sent, Chat: ch.wire.ID, Who: ch.title(), Message: *ch.shown(m), Keyboard: k.reply, KeyboardGone: k.remove, Method: c.method})
}

func (t *Telegram) noteRequest(c *call, started time.Time, params map[string]any, status int, outcome string, err *apiError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	chat := t.chatOf(c)
	r := Request{At: started, Took: time.Since(started), Method: c.method, Params: params, Status: status, Outcome: outcome}
	r.Early = chat != 0 && started.Before(t.log.barred[chat])
	t.log.requests = keepLatest(append(t.log.requests, r), t.options.KeepRequests)
	if err == nil {
		return
	}
	if err.retryAfter > 0 && chat != 0 {
		if t.log.barred == nil {
			t.log.barred = map[int64]time.Time{}
		}
		t.log.barred[chat] = time.Now().Add(time.Duration(err.retryAfter) * time.Second)
	}
	if err.violation {
		t.log.violations = append(t.log.violations, fmt.Sprintf("%s: %s %s", c.method, err.description, summary(params)))
	}
}

func summary(params map[string]any) string {
	text := ""
	for _, name := range slices.Sorted(maps.Keys(params)) {
		value := params[name]
		if up, ok := value.(*upload); ok {
			value = fmt.Sprintf("file %s, %d bytes", up.name, len(up.data))
		}
		text += fmt.Sprintf(" %s=%s", name, short(fmt.Sprint(value)))
	}
	return "(" + short(text) + " )"
}

// Violations returns every request that broke the Bot API or a rule that the bot could have known, with what was wrong.
func (t *Telegram) Violations() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.log.violations)
}

// Forgive forgets the violations so far, for a test that provokes one.
func (t *Telegram) Forgive() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.log.violations = nil
}

// Requests returns the calls of some methods, or of all, in the order in which they were answered.
func (t *Telegram) Requests(methods ...string) []Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	var requests []Request
	for _, r := range t.log.requests {
		if len(methods) == 0 || slices.Contains(methods, r.Method) {
			requests = append(requests, r)
		}
	}
	return requests
}

// Events returns what happened in a chat, in all chats for 0, in order.
func (t *Telegram) Events(chat int64, kinds ...EventKind) []Event {
	t.mu.Lock()
	defer t.mu.Unlock()
	var events []Event
	for _, e := range t.log.events {
		if (chat == 0 || e.Chat == chat) && (len(kinds) == 0 || slices.Contains(kinds, e.Kind)) {
			events = append(events, e)
		}
	}
	return events
}

// Delivered returns every message that the bot ever put into a chat, into all chats for 0, as it was when it was sent: also those
// whose answer was lost, and those deleted since.
func (t *Telegram) Delivered(chat int64) []Message {
	var messages []Message
	for _, e := range t.Events(chat, Sent) {
		messages = append(messages, e.Message)
	}
	return messages
}

// Copies counts how often each message was delivered to a chat, by its text and file.
func (t *Telegram) Copies(chat int64) map[string]int {
	copies := map[string]int{}
	for _, m := range t.Delivered(chat) {
		copies[m.Key()]++
	}
	return copies
}

// Key is the same for two copies of one message and different for different messages: the text and the content of the file.
func (m *Message) Key() string {
	key := m.Body()
	if m.Document != nil {
		key += " (" + m.Document.FileName + " " + m.Document.FileUniqueID + ")"
	}
	for _, size := range m.Photo {
		key += " (" + size.FileUniqueID + ")"
	}
	return key
}
