package work_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"duban"
	"duban/assess"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// yearEnd is a city of three schools at the end of 2026: the first was late once and never did another item, the second was in time, the third has
// nobody to whom anything was ever delivered.
type yearEnd struct {
	t *testing.T
	*work.Desk
	admin, leader, secretary, officer duban.Actor
	other                             duban.Actor // secretary of the second school
	round                             duban.AssessmentRound
	now                               time.Time
}

func on(month time.Month, day, hour int) time.Time {
	return time.Date(2026, month, day, hour, 0, 0, 0, cast.Shanghai)
}

func newYearEnd(t *testing.T) *yearEnd {
	t.Helper()
	y := &yearEnd{t: t, Desk: cast.Open(t), now: on(12, 21, 9)}
	rows := append(cast.Roster[:len(cast.Roster):len(cast.Roster)], work.RosterRow{
		Line: 10, Unit: "第三中学党委", Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Name: "吴敏", Role: duban.Officer, Phone: "+8619900000009", Code: "WM",
	})
	if _, err := y.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	for i, who := range []struct {
		code string
		into *duban.Actor
	}{{"LM", &y.admin}, {"CGD", &y.leader}, {"ZG", &y.secretary}, {"WF", &y.officer}, {"SL", &y.other}} {
		*who.into = cast.Join(t, y.Desk, who.code, int64(700+i))
	}
	issue := func(code, due string, at time.Time) []duban.Assignment {
		return cast.Issue(t, y.Past(at), y.admin, work.TaskRow{Line: 2, Code: code, Title: "事项" + code, Duty: "按要求完成", Units: "school_committee", Due: due})
	}
	first, second := issue("A-1", "2026-03-13", on(3, 2, 9)), issue("A-2", "2026-06-12", on(6, 1, 9))
	ends := map[int64][2]time.Time{
		first[0].ID: {on(3, 3, 9), on(3, 16, 10)}, first[1].ID: {on(3, 3, 9), on(3, 12, 10)},
		second[1].ID: {on(6, 2, 9), on(6, 11, 10)},
	}
	for _, a := range append(first, second...) {
		if when, done := ends[a.ID]; done {
			y.must(y.Past(when[0]).Accept(ctx, duban.Console, a.ID))
			_, err := y.Past(when[1]).Submit(ctx, duban.Console, a.ID, work.Report{})
			y.must(a, err)
		}
	}
	y.must(y.Past(on(6, 2, 9)).Accept(ctx, duban.Console, second[0].ID))
	return y
}

func (y *yearEnd) must(_ any, err error) {
	y.t.Helper()
	if err != nil {
		y.t.Fatal(err)
	}
}

// today is the desk at the moment to which the story has come.
func (y *yearEnd) today() *work.Desk { return y.Past(y.now) }

func (y *yearEnd) open() {
	y.t.Helper()
	var err error
	y.round, err = y.today().OpenAssessment(ctx, y.admin, work.Opening{Year: 2026, Until: y.WindowEnd(y.now, duban.ObjectWithin)})
	y.must(y.round, err)
}

func (y *yearEnd) standings() map[string]work.Standing {
	y.t.Helper()
	all := map[string]work.Standing{}
	cast.Read(y.t, y.Desk, func(tx *store.Tx) error {
		standings, err := work.Standings(tx, y.round)
		for _, s := range standings {
			all[s.Unit.Name] = s
		}
		return err
	})
	return all
}

func (y *yearEnd) refused(code duban.Code, _ any, err error) {
	y.t.Helper()
	if duban.CodeOf(err) != code {
		y.t.Errorf("got %v, want %s", err, code)
	}
}

