package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"duban"
	"duban/bot"
	"duban/config"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
)

// free lifts every limit of what is sent.
var free = config.Pace{}

// TestF10_RepeatedAndShuffledUpdates delivers every press three times, under one id and under three, within a window of 50 that is shuffled.
func TestF10_RepeatedAndShuffledUpdates(t *testing.T) {
	people, cards := forms(20, 100), forms(10, 100)
	play(t, people, free, func(t *testing.T, h *house) {
		h.issue(people, "2026-12-30", codes(cards)...)
		h.until("all cards are there", time.Hour, 10*time.Second, func() bool { return len(h.people[people-1].Messages()) == cards && h.idle() })
		found := cardsOf(h.people, codes(cards))
		for half, same := range []bool{true, false} {
			h.tg.BeUnruly(sim.Unruly{Duplicate: 1, Copies: 3, SameID: same, Reorder: 50})
			for c := half; c < cards; c += 2 {
				for _, p := range h.people {
					if err := p.PressOn(found[p][c], "签收"); err != nil {
						t.Fatal(err)
					}
				}
				time.Sleep(2 * time.Second)
			}
		}
		h.until("all is handled", time.Hour, time.Second, func() bool { return h.tg.Pending() == 0 && h.inbox().Waiting == 0 })
		accepted := h.effects(duban.EventAccepted)
		twice := 0
		for _, n := range accepted {
			if n != 1 {
				twice++
			}
		}
		if len(accepted) != people*cards || twice > 0 {
			t.Errorf("%d effects of %d presses, %d more than once", len(accepted), people*cards, twice)
		}
		h.tell(fmt.Sprintf("%d presses, each delivered three times, shuffled within 50", people*cards), "%d effects, each once", len(accepted))
	})
}

// cardsOf finds the cards of people by their codes, as they are before a board comes that names them too.
func cardsOf(people []*sim.Person, codes []string) map[*sim.Person][]*sim.Message {
	found := map[*sim.Person][]*sim.Message{}
	for _, p := range people {
		for _, code := range codes {
			found[p] = append(found[p], p.Find(code))
		}
	}
	return found
}

func (h *house) inbox() (state store.InboxState) {
	cast.Read(h.t, h.desk, func(tx *store.Tx) (err error) {
		state, err = tx.InboxState()
		return err
	})
	return state
}

// TestF11_ForgedUpdates presses buttons that nobody has offered, from accounts that are not bound, on what belongs to others, and speaks in the name
// of channels.
func TestF11_ForgedUpdates(t *testing.T) {
	forged := forms(1000, 10_000)
	play(t, 20, free, func(t *testing.T, h *house) {
		h.issue(20, "2026-12-30", "T-00")
		h.until("all cards are there", time.Hour, time.Second, func() bool { return len(h.people[19].Messages()) == 1 && h.idle() })
		before := h.snapshot()
		victim, insider := h.people[0], h.people[1]
		data := victim.Last().ReplyMarkup.Rows[0][0].CallbackData
		stranger := h.tg.NewPerson("路人", "", sim.Started())
		group := h.tg.NewGroup("群", stranger)
		forging := time.Now()
		for i := range forged {
			switch i % 5 {
			case 0:
				stranger.PressData(&sim.Message{ID: 1, Chat: victim.Last().Chat}, data)
			case 1:
				insider.PressData(insider.Last(), data) // on what belongs to another school
			case 2:
				insider.PressData(insider.Last(), fmt.Sprintf("%x:%d", i*7919, i))
			case 3:
				h.tg.Inject("message", json.RawMessage(fmt.Sprintf(`{"message_id":%d,"date":1795395600,"chat":{"id":%d,"type":"private"},`+
					`"from":{"id":136817688,"is_bot":true,"first_name":"Channel"},"sender_chat":{"id":-100123,"type":"channel","title":"x"},"text":"收到"}`, 900_000+i, victim.ID())))
			case 4:
				group.SayAnonymously("T-00 已完成")
			}
			if i%100 == 0 {
				time.Sleep(time.Second)
			}
		}
		h.until("all is handled", time.Hour, time.Second, func() bool { return h.tg.Pending() == 0 && h.inbox().Waiting == 0 && h.idle() })
		disclosed := 0
		for _, e := range append(h.tg.Events(stranger.ID(), sim.Sent, sim.Answered), h.tg.Events(group.ID(), sim.Sent)...) {
			if strings.Contains(e.Message.Body()+e.Text, "报送总结") || strings.Contains(e.Message.Body()+e.Text, "专干") {
				disclosed++
			}
		}
		if after := h.snapshot(); after != before || disclosed > 0 {
			t.Errorf("%d disclosed; before\n%safter\n%s", disclosed, before, after)
		}
		first := h.denials(insider.ID(), stranger.ID())
		time.Sleep(time.Hour + time.Minute - time.Since(forging))
		stranger.PressData(&sim.Message{ID: 1, Chat: victim.Last().Chat}, data)
		insider.PressData(insider.Last(), data)
		h.until("all is handled", time.Hour, time.Second, func() bool { return h.tg.Pending() == 0 && h.inbox().Waiting == 0 && h.idle() })
		after := h.denials(insider.ID(), stranger.ID())
		for who, n := range first {
			if n != 1 || after[who] != 2 {
				t.Errorf("that the %s was denied stands %d times in the record, an hour later %d times", who, n, after[who])
			}
		}
		h.tg.Forgive()
		h.tell(fmt.Sprintf("%d forged updates: strangers, the cards of others, random data, channels, anonymous administrators", forged),
			"0 changes, 0 disclosed; denials in the record: one of each account, another an hour later")
	})
}

