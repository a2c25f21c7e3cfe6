package work_test

import (
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

func everyone(t *testing.T, d *work.Desk) map[string]duban.Actor {
	t.Helper()
	all := map[string]duban.Actor{}
	for i, row := range cast.Roster {
		all[row.Code] = cast.Join(t, d, row.Code, int64(i+1))
	}
	return all
}

func announcement(audience duban.Audience, receipt duban.ReceiptRule) duban.Announcement {
	return duban.Announcement{FromChat: 1, MessageIDs: []int64{10}, Summary: "开会", Receipt: receipt, Audience: audience}
}

func TestAnAudienceCountsPeopleWithinTheSendersScope(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	school := cast.Person(t, d, "ZG")
	var unit int64
	cast.Read(t, d, func(tx *store.Tx) error {
		u, err := work.FirstUnit(tx, school.ID)
		unit = u.ID
		return err
	})
	for _, c := range []struct {
		who      string
		audience duban.Audience
		want     int
	}{
		{"LM", duban.Audience{All: true}, 8},
		{"LM", duban.Audience{UnitID: unit}, 3},
		{"LM", duban.Audience{Kind: duban.SchoolCommittee}, 4},
		{"LM", duban.Audience{Role: duban.Officer}, 2},
		{"ZG", duban.Audience{All: true}, 3},
		{"WF", duban.Audience{All: true}, 0},
		{"LM", duban.Audience{}, 0},
	} {
		cast.Read(t, d, func(tx *store.Tx) error {
			reach, err := work.ReachOf(tx, all[c.who], c.audience)
			if len(reach.People) != c.want {
				t.Errorf("%s to %+v reaches %d, want %d", c.who, c.audience, len(reach.People), c.want)
			}
			return err
		})
	}
}

func TestAnAnnouncementIsConfirmedOnceAndUrgedOnlyWhereItIsNot(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	n, tried, err := d.Announce(ctx, all["LM"], announcement(duban.Audience{Role: duban.Officer}, duban.ReadReceipt), true)
	if err != nil || tried != 2 {
		t.Fatal(tried, err)
	}
	for _, l := range letters(t, d, duban.LaneAnnouncement) {
		err := d.Store.Write(ctx, func(tx *store.Tx) error { return d.Delivered(tx, l, false) })
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.ConfirmRead(ctx, all["WF"], n.ID, ""); err != nil {
		t.Fatal(err)
	}
	_, err = d.ConfirmRead(ctx, all["WF"], n.ID, "")
	wantCode(t, err, duban.AlreadyDone)
	_, err = d.ConfirmRead(ctx, all["ZG"], n.ID, "")
	wantCode(t, err, duban.NotAllowed)
	asked, err := d.UrgeReceipts(ctx, all["LM"], n.ID)
	if err != nil || asked != 1 {
		t.Fatal(asked, err)
	}
	_, err = d.UrgeReceipts(ctx, all["LM"], n.ID)
	wantCode(t, err, duban.TooSoon)
	_, err = d.UrgeReceipts(ctx, all["ZG"], n.ID)
	wantCode(t, err, duban.NotAllowed)
	cast.Read(t, d, func(tx *store.Tx) error {
		tally, err := tx.Tally(n.ID)
		if (tally != duban.Tally{All: 2, Delivered: 2, Confirmed: 1}) {
			t.Errorf("%+v", tally)
		}
		return err
	})
}

func TestWhoCannotBeReachedIsNamedAndTriedAgainLater(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	err := d.Store.Write(ctx, func(tx *store.Tx) error { return d.LoseReach(tx, all["WF"].PersonID, "blocked") })
	if err != nil {
		t.Fatal(err)
	}
	n, tried, err := d.Announce(ctx, all["LM"], announcement(duban.Audience{Role: duban.Officer}, duban.NoReceipt), true)
	if err != nil || tried != 1 {
		t.Fatal(tried, err)
	}
	_, err = d.RetryAnnouncement(ctx, all["LM"], n.ID)
	wantCode(t, err, duban.NothingToDo)
	err = d.Store.Write(ctx, func(tx *store.Tx) error {
		account, err := tx.AccountOfPerson(all["WF"].PersonID)
		if err != nil {
			return err
		}
		return d.FindReach(tx, account)
	})
	if err != nil {
		t.Fatal(err)
	}
	if again, err := d.RetryAnnouncement(ctx, all["LM"], n.ID); err != nil || again.People != 1 {
		t.Fatal(again, err)
	}
	if n := countKind(letters(t, d, duban.LaneAnnouncement), duban.NewsAnnouncement); n != 2 {
		t.Fatalf("%d letters", n)
	}
}

func TestQuietTimeHoldsAnAnnouncementUnlessItIsOverridden(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	d.Policy.Quiet.Off = false
	d.Policy.Quiet.From.Hour, d.Policy.Quiet.To.Hour = 21, 7
	night := time.Date(2026, 11, 25, 23, 0, 0, 0, cast.Shanghai)
	held, _, err := d.Past(night).Announce(ctx, all["LM"], announcement(duban.Audience{Role: duban.Officer}, duban.NoReceipt), false)
	if err != nil || held.SendAt.In(cast.Shanghai).Format("01-02 15:04") != "11-26 07:00" {
		t.Fatal(held.SendAt.In(cast.Shanghai), err)
	}
	now, _, err := d.Past(night).Announce(ctx, all["LM"], announcement(duban.Audience{Role: duban.Officer}, duban.NoReceipt), true)
	if err != nil || !now.SendAt.Equal(night) {
		t.Fatal(now.SendAt, err)
	}
}
