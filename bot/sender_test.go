package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"duban"
	"duban/sim"
	"duban/store"
	"duban/text"
)

// sends runs the sender for a while after something was posted.
func (f *office) sends(d time.Duration) {
	f.tb.Helper()
	f.during(f.sender().Run, func() { time.Sleep(d); synctest.Wait() })
}

func TestEveryLetterArrivesOnceInTheOrderOfItsChat(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		people := []*sim.Person{f.person("王芳"), f.person("李处"), f.person("张三")}
		var wanted []string
		for i := range 20 {
			wanted = append(wanted, fmt.Sprint("第", i))
			for _, p := range people {
				f.say(fmt.Sprint(p.ID(), i), duban.LaneReminder, plainly(p, wanted[i]))
			}
		}
		f.sends(time.Minute)
		for _, p := range people {
			wantAll(t, f.texts(p.ID()), wanted)
		}
		want(t, f.letter(fmt.Sprint(people[0].ID(), 0)).State, duban.Sent)
		want(t, f.stats.Figures().Sends[SendLabel{duban.LaneReminder, Delivered}], int64(60))
	})
}

func TestAnswersGoFirst(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		for i := range 100 {
			p := f.person(fmt.Sprint("人", i))
			f.say(fmt.Sprint("a", i), duban.LaneAnnouncement, plainly(p, "公告"))
			if i < 20 {
				f.say(fmt.Sprint("r", i), duban.LaneReminder, plainly(f.person("x"), "提醒"))
				f.say(fmt.Sprint("e", i), duban.LaneEscalation, plainly(f.person("x"), "升级"))
			}
		}
		wang := f.person("王芳")
		f.during(f.sender().Run, func() {
			time.Sleep(3 * time.Second)
			f.say("answer", duban.LaneAnswer, plainly(wang, "已签收"))
			asked := time.Now()
			m, err := wang.WaitAnswer(time.Second, "已签收")
			if err != nil {
				t.Fatal(err)
			}
			if late := time.Unix(m.Date, 0).Sub(asked); late > time.Second {
				t.Errorf("answered after %v", late)
			}
			time.Sleep(time.Minute)
		})
		var lanes []string
		for _, m := range f.tg.Delivered(0) {
			lanes = append(lanes, m.Body())
		}
		want(t, slices.Index(lanes, "提醒") >= 20, true)
		want(t, slices.Index(lanes, "公告") >= 40, true)
		want(t, len(lanes), 141)
	})
}

func TestAPausedChatHoldsNobodyUp(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		wang, li := f.person("王芳"), f.person("李处")
		f.tg.Break(sim.Fault{Trouble: sim.TooManyRequests, Chat: wang.ID(), RetryAfter: 10_072, Times: 1})
		for i := range 150 {
			f.say(fmt.Sprint("w", i), duban.LaneReminder, plainly(wang, fmt.Sprint(i)))
		}
		for i := range 50 {
			f.say(fmt.Sprint("l", i), duban.LaneReminder, plainly(li, fmt.Sprint(i)))
		}
		f.during(f.sender().Run, func() {
			time.Sleep(time.Minute)
			want(t, len(f.texts(li.ID())), 50)
			want(t, len(f.tg.Requests("sendMessage")), 51)
			want(t, f.stats.Figures().LongestWait.After(time.Now().Add(2*time.Hour)), true)
			time.Sleep(10_072 * time.Second)
		})
		want(t, len(f.texts(wang.ID())), 150)
		want(t, f.texts(wang.ID())[149], "149")
		for _, r := range f.tg.Requests("sendMessage") {
			want(t, r.Early, false)
		}
	})
}

func TestAStormOf429LosesAndRepeatsNothing(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{Seed: 5}, usual)
		for _, after := range []int{1, 2, 4, 17, 60} {
			f.tg.Break(sim.Fault{Trouble: sim.TooManyRequests, Methods: []string{"sendMessage"}, Probability: 0.15, RetryAfter: after})
		}
		for i := range 100 {
			p := f.person("人")
			f.say(fmt.Sprint("a", i), duban.LaneAnnouncement, plainly(p, "公告"))
			f.say(fmt.Sprint("b", i), duban.LaneAnnouncement, plainly(p, "公告二"))
		}
		f.during(f.sender().Run, func() {
			time.Sleep(10 * time.Minute)
			f.tg.Mend()
			time.Sleep(30 * time.Minute)
		})
		for _, p := range f.tg.People() {
			wantAll(t, f.texts(p.ID()), []string{"公告", "公告二"})
		}
		for _, r := range f.tg.Requests("sendMessage") {
			want(t, r.Early, false)
		}
		want(t, f.letter("a0").Attempts, 1)
	})
}

