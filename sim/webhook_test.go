package sim

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-telegram/bot/models"
)

// hookClient hands webhook requests to a handler in memory.
type hookClient struct{ handler http.HandlerFunc }

func (c hookClient) Do(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	c.handler(w, r)
	return w.Result(), r.Context().Err()
}

// arrivals notes what comes to a webhook and when.
type arrivals struct {
	mu     sync.Mutex
	begun  time.Time
	texts  []string
	times  []time.Duration
	secret string
}

func (a *arrivals) note(r *http.Request) string {
	var u models.Update
	if err := json.NewDecoder(r.Body).Decode(&u); err != nil {
		return err.Error()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.secret = r.Header.Get("X-Telegram-Bot-Api-Secret-Token")
	a.texts, a.times = append(a.texts, u.Message.Text), append(a.times, time.Since(a.begun))
	return u.Message.Text
}

func (a *arrivals) seen() ([]string, []time.Duration, string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.texts), slices.Clone(a.times), a.secret
}

func TestAWebhookGetsUpdatesInOrderWithItsSecret(t *testing.T) {
	var got arrivals
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if got.note(r) == "five" {
			close(done)
		}
	}))
	defer server.Close()
	tg := mustTelegram(t, Options{})
	wang := tg.NewPerson("王芳", "")
	wang.Send("one")
	mustAsk[bool](t, tg, "setWebhook", params{"url": server.URL, "secret_token": "s3cret"})
	for _, text := range []string{"two", "three", "four", "five"} {
		wang.Send(text)
	}
	<-done
	texts, _, secret := got.seen()
	want(t, slices.Equal(texts, []string{"one", "two", "three", "four", "five"}), true)
	want(t, secret, "s3cret")
}

func TestAFailedDeliveryIsRepeatedWithGrowingDelayAndHoldsItsChatOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got arrivals
		got.begun = time.Now()
		failures := 3
		tg := mustTelegram(t, Options{WebhookClient: hookClient{func(w http.ResponseWriter, r *http.Request) {
			if got.note(r) == "甲" && failures > 0 {
				failures--
				w.WriteHeader(http.StatusInternalServerError)
			}
		}}})
		wang, li := tg.NewPerson("王芳", ""), tg.NewPerson("李处", "")
		mustAsk[bool](t, tg, "setWebhook", params{"url": "https://duban.invalid"})
		wang.Send("甲")
		wang.Send("乙")
		synctest.Wait()
		li.Send("丙")
		synctest.Wait()
		want(t, mustAsk[models.WebhookInfo](t, tg, "getWebhookInfo", params{}).PendingUpdateCount, 2)
		time.Sleep(time.Minute)
		texts, times, _ := got.seen()
		want(t, slices.Equal(texts, []string{"甲", "丙", "甲", "甲", "甲", "乙"}), true)
		want(t, slices.Equal(times, []time.Duration{0, 0, time.Second, 3 * time.Second, 7 * time.Second, 7 * time.Second}), true)
		info := mustAsk[models.WebhookInfo](t, tg, "getWebhookInfo", params{})
		want(t, info.PendingUpdateCount, 0)
		want(t, info.LastErrorMessage, "Wrong response from the webhook: 500 Internal Server Error")
	})
}

func TestAWebhookCanAskForPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got arrivals
		got.begun = time.Now()
		tg := mustTelegram(t, Options{WebhookClient: hookClient{func(w http.ResponseWriter, r *http.Request) {
			got.note(r)
			if texts, _, _ := got.seen(); len(texts) == 1 {
				w.Header().Set("Retry-After", "99999")
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		}}})
		mustAsk[bool](t, tg, "setWebhook", params{"url": "https://duban.invalid"})
		tg.NewPerson("王芳", "").Send("甲")
		time.Sleep(2 * time.Hour)
		_, times, _ := got.seen()
		want(t, slices.Equal(times, []time.Duration{0, time.Hour}), true)
	})
}

func TestACallInTheAnswerToAWebhookIsAViolation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{WebhookClient: hookClient{func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"method":"sendMessage"}`))
		}}})
		mustAsk[bool](t, tg, "setWebhook", params{"url": "https://duban.invalid"})
		tg.NewPerson("王芳", "").Send("甲")
		synctest.Wait()
		want(t, len(tg.Violations()), 1)
		tg.Forgive()
	})
}

func TestWebhooksWithBadAddressesAreRefused(t *testing.T) {
	tg := mustTelegram(t, Options{})
	for address, says := range map[string]string{
		"http://duban.example/hook":       "An HTTPS URL must be provided",
		"https://duban.example:8080/hook": "only on ports 80, 88, 443 or 8443",
		"duban":                           "invalid URL",
	} {
		wantViolation(t, tg, says, "setWebhook", params{"url": address})
	}
	wantViolation(t, tg, "unallowed characters", "setWebhook", params{"url": "https://duban.example", "secret_token": "a b"})
}

func TestDeletingTheWebhookKeepsUpdatesUnlessTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{WebhookClient: hookClient{func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
		}}})
		wang := tg.NewPerson("王芳", "")
		mustAsk[bool](t, tg, "setWebhook", params{"url": "https://duban.invalid"})
		want(t, ask(t, tg, "setWebhook", params{"url": "https://duban.invalid"}).Description, "Too Many Requests: retry after 1")
		wang.Send("甲")
		synctest.Wait()
		mustAsk[bool](t, tg, "deleteWebhook", params{})
		want(t, len(polled(t, tg, params{})), 1)
		mustAsk[bool](t, tg, "deleteWebhook", params{"drop_pending_updates": true})
		want(t, tg.Pending(), 0)
	})
}
