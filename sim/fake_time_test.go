package sim

import (
	"context"
	"net/http/httptest"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

func TestTheLibraryPollsThroughDaysInFakeTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{})
		wang := tg.NewPerson("王芳", "")
		b, err := bot.New(tg.Token(), bot.WithHTTPClient(time.Minute, tg.Client()), bot.WithNotAsyncHandlers(), bot.WithDefaultHandler(
			func(ctx context.Context, b *bot.Bot, u *models.Update) {
				time.Sleep(2 * time.Hour)
				mustSend(t, b, &bot.SendMessageParams{ChatID: u.Message.Chat.ID, Text: "提醒：" + u.Message.Text})
			}))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { b.Start(ctx); close(done) }()
		for range 2 {
			time.Sleep(24 * time.Hour)
			wang.Send("任务")
		}
		m, err := wang.WaitAnswer(3*time.Hour, "提醒")
		if err != nil {
			t.Fatal(err)
		}
		want(t, time.Since(time.Unix(m.Date, 0)), time.Duration(0))
		want(t, len(tg.Delivered(wang.ID())), 2)
		cancel()
		<-done
	})
}

func TestAPollerThatIsKilledLeavesItsPlace(t *testing.T) {
	tg := mustTelegram(t, Options{})
	server := httptest.NewServer(tg)
	defer server.Close()
	client, err := bot.New(tg.Token(), bot.WithServerURL(server.URL), bot.WithErrorsHandler(func(error) {}))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go client.Start(ctx)
	waitUntil(t, "the poll waits", func() bool { return tg.polling() })
	cancel()
	waitUntil(t, "the poll has left", func() bool { return !tg.polling() })
}

// polling reports whether a poller waits.
func (t *Telegram) polling() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.poll.waiting != nil
}

func waitUntil(tb testing.TB, what string, holds func() bool) {
	tb.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); runtime.Gosched() {
		if time.Now().After(end) {
			tb.Fatalf("waited ten seconds until %s", what)
		}
	}
}

func TestAClosedTelegramBreaksConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{})
		failed := make(chan error, 1)
		go func() {
			_, err := tg.Client().Do(mustRequest(t, tg, "getUpdates", params{"timeout": 50}))
			failed <- err
		}()
		synctest.Wait()
		tg.Close()
		want(t, IsReset(<-failed), true)
		_, err := tg.Client().Do(mustRequest(t, tg, "getMe", params{}))
		want(t, IsReset(err), true)
	})
}

func BenchmarkSendMessage(b *testing.B) {
	for _, way := range []string{"memory", "http"} {
		b.Run(way, func(b *testing.B) {
			tg := New(Options{KeepRequests: 1000})
			defer tg.Close()
			wang := mustStart(b, tg, "王芳")
			client := mustBot(b, tg)
			if way == "http" {
				server := httptest.NewServer(tg)
				defer server.Close()
				var err error
				if client, err = bot.New(tg.Token(), bot.WithServerURL(server.URL)); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				mustSend(b, client, &bot.SendMessageParams{ChatID: wang.ID(), Text: "<b>年度总结</b>", ParseMode: models.ParseModeHTML, ReplyMarkup: button("签收", "a")})
			}
		})
	}
}
