package bench

import (
	"context"
	"testing"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"duban"
	"duban/bot"
)

// rounds is how many messages everybody sends in BenchmarkAnswers.
const rounds = 10

// BenchmarkAnswers is what durability costs an answer: 500 people send ten messages each, and every one is answered by a message. Duban stores the
// update before Telegram is told of it, counts the attempt, stores the answer with the end of the update, marks it before it leaves and writes
// down that it arrived, every commit synced; the bare loop is the library's own Start, which answers from the handler and stores nothing. One
// operation is all 5,000; of/bare is the ratio of answers/s.
func BenchmarkAnswers(b *testing.B) {
	var perSecond float64
	b.Run("bare", func(b *testing.B) {
		c := mustCrew(b, 500)
		mustStartLibrary(b, c, "message", answerMessage)
		perSecond = c.sayTogether(b)
	})
	b.Run("duban", func(b *testing.B) {
		c := mustCrew(b, 500)
		mustRunPipe(b, c)
		if mine := c.sayTogether(b); perSecond > 0 {
			b.ReportMetric(mine/perSecond, "of/bare")
		}
	})
}

const words = "收到，我们会按时上报年度总结。"

func answerMessage(ctx context.Context, api *telegram.Bot, u *models.Update) {
	if u.Message != nil {
		// What Telegram refuses is found in its own notes after the benchmark.
		_, _ = api.SendMessage(ctx, &telegram.SendMessageParams{ChatID: u.Message.Chat.ID, Text: words})
	}
}

// mustRunPipe runs the way in and out without the verbs, unpaced: poller, inbox, intake, outbox, sender.
func mustRunPipe(b *testing.B, c *crew) {
	b.Helper()
	s, stats, client := mustStore(b), &bot.Stats{}, mustClient(b, c.url, c.tg)
	intake := bot.NewIntake(client, s, stats, quiet, func(_ context.Context, _ int64, u *models.Update) ([]bot.Outgoing, error) {
		return []bot.Outgoing{{ChatID: u.Message.Chat.ID, Text: words}}, nil
	})
	poller := &bot.Poller{Client: client, Store: s, Stats: stats, Log: quiet, Arrived: intake.Wake}
	sender := bot.NewSender(client, s, bot.NewPace(bot.PaceLimits{}), stats, quiet, bot.SenderHooks{
		Render: func(_ context.Context, l duban.Letter) (bot.Outgoing, error) { return bot.RenderAnswer(l) },
	})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{}, 3)
	for _, run := range []func(context.Context){poller.Poll, intake.Run, sender.Run} {
		go func() {
			run(ctx)
			ended <- struct{}{}
		}()
	}
	b.Cleanup(func() {
		stop()
		for range 3 {
			<-ended
		}
	})
}

// sayTogether lets everybody send their messages and waits until all are answered.
func (c *crew) sayTogether(b *testing.B) (perSecond float64) {
	b.Helper()
	answers := 0
	for b.Loop() {
		answered, _ := c.count(cardSent)
		for range rounds {
			for _, p := range c.people {
				p.Send(words)
			}
		}
		c.wait(b, cardSent, answered+rounds*len(c.people))
		answers += rounds * len(c.people)
	}
	c.mustAllBeTaken(b)
	perSecond = float64(answers) / b.Elapsed().Seconds()
	b.ReportMetric(perSecond, "answers/s")
	return perSecond
}