// denials counts the denials in the record of somebody on the roster and of somebody who is not, and sees that they say nothing about whose button it was.
func (h *house) denials(insider, stranger int64) map[string]int {
	counts := map[string]int{"insider": 0, "stranger": 0}
	cast.Read(h.t, h.desk, func(tx *store.Tx) error {
		account, err := tx.AccountOfTelegram(insider)
		if err != nil {
			return err
		}
		return tx.EveryEntry(time.Time{}, time.Time{}, func(e duban.Entry) error {
			switch {
			case e.Event != duban.EventDenied:
			case e.AssignmentID != 0 || e.TaskID != 0 || e.UnitID != 0:
				h.t.Errorf("a denial says what it was about: %+v", e)
			case e.Actor == account.PersonID && e.PersonID == account.PersonID && e.Note == "":
				counts["insider"]++
			case e.Actor == 0 && e.Note == strconv.FormatInt(stranger, 10):
				counts["stranger"]++
			default:
				h.t.Errorf("a denial of somebody else: %+v", e)
			}
			return nil
		})
	})
	return counts
}

// snapshot tells the state of every assignment.
func (h *house) snapshot() string {
	var b strings.Builder
	cast.Read(h.t, h.desk, func(tx *store.Tx) error {
		return tx.EveryAssignment(time.Time{}, time.Now().Add(time.Hour), func(a duban.Assignment) error {
			fmt.Fprintln(&b, a.ID, a.State, a.OwnerID, a.Version)
			return nil
		})
	})
	return b.String()
}

// TestF12_UpdateIDsBeginAnew lets the ids of updates begin at a lower number, as after a quiet week, with a stale offset in the database.
func TestF12_UpdateIDsBeginAnew(t *testing.T) {
	times := forms(5, 10)
	play(t, 5, free, func(t *testing.T, h *house) {
		said := 0
		for i := range times {
			h.tg.RestartUpdateIDs()
			for _, p := range h.people {
				p.Send(fmt.Sprint("/tasks ", i))
				said++
			}
			time.Sleep(5 * time.Second)
		}
		polls := len(h.tg.Requests("getUpdates"))
		time.Sleep(10 * time.Minute)
		looped := len(h.tg.Requests("getUpdates")) - polls
		answered := len(h.tg.Events(0, sim.Sent))
		if answered != said || h.tg.Pending() > 0 || looped > 30 {
			t.Errorf("%d of %d answered, %d wait, %d polls in ten quiet minutes", answered, said, h.tg.Pending(), looped)
		}
		h.tell(fmt.Sprintf("ids begin at a lower number %d times", times), "%d of %d messages answered, each once, no loop", answered, said)
	})
}

