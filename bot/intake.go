package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"duban"
	"duban/internal/failpoint"
	"duban/store"
)

// Handler handles one update and returns what is to be said. Seq is the inbox row: the cause of what the handler does. It is called again
// for the same update after an error or a crash.
type Handler func(ctx context.Context, seq int64, u *models.Update) ([]Outgoing, error)

// Intake hands the updates of the inbox to the handler: in order for each chat, many chats at once. An update that fails three times is put
// aside, so that the others go on.
type Intake struct {
	Client *Client
	Store  *store.Store
	Stats  *Stats
	Log    *slog.Logger
	Handle Handler
	// Quarantined is called in the transaction that puts an update aside. It may be nil.
	Quarantined func(tx *store.Tx, u store.Update, why string) error

	wake chan struct{}
}

// How updates are handled.
const (
	intakeLanes  = 32 // at once
	maxAttempts  = 3
	stopPatience = 10 * time.Second // for what is under way when the program stops
	lookAgain    = 5 * time.Second  // so that nothing waits longer, whatever signal was lost
)

// retryAfter are the pauses after the first and the second attempt at an update.
var retryAfter = []time.Duration{time.Second, 5 * time.Second}

// NewIntake makes an intake; the fields that are not given here may be set until Run.
func NewIntake(c *Client, s *store.Store, stats *Stats, log *slog.Logger, handle Handler) *Intake {
	return &Intake{Client: c, Store: s, Stats: stats, Log: log, Handle: handle, wake: make(chan struct{}, 1)}
}

// Wake tells that there may be new updates. It never blocks.
func (in *Intake) Wake() {
	select {
	case in.wake <- struct{}{}:
	default:
	}
}

// Run handles updates until the context ends. Then it takes no more, lets those under way finish for ten seconds, and leaves the rest.
func (in *Intake) Run(ctx context.Context) {
	working, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(stopPatience, cancel) })
	defer stop()
	finished := make(chan attempted, intakeLanes)
	lines := newBacklog()
	running := 0
	for ctx.Err() == nil {
		if err := in.load(ctx, lines); err != nil && ctx.Err() == nil {
			in.Log.Error("read the inbox", "error", err)
		}
		if taken := lines.takeAll(intakeLanes-running, time.Now()); len(taken) > 0 {
			running += len(taken)
			go in.attemptAll(working, taken, finished)
		}
		timer := time.NewTimer(lines.sleep(time.Now()))
		select {
		case done := <-finished:
			running--
			lines.settle(done, time.Now())
			for range len(finished) {
				running--
				lines.settle(<-finished, time.Now())
			}
		case <-in.wake:
			lines.more()
		case <-timer.C:
			lines.more()
		case <-ctx.Done():
		}
		timer.Stop()
	}
	for ; running > 0; running-- {
		<-finished
	}
}

// attempted is what has become of an attempt; Again zero means that the update has ended.
type attempted struct {
	lane  int64
	tries int // so far
	again time.Duration
}

func (in *Intake) load(ctx context.Context, lines *backlog) error {
	return lines.load(func(after int64, limit int) (rows []store.Update, err error) {
		err = in.Store.Read(ctx, func(tx *store.Tx) error {
			rows, err = tx.NewUpdates(after, limit)
			return err
		})
		return rows, err
	})
}

// attemptAll handles updates of different chats once. The attempts are counted before the handlers run, in one commit, so that an update that
// kills the program does not kill it for ever.
func (in *Intake) attemptAll(ctx context.Context, taken []store.Update, finished chan<- attempted) {
	seqs := make([]int64, 0, len(taken))
	for _, u := range taken {
		seqs = append(seqs, u.Seq)
	}
	err := in.Store.Write(ctx, func(tx *store.Tx) error { return tx.Attempt(seqs...) })
	if err != nil {
		in.Log.Error("count attempts", "updates", len(seqs), "error", err)
	}
	failpoint.At(failpoint.IntakeCounted)
	for _, u := range taken {
		if err != nil {
			finished <- attempted{u.Lane, u.Attempts, time.Second}
			continue
		}
		u.Attempts++
		go func() { finished <- in.attempt(ctx, u) }()
	}
}

