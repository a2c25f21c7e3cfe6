package app

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"duban"
	"duban/bot"
	"duban/config"
	"duban/store"
)

// The pauses between two tries of what has to succeed before updates can arrive.
const (
	firstPause   = time.Second
	longestPause = time.Minute
)

// nameOf returns the bot's name. Telegram is asked at each start, since the name may have changed; while it cannot be reached the kept one
// does, and without one there is nothing to do but to ask again. A token that is refused is an error.
func nameOf(ctx context.Context, s *store.Store, client *bot.Client, log *slog.Logger) (string, error) {
	var kept string
	err := s.Read(ctx, func(tx *store.Tx) (err error) {
		kept, err = tx.Meta(metaUsername)
		return err
	})
	if err != nil {
		return "", err
	}
	for wait := firstPause; ; wait = min(2*wait, longestPause) {
		name, err := introduce(ctx, s, client)
		switch {
		case err == nil:
			return name, nil
		case ctx.Err() != nil:
			return "", ctx.Err()
		case kept != "":
			log.Warn("telegram did not say who the bot is; going on under the name of last time", "bot", kept, "error", err)
			return kept, nil
		case refuses(err):
			return "", trouble("cli.check.token_refused")
		}
		log.Warn("telegram does not say who the bot is", "error", err, "again_in", wait)
		pause(ctx, wait)
	}
}

// refuses reports whether Telegram does not know the token.
func refuses(err error) bool {
	refusal, ok := errors.AsType[*bot.Refusal](err)
	return ok && (refusal.Code == http.StatusUnauthorized || refusal.Code == http.StatusNotFound)
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// arrival is how updates arrive and since when; it is safe for concurrent use.
type arrival struct {
	webhook bool

	mu    sync.Mutex
	since time.Time
}

func (a *arrival) began(at time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.since = at
}

func (a *arrival) at() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.since
}

// updates lets updates in, by polling or by webhook as it is configured.
type updates struct {
	config  *config.Config
	client  *bot.Client
	store   *store.Store
	stats   *bot.Stats
	log     *slog.Logger
	arrived func()
	gap     func(tx *store.Tx, from, to time.Time) error
	state   *arrival
}

func (u updates) start(p *parts) error {
	if !u.state.webhook {
		poller := &bot.Poller{Client: u.client, Store: u.store, Stats: u.stats, Log: u.log, Arrived: u.arrived, Gap: u.gap}
		p.start("poller", func(ctx context.Context) {
			u.endWebhook(ctx)
			poller.Poll(ctx)
		})
		return nil
	}
	hook := u.config.Telegram.Webhook
	handler := &bot.Webhook{Secret: hook.Secret.Reveal(), Store: u.store, Stats: u.stats, Log: u.log, Arrived: u.arrived}
	if err := p.listen("webhook", hook.Listen, handler); err != nil {
		return err
	}
	p.start("webhook registration", u.register)
	return nil
}

// endWebhook removes a webhook that was left behind, since polling gets nothing beside one. What waits is kept. Where it cannot be done now,
// the poller does it when it finds that it has to.
func (u updates) endWebhook(ctx context.Context) {
	if err := u.client.DeleteWebhook(ctx); err != nil && ctx.Err() == nil {
		u.log.Warn("remove the webhook before polling", "error", err)
	}
}

// register asks Telegram to post updates until it has agreed.
func (u updates) register(ctx context.Context) {
	hook := u.config.Telegram.Webhook
	for wait := firstPause; ctx.Err() == nil; wait = min(2*wait, longestPause) {
		err := u.client.SetWebhook(ctx, hook.URL, hook.Secret.Reveal())
		if err == nil {
			u.state.began(time.Now())
			<-ctx.Done()
			return
		}
		u.log.Warn("set the webhook", "error", err, "again_in", wait)
		pause(ctx, wait)
	}
}

// fetchWith reads files that people have sent, for imports.
func fetchWith(ctx context.Context, client *bot.Client) func(string, int64) ([]byte, error) {
	return func(fileID string, limit int64) ([]byte, error) {
		content := capped{left: limit}
		_, err := client.Download(ctx, fileID, &content)
		if errors.Is(err, bot.ErrTooLarge) || content.left < 0 {
			return nil, duban.Refuse(duban.TooLarge)
		}
		return content.Bytes(), err
	}
}

// capped is a buffer that takes so many bytes and no more.
type capped struct {
	bytes.Buffer
	left int64
}

// Write refuses what is beyond the limit.
func (c *capped) Write(p []byte) (int, error) {
	if c.left -= int64(len(p)); c.left < 0 {
		return 0, bot.ErrTooLarge
	}
	return c.Buffer.Write(p)
}
