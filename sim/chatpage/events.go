package chatpage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
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

// conversation is a chat as one phone shows it.
type conversation struct {
	sim.ChatView
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

// events streams what changes in the list of people and in the chats of the phones that are named by ?phone=ID, as often as there are
// phones, until the page goes.
func (p *Page) events(w http.ResponseWriter, r *http.Request) {
	watch := watch{page: p, people: map[int64]sim.Portrait{}, chats: map[int64][]byte{}, toasts: map[int64]int{}}
	for _, word := range r.URL.Query()["phone"] {
		id, _ := strconv.ParseInt(word, 10, 64)
		person := p.Telegram.Person(id)
		if person == nil {
			http.Error(w, "nobody has this phone", http.StatusNotFound)
			return
		}
		watch.phones = append(watch.phones, person)
		watch.toasts[id] = len(person.Toasts())
	}
	w.Header().Set("Content-Type", "text/event-stream")
	watch.stream(w, r)
}

// watch is one stream with what its page knows already.
type watch struct {
	page   *Page
	phones []*sim.Person
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
	for _, person := range s.phones {
		if err := s.lookAt(person, &n); err != nil {
			return n, err
		}
	}
	return n, nil
}

func (s *watch) lookAt(person *sim.Person, n *news) error {
	id := person.ID()
	toasts := person.Toasts()
	for _, t := range toasts[s.toasts[id]:] {
		n.Answered[id]++
		if t.Text != "" {
			n.Toasts = append(n.Toasts, toast{id, t.Text, t.Alert})
		}
	}
	s.toasts[id] = len(toasts)
	chat := conversation{person.View(messagesShown), person.Unread(), person.Commands()}
	chat.Changes, chat.ChatView.Toasts = 0, 0
	data, err := json.Marshal(chat)
	if err != nil || bytes.Equal(data, s.chats[id]) {
		return err
	}
	s.chats[id] = data
	n.Chats[id] = data
	return nil
}
