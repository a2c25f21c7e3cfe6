package sim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// What the queue of updates holds at most; new updates are dropped beyond that, as Telegram does.
const (
	maxPending      = 100_000
	maxPendingBytes = 128 << 20
	maxAnswerBytes  = 4 << 20
)

// How long an update waits for the bot.
const (
	pressWaits   = 150 * time.Second
	messageWaits = 24 * time.Hour
)

// idsForgotten is the quiet time after which update ids begin at a random number.
const idsForgotten = 7 * 24 * time.Hour

// longestPoll is what a longer timeout of getUpdates is cut to.
const longestPoll = 50 * time.Second

// conflictPause is how long a second 409 is held back.
const conflictPause = 3 * time.Second

// update waits in the queue. lane names what is delivered in order: the chat of a message, the person of a press.
type update struct {
	id      int64
	kind    string
	lane    string
	payload json.RawMessage
	until   time.Time
}

func (u *update) encode() []byte {
	b := []byte(`{"update_id":`)
	b = strconv.AppendInt(b, u.id, 10)
	b = append(b, ',', '"')
	b = append(b, u.kind...)
	b = append(b, '"', ':')
	b = append(b, u.payload...)
	return append(b, '}')
}

type queue struct {
	pending []*update
	bytes   int
	nextID  int64
	told    int64 // the last id that a poller has got
	dropped int
	allowed []string
	// lastPost is when the last update came. After a quiet week ids begin anew.
	lastPost time.Time
}

// optional are the kinds that a bot gets only when it asks for them.
var optional = []string{"chat_member", "message_reaction", "message_reaction_count"}

func (q *queue) wants(kind string) bool {
	if len(q.allowed) == 0 {
		return !slices.Contains(optional, kind)
	}
	return slices.Contains(q.allowed, kind)
}

func (q *queue) push(u *update) bool {
	if len(q.pending) >= maxPending || q.bytes+len(u.payload) > maxPendingBytes {
		q.dropped++
		return false
	}
	q.pending = append(q.pending, u)
	q.bytes += len(u.payload)
	return true
}

// expire forgets what has waited too long.
func (q *queue) expire(now time.Time) {
	q.keep(func(u *update) bool { return u.until.After(now) })
}

func (q *queue) keep(wanted func(*update) bool) {
	kept := q.pending[:0]
	for _, u := range q.pending {
		if wanted(u) {
			kept = append(kept, u)
		} else {
			q.bytes -= len(u.payload)
		}
	}
	clear(q.pending[len(kept):])
	q.pending = kept
}

// start is where reading begins for an offset, after it has forgotten what the offset acknowledges. An offset far beyond the end is
// taken for a stale one: it reads from the head and forgets nothing.
func (q *queue) start(offset int64) []*update {
	if len(q.pending) == 0 {
		return nil
	}
	tail := q.pending[len(q.pending)-1].id + 1
	if offset < 0 {
		offset = max(offset+tail, q.pending[0].id)
	}
	if offset == 0 || offset > tail+10 {
		return q.pending
	}
	known, _ := slices.BinarySearchFunc(q.pending, offset, func(u *update, id int64) int { return cmp.Compare(u.id, id) })
	for _, u := range q.pending[:known] {
		q.bytes -= len(u.payload)
	}
	q.pending = q.pending[known:]
	return q.pending
}

// batch is what one poll gets. Copies under one id go together, since they are acknowledged together.
func (q *queue) batch(found []*update, limit int) []*update {
	n := min(limit, len(found))
	for n > 0 && n < len(found) && found[n].id == found[n-1].id {
		n++
	}
	return found[:n]
}

// polling is the state of the one poller that Telegram allows.
type polling struct {
	waiting      *waiter
	lastOffset   int64
	lastStart    time.Time
	nextConflict time.Time
	seen         bool
}

type waiter struct {
	wake     chan struct{}
	conflict string
}

// post puts an update into the queue and wakes who waits for it. The lock is held.
func (t *Telegram) post(kind, lane string, waits time.Duration, payload any) {
	if !t.queue.wants(kind) {
		return
	}
	raw := mustMarshal(payload)
	t.postRaw(kind, lane, waits, raw)
	if t.checkOutput {
		for _, wrong := range t.schema.checkAny(t.schema.Types["Update"].byName[kind].Types, decodeAny(raw), kind) {
			t.log.violations = append(t.log.violations, "simulation: "+wrong)
		}
	}
}

