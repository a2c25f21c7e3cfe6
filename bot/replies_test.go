package bot_test

import (
	"strings"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/work"
)

var (
	training = work.TaskRow{
		Code: "DJ-03", Title: "组织冬季党课", Duty: "组织一次党课并报告情况", Units: "市第五中学党委", Due: "2026-12-10",
		Evidence: duban.Evidence{Kind: duban.NoEvidence},
	}
	scene = work.TaskRow{
		Code: "DJ-04", Title: "报送阵地建设现场照片", Duty: "报送活动室现场照片", Units: "市第五中学党委", Due: "2026-12-11",
		Evidence: duban.Evidence{Kind: duban.PhotosEvidence, Min: 3}, Review: true,
	}
	secret = work.TaskRow{
		Code: "DJ-05", Title: "涉密事项", Duty: "到办公室领取", Units: "市第五中学党委", Due: "2026-12-11",
		Evidence: duban.Evidence{Kind: duban.TextEvidence}, Review: true, Internal: true,
	}
	note = work.TaskRow{
		Code: "DJ-06", Title: "报送学习情况", Duty: "报送学习情况", Units: "市第五中学党委", Due: "2026-12-09",
		Evidence: duban.Evidence{Kind: duban.TextEvidence}, Review: true,
	}
)

// storyInBoth plays a story of an administrator and an officer in both languages.
func storyInBoth(t *testing.T, name string, story func(s *stage, admin, officer *sim.Person, in tongue)) {
	t.Helper()
	inBoth(t, name, func(s *stage, say tongue) {
		admin, officer := s.join("LM"), s.join("WF")
		s.speak(admin, officer)
		story(s, admin, officer, say)
	})
}

func TestNumbersReferToTheListShownLast(t *testing.T) {
	storyInBoth(t, "numbers", func(s *stage, _, officer *sim.Person, in tongue) {
		s.issue(summary)
		s.issue(dues)
		s.issue(training)
		s.tg.Mark()
		s.say(officer, "/tasks")
		s.say(officer, "1")
		s.say(officer, "1")
		s.say(officer, "/tasks")
		s.say(officer, in("1收到 2完成 3完成", "1 received, 2 done, 3 done"))
		s.say(officer, in("确认", "confirm"))
		s.say(officer, "/tasks")
		s.say(officer, in("1已完成 7没完成", "1 done 7 not done"))
		s.say(officer, in("1已完成", "1 done"))
	})
}

func TestSeveralDoneAreConfirmedByOneTap(t *testing.T) {
	storyInBoth(t, "several_done", func(s *stage, _, officer *sim.Person, in tongue) {
		s.issue(summary)
		s.issue(dues)
		s.issue(training)
		s.issue(note)
		s.tg.Mark()
		s.say(officer, "/tasks")
		s.say(officer, in("1完成 2已完成 3已完成，全员参加 4完成80%", "1 done; 2 done; 3 done, everybody took part; 4 is 80% done"))
		s.say(officer, in("好的", "OK"))
		s.tap(officer, in("确认上报2项", "Confirm 2"))
	})
}

func TestALineMayAskForMoreTime(t *testing.T) {
	storyInBoth(t, "numbers_extension", func(s *stage, _, officer *sim.Person, in tongue) {
		s.issue(dues)
		s.issue(training)
		s.tg.Mark()
		s.say(officer, "/tasks")
		s.say(officer, in("1完成 2延期到12月15日，场地维修", "1 done 2 extension until 2026-12-15, the hall is being repaired"))
		s.tap(officer, in("确认上报", "Confirm"))
	})
}

func TestNumbersWithoutAListAreExplained(t *testing.T) {
	play(t, func(s *stage) {
		officer := s.join("WF")
		s.issue(dues)
		s.issue(training)
		s.tg.Mark()
		s.say(officer, "1完成 2没完成")
		s.say(officer, "2")
		s.say(officer, "/done 1")
		s.golden("numbers_no_list")
	})
}

func TestAPromiseSaysWhenItIsAskedFor(t *testing.T) {
	storyInBoth(t, "promise", func(s *stage, _, officer *sim.Person, in tongue) {
		s.issue(dues)
		s.tg.Mark()
		s.say(officer, in("明天下午交", "I will send it tomorrow 17:00"))
		s.say(officer, in("还没完成，周五前报", "not done yet, by Friday"))
		s.say(officer, in("12月15日前完成", "will be done by 2026-12-15"))
		s.say(officer, in("晚点报", "later"))
		a := s.assignment("DJ-02")
		if want := time.Date(2026, 12, 8, 17, 0, 0, 0, cast.Shanghai); !a.PromisedAt.Equal(want) {
			t.Errorf("asked at %s, want %s", a.PromisedAt, want)
		}
	})
}

