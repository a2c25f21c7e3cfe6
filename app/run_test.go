package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"duban/app"
	"duban/config"
	"duban/sim"
	"duban/store"
	"duban/text"
)

func TestSomebodyJoinsByLinkAndGetsTheCards(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	if done := h.importExample("roster", "roster.xlsx"); !done.Done || done.New == 0 {
		t.Fatalf("%+v %v", done.ImportResult, done.Wrong)
	}
	h.serve()
	h.waitReady()
	if done := h.importExample("tasks", "tasks.xlsx"); !done.Done || done.Issued == 0 {
		t.Fatalf("%+v %v", done.ImportResult, done.Wrong)
	}
	var link app.Link
	h.office(func(o *app.Office) {
		links, err := o.Invite(t.Context(), app.Whom{Person: "JY004"})
		if err != nil || len(links) != 1 {
			t.Fatal(links, err)
		}
		link = links[0]
	})
	p := h.tg.NewPerson("何", "晓岚")
	if err := p.OpenLink(link.Link); err != nil {
		t.Fatal(err)
	}
	if _, err := p.WaitText(patience, link.Unit); err != nil {
		t.Fatal(err, h.log)
	}
	if err := p.Press(text.Word(text.ZH, "button.me")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.WaitText(patience, link.Name); err != nil {
		t.Fatal(err, h.log)
	}
	if _, body := h.get("/metrics"); !strings.Contains(body, `outcome="delivered"`) || !strings.Contains(body, "duban_updates_handled_total") {
		t.Errorf("the figures lack what has happened:\n%s", body)
	}
	for _, secret := range []string{h.tg.Token(), strings.Split(h.tg.Token(), ":")[1], link.Link[strings.Index(link.Link, "start=")+6:]} {
		if _, metrics := h.get("/metrics"); strings.Contains(metrics, secret) || strings.Contains(h.log.String(), secret) {
			t.Errorf("a secret stands in the log or the figures")
		}
	}
}

func TestASecondServerIsKeptOut(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	h.serve()
	h.waitReady()
	other := *h.config
	other.Web.Listen = ""
	if err := app.Run(t.Context(), &other, discard); !errors.Is(err, store.ErrLocked) {
		t.Errorf("a second server ended with %v", err)
	}
	if err := app.Init(t.Context(), h.config); err == nil {
		t.Error("the database was created a second time")
	}
}

func TestItStopsCleanlyAndStartsAgain(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	for range 2 {
		stop := h.serve()
		h.waitReady()
		began := time.Now()
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("stopping took %s", took)
		}
		if strings.Contains(h.log.String(), "did not stop cleanly") {
			t.Error(h.log)
		}
	}
}

func TestItRefusesToStartWithoutItsDatabase(t *testing.T) {
	h := mustHouse(t)
	start := func() error {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		return app.Run(ctx, h.config, discard)
	}
	if err := start(); err == nil {
		t.Error("it started without a database")
	}
	h.initialise()
	if err := os.Rename(h.config.Record.KeyFile, h.config.Record.KeyFile+".away"); err != nil {
		t.Fatal(err)
	}
	if err := start(); err == nil || !strings.Contains(err.Error(), "record.key_file") {
		t.Errorf("without the key it ended with %v", err)
	}
	if err := os.Rename(h.config.Record.KeyFile+".away", h.config.Record.KeyFile); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(h.config.SQLitePath(), 0); err != nil {
		t.Fatal(err)
	}
	if err := start(); !errors.Is(err, store.ErrEmpty) {
		t.Errorf("on an empty file it ended with %v", err)
	}
}

func TestATokenThatTelegramRefusesEndsTheFirstStart(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	h.config.Telegram.Token = "123456789:" + config.Secret(strings.Repeat("x", 35))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err := app.Run(ctx, h.config, discard)
	if err == nil || !strings.Contains(app.Explain(err, text.EN), "telegram.token") {
		t.Errorf("it ended with %v", err)
	}
}

func TestUpdatesArriveByWebhook(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	address := freeAddress(t)
	h.config.Telegram.Webhook = config.Webhook{URL: "http://" + address + "/hook", Listen: address, Secret: "a-secret-of-the-webhook"}
	h.serve()
	h.waitReady()
	h.tg.NewPerson("陌", "生人").Start("")
	h.waitFor("the update to be handled", func() bool {
		_, body := h.get("/metrics")
		return strings.Contains(body, "duban_updates_handled_total 1")
	})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.config.Telegram.Webhook.URL, strings.NewReader(`{"update_id":1}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusUnauthorized && answer.StatusCode != http.StatusForbidden {
		t.Errorf("an update without the secret got %d", answer.StatusCode)
	}
}

func TestPollingRemovesAWebhookThatWasLeftBehind(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	setWebhook(t, h.tg)
	h.tg.NewPerson("陌", "生人").Start("")
	h.serve()
	h.waitReady()
	h.waitFor("what waited to be handled", func() bool {
		_, body := h.get("/metrics")
		return strings.Contains(body, "duban_updates_handled_total 1")
	})
}

// setWebhook sets a webhook where nobody listens.
func setWebhook(tb testing.TB, tg *sim.Telegram) {
	tb.Helper()
	body := `{"url":"https://127.0.0.1:8443/gone"}`
	r, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, "https://telegram.invalid/bot"+tg.Token()+"/setWebhook", strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := tg.Client().Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	defer answer.Body.Close()
	var said struct{ OK bool }
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil || !said.OK {
		tb.Fatal(said, err)
	}
}
