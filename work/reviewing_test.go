package work_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// pile is a city with enough schools for a sample, and one task issued to all of them.
type pile struct {
	*work.Desk
	t                    *testing.T
	admin, other, leader duban.Actor
	all                  []duban.Assignment
	messages             int64
}

func piled(t *testing.T, kind duban.EvidenceKind) *pile {
	t.Helper()
	d := cast.Open(t)
	rows, units := slices.Clone(cast.Roster), "市第五中学党委、实验小学党委"
	for i := range 10 {
		units += fmt.Sprintf("、第%d中学党委", 21+i)
		rows = append(rows, work.RosterRow{
			Line: 10 + i, Unit: fmt.Sprintf("第%d中学党委", 21+i), Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Name: fmt.Sprintf("张%d", i),
			Role: duban.Officer, Phone: fmt.Sprintf("+86199000001%02d", i), Code: fmt.Sprintf("Z%d", i),
		})
	}
	if r, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{}); err != nil || len(r.Problems) > 0 {
		t.Fatal(err, r.Problems)
	}
	p := &pile{Desk: d, t: t, admin: cast.Join(t, d, "LM", 1), other: cast.Join(t, d, "HJ", 2), leader: cast.Join(t, d, "CGD", 3)}
	row := without(kind, true)
	row.Units = units
	p.all = cast.Issue(t, d, duban.Console, row)
	if len(p.all) != 12 {
		t.Fatalf("%d schools", len(p.all))
	}
	return p
}

// hands hands in for the unit with a number, with so many files of its own, and keeps their bytes.
func (p *pile) hands(i, files int) duban.Submission {
	p.t.Helper()
	r := work.Report{Text: "已完成"}
	for range files {
		p.messages++
		r.Files = append(r.Files, duban.File{Kind: duban.DocumentFile, FileID: "f", UniqueID: fmt.Sprint("u", p.messages), ChatID: 9, MessageID: p.messages})
	}
	done, err := p.Submit(ctx, duban.Console, p.all[i].ID, r)
	if err != nil || done.Assignment.State != duban.Submitted {
		p.t.Fatalf("%+v %v", done, err)
	}
	p.keep(done.Submission.ID)
	return done.Submission
}