func TestAProposalSaysWhatTheRecordSays(t *testing.T) {
	y := newYearEnd(t)
	y.open()
	all := y.standings()
	late := all["市第五中学党委"]
	if len(all) != 3 || len(late.Lines) != 2 || late.Score.Daily != 90_00 {
		t.Fatalf("%d units, %+v", len(all), late)
	}
	for _, l := range late.Lines {
		if l.Element != duban.OnTime || len(l.Seqs) == 0 || l.Decision != duban.LineOpen {
			t.Errorf("%+v", l)
		}
	}
	if good := all["实验小学党委"]; len(good.Lines) != 0 || good.Score.Daily != assess.Full {
		t.Errorf("%+v", good)
	}
	third := all["第三中学党委"]
	if len(third.Lines) != 2 || third.Lines[0].Exempt != duban.ExemptUndelivered || third.Score.Daily != assess.Full {
		t.Errorf("%+v", third)
	}
}

func TestARoundGoesFromTheWindowToTheDecision(t *testing.T) {
	y := newYearEnd(t)
	y.open()
	lines := y.standings()["市第五中学党委"].Lines
	objection, err := y.today().ObjectToLine(ctx, y.secretary, lines[1].ID, "已于6月10日线下报送")
	y.must(objection, err)
	y.refused(duban.PendingRequest, nil, first(y.today().AcceptLine(ctx, y.admin, lines[1].ID)))
	changed, err := y.today().AnswerObjection(ctx, y.admin, objection.ID, work.Verdict{Upheld: true, Points: 5_00, Answer: "查有线下签收单"})
	y.must(changed, err)
	n, err := y.today().AcceptLines(ctx, y.admin, lines[0].AssessmentID)
	if y.must(n, err); n != 1 {
		t.Errorf("%d lines were accepted", n)
	}
	y.refused(duban.TooSoon, nil, first(y.today().CloseAssessment(ctx, y.admin, y.round.ID)))
	y.now = on(12, 29, 9)
	y.refused(duban.Undecided, nil, first(y.today().CloseAssessment(ctx, y.admin, y.round.ID)))
	for _, s := range y.standings() {
		if s.Open > 0 {
			y.must(y.today().AcceptLines(ctx, y.admin, s.Assessment.ID))
		}
		for _, part := range s.Score.Missing {
			y.must(nil, y.today().EnterPart(ctx, y.admin, s.Assessment.ID, part, 80_00, "现场考评"))
		}
	}
	y.must(y.today().CloseAssessment(ctx, y.admin, y.round.ID))
	y.refused(duban.AlreadyDone, nil, first(y.today().ObjectToLine(ctx, y.secretary, lines[0].ID, "晚了")))
	y.must(y.today().DecideAssessment(ctx, y.leader, y.round.ID, "同意"))
	y.refused(duban.AlreadyDone, nil, first(y.today().DecideAssessment(ctx, y.leader, y.round.ID, "同意")))
	got := y.standings()["市第五中学党委"]
	if got.Score.Daily != 93_00 || got.Assessment.Total != 85_20 || !got.Assessment.Final() {
		t.Errorf("%s, %s", got.Score.Daily, got.Assessment.Total)
	}
	events := map[duban.Event]int{}
	cast.Read(t, y.Desk, func(tx *store.Tx) error {
		if _, breaks, err := tx.Verify(); err != nil {
			t.Error(breaks)
		}
		return tx.EveryEntry(time.Time{}, time.Time{}, func(e duban.Entry) error { events[e.Event]++; return nil })
	})
	want := map[duban.Event]int{
		duban.EventAssessOpened: 1, duban.EventAssessed: 3, duban.EventScoreObjected: 1, duban.EventScoreAnswered: 1, duban.EventScored: 1 + 2 + 9,
		duban.EventAssessClosed: 1, duban.EventAssessDecided: 3,
	}
	for e, n := range want {
		if events[e] != n {
			t.Errorf("%d entries of %s, want %d", events[e], e, n)
		}
	}
}

func first[T any](_ T, err error) error { return err }

