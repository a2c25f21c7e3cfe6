package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"duban"
	"duban/internal/failpoint"
)

// pressPatience is how long the small answer to a press is worth waiting for: the message that follows says the same.
const pressPatience = 5 * time.Second

// ClientOptions say how to reach Telegram.
type ClientOptions struct {
	Token  string // in the clear; white space around it is ignored
	APIURL string // such as https://api.telegram.org
	Proxy  string // http, https or socks5; empty: what the environment says
	Doer   Doer   // nil: real HTTP
	Log    *slog.Logger
}

// Client talks to Telegram. None of its errors can contain the token. It is safe for concurrent use.
type Client struct {
	wire *wire
	api  *telegram.Bot
	log  *slog.Logger

	uploads uploads
}

// NewClient makes a client without calling anybody. The errors name the option to change.
func NewClient(o ClientOptions) (*Client, error) {
	w, err := newWire(o)
	if err != nil {
		return nil, err
	}
	c := &Client{wire: w, log: o.Log}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	c.api, err = telegram.New(placeholder,
		telegram.WithSkipGetMe(),
		telegram.WithNotAsyncHandlers(),
		telegram.WithServerURL(w.base),
		telegram.WithHTTPClient(pollFor+pollPatience, w),
		telegram.WithDefaultHandler(runDelivery),
		telegram.WithErrorsHandler(func(err error) { c.log.Warn("telegram library", "error", w.scrub(err.Error())) }),
		telegram.WithDebugHandler(func(string, ...any) {}),
	)
	if err != nil {
		return nil, fmt.Errorf("make a client: %w", err)
	}
	return c, nil
}

// Me returns who the bot is, which also tells whether the token is good.
func (c *Client) Me(ctx context.Context) (*models.User, error) { return c.api.GetMe(ctx) }

// AnswerPress tells the phone that a press has arrived, with at most 200 characters to show. It is best effort: a press that has become too
// old meanwhile is answered by the message that follows.
func (c *Client) AnswerPress(ctx context.Context, callbackID, text string, alert bool) {
	ctx, cancel := context.WithTimeout(ctx, pressPatience)
	defer cancel()
	failpoint.At(failpoint.PressAnswering)
	defer failpoint.At(failpoint.PressAnswered)
	_, err := c.api.AnswerCallbackQuery(ctx, &telegram.AnswerCallbackQueryParams{
		CallbackQueryID: callbackID, Text: firstRunes(text, 200), ShowAlert: alert,
	})
	if err != nil && !isTooOld(err) {
		c.log.Info("a press was not answered", "error", err)
	}
}

func isTooOld(err error) bool {
	refusal, ok := errors.AsType[*Refusal](err)
	return ok && strings.Contains(refusal.Description, "query is too old")
}

func firstRunes(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}

// SetCommands sets the command menu for a scope and a language; nil and "" are everybody.
func (c *Client) SetCommands(ctx context.Context, commands []models.BotCommand, scope models.BotCommandScope, lang string) error {
	_, err := c.api.SetMyCommands(ctx, &telegram.SetMyCommandsParams{Commands: commands, Scope: scope, LanguageCode: lang})
	return err
}

// Delete deletes one of our messages, which Telegram allows for 48 hours. A message that is gone already is no error.
func (c *Client) Delete(ctx context.Context, chat, message int64) error {
	_, err := c.api.DeleteMessage(ctx, &telegram.DeleteMessageParams{ChatID: chat, MessageID: int(message)})
	if refusal, ok := errors.AsType[*Refusal](err); ok && strings.Contains(refusal.Description, "message to delete not found") {
		return nil
	}
	return err
}

func (c *Client) pin(ctx context.Context, chat, message int64) error {
	_, err := c.api.PinChatMessage(ctx, &telegram.PinChatMessageParams{ChatID: chat, MessageID: int(message), DisableNotification: true})
	return err
}

func (c *Client) unpin(ctx context.Context, chat, message int64) error {
	_, err := c.api.UnpinChatMessage(ctx, &telegram.UnpinChatMessageParams{ChatID: chat, MessageID: int(message)})
	return err
}

// SetWebhook asks Telegram to post updates to an address, with a secret in a header. Only the kinds that Poller asks for are posted.
func (c *Client) SetWebhook(ctx context.Context, address, secret string) error {
	_, err := c.api.SetWebhook(ctx, &telegram.SetWebhookParams{URL: address, SecretToken: secret, AllowedUpdates: wantedKinds})
	return err
}

// DeleteWebhook ends the delivery by webhook, so that polling works. What waits is kept.
func (c *Client) DeleteWebhook(ctx context.Context) error {
	_, err := c.api.DeleteWebhook(ctx, &telegram.DeleteWebhookParams{})
	return err
}

// WebhookInfo returns how updates are delivered; an empty URL means polling.
func (c *Client) WebhookInfo(ctx context.Context) (*models.WebhookInfo, error) {
	return c.api.GetWebhookInfo(ctx)
}

// GetFile returns where a file lies at Telegram; the place is good for an hour.
func (c *Client) GetFile(ctx context.Context, fileID string) (*models.File, error) {
	return c.api.GetFile(ctx, &telegram.GetFileParams{FileID: fileID})
}

// ErrTooLarge is returned for a file above duban.MaxFile, which a bot cannot fetch.
var ErrTooLarge = errors.New("the file is larger than a bot can fetch")

// Download writes the bytes of a file to dst and returns how many there were. A file above duban.MaxFile returns ErrTooLarge, after at most
// that many bytes.
func (c *Client) Download(ctx context.Context, fileID string, dst io.Writer) (int64, error) {
	file, err := c.GetFile(ctx, fileID)
	if refusal, ok := errors.AsType[*Refusal](err); ok && strings.Contains(refusal.Description, "file is too big") {
		return 0, ErrTooLarge
	}
	if err != nil {
		return 0, err
	}
	if file.FileSize > duban.MaxFile {
		return 0, ErrTooLarge
	}
	n, err := c.wire.download(ctx, file.FilePath, dst)
	if err == nil && file.FileSize != 0 && n != file.FileSize {
		return n, &Broken{Method: "download", Arrived: true, text: fmt.Sprintf("%d bytes came of %d", n, file.FileSize)}
	}
	return n, err
}

func (w *wire) download(ctx context.Context, place string, dst io.Writer) (int64, error) {
	const method = "download"
	ctx, cancel := context.WithTimeout(ctx, filePatience)
	defer cancel()
	var seen progress
	address := w.base + "/file/bot" + w.token + "/" + escapePath(place)
	r, err := http.NewRequestWithContext(seen.trace(ctx), http.MethodGet, address, http.NoBody)
	if err != nil {
		return 0, w.broken(method, false, err)
	}
	answer, err := w.doer.Do(r)
	if err != nil {
		return 0, w.broken(method, seen.mayHaveArrived(), err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return 0, &Refusal{Method: method, Code: answer.StatusCode, Description: http.StatusText(answer.StatusCode), RetryAfter: retryHeader(answer)}
	}
	n, err := io.Copy(dst, io.LimitReader(answer.Body, duban.MaxFile+1))
	if n > duban.MaxFile {
		return duban.MaxFile, ErrTooLarge
	}
	if err != nil {
		return n, w.broken(method, true, err)
	}
	if answer.ContentLength >= 0 && n != answer.ContentLength {
		return n, w.broken(method, true, io.ErrUnexpectedEOF)
	}
	return n, nil
}

func escapePath(place string) string {
	parts := strings.Split(place, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}