func TestAnAnswerThatWasLostIsFollowedByOneSecondCopy(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		wang := f.person("王芳")
		f.tg.Break(sim.Fault{Trouble: sim.ResetAfter, Methods: []string{"sendMessage"}, Times: 1})
		f.say("a", duban.LaneAnswer, plainly(wang, "已签收"))
		f.during(f.sender().Run, func() {
			time.Sleep(50 * time.Second)
			want(t, len(f.texts(wang.ID())), 1)
			want(t, f.letter("a").State, duban.Unknown)
			time.Sleep(20 * time.Second)
		})
		want(t, len(f.texts(wang.ID())), 2)
		l := f.letter("a")
		want(t, l.State, duban.Sent)
		want(t, l.Attempts, 2)
	})
}

func TestThereAreNeverThreeCopies(t *testing.T) {
	for name, trouble := range map[string]sim.Trouble{"reset": sim.ResetAfter, "empty": sim.EmptyAnswer, "truncated": sim.TruncatedAnswer} {
		t.Run(name, func(t *testing.T) {
			inFakeTime(t, func(t *testing.T) {
				f := mustOffice(t, sim.Options{}, usual)
				wang := f.person("王芳")
				f.tg.Break(sim.Fault{Trouble: trouble, Methods: []string{"sendMessage"}})
				f.say("a", duban.LaneAnswer, plainly(wang, "已签收"))
				f.sends(time.Hour)
				want(t, len(f.texts(wang.ID())), 2)
				want(t, f.letter("a").State, duban.Failed)
				want(t, f.letter("a").Reason, outcomeUnknown)
				want(t, f.failed["a"], outcomeUnknown)
			})
		})
	}
}

func TestAServerErrorMayHaveHadItsEffect(t *testing.T) {
	for _, trouble := range []sim.Trouble{sim.ServerError, sim.BadGateway} {
		inFakeTime(t, func(t *testing.T) {
			f := mustOffice(t, sim.Options{}, usual)
			wang := f.person("王芳")
			f.tg.Break(sim.Fault{Trouble: trouble, Methods: []string{"sendMessage"}, Times: 1})
			f.say("a", duban.LaneAnswer, plainly(wang, "已签收"))
			f.sends(59 * time.Second)
			want(t, f.letter("a").State, duban.Unknown)
			f.sends(2 * time.Second)
			want(t, f.letter("a").State, duban.Sent)
		})
	}
}

func TestNoConnectionIsNoAttempt(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		wang := f.person("王芳")
		f.tg.Break(sim.Fault{Trouble: sim.Refused})
		for i := range 3 {
			f.say(fmt.Sprint(i), duban.LaneReminder, plainly(wang, fmt.Sprint(i)))
		}
		f.during(f.sender().Run, func() {
			time.Sleep(30 * time.Minute)
			f.tg.Mend()
			time.Sleep(10 * time.Second)
		})
		wantAll(t, f.texts(wang.ID()), []string{"0", "1", "2"})
		want(t, f.letter("0").Attempts, 1)
		want(t, f.letter("0").Refusals > 100, true)
	})
}

func TestAnEditIsRepeatedUntilItIsCertain(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		wang := f.person("王芳")
		id := mustDo(t, f, plainly(wang, "未签收")).MessageID
		f.tg.Break(sim.Fault{Trouble: sim.ResetAfter, Methods: []string{"editMessageText"}, Times: 5})
		o := plainly(wang, "已签收")
		o.Edit = id
		f.say("a", duban.LaneAnswer, o)
		f.sends(5 * time.Minute)
		want(t, f.letter("a").State, duban.Sent)
		want(t, f.letter("a").Attempts, 1)
		want(t, len(f.texts(wang.ID())), 1)
		want(t, len(f.tg.Requests("editMessageText")), 6)
	})
}

