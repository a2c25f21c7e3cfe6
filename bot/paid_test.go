package bot

import (
	"fmt"
	"testing"
	"time"

	"duban"
	"duban/sim"
)

// TestWhatTelegramTakesNoPaymentForKeepsTheFreePace sends albums and forwarded messages at a paid pace: they leave at the free one.
func TestWhatTelegramTakesNoPaymentForKeepsTheFreePace(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		limits := usual
		limits.PaidPerSecond = 200
		f := mustOffice(t, sim.Options{}, limits)
		sender := f.person("李敏")
		var album []int64
		for _, m := range sender.Album("", sim.PhotoItem([]byte("一")), sim.PhotoItem([]byte("二"))) {
			album = append(album, int64(m.ID))
		}
		poll := int64(sender.Poll("何时开会", "周一", "周二").ID)
		var notices []duban.Notice
		for i := range 100 {
			o := Outgoing{ChatID: f.person("人").ID(), Copy: &Copy{sender.ID(), album}}
			if i%2 == 0 {
				o = Outgoing{ChatID: f.person("人").ID(), Copy: &Copy{sender.ID(), []int64{poll}}, Forward: true}
			}
			notices = append(notices, notice(t, fmt.Sprint(i), duban.LaneAnnouncement, o))
		}
		f.post(notices...)
		f.sends(3 * time.Second)
		within(t, len(f.tg.Delivered(0)), 60, 90)
		f.sends(10 * time.Second)
		want(t, len(f.tg.Delivered(0)), 150)
	})
}

func TestAnAlbumOfWhichNothingIsLeftHasNotArrived(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	sender, wang := f.person("李敏"), f.person("王芳")
	o := Outgoing{ChatID: wang.ID(), Copy: &Copy{sender.ID(), []int64{4711, 4712}}}
	_, err := f.client.Send(t.Context(), o)
	if outcome := Classify(err, o); outcome.Verdict != Rejected || outcome.Reason != "copy_gone" {
		t.Errorf("%+v", outcome)
	}
	f.tg.Forgive()
}
