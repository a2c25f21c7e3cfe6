package faults

import (
	"fmt"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"duban"
	"duban/config"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
)

// TestF05_AStormOf429 refuses half of all messages for ten minutes and asks to wait for 1 to 60 seconds, while an announcement goes out and people press.
func TestF05_AStormOf429(t *testing.T) {
	people := forms(300, 5000)
	play(t, people, usual, func(t *testing.T, h *house) {
		pressers := h.people[:20]
		h.issue(20, "2026-12-30", codes(15)...)
		h.until("all cards are there", time.Hour, 10*time.Second, func() bool { return len(pressers[19].Messages()) == 15 && h.idle() })
		cards := cardsOf(pressers, codes(15))
		storm := []*sim.Switch{}
		for i, seconds := range []int{1, 5, 15, 30, 60} {
			storm = append(storm, h.tg.Break(sim.Fault{Trouble: sim.TooManyRequests, Methods: []string{"sendMessage"}, RetryAfter: seconds, Probability: []float64{0.1, 0.11, 0.12, 0.14, 0.17}[i]}))
		}
		h.announce("公告", h.chats()...)
		began := time.Now()
		for i := range 300 {
			p := pressers[i%20]
			if err := p.PressOn(cards[p][i/20], "签收"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(2 * time.Second)
		}
		for _, s := range storm {
			s.Off()
		}
		h.until("everything has arrived", 3*time.Hour, 10*time.Second, func() bool { return h.settled("公告", h.chats()) })
		took := time.Since(began)
		most, _ := h.copies("公告")
		refused, early := h.refusals()
		waits := h.toastWaits()
		if h.arrived("公告") != people || most != 1 || early > 1 || part(0.95, waits) > 5*time.Second {
			t.Errorf("%d of %d arrived, %d copies, %d requests of one chat inside its wait, presses answered after %s", h.arrived("公告"), people, most, early, part(0.95, waits))
		}
		h.tell(fmt.Sprintf("half of all messages refused for 10 min, waits of 1 to 60 s; announcement to %d, 300 presses", people),
			"0 lost, %d copy each, %d × 429, %d requests of a chat inside its wait, presses answered p95 %s; all there after %s", most, refused, early, part(0.95, waits), took.Round(time.Second))
	})
}

func codes(n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf("T-%02d", i))
	}
	return all
}

// idle reports whether nothing waits to be sent now.
func (h *house) idle() bool {
	waiting := 0
	cast.Read(h.t, h.desk, func(tx *store.Tx) error {
		lanes, err := tx.OutboxState()
		for _, l := range lanes {
			waiting += l.Waiting
		}
		return err
	})
	return waiting == 0
}

// refusals counts the answers that asked to wait, and the most requests of one chat that came before its wait was over.
func (h *house) refusals() (all, early int) {
	by := map[any]int{}
	for _, r := range h.tg.Requests() {
		if r.Status == 429 {
			all++
		}
		if r.Early {
			by[r.Params["chat_id"]]++
			early = max(early, by[r.Params["chat_id"]])
		}
	}
	return all, early
}

// toastWaits returns how long everybody waited for the answer to a press.
func (h *house) toastWaits() (all []time.Duration) {
	var pressed []time.Time
	for _, p := range h.people {
		pressed = pressed[:0]
		for _, e := range h.tg.Events(p.ID(), sim.Pressed, sim.Answered) {
			if e.Kind == sim.Pressed {
				pressed = append(pressed, e.At)
				continue
			}
			all = append(all, e.At.Sub(pressed[0]))
			pressed = pressed[1:]
		}
	}
	return all
}

