package bot

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"duban/internal/failpoint"
	"duban/store"
	"duban/work"
)

// pollFor is how long Telegram holds a poll when there is nothing to tell.
const pollFor = 25 * time.Second

// wantedKinds are the kinds of update that we ask for. All others would be work for nothing and a way in for strangers.
var wantedKinds = []string{"message", "edited_message", "callback_query", "my_chat_member"}

// Where the poller keeps what it must know after a restart.
const (
	metaOffset = "telegram.offset"
	// MetaLastPoll names when Telegram last told us what there is, kept with SetMetaTime. What happened in a chat before it has been
	// received; after it we may have been deaf.
	MetaLastPoll = "telegram.last_poll_ok"
)

// Poller fetches updates from Telegram into the inbox. An update is on disk before Telegram is told that it has arrived.
type Poller struct {
	Client *Client
	Store  *store.Store
	Stats  *Stats
	Log    *slog.Logger
	// Arrived is called after updates were stored.
	Arrived func()
	// Gap is called in the transaction of the first poll that succeeds after more than two minutes without one. It may be nil.
	Gap func(tx *store.Tx, from, to time.Time) error
}

// The longest pauses between polls that fail.
const (
	pollBackoff     = 5 * time.Second
	conflictBackoff = 30 * time.Second
	tokenBackoff    = time.Minute
)

// Poll polls until the context ends, and returns only then: no failure of Telegram, of the network or of the disk ends it.
func (p *Poller) Poll(ctx context.Context) {
	offset := p.lastOffset(ctx)
	failures := 0
	hold := time.Duration(0) // the first answer, and the first after a failure, comes at once and says that polling works
	for ctx.Err() == nil {
		started := time.Now()
		if !p.Stats.mayAsk(started) {
			pause(ctx, time.Second)
			continue
		}
		batch, err := p.fetch(ctx, offset, hold)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			failures++
			hold = 0
			pause(ctx, p.wait(ctx, err, failures, time.Since(started)))
			continue
		}
		failures = 0
		offset = p.keep(ctx, batch, offset)
		if hold > 0 && len(batch) == 0 && time.Since(started) < time.Second {
			pause(ctx, time.Second)
		}
		hold = pollFor
	}
}

// lastOffset returns where polling goes on. As long as the store cannot tell, there is nothing else to do.
func (p *Poller) lastOffset(ctx context.Context) int64 {
	var offset int64
	p.insist(ctx, "read the offset", func() error {
		return p.Store.Read(ctx, func(tx *store.Tx) error {
			v, err := tx.Meta(metaOffset)
			if err != nil || v == "" {
				return err
			}
			offset, err = strconv.ParseInt(v, 10, 64)
			return err
		})
	})
	return offset
}

// fetch asks for the next batch, for which Telegram may hold the answer a while. Only the envelope and the ids
// are decoded, so that an update of an unknown kind is one row like any other.
func (p *Poller) fetch(ctx context.Context, offset int64, hold time.Duration) ([]store.Update, error) {
	var raw []json.RawMessage
	err := p.Client.wire.call(ctx, hold+pollPatience, "getUpdates", map[string]any{
		"offset": offset, "limit": 100, "timeout": int(hold / time.Second), "allowed_updates": wantedKinds,
	}, &raw)
	if err != nil {
		return nil, err
	}
	batch := make([]store.Update, 0, len(raw))
	for _, r := range raw {
		u, ok := received(r)
		if !ok {
			p.Log.Error("an update without a number was left out", "bytes", len(r))
			continue
		}
		batch = append(batch, u)
	}
	return batch, nil
}

// keep stores a batch and the offset that acknowledges it, in one transaction, and returns the offset. Until the disk takes them nothing is
// acknowledged and nothing more is fetched. The offset is the last id plus one, not the highest: after a quiet week ids begin lower.
func (p *Poller) keep(ctx context.Context, batch []store.Update, offset int64) int64 {
	next := offset
	if len(batch) > 0 {
		next = batch[len(batch)-1].UpdateID + 1
	}
	failpoint.At(failpoint.PollReceived)
	stored := p.insist(ctx, "store updates", func() error { return p.storeBatch(ctx, batch, next) })
	if !stored {
		return offset
	}
	failpoint.At(failpoint.PollStored)
	if len(batch) > 0 && p.Arrived != nil {
		p.Arrived()
	}
	return next
}

