package city

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
	"duban/work"
)

// planTasks plans the issuing of every item. What follows from it is planned when it is issued.
func (c *City) planTasks() error {
	for i, it := range items {
		code := fmt.Sprintf("DJ-%d-%02d", c.day(it.due).Year, i+1)
		at := c.day(it.issued).At(calendar.Clock{Hour: 9, Minute: 5 + i%20}, c.desk.Calendar.Zone())
		c.plan(at, func(at time.Time) error { return c.issue(it, code, at) })
	}
	return nil
}

// issue issues an item, takes its ladder away, since samples keep quiet, and plans what becomes of it in each unit.
func (c *City) issue(it item, code string, at time.Time) error {
	issuer := c.tellers[0]
	if it.second {
		issuer = c.tellers[1]
	}
	result, err := c.desk.Past(at).ImportTasks(c.ctx, issuer.who, []work.TaskRow{it.row(code, c.day(it.due))}, work.ImportOptions{File: "年度任务清单.xlsx"})
	if err != nil {
		return fmt.Errorf("issue %s: %w", it.title, err)
	}
	if len(result.Problems) > 0 {
		return fmt.Errorf("issue %s: %v", it.title, result.Problems[0])
	}
	var issued []duban.Assignment
	err = c.writeAt(at, func(tx *store.Tx) error {
		task, err := tx.TaskByCode(code)
		if err != nil {
			return err
		}
		if issued, err = tx.AssignmentsOf(task.ID); err != nil {
			return err
		}
		for _, a := range issued {
			a.Policy, a.NextAction = duban.SilentPolicy, time.Time{}
			if err := tx.SaveAssignment(a, c.desk.Calendar.End(a.Due)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("issue %s: %w", it.title, err)
	}
	for _, a := range issued {
		c.foresee(errand{city: c, item: it, id: a.ID, owner: c.byID[a.OwnerID], issuer: issuer, issued: at})
	}
	return c.post.round(at.Add(20 * time.Second))
}

func (it item) row(code string, due calendar.Date) work.TaskRow {
	row := work.TaskRow{
		Line: 2, Code: code, Title: it.title, Duty: it.duty, Category: it.category, Units: it.units, Owner: it.owner, Due: due.String(),
		Evidence: duban.Evidence{Kind: it.evidence}, Review: it.review, Priority: it.priority, Basis: it.basis, Internal: it.internal,
	}
	if row.Evidence.Kind == "" {
		row.Evidence.Kind = duban.NoEvidence
	}
	if row.Priority == "" {
		row.Priority = duban.Normal
	}
	return row
}

// errand is one assignment with those who have to do with it.
type errand struct {
	city   *City
	item   item
	id     int64
	owner  *resident
	issuer *resident
	issued time.Time
}

// foresee plans what becomes of an assignment: when it is signed, how it goes on, when it is reported. Who has not joined does nothing.
func (c *City) foresee(e errand) {
	if e.owner.who.AccountID == 0 {
		return
	}
	fate := chance
	if e.owner.phone == c.Officer {
		fate = e.item.officer
	}
	if fate == unsigned {
		return
	}
	sign := c.soonAfter(e.issued, c.pick(55, 30, 10, 5))
	if fate != chance {
		sign = e.issued.Add(time.Duration(20+c.random.IntN(90)) * time.Minute)
	}
	c.plan(sign, e.accept)
	due := c.day(e.item.due)
	if c.random.IntN(100) < 35 || fate == halfway {
		half := c.desk.Calendar.AddWorkingDays(c.desk.Calendar.Today(sign), 1+c.random.IntN(3))
		c.plan(c.moment(half), e.progress)
	}
	if fate == signed || fate == halfway {
		return
	}
	done := c.moment(c.desk.Calendar.AddWorkingDays(due, c.lateness()))
	if fate == finished || fate == sentBack {
		done = c.moment(c.day(max(min(e.item.due-2, -2), e.item.issued+1)))
	}
	if !done.After(sign) {
		done = sign.Add(time.Duration(1+c.random.IntN(5)) * time.Hour)
	}
	c.plan(c.moment(c.desk.Calendar.AddWorkingDays(due, 1)), e.urge)
	c.plan(done, func(at time.Time) error { return e.report(at, fate) })
}

// lateness is by how many working days something is reported after its deadline: mostly before it.
func (c *City) lateness() int {
	switch n := c.random.IntN(100); {
	case n < 70:
		return -1 - c.random.IntN(8)
	case n < 85:
		return 0
	case n < 97:
		return 1 + c.random.IntN(3)
	}
	return 4 + c.random.IntN(8)
}

// pick returns an index by its weight in percent.
func (c *City) pick(weights ...int) int {
	n := c.random.IntN(100)
	for i, w := range weights {
		if n < w {
			return i
		}
		n -= w
	}
	return len(weights) - 1
}

// soonAfter is some moment at the office so many working days after an instant, never before it.
func (c *City) soonAfter(at time.Time, days int) time.Time {
	if days == 0 {
		return at.Add(time.Duration(15+c.random.IntN(7*60)) * time.Minute)
	}
	return c.moment(c.desk.Calendar.AddWorkingDays(c.desk.Calendar.Today(at), days))
}

func (e errand) accept(at time.Time) error {
	_, err := e.city.desk.Past(at).Accept(e.city.ctx, e.owner.who, e.id)
	return e.unlessSettled(err, "sign")
}

var steps = []string{"已分解到人，正在收集材料。", "初稿已完成，正在征求意见。", "已召开会议研究，正在整理。", "材料已报党委书记审阅。"}

func (e errand) progress(at time.Time) error {
	percent := 30 + 10*e.city.random.IntN(5)
	_, err := e.city.desk.Past(at).Progress(e.city.ctx, e.owner.who, e.id, percent, steps[e.city.random.IntN(len(steps))])
	return e.unlessSettled(err, "report progress on")
}

// unlessSettled leaves out what came too late in the invented story, as when something was reported before progress on it was.
func (e errand) unlessSettled(err error, what string) error {
	if code := duban.CodeOf(err); err == nil || code == duban.AlreadyDone || code == duban.WrongState {
		return nil
	}
	return fmt.Errorf("%s %s: %w", what, e.item.title, err)
}

// urge records the notice that the ladder would have sent for what was still open after its deadline.
func (e errand) urge(at time.Time) error {
	return e.city.writeAt(at, func(tx *store.Tx) error {
		a, err := tx.Assignment(e.id)
		if err != nil || !a.State.OnUnit() {
			return err
		}
		facts := duban.Facts{"rung": duban.RungNotice, "step": "1wd", "reason": duban.RungsDue, "to": []int64{a.OwnerID}}
		entry := duban.Entry{Event: duban.EventUrged, UnitID: a.UnitID, PersonID: a.OwnerID, TaskID: a.TaskID, AssignmentID: a.ID, Facts: facts}
		return errors.Join(tx.Record(duban.System, entry), tx.Plan(a.ID, at, time.Time{}, a.Urges+1))
	})
}

// report hands in the completion and plans its review.
func (e errand) report(at time.Time, fate fate) error {
	c := e.city
	done, err := c.desk.Past(at).Submit(c.ctx, e.owner.who, e.id, e.completion(at))
	if err != nil {
		return fmt.Errorf("report %s: %w", e.item.title, err)
	}
	if !e.item.review {
		return nil
	}
	sends := fate == sentBack || fate == chance && c.random.IntN(100) < 11
	decided := c.soonAfter(at, 1+c.pick(60, 30, 10))
	if fate != chance {
		decided = at.Add(time.Duration(30+c.random.IntN(180)) * time.Minute)
	}
	c.plan(decided, func(at time.Time) error { return e.decide(done.Submission.ID, at, sends, fate) })
	return nil
}

// completion is what the evidence rule of the item asks for.
func (e errand) completion(at time.Time) work.Report {
	school := strings.TrimSuffix(e.owner.row.Unit, "党委")
	switch e.item.evidence {
	case duban.TextEvidence:
		return work.Report{Text: fmt.Sprintf("%s已按要求完成“%s”，情况属实。", school, e.item.title)}
	case duban.FileEvidence:
		return work.Report{Files: []duban.File{e.file(at, school)}}
	}
	return work.Report{}
}

// file is a document that the owner sent in the chat at that time.
func (e errand) file(at time.Time, school string) duban.File {
	name := fmt.Sprintf("%s_%s.txt", school, e.item.title)
	content := fmt.Sprintf("%s\n%s\n\n报送：%s %s\n", e.item.title, e.item.duty, school, e.owner.row.Name)
	m := e.owner.phone.RecallDocument(at, name, []byte(content))
	return duban.File{
		Kind: duban.DocumentFile, FileID: m.Document.FileID, UniqueID: m.Document.FileUniqueID, Name: name, Size: m.Document.FileSize,
		ChatID: e.owner.phone.ID(), MessageID: int64(m.ID), At: at,
	}
}

var reasons = []string{"材料不完整，请补充整改措施和完成时间。", "未加盖党委公章，请重新上传。", "内容与任务要求不符，请对照责任要求修改。"}

func (e errand) decide(submission int64, at time.Time, sends bool, fate fate) error {
	c := e.city
	desk := c.desk.Past(at)
	if !sends {
		_, err := desk.Pass(c.ctx, e.issuer.who, submission)
		return e.unlessSettled(err, "pass")
	}
	reason := reasons[c.random.IntN(len(reasons))]
	if _, err := desk.Return(c.ctx, e.issuer.who, submission, reason, calendar.Due{}); err != nil {
		return e.unlessSettled(err, "return")
	}
	if fate != sentBack {
		c.plan(c.soonAfter(at, 1+c.random.IntN(2)), func(at time.Time) error { return e.report(at, finished) })
	}
	return c.post.round(at.Add(5 * time.Second))
}
