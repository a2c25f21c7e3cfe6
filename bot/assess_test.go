package bot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"duban"
	"duban/assess"
	"duban/internal/cast"
	"duban/sim"
	"duban/text"
	"duban/work"
)

// schoolYear issues items of the year to the two schools of the cast and a third one, as they went: 市第五中学 was late once and left one item undone.
func (s *stage) schoolYear() {
	s.t.Helper()
	ctx := context.Background()
	third := work.RosterRow{
		Line: 10, Unit: "第三中学党委", Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Name: "吴敏", Role: duban.Officer, Phone: "+8619900000009", Code: "WM",
	}
	if _, err := s.desk.ImportRoster(ctx, duban.Console, append(cast.Roster[:len(cast.Roster):len(cast.Roster)], third), work.ImportOptions{}); err != nil {
		s.t.Fatal(err)
	}
	s.stop()
	defer s.open()
	at := func(month time.Month, day, hour int) *work.Desk {
		return s.desk.Past(time.Date(2026, month, day, hour, 0, 0, 0, cast.Shanghai))
	}
	issue := func(d *work.Desk, code, title, due string) []duban.Assignment {
		return cast.Issue(s.t, d, duban.Console, work.TaskRow{Line: 2, Code: code, Title: title, Duty: "按要求完成", Units: "school_committee", Due: due})
	}
	spring := issue(at(3, 2, 9), "DJ-11", "报送党费公示情况", "2026-03-13")
	summer := issue(at(6, 1, 9), "DJ-12", "报送七一表彰材料", "2026-06-12")
	for _, a := range append(spring, summer...) {
		if _, err := at(a.IssuedAt.In(cast.Shanghai).Month(), 2, 10).Accept(ctx, duban.Console, a.ID); err != nil {
			s.t.Fatal(err)
		}
		done := at(3, 12, 10)
		switch {
		case a.ID == summer[0].ID:
			continue
		case a.ID == spring[0].ID:
			done = at(3, 16, 10)
		case a.TaskID == summer[0].TaskID:
			done = at(6, 11, 10)
		}
		if _, err := done.Submit(ctx, duban.Console, a.ID, work.Report{}); err != nil {
			s.t.Fatal(err)
		}
	}
}

func TestAYearIsAssessedFromTheSelfCheckToTheDecision(t *testing.T) {
	for name, lang := range languages {
		play(t, func(s *stage) {
			s.schoolYear()
			s.settle()
			admin, leader, secretary := s.join("LM"), s.join("CGD"), s.join("ZG")
			lang(s, admin, leader, secretary)
			s.tg.Mark()
			s.say(secretary, "/assess")
			s.say(admin, "/assess")
			s.press(admin, "2026")
			s.press(admin, label(name, "启动自查", "Open the self-check"))
			s.press(secretary, label(name, "查看并核对", "Look and check"))
			s.press(secretary, "2")
			s.press(secretary, label(name, "提出异议", "Object"))
			s.say(secretary, label(name, "该项已于6月10日线下报送，有签收单", "It was handed in on paper on 10 June"))
			s.press(admin, label(name, "异议成立", "Upheld"))
			s.say(admin, label(name, "查有签收单", "a receipt was found"))
			s.say(admin, label(name, "2分，查有签收单，仍应线上补报", "2 points, a receipt was found, but it was to be reported here"))
			s.press(admin, label(name, "查看考评", "The whole assessment"))
			s.press(admin, label(name, "采纳全部测算", "Accept all"))
			for _, school := range []string{"1", "2", "3"} {
				s.say(admin, "/assess")
				s.press(admin, label(name, "逐单位查看", "Units"))
				s.press(admin, school)
				for _, part := range []string{label(name, "录入年终考核", "Enter Year-end review"), label(name, "录入述职评议", "Enter Duty report"), label(name, "录入项目拉练", "Enter Project rally")} {
					s.press(admin, part)
					s.say(admin, label(name, "90 考评组评分", "90 by the group"))
				}
			}
			s.golden("assess_window" + name)
			s.skipTo("2026-12-01 09:00")
			s.tg.Mark()
			s.say(admin, "/assess")
			s.press(admin, label(name, "截止自查", "Close the self-check"))
			s.press(leader, label(name, "审定", "Decide"))
			s.press(leader, label(name, "确认审定", "Decide now"))
			s.press(secretary, label(name, "查看考评", "The whole assessment"))
			s.golden("assess_decided" + name)
		})
	}
}

