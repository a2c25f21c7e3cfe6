package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"duban"
	"duban/bot"
	"duban/config"
	"duban/scheduler"
	"duban/store"
	"duban/web"
)

// Ways are what a program that is not the real thing may do otherwise: the demo and tests. The zero value is the real thing.
type Ways struct {
	// Telegram answers instead of the real one, in memory.
	Telegram interface {
		Do(*http.Request) (*http.Response, error)
	}
	// Relaxed leaves out the sync of each commit.
	Relaxed bool
	// Opened is called before anything moves, to put something into the database.
	Opened func(context.Context, *Office) error
	// Health is given the routes of health and figures, for a caller that serves them beside something else.
	Health func(http.Handler) error
}

// Run is `duban serve`: it runs until the context ends, and has stopped everything cleanly when it returns. It refuses to start on a
// database that is missing, empty, damaged or newer, and beside another `duban serve`; an older one is brought up to date.
func Run(ctx context.Context, c *config.Config, log *slog.Logger) error {
	return RunWith(ctx, c, log, Ways{})
}

// RunWith is Run with other ways. It is one straight line: what starts, in this order, stops in reverse.
func RunWith(ctx context.Context, c *config.Config, log *slog.Logger, ways Ways) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	p := &parts{log: log, fail: fail}
	defer p.stop()

	release, err := store.Lock(c.SQLitePath())
	if err != nil {
		return err
	}
	p.onStop("lock", func(context.Context) error { return release() })

	office, err := openForServing(ctx, c, ways.Relaxed)
	if err != nil {
		return err
	}
	p.onStop("database", func(ctx context.Context) error {
		return errors.Join(office.Store.Write(ctx, office.Desk.NoteStop), office.Close())
	})
	if ways.Opened != nil {
		if err := ways.Opened(ctx, office); err != nil {
			return fmt.Errorf("prepare the database: %w", err)
		}
	}

	client, err := bot.NewClient(bot.ClientOptions{
		Token: c.Telegram.Token.Reveal(), APIURL: c.Telegram.APIURL, Proxy: c.Telegram.Proxy.Reveal(), Doer: ways.Telegram, Log: log,
	})
	if err != nil {
		return err
	}
	p.start("watch on the database", func(ctx context.Context) { watch(ctx, office.Store, fail) })
	stats, timely, arrival := &bot.Stats{}, scheduler.New(office.Desk, log), &arrival{webhook: c.Telegram.Webhook.URL != ""}
	if timely.Backup, err = scheduledBackups(c, log); err != nil {
		return err
	}
	vitals := func() web.Vitals { return vitalsOf(stats.Figures(), timely.Health(), arrival, office.Store) }

	health := web.Server{Store: office.Store, Vitals: vitals, Version: Version()}
	if err := serveHealth(p, c.Web.Listen, health.Handler(), ways); err != nil {
		return err
	}
	p.start("scheduler", func(ctx context.Context) {
		if err := timely.Run(ctx); err != nil {
			log.Error("the scheduler has ended", "error", err)
		}
	})
	p.start("watchdog", func(ctx context.Context) {
		feedWatchdog(ctx, func() bool { return len(vitals().Unhealthy(time.Now())) == 0 })
	})
	notify("READY=1")
	defer notify("STOPPING=1")

	username, err := nameOf(ctx, office.Store, client, log)
	if err != nil {
		return stopped(ctx, err)
	}
	door := &bot.Bot{
		Desk: office.Desk, Log: log, Lang: office.Lang(), Username: username,
		Press:       func(id, toast string, alert bool) { client.AnswerPress(ctx, id, toast, alert) },
		Fetch:       fetchWith(ctx, client),
		EvidenceDir: c.Evidence.Dir, PaidAnnouncements: c.Telegram.Pace.PaidPerSecond > 0,
	}
	door.Menu = func(chat int64, posts []duban.Post) {
		if err := door.PublishMenu(ctx, client, chat, posts); err != nil {
			log.Warn("a menu of commands was not set", "error", err)
		}
	}
	p.start("menus", func(ctx context.Context) {
		if err := door.PublishMenus(ctx, client); err != nil && ctx.Err() == nil {
			log.Warn("the menus of commands were not set", "error", err)
		}
		<-ctx.Done()
	})
	sender := bot.NewSender(client, office.Store, paceOf(c), stats, log, door.Hooks())
	p.start("sender", sender.Run)

	evidence := &bot.Evidence{
		Dir: c.Evidence.Dir, Client: client, Store: office.Store, Stats: stats, Log: log,
		Stored: office.Desk.FileStored, Lost: office.Desk.FileLost,
	}
	p.start("evidence", evidence.Run)

	intake := bot.NewIntake(client, office.Store, stats, log, door.Handle)
	intake.Quarantined = office.Desk.Quarantined
	p.start("intake", intake.Run)

	updates := updates{config: c, client: client, store: office.Store, stats: stats, log: log, arrived: intake.Wake, gap: office.Desk.NoteOutage, state: arrival}
	if err := updates.start(p); err != nil {
		return err
	}
	log.Info("duban serves", "version", Version(), "bot", username, "database", office.Store.Path())

	<-ctx.Done()
	return stopped(ctx, nil)
}

// watch ends the whole, with the reason, when the disk of the database gives errors.
func watch(ctx context.Context, s *store.Store, fail context.CancelCauseFunc) {
	select {
	case <-ctx.Done():
	case <-s.Lost():
		fail(s.WhyLost())
		<-ctx.Done()
	}
}

// serveHealth serves the routes of health and figures where the configuration says, and hands them to a caller who wants them.
func serveHealth(p *parts, listen string, routes http.Handler, ways Ways) error {
	if listen != "" {
		if err := p.listen("web", listen, routes); err != nil {
			return err
		}
	}
	if ways.Health != nil {
		return ways.Health(routes)
	}
	return nil
}

func paceOf(c *config.Config) *bot.Pace {
	pace := c.Telegram.Pace
	return bot.NewPace(bot.PaceLimits{
		OverallPerSecond: pace.OverallPerSecond, ChatPerSecond: pace.ChatPerSecond, GroupPerMinute: pace.GroupPerMinute, PaidPerSecond: pace.PaidPerSecond,
	})
}

// stopped tells an end that was asked for from one that was not.
func stopped(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// openForServing brings the database up to date and opens it, which only the holder of the lock may do.
func openForServing(ctx context.Context, c *config.Config, relaxed bool) (*Office, error) {
	key, err := keyOf(c)
	if err != nil {
		return nil, err
	}
	o := store.Options{Path: c.SQLitePath(), Key: key, Relaxed: relaxed}
	if o.Zone, err = zoneOf(c); err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx, o); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Evidence.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("evidence.dir: %w", err)
	}
	s, err := store.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	office, err := officeOn(ctx, s, c)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(office.recordRestore(ctx), office.recordConfiguration(ctx, key)); err != nil {
		return nil, errors.Join(err, office.Close())
	}
	return office, nil
}
