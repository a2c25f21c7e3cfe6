package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"duban"
	"duban/app"
	"duban/bot"
	"duban/config"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/text"
	"duban/work"
)

// house is the whole program, as `duban serve` wires it, on a Telegram in memory.
type house struct {
	t       *testing.T
	tg      *sim.Telegram
	config  *config.Config
	way     doer // to Telegram
	journal *journal
	desk    *work.Desk
	people  []*sim.Person
	stop    func()
	began   time.Time // of the real clock
}

// doer sends a request.
type doer interface {
	Do(*http.Request) (*http.Response, error)
}

const committee = "滨江市教育行业党委"

// fewPeople is how many may take part in what is played with -short, which goes with the race detector and takes ten times as long.
const fewPeople = 50

// play runs an experiment with so many people, each the officer of a school, from Monday, 23 November 2026, 9:00 in Shanghai. The real moment at
// which it began is taken outside of the fake time.
func play(t *testing.T, people int, pace config.Pace, experiment func(t *testing.T, h *house)) {
	t.Helper()
	if testing.Short() && people > fewPeople {
		t.Skip("with -short only what few people take part in is played")
	}
	began := time.Now()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 23, 9, 0, 0, 0, cast.Shanghai)))
		h := &house{t: t, tg: sim.New(sim.Options{TB: t, Seed: 1}), journal: &journal{}, began: began}
		h.way = h.tg.Client()
		h.config = configIn(t.TempDir(), h.tg, pace)
		if err := app.Init(t.Context(), h.config); err != nil {
			t.Fatal(err)
		}
		for range people {
			h.people = append(h.people, h.tg.NewPerson("专干", "", sim.Started(), sim.Speaks("zh-hans")))
		}
		h.start(h.join)
		defer func() { h.stop() }()
		experiment(t, h)
	})
}

// usual is the pace that the configuration has when nothing is set.
var usual = config.Default().Telegram.Pace

func configIn(folder string, tg *sim.Telegram, pace config.Pace) *config.Config {
	c := config.Default()
	c.Database = "sqlite:" + filepath.Join(folder, "duban.db")
	c.Record.KeyFile = filepath.Join(folder, "record.key")
	c.Evidence.Dir = filepath.Join(folder, "evidence")
	c.Organisation.Name = committee
	c.Telegram.Token, c.Telegram.APIURL, c.Telegram.Pace = config.Secret(tg.Token()), "https://api.telegram.org", pace
	c.Quiet.Off, c.Digest, c.Reminders.DailyCap = true, "", 0
	c.Web.Listen = ""
	return c
}

// start starts the program; prepare puts something into the database before anything moves, and may be nil.
func (h *house) start(prepare func(context.Context, *work.Desk) error) {
	h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	opened, ended := make(chan struct{}), make(chan error, 1)
	ways := app.Ways{Telegram: h.way, Relaxed: true, Opened: func(ctx context.Context, office *app.Office) error {
		defer close(opened)
		h.desk = office.Desk
		if prepare == nil {
			return nil
		}
		return prepare(ctx, office.Desk)
	}}
	go func() { ended <- app.RunWith(ctx, h.config, h.logger(), ways) }()
	select {
	case <-opened:
	case err := <-ended:
		h.t.Fatal(err)
	}
	h.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			h.t.Error(err)
		}
	})
}

// join puts the people on the roster and binds them to their telephones.
func (h *house) join(ctx context.Context, desk *work.Desk) error {
	var accounts []int64
	for _, p := range h.people {
		accounts = append(accounts, p.ID())
	}
	return cast.Crowd(ctx, desk, accounts...)
}

// issue issues tasks to the first so many schools.
func (h *house) issue(schools int, due string, codes ...string) {
	h.t.Helper()
	var units []string
	for i := range schools {
		units = append(units, cast.School(i))
	}
	var rows []work.TaskRow
	for i, code := range codes {
		rows = append(rows, work.TaskRow{
			Line: 2 + i, Code: code, Title: "报送总结 " + code, Duty: "按模板报送", Units: strings.Join(units, "、"), Due: due, Evidence: duban.Evidence{Kind: duban.NoEvidence},
			Priority: duban.Normal,
		})
	}
	result, err := h.desk.ImportTasks(context.Background(), duban.Console, rows, work.ImportOptions{})
	if err != nil || len(result.Problems) > 0 {
		h.t.Fatal(err, result.Problems)
	}
}