func TestAnOfficerSeesTheOwnUnitAndTheOfficeTakesAPackageAway(t *testing.T) {
	for name, lang := range languages {
		play(t, func(s *stage) {
			s.schoolYear()
			s.settle()
			admin, officer, branch := s.join("LM"), s.join("ZM"), s.join("LY")
			lang(s, admin, officer, branch)
			s.tg.Mark()
			s.say(admin, "/assess 2026")
			s.press(admin, "2026")
			s.press(admin, label(name, "启动自查", "Open the self-check"))
			s.say(branch, "/assess")
			s.say(officer, "/assess")
			s.press(officer, label(name, "考评表", "Sheet"))
			s.say(admin, "/assess 2026年")
			s.press(admin, label(name, "逐单位查看", "Units"))
			s.press(admin, "1")
			s.press(admin, "1")
			s.press(admin, label(name, "调整", "Change"))
			s.say(admin, label(name, "0.5 已电话说明原因", "0.5 explained by telephone"))
			s.press(admin, label(name, "查看考评", "The whole assessment"))
			s.press(admin, label(name, "考评材料", "Package"))
			s.press(admin, label(name, "重新测算", "Compute anew"))
			s.golden("assess_package" + name)
		})
	}
}

// TestTheEndOfTheSelfCheckIsRemindedOf has one school that has looked, loses points and says nothing, one that has not looked, and one that has and loses
// none, which is left alone.
func TestTheEndOfTheSelfCheckIsRemindedOf(t *testing.T) {
	for name, lang := range languages {
		play(t, func(s *stage) {
			s.schoolYear()
			s.settle()
			admin, loses, unseen, full := s.join("LM"), s.join("ZG"), s.join("ZM"), s.join("WM")
			lang(s, admin, loses, unseen, full)
			s.say(admin, "/assess 2026")
			s.press(admin, "2026")
			s.tg.Mark()
			s.press(admin, label(name, "10个工作日", "10 working days"))
			s.press(admin, label(name, "启动自查", "Open the self-check"))
			for _, looks := range []*sim.Person{loses, full} {
				s.press(looks, label(name, "查看并核对", "Look and check"))
			}
			s.say(admin, "/assess")
			s.press(admin, label(name, "逐单位查看", "Units"))
			s.skipTo("2026-12-03 09:25")
			s.wait(time.Hour)
			s.skipTo("2026-12-04 09:25") // the last working day before Monday the 7th
			s.wait(time.Hour)
			s.skipTo("2026-12-08 09:25")
			s.wait(time.Hour)
			s.golden("assess_reminded" + name)
		})
	}
}

// TestComputingThatWasCutShortIsGoneOnWith has the program end when ten of twelve schools are computed.
func TestComputingThatWasCutShortIsGoneOnWith(t *testing.T) {
	for name, lang := range languages {
		play(t, func(s *stage) {
			s.manySchools()
			admin, officer := s.join("LM"), s.join("ZM")
			lang(s, admin, officer)
			cut, stop := context.WithCancel(context.Background())
			now := time.Now()
			opening := work.Opening{Year: 2026, Until: s.desk.WindowEnd(now, duban.ObjectWithin), Tell: func(done, _ int) {
				if done > 0 {
					stop()
				}
			}}
			if _, err := s.desk.OpenAssessment(cut, s.actor("LM"), opening); !errors.Is(err, context.Canceled) {
				t.Fatalf("it was not cut short: %v", err)
			}
			s.tg.Mark()
			s.say(officer, "/assess")
			s.say(admin, "/assess")
			s.press(admin, label(name, "继续测算", "Go on computing"))
			s.wait(time.Minute)
			s.golden("assess_cut_short" + name)
		})
	}
}

func TestEverythingThatIsToldOfAnAssessmentHasItsSentence(t *testing.T) {
	for _, what := range work.AssessWhats {
		if what != work.AssessPackage && !text.Has("assess.news."+string(what)) {
			t.Errorf("there is no sentence for %s", what)
		}
	}
	for _, f := range duban.Findings {
		if !text.Has("finding." + string(f)) {
			t.Errorf("there is no word for %s", f)
		}
	}
	for _, x := range duban.Exemptions {
		if !text.Has("exemption." + string(x)) {
			t.Errorf("there is no word for %s", x)
		}
	}
	for _, f := range duban.Faults {
		if !text.Has("reason." + string(f)) {
			t.Errorf("there is no word for %s", f)
		}
	}
	for _, e := range duban.Elements {
		if !text.Has("element." + string(e)) {
			t.Errorf("there is no word for %s", e)
		}
	}
	for _, part := range append(assess.Parts, assess.Bonus, assess.Negative) {
		if !text.Has("part." + part) {
			t.Errorf("there is no word for %s", part)
		}
	}
}
