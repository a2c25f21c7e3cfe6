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
		e := errand{city: c, item: it, id: a.ID, owner: c.byID[a.OwnerID], issuer: issuer, issued: at}
		e.fate = it.next(e.owner, e.owner.phone == c.Officer)
		c.foresee(e)
	}
	return c.post.round(at.Add(20 * time.Second))
}

// next gives the next owner of an item a fate: first those that the item has to show, then as it comes.
func (it *item) next(owner *resident, isOfficer bool) fate {
	switch {
	case isOfficer:
		return it.officer
	case !owner.joined() || !owner.gone.IsZero():
		return chance
	case it.open > 0:
		it.open--
		return signed
	case it.waiting > 0:
		it.waiting--
		return reported
	}
	return chance
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
	doer   *resident // the owner, or who stands in
	issuer *resident
	issued time.Time
	fate   fate
}

// plan plans what the doer does, until the day on which he or she blocks the bot.
func (e errand) plan(at time.Time, do func(time.Time) error) {
	if gone := e.doer.gone; gone.IsZero() || at.Before(gone) {
		e.city.plan(at, do)
	}
}

// oldAfter is how many working days after its deadline an item has been done by whatever way.
const oldAfter = 5

// standIn finds who does on behalf what somebody who has not joined owns: the secretary of the school, else who issued it.
func (c *City) standIn(e errand) *resident {
	for _, r := range c.people {
		if r.joined() && r.row.Unit == e.owner.row.Unit && r.row.Role == duban.Secretary {
			return r
		}
	}
	return e.issuer
}

// foresee plans what becomes of an assignment: when it is signed, how it goes on, when it is reported. What somebody owns who has not joined
// waits, or was done on behalf long ago.
func (c *City) foresee(e errand) {
	e.doer = e.owner
	if !e.owner.joined() && e.item.due > -oldAfter {
		return
	}
	if !e.owner.joined() {
		e.doer = c.standIn(e)
	}
	if e.fate == unsigned {
		return
	}
	sign := c.soonAfter(e.issued, c.pick(55, 30, 10, 5))
	if e.fate != chance {
		sign = e.issued.Add(time.Duration(20+c.random.IntN(90)) * time.Minute)
	}
	e.plan(sign, e.accept)
	if c.random.IntN(100) < 35 || e.fate == halfway {
		half := c.desk.Calendar.AddWorkingDays(c.desk.Calendar.Today(sign), 1+c.random.IntN(3))
		e.plan(c.moment(half), e.progress)
	}
	c.plan(c.moment(c.desk.Calendar.AddWorkingDays(c.day(e.item.due), 1)), e.urge)
	if e.fate == signed || e.fate == halfway {
		return
	}
	e.plan(e.doneAt(sign), e.report)
}

// doneAt is when an item is reported: early enough to be past where its fate asks for that, else somewhere around its deadline.
func (e errand) doneAt(sign time.Time) time.Time {
	c := e.city
	done := c.moment(c.desk.Calendar.AddWorkingDays(c.day(e.item.due), c.lateness()))
	switch e.fate {
	case finished, sentBack:
		done = c.moment(c.day(max(min(e.item.due-2, -2), e.item.issued+1)))
	case reported:
		done = c.moment(c.day(-1))
	}
	if !done.After(sign) {
		return sign.Add(time.Duration(1+c.random.IntN(5)) * time.Hour)
	}
	return done
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
	_, err := e.city.desk.Past(at).Accept(e.city.ctx, e.doer.who, e.id)
	return e.unlessSettled(err, "sign")
}

var steps = []string{"已分解到人，正在收集材料。", "初稿已完成，正在征求意见。", "已召开会议研究，正在整理。", "材料已报党委书记审阅。"}

func (e errand) progress(at time.Time) error {
	percent := 30 + 10*e.city.random.IntN(5)
	_, err := e.city.desk.Past(at).Progress(e.city.ctx, e.doer.who, e.id, percent, steps[e.city.random.IntN(len(steps))])
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
func (e errand) report(at time.Time) error {
	c := e.city
	done, err := c.desk.Past(at).Submit(c.ctx, e.doer.who, e.id, e.completion(at))
	if err != nil {
		return fmt.Errorf("report %s: %w", e.item.title, err)
	}
	if !e.item.review || e.fate == reported {
		return nil
	}
	sends := e.fate == sentBack || e.fate == chance && c.random.IntN(100) < 11
	decided := c.soonAfter(at, 1+c.pick(60, 30, 10))
	if e.fate != chance {
		decided = at.Add(time.Duration(30+c.random.IntN(180)) * time.Minute)
	}
	c.plan(decided, func(at time.Time) error { return e.decide(done.Submission.ID, at, sends) })
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

// file is a document that the doer sent in the chat at that time.
func (e errand) file(at time.Time, school string) duban.File {
	name := fmt.Sprintf("%s_%s.txt", school, e.item.title)
	content := fmt.Sprintf("%s\n%s\n\n报送：%s %s\n", e.item.title, e.item.duty, school, e.doer.row.Name)
	m := e.doer.phone.RecallDocument(at, name, []byte(content))
	return duban.File{
		Kind: duban.DocumentFile, FileID: m.Document.FileID, UniqueID: m.Document.FileUniqueID, Name: name, Size: m.Document.FileSize,
		ChatID: e.doer.phone.ID(), MessageID: int64(m.ID), At: at,
	}
}

var reasons = []string{"材料不完整，请补充整改措施和完成时间。", "未加盖党委公章，请重新上传。", "内容与任务要求不符，请对照责任要求修改。"}

func (e errand) decide(submission int64, at time.Time, sends bool) error {
	c := e.city
	desk := c.desk.Past(at)
	if !sends {
		if err := desk.OpenEvidence(c.ctx, e.issuer.who, submission); err != nil {
			return e.unlessSettled(err, "open")
		}
		_, err := desk.Pass(c.ctx, e.issuer.who, submission)
		return e.unlessSettled(err, "pass")
	}
	reason := reasons[c.random.IntN(len(reasons))]
	if _, err := desk.Return(c.ctx, e.issuer.who, submission, work.Comeback{Reason: reason}); err != nil {
		return e.unlessSettled(err, "return")
	}
	if e.fate != sentBack {
		e.fate = finished // the second time it passes
		e.plan(c.soonAfter(at, 1+c.random.IntN(2)), e.report)
	}
	return c.post.round(at.Add(5 * time.Second))
}
