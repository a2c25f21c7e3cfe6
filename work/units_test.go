package work_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// together is an item that 市第五中学党委 leads, and that 实验小学党委 and 高一年级党支部 support.
var together = work.TaskRow{
	Code: "XT-01", Title: "开放日", Duty: "组织开放日", Units: "市第五中学党委", Supports: "实验小学党委、高一年级党支部", Due: "2026-12-04", Review: true,
}

// oneOf is an item that any of three units may do.
var oneOf = work.TaskRow{
	Code: "RY-01", Title: "承办现场会", Duty: "承办一次现场会", Units: "市第五中学党委、实验小学党委、高一年级党支部", Due: "2026-12-04",
	Completion: duban.CompleteAny,
}

// give issues an item and returns what each person got of it.
func (o *office) give(row work.TaskRow) map[string]duban.Assignment {
	o.t.Helper()
	given := map[string]duban.Assignment{}
	for _, a := range cast.Issue(o.t, o.desk, duban.Console, row) {
		given[o.codeOf(a.OwnerID)] = a
	}
	return given
}

func (o *office) codeOf(person int64) string {
	for code, who := range o.who {
		if who.PersonID == person {
			return code
		}
	}
	o.t.Fatalf("nobody is %d", person)
	return ""
}

func (o *office) states(given map[string]duban.Assignment, codes ...string) []duban.State {
	var states []duban.State
	for _, code := range codes {
		states = append(states, o.assignment(given[code].ID).State)
	}
	return states
}

func (o *office) stand(given map[string]duban.Assignment, codes []string, want ...duban.State) {
	o.t.Helper()
	if got := o.states(given, codes...); !slices.Equal(got, want) {
		o.t.Errorf("%v stand at %v, want %v", codes, got, want)
	}
}

func (o *office) submit(code string, a duban.Assignment) {
	o.t.Helper()
	if _, err := o.desk.Submit(context.Background(), o.who[code], a.ID, work.Report{Text: "已完成"}); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) pass(code string, a duban.Assignment) {
	o.t.Helper()
	var sub duban.Submission
	cast.Read(o.t, o.desk, func(tx *store.Tx) (err error) {
		sub, err = tx.LastSubmission(a.ID)
		return err
	})
	if _, err := o.desk.Pass(context.Background(), o.who[code], sub.ID); err != nil {
		o.t.Fatal(err)
	}
}

