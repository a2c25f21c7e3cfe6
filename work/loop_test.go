package work_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

var ctx = context.Background()

var summary = work.TaskRow{
	Line: 2, Code: "T-01", Title: "报送年度总结", Duty: "按模板报送年度党建工作总结", Units: "市第五中学党委", Due: "2030-12-05", Review: true,
	Evidence: duban.Evidence{Kind: duban.FileEvidence},
}

func without(kind duban.EvidenceKind, review bool) work.TaskRow {
	row := summary
	row.Evidence.Kind, row.Review = kind, review
	return row
}

func photo(message int64) duban.File {
	return duban.File{Kind: duban.PhotoFile, FileID: "f", UniqueID: "u", ChatID: 5, MessageID: message}
}

func wantCode(t *testing.T, err error, code duban.Code) {
	t.Helper()
	if duban.CodeOf(err) != code {
		t.Fatalf("got %v, want %s", err, code)
	}
}

func letters(t *testing.T, d *work.Desk, lane duban.Lane) (all []duban.Letter) {
	t.Helper()
	cast.Read(t, d, func(tx *store.Tx) (err error) {
		tx.Now = tx.Now.Add(time.Hour)
		all, err = tx.ReadyLetters(lane, time.Unix(0, 0), 0, 1000)
		return err
	})
	return all
}

func countKind(all []duban.Letter, kind duban.NewsKind) int {
	n := 0
	for _, l := range all {
		if l.Kind == kind {
			n++
		}
	}
	return n
}

