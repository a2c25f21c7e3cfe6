package sim

import (
	"context"
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
