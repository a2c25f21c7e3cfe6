package work_test

import (
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

func TestADeniedPressIsRecordedOnceAnHourAndSaysNothingOfWhatItWasAbout(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	morning := time.Date(2026, 11, 23, 9, 0, 0, 0, cast.Shanghai)
	deny := func(after time.Duration, who duban.Actor, telegramID int64, verb string, why duban.Code) {
		t.Helper()
		if err := d.Past(morning.Add(after)).PressDenied(ctx, who, telegramID, verb, why); err != nil {
			t.Fatal(err)
		}
	}
	deny(0, all["WF"], 7, "accept", duban.NotAllowed)
	deny(time.Minute, all["WF"], 7, "pass", duban.NotFound)
	deny(2*time.Minute, work.Stranger, 8, "", duban.NotBound)
	deny(59*time.Minute, all["WF"], 7, "accept", duban.NotAllowed)
	deny(61*time.Minute, all["WF"], 7, "return", duban.NotAllowed)
	deny(61*time.Minute, work.Stranger, 8, "read", duban.NotBound)
	var denials []duban.Entry
	cast.Read(t, d, func(tx *store.Tx) error {
		return tx.EveryEntry(time.Time{}, time.Time{}, func(e duban.Entry) error {
			if e.Event == duban.EventDenied {
				denials = append(denials, e)
			}
			return nil
		})
	})
	if len(denials) != 3 {
		t.Fatalf("%d denials: %+v", len(denials), denials)
	}
	officer, stranger := denials[0], denials[1]
	if officer.Actor != all["WF"].PersonID || officer.Facts["verb"] != "accept" || officer.Facts["reason"] != "not_allowed" || officer.Note != "" {
		t.Errorf("%+v", officer)
	}
	if stranger.Actor != 0 || stranger.Note != "8" || stranger.Facts["verb"] != nil || stranger.Facts["reason"] != "not_bound" {
		t.Errorf("%+v", stranger)
	}
	if later := denials[2]; later.Facts["verb"] != "return" || later.AssignmentID != 0 {
		t.Errorf("%+v", later)
	}
}
