package sim

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Trouble is what a Fault does to a request.
type Trouble int

// The troubles. What is said about the effect is what a bot cannot know.
const (
	// TooManyRequests answers 429 with RetryAfter seconds; nothing has happened.
	TooManyRequests Trouble = iota + 1
	// ServerError answers 500 in JSON; nothing has happened.
	ServerError
	// BadGateway answers 502 with an HTML page that repeats the path; nothing has happened.
	BadGateway
	// Answer answers with Code and Description; nothing has happened.
	Answer
	// EmptyAnswer answers 200 without a body; the effect has happened.
	EmptyAnswer
	// TruncatedAnswer answers 200 with half of the JSON; the effect has happened.
	TruncatedAnswer
	// Refused lets no connection come about: nothing has happened and the client knows it. Over HTTP it is ResetBefore.
	Refused
	// ResetBefore breaks the connection; nothing has happened.
	ResetBefore
	// ResetAfter breaks the connection; the effect has happened.
	ResetAfter
	// Slow answers after Delay, rightly.
	Slow
)

// Fault is a trouble that befalls some requests.
type Fault struct {
	Trouble Trouble
	// Methods it befalls; empty: all.
	Methods []string
	// Chat it befalls; 0: all.
	Chat int64
	// Probability from 0 to 1; 0 counts as 1.
	Probability float64
	// After so many requests that would have been befallen it begins.
	After int
	// Times it happens at most; 0: until switched off.
	Times int
	// RetryAfter of TooManyRequests, in seconds; 0 counts as 1.
	RetryAfter int
	// Delay before the answer, of any trouble.
	Delay time.Duration
	// Code and Description of Answer.
	Code        int
	Description string
}

// Switch is a fault that is on.
type Switch struct {
	telegram *Telegram
	fault    Fault
	random   *rand.Rand
	seen     int
	hits     int
	off      bool
}

// Break switches a fault on. Faults are tried in the order in which they were switched on; the first that befalls a request decides.
func (t *Telegram) Break(f Fault) *Switch {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := &Switch{telegram: t, fault: f, random: rand.New(rand.NewPCG(t.options.Seed, uint64(len(t.faults)+1)))} //nolint:gosec // one seed is one run
	t.faults = append(t.faults, s)
	return s
}

// Off ends the fault.
func (s *Switch) Off() {
	s.telegram.mu.Lock()
	defer s.telegram.mu.Unlock()
	s.off = true
}

// Hits returns how many requests it has befallen.
func (s *Switch) Hits() int {
	s.telegram.mu.Lock()
	defer s.telegram.mu.Unlock()
	return s.hits
}

// Mend ends all faults, also those of incoming updates.
func (t *Telegram) Mend() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.faults {
		s.off = true
	}
	t.unruly = Unruly{}
}

// befalls decides about one request. The lock is held.
func (s *Switch) befalls(method string, chat int64) bool {
	f := s.fault
	if s.off || f.Times > 0 && s.hits >= f.Times || f.Chat != 0 && f.Chat != chat {
		return false
	}
	if len(f.Methods) > 0 && !slices.Contains(f.Methods, method) {
		return false
	}
	if f.Probability > 0 && s.random.Float64() >= f.Probability {
		return false
	}
	s.seen++
	if s.seen <= f.After {
		return false
	}
	s.hits++
	return true
}

// mishap is the fault of one request.
type mishap struct {
	Fault
	delay         time.Duration
	before, after bool
}

func (t *Telegram) faultFor(c *call) mishap {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.faults {
		if s.fault.Trouble == Refused || !s.befalls(c.method, t.chatOf(c)) {
			continue
		}
		after := slices.Contains([]Trouble{EmptyAnswer, TruncatedAnswer, ResetAfter}, s.fault.Trouble)
		return mishap{Fault: s.fault, delay: s.fault.Delay, after: after, before: !after && s.fault.Trouble != Slow}
	}
	return mishap{}
}

// refuses decides whether a request finds no connection.
func (t *Telegram) refuses(r *http.Request) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	for _, s := range t.faults {
		if s.fault.Trouble == Refused && s.befalls(method, s.fault.Chat) {
			return true
		}
	}
	return false
}

