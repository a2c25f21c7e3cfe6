package bot_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/sim"
	"duban/sim/golden"
	"duban/store"
	"duban/work"
)

// reviewed is a task that asks for words, by number.
func reviewed(n int, units string) work.TaskRow {
	return work.TaskRow{
		Code: fmt.Sprintf("SH-%02d", n), Title: []string{"报送学习情况", "报送谈心谈话情况", "报送党费收缴情况", "报送志愿服务情况"}[n], Duty: "按要求报送情况",
		Units: units, Due: "2026-12-09", Evidence: duban.Evidence{Kind: duban.TextEvidence}, Review: true,
	}
}

func TestAReturnTakesThreeTapsAndAnswersAtTheSecond(t *testing.T) {
	storyInBoth(t, "return", func(s *stage, admin, officer *sim.Person, in tongue) {
		s.issue(summary)
		officer.ReplyDocument(s.find(officer, "DJ-01"), "总结.docx", []byte("总结"), "")
		s.settle()
		s.tg.Mark()
		s.tap(admin, in("退回", "Return"))
		s.tap(admin, in("缺签字或盖章", "Signature or seal missing"))
		s.tap(admin, in("+1个工作日（12-07 周一）", "+1 working day (Mon 12-07)"))
	})
}

func TestTheDeadlineAfterAReturnIsTypedOrKept(t *testing.T) {
	storyInBoth(t, "return_typed", func(s *stage, admin, officer *sim.Person, in tongue) {
		s.issue(note)
		s.issue(reviewed(1, "市第五中学党委"))
		s.hands(officer, "DJ-06", in("已完成，组织学习两次", "done, two sessions"))
		s.tg.Mark()
		s.tap(admin, in("退回", "Return"))
		s.say(admin, in("缺少参加人数", "the number of participants is missing"))
		s.say(admin, in("12月31日", "31 December"))
		s.say(admin, in("12月11日", "11 December"))
		s.tap(admin, in("确认此时限", "Set this deadline"))
		s.hands(officer, "SH-01", in("已完成，谈话10人", "done, ten talks"))
		s.reply(admin, "SH-01", in("名单未附", "the names are missing"))
		s.tap(admin, in("原时限不变", "Keep the deadline"))
	})
}

func TestSeveralAreAcceptedTogetherAndWhatIsFlaggedIsLeft(t *testing.T) {
	inTongues(t, func(s *stage, in tongue) {
		admin, colleague, officer, other := s.join("LM"), s.join("HJ"), s.join("WF"), s.join("ZM")
		s.speak(admin)
		for n := range 4 {
			s.issue(reviewed(n, "市第五中学党委、实验小学党委"))
		}
		row := late
		row.Review = true
		s.issue(row)
		rows := summary
		rows.Units = "市第五中学党委、实验小学党委"
		s.issue(rows)
		for n := range 3 {
			s.hands(officer, fmt.Sprintf("SH-%02d", n), "已完成，情况属实")
		}
		s.hands(other, "SH-00", "已完成，情况属实")
		for _, p := range []*sim.Person{officer, other} {
			p.ReplyDocument(s.find(p, "DJ-01"), "总结.docx", []byte("同一份总结"), "")
			s.settle()
		}
		s.skipTo("2026-11-24 09:30")
		if _, err := s.desk.Submit(context.Background(), duban.Console, s.assignment(row.Code).ID, work.Report{}); err != nil {
			s.t.Fatal(err)
		}
		s.wait(10 * time.Second)
		s.tg.Mark()
		s.say(admin, "/review")
		s.tap(admin, in("全部通过4项", "Accept all 4"))
		s.say(colleague, "/review")
		s.tap(colleague, "通过")
		s.tap(admin, in("确认通过4项", "Accept these 4"))
		s.tap(admin, in("逐项审核，还有3项", "One by one, 3 left"))
		s.say(admin, "5")
		s.sees("review_together", admin)
	})
}

// sees compares what one person has seen and done with a transcript, with what falls onto one instant in one order.
func (s *stage) sees(name string, p *sim.Person) {
	s.t.Helper()
	s.settle()
	golden.Check(s.t, name+s.suffix, inOrder(s.tg.Transcript(p)))
}

// hands reports an item with words, confirmed.
func (s *stage) hands(p *sim.Person, code, words string) {
	s.t.Helper()
	s.reply(p, code, words)
	s.say(p, "确认")
}

