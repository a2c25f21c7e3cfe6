package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"duban/sim"
	"duban/store"
)

func (f *office) poller() *Poller {
	return &Poller{Client: f.client, Store: f.store, Stats: f.stats, Log: f.log}
}

// polls runs the poller for a while.
func (f *office) polls(d time.Duration) {
	f.tb.Helper()
	f.during(f.poller().Poll, func() { time.Sleep(d); synctest.Wait() })
}

// inbox returns what waits to be handled.
func (f *office) inbox() (all []store.Update) {
	f.tb.Helper()
	f.write(func(tx *store.Tx) (err error) {
		all, err = tx.NewUpdates(0, 1_000_000)
		return err
	})
	return all
}

func TestAnUpdateIsOnDiskBeforeTelegramIsToldThatItArrived(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		wang := f.tg.NewPerson("王芳", "")
		for i := range 250 {
			wang.Send(fmt.Sprint(i))
		}
		watching := doerFunc(func(r *http.Request) (*http.Response, error) {
			body, err := r.GetBody()
			if err != nil {
				return nil, err
			}
			var asked struct{ Offset int64 }
			if err := json.NewDecoder(body).Decode(&asked); err != nil {
				return nil, err
			}
			for _, u := range f.inbox() {
				if u.UpdateID >= asked.Offset {
					t.Errorf("update %d is stored, but the offset is %d", u.UpdateID, asked.Offset)
				}
			}
			if waiting := f.tg.Pending(); asked.Offset > 0 && len(f.inbox())+waiting < 250 {
				t.Errorf("%d stored and %d waiting", len(f.inbox()), waiting)
			}
			return f.tg.Client().Do(r)
		})
		f.client = mustClient(t, ClientOptions{Token: f.tg.Token(), APIURL: "http://telegram.invalid", Doer: watching})
		f.polls(time.Minute)
		want(t, len(f.inbox()), 250)
		want(t, f.tg.Pending(), 0)
		want(t, f.stats.Figures().Received, int64(250))
	})
}

func TestARestartGoesOnWhereItWas(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		wang := f.tg.NewPerson("王芳", "")
		for i := range 5 {
			wang.Send(fmt.Sprint(i))
			f.polls(time.Second)
		}
		want(t, len(f.inbox()), 5)
		want(t, f.stats.Figures().Repeated, int64(0))
	})
}

func TestTheSameUpdateAgainIsStoredOnce(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		f.tg.BeUnruly(sim.Unruly{Duplicate: 1, Copies: 3, SameID: true})
		f.tg.NewPerson("王芳", "").Send("收到")
		f.polls(time.Second)
		want(t, len(f.inbox()), 1)
	})
}

func TestUnknownKindsOfUpdateStopNothing(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		wang := f.tg.NewPerson("王芳", "")
		wang.Send("一")
		for _, raw := range []string{`{"new":"thing"}`, `[]`, `"text"`, `17`, `null`, `{"chat":"none","from":5}`, `{"chat":{"id":"x"}}`} {
			f.tg.Inject("tomorrow", json.RawMessage(raw))
		}
		f.tg.InjectPaidMedia(wang)
		wang.Send("二")
		f.polls(time.Second)
		all := f.inbox()
		want(t, len(all), 10)
		want(t, all[0].Kind, "message")
		want(t, all[0].Lane, wang.ID())
		want(t, all[1].Kind, "tomorrow")
		want(t, all[1].Lane, int64(0))
	})
}

func TestUpdateIDsThatBeginAnewAreFollowed(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		wang := f.tg.NewPerson("王芳", "")
		f.during(f.poller().Poll, func() {
			wang.Send("一")
			time.Sleep(time.Second)
			f.tg.RestartUpdateIDs()
			for i := range 5 {
				wang.Send(fmt.Sprint("二", i))
				time.Sleep(5 * time.Second)
			}
			time.Sleep(time.Minute)
		})
		want(t, len(f.inbox()), 6)
		want(t, f.tg.Pending(), 0)
		within(t, int(f.stats.Figures().Repeated), 0, 1)
	})
}

func TestASecondPollerIsToldAndWaitedFor(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		f.tg.Break(sim.Fault{Trouble: sim.Answer, Code: 409, Description: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"})
		f.during(f.poller().Poll, func() {
			time.Sleep(10 * time.Minute)
			within(t, int(f.stats.Figures().Conflicts), 15, 30)
			f.tg.Mend()
			f.tg.NewPerson("王芳", "").Send("收到")
			time.Sleep(conflictBackoff)
		})
		want(t, len(f.inbox()), 1)
	})
}

func TestAWebhookThatWasLeftBehindIsRemovedAndNothingLost(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{WebhookClient: doerFunc(func(*http.Request) (*http.Response, error) { return nil, errors.New("nobody listens") })}, freely)
		if err := f.client.SetWebhook(t.Context(), "https://example.org/hook", "secret"); err != nil {
			t.Fatal(err)
		}
		f.tg.NewPerson("王芳", "").Send("收到")
		f.polls(time.Minute)
		want(t, len(f.inbox()), 1)
		info, err := f.client.WebhookInfo(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want(t, info.URL, "")
	})
}

