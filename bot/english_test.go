package bot_test

import (
	"context"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/sim"
	"duban/work"
)

// The stories of this file are told in Chinese elsewhere; here the same ways are gone in English.

// inEnglishOnly plays a story in English, with somebody for each code joined, as the transcript <name>_en.
func inEnglishOnly(t *testing.T, name string, codes []string, story func(s *stage, people ...*sim.Person)) {
	t.Helper()
	play(t, func(s *stage) {
		s.suffix = "_en"
		people := s.joined(codes...)
		s.tg.Mark()
		story(s, people...)
		s.golden(name)
	})
}

func TestEverythingAButtonDoesCanBeSaidInEnglish(t *testing.T) {
	inEnglishOnly(t, "by_message", []string{"LM", "WF"}, func(s *stage, people ...*sim.Person) {
		admin, officer := people[0], people[1]
		s.issue(summary)
		s.reply(officer, "DJ-01", "received")
		s.reply(officer, "DJ-01", "working on it, 30%")
		s.reply(officer, "DJ-01", "not done yet")
		s.reply(officer, "DJ-01", "does it need the seal?")
		s.reply(admin, "does it need the seal?", "yes, that of the committee")
		s.reply(officer, "DJ-01", "done")
		officer.Photo([]byte("photo"), "")
		s.settle()
		s.reply(admin, "To review", "agreed")
	})
}

func TestSeveralOpenItemsAreChosenByTitleInEnglish(t *testing.T) {
	inEnglishOnly(t, "several_items", []string{"WF"}, func(s *stage, people ...*sim.Person) {
		s.issue(summary)
		s.issue(dues)
		s.say(people[0], "received")
		s.press(people[0], "报送年度党建工作总结")
		s.say(people[0], "/tasks")
		s.press(people[0], "2")
	})
}

func TestAnAlbumIsOneSubmissionInEnglish(t *testing.T) {
	inEnglishOnly(t, "album", []string{"LM", "WF"}, func(s *stage, people ...*sim.Person) {
		row := summary
		row.Evidence = duban.Evidence{Kind: duban.PhotosEvidence, Min: 2}
		s.issue(row)
		people[1].ReplyAlbum(s.find(people[1], "DJ-01"), "the room", sim.PhotoItem([]byte("1")), sim.PhotoItem([]byte("2")))
		s.settle()
		s.press(people[0], "Accept")
	})
}

func TestAStalePressIsAnsweredPolitelyInEnglish(t *testing.T) {
	inEnglishOnly(t, "stale", []string{"WF"}, func(s *stage, people ...*sim.Person) {
		s.issue(dues)
		old := *s.find(people[0], "DJ-02")
		s.press(people[0], "Report done")
		people[0].PressData(&old, "accept:1")
		people[0].PressData(&old, "submit:1")
		people[0].PressData(&old, "nonsense")
		s.settle()
	})
}

func TestTheLadderAndTheDigestInEnglish(t *testing.T) {
	inEnglishOnly(t, "ladder", []string{"LM", "ZG", "WF"}, func(s *stage, _ ...*sim.Person) {
		row := summary
		row.Due = "2026-11-25"
		s.issue(row)
		s.mornings("2026-11-24", "2026-11-25")
		s.skipTo("2026-11-25 17:59")
		s.until("2026-11-25 18:01")
		s.mornings("2026-11-26", "2026-11-30")
	})
}

func TestAnOutageIsToldInEnglish(t *testing.T) {
	inEnglishOnly(t, "outage", []string{"WF"}, func(s *stage, people ...*sim.Person) {
		s.issue(dues)
		s.stop()
		people[0].Press("Sign")
		s.wait(10 * time.Minute)
		s.open()
		s.settle()
	})
}

func TestAtNightNothingIsPushedInEnglish(t *testing.T) {
	inEnglishOnly(t, "night", []string{"WF"}, func(s *stage, _ ...*sim.Person) {
		resume := calendar.Clock{Hour: 8, Minute: 30}
		s.desk.Policy.Quiet = calendar.Quiet{From: calendar.Clock{Hour: 21}, To: calendar.Clock{Hour: 7}, WorkingDaysOnly: true, Resume: &resume}
		s.skipTo("2026-11-27 22:00")
		s.issue(summary)
		s.skipTo("2026-11-30 08:20")
		s.until("2026-11-30 08:40")
	})
}

