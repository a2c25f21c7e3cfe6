package work_test

import (
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// tallied counts the recipients of an announcement.
func tallied(t *testing.T, d *work.Desk, id int64) (tally duban.Tally) {
	t.Helper()
	cast.Read(t, d, func(tx *store.Tx) (err error) {
		tally, err = tx.Tally(id)
		return err
	})
	return tally
}

// roster imports rows, so that posts change.
func roster(t *testing.T, d *work.Desk, rows ...work.RosterRow) {
	t.Helper()
	if result, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{}); err != nil || !result.Done {
		t.Fatalf("%+v %v", result, err)
	}
}

const (
	committee = "滨江市教育行业党委"
	primary   = "实验小学党委"
)

// hasMoved puts an administrator of the office into a school.
func hasMoved(t *testing.T, d *work.Desk, role duban.Role) {
	t.Helper()
	roster(t, d, work.RosterRow{Line: 2, Unit: primary, Name: "李敏", Role: role, Phone: "+8619900000001", Code: "LM"})
}

func TestWhatSomebodyAnnouncedBeforeMovingStaysWithTheOffice(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n := announced(t, d, all["LM"], words(duban.ReadReceipt))
	hasMoved(t, d, duban.Secretary)
	for _, who := range []string{"LM", "SL"} {
		_, err := d.RecallAnnouncement(ctx, all[who], n.ID)
		wantCode(t, err, duban.NotAllowed)
	}
	if err := d.PauseAnnouncement(ctx, all["HJ"], n.ID); err != nil {
		t.Errorf("the other administrator may not steer it: %v", err)
	}
}

func TestWhatSomebodyAnnouncedBeforeLeavingIsSteeredByTheOthers(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n := announced(t, d, all["LM"], words(duban.ReadReceipt))
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		posts, err := tx.Posts(all["LM"].PersonID)
		if err != nil {
			return err
		}
		return tx.EndPost(posts[0].ID)
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.StopAnnouncement(ctx, all["LM"], n.ID)
	wantCode(t, err, duban.NotAllowed)
	_, err = d.StopAnnouncement(ctx, all["ZG"], n.ID)
	wantCode(t, err, duban.NotAllowed)
	if _, err = d.StopAnnouncement(ctx, all["HJ"], n.ID); err != nil {
		t.Errorf("the other administrator may not steer it: %v", err)
	}
}

func TestWhoHasASchoolToTheSendersNameDoesNotSteerWhatTheOfficeAnnounced(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	roster(t, d,
		work.RosterRow{Line: 2, Unit: primary, Name: "孙丽", Role: duban.Secretary, Phone: "+8619900000007", Code: "SL"},
		work.RosterRow{Line: 3, Unit: committee, Name: "孙丽", Role: duban.Admin, Phone: "+8619900000007", Code: "SL"},
		work.RosterRow{Line: 4, Unit: primary, Name: "周明", Role: duban.Secretary, Phone: "+8619900000008", Code: "ZM"},
	)
	n := announced(t, d, all["SL"], words(duban.ReadReceipt))
	_, err := d.RecallAnnouncement(ctx, all["ZM"], n.ID)
	wantCode(t, err, duban.NotAllowed)
}

func TestWhoConfirmsHasGotIt(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n := announced(t, d, all["LM"], words(duban.ReadReceipt))
	copies := letters(t, d, duban.LaneAnnouncement)
	for i, l := range copies {
		failure := ""
		if i == 0 {
			failure = duban.FailureUnknown
		}
		land(t, d, l, failure)
	}
	for _, who := range all {
		if who.PersonID != copies[0].PersonID {
			continue
		}
		if _, err := d.ConfirmRead(ctx, who, n.ID, ""); err != nil {
			t.Fatal(err)
		}
	}
	if tally := tallied(t, d, n.ID); tally.Delivered != len(copies) || tally.Failed != 0 || tally.Confirmed != 1 {
		t.Errorf("%+v", tally)
	}
	_, err := d.RetryAnnouncement(ctx, all["LM"], n.ID)
	wantCode(t, err, duban.NothingToDo)
}

func TestNothingIsConfirmedOrAskedForBeforeItsTime(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n := words(duban.ReadReceipt)
	n.SendAt = time.Now().Add(30 * time.Hour)
	n = announced(t, d, all["LM"], n)
	_, err := d.ConfirmRead(ctx, all["WF"], n.ID, "")
	wantCode(t, err, duban.WrongState)
	_, err = d.AskForReceipt(ctx, all["WF"], n.ID)
	wantCode(t, err, duban.NotFound)
	if got := countKind(letters(t, d, duban.LaneAnswer), duban.NewsReceipt); got != 0 {
		t.Errorf("%d copies go out", got)
	}
}

