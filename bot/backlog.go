package bot

import (
	"time"

	"duban/store"
)

// How much of the inbox is held in memory.
const (
	backlogPage  = 200
	backlogRows  = 4096
	backlogBytes = 16 << 20
	backlogPages = 50  // read at one go
	lineLength   = 256 // of one chat
)

// backlog is the part of the inbox that is in memory: a line for each chat. One chat with a hundred thousand updates neither fills the
// memory nor holds the others up: of each chat only the head of its line is held, and the rest is read when that has been handled.
type backlog struct {
	lines  map[int64]*line
	ready  []int64 // chats with something to do, longest waiting first
	parked map[int64]time.Time
	cursor int64 // everything up to it has been looked at
	dry    bool  // there was nothing after the cursor
	rows   int
	bytes  int
	busy   int  // chats of which an update is being handled
	alone  bool // and it is a suspect, beside which nothing is handled
}

// line is the updates of one chat, in order.
type line struct {
	updates []store.Update
	busy    bool
	failed  bool  // the first has failed in this run of the program
	rest    int64 // the first row of this chat that is not held, 0: all are
}

func newBacklog() *backlog {
	return &backlog{lines: map[int64]*line{}, parked: map[int64]time.Time{}}
}

// more tells that there may be new rows.
func (b *backlog) more() { b.dry = false }

// takeAll returns the next updates to handle, of different chats, at most so many.
func (b *backlog) takeAll(most int, now time.Time) []store.Update {
	for chat, until := range b.parked {
		if !now.Before(until) {
			delete(b.parked, chat)
			b.ready = append(b.ready, chat)
		}
	}
	var taken []store.Update
	for len(taken) < most && len(b.ready) > 0 && !b.alone {
		l := b.lines[b.ready[0]]
		if b.alone = l.suspect(); b.alone && b.busy > 0 {
			b.alone = false
			break // until what is under way has ended
		}
		b.ready = b.ready[1:]
		b.busy++
		l.busy = true
		taken = append(taken, l.updates[0])
	}
	return taken
}

// suspect reports whether the program has ended twice while the first update of a line was handled. It is handled alone, so that those that
// happened to be handled beside it are not put aside with it.
func (l *line) suspect() bool { return !l.failed && l.updates[0].Attempts >= maxAttempts-1 }

// settle notes what has become of an update that was taken.
func (b *backlog) settle(a attempted, now time.Time) {
	l := b.lines[a.lane]
	l.busy, b.alone = false, false
	b.busy--
	if a.again > 0 {
		l.updates[0].Attempts, l.failed = a.tries, true
		b.parked[a.lane] = now.Add(a.again)
		return
	}
	b.rows--
	b.bytes -= len(l.updates[0].Raw)
	l.updates, l.failed = l.updates[1:], false
	switch {
	case len(l.updates) > 0:
		b.ready = append(b.ready, a.lane)
	case l.rest == 0:
		delete(b.lines, a.lane)
	}
}

// sleep returns how long there is nothing to do unless something is reported.
func (b *backlog) sleep(now time.Time) time.Duration {
	d := lookAgain
	for _, until := range b.parked {
		d = min(d, until.Sub(now))
	}
	return max(d, 0)
}

// load reads rows until there are enough. The page function returns rows after a sequence number.
func (b *backlog) load(page func(after int64, limit int) ([]store.Update, error)) error {
	if err := b.refill(page); err != nil {
		return err
	}
	for range backlogPages {
		if b.dry || b.full() {
			return nil
		}
		rows, err := page(b.cursor, backlogPage)
		if err != nil {
			return err
		}
		b.dry = len(rows) < backlogPage
		for _, u := range rows {
			b.cursor = u.Seq
			b.add(u)
		}
	}
	return nil
}

// refill reads on in lines whose held part has been handled. All rows up to the cursor belong to lines that know of them.
func (b *backlog) refill(page func(after int64, limit int) ([]store.Update, error)) error {
	for chat, l := range b.lines {
		if len(l.updates) > 0 || l.rest == 0 || b.full() {
			continue
		}
		after := l.rest - 1
		l.rest = 0
		for after < b.cursor && l.rest == 0 {
			rows, err := page(after, backlogPage)
			if err != nil {
				l.rest = after + 1
				return err
			}
			if len(rows) == 0 {
				break
			}
			for _, u := range rows {
				if after = u.Seq; u.Lane == chat && u.Seq <= b.cursor {
					b.add(u)
				}
			}
		}
		if len(l.updates) == 0 && l.rest == 0 {
			delete(b.lines, chat)
		}
	}
	return nil
}

// add puts an update at the end of its line, or notes that the line goes on.
func (b *backlog) add(u store.Update) {
	l := b.lines[u.Lane]
	if l == nil {
		l = &line{}
		b.lines[u.Lane] = l
	}
	if l.rest != 0 {
		return
	}
	if len(l.updates) >= lineLength {
		l.rest = u.Seq
		return
	}
	l.updates = append(l.updates, u)
	b.rows++
	b.bytes += len(u.Raw)
	if len(l.updates) == 1 && !l.busy {
		b.ready = append(b.ready, u.Lane)
	}
}

func (b *backlog) full() bool { return b.rows >= backlogRows || b.bytes >= backlogBytes }
