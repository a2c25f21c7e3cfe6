package work_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// office is the cast joined, on a desk whose instant the test sets: Monday, 23 November 2026, 9:00 in Shanghai to begin with.
type office struct {
	t    *testing.T
	desk *work.Desk
	who  map[string]duban.Actor
}

func openOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, desk: cast.Open(t), who: map[string]duban.Actor{}}
	for i, code := range []string{"LM", "HJ", "CGD", "ZG", "WF", "LY", "SL", "ZM"} {
		o.who[code] = cast.Join(t, o.desk, code, int64(100+i))
	}
	o.at("2026-11-23 09:00")
	return o
}

func (o *office) at(moment string) {
	o.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", moment, cast.Shanghai)
	if err != nil {
		o.t.Fatal(err)
	}
	o.desk.At = at
}

// issue issues one item to 王芳 of 市第五中学党委, due on 4 December 2026.
func (o *office) issue(code string) duban.Assignment {
	o.t.Helper()
	return cast.Issue(o.t, o.desk, duban.Console, work.TaskRow{
		Code: code, Title: "报送总结", Duty: "按模板报送", Units: "市第五中学党委", Due: "2026-12-04", Review: true,
	})[0]
}

func (o *office) person(code string) int64 { return o.who[code].PersonID }

func (o *office) assignment(id int64) duban.Assignment {
	var a duban.Assignment
	cast.Read(o.t, o.desk, func(tx *store.Tx) (err error) {
		a, err = tx.Assignment(id)
		return err
	})
	return a
}

func (o *office) entries(id int64, event duban.Event) []duban.Entry {
	var found []duban.Entry
	cast.Read(o.t, o.desk, func(tx *store.Tx) error {
		all, err := tx.RecordOf(id)
		for _, e := range all {
			if e.Event == event {
				found = append(found, e)
			}
		}
		return err
	})
	return found
}

// told reports whether somebody is told what was done to an assignment at a moment.
func (o *office) told(code string, event duban.Event, assignment int64, moment time.Time) bool {
	key := "steered:" + string(event) + ":" + fmtID(assignment) + ":" + fmtID(o.person(code)) + ":" + fmtID(moment.UnixMilli())
	ok := false
	cast.Read(o.t, o.desk, func(tx *store.Tx) error {
		_, err := tx.LetterByKey(key)
		ok = err == nil
		return nil
	})
	return ok
}

func wantRefused(t *testing.T, what string, err error, want duban.Code) {
	t.Helper()
	if got := duban.CodeOf(err); got != want {
		t.Errorf("%s: %q (%v), want %q", what, got, err, want)
	}
}

// TestWhoMaySteer walks every verb of those who steer by everybody of the cast, on an item of the own school and of a foreign one.
func TestWhoMaySteer(t *testing.T) {
	ctx := context.Background()
	later := calendar.Due{Date: calendar.Date{Year: 2026, Month: 12, Day: 8}}
	far := calendar.Due{Date: calendar.Date{Year: 2026, Month: 12, Day: 31}}
	verbs := map[string]struct {
		prepare func(o *office, id int64)
		do      func(o *office, who duban.Actor, id int64) error
		may     string
	}{
		"reassign": {nil, func(o *office, who duban.Actor, id int64) error {
			_, err := o.desk.Reassign(ctx, who, id, o.person("ZG"), "")
			return err
		}, "LM HJ ZG"},
		"suspend": {nil, func(o *office, who duban.Actor, id int64) error {
			_, err := o.desk.Suspend(ctx, who, id, "上级另有安排")
			return err
		}, "CGD"},
		"resume": {func(o *office, id int64) { must(o.desk.Suspend(ctx, duban.Console, id, "x")) }, func(o *office, who duban.Actor, id int64) error {
			_, err := o.desk.Resume(ctx, who, id, calendar.Due{})
			return err
		}, "CGD"},
		"cancel": {nil, func(o *office, who duban.Actor, id int64) error {
			_, err := o.desk.Cancel(ctx, who, id, "重复交办")
			return err
		}, "LM HJ CGD"},
		"reopen": {closed, func(o *office, who duban.Actor, id int64) error {
			_, err := o.desk.Reopen(ctx, who, id, "抽查", calendar.Due{})
			return err
		}, "LM HJ CGD"},
		"archive": {closed, func(o *office, who duban.Actor, id int64) error {
			_, err := o.desk.Archive(ctx, who, id)
			return err
		}, "LM HJ"},
		"remark": {nil, func(o *office, who duban.Actor, id int64) error {
			_, err := o.desk.Remark(ctx, who, id, "请抓紧")
			return err
		}, "CGD"},
		"urge": {nil, func(o *office, who duban.Actor, id int64) error {
			_, err := o.desk.Urge(ctx, who, id, "")
			return err
		}, "LM HJ CGD ZG"},
		"inquire": {nil, func(o *office, who duban.Actor, id int64) error {
			_, err := o.desk.Inquire(ctx, who, id, "为什么")
			return err
		}, "LM HJ CGD ZG"},
		"deadline": {nil, func(o *office, who duban.Actor, id int64) error {
			_, err := o.desk.SetDeadline(ctx, who, id, later, "材料较多")
			return err
		}, "LM HJ CGD"},
		"far deadline": {nil, func(o *office, who duban.Actor, id int64) error {
			_, err := o.desk.SetDeadline(ctx, who, id, far, "材料较多")
			return err
		}, "CGD"},
	}
	for name, verb := range verbs {
		t.Run(name, func(t *testing.T) {
			o, n := openOffice(t), 0
			for code, who := range o.who {
				n++
				id := o.issue("T-" + fmtID(int64(n))).ID
				if verb.prepare != nil {
					verb.prepare(o, id)
				}
				want := duban.NotAllowed
				if has(verb.may, code) {
					want = ""
				}
				wantRefused(t, code, verb.do(o, who, id), want)
			}
		})
	}
}