func TestADeclinedItemIsGivenOnInEnglish(t *testing.T) {
	inEnglishOnly(t, "decline_given_on", []string{"LM", "ZG", "SL"}, func(s *stage, people ...*sim.Person) {
		admin := people[0]
		a := s.issue(summary)[0]
		if _, err := s.desk.Decline(context.Background(), s.actor("ZG"), a.ID, "the city's archive does that"); err != nil {
			t.Fatal(err)
		}
		s.settle()
		s.press(admin, "Give to another unit")
		s.press(admin, "实验小学党委")
		s.press(admin, "Another owner")
		s.press(admin, "孙丽")
		s.press(admin, "Give it on")
	})
}

func TestAnInternalItemIsSteeredWithoutItsContentInEnglish(t *testing.T) {
	inEnglishOnly(t, "steer_internal", []string{"CGD", "WF"}, func(s *stage, people ...*sim.Person) {
		row := dues
		row.Internal = true
		s.issue(row)
		s.skipTo("2026-12-09 10:00")
		s.say(people[0], "/overdue")
		s.press(people[0], "1")
		s.press(people[0], "Urge")
		s.press(people[0], "Remark")
		s.say(people[0], "a remark that is not for everybody")
		s.press(people[1], "Details")
	})
}

func TestATaskIsDrawnUpStepByStepInEnglish(t *testing.T) {
	inEnglishOnly(t, "task_steps", []string{"LM", "WF"}, func(s *stage, people ...*sim.Person) {
		admin := people[0]
		s.say(admin, "/task")
		s.press(admin, "New task")
		s.say(admin, "Put the files in order")
		s.press(admin, "Back")
		s.say(admin, "Put the electronic files in order")
		s.stop()
		s.open()
		s.press(admin, "Choose a unit")
		s.press(admin, "实验小学党委")
		s.say(admin, "in 5 working days")
		s.press(admin, "a file")
		s.press(admin, "Issue (1 unit)")
	})
}

func TestAForwardedNoticeBecomesATaskInEnglish(t *testing.T) {
	inEnglishOnly(t, "task_forwarded", []string{"LM"}, func(s *stage, people ...*sim.Person) {
		people[0].ForwardFrom(s.person("SL"), "Notice of the yearly report\nAll schools: please hand it in by 2026-12-11.")
		s.settle()
		s.press(people[0], "Issue a task")
		s.press(people[0], "All school committees")
		s.press(people[0], "none")
		s.press(people[0], "Issue (2 units)")
	})
}

func TestAnOfficersTaskNeedsTheSecretaryInEnglish(t *testing.T) {
	inEnglishOnly(t, "task_officer", []string{"ZG", "WF", "LY"}, func(s *stage, people ...*sim.Person) {
		s.say(people[1], "/task Report how many came @刘洋 2026-12-04 #none")
		s.press(people[1], "Send for approval")
		s.press(people[0], "Approve")
		s.press(people[2], "Report done")
	})
}

func TestWhatGoesToManyNeedsASecondAdministratorInEnglish(t *testing.T) {
	inEnglishOnly(t, "task_second", []string{"LM", "HJ", "WF"}, func(s *stage, people ...*sim.Person) {
		s.desk.Policy.SecondAdminAbove = 1
		s.say(people[0], "/task Check the fire doors @all schools 2026-12-04 #file")
		s.press(people[0], "Send for approval")
		s.press(people[1], "Approve")
	})
}

func TestNumbersWithoutAListAreExplainedInEnglish(t *testing.T) {
	inEnglishOnly(t, "numbers_no_list", []string{"WF"}, func(s *stage, people ...*sim.Person) {
		for _, row := range []work.TaskRow{dues, training} {
			s.issue(row)
		}
		s.say(people[0], "1 done 2 not done")
		s.say(people[0], "2")
		s.say(people[0], "/done 1")
	})
}
