package bench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"duban"
	"duban/app"
	"duban/config"
	"duban/internal/cast"
	"duban/work"
)

// loop is what answers the presses of a crew. It puts a fresh card with the button 签收 before each of them, as often as it is asked.
type loop interface{ deal(b *testing.B) }

// button is what is pressed on a card.
const button = "签收"

const committee = "滨江市教育行业党委"

// program is the whole of Duban, as `duban serve` runs it: own poller, inbox, verbs, outbox, sender, scheduler, every commit synced.
type program struct {
	crew   *crew
	desk   *work.Desk
	rounds int
}

// mustConfig configures a program in a folder of its own, without pace and without quiet time, so that nothing is held back.
func mustConfig(b *testing.B, c *crew) *config.Config {
	b.Helper()
	folder := b.TempDir()
	cfg := config.Default()
	cfg.Database = "sqlite:" + filepath.Join(folder, "duban.db")
	cfg.Record.KeyFile = filepath.Join(folder, "record.key")
	cfg.Evidence.Dir = filepath.Join(folder, "evidence")
	cfg.Organisation.Name = committee
	cfg.Telegram.Token, cfg.Telegram.APIURL, cfg.Telegram.Pace = config.Secret(c.tg.Token()), c.url, config.Pace{}
	cfg.Quiet.Off, cfg.Digest, cfg.Reminders.DailyCap = true, "", 0
	cfg.Web.Listen = ""
	cfg.Approval.SecondAdminAbove = 0
	if err := app.Init(b.Context(), cfg); err != nil {
		b.Fatal(err)
	}
	return cfg
}

// mustRunProgram runs the program for a crew until the benchmark ends. Each of the crew is the officer of a school.
func mustRunProgram(b *testing.B, c *crew) loop {
	b.Helper()
	cfg := mustConfig(b, c)
	ctx, stop := context.WithCancel(context.Background())
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	opened, ended := make(chan *work.Desk, 1), make(chan error, 1)
	go func() {
		ended <- app.RunWith(ctx, cfg, log, app.Ways{Opened: func(ctx context.Context, office *app.Office) error {
			if err := c.join(ctx, office.Desk); err != nil {
				return err
			}
			opened <- office.Desk
			return nil
		}})
	}()
	b.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	})
	select {
	case desk := <-opened:
		return &program{crew: c, desk: desk}
	case err := <-ended:
		ended <- nil
		b.Fatal(err)
		return nil
	}
}

// join puts the crew on the roster and binds everybody to their telephone.
func (c *crew) join(ctx context.Context, desk *work.Desk) error {
	var accounts []int64
	for _, p := range c.people {
		accounts = append(accounts, p.ID())
	}
	return cast.Crowd(ctx, desk, accounts...)
}

// deal issues a task to all schools, and returns when every card has arrived and nothing is left to be written down.
func (p *program) deal(b *testing.B) {
	b.Helper()
	p.rounds++
	sent, _ := p.crew.count(cardSent)
	row := work.TaskRow{
		Line: 2, Code: fmt.Sprint("T-", p.rounds), Title: "报送年度总结", Duty: "按模板报送年度党建工作总结，不少于三千字", Units: "all", Due: "2099-12-04",
		Evidence: duban.Evidence{Kind: duban.NoEvidence}, Review: true, Priority: duban.Normal,
	}
	result, err := p.desk.ImportTasks(b.Context(), duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	if err != nil || len(result.Problems) > 0 || result.Issued != len(p.crew.people) {
		b.Fatal(err, result)
	}
	p.crew.wait(b, cardSent, sent+len(p.crew.people))
	p.settle(b)
}

// settle waits until what is going out and what has come in is done with.
func (p *program) settle(b *testing.B) {
	b.Helper()
	before := int64(-1)
	waitUntil(b, "nothing is written any more", func() bool {
		_, now := p.desk.Store.Commits()
		quiet := now == before && time.Since(p.desk.Store.LastCommit()) > 50*time.Millisecond
		before = now
		return quiet
	})
}

// bare is the loop of the library alone: it answers each press and edits its card, checks nothing and stores nothing.
type bare struct {
	crew *crew
	api  *telegram.Bot
}

func mustRunBare(b *testing.B, c *crew) loop {
	b.Helper()
	return &bare{crew: c, api: mustStartLibrary(b, c, "callback_query", answerPress)}
}

// mustStartLibrary runs the library's own loop for one kind of update until the benchmark ends.
func mustStartLibrary(b *testing.B, c *crew, kind string, handle telegram.HandlerFunc) *telegram.Bot {
	b.Helper()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 64, 64
	api, err := telegram.New(c.tg.Token(),
		telegram.WithServerURL(c.url),
		telegram.WithHTTPClient(30*time.Second, &http.Client{Transport: transport}),
		telegram.WithAllowedUpdates(telegram.AllowedUpdates{kind}),
		telegram.WithDefaultHandler(handle),
		telegram.WithErrorsHandler(func(err error) {
			if !errors.Is(err, context.Canceled) {
				b.Error(err)
			}
		}),
	)
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { api.Start(ctx) })
	b.Cleanup(func() {
		stop()
		running.Wait()
	})
	return api
}

func answerPress(ctx context.Context, api *telegram.Bot, u *models.Update) {
	if u.CallbackQuery == nil {
		return
	}
	m := u.CallbackQuery.Message.Message
	_, err := api.AnswerCallbackQuery(ctx, &telegram.AnswerCallbackQueryParams{CallbackQueryID: u.CallbackQuery.ID, Text: "已签收"})
	if err != nil {
		return
	}
	// What Telegram refuses is found in its own notes after the benchmark.
	_, _ = api.EditMessageText(ctx, &telegram.EditMessageTextParams{
		ChatID: m.Chat.ID, MessageID: m.ID, ParseMode: models.ParseModeHTML, Text: cardText + "\n已签收，请按时上报。", ReplyMarkup: keyboard("报进展", "上报完成"),
	})
}

// cardText is about as much as stands on a card of the program.
const cardText = "🟢 <b>T-1 报送年度总结</b>\n责任单位：第1中学党委 · 专干1\n时限：2099-12-04（周五）前\n任务：按模板报送年度党建工作总结，不少于三千字\n佐证：不需要"

func keyboard(labels ...string) models.InlineKeyboardMarkup {
	var row []models.InlineKeyboardButton
	for _, label := range labels {
		row = append(row, models.InlineKeyboardButton{Text: label, CallbackData: "a:1"})
	}
	return models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{row}}
}

// deal sends everybody a card.
func (l *bare) deal(b *testing.B) {
	b.Helper()
	for _, p := range l.crew.people {
		_, err := l.api.SendMessage(b.Context(), &telegram.SendMessageParams{
			ChatID: p.ID(), Text: cardText, ParseMode: models.ParseModeHTML, ReplyMarkup: keyboard(button, "详情"),
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
