package sim

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// TB is the part of testing.TB that the simulation reports to.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
}

// Options say what kind of Telegram to make. The zero value is a quick and strict one.
type Options struct {
	// Token of the bot; empty: a made-up one. The digits before the colon are the bot's user id.
	Token string
	// Username of the bot without @; empty: DubanBot.
	Username string
	// Name of the bot; empty: 督办.
	Name string
	// Seed of everything random: identifiers and faults. The same seed gives the same run.
	Seed uint64
	// Pace limits what the bot may send; nil: nothing is limited.
	Pace *Pace
	// TB, when set, fails the test at its end for every violation, and closes the Telegram then.
	TB TB
	// WebhookClient posts to the webhook; nil: an http.Client with a timeout of a minute.
	WebhookClient interface {
		Do(*http.Request) (*http.Response, error)
	}
	// KeepRequests is how many of the latest requests and transcript lines are kept; 0: all. Set it for a Telegram that runs for days.
	KeepRequests int
}

// Telegram is a simulated Telegram with one bot, its people, its groups and everything they said. Its methods may be called from
// many goroutines.
type Telegram struct {
	options Options
	token   string
	bot     User
	schema  *schema

	mu       sync.Mutex
	random   *rand.Rand
	users    map[int64]*Person
	people   []*Person
	groups   []*Group
	chats    map[int64]*chat
	movedTo  map[int64]int64
	files    map[string]*file
	paths    map[string]*file
	presses  map[string]*press
	turning  map[pressed][]*press
	settings settings

	queue   queue
	poll    polling
	hook    webhook
	faults  []*Switch
	unruly  Unruly
	pacer   *pacer
	album   int64
	privMsg int

	log        record
	changes    int64
	changed    chan struct{}
	closed     chan struct{}
	closing    sync.Once
	delivering sync.WaitGroup

	// checkOutput makes the simulation check its own answers and updates against the schema; its tests set it.
	checkOutput bool
}

// New makes a Telegram with one bot and nobody else.
func New(o Options) *Telegram {
	if o.Token == "" {
		o.Token = "7000000001:AAsimulated-token-of-a-bot-that-is-not"
	}
	if o.Username == "" {
		o.Username = "DubanBot"
	}
	if o.Name == "" {
		o.Name = "督办"
	}
	if o.WebhookClient == nil {
		o.WebhookClient = &http.Client{Timeout: time.Minute}
	}
	t := &Telegram{
		options: o,
		token:   o.Token,
		schema:  botAPI(),
		random:  rand.New(rand.NewPCG(o.Seed, 0x64756261)), //nolint:gosec // one seed is one run
		users:   map[int64]*Person{},
		chats:   map[int64]*chat{},
		movedTo: map[int64]int64{},
		files:   map[string]*file{},
		paths:   map[string]*file{},
		presses: map[string]*press{},
		turning: map[pressed][]*press{},
		changed: make(chan struct{}),
		closed:  make(chan struct{}),
	}
	id, _, _ := strings.Cut(o.Token, ":")
	t.bot = User{IsBot: true, FirstName: o.Name, Username: o.Username}
	t.bot.ID, _ = strconv.ParseInt(id, 10, 64)
	t.settings = newSettings()
	t.queue.nextID, t.queue.lastPost = t.randomUpdateID(), time.Now()
	if o.Pace != nil {
		t.pacer = newPacer(*o.Pace)
	}
	if o.TB != nil {
		o.TB.Cleanup(t.finish)
	}
	return t
}

// Token returns the token of the bot.
func (t *Telegram) Token() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.token
}

// SetToken gives the bot a new token, as after a revocation: the old one is answered with 401 from now on.
func (t *Telegram) SetToken(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.token = token
}

// Username returns the name of the bot without @.
func (t *Telegram) Username() string { return t.options.Username }

// BotID returns the user id of the bot.
func (t *Telegram) BotID() int64 { return t.bot.ID }

// Link returns the address that opens the bot with a start payload.
func (t *Telegram) Link(payload string) string {
	return "https://t.me/" + t.options.Username + "?start=" + payload
}

// Close ends all waiting polls and webhook deliveries; requests find a broken connection from now on. The chats stay readable.
func (t *Telegram) Close() {
	t.closing.Do(func() { close(t.closed) })
	t.delivering.Wait()
}

func (t *Telegram) isClosed() bool {
	select {
	case <-t.closed:
		return true
	default:
		return false
	}
}

func (t *Telegram) finish() {
	t.options.TB.Helper()
	t.Close()
	for _, v := range t.Violations() {
		t.options.TB.Errorf("simulated Telegram: %s", v)
	}
}

// People returns everybody in the order in which they were made.
func (t *Telegram) People() []*Person {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.people)
}

// Person returns the person with a user id, nil when there is none.
func (t *Telegram) Person(id int64) *Person {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.users[id]
}

// Changes returns a number that grows with everything that can be seen in a chat, for a page that polls.
func (t *Telegram) Changes() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.changes
}

// Changed returns a channel that is closed at the next change, and the number of changes so far.
func (t *Telegram) Changed() (<-chan struct{}, int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.changed, t.changes
}

// touch tells everybody who waits that something has changed. The lock is held.
func (t *Telegram) touch() {
	t.changes++
	close(t.changed)
	t.changed = make(chan struct{})
}

// newUserID returns an identifier beyond 32 bits, as Telegram gives them out today.
func (t *Telegram) newUserID() int64 {
	for {
		id := 5_000_000_000 + t.random.Int64N(3_000_000_000)
		if t.users[id] == nil && id != t.bot.ID {
			return id
		}
	}
}

func (t *Telegram) randomID(prefix string) string {
	return fmt.Sprintf("%s%016x%08x", prefix, t.random.Uint64(), t.random.Uint32())
}
