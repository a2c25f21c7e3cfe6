package bot

import (
	"testing"
	"time"

	"duban"
)

// nine is the moment at which the tables begin.
var nine = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

// leave lets as many messages leave as the pace allows in a span, to a new chat each time or to the same one, and returns how many.
func leave(p *Pace, lane duban.Lane, from time.Time, span time.Duration, chat func(i int) int64) int {
	n := 0
	for now := from; now.Before(from.Add(span)); now = now.Add(5 * time.Millisecond) {
		for p.Ask(now, chat(n), lane).OK {
			p.Charge(now, chat(n), 1, false)
			n++
		}
	}
	return n
}

func everyone(i int) int64 { return int64(i + 1) }

func within(tb testing.TB, got, least, most int) {
	tb.Helper()
	if got < least || got > most {
		tb.Errorf("got %d, want %d to %d", got, least, most)
	}
}

func TestAnAnnouncementLeavesRoomForAnswers(t *testing.T) {
	p := NewPace(usual)
	within(t, leave(p, duban.LaneAnnouncement, nine, time.Minute, everyone), 1495, 1506)
	within(t, leave(NewPace(usual), duban.LaneAnswer, nine, time.Minute, everyone), 1500, 1511)
	// While the announcement takes all it may, an answer leaves at once, five times a second.
	for second := range 10 {
		now := nine.Add(time.Minute + time.Duration(second)*time.Second)
		leave(p, duban.LaneAnnouncement, now, 900*time.Millisecond, everyone)
		for i := range keptForAnswers - 1 {
			if !p.Ask(now.Add(900*time.Millisecond), int64(10_000+i), duban.LaneAnswer).OK {
				t.Fatalf("second %d: answer %d has to wait", second, i+1)
			}
		}
	}
}

func TestPaidAnnouncementsLeaveBesideTheOthers(t *testing.T) {
	limits := usual
	limits.PaidPerSecond = 200
	p := NewPace(limits)
	within(t, leave(p, duban.LaneAnnouncement, nine, 10*time.Second, everyone), 1990, 2045)
	within(t, leave(p, duban.LaneReminder, nine, 10*time.Second, everyone), 245, 256)
	now := nine.Add(time.Minute)
	want(t, p.Ask(now, 7, duban.LaneAnnouncement).Paid, true)
	want(t, p.Ask(now, 8, duban.LaneAnswer).Paid, false)
	p.Penalize(now, 7, 6*time.Second)
	want(t, p.Ask(now.Add(time.Second), 9, duban.LaneAnnouncement).Everyone, true)
}

func TestAChatTakesThreeAtOnceAndThenOneASecond(t *testing.T) {
	one := func(int) int64 { return 7 }
	within(t, leave(NewPace(usual), duban.LaneAnswer, nine, time.Millisecond, one), 3, 3)
	within(t, leave(NewPace(usual), duban.LaneAnswer, nine, time.Minute, one), 62, 63)
}

func TestAGroupTakesEighteenAMinuteIncludingEdits(t *testing.T) {
	p := NewPace(usual)
	n := 0
	for now := nine; now.Before(nine.Add(10 * time.Minute)); now = now.Add(50 * time.Millisecond) {
		if p.Ask(now, -7, duban.LaneAnswer).OK {
			p.Charge(now, -7, 1, n%2 == 0)
			n++
		}
	}
	within(t, n, 180, 183)
}

func TestAnEditInAPrivateChatCostsTheChatNothing(t *testing.T) {
	p := NewPace(usual)
	for range 10 {
		p.Charge(nine, 7, 1, true)
	}
	want(t, p.Ask(nine, 7, duban.LaneAnswer).OK, true)
}

func TestAnAlbumCountsAsManyMessages(t *testing.T) {
	p := NewPace(usual)
	want(t, p.Ask(nine, 7, duban.LaneAnswer).OK, true)
	p.Charge(nine, 7, 10, false)
	turn := p.Ask(nine.Add(time.Second), 7, duban.LaneAnswer)
	want(t, turn.OK, false)
	want(t, turn.Everyone, false)
	within(t, int(turn.At.Sub(nine)/time.Millisecond), 7999, 8001)
}

func TestZeroLiftsALimit(t *testing.T) {
	p := NewPace(freely)
	for range 100_000 {
		if !p.Ask(nine, 7, duban.LaneAnnouncement).OK {
			t.Fatal("something is limited")
		}
		p.Charge(nine, 7, 1, false)
	}
	want(t, len(p.chats), 0)
}

