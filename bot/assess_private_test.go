package bot_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"duban"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/work"
)

// entered are the points of the group on site, by school: figures that nothing else has, so that they are recognised wherever they come up.
var entered = map[string]duban.Points{"市第五中学党委": 83_19, "实验小学党委": 61_37, "第三中学党委": 72_41}

// assessedApart opens the year and enters for each school points of its own; nothing is left to be done for the round.
func (s *stage) assessedApart() duban.AssessmentRound {
	s.t.Helper()
	ctx, admin := context.Background(), s.actor("LM")
	round, err := s.desk.OpenAssessment(ctx, admin, work.Opening{Year: 2026, Until: s.desk.WindowEnd(time.Now(), duban.ObjectWithin)})
	must := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	must(err)
	var all []work.Standing
	cast.Read(s.t, s.desk, func(tx *store.Tx) (err error) { all, err = work.Standings(tx, round); return err })
	for _, standing := range all {
		for _, part := range standing.Score.Missing {
			must(s.desk.EnterPart(ctx, admin, standing.Assessment.ID, part, entered[standing.Unit.Name], "现场考评"))
		}
		if standing.Open > 0 {
			_, err := s.desk.AcceptLines(ctx, admin, standing.Assessment.ID)
			must(err)
		}
	}
	return round
}

// tries has somebody look at the own assessment in every way there is, and press forged buttons for everything that there is of it.
func (s *stage) tries(p *sim.Person) {
	s.t.Helper()
	s.say(p, "/assess")
	s.say(p, "/assess 2026")
	s.say(p, "考评")
	forged := p.Last()
	for id := 1; id <= len(entered); id++ {
		for _, act := range []string{
			"years", "year", "board", "unit", "line", "accept", "acceptall", "change", "object", "uphold", "keep", "objections", "again", "close", "decide",
			"decided", "sendback", "sheet", "package", "form", "units-0", "page-0", "part-bonus", "window-5", "start-5",
		} {
			p.PressData(forged, fmt.Sprintf("assess:%d:%s", id, act))
			s.wait(time.Second)
			s.say(p, "/cancel")
		}
	}
}

// allSent is everything that somebody has been sent: the transcript, and the cells of every workbook.
func (s *stage) allSent(p *sim.Person) string {
	s.t.Helper()
	var all strings.Builder
	all.WriteString(s.tg.Transcript(p))
	for _, m := range p.Messages() {
		if m.Document == nil {
			continue
		}
		content, _ := s.tg.File(m.Document.FileID)
		book, err := excelize.OpenReader(bytes.NewReader(content.Data))
		if err != nil {
			s.t.Fatal(err)
		}
		for _, name := range book.GetSheetList() {
			rows, err := book.GetRows(name)
			if err != nil {
				s.t.Fatal(err)
			}
			for _, row := range rows {
				fmt.Fprintln(&all, name, strings.Join(row, " | "))
			}
		}
		book.Close()
	}
	return all.String()
}

// TestNobodyBelowTheOfficeSeesTheScoreOfAnotherUnitOrAPlace has everybody below the office, in each role, look and try, before the decision and after it.
func TestNobodyBelowTheOfficeSeesTheScoreOfAnotherUnitOrAPlace(t *testing.T) {
	play(t, func(s *stage) {
		s.schoolYear()
		s.settle()
		leader := s.join("CGD")
		s.join("LM")
		units := map[string]string{
			"ZG": "市第五中学党委", "WF": "市第五中学党委", "LY": "", "SL": "实验小学党委", "ZM": "实验小学党委", "WM": "第三中学党委",
		}
		people, roles := map[string]*sim.Person{}, map[duban.Role]bool{}
		for code := range units {
			people[code] = s.join(code)
			cast.Read(t, s.desk, func(tx *store.Tx) error {
				posts, err := tx.Posts(s.actor(code).PersonID)
				for _, post := range posts {
					roles[post.Role] = true
				}
				return err
			})
		}
		for _, role := range duban.Roles {
			if _, tried := roles[role]; !tried && role != duban.Admin && role != duban.Leader {
				t.Errorf("nobody tries as %s", role)
			}
		}
		s.tg.Mark()
		round := s.assessedApart()
		s.settle()
		for _, p := range people {
			s.tries(p)
		}
		s.skipTo("2026-12-02 09:00")
		ctx := context.Background()
		if _, err := s.desk.CloseAssessment(ctx, s.actor("LM"), round.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.desk.DecideAssessment(ctx, s.actor("CGD"), round.ID, ""); err != nil {
			t.Fatal(err)
		}
		s.settle()
		for code, p := range people {
			s.tries(p)
			said := s.allSent(p)
			for unit, points := range entered {
				if own := unit == units[code]; own != strings.Contains(said, points.String()) || !own && strings.Contains(said, unit) {
					t.Errorf("%s of %q sees of %s what is its own, or does not see the own:\n%s", code, units[code], unit, said)
				}
			}
			if own := units[code] != ""; own != strings.Contains(said, "中位数") {
				t.Errorf("%s is told the median: %t", code, !own)
			}
			for _, word := range []string{"名次", "排名", "排行", "排第", "第一名", "积分", "打卡"} {
				if strings.Contains(said, word) {
					t.Errorf("%s reads of %s:\n%s", code, word, said)
				}
			}
		}
		if said := s.tg.Transcript(leader); !strings.Contains(said, "考评") {
			t.Error("the leader was told nothing of the round")
		}
	})
}
