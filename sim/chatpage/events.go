package chatpage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"duban/sim"
)

// gather is how long changes are gathered before the page is told.
const gather = 40 * time.Millisecond

// stillThere is how often a silent stream says that it lives.
const stillThere = 15 * time.Second

// messagesShown is how many of the newest messages of a chat the page shows.
const messagesShown = 300

// someone is a line of the list of people.
type someone struct {
	sim.Portrait
	About string `json:"about,omitempty"`
}

// place is a chat that a phone can show: 0 is the private one with the bot.
type place struct {
	ID    int64  `json:"id"`
	Title string `json:"title"`
}

// conversation is a chat as one phone shows it. Places are the others that its owner is in beside it, the private one first; there are none
// for who is in no group.
type conversation struct {
	sim.ChatView
	Chat     int64         `json:"chat"`
	Places   []place       `json:"places,omitempty"`
	Unread   int           `json:"unread"`
	Commands []sim.Command `json:"commands,omitempty"`
}

// toast is an answer to a press that is shown once.
type toast struct {
	Person int64  `json:"person"`
	Text   string `json:"text"`
	Alert  bool   `json:"alert,omitempty"`
}

// news is what one event tells the page: only what differs from what it knows.
type news struct {
	People []someone                 `json:"people,omitempty"`
	Chats  map[int64]json.RawMessage `json:"chats,omitempty"`
	Toasts []toast                   `json:"toasts,omitempty"`
	// Answered counts the answered presses of each phone, so that a button that waits for one stops turning.
	Answered map[int64]int `json:"answered,omitempty"`
}

func (n news) empty() bool { return len(n.People)+len(n.Chats)+len(n.Toasts)+len(n.Answered) == 0 }

// events streams what changes in the list of people and in the chats of the phones that are named by ?phone=PERSON or ?phone=PERSON/GROUP,
// as often as there are phones, until the page goes.
func (p *Page) events(w http.ResponseWriter, r *http.Request) {
	watch := watch{page: p, people: map[int64]sim.Portrait{}, chats: map[int64][]byte{}, toasts: map[int64]int{}}
	for _, word := range r.URL.Query()["phone"] {
		who, group, _ := strings.Cut(word, "/")
		id, _ := strconv.ParseInt(who, 10, 64)
		chat, _ := strconv.ParseInt(group, 10, 64)
		person, seat := p.seatOf(id, chat)
		if seat == nil {
			http.Error(w, noSuchChat, http.StatusNotFound)
			return
		}
		watch.phones = append(watch.phones, phone{person, seat, chat})
		watch.toasts[id] = len(person.Toasts())
	}
	w.Header().Set("Content-Type", "text/event-stream")
	watch.stream(w, r)
}

// phone is what one phone shows: the chat that its owner has open.
type phone struct {
	owner *sim.Person
	seat  *sim.Seat
	chat  int64
}

// watch is one stream with what its page knows already.
type watch struct {
	page   *Page
	phones []phone
	people map[int64]sim.Portrait
	chats  map[int64][]byte
	toasts map[int64]int
}

func (s *watch) stream(w http.ResponseWriter, r *http.Request) {
	flush := http.NewResponseController(w)
	alive := time.NewTicker(stillThere)
	defer alive.Stop()
	for {
		changed, _ := s.page.Telegram.Changed()
		if err := s.tell(w); err != nil || flush.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-alive.C:
			if _, err := fmt.Fprint(w, ": still there\n\n"); err != nil {
				return
			}
		case <-changed:
			time.Sleep(gather)
		}
	}
}

func (s *watch) tell(w http.ResponseWriter) error {
	n, err := s.look()
	if err != nil || n.empty() {
		return err
	}
	data, err := json.Marshal(n)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "data: %s\n\n", data)
	return err
}

func (s *watch) look() (news, error) {
	n := news{Chats: map[int64]json.RawMessage{}, Answered: map[int64]int{}}
	for _, portrait := range s.page.Telegram.Portraits() {
		if before, known := s.people[portrait.ID]; known && before == portrait {
			continue
		}
		s.people[portrait.ID] = portrait
		n.People = append(n.People, someone{portrait, s.page.About[portrait.ID]})
	}
	for _, phone := range s.phones {
		if err := s.lookAt(phone, &n); err != nil {
			return n, err
		}
	}
	return n, nil
}

func (s *watch) lookAt(p phone, n *news) error {
	id := p.owner.ID()
	toasts := p.owner.Toasts()
	for _, t := range toasts[s.toasts[id]:] {
		n.Answered[id]++
		if t.Text != "" {
			n.Toasts = append(n.Toasts, toast{id, t.Text, t.Alert})
		}
	}
	s.toasts[id] = len(toasts)
	chat := conversation{ChatView: p.seat.View(messagesShown), Chat: p.chat, Places: s.places(p.owner)}
	if p.chat == 0 {
		chat.Unread, chat.Commands = p.seat.Unread(), p.owner.Commands()
	}
	chat.Changes, chat.ChatView.Toasts = 0, 0
	data, err := json.Marshal(chat)
	if err != nil || bytes.Equal(data, s.chats[id]) {
		return err
	}
	s.chats[id] = data
	n.Chats[id] = data
	return nil
}

func (s *watch) places(owner *sim.Person) []place {
	groups := owner.Groups()
	if len(groups) == 0 {
		return nil
	}
	places := []place{{Title: owner.View(1).Title}}
	for _, g := range groups {
		places = append(places, place{g.ID(), g.Title()})
	}
	return places
}