func TestNoTroubleEndsThePolling(t *testing.T) {
	cancelled := doerFunc(func(*http.Request) (*http.Response, error) { return nil, fmt.Errorf("proxy: %w", context.Canceled) })
	hangs := doerFunc(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	for name, trouble := range map[string]Doer{
		"a transport that says it was cancelled": cancelled,
		"a page":                                 doerFunc(answering(502, "<html>")),
		"a page with 200":                        doerFunc(answering(200, "<html>")),
		"nothing with 200":                       doerFunc(answering(200, "")),
		"truncated JSON":                         doerFunc(answering(200, `{"ok":true,"result":[{"update_id":5,"mess`)),
		"an object":                              doerFunc(answering(200, `{"ok":true,"result":{}}`)),
		"updates without id":                     doerFunc(answering(200, `{"ok":true,"result":[{"message":{}},5,null]}`)),
		"always nothing new":                     doerFunc(answering(200, `{"ok":true,"result":[]}`)),
		"a black hole":                           hangs,
		"the end of the stream":                  doerFunc(func(*http.Request) (*http.Response, error) { return nil, io.EOF }),
		"flood control":                          doerFunc(answering(429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 5","parameters":{"retry_after":5}}`)),
		"a server error":                         doerFunc(answering(500, `{"ok":false,"error_code":500,"description":"Internal Server Error: restart"}`)),
	} {
		t.Run(name, func(t *testing.T) {
			inFakeTime(t, func(t *testing.T) {
				f := mustOffice(t, sim.Options{}, freely)
				f.tg.NewPerson("王芳", "").Send("收到")
				var mended atomic.Bool
				var calls atomic.Int64
				f.client = mustClient(t, ClientOptions{Token: f.tg.Token(), APIURL: "http://telegram.invalid", Doer: doerFunc(func(r *http.Request) (*http.Response, error) {
					if mended.Load() {
						return f.tg.Client().Do(r)
					}
					calls.Add(1)
					return trouble.Do(r)
				})})
				f.during(f.poller().Poll, func() {
					time.Sleep(10 * time.Minute)
					within(t, int(calls.Load()), 5, 610)
					mended.Store(true)
					time.Sleep(pollPatience + 10*time.Second)
				})
				want(t, len(f.inbox()), 1)
			})
		})
	}
}

func TestFloodControlOfPollingIsObeyed(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		f.tg.Break(sim.Fault{Trouble: sim.TooManyRequests, RetryAfter: 100})
		f.polls(1000 * time.Second)
		within(t, len(f.tg.Requests("getUpdates")), 9, 11)
	})
}

func TestADiskThatTakesNothingAcknowledgesNothing(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		wang := f.tg.NewPerson("王芳", "")
		for i := range 150 {
			wang.Send(fmt.Sprint(i))
		}
		full := f.store
		f.store = mustStore(t, true)
		if err := f.store.Close(); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
		defer stop()
		f.poller().Poll(ctx)
		want(t, f.tg.Pending(), 150)
		f.store = full
		f.polls(time.Minute)
		want(t, len(f.inbox()), 150)
	})
}

func TestAWaitOfHoursMakesNobodyDeafForHours(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		f.tg.Break(sim.Fault{Trouble: sim.TooManyRequests, Methods: []string{"getUpdates"}, RetryAfter: 10_072, Times: 1})
		f.during(f.poller().Poll, func() {
			time.Sleep(time.Minute)
			f.tg.NewPerson("王芳", "").Send("收到")
			time.Sleep(longestGeneral)
			synctest.Wait()
			want(t, len(f.inbox()), 1)
			want(t, len(f.tg.Requests("getUpdates")) <= 4, true)
		})
		f.tg.Forgive()
	})
}

func TestTheLastPollIsKeptForTheNextStart(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		f.polls(time.Hour)
		f.write(func(tx *store.Tx) error {
			at, err := tx.MetaTime(MetaLastPoll)
			if time.Since(at) > pollFor+time.Second {
				t.Errorf("last poll %v ago", time.Since(at))
			}
			return err
		})
		want(t, time.Since(f.stats.Figures().LastPoll) <= pollFor, true)
	})
}

func TestTheLaneOfAnUpdateIsItsChatOrElseItsPerson(t *testing.T) {
	for raw, lane := range map[string]int64{
		`{"update_id":1,"message":{"chat":{"id":-100},"from":{"id":5}}}`:                             -100,
		`{"update_id":1,"edited_message":{"chat":{"id":5},"from":{"id":5}}}`:                         5,
		`{"update_id":1,"callback_query":{"from":{"id":5},"message":{"chat":{"id":-7},"date":0}}}`:   -7,
		`{"update_id":1,"callback_query":{"from":{"id":5},"inline_message_id":"x"}}`:                 5,
		`{"update_id":1,"my_chat_member":{"chat":{"id":5},"from":{"id":5},"old_chat_member":"new"}}`: 5,
		`{"update_id":1}`: 0,
	} {
		u, ok := received(json.RawMessage(raw))
		if !ok || u.Lane != lane {
			t.Errorf("%s: lane %d, want %d", raw, u.Lane, lane)
		}
	}
	for _, raw := range []string{`{}`, `[]`, `{"update_id":"x"}`, `{"update_id":0}`, `{"update_id":null}`, `{"update_id":1.5}`, `x`, ``, `{"update_id":99999999999999999999}`} {
		if _, ok := received(json.RawMessage(raw)); ok {
			t.Errorf("%s was taken for an update", raw)
		}
	}
}

func FuzzReceived(f *testing.F) {
	f.Add(`{"update_id":1,"message":{"chat":{"id":-100}}}`)
	f.Add(strings.Repeat("[", 10_000))
	f.Fuzz(func(t *testing.T, raw string) {
		u, ok := received(json.RawMessage(raw))
		if ok && (u.UpdateID == 0 || string(u.Raw) != raw) {
			t.Errorf("%q became %+v", raw, u)
		}
	})
}