func TestWhatIsAcceptedTogetherCanBeSaid(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		for n := range 2 {
			s.issue(reviewed(n, "市第五中学党委"))
			s.hands(officer, fmt.Sprintf("SH-%02d", n), "已完成，情况属实")
		}
		s.tg.Mark()
		s.say(admin, "/review")
		s.reply(admin, "可一并通过", "全部通过")
		s.say(admin, "确认")
		s.say(admin, "/review")
		s.sees("review_together_said", admin)
	})
}

// manySchools adds schools to the cast, so that a task for all of them is sampled, and returns their names and those of the cast.
func (s *stage) manySchools() string {
	s.t.Helper()
	rows, units := append([]work.RosterRow{}, cast.Roster...), "市第五中学党委、实验小学党委"
	for i := range duban.SampleOneIn {
		unit := fmt.Sprintf("第%d中学党委", 21+i)
		units += "、" + unit
		rows = append(rows, work.RosterRow{
			Line: 10 + i, Unit: unit, Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Name: fmt.Sprintf("张%d", i), Role: duban.Officer,
			Phone: fmt.Sprintf("+86199000001%02d", i), Code: fmt.Sprintf("Z%d", i),
		})
	}
	if r, err := s.desk.ImportRoster(context.Background(), duban.Console, rows, work.ImportOptions{}); err != nil || len(r.Problems) > 0 {
		s.t.Fatal(err, r.Problems)
	}
	return units
}

// nextIsDrawn hands in for others until the next submission is one that is drawn for a look.
func (s *stage) nextIsDrawn(others []duban.Assignment) {
	s.t.Helper()
	for _, a := range others {
		drawn := false
		cast.Read(s.t, s.desk, func(tx *store.Tx) error {
			last, err := tx.LastSubmission(others[0].ID)
			for _, o := range others {
				if sub, err := tx.LastSubmission(o.ID); err == nil && sub.ID > last.ID {
					last = sub
				}
			}
			drawn = duban.Sampled(tx.Draw("evidence", last.ID+1), duban.SampleOneIn)
			if duban.CodeOf(err) == duban.NotFound {
				return nil
			}
			return err
		})
		if drawn {
			return
		}
		if _, err := s.desk.Submit(context.Background(), duban.Console, a.ID, work.Report{Text: "已完成"}); err != nil {
			s.t.Fatal(err)
		}
		s.settle()
	}
	s.t.Fatal("none is drawn")
}

func TestWhatWasDrawnForALookIsOpened(t *testing.T) {
	inTongues(t, func(s *stage, in tongue) {
		admin, officer := s.join("LM"), s.join("WF")
		s.speak(admin)
		units := s.manySchools()
		s.nextIsDrawn(append(s.issue(reviewed(0, units)), s.issue(reviewed(1, units))...))
		row := summary
		row.Units = units
		s.issue(row)
		s.tg.Mark()
		officer.ReplyDocument(s.find(officer, "DJ-01"), "总结.docx", []byte("总结"), "")
		s.settle()
		s.tap(admin, in("查看佐证（1）", "Evidence (1)"))
		s.tap(admin, in("通过", "Accept"))
		s.sees("review_sample", admin)
	})
}

func TestAReviewerAsksTheUnitBeforeDeciding(t *testing.T) {
	storyInBoth(t, "review_question", func(s *stage, admin, officer *sim.Person, in tongue) {
		s.issue(note)
		s.hands(officer, "DJ-06", in("已完成，组织学习两次", "done, two sessions"))
		s.tg.Mark()
		s.tap(admin, in("追问", "Ask the unit"))
		s.say(admin, in("两次各有多少人参加？", "How many took part in each?"))
		s.reply(officer, in("各有多少人", "How many"), in("共38人，每次都到齐", "38 in all, both times everybody"))
		s.reply(admin, "DJ-06", in("有请假的吗？", "Was anybody excused?"))
		s.reply(officer, in("请假", "excused"), in("没有", "nobody"))
		s.tap(admin, in("通过", "Accept"))
	})
}

func TestReviewingTakesFewTaps(t *testing.T) {
	for name, taps := range map[string]int{"album": 1, "return": 3, "return_en": 3, "review_together_said": 0} {
		transcript, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(transcript), "s  李敏 ["); n != taps {
			t.Errorf("%s: %d taps, want %d", name, n, taps)
		}
	}
}
