package bot_test

import (
	"context"
	"strings"
	"testing"

	"duban/calendar"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/work"
)

func TestNumbersOfTheOverdueListTakeOrders(t *testing.T) {
	inBoth(t, "steer_numbers", func(s *stage, say tongue) {
		admin, officer := s.join("LM"), s.join("WF")
		s.speak(admin, officer)
		row := dues
		row.Units = "市第五中学党委、实验小学党委"
		s.issue(row)
		s.skipTo("2026-12-09 10:00")
		s.tg.Mark()
		s.say(admin, "/overdue")
		s.say(admin, say("1催办", "1 urge"))
		s.say(admin, say("2延期到12月25日，等上级通知", "2 extend to 2026-12-25, waiting for word from above"))
	})
}

func TestRequestsAreInTheDigestOfWhoDecides(t *testing.T) {
	inBoth(t, "requests_digest", func(s *stage, say tongue) {
		admin, secretary := s.join("LM"), s.join("ZG")
		s.speak(admin, secretary)
		a := s.issue(dues)[0]
		due := calendar.Due{Date: calendar.Date{Year: 2026, Month: 12, Day: 11}}
		if _, err := s.desk.AskExtension(context.Background(), s.actor("ZG"), a.ID, due, "材料尚未收齐"); err != nil {
			s.t.Fatal(err)
		}
		s.skipTo("2026-11-24 08:29")
		s.tg.Mark()
		s.until("2026-11-24 08:31")
		s.say(admin, "/review")
	})
}

func TestAStalePressOnASubmissionIsAlwaysAnswered(t *testing.T) {
	ctx := context.Background()
	ends := map[string]func(s *stage, id int64) error{
		"cancelled": func(s *stage, id int64) error {
			_, err := s.desk.Cancel(ctx, s.actor("CGD"), id, "重复")
			return err
		},
		"suspended": func(s *stage, id int64) error {
			_, err := s.desk.Suspend(ctx, s.actor("CGD"), id, "等待")
			return err
		},
		"withdrawn": func(s *stage, id int64) error {
			_, err := s.desk.Withdraw(ctx, s.actor("WF"), id)
			return err
		},
		"passed": func(s *stage, id int64) error {
			_, err := s.desk.Pass(ctx, s.actor("CGD"), s.openSubmission(id))
			return err
		},
		"returned": func(s *stage, id int64) error {
			_, err := s.desk.Return(ctx, s.actor("CGD"), s.openSubmission(id), work.Comeback{Reason: "内容不全"})
			return err
		},
	}
	for name, end := range ends {
		for _, label := range []string{"通过", "退回", "追问"} {
			t.Run(name+" "+label, func(t *testing.T) {
				play(t, func(s *stage) {
					s.join("CGD")
					admin, officer := s.join("LM"), s.join("WF")
					a := s.issue(note)[0]
					s.hands(officer, "DJ-06", "已完成，组织学习两次")
					card := *s.find(admin, "组织学习两次")
					if err := end(s, a.ID); err != nil {
						s.t.Fatal(err)
					}
					before := len(admin.Toasts())
					if err := admin.PressOn(&card, label); err != nil {
						s.t.Fatal(err)
					}
					s.settle()
					answered := ""
					for _, toast := range admin.Toasts()[before:] {
						answered += toast.Text
					}
					if answered == "" {
						s.t.Errorf("the press is not answered:\n%s", s.tg.Transcript(admin))
					}
				})
			})
		}
	}
}

// openSubmission is what of an item waits for its reviewer.
func (s *stage) openSubmission(assignment int64) (id int64) {
	s.t.Helper()
	cast.Read(s.t, s.desk, func(tx *store.Tx) error {
		sub, err := tx.OpenSubmission(assignment)
		id = sub.ID
		return err
	})
	return id
}

func TestWordsAboutAnInternalItemStayAtTheOffice(t *testing.T) {
	play(t, func(s *stage) {
		leader, admin, secretary, officer := s.join("CGD"), s.join("LM"), s.join("ZG"), s.join("WF")
		row := note
		row.Title, row.Duty, row.Internal = "涉密标题", "涉密内容", true
		a := s.issue(row)[0]
		ctx := context.Background()
		did := func(err error) {
			s.t.Helper()
			if err != nil {
				s.t.Fatal(err)
			}
			s.settle()
		}
		_, err := s.desk.Ask(ctx, s.actor("WF"), a.ID, "涉密提问")
		did(err)
		did(s.desk.Answer(ctx, s.actor("LM"), a.ID, cast.Person(t, s.desk, "WF").ID, "涉密答复"))
		_, err = s.desk.Submit(ctx, s.actor("WF"), a.ID, work.Report{Text: "涉密说明"})
		did(err)
		_, err = s.desk.FollowUp(ctx, s.actor("LM"), s.openSubmission(a.ID), "涉密追问")
		did(err)
		_, err = s.desk.Return(ctx, s.actor("LM"), s.openSubmission(a.ID), work.Comeback{Reason: "涉密退回理由"})
		did(err)
		_, err = s.desk.AskExtension(ctx, s.actor("ZG"), a.ID, calendar.Due{Date: calendar.Date{Year: 2026, Month: 12, Day: 31}}, "涉密延期理由")
		did(err)
		_, err = s.desk.Suspend(ctx, s.actor("CGD"), a.ID, "涉密中止理由")
		did(err)
		_, err = s.desk.Cancel(ctx, s.actor("CGD"), a.ID, "涉密撤销理由")
		did(err)
		for _, p := range []*sim.Person{leader, admin, secretary, officer} {
			if said := s.tg.Transcript(p); strings.Contains(said, "涉密") {
				t.Errorf("%s reads of it:\n%s", p.Name(), said)
			}
		}
	})
}
