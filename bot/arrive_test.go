package bot

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"duban"
	"duban/sim"
	"duban/store"
)

func TestALetterThatCannotBeWrittenDownKeepsNoOtherFromIt(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		f.hooks.Delivered = func(tx *store.Tx, l duban.Letter, _ Outgoing, _ int64) error {
			if l.Key == "n:7" {
				return errors.New("the hook stumbles")
			}
			noted, err := tx.Meta(l.Key)
			if err != nil {
				return err
			}
			return tx.SetMeta(l.Key, noted+"told ")
		}
		var notices []duban.Notice
		for i := range 20 {
			who := f.person(fmt.Sprint("王芳", i))
			notices = append(notices, notice(t, fmt.Sprint("n:", i), duban.LaneAnnouncement, plainly(who, "通知")))
		}
		f.post(notices...)
		f.sends(time.Minute)
		for i := range 20 {
			key := fmt.Sprint("n:", i)
			want(t, f.letter(key).State, duban.Sent)
			told := "told "
			if i == 7 {
				told = ""
			}
			f.write(func(tx *store.Tx) error {
				noted, err := tx.Meta(key)
				want(t, noted, told)
				return err
			})
		}
		want(t, len(f.tg.Delivered(0)), 20)
	})
}

func TestWhatHasArrivedIsWrittenDownSoonWhileOthersWaitForASlowTelegram(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		f.tg.Break(sim.Fault{Trouble: sim.Slow, Delay: 10 * time.Second, Methods: []string{"sendMessage"}, After: 3, Times: sendConnections})
		var notices []duban.Notice
		for i := range underWay {
			notices = append(notices, notice(t, fmt.Sprint("n:", i), duban.LaneAnnouncement, plainly(f.person(fmt.Sprint("王芳", i)), "通知")))
		}
		f.post(notices...)
		f.during(f.sender().Run, func() {
			time.Sleep(time.Second)
			sent := 0
			for _, n := range notices {
				if f.letter(n.Key).State == duban.Sent {
					sent++
				}
			}
			want(t, sent, 3)
			want(t, len(f.tg.Delivered(0)), 3)
			f.say("answer", duban.LaneAnswer, plainly(f.person("李明"), "已收到"))
			time.Sleep(time.Second)
			want(t, f.letter("answer").State, duban.Sent)
			time.Sleep(time.Minute)
		})
		want(t, len(f.tg.Delivered(0)), underWay+1)
	})
}