func TestASupportingUnitReportsProgressAndTheLeadUnitReportsForAll(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	given := o.give(together)
	if !given["ZM"].Support || !given["LY"].Support || given["WF"].Support {
		t.Fatalf("given %+v", given)
	}
	if _, err := o.desk.Accept(ctx, o.who["ZM"], given["ZM"].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.desk.Progress(ctx, o.who["ZM"], given["ZM"].ID, 60, "场地已定"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.desk.Submit(ctx, o.who["ZM"], given["ZM"].ID, work.Report{Text: "已完成"}); duban.CodeOf(err) != duban.LeadReports {
		t.Errorf("a supporting unit submits: %v", err)
	}
	all := []string{"WF", "ZM", "LY"}
	o.submit("WF", given["WF"])
	o.stand(given, all, duban.Submitted, duban.Accepted, duban.Issued)
	o.at("2026-11-24 10:00")
	o.pass("LM", given["WF"])
	o.stand(given, all, duban.Closed, duban.Closed, duban.Closed)
	support := o.assignment(given["ZM"].ID)
	if support.FollowsID != given["WF"].ID || !support.SubmittedAt.Equal(o.assignment(given["WF"].ID).SubmittedAt) {
		t.Errorf("it was closed as %+v", support)
	}
	if len(o.entries(support.ID, duban.EventClosed)) != 1 || !o.told("ZM", duban.EventClosed, support.ID, o.desk.At) {
		t.Error("it is not recorded and told that a supporting unit was closed with its lead")
	}
	if _, err := o.desk.Reopen(ctx, o.who["LM"], support.ID, "抽查", calendar.Due{}); duban.CodeOf(err) != duban.FollowsLead {
		t.Errorf("a supporting unit is reopened by itself: %v", err)
	}
}

func TestSupportingUnitsAreReopenedWithTheirLead(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	given := o.give(together)
	if _, err := o.desk.Accept(ctx, o.who["ZM"], given["ZM"].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.desk.Suspend(ctx, o.who["CGD"], given["LY"].ID, "上级另有安排"); err != nil {
		t.Fatal(err)
	}
	o.submit("WF", given["WF"])
	o.pass("LM", given["WF"])
	all := []string{"WF", "ZM", "LY"}
	o.stand(given, all, duban.Closed, duban.Closed, duban.Closed)
	o.at("2026-12-14 09:00")
	if _, err := o.desk.Reopen(ctx, o.who["LM"], given["WF"].ID, "抽查复核", calendar.Due{}); err != nil {
		t.Fatal(err)
	}
	o.stand(given, all, duban.Accepted, duban.Accepted, duban.Suspended)
	lead, support := o.assignment(given["WF"].ID), o.assignment(given["ZM"].ID)
	if support.Due != lead.Due || !support.SubmittedAt.IsZero() || !support.ClosedAt.IsZero() || support.FollowsID != 0 {
		t.Errorf("it came back as %+v", support)
	}
	if !o.told("ZM", duban.EventReopened, support.ID, o.desk.At) {
		t.Error("the supporting unit is not told")
	}
}

func TestSupportingUnitsWithoutALeadUnitAreRelieved(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	given := o.give(together)
	if _, err := o.desk.Cancel(ctx, o.who["LM"], given["WF"].ID, "工作已取消"); err != nil {
		t.Fatal(err)
	}
	o.stand(given, []string{"WF", "ZM", "LY"}, duban.CalledOff, duban.CalledOff, duban.CalledOff)
	row := together
	row.Code = "XT-02"
	given = o.give(row)
	all, err := o.desk.CancelTask(ctx, o.who["LM"], given["WF"].TaskID, "工作已取消")
	if err != nil || len(all) != 3 {
		t.Errorf("cancelling all of it gives %d, %v", len(all), err)
	}
}

func TestTheFirstOfSeveralRelievesTheOthers(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	given := o.give(oneOf)
	all := []string{"WF", "ZM", "LY"}
	if _, err := o.desk.Accept(ctx, o.who["LY"], given["LY"].ID); err != nil {
		t.Fatal(err)
	}
	o.submit("ZM", given["ZM"])
	o.stand(given, all, duban.CalledOff, duban.Closed, duban.CalledOff)
	entries := o.entries(given["WF"].ID, duban.EventCancelled)
	if len(entries) != 1 || entries[0].Facts["reason"] != "done_by_other" || !o.told("WF", duban.EventCancelled, given["WF"].ID, o.desk.At) {
		t.Errorf("it is recorded as %+v", entries)
	}
	o.at("2026-11-23 09:05")
	if _, err := o.desk.Withdraw(ctx, o.who["ZM"], given["ZM"].ID); err != nil {
		t.Fatal(err)
	}
	o.stand(given, all, duban.Issued, duban.Accepted, duban.Accepted)
	o.submit("LY", given["LY"])
	o.stand(given, all, duban.CalledOff, duban.CalledOff, duban.Closed)
	if _, err := o.desk.Reopen(ctx, o.who["LM"], given["LY"].ID, "抽查复核", calendar.Due{}); err != nil {
		t.Fatal(err)
	}
	o.stand(given, all, duban.Issued, duban.Accepted, duban.Accepted)
}

func TestWhatWaitsForItsReviewIsRelievedAndWaitsAgain(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	row := oneOf
	row.Review = true
	given := o.give(row)
	all := []string{"WF", "ZM", "LY"}
	o.submit("WF", given["WF"])
	o.submit("ZM", given["ZM"])
	o.pass("LM", given["WF"])
	o.stand(given, all, duban.Closed, duban.CalledOff, duban.CalledOff)
	if _, err := o.desk.Reopen(ctx, o.who["LM"], given["WF"].ID, "抽查复核", calendar.Due{}); err != nil {
		t.Fatal(err)
	}
	o.stand(given, all, duban.Accepted, duban.Submitted, duban.Issued)
	o.pass("LM", given["ZM"])
	o.stand(given, all, duban.CalledOff, duban.Closed, duban.CalledOff)
}

// list imports a task list and returns what came of it.
func (o *office) list(rows ...work.TaskRow) work.ImportResult {
	o.t.Helper()
	for i := range rows {
		rows[i].Line, rows[i].Priority, rows[i].Evidence.Kind = i+2, duban.Normal, duban.NoEvidence
	}
	result, err := o.desk.ImportTasks(context.Background(), duban.Console, rows, work.ImportOptions{})
	if err != nil {
		o.t.Fatal(err)
	}
	return result
}

const twoStages = "方案制定:11-30:30%；中期检查：12月10日前：60％"

func TestAListWithSupportsAndMilestonesComesAgainWithoutAChange(t *testing.T) {
	o := openOffice(t)
	row := together
	row.Due, row.Milestones, row.Completion = "2026-12-31", twoStages, duban.CompleteAny
	if r := o.list(row); r.New != 1 || r.Issued != 3 || len(r.Problems) > 0 {
		t.Fatalf("the list gives %+v", r)
	}
	for _, day := range []string{"2026-11-23 10:00", "2026-12-20 10:00"} {
		o.at(day)
		if r := o.list(row); r.Unchanged != 1 || r.Changed != 0 || len(r.Problems) > 0 {
			t.Errorf("on %s it comes again as %+v", day, r)
		}
	}
	row.Milestones = "方案制定:11-30:40%, 中期检查:12-10:60%"
	row.Supports = "高一年级党支部"
	if r := o.list(row); r.Changed != 1 || len(r.Problems) > 0 {
		t.Errorf("changed it gives %+v", r)
	}
}

func TestAPlanThatIsChangedByAListKeepsWhatWasDone(t *testing.T) {
	o := openOffice(t)
	row := work.TaskRow{Code: "JD-01", Title: "专项整治", Duty: "完成整治", Units: "市第五中学党委", Due: "2026-12-31", Milestones: twoStages}
	a := o.give(row)["WF"]
	if _, err := o.desk.FinishMilestone(context.Background(), o.who["WF"], a.ID, 0); err != nil {
		t.Fatal(err)
	}
	row.Milestones = "方案制定:11-30:40%；中期检查:12-10:60%；总结:12-25:90%"
	if r := o.list(row); r.Changed != 1 {
		t.Fatalf("the list gives %+v", r)
	}
	a = o.assignment(a.ID)
	if len(a.Milestones) != 3 || a.Milestones[0].DoneAt.IsZero() || a.Reached() != 40 {
		t.Errorf("the plan is %+v", a.Milestones)
	}
}

func TestWhatIsWrongWithSupportsAndMilestonesIsNamed(t *testing.T) {
	o := openOffice(t)
	for want, change := range map[work.ProblemReason]func(*work.TaskRow){
		work.SupportsItself:   func(row *work.TaskRow) { row.Supports = "市第五中学党委" },
		work.UnknownUnit:      func(row *work.TaskRow) { row.Supports = "第九中学" },
		work.MilestoneUnread:  func(row *work.TaskRow) { row.Milestones = "方案制定" },
		work.MilestoneWhen:    func(row *work.TaskRow) { row.Milestones = "方案制定:尽快:30%" },
		work.MilestonePercent: func(row *work.TaskRow) { row.Milestones = "方案制定:11-30:130%" },
		work.MilestoneLate:    func(row *work.TaskRow) { row.Milestones = "方案制定:12-30:30%" },
		work.MilestoneOrder:   func(row *work.TaskRow) { row.Milestones = "方案制定:12-01:30%；检查:11-30:60%" },
	} {
		row := together
		change(&row)
		r := o.list(row)
		if len(r.Problems) != 1 || r.Problems[0].Reason != want || r.New != 0 {
			t.Errorf("%s: the list gives %+v", want, r)
		}
	}
}

func TestAMilestoneIsReportedOnceAndTakenBackWithinTenMinutes(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	a := o.give(work.TaskRow{Code: "JD-01", Title: "专项整治", Duty: "完成整治", Units: "市第五中学党委", Due: "2026-12-31", Milestones: twoStages})["WF"]
	if _, err := o.desk.FinishMilestone(ctx, o.who["ZM"], a.ID, 0); duban.CodeOf(err) != duban.NotAllowed {
		t.Errorf("another unit reports it: %v", err)
	}
	done, err := o.desk.FinishMilestone(ctx, o.who["WF"], a.ID, 0)
	if err != nil || done.State != duban.Accepted || done.Reached() != 30 || done.MilestonesDone() != 1 {
		t.Fatalf("it gives %+v, %v", done, err)
	}
	if _, err := o.desk.FinishMilestone(ctx, o.who["WF"], a.ID, 0); duban.CodeOf(err) != duban.AlreadyDone {
		t.Errorf("reporting it twice gives %v", err)
	}
	o.desk.At = o.desk.At.Add(5 * time.Minute)
	undone, err := o.desk.UndoMilestone(ctx, o.who["WF"], a.ID, 0)
	if err != nil || undone.Reached() != 0 {
		t.Errorf("taking it back gives %+v, %v", undone, err)
	}
	if _, err := o.desk.FinishMilestone(ctx, o.who["WF"], a.ID, 1); err != nil {
		t.Fatal(err)
	}
	o.desk.At = o.desk.At.Add(11 * time.Minute)
	if _, err := o.desk.UndoMilestone(ctx, o.who["WF"], a.ID, 1); duban.CodeOf(err) != duban.TooLate {
		t.Errorf("after eleven minutes it gives %v", err)
	}
	if n := len(o.entries(a.ID, duban.EventMilestone)); n != 3 {
		t.Errorf("%d entries", n)
	}
}
