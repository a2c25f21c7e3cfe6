package sim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// try sends "您好" to a person and returns what a plain HTTP client sees.
func try(tb testing.TB, do func(*http.Request) (*http.Response, error), base string, tg *Telegram, to *Person) (status int, body string, wrote bool, err error) {
	tb.Helper()
	trace := &httptrace.ClientTrace{WroteRequest: func(i httptrace.WroteRequestInfo) { wrote = i.Err == nil }}
	ctx := httptrace.WithClientTrace(context.Background(), trace)
	form := fmt.Sprintf("chat_id=%d&text=hello", to.ID())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/bot"+tg.Token()+"/sendMessage", strings.NewReader(form))
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := do(r)
	if err != nil {
		return 0, "", wrote, err
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	return response.StatusCode, string(raw), wrote, err
}

func TestWhatEachTroubleLooksLikeAndWhetherItHasAnEffect(t *testing.T) {
	for _, way := range []string{"memory", "http"} {
		for name, c := range map[string]struct {
			fault  Fault
			status int
			body   string
			reset  bool
			effect int
		}{
			"too many":     {Fault{Trouble: TooManyRequests, RetryAfter: 7}, 429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}`, false, 0},
			"server error": {Fault{Trouble: ServerError}, 500, `"Internal Server Error: restart"`, false, 0},
			"gateway":      {Fault{Trouble: BadGateway}, 502, "<title>502 Bad Gateway</title>", false, 0},
			"answer":       {Fault{Trouble: Answer, Code: 403, Description: "Forbidden: x"}, 403, `"Forbidden: x"`, false, 0},
			"empty":        {Fault{Trouble: EmptyAnswer}, 200, "", false, 1},
			"truncated":    {Fault{Trouble: TruncatedAnswer}, 200, `{"ok":true,"result":{"message_id"`, false, 1},
			"refused":      {Fault{Trouble: Refused}, 0, "", true, 0},
			"reset before": {Fault{Trouble: ResetBefore}, 0, "", true, 0},
			"reset after":  {Fault{Trouble: ResetAfter}, 0, "", true, 1},
			"slow":         {Fault{Trouble: Slow, Delay: time.Millisecond}, 200, `{"ok":true`, false, 1},
		} {
			t.Run(way+" "+name, func(t *testing.T) {
				tg := mustTelegram(t, Options{})
				wang := mustStart(t, tg, "王芳")
				do, base := tg.Client().Do, "http://telegram.invalid"
				if way == "http" {
					server := httptest.NewServer(tg)
					defer server.Close()
					do, base = server.Client().Do, server.URL
				}
				s := tg.Break(c.fault)
				status, body, wrote, err := try(t, do, base, tg, wang)
				want(t, status, c.status)
				want(t, err != nil, c.reset)
				want(t, strings.Contains(body, c.body), true)
				want(t, len(tg.Delivered(wang.ID())), c.effect)
				want(t, s.Hits(), 1)
				if way == "memory" {
					want(t, wrote, c.fault.Trouble != Refused)
					want(t, errors.Is(err, syscall.ECONNREFUSED), c.fault.Trouble == Refused)
					want(t, IsReset(err), c.reset && c.fault.Trouble != Refused)
				}
				s.Off()
				status, _, _, err = try(t, do, base, tg, wang)
				want(t, err == nil && status == 200, true)
			})
		}
	}
}

func TestAFaultBefallsWhatItIsMeantFor(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang, li := mustStart(t, tg, "王芳"), mustStart(t, tg, "李处")
	tg.Break(Fault{Trouble: ServerError, Methods: []string{"sendMessage"}, Chat: wang.ID(), After: 1, Times: 2})
	ok := func(p *Person) bool { return ask(t, tg, "sendMessage", params{"chat_id": p.ID(), "text": "x"}).OK }
	want(t, ok(li) && ok(wang), true)
	want(t, ok(wang), false)
	want(t, ok(wang), false)
	want(t, ok(wang) && ok(li), true)
	tg.Break(Fault{Trouble: ServerError})
	want(t, ok(li), false)
	tg.Mend()
	want(t, ok(li), true)
}

func TestTheSameSeedGivesTheSameFaults(t *testing.T) {
	run := func(seed uint64) string {
		tg := mustTelegram(t, Options{Seed: seed})
		wang := mustStart(t, tg, "王芳")
		tg.Break(Fault{Trouble: ServerError, Probability: 0.5})
		var oks []bool
		for range 30 {
			oks = append(oks, ask(t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "x"}).OK)
		}
		return fmt.Sprint(wang.ID(), oks)
	}
	want(t, run(1), run(1))
	want(t, run(1) == run(2), false)
}

func TestASlowAnswerEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{})
		wang := mustStart(t, tg, "王芳")
		b := mustBot(t, tg)
		tg.Break(Fault{Trouble: Slow, Delay: time.Minute})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := b.SendMessage(ctx, &bot.SendMessageParams{ChatID: wang.ID(), Text: "x"})
		want(t, errors.Is(err, context.DeadlineExceeded), true)
		begun := time.Now()
		mustSend(t, b, &bot.SendMessageParams{ChatID: wang.ID(), Text: "x"})
		want(t, time.Since(begun), time.Minute)
	})
}

func TestRequestsInsideTheTimeOfA429AreNoted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{})
		wang := mustStart(t, tg, "王芳")
		tg.Break(Fault{Trouble: TooManyRequests, RetryAfter: 5, Times: 1})
		for range 3 {
			ask(t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "x"})
			time.Sleep(3 * time.Second)
		}
		var early []bool
		for _, r := range tg.Requests("sendMessage") {
			early = append(early, r.Early)
		}
		want(t, slices.Equal(early, []bool{false, true, false}), true)
	})
}

func TestIncomingUpdatesCanBeDuplicatedAndReordered(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := tg.NewPerson("王芳", "")
	tg.BeUnruly(Unruly{Duplicate: 1, Copies: 3})
	wang.Send("甲")
	u := polled(t, tg, params{})
	want(t, len(u) == 3 && u[0].ID < u[1].ID && u[0].Message.ID == u[2].Message.ID, true)
	tg.BeUnruly(Unruly{Duplicate: 1, SameID: true})
	wang.Send("乙")
	u = polled(t, tg, params{"offset": u[2].ID + 1})
	want(t, len(u) == 2 && u[0].ID == u[1].ID, true)
	tg.BeUnruly(Unruly{Reorder: 50})
	for i := range 30 {
		wang.Send(fmt.Sprint(i))
	}
	u = polled(t, tg, params{"offset": u[1].ID + 1})
	ordered := slices.IsSortedFunc(u, func(a, b models.Update) int { return a.Message.ID - b.Message.ID })
	want(t, len(u) == 30 && slices.IsSorted(ids(u)) && !ordered, true)
}

func TestUnknownUpdatesCannotBeDecodedByTheLibrary(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := tg.NewPerson("王芳", "")
	tg.InjectPaidMedia(wang)
	tg.Inject("telepathy", json.RawMessage(`{"from":1}`))
	raw := ask(t, tg, "getUpdates", params{}).Result
	var updates []models.Update
	wantError(t, json.Unmarshal(raw, &updates), "unsupported PaidMedia type")
	want(t, strings.Contains(string(raw), `"telepathy":{"from":1}`), true)
}
