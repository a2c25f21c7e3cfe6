package bot

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"duban"
	"duban/internal/failpoint"
	"duban/store"
)

// Sender carries the outbox to Telegram: answers first, then escalations, reminders and announcements; in order for each chat, many chats at
// once; at Telegram's pace. Every letter ends as sent, failed, missed or cancelled. There is one sender for a database, which the lock of
// `serve` sees to, so that what is on its way is kept in memory.
type Sender struct {
	Client *Client
	Store  *store.Store
	Pace   *Pace
	Stats  *Stats
	Log    *slog.Logger
	Hooks  SenderHooks

	shelf      *shelf
	chats      map[int64]int64 // of persons, for a few seconds
	running    map[duban.Lane]int
	open       connections
	posted     bool          // there may be new letters
	nextLook   time.Time     // not before then are they looked for
	version    int64         // of the database, when it was last asked for
	comes      time.Time     // when the next letter becomes ready, as far as is known; zero: none
	booking    bool          // something is being written down: what comes next gathers meanwhile
	booked     chan struct{} // it is written down
	arrivals   arrivals
	departures departures
	failures   atomic.Int64 // calls in a row that found no Telegram
	clumsy     sync.Map     // how often the rendering of a letter has failed
}

// SenderHooks are what the sender asks and tells. Render is needed; the others may be nil and run in the transaction that ends the letter.
type SenderHooks struct {
	// Render puts a letter into words, at the moment it is sent. An *Undeliverable ends the letter unsent; any other error is tried again.
	// Attempts of the letter above 1 mean that this is a second copy, Due that it may be late.
	Render func(ctx context.Context, l duban.Letter) (Outgoing, error)
	// Delivered is told of a letter that has arrived, with the message that stands for it.
	Delivered func(tx *store.Tx, l duban.Letter, o Outgoing, message int64) error
	// Failed is told of every letter that ends as failed.
	Failed func(tx *store.Tx, l duban.Letter, reason string) error
	// Unreachable is told before Failed when the reason is with the reader, such as "blocked".
	Unreachable func(tx *store.Tx, l duban.Letter, reason string) error
	// Migrated is told that a group has another id now.
	Migrated func(tx *store.Tx, from, to int64) error
}

// Undeliverable ends a letter without sending it: cancelled or missed when it is no longer true, failed when it cannot be sent.
type Undeliverable struct {
	State  duban.LetterState
	Reason string
}

// Error tells the state and the reason.
func (u *Undeliverable) Error() string { return string(u.State) + ": " + u.Reason }

// Held keeps a letter back for a while without sending it. Somebody has to let it go, or end it.
type Held struct {
	For    time.Duration
	Reason string
}

// Error tells the reason.
func (h *Held) Error() string { return "held: " + h.Reason }

// How many letters are on their way at once. Those beyond the connections wait for the disk or the renderer, not for Telegram. They are marked
// as going out already, and after a crash nobody would know that they were not.
const (
	sendConnections   = 16
	answerConnections = 4 // more, for answers only: a slow announcement never keeps an answer waiting
	underWay          = 96
	rereadEvery       = time.Minute
)

// NewSender makes a sender.
func NewSender(c *Client, s *store.Store, p *Pace, stats *Stats, log *slog.Logger, hooks SenderHooks) *Sender {
	return &Sender{
		Client: c, Store: s, Pace: p, Stats: stats, Log: log, Hooks: hooks,
		shelf: newShelf(), chats: map[int64]int64{}, running: map[duban.Lane]int{},
		open: newConnections(), booked: make(chan struct{}, 1), arrivals: arrivals{some: make(chan struct{}, 1)},
	}
}

// landed is a letter that is no longer on its way.
type landed struct {
	who    reader
	letter store.Waiting
	stays  bool // it is to go again, before the others of its reader
}

// Run sends letters until the context ends. Then it lets what is on its way to Telegram finish for ten seconds; what has not left yet stays
// in the outbox.
func (s *Sender) Run(ctx context.Context) {
	failpoint.At(failpoint.SendRecovering)
	s.recover(ctx)
	failpoint.At(failpoint.SendRecovered)
	working, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(stopPatience, cancel) })
	defer stop()
	finished := make(chan landed, 2*underWay)
	s.posted = true
	reread := time.Now().Add(rereadEvery)
	for ctx.Err() == nil {
		if now := time.Now(); !now.Before(reread) {
			s.reread()
			reread = now.Add(rereadEvery)
		}
		s.load(ctx)
		wake := s.dispatch(ctx, working, finished)
		s.sleep(ctx, finished, wake)
	}
	for s.underWay() > 0 {
		s.enter(ctx, working, nil, finished)
		select {
		case l := <-finished:
			s.land(l)
		case <-s.booked:
			s.booking = false
		case <-s.arrivals.some:
		}
	}
}

// sleep waits until there may be something to do.
func (s *Sender) sleep(ctx context.Context, finished chan landed, wake time.Time) {
	timer := time.NewTimer(s.untilNext(wake))
	defer timer.Stop()
	arrived := s.arrivals.some
	if s.booking {
		arrived = nil // they are written down next
	}
	select {
	case l := <-finished:
		s.land(l)
		s.landAll(finished)
	case <-s.booked:
		s.booking = false
		s.landAll(finished)
	case <-arrived:
	case <-s.Store.Posted():
		s.posted = true
	case now := <-timer.C:
		s.posted = s.posted || !s.comes.IsZero() && !now.Before(s.comes) || s.changed(ctx)
	case <-ctx.Done():
	}
}

