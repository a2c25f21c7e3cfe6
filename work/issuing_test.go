package work_test

import (
	"context"
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// spoken is an item as somebody draws it up in the chat.
func spoken(title, units, due string) work.TaskDraft {
	return work.TaskDraft{Row: work.TaskRow{Title: title, Units: units, Due: due, Review: true, Spoken: true}}
}

func mustIssueDraft(t *testing.T, d *work.Desk, who duban.Actor, draft work.TaskDraft) work.IssueResult {
	t.Helper()
	done, err := d.IssueTask(context.Background(), who, draft)
	if err != nil || len(done.Problems) > 0 {
		t.Fatal(err, done.Problems)
	}
	return done
}

func preview(t *testing.T, d *work.Desk, who duban.Actor, draft work.TaskDraft) work.TaskPreview {
	t.Helper()
	var p work.TaskPreview
	cast.Read(t, d, func(tx *store.Tx) (err error) {
		p, err = d.PreviewTask(tx, who, draft)
		return err
	})
	return p
}

func statesOf(t *testing.T, d *work.Desk, task int64) []duban.State {
	t.Helper()
	var states []duban.State
	cast.Read(t, d, func(tx *store.Tx) error {
		all, err := tx.AssignmentsOf(task)
		for _, a := range all {
			states = append(states, a.State)
		}
		return err
	})
	return states
}

func TestAPreviewSaysWhatIsIssuedAndChangesNothing(t *testing.T) {
	d := cast.Open(t)
	admin := cast.Join(t, d, "LM", 1)
	draft := spoken("报送年度总结", "school_committee", "2099-12-04")
	p := preview(t, d, admin, draft)
	if len(p.Targets) != 2 || p.Targets[0].Owner.Name != "王芳" || p.Targets[1].Owner.Name != "周明" || p.People != 2 || p.Approval != "" {
		t.Errorf("the preview is %+v", p)
	}
	cast.Read(t, d, func(tx *store.Tx) error {
		if tasks, err := tx.Tasks(); err != nil || len(tasks) != 0 {
			t.Errorf("the preview made %v, %v", tasks, err)
		}
		return nil
	})
	done := mustIssueDraft(t, d, admin, draft)
	if done.Issued != 2 || done.Waits != "" || done.Task.Duty != "报送年度总结" {
		t.Errorf("issuing did %+v", done)
	}
	if again := mustIssueDraft(t, d, admin, draft); again.Task.Code == done.Task.Code {
		t.Errorf("two items have the code %s", again.Task.Code)
	}
}

func TestAPreviewNamesWhatItCannotMakeOut(t *testing.T) {
	d := cast.Open(t)
	admin, officer := cast.Join(t, d, "LM", 1), cast.Join(t, d, "WF", 2)
	for _, test := range []struct {
		who    duban.Actor
		draft  work.TaskDraft
		reason work.ProblemReason
	}{
		{admin, spoken("报送总结", "第九中学", "2099-12-04"), work.UnknownUnit},
		{admin, spoken("报送总结", "王芳", "尽快"), work.DueVague},
		{admin, spoken("报送总结", "王芳", "每月5日前"), work.DueRecurs},
		{admin, spoken("报送总结", "王芳", "2000-01-01"), work.DuePast},
		{officer, spoken("报送总结", "实验小学党委", "2099-12-04"), work.OutsideScope},
		{officer, spoken("报送总结", "周明", "2099-12-04"), work.OutsideScope},
		{officer, spoken("报送总结", "general_branch", "2099-12-04"), work.NoUnits},
	} {
		p := preview(t, d, test.who, test.draft)
		if len(p.Problems) != 1 || p.Problems[0].Reason != test.reason {
			t.Errorf("%+v: %v, want %s", test.draft.Row, p.Problems, test.reason)
		}
		done, err := d.IssueTask(context.Background(), test.who, test.draft)
		if err != nil || len(done.Problems) != 1 || done.Issued != 0 {
			t.Errorf("issuing did %+v, %v", done, err)
		}
	}
}

func TestAnItemForAPersonGoesToThatPerson(t *testing.T) {
	d := cast.Open(t)
	admin := cast.Join(t, d, "LM", 1)
	p := preview(t, d, admin, spoken("报送总结", "school_committee、赵刚、刘洋", "2099-12-04"))
	if len(p.Targets) != 3 || p.Targets[0].Owner.Name != "赵刚" || p.Targets[1].Owner.Name != "周明" || p.Targets[2].Owner.Name != "刘洋" {
		t.Errorf("the targets are %+v", p.Targets)
	}
}

func TestThePreviewSaysWhatPeopleHaveAlready(t *testing.T) {
	d := cast.Open(t)
	admin := cast.Join(t, d, "LM", 1)
	mustIssueDraft(t, d, admin, spoken("报送2025年度总结", "school_committee", "2099-12-03"))
	mustIssueDraft(t, d, admin, spoken("安全检查", "周明", "2099-12-04"))
	mustIssueDraft(t, d, admin, spoken("党费台账", "周明", "2099-11-04"))
	p := preview(t, d, admin, spoken("报送2026年度总结", "all", "2099-12-04"))
	if len(p.Burdens) != 3 || p.Burdens[0].Owner.Name != "周明" || p.Burdens[0].Open != 3 || p.Burdens[0].SameWeek != 2 || p.Burdens[2].Open != 0 {
		t.Errorf("the burdens are %+v", p.Burdens)
	}
	if p.Similar == nil || p.Similar.Title != "报送2025年度总结" || p.Similar.Units != 2 {
		t.Errorf("similar is %+v", p.Similar)
	}
}

func TestAnOfficerNeedsTheSecretaryAndASecretaryNobody(t *testing.T) {
	d := cast.Open(t)
	officer, secretary := cast.Join(t, d, "WF", 1), cast.Join(t, d, "ZG", 2)
	draft := spoken("整理党员档案", "高一年级党支部", "2099-12-04")
	if done := mustIssueDraft(t, d, officer, draft); done.Waits != duban.SeatSecretary || done.Issued != 0 {
		t.Errorf("the officer's waits for %q, issued %d", done.Waits, done.Issued)
	} else if states := statesOf(t, d, done.Task.ID); states[0] != duban.Pending {
		t.Errorf("it is %v", states)
	}
	if done := mustIssueDraft(t, d, secretary, draft); done.Waits != "" || done.Issued != 1 {
		t.Errorf("the secretary's waits for %q, issued %d", done.Waits, done.Issued)
	}
}

func openApproval(t *testing.T, d *work.Desk, task int64) duban.Request {
	t.Helper()
	var r duban.Request
	cast.Read(t, d, func(tx *store.Tx) (err error) {
		r, err = tx.OpenTaskRequest(task)
		return err
	})
	return r
}

func TestTheSecondAdministratorAndThenTheLeaderApprove(t *testing.T) {
	ctx := context.Background()
	d := cast.Open(t)
	d.Policy.ApproveIssue, d.Policy.SecondAdminAbove = true, 1
	admin, other, leader := cast.Join(t, d, "LM", 1), cast.Join(t, d, "HJ", 2), cast.Join(t, d, "CGD", 3)
	task := mustIssueDraft(t, d, admin, spoken("报送总结", "school_committee", "2099-12-04")).Task.ID
	first := openApproval(t, d, task)
	for _, test := range []struct {
		who  duban.Actor
		want duban.Code
	}{{admin, duban.OwnRequest}, {leader, duban.NotAllowed}, {cast.Join(t, d, "ZG", 4), duban.NotAllowed}} {
		if _, err := d.ApproveIssue(ctx, test.who, first.ID); duban.CodeOf(err) != test.want {
			t.Errorf("approving gives %v, want %s", err, test.want)
		}
	}
	if _, err := d.ApproveIssue(ctx, other, first.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := d.ApproveIssue(ctx, other, first.ID); duban.CodeOf(err) != duban.AlreadyDone {
		t.Errorf("approving twice gives %v", err)
	}
	second := openApproval(t, d, task)
	if second.Needs != duban.SeatLeader || statesOf(t, d, task)[0] != duban.Pending {
		t.Errorf("after the first approval %+v waits", second)
	}
	if _, err := d.ApproveIssue(ctx, leader, second.ID); err != nil {
		t.Fatal(err)
	}
	if states := statesOf(t, d, task); states[0] != duban.Issued || states[1] != duban.Issued {
		t.Errorf("after both approvals the states are %v", states)
	}
}

func TestWhatIsSentBackIsADraftAgainAndNeedsEveryApprovalAnew(t *testing.T) {
	ctx := context.Background()
	d := cast.Open(t)
	d.Policy.ApproveIssue, d.Policy.SecondAdminAbove = true, 1
	admin, other, leader := cast.Join(t, d, "LM", 1), cast.Join(t, d, "HJ", 2), cast.Join(t, d, "CGD", 3)
	task := mustIssueDraft(t, d, admin, spoken("报送总结", "school_committee", "2099-12-04")).Task.ID
	if _, err := d.ApproveIssue(ctx, other, openApproval(t, d, task).ID); err != nil {
		t.Fatal(err)
	}
	waits := openApproval(t, d, task)
	if _, err := d.SendBackIssue(ctx, leader, waits.ID, " "); duban.CodeOf(err) != duban.ReasonNeeded {
		t.Errorf("sending back without a reason gives %v", err)
	}
	if _, err := d.SendBackIssue(ctx, leader, waits.ID, "时限太紧"); err != nil {
		t.Fatal(err)
	}
	if states := statesOf(t, d, task); states[0] != duban.Draft {
		t.Errorf("what was sent back is %v", states)
	}
	var draft work.TaskDraft
	cast.Read(t, d, func(tx *store.Tx) (err error) {
		if _, err := d.DraftOf(tx, other, task); duban.CodeOf(err) != duban.NotAllowed {
			t.Errorf("another administrator gets the draft: %v", err)
		}
		draft, err = d.DraftOf(tx, admin, task)
		return err
	})
	draft.Row.Units, draft.Row.Due = "市第五中学党委", "2099-12-11"
	again := mustIssueDraft(t, d, admin, draft)
	if again.Task.ID != task || again.Waits != duban.SeatLeader || len(statesOf(t, d, task)) != 1 {
		t.Errorf("sending it again did %+v", again)
	}
	draft.Row.Units = "school_committee"
	if _, err := d.IssueTask(ctx, admin, draft); duban.CodeOf(err) != duban.PendingRequest {
		t.Errorf("changing what waits gives %v", err)
	}
	if _, err := d.RetractIssue(ctx, admin, task); err != nil {
		t.Fatal(err)
	}
	if again := mustIssueDraft(t, d, admin, draft); again.Waits != duban.SeatSecondAdmin {
		t.Errorf("to many again it waits for %q", again.Waits)
	}
}

func TestWithoutAnybodyToApproveNothingIsSent(t *testing.T) {
	ctx := context.Background()
	d := cast.Open(t)
	officer := cast.Join(t, d, "WF", 1)
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		secretary, err := tx.PersonByCode("ZG")
		if err != nil {
			return err
		}
		posts, err := tx.Posts(secretary.ID)
		if err != nil {
			return err
		}
		return tx.EndPost(posts[0].ID)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.IssueTask(ctx, officer, spoken("整理党员档案", "刘洋", "2099-12-04")); duban.CodeOf(err) != duban.NoApprover {
		t.Errorf("issuing gives %v", err)
	}
}

func TestACorrectionIsQuietUntilSomebodyHasSigned(t *testing.T) {
	ctx := context.Background()
	d := cast.Open(t)
	admin, officer, other := cast.Join(t, d, "LM", 1), cast.Join(t, d, "WF", 2), cast.Join(t, d, "HJ", 3)
	task := mustIssueDraft(t, d, admin, spoken("报送总结", "school_committee", "2099-12-04")).Task
	day := func(text string) work.TaskPreview { return preview(t, d, admin, spoken("x", "王芳", text)) }
	task.Title = "报送年度总结"
	done, err := d.Correct(ctx, admin, task, day("2099-12-11").Due)
	if err != nil || done != (work.Corrected{Quietly: 2}) {
		t.Errorf("before anyone signed: %+v, %v", done, err)
	}
	first := assignmentsOf(t, d, task.ID)
	if first[0].Due != first[0].OriginalDue || first[0].Due.Date.Day != 11 {
		t.Errorf("the deadline is %v, at first %v", first[0].Due, first[0].OriginalDue)
	}
	if _, err := d.Accept(ctx, officer, first[0].ID); err != nil {
		t.Fatal(err)
	}
	done, err = d.Correct(ctx, other, task, day("2099-12-14").Due)
	if err != nil || done != (work.Corrected{Quietly: 1, Told: 1}) {
		t.Errorf("after one signed: %+v, %v", done, err)
	}
	after := assignmentsOf(t, d, task.ID)
	for _, a := range after {
		if a.Due.Date.Day != 14 || a.OriginalDue.Date.Day != 11 {
			t.Errorf("the deadline is %v, at first %v", a.Due, a.OriginalDue)
		}
	}
	if _, err := d.Correct(ctx, officer, task, after[0].Due); duban.CodeOf(err) != duban.NotAllowed {
		t.Errorf("the owner corrects: %v", err)
	}
}

func assignmentsOf(t *testing.T, d *work.Desk, task int64) []duban.Assignment {
	t.Helper()
	var all []duban.Assignment
	cast.Read(t, d, func(tx *store.Tx) (err error) {
		all, err = tx.AssignmentsOf(task)
		return err
	})
	return all
}

func TestAnImportInTheChatWaitsForApprovalToo(t *testing.T) {
	ctx := context.Background()
	d := cast.Open(t)
	d.Policy.ApproveIssue = true
	admin, leader := cast.Join(t, d, "LM", 1), cast.Join(t, d, "CGD", 2)
	rows := []work.TaskRow{{Line: 2, Code: "A-1", Title: "报送计划", Duty: "按模板报送", Units: "school_committee", Due: "2099-12-04",
		Evidence: duban.Evidence{Kind: duban.NoEvidence}, Priority: duban.Normal}}
	done, err := d.ImportTasks(ctx, admin, rows, work.ImportOptions{})
	if err != nil || done.Issued != 0 || done.Waiting != 2 {
		t.Fatalf("importing did %+v, %v", done, err)
	}
	rows[0].Due = "2099-12-05"
	if again, err := d.ImportTasks(ctx, admin, rows, work.ImportOptions{}); err != nil || len(again.Left) != 1 || again.Left[0].Reason != work.ItemPending {
		t.Errorf("importing again did %+v, %v", again, err)
	}
	var task duban.Task
	cast.Read(t, d, func(tx *store.Tx) (err error) {
		task, err = tx.TaskByCode("A-1")
		return err
	})
	if _, err := d.ApproveIssue(ctx, leader, openApproval(t, d, task.ID).ID); err != nil {
		t.Fatal(err)
	}
	if states := statesOf(t, d, task.ID); states[0] != duban.Issued || states[1] != duban.Issued {
		t.Errorf("after the approval the states are %v", states)
	}
}
