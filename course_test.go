package duban

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"duban/calendar"
)

func TestTheLadderFollowsWhatHappensToAnItem(t *testing.T) {
	issued := mustTime(t, "2026-10-12 10:00") // a Monday
	accepted := Assignment{State: Accepted, IssuedAt: issued, Due: calendar.Due{Date: mustDate(t, "2026-10-16")}, ActedUntil: issued}
	with := func(change func(*Assignment)) Assignment {
		a := accepted
		change(&a)
		return a
	}
	at := func(s string) time.Time { return mustTime(t, s) }
	for _, test := range []struct {
		name  string
		a     Assignment
		until string
		want  []string
	}{
		{"a long task is asked about half-way", with(func(a *Assignment) {
			a.Due, a.OriginalDue = calendar.Due{Date: mustDate(t, "2026-11-20")}, calendar.Due{Date: mustDate(t, "2026-11-20")}
		}), "2026-11-16 10:00", []string{"10-30 09:00:00 halfway 14wd → owner"}},
		{"a promise is asked for when it is due", with(func(a *Assignment) { a.PromisedAt = at("2026-10-14 15:00") }), "2026-10-15 10:00", []string{
			"10-13 09:00:00 before_due 3wd → owner",
			"10-14 15:00:00 promise 0wd → owner",
			"10-15 09:00:00 before_due 1wd → owner",
		}},
		{"while a request waits its deciders are pressed and the unit is only reminded", with(func(a *Assignment) { a.RequestedAt = at("2026-10-14 11:00") }),
			"2026-10-21 10:00", []string{
				"10-13 09:00:00 before_due 3wd → owner",
				"10-15 09:00:00 before_due 1wd → owner",
				"10-15 09:00:00 request 1wd → deciders",
				"10-16 09:00:00 before_due 0d → owner",
				"10-16 09:00:00 request 1wd → deciders",
				"10-19 09:00:00 request 1wd → deciders",
				"10-20 09:00:00 request 1wd → deciders",
				"10-21 09:00:00 request 1wd → deciders",
			}},
		{"a refusal after the deadline starts the notices anew", with(func(a *Assignment) {
			a.RestartedAt, a.ActedUntil = at("2026-10-20 15:00"), at("2026-10-20 09:00")
		}), "2026-10-23 10:00", []string{
			"10-21 09:00:00 notice 1wd → owner_and_secretary",
			"10-22 09:00:00 repeat 1wd → owner_and_secretary",
			"10-23 09:00:00 draft 3wd → administrators",
			"10-23 09:00:00 repeat 1wd → owner_and_secretary",
		}},
		{"a declined item waits for the office", with(func(a *Assignment) { a.State, a.DeclinedAt = Declined, at("2026-10-13 11:00") }),
			"2026-10-19 10:00", []string{
				"10-16 09:00:00 declined 3wd → administrators",
				"10-19 09:00:00 declined 1wd → administrators",
			}},
		{"the leaders are told once of reviewers who do not decide", with(func(a *Assignment) { a.State, a.SubmittedAt = Submitted, at("2026-10-13 11:00") }),
			"2026-10-21 10:00", []string{
				"10-16 09:00:00 review 3wd → reviewers",
				"10-19 09:00:00 review 1wd → reviewers",
				"10-20 09:00:00 oversight 5wd → leaders",
				"10-20 09:00:00 review 1wd → reviewers",
				"10-21 09:00:00 review 1wd → reviewers",
			}},
		{"a notice of level 3 that is not answered leads to the next draft", with(func(a *Assignment) {
			a.Level, a.RespondBy, a.ActedUntil = 3, at("2026-10-28 18:00"), at("2026-10-27 09:00")
		}), "2026-10-29 08:00", []string{
			"10-28 09:00:00 repeat 1wd → owner_and_secretary",
			"10-28 18:00:00 no_response 0wd → administrators",
		}},
		{"suspended", with(func(a *Assignment) { a.State, a.SuspendedAt = Suspended, issued }), "2026-12-01 10:00", nil},
		{"cancelled", with(func(a *Assignment) { a.State, a.PromisedAt = CalledOff, at("2026-10-14 15:00") }), "2026-12-01 10:00", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := story(standard(t), test.a, mustTime(t, test.until))
			slices.Sort(got)
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func TestWhatIsLoudBreaksQuietTime(t *testing.T) {
	issued := mustTime(t, "2026-10-16 20:00")
	a := Assignment{State: Accepted, IssuedAt: issued, Due: cityCalendar().DueAt(mustTime(t, "2026-10-17 23:00")), ActedUntil: issued}
	if got := story(standard(t), a, mustTime(t, "2026-10-18 00:00")); len(got) > 0 {
		t.Errorf("on a Saturday night %v is told", got)
	}
	a.Loud = true
	got := story(standard(t), a, mustTime(t, "2026-10-18 00:00"))
	if want := []string{"10-17 09:00:00 before_due 0d → owner", "10-17 23:00:00 due → owner_and_secretary"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestALaterDeadlineDoesNotRepeatTheQuestionHalfWay(t *testing.T) {
	issued := mustTime(t, "2026-10-12 10:00")
	first := calendar.Due{Date: mustDate(t, "2026-11-20")}
	a := Assignment{State: Accepted, IssuedAt: issued, Due: first, OriginalDue: first, ActedUntil: issued}
	half := func() (when []string) {
		for _, line := range story(standard(t), a, mustTime(t, "2026-12-20 10:00")) {
			if strings.Contains(line, "halfway") {
				when = append(when, line)
			}
		}
		return when
	}
	before := half()
	a.Due = calendar.Due{Date: mustDate(t, "2026-12-18")}
	if after := half(); len(before) != 1 || !slices.Equal(before, after) {
		t.Errorf("asked %v, and after an extension %v", before, after)
	}
}

func TestThePathIsShownAsTheLadderGoesIt(t *testing.T) {
	cal := cityCalendar()
	issued := mustTime(t, "2026-10-12 10:00")
	a := Assignment{State: Accepted, IssuedAt: issued, Due: calendar.Due{Date: mustDate(t, "2026-10-16")}, ActedUntil: issued}
	path := standard(t).Path(a, cal)
	if len(path) != 4 || path[0].Level != 2 || !path[0].At.Equal(mustTime(t, "2026-10-19 09:00")) || path[1].Level != 3 ||
		!path[1].At.Equal(mustTime(t, "2026-10-21 09:00")) || !path[2].At.IsZero() || path[3].Level != TopLevel || path[0].Issued {
		t.Errorf("path %+v", path)
	}
	a.Level, a.RespondBy = 3, mustTime(t, "2026-10-28 18:00")
	path = standard(t).Path(a, cal)
	if !path[0].Issued || !path[1].Issued || path[2].Issued || !path[2].At.Equal(a.RespondBy) || !path[3].At.IsZero() {
		t.Errorf("after a notice of level 3: %+v", path)
	}
	a.State = Suspended
	if path := standard(t).Path(a, cal); path != nil {
		t.Errorf("suspended: %+v", path)
	}
}

func TestTheTimeToAnswerEndsOnAWorkingDay(t *testing.T) {
	cal := cityCalendar()
	for _, test := range []struct {
		level     int
		now, want string
	}{
		{3, "2026-10-12 10:00", "2026-10-19 18:00"},
		{3, "2026-09-24 10:00", "2026-10-08 18:00"}, // seven days lead into the National Day holiday
		{4, "2026-10-14 10:00", "2026-10-19 18:00"}, // three days lead to a Saturday
		{5, "2026-10-13 10:00", "2026-10-16 18:00"},
	} {
		if got := RespondBy(test.level, cal, mustTime(t, test.now)); !got.Equal(mustTime(t, test.want)) {
			t.Errorf("level %d issued %s: until %s, want %s", test.level, test.now, got.In(shanghai), test.want)
		}
	}
}

func TestWhoHasToActOnARequestIsRemindedByHisOwnClock(t *testing.T) {
	p, cal := standard(t), cityCalendar()
	asked := mustTime(t, "2026-10-12 10:00")
	r := Request{State: Asked, AskedAt: asked}
	if got := p.RemindOf(r, cal); !got.Equal(mustTime(t, "2026-10-13 09:00")) {
		t.Errorf("the secretary is reminded %s", got.In(shanghai))
	}
	r.State, r.AgreedAt = Agreed, mustTime(t, "2026-10-13 15:00")
	if got := p.RemindOf(r, cal); !got.Equal(mustTime(t, "2026-10-16 09:00")) {
		t.Errorf("whoever decides is reminded %s", got.In(shanghai))
	}
	r.State = Granted
	if got := p.RemindOf(r, cal); !got.IsZero() {
		t.Errorf("a decided request is reminded of %s", got.In(shanghai))
	}
}

func TestTheUnitIsNotPressedWhileItsRequestWaits(t *testing.T) {
	cal := cityCalendar()
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		if !d.a.State.OnUnit() {
			return
		}
		d.a.RequestedAt = d.a.IssuedAt.Add(time.Minute)
		for _, r := range d.policy.courseOf(d.a, cal).between(d.a.IssuedAt, d.a.IssuedAt.AddDate(0, 3, 0)) {
			if r.To == ToOwnerAndSecretary || r.To == ToAdministrators || r.Kind.Drafts() {
				t.Fatalf("%s goes to %s", r.Kind, r.To)
			}
		}
	})
}
