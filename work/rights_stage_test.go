package work_test

import (
	"context"
	"fmt"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// about makes a deed about one assignment from how the assignment comes to where it stands and from what is done to it.
func about(ready func(*walk) int64, do func(*walk, duban.Actor, int64) error) func(*walk) func(duban.Actor) error {
	return func(w *walk) func(duban.Actor) error {
		id := ready(w)
		return func(who duban.Actor) error { return do(w, who, id) }
	}
}

func second[T any](_ T, err error) error { return err }

// orOutside makes a refusal of the rows that lie outside of the reach of who imports or issues.
func orOutside(err error, problems []work.Problem) error {
	if err != nil || len(problems) == 0 {
		return err
	}
	if problems[0].Reason == work.OutsideScope {
		return duban.Refuse(duban.NotAllowed)
	}
	return fmt.Errorf("%+v", problems)
}

func grant(w *walk, who duban.Actor, id int64) error {
	return second(w.desk.Grant(ctx, who, w.request(id), work.Grant{}))
}

func turn(w *walk, who duban.Actor, id int64) error {
	return second(w.desk.Turn(ctx, who, w.request(id), "时间充裕"))
}

func issueNotice(w *walk, who duban.Actor, id int64) error {
	return second(w.desk.IssueNotice(ctx, who, w.notice(id), "请立即整改"))
}

func sendBack(d *work.Desk, ctx context.Context, who duban.Actor, request int64) (duban.Request, error) {
	return d.SendBackIssue(ctx, who, request, "请补充依据")
}

// pending makes a deed about what somebody of the cast has drawn up for the school and its branch, under a policy by which it has to be approved.
func pending(drawnUpBy string, change func(*duban.Policy), decide func(*work.Desk, context.Context, duban.Actor, int64) (duban.Request, error)) func(*walk) func(duban.Actor) error {
	return func(w *walk) func(duban.Actor) error {
		before := w.desk.Policy
		change(&w.desk.Policy)
		row := w.row(duban.NoEvidence)
		row.Owner, row.Units = "", "王芳、刘洋"
		done := must(w.desk.IssueTask(ctx, w.who[drawnUpBy], work.TaskDraft{Row: row}))
		if done.Waits == "" {
			w.t.Fatalf("nobody has to approve what %s drew up: %+v", drawnUpBy, done)
		}
		var r duban.Request
		cast.Read(w.t, w.desk, func(tx *store.Tx) (err error) {
			r, err = tx.OpenTaskRequest(done.Task.ID)
			return err
		})
		return func(who duban.Actor) error {
			_, err := decide(w.desk, ctx, who, r.ID)
			w.desk.Policy = before
			return err
		}
	}
}

func (w *walk) write(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.desk.Store.Write(ctx, fn); err != nil {
		w.t.Fatal(err)
	}
}

// row is a new item for 王芳 of the school.
func (w *walk) row(kind duban.EvidenceKind) work.TaskRow {
	w.rows++
	return work.TaskRow{
		Code: fmt.Sprintf("W-%04d", w.rows), Title: "报送总结", Duty: "按模板报送", Units: theSchool, Owner: "WF", Due: "2026-12-04", Review: true,
		Priority: duban.Normal, Evidence: duban.Evidence{Kind: kind}, Spoken: true,
	}
}

func (w *walk) item() int64 {
	w.t.Helper()
	return cast.Issue(w.t, w.desk, duban.Console, w.row(duban.NoEvidence))[0].ID
}

// planned is an item of the plan that the secretary of the school has put there.
func (w *walk) planned() duban.PlanItem {
	w.t.Helper()
	row := w.row(duban.NoEvidence)
	row.Due = "每月25日前"
	item, problems, err := w.desk.AddToPlan(ctx, w.who["ZG"], work.TaskDraft{Row: row})
	if err != nil || len(problems) > 0 {
		w.t.Fatal(err, problems)
	}
	return item
}

func (w *walk) staged() int64 {
	w.t.Helper()
	row := w.row(duban.NoEvidence)
	row.Milestones = "初稿:2026-11-30:50%"
	return cast.Issue(w.t, w.desk, duban.Console, row)[0].ID
}

func (w *walk) stageDone() int64 {
	id := w.staged()
	must(w.desk.FinishMilestone(ctx, w.who["WF"], id, 0))
	return id
}

func (w *walk) submitted() int64 {
	id := w.item()
	must(w.desk.Submit(ctx, w.who["WF"], id, work.Report{Text: "已完成"}))
	return id
}

func (w *walk) closed() int64 {
	id := w.submitted()
	must(w.desk.Pass(ctx, w.who["LM"], w.submission(id)))
	return id
}

func (w *walk) returned() int64 {
	id := w.submitted()
	must(w.desk.Return(ctx, w.who["LM"], w.submission(id), work.Comeback{Reason: "缺公章"}))
	return id
}

func (w *walk) objected() int64 {
	id := w.returned()
	must(w.desk.Object(ctx, w.who["WF"], id, "公章齐全"))
	return id
}

func (w *walk) suspended() int64 {
	id := w.item()
	must(w.desk.Suspend(ctx, w.who["CGD"], id, "上级暂停"))
	return id
}

func (w *walk) declined() int64 {
	id := w.item()
	must(w.desk.Decline(ctx, w.who["ZG"], id, "不属我单位"))
	return id
}

func (w *walk) asks(days int) int64 {
	id := w.item()
	must(w.desk.AskExtension(ctx, w.who["WF"], id, w.later(id, days), "材料尚未收齐"))
	return id
}

func (w *walk) asked() int64 { return w.asks(3) }

// agreed is an item for which so many working days more were asked for, and the secretary has agreed.
func agreed(days int) func(*walk) int64 {
	return func(w *walk) int64 {
		id := w.asks(days)
		must(w.desk.Agree(ctx, w.who["ZG"], w.request(id)))
		return id
	}
}

func (w *walk) askedAgain() int64 {
	id := agreed(2)(w)
	must(w.desk.Grant(ctx, w.who["LM"], w.request(id), work.Grant{}))
	must(w.desk.AskExtension(ctx, w.who["ZG"], id, w.later(id, 1), "仍未收齐"))
	return id
}

// draft is an item that is late, with the draft of a notice of a level.
func draft(level int) func(*walk) int64 {
	return func(w *walk) int64 {
		id := w.item()
		w.at("2026-12-09 10:00")
		w.write(func(tx *store.Tx) error {
			_, err := tx.AddEscalation(id, level, "")
			return err
		})
		return id
	}
}

func (w *walk) dropped() int64 {
	id := draft(3)(w)
	if err := w.desk.DropNotice(ctx, w.who["LM"], w.notice(id)); err != nil {
		w.t.Fatal(err)
	}
	return id
}

// noticed returns the notice that was issued, not its item.
func (w *walk) noticed() int64 {
	id := draft(3)(w)
	return must(w.desk.IssueNotice(ctx, w.who["LM"], w.notice(id), "请立即整改")).ID
}

func (w *walk) absence() duban.Absence {
	return duban.Absence{PersonID: w.person("WF"), DeputyID: w.person("ZG"), From: "2027-03-01", To: "2027-03-02"}
}

func (w *walk) later(id int64, days int) calendar.Due {
	return calendar.Due{Date: w.desk.Calendar.AddWorkingDays(w.assignment(id).Due.Date, days)}
}

func (w *walk) request(id int64) (request int64) {
	w.t.Helper()
	cast.Read(w.t, w.desk, func(tx *store.Tx) error {
		all, err := tx.RequestsOf(id)
		request = all[len(all)-1].ID
		return err
	})
	return request
}

func (w *walk) submission(id int64) (submission int64) {
	w.t.Helper()
	cast.Read(w.t, w.desk, func(tx *store.Tx) error {
		sub, err := tx.LastSubmission(id)
		submission = sub.ID
		return err
	})
	return submission
}

func (w *walk) notice(id int64) (notice int64) {
	w.t.Helper()
	cast.Read(w.t, w.desk, func(tx *store.Tx) error {
		all, err := tx.EscalationsOf(id)
		notice = all[len(all)-1].ID
		return err
	})
	return notice
}

func (w *walk) task(id int64) (task duban.Task) {
	w.t.Helper()
	cast.Read(w.t, w.desk, func(tx *store.Tx) error {
		a, err := tx.Assignment(id)
		if err == nil {
			task, err = tx.Task(a.TaskID)
		}
		return err
	})
	return task
}
