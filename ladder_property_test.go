package duban

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"duban/calendar"
)

// drawn is a policy and an assignment with whatever ladder, deadline and state.
type drawn struct {
	policy Policy
	a      Assignment
}

func draw(t *rapid.T) drawn {
	step := rapid.Custom(func(t *rapid.T) calendar.Step {
		unit := rapid.SampledFrom([]calendar.StepUnit{calendar.WorkingDays, calendar.Days, calendar.Hours, calendar.Minutes}).Draw(t, "unit")
		most := map[calendar.StepUnit]int{calendar.WorkingDays: 9, calendar.Days: 12, calendar.Hours: 90, calendar.Minutes: 300}[unit]
		return calendar.Step{N: rapid.IntRange(0, most).Draw(t, "n"), Unit: unit}
	})
	clock := rapid.Custom(func(t *rapid.T) calendar.Clock {
		return calendar.Clock{Hour: rapid.IntRange(0, 23).Draw(t, "hour"), Minute: rapid.IntRange(0, 59).Draw(t, "minute")}
	})
	p := Policy{ReviewWithin: rapid.IntRange(0, 5).Draw(t, "review within")}
	p.Ladder = Ladder{
		Unsigned: rapid.SliceOfN(step, 0, 3).Draw(t, "unsigned"), BeforeDue: rapid.SliceOfN(step, 0, 4).Draw(t, "before due"),
		Notice: step.Draw(t, "notice"), Repeat: step.Draw(t, "repeat"), Draft: step.Draw(t, "draft"), At: clock.Draw(t, "at"),
	}
	p.Quiet = calendar.Quiet{
		From: clock.Draw(t, "from"), To: clock.Draw(t, "to"), WorkingDaysOnly: rapid.Bool().Draw(t, "working days only"),
		Off: rapid.IntRange(0, 3).Draw(t, "off") == 0,
	}
	if rapid.Bool().Draw(t, "digest") {
		digest := clock.Draw(t, "digest clock")
		p.Quiet.Resume = &digest
	}
	issued := time.Date(2026, 9, 1, 0, 0, 0, 0, shanghai).Add(time.Duration(rapid.IntRange(0, 60*24*60).Draw(t, "issued")) * time.Minute)
	a := Assignment{State: rapid.SampledFrom([]State{Issued, Accepted, Returned, Submitted, Declined}).Draw(t, "state"), IssuedAt: issued, ActedUntil: issued}
	a.SubmittedAt, a.ReturnedAt, a.DeclinedAt = issued.Add(time.Hour), issued.Add(time.Hour), issued.Add(time.Hour)
	sometimes := func(label string) time.Time {
		if rapid.IntRange(0, 3).Draw(t, label) > 0 {
			return time.Time{}
		}
		return issued.Add(time.Duration(rapid.IntRange(1, 50000).Draw(t, label+" in minutes")) * time.Minute)
	}
	a.RequestedAt, a.PromisedAt, a.RestartedAt, a.RespondBy = sometimes("requested"), sometimes("promised"), sometimes("restarted"), sometimes("respond")
	a.Level, a.Loud = rapid.SampledFrom([]int{0, 2, 3, 4, 5}).Draw(t, "level"), rapid.IntRange(0, 3).Draw(t, "loud") == 0
	a.Due = cityCalendar().DueAt(issued.Add(time.Duration(rapid.IntRange(-2000, 40000).Draw(t, "due in minutes")) * time.Minute))
	if rapid.Bool().Draw(t, "date only") {
		a.Due.Instant = time.Time{}
	}
	return drawn{p, a}
}

func TestEveryRungEndsToldOrMissedAndNoneIsToldTwice(t *testing.T) {
	cal := cityCalendar()
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		p, a := d.policy, d.a
		now, passes := a.IssuedAt, 0
		end := a.IssuedAt.AddDate(0, 2, 0)
		seen := map[string]int{}
		for a.NextAction = p.NextAction(a, cal); !a.NextAction.IsZero() && a.NextAction.Before(end) && passes < 300; passes++ {
			late := time.Duration(rapid.SampledFrom([]int{0, 0, 0, 1, 30, 600, 9000}).Draw(t, "late by minutes")) * time.Minute
			now = latest(now, a.NextAction).Add(late)
			made := p.Decide(a, cal, now)
			if !made.Next.IsZero() && !made.Next.After(now) {
				t.Fatalf("at %s the next look is at %s", now, made.Next)
			}
			if len(made.Rungs) > 0 && !a.Loud && cal.IsQuiet(p.Quiet, now) {
				t.Fatalf("told in quiet time, at %s", now)
			}
			circles := map[Readers]bool{}
			for _, r := range made.Rungs {
				if circles[circle(r.To)] {
					t.Fatalf("two pushes for one circle at %s: %+v", now, made.Rungs)
				}
				circles[circle(r.To)] = true
				seen[string(r.Kind)+r.Moment.String()]++
			}
			for _, r := range made.Missed {
				seen[string(r.Kind)+r.Moment.String()] += r.Times
			}
			a.ActedUntil, a.NextAction = made.ActedUntil, made.Next
		}
		total := 0
		for _, n := range seen {
			total += n
		}
		due := 0
		for _, r := range p.courseOf(d.a, cal).between(d.a.IssuedAt, a.ActedUntil) {
			due += r.Times
			if r.Times == 1 && seen[string(r.Kind)+r.Moment.String()] > 1 {
				t.Fatalf("%s of %s ends %d times", r.Kind, r.Moment, seen[string(r.Kind)+r.Moment.String()])
			}
		}
		if total != due {
			t.Fatalf("%d rungs were due and %d were told or missed: %v", due, total, seen)
		}
	})
}

func TestNextActionIsWhereDecideFindsSomethingDue(t *testing.T) {
	cal := cityCalendar()
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		next := d.policy.NextAction(d.a, cal)
		if next.IsZero() {
			return
		}
		if made := d.policy.Decide(d.a, cal, next); made.Reason != RungsDue || len(made.Rungs) == 0 {
			t.Fatalf("at its next action: %s", made.Reason)
		}
		if made := d.policy.Decide(d.a, cal, next.Add(-time.Second)); made.Reason != NotYet || !made.Next.Equal(next) {
			t.Fatalf("a second before its next action: %s, next %s", made.Reason, made.Next)
		}
	})
}