func TestWhoCannotBeReachedIsToldWithTheReason(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		lost := map[string]string{}
		f.hooks.Unreachable = func(_ *store.Tx, l duban.Letter, reason string) error {
			lost[l.Key] = reason
			return nil
		}
		blocked, gone, never := f.person("王芳"), f.person("李处"), f.tg.NewPerson("张三", "")
		blocked.Block()
		gone.Deactivate()
		for key, o := range map[string]Outgoing{"blocked": plainly(blocked, "x"), "gone": plainly(gone, "x"), "never": plainly(never, "x"), "nobody": {ChatID: 12345, Text: "x"}} {
			f.say(key, duban.LaneReminder, o)
		}
		f.sends(time.Hour)
		wanted := map[string]string{"blocked": "blocked", "gone": "deactivated", "never": "never_started", "nobody": "chat_not_found"}
		want(t, fmt.Sprint(lost), fmt.Sprint(wanted))
		want(t, fmt.Sprint(f.failed), fmt.Sprint(wanted))
		want(t, f.letter("blocked").State, duban.Failed)
		want(t, f.letter("blocked").Reason, "blocked")
		want(t, len(f.tg.Requests("sendMessage")), 4)
	})
}

func TestWhatTelegramRejectsEndsVisibly(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		wang := f.person("王芳")
		f.tg.Break(sim.Fault{Trouble: sim.Answer, Code: 403, Description: "Forbidden: a rule of tomorrow", Methods: []string{"sendMessage"}, Times: 1})
		f.say("a", duban.LaneReminder, plainly(wang, "一"))
		f.say("b", duban.LaneReminder, plainly(wang, "二"))
		f.sends(time.Hour)
		want(t, f.letter("a").State, duban.Failed)
		want(t, f.failed["a"], "sendMessage: 403 Forbidden: a rule of tomorrow")
		wantAll(t, f.texts(wang.ID()), []string{"二"})
	})
}

func TestARevokedTokenIsTriedOnceAMinuteAndLosesNothing(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		poller := f.poller()
		revoked := f.tg.Break(sim.Fault{Trouble: sim.Answer, Code: 401, Description: "Unauthorized"})
		for i := range 40 {
			f.say(fmt.Sprint(i), duban.LaneReminder, plainly(f.person("人"), "提醒"))
		}
		f.during(f.sender().Run, func() {
			f.during(poller.Poll, func() {
				time.Sleep(time.Second)
				want(t, f.stats.Figures().TokenRefused.IsZero(), false)
				before := revoked.Hits()
				time.Sleep(30 * time.Minute)
				within(t, revoked.Hits()-before, 28, 31)
				revoked.Off()
				time.Sleep(2 * time.Minute)
			})
		})
		want(t, len(f.tg.Delivered(0)), 40)
		want(t, f.stats.Figures().TokenRefused.IsZero(), true)
	})
}

func TestALetterThatIsNoLongerTrueIsNotSent(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		wang := f.person("王芳")
		f.hooks.Render = func(_ context.Context, l duban.Letter) (Outgoing, error) {
			return Outgoing{}, &Undeliverable{duban.LetterState(l.Data), "why"}
		}
		for _, state := range []duban.LetterState{duban.Cancelled, duban.Missed, duban.Failed} {
			f.post(duban.Notice{Key: string(state), Kind: duban.NewsReminder, Lane: duban.LaneReminder, ChatID: wang.ID(), Data: string(state)})
		}
		f.sends(time.Second)
		for _, state := range []duban.LetterState{duban.Cancelled, duban.Missed, duban.Failed} {
			want(t, f.letter(string(state)).State, state)
			want(t, f.letter(string(state)).Reason, "why")
		}
		want(t, fmt.Sprint(f.failed), "map[failed:why]")
		want(t, len(f.texts(wang.ID())), 0)
	})
}

func TestALetterThatWasCancelledMeanwhileIsNotSent(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, PaceLimits{ChatPerSecond: 0.1})
		wang := f.person("王芳")
		for i := range 5 {
			n := notice(t, fmt.Sprint(i), duban.LaneReminder, plainly(wang, fmt.Sprint(i)))
			n.Kind, n.AssignmentID = duban.NewsReminder, 7
			f.post(n)
		}
		f.during(f.sender().Run, func() {
			time.Sleep(time.Second)
			f.write(func(tx *store.Tx) error { return tx.CancelPushes(7, "办结") })
			time.Sleep(time.Hour)
		})
		want(t, len(f.texts(wang.ID())), 3)
		want(t, f.letter("3").State, duban.Missed)
	})
}

