package bot_test

import (
	"bytes"
	"context"
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/work"
)

// aboutNoItem are the kinds of news in which no item is named, with what they are about.
var aboutNoItem = map[duban.NewsKind]string{
	duban.NewsAnswer:       "what the reader has just asked for; commands are tried below",
	duban.NewsAnnouncement: "words of the sender", duban.NewsReceipt: "an announcement", duban.NewsProgress: "an announcement",
	duban.NewsAnnounceAsk: "an announcement", duban.NewsAnnounceNote: "an announcement", duban.NewsCorrection: "an announcement",
	duban.NewsRecall: "an announcement", duban.NewsGroupCopy: "an announcement", duban.NewsGroupCount: "an announcement",
	duban.NewsGroupFix: "an announcement", duban.NewsGroupDay: "how many items, in a test of its own", duban.NewsGroupTold: "a group",
	duban.NewsGroupHint: "a group", duban.NewsGroupLeave: "a group",
	duban.NewsJoined: "a person", duban.NewsNotMe: "a person", duban.NewsUnreachable: "a person", duban.NewsFeedback: "words of a person",
	duban.NewsRevoked: "an account", duban.NewsErasure: "a person", duban.NewsQuarantine: "an update", duban.NewsOffline: "a time",
	duban.NewsCalendar: "days", duban.NewsNoNotice: "a year", duban.NewsTrouble: "the machine", duban.NewsRecordHead: "the record",
}

// hush stands in everything that says what an item is about.
const hush = "涉密"

// internalItem is an item of which only the code may leave the office.
func internalItem(code, due string) work.TaskRow {
	return work.TaskRow{
		Line: 2, Code: code, Title: hush + "标题", Duty: hush + "内容", Basis: hush + "依据", Note: hush + "备注", Category: hush + "类别",
		Units: "市第五中学党委", Owner: "WF", Due: due, Review: true, Internal: true, Priority: duban.Normal, Evidence: duban.Evidence{Kind: duban.NoEvidence},
	}
}

// TestNoNewsTellsWhatAnInternalItemIsAbout brings about every kind of news about items, all of them internal, and looks at what everybody has got: words,
// buttons and files.
func TestNoNewsTellsWhatAnInternalItemIsAbout(t *testing.T) {
	for name, lang := range languages {
		t.Run("in"+name, func(t *testing.T) {
			play(t, func(s *stage) {
				var people []*sim.Person
				for _, row := range cast.Roster {
					people = append(people, s.join(row.Code))
				}
				lang(s, people...)
				s.internalNews()
				for _, p := range people {
					s.knowsNothing(p)
				}
				sent := s.kindsSent()
				for _, kind := range duban.NewsKinds {
					if why := aboutNoItem[kind]; (why == "") != slices.Contains(sent, kind) && (why == "" || kind != duban.NewsAnswer && kind != duban.NewsJoined) {
						t.Errorf("%s: sent %t, about no item: %q", kind, slices.Contains(sent, kind), why)
					}
				}
			})
		})
	}
}

