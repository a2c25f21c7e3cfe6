package duban

import (
	"slices"
	"testing"
	"time"

	"duban/calendar"
)

func TestWhatMakesASubmissionOneToLookAtByItself(t *testing.T) {
	cal := calendar.New(time.FixedZone("", 8*3600), calendar.Clock{Hour: 18})
	due := calendar.Due{Date: calendar.Date{Year: 2026, Month: 11, Day: 27}}
	clean := func() Handed {
		return Handed{
			Task: Task{Evidence: Evidence{Kind: FileEvidence}}, Assignment: Assignment{State: Submitted, Due: due},
			Submission: Submission{At: time.Date(2026, 11, 27, 9, 0, 0, 0, cal.Zone())},
			Files:      []File{{UniqueID: "a", Kind: DocumentFile, State: FileStored}},
		}
	}
	for name, c := range map[string]struct {
		change func(*Handed)
		want   []Flag
	}{
		"nothing": {func(*Handed) {}, nil},
		"late":    {func(h *Handed) { h.Submission.At = h.Submission.At.AddDate(0, 0, 1) }, []Flag{FlagLate}},
		"before":  {func(h *Handed) { h.Assignment.Returns = 1 }, []Flag{FlagReturned}},
		"no file": {func(h *Handed) { h.Files = nil }, []Flag{FlagMissing}},
		"not yet": {func(h *Handed) { h.Files[0].State = FileWanted }, []Flag{FlagUnkept}},
		"lost":    {func(h *Handed) { h.Files[0].State = FileLost }, []Flag{FlagUnkept}},
		"reused":  {func(h *Handed) { h.Reused = true }, []Flag{FlagReused}},
		"twice":   {func(h *Handed) { h.Files = append(h.Files, h.Files[0]) }, []Flag{FlagAgain}},
		"forward": {func(h *Handed) { h.Files[0].Forwarded = true }, []Flag{FlagForwarded}},
		"drawn":   {func(h *Handed) { h.Submission.Sampled = true }, []Flag{FlagSampled}},
		"secret":  {func(h *Handed) { h.Task, h.Files = Task{Internal: true}, nil }, []Flag{FlagInternal}},
		"both":    {func(h *Handed) { h.Submission.Sampled, h.Assignment.Returns = true, 2 }, []Flag{FlagReturned, FlagSampled}},
	} {
		h := clean()
		c.change(&h)
		if got := h.Flags(cal); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestOneInTenOfWhatManyHandInIsDrawn(t *testing.T) {
	if Sampled(0, SampleOneIn-1) {
		t.Error("what a handful hands in is drawn")
	}
	drawn := 0
	for draw := range uint64(1000) {
		if Sampled(draw, SampleOneIn) {
			drawn++
		}
	}
	if drawn != 1000/SampleOneIn {
		t.Errorf("%d of 1000 drawn", drawn)
	}
}

func TestTheReviewersLatenessIsTheirs(t *testing.T) {
	cal := calendar.New(time.FixedZone("", 8*3600), calendar.Clock{Hour: 18})
	at := func(day int) time.Time { return time.Date(2026, 11, day, 10, 0, 0, 0, cal.Zone()) }
	on := func(day int) calendar.Due {
		return calendar.Due{Date: calendar.Date{Year: 2026, Month: 11, Day: day}}
	}
	for name, c := range map[string]struct {
		within       int
		a            Assignment
		now          time.Time
		waited, late int
		due          calendar.Due
	}{
		"in their time":                {3, Assignment{Due: on(23), SubmittedAt: at(23)}, at(26), 3, 0, on(23)},
		"late, the deadline ahead":     {3, Assignment{Due: on(30), SubmittedAt: at(23)}, at(27), 4, 1, on(30)},
		"late, the deadline over":      {3, Assignment{Due: on(24), SubmittedAt: at(23)}, at(27), 4, 1, on(30)},
		"late, as the unit was":        {3, Assignment{Due: on(20), SubmittedAt: at(23)}, at(27), 4, 1, on(20)},
		"put before them again":        {3, Assignment{Due: on(24), SubmittedAt: at(16), RestartedAt: at(26)}, at(27), 1, 0, on(24)},
		"the weekend is nobody's":      {3, Assignment{Due: on(20), SubmittedAt: at(20)}, at(25), 3, 0, on(20)},
		"without a clock of their own": {0, Assignment{Due: on(24), SubmittedAt: at(23)}, at(27), 4, 0, on(24)},
	} {
		p := Policy{ReviewWithin: c.within}
		waited, late := p.ReviewDays(c.a, cal, c.now)
		if due := p.ReturnDue(c.a, cal, c.now); waited != c.waited || late != c.late || due != c.due {
			t.Errorf("%s: waited %d, late %d, due %v", name, waited, late, due)
		}
	}
}