func TestARendererThatFailsIsTriedAgainAndInTheEndTold(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		wang := f.person("王芳")
		var tries atomic.Int64
		f.hooks.Render = func(_ context.Context, l duban.Letter) (Outgoing, error) {
			switch l.Key {
			case "shaky":
				if tries.Add(1) < 3 {
					return Outgoing{}, errors.New("not yet")
				}
			case "broken":
				panic("no words")
			}
			return RenderAnswer(l)
		}
		f.say("shaky", duban.LaneReminder, plainly(wang, "一"))
		f.say("broken", duban.LaneReminder, plainly(wang, "二"))
		f.say("good", duban.LaneReminder, plainly(wang, "三"))
		f.sends(time.Hour)
		want(t, f.letter("shaky").State, duban.Sent)
		want(t, f.letter("broken").State, duban.Failed)
		want(t, f.failed["broken"], "render: panic: no words")
		wantAll(t, f.texts(wang.ID()), []string{"三", "一"})
	})
}

func TestALiveMessageIsSentOnceAndThenEdited(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		wang := f.person("王芳")
		person := f.bound(wang)
		var words atomic.Value
		f.hooks.Render = func(ctx context.Context, l duban.Letter) (Outgoing, error) {
			o := plainly(wang, words.Load().(string))
			o.Subject = "assignment:12"
			err := f.store.Read(ctx, func(tx *store.Tx) error {
				card, err := tx.Card(o.Subject, person)
				o.Edit = card.MessageID
				if duban.CodeOf(err) == duban.NotFound {
					return nil
				}
				return err
			})
			return o, err
		}
		card := duban.Notice{Key: "card:12", Kind: duban.NewsCard, Lane: duban.LaneAnswer, PersonID: person, AssignmentID: 12}
		f.during(f.sender().Run, func() {
			for _, said := range []string{"未签收", "已签收", "已上报"} {
				words.Store(said)
				f.post(card)
				time.Sleep(time.Second)
			}
			f.write(func(tx *store.Tx) error {
				c, err := tx.Card("assignment:12", person)
				if err != nil {
					return err
				}
				return f.client.Delete(t.Context(), c.ChatID, c.MessageID)
			})
			words.Store("已办结")
			f.post(card)
			time.Sleep(time.Second)
		})
		wantAll(t, f.texts(wang.ID()), []string{"未签收", "已办结"})
		want(t, len(f.tg.Events(wang.ID(), sim.Edited)), 2)
		last := f.tg.Delivered(wang.ID())[1]
		f.write(func(tx *store.Tx) error {
			c, err := tx.Card("assignment:12", person)
			want(t, c.MessageID, int64(last.ID))
			m, _ := tx.MessageAt(wang.ID(), int64(last.ID))
			want(t, m.AssignmentID, int64(12))
			want(t, m.PersonID, person)
			return err
		})
		f.tg.Forgive()
	})
}

func TestAChangeWhileALiveMessageIsOnItsWayIsShownToo(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		wang := f.person("王芳")
		person := f.bound(wang)
		var words atomic.Value
		words.Store("一")
		f.hooks.Render = func(context.Context, duban.Letter) (Outgoing, error) {
			return Outgoing{ChatID: wang.ID(), Text: text.HTML(words.Load().(string))}, nil
		}
		f.tg.Break(sim.Fault{Trouble: sim.Slow, Delay: 3 * time.Second, Methods: []string{"sendMessage"}, Times: 1})
		card := duban.Notice{Key: "card", Kind: duban.NewsCard, Lane: duban.LaneAnswer, PersonID: person}
		f.post(card)
		f.during(f.sender().Run, func() {
			time.Sleep(time.Second)
			words.Store("二")
			f.post(card)
			time.Sleep(time.Minute)
		})
		wantAll(t, f.texts(wang.ID()), []string{"一", "二"})
	})
}

