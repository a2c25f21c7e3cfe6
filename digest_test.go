package duban

import (
	"testing"

	"duban/calendar"
)

func TestADigestTellsEachItemOnceInTheFirstListThatFits(t *testing.T) {
	now := mustTime(t, "2026-10-14 08:30") // a Wednesday
	item := func(id int64, state State, due string) Assignment {
		return Assignment{ID: id, State: state, IssuedAt: mustTime(t, "2026-10-01 10:00"), Due: calendar.Due{Date: mustDate(t, due)}}
	}
	items := []Assignment{
		item(1, Accepted, "2026-10-13"), item(2, Issued, "2026-10-14"), item(3, Accepted, "2026-10-15"), item(4, Returned, "2026-10-19"),
		item(5, Accepted, "2026-10-20"), item(6, Issued, "2026-10-30"), item(7, Submitted, "2026-10-13"), item(8, Closed, "2026-10-13"),
		item(9, Draft, "2026-10-14"), item(10, Accepted, "2026-10-18"),
	}
	d := DigestOf(items, cityCalendar(), now)
	for _, want := range []struct {
		list  string
		items []Assignment
		ids   []int64
	}{
		{"overdue", d.Overdue, []int64{1}}, {"today", d.Today, []int64{2}}, {"soon", d.Soon, []int64{3, 4, 10}},
		{"unsigned", d.Unsigned, []int64{6}}, {"waiting", d.Waiting, []int64{7}},
	} {
		var got []int64
		for _, a := range want.items {
			got = append(got, a.ID)
		}
		if len(got) != len(want.ids) {
			t.Errorf("%s: %v, want %v", want.list, got, want.ids)
			continue
		}
		for i := range got {
			if got[i] != want.ids[i] {
				t.Errorf("%s: %v, want %v", want.list, got, want.ids)
			}
		}
	}
	if DigestOf([]Assignment{items[4], items[7]}, cityCalendar(), now).Empty() == false {
		t.Error("an item due in four working days and a closed one make a digest")
	}
}

func TestARungNoLongerHoldsOnceTheStateHasMovedOn(t *testing.T) {
	for _, test := range []struct {
		kind  RungKind
		holds map[State]bool
	}{
		{RungUnsigned, map[State]bool{Issued: true}},
		{RungReview, map[State]bool{Submitted: true}},
		{RungBeforeDue, map[State]bool{Issued: true, Accepted: true, Returned: true}},
		{RungRepeat, map[State]bool{Issued: true, Accepted: true, Returned: true}},
		{RungDraft, map[State]bool{Issued: true, Accepted: true, Returned: true}},
	} {
		for _, state := range []State{Draft, Issued, Accepted, Submitted, Returned, Closed} {
			if got := test.kind.Holds(state); got != test.holds[state] {
				t.Errorf("%s holds in %s: %t", test.kind, state, got)
			}
		}
	}
}
