package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"duban/app"
	"duban/config"
	"duban/sim"
	"duban/sim/chatpage"
	"duban/sim/city"
)

func (c *cli) demo() *cobra.Command {
	var listen string
	cmd := c.verb("demo", "cli.demo.short", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		c.print("cli.demo.preparing")
		log := config.Logger(c.problems, config.Log{Level: "warn", Format: "text"})
		d := demo{listen: listen, log: log, ready: func(address string) { c.print("cli.demo.ready", "address", address) }}
		return d.run(ctx)
	})
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", c.say("cli.demo.listen"))
	return cmd
}

// demo is everything in one process: the program as it is, on a simulated Telegram with a sample city, and the chats in the browser.
type demo struct {
	listen string
	log    *slog.Logger
	ready  func(address string) // called once the page can be opened
}

// run runs the demo until the context ends. Its data lies in a temporary folder and is gone afterwards.
func (d demo) run(ctx context.Context) (err error) {
	listener, err := net.Listen("tcp", d.listen)
	if err != nil {
		return fmt.Errorf("listen for the page: %w", err)
	}
	defer listener.Close()
	folder, err := os.MkdirTemp("", "duban-demo-")
	if err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()

	telegram := sim.New(sim.Options{KeepRequests: keptRequests})
	defer telegram.Close()
	cfg := demoConfig(folder, telegram.Token())
	if err := app.Init(ctx, cfg); err != nil {
		return err
	}
	routes := http.NewServeMux()
	server := &http.Server{Handler: routes, ReadHeaderTimeout: 10 * time.Second}
	defer server.Close()
	return app.RunWith(ctx, cfg, d.log, app.Ways{
		Telegram: telegram.Client(),
		Relaxed:  true,
		Opened: func(ctx context.Context, office *app.Office) error {
			sample, err := city.Fill(ctx, office.Desk, telegram, time.Now())
			if err != nil {
				return err
			}
			routes.Handle("/", pageOf(telegram, sample, cfg.Organisation.Timezone).Handler())
			return nil
		},
		Health: func(health http.Handler) error {
			for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
				routes.Handle("GET "+path, health)
			}
			go d.serve(server, listener)
			d.ready("http://" + listener.Addr().String())
			return nil
		},
	})
}

// keptRequests bounds what the simulated Telegram remembers of requests, as a demo may run for days.
const keptRequests = 2000

func (d demo) serve(server *http.Server, listener net.Listener) {
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		d.log.Error("serve the page", "error", err)
	}
}

// pageOf begins with the two people who have cards before them. Both ask for the menu, so that its buttons are there.
func pageOf(telegram *sim.Telegram, sample *city.City, zone string) *chatpage.Page {
	sample.Administrator.Start("")
	sample.Officer.Start("")
	return &chatpage.Page{
		Telegram: telegram, Left: sample.Administrator.ID(), Right: sample.Officer.ID(), About: sample.About, Zone: zone,
		Offers: []chatpage.Offer{{Name: city.ListName, Make: sample.List}},
	}
}

// demoConfig lets days pass in seconds: what is issued while the demo runs is nudged, reminded and escalated within two minutes.
func demoConfig(folder, token string) *config.Config {
	cfg := config.Default()
	cfg.Telegram.Token = config.Secret(token)
	cfg.Telegram.Pace = config.Pace{OverallPerSecond: 200, ChatPerSecond: 20, GroupPerMinute: 600}
	cfg.Database = "sqlite:" + filepath.Join(folder, "duban.db")
	cfg.Evidence.Dir = filepath.Join(folder, "evidence")
	cfg.Record.KeyFile = filepath.Join(folder, "record.key")
	cfg.Organisation.Name = city.Committee
	cfg.Quiet = config.Quiet{Off: true}
	cfg.Digest = ""
	cfg.Reminders.Unsigned = []string{"25s", "50s"}
	cfg.Reminders.BeforeDue = []string{"30s"}
	cfg.Reminders.Overdue = config.Overdue{Notice: "15s", Repeat: "5m", DraftNotice: "45s"}
	cfg.Reminders.DailyCap = 0
	cfg.Web.Listen = ""
	return cfg
}
