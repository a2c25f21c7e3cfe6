package store

import (
	"reflect"
	"testing"
	"time"

	"duban"
	"duban/calendar"
)

func TestEveryTableIsStrict(t *testing.T) {
	s := mustOpen(t)
	mustRead(t, s, func(tx *Tx) error {
		loose, err := many(tx, scalar[string], `
			SELECT name
			FROM pragma_table_list
			WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version'`)
		if len(loose) > 0 {
			t.Errorf("not strict: %v", loose)
		}
		return err
	})
	err := s.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec(`INSERT INTO person (code, name, active) VALUES ('A', 'B', 'yes')`)
		return err
	})
	if err == nil {
		t.Error("a word stands in a column of numbers")
	}
}

func TestTheDatabaseRefusesWhatBreaksAnInvariant(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	a := mustIssue(t, s, o)
	mustWrite(t, s, func(tx *Tx) error {
		if _, err := tx.Bind(o.person, 100, "zh-CN"); err != nil {
			return err
		}
		_, err := tx.AddSubmission(duban.Submission{AssignmentID: a.ID, PersonID: o.person, State: duban.Collecting})
		return err
	})
	change := func(fn func(*duban.Assignment)) func(*Tx) error {
		return func(tx *Tx) error {
			changed := a
			fn(&changed)
			return tx.SaveAssignment(changed, tx.Now)
		}
	}
	add := func(fn func(*duban.Task)) func(*Tx) error {
		return func(tx *Tx) error {
			changed := task("T-2")
			fn(&changed)
			_, err := tx.AddTask(changed)
			return err
		}
	}
	for _, test := range []struct {
		name string
		fn   func(*Tx) error
	}{
		{"issued without an owner", change(func(a *duban.Assignment) { a.OwnerID = 0 })},
		{"issued without a deadline", change(func(a *duban.Assignment) { a.Due.Date.Year = 0; a.Due = duban.Assignment{}.Due })},
		{"issued without the time of issue", change(func(a *duban.Assignment) { a.IssuedAt = time.Time{} })},
		{"owned by nobody known", change(func(a *duban.Assignment) { a.OwnerID = 999 })},
		{"closed without a submission", change(func(a *duban.Assignment) { a.State, a.ClosedAt = duban.Closed, a.IssuedAt })},
		{"closed without the time of closing", change(func(a *duban.Assignment) { a.State, a.SubmittedAt = duban.Closed, a.IssuedAt })},
		{"submitted without the time of submission", change(func(a *duban.Assignment) { a.State = duban.Submitted })},
		{"in a state that does not exist", change(func(a *duban.Assignment) { a.State = "overdue" })},
		{"more than done", change(func(a *duban.Assignment) { a.Percent = 101 })},
		{"an empty duty", add(func(t *duban.Task) { t.Duty = "  " })},
		{"an empty title", add(func(t *duban.Task) { t.Title = "" })},
		{"a code that is taken", add(func(t *duban.Task) { t.Code = "T-1" })},
		{"an evidence rule that does not exist", add(func(t *duban.Task) { t.Evidence.Kind = "video" })},
		{"the same task for the same unit twice", func(tx *Tx) error {
			_, err := tx.AddAssignment(a, tx.Now)
			return err
		}},
		{"a second active account of a person", func(tx *Tx) error {
			_, err := tx.Bind(o.person, 101, "zh-CN")
			return err
		}},
		{"a second person on a Telegram account", func(tx *Tx) error {
			other, err := tx.AddPerson(duban.Person{Code: "ZG", Name: "赵刚"})
			if err != nil {
				t.Error(err)
			}
			_, err = tx.Bind(other, 100, "zh-CN")
			return err
		}},
		{"a second open submission", func(tx *Tx) error {
			_, err := tx.AddSubmission(duban.Submission{AssignmentID: a.ID, PersonID: o.person, State: duban.SubmissionWaits})
			return err
		}},
		{"a unit of a kind that does not exist", func(tx *Tx) error {
			_, err := tx.AddUnit(duban.Unit{Name: "某单位", Kind: "region"})
			return err
		}},
		{"a letter to nobody", func(tx *Tx) error { return tx.Post(duban.Notice{Key: "k", Kind: duban.NewsAnswer}) }},
		{"a role that does not exist", func(tx *Tx) error {
			_, err := tx.SetPost(o.person, o.unit, "chief")
			return err
		}},
	} {
		if err := s.Write(ctx, test.fn); err == nil {
			t.Errorf("the database takes %s", test.name)
		}
	}
	mustRead(t, s, func(tx *Tx) error {
		if again, err := tx.Assignment(a.ID); err != nil || !reflect.DeepEqual(again, a) {
			t.Errorf("after all that the assignment is %+v, %v", again, err)
		}
		return nil
	})
}

