package bot

import (
	"testing"
	"time"

	"duban"
)

func TestLatenessIsCountedInItsBucket(t *testing.T) {
	var s Stats
	for _, late := range []time.Duration{-time.Second, 0, time.Second, time.Second + 1, 10 * time.Second, 2 * time.Hour} {
		s.late(duban.LaneReminder, late)
	}
	got := s.Figures().Lateness[duban.LaneReminder]
	wantAll(t, got.Buckets, []int64{3, 1, 1, 0, 0, 0, 0, 0})
	want(t, got.Count, int64(6))
	want(t, got.Max, 2*time.Hour)
	want(t, got.Sum, 2*time.Hour+12*time.Second+1)
}

func TestFiguresAreACopy(t *testing.T) {
	var s Stats
	s.outcome(duban.LaneAnswer, Delivered)
	s.late(duban.LaneAnswer, 0)
	f := s.Figures()
	s.outcome(duban.LaneAnswer, Delivered)
	s.late(duban.LaneAnswer, 0)
	want(t, f.Sends[SendLabel{duban.LaneAnswer, Delivered}], int64(1))
	want(t, f.Lateness[duban.LaneAnswer].Buckets[0], int64(1))
}

func TestARefusedTokenIsAskedAboutOnceAMinuteByTheWholeProgram(t *testing.T) {
	var s Stats
	want(t, s.mayAsk(nine), true)
	want(t, s.tokenRefused(nine), true)
	want(t, s.tokenRefused(nine.Add(time.Second)), false)
	asked := 0
	for second := range 600 {
		if s.mayAsk(nine.Add(time.Duration(second) * time.Second)) {
			asked++
		}
	}
	want(t, asked, 9)
	s.outcome(duban.LaneAnswer, Delivered)
	want(t, s.mayAsk(nine.Add(601*time.Second)), true)
	want(t, s.Figures().TokenRefused.IsZero(), true)
}
