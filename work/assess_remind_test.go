package work_test

import (
	"encoding/json"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// reminded counts how often each person has been told something of an assessment since it was opened, and each unit been recorded as reminded.
func (y *yearEnd) reminded(what work.AssessWhat) (people map[string]int, units int) {
	y.t.Helper()
	people = map[string]int{}
	cast.Read(y.t, y.Desk, func(tx *store.Tx) error {
		tx.Now = y.now.AddDate(0, 1, 0)
		letters, err := tx.ReadyLetters(duban.LaneReminder, time.UnixMilli(0), 0, 1000)
		if err != nil {
			return err
		}
		for _, l := range letters {
			if l.Kind != duban.NewsAssess || whatOf(y.t, l) != what {
				continue
			}
			p, err := tx.Person(l.PersonID)
			if err != nil {
				return err
			}
			people[p.Code]++
		}
		return tx.EntriesAbout([]duban.Event{duban.EventReminded}, func(e duban.Entry) error {
			if e.Facts["news"] == string(duban.NewsAssess) && e.UnitID != 0 {
				units++
			}
			return nil
		})
	})
	return people, units
}

func whatOf(t *testing.T, l duban.Letter) work.AssessWhat {
	t.Helper()
	var news work.AssessNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		t.Fatal(err)
	}
	return news.What
}

func (y *yearEnd) mind() {
	y.t.Helper()
	if err := y.today().MindAssessments(ctx); err != nil {
		y.t.Fatal(err)
	}
}

// TestUnitsAreRemindedOnceOfTheEndOfTheWindow has a school that has looked and loses points, one that has not looked, and one that has and loses none.
func TestUnitsAreRemindedOnceOfTheEndOfTheWindow(t *testing.T) {
	y := newYearEnd(t)
	y.open()
	all := y.standings()
	y.must(nil, y.today().LookAtAssessment(ctx, y.admin, all["第三中学党委"].Assessment.ID))
	y.must(nil, y.today().LookAtAssessment(ctx, y.secretary, all["第三中学党委"].Assessment.ID))
	y.must(nil, y.today().LookAtAssessment(ctx, y.officer, all["市第五中学党委"].Assessment.ID))
	y.must(nil, y.today().LookAtAssessment(ctx, y.other, all["实验小学党委"].Assessment.ID))
	for name, s := range y.standings() {
		if s.Unseen() != (name == "第三中学党委") {
			t.Errorf("%s has looked: %t", name, !s.Unseen())
		}
	}
	y.mind() // days before
	if people, units := y.reminded(work.AssessUnseen); len(people) != 0 || units != 0 {
		t.Errorf("reminded %v, %d units, before it was time", people, units)
	}
	for range 2 {
		y.now = on(12, 25, 9) // the working day before the last one
		y.mind()
	}
	unseen, units := y.reminded(work.AssessUnseen)
	ending, _ := y.reminded(work.AssessEnding)
	if len(unseen) != 1 || unseen["WM"] != 1 || len(ending) != 2 || ending["ZG"] != 1 || ending["WF"] != 1 || units != 2 {
		t.Errorf("have not looked: %v, have not objected: %v, %d units recorded", unseen, ending, units)
	}
	y.must(y.today().Reassess(ctx, y.admin, y.round.ID, nil))
	for name, s := range y.standings() {
		if !s.Unseen() {
			t.Errorf("%s has not looked at what was computed anew", name)
		}
	}
}