// TestF06_AWaitOfHoursForOneChat refuses one chat for 10,072 seconds.
func TestF06_AWaitOfHoursForOneChat(t *testing.T) {
	people := forms(200, 500)
	play(t, people, usual, func(t *testing.T, h *house) {
		unlucky := h.people[7].ID()
		h.tg.Break(sim.Fault{Trouble: sim.TooManyRequests, Chat: unlucky, RetryAfter: 10_072, Times: 1, Methods: []string{"sendMessage"}})
		h.announce("公告", h.chats()...)
		began := time.Now()
		others := h.until("the others have it", time.Hour, time.Second, func() bool { return h.arrived("公告") == people-1 })
		alarmed, ok := h.journal.since(began, "leave a chat alone for long")
		if !ok || alarmed.Sub(began) > time.Minute || others > time.Duration(people/25+2)*time.Second {
			t.Errorf("alarm %v after %s, the others after %s", ok, alarmed.Sub(began), others)
		}
		last := h.until("the last one has it", 4*time.Hour, 5*time.Second, func() bool { return h.arrived("公告") == people })
		if _, early := h.refusals(); early > 0 {
			t.Errorf("%d requests inside the wait", early)
		}
		h.tell(fmt.Sprintf("one of %d chats refused for 10,072 s", people), "the others have it after %s, that one %s later; alarm after %s",
			others.Round(time.Second), last.Round(time.Second), alarmed.Sub(began).Round(time.Second))
	})
}

// TestF07_AnswersThatAreNone spoils 30 % of all answers: 500 in JSON, a page of a proxy, nothing, half of the JSON.
func TestF07_AnswersThatAreNone(t *testing.T) {
	people := forms(300, 5000)
	play(t, people, usual, func(t *testing.T, h *house) {
		for trouble, probability := range map[sim.Trouble]float64{sim.ServerError: 0.08, sim.BadGateway: 0.09, sim.EmptyAnswer: 0.09, sim.TruncatedAnswer: 0.09} {
			h.tg.Break(sim.Fault{Trouble: trouble, Probability: probability, Methods: []string{"sendMessage"}})
		}
		h.announce("公告", h.chats()...)
		took := h.until("everything has ended", time.Hour, time.Second, func() bool { return h.settled("公告", h.chats()) })
		arrived, unsure := h.arrived("公告"), h.unsure("公告")
		most, extra := h.copies("公告")
		normal := time.Duration(people/25) * time.Second
		if silent := people - arrived - unsure; silent > 0 || most > 2 || long && took > 2*normal {
			t.Errorf("%d neither arrived nor told, %d copies, %s instead of %s", silent, most, took, normal)
		}
		h.tell(fmt.Sprintf("30 %% of the answers to an announcement to %d spoilt", people),
			"%d arrived, the other %d told as unknown after two tries, 0 lost in silence; %d second copies, none a third; %s instead of %s",
			arrived, people-arrived, extra, took.Round(time.Second), normal)
	})
}

// unsure counts the letters that were given up since nobody knows whether they arrived, and that did not arrive.
func (h *house) unsure(name string) (n int) {
	got := map[int64]bool{}
	for _, e := range h.tg.Events(0, sim.Sent) {
		got[e.Chat] = got[e.Chat] || e.Message.Body() == name
	}
	for _, chat := range h.chats() {
		if l := h.letter(keyOf(name, chat)); l.State == duban.Failed && l.Reason != "" && !got[chat] {
			n++
		}
	}
	return n
}

// TestF08_ConnectionsResetAfterTheEffect resets 5 % of the connections after the message has been taken.
func TestF08_ConnectionsResetAfterTheEffect(t *testing.T) {
	people := forms(300, 5000)
	play(t, people, usual, func(t *testing.T, h *house) {
		resets := h.tg.Break(sim.Fault{Trouble: sim.ResetAfter, Probability: 0.05, Methods: []string{"sendMessage"}})
		h.announce("公告", h.chats()...)
		took := h.until("everything has ended", time.Hour, time.Second, func() bool { return h.settled("公告", h.chats()) })
		most, extra := h.copies("公告")
		if h.arrived("公告") != people || most > 2 || extra > resets.Hits() {
			t.Errorf("%d of %d arrived, %d copies, %d second ones for %d resets", h.arrived("公告"), people, most, extra, resets.Hits())
		}
		h.tell(fmt.Sprintf("5 %% of the connections reset after the message was taken; announcement to %d", people),
			"0 lost, %d resets, %d second copies, none a third; %s", resets.Hits(), extra, took.Round(time.Second))
	})
}