func TestA429PausesItsChat(t *testing.T) {
	p := NewPace(usual)
	want(t, p.Penalize(nine, 7, 3*time.Second), false)
	turn := p.Ask(nine.Add(time.Second), 7, duban.LaneAnswer)
	want(t, turn, Turn{At: nine.Add(3*time.Second + grace)})
	want(t, p.Ask(nine.Add(time.Second), 8, duban.LaneAnswer).OK, true)
	want(t, p.Ask(nine.Add(4*time.Second), 7, duban.LaneAnswer).OK, true)
	want(t, p.Rate(nine), 25.0)
}

func TestTwoChatsRefusedAtOnceArePausedWithEverybody(t *testing.T) {
	p := NewPace(usual)
	p.Penalize(nine, 7, time.Second)
	p.Penalize(nine.Add(9*time.Second), 8, 2*time.Second)
	turn := p.Ask(nine.Add(10*time.Second), 9, duban.LaneAnswer)
	want(t, turn, Turn{At: nine.Add(11*time.Second + grace), Everyone: true})
	p.Penalize(nine.Add(10*time.Second), 8, 30*time.Second)
	want(t, p.Ask(nine.Add(12*time.Second), 9, duban.LaneEscalation).At, nine.Add(40*time.Second+grace))
	want(t, p.Ask(nine.Add(12*time.Second), 9, duban.LaneAnswer).At, nine.Add(15*time.Second))
	want(t, p.Rate(nine.Add(12*time.Second)), 12.5)
}

func TestAWaitOfFiveSecondsIsTakenForAGeneralOne(t *testing.T) {
	p := NewPace(usual)
	p.Penalize(nine, 7, 5*time.Second)
	want(t, p.Ask(nine.Add(5*time.Second), 9, duban.LaneReminder).Everyone, true)
	want(t, p.Ask(nine.Add(6*time.Second), 9, duban.LaneReminder).OK, true)
}

func TestAWaitOfHoursConcernsItsChatAlone(t *testing.T) {
	p := NewPace(usual)
	want(t, p.Penalize(nine, 7, 10_072*time.Second), true)
	want(t, p.Ask(nine.Add(time.Second), 9, duban.LaneAnswer).OK, true)
	for hour := range 3 {
		want(t, p.Ask(nine.Add(time.Duration(hour)*time.Hour), 7, duban.LaneAnswer).OK, false)
	}
	want(t, p.Ask(nine.Add(10_073*time.Second), 7, duban.LaneAnswer).OK, true)
}

func TestAGeneralWaitOfHoursIsTriedAgainAfterFiveMinutes(t *testing.T) {
	p := NewPace(usual)
	p.Penalize(nine, 7, time.Hour)
	p.Penalize(nine, 8, time.Hour)
	want(t, p.Ask(nine.Add(longestGeneral-time.Second), 9, duban.LaneReminder).OK, false)
	want(t, p.Ask(nine.Add(longestGeneral), 9, duban.LaneReminder).OK, true)
}

func TestTheRateIsHalvedOncePerPauseAndComesBackByOneAMinute(t *testing.T) {
	p := NewPace(usual)
	for i := range 16 {
		p.Penalize(nine, int64(i+1), 6*time.Second)
	}
	want(t, p.Rate(nine), 12.5)
	p.Penalize(nine.Add(10*time.Second), 1, 6*time.Second)
	want(t, p.Rate(nine.Add(10*time.Second)), 6.25)
	want(t, p.Rate(nine.Add(10*time.Second+5*time.Minute)), 11.25)
	want(t, p.Rate(nine.Add(time.Hour)), 25.0)
	for i := range 100 {
		p.Penalize(nine.Add(time.Hour+time.Duration(i)*10*time.Second), int64(i+1), 6*time.Second)
	}
	want(t, p.Rate(nine.Add(time.Hour+1000*time.Second)), 1.0)
	within(t, leave(p, duban.LaneAnnouncement, nine.Add(time.Hour+1000*time.Second), 10*time.Second, everyone), 7, 11)
}

func TestIdleChatsAreForgotten(t *testing.T) {
	p := NewPace(usual)
	most := 0
	for minute := range 30 {
		leave(p, duban.LaneAnnouncement, nine.Add(time.Duration(minute)*time.Minute), time.Minute, func(i int) int64 { return int64(minute*10_000 + i + 1) })
		most = max(most, len(p.chats))
	}
	within(t, most, 1, 2*1511)
	p.Ask(nine.Add(2*time.Hour), 1, duban.LaneAnswer)
	want(t, len(p.chats), 0)
}

func TestWhoWaitsIsToldWhenToAskAgain(t *testing.T) {
	p := NewPace(usual)
	now := nine
	for i := range 200 {
		for {
			turn := p.Ask(now, int64(i+1), duban.LaneReminder)
			if turn.OK {
				break
			}
			if !turn.At.After(now) {
				t.Fatalf("told to ask again at once: %v", turn)
			}
			now = turn.At
		}
	}
	within(t, int(now.Sub(nine)/time.Millisecond), 7700, 7900)
}
