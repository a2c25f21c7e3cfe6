package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"duban"
	"duban/sim"
	"duban/store"
	"duban/text"
)

func (f *office) intake(handle Handler) *Intake {
	in := NewIntake(f.client, f.store, f.stats, f.log, handle)
	in.Quarantined = func(_ *store.Tx, u store.Update, why string) error {
		f.failed[fmt.Sprint(u.Seq)] = why
		return nil
	}
	return in
}

// receive puts messages into the inbox.
func (f *office) receive(chat int64, words ...string) {
	f.tb.Helper()
	f.write(func(tx *store.Tx) error {
		for i, w := range words {
			raw, err := json.Marshal(map[string]any{"update_id": i + 1, "message": map[string]any{
				"message_id": i, "date": 1, "chat": map[string]any{"id": chat, "type": "private"}, "from": map[string]any{"id": chat, "first_name": "x"}, "text": w,
			}})
			if err != nil {
				return err
			}
			u, _ := received(raw)
			if _, err := tx.Receive(u); err != nil {
				return err
			}
		}
		return nil
	})
}

// heard notes what a handler was given, by chat.
type heard struct {
	mu   sync.Mutex
	said map[int64][]string
}

func (h *heard) note(u *models.Update) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.said == nil {
		h.said = map[int64][]string{}
	}
	h.said[u.Message.Chat.ID] = append(h.said[u.Message.Chat.ID], u.Message.Text)
}

// of returns what was handled of a chat so far.
func (h *heard) of(chat int64) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.said[chat])
}

func numbers(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprint(i))
	}
	return all
}

func TestUpdatesOfAChatAreHandledInOrderAndChatsAtOnce(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		for chat := range int64(16) {
			f.receive(chat+1, numbers(20)...)
		}
		var h heard
		in := f.intake(func(_ context.Context, _ int64, u *models.Update) ([]Outgoing, error) {
			time.Sleep(time.Second)
			h.note(u)
			return nil, nil
		})
		started := time.Now()
		f.during(in.Run, func() {
			time.Sleep(20*time.Second + time.Millisecond)
			want(t, len(f.inbox()), 0)
		})
		want(t, time.Since(started) < 21*time.Second, true)
		for chat := range int64(16) {
			wantAll(t, h.of(chat+1), numbers(20))
		}
	})
}

func TestASlowChatHoldsNobodyUp(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		f.receive(1, numbers(1000)...)
		f.receive(2, "收到")
		var h heard
		in := f.intake(func(_ context.Context, _ int64, u *models.Update) ([]Outgoing, error) {
			if u.Message.Chat.ID == 1 {
				time.Sleep(time.Second)
			}
			h.note(u)
			return nil, nil
		})
		f.during(in.Run, func() {
			time.Sleep(time.Millisecond)
			wantAll(t, h.of(2), []string{"收到"})
			time.Sleep(1001 * time.Second)
		})
		wantAll(t, h.of(1), numbers(1000))
	})
}

func TestTheAnswerAndTheEndOfTheUpdateAreOneTransaction(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		f.receive(5, "收到")
		in := f.intake(func(_ context.Context, seq int64, u *models.Update) ([]Outgoing, error) {
			return []Outgoing{{ChatID: 5, Text: text.Escape("已签收")}, {ChatID: 6, Text: "待审核", Keyboard: Keyboard{{{Label: "通过", Data: "p"}}}}}, nil
		})
		f.during(in.Run, func() { time.Sleep(time.Second) })
		want(t, len(f.inbox()), 0)
		first, second := f.letter("in:1:0"), f.letter("in:1:1")
		want(t, first.ChatID, int64(5))
		want(t, first.Lane, duban.LaneAnswer)
		want(t, first.Kind, duban.NewsAnswer)
		o, err := RenderAnswer(second)
		if err != nil {
			t.Fatal(err)
		}
		want(t, o.Keyboard[0][0].Label, "通过")
		want(t, o.Text, text.HTML("待审核"))
	})
}

func TestAHandlerThatFailsIsTriedThreeTimesAndThenPutAside(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		f.receive(5, "坏", "好")
		f.receive(6, "慌", "好")
		var h heard
		var at []time.Duration
		started := time.Now()
		in := f.intake(func(_ context.Context, _ int64, u *models.Update) ([]Outgoing, error) {
			switch u.Message.Text {
			case "坏":
				at = append(at, time.Since(started))
				return []Outgoing{{ChatID: 5, Text: "不该说"}}, errors.New("no luck")
			case "慌":
				panic("boom")
			}
			h.note(u)
			return nil, nil
		})
		f.during(in.Run, func() { time.Sleep(time.Minute) })
		wantAll(t, at, []time.Duration{0, time.Second, 6 * time.Second})
		wantAll(t, h.of(5), []string{"好"})
		wantAll(t, h.of(6), []string{"好"})
		want(t, f.failed["1"], "no luck")
		want(t, strings.HasPrefix(f.failed["3"], "panic: boom"), true)
		want(t, f.stats.Figures().Quarantined, int64(2))
		want(t, f.stats.Figures().Retried, int64(4))
		f.write(func(tx *store.Tx) error {
			st, err := tx.InboxState()
			want(t, st.Quarantined, 2)
			want(t, st.Waiting, 0)
			_, none := tx.LetterByKey("in:1:0")
			want(t, duban.CodeOf(none), duban.NotFound)
			return err
		})
	})
}

func TestWhatCannotBeDecodedIsPutAsideAtOnce(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		wang := f.tg.NewPerson("王芳", "")
		for range 20 {
			f.tg.InjectPaidMedia(wang)
			wang.Send("收到")
		}
		var h heard
		in := f.intake(func(_ context.Context, _ int64, u *models.Update) ([]Outgoing, error) {
			h.note(u)
			return nil, nil
		})
		p := f.poller()
		p.Arrived = in.Wake
		f.during(in.Run, func() { f.during(p.Poll, func() { time.Sleep(time.Second) }) })
		want(t, len(h.of(wang.ID())), 20)
		want(t, f.stats.Figures().Quarantined, int64(20))
	})
}

