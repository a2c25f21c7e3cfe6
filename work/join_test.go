package work_test

import (
	"sync"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

func link(t *testing.T, d *work.Desk, code string) string {
	t.Helper()
	links, err := d.Invite(ctx, duban.Console, work.InviteWhom{Code: code})
	if err != nil {
		t.Fatal(err)
	}
	return links[0].Secret
}

func TestALinkJoinsOnceAndEverythingElseIsRefusedAlike(t *testing.T) {
	d := cast.Open(t)
	secret := link(t, d, "WF")
	opened, err := d.OpenInvitation(ctx, duban.System, 5, secret)
	if err != nil || opened.Person.Name != "王芳" || opened.Unit.Name != "市第五中学党委" {
		t.Fatalf("opened: %+v %v", opened, err)
	}
	if _, err := d.Join(ctx, duban.System, 5, "zh-CN", work.Proof{}); err != nil {
		t.Fatal(err)
	}
	for telegram, payload := range map[int64]string{6: secret, 7: "i_wrong", 8: ""} {
		_, err := d.OpenInvitation(ctx, duban.System, telegram, payload)
		wantCode(t, err, duban.LinkInvalid)
	}
}

func TestOfManyWhoRaceForOneLinkOneWins(t *testing.T) {
	d := cast.Open(t)
	secret := link(t, d, "WF")
	const racers = 20
	for i := range racers {
		if _, err := d.OpenInvitation(ctx, duban.System, int64(100+i), secret); err != nil {
			t.Fatal(err)
		}
	}
	var wins sync.Map
	var all sync.WaitGroup
	for i := range racers {
		all.Go(func() {
			if _, err := d.Join(ctx, duban.System, int64(100+i), "zh-CN", work.Proof{}); err == nil {
				wins.Store(i, true)
			} else if duban.CodeOf(err) != duban.LinkInvalid {
				t.Error(err)
			}
		})
	}
	all.Wait()
	n := 0
	wins.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Fatalf("%d winners", n)
	}
}

func TestALinkExpiresAfter72Hours(t *testing.T) {
	d := cast.Open(t)
	secret := link(t, d, "WF")
	_, err := d.Past(time.Now().Add(72*time.Hour+time.Minute)).OpenInvitation(ctx, duban.System, 5, secret)
	wantCode(t, err, duban.LinkInvalid)
}

func TestGuessingIsStoppedAfterFiveMissesInAnHour(t *testing.T) {
	d := cast.Open(t)
	for range 5 {
		_, err := d.OpenInvitation(ctx, duban.System, 9, "i_guess")
		wantCode(t, err, duban.LinkInvalid)
	}
	secret := link(t, d, "WF")
	_, err := d.OpenInvitation(ctx, duban.System, 9, secret)
	wantCode(t, err, duban.LinkInvalid)
	if _, err := d.Past(time.Now().Add(61*time.Minute)).OpenInvitation(ctx, duban.System, 9, secret); err != nil {
		t.Fatal("the next hour:", err)
	}
}

func TestStrangersAreAnsweredTwiceAnHourAtMost(t *testing.T) {
	d := cast.Open(t)
	answered := 0
	for range 10 {
		may, err := d.MayAnswer(ctx, 77)
		if err != nil {
			t.Fatal(err)
		}
		if may {
			answered++
		}
	}
	if answered != 2 {
		t.Fatalf("answered %d times", answered)
	}
}

func TestJoiningByContactNeedsExactlyOnePerson(t *testing.T) {
	d := cast.Open(t)
	joined, err := d.JoinByContact(ctx, duban.System, 5, "zh-CN", "+8619900000005")
	if err != nil || joined.Person.Name != "王芳" {
		t.Fatalf("%+v %v", joined, err)
	}
	_, err = d.JoinByContact(ctx, duban.System, 6, "zh-CN", "+8613800000000")
	wantCode(t, err, duban.LinkInvalid)
}

func TestASecondFactorIsAskedForWhereItIsSwitchedOn(t *testing.T) {
	d := cast.Open(t)
	d.Policy.SecondFactor = duban.Last4Factor
	if _, err := d.OpenInvitation(ctx, duban.System, 5, link(t, d, "WF")); err != nil {
		t.Fatal(err)
	}
	_, err := d.Join(ctx, duban.System, 5, "zh-CN", work.Proof{})
	wantCode(t, err, duban.EvidenceNeeded)
	_, err = d.Join(ctx, duban.System, 5, "zh-CN", work.Proof{Last4: "9999"})
	wantCode(t, err, duban.EvidenceNeeded)
	if _, err := d.Join(ctx, duban.System, 5, "zh-CN", work.Proof{Last4: "0005"}); err != nil {
		t.Fatal(err)
	}
}

func TestALostTelephoneIsRevokedAndInvitedAgain(t *testing.T) {
	d := cast.Open(t)
	before := cast.Join(t, d, "WF", 5)
	after := cast.Join(t, d, "WF", 6)
	if before.PersonID != after.PersonID {
		t.Fatal("another person")
	}
	cast.Read(t, d, func(tx *store.Tx) error {
		account, err := tx.AccountOfPerson(after.PersonID)
		if account.TelegramID != 6 {
			t.Errorf("bound to %d", account.TelegramID)
		}
		if _, err := tx.AccountOfTelegram(5); duban.CodeOf(err) != duban.NotFound {
			t.Errorf("the old account: %v", err)
		}
		return err
	})
	a := cast.Issue(t, d, duban.Console, summary)[0]
	_, err := d.Accept(ctx, before, a.ID)
	wantCode(t, err, duban.NotBound)
}