// fail answers a request that has no effect.
func (t *Telegram) fail(c *call, started time.Time, m mishap) reply {
	r := t.answer(c, started, c.params, nil, m.answer())
	if m.Trouble == ResetBefore {
		return reply{lost: lostReset}
	}
	if m.Trouble == BadGateway {
		r.header = http.Header{"Content-Type": {"text/html"}}
		r.body = []byte("<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>/bot" + t.Token() + "/" + c.method + "</body>\r\n</html>\r\n")
	}
	return r
}

// answer is what a trouble without an effect is noted as, and mostly answered with.
func (m mishap) answer() *apiError {
	if m.Trouble == TooManyRequests {
		return tooMany(max(m.RetryAfter, 1))
	}
	if m.Trouble == ServerError {
		return &apiError{code: 500, description: "Internal Server Error: restart"}
	}
	if m.Trouble == BadGateway {
		return &apiError{code: 502, description: "Bad Gateway"}
	}
	if m.Trouble == Answer {
		return &apiError{code: m.Code, description: m.Description, retryAfter: m.RetryAfter}
	}
	return &apiError{description: "connection reset before the effect"}
}

// spoil damages the answer to a request that has had its effect.
func (m mishap) spoil(r reply) reply {
	if m.Trouble == EmptyAnswer {
		r.body = nil
	}
	if m.Trouble == TruncatedAnswer {
		r.body = r.body[:len(r.body)/2]
	}
	if m.Trouble == ResetAfter {
		r.lost = lostReset
	}
	return r
}

// Unruly makes incoming updates misbehave.
type Unruly struct {
	// Duplicate is the probability that an update comes Copies times.
	Duplicate float64
	// Copies of a duplicated update; 0 counts as 2.
	Copies int
	// SameID gives all copies one update id; otherwise each has its own, as after a lost answer of another server of Telegram.
	SameID bool
	// Reorder shuffles the contents of so many of the latest waiting updates; ids stay ascending.
	Reorder int
}

// BeUnruly makes incoming updates misbehave from now on.
func (t *Telegram) BeUnruly(u Unruly) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.unruly = u
}

func (t *Telegram) copiesOfUpdate() int {
	if t.unruly.Duplicate == 0 || t.random.Float64() >= t.unruly.Duplicate {
		return 1
	}
	return max(t.unruly.Copies, 2)
}

func (t *Telegram) shuffleUpdates() {
	latest := t.queue.pending[max(0, len(t.queue.pending)-t.unruly.Reorder):]
	for len(latest) > 0 && latest[0].id <= t.queue.told {
		latest = latest[1:] // what a poller has got already stays where it was
	}
	n := len(latest)
	if n < 2 {
		return
	}
	ids := make([]int64, n)
	for i, u := range latest {
		ids[i] = u.id
	}
	t.random.Shuffle(n, func(i, j int) { latest[i], latest[j] = latest[j], latest[i] })
	for i, u := range latest {
		latest[i] = &update{ids[i], u.kind, u.lane, u.payload, u.until}
	}
}

// Inject posts an update of any kind and content as it is, under the next update id: `kind` is the name of its field. It passes the
// filter of allowed updates, as a new kind of a newer Telegram would.
func (t *Telegram) Inject(kind string, payload json.RawMessage) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.postRaw(kind, "injected", messageWaits, payload)
}

// InjectPaidMedia posts a message of a person with paid media of a kind that go-telegram/bot 1.19 cannot decode.
func (t *Telegram) InjectPaidMedia(p *Person) {
	t.mu.Lock()
	defer t.mu.Unlock()
	m := t.newMessage(p.chat, &p.user)
	raw := strings.TrimSuffix(string(mustMarshal(m)), "}") +
		`,"paid_media":{"star_count":1,"paid_media":[{"type":"live_photo","live_photo":{}}]}}`
	t.postRaw("message", p.chat.lane(), messageWaits, json.RawMessage(raw))
}

// RestartUpdateIDs lets the next update have a random id lower than all before, as after a week without updates. What waits is dropped.
func (t *Telegram) RestartUpdateIDs() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.queue.keep(func(*update) bool { return false })
	t.queue.nextID = 1 + t.random.Int64N(t.queue.nextID/2)
	t.queue.told = 0
}
