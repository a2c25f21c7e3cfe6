package work_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// house is the cast with those who have to do with requests joined, and a task that is issued to the school.
type house struct {
	*work.Desk
	t                                                   *testing.T
	admin, other, leader, secretary, officer, branchSec duban.Actor
	elsewhere                                           duban.Actor
	a                                                   duban.Assignment
}

func issued(t *testing.T, units string) *house {
	t.Helper()
	d := cast.Open(t)
	h := &house{
		Desk: d, t: t, admin: cast.Join(t, d, "LM", 1), other: cast.Join(t, d, "HJ", 2), leader: cast.Join(t, d, "CGD", 3),
		secretary: cast.Join(t, d, "ZG", 4), officer: cast.Join(t, d, "WF", 5), branchSec: cast.Join(t, d, "LY", 6),
		elsewhere: cast.Join(t, d, "SL", 7),
	}
	row := without(duban.NoEvidence, true)
	row.Units = units
	h.a = cast.Issue(t, d, h.admin, row)[0]
	return h
}

func (h *house) read() duban.Assignment {
	h.t.Helper()
	var a duban.Assignment
	cast.Read(h.t, h.Desk, func(tx *store.Tx) (err error) {
		a, err = tx.Assignment(h.a.ID)
		return err
	})
	return a
}

// later is a deadline so many working days after the present one.
func (h *house) later(days int) calendar.Due {
	return calendar.Due{Date: h.Calendar.AddWorkingDays(h.read().Due.Date, days)}
}

