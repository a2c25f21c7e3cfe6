package sim

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

type params = map[string]any

func TestAnOffsetAcknowledgesAndForgets(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := tg.NewPerson("王芳", "")
	for i := range 5 {
		wang.Send(fmt.Sprint("message ", i))
	}
	all := ids(polled(t, tg, params{}))
	want(t, len(all), 5)
	want(t, len(polled(t, tg, params{"offset": all[0], "limit": 2})), 2)
	want(t, len(polled(t, tg, params{})), 5)
	want(t, fmt.Sprint(ids(polled(t, tg, params{"offset": all[3]}))), fmt.Sprint(all[3:]))
	want(t, fmt.Sprint(ids(polled(t, tg, params{}))), fmt.Sprint(all[3:]))
	want(t, tg.Pending(), 2)
	polled(t, tg, params{"offset": all[4] + 1})
	want(t, tg.Pending(), 0)
}

func TestANegativeOffsetKeepsTheLastUpdates(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := tg.NewPerson("王芳", "")
	for range 5 {
		wang.Send("hello")
	}
	all := ids(polled(t, tg, params{}))
	want(t, fmt.Sprint(ids(polled(t, tg, params{"offset": -2}))), fmt.Sprint(all[3:]))
	want(t, tg.Pending(), 2)
}

func TestAStaleOffsetFarBeyondTheEndForgetsNothing(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := tg.NewPerson("王芳", "")
	wang.Send("before")
	last := ids(polled(t, tg, params{}))[0]
	polled(t, tg, params{"offset": last + 1})
	tg.RestartUpdateIDs()
	wang.Send("after")
	for range 3 {
		got := ids(polled(t, tg, params{"offset": last + 1}))
		want(t, len(got), 1)
		if got[0] >= last {
			t.Errorf("id %d is not lower than %d", got[0], last)
		}
	}
	want(t, tg.Pending(), 1)
}

func TestIDsBeginAnewAfterAQuietWeek(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{})
		wang := tg.NewPerson("王芳", "")
		wang.Send("one")
		first := ids(polled(t, tg, params{}))[0]
		polled(t, tg, params{"offset": first + 1})
		time.Sleep(8 * 24 * time.Hour)
		wang.Send("two")
		if next := ids(polled(t, tg, params{}))[0]; next == first+1 {
			t.Error("the id followed on")
		}
	})
}

func TestALongPollWakesForAnUpdateAndEndsEmptyAtItsTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{})
		wang := tg.NewPerson("王芳", "")
		begun := time.Now()
		want(t, len(polled(t, tg, params{"timeout": 3600})), 0)
		want(t, time.Since(begun), longestPoll)
		go func() {
			time.Sleep(7 * time.Second)
			wang.Send("hello")
		}()
		begun = time.Now()
		want(t, len(polled(t, tg, params{"timeout": 50})), 1)
		want(t, time.Since(begun), 7*time.Second)
	})
}

func TestTheSameOffsetAgainGetsOneUpdateOrWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{})
		wang := tg.NewPerson("王芳", "")
		wang.Send("one")
		wang.Send("two")
		first := ids(polled(t, tg, params{}))[0]
		want(t, len(polled(t, tg, params{"offset": first})), 2)
		want(t, len(polled(t, tg, params{"offset": first})), 1)
		time.Sleep(time.Second)
		want(t, len(polled(t, tg, params{"offset": first})), 2)
		polled(t, tg, params{"offset": first + 2})
		begun := time.Now()
		want(t, len(polled(t, tg, params{"offset": first + 2})), 0)
		want(t, time.Since(begun), 3*time.Second)
	})
}

func TestASecondPollerThrowsOutTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{})
		first := later(t, tg, "getUpdates", params{"timeout": 50})
		synctest.Wait()
		later(t, tg, "getUpdates", params{"timeout": 50, "offset": 7})
		a := <-first
		want(t, a.Code, 409)
		want(t, a.Description, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
		begun := time.Now()
		first = later(t, tg, "getUpdates", params{"timeout": 50, "offset": 8})
		synctest.Wait()
		want(t, ask(t, tg, "setWebhook", params{"url": "https://duban.invalid/hook"}).OK, true)
		want(t, (<-first).Description, "Conflict: terminated by setWebhook request")
		want(t, time.Since(begun), conflictPause)
		wantRefusal(t, tg, 409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", "getUpdates", params{})
	})
}

func TestAPressWaits150SecondsAndAMessageADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{})
		wang := tg.NewPerson("王芳", "")
		wang.Start("")
		mustAsk[any](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "card", "reply_markup": button("签收", "a")})
		if err := wang.Press("签收"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(149 * time.Second)
		want(t, tg.Pending(), 2)
		time.Sleep(time.Second)
		want(t, tg.Pending(), 1)
		time.Sleep(24*time.Hour - 151*time.Second)
		want(t, tg.Pending(), 1)
		time.Sleep(time.Second)
		want(t, tg.Pending(), 0)
	})
}

func TestOnlyAllowedKindsOfUpdateAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{})
		wang := tg.NewPerson("王芳", "")
		polled(t, tg, params{"allowed_updates": []string{"callback_query"}})
		wang.Send("hello")
		want(t, tg.Pending(), 0)
		polled(t, tg, params{"allowed_updates": []string{}})
		wang.Send("hello")
		want(t, tg.Pending(), 1)
	})
}

func TestAFullQueueDropsWhatIsNew(t *testing.T) {
	tg := mustTelegram(t, Options{})
	for range maxPending + 3 {
		tg.Inject("message", json.RawMessage(`{}`))
	}
	want(t, tg.Pending(), maxPending)
	want(t, tg.DroppedUpdates(), 3)
}

func TestAnAnswerOfUpdatesIsCutAt4MiB(t *testing.T) {
	tg := mustTelegram(t, Options{})
	for range 10 {
		tg.Inject("message", json.RawMessage(`"`+strings.Repeat("x", 1<<20)+`"`))
	}
	a := ask(t, tg, "getUpdates", params{})
	want(t, strings.Count(string(a.Result), "update_id"), 3)
}

func TestAPollEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{})
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://telegram.invalid/bot"+tg.Token()+"/getUpdates?timeout=50", nil)
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		_, err = tg.Client().Do(r)
		wantError(t, err, context.DeadlineExceeded.Error())
		want(t, time.Since(begun), 3*time.Second)
		synctest.Wait()
		later(t, tg, "getUpdates", params{"timeout": 10})
		synctest.Wait()
		time.Sleep(time.Minute)
	})
}
