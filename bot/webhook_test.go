package bot

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"duban/sim"
)

// throughHandler posts to a handler in memory.
func throughHandler(h http.Handler) doerFunc {
	return func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result(), nil
	}
}

func (f *office) webhook(secret string) *Webhook {
	return &Webhook{Secret: secret, Store: f.store, Stats: f.stats, Log: f.log}
}

// posted makes a request as Telegram makes it.
func posted(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/hook", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(secretHeader, "secret")
	return r
}

const anUpdate = `{"update_id":17,"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"text":"收到"}}`

func TestAnUpdateByWebhookIsOnDiskBeforeItIsAccepted(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	h := f.webhook("secret")
	woken := 0
	h.Arrived = func() { woken++ }
	for range 2 {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, posted(anUpdate))
		want(t, w.Code, http.StatusOK)
		want(t, w.Body.Len(), 0)
	}
	all := f.inbox()
	want(t, len(all), 1)
	want(t, string(all[0].Raw), anUpdate)
	want(t, all[0].Lane, int64(5))
	want(t, woken, 2)
	want(t, f.stats.Figures().Repeated, int64(1))
	want(t, f.stats.Figures().LastPoll.IsZero(), false)
}

func TestAnUpdateThatTheDiskDoesNotTakeIsAskedForAgain(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	f.store = mustStore(t, true)
	if err := f.store.Close(); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	f.webhook("secret").ServeHTTP(w, posted(anUpdate))
	want(t, w.Code, http.StatusServiceUnavailable)
	want(t, w.Header().Get("Retry-After"), "5")
}

func TestWhatIsNotFromTelegramIsRefused(t *testing.T) {
	with := func(change func(*http.Request)) *http.Request {
		r := posted(anUpdate)
		change(r)
		return r
	}
	for name, c := range map[string]struct {
		secret  string
		request *http.Request
		status  int
	}{
		"wrong secret":           {"secret", with(func(r *http.Request) { r.Header.Set(secretHeader, "secres") }), 401},
		"missing secret":         {"secret", with(func(r *http.Request) { r.Header.Del(secretHeader) }), 401},
		"no secret is agreed on": {"", with(func(r *http.Request) { r.Header.Del(secretHeader) }), 401},
		"not posted":             {"secret", with(func(r *http.Request) { r.Method = http.MethodGet }), 405},
		"not JSON":               {"secret", with(func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }), 415},
		"JSON with a charset":    {"secret", with(func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-8") }), 200},
		"empty":                  {"secret", posted(""), 400},
		"garbage":                {"secret", posted("personal data"), 400},
		"no update":              {"secret", posted("{}"), 400},
		"too large":              {"secret", posted(`{"update_id":1,"message":"` + strings.Repeat("x", maxUpdate) + `"}`), 413},
		"an unknown kind":        {"secret", posted(`{"update_id":1,"tomorrow":[]}`), 200},
	} {
		t.Run(name, func(t *testing.T) {
			f := mustOffice(t, sim.Options{}, freely)
			var log bytes.Buffer
			f.log = slog.New(slog.NewTextHandler(&log, nil))
			w := httptest.NewRecorder()
			f.webhook(c.secret).ServeHTTP(w, c.request)
			want(t, w.Code, c.status)
			want(t, w.Body.Len(), 0)
			want(t, len(f.inbox()) > 0, c.status == 200)
			want(t, strings.Contains(log.String(), "personal"), false)
		})
	}
}

func TestTelegramsOwnWebhookReachesTheInbox(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		var h *Webhook
		f := mustOffice(t, sim.Options{WebhookClient: doerFunc(func(r *http.Request) (*http.Response, error) { return throughHandler(h)(r) })}, freely)
		h = f.webhook("secret")
		if err := f.client.SetWebhook(context.Background(), "https://example.org/hook", "secret"); err != nil {
			t.Fatal(err)
		}
		wang := f.tg.NewPerson("王芳", "")
		wang.Send("一")
		wang.Send("二")
		time.Sleep(time.Second)
		want(t, len(f.inbox()), 2)
		want(t, f.tg.Pending(), 0)
	})
}
