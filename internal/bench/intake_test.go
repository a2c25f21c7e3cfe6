package bench

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"testing"

	"github.com/go-telegram/bot/models"

	"duban/bot"
	"duban/sim"
	"duban/store"
)

// backlog is how many updates wait: what has come together in an outage. Telegram keeps 100,000 at most.
func backlog() int {
	if large() {
		return 100_000
	}
	return 5_000
}

// large says whether the benchmarks run that take minutes.
func large() bool { return os.Getenv("DUBAN_BENCH_LARGE") != "" }

// BenchmarkIntake is how fast a backlog comes in. Poll fetches it over HTTP and writes it to the inbox, a hundred updates to a synced commit;
// handle takes it from the inbox, 500 chats at once and in order for each, to a handler that does nothing: two synced commits for each update,
// which many share. One operation is the whole backlog.
func BenchmarkIntake(b *testing.B) {
	b.Run("poll", func(b *testing.B) { perSecond(b, pollBacklog) })
	b.Run("handle", func(b *testing.B) { perSecond(b, handleBacklog) })
}

func perSecond(b *testing.B, run func(b *testing.B)) {
	b.Helper()
	for b.Loop() {
		run(b)
	}
	b.ReportMetric(float64(backlog()*b.N)/b.Elapsed().Seconds(), "updates/s")
}

var quiet = slog.New(slog.DiscardHandler)

// pollBacklog polls on a Telegram of its own until everything that waits there is in a new inbox. Only the polling is measured.
func pollBacklog(b *testing.B) {
	b.StopTimer()
	c := mustCrew(b, 500)
	for i := range backlog() {
		c.people[i%len(c.people)].Send("收到，我们会按时上报年度总结。")
	}
	s, stats := mustStore(b), &bot.Stats{}
	poller := &bot.Poller{Client: mustClient(b, c.url, c.tg), Store: s, Stats: stats, Log: quiet}
	b.StartTimer()
	during(poller.Poll, func() {
		waitUntil(b, "all has been received", func() bool { return stats.Figures().Received == int64(backlog()) })
	})
}

// handleBacklog hands everything in a new inbox to a handler.
func handleBacklog(b *testing.B) {
	b.StopTimer()
	s, stats := mustStore(b), &bot.Stats{}
	waiting := make([]store.Update, 0, backlog())
	for i := range backlog() {
		waiting = append(waiting, message(int64(i+1), int64(i%500+1)))
	}
	if err := receive(b.Context(), s, waiting...); err != nil {
		b.Fatal(err)
	}
	nothing := func(context.Context, int64, *models.Update) ([]bot.Outgoing, error) { return nil, nil }
	intake := bot.NewIntake(mustClient(b, "http://127.0.0.1:1", sim.New(sim.Options{TB: b})), s, stats, quiet, nothing)
	b.StartTimer()
	during(intake.Run, func() {
		waitUntil(b, "all has been handled", func() bool { return stats.Figures().Handled == int64(backlog()) })
	})
}

func mustClient(b *testing.B, url string, tg *sim.Telegram) *bot.Client {
	b.Helper()
	client, err := bot.NewClient(bot.ClientOptions{Token: tg.Token(), APIURL: url, Log: quiet})
	if err != nil {
		b.Fatal(err)
	}
	return client
}

// during runs a loop while something else is done, and ends it.
func during(run func(context.Context), do func()) {
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { run(ctx) })
	do()
	stop()
	running.Wait()
}