// TestF09_SlowAndBlack makes every answer take up to 30 seconds for ten minutes, then gives none for five.
func TestF09_SlowAndBlack(t *testing.T) {
	people := forms(200, 2000)
	play(t, people, usual, func(t *testing.T, h *house) {
		h.stop()
		open := &underWay{doer: h.tg.Client()}
		h.way = open
		h.start(nil)
		time.Sleep(time.Minute)
		// A request in memory is one goroutine of the simulation.
		goroutines := func() int {
			synctest.Wait()
			return runtime.NumGoroutine() - int(open.n.Load())
		}
		before, growth := goroutines(), 0
		watch := func(d time.Duration) {
			for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(time.Second) {
				growth = max(growth, goroutines()-before)
			}
		}
		for i := range 6 {
			h.tg.Break(sim.Fault{Trouble: sim.Slow, Delay: time.Duration(i+1) * 5 * time.Second, Probability: 0.25})
		}
		h.announce("公告", h.chats()...)
		watch(10 * time.Minute)
		h.tg.Mend()
		hole := h.tg.Break(sim.Fault{Trouble: sim.ResetBefore, Delay: time.Hour})
		h.people[0].Send("/tasks")
		watch(5 * time.Minute)
		hole.Off()
		mended, polled := time.Now(), time.Duration(0)
		h.until("polling resumes", time.Minute, time.Second/10, func() bool {
			for _, r := range h.tg.Requests("getUpdates") {
				if r.OK() && r.At.After(mended) {
					polled = r.At.Sub(mended)
					return true
				}
			}
			return false
		})
		h.until("everything has ended", 3*time.Hour, 10*time.Second, func() bool { return h.settled("公告", h.chats()) })
		most, extra := h.copies("公告")
		if growth > 50 || polled > 10*time.Second || most > 2 || h.arrived("公告")+h.unsure("公告") < people {
			t.Errorf("%d more goroutines, polling after %s, %d copies, %d of %d arrived", growth, polled, most, h.arrived("公告"), people)
		}
		h.tell(fmt.Sprintf("answers of 5 to 30 s for 10 min, then none for 5 min; announcement to %d", people),
			"at most %d more goroutines; polling resumed after %s; %d arrived, %d told as unknown, %d second copies", growth, polled.Round(100*time.Millisecond), h.arrived("公告"), h.unsure("公告"), extra)
	})
}

// underWay counts the requests that are under way.
type underWay struct {
	doer
	n atomic.Int64
}

func (u *underWay) Do(r *http.Request) (*http.Response, error) {
	u.n.Add(1)
	defer u.n.Add(-1)
	return u.doer.Do(r)
}

// TestF28_ReadersLostOnTheWay blocks, deactivates, kicks and migrates readers while an announcement goes out.
func TestF28_ReadersLostOnTheWay(t *testing.T) {
	people := forms(200, 5000)
	play(t, people, usual, func(t *testing.T, h *house) {
		admin := h.tg.NewPerson("管理", "", sim.Started())
		var kicked, moved []*sim.Group
		chats := h.chats()
		for i := range people / 100 {
			kicked = append(kicked, h.tg.NewGroup(fmt.Sprint("群", i), admin))
			moved = append(moved, h.tg.NewBasicGroup(fmt.Sprint("旧群", i), admin))
			chats = append(chats, kicked[i].ID(), moved[i].ID())
		}
		time.Sleep(10 * time.Second)
		h.announce("公告", chats...)
		time.Sleep(time.Second)
		lost := map[int64]string{}
		for i := range people / 20 {
			blocked, gone := h.people[people-1-2*i], h.people[people-2-2*i]
			blocked.Block()
			gone.Deactivate()
			lost[blocked.ID()], lost[gone.ID()] = "blocked", "deactivated"
		}
		for i := range kicked {
			lost[kicked[i].ID()] = "kicked"
			kicked[i].Kick(admin)
			moved[i].Migrate(admin)
		}
		took := h.until("everything has ended", time.Hour, time.Second, func() bool { return h.settled("公告", chats) })
		wrong := 0
		for _, chat := range chats {
			l := h.letter(keyOf("公告", chat))
			if reason := lost[chat]; reason != "" && (l.State != duban.Failed || l.Reason != reason) || reason == "" && l.State != duban.Sent {
				wrong++
				t.Logf("%d: %s %q, lost %q", chat, l.State, l.Reason, reason)
			}
		}
		most, _ := h.copies("公告")
		tries := map[any]int{}
		for _, r := range h.tg.Requests("sendMessage") {
			if r.Params["text"] == "公告" {
				tries[r.Params["chat_id"]]++
			}
		}
		twice := 0
		for _, n := range tries {
			twice = max(twice, n)
		}
		if wrong > 0 || most > 1 || twice > 1 {
			t.Errorf("%d in the wrong state, %d copies, %d requests to one chat", wrong, most, twice)
		}
		h.tell(fmt.Sprintf("%d of %d readers block, go or kick while the announcement is under way, %d groups migrate", len(lost), len(chats), len(moved)),
			"every letter ends in the right state with its reason, %d copy each, a group that migrated is written to once more; %s", most, took.Round(time.Second))
	})
}

