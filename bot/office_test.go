package bot

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"duban"
	"duban/sim"
	"duban/store"
	"duban/text"
)

// office is the ways in and out, with a simulated Telegram in memory and a real database.
type office struct {
	tb     testing.TB
	tg     *sim.Telegram
	store  *store.Store
	client *Client
	stats  *Stats
	pace   *Pace
	log    *slog.Logger
	hooks  SenderHooks
	failed map[string]string // reasons by the key of the notice, as the hooks were told
}

// simNone is a Telegram that nobody asks for anything special.
var simNone = sim.Options{}

// freely lifts every limit.
var freely = PaceLimits{}

// usual are the limits that the configuration has when nothing is set.
var usual = PaceLimits{OverallPerSecond: 25, ChatPerSecond: 1, GroupPerMinute: 18}

func mustOffice(tb testing.TB, o sim.Options, limits PaceLimits) *office {
	tb.Helper()
	o.TB = tb
	tg := sim.New(o)
	f := &office{tb: tb, tg: tg, store: mustStore(tb, true), stats: &Stats{}, pace: NewPace(limits), log: slog.New(slog.DiscardHandler), failed: map[string]string{}}
	f.client = mustClient(tb, ClientOptions{Token: tg.Token(), APIURL: "http://telegram.invalid", Doer: tg.Client(), Log: f.log})
	f.hooks = SenderHooks{
		Render: func(_ context.Context, l duban.Letter) (Outgoing, error) { return RenderAnswer(l) },
		Failed: func(_ *store.Tx, l duban.Letter, reason string) error {
			f.failed[l.Key] = reason
			return nil
		},
	}
	return f
}

func mustStore(tb testing.TB, relaxed bool) *store.Store {
	tb.Helper()
	o := store.Options{Path: filepath.Join(tb.TempDir(), "duban.db"), Key: make([]byte, 32), Relaxed: relaxed}
	if err := store.Init(tb.Context(), o); err != nil {
		tb.Fatal(err)
	}
	s, err := store.Open(tb.Context(), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func mustClient(tb testing.TB, o ClientOptions) *Client {
	tb.Helper()
	c, err := NewClient(o)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// sender makes a sender with the office's hooks.
func (f *office) sender() *Sender {
	return NewSender(f.client, f.store, f.pace, f.stats, f.log, f.hooks)
}

// during runs a loop while do is done, and stops it.
func (f *office) during(loop func(context.Context), do func()) {
	f.tb.Helper()
	ctx, stop := context.WithCancel(f.tb.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		loop(ctx)
	}()
	do()
	stop()
	<-done
}

// say posts an answer for a chat.
func (f *office) say(key string, lane duban.Lane, o Outgoing) {
	f.tb.Helper()
	f.post(notice(f.tb, key, lane, o))
}

func notice(tb testing.TB, key string, lane duban.Lane, o Outgoing) duban.Notice {
	tb.Helper()
	notices, err := answers(1, []Outgoing{o})
	if err != nil {
		tb.Fatal(err)
	}
	n := notices[0]
	n.Key, n.Lane = key, lane
	return n
}

func (f *office) post(notices ...duban.Notice) {
	f.tb.Helper()
	f.write(func(tx *store.Tx) error {
		for _, n := range notices {
			if err := tx.Post(n); err != nil {
				return err
			}
		}
		return nil
	})
}

func (f *office) write(fn func(*store.Tx) error) {
	f.tb.Helper()
	if err := f.store.Write(f.tb.Context(), fn); err != nil {
		f.tb.Fatal(err)
	}
}

func (f *office) letter(key string) (l duban.Letter) {
	f.tb.Helper()
	f.write(func(tx *store.Tx) (err error) {
		l, err = tx.LetterByKey(key)
		return err
	})
	return l
}

// person makes somebody who has started the bot. What that tells the bot waits in Telegram.
func (f *office) person(name string) *sim.Person {
	p := f.tg.NewPerson(name, "")
	p.Start("")
	return p
}

func plainly(p *sim.Person, words string) Outgoing {
	return Outgoing{ChatID: p.ID(), Text: text.Escape(words)}
}

// texts returns what the bot ever said in a chat.
func (f *office) texts(chat int64) []string {
	var all []string
	for _, m := range f.tg.Delivered(chat) {
		all = append(all, m.Body())
	}
	return all
}

// inFakeTime runs a test whose clock jumps, from a day of the year 2026 on.
func inFakeTime(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)))
		test(t)
	})
}

func want[T comparable](tb testing.TB, got, wanted T) {
	tb.Helper()
	if got != wanted {
		tb.Errorf("got %v, want %v", got, wanted)
	}
}

func wantAll[T comparable](tb testing.TB, got, wanted []T) {
	tb.Helper()
	if fmt.Sprint(got) != fmt.Sprint(wanted) {
		tb.Errorf("got %v, want %v", got, wanted)
	}
}
