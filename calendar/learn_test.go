package calendar

import (
	"sync"
	"testing"
	"time"
)

func TestWhatIsLearntReplacesWhatWasLearntBefore(t *testing.T) {
	c := New(shanghai(), Clock{Hour: 18})
	first, sunday := Date{2027, 1, 1}, Date{2027, 1, 3}
	before := c.Edition()
	if !c.IsProvisional(first) || c.IsWorkingDay(sunday) {
		t.Fatal("2027 is known already")
	}
	year := Year{Year: 2027, Notice: "N", Days: []Day{{Name: "元旦", From: first, Off: true}, {Name: "元旦", From: sunday}}}
	if !c.Learn(year) || c.IsProvisional(first) || !c.IsWorkingDay(sunday) || c.Edition() == before {
		t.Error("the year was not learnt")
	}
	if notice, ok := c.Notice(2027); notice != "N" || !ok {
		t.Errorf("the notice is %q", notice)
	}
	if c.Learn(year) || c.Edition() != New(shanghai(), Clock{Hour: 18}, year).Edition() {
		t.Error("the same again is another edition")
	}
	if !c.Learn(Year{Days: []Day{{From: sunday, Source: "S"}}}) || !c.IsProvisional(first) || !c.IsWorkingDay(sunday) {
		t.Error("the year is still there beside the correction, or the correction is not")
	}
	if c.Learn(); c.Edition() != before || c.IsWorkingDay(sunday) {
		t.Error("forgetting everything is not the beginning")
	}
}

// TestAnAnswerIsOfOneTableWhateverIsLearntMeanwhile asks while the days change under it: January 2027 is worked wholly or not at all, so that any
// mix gives a number that neither has.
func TestAnAnswerIsOfOneTableWhateverIsLearntMeanwhile(t *testing.T) {
	all := func(off bool) Year {
		return Year{Days: []Day{{From: Date{2027, 1, 1}, To: Date{2027, 1, 31}, Off: off, Source: "S"}}}
	}
	c := New(shanghai(), Clock{Hour: 18}, all(true))
	from := Date{2026, 12, 31}.At(Clock{Hour: 18}, c.Zone())
	to := Date{2027, 1, 31}.At(Clock{Hour: 18}, c.Zone())
	done := make(chan struct{})
	var asking sync.WaitGroup
	for range 2 {
		asking.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if worked := c.WorkingTime(from, to); worked != 0 && worked != 31*9*time.Hour {
					t.Errorf("worked %v", worked)
					return
				}
				if day := c.Today(c.AddWorkingTime(from, 9*time.Hour)); day != (Date{2027, 1, 1}) && day != (Date{2027, 2, 1}) {
					t.Errorf("a working day ends on %s", day)
					return
				}
				if r := c.ParseDue("3个工作日内", from); r.Due.Date != (Date{2027, 1, 3}) && r.Due.Date != (Date{2027, 2, 3}) {
					t.Errorf("three working days end on %s", r.Due.Date)
					return
				}
			}
		})
	}
	for range 20 {
		c.Learn(all(false))
		c.Learn(all(true))
	}
	close(done)
	asking.Wait()
}