func (t *Telegram) postRaw(kind, lane string, waits time.Duration, raw json.RawMessage) {
	if time.Since(t.queue.lastPost) > idsForgotten && len(t.queue.pending) == 0 {
		t.queue.nextID, t.queue.told = t.randomUpdateID(), 0
	}
	t.queue.lastPost = time.Now()
	for range t.copiesOfUpdate() {
		t.queue.push(&update{t.queue.nextID, kind, lane, raw, time.Now().Add(waits)})
		if t.unruly.SameID {
			continue
		}
		t.queue.nextID++
	}
	if t.unruly.SameID {
		t.queue.nextID++
	}
	t.shuffleUpdates()
	t.wakePoller()
	t.deliverWebhook()
}

func (t *Telegram) wakePoller() {
	if w := t.poll.waiting; w != nil {
		t.poll.waiting = nil
		close(w.wake)
	}
}

// dismissPoller ends a waiting poll with a conflict.
func (t *Telegram) dismissPoller(why string) {
	if w := t.poll.waiting; w != nil {
		w.conflict = why
		t.wakePoller()
	}
}

// conflict is a 409, held back for three seconds when the one before was just given.
func (t *Telegram) conflict(why string) *apiError {
	e := refuse(409, "%s", why)
	if at := time.Now(); at.Before(t.poll.nextConflict) {
		e.wait = conflictPause
	} else {
		t.poll.nextConflict = at.Add(conflictPause)
	}
	return e
}

// getUpdates is the one method that waits; it takes the lock itself.
func (t *Telegram) getUpdates(c *call) (json.RawMessage, *apiError) {
	offset, limit, timeout, err := t.beginPoll(c)
	if err != nil {
		return nil, err
	}
	deadline := time.NewTimer(timeout)
	defer deadline.Stop()
	for {
		raw, w := t.pollOnce(offset, limit, timeout)
		if w == nil {
			return raw, nil
		}
		select {
		case <-w.wake:
			if w.conflict != "" {
				t.mu.Lock()
				defer t.mu.Unlock()
				return nil, t.conflict(w.conflict)
			}
		case <-deadline.C:
			timeout = 0
		case <-c.ctx.Done():
			t.leavePoll(w)
			return nil, refuse(400, "the client has gone")
		case <-t.closed:
			t.leavePoll(w)
			return json.RawMessage("[]"), nil
		}
	}
}

// beginPoll reads the parameters of getUpdates. A repeated offset means trouble at the bot: it gets one update within half a second,
// and waits at least three seconds within three.
func (t *Telegram) beginPoll(c *call) (offset int64, limit int, timeout time.Duration, err *apiError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.hook.url != "" {
		return 0, 0, 0, t.conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	offset, limit = c.int("offset"), 100
	if c.has("limit") {
		limit = int(c.int("limit"))
	}
	timeout = min(max(time.Duration(c.int("timeout"))*time.Second, 0), longestPoll)
	t.allow(c)
	at := time.Now()
	if t.poll.seen && offset == t.poll.lastOffset {
		since := at.Sub(t.poll.lastStart)
		if since < 3*time.Second {
			timeout = max(timeout, 3*time.Second)
		}
		if since < time.Second/2 {
			limit = 1
		}
	}
	t.poll.lastOffset, t.poll.lastStart, t.poll.seen = offset, at, true
	return offset, limit, timeout, nil
}

// allow keeps the kinds of update that a bot asks for, until it asks for others.
func (t *Telegram) allow(c *call) {
	var kinds []string
	if c.into("allowed_updates", &kinds) {
		t.queue.allowed = kinds
	}
}

// pollOnce answers with what there is, or with a place to wait when there is nothing.
func (t *Telegram) pollOnce(offset int64, limit int, timeout time.Duration) (json.RawMessage, *waiter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.queue.expire(time.Now())
	found := t.queue.start(offset)
	if len(found) == 0 && timeout > 0 {
		t.dismissPoller("terminated by other getUpdates request; make sure that only one bot instance is running")
		w := &waiter{wake: make(chan struct{})}
		t.poll.waiting = w
		return nil, w
	}
	var b bytes.Buffer
	b.WriteByte('[')
	for i, u := range t.queue.batch(found, limit) {
		raw := u.encode()
		if i > 0 && b.Len()+len(raw) > maxAnswerBytes {
			break
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(raw)
		t.queue.told = u.id
	}
	b.WriteByte(']')
	return b.Bytes(), nil
}

func (t *Telegram) leavePoll(w *waiter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.poll.waiting == w {
		t.poll.waiting = nil
	}
}

// randomUpdateID is where the identifiers of updates begin.
func (t *Telegram) randomUpdateID() int64 { return 100_000_000 + t.random.Int64N(800_000_000) }

// Pending returns how many updates wait for the bot.
func (t *Telegram) Pending() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.queue.expire(time.Now())
	return len(t.queue.pending)
}

// DroppedUpdates returns how many updates were lost because the queue was full.
func (t *Telegram) DroppedUpdates() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.queue.dropped
}