func TestWhatWentOutAfterALongPauseIsRecalled(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n := announced(t, d, all["LM"], words(duban.NoReceipt))
	if err := d.PauseAnnouncement(ctx, all["LM"], n.ID); err != nil {
		t.Fatal(err)
	}
	monday := d.Past(time.Now().Add(60 * time.Hour))
	if err := monday.ResumeAnnouncement(ctx, all["LM"], n.ID); err != nil {
		t.Fatal(err)
	}
	if err := stateOf(t, d, n.ID).MayRecall(time.Now().Add(61 * time.Hour)); err != nil {
		t.Errorf("an hour after it was resumed: %v", err)
	}
	if err := stateOf(t, d, n.ID).MayRecall(time.Now().Add(60*time.Hour + duban.RecallWithin + time.Minute)); duban.CodeOf(err) != duban.TooLate {
		t.Errorf("two days after it was resumed: %v", err)
	}
}

// untilAnotherMillisecond waits until the clock shows another millisecond, the smallest time that the store knows.
func untilAnotherMillisecond() {
	for now := time.Now().UnixMilli(); time.Now().UnixMilli() == now; {
	}
}

func TestFailuresBeforeARetryAreNotCountedAgain(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	crowd(t, d, 52)
	n := announced(t, d, all["LM"], words(duban.NoReceipt))
	landSixths(t, d, "server_error")
	if s := stateOf(t, d, n.ID).State; s != duban.AnnouncementSent {
		t.Fatalf("it is %s", s)
	}
	untilAnotherMillisecond()
	if _, err := d.RetryAnnouncement(ctx, all["LM"], n.ID); err != nil {
		t.Fatal(err)
	}
	again := letters(t, d, duban.LaneAnnouncement)
	for _, l := range again[:3] {
		land(t, d, l, "server_error")
	}
	if n := stateOf(t, d, n.ID); n.State != duban.AnnouncementSending {
		t.Errorf("three failures after the retry made it %s (%s)", n.State, n.PausedWhy)
	}
}

func TestWhoFailsTwiceWithinASecondIsTriedAgainAllTheSame(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n := announced(t, d, all["LM"], announcement(duban.Audience{Role: duban.Officer}, duban.NoReceipt))
	for range 3 {
		copies := letters(t, d, duban.LaneAnnouncement)
		if len(copies) == 0 {
			t.Fatalf("no copy goes out, and it is %s", stateOf(t, d, n.ID).State)
		}
		for _, l := range copies {
			land(t, d, l, "server_error")
		}
		untilAnotherMillisecond()
		if _, err := d.RetryAnnouncement(ctx, all["LM"], n.ID); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAResumeLeavesASecondCopyItsMinute(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n := announced(t, d, all["LM"], words(duban.NoReceipt))
	first := letters(t, d, duban.LaneAnnouncement)[0]
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.MarkSending(first.ID)
		return firstError(err, tx.MarkUnknown(first.ID, tx.Now.Add(time.Minute), "the line broke"))
	})
	if err != nil {
		t.Fatal(err)
	}
	err = firstError(d.PauseAnnouncement(ctx, all["LM"], n.ID), d.ResumeAnnouncement(ctx, all["LM"], n.ID))
	if err != nil {
		t.Fatal(err)
	}
	cast.Read(t, d, func(tx *store.Tx) error {
		l, err := tx.Letter(first.ID)
		if wait := l.NextTry.Sub(tx.Now); wait < 50*time.Second {
			t.Errorf("the second copy goes out after %s", wait)
		}
		return err
	})
}

