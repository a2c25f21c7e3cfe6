package bot

import (
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"duban"
)

// PaceLimits are how much may leave. A zero lifts that limit.
type PaceLimits struct {
	OverallPerSecond float64
	ChatPerSecond    float64
	GroupPerMinute   float64
	// PaidPerSecond is how many announcements a second leave beside the others, each at Telegram's price; 0: none, they leave with the others.
	PaidPerSecond float64
}

// What the pace knows beyond its limits.
const (
	keptForAnswers  = 5                // messages that the other lanes leave, so that as many answers need not wait
	chatBurst       = 3                // messages that a chat takes at once
	grace           = time.Second / 2  // on top of what Telegram asks us to wait
	nearby          = 10 * time.Second // two chats refused within this: it is not about a chat
	generalFrom     = 5 * time.Second  // a wait this long is taken for a general one
	ownFrom         = time.Minute      // but one longer than this is a punishment of that chat alone, until a second chat says otherwise
	longestGeneral  = 5 * time.Minute  // after this a general pause is tried again, whatever was asked
	answersPause    = 5 * time.Second  // after this an answer tries whether a general pause is about it too: somebody waits for it
	slowest         = 1                // messages a second, however often everything is refused
	recovery        = time.Minute      // each brings back one message a second
	sweepEvery      = time.Minute
	longWaitAlarmed = 5 * time.Minute
)

// Pace decides when a message may leave: it keeps Telegram's limits, which are not published, and listens when Telegram says to wait. Every
// decision takes the moment as an argument, so that days can be tried in a table. It is safe for concurrent use.
type Pace struct {
	mu      sync.Mutex
	limits  PaceLimits
	overall *rate.Limiter // nil: no limit
	paid    *rate.Limiter // of announcements; nil: nothing is paid for
	chats   map[int64]*chatPace

	until     time.Time // everything is paused until then
	answers   time.Time // but answers only until then
	reduced   float64   // messages a second since the last general refusal, 0: not reduced
	reducedAt time.Time
	refused   time.Time // when a chat was last refused
	refusedBy int64
	nextSweep time.Time
}

// chatPace is what is known of one chat. It is forgotten when it is idle.
type chatPace struct {
	bucket *rate.Limiter // nil: no limit
	until  time.Time
}

// NewPace makes a pace that has used up nothing.
func NewPace(l PaceLimits) *Pace {
	p := &Pace{limits: l, chats: map[int64]*chatPace{}}
	if l.OverallPerSecond > 0 {
		p.overall = rate.NewLimiter(rate.Limit(l.OverallPerSecond), burst(l.OverallPerSecond)+reserve(l.OverallPerSecond))
	}
	if l.PaidPerSecond > 0 {
		p.paid = rate.NewLimiter(rate.Limit(l.PaidPerSecond), burst(l.PaidPerSecond))
	}
	return p
}

// burst is a fifth of a second's worth, so that what was saved up in quiet cannot add up to much more than the rate.
func burst(perSecond float64) int { return max(1, int(perSecond/5)) }

func reserve(perSecond float64) int { return int(math.Ceil(kept(perSecond))) }

// kept is what lanes other than the answers leave in the bucket of all. As long as nobody asks for an answer it is full, and all of the rate is theirs.
func kept(perSecond float64) float64 { return min(keptForAnswers, perSecond/5) }

// Turn says whether a message may leave now.
type Turn struct {
	OK bool
	// At is when to ask again, for !OK. Everyone tells that the whole lane has to wait, not this chat alone.
	At       time.Time
	Everyone bool
	// Paid tells, for OK, that the message is to be paid for.
	Paid bool
}

// Ask takes one message off what may leave in a lane, if it may leave now. What it costs the chat is told by Charge.
func (p *Pace) Ask(now time.Time, chat int64, lane duban.Lane) Turn {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refresh(now)
	if until := p.pausedUntil(lane); now.Before(until) {
		return Turn{At: until, Everyone: true}
	}
	if at := p.chatFree(now, chat); now.Before(at) {
		return Turn{At: at}
	}
	if at := p.laneFree(now, lane); now.Before(at) {
		return Turn{At: at, Everyone: true}
	}
	take(p.ofLane(lane), now, 1)
	return Turn{OK: true, Paid: p.pays(lane)}
}

func (p *Pace) pays(lane duban.Lane) bool { return p.paid != nil && lane == duban.LaneAnnouncement }

func (p *Pace) ofLane(lane duban.Lane) *rate.Limiter {
	if p.pays(lane) {
		return p.paid
	}
	return p.overall
}

// Charge counts what has left to a chat: so many messages, or an edit, which in a private chat costs nothing.
func (p *Pace) Charge(now time.Time, chat int64, messages int, edit bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	take(p.overall, now, messages-1)
	if edit && chat > 0 {
		return
	}
	if c := p.chat(chat, now); c != nil {
		take(c.bucket, now, messages)
	}
}

