package duban

import (
	"fmt"
	"slices"
	"testing"
)

func TestATaskIsDoneByAllOfItsLeadUnitsOrByAnyOne(t *testing.T) {
	lead := func(s State) Assignment { return Assignment{State: s} }
	support := func(s State) Assignment { return Assignment{State: s, Support: true} }
	for _, test := range []struct {
		name     string
		all      []Assignment
		byAll    bool
		byAnyOne bool
	}{
		{"nothing was issued", nil, false, false},
		{"one of two is done", []Assignment{lead(Closed), lead(Accepted)}, false, true},
		{"both are done", []Assignment{lead(Closed), lead(Archived)}, true, true},
		{"the other was called off", []Assignment{lead(Closed), lead(CalledOff)}, true, true},
		{"the other stands still", []Assignment{lead(Closed), lead(Suspended)}, false, true},
		{"the other has been submitted", []Assignment{lead(Closed), lead(Submitted)}, false, true},
		{"all were called off", []Assignment{lead(CalledOff), lead(CalledOff)}, false, false},
		{"a supporting unit is still at it", []Assignment{lead(Closed), support(Accepted)}, true, true},
		{"only a supporting unit is done", []Assignment{lead(Accepted), support(Closed)}, false, false},
	} {
		if got := TaskDone(Task{Completion: CompleteAll}, test.all); got != test.byAll {
			t.Errorf("%s: done by all is %v", test.name, got)
		}
		if got := TaskDone(Task{Completion: CompleteAny}, test.all); got != test.byAnyOne {
			t.Errorf("%s: done by any one is %v", test.name, got)
		}
	}
}

func TestWhatFollowsForTheOthersOfATask(t *testing.T) {
	lead := func(id int64, s State) Assignment { return Assignment{ID: id, State: s} }
	support := func(id int64, s State) Assignment { return Assignment{ID: id, State: s, Support: true} }
	after := func(a Assignment, other int64) Assignment { a.FollowsID = other; return a }
	for _, test := range []struct {
		name       string
		completion Completion
		all        []Assignment // the first is the lead one that was moved
		want       []string
	}{
		{"one of three by any", CompleteAny, []Assignment{lead(1, Closed), lead(2, Issued), lead(3, Submitted)}, []string{"2 relieve", "3 relieve"}},
		{"one of three by all", CompleteAll, []Assignment{lead(1, Closed), lead(2, Issued), lead(3, Submitted)}, nil},
		{"what is done or called off stays", CompleteAny, []Assignment{lead(1, Closed), lead(2, CalledOff), lead(3, Draft)}, nil},
		{"reopened by any", CompleteAny, []Assignment{lead(1, Accepted), after(lead(2, CalledOff), 1), lead(3, CalledOff)}, []string{"2 recall"}},
		{"another one reopened", CompleteAny, []Assignment{lead(1, Accepted), after(lead(2, CalledOff), 4)}, nil},
		{"the last lead is closed", CompleteAll, []Assignment{lead(2, Closed), lead(1, Archived), support(3, Accepted), support(4, Declined)}, []string{"3 conclude", "4 conclude"}},
		{"a lead is left", CompleteAll, []Assignment{lead(2, Closed), lead(1, Returned), support(3, Accepted)}, nil},
		{"the first by any closes the supports", CompleteAny, []Assignment{lead(1, Closed), lead(2, Accepted), support(3, Issued)}, []string{"2 relieve", "3 conclude"}},
		{"the lead is reopened", CompleteAll, []Assignment{lead(1, Accepted), after(support(2, Closed), 1), support(3, CalledOff)}, []string{"2 recall"}},
		{"the only lead is called off", CompleteAll, []Assignment{lead(1, CalledOff), support(2, Accepted), support(3, Suspended)}, []string{"2 relieve", "3 relieve"}},
		{"the last lead that was not done is called off", CompleteAll, []Assignment{lead(1, CalledOff), lead(2, Closed), support(3, Accepted)}, []string{"3 conclude"}},
	} {
		var got []string
		for _, f := range Followings(Task{Completion: test.completion}, test.all, test.all[0]) {
			got = append(got, fmt.Sprint(f.Assignment.ID, " ", f.Verb))
			if _, err := f.Assignment.After(f.Verb, mustTime(t, "2026-11-23 09:00")); err != nil {
				t.Errorf("%s: %d cannot %s: %v", test.name, f.Assignment.ID, f.Verb, err)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestWhatFollowedAnotherComesBackToWhereItStood(t *testing.T) {
	now := mustTime(t, "2026-11-23 09:00")
	for _, before := range []State{Issued, Accepted, Returned, Submitted, Declined} {
		a := Assignment{State: CalledOff, Before: before, FollowsID: 7}
		if got, err := a.After(VerbRecall, now); got != before || err != nil {
			t.Errorf("from %s it comes back to %s, %v", before, got, err)
		}
	}
	halted := Assignment{State: CalledOff, Before: Accepted, FollowsID: 7, SuspendedAt: now}
	if got, err := halted.After(VerbRecall, now); got != Suspended || err != nil {
		t.Errorf("what stood still comes back to %s, %v", got, err)
	}
	for _, a := range []Assignment{{State: CalledOff, Before: Issued}, {State: Closed}} {
		if _, err := a.After(VerbRecall, now); CodeOf(err) != WrongState {
			t.Errorf("what followed nothing comes back: %v", err)
		}
	}
	if _, err := (Assignment{State: Closed, Support: true}).After(VerbReopen, now); CodeOf(err) != FollowsLead {
		t.Errorf("a supporting unit is reopened by itself: %v", err)
	}
	if _, err := (Assignment{State: Accepted}).After(VerbConclude, now); CodeOf(err) != WrongState {
		t.Errorf("a lead unit is closed with others: %v", err)
	}
}
