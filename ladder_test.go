package duban

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"duban/calendar"
)

var shanghai = time.FixedZone("CST", 8*60*60)

func cityCalendar() *calendar.Calendar { return calendar.New(shanghai, calendar.Clock{Hour: 18}) }

func mustTime(tb testing.TB, s string) time.Time {
	tb.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", s, shanghai)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func mustDate(tb testing.TB, s string) calendar.Date {
	tb.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func mustSteps(tb testing.TB, words ...string) []calendar.Step {
	tb.Helper()
	var steps []calendar.Step
	for _, w := range words {
		s, err := calendar.ParseStep(w)
		if err != nil {
			tb.Fatal(err)
		}
		steps = append(steps, s)
	}
	return steps
}

// standard is the policy of a configuration in which nothing is set.
func standard(tb testing.TB) Policy {
	tb.Helper()
	digest := calendar.Clock{Hour: 8, Minute: 30}
	return Policy{
		Ladder: Ladder{
			Unsigned: mustSteps(tb, "1wd", "2wd"), BeforeDue: mustSteps(tb, "3wd", "1wd", "0d"),
			Notice: mustSteps(tb, "1wd")[0], Repeat: mustSteps(tb, "1wd")[0], Draft: mustSteps(tb, "3wd")[0],
			At: calendar.Clock{Hour: 9},
		},
		Lights: DefaultLights, DailyCap: 3, ReviewWithin: 3, Digest: &digest,
		Quiet: calendar.Quiet{From: calendar.Clock{Hour: 21}, To: calendar.Clock{Hour: 7}, WorkingDaysOnly: true, Resume: &digest},
	}
}

// compressed is a ladder of seconds, as the demo has it, without quiet time.
func compressed(tb testing.TB) Policy {
	tb.Helper()
	p := standard(tb)
	p.Quiet = calendar.Quiet{Off: true}
	p.Ladder = Ladder{
		Unsigned: mustSteps(tb, "20s", "40s"), BeforeDue: mustSteps(tb, "30s", "10s"),
		Notice: mustSteps(tb, "15s")[0], Repeat: mustSteps(tb, "10s")[0], Draft: mustSteps(tb, "45s")[0], At: p.Ladder.At,
	}
	return p
}

// story plays the ladder of an assignment from its issue to an instant by the scheduler's rules, in time for every step, and returns a line
// for each rung that is told or missed.
func story(p Policy, a Assignment, until time.Time) []string {
	cal := cityCalendar()
	var lines []string
	a.NextAction = p.NextAction(a, cal)
	for now := a.NextAction; !now.IsZero() && !now.After(until); now = a.NextAction {
		d := p.Decide(a, cal, now)
		for _, r := range d.Missed {
			lines = append(lines, fmt.Sprintf("%s missed %s", now.In(shanghai).Format("01-02 15:04:05"), name(r)))
		}
		for _, r := range d.Rungs {
			lines = append(lines, fmt.Sprintf("%s %s → %s", now.In(shanghai).Format("01-02 15:04:05"), name(r), r.To))
		}
		a.ActedUntil, a.NextAction = d.ActedUntil, d.Next
	}
	return lines
}

func name(r Rung) string {
	if r.Kind == RungDue {
		return "due"
	}
	return fmt.Sprintf("%s %s", r.Kind, r.Step)
}

func TestTheStandardLadderIsTheTableOfReminders(t *testing.T) {
	issued := mustTime(t, "2026-10-12 10:00") // a Monday
	on := func(state State, due string) Assignment {
		return Assignment{State: state, IssuedAt: issued, Due: calendar.Due{Date: mustDate(t, due)}, ActedUntil: issued}
	}
	at := func(state State, due string) Assignment {
		return Assignment{State: state, IssuedAt: issued, Due: cityCalendar().DueAt(mustTime(t, due)), ActedUntil: issued}
	}
	for _, test := range []struct {
		name  string
		a     Assignment
		until string
		want  []string
	}{
		{"nobody signs", on(Issued, "2026-10-30"), "2026-10-20 00:00", []string{
			"10-13 09:00:00 unsigned 1wd → owner",
			"10-14 09:00:00 unsigned 2wd → owner_and_secretary",
		}},
		{"signed and forgotten", on(Accepted, "2026-10-30"), "2026-11-06 00:00", []string{
			"10-27 09:00:00 before_due 3wd → owner",
			"10-29 09:00:00 before_due 1wd → owner",
			"10-30 09:00:00 before_due 0d → owner",
			"10-30 18:00:00 due → owner_and_secretary",
			"11-02 09:00:00 notice 1wd → owner_and_secretary",
			"11-03 09:00:00 repeat 1wd → owner_and_secretary",
			"11-04 09:00:00 draft 3wd → administrators",
			"11-04 09:00:00 repeat 1wd → owner_and_secretary",
			"11-05 09:00:00 repeat 1wd → owner_and_secretary",
		}},
		{"an instant is due at once", at(Accepted, "2026-10-16 15:30"), "2026-10-17 00:00", []string{
			"10-13 09:00:00 before_due 3wd → owner",
			"10-15 09:00:00 before_due 1wd → owner",
			"10-16 09:00:00 before_due 0d → owner",
			"10-16 15:30:00 due → owner_and_secretary",
		}},
		{"a short deadline skips what would precede the issue", on(Accepted, "2026-10-13"), "2026-10-14 00:00", []string{
			"10-13 09:00:00 before_due 0d → owner",
			"10-13 18:00:00 due → owner_and_secretary",
		}},
		{"an instant in the evening is told the next morning", at(Accepted, "2026-10-16 22:00"), "2026-10-19 08:45", []string{
			"10-13 09:00:00 before_due 3wd → owner",
			"10-15 09:00:00 before_due 1wd → owner",
			"10-16 09:00:00 before_due 0d → owner",
			"10-19 08:30:00 due → owner_and_secretary",
		}},
		{"due at night and urged the next morning", at(Accepted, "2026-10-15 22:00"), "2026-10-16 10:00", []string{
			"10-14 09:00:00 before_due 1wd → owner",
			"10-15 09:00:00 before_due 0d → owner",
			"10-16 08:30:00 due → owner_and_secretary",
			"10-16 09:00:00 notice 1wd → owner_and_secretary",
		}},
		{"the reviewers have three working days of their own", Assignment{
			State: Submitted, IssuedAt: issued, Due: calendar.Due{Date: mustDate(t, "2026-10-14")}, SubmittedAt: mustTime(t, "2026-10-15 11:00"),
			ActedUntil: mustTime(t, "2026-10-15 11:00"),
		}, "2026-10-22 00:00", []string{
			"10-20 09:00:00 review 3wd → reviewers",
			"10-21 09:00:00 review 1wd → reviewers",
		}},
		{"a return after the deadline starts the notices anew", Assignment{
			State: Returned, IssuedAt: issued, Due: calendar.Due{Date: mustDate(t, "2026-10-13")}, ReturnedAt: mustTime(t, "2026-10-20 11:00"),
			ActedUntil: mustTime(t, "2026-10-20 11:00"), Returns: 1,
		}, "2026-10-23 10:00", []string{
			"10-21 09:00:00 notice 1wd → owner_and_secretary",
			"10-22 09:00:00 repeat 1wd → owner_and_secretary",
			"10-23 09:00:00 draft 3wd → administrators",
			"10-23 09:00:00 repeat 1wd → owner_and_secretary",
		}},
		{"closed", on(Closed, "2026-10-13"), "2026-12-01 00:00", nil},
		{"draft", on(Draft, "2026-10-13"), "2026-12-01 00:00", nil},
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

func TestRemindersBeforeAHolidayComeOnWorkingDays(t *testing.T) {
	issued := mustTime(t, "2026-09-14 10:00")
	for _, test := range []struct {
		due  string
		want []string
	}{
		{"2026-10-08", []string{"09-28 09:00:00 before_due 3wd → owner", "09-30 09:00:00 before_due 1wd → owner",
			"10-08 09:00:00 before_due 0d → owner", "10-08 18:00:00 due → owner_and_secretary"}},
		{"2026-10-12", []string{"10-08 09:00:00 before_due 3wd → owner", "10-10 09:00:00 before_due 1wd → owner",
			"10-12 09:00:00 before_due 0d → owner", "10-12 18:00:00 due → owner_and_secretary"}},
		// Inside the holiday: the last reminder comes on the last working day before, once, and the due moment is told after it.
		{"2026-10-03", []string{"09-28 09:00:00 before_due 3wd → owner", "09-30 09:00:00 before_due 1wd → owner",
			"10-08 08:30:00 due → owner_and_secretary"}},
	} {
		a := Assignment{State: Accepted, IssuedAt: issued, Due: calendar.Due{Date: mustDate(t, test.due)}, ActedUntil: issued}
		until := cityCalendar().Moment(a.Due).Add(time.Minute)
		if until.Before(mustTime(t, "2026-10-08 08:31")) {
			until = mustTime(t, "2026-10-08 08:31")
		}
		if got := story(standard(t), a, until); !slices.Equal(got, test.want) {
			t.Errorf("due %s: got\n%s\nwant\n%s", test.due, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
	}
}

func TestStepsOfSecondsComeExactlyAsWritten(t *testing.T) {
	issued := mustTime(t, "2026-10-10 23:00") // a Saturday night: quiet is off
	a := Assignment{State: Issued, IssuedAt: issued, Due: cityCalendar().DueAt(issued.Add(90 * time.Second)), ActedUntil: issued}
	want := []string{
		"10-10 23:00:20 unsigned 20s → owner",
		"10-10 23:00:40 unsigned 40s → owner_and_secretary",
		"10-10 23:01:00 before_due 30s → owner",
		"10-10 23:01:20 before_due 10s → owner",
		"10-10 23:01:30 due → owner_and_secretary",
		"10-10 23:01:45 notice 15s → owner_and_secretary",
		"10-10 23:01:55 repeat 10s → owner_and_secretary",
		"10-10 23:02:05 repeat 10s → owner_and_secretary",
		"10-10 23:02:15 draft 45s → administrators",
		"10-10 23:02:15 repeat 10s → owner_and_secretary",
	}
	got := story(compressed(t), a, issued.Add(140*time.Second))
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestDecideSaysWhy(t *testing.T) {
	issued := mustTime(t, "2026-10-12 10:00")
	open := Assignment{State: Accepted, IssuedAt: issued, Due: calendar.Due{Date: mustDate(t, "2026-10-30")}, ActedUntil: issued}
	closed, silent, reviewed := open, open, open
	closed.State, silent.Policy, reviewed.State = Closed, SilentPolicy, Submitted
	reviewed.SubmittedAt = issued
	noReview := standard(t)
	noReview.ReviewWithin = 0
	for _, test := range []struct {
		name   string
		policy Policy
		a      Assignment
		now    string
		reason Reason
		next   string
	}{
		{"ahead", standard(t), open, "2026-10-20 10:00", NotYet, "2026-10-27 09:00"},
		{"due", standard(t), open, "2026-10-27 09:00", RungsDue, "2026-10-29 09:00"},
		{"at night", standard(t), open, "2026-10-27 23:00", QuietNow, "2026-10-28 08:30"},
		{"on a Sunday", standard(t), open, "2026-11-01 12:00", QuietNow, "2026-11-02 08:30"},
		{"closed", standard(t), closed, "2026-10-27 09:00", NotOpen, ""},
		{"silent", standard(t), silent, "2026-10-27 09:00", Silent, ""},
		{"reviewers without a clock", noReview, reviewed, "2026-10-27 09:00", NothingLeft, ""},
	} {
		d := test.policy.Decide(test.a, cityCalendar(), mustTime(t, test.now))
		var next time.Time
		if test.next != "" {
			next = mustTime(t, test.next)
		}
		if d.Reason != test.reason || !d.Next.Equal(next) {
			t.Errorf("%s: %s, next %s; want %s, next %s", test.name, d.Reason, d.Next.In(shanghai), test.reason, next)
		}
		if d.Reason != RungsDue && (len(d.Rungs)+len(d.Missed) > 0 || !d.ActedUntil.Equal(test.a.ActedUntil)) {
			t.Errorf("%s: something happens though the reason is %s", test.name, d.Reason)
		}
	}
}

func TestAfterAnOutageTheLatestRungIsToldAndTheEarlierOnesAreMissed(t *testing.T) {
	issued := mustTime(t, "2026-10-12 10:00")
	a := Assignment{State: Accepted, IssuedAt: issued, Due: calendar.Due{Date: mustDate(t, "2026-10-16")}, ActedUntil: issued}
	d := standard(t).Decide(a, cityCalendar(), mustTime(t, "2026-10-22 11:00"))
	var told, missed []string
	for _, r := range d.Rungs {
		told = append(told, fmt.Sprintf("%s %s late:%t", name(r), r.To, r.Late(mustTime(t, "2026-10-22 11:00"))))
	}
	for _, r := range d.Missed {
		missed = append(missed, fmt.Sprintf("%s ×%d", name(r), r.Times))
	}
	if want := []string{"draft 3wd administrators late:true", "repeat 1wd owner_and_secretary late:true"}; !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
	want := []string{"before_due 3wd ×1", "before_due 1wd ×1", "before_due 0d ×1", "due ×1", "notice 1wd ×1", "repeat 1wd ×2"}
	if !slices.Equal(missed, want) {
		t.Errorf("missed %v, want %v", missed, want)
	}
	if !d.Next.Equal(mustTime(t, "2026-10-23 09:00")) {
		t.Errorf("next %s", d.Next)
	}
}

func TestWhoWouldHaveBeenToldByAMissedRungIsToldByTheLaterOne(t *testing.T) {
	issued := mustTime(t, "2026-10-12 10:00")
	a := Assignment{State: Issued, IssuedAt: issued, Due: calendar.Due{Date: mustDate(t, "2026-10-19")}, ActedUntil: issued}
	d := standard(t).Decide(a, cityCalendar(), mustTime(t, "2026-10-14 09:00"))
	if len(d.Rungs) != 1 || d.Rungs[0].Kind != RungBeforeDue || d.Rungs[0].To != ToOwnerAndSecretary {
		t.Errorf("three working days before, on the second day unsigned, %+v is told", d.Rungs)
	}
}

func TestWhatQuietTimeHasHeldIsNotLate(t *testing.T) {
	r := Rung{Moment: mustTime(t, "2026-10-16 22:00"), Allowed: mustTime(t, "2026-10-19 08:30")}
	if r.Late(mustTime(t, "2026-10-19 08:31")) {
		t.Error("told at the first allowed minute it counts as late")
	}
	if !r.Late(mustTime(t, "2026-10-19 08:40")) {
		t.Error("ten minutes after the first allowed minute it does not count as late")
	}
}

func TestTwoRemindersNeverFallOntoOneDay(t *testing.T) {
	p := standard(t)
	p.Ladder.BeforeDue = mustSteps(t, "2d", "1d", "0d") // Saturday, Sunday and Monday, all held until Monday
	issued := mustTime(t, "2026-10-12 10:00")
	a := Assignment{State: Accepted, IssuedAt: issued, Due: calendar.Due{Date: mustDate(t, "2026-10-19")}, ActedUntil: issued}
	want := []string{"10-19 08:30:00 before_due 2d → owner", "10-19 18:00:00 due → owner_and_secretary"}
	if got := story(p, a, mustTime(t, "2026-10-19 20:00")); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func BenchmarkDecide(b *testing.B) {
	p, cal := standard(b), cityCalendar()
	issued := mustTime(b, "2026-10-12 10:00")
	a := Assignment{State: Accepted, IssuedAt: issued, Due: calendar.Due{Date: mustDate(b, "2026-10-16")}, ActedUntil: issued}
	now := mustTime(b, "2026-10-22 11:00")
	for b.Loop() {
		p.Decide(a, cal, now)
	}
}