// TestF13_UpdatesThatNobodyUnderstands mixes messages of an unknown kind, of another form and of half a megabyte with the others.
func TestF13_UpdatesThatNobodyUnderstands(t *testing.T) {
	poisonous := forms(60, 1000)
	play(t, 50, free, func(t *testing.T, h *house) {
		ask := func(poison int) (slowest time.Duration) {
			for i := range poisonous {
				if i < poison {
					h.poison(i)
				}
				for j := range 10 {
					h.people[(10*i+j)%50].Send("/tasks")
				}
				time.Sleep(200 * time.Millisecond)
			}
			h.until("all is answered", time.Hour, time.Second, func() bool { return h.tg.Pending() == 0 && h.inbox().Waiting == 0 && h.idle() })
			return part(0.99, h.answerWaits())
		}
		calm := ask(0)
		mixed := ask(poisonous)
		aside := h.inbox().Quarantined
		if aside != poisonous || mixed-calm > 100*time.Millisecond {
			t.Errorf("%d of %d put aside, the others wait %s instead of %s", aside, poisonous, mixed, calm)
		}
		h.tg.Forgive()
		h.tell(fmt.Sprintf("%d updates that cannot be decoded among %d", poisonous, 10*poisonous), "%d put aside, the others' p99 longer by %s", aside, (mixed - calm).Round(time.Millisecond))
	})
}

// poison injects an update that cannot be decoded.
func (h *house) poison(i int) {
	switch i % 3 {
	case 0:
		h.tg.InjectPaidMedia(h.people[i%50])
	case 1:
		h.tg.Inject("message", json.RawMessage(`{"message_id":"seven","date":[],"chat":7}`))
	case 2:
		h.tg.Inject("message", json.RawMessage(fmt.Sprintf(`{"message_id":1.5,"text":%q}`, strings.Repeat("长", 150_000))))
	}
}

// answerWaits returns how long everybody waited for an answer to a message.
func (h *house) answerWaits() (all []time.Duration) {
	for _, p := range h.people {
		var said []time.Time
		for _, e := range h.tg.Events(p.ID(), sim.Said, sim.Sent) {
			if e.Kind == sim.Said {
				said = append(said, e.At)
			} else if len(said) > 0 {
				all = append(all, e.At.Sub(said[0]))
				said = said[1:]
			}
		}
	}
	return all
}

// TestF14_APanicInAHandler lets one message panic whenever it is handled.
func TestF14_APanicInAHandler(t *testing.T) {
	play(t, 10, free, func(t *testing.T, h *house) {
		h.stop()
		office, err := store.Open(context.Background(), store.Options{Path: h.config.SQLitePath(), Key: make([]byte, 32), Relaxed: true})
		if err != nil {
			t.Fatal(err)
		}
		defer office.Close()
		h.desk.Store = office
		client, err := bot.NewClient(bot.ClientOptions{Token: h.tg.Token(), APIURL: "https://api.telegram.org", Doer: h.way})
		if err != nil {
			t.Fatal(err)
		}
		stats, log := &bot.Stats{}, h.logger()
		var tries, handled atomic.Int64
		intake := bot.NewIntake(client, office, stats, log, func(_ context.Context, _ int64, u *models.Update) ([]bot.Outgoing, error) {
			if u.Message.Text == "毒" {
				tries.Add(1)
				panic("bug")
			}
			handled.Add(1)
			return nil, nil
		})
		intake.Quarantined = h.desk.Quarantined
		poller := &bot.Poller{Client: client, Store: office, Stats: stats, Log: log, Arrived: intake.Wake}
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan struct{}, 2)
		for _, run := range []func(context.Context){poller.Poll, intake.Run} {
			go func() {
				run(ctx)
				ended <- struct{}{}
			}()
		}
		h.people[0].Send("毒")
		for _, p := range h.people {
			p.Send("收到")
		}
		time.Sleep(time.Minute)
		stop()
		<-ended
		<-ended
		alarms := h.effects(duban.EventQuarantined)[0]
		if tries.Load() != 3 || handled.Load() != 10 || h.inbox().Quarantined != 1 || alarms != 1 {
			t.Errorf("%d tries, %d others handled, %d put aside, %d told", tries.Load(), handled.Load(), h.inbox().Quarantined, alarms)
		}
		h.tell("a message that panics whenever it is handled, among ten others", "3 attempts, put aside, recorded and told to the administrators; all others handled, also of that chat")
	})
}