func TestNobodyDoesWhatTheTableOfRightsDoesNotGive(t *testing.T) {
	y := newYearEnd(t)
	for _, who := range []duban.Actor{y.leader, y.secretary, y.officer} {
		y.refused(duban.NotAllowed, nil, first(y.today().OpenAssessment(ctx, who, work.Opening{Year: 2026, Until: y.WindowEnd(y.now, duban.ObjectWithin)})))
	}
	y.open()
	s := y.standings()["市第五中学党委"]
	line := s.Lines[0].ID
	for _, who := range []duban.Actor{y.leader, y.secretary, y.officer, y.other} {
		y.refused(duban.NotAllowed, nil, first(y.today().AcceptLine(ctx, who, line)))
		y.refused(duban.NotAllowed, nil, first(y.today().ChangeLine(ctx, who, line, 0, "理由")))
		y.refused(duban.NotAllowed, nil, y.today().EnterPart(ctx, who, s.Assessment.ID, "rally", 90_00, "理由"))
	}
	for _, who := range []duban.Actor{y.admin, y.leader, y.officer, y.other, duban.Console} {
		y.refused(duban.NotAllowed, nil, first(y.today().ObjectToLine(ctx, who, line, "理由")))
	}
	for _, who := range []duban.Actor{y.admin, y.secretary} {
		y.refused(duban.NotAllowed, nil, first(y.today().DecideAssessment(ctx, who, y.round.ID, "")))
	}
	y.refused(duban.WrongState, nil, first(y.today().DecideAssessment(ctx, y.leader, y.round.ID, "")))
}

func TestEveryDecisionHasItsReasonAndStaysWithinTheRules(t *testing.T) {
	y := newYearEnd(t)
	y.refused(duban.ShortWindow, nil, first(y.today().OpenAssessment(ctx, y.admin, work.Opening{Year: 2026, Until: calendar.Date{Year: 2026, Month: 12, Day: 25}})))
	y.refused(duban.BadYear, nil, first(y.today().OpenAssessment(ctx, y.admin, work.Opening{Year: 2027, Until: y.WindowEnd(y.now, duban.ObjectWithin)})))
	y.open()
	y.refused(duban.AlreadyDone, nil, first(y.today().OpenAssessment(ctx, y.admin, work.Opening{Year: 2026, Until: y.WindowEnd(y.now, duban.ObjectWithin)})))
	s := y.standings()["市第五中学党委"]
	y.refused(duban.ReasonNeeded, nil, first(y.today().ChangeLine(ctx, y.admin, s.Lines[0].ID, 0, " ")))
	y.refused(duban.BadPoints, nil, first(y.today().ChangeLine(ctx, y.admin, s.Lines[0].ID, 35_01, "理由")))
	y.refused(duban.ReasonNeeded, nil, y.today().EnterPart(ctx, y.admin, s.Assessment.ID, "rally", 90_00, ""))
	y.refused(duban.BadPoints, nil, y.today().EnterPart(ctx, y.admin, s.Assessment.ID, "rally", 100_01, "理由"))
	y.refused(duban.BadPoints, nil, y.today().EnterPart(ctx, y.admin, s.Assessment.ID, "bonus", 5_01, "理由"))
	y.refused(duban.BadPoints, nil, y.today().EnterPart(ctx, y.admin, s.Assessment.ID, "daily", 90_00, "理由"))
	y.refused(duban.ReasonNeeded, nil, first(y.today().ObjectToLine(ctx, y.secretary, s.Lines[0].ID, "")))
	o, err := y.today().ObjectToLine(ctx, y.secretary, s.Lines[0].ID, "理由")
	y.must(o, err)
	y.refused(duban.BadPoints, nil, first(y.today().AnswerObjection(ctx, y.admin, o.ID, work.Verdict{Upheld: true, Points: 20_00, Answer: "理由"})))
	y.refused(duban.ReasonNeeded, nil, first(y.today().AnswerObjection(ctx, y.admin, o.ID, work.Verdict{})))
	y.must(y.today().AnswerObjection(ctx, y.admin, o.ID, work.Verdict{Answer: "以记载为准"}))
	y.refused(duban.AlreadyDone, nil, first(y.today().AnswerObjection(ctx, y.admin, o.ID, work.Verdict{Answer: "再答"})))
	y.now = on(12, 30, 9)
	y.refused(duban.TooLate, nil, first(y.today().ObjectToLine(ctx, y.secretary, s.Lines[1].ID, "理由")))
	y.must(y.today().ChangeLine(ctx, y.admin, s.Lines[1].ID, 10_00, "核减"))
	y.must(y.today().ObjectToLine(ctx, y.secretary, s.Lines[1].ID, "仍不认可"))
}