func TestTheNextReminderReplacesTheOneBefore(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		wang := f.person("王芳")
		person := f.bound(wang)
		card := plainly(wang, "年度总结")
		card.Subject = "assignment:12"
		f.say("card", duban.LaneAnswer, card)
		f.sends(time.Second)
		for i := range 2 {
			reminder := plainly(wang, fmt.Sprint("提醒", i))
			reminder.Reminds, reminder.About = "assignment:12", About{AssignmentID: 12}
			f.write(func(tx *store.Tx) error {
				c, err := tx.Card("assignment:12", person)
				reminder.ReplyTo, reminder.Delete = c.MessageID, c.ReminderID
				return err
			})
			f.say(fmt.Sprint("r", i), duban.LaneReminder, reminder)
			f.sends(time.Second)
		}
		want(t, len(f.tg.Events(wang.ID(), sim.Deleted)), 1)
		all := f.tg.Delivered(wang.ID())
		want(t, all[2].ReplyTo.ID, all[0].ID)
		f.write(func(tx *store.Tx) error {
			c, err := tx.Card("assignment:12", person)
			want(t, c.ReminderID, int64(all[2].ID))
			m, err2 := tx.MessageAt(wang.ID(), int64(all[2].ID))
			want(t, m.AssignmentID, int64(12))
			return errors.Join(err, err2)
		})
	})
}

// bound makes a roster entry for somebody whose account is bound, and returns its id.
func (f *office) bound(p *sim.Person) (person int64) {
	f.tb.Helper()
	f.write(func(tx *store.Tx) (err error) {
		if person, err = tx.AddPerson(duban.Person{Code: fmt.Sprint(p.ID()), Name: p.Name(), Active: true}); err != nil {
			return err
		}
		_, err = tx.Bind(person, p.ID(), "zh-CN")
		return err
	})
	return person
}

func TestTheDeliveryAndWhatFollowsFromItAreOneTransaction(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		wang := f.person("王芳")
		var calls int
		f.hooks.Delivered = func(tx *store.Tx, l duban.Letter, o Outgoing, message int64) error {
			calls++
			want(t, o.Text, text.HTML("提醒"))
			want(t, message > 0, true)
			if calls < 3 {
				return errors.New("the hook stumbles")
			}
			return tx.SetMeta("delivered", l.Key)
		}
		f.say("a", duban.LaneReminder, plainly(wang, "提醒"))
		f.sends(time.Minute)
		want(t, calls, 3)
		want(t, len(f.texts(wang.ID())), 1)
		want(t, f.letter("a").State, duban.Sent)
	})
}

func TestAHookThatAlwaysFailsDoesNotUndoWhatTelegramHasDone(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		wang := f.person("王芳")
		f.hooks.Delivered = func(*store.Tx, duban.Letter, Outgoing, int64) error { panic("bug") }
		f.say("a", duban.LaneReminder, plainly(wang, "一"))
		f.say("b", duban.LaneReminder, plainly(wang, "二"))
		f.sends(time.Minute)
		wantAll(t, f.texts(wang.ID()), []string{"一", "二"})
		want(t, f.letter("a").State, duban.Sent)
	})
}

func TestAfterACrashWhatWasGoingOutGetsOneMoreCopyAtMost(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		wang := f.person("王芳")
		f.say("first", duban.LaneReminder, plainly(wang, "一"))
		f.say("second", duban.LaneReminder, plainly(wang, "二"))
		f.say("waits", duban.LaneReminder, plainly(wang, "三"))
		// The program was killed between marking and the answer: once for the first letter, twice for the second.
		for _, key := range []string{"first", "second", "second"} {
			id := f.letter(key).ID
			f.write(func(tx *store.Tx) error {
				if err := tx.MarkUnknown(id, tx.Now, ""); err != nil {
					return err
				}
				_, err := tx.MarkSending(id)
				return err
			})
		}
		f.during(f.sender().Run, func() {
			time.Sleep(time.Second)
			want(t, f.letter("first").State, duban.Unknown)
			want(t, f.letter("second").State, duban.Failed)
			wantAll(t, f.texts(wang.ID()), []string{"三"})
			time.Sleep(time.Minute)
		})
		wantAll(t, f.texts(wang.ID()), []string{"三", "一"})
		want(t, f.failed["second"], outcomeUnknown)
	})
}

func TestAStopLetsWhatIsOnItsWayArriveAndRepeatsNothing(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		f.tg.Break(sim.Fault{Trouble: sim.Slow, Delay: 8 * time.Second, Methods: []string{"sendMessage"}})
		for i := range 400 {
			f.say(fmt.Sprint(i), duban.LaneAnnouncement, plainly(f.person("人"), "公告"))
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { f.sender().Run(ctx); close(done) }()
		time.Sleep(4 * time.Second)
		stop()
		stopped := time.Now()
		<-done
		want(t, time.Since(stopped), 4*time.Second)
		want(t, len(f.tg.Delivered(0)), sendConnections)
		f.tg.Mend()
		f.sends(10 * time.Second)
		want(t, len(f.tg.Delivered(0)), 400)
		for _, n := range f.tg.Copies(0) {
			want(t, n, 400)
		}
	})
}

