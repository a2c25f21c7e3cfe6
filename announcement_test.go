package duban

import (
	"testing"
	"time"

	"duban/calendar"
)

func TestAnAnnouncementGoesThroughItsStatesAsTheTableSays(t *testing.T) {
	for _, c := range []struct {
		from AnnouncementState
		step AnnouncementStep
		to   AnnouncementState
		code Code
	}{
		{AnnouncementPending, StepGrant, AnnouncementSending, ""},
		{AnnouncementPending, StepPause, AnnouncementPending, WrongState},
		{AnnouncementPending, StepRecall, AnnouncementPending, WrongState},
		{AnnouncementSending, StepPause, AnnouncementPaused, ""},
		{AnnouncementSending, StepResume, AnnouncementSending, AlreadyDone},
		{AnnouncementPaused, StepPause, AnnouncementPaused, AlreadyDone},
		{AnnouncementPaused, StepResume, AnnouncementSending, ""},
		{AnnouncementPaused, StepFinish, AnnouncementSent, ""},
		{AnnouncementSent, StepPause, AnnouncementSent, WrongState},
		{AnnouncementSent, StepRetry, AnnouncementSending, ""},
		{AnnouncementStopped, StepResume, AnnouncementStopped, WrongState},
		{AnnouncementStopped, StepRecall, AnnouncementRecalled, ""},
		{AnnouncementRecalled, StepRecall, AnnouncementRecalled, AlreadyDone},
		{AnnouncementRecalled, StepCorrect, AnnouncementRecalled, WrongState},
		{AnnouncementRefused, StepGrant, AnnouncementRefused, WrongState},
	} {
		to, err := c.from.After(c.step)
		if to != c.to || CodeOf(err) != c.code {
			t.Errorf("%s, %s: got %s %v, want %s %s", c.from, c.step, to, err, c.to, c.code)
		}
	}
}

func TestWhatWasCalledBackOrRefusedNeverGoesOutAgain(t *testing.T) {
	for _, end := range []AnnouncementState{AnnouncementRecalled, AnnouncementRefused} {
		for _, step := range AnnouncementSteps {
			if to, err := end.After(step); err == nil || to != end {
				t.Errorf("%s leads from %s to %s", step, end, to)
			}
		}
		if end.Out() {
			t.Errorf("copies count in the state %s", end)
		}
	}
}

func TestABurstOfFailuresIsTenAndAFifthOfThoseTried(t *testing.T) {
	for _, c := range []struct {
		failed, tried int
		want          bool
	}{{9, 9, false}, {10, 10, true}, {10, 50, true}, {9, 50, false}, {50, 50, true}, {0, 0, false}} {
		if got := FailureBurst(c.failed, c.tried); got != c.want {
			t.Errorf("%d of %d: %v", c.failed, c.tried, got)
		}
	}
}

func TestReceiptsAreRemindedOfOneWorkingDayBeforeOrHalfWay(t *testing.T) {
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	cal := calendar.New(zone, calendar.Clock{Hour: 18})
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, zone) }
	for _, c := range []struct {
		name            string
		sent, due, want time.Time
	}{
		{"several days", at(23, 10), at(27, 12), at(26, 9)},
		{"over a weekend", at(27, 10), at(30, 18), at(27, 18)}, // one working day: the middle of its working time
		{"the same day", at(23, 10), at(23, 18), at(23, 14)},
		{"at night", at(23, 20), at(23, 22), at(23, 21)},
	} {
		got := ReceiptReminderAt(cal, calendar.Clock{Hour: 9}, c.sent, c.due)
		if c.name == "over a weekend" {
			if got.Before(c.sent) || got.After(c.due) {
				t.Errorf("%s: %v", c.name, got)
			}
			continue
		}
		if !got.Equal(c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAnAnnouncementIsCalledBackWithinTwoDays(t *testing.T) {
	sent := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	n := Announcement{State: AnnouncementSent, SendAt: sent}
	if err := n.MayRecall(sent.Add(48 * time.Hour)); err != nil {
		t.Errorf("after two days: %v", err)
	}
	if err := n.MayRecall(sent.Add(48*time.Hour + time.Second)); CodeOf(err) != TooLate {
		t.Errorf("after more: %v", err)
	}
}

func TestOnlyWordsAreCorrected(t *testing.T) {
	for content, want := range map[Content]Code{ContentText: "", ContentCaption: "", ContentAlbum: "", ContentPoll: NoWords, ContentOther: NoWords} {
		if err := (Announcement{State: AnnouncementSent, Content: content}).MayCorrect(); CodeOf(err) != want {
			t.Errorf("%s: %v", content, err)
		}
	}
}

func TestAnAudienceIsNarrowedByWhatIsAdded(t *testing.T) {
	got := Audience{All: true}.And(Audience{Region: "城东片区"}).And(Audience{Role: Officer}).And(Audience{Region: "城西片区"})
	if want := (Audience{Region: "城西片区", Role: Officer}); !got.Equal(want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if !(Audience{}).IsZero() || got.IsZero() {
		t.Error("only the zero value is nobody")
	}
}

func TestTheWorstOfAnAlbumCounts(t *testing.T) {
	if got := RecallErased.Worse(RecallMarked).Worse(RecallErased); got != RecallMarked {
		t.Errorf("got %q", got)
	}
}

func TestThePartsOfATaskAreThoseWhoHaveStillToAct(t *testing.T) {
	for _, c := range []struct {
		state                State
		unreported, unsigned bool
	}{{Issued, true, true}, {Accepted, true, false}, {Returned, true, false}, {Submitted, false, false}, {Closed, false, false}} {
		a := Assignment{State: c.state}
		if Unreported.Holds(a) != c.unreported || Unsigned.Holds(a) != c.unsigned {
			t.Errorf("%s: %v %v", c.state, Unreported.Holds(a), Unsigned.Holds(a))
		}
	}
	if a := (Assignment{State: Issued, Support: true}); Unreported.Holds(a) || !Unsigned.Holds(a) {
		t.Errorf("a supporting unit: %v %v", Unreported.Holds(a), Unsigned.Holds(a))
	}
}