// TestF15_ATransportThatFails lets every call fail for five minutes, with an error that looks like the end of the program, of a name, of a connection.
func TestF15_ATransportThatFails(t *testing.T) {
	for _, trouble := range []error{
		context.Canceled, io.EOF, &net.DNSError{Err: "no such host", Name: "api.telegram.org", IsNotFound: true}, fmt.Errorf("proxy: %w", context.DeadlineExceeded),
	} {
		name := trouble.Error()
		t.Run(name, func(t *testing.T) {
			play(t, 1, free, func(t *testing.T, h *house) {
				h.stop()
				var broken atomic.Bool
				h.way = fails{h.tg.Client(), &broken, trouble}
				h.start(nil)
				time.Sleep(time.Minute)
				broken.Store(true)
				time.Sleep(5 * time.Minute)
				h.people[0].Send("/tasks")
				broken.Store(false)
				took := h.until("the message is answered", time.Minute, 100*time.Millisecond, func() bool { return len(h.tg.Events(0, sim.Sent)) > 0 })
				if took > 10*time.Second {
					t.Errorf("polling resumes after %s", took)
				}
				tell(t, fmt.Sprintf("every call fails for 5 min: %s", name), fmt.Sprintf("a message is answered %s after the end of it", took.Round(100*time.Millisecond)))
			})
		})
	}
}

type fails struct {
	doer
	broken *atomic.Bool
	with   error
}

func (f fails) Do(r *http.Request) (*http.Response, error) {
	if f.broken.Load() {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, f.with
	}
	return f.doer.Do(r)
}

// TestF16_ASecondPoller lets somebody else fetch the updates of the bot, as a second program on another machine would.
func TestF16_ASecondPoller(t *testing.T) {
	play(t, 1, free, func(t *testing.T, h *house) {
		time.Sleep(time.Minute)
		began := time.Now()
		other, err := bot.NewClient(bot.ClientOptions{Token: h.tg.Token(), APIURL: "https://api.telegram.org", Doer: h.tg.Client()})
		if err != nil {
			t.Fatal(err)
		}
		second := mustStore(t)
		poller := &bot.Poller{Client: other, Store: second, Stats: &bot.Stats{}, Log: h.logger()}
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() {
			poller.Poll(ctx)
			close(ended)
		}()
		alarmed := h.until("it is told", time.Minute, time.Second, func() bool {
			_, ok := h.journal.since(began, "somebody else fetches")
			return ok
		})
		stop()
		<-ended
		h.people[0].Send("/tasks")
		took := h.until("the message is answered", 2*time.Minute, time.Second, func() bool { return len(h.tg.Events(0, sim.Sent)) > 0 })
		h.tell("somebody else polls with the same token", "told after %s; answers again %s after the other has gone", alarmed.Round(time.Second), took.Round(time.Second))
	})
}