func TestAStopDoesNotWaitForEver(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		wang := f.person("王芳")
		f.tg.Break(sim.Fault{Trouble: sim.Slow, Delay: time.Hour, Methods: []string{"sendMessage"}, Times: 1})
		f.say("a", duban.LaneAnswer, plainly(wang, "一"))
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { f.sender().Run(ctx); close(done) }()
		time.Sleep(time.Second)
		stop()
		stopped := time.Now()
		<-done
		want(t, time.Since(stopped) <= stopPatience, true)
		want(t, f.letter("a").Attempts, 1)
		want(t, f.letter("a").State != duban.Sent, true)
	})
}

func TestLettersOfOneChatNeverOvertakeUnderConcurrency(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{Seed: 3}, freely)
		f.tg.Break(sim.Fault{Trouble: sim.TooManyRequests, Methods: []string{"sendMessage"}, Probability: 0.1, RetryAfter: 1})
		f.tg.Break(sim.Fault{Trouble: sim.Slow, Delay: 700 * time.Millisecond, Methods: []string{"sendMessage"}, Probability: 0.3})
		var people []*sim.Person
		for range 15 {
			people = append(people, f.person("人"))
		}
		f.during(f.sender().Run, func() {
			for i := range 30 {
				for _, p := range people {
					f.say(fmt.Sprint(p.ID(), "-", i), duban.LaneReminder, plainly(p, fmt.Sprint(i)))
				}
				time.Sleep(100 * time.Millisecond)
			}
			time.Sleep(10 * time.Minute)
		})
		for _, p := range people {
			got := f.texts(p.ID())
			want(t, len(got), 30)
			for i, words := range got {
				want(t, words, fmt.Sprint(i))
			}
		}
	})
}

func TestALetterForLaterLeavesOnTime(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, usual)
		wang := f.person("王芳")
		n := notice(t, "a", duban.LaneReminder, plainly(wang, "提醒"))
		n.NotBefore = time.Now().Add(3*time.Hour + 17*time.Minute)
		f.post(n)
		f.sends(4 * time.Hour)
		want(t, f.stats.Figures().Lateness[duban.LaneReminder].Max < time.Second, true)
		want(t, f.letter("a").DoneAt.Sub(n.NotBefore) < time.Second, true)
	})
}

func TestAnAnnouncementLeavesAtTwentyFiveASecond(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{Pace: sim.UsualPace()}, usual)
		var notices []duban.Notice
		for i := range 200 {
			notices = append(notices, notice(t, fmt.Sprint(i), duban.LaneAnnouncement, plainly(f.person("人"), "公告")))
		}
		f.post(notices...)
		f.sends(time.Minute)
		lateness := f.stats.Figures().Lateness[duban.LaneAnnouncement]
		want(t, lateness.Count, int64(200))
		within(t, int(lateness.Max/time.Second), 7, 8)
		want(t, f.stats.Figures().Sends[SendLabel{duban.LaneAnnouncement, Throttled}], int64(0))
	})
}

func TestPaidAnnouncementsSaySoAndTheirEditsKeepTheFreePace(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		limits := usual
		limits.PaidPerSecond = 200
		f := mustOffice(t, sim.Options{}, limits)
		var notices []duban.Notice
		for i := range 400 {
			notices = append(notices, notice(t, fmt.Sprint(i), duban.LaneAnnouncement, plainly(f.person("人"), "公告")))
		}
		f.post(notices...)
		f.sends(3 * time.Second)
		want(t, len(f.tg.Delivered(0)), 400)
		for _, r := range f.tg.Requests("sendMessage") {
			want(t, r.Params["allow_paid_broadcast"] == true, true)
		}
		var edits []duban.Notice
		for _, e := range f.tg.Events(0, sim.Sent) {
			o := Outgoing{ChatID: e.Chat, Text: "更正", Edit: int64(e.Message.ID)}
			edits = append(edits, notice(t, fmt.Sprint("edit ", e.Chat), duban.LaneAnnouncement, o))
		}
		f.post(edits...)
		f.sends(2 * time.Second)
		within(t, len(f.tg.Events(0, sim.Edited)), 45, 65)
		f.sends(20 * time.Second)
		want(t, len(f.tg.Events(0, sim.Edited)), 400)
	})
}