// internalNews lets happen what news of items comes from.
func (s *stage) internalNews() {
	s.t.Helper()
	ctx := context.Background()
	did := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
		s.settle()
	}
	admin, leader, secretary, officer := s.actor("LM"), s.actor("CGD"), s.actor("ZG"), s.actor("WF")
	issue := func(code, due string) duban.Assignment { return s.issue(internalItem(code, due))[0] }
	day := func(month time.Month, day int) calendar.Due {
		return calendar.Due{Date: calendar.Date{Year: 2026, Month: month, Day: day}}
	}
	did(s.desk.SetBoard(ctx, officer, true))

	reported := issue("N-1", "2026-12-04")
	_, err := s.desk.Ask(ctx, officer, reported.ID, hush+"提问")
	did(err)
	did(s.desk.Answer(ctx, admin, reported.ID, officer.PersonID, hush+"答复"))
	_, err = s.desk.Submit(ctx, officer, reported.ID, work.Report{Text: hush + "说明", More: true})
	did(err)
	_, err = s.desk.Submit(ctx, officer, reported.ID, work.Report{Text: hush + "补充"})
	did(err)
	sub := s.lastSubmission(reported.ID)
	_, err = s.desk.FollowUp(ctx, admin, sub, hush+"追问")
	did(err)
	_, err = s.desk.Return(ctx, admin, sub, work.Comeback{Reason: hush + "退回理由"})
	did(err)
	_, err = s.desk.Submit(ctx, officer, reported.ID, work.Report{Text: hush + "再报"})
	did(err)
	_, err = s.desk.Pass(ctx, admin, s.lastSubmission(reported.ID))
	did(err)
	shared := internalItem("N-12", "2026-12-04")
	shared.Units, shared.Owner, shared.Review = "school_committee", "", false
	for _, a := range s.issue(shared) {
		_, err = s.desk.Submit(ctx, duban.Console, a.ID, work.Report{Text: hush + "说明"})
		did(err)
	}
	_, err = s.desk.MakeTaskReports(ctx, day(11, 1).Date)
	did(err)

	asked := issue("N-3", "2026-12-10")
	r, err := s.desk.AskExtension(ctx, officer, asked.ID, day(12, 16), hush+"延期理由")
	did(err)
	_, err = s.desk.Agree(ctx, secretary, r.ID)
	did(err)
	_, err = s.desk.Turn(ctx, admin, r.ID, hush+"不同意")
	did(err)
	_, err = s.desk.Reassign(ctx, admin, asked.ID, secretary.PersonID, hush+"转派")
	did(err)

	steered := issue("N-4", "2026-12-11")
	_, err = s.desk.Remark(ctx, leader, steered.ID, hush+"批示")
	did(err)
	_, err = s.desk.Suspend(ctx, leader, steered.ID, hush+"中止理由")
	did(err)

	waiting := issue("N-5", "2026-11-25")
	_, err = s.desk.AskExtension(ctx, officer, waiting.ID, day(12, 1), hush+"延期理由")
	did(err)
	_, err = s.desk.Accept(ctx, officer, issue("N-6", "2026-12-11").ID)
	did(err)
	s.promise("N-6", "2026-11-24 08:50")
	staged := internalItem("N-7", "2026-12-11")
	staged.Milestones = hush + "节点:11-26:50%"
	_, err = s.desk.Accept(ctx, officer, s.issue(staged)[0].ID)
	did(err)
	for _, row := range [][2]string{{"N-8", "2026-12-25"}, {"N-9", "2026-11-23"}, {"N-10", "2026-11-25"}, {"N-11", "2026-11-23"}} {
		_, err = s.desk.Accept(ctx, officer, issue(row[0], row[1]).ID)
		did(err)
	}
	issue("N-2", "2026-12-04") // nobody signs for it

	drawn := internalItem("", "2026-12-11")
	drawn.Units, drawn.Owner, drawn.Spoken, drawn.Review = "高一年级党支部", "", true, false
	drawn.Priority, drawn.LoudReason, drawn.Milestones = duban.Critical, hush+"特急理由", hush+"节点:12-04:50%"
	done, err := s.desk.IssueTask(ctx, officer, work.TaskDraft{Row: drawn})
	if err == nil && done.Waits == "" {
		s.t.Fatalf("nobody has to approve: %+v", done)
	}
	did(err)
	cast.Read(s.t, s.desk, func(tx *store.Tx) (err error) {
		r, err = tx.OpenTaskRequest(done.Task.ID)
		return err
	})
	_, err = s.desk.SendBackIssue(ctx, secretary, r.ID, hush+"修改意见")
	did(err)
	planned := internalItem("", "每周五")
	planned.Owner, planned.Spoken = "", true
	_, problems, err := s.desk.AddToPlan(ctx, admin, work.TaskDraft{Row: planned})
	if len(problems) > 0 {
		s.t.Fatal(problems)
	}
	did(err)
	_, _, err = s.desk.MindPlan(ctx)
	did(err)
	_, err = s.desk.SetAbsence(ctx, officer, duban.Absence{PersonID: officer.PersonID, DeputyID: secretary.PersonID, From: "2026-11-23", To: "2026-11-23"})
	did(err)
	did(s.desk.AskExport(ctx, admin, work.ExportNews{Table: "ledger", Unit: s.officeOf(admin)}))

	s.mornings("2026-11-24", "2026-11-25", "2026-11-26")
	week := duban.ReportTime{At: time.Now(), Period: "2026-W48", From: day(11, 16).Date, To: day(11, 26).Date, Since: day(11, 16).Date}
	_, err = s.desk.MakeReports(ctx, duban.WeeklyReport, week)
	did(err)
	for _, code := range []string{"N-9", "N-11"} {
		e := s.noticeDraft(code)
		_, err = s.desk.IssueNotice(ctx, admin, e.ID, "请于7日内说明原因")
		did(err)
		if code == "N-11" {
			did(s.desk.RespondNotice(ctx, officer, e.ID, hush+"回应"))
		}
	}
	s.skipTo("2026-12-03 18:01")
	up := s.noticeDraft("N-9")
	_, err = s.desk.ReferNotice(ctx, admin, up.ID)
	did(err)
	did(s.desk.GiveBackNotice(ctx, leader, up.ID, hush+"退回修改"))
	s.mornings("2026-12-09")
	_, err = s.desk.OpenAssessment(ctx, admin, work.Opening{Year: 2026, Until: day(12, 25).Date})
	did(err)
	s.say(s.person("ZG"), "/assess")

	roster := slices.Clone(cast.Roster)
	next := work.RosterRow{Line: 6, Unit: "市第五中学党委", Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Name: "吴敏", Role: duban.Officer, Code: "WM"}
	_, err = s.desk.ImportRoster(ctx, duban.Console, append(roster, next), work.ImportOptions{})
	did(err)
	s.join("WM")
	roster[4].Unit, roster[4].Parent, roster[4].Kind = "高一年级党支部", "市第五中学党委", duban.Branch
	_, err = s.desk.ImportRoster(ctx, duban.Console, append(roster, next), work.ImportOptions{})
	did(err)
	for _, code := range []string{"LM", "CGD", "ZG", "LY", "SL", "WM"} {
		for _, command := range []string{"/tasks", "/overdue", "/review", "/requests", "/notices", "/plan", "/record", "/stats", "/units", "/calendar"} {
			s.say(s.person(code), command)
		}
	}
}

