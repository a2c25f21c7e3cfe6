package bot_test

import (
	"testing"
	"time"

	"duban/calendar"
	"duban/sim"
)

func TestTheLadderFromIssueToTheDraftNotice(t *testing.T) {
	play(t, func(s *stage) {
		s.join("LM")
		s.join("ZG")
		s.join("WF")
		row := summary
		row.Due = "2026-11-27"
		s.issue(row)
		s.tg.Mark()
		for _, day := range []string{"24", "25", "26", "27", "30"} {
			s.skipTo("2026-11-" + day + " 08:29")
			s.until("2026-11-" + day + " 09:01")
			s.skipTo("2026-11-" + day + " 17:59")
			s.until("2026-11-" + day + " 18:01")
		}
		for _, day := range []string{"01", "02"} {
			s.skipTo("2026-12-" + day + " 08:29")
			s.until("2026-12-" + day + " 09:01")
		}
		s.golden("ladder")
	})
}

func TestTheDigestComesOnWorkingMorningsAndNotWhenEmpty(t *testing.T) {
	play(t, func(s *stage) {
		s.desk.Policy.Ladder.Unsigned, s.desk.Policy.Ladder.BeforeDue = nil, nil
		officer := s.join("WF")
		s.skipTo("2026-11-24 12:00")
		s.issue(summary)
		s.press(officer, "签收")
		s.tg.Mark()
		for _, day := range []string{"11-25", "11-28", "11-30", "12-01", "12-02"} {
			s.skipTo("2026-" + day + " 08:29")
			s.until("2026-" + day + " 08:31")
		}
		s.golden("digest")
	})
}

func TestWhatWasDueWhileTheProgramWasDownComesMergedAndLate(t *testing.T) {
	play(t, func(s *stage) {
		officer := s.join("WF")
		first, second := summary, dues
		first.Due, second.Due = "2026-11-25", "2026-11-25"
		s.issue(first)
		s.issue(second)
		s.press(officer, "签收")
		s.skipTo("2026-11-24 08:00")
		s.stop()
		s.gap = nil // the notice of the outage has a story of its own
		s.tg.Mark()
		s.wait(4 * time.Hour)
		s.open()
		s.wait(time.Minute)
		s.golden("late")
	})
}

func TestRemindersStopAtOnceOnSubmission(t *testing.T) {
	play(t, func(s *stage) {
		officer := s.join("WF")
		row := dues
		row.Due = "2026-11-25"
		s.issue(row)
		s.press(officer, "上报完成")
		s.tg.Mark()
		for _, at := range []string{"11-24 09:00", "11-25 09:00", "11-25 18:00", "11-26 09:00", "11-30 09:00"} {
			s.skipTo("2026-" + at)
		}
		s.golden("stopped")
	})
}

func TestAtNightNothingIsPushed(t *testing.T) {
	play(t, func(s *stage) {
		resume := calendar.Clock{Hour: 8, Minute: 30}
		s.desk.Policy.Quiet = calendar.Quiet{From: calendar.Clock{Hour: 21}, To: calendar.Clock{Hour: 7}, WorkingDaysOnly: true, Resume: &resume}
		s.join("WF")
		s.skipTo("2026-11-27 22:00")
		s.tg.Mark()
		s.issue(summary)
		s.until("2026-11-27 23:00")
		s.skipTo("2026-11-28 10:00")
		s.until("2026-11-28 11:00")
		s.skipTo("2026-11-30 08:20")
		s.until("2026-11-30 08:40")
		s.golden("night")
	})
}

func TestWhoBlocksTheBotIsShownToThoseInCharge(t *testing.T) {
	play(t, func(s *stage) {
		s.join("LM")
		s.join("ZG")
		officer := s.join("WF")
		s.tg.Mark()
		officer.Block()
		s.settle()
		s.issue(summary)
		officer.Unblock()
		officer.Send("收到")
		s.settle()
		s.golden("blocked")
	})
}

func TestAStalePressIsAnsweredPolitelyAndTheCardShownAnew(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.issue(summary)
		old := *s.find(officer, "DJ-01")
		officer.ReplyDocument(&old, "总结.docx", []byte("总结"), "")
		s.settle()
		s.press(admin, "通过")
		s.tg.Mark()
		officer.PressData(&old, "accept:1")
		officer.PressData(&old, "submit:1")
		officer.PressData(&old, "pass:1")
		officer.PressData(&old, "nonsense")
		officer.PressData(&old, "accept:zz")
		s.settle()
		s.golden("stale")
	})
}

func TestStaffSeeTheChatInEnglishWhenTheyChooseIt(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.say(officer, "/settings")
		s.press(officer, "English")
		s.tg.Mark()
		s.issue(summary)
		s.press(officer, "Sign")
		s.reply(officer, "DJ-01", "done")
		officer.Album("", sim.PhotoItem([]byte("1")), sim.FileItem("report.pdf", []byte("2")))
		s.settle()
		s.press(admin, "通过")
		s.say(officer, "/tasks")
		s.golden("english")
	})
}

func TestAfterAnOutageThoseInPlayAreToldOnce(t *testing.T) {
	play(t, func(s *stage) {
		s.join("ZG")
		officer := s.join("WF")
		s.issue(summary)
		s.stop()
		s.tg.Mark()
		officer.Press("签收")
		s.wait(10 * time.Minute)
		s.open()
		s.settle()
		s.stop()
		s.wait(time.Minute)
		s.open()
		s.settle()
		s.golden("outage")
	})
}