// changed reports whether anything has been written since it was last asked: another process, such as the command line, posts letters too.
func (s *Sender) changed(ctx context.Context) bool {
	version, err := s.Store.Version(ctx)
	changed := err != nil || version != s.version
	s.version = version
	return changed
}

// untilNext returns how long there is nothing to do unless something is reported: until a pause ends or a letter's time comes.
func (s *Sender) untilNext(wake time.Time) time.Duration {
	d := lookAgain
	now := time.Now()
	for _, at := range []time.Time{wake, s.shelf.firstWake(), s.comes} {
		if !at.IsZero() {
			d = min(d, at.Sub(now))
		}
	}
	if s.posted {
		d = min(d, s.nextLook.Sub(now))
	}
	return max(d, 0)
}

// reread reads the outbox from its beginning, in case a clock went back or a person has another chat now.
func (s *Sender) reread() {
	s.shelf.again()
	s.posted = true
	clear(s.chats)
}

// recover deals with what was going out when the program last ended. Nobody knows whether it arrived: a letter gets its second copy in a
// minute, an edit is made again, and what was a second copy already is given up.
func (s *Sender) recover(ctx context.Context) {
	for failures := 1; ctx.Err() == nil; failures++ {
		err := s.Store.Write(ctx, func(tx *store.Tx) error {
			letters, err := tx.Interrupted()
			if err != nil {
				return err
			}
			for _, l := range letters {
				if err := s.endUnknown(tx, l, store.Live(l.Kind) && l.MessageID != 0 || repeats[l.Kind], "the program ended while it was going out"); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			return
		}
		s.Log.Error("look after interrupted letters", "error", err)
		pause(ctx, backoff(failures, time.Second, pollBackoff))
	}
}

// repeats are the kinds of news that only edit or delete, which once more does no harm.
var repeats = map[duban.NewsKind]bool{duban.NewsCorrection: true, duban.NewsRecall: true, duban.NewsGroupFix: true}

// ticket is a letter that may leave, with whom it goes to.
type ticket struct {
	who    reader
	letter store.Waiting
	paid   bool
}

// dispatch starts what may leave now and returns when to look again; zero means when something is reported.
func (s *Sender) dispatch(ctx, working context.Context, finished chan landed) (wake time.Time) {
	now := time.Now()
	s.shelf.wakeUp(now)
	if s.booking {
		return time.Time{}
	}
	if !s.mayAsk(now) {
		s.enter(ctx, working, nil, finished)
		return now.Add(time.Second)
	}
	var leaving []ticket
	for _, lane := range duban.Lanes {
		some, at := s.leaving(lane.Lane)
		leaving = append(leaving, some...)
		if !at.IsZero() && (wake.IsZero() || at.Before(wake)) {
			wake = at
		}
	}
	s.enter(ctx, working, leaving, finished)
	return wake
}

// enter begins to write down what has arrived and what is leaving, unless that is going on.
func (s *Sender) enter(ctx, working context.Context, leaving []ticket, finished chan landed) {
	if s.booking {
		return
	}
	arrived := s.arrivals.take()
	if len(arrived)+len(leaving) == 0 {
		return
	}
	s.booking = true
	go s.book(ctx, working, arrived, leaving, finished)
}

// mayAsk keeps Telegram from being asked again and again while it refuses the token: then one letter tries it once a minute.
func (s *Sender) mayAsk(now time.Time) bool {
	if s.Stats.trusted() {
		return true
	}
	return s.underWay() == 0 && s.shelf.total > 0 && s.Stats.mayAsk(now)
}

// leaving takes the letters of a lane that may leave now, and returns when to look for more of them.
func (s *Sender) leaving(lane duban.Lane) (all []ticket, wake time.Time) {
	for s.room(lane) {
		k := s.shelf.next(lane)
		if k == nil {
			return all, time.Time{}
		}
		turn := s.Pace.Ask(time.Now(), k.who.chat, lane)
		switch {
		case turn.OK:
			s.running[lane]++
			all = append(all, ticket{k.who, s.shelf.take(k, lane), turn.Paid})
		case turn.Everyone:
			return all, turn.At
		default:
			s.shelf.wait(k, lane, turn.At)
		}
	}
	return all, time.Time{}
}

// room reports whether another letter of a lane may be started. Answers have room of their own.
func (s *Sender) room(lane duban.Lane) bool {
	if !s.Stats.trusted() {
		return s.underWay() == 0
	}
	answers := s.running[duban.LaneAnswer]
	if lane == duban.LaneAnswer {
		return answers < underWay
	}
	return s.underWay()-answers < underWay
}

func (s *Sender) underWay() int {
	n := 0
	for _, running := range s.running {
		n += running
	}
	return n
}

func (s *Sender) landAll(finished chan landed) {
	for range len(finished) {
		s.land(<-finished)
	}
}

func (s *Sender) land(l landed) {
	s.running[l.letter.Lane]--
	s.posted = s.shelf.done(l.who, l.letter, l.stays) || s.posted
}