func TestTheLoopFromIssueToClose(t *testing.T) {
	d := cast.Open(t)
	admin, owner := cast.Join(t, d, "LM", 1), cast.Join(t, d, "WF", 5)
	a := cast.Issue(t, d, admin, summary)[0]
	if a.State != duban.Issued || a.OwnerID != owner.PersonID || a.OriginalDue.Date != a.Due.Date {
		t.Fatalf("issued: %+v", a)
	}
	if _, err := d.Accept(ctx, owner, a.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Progress(ctx, owner, a.ID, 40, "材料在补"); err != nil {
		t.Fatal(err)
	}
	done, err := d.Submit(ctx, owner, a.ID, work.Report{Text: "请审"})
	if err != nil || done.Missing != duban.FileMissing || done.Assignment.State != duban.Accepted {
		t.Fatalf("text alone: %+v %v", done, err)
	}
	done, err = d.Submit(ctx, owner, a.ID, work.Report{Files: []duban.File{photo(1)}})
	if err != nil || done.Missing != "" || done.Assignment.State != duban.Submitted || done.Submission.Text != "请审" {
		t.Fatalf("with a photo: %+v %v", done, err)
	}
	if _, err := d.Return(ctx, admin, done.Submission.ID, work.Comeback{Reason: "  "}); duban.CodeOf(err) != duban.ReasonNeeded {
		t.Fatalf("returned without a reason: %v", err)
	}
	back, err := d.Return(ctx, admin, done.Submission.ID, work.Comeback{Reason: "缺盖章"})
	if err != nil || back.State != duban.Returned || back.Returns != 1 {
		t.Fatalf("returned: %+v %v", back, err)
	}
	done, err = d.Submit(ctx, owner, a.ID, work.Report{Files: []duban.File{photo(2)}})
	if err != nil || done.Assignment.State != duban.Submitted || done.Files != 1 {
		t.Fatalf("again: %+v %v", done, err)
	}
	closed, err := d.Pass(ctx, admin, done.Submission.ID)
	if err != nil || closed.State != duban.Closed || !closed.NextAction.IsZero() {
		t.Fatalf("passed: %+v %v", closed, err)
	}
	wantRecord(t, d, a.ID, duban.EventIssued, duban.EventAccepted, duban.EventProgress, duban.EventSubmitted, duban.EventReturned,
		duban.EventSubmitted, duban.EventClosed)
}

func wantRecord(t *testing.T, d *work.Desk, assignment int64, want ...duban.Event) {
	t.Helper()
	var got []duban.Event
	cast.Read(t, d, func(tx *store.Tx) error {
		entries, err := tx.RecordOf(assignment)
		for _, e := range entries {
			got = append(got, e.Event)
		}
		if _, _, err := tx.Verify(); err != nil {
			return err
		}
		return err
	})
	if len(got) != len(want) {
		t.Fatalf("record %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("record %v, want %v", got, want)
		}
	}
}

func TestOneTapFinishesWhatNeedsNoEvidenceAndNoReviewAndCanBeTakenBack(t *testing.T) {
	d := cast.Open(t)
	owner := cast.Join(t, d, "WF", 5)
	a := cast.Issue(t, d, duban.Console, without(duban.NoEvidence, false))[0]
	done, err := d.Submit(ctx, owner, a.ID, work.Report{})
	if err != nil || done.Assignment.State != duban.Closed || done.Assignment.AcceptedAt.IsZero() {
		t.Fatalf("one tap: %+v %v", done, err)
	}
	back, err := d.Withdraw(ctx, owner, a.ID)
	if err != nil || back.State != duban.Accepted || !back.SubmittedAt.IsZero() {
		t.Fatalf("taken back: %+v %v", back, err)
	}
	if back.NextAction.IsZero() {
		t.Fatal("the ladder does not start again")
	}
	_, err = d.Withdraw(ctx, owner, a.ID)
	wantCode(t, err, duban.AlreadyDone)
}

func TestASubmissionCanBeTakenBackForTenMinutesAndNotAfterReview(t *testing.T) {
	d := cast.Open(t)
	owner, admin := cast.Join(t, d, "WF", 5), cast.Join(t, d, "LM", 1)
	a := cast.Issue(t, d, admin, without(duban.NoEvidence, true))[0]
	begin := time.Now()
	done, err := d.Past(begin).Submit(ctx, owner, a.ID, work.Report{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Past(begin.Add(11*time.Minute)).Withdraw(ctx, owner, a.ID)
	wantCode(t, err, duban.TooLate)
	if _, err := d.Pass(ctx, admin, done.Submission.ID); err != nil {
		t.Fatal(err)
	}
	_, err = d.Past(begin.Add(time.Minute)).Withdraw(ctx, owner, a.ID)
	wantCode(t, err, duban.TooLate)
}

func TestSubmittingTwiceTellsTheReviewerOnce(t *testing.T) {
	d := cast.Open(t)
	owner, admin := cast.Join(t, d, "WF", 5), cast.Join(t, d, "LM", 1)
	a := cast.Issue(t, d, admin, without(duban.NoEvidence, true))[0]
	if _, err := d.Submit(ctx, owner, a.ID, work.Report{}); err != nil {
		t.Fatal(err)
	}
	_, err := d.Submit(ctx, owner, a.ID, work.Report{})
	wantCode(t, err, duban.AlreadyDone)
	if n := countKind(letters(t, d, duban.LaneAnswer), duban.NewsReview); n != 1 {
		t.Fatalf("%d review cards", n)
	}
}

func TestWhatComesWithinTenMinutesIsAddedToTheSubmission(t *testing.T) {
	d := cast.Open(t)
	owner := cast.Join(t, d, "WF", 5)
	a := cast.Issue(t, d, duban.Console, summary)[0]
	begin := time.Now()
	first, err := d.Past(begin).Submit(ctx, owner, a.ID, work.Report{Files: []duban.File{photo(1)}})
	if err != nil {
		t.Fatal(err)
	}
	second, err := d.Past(begin.Add(9*time.Minute)).Submit(ctx, owner, a.ID, work.Report{Files: []duban.File{photo(2)}})
	if err != nil || !second.Added || second.Files != 2 || second.Submission.ID != first.Submission.ID {
		t.Fatalf("added: %+v %v", second, err)
	}
	_, err = d.Past(begin.Add(11*time.Minute)).Submit(ctx, owner, a.ID, work.Report{Files: []duban.File{photo(3)}})
	wantCode(t, err, duban.AlreadyDone)
}

func TestACauseTakesEffectOnce(t *testing.T) {
	d := cast.Open(t)
	owner := cast.Join(t, d, "WF", 5)
	a := cast.Issue(t, d, duban.Console, summary)[0]
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Receive(store.Update{UpdateID: 7, Lane: 5, Kind: "message", Raw: []byte("{}")})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	owner.Cause = 1
	if _, err := d.Progress(ctx, owner, a.ID, 10, "在办"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Progress(ctx, owner, a.ID, 10, "在办"); !errors.Is(err, duban.ErrRepeated) {
		t.Fatalf("twice: %v", err)
	}
	wantRecord(t, d, a.ID, duban.EventIssued, duban.EventAccepted, duban.EventProgress)
}

func TestNobodyElseMayAct(t *testing.T) {
	d := cast.Open(t)
	owner, other, secretary := cast.Join(t, d, "WF", 5), cast.Join(t, d, "ZM", 8), cast.Join(t, d, "ZG", 4)
	admin := cast.Join(t, d, "LM", 1)
	a := cast.Issue(t, d, admin, without(duban.NoEvidence, true))[0]
	_, err := d.Accept(ctx, other, a.ID)
	wantCode(t, err, duban.NotAllowed)
	if _, err := d.Accept(ctx, secretary, a.ID); err != nil {
		t.Fatal("the secretary may sign on behalf:", err)
	}
	done, err := d.Submit(ctx, owner, a.ID, work.Report{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Pass(ctx, owner, done.Submission.ID)
	wantCode(t, err, duban.NotAllowed)
	_, err = d.Pass(ctx, secretary, done.Submission.ID)
	wantCode(t, err, duban.NotAllowed)
	if err := d.Revoke(ctx, admin, owner.PersonID); err != nil {
		t.Fatal(err)
	}
	_, err = d.Withdraw(ctx, owner, a.ID)
	wantCode(t, err, duban.NotBound)
}

func TestTheFirstDecisionCounts(t *testing.T) {
	d := cast.Open(t)
	owner, first, second := cast.Join(t, d, "WF", 5), cast.Join(t, d, "LM", 1), cast.Join(t, d, "HJ", 2)
	a := cast.Issue(t, d, duban.Console, without(duban.NoEvidence, true))[0]
	done, err := d.Submit(ctx, owner, a.ID, work.Report{})
	if err != nil {
		t.Fatal(err)
	}
	if n := countKind(letters(t, d, duban.LaneAnswer), duban.NewsReview); n != 2 {
		t.Fatalf("%d administrators are asked", n)
	}
	if _, err := d.Pass(ctx, first, done.Submission.ID); err != nil {
		t.Fatal(err)
	}
	_, err = d.Return(ctx, second, done.Submission.ID, work.Comeback{Reason: "不行"})
	wantCode(t, err, duban.AlreadyDone)
}

func TestWhatIsTakenBackIsWhereItWasBefore(t *testing.T) {
	o := openOffice(t)
	id := o.issue("T-1").ID
	submit := func() int64 { return must(o.desk.Submit(ctx, o.who["WF"], id, work.Report{})).Submission.ID }
	takenBack := func(want duban.State) {
		t.Helper()
		if a := must(o.desk.Withdraw(ctx, o.who["WF"], id)); a.State != want {
			t.Errorf("taken back: %s, want %s", a.State, want)
		}
	}
	must(o.desk.Return(ctx, o.who["LM"], submit(), work.Comeback{Reason: "缺公章"}))
	submit()
	takenBack(duban.Returned)
	must(o.desk.Pass(ctx, o.who["LM"], submit()))
	must(o.desk.Reopen(ctx, o.who["LM"], id, "抽查不符", calendar.Due{}))
	submit()
	takenBack(duban.Accepted)
}
