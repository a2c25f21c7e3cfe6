package bot_test

import (
	"testing"
	"time"

	"duban/sim"
)

func TestAnAlbumThatGoesOutAfterACorrectionCarriesTheCorrectedWords(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.say(admin, "/announce")
		admin.Album("三点开会", sim.PhotoItem([]byte("一")), sim.PhotoItem([]byte("二")))
		s.settle()
		s.press(admin, "全部")
		s.press(admin, "已阅")
		s.press(admin, "定时")
		s.say(admin, "今天上午10点")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.press(admin, "更正")
		s.say(admin, "四点开会")
		s.press(admin, "确认更正")
		s.until("2026-11-23 10:01")
		if m := s.find(officer, "四点开会"); len(m.Photo) == 0 || officer.Find("三点开会") != nil {
			t.Errorf("the album reads\n%s", s.tg.Transcript(officer))
		}
		s.press(officer, "已阅")
		s.find(admin, "已阅 1")
	})
}