func has(codes, code string) bool {
	for _, c := range strings.Fields(codes) {
		if c == code {
			return true
		}
	}
	return false
}

func closed(o *office, id int64) {
	ctx := context.Background()
	done := must(o.desk.Submit(ctx, o.who["WF"], id, work.Report{}))
	must(o.desk.Pass(ctx, o.who["LM"], done.Submission.ID))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestANewOwnerSignsAnewAndWhatWasSubmittedStays(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	signed, submitted := o.issue("T-1").ID, o.issue("T-2").ID
	must(o.desk.Accept(ctx, o.who["WF"], signed))
	must(o.desk.Submit(ctx, o.who["WF"], submitted, work.Report{}))
	a := must(o.desk.Reassign(ctx, o.who["LM"], signed, o.person("ZG"), "王芳外出学习"))
	if a.OwnerID != o.person("ZG") || a.State != duban.Issued || !a.AcceptedAt.IsZero() {
		t.Errorf("after giving on what was signed: %+v", a)
	}
	b := must(o.desk.Reassign(ctx, o.who["LM"], submitted, o.person("ZG"), ""))
	if b.State != duban.Submitted || b.SubmittedAt.IsZero() {
		t.Errorf("after giving on what was submitted: %+v", b)
	}
	if !o.told("WF", duban.EventReassigned, signed, o.desk.At) {
		t.Error("the old owner was not told")
	}
	_, err := o.desk.Reassign(ctx, o.who["LM"], signed, o.person("ZG"), "")
	wantRefused(t, "to the same", err, duban.HasItAlready)
	_, err = o.desk.Reassign(ctx, o.who["LM"], signed, o.person("ZM"), "")
	wantRefused(t, "to another school", err, duban.NotFound)
	entries := o.entries(signed, duban.EventReassigned)
	if len(entries) != 1 || entries[0].Note != "王芳外出学习" {
		t.Errorf("recorded: %+v", entries)
	}
}

func TestTheClockStandsWhileAnItemIsSuspended(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	id := o.issue("T-1").ID
	must(o.desk.Accept(ctx, o.who["WF"], id))
	_, err := o.desk.Suspend(ctx, o.who["CGD"], id, "  ")
	wantRefused(t, "without a reason", err, duban.ReasonNeeded)
	a := must(o.desk.Suspend(ctx, o.who["CGD"], id, "上级另有安排"))
	if a.State != duban.Suspended || a.Before != duban.Accepted || !a.NextAction.IsZero() {
		t.Errorf("suspended: %+v", a)
	}
	_, err = o.desk.Submit(ctx, o.who["WF"], id, work.Report{})
	wantRefused(t, "submitting while it stands", err, duban.WrongState)
	_, err = o.desk.Suspend(ctx, o.who["CGD"], id, "再次")
	wantRefused(t, "suspending twice", err, duban.AlreadyDone)
	o.at("2026-11-30 10:00")
	a = must(o.desk.Resume(ctx, o.who["CGD"], id, calendar.Due{}))
	if got := a.Due.Date.String(); got != "2026-12-11" || a.State != duban.Accepted || a.Extensions != 0 || a.OriginalDue.Date.String() != "2026-12-04" {
		t.Errorf("resumed: due %s, state %s, %d extensions, originally %s", got, a.State, a.Extensions, a.OriginalDue.Date)
	}
	changes := o.entries(id, duban.EventDeadlineChanged)
	if len(changes) != 1 || changes[0].Facts["reason"] != "suspended" {
		t.Errorf("recorded: %+v", changes)
	}
	for _, code := range []string{"WF", "ZG"} {
		if !o.told(code, duban.EventResumed, id, o.desk.At) {
			t.Errorf("%s was not told", code)
		}
	}
}

func TestWhatWasSubmittedLateStaysLateAfterASuspension(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	id := o.issue("T-1").ID
	o.at("2026-12-08 10:00")
	must(o.desk.Submit(ctx, o.who["WF"], id, work.Report{}))
	must(o.desk.Suspend(ctx, o.who["CGD"], id, "上级另有安排"))
	o.at("2026-12-15 10:00")
	a := must(o.desk.Resume(ctx, o.who["CGD"], id, calendar.Due{}))
	if a.State != duban.Submitted || a.Due.Date.String() != "2026-12-04" || duban.DaysEarly(a, o.desk.Calendar) != -2 {
		t.Errorf("resumed: %s, due %s, %d days early", a.State, a.Due.Date, duban.DaysEarly(a, o.desk.Calendar))
	}
}

func TestSuspendingTakesBackWhatTheUnitAskedFor(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	id := o.issue("T-1").ID
	err := o.desk.Store.WriteAt(ctx, o.desk.At, func(tx *store.Tx) error {
		_, err := tx.AddRequest(duban.Request{Kind: duban.AskExtension, AssignmentID: id, AskerID: o.person("WF"), State: duban.Asked, Needs: duban.SeatAdmin, Reason: "材料较多"})
		if err != nil {
			return err
		}
		_, err = tx.AddEscalation(id, 3, "通报单")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	a := must(o.desk.Suspend(ctx, o.who["CGD"], id, "上级另有安排"))
	cast.Read(t, o.desk, func(tx *store.Tx) error {
		all, err := tx.RequestsOf(id)
		if len(all) != 1 || all[0].State != duban.Retracted || !a.RequestedAt.IsZero() {
			t.Errorf("requests: %+v", all)
		}
		notices, err2 := tx.EscalationsOf(id)
		if len(notices) != 1 || notices[0].State != duban.EscalationDropped {
			t.Errorf("notices: %+v", notices)
		}
		return errors.Join(err, err2)
	})
}

func TestCancellingTellsEverybodyWhoHasReceivedIt(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	all := cast.Issue(t, o.desk, duban.Console, work.TaskRow{Code: "T-1", Title: "报送总结", Duty: "按模板报送", Units: "市第五中学党委、实验小学党委", Due: "2026-12-04", Review: true})
	must(o.desk.Submit(ctx, o.who["WF"], all[0].ID, work.Report{}))
	cancelled := must(o.desk.CancelTask(ctx, o.who["LM"], all[0].TaskID, "重复交办"))
	if len(cancelled) != 2 || cancelled[0].State != duban.CalledOff || cancelled[1].State != duban.CalledOff {
		t.Fatalf("cancelled: %+v", cancelled)
	}
	for code, id := range map[string]int64{"WF": all[0].ID, "ZG": all[0].ID, "HJ": all[0].ID, "ZM": all[1].ID, "SL": all[1].ID} {
		if !o.told(code, duban.EventCancelled, id, o.desk.At) {
			t.Errorf("%s was not told", code)
		}
	}
	if o.told("LM", duban.EventCancelled, all[0].ID, o.desk.At) {
		t.Error("whoever cancelled it was told too")
	}
	_, err := o.desk.CancelTask(ctx, o.who["LM"], all[0].TaskID, "再次")
	wantRefused(t, "again", err, duban.NothingToDo)
	_, err = o.desk.Cancel(ctx, o.who["LM"], all[0].ID, "再次")
	wantRefused(t, "one again", err, duban.AlreadyDone)
}

func TestReopeningWhatIsOverGivesThreeWorkingDays(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	early, late := o.issue("T-1").ID, o.issue("T-2").ID
	closed(o, early)
	closed(o, late)
	a := must(o.desk.Reopen(ctx, o.who["LM"], early, "抽查", calendar.Due{}))
	if a.Due.Date.String() != "2026-12-04" || a.State != duban.Accepted || !a.SubmittedAt.IsZero() || !a.ClosedAt.IsZero() {
		t.Errorf("before the deadline: %+v", a)
	}
	o.at("2026-12-10 10:00")
	past := calendar.Due{Date: calendar.Date{Year: 2026, Month: 12, Day: 9}}
	_, err := o.desk.Reopen(ctx, o.who["LM"], late, "抽查", past)
	wantRefused(t, "with a deadline that is over", err, duban.DuePast)
	b := must(o.desk.Reopen(ctx, o.who["LM"], late, "抽查", calendar.Due{}))
	if b.Due.Date.String() != "2026-12-15" || b.OriginalDue.Date.String() != "2026-12-04" {
		t.Errorf("after the deadline: due %s, originally %s", b.Due.Date, b.OriginalDue.Date)
	}
}

func TestAReopenedItemWhoseOwnerHasLeftGoesToTheSuccessor(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	id := o.issue("T-1").ID
	closed(o, id)
	err := o.desk.Store.Write(ctx, func(tx *store.Tx) error {
		posts, err := tx.Posts(o.person("WF"))
		if err != nil {
			return err
		}
		return tx.EndPost(posts[0].ID)
	})
	if err != nil {
		t.Fatal(err)
	}
	a := must(o.desk.Reopen(ctx, o.who["LM"], id, "抽查", calendar.Due{}))
	if a.OwnerID != o.person("ZG") || a.State != duban.Issued {
		t.Errorf("owned by %d, %s", a.OwnerID, a.State)
	}
}

func TestWhatIsClosedForThirtyDaysIsArchivedInBites(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	var ids []int64
	for _, code := range []string{"T-1", "T-2", "T-3"} {
		id := o.issue(code).ID
		closed(o, id)
		ids = append(ids, id)
	}
	o.at("2026-12-23 08:00")
	if n := must(o.desk.ArchiveOld(ctx, 2)); n != 0 {
		t.Errorf("archived %d too early", n)
	}
	o.at("2026-12-23 10:00")
	for _, want := range []int{2, 1, 0} {
		if n := must(o.desk.ArchiveOld(ctx, 2)); n != want {
			t.Errorf("archived %d, want %d", n, want)
		}
	}
	for _, id := range ids {
		if a := o.assignment(id); a.State != duban.Archived || len(o.entries(id, duban.EventArchived)) != 1 {
			t.Errorf("%d is %s", id, a.State)
		}
	}
}

func TestAnItemIsUrgedOnceAWorkingDayWhoeverUrges(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	id := o.issue("T-1").ID
	o.at("2026-11-27 09:00")
	done := must(o.desk.Urge(ctx, o.who["LM"], id, "请抓紧"))
	if len(done.People) != 1 || done.People[0] != o.person("WF") || o.assignment(id).Urges != 1 {
		t.Errorf("urged: %+v", done)
	}
	for _, moment := range []string{"2026-11-27 17:00", "2026-11-28 10:00", "2026-11-29 10:00"} {
		o.at(moment)
		_, err := o.desk.Urge(ctx, o.who["ZG"], id, "")
		wantRefused(t, "at "+moment, err, duban.TooSoon)
	}
	o.at("2026-11-30 09:00")
	must(o.desk.Urge(ctx, o.who["ZG"], id, ""))
	o.at("2026-11-30 10:00")
	must(o.desk.Reassign(ctx, o.who["LM"], id, o.person("ZG"), ""))
	must(o.desk.Urge(ctx, o.who["LM"], id, "")) // the new owner has not been urged
	_, err := o.desk.Urge(ctx, o.who["ZG"], id, "")
	wantRefused(t, "oneself", err, duban.WrongState)
}

func TestAnUrgeIsHeldByQuietTimeAndGoesToTheSecretaryToo(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	id := o.issue("T-1").ID
	o.desk.Policy.Quiet = calendar.Quiet{From: calendar.Clock{Hour: 21}, To: calendar.Clock{Hour: 7}, WorkingDaysOnly: true, Resume: &calendar.Clock{Hour: 8, Minute: 30}}
	err := o.desk.Store.Write(ctx, func(tx *store.Tx) error { return o.desk.LoseReach(tx, o.person("WF"), "blocked") })
	if err != nil {
		t.Fatal(err)
	}
	o.at("2026-11-27 22:00")
	done := must(o.desk.Urge(ctx, o.who["LM"], id, ""))
	if got := done.Held.In(cast.Shanghai).Format("01-02 15:04"); got != "11-30 08:30" {
		t.Errorf("held until %s", got)
	}
	if !done.Instead || len(done.People) != 2 || done.People[1] != o.person("ZG") {
		t.Errorf("urged: %+v", done)
	}
}

func TestUrgingManySkipsThoseUrgedTodayAndWritesToEachOnce(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	one, two, three := o.issue("T-1").ID, o.issue("T-2").ID, o.issue("T-3").ID
	must(o.desk.Urge(ctx, o.who["LM"], one, ""))
	done := must(o.desk.UrgeAll(ctx, o.who["LM"], []int64{one, two, three}, ""))
	if len(done.Items) != 2 || len(done.Skipped) != 1 || len(done.People) != 1 {
		t.Errorf("urged %d, skipped %d, wrote to %d", len(done.Items), len(done.Skipped), len(done.People))
	}
	_, err := o.desk.UrgeAll(ctx, o.who["LM"], []int64{one, two, three}, "")
	wantRefused(t, "again", err, duban.NothingToDo)
}

func TestADeadlineSetByTheOfficeIsNoExtensionAndEndsTheRequest(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	id := o.issue("T-1").ID
	err := o.desk.Store.WriteAt(ctx, o.desk.At, func(tx *store.Tx) error {
		_, err := tx.AddRequest(duban.Request{Kind: duban.AskExtension, AssignmentID: id, AskerID: o.person("WF"), State: duban.Asked, Needs: duban.SeatAdmin, Reason: "材料较多"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	due := calendar.Due{Date: calendar.Date{Year: 2026, Month: 12, Day: 9}}
	a := must(o.desk.SetDeadline(ctx, o.who["LM"], id, due, "材料较多"))
	if a.Due != due || a.Extensions != 0 || a.OriginalDue.Date.String() != "2026-12-04" {
		t.Errorf("%+v", a)
	}
	cast.Read(t, o.desk, func(tx *store.Tx) error {
		_, err := tx.OpenRequest(id)
		wantRefused(t, "the request", err, duban.NotFound)
		return nil
	})
	_, err = o.desk.SetDeadline(ctx, o.who["LM"], id, calendar.Due{Date: due.Date.Add(1)}, "材料较多")
	wantRefused(t, "once more by an administrator", err, duban.NotAllowed)
	_, err = o.desk.SetDeadline(ctx, o.who["CGD"], id, due, "材料较多")
	wantRefused(t, "the same", err, duban.NothingToDo)
	_, err = o.desk.SetDeadline(ctx, o.who["CGD"], id, calendar.Due{Date: calendar.Date{Year: 2026, Month: 11, Day: 20}}, "x")
	wantRefused(t, "over", err, duban.DuePast)
}

// TestOfTwoWhoSteerAtOnceOneWins lets many cancel and submit at the same time: whatever comes first, the item ends in one state with one entry.
func TestOfTwoWhoSteerAtOnceOneWins(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	id := o.issue("T-1").ID
	var running sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		running.Go(func() {
			switch i % 4 {
			case 0:
				_, errs[i] = o.desk.Cancel(ctx, o.who["LM"], id, "重复交办")
			case 1:
				_, errs[i] = o.desk.Cancel(ctx, o.who["CGD"], id, "重复交办")
			case 2:
				_, errs[i] = o.desk.Suspend(ctx, o.who["CGD"], id, "另有安排")
			default:
				_, errs[i] = o.desk.Submit(ctx, o.who["WF"], id, work.Report{})
			}
		})
	}
	running.Wait()
	for _, err := range errs {
		if code := duban.CodeOf(err); code != "" && code != duban.AlreadyDone && code != duban.WrongState {
			t.Errorf("refused as %v", err)
		}
	}
	if a := o.assignment(id); a.State != duban.CalledOff || len(o.entries(id, duban.EventCancelled)) != 1 {
		t.Errorf("%s, cancelled %d times", a.State, len(o.entries(id, duban.EventCancelled)))
	}
}

func TestTheSecretaryIsAskedToGiveAnItemOnAndAnswers(t *testing.T) {
	o, ctx := openOffice(t), context.Background()
	id := o.issue("T-1").ID
	asked := must(o.desk.AskSecretary(ctx, o.who["WF"], id, 0, "我已调离"))
	if len(asked) != 1 || asked[0].ID != o.person("ZG") {
		t.Errorf("asked: %+v", asked)
	}
	if err := o.desk.Answer(ctx, o.who["ZG"], id, o.person("WF"), "同意"); err != nil {
		t.Error(err)
	}
	wantRefused(t, "a stranger answers", o.desk.Answer(ctx, o.who["ZM"], id, o.person("WF"), "同意"), duban.NotAllowed)
	_, err := o.desk.AskSecretary(ctx, o.who["ZM"], id, 0, "转给我")
	wantRefused(t, "a stranger asks", err, duban.NotAllowed)
}

func fmtID(id int64) string { return strconv.FormatInt(id, 10) }
