package work_test

import (
	"slices"
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

func TestNothingGoesOutBeforeASecondAdministratorAgrees(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	d.Policy.SecondAdminAbove = 3
	n := announced(t, d, all["LM"], words(duban.ReadReceipt))
	if got := len(letters(t, d, duban.LaneAnnouncement)); n.State != duban.AnnouncementPending || got != 0 {
		t.Fatalf("it is %s with %d copies", n.State, got)
	}
	var r duban.Request
	cast.Read(t, d, func(tx *store.Tx) error {
		requests, err := tx.RequestsOfAnnouncement(n.ID)
		r = requests[0]
		return err
	})
	for who, want := range map[string]duban.Code{"LM": duban.OwnRequest, "CGD": duban.NotAllowed, "ZG": duban.NotAllowed} {
		_, err := d.AgreeToAnnounce(ctx, all[who], r.ID)
		wantCode(t, err, want)
	}
	if _, err := d.RefuseToAnnounce(ctx, all["HJ"], r.ID, " "); duban.CodeOf(err) != duban.ReasonNeeded {
		t.Errorf("refused without a reason: %v", err)
	}
	if _, err := d.AgreeToAnnounce(ctx, all["HJ"], r.ID); err != nil {
		t.Fatal(err)
	}
	if got := len(letters(t, d, duban.LaneAnnouncement)); got != 8 {
		t.Errorf("%d copies go out, want 8", got)
	}
	_, err := d.AgreeToAnnounce(ctx, all["HJ"], r.ID)
	wantCode(t, err, duban.AlreadyDone)
	small, _, err := d.Announce(ctx, all["ZG"], words(duban.NoReceipt), true)
	if err != nil || small.State != duban.AnnouncementSending {
		t.Errorf("three people needed somebody to agree: %s %v", small.State, err)
	}
}

func TestWithoutAnotherAdministratorALargeAnnouncementIsRefused(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	d.Policy.SecondAdminAbove = 3
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		posts, err := tx.Posts(all["HJ"].PersonID)
		if err != nil {
			return err
		}
		return tx.EndPost(posts[0].ID)
	})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = d.Announce(ctx, all["LM"], words(duban.NoReceipt), true)
	wantCode(t, err, duban.NoApprover)
}

func TestASavedAudienceIsItsOwnersUnlessItIsShared(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	save := func(shared bool) error {
		return d.SaveAudience(ctx, all["LM"], duban.SavedAudience{Name: "专干", Shared: shared, Audience: duban.Audience{Role: duban.Officer}})
	}
	if err := save(false); err != nil {
		t.Fatal(err)
	}
	_, err := d.ChooseAudience(ctx, all["HJ"], 1)
	wantCode(t, err, duban.NotAllowed)
	if err := save(true); err != nil {
		t.Fatal(err)
	}
	a, err := d.ChooseAudience(ctx, all["HJ"], 1)
	if err != nil || a.Audience.Role != duban.Officer {
		t.Fatal(a, err)
	}
	wantCode(t, d.DropAudience(ctx, all["HJ"], 1), duban.NotAllowed)
	wantCode(t, d.SaveAudience(ctx, all["WF"], duban.SavedAudience{Name: "x", Audience: duban.Audience{All: true}}), duban.NotAllowed)
	if err := d.DropAudience(ctx, all["LM"], 1); err != nil {
		t.Fatal(err)
	}
	_, err = d.ChooseAudience(ctx, all["LM"], 1)
	wantCode(t, err, duban.NotFound)
}

func TestAnAudienceIsAllThatIsSaidOfIt(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	item := cast.Issue(t, d, duban.Console, work.TaskRow{Code: "DJ-9", Title: "报送名单", Duty: "报送名单。", Units: "市第五中学党委、实验小学党委", Due: "2099-12-04"})
	if _, err := d.Accept(ctx, all["WF"], item[0].ID); err != nil {
		t.Fatal(err)
	}
	named := []int64{cast.Person(t, d, "WF").ID, cast.Person(t, d, "SL").ID}
	for _, c := range []struct {
		who      string
		audience duban.Audience
		want     int
	}{
		{"LM", duban.Audience{Region: "城东片区"}, 3},
		{"LM", duban.Audience{Region: "城东片区", Role: duban.Officer}, 1},
		{"LM", duban.Audience{Role: duban.Secretary, Kind: duban.Branch}, 0},
		{"LM", duban.Audience{People: named}, 2},
		{"ZG", duban.Audience{People: named}, 1},
		{"LM", duban.Audience{TaskID: item[0].TaskID, Part: duban.Unreported}, 2},
		{"LM", duban.Audience{TaskID: item[0].TaskID, Part: duban.Unsigned}, 1},
		{"LM", duban.Audience{TaskID: item[0].TaskID, Part: duban.Unreported, Region: "城西片区"}, 1},
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

func TestTheSuccessorOfAnAdministratorGetsTheAnnouncementThatWaits(t *testing.T) {
	d := cast.Open(t)
	all := everyone(t, d)
	d.Policy.SecondAdminAbove = 3
	announced(t, d, all["LM"], words(duban.ReadReceipt))
	rows := []work.RosterRow{
		{Line: 2, Unit: "实验小学党委", Name: "何静", Role: duban.Officer, Phone: "+8619900000002", Code: "HJ"},
		{Line: 3, Unit: "滨江市教育行业党委", Name: "吴磊", Role: duban.Admin, Phone: "+8619900000009", Code: "WL"},
	}
	if result, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{}); err != nil || !result.Done {
		t.Fatalf("%+v %v", result, err)
	}
	var readers []int64
	for _, l := range letters(t, d, duban.LaneAnswer) {
		if l.Kind == duban.NewsAnnounceAsk {
			readers = append(readers, l.PersonID)
		}
	}
	if !slices.Contains(readers, cast.Person(t, d, "WL").ID) {
		t.Errorf("the card is before %v", readers)
	}
}
