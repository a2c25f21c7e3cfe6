package work_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// changePosts brings the roster to what it is without some people's rows and with others.
func (o *office) changePosts(without string, with ...work.RosterRow) {
	o.t.Helper()
	var rows []work.RosterRow
	for _, row := range cast.Roster {
		if row.Code != without {
			rows = append(rows, row)
		}
	}
	result, err := o.desk.ImportRoster(context.Background(), duban.Console, append(rows, with...), work.ImportOptions{})
	if err != nil || len(result.Problems) > 0 {
		o.t.Fatal(err, result.Problems)
	}
}

// postRow is a row of the roster for a post in 市第五中学党委 or the branch below it.
func postRow(code, name, unit string, role duban.Role) work.RosterRow {
	row := work.RosterRow{Line: 20, Unit: unit, Name: name, Role: role, Code: code}
	switch unit {
	case "高一年级党支部":
		row.Parent, row.Kind = "市第五中学党委", duban.Branch
	default:
		row.Parent, row.Kind = "滨江市教育行业党委", duban.SchoolCommittee
	}
	return row
}

// handedOver returns the news of handovers by reader.
func (o *office) handedOver() map[int64]work.HandoverNews {
	o.t.Helper()
	all := map[int64]work.HandoverNews{}
	cast.Read(o.t, o.desk, func(tx *store.Tx) error {
		for _, lane := range duban.Lanes {
			letters, err := tx.ReadyLetters(lane.Lane, o.desk.At.AddDate(-1, 0, 0), 0, 1000)
			if err != nil {
				return err
			}
			for _, l := range letters {
				if l.Kind != duban.NewsHandover {
					continue
				}
				var news work.HandoverNews
				if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
					return err
				}
				all[l.PersonID] = news
			}
		}
		return nil
	})
	return all
}

func TestTheNewHolderOfAPostGetsWhatIsOpenAndSignsAnew(t *testing.T) {
	o := openOffice(t)
	first, second := o.issue("DJ-01"), o.issue("DJ-02")
	if _, err := o.desk.Accept(context.Background(), o.who["WF"], first.ID); err != nil {
		t.Fatal(err)
	}
	o.changePosts("WF", postRow("LY", "刘洋", "市第五中学党委", duban.Officer), postRow("WF", "王芳", "高一年级党支部", duban.Officer))
	for _, id := range []int64{first.ID, second.ID} {
		if a := o.assignment(id); a.OwnerID != o.person("LY") || a.State != duban.Issued || !a.AcceptedAt.IsZero() {
			t.Errorf("%d is %s with %d", id, a.State, a.OwnerID)
		}
	}
	told := o.handedOver()
	for code, seat := range map[string]work.HandoverSeat{"LY": work.SeatSuccessor, "WF": work.SeatLeaver, "LM": work.SeatOffice, "HJ": work.SeatOffice} {
		if news := told[o.person(code)]; news.Seat != seat || len(news.Items) != 2 || news.Standing {
			t.Errorf("%s is told %+v", code, news)
		}
	}
	if len(told) != 4 {
		t.Errorf("%d people are told", len(told))
	}
	if n := o.recorded(duban.EventHandedOver); n != 1 {
		t.Errorf("%d handovers are recorded", n)
	}
}

func TestTheSecretaryGetsWhatNobodyFollowsFor(t *testing.T) {
	o := openOffice(t)
	a := o.issue("DJ-01")
	o.changePosts("WF", postRow("WF", "王芳", "高一年级党支部", duban.Officer))
	if a = o.assignment(a.ID); a.OwnerID != o.person("ZG") {
		t.Errorf("it is with %d", a.OwnerID)
	}
	if news := o.handedOver()[o.person("LM")]; !news.Standing || news.To != o.person("ZG") {
		t.Errorf("the office is told %+v", news)
	}
}

func TestWhoKeepsAnotherPostInTheUnitKeepsTheItems(t *testing.T) {
	o := openOffice(t)
	o.changePosts("", postRow("WF", "王芳", "市第五中学党委", duban.BranchSecretary))
	a := o.issue("DJ-01")
	o.changePosts("WF", postRow("WF", "王芳", "市第五中学党委", duban.BranchSecretary), postRow("LY", "刘洋", "市第五中学党委", duban.Officer))
	if a = o.assignment(a.ID); a.OwnerID != o.person("WF") {
		t.Errorf("it is with %d", a.OwnerID)
	}
	if told := o.handedOver(); len(told) != 0 {
		t.Errorf("told: %+v", told)
	}
}

func TestTheNewSecretaryGetsTheRequestsThatWait(t *testing.T) {
	o := openOffice(t)
	a := o.issue("DJ-01")
	r, err := o.desk.Decline(context.Background(), o.who["WF"], a.ID, "属教务部门职责")
	if err != nil {
		t.Fatal(err)
	}
	o.changePosts("ZG", postRow("LY", "刘洋", "市第五中学党委", duban.Secretary), postRow("ZG", "赵刚", "高一年级党支部", duban.BranchSecretary))
	found := false
	cast.Read(t, o.desk, func(tx *store.Tx) error {
		letters, err := tx.ReadyLetters(duban.LaneAnswer, o.desk.At.AddDate(-1, 0, 0), 0, 1000)
		for _, l := range letters {
			found = found || l.Kind == duban.NewsRequest && l.PersonID == o.person("LY") && strings.Contains(l.Data, "request")
		}
		return err
	})
	if !found {
		t.Errorf("the new secretary does not hear of request %d", r.ID)
	}
}

func TestTwoPeopleWhoChangePlacesTakeOverFromEachOther(t *testing.T) {
	o := openOffice(t)
	o.changePosts("", postRow("LY", "刘洋", "高一年级党支部", duban.Officer))
	mine := o.issue("DJ-01")
	theirs := cast.Issue(t, o.desk, duban.Console, work.TaskRow{
		Code: "DJ-02", Title: "报送总结", Duty: "按模板报送", Units: "高一年级党支部", Owner: "刘洋", Due: "2026-12-04", Review: true,
	})[0]
	var rows []work.RosterRow
	for _, row := range cast.Roster {
		if row.Code != "WF" && row.Code != "LY" {
			rows = append(rows, row)
		}
	}
	rows = append(rows, postRow("LY", "刘洋", "市第五中学党委", duban.Officer), postRow("WF", "王芳", "高一年级党支部", duban.Officer))
	if _, err := o.desk.ImportRoster(context.Background(), duban.Console, rows, work.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if a, b := o.assignment(mine.ID), o.assignment(theirs.ID); a.OwnerID != o.person("LY") || b.OwnerID != o.person("WF") {
		t.Errorf("with %d and %d", a.OwnerID, b.OwnerID)
	}
}

// recorded counts the entries of an event.
func (o *office) recorded(event duban.Event) int {
	n := 0
	cast.Read(o.t, o.desk, func(tx *store.Tx) error {
		return tx.EveryEntry(o.desk.At.AddDate(-1, 0, 0), o.desk.At.AddDate(1, 0, 0), func(e duban.Entry) error {
			if e.Event == event {
				n++
			}
			return nil
		})
	})
	return n
}
