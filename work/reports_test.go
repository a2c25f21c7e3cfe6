package work_test

import (
	"encoding/json"
	"strings"
	"testing"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// bulletin is a desk with the draft of the bulletin of a quarter in which both schools had an item.
func bulletin(t *testing.T) (d *work.Desk, id int64) {
	t.Helper()
	d = cast.Open(t)
	row := summary
	row.Units, row.Due = "school_committee", "2030-12-05"
	cast.Issue(t, d, duban.Console, row)
	from := calendar.Date{Year: 2030, Month: 10, Day: 1}
	made, err := d.MakeReports(ctx, duban.QuarterlyReport, duban.ReportTime{Period: "2030-Q4", From: from, To: from.AddMonths(3).Add(-1), Since: from})
	if err != nil || made != 1 {
		t.Fatal(made, err)
	}
	return d, 1
}

func reportNow(t *testing.T, d *work.Desk, id int64) (r duban.Report) {
	t.Helper()
	cast.Read(t, d, func(tx *store.Tx) (err error) {
		r, err = tx.Report(id)
		return err
	})
	return r
}

// toldOf are the texts that secretaries are sent of a report.
func toldOf(t *testing.T, d *work.Desk) (people []string) {
	t.Helper()
	for _, l := range letters(t, d, duban.LaneReminder) {
		var news work.ReportNews
		if l.Kind != duban.NewsReport {
			continue
		}
		if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
			t.Fatal(err)
		}
		if news.Unit == 0 || news.Part != work.ReportWords {
			continue
		}
		cast.Read(t, d, func(tx *store.Tx) error {
			p, err := tx.Person(l.PersonID)
			people = append(people, p.Code)
			return err
		})
	}
	return people
}

func TestOnlyTheOfficeEditsIssuesAndDropsTheDraftOfAReport(t *testing.T) {
	d, id := bulletin(t)
	// The leader of another office, and an administrator of a school, have the right, but not here.
	if _, err := d.ImportRoster(ctx, duban.Console, []work.RosterRow{
		{Line: 2, Unit: "实验小学党委", Parent: "滨江市教育行业党委", Name: "校管", Role: duban.Admin, Code: "XG", Phone: "+8619900000091"},
		{Line: 3, Unit: "邻市教育行业党委", Kind: duban.IndustryCommittee, Name: "邻市书记", Role: duban.Leader, Code: "LS", Phone: "+8619900000092"},
	}, work.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	deeds := map[string]func(duban.Actor) error{
		"edit":  func(who duban.Actor) error { return d.EditReport(ctx, who, id, "改写") },
		"issue": func(who duban.Actor) error { return d.IssueReport(ctx, who, id, "正文") },
		"drop":  func(who duban.Actor) error { return d.DropReport(ctx, who, id, "不宜通报") },
	}
	for i, code := range []string{"WF", "ZG", "SL", "LY", "XG", "LS"} {
		who := cast.Join(t, d, code, int64(40+i))
		for name, do := range deeds {
			if code := duban.CodeOf(do(who)); code != duban.NotAllowed {
				t.Errorf("%s: %s says %q", code, name, code)
			}
		}
	}
	leader := cast.Join(t, d, "CGD", 60)
	wantCode(t, deeds["edit"](leader), duban.NotAllowed)
	if r := reportNow(t, d, id); r.State != duban.ReportDraft || r.Body != "" {
		t.Errorf("the draft became %+v", r)
	}
	if err := deeds["issue"](leader); err != nil {
		t.Error(err)
	}
}

func TestWhatGoesOutIsExactlyWhatWasIssuedAndItIsIssuedOnce(t *testing.T) {
	d, id := bulletin(t)
	admin, leader := cast.Join(t, d, "LM", 1), cast.Join(t, d, "CGD", 2)
	if err := d.EditReport(ctx, admin, id, "  请各单位抓紧。 "); err != nil {
		t.Fatal(err)
	}
	wantCode(t, d.IssueReport(ctx, leader, id, "改写之前的正文"), duban.WrongState)
	if told := toldOf(t, d); len(told) != 0 {
		t.Errorf("told before it was issued: %v", told)
	}
	if err := d.IssueReport(ctx, leader, id, "请各单位抓紧。"); err != nil {
		t.Fatal(err)
	}
	wantCode(t, d.IssueReport(ctx, admin, id, "请各单位抓紧。"), duban.AlreadyDone)
	wantCode(t, d.EditReport(ctx, admin, id, "后来的话"), duban.AlreadyDone)
	wantCode(t, d.DropReport(ctx, admin, id, "撤回"), duban.AlreadyDone)
	r := reportNow(t, d, id)
	if r.State != duban.ReportIssued || r.Body != "请各单位抓紧。" || r.DecidedBy != leader.PersonID || r.DecidedAt.IsZero() {
		t.Errorf("issued: %+v", r)
	}
	if told := strings.Join(toldOf(t, d), " "); told != "ZG SL" {
		t.Errorf("told: %s", told)
	}
	if notes := notesOf(t, d, duban.EventReportIssued); len(notes) != 1 || notes[0] != "请各单位抓紧。" {
		t.Errorf("the record has %q", notes)
	}
}

func TestADraftThatIsNotIssuedSaysWhyAndGoesToNobody(t *testing.T) {
	d, id := bulletin(t)
	admin := cast.Join(t, d, "LM", 1)
	wantCode(t, d.DropReport(ctx, admin, id, "  "), duban.ReasonNeeded)
	if err := d.DropReport(ctx, admin, id, "已在例会上通报"); err != nil {
		t.Fatal(err)
	}
	wantCode(t, d.IssueReport(ctx, admin, id, "正文"), duban.AlreadyDone)
	if r := reportNow(t, d, id); r.State != duban.ReportDropped || r.Reason != "已在例会上通报" {
		t.Errorf("dropped: %+v", r)
	}
	if told := toldOf(t, d); len(told) != 0 {
		t.Errorf("told: %v", told)
	}
	if notes := notesOf(t, d, duban.EventReportDropped); len(notes) != 1 || notes[0] != "已在例会上通报" {
		t.Errorf("the record has %q", notes)
	}
}

// notesOf are what the record has been told with an event.
func notesOf(t *testing.T, d *work.Desk, event duban.Event) (notes []string) {
	t.Helper()
	cast.Read(t, d, func(tx *store.Tx) error {
		return tx.EveryEntryOf(store.RecordFilter{Scope: store.RecordScope{All: true}, Events: []duban.Event{event}}, func(e duban.Entry) error {
			notes = append(notes, e.Note)
			return nil
		})
	})
	return notes
}