// announce puts a message to each chat into the outbox, in the lane of announcements.
func (h *house) announce(name string, chats ...int64) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		for _, chat := range chats {
			data, err := json.Marshal(bot.Outgoing{ChatID: chat, Text: text.HTML(name)})
			if err != nil {
				return err
			}
			err = tx.Post(duban.Notice{Key: keyOf(name, chat), Kind: duban.NewsAnswer, Lane: duban.LaneAnnouncement, ChatID: chat, Data: string(data)})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func keyOf(name string, chat int64) string { return fmt.Sprint(name, ":", chat) }

func (h *house) chats() (all []int64) {
	for _, p := range h.people {
		all = append(all, p.ID())
	}
	return all
}

func (h *house) write(fn func(*store.Tx) error) {
	h.t.Helper()
	if err := h.desk.Store.Write(context.Background(), fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) letter(key string) (l duban.Letter) {
	h.t.Helper()
	cast.Read(h.t, h.desk, func(tx *store.Tx) (err error) {
		l, err = tx.LetterByKey(key)
		return err
	})
	return l
}

// until lets time pass until something holds, at most so long, looking every step, and returns how long it took.
func (h *house) until(what string, most, step time.Duration, holds func() bool) time.Duration {
	h.t.Helper()
	for began := time.Now(); ; time.Sleep(step) {
		if synctest.Wait(); holds() {
			return time.Since(began)
		}
		if time.Since(began) > most {
			h.t.Fatalf("not within %s: %s\n%s", most, what, h.journal.tail())
		}
	}
}

// arrived returns how many chats have got an announcement.
func (h *house) arrived(name string) int {
	chats := map[int64]bool{}
	for _, e := range h.tg.Events(0, sim.Sent) {
		if e.Message.Body() == name {
			chats[e.Chat] = true
		}
	}
	return len(chats)
}

// copies returns the most copies of an announcement that one chat has got, and how many are second ones or later in all.
func (h *house) copies(name string) (most, extra int) {
	by := map[int64]int{}
	for _, e := range h.tg.Events(0, sim.Sent) {
		if e.Message.Body() == name {
			by[e.Chat]++
		}
	}
	for _, n := range by {
		most, extra = max(most, n), extra+n-1
	}
	return most, extra
}

// settled reports whether no letter to a chat waits or is on its way.
func (h *house) settled(name string, chats []int64) bool {
	open := false
	cast.Read(h.t, h.desk, func(tx *store.Tx) error {
		for _, chat := range chats {
			l, err := tx.LetterByKey(keyOf(name, chat))
			if err != nil {
				return err
			}
			open = open || l.DoneAt.IsZero()
		}
		return nil
	})
	return !open
}

// effects counts entries of an event in the record, by assignment.
func (h *house) effects(event duban.Event) map[int64]int {
	h.t.Helper()
	by := map[int64]int{}
	cast.Read(h.t, h.desk, func(tx *store.Tx) error {
		return tx.EveryEntry(time.Time{}, time.Now().Add(time.Hour), func(e duban.Entry) error {
			if e.Event == event {
				by[e.AssignmentID]++
			}
			return nil
		})
	})
	return by
}

// tell writes down what an experiment has shown: the line of the table in docs/reliability.md.
func (h *house) tell(load, result string, arguments ...any) {
	h.t.Helper()
	tell(h.t, load, fmt.Sprintf(result, arguments...))
}

// tell logs the line of the table for a test, whose number is in its name.
func tell(t *testing.T, load, result string) {
	t.Helper()
	number, _, _ := strings.Cut(strings.TrimPrefix(t.Name(), "Test"), "_")
	t.Logf("| %s | %s | %s |", number, load, result)
}

// journal is a log that keeps what was said.
type journal struct {
	mu    sync.Mutex
	lines []logged
}

type logged struct {
	at    time.Time
	level slog.Level
	text  string
}

func (j *journal) Enabled(context.Context, slog.Level) bool { return true }
func (j *journal) WithAttrs([]slog.Attr) slog.Handler       { return j }
func (j *journal) WithGroup(string) slog.Handler            { return j }

// Handle keeps a line.
func (j *journal) Handle(ctx context.Context, r slog.Record) error {
	var b strings.Builder
	if err := slog.NewTextHandler(&b, nil).Handle(ctx, r); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, logged{r.Time, r.Level, b.String()})
	return nil
}

func (h *house) logger() *slog.Logger { return slog.New(h.journal) }

// since returns the first error with some words from an instant on, and whether there is one.
func (j *journal) since(at time.Time, words string) (time.Time, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, l := range j.lines {
		if l.level >= slog.LevelError && !l.at.Before(at) && strings.Contains(l.text, words) {
			return l.at, true
		}
	}
	return time.Time{}, false
}

func (j *journal) tail() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var b strings.Builder
	for _, l := range j.lines[max(0, len(j.lines)-20):] {
		b.WriteString(l.text)
	}
	return b.String()
}

// part returns the time within which a part of the durations lies.
func part(of float64, all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[int(of*float64(len(sorted)-1))]
}

// forms picks the count of the short form or of the long one.
func forms(short, full int) int {
	if long {
		return full
	}
	return short
}
