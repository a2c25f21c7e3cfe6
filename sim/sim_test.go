package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// mustTelegram makes a Telegram that checks its own answers.
func mustTelegram(tb testing.TB, o Options) *Telegram {
	tb.Helper()
	o.TB = tb
	tg := New(o)
	tg.checkOutput = true
	return tg
}

// mustBot makes a bot that talks to a Telegram in memory.
func mustBot(tb testing.TB, tg *Telegram) *bot.Bot {
	tb.Helper()
	b, err := bot.New(tg.Token(), bot.WithHTTPClient(0, tg.Client()), bot.WithServerURL("http://telegram.invalid"))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// answer is what the Bot API said.
type answer struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// ask calls a method in memory with a JSON body.
func ask(tb testing.TB, tg *Telegram, method string, params map[string]any) answer {
	tb.Helper()
	return mustAnswer(tb, tg, mustRequest(tb, tg, method, params))
}

func mustRequest(tb testing.TB, tg *Telegram, method string, params map[string]any) *http.Request {
	tb.Helper()
	body, err := json.Marshal(params)
	if err != nil {
		tb.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, "http://telegram.invalid/bot"+tg.Token()+"/"+method, bytes.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	return r
}

func mustAnswer(tb testing.TB, tg *Telegram, r *http.Request) answer {
	tb.Helper()
	response, err := tg.Client().Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	var a answer
	if err := json.NewDecoder(response.Body).Decode(&a); err != nil {
		tb.Fatal(err)
	}
	if !a.OK && a.Code != response.StatusCode {
		tb.Errorf("status %d with error_code %d", response.StatusCode, a.Code)
	}
	return a
}

// later calls a method that waits. No answer comes when the Telegram is closed meanwhile.
func later(tb testing.TB, tg *Telegram, method string, params map[string]any) <-chan answer {
	answers := make(chan answer, 1)
	r := mustRequest(tb, tg, method, params)
	go func() {
		if response, err := tg.Client().Do(r); err == nil {
			var a answer
			_ = json.NewDecoder(response.Body).Decode(&a)
			answers <- a
		}
	}()
	return answers
}

// mustAsk calls a method that succeeds, and decodes its result.
func mustAsk[T any](tb testing.TB, tg *Telegram, method string, params map[string]any) T {
	tb.Helper()
	a := ask(tb, tg, method, params)
	if !a.OK {
		tb.Fatalf("%s: %s", method, a.Description)
	}
	var result T
	if err := json.Unmarshal(a.Result, &result); err != nil {
		tb.Fatal(err)
	}
	return result
}

// wantRefusal calls a method that fails in a way that is no fault of the bot.
func wantRefusal(tb testing.TB, tg *Telegram, code int, description, method string, params map[string]any) answer {
	tb.Helper()
	before := len(tg.Violations())
	a := ask(tb, tg, method, params)
	if a.Code != code || a.Description != description {
		tb.Errorf("%s answered %d %q, want %d %q", method, a.Code, a.Description, code, description)
	}
	if after := tg.Violations(); len(after) != before {
		tb.Errorf("%s counts as a violation: %v", method, after[before:])
	}
	return a
}

// wantViolation calls a method that fails because the bot broke a rule.
func wantViolation(tb testing.TB, tg *Telegram, description, method string, params map[string]any) {
	tb.Helper()
	a := ask(tb, tg, method, params)
	if a.OK || !strings.Contains(a.Description, description) {
		tb.Errorf("%s answered %d %q, want %q", method, a.Code, a.Description, description)
	}
	if len(tg.Violations()) != 1 {
		tb.Errorf("%s: violations %v, want one", method, tg.Violations())
	}
	tg.Forgive()
}

// polled are the updates that wait at an offset.
func polled(tb testing.TB, tg *Telegram, params map[string]any) []models.Update {
	tb.Helper()
	return mustAsk[[]models.Update](tb, tg, "getUpdates", params)
}

func ids(updates []models.Update) []int64 {
	var all []int64
	for _, u := range updates {
		all = append(all, u.ID)
	}
	return all
}

func mustSend(tb testing.TB, b *bot.Bot, p *bot.SendMessageParams) *models.Message {
	tb.Helper()
	m, err := b.SendMessage(context.Background(), p)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func button(text, data string) models.InlineKeyboardMarkup {
	return models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: text, CallbackData: data}}}}
}

func want[T comparable](tb testing.TB, got, wanted T) {
	tb.Helper()
	if got != wanted {
		tb.Errorf("got %v, want %v", got, wanted)
	}
}

func wantError(tb testing.TB, err error, part string) {
	tb.Helper()
	if err == nil || !strings.Contains(err.Error(), part) {
		tb.Errorf("got error %v, want one with %q", err, part)
	}
}

func TestTheBotLibraryTalksInMemoryAndOverHTTP(t *testing.T) {
	for _, way := range []string{"memory", "http"} {
		t.Run(way, func(t *testing.T) {
			tg := mustTelegram(t, Options{})
			wang := tg.NewPerson("王芳", "")
			updates := make(chan *models.Update, 10)
			options := []bot.Option{bot.WithDefaultHandler(func(_ context.Context, _ *bot.Bot, u *models.Update) { updates <- u })}
			if way == "memory" {
				options = append(options, bot.WithHTTPClient(0, tg.Client()))
			} else {
				server := httptest.NewServer(tg)
				defer server.Close()
				options = append(options, bot.WithServerURL(server.URL))
			}
			b, err := bot.New(tg.Token(), options...)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(context.Background())
			done := make(chan struct{})
			go func() { b.Start(ctx); close(done) }()
			defer func() { cancel(); <-done }()

			wang.Start("i_secret")
			u := <-updates
			want(t, u.Message.Text, "/start i_secret")
			want(t, u.Message.From.ID, wang.ID())
			want(t, u.Message.Entities[0].Type, models.MessageEntityTypeBotCommand)
			m := mustSend(t, b, &bot.SendMessageParams{
				ChatID: wang.ID(), Text: "<b>您好</b>，王芳", ParseMode: models.ParseModeHTML, ReplyMarkup: button("签收", "accept:1"),
			})
			want(t, m.Text, "您好，王芳")
			if err := wang.Press("签收"); err != nil {
				t.Fatal(err)
			}
			q := (<-updates).CallbackQuery
			want(t, q.Data, "accept:1")
			want(t, q.Message.Message.ID, m.ID)
			if _, err := b.AnswerCallbackQuery(ctx, &bot.AnswerCallbackQueryParams{CallbackQueryID: q.ID, Text: "已签收"}); err != nil {
				t.Fatal(err)
			}
			want(t, wang.Toasts()[0].Text, "已签收")
			want(t, len(wang.Unanswered()), 0)
			want(t, wang.Last().HTML(), "<b>您好</b>，王芳")
			if !slices.Equal(wang.Buttons(), []string{"签收"}) {
				t.Errorf("buttons %v", wang.Buttons())
			}
		})
	}
}