func (h *house) asks(who duban.Actor, days int) duban.Request {
	h.t.Helper()
	r, err := h.AskExtension(ctx, who, h.a.ID, h.later(days), "材料尚未收齐")
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

func (h *house) agrees(r duban.Request) duban.Request {
	h.t.Helper()
	r, err := h.Agree(ctx, h.secretary, r.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// told returns the people to whom news of a kind was posted.
func (h *house) told(kind duban.NewsKind) []int64 {
	h.t.Helper()
	var people []int64
	for _, l := range letters(h.t, h.Desk, duban.LaneAnswer) {
		if l.Kind == kind && !slices.Contains(people, l.PersonID) {
			people = append(people, l.PersonID)
		}
	}
	slices.Sort(people)
	return people
}

func (h *house) wantTold(kind duban.NewsKind, people ...duban.Actor) {
	h.t.Helper()
	var want []int64
	for _, p := range people {
		want = append(want, p.PersonID)
	}
	slices.Sort(want)
	if got := h.told(kind); !slices.Equal(got, want) {
		h.t.Fatalf("%s was told to %v, want %v", kind, got, want)
	}
}

func TestAShortExtensionIsAgreedByTheSecretaryAndGrantedByAnAdministrator(t *testing.T) {
	h := issued(t, "市第五中学党委")
	before := h.a.Due
	r := h.asks(h.officer, 3)
	if r.State != duban.Asked || r.Needs != duban.SeatAdmin || h.read().RequestedAt.IsZero() {
		t.Fatalf("asked: %+v", r)
	}
	h.wantTold(duban.NewsRequest, h.secretary)
	_, err := h.Grant(ctx, h.admin, r.ID, work.Grant{})
	wantCode(t, err, duban.WrongState)
	if r = h.agrees(r); r.State != duban.Agreed {
		t.Fatalf("agreed: %+v", r)
	}
	h.wantTold(duban.NewsRequest, h.secretary, h.admin, h.other)
	if r, err = h.Grant(ctx, h.admin, r.ID, work.Grant{}); err != nil || r.State != duban.Granted {
		t.Fatalf("granted: %+v %v", r, err)
	}
	a := h.read()
	if a.Due.Date != r.Due.Date || a.OriginalDue.Date != before.Date || a.Extensions != 1 || !a.RequestedAt.IsZero() {
		t.Fatalf("after it: %+v", a)
	}
	h.wantTold(duban.NewsDecided, h.officer)
	wantRecord(t, h.Desk, a.ID, duban.EventIssued, duban.EventExtensionAsked, duban.EventAgreed, duban.EventExtensionGranted)
}

func TestAnAdministratorMayGrantAnotherDateButNoneThatIsTheLeadersToGrant(t *testing.T) {
	h := issued(t, "市第五中学党委")
	r := h.agrees(h.asks(h.officer, 5))
	_, err := h.Grant(ctx, h.admin, r.ID, work.Grant{Due: h.later(6)})
	wantCode(t, err, duban.NotAllowed)
	_, err = h.Grant(ctx, h.admin, r.ID, work.Grant{Due: h.a.Due})
	wantCode(t, err, duban.NotLater)
	want := h.later(2)
	if _, err = h.Grant(ctx, h.admin, r.ID, work.Grant{Due: want, Answer: "请抓紧"}); err != nil {
		t.Fatal(err)
	}
	if got := h.read().Due; got.Date != want.Date {
		t.Fatalf("granted until %v, want %v", got, want)
	}
}

func TestALongExtensionAndASecondOneAreTheLeadersToDecide(t *testing.T) {
	h := issued(t, "市第五中学党委")
	r := h.agrees(h.asks(h.officer, 6))
	if r.Needs != duban.SeatLeader {
		t.Fatalf("a long one is decided by %s", r.Needs)
	}
	_, err := h.Grant(ctx, h.admin, r.ID, work.Grant{})
	wantCode(t, err, duban.NotAllowed)
	h.wantTold(duban.NewsRequest, h.secretary, h.leader)
	if _, err = h.Grant(ctx, h.leader, r.ID, work.Grant{}); err != nil {
		t.Fatal(err)
	}
	if r = h.asks(h.officer, 1); r.Needs != duban.SeatLeader {
		t.Fatalf("a second one is decided by %s", r.Needs)
	}
}

func TestWithoutALeaderTheAdministratorsDecideAndTheRecordSaysSo(t *testing.T) {
	h := issued(t, "市第五中学党委")
	h.ends("CGD")
	r := h.agrees(h.asks(h.officer, 20))
	if r.Needs != duban.SeatAdmin {
		t.Fatalf("decided by %s", r.Needs)
	}
	if _, err := h.Grant(ctx, h.admin, r.ID, work.Grant{}); err != nil {
		t.Fatal(err)
	}
	if facts := h.facts(duban.EventExtensionGranted); facts["no_leader"] != true {
		t.Fatalf("recorded %v", facts)
	}
}

func TestASecretaryAgreesByAskingAndWithoutOneNobodyHasTo(t *testing.T) {
	h := issued(t, "市第五中学党委")
	r := h.asks(h.secretary, 2)
	if r.State != duban.Agreed || r.AgreedBy != h.secretary.PersonID {
		t.Fatalf("asked by the secretary: %+v", r)
	}
	h.wantTold(duban.NewsRequest, h.admin, h.other)
	if facts := h.facts(duban.EventExtensionAsked); facts["on_behalf"] != true {
		t.Fatalf("recorded %v", facts)
	}
	_, err := h.Retract(ctx, h.officer, h.a.ID)
	wantCode(t, err, duban.NotAllowed)
	if _, err = h.Retract(ctx, h.secretary, h.a.ID); err != nil {
		t.Fatal(err)
	}
	h.ends("ZG")
	if r = h.asks(h.officer, 2); r.State != duban.Agreed || r.AgreedBy != 0 {
		t.Fatalf("asked without a secretary: %+v", r)
	}
	if facts := h.facts(duban.EventExtensionAsked); facts["no_secretary"] != true {
		t.Fatalf("recorded %v", facts)
	}
}

func (h *house) ends(code string) {
	h.t.Helper()
	person := cast.Person(h.t, h.Desk, code)
	err := h.Store.Write(ctx, func(tx *store.Tx) error {
		posts, err := tx.Posts(person.ID)
		for _, p := range posts {
			if err := tx.EndPost(p.ID); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// facts are those of the newest entry of an event about the item.
func (h *house) facts(event duban.Event) duban.Facts {
	h.t.Helper()
	var facts duban.Facts
	cast.Read(h.t, h.Desk, func(tx *store.Tx) error {
		entries, err := tx.RecordOf(h.a.ID)
		for _, e := range entries {
			if e.Event == event {
				facts = e.Facts
			}
		}
		return err
	})
	if facts == nil {
		h.t.Fatalf("nothing recorded as %s", event)
	}
	return facts
}

func TestARefusedExtensionLeavesTheDeadlineAndTheClockGoesOn(t *testing.T) {
	h := issued(t, "市第五中学党委")
	r := h.asks(h.officer, 3)
	_, err := h.Turn(ctx, h.secretary, r.ID, " ")
	wantCode(t, err, duban.ReasonNeeded)
	if r, err = h.Turn(ctx, h.secretary, r.ID, "时间充足"); err != nil || r.State != duban.Refused || r.Answer != "时间充足" {
		t.Fatalf("refused by the secretary: %+v %v", r, err)
	}
	a := h.read()
	if a.Due.Date != h.a.Due.Date || a.Extensions != 0 || !a.RequestedAt.IsZero() || a.RestartedAt.IsZero() {
		t.Fatalf("after it: %+v", a)
	}
	r = h.agrees(h.asks(h.officer, 3))
	if r, err = h.Turn(ctx, h.other, r.ID, "请按期完成"); err != nil || r.State != duban.Refused {
		t.Fatalf("refused by an administrator: %+v %v", r, err)
	}
	wantRecord(t, h.Desk, a.ID, duban.EventIssued, duban.EventExtensionAsked, duban.EventExtensionRefused, duban.EventExtensionAsked,
		duban.EventAgreed, duban.EventExtensionRefused)
}

func TestWhatIsNotAnExtensionIsNotAskedFor(t *testing.T) {
	h := issued(t, "市第五中学党委")
	for _, c := range []struct {
		name   string
		who    duban.Actor
		due    calendar.Due
		reason string
		want   duban.Code
	}{
		{"without a reason", h.officer, h.later(1), "  ", duban.ReasonNeeded},
		{"to the same date", h.officer, h.a.Due, "忙", duban.NotLater},
		{"without a date", h.officer, calendar.Due{}, "忙", duban.NoDeadline},
		{"to the past", h.officer, calendar.Due{Date: calendar.Date{Year: 2020, Month: 1, Day: 2}}, "忙", duban.DuePast},
		{"by another school", h.elsewhere, h.later(1), "忙", duban.NotAllowed},
		{"by an administrator, who decides", h.admin, h.later(1), "忙", duban.NotAllowed},
		{"by the branch secretary of a branch", h.branchSec, h.later(1), "忙", duban.NotAllowed},
		{"at the console", duban.Console, h.later(1), "忙", duban.NotAllowed},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := h.AskExtension(ctx, c.who, h.a.ID, c.due, c.reason)
			wantCode(t, err, c.want)
		})
	}
	h.asks(h.officer, 1)
	_, err := h.AskExtension(ctx, h.officer, h.a.ID, h.later(2), "再请")
	wantCode(t, err, duban.PendingRequest)
}

func TestAfterTheDeadlineNothingIsExtended(t *testing.T) {
	h := issued(t, "市第五中学党委")
	after := h.a.Due.Date.Add(1).At(calendar.Clock{Hour: 9}, cast.Shanghai)
	_, err := h.Past(after).AskExtension(ctx, h.officer, h.a.ID, h.later(3), "忙")
	wantCode(t, err, duban.TooLate)
}

func TestAnExtensionAskedInTimeMayBeGrantedAfterTheDeadline(t *testing.T) {
	h := issued(t, "市第五中学党委")
	r := h.agrees(h.asks(h.officer, 2))
	late := h.Past(h.a.Due.Date.Add(1).At(calendar.Clock{Hour: 9}, cast.Shanghai))
	if _, err := late.Grant(ctx, h.admin, r.ID, work.Grant{}); err != nil {
		t.Fatal(err)
	}
}

func TestADateThatHasPassedMeanwhileIsNotGranted(t *testing.T) {
	h := issued(t, "市第五中学党委")
	r := h.agrees(h.asks(h.officer, 1))
	late := h.Past(r.Due.Date.Add(1).At(calendar.Clock{Hour: 9}, cast.Shanghai))
	_, err := late.Grant(ctx, h.admin, r.ID, work.Grant{})
	wantCode(t, err, duban.DuePast)
}

func TestNobodyDecidesOnHisOwnRequest(t *testing.T) {
	h := issued(t, "市第五中学党委")
	r := h.asks(h.secretary, 2)
	_, err := h.Grant(ctx, h.secretary, r.ID, work.Grant{})
	wantCode(t, err, duban.OwnRequest)
	_, err = h.Turn(ctx, h.officer, r.ID, "不必")
	wantCode(t, err, duban.OwnRequest)
	_, err = h.Turn(ctx, h.elsewhere, r.ID, "不必")
	wantCode(t, err, duban.NotAllowed)
}

func TestTheFirstOfTwoDecidersCounts(t *testing.T) {
	h := issued(t, "市第五中学党委")
	r := h.agrees(h.asks(h.officer, 2))
	var failed [2]error
	var both sync.WaitGroup
	both.Go(func() { _, failed[0] = h.Grant(ctx, h.admin, r.ID, work.Grant{}) })
	both.Go(func() { _, failed[1] = h.Turn(ctx, h.other, r.ID, "请按期完成") })
	both.Wait()
	if (failed[0] == nil) == (failed[1] == nil) {
		t.Fatalf("both decided: %v", failed)
	}
	wantCode(t, errors.Join(failed[0], failed[1]), duban.AlreadyDone)
}

func TestAReportOvertakesTheRequest(t *testing.T) {
	h := issued(t, "市第五中学党委")
	r := h.agrees(h.asks(h.officer, 2))
	if _, err := h.Submit(ctx, h.officer, h.a.ID, work.Report{}); err != nil {
		t.Fatal(err)
	}
	_, err := h.Grant(ctx, h.admin, r.ID, work.Grant{})
	wantCode(t, err, duban.AlreadyDone)
	if a := h.read(); a.Extensions != 0 || !a.RequestedAt.IsZero() || a.State != duban.Submitted {
		t.Fatalf("after it: %+v", a)
	}
}

func TestAReportAndADecisionAtOnceLeaveOneStory(t *testing.T) {
	h := issued(t, "市第五中学党委")
	r := h.agrees(h.asks(h.officer, 2))
	var both sync.WaitGroup
	var granted, submitted error
	both.Go(func() { _, granted = h.Grant(ctx, h.admin, r.ID, work.Grant{}) })
	both.Go(func() { _, submitted = h.Submit(ctx, h.officer, h.a.ID, work.Report{}) })
	both.Wait()
	if submitted != nil {
		t.Fatal(submitted)
	}
	a := h.read()
	if granted == nil && a.Extensions != 1 || granted != nil && a.Extensions != 0 || a.State != duban.Submitted || !a.RequestedAt.IsZero() {
		t.Fatalf("granted %v: %+v", granted, a)
	}
}

func TestARequestIsTakenBackByWhoAsked(t *testing.T) {
	h := issued(t, "市第五中学党委")
	_, err := h.Retract(ctx, h.officer, h.a.ID)
	wantCode(t, err, duban.NothingToDo)
	r := h.asks(h.officer, 2)
	_, err = h.Retract(ctx, h.elsewhere, h.a.ID)
	wantCode(t, err, duban.NotAllowed)
	if _, err = h.Retract(ctx, h.officer, h.a.ID); err != nil {
		t.Fatal(err)
	}
	_, err = h.Agree(ctx, h.secretary, r.ID)
	wantCode(t, err, duban.AlreadyDone)
	if !h.read().RequestedAt.IsZero() {
		t.Fatal("it still waits")
	}
}

func TestAnOfficerDeclinesWithTheSecretarysAgreementAndTheOfficeLetsItStand(t *testing.T) {
	h := issued(t, "市第五中学党委")
	due := h.a.Due
	r, err := h.Decline(ctx, h.officer, h.a.ID, "由团委承办")
	if err != nil || r.State != duban.Asked || h.read().State != duban.Issued {
		t.Fatalf("asked: %+v %v", r, err)
	}
	if h.agrees(r); h.read().State != duban.Declined {
		t.Fatalf("agreed: %+v", h.read())
	}
	h.wantTold(duban.NewsRequest, h.secretary, h.admin, h.other)
	_, err = h.Stand(ctx, h.admin, h.a.ID, "")
	wantCode(t, err, duban.ReasonNeeded)
	_, err = h.Stand(ctx, h.leader, h.a.ID, "属本单位")
	wantCode(t, err, duban.NotAllowed)
	a, err := h.Stand(ctx, h.admin, h.a.ID, "属本单位职责")
	if err != nil || a.State != duban.Issued || a.Due.Date != due.Date || a.RestartedAt.IsZero() || !a.DeclinedAt.IsZero() {
		t.Fatalf("stands: %+v %v", a, err)
	}
	_, err = h.Decline(ctx, h.officer, h.a.ID, "仍不属于")
	wantCode(t, err, duban.StandsAlready)
	h.wantTold(duban.NewsDecided, h.officer)
	h.wantTold(duban.NewsSteered, h.secretary)
	wantRecord(t, h.Desk, a.ID, duban.EventIssued, duban.EventDeclineAsked, duban.EventAgreed, duban.EventDeclined, duban.EventStood)
}

func TestASecretaryDeclinesAtOnceAndAnotherUnitGetsTheItem(t *testing.T) {
	h := issued(t, "市第五中学党委")
	if _, err := h.Decline(ctx, h.secretary, h.a.ID, "由实验小学承办"); err != nil {
		t.Fatal(err)
	}
	if h.read().State != duban.Declined {
		t.Fatalf("declined: %+v", h.read())
	}
	other := h.unit("实验小学党委")
	a, err := h.Transfer(ctx, h.admin, h.a.ID, work.Destination{UnitID: other})
	if err != nil {
		t.Fatal(err)
	}
	officer := cast.Person(t, h.Desk, "ZM")
	if a.State != duban.Issued || a.UnitID != other || a.OwnerID != officer.ID || a.Due.Date != h.a.Due.Date || !a.IssuedAt.After(h.a.IssuedAt) ||
		!a.AcceptedAt.IsZero() || !a.RequestedAt.IsZero() {
		t.Fatalf("transferred: %+v", a)
	}
	_, err = h.Accept(ctx, h.officer, h.a.ID)
	wantCode(t, err, duban.NotAllowed)
	wantRecord(t, h.Desk, a.ID, duban.EventIssued, duban.EventDeclineAsked, duban.EventDeclined, duban.EventTransferred, duban.EventIssued)
}

func (h *house) unit(name string) int64 {
	h.t.Helper()
	var id int64
	cast.Read(h.t, h.Desk, func(tx *store.Tx) error {
		units, err := tx.UnitsNamed(name)
		if err == nil {
			id = units[0].ID
		}
		return err
	})
	return id
}

func TestAnItemGoesToNoUnitThatHasItAndToNobodyOutsideTheUnit(t *testing.T) {
	h := issued(t, "市第五中学党委、实验小学党委")
	if _, err := h.Decline(ctx, h.secretary, h.a.ID, "不属本单位"); err != nil {
		t.Fatal(err)
	}
	_, err := h.Transfer(ctx, h.admin, h.a.ID, work.Destination{UnitID: h.unit("实验小学党委")})
	wantCode(t, err, duban.HasItAlready)
	branch := h.unit("高一年级党支部")
	_, err = h.Transfer(ctx, h.admin, h.a.ID, work.Destination{UnitID: branch, OwnerID: h.officer.PersonID})
	wantCode(t, err, duban.NoOwner)
	_, err = h.Transfer(ctx, h.secretary, h.a.ID, work.Destination{UnitID: branch})
	wantCode(t, err, duban.OwnRequest)
	_, err = h.Transfer(ctx, h.leader, h.a.ID, work.Destination{UnitID: branch})
	wantCode(t, err, duban.NotAllowed)
	a, err := h.Transfer(ctx, h.admin, h.a.ID, work.Destination{UnitID: branch, OwnerID: h.branchSec.PersonID})
	if err != nil || a.OwnerID != h.branchSec.PersonID {
		t.Fatalf("transferred: %+v %v", a, err)
	}
}

func TestSigningOvertakesADeclineThatWaits(t *testing.T) {
	h := issued(t, "市第五中学党委")
	r, err := h.Decline(ctx, h.officer, h.a.ID, "不属本单位")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Accept(ctx, h.officer, h.a.ID); err != nil {
		t.Fatal(err)
	}
	_, err = h.Agree(ctx, h.secretary, r.ID)
	wantCode(t, err, duban.AlreadyDone)
	_, err = h.Decline(ctx, h.officer, h.a.ID, "不属本单位")
	wantCode(t, err, duban.WrongState)
}

func TestDecliningIsForTwoWorkingDays(t *testing.T) {
	h := issued(t, "市第五中学党委")
	third := h.Calendar.AddWorkingDays(h.Calendar.Today(h.a.IssuedAt), duban.DeclineWithin+1)
	_, err := h.Past(third.At(calendar.Clock{Hour: 9}, cast.Shanghai)).Decline(ctx, h.officer, h.a.ID, "不属本单位")
	wantCode(t, err, duban.TooLate)
	second := h.Calendar.AddWorkingDays(h.Calendar.Today(h.a.IssuedAt), duban.DeclineWithin)
	if _, err := h.Past(second.At(calendar.Clock{Hour: 17}, cast.Shanghai)).Decline(ctx, h.officer, h.a.ID, "不属本单位"); err != nil {
		t.Fatal(err)
	}
}

func TestADeclinedItemIsTheUnitsAgainWhenTheRequestIsTakenBack(t *testing.T) {
	h := issued(t, "市第五中学党委")
	r, err := h.Decline(ctx, h.officer, h.a.ID, "不属本单位")
	if err != nil {
		t.Fatal(err)
	}
	h.agrees(r)
	if _, err := h.Retract(ctx, h.officer, h.a.ID); err != nil {
		t.Fatal(err)
	}
	if a := h.read(); a.State != duban.Issued || !a.RequestedAt.IsZero() {
		t.Fatalf("after it: %+v", a)
	}
}

func TestADeclinedItemThatWasSuspendedIsStillDecidedOn(t *testing.T) {
	h := issued(t, "市第五中学党委")
	if _, err := h.Decline(ctx, h.secretary, h.a.ID, "不属本单位"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Suspend(ctx, h.leader, h.a.ID, "待研究"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Resume(ctx, h.leader, h.a.ID, calendar.Due{}); err != nil {
		t.Fatal(err)
	}
	if a, err := h.Stand(ctx, h.admin, h.a.ID, "属本单位职责"); err != nil || a.State != duban.Issued {
		t.Fatalf("stands: %+v %v", a, err)
	}
}

// givenBack is an item whose report an administrator has returned, and the submission.
func givenBack(t *testing.T) (*house, duban.Submission) {
	t.Helper()
	h := issued(t, "市第五中学党委")
	done, err := h.Submit(ctx, h.officer, h.a.ID, work.Report{Text: "已完成"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Return(ctx, h.admin, done.Submission.ID, work.Comeback{Reason: "格式不规范"}); err != nil {
		t.Fatal(err)
	}
	return h, done.Submission
}

func TestAnObjectionGoesToSomebodyElseAndIsReviewedAgain(t *testing.T) {
	h, sub := givenBack(t)
	r, err := h.Object(ctx, h.officer, h.a.ID, "格式与模板一致")
	if err != nil {
		t.Fatal(err)
	}
	h.wantTold(duban.NewsRequest, h.other)
	_, err = h.Grant(ctx, h.admin, r.ID, work.Grant{})
	wantCode(t, err, duban.OwnRequest)
	_, err = h.Grant(ctx, h.secretary, r.ID, work.Grant{})
	wantCode(t, err, duban.NotAllowed)
	if _, err = h.Grant(ctx, h.other, r.ID, work.Grant{}); err != nil {
		t.Fatal(err)
	}
	a := h.read()
	if a.State != duban.Submitted || a.Returns != 0 || !a.SubmittedAt.Equal(sub.At) {
		t.Fatalf("after it: %+v, submitted %v", a, sub.At)
	}
	if closed, err := h.Pass(ctx, h.other, sub.ID); err != nil || closed.State != duban.Closed {
		t.Fatalf("passed: %+v %v", closed, err)
	}
	wantRecord(t, h.Desk, a.ID, duban.EventIssued, duban.EventAccepted, duban.EventSubmitted, duban.EventReturned, duban.EventObjected,
		duban.EventObjectionAnswered, duban.EventClosed)
}

func TestWhatWasTakenBackDoesNotHideWhatWaitsAgainAfterAnObjection(t *testing.T) {
	h, sub := givenBack(t)
	if _, err := h.Submit(ctx, h.officer, h.a.ID, work.Report{Text: "重新上报"}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Withdraw(ctx, h.officer, h.a.ID); err != nil {
		t.Fatal(err)
	}
	r, err := h.Object(ctx, h.officer, h.a.ID, "格式与模板一致")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Grant(ctx, h.other, r.ID, work.Grant{}); err != nil {
		t.Fatal(err)
	}
	err = h.Store.Read(ctx, func(tx *store.Tx) error {
		last, err := tx.LastSubmission(h.a.ID)
		if last.ID != sub.ID || last.State != duban.SubmissionWaits {
			t.Errorf("the reviewers look at %+v, want submission %d, which waits", last, sub.ID)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestARefusedObjectionLeavesTheItemReturned(t *testing.T) {
	h, _ := givenBack(t)
	r, err := h.Object(ctx, h.officer, h.a.ID, "格式与模板一致")
	if err != nil {
		t.Fatal(err)
	}
	if r, err = h.Turn(ctx, h.leader, r.ID, "请按新模板修改"); err != nil || r.State != duban.Refused {
		t.Fatalf("refused: %+v %v", r, err)
	}
	if a := h.read(); a.State != duban.Returned || a.Returns != 1 || !a.RequestedAt.IsZero() {
		t.Fatalf("after it: %+v", a)
	}
	if facts := h.facts(duban.EventObjectionAnswered); facts["granted"] == true {
		t.Fatalf("recorded %v", facts)
	}
}

func TestWithOneAdministratorAnObjectionGoesToTheLeader(t *testing.T) {
	h, _ := givenBack(t)
	h.ends("HJ")
	if _, err := h.Object(ctx, h.officer, h.a.ID, "格式与模板一致"); err != nil {
		t.Fatal(err)
	}
	h.wantTold(duban.NewsRequest, h.leader)
}

func TestWithNobodyElseAnObjectionIsRefusedInWords(t *testing.T) {
	h, _ := givenBack(t)
	h.ends("HJ")
	h.ends("CGD")
	_, err := h.Object(ctx, h.officer, h.a.ID, "格式与模板一致")
	wantCode(t, err, duban.NobodyElse)
}

func TestOnlyAReturnIsObjectedTo(t *testing.T) {
	h := issued(t, "市第五中学党委")
	_, err := h.Object(ctx, h.officer, h.a.ID, "不同意")
	wantCode(t, err, duban.WrongState)
	_, err = h.Object(ctx, h.elsewhere, h.a.ID, "不同意")
	wantCode(t, err, duban.NotAllowed)
}

func TestReportingAgainOvertakesTheObjection(t *testing.T) {
	h, _ := givenBack(t)
	r, err := h.Object(ctx, h.officer, h.a.ID, "格式与模板一致")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Submit(ctx, h.officer, h.a.ID, work.Report{Text: "已改"}); err != nil {
		t.Fatal(err)
	}
	_, err = h.Grant(ctx, h.other, r.ID, work.Grant{})
	wantCode(t, err, duban.AlreadyDone)
	if a := h.read(); a.State != duban.Submitted || a.Returns != 1 {
		t.Fatalf("after it: %+v", a)
	}
}

func TestASupportingUnitMayAskForMoreTimeAndDecline(t *testing.T) {
	h := issued(t, "市第五中学党委")
	err := h.Store.Write(context.Background(), func(tx *store.Tx) error {
		a, err := tx.Assignment(h.a.ID)
		if err != nil {
			return err
		}
		a.Support = true
		return tx.SaveAssignment(a, h.Calendar.End(a.Due))
	})
	if err != nil {
		t.Fatal(err)
	}
	h.asks(h.officer, 1)
	if _, err := h.Retract(ctx, h.officer, h.a.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Decline(ctx, h.officer, h.a.ID, "不属本单位"); err != nil {
		t.Fatal(err)
	}
}

func TestADeputyOfTheSecretaryAgrees(t *testing.T) {
	h := issued(t, "高一年级党支部")
	today := time.Now().In(cast.Shanghai).Format(time.DateOnly)
	if _, err := h.SetAbsence(ctx, h.secretary, duban.Absence{PersonID: h.secretary.PersonID, DeputyID: h.officer.PersonID, From: today, To: today}); err != nil {
		t.Fatal(err)
	}
	r := h.asks(h.branchSec, 2)
	h.wantTold(duban.NewsRequest, h.secretary, h.officer)
	if r, err := h.Agree(ctx, h.officer, r.ID); err != nil || r.AgreedBy != h.officer.PersonID {
		t.Fatalf("agreed: %+v %v", r, err)
	}
}

func TestWhatStandsAfterASuspensionIsNotDeclinedAgain(t *testing.T) {
	o := openOffice(t)
	id := o.issue("T-1").ID
	must(o.desk.Decline(ctx, o.who["ZG"], id, "不属我单位"))
	must(o.desk.Suspend(ctx, o.who["CGD"], id, "上级暂停"))
	must(o.desk.Resume(ctx, o.who["CGD"], id, calendar.Due{}))
	must(o.desk.Stand(ctx, o.who["LM"], id, "属你单位"))
	_, err := o.desk.Decline(ctx, o.who["ZG"], id, "不属我单位")
	wantCode(t, err, duban.StandsAlready)
}
