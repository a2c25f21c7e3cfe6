package bot

import (
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"duban"
	"duban/calendar"
	"duban/text"
)

func TestTimeLeftFollowsTheRateSoFar(t *testing.T) {
	for _, c := range []struct {
		name               string
		waiting, delivered int
		since, want        time.Duration
	}{
		{"nothing sent yet", 100, 0, 0, 4 * time.Second},
		{"slower than usual", 100, 10, 10 * time.Second, 100 * time.Second},
		{"no faster than Telegram allows", 100, 1000, time.Second, 4 * time.Second},
		{"a retry of the next day", 25, 1000, 24 * time.Hour, time.Second},
		{"nobody left", 0, 10, time.Minute, 0},
	} {
		if got := timeLeft(c.waiting, c.delivered, c.since); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestTheTimeToSendIsReadAsTyped(t *testing.T) {
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	cal := calendar.New(zone, calendar.Clock{Hour: 18})
	now := time.Date(2026, 11, 23, 15, 0, 0, 0, zone)
	for _, c := range []struct {
		typed, want, problem string
	}{
		{"明天上午9点", "2026-11-24 09:00", ""},
		{"12月4日15:00", "2026-12-04 15:00", ""},
		{"12月4日", "2026-12-04 08:30", ""},
		{"2026-11-23T15:00:30+08:00", "2026-11-23 15:00", ""},
		{"今天下午2点", "", "announce.time_past"},
		{"今天", "", "announce.time_past"},
		{"昨天", "", "announce.time_past"},
		{"尽快", "", "announce.time_unclear"},
		{"每周五", "", "announce.time_unclear"},
		{"你好", "", "announce.time_unclear"},
	} {
		at, problem := sendTime(cal, calendar.Clock{Hour: 8, Minute: 30}, c.typed, now)
		got := ""
		if problem == "" {
			got = at.In(zone).Format("2006-01-02 15:04")
		}
		if got != c.want || problem != c.problem {
			t.Errorf("%s: got %q %q, want %q %q", c.typed, got, problem, c.want, c.problem)
		}
	}
}

func TestOnlyWhatCanBeCopiedIsAnnounced(t *testing.T) {
	for _, c := range []struct {
		name    string
		message models.Message
		want    bool
	}{
		{"text", models.Message{Text: "通知"}, true},
		{"photo", models.Message{Photo: []models.PhotoSize{{}}}, true},
		{"document", models.Message{Document: &models.Document{}}, true},
		{"voice", models.Message{Voice: &models.Voice{}}, true},
		{"poll", models.Message{Poll: &models.Poll{}}, true},
		{"location", models.Message{Location: &models.Location{}}, true},
		{"dice", models.Message{Dice: &models.Dice{}}, false},
		{"paid media", models.Message{PaidMedia: &models.PaidMediaInfo{}, Caption: "x"}, false},
		{"protected text", models.Message{Text: "x", HasProtectedContent: true}, false},
		{"service message", models.Message{NewChatTitle: "x"}, false},
	} {
		if got := copyable(&c.message); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestTheMissingAreThoseWithoutReceiptAndThoseNotReached(t *testing.T) {
	now := time.Now()
	all := []duban.Receipt{
		{PersonID: 1, DeliveredAt: now, ConfirmedAt: now},
		{PersonID: 2, DeliveredAt: now},
		{PersonID: 3, Failure: "blocked"},
		{PersonID: 4},
		{PersonID: 5, DeliveredAt: now, Failure: "blocked"},
	}
	for _, c := range []struct {
		rule          duban.ReceiptRule
		waiting, lost []int64
	}{
		{duban.ReadReceipt, []int64{2, 5}, []int64{3}},
		{duban.NoReceipt, nil, []int64{3}},
	} {
		waiting, lost := missingReceipts(duban.Announcement{Receipt: c.rule}, all)
		wantAll(t, receiptIDs(waiting), c.waiting)
		wantAll(t, receiptIDs(lost), c.lost)
	}
}

func receiptIDs(receipts []duban.Receipt) []int64 {
	var ids []int64
	for _, r := range receipts {
		ids = append(ids, r.PersonID)
	}
	return ids
}

func TestAnAlbumCarriesItsButtonInALineBelow(t *testing.T) {
	single := announced(text.ZH, duban.Announcement{ID: 7, MessageIDs: []int64{1}, Receipt: duban.ReadReceipt})
	album := announced(text.ZH, duban.Announcement{ID: 7, MessageIDs: []int64{1, 2}, Receipt: duban.ReadReceipt})
	silent := announced(text.ZH, duban.Announcement{ID: 7, MessageIDs: []int64{1, 2}, Receipt: duban.NoReceipt})
	if single.Text != "" || len(single.Keyboard) != 1 {
		t.Errorf("a single message becomes %+v", single)
	}
	if album.Text == "" || len(album.Keyboard) != 1 {
		t.Errorf("an album becomes %+v", album)
	}
	if silent.Text != "" || len(silent.Keyboard) != 0 {
		t.Errorf("an album without receipt becomes %+v", silent)
	}
}

func TestPeopleAreFoundByCodeThenNameThenPart(t *testing.T) {
	people := []duban.Person{{ID: 1, Code: "A1", Name: "王芳"}, {ID: 2, Code: "王芳", Name: "李雷"}, {ID: 3, Code: "A3", Name: "王芳芳"}, {ID: 4, Code: "A4", Name: "John Smith"}}
	for word, want := range map[string][]int64{
		"A1": {1}, "a3": {3}, "王芳": {2}, "李雷": {2}, "王": {1, 3}, "王 芳芳": {3}, "johnsmith": {4}, "赵": nil,
	} {
		var got []int64
		for _, p := range peopleCalled(people, word) {
			got = append(got, p.ID)
		}
		wantAll(t, got, want)
	}
}

func TestWhoHoldsTwoPostsCountsOnce(t *testing.T) {
	d := directory{
		people:   []duban.Person{{ID: 1}, {ID: 2}, {ID: 3}},
		posts:    map[int64][]duban.Post{1: {{UnitID: 2}, {UnitID: 3}}, 2: {{UnitID: 3}}, 3: {{UnitID: 4}}},
		units:    map[int64]duban.Unit{1: {ID: 1}, 2: {ID: 2, ParentID: 1}, 3: {ID: 3, ParentID: 2}, 4: {ID: 4, ParentID: 1}},
		accounts: map[int64]duban.Account{1: {}},
	}
	want(t, d.countUnder(map[int64]bool{1: true})[1], headcount{all: 3, joined: 1})
	want(t, d.countUnder(map[int64]bool{2: true, 4: true})[2], headcount{all: 2, joined: 1})
}
