package duban

import (
	"testing"
	"time"

	"duban/calendar"
)

func TestTitlesThatAskForTheSameAreSimilar(t *testing.T) {
	for _, pair := range [][2]string{
		{"报送2026年度总结", "报送2025年度总结"},
		{"报送年度总结", "报送年度总结"},
		{"报送党员发展工作年度总结", "报送党员发展工作总结"},
		{"报送 第三季度 学习情况", "报送第四季度学习情况"},
		{"Report the stock", "report stock"},
	} {
		if !SimilarTitles(pair[0], pair[1]) {
			t.Errorf("%q and %q are not similar", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{
		{"报送年度总结", "报送党费台账"}, {"报送年度总结", "安全检查"}, {"", ""}, {"2026", "2026"}, {"总", "结"},
	} {
		if SimilarTitles(pair[0], pair[1]) {
			t.Errorf("%q and %q are similar", pair[0], pair[1])
		}
	}
}

func TestWhoHasMostToDoThatWeekComesFirst(t *testing.T) {
	all := []Burden{
		{Owner: Person{Name: "a"}, Open: 9}, {Owner: Person{Name: "b"}, Open: 2, SameWeek: 2}, {Owner: Person{Name: "c"}, Open: 5, SameWeek: 2}, {Owner: Person{Name: "d"}, Open: 9},
	}
	HeaviestFirst(all)
	order := ""
	for _, b := range all {
		order += b.Owner.Name
	}
	if order != "cbad" {
		t.Errorf("the order is %s", order)
	}
}

func TestTheWeekOfADeadlineIsMondayToSunday(t *testing.T) {
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	cal := calendar.New(zone, calendar.Clock{Hour: 18})
	for day := 23; day <= 29; day++ {
		due := calendar.Due{Date: calendar.Date{Year: 2026, Month: 11, Day: day}}
		from, to := WeekOf(cal, due)
		if !from.Equal(time.Date(2026, 11, 23, 0, 0, 0, 0, zone)) || !to.Equal(time.Date(2026, 11, 30, 0, 0, 0, 0, zone)) {
			t.Errorf("the week of %v is from %v to %v", due.Date, from, to)
		}
		if end := cal.End(due); !end.After(from) || end.After(to) {
			t.Errorf("%v ends outside its week", due.Date)
		}
	}
}

func TestWhoApprovesWhatIsIssued(t *testing.T) {
	on := Policy{ApproveIssue: true, SecondAdminAbove: 10}
	for _, test := range []struct {
		name     string
		policy   Policy
		role     Role
		people   int
		approved []Seat
		want     Seat
	}{
		{"nothing is switched on", Policy{}, Admin, 500, nil, ""},
		{"the leader", on, Admin, 10, nil, SeatLeader},
		{"the leader has approved", on, Admin, 10, []Seat{SeatLeader}, ""},
		{"to many: the second administrator first", on, Admin, 11, nil, SeatSecondAdmin},
		{"then the leader", on, Admin, 11, []Seat{SeatSecondAdmin}, SeatLeader},
		{"only the second administrator", Policy{SecondAdminAbove: 10}, Admin, 11, []Seat{SeatSecondAdmin}, ""},
		{"an officer always needs the secretary", Policy{}, Officer, 1, nil, SeatSecretary},
		{"a secretary needs nobody", on, Secretary, 50, nil, ""},
		{"the operator needs nobody", on, "", 50, nil, ""},
	} {
		if got := test.policy.NextApproval(test.role, test.people, test.approved); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