func (p *Poller) storeBatch(ctx context.Context, batch []store.Update, next int64) error {
	var fresh int
	var at time.Time
	err := p.Store.Write(ctx, func(tx *store.Tx) error {
		n, err := receiveAll(tx, batch)
		if err != nil {
			return err
		}
		fresh, at = n, tx.Now
		if len(batch) > 0 {
			if err := tx.SetMeta(metaOffset, strconv.FormatInt(next, 10)); err != nil {
				return err
			}
		}
		if err := p.noteGap(tx); err != nil {
			return err
		}
		return tx.SetMetaTime(MetaLastPoll, tx.Now)
	})
	if err != nil {
		return err
	}
	p.Stats.count(func(f *Figures) {
		f.Received, f.Repeated = f.Received+int64(fresh), f.Repeated+int64(len(batch)-fresh)
		f.LastPoll, f.TokenRefused = at, time.Time{}
	})
	return nil
}

func (p *Poller) noteGap(tx *store.Tx) error {
	last, err := tx.MetaTime(MetaLastPoll)
	if err != nil || last.IsZero() || p.Gap == nil || tx.Now.Sub(last) <= work.OutageAfter {
		return err
	}
	return p.Gap(tx, last, tx.Now)
}

func receiveAll(tx *store.Tx, batch []store.Update) (fresh int, err error) {
	for _, u := range batch {
		isNew, err := tx.Receive(u)
		if err != nil {
			return 0, err
		}
		if isNew {
			fresh++
		}
	}
	return fresh, nil
}

// insist does something until it works, and reports false when the context ended first.
func (p *Poller) insist(ctx context.Context, what string, do func() error) bool {
	for failures := 1; ctx.Err() == nil; failures++ {
		err := do()
		if err == nil {
			return true
		}
		p.Log.Error(what, "error", err, "failures", failures)
		pause(ctx, backoff(failures, time.Second, pollBackoff))
	}
	return false
}

// wait says how long to wait after a poll that failed after so long, and tells of it what somebody has to know.
func (p *Poller) wait(ctx context.Context, err error, failures int, took time.Duration) time.Duration {
	p.Stats.count(func(f *Figures) { f.PollErrors++ })
	outcome := Classify(err, Outgoing{})
	refusal, _ := errors.AsType[*Refusal](err)
	switch {
	case outcome.Verdict == Throttled:
		p.Log.Warn("Telegram asks us to poll later", "after", outcome.After)
		return min(outcome.After, longestGeneral)
	case outcome.Verdict == Stopped:
		if p.Stats.tokenRefused(time.Now()) {
			p.Log.Error("Telegram refuses the token: check the option telegram.token", "error", err)
		}
		return time.Second
	case refusal != nil && refusal.Code == http.StatusConflict:
		p.conflict(ctx, refusal)
		return backoff(failures, pollBackoff, conflictBackoff)
	}
	p.Log.Warn("poll", "error", err, "failures", failures)
	return backoff(failures, time.Second/2, pollBackoff) - took
}

// conflict tells that somebody else fetches our updates. A webhook that was left behind is removed; what waits is kept.
func (p *Poller) conflict(ctx context.Context, r *Refusal) {
	p.Stats.count(func(f *Figures) { f.Conflicts++ })
	p.Log.Error("somebody else fetches the updates of this bot: is there a second program with the same token?", "error", r)
	if !strings.Contains(r.Description, "webhook is active") {
		return
	}
	if err := p.Client.DeleteWebhook(ctx); err != nil {
		p.Log.Error("remove the webhook", "error", err)
	}
}

// backoff doubles a pause with each failure, up to a longest.
func backoff(failures int, first, longest time.Duration) time.Duration {
	d := first
	for range failures - 1 {
		if d *= 2; d >= longest {
			return longest
		}
	}
	return min(d, longest)
}

// received reads out of a raw update what the inbox must know: its number, its kind, and the chat or else the person it is about, within
// which order is kept. It reports false without a number. What cannot be read is kept all the same.
func received(raw json.RawMessage) (store.Update, bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return store.Update{}, false
	}
	u := store.Update{Raw: raw}
	if json.Unmarshal(fields["update_id"], &u.UpdateID) != nil || len(fields["update_id"]) == 0 || u.UpdateID == 0 {
		return store.Update{}, false
	}
	for kind, content := range fields {
		if kind != "update_id" {
			u.Kind, u.Lane = kind, laneOf(content)
		}
	}
	return u, true
}

func laneOf(content json.RawMessage) int64 {
	type id struct {
		ID int64 `json:"id"`
	}
	var about struct {
		Chat    id `json:"chat"`
		From    id `json:"from"`
		Message struct {
			Chat id `json:"chat"`
		} `json:"message"`
	}
	// What has another form belongs to lane 0: the fields that could be read are read all the same.
	_ = json.Unmarshal(content, &about)
	switch {
	case about.Chat.ID != 0:
		return about.Chat.ID
	case about.Message.Chat.ID != 0:
		return about.Message.Chat.ID
	}
	return about.From.ID
}