func TestRulesThatWereUsedNeverChangeUnderTheirVersion(t *testing.T) {
	y := newYearEnd(t)
	y.open()
	changed, err := assess.Parse("rules.yaml", append(assess.Shipped(), "# changed\n"...))
	y.must(changed, err)
	y.Rules = changed
	y.refused(duban.RulesChanged, nil, first(y.today().OpenAssessment(ctx, y.admin, work.Opening{Year: 2025, Until: y.WindowEnd(y.now, duban.ObjectWithin)})))
	cast.Read(t, y.Desk, func(tx *store.Tx) error {
		rules, err := work.RulesOf(tx, y.round)
		if rules.Body() != string(assess.Shipped()) || rules.Version != y.round.Rules {
			t.Error("the rules of the round are others")
		}
		return err
	})
}

func TestComputingAnewKeepsWhatWasDecided(t *testing.T) {
	y := newYearEnd(t)
	y.open()
	before := y.standings()["市第五中学党委"]
	y.must(y.today().ChangeLine(ctx, y.admin, before.Lines[0].ID, 1_00, "情况说明属实"))
	y.now = on(12, 23, 9)
	y.must(y.today().Reassess(ctx, y.admin, y.round.ID, nil))
	after := y.standings()["市第五中学党委"]
	if len(after.Lines) != 2 || after.Lines[0].ID != before.Lines[0].ID || after.Lines[0].Decided != 1_00 || after.Lines[1].Decision != duban.LineOpen {
		t.Errorf("%+v", after.Lines)
	}
}

func TestTheLeaderMaySendARoundBack(t *testing.T) {
	y := newYearEnd(t)
	y.open()
	for _, s := range y.standings() {
		if s.Open > 0 {
			y.must(y.today().AcceptLines(ctx, y.admin, s.Assessment.ID))
		}
		for _, part := range s.Score.Missing {
			y.must(nil, y.today().EnterPart(ctx, y.admin, s.Assessment.ID, part, 80_00, "现场考评"))
		}
	}
	y.now = on(12, 29, 9)
	y.must(y.today().CloseAssessment(ctx, y.admin, y.round.ID))
	y.refused(duban.ReasonNeeded, nil, first(y.today().ReturnAssessment(ctx, y.leader, y.round.ID, "")))
	r, err := y.today().ReturnAssessment(ctx, y.leader, y.round.ID, "请核对第三中学送达情况")
	y.must(r, err)
	if !r.Open() || r.Until.String() != "2027-01-06" {
		t.Errorf("%+v", r)
	}
	if !errors.Is(first(y.today().DecideAssessment(ctx, y.leader, y.round.ID, "")), duban.Refuse(duban.WrongState)) {
		t.Error("an open round was decided")
	}
}

// TestASheetIsSeenByTheUnitAlone looks who was told of which assessment.
func TestASheetIsSeenByTheUnitAlone(t *testing.T) {
	y := newYearEnd(t)
	y.open()
	told := map[string]int{}
	cast.Read(t, y.Desk, func(tx *store.Tx) error {
		tx.Now = y.now
		letters, err := tx.ReadyLetters(duban.LaneReminder, time.UnixMilli(0), 0, 1000)
		for _, l := range letters {
			if l.Kind == duban.NewsAssess {
				p, err := tx.Person(l.PersonID)
				if err != nil {
					return err
				}
				told[fmt.Sprint(p.Code)]++
			}
		}
		return err
	})
	if len(told) != 5 || told["ZG"] != 1 || told["WF"] != 1 || told["SL"] != 1 || told["ZM"] != 1 || told["WM"] != 1 {
		t.Errorf("told %v", told)
	}
}
