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