func (p *pile) keep(submission int64) {
	p.t.Helper()
	err := p.Store.Write(ctx, func(tx *store.Tx) error {
		files, err := tx.Files(submission)
		for _, f := range files {
			if err := tx.StoreFile(f.ID, f.UniqueID, []byte(f.UniqueID), 1); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *pile) read(submission int64) (sub duban.Submission, a duban.Assignment) {
	p.t.Helper()
	cast.Read(p.t, p.Desk, func(tx *store.Tx) (err error) {
		if sub, err = tx.Submission(submission); err != nil {
			return err
		}
		a, err = tx.Assignment(sub.AssignmentID)
		return err
	})
	return sub, a
}

// handsDrawn hands in for one unit after another until a submission is drawn for a look, and returns it with the others.
func (p *pile) handsDrawn() (drawn duban.Submission, others []duban.Submission) {
	p.t.Helper()
	for i := range p.all {
		sub := p.hands(i, 1)
		if sub, _ = p.read(sub.ID); sub.Sampled {
			return sub, others
		}
		others = append(others, sub)
	}
	p.t.Fatal("none of twelve is drawn")
	return drawn, others
}

func lastFacts(t *testing.T, d *work.Desk, assignment int64, event duban.Event) duban.Facts {
	t.Helper()
	var facts duban.Facts
	cast.Read(t, d, func(tx *store.Tx) error {
		entries, err := tx.RecordOf(assignment)
		for _, e := range entries {
			if e.Event == event {
				facts = e.Facts
			}
		}
		return err
	})
	if facts == nil {
		t.Fatalf("nothing is recorded of %s", event)
	}
	return facts
}

func TestSeveralAreAcceptedAtOnceButWhatIsFlaggedAndWhatOthersHaveDecided(t *testing.T) {
	p := piled(t, duban.TextEvidence)
	clean, decided, back := p.hands(0, 0), p.hands(1, 0), p.hands(2, 0)
	if _, err := p.Return(ctx, p.admin, back.ID, work.Comeback{Reason: "说明不具体"}); err != nil {
		t.Fatal(err)
	}
	again := p.hands(2, 0)
	copied := p.hands(3, 1)
	err := p.Store.Write(ctx, func(tx *store.Tx) error {
		files, err := tx.Files(copied.ID)
		if err != nil {
			return err
		}
		f := files[0]
		f.SubmissionID, f.MessageID = p.hands4(tx), 999
		_, err = tx.AddFile(f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Pass(ctx, p.other, decided.ID); err != nil {
		t.Fatal(err)
	}
	done, err := p.PassAll(ctx, p.admin, []int64{clean.ID, decided.ID, again.ID, copied.ID, 4711})
	if err != nil || !slices.Equal(done.Passed, []int64{clean.ID}) || !slices.Equal(done.Decided, []int64{decided.ID, 4711}) ||
		!slices.Equal(done.Left, []int64{again.ID, copied.ID}) {
		t.Fatalf("%+v %v", done, err)
	}
	for id, state := range map[int64]duban.State{clean.ID: duban.Closed, again.ID: duban.Submitted, copied.ID: duban.Submitted} {
		if _, a := p.read(id); a.State != state {
			t.Errorf("submission %d: %s, want %s", id, a.State, state)
		}
	}
}

// hands4 begins to collect for another unit, so that a file can be handed in there too.
func (p *pile) hands4(tx *store.Tx) int64 {
	id, err := tx.AddSubmission(duban.Submission{AssignmentID: p.all[4].ID, PersonID: p.all[4].OwnerID, State: duban.SubmissionWaits})
	if err != nil {
		p.t.Fatal(err)
	}
	return id
}

func TestAnUpdateThatComesTwiceAcceptsOnceAndSaysTheSame(t *testing.T) {
	p := piled(t, duban.TextEvidence)
	ids := []int64{p.hands(0, 0).ID, p.hands(1, 0).ID}
	who := p.admin
	err := p.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Receive(store.Update{UpdateID: 1, Lane: 1, Kind: "callback_query", Raw: []byte("{}")})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	who.Cause = 1
	for range 2 {
		done, err := p.PassAll(ctx, who, ids)
		if err != nil || len(done.Passed) != 2 || len(done.Decided) > 0 {
			t.Fatalf("%+v %v", done, err)
		}
	}
	if n := countKind(letters(t, p.Desk, duban.LaneAnswer), duban.NewsPassed); n != 2 {
		t.Errorf("%d are told", n)
	}
}

func TestWhoMayNotReviewAcceptsNothingOfSeveral(t *testing.T) {
	p := piled(t, duban.TextEvidence)
	officer := cast.Join(t, p.Desk, "WF", 5)
	sub := p.hands(0, 0)
	done, err := p.PassAll(ctx, officer, []int64{sub.ID})
	if _, a := p.read(sub.ID); err != nil || len(done.Passed) > 0 || a.State != duban.Submitted {
		t.Errorf("%+v %v, %s", done, err, a.State)
	}
}

func TestTheRecordSaysWhetherTheEvidenceOfWhatWasDrawnWasOpened(t *testing.T) {
	p := piled(t, duban.FileEvidence)
	sub, _ := p.handsDrawn()
	if done, err := p.PassAll(ctx, p.admin, []int64{sub.ID}); err != nil || len(done.Left) != 1 {
		t.Errorf("together with others: %+v %v", done, err)
	}
	for range 2 {
		if err := p.OpenEvidence(ctx, p.other, sub.ID); err != nil {
			t.Fatal(err)
		}
	}
	closed, err := p.Pass(ctx, p.other, sub.ID)
	if err != nil || closed.State != duban.Closed {
		t.Fatalf("%+v %v", closed, err)
	}
	wantRecord(t, p.Desk, closed.ID, duban.EventIssued, duban.EventAccepted, duban.EventSubmitted, duban.EventReviewedEvidence, duban.EventClosed)
	if facts := lastFacts(t, p.Desk, closed.ID, duban.EventClosed); facts["sampled"] != true || facts["not_looked"] != nil {
		t.Errorf("recorded as %v", facts)
	}
	if after, _ := p.read(sub.ID); after.LookedAt.IsZero() {
		t.Error("nobody has looked")
	}
}

func TestThatSomebodyElseHasLookedDoesNotCount(t *testing.T) {
	p := piled(t, duban.FileEvidence)
	sub, _ := p.handsDrawn()
	if err := p.OpenEvidence(ctx, p.other, sub.ID); err != nil {
		t.Fatal(err)
	}
	closed, err := p.Pass(ctx, p.admin, sub.ID)
	if err != nil {
		t.Fatal(err)
	}
	if facts := lastFacts(t, p.Desk, closed.ID, duban.EventClosed); facts["sampled"] != true || facts["not_looked"] != true {
		t.Errorf("recorded as %v", facts)
	}
}

func TestWhatWasDrawnMayBeReturnedWithoutOpeningIt(t *testing.T) {
	p := piled(t, duban.FileEvidence)
	sub, _ := p.handsDrawn()
	if a, err := p.Return(ctx, p.admin, sub.ID, work.Comeback{Reason: "请重新上报"}); err != nil || a.State != duban.Returned {
		t.Errorf("%+v %v", a, err)
	}
}

func TestWhatIsAddedHasToBeOpenedToo(t *testing.T) {
	p := piled(t, duban.FileEvidence)
	sub, _ := p.handsDrawn()
	if err := p.OpenEvidence(ctx, p.admin, sub.ID); err != nil {
		t.Fatal(err)
	}
	more := work.Report{Files: []duban.File{{Kind: duban.DocumentFile, FileID: "f", UniqueID: "more", ChatID: 9, MessageID: 888}}}
	if done, err := p.Submit(ctx, duban.Console, sub.AssignmentID, more); err != nil || !done.Added {
		t.Fatalf("%+v %v", done, err)
	}
	if after, _ := p.read(sub.ID); !after.Sampled || !after.LookedAt.IsZero() {
		t.Errorf("after it: %+v", after)
	}
	closed, err := p.Pass(ctx, p.admin, sub.ID)
	if err != nil {
		t.Fatal(err)
	}
	if facts := lastFacts(t, p.Desk, closed.ID, duban.EventClosed); facts["not_looked"] != true {
		t.Errorf("recorded as %v", facts)
	}
}

func TestOnlyAReviewerOpensEvidenceForTheRecord(t *testing.T) {
	p := piled(t, duban.FileEvidence)
	officer := cast.Join(t, p.Desk, "WF", 5)
	sub := p.hands(0, 1)
	if err := p.OpenEvidence(ctx, officer, sub.ID); err != nil {
		t.Fatal(err)
	}
	if after, _ := p.read(sub.ID); !after.LookedAt.IsZero() {
		t.Error("the owner has looked")
	}
}

func TestAHandfulIsNotSampled(t *testing.T) {
	d := cast.Open(t)
	owner := cast.Join(t, d, "WF", 5)
	cast.Join(t, d, "LM", 1)
	for i := range 30 {
		row := summary
		row.Code = fmt.Sprint("T-", i)
		a := cast.Issue(t, d, duban.Console, row)[0]
		done, err := d.Submit(ctx, owner, a.ID, work.Report{Files: []duban.File{photo(int64(i))}})
		if err != nil || done.Submission.Sampled {
			t.Fatalf("%+v %v", done.Submission, err)
		}
	}
}

func TestAReturnMayGiveMoreTimeAndKeepsTheOldDeadline(t *testing.T) {
	h := issued(t, "市第五中学党委")
	done, err := h.Submit(ctx, h.officer, h.a.ID, work.Report{})
	if err != nil {
		t.Fatal(err)
	}
	id, old := done.Submission.ID, h.read().Due
	if _, err := h.ReturnUntil(ctx, h.admin, id, h.later(1)); duban.CodeOf(err) != duban.WrongState {
		t.Errorf("before it is returned: %v", err)
	}
	if a, err := h.Return(ctx, h.admin, id, work.Comeback{Reason: "格式不规范"}); err != nil || a.Due != old {
		t.Fatalf("returned: %+v %v", a, err)
	}
	for due, code := range map[calendar.Due]duban.Code{
		old: duban.AlreadyDone, {Date: old.Date.Add(-1)}: duban.NotLater, {}: duban.NoDeadline, h.later(duban.FarExtension + 1): duban.NotAllowed,
	} {
		_, err := h.ReturnUntil(ctx, h.admin, id, due)
		wantCode(t, err, code)
	}
	_, err = h.ReturnUntil(ctx, h.secretary, id, h.later(1))
	wantCode(t, err, duban.NotAllowed)
	a, err := h.ReturnUntil(ctx, h.admin, id, h.later(1))
	if err != nil || a.OriginalDue != old || a.Due == old || a.Extensions != 0 || a.State != duban.Returned {
		t.Fatalf("with more time: %+v %v", a, err)
	}
	h.wantTold(duban.NewsChanged, h.officer)
	if facts := lastFacts(t, h.Desk, a.ID, duban.EventDeadlineChanged); facts["from"] != old.Date.String() || facts["reason"] != "returned" {
		t.Errorf("recorded as %v", facts)
	}
	if a, err = h.ReturnUntil(ctx, h.leader, id, h.later(20)); err != nil {
		t.Errorf("a leader: %+v %v", a, err)
	}
	if _, err := h.Submit(ctx, h.officer, h.a.ID, work.Report{}); err != nil {
		t.Fatal(err)
	}
	_, err = h.ReturnUntil(ctx, h.admin, id, h.later(1))
	wantCode(t, err, duban.WrongState)
}

func TestAReturnWithADeadlineMovesItAtOnce(t *testing.T) {
	h := issued(t, "市第五中学党委")
	done, err := h.Submit(ctx, h.officer, h.a.ID, work.Report{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Return(ctx, h.admin, done.Submission.ID, work.Comeback{Reason: "格式不规范", Due: calendar.Due{Date: h.read().Due.Date.Add(-1)}})
	wantCode(t, err, duban.NotLater)
	due := h.later(2)
	a, err := h.Return(ctx, h.admin, done.Submission.ID, work.Comeback{Reason: "格式不规范", Due: due})
	if err != nil || a.Due != due || a.OriginalDue == due || a.Returns != 1 {
		t.Fatalf("%+v %v", a, err)
	}
}

func TestALateReviewCostsTheUnitNothing(t *testing.T) {
	d := cast.Open(t)
	admin, owner := cast.Join(t, d, "LM", 1), cast.Join(t, d, "WF", 5)
	at := func(day, hour int) *work.Desk { return d.Past(time.Date(2030, 12, day, hour, 0, 0, 0, cast.Shanghai)) }
	row := without(duban.NoEvidence, true)
	row.Due = "2030-12-05"
	a := cast.Issue(t, at(2, 9), admin, row)[0]
	done, err := at(4, 9).Submit(ctx, owner, a.ID, work.Report{})
	if err != nil {
		t.Fatal(err)
	}
	back, err := at(12, 9).Return(ctx, admin, done.Submission.ID, work.Comeback{Reason: "格式不规范"})
	if want := (calendar.Date{Year: 2030, Month: 12, Day: 13}); err != nil || back.Due.Date != want || back.OriginalDue.Date.Day != 5 {
		t.Fatalf("due %v, was %v, %v", back.Due, back.OriginalDue, err)
	}
	if facts := lastFacts(t, d, a.ID, duban.EventReturned); facts["review_days"] != 6.0 || facts["reviewer_late"] != 3.0 {
		t.Errorf("recorded as %v", facts)
	}
	done, err = at(13, 15).Submit(ctx, owner, a.ID, work.Report{})
	if err != nil {
		t.Fatal(err)
	}
	closed, err := at(27, 9).Pass(ctx, admin, done.Submission.ID)
	if err != nil || duban.DaysEarly(closed, d.Calendar) != 0 {
		t.Fatalf("%+v %v", closed, err)
	}
	if facts := lastFacts(t, d, a.ID, duban.EventClosed); facts["days_early"] != 0.0 || facts["reviewer_late"] != 7.0 {
		t.Errorf("recorded as %v", facts)
	}
}

func TestAQuestionAndAnObjectionToOneSubmissionLeaveItWhereItIs(t *testing.T) {
	h := issued(t, "市第五中学党委")
	done, err := h.Submit(ctx, h.officer, h.a.ID, work.Report{Text: "已完成"})
	if err != nil {
		t.Fatal(err)
	}
	id := done.Submission.ID
	if _, err := h.FollowUp(ctx, h.admin, id, "  "); duban.CodeOf(err) != duban.ReasonNeeded {
		t.Errorf("without words: %v", err)
	}
	_, err = h.FollowUp(ctx, h.secretary, id, "盖章了吗？")
	wantCode(t, err, duban.NotAllowed)
	if owner, err := h.FollowUp(ctx, h.admin, id, "盖章了吗？"); err != nil || owner.ID != h.officer.PersonID {
		t.Fatalf("%+v %v", owner, err)
	}
	h.wantTold(duban.NewsQuestion, h.officer)
	if err := h.Answer(ctx, h.officer, h.a.ID, h.admin.PersonID, "已盖章"); err != nil {
		t.Fatal(err)
	}
	h.wantTold(duban.NewsReply, h.admin)
	if a := h.read(); a.State != duban.Submitted {
		t.Fatalf("asked and answered: %+v", a)
	}
	if _, err := h.Return(ctx, h.admin, id, work.Comeback{Reason: "格式不规范"}); err != nil {
		t.Fatal(err)
	}
	_, err = h.FollowUp(ctx, h.admin, id, "为什么？")
	wantCode(t, err, duban.WrongState)
	r, err := h.Object(ctx, h.officer, h.a.ID, "格式与模板一致")
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.ReturnUntil(ctx, h.admin, id, h.later(1))
	wantCode(t, err, duban.PendingRequest)
	if _, err = h.Grant(ctx, h.other, r.ID, work.Grant{}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.FollowUp(ctx, h.other, id, "第二页在哪里？"); err != nil {
		t.Fatal(err)
	}
	if a, err := h.Return(ctx, h.other, id, work.Comeback{Reason: "缺第二页"}); err != nil || a.State != duban.Returned {
		t.Fatalf("returned again: %+v %v", a, err)
	}
	if n := countKind(letters(t, h.Desk, duban.LaneAnswer), duban.NewsReturned); n != 2 {
		t.Errorf("the owner is told of %d of two returns", n)
	}
	wantRecord(t, h.Desk, h.a.ID, duban.EventIssued, duban.EventAccepted, duban.EventSubmitted, duban.EventAsked, duban.EventAnswered,
		duban.EventReturned, duban.EventObjected, duban.EventObjectionAnswered, duban.EventAsked, duban.EventReturned)
}

func TestEveryCardOfASubmissionIsRefreshedWhereverItWasOpened(t *testing.T) {
	h := issued(t, "市第五中学党委")
	done, err := h.Submit(ctx, h.officer, h.a.ID, work.Report{})
	if err != nil {
		t.Fatal(err)
	}
	id := done.Submission.ID
	h.wantTold(duban.NewsReview, h.admin)
	err = h.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.SaveCard(store.Card{Subject: work.ReviewSubject(id), PersonID: h.leader.PersonID, ChatID: 3, MessageID: 30})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Withdraw(ctx, h.officer, h.a.ID); err != nil {
		t.Fatal(err)
	}
	h.wantTold(duban.NewsReview, h.admin, h.leader)
}
