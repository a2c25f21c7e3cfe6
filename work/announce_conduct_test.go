package work_test

import (
	"fmt"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// crowd adds people to the cast, all of them officers of a school who have joined.
func crowd(t *testing.T, d *work.Desk, n int) {
	t.Helper()
	rows := append([]work.RosterRow(nil), cast.Roster...)
	for i := range n {
		rows = append(rows, work.RosterRow{
			Line: 100 + i, Unit: "市第五中学党委", Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Region: "城东片区",
			Name: fmt.Sprintf("陈%02d", i), Role: duban.Officer, Code: fmt.Sprintf("P%02d", i),
		})
	}
	if result, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{}); err != nil || len(result.Problems) > 0 {
		t.Fatal(err, result.Problems)
	}
	for i := range n {
		cast.Join(t, d, fmt.Sprintf("P%02d", i), int64(1000+i))
	}
}

// words is a text announcement to everybody.
func words(receipt duban.ReceiptRule) duban.Announcement {
	n := announcement(duban.Audience{All: true}, receipt)
	n.Content = duban.ContentText
	return n
}

func announced(t *testing.T, d *work.Desk, who duban.Actor, n duban.Announcement) duban.Announcement {
	t.Helper()
	kept, _, err := d.Announce(ctx, who, n, true)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

// landSixths ends every copy that waits; one in six fails.
func landSixths(t *testing.T, d *work.Desk, failure string) {
	t.Helper()
	for i, l := range letters(t, d, duban.LaneAnnouncement) {
		if i%6 == 5 {
			land(t, d, l, failure)
		} else {
			land(t, d, l, "")
		}
	}
}

// land ends one copy as the sender does: delivered, or failed.
func land(t *testing.T, d *work.Desk, l duban.Letter, failure string) {
	t.Helper()
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		l, err := tx.MarkSending(l.ID)
		if err != nil {
			return err
		}
		if failure != "" {
			if err := tx.Finish(l.ID, duban.Failed, failure); err != nil {
				return err
			}
			return d.Failed(tx, l, failure)
		}
		if err := tx.MarkSent(l.ID, l.ID); err != nil {
			return err
		}
		note := store.Message{ChatID: l.PersonID, MessageID: l.ID, Kind: l.Kind, PersonID: l.PersonID, AnnouncementID: l.AnnouncementID}
		if err := tx.NoteMessage(note); err != nil {
			return err
		}
		return d.DeliveredCopy(tx, l, 0)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func stateOf(t *testing.T, d *work.Desk, id int64) duban.Announcement {
	t.Helper()
	var n duban.Announcement
	cast.Read(t, d, func(tx *store.Tx) (err error) {
		n, err = tx.Announcement(id)
		return err
	})
	return n
}

func TestAnAnnouncementIsSentWhenItsLastCopyHasEnded(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n := announced(t, d, all["LM"], words(duban.NoReceipt))
	copies := letters(t, d, duban.LaneAnnouncement)
	for i, l := range copies {
		if s := stateOf(t, d, n.ID).State; s != duban.AnnouncementSending {
			t.Fatalf("after %d copies it is %s", i, s)
		}
		failure := ""
		if i == 0 {
			failure = "blocked"
		}
		land(t, d, l, failure)
	}
	if s := stateOf(t, d, n.ID).State; s != duban.AnnouncementSent {
		t.Errorf("after all copies it is %s", s)
	}
}

func TestABurstOfFailuresPausesAndIsNotCountedAgainAfterAResume(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	crowd(t, d, 40)
	n := announced(t, d, all["LM"], words(duban.NoReceipt))
	copies := letters(t, d, duban.LaneAnnouncement)
	for _, l := range copies[:10] {
		land(t, d, l, "chat_not_found")
	}
	if n := stateOf(t, d, n.ID); n.State != duban.AnnouncementPaused || n.PausedWhy != duban.PausedFailures {
		t.Fatalf("after ten failures it is %s (%s)", n.State, n.PausedWhy)
	}
	if left := countKind(letters(t, d, duban.LaneAnnouncement), duban.NewsAnnouncement); left != 0 {
		t.Errorf("%d copies may go out while it is paused", left)
	}
	if told := countKind(letters(t, d, duban.LaneAnswer), duban.NewsAnnounceNote); told != 1 {
		t.Errorf("the sender is told %d times, want once", told)
	}
	time.Sleep(2 * time.Millisecond) // the store counts in milliseconds
	if err := d.ResumeAnnouncement(ctx, all["LM"], n.ID); err != nil {
		t.Fatal(err)
	}
	rest := letters(t, d, duban.LaneAnnouncement)
	if len(rest) != len(copies)-10 {
		t.Fatalf("%d copies go on, want %d", len(rest), len(copies)-10)
	}
	land(t, d, rest[0], "chat_not_found")
	if s := stateOf(t, d, n.ID).State; s != duban.AnnouncementSending {
		t.Errorf("one failure after the resume made it %s", s)
	}
}

func TestAFewFailuresAmongManyPauseNothing(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	crowd(t, d, 45)
	n := announced(t, d, all["LM"], words(duban.NoReceipt))
	landSixths(t, d, "blocked")
	if s := stateOf(t, d, n.ID).State; s != duban.AnnouncementSent {
		t.Errorf("it is %s", s)
	}
}

func TestOnlyWhoMayAnnounceToTheSendersUnitSteersAnAnnouncement(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	office := announced(t, d, all["LM"], words(duban.ReadReceipt))
	school := announced(t, d, all["ZG"], words(duban.ReadReceipt))
	for _, c := range []struct {
		who  string
		n    duban.Announcement
		want duban.Code
	}{
		{"ZG", office, duban.NotAllowed}, {"SL", school, duban.NotAllowed}, {"WF", school, duban.NotAllowed},
		{"HJ", office, ""}, {"CGD", school, ""}, {"ZG", school, ""},
	} {
		verbs := map[string]func() error{
			"pause":  func() error { return d.PauseAnnouncement(ctx, all[c.who], c.n.ID) },
			"resume": func() error { return d.ResumeAnnouncement(ctx, all[c.who], c.n.ID) },
			"correct": func() error {
				_, err := d.CorrectAnnouncement(ctx, all[c.who], c.n.ID, duban.Correction{Text: c.who + "更正"}, "更正")
				return err
			},
		}
		for _, verb := range []string{"pause", "resume", "correct"} {
			if err := verbs[verb](); duban.CodeOf(err) != c.want {
				t.Errorf("%s, %s of %d: %v, want %q", c.who, verb, c.n.ID, err, c.want)
			}
		}
	}
	_, err := d.StopAnnouncement(ctx, all["SL"], school.ID)
	wantCode(t, err, duban.NotAllowed)
	_, err = d.RecallAnnouncement(ctx, all["SL"], school.ID)
	wantCode(t, err, duban.NotAllowed)
}

func TestWhatWasOnItsWayIsCorrectedAndRecalledWhenItArrives(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n := announced(t, d, all["LM"], words(duban.NoReceipt))
	copies := letters(t, d, duban.LaneAnnouncement)
	claimed := func(l duban.Letter) {
		t.Helper()
		if err := d.Store.Write(ctx, func(tx *store.Tx) error { _, err := tx.MarkSending(l.ID); return err }); err != nil {
			t.Fatal(err)
		}
	}
	arrives := func(l duban.Letter) {
		t.Helper()
		err := d.Store.Write(ctx, func(tx *store.Tx) error {
			note := store.Message{ChatID: l.PersonID, MessageID: l.ID, Kind: l.Kind, PersonID: l.PersonID, AnnouncementID: l.AnnouncementID}
			return firstError(tx.MarkSent(l.ID, l.ID), tx.NoteMessage(note), d.DeliveredCopy(tx, l, 0))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	claimed(copies[0])
	claimed(copies[1])
	if edited, err := d.CorrectAnnouncement(ctx, all["LM"], n.ID, duban.Correction{Text: "改为四点"}, "改为四点"); err != nil || edited != 0 {
		t.Fatal(edited, err)
	}
	arrives(copies[0])
	if got := countKind(letters(t, d, duban.LaneReminder), duban.NewsCorrection); got != 1 {
		t.Errorf("%d corrections are posted, want 1", got)
	}
	if people, err := d.RecallAnnouncement(ctx, all["LM"], n.ID); err != nil || people != 1 {
		t.Fatal(people, err)
	}
	arrives(copies[1])
	if got := countKind(letters(t, d, duban.LaneReminder), duban.NewsRecall); got != 2 {
		t.Errorf("%d messages are called back, want 2", got)
	}
	for _, l := range letters(t, d, duban.LaneAnnouncement) {
		t.Errorf("a letter of kind %s still goes out", l.Kind)
	}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestACorrectionThatChangesNothingOrIsTooLongIsRefused(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n := announced(t, d, all["LM"], words(duban.NoReceipt))
	long := make([]rune, 4090)
	for i := range long {
		long[i] = '字'
	}
	for text, want := range map[string]duban.Code{" ": duban.NothingToDo, string(long): duban.TooLong} {
		_, err := d.CorrectAnnouncement(ctx, all["LM"], n.ID, duban.Correction{Text: text}, "x")
		wantCode(t, err, want)
	}
	if _, err := d.CorrectAnnouncement(ctx, all["LM"], n.ID, duban.Correction{Text: "四点"}, "四点"); err != nil {
		t.Fatal(err)
	}
	_, err := d.CorrectAnnouncement(ctx, all["LM"], n.ID, duban.Correction{Text: "四点"}, "四点")
	wantCode(t, err, duban.NothingToDo)
	fixed := announcement(duban.Audience{All: true}, duban.NoReceipt)
	fixed.Content = duban.ContentOther
	_, err = d.CorrectAnnouncement(ctx, all["LM"], announced(t, d, all["LM"], fixed).ID, duban.Correction{Text: "四点"}, "四点")
	wantCode(t, err, duban.NoWords)
}

func TestWhoWasUrgedJustNowIsNotRemindedOfTheTimeLimitToo(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n := words(duban.ReadReceipt)
	n.ReceiptDue = time.Now().Add(10 * 24 * time.Hour)
	kept := announced(t, d, all["LM"], n)
	for _, l := range letters(t, d, duban.LaneAnnouncement) {
		land(t, d, l, "")
	}
	at := stateOf(t, d, kept.ID).NextAt
	if at.IsZero() || !at.Before(n.ReceiptDue) {
		t.Fatalf("receipts are looked at at %v", at)
	}
	if _, err := d.Past(at.Add(-time.Minute)).UrgeReceipts(ctx, all["LM"], kept.ID); err != nil {
		t.Fatal(err)
	}
	if done, err := d.Past(at).MindReceipts(ctx); err != nil || done != 0 {
		t.Fatalf("%d looked at before their moment, %v", done, err)
	}
	soon := stateOf(t, d, kept.ID)
	soon.NextAt = time.Now().Add(-time.Second)
	if err := d.Store.Write(ctx, func(tx *store.Tx) error { return tx.SaveAnnouncement(soon) }); err != nil {
		t.Fatal(err)
	}
	before := countKind(letters(t, d, duban.LaneReminder), duban.NewsReceipt)
	if _, err := d.Past(at).MindReceipts(ctx); err != nil {
		t.Fatal(err)
	}
	if after := countKind(letters(t, d, duban.LaneReminder), duban.NewsReceipt); after != before {
		t.Errorf("%d more reminders", after-before)
	}
	if next := stateOf(t, d, kept.ID).NextAt; next.UnixMilli() != n.ReceiptDue.UnixMilli() {
		t.Errorf("receipts are looked at next at %v, want at the limit", next)
	}
}

func TestACopyOfWhichNobodyKnowsCountsAsNotRecalled(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n := announced(t, d, all["LM"], words(duban.NoReceipt))
	copies := letters(t, d, duban.LaneAnnouncement)
	land(t, d, copies[0], "")
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.MarkSending(copies[1].ID); err != nil {
			return err
		}
		return tx.MarkUnknown(copies[1].ID, tx.Now.Add(time.Minute), "the line broke")
	})
	if err != nil {
		t.Fatal(err)
	}
	if people, err := d.RecallAnnouncement(ctx, all["LM"], n.ID); err != nil || people != 1 {
		t.Fatal(people, err)
	}
	cast.Read(t, d, func(tx *store.Tx) error {
		tally, err := tx.Tally(n.ID)
		if tally.Unrecalled != 1 || tally.Failed != 7 || tally.Waiting != 0 {
			t.Errorf("%+v", tally)
		}
		return err
	})
}