func TestAZeroReportIsConfirmedAndReviewed(t *testing.T) {
	storyInBoth(t, "zero_report", func(s *stage, admin, officer *sim.Person, in tongue) {
		s.issue(summary)
		s.tg.Mark()
		s.reply(officer, "DJ-01", in("我校无此类情况", "nothing to report"))
		s.say(officer, in("确认", "confirm"))
		s.say(admin, "/review")
	})
}

func TestWordsAloneNeverCloseAnything(t *testing.T) {
	play(t, func(s *stage) {
		officer := s.join("WF")
		s.issue(note)
		s.issue(dues)
		words := []string{"已完成", "组织学习两次，全员参加", "好的", "收到", "完成了，请查收", "好的", "无", "好的"}
		for _, card := range []string{"DJ-06", "DJ-02"} {
			for i, said := range words {
				if i == 0 {
					s.reply(officer, card, said)
				} else {
					s.say(officer, said)
				}
				a := s.assignment(card)
				if !a.State.OnUnit() {
					t.Fatalf("%s is %s after %q:\n%s", card, a.State, said, s.tg.Transcript(officer))
				}
			}
		}
		s.reply(officer, "DJ-02", "已完成")
		s.say(officer, "确认")
		if a := s.assignment("DJ-02"); a.State != duban.Closed {
			t.Errorf("DJ-02 is %s after 确认", a.State)
		}
	})
}

func TestWordsThatSoundUndoneAreConfirmedAsEvidence(t *testing.T) {
	play(t, func(s *stage) {
		officer := s.join("WF")
		s.issue(note)
		s.press(officer, "上报完成")
		s.say(officer, "基本完成，还差照片")
		if a := s.assignment("DJ-06"); !a.State.OnUnit() {
			t.Fatalf("it is %s", a.State)
		}
		s.say(officer, "确认")
		if a := s.assignment("DJ-06"); a.State != duban.Submitted {
			t.Errorf("after 确认 it is %s:\n%s", a.State, s.tg.Transcript(officer))
		}
	})
}

func TestAComplaintNamesTheItem(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.issue(dues)
		s.tg.Mark()
		s.reply(officer, "DJ-02", "这个报过了")
		s.reply(officer, "DJ-02", "别再提醒了")
		if s.find(admin, "关于市第五中学党委“收缴第四季度党费”：这个报过了") == nil {
			t.Error("the complaint does not name the item")
		}
	})
}

func TestEveryIntentIsChosenForOneOfSeveralItems(t *testing.T) {
	for said, want := range map[string]string{
		"收到":        "已签收“收缴第四季度党费”",
		"已完成":       "确认上报“收缴第四季度党费”",
		"完成80%":     "已记录“收缴第四季度党费”部分完成",
		"还没完成":      "已记录“收缴第四季度党费”尚未完成",
		"明天下午交":     "已记录您对“收缴第四季度党费”的承诺",
		"要纸质版吗":     "已转交李敏",
		"零报告":       "确认以“零报告”上报“收缴第四季度党费”",
		"正在办，材料收集中": "已记录“收缴第四季度党费”正在办理",
		"关于本项工作的若干情况与各支部的安排": "关于“收缴第四季度党费”，这段文字作为",
	} {
		play(t, func(s *stage) {
			s.join("LM")
			officer := s.join("WF")
			s.issue(summary)
			s.issue(dues)
			s.say(officer, said)
			s.find(officer, "请选择这是针对哪一项")
			s.wait(20 * time.Minute)
			s.press(officer, "收缴第四季度党费")
			if officer.Find(want) == nil && !toasted(officer, want) {
				t.Errorf("%q: nobody says %q:\n%s", said, want, s.tg.Transcript(officer))
			}
		})
	}
}

func toasted(p *sim.Person, piece string) bool {
	for _, t := range p.Toasts() {
		if strings.Contains(t.Text, piece) {
			return true
		}
	}
	return false
}

// assignment reads the first assignment of a task by its code.
func (s *stage) assignment(code string) duban.Assignment {
	s.t.Helper()
	var a duban.Assignment
	cast.Read(s.t, s.desk, func(tx *store.Tx) error {
		task, err := tx.TaskByCode(code)
		if err != nil {
			return err
		}
		all, err := tx.AssignmentsOf(task.ID)
		if err == nil {
			a = all[0]
		}
		return err
	})
	return a
}

// tap presses the newest button with a label, and shows the chat when there is none.
func (s *stage) tap(p *sim.Person, label string) {
	s.t.Helper()
	if err := p.Press(label); err != nil {
		s.t.Fatalf("%v\n%s", err, s.tg.Transcript(p))
	}
	s.settle()
}
