package sim

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Bucket lets through Burst messages at once and then one after every Every.
type Bucket struct {
	Burst int
	Every time.Duration
}

// Pace is a model of Telegram's flood control. The real numbers are not published and change.
type Pace struct {
	// Overall is for all messages together, Chat for each private chat, Group for each group; edits in a group have a bucket of their own
	// of the same size.
	Overall, Chat, Group Bucket
	// Absorb is the delay that a message may get before it is refused with 429.
	Absorb time.Duration
	// Penalty lets every call inside the time after an overall 429 lengthen it by a second.
	Penalty bool
}

// UsualPace is the model that fits the published figures: 30 messages a second, one a second in a chat, 20 a minute in a group.
func UsualPace() *Pace {
	return &Pace{
		Overall: Bucket{30, time.Second / 30},
		Chat:    Bucket{3, time.Second},
		Group:   Bucket{20, 3 * time.Second},
		Absorb:  8 * time.Second,
		Penalty: true,
	}
}

// level is a bucket in use: full is when it has all its tokens again.
type level struct {
	Bucket
	full time.Time
}

// wait is how long n more messages must wait.
func (l *level) wait(at time.Time, n int) time.Duration {
	if l.Every == 0 {
		return 0
	}
	debt := max(l.full.Sub(at), 0) + time.Duration(n)*l.Every
	return max(debt-time.Duration(l.Burst)*l.Every, 0)
}

func (l *level) take(at time.Time, n int) {
	if l.full.Before(at) {
		l.full = at
	}
	l.full = l.full.Add(time.Duration(n) * l.Every)
}

type pacer struct {
	Pace
	overall level
	chats   map[int64]*level
	edits   map[int64]*level
	barred  time.Time
}

func newPacer(p Pace) *pacer {
	return &pacer{Pace: p, overall: level{Bucket: p.Overall}, chats: map[int64]*level{}, edits: map[int64]*level{}}
}

// SetPace limits what the bot may send from now on; nil lifts all limits.
func (t *Telegram) SetPace(p *Pace) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pacer = nil
	if p != nil {
		t.pacer = newPacer(*p)
	}
}

// weight is how many messages a call makes, 0 for what is not limited.
func weight(c *call) int {
	switch {
	case c.method == "sendChatAction":
		return 0
	case c.method == "sendMediaGroup":
		media, _ := c.params["media"].([]any)
		return len(media)
	case c.method == "copyMessages" || c.method == "forwardMessages":
		ids, _ := c.params["message_ids"].([]any)
		return len(ids)
	case isSend(c.method) || isEdit(c.method):
		return 1
	}
	return 0
}

func isSend(method string) bool {
	return strings.HasPrefix(method, "send") || strings.HasPrefix(method, "copy") || strings.HasPrefix(method, "forward")
}

func isEdit(method string) bool { return strings.HasPrefix(method, "editMessage") }

// keepPace lets a call through, late if need be, or refuses it with 429.
func (t *Telegram) keepPace(c *call) *apiError {
	n := weight(c)
	t.mu.Lock()
	if t.pacer == nil || n == 0 {
		t.mu.Unlock()
		return nil
	}
	wait, refused := t.pacer.admit(time.Now(), t.chatOf(c), isEdit(c.method), n)
	t.mu.Unlock()
	if refused > 0 {
		return tooMany(int(math.Ceil(refused.Seconds())))
	}
	if wait > 0 && !sleep(c.ctx, t.closed, wait) {
		return tooMany(5)
	}
	return nil
}

// admit takes n tokens and says how long to wait for them, or how long the caller must stay away.
func (p *pacer) admit(at time.Time, chat int64, edit bool, n int) (wait, refused time.Duration) {
	if at.Before(p.barred) {
		if p.Penalty {
			p.barred = p.barred.Add(time.Second)
		}
		return 0, p.barred.Sub(at)
	}
	levels := []*level{&p.overall}
	if own := p.own(chat, edit); own != nil {
		levels = append(levels, own)
	}
	for _, l := range levels {
		wait = max(wait, l.wait(at, n))
	}
	if wait <= p.Absorb {
		for _, l := range levels {
			l.take(at, n)
		}
		return wait, 0
	}
	if overall := p.overall.wait(at, n); overall > p.Absorb {
		refused = max(overall, 3*time.Second)
		p.barred = at.Add(refused)
		return 0, refused
	}
	return 0, wait
}

func (p *pacer) own(chat int64, edit bool) *level {
	levels, size := p.chats, p.Chat
	if chat < 0 {
		size = p.Group
		if edit {
			levels = p.edits
		}
	} else if edit {
		return nil
	}
	if levels[chat] == nil {
		levels[chat] = &level{Bucket: size}
	}
	return levels[chat]
}

func tooMany(seconds int) *apiError {
	e := &apiError{code: 429, retryAfter: seconds}
	e.description = "Too Many Requests: retry after " + strconv.Itoa(seconds)
	return e
}