// TestPace_AnAnnouncementUnderTheModel sends an announcement under the model of Telegram's flood control, while people press.
func TestPace_AnAnnouncementUnderTheModel(t *testing.T) {
	people := forms(500, 5000)
	play(t, people+20, config.Pace{}, func(t *testing.T, h *house) {
		pressers := h.people[:20]
		h.issue(20, "2026-12-30", codes(20)...)
		h.until("all cards are there", time.Hour, time.Second, func() bool { return h.idle() && len(pressers[19].Messages()) == 20 })
		cards := cardsOf(pressers, codes(20))
		h.stop()
		h.config.Telegram.Pace = usual
		h.tg.SetPace(sim.UsualPace())
		h.start(nil)
		time.Sleep(10 * time.Second)
		h.announce("公告", h.chats()[20:]...)
		began := time.Now()
		for i := 0; h.arrived("公告") < people; i++ {
			p := pressers[i%20]
			if code := i / 20; code < 20 {
				if err := p.PressOn(cards[p][code], "签收"); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(600 * time.Millisecond)
		}
		var last time.Time
		sent, edited := 0, 0
		for _, e := range h.tg.Events(0, sim.Sent) {
			if e.Message.Body() == "公告" {
				last = e.At
			}
		}
		for _, e := range h.tg.Events(0, sim.Sent, sim.Edited) {
			if e.At.Before(began) || e.At.After(last) {
				continue
			}
			if e.Kind == sim.Sent {
				sent++
			} else {
				edited++
			}
		}
		took := last.Sub(began)
		rate := float64(sent+edited) / took.Seconds()
		refused, _ := h.refusals()
		waits := h.toastWaits()
		if rate < 0.98*25 || refused > 0 || part(0.99, waits) > time.Second {
			t.Errorf("%.2f a second, %d × 429, presses answered p99 %s", rate, refused, part(0.99, waits))
		}
		h.tell(fmt.Sprintf("announcement to %d at 25/s under the model (30/s in all, 1/s a chat), 100 presses a minute", people),
			"%.1f messages and edits a second (%.1f %%) until the last had it after %s, %d × 429; presses answered p50 %s, p99 %s, their cards edited p99 %s",
			rate, rate/0.25, took.Round(100*time.Millisecond), refused, part(0.5, waits).Round(time.Millisecond), part(0.99, waits).Round(time.Millisecond), part(0.99, h.editWaits(began)).Round(time.Millisecond))
	})
}

// editWaits returns how long everybody waited for the card to be edited after a press.
func (h *house) editWaits(from time.Time) (all []time.Duration) {
	for _, p := range h.people {
		pressed := map[int]time.Time{}
		for _, e := range h.tg.Events(p.ID(), sim.Pressed, sim.Edited) {
			if e.At.Before(from) {
				continue
			}
			if e.Kind == sim.Pressed {
				pressed[e.Message.ID] = e.At
			} else if at, ok := pressed[e.Message.ID]; ok {
				all = append(all, e.At.Sub(at))
				delete(pressed, e.Message.ID)
			}
		}
	}
	return all
}
