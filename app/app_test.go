package app_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"duban/app"
	"duban/config"
	"duban/sim"
)

// patience is how long a test waits for what takes no time.
const patience = 20 * time.Second

// house is a folder with a configuration, and a Telegram to which it leads.
type house struct {
	tb     testing.TB
	tg     *sim.Telegram
	config *config.Config
	log    *safeBuffer
}

// safeBuffer is a log that is read while it is written.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func mustHouse(tb testing.TB) *house {
	tb.Helper()
	tg := sim.New(sim.Options{TB: tb, Seed: 1})
	server := httptest.NewServer(tg)
	tb.Cleanup(server.Close)
	folder := tb.TempDir()
	c := config.Default()
	c.Database = "sqlite:" + filepath.Join(folder, "data", "duban.db")
	c.Record.KeyFile = filepath.Join(folder, "data", "record.key")
	c.Evidence.Dir = filepath.Join(folder, "data", "evidence")
	c.Telegram.Token, c.Telegram.APIURL = config.Secret(tg.Token()), server.URL
	c.Telegram.Pace = config.Pace{}
	c.Web.Listen = freeAddress(tb)
	c.Quiet.Off = true
	return &house{tb: tb, tg: tg, config: c, log: &safeBuffer{}}
}

// freeAddress is an address on this machine that nobody listens on.
func freeAddress(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (h *house) initialise() {
	h.tb.Helper()
	if err := app.Init(context.Background(), h.config); err != nil {
		h.tb.Fatal(err)
	}
}

// office opens the office for one thing.
func (h *house) office(do func(*app.Office)) {
	h.tb.Helper()
	o, err := app.Open(context.Background(), h.config)
	if err != nil {
		h.tb.Fatal(err)
	}
	do(o)
	if err := o.Close(); err != nil {
		h.tb.Fatal(err)
	}
}

func (h *house) importExample(list, name string) app.Imported {
	h.tb.Helper()
	data, err := os.ReadFile(filepath.Join("..", "examples", name))
	if err != nil {
		h.tb.Fatal(err)
	}
	var done app.Imported
	h.office(func(o *app.Office) {
		if done, err = o.Import(context.Background(), list, name, data, app.ImportOptions{}); err != nil {
			h.tb.Fatal(err)
		}
	})
	return done
}

// serve runs the program until stop is called, which returns what it ended with.
func (h *house) serve() (stop func() error) {
	h.tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	log := config.Logger(h.log, config.Log{Level: "debug", Format: "text"}, h.config.Telegram.Token, h.config.Telegram.Webhook.Secret)
	go func() { ended <- app.Run(ctx, h.config, log) }()
	var once sync.Once
	var err error
	stop = func() error {
		once.Do(func() {
			cancel()
			select {
			case err = <-ended:
			case <-time.After(15 * time.Second):
				err = context.DeadlineExceeded
			}
		})
		return err
	}
	h.tb.Cleanup(func() {
		if err := stop(); err != nil {
			h.tb.Errorf("the program ended with %v\n%s", err, h.log)
		}
	})
	return stop
}

// get asks the program itself; 0 is no answer.
func (h *house) get(path string) (int, string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+h.config.Web.Listen+path, http.NoBody)
	if err != nil {
		h.tb.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err.Error()
	}
	return answer.StatusCode, string(body)
}

// waitFor looks again and again until something holds.
func (h *house) waitFor(what string, holds func() bool) {
	h.tb.Helper()
	deadline := time.Now().Add(patience)
	for !holds() {
		if time.Now().After(deadline) {
			h.tb.Fatalf("waited for %s\n%s", what, h.log)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (h *house) waitReady() {
	h.tb.Helper()
	h.waitFor("the program to be ready", func() bool {
		code, _ := h.get("/readyz")
		return code == http.StatusOK
	})
}

var discard = slog.New(slog.DiscardHandler)