// attempt handles one update whose attempt has been counted. What the end of the program cuts short does not count.
func (in *Intake) attempt(ctx context.Context, u store.Update) attempted {
	if u.Attempts > maxAttempts {
		return in.putAside(ctx, u, "the program ended three times while this was handled")
	}
	var update models.Update
	if err := json.Unmarshal(u.Raw, &update); err != nil {
		return in.putAside(ctx, u, "decode: "+err.Error())
	}
	said, err := in.Client.deliver(ctx, &update, u.Seq, in.Handle)
	failpoint.At(failpoint.IntakeHandled)
	if err == nil {
		err = in.finish(ctx, u, said)
		failpoint.At(failpoint.IntakeFinished)
	}
	switch {
	case err == nil:
		return attempted{lane: u.Lane}
	case ctx.Err() != nil:
		in.forgive(ctx, u)
		return attempted{u.Lane, u.Attempts - 1, time.Second}
	case u.Attempts >= maxAttempts:
		return in.putAside(ctx, u, err.Error())
	}
	in.Stats.count(func(f *Figures) { f.Retried++ })
	in.Log.Error("an update failed and is tried again", "seq", u.Seq, "kind", u.Kind, "attempt", u.Attempts, "error", err)
	return attempted{u.Lane, u.Attempts, retryAfter[u.Attempts-1]}
}

// finish posts what is to be said and ends the update, in one transaction: an answer is neither lost nor given twice.
func (in *Intake) finish(ctx context.Context, u store.Update, said []Outgoing) error {
	notices, err := answers(u.Seq, said)
	if err != nil {
		return err
	}
	err = in.Store.Write(ctx, func(tx *store.Tx) error {
		for _, n := range notices {
			if err := tx.Post(n); err != nil {
				return fmt.Errorf("post an answer: %w", err)
			}
		}
		return tx.Done(u.Seq)
	})
	if err == nil {
		in.Stats.count(func(f *Figures) { f.Handled++ })
	}
	return err
}

// answers makes the notices that carry what a handler wants to say about the update of an inbox row.
func answers(seq int64, said []Outgoing) ([]duban.Notice, error) {
	notices := make([]duban.Notice, 0, len(said))
	for i, o := range said {
		data, err := json.Marshal(o)
		if err != nil {
			return nil, fmt.Errorf("keep an answer: %w", err)
		}
		notices = append(notices, duban.Notice{
			Key: fmt.Sprintf("in:%d:%d", seq, i), Kind: duban.NewsAnswer, Lane: duban.LaneAnswer, ChatID: o.ChatID, Data: string(data),
		})
	}
	return notices, nil
}

// RenderAnswer returns what a handler wanted to say: news of kind NewsAnswer is in words already.
func RenderAnswer(l duban.Letter) (Outgoing, error) {
	var o Outgoing
	if err := json.Unmarshal([]byte(l.Data), &o); err != nil {
		return o, fmt.Errorf("read an answer: %w", err)
	}
	return o, nil
}

// putAside quarantines an update. Where even that fails it is tried again in a second.
func (in *Intake) putAside(ctx context.Context, u store.Update, why string) attempted {
	err := in.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Quarantine(u.Seq, why); err != nil {
			return err
		}
		if in.Quarantined == nil {
			return nil
		}
		return in.Quarantined(tx, u, why)
	})
	if err != nil {
		in.Log.Error("put an update aside", "seq", u.Seq, "error", err)
		return attempted{u.Lane, u.Attempts, time.Second}
	}
	in.Stats.count(func(f *Figures) { f.Quarantined++ })
	in.Log.Error("an update was put aside", "seq", u.Seq, "kind", u.Kind, "why", why)
	return attempted{lane: u.Lane}
}

func (in *Intake) forgive(ctx context.Context, u store.Update) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := in.Store.Write(ctx, func(tx *store.Tx) error { return tx.ForgiveAttempt(u.Seq) }); err != nil {
		in.Log.Warn("take back an attempt", "seq", u.Seq, "error", err)
	}
}

// delivery is one call of a handler on its way through go-telegram/bot, which carries nothing back.
type delivery struct {
	seq    int64
	handle Handler
	said   []Outgoing
	err    error
}

type deliveryKey struct{}

// deliver hands an update to the handler through the library, in this goroutine, and turns a panic into an error.
func (c *Client) deliver(ctx context.Context, u *models.Update, seq int64, handle Handler) ([]Outgoing, error) {
	d := &delivery{seq: seq, handle: handle}
	c.api.ProcessUpdate(context.WithValue(ctx, deliveryKey{}, d), u)
	return d.said, d.err
}

// runDelivery is the library's default handler, and the only one.
func runDelivery(ctx context.Context, _ *telegram.Bot, u *models.Update) {
	d, ok := ctx.Value(deliveryKey{}).(*delivery)
	if !ok {
		return
	}
	defer func() {
		if v := recover(); v != nil {
			d.said, d.err = nil, &panicked{v, debug.Stack()}
		}
	}()
	d.said, d.err = d.handle(ctx, d.seq, u)
}

// panicked is a panic of a handler.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }
