package sim

import "time"

// Started is somebody who started the bot long ago, so that it may write. No message says so.
func Started() Trait { return func(p *Person) { p.started = true } }

// Recall puts a message into the chat that the person sent at an instant of the past. The bot is not told of it.
func (s *Seat) Recall(at time.Time, text string) *Message {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	m := s.t.newMessage(s.chat, &s.person.user)
	m.Text, m.Entities, m.Date = text, withFound(text, nil), at.Unix()
	s.t.add(s.chat, m)
	return s.chat.shown(m)
}

// RecallDocument puts a file into the chat that the person sent at an instant of the past. The bot is not told of it, but can fetch it.
func (s *Seat) RecallDocument(at time.Time, name string, data []byte) *Message {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	m := s.t.newMessage(s.chat, &s.person.user)
	m.Date = at.Unix()
	s.t.newDocument(name, data).putInto(m)
	s.t.add(s.chat, m)
	return s.chat.shown(m)
}