// Penalize notes that Telegram refused a message to a chat and asked to wait. It reports whether the wait is one to alarm somebody about.
func (p *Pace) Penalize(now time.Time, chat int64, after time.Duration) (alarm bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	end := now.Add(after + grace)
	c := p.chats[chat]
	if c == nil {
		c = p.fresh(chat)
		p.chats[chat] = c
	}
	c.until = later(c.until, end)
	second := p.refusedBy != 0 && p.refusedBy != chat && now.Sub(p.refused) <= nearby
	p.refused, p.refusedBy = now, chat
	if second || after >= generalFrom && after <= ownFrom {
		p.pauseAll(now, after+grace)
	}
	return after > longWaitAlarmed
}

// Halt lets nothing leave for a while, because nothing would arrive.
func (p *Pace) Halt(now time.Time, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until, p.answers = later(p.until, now.Add(d)), later(p.answers, now.Add(d))
}

func (p *Pace) pausedUntil(lane duban.Lane) time.Time {
	if lane == duban.LaneAnswer {
		return p.answers
	}
	return p.until
}

// Paused returns until when everything is paused; zero when nothing is.
func (p *Pace) Paused(now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Before(p.until) {
		return p.until
	}
	return time.Time{}
}

// Rate returns how many messages a second may leave in all; 0: no limit.
func (p *Pace) Rate(now time.Time) float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refresh(now)
	if p.overall == nil {
		return 0
	}
	return float64(p.overall.Limit())
}

// pauseAll pauses everything and halves the rate, once for each pause: sixteen refusals of one moment are one.
func (p *Pace) pauseAll(now time.Time, d time.Duration) {
	if !now.Before(p.until) && p.overall != nil {
		p.reduced, p.reducedAt = max(slowest, float64(p.overall.Limit())/2), now
		p.refresh(now)
	}
	p.until = later(p.until, now.Add(min(d, longestGeneral)))
	p.answers = later(p.answers, now.Add(min(d, answersPause)))
}

// refresh brings the rate back, one message a second each minute, and forgets idle chats.
func (p *Pace) refresh(now time.Time) {
	if p.reduced > 0 {
		current := min(p.limits.OverallPerSecond, p.reduced+float64(now.Sub(p.reducedAt)/recovery))
		p.overall.SetLimitAt(now, rate.Limit(current))
		p.overall.SetBurstAt(now, burst(current)+reserve(current))
		if current >= p.limits.OverallPerSecond {
			p.reduced = 0
		}
	}
	if now.Before(p.nextSweep) {
		return
	}
	p.nextSweep = now.Add(sweepEvery)
	for id, c := range p.chats {
		if c.idle(now) {
			delete(p.chats, id)
		}
	}
}

func (c *chatPace) idle(now time.Time) bool {
	return !now.Before(c.until) && (c.bucket == nil || c.bucket.TokensAt(now) >= float64(c.bucket.Burst()))
}

// chat returns what is known of a chat, as new if nothing is; nil when chats are not limited and nothing is known.
func (p *Pace) chat(id int64, now time.Time) *chatPace {
	if c := p.chats[id]; c != nil {
		return c
	}
	c := p.fresh(id)
	if c.bucket == nil {
		return nil
	}
	p.chats[id] = c
	return c
}

func (p *Pace) fresh(id int64) *chatPace {
	perSecond := p.limits.ChatPerSecond
	if id < 0 {
		perSecond = p.limits.GroupPerMinute / 60
	}
	if perSecond <= 0 {
		return &chatPace{}
	}
	return &chatPace{bucket: rate.NewLimiter(rate.Limit(perSecond), chatBurst)}
}

func (p *Pace) chatFree(now time.Time, id int64) time.Time {
	c := p.chats[id]
	if c == nil {
		return now
	}
	return later(c.until, tokenAt(c.bucket, now, 1))
}

func (p *Pace) laneFree(now time.Time, lane duban.Lane) time.Time {
	if lane == duban.LaneAnswer || p.pays(lane) || p.overall == nil {
		return tokenAt(p.ofLane(lane), now, 1)
	}
	return tokenAt(p.overall, now, 1+kept(float64(p.overall.Limit())))
}

// tokenAt returns when a limiter holds so many.
func tokenAt(l *rate.Limiter, now time.Time, tokens float64) time.Time {
	if l == nil {
		return now
	}
	missing := tokens - l.TokensAt(now)
	if missing <= 1e-9 {
		return now
	}
	return now.Add(time.Duration(missing/float64(l.Limit())*float64(time.Second)) + time.Microsecond)
}

// take takes n from a limiter, into debt if need be.
func take(l *rate.Limiter, now time.Time, n int) {
	if l == nil {
		return
	}
	for n > 0 {
		some := min(n, l.Burst())
		l.ReserveN(now, some)
		n -= some
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
