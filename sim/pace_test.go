package sim

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestAChatTakesThreeAtOnceThenOneASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{Pace: UsualPace()})
		wang := mustStart(t, tg, "王芳")
		to := params{"chat_id": wang.ID(), "text": "x"}
		begun := time.Now()
		for range 3 {
			mustAsk[any](t, tg, "sendMessage", to)
		}
		want(t, time.Since(begun), 0)
		mustAsk[any](t, tg, "sendMessage", to)
		want(t, time.Since(begun), time.Second)
		var waiting []<-chan answer
		for range 8 {
			waiting = append(waiting, later(t, tg, "sendMessage", to))
			synctest.Wait()
		}
		a := wantRefusal(t, tg, 429, "Too Many Requests: retry after 9", "sendMessage", to)
		want(t, a.Parameters.RetryAfter, 9)
		for _, w := range waiting {
			want(t, (<-w).OK, true)
		}
		want(t, time.Since(begun), 9*time.Second)
		want(t, len(tg.Delivered(wang.ID())), 12)
	})
}

func TestAGroupTakes20AMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{Pace: UsualPace()})
		g := tg.NewGroup("群", tg.NewPerson("李处", ""))
		begun := time.Now()
		for range 22 {
			mustAsk[any](t, tg, "sendMessage", params{"chat_id": g.ID(), "text": "x"})
		}
		want(t, time.Since(begun), 6*time.Second)
	})
}

func TestTooManyOverallBarsEverybodyAndHammeringMakesItLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{Pace: &Pace{Overall: Bucket{2, time.Second}, Penalty: true}})
		wang, li := mustStart(t, tg, "王芳"), mustStart(t, tg, "李处")
		send := func(p *Person) answer { return ask(t, tg, "sendMessage", params{"chat_id": p.ID(), "text": "x"}) }
		want(t, send(wang).OK, true)
		want(t, send(wang).OK, true)
		want(t, send(li).Parameters.RetryAfter, 3)
		want(t, send(wang).Parameters.RetryAfter, 4)
		want(t, send(li).Parameters.RetryAfter, 5)
		time.Sleep(5 * time.Second)
		want(t, send(li).OK, true)
		want(t, ask(t, tg, "getMe", params{}).OK, true)
	})
}

func TestA429AlsoStandsInTheHeader(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	tg.Break(Fault{Trouble: TooManyRequests, RetryAfter: 35})
	tg.SetPace(nil)
	r := tg.handle(mustRequest(t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "x"}))
	want(t, strings.Join(r.header["Retry-After"], ""), "35")
}