func TestAnAssignmentComesBackAsItWasSaved(t *testing.T) {
	s := mustOpen(t)
	a := mustIssue(t, s, mustPeople(t, s))
	at := func(n int) time.Time { return time.Date(2026, 10, 12, 10, n, 0, 0, time.UTC) }
	a.State, a.AcceptedAt, a.SubmittedAt, a.ReturnedAt, a.ClosedAt = duban.Closed, at(1), at(2), at(3), at(4)
	a.ActedUntil, a.NextAction, a.Due.Instant = at(5), at(6), at(7)
	a.Percent, a.Returns, a.Extensions, a.Urges, a.Policy = 100, 1, 2, 3, duban.SilentPolicy
	a.FollowsID = a.ID
	a.Support, a.Loud, a.Before, a.SuspendedAt, a.DeclinedAt, a.CancelledAt = true, true, duban.Returned, at(8), at(9), at(10)
	a.RestartedAt, a.RequestedAt, a.PromisedAt, a.Level, a.RespondBy = at(11), at(12), at(13), 4, at(14)
	a.Milestones = []duban.Milestone{{Title: "方案", Date: calendar.Date{Year: 2026, Month: 10, Day: 20}, Percent: 30, DoneAt: at(15)}, {Title: "总结", Date: calendar.Date{Year: 2026, Month: 11, Day: 20}, Percent: 100}}
	ladder := duban.Ladder{BeforeDue: []calendar.Step{{N: 3, Unit: calendar.WorkingDays}}, At: calendar.Clock{Hour: 9}}
	mustWrite(t, s, func(tx *Tx) (err error) {
		if a.LadderID, err = tx.LadderID(ladder); err != nil {
			return err
		}
		if again, err := tx.LadderID(ladder); err != nil || again != a.LadderID {
			t.Errorf("the same ladder is kept twice: %d and %d, %v", a.LadderID, again, err)
		}
		return tx.SaveAssignment(a, at(7))
	})
	mustRead(t, s, func(tx *Tx) error {
		kept, err := tx.Ladder(a.LadderID)
		if !reflect.DeepEqual(kept, ladder) {
			t.Errorf("kept %+v", kept)
		}
		return err
	})
	a.Version++
	mustRead(t, s, func(tx *Tx) error {
		if again, err := tx.Assignment(a.ID); err != nil || !reflect.DeepEqual(again, a) {
			t.Errorf("got\n%+v, %v, want\n%+v", again, err, a)
		}
		return nil
	})
}

func TestTheDueIndexNamesWhatIsDueByNowLongestDueFirst(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	now := time.Date(2026, 10, 12, 10, 0, 0, 0, time.UTC)
	offsets := []time.Duration{time.Minute, -time.Minute, -time.Hour, 0, -24 * time.Hour}
	mustWrite(t, s, func(tx *Tx) error {
		for i, offset := range offsets {
			id, err := tx.AddTask(task(string(rune('A' + i))))
			if err != nil {
				return err
			}
			a := duban.Assignment{TaskID: id, UnitID: o.unit, OwnerID: o.person, State: duban.Issued, Due: due, IssuedAt: now, NextAction: now.Add(offset)}
			if _, err := tx.AddAssignment(a, now); err != nil {
				return err
			}
		}
		return nil
	})
	mustRead(t, s, func(tx *Tx) error {
		due, err := tx.DueActions(now, 3)
		if err != nil || len(due) != 3 || due[0] != 5 || due[1] != 3 || due[2] != 2 {
			t.Errorf("due: %v, %v", due, err)
		}
		next, err := tx.NextDue()
		if err != nil || !next.Equal(now.Add(-24*time.Hour)) {
			t.Errorf("next: %s, %v", next, err)
		}
		n, oldest, err := tx.LateActions(now.Add(-30 * time.Minute))
		if err != nil || n != 2 || !oldest.Equal(now.Add(-24*time.Hour)) {
			t.Errorf("late: %d, %s, %v", n, oldest, err)
		}
		return nil
	})
	mustWrite(t, s, func(tx *Tx) error {
		if err := tx.Plan(5, now, time.Time{}, 1); err != nil {
			return err
		}
		return tx.Postpone(3, now.Add(time.Hour))
	})
	mustRead(t, s, func(tx *Tx) error {
		due, err := tx.DueActions(now, 10)
		if err != nil || len(due) != 2 || due[0] != 2 || due[1] != 4 {
			t.Errorf("due afterwards: %v, %v", due, err)
		}
		return nil
	})
}