func TestAnUpdateThatKilledTheProgramThreeTimesIsPutAside(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		f.receive(5, "毒")
		for range maxAttempts {
			f.write(func(tx *store.Tx) error { return tx.Attempt(1) })
		}
		in := f.intake(func(context.Context, int64, *models.Update) ([]Outgoing, error) {
			t.Error("it was handled again")
			return nil, nil
		})
		f.during(in.Run, func() { time.Sleep(time.Second) })
		want(t, len(f.inbox()), 0)
		want(t, f.failed["1"], "the program ended three times while this was handled")
	})
}

func TestTheAttemptIsCountedBeforeTheHandlerRuns(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		f.receive(5, "收到")
		in := f.intake(func(context.Context, int64, *models.Update) ([]Outgoing, error) {
			want(t, f.inbox()[0].Attempts, 1)
			return nil, nil
		})
		f.during(in.Run, func() { time.Sleep(time.Second) })
	})
}

func TestAStopLetsHandlersFinishAndLeavesTheRest(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		f.receive(5, numbers(10)...)
		in := f.intake(func(ctx context.Context, _ int64, _ *models.Update) ([]Outgoing, error) {
			time.Sleep(4 * time.Second)
			return nil, ctx.Err()
		})
		f.during(in.Run, func() { time.Sleep(5 * time.Second) })
		want(t, len(f.inbox()), 8)
		want(t, f.inbox()[0].Attempts, 0)
	})
}

func TestWhatTheStopCutsShortIsNoAttempt(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		f.receive(5, "收到")
		for range 5 {
			in := f.intake(func(ctx context.Context, _ int64, _ *models.Update) ([]Outgoing, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			})
			stopped := time.Now()
			f.during(in.Run, func() { time.Sleep(time.Second) })
			want(t, time.Since(stopped), time.Second+stopPatience)
		}
		want(t, f.inbox()[0].Attempts, 0)
		want(t, f.stats.Figures().Quarantined, int64(0))
	})
}

func TestAStormAcrossManyChatsKeepsEveryOrder(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		const chats, each = 50, 40
		for i := range each {
			for chat := range int64(chats) {
				f.receive(chat+1, fmt.Sprint(i))
			}
		}
		var h heard
		var tried sync.Map
		in := f.intake(func(_ context.Context, seq int64, u *models.Update) ([]Outgoing, error) {
			if _, before := tried.LoadOrStore(seq, true); seq%7 == 0 && !before {
				return nil, errors.New("again")
			}
			h.note(u)
			return nil, nil
		})
		f.during(in.Run, func() { time.Sleep(10 * time.Minute) })
		for chat := range int64(chats) {
			wantAll(t, h.of(chat+1), numbers(each))
		}
	})
}

// longInbox is an inbox of which half the rows are from one chat.
type longInbox struct {
	rows []store.Update
	done map[int64]bool
}

func (l *longInbox) page(after int64, limit int) ([]store.Update, error) {
	var page []store.Update
	for _, u := range l.rows[after:] {
		if len(page) == limit {
			break
		}
		if !l.done[u.Seq] {
			page = append(page, u)
		}
	}
	return page, nil
}

func TestABacklogOfAHundredThousandIsHandledInOrderAndNeverHeldAsAWhole(t *testing.T) {
	const all = 100_000
	inbox := longInbox{done: map[int64]bool{}}
	for i := range int64(all) {
		u := store.Update{Seq: i + 1, Lane: i%50 + 1, Raw: make([]byte, 500)}
		if i%2 == 0 {
			u.Lane = 99
		}
		inbox.rows = append(inbox.rows, u)
	}
	lines := newBacklog()
	most := 0
	last := map[int64]int64{}
	for len(inbox.done) < all {
		if err := lines.load(inbox.page); err != nil {
			t.Fatal(err)
		}
		most = max(most, lines.rows)
		taken := lines.takeAll(1, nine)
		if len(taken) == 0 {
			t.Fatalf("nothing to do with %d of %d handled", len(inbox.done), all)
		}
		u := taken[0]
		if u.Seq <= last[u.Lane] {
			t.Fatalf("chat %d: row %d after %d", u.Lane, u.Seq, last[u.Lane])
		}
		last[u.Lane], inbox.done[u.Seq] = u.Seq, true
		lines.settle(attempted{lane: u.Lane}, nine)
	}
	within(t, most, 1, backlogRows+lineLength)
}

func TestAnUpdateDuringWhichTheProgramEndedTwiceIsHandledAlone(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		for chat := range int64(5) {
			f.receive(chat+1, "收到", "好")
		}
		// Chats 1 to 3 were being handled when the program was killed, twice.
		f.write(func(tx *store.Tx) error { return errors.Join(tx.Attempt(1, 3, 5), tx.Attempt(1, 3, 5)) })
		var mu sync.Mutex
		running, beside := 0, map[int64]int{}
		in := f.intake(func(_ context.Context, seq int64, _ *models.Update) ([]Outgoing, error) {
			mu.Lock()
			running++
			beside[seq] = max(beside[seq], running)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			running--
			mu.Unlock()
			return nil, nil
		})
		f.during(in.Run, func() { time.Sleep(20 * time.Second) })
		want(t, len(f.inbox()), 0)
		want(t, len(f.failed), 0)
		for _, seq := range []int64{1, 3, 5} {
			want(t, beside[seq], 1)
		}
		want(t, beside[7] > 1 || beside[9] > 1, true)
	})
}
