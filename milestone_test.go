package duban

import (
	"slices"
	"strings"
	"testing"

	"duban/calendar"
)

func planned(tb testing.TB) Assignment {
	tb.Helper()
	issued := mustTime(tb, "2026-11-16 10:00") // a Monday
	return Assignment{
		State: Accepted, IssuedAt: issued, ActedUntil: issued, Due: calendar.Due{Date: mustDate(tb, "2026-12-31")},
		Milestones: []Milestone{
			{Title: "方案制定", Date: mustDate(tb, "2026-11-24"), Percent: 30},
			{Title: "中期检查", Date: mustDate(tb, "2026-12-12"), Percent: 60}, // a Saturday
		},
	}
}

func milestonesTold(p Policy, a Assignment, until string, tb testing.TB) []string {
	var told []string
	for _, line := range story(p, a, mustTime(tb, until)) {
		if strings.Contains(line, string(RungMilestone)) {
			told = append(told, line)
		}
	}
	return told
}

func TestAMilestoneIsRemindedOfTheWorkingDayBeforeAndOnItsDay(t *testing.T) {
	p, a := standard(t), planned(t)
	want := []string{
		"11-23 09:00:00 milestone 1wd → owner",
		"11-24 09:00:00 milestone 0d → owner",
		"12-11 09:00:00 milestone 1wd → owner",
	}
	if got := milestonesTold(p, a, "2026-12-20 00:00", t); !slices.Equal(got, want) {
		t.Errorf("told\n%s", strings.Join(got, "\n"))
	}
	a.Milestones[0].DoneAt = mustTime(t, "2026-11-23 08:00")
	if got := milestonesTold(p, a, "2026-12-20 00:00", t); !slices.Equal(got, want[2:]) {
		t.Errorf("with one done told\n%s", strings.Join(got, "\n"))
	}
	a.State, a.SubmittedAt, a.ActedUntil = Submitted, mustTime(t, "2026-12-09 10:00"), mustTime(t, "2026-12-09 10:00")
	if got := milestonesTold(p, a, "2026-12-20 00:00", t); got != nil {
		t.Errorf("submitted, told\n%s", strings.Join(got, "\n"))
	}
}

func TestAReminderKnowsItsMilestoneUntilThatIsDone(t *testing.T) {
	a, cal, nine := planned(t), cityCalendar(), calendar.Clock{Hour: 9}
	for at, want := range map[string]int{"2026-11-23 09:00": 0, "2026-11-24 09:00": 0, "2026-12-11 09:00": 1} {
		if n, ok := a.MilestoneAt(mustTime(t, at), cal, nine); !ok || n != want {
			t.Errorf("at %s it is of %d, %v", at, n, ok)
		}
	}
	a.Milestones[0].DoneAt = mustTime(t, "2026-11-23 08:00")
	if n, ok := a.MilestoneAt(mustTime(t, "2026-11-24 09:00"), cal, nine); ok {
		t.Errorf("a reminder of what is done is of %d", n)
	}
}

func TestBeingBehindThePlanShowsInTheLightAndIsNotOverdue(t *testing.T) {
	cal, now := cityCalendar(), mustTime(t, "2026-11-25 10:00")
	for percent, want := range map[int]Light{0: Yellow, 20: Yellow, 25: Green, 30: Green} {
		a := planned(t)
		a.Percent = percent
		if got := LightOf(a, DefaultLights, cal, now); got != want {
			t.Errorf("with %d of 30 percent the light is %s, want %s", percent, got, want)
		}
	}
	a := planned(t)
	a.Milestones[0].Percent = 40
	if got := LightOf(a, DefaultLights, cal, now); got != Orange {
		t.Errorf("40 points behind the light is %s", got)
	}
}

func TestAPlanGoesForwardAndEndsWithTheDeadline(t *testing.T) {
	due := calendar.Due{Date: mustDate(t, "2026-12-31")}
	stage := func(title, date string, percent int) Milestone {
		return Milestone{Title: title, Date: mustDate(t, date), Percent: percent}
	}
	for want, plan := range map[MilestoneProblem][]Milestone{
		MilestonesRight:    {stage("方案", "2026-11-30", 30), stage("检查", "2026-12-10", 60), stage("总结", "2026-12-31", 100)},
		MilestonePercent:   {stage("方案", "2026-11-30", 0)},
		MilestoneAfterDue:  {stage("方案", "2027-01-02", 30)},
		MilestoneTwice:     {stage("方案", "2026-11-30", 30), stage("方案", "2026-12-10", 60)},
		MilestoneBackwards: {stage("方案", "2026-11-30", 30), stage("检查", "2026-11-20", 60)},
	} {
		if _, got := CheckMilestones(plan, due); got != want {
			t.Errorf("%v is %q, want %q", plan, got, want)
		}
	}
	if n, got := CheckMilestones([]Milestone{stage("方案", "2026-11-30", 60), stage("检查", "2026-12-10", 30)}, due); n != 1 || got != MilestoneBackwards {
		t.Errorf("percents that fall are %q at %d", got, n)
	}
}

func TestAPlanThatIsChangedKeepsWhatIsDone(t *testing.T) {
	a := planned(t)
	a.Milestones[0].DoneAt = mustTime(t, "2026-11-23 08:00")
	plan := []Milestone{{Title: "动员", Date: mustDate(t, "2026-11-20"), Percent: 10}, {Title: "方案制定", Date: mustDate(t, "2026-11-27"), Percent: 40}}
	got := Replanned(a.Milestones, plan)
	if !got[0].DoneAt.IsZero() || got[1].DoneAt.IsZero() || got[1].Percent != 40 || !plan[1].DoneAt.IsZero() {
		t.Errorf("the new plan is %+v", got)
	}
	if !SameMilestones(got, plan) || SameMilestones(got, a.Milestones) {
		t.Error("what is done makes no other plan")
	}
}

func TestASupportingUnitIsRemindedBeforeTheDeadlineAndNotAfterIt(t *testing.T) {
	p, issued := standard(t), mustTime(t, "2026-10-12 10:00")
	a := Assignment{State: Accepted, Support: true, IssuedAt: issued, ActedUntil: issued, Due: calendar.Due{Date: mustDate(t, "2026-10-30")}}
	want := []string{
		"10-27 09:00:00 before_due 3wd → owner",
		"10-29 09:00:00 before_due 1wd → owner",
		"10-30 09:00:00 before_due 0d → owner",
	}
	if got := story(p, a, mustTime(t, "2026-11-20 00:00")); !slices.Equal(got, want) {
		t.Errorf("told\n%s", strings.Join(got, "\n"))
	}
	if path := p.Path(a, cityCalendar()); path != nil {
		t.Errorf("the path is %v", path)
	}
	a.Percent = 100
	if got := story(p, a, mustTime(t, "2026-11-20 00:00")); got != nil {
		t.Errorf("with its part done told\n%s", strings.Join(got, "\n"))
	}
	if got := LightOf(a, DefaultLights, cityCalendar(), mustTime(t, "2026-11-20 00:00")); got != Green {
		t.Errorf("with its part done the light is %s", got)
	}
}