// lastSubmission is what was handed in last for an item.
func (s *stage) lastSubmission(assignment int64) (id int64) {
	s.t.Helper()
	cast.Read(s.t, s.desk, func(tx *store.Tx) error {
		sub, err := tx.LastSubmission(assignment)
		id = sub.ID
		return err
	})
	return id
}

// noticeDraft is the draft of a notice about an item.
func (s *stage) noticeDraft(code string) (e duban.Escalation) {
	s.t.Helper()
	cast.Read(s.t, s.desk, func(tx *store.Tx) (err error) {
		e, err = tx.DraftOf(s.assignment(code).ID)
		return err
	})
	return e
}

// officeOf is the unit in which somebody has the first post.
func (s *stage) officeOf(who duban.Actor) (unit int64) {
	s.t.Helper()
	cast.Read(s.t, s.desk, func(tx *store.Tx) error {
		posts, err := tx.Posts(who.PersonID)
		unit = posts[0].UnitID
		return err
	})
	return unit
}

// knowsNothing looks through all that somebody has got.
func (s *stage) knowsNothing(p *sim.Person) {
	s.t.Helper()
	for _, m := range p.Messages() {
		said := m.Body()
		if m.Document != nil {
			said += m.Document.FileName + s.inside(&m)
		}
		if strings.Contains(said, hush) {
			s.t.Errorf("%s reads of it: %s", p.Name(), said)
		}
	}
	for _, entry := range entriesOf(s.tg.Transcript(p)) { // what was edited or deleted since, too
		if strings.Contains(entry, hush) {
			s.t.Errorf("%s has read of it: %s", p.Name(), entry)
		}
	}
}

// inside is what stands in the cells of a workbook.
func (s *stage) inside(m *sim.Message) string {
	s.t.Helper()
	content, _ := s.tg.File(m.Document.FileID)
	book, err := excelize.OpenReader(bytes.NewReader(content.Data))
	if err != nil {
		return string(content.Data)
	}
	defer book.Close()
	var cells []string
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, row := range rows {
			cells = append(cells, row...)
		}
	}
	return strings.Join(cells, " ")
}

// kindsSent lists the kinds of news that have arrived.
func (s *stage) kindsSent() (kinds []duban.NewsKind) {
	s.t.Helper()
	db, err := sql.Open("sqlite", s.desk.Store.Path())
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT DISTINCT kind FROM outbox WHERE message_id IS NOT NULL`)
	if err != nil {
		s.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind duban.NewsKind
		if err := rows.Scan(&kind); err != nil {
			s.t.Fatal(err)
		}
		kinds = append(kinds, kind)
	}
	return kinds
}