func mustStore(t *testing.T) *store.Store {
	t.Helper()
	o := store.Options{Path: filepath.Join(t.TempDir(), "duban.db"), Key: make([]byte, 32), Relaxed: true}
	if err := store.Init(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// TestF17_ARevokedToken revokes the token while an announcement goes out, and starts the program with the new one after an hour.
func TestF17_ARevokedToken(t *testing.T) {
	people := forms(200, 1000)
	play(t, people, usual, func(t *testing.T, h *house) {
		h.announce("公告", h.chats()...)
		time.Sleep(time.Second)
		counted := &counts{doer: h.tg.Client()}
		h.stop()
		h.way = counted
		h.start(nil)
		time.Sleep(time.Second)
		revoked := time.Now()
		h.tg.SetToken("7000000001:AAthe-new-token-of-the-bot-after-revocation")
		time.Sleep(5 * time.Second) // what is under way learns of it
		counted.n.Store(0)
		time.Sleep(time.Hour)
		asked := counted.n.Load()
		alarmed, ok := h.journal.since(revoked, "telegram.token")
		h.people[0].Send("/tasks")
		h.stop()
		h.config.Telegram.Token = config.Secret(h.tg.Token())
		h.start(nil)
		h.until("everything has arrived", time.Hour, time.Second, func() bool { return h.settled("公告", h.chats()) && h.tg.Pending() == 0 && h.idle() })
		most, _ := h.copies("公告")
		if asked > 61 || !ok || alarmed.Sub(revoked) > time.Minute || h.arrived("公告") != people || most > 1 {
			t.Errorf("%d requests in an hour, told %v after %s, %d of %d arrived, %d copies", asked, ok, alarmed.Sub(revoked), h.arrived("公告"), people, most)
		}
		h.tell(fmt.Sprintf("the token is revoked during an announcement to %d, a new one comes after an hour", people),
			"%d requests in that hour, told after %s; 0 lost, %d copy each with the new token", asked, alarmed.Sub(revoked).Round(time.Second), most)
	})
}

type counts struct {
	doer
	n atomic.Int64
}

func (c *counts) Do(r *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return c.doer.Do(r)
}

// TestF20_DownWhileMuchWasDue stops the program for 10 minutes, 3 hours and 25 hours while a thousand deadlines pass.
func TestF20_DownWhileMuchWasDue(t *testing.T) {
	people, tasks := forms(8, 200), 5
	for _, down := range []time.Duration{10 * time.Minute, 3 * time.Hour, 25 * time.Hour} {
		t.Run(down.String(), func(t *testing.T) {
			play(t, people, free, func(t *testing.T, h *house) {
				all := codes(tasks)
				h.issue(people, "2026-11-24 09:05", all...)
				time.Sleep(24*time.Hour - 2*time.Minute)
				h.people[0].Send("/tasks") // somebody is at it when the program goes
				time.Sleep(time.Minute)
				h.stop()
				time.Sleep(down)
				back := time.Now()
				h.start(nil)
				first := h.until("the first hears of it", time.Minute, time.Second, func() bool { return h.toldSince(back, all) > 0 })
				took := h.until("everybody has heard of every item", time.Hour, time.Second, func() bool { return h.toldSince(back, all) == people*tasks && h.idle() })
				offline := 0
				for _, e := range h.tg.Events(0, sim.Sent) {
					if strings.Contains(e.Message.Body(), "系统曾离线") {
						offline++
					}
				}
				if first > time.Minute || offline == 0 {
					t.Errorf("the first after %s, %d told of the outage", first, offline)
				}
				tell(t, fmt.Sprintf("down for %s while %d deadlines pass", short(down), people*tasks),
					fmt.Sprintf("all %d told, merged for each person, the first %s and the last %s after the start; %d told of the outage", people*tasks, first.Round(time.Second), took.Round(time.Second), offline))
			})
		})
	}
}

// short writes a number of whole minutes or hours.
func short(d time.Duration) string {
	if d < time.Hour {
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return fmt.Sprintf("%d h", d/time.Hour)
}

// toldSince counts the items of people that stand in a message which they have got since an instant.
func (h *house) toldSince(at time.Time, codes []string) (n int) {
	for _, p := range h.people {
		var got strings.Builder
		for _, e := range h.tg.Events(p.ID(), sim.Sent) {
			if !e.At.Before(at) {
				got.WriteString(e.Message.Body())
			}
		}
		for _, code := range codes {
			if strings.Contains(got.String(), code) {
				n++
			}
		}
	}
	return n
}

// TestF27_PressesWhileDeaf presses a button and writes a message while the program cannot reach Telegram for 2, 4 and 10 minutes.
func TestF27_PressesWhileDeaf(t *testing.T) {
	for _, deaf := range []time.Duration{2 * time.Minute, 4 * time.Minute, 10 * time.Minute} {
		t.Run(deaf.String(), func(t *testing.T) {
			play(t, 2, free, func(t *testing.T, h *house) {
				h.issue(2, "2026-12-30", "T-00")
				time.Sleep(10 * time.Second)
				h.tg.Break(sim.Fault{Trouble: sim.Refused})
				time.Sleep(30 * time.Second) // the poll that is under way ends
				presser, writer := h.people[0], h.people[1]
				if err := presser.PressOn(presser.Find("T-00"), "签收"); err != nil {
					t.Fatal(err)
				}
				writer.Reply(writer.Find("T-00"), "收到")
				time.Sleep(deaf)
				h.tg.Mend()
				time.Sleep(time.Minute)
				effects := h.effects(duban.EventAccepted)
				told := presser.Find("系统曾离线") != nil
				pressed := len(effects) == 2
				if len(effects) == 0 || pressed != (deaf <= 2*time.Minute) || !pressed && !told {
					t.Errorf("%d effects, told of the outage %v", len(effects), told)
				}
				result := "the press and the message count"
				if !pressed {
					result = "the message counts, the press is gone at Telegram, and who may have pressed is told to press again"
				}
				tell(t, fmt.Sprintf("a press and a message while Telegram cannot be reached for %s", short(deaf)), result)
			})
		})
	}
}