func TestAPausedSendingOfWhichNobodyWaitsAnyMoreIsTriedAgain(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n := announced(t, d, all["LM"], words(duban.NoReceipt))
	copies := letters(t, d, duban.LaneAnnouncement)
	err := d.Store.Write(ctx, func(tx *store.Tx) error { // all of them are on their way
		for _, l := range copies {
			if _, err := tx.MarkSending(l.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.PauseAnnouncement(ctx, all["LM"], n.ID); err != nil {
		t.Fatal(err)
	}
	for _, l := range copies {
		err := d.Store.Write(ctx, func(tx *store.Tx) error {
			return firstError(tx.Finish(l.ID, duban.Failed, "server_error"), d.Failed(tx, l, "server_error"))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if again, err := d.RetryAnnouncement(ctx, all["LM"], n.ID); err != nil || again.People != len(copies) {
		t.Errorf("it is %s, and %+v are tried again: %v", stateOf(t, d, n.ID).State, again, err)
	}
}

func TestWhoIsErasedKeepsNoSendingOpen(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n := announced(t, d, all["LM"], words(duban.NoReceipt))
	for _, l := range letters(t, d, duban.LaneAnnouncement) {
		if l.PersonID != all["WF"].PersonID {
			land(t, d, l, "")
		}
	}
	if _, err := d.Erase(ctx, duban.Console, "WF", "已删除"); err != nil {
		t.Fatal(err)
	}
	if s, tally := stateOf(t, d, n.ID).State, tallied(t, d, n.ID); s != duban.AnnouncementSent || tally.Waiting != 0 || tally.Failed != 1 {
		t.Errorf("it is %s, %+v", s, tally)
	}
}

func TestWhatUrgedAfterTheRecallIsRecalledToo(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n := announced(t, d, all["LM"], words(duban.ReadReceipt))
	for _, l := range letters(t, d, duban.LaneAnnouncement) {
		land(t, d, l, "")
	}
	if _, err := d.UrgeReceipts(ctx, all["LM"], n.ID); err != nil {
		t.Fatal(err)
	}
	var urge duban.Letter
	for _, l := range letters(t, d, duban.LaneReminder) {
		if l.Kind == duban.NewsReceipt {
			urge = l
		}
	}
	err := d.Store.Write(ctx, func(tx *store.Tx) (err error) {
		urge, err = tx.MarkSending(urge.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.RecallAnnouncement(ctx, all["LM"], n.ID); err != nil {
		t.Fatal(err)
	}
	before := countKind(letters(t, d, duban.LaneReminder), duban.NewsRecall)
	err = d.Store.Write(ctx, func(tx *store.Tx) error {
		note := store.Message{ChatID: urge.PersonID, MessageID: urge.ID, Kind: urge.Kind, PersonID: urge.PersonID, AnnouncementID: n.ID}
		return firstError(tx.MarkSent(urge.ID, urge.ID), tx.NoteMessage(note), d.Delivered(tx, urge, false))
	})
	if err != nil {
		t.Fatal(err)
	}
	if after := countKind(letters(t, d, duban.LaneReminder), duban.NewsRecall); after != before+1 {
		t.Errorf("%d messages are called back after it arrived, %d before", after, before)
	}
}

func TestALargerAudienceIsNotReachedByRetrying(t *testing.T) {
	d := cast.Open(t)
	lm, _ := cast.Join(t, d, "LM", 1), cast.Join(t, d, "HJ", 2)
	d.Policy.SecondAdminAbove = 3
	n := announced(t, d, lm, words(duban.NoReceipt))
	if n.State != duban.AnnouncementSending {
		t.Fatalf("it is %s", n.State)
	}
	for _, l := range letters(t, d, duban.LaneAnnouncement) {
		land(t, d, l, "")
	}
	for i, code := range []string{"CGD", "ZG", "WF", "LY"} {
		cast.Join(t, d, code, int64(10+i))
	}
	_, err := d.RetryAnnouncement(ctx, lm, n.ID)
	wantCode(t, err, duban.NeedsSecond)
	if got := len(letters(t, d, duban.LaneAnnouncement)); got != 0 {
		t.Errorf("%d copies go out", got)
	}
	d.Policy.SecondAdminAbove = 6
	if again, err := d.RetryAnnouncement(ctx, lm, n.ID); err != nil || again.People != 4 {
		t.Errorf("%+v %v", again, err)
	}
}

func TestUrgingCountsFourWorkingHoursOverNightsAndDaysOff(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n := announced(t, d, all["LM"], words(duban.ReadReceipt))
	for _, l := range letters(t, d, duban.LaneAnnouncement) {
		land(t, d, l, "")
	}
	friday := time.Date(2026, 12, 4, 16, 0, 0, 0, cast.Shanghai)
	if _, err := d.Past(friday).UrgeReceipts(ctx, all["LM"], n.ID); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   time.Time
		want duban.Code
	}{
		{friday.Add(5 * time.Hour), duban.TooSoon},
		{time.Date(2026, 12, 6, 16, 0, 0, 0, cast.Shanghai), duban.TooSoon},
		{time.Date(2026, 12, 7, 9, 0, 0, 0, cast.Shanghai), duban.TooSoon},
		{time.Date(2026, 12, 7, 12, 0, 0, 0, cast.Shanghai), ""},
	} {
		_, err := d.Past(c.at).UrgeReceipts(ctx, all["LM"], n.ID)
		if duban.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.at, err, c.want)
		}
	}
}

func TestReadersWhoAreLostPauseNoSending(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	crowd(t, d, 52)
	n := announced(t, d, all["LM"], words(duban.NoReceipt))
	for i, l := range letters(t, d, duban.LaneAnnouncement) {
		failure := ""
		if i < 30 {
			failure = duban.ReaderFailures[i%len(duban.ReaderFailures)]
		}
		land(t, d, l, failure)
	}
	if n, tally := stateOf(t, d, n.ID), tallied(t, d, n.ID); n.State != duban.AnnouncementSent || tally.Failed != 30 || tally.Delivered != 30 {
		t.Errorf("it is %s (%s), %+v", n.State, n.PausedWhy, tally)
	}
}
