package app_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban"
	"duban/app"
	"duban/calendar"
	"duban/config"
)

func wd(n int) calendar.Step { return calendar.Step{N: n, Unit: calendar.WorkingDays} }

func TestTheDefaultConfigurationIsTheStandardPolicy(t *testing.T) {
	got, err := app.Policy(config.Default())
	if err != nil {
		t.Fatal(err)
	}
	digest := calendar.Clock{Hour: 8, Minute: 30}
	want := duban.Policy{
		Lang: "zh-CN",
		Ladder: duban.Ladder{
			Unsigned:  []calendar.Step{wd(1), wd(2)},
			BeforeDue: []calendar.Step{wd(3), wd(1), {N: 0, Unit: calendar.Days}},
			Notice:    wd(1), Repeat: wd(1), Draft: wd(3),
			At: calendar.Clock{Hour: 9},
		},
		Lights:   duban.DefaultLights,
		Quiet:    calendar.Quiet{From: calendar.Clock{Hour: 21}, To: calendar.Clock{Hour: 7}, WorkingDaysOnly: true, Resume: &digest},
		Digest:   &digest,
		DailyCap: 3, ReviewWithin: 3, LinkValid: 72 * time.Hour, SecondFactor: duban.NoFactor,
		Reports:   duban.Reports{Weekly: true, Monthly: true, Quarterly: true, HalfYearly: true, PerTask: true},
		SelfCheck: duban.ObjectWithin,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsOffIsLeftOut(t *testing.T) {
	c := config.Default()
	c.Quiet, c.Digest = config.Quiet{Off: true}, ""
	c.Reminders.Unsigned, c.Reminders.Overdue = nil, config.Overdue{}
	got, err := app.Policy(c)
	if err != nil {
		t.Fatal(err)
	}
	none := calendar.Step{}
	if got.Digest != nil || got.Quiet != (calendar.Quiet{Off: true}) || len(got.Ladder.Unsigned) != 0 ||
		got.Ladder.Notice != none || got.Ladder.Repeat != none || got.Ladder.Draft != none {
		t.Errorf("%+v", got)
	}
}

func TestTheSelfCheckLastsAsLongAsTheConfigurationSays(t *testing.T) {
	c := config.Default()
	c.Assessment.Window = "15wd"
	if p, err := app.Policy(c); err != nil || p.SelfCheck != 15 {
		t.Errorf("%d working days, %v", p.SelfCheck, err)
	}
}

func TestWithoutADigestQuietTimeHoldsUntilItsEnd(t *testing.T) {
	c := config.Default()
	c.Digest = ""
	p, err := app.Policy(c)
	if err != nil {
		t.Fatal(err)
	}
	cal, err := app.Calendar(c)
	if err != nil {
		t.Fatal(err)
	}
	night := time.Date(2026, 3, 2, 23, 0, 0, 0, cal.Zone())
	if got, want := cal.NextAllowed(p.Quiet, night), time.Date(2026, 3, 3, 7, 0, 0, 0, cal.Zone()); !got.Equal(want) {
		t.Errorf("held until %s, want %s", got, want)
	}
}

func TestTheCalendarHasTheZoneAndTheOfficeHours(t *testing.T) {
	c := config.Default()
	c.Organisation.Timezone, c.Organisation.OfficeEnd = "Europe/Berlin", "16:30"
	cal, err := app.Calendar(c)
	if err != nil || cal.Zone().String() != "Europe/Berlin" || cal.OfficeEnd() != (calendar.Clock{Hour: 16, Minute: 30}) {
		t.Errorf("%v %v", cal, err)
	}
}
