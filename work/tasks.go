package work

import (
	"cmp"
	"context"

	"duban"
	"duban/calendar"
	"duban/store"
)

// TaskRow is one item of a task list. Units are names, kinds or regions, or all, separated by 、. Due is text as people type deadlines.
type TaskRow struct {
	Line                        int
	Code, Title, Duty, Category string
	Units, Owner, Due           string
	Evidence                    duban.Evidence
	Review                      bool
	Priority                    duban.Priority
	Basis, Note, Reviewer       string
	Internal                    bool
	Supports                    string           // 协办单位, as Units; none when empty
	Completion                  duban.Completion // how it is done by several units; by all of them when empty
	Milestones                  string           // 节点 as people type them: 方案制定:11-30:30%；中期检查:12-10:60%
	LoudReason                  string           // why reminders may break quiet time; of critical items only
	// Spoken says that the row was drawn up in the chat: Units may also name people, who then own the item in their unit, and words for many units mean
	// those within one's own reach.
	Spoken bool
}

// ImportTasks issues the items of a task list, or with Draft only keeps them (任务导入). It is idempotent by code: a file sent again changes only
// what changed. A changed deadline or owner of an issued item keeps the original deadline, refreshes the card and tells the owner; a closed
// item is left and reported.
func (d *Desk) ImportTasks(ctx context.Context, who duban.Actor, rows []TaskRow, o ImportOptions) (ImportResult, error) {
	var result ImportResult
	err := d.write(ctx, who, func(tx *store.Tx) error {
		m := taskImport{resolver: d.resolver(tx, who), draft: o.Draft}
		for _, row := range rows {
			if err := m.row(row); err != nil {
				return err
			}
		}
		result = m.result
		result.Problems, result.Warned = m.problems, m.warned
		if err := settle(&result, o); err != nil {
			return err
		}
		return recordImport(tx, who, "tasks", result, o)
	})
	return result, settled(err)
}

type taskImport struct {
	*resolver
	draft  bool
	result ImportResult
	seat   duban.Seat // who has to approve what the present row issues; "": nobody
	sent   int        // assignments of the present row that wait for approval
}

func (m *taskImport) row(row TaskRow) error {
	wrong := len(m.problems)
	targets, err := m.targets(row)
	if err != nil {
		return err
	}
	before, err := m.tx.TaskByCode(row.Code)
	if ignoreNotFound(err) != nil {
		return err
	}
	known := err == nil
	due, err := m.due(row, before.ID, targets)
	if err != nil {
		return err
	}
	if targets, err = m.milestones(row, before, targets, due); err != nil {
		return err
	}
	reviewer, err := m.reviewer(row)
	if err != nil {
		return err
	}
	if len(m.problems) > wrong {
		return nil
	}
	if err := m.lookWhoApproves(targets); err != nil {
		return err
	}
	task, unchanged := taskOf(row, reviewer), m.result.Unchanged
	if known {
		task.ID = before.ID
		err = m.again(row, before, task, targets, due)
	} else {
		err = m.fresh(&task, targets, due)
	}
	if err == nil && m.sent > 0 {
		err = m.send(task)
	}
	if err != nil || m.result.Unchanged > unchanged {
		return err
	}
	return m.warn(row, targets, due)
}

func taskOf(row TaskRow, reviewer int64) duban.Task {
	return duban.Task{
		Code: row.Code, Title: row.Title, Duty: row.Duty, Category: row.Category, Evidence: row.Evidence, Review: row.Review,
		ReviewerID: reviewer, Priority: row.Priority, Basis: row.Basis, Note: row.Note, Internal: row.Internal,
		Completion: cmp.Or(row.Completion, duban.CompleteAll), LoudReason: row.LoudReason,
	}
}

func (m *taskImport) fresh(task *duban.Task, targets []target, due calendar.Due) error {
	task.IssuerID = m.who.PersonID
	id, err := m.tx.AddTask(*task)
	if err != nil {
		return err
	}
	task.ID = id
	for _, t := range targets {
		if err := m.issue(*task, t, due); err != nil {
			return err
		}
	}
	m.result.New++
	return nil
}

func (m *taskImport) issue(task duban.Task, t target, due calendar.Due) error {
	switch {
	case m.draft:
		return m.desk.draftTo(m.tx, t.assignment(task, due), duban.Draft)
	case m.seat != "":
		m.sent++
		return m.desk.draftTo(m.tx, t.assignment(task, due), duban.Pending)
	}
	m.result.Issued++
	return m.desk.issueTo(m.tx, m.who, task, t.assignment(task, due))
}

// again brings a task that is there already to what the row says.
func (m *taskImport) again(row TaskRow, before, task duban.Task, targets []target, due calendar.Due) error {
	task.ID, task.IssuerID, task.CreatedAt = before.ID, before.IssuerID, before.CreatedAt
	if _, err := m.tx.OpenTaskRequest(task.ID); duban.CodeOf(err) != duban.NotFound {
		m.result.Left = append(m.result.Left, Problem{row.Line, ColumnTaskCode, ItemPending, task.Code, ""})
		m.result.Unchanged++
		return err
	}
	changed := task != before
	if changed {
		if err := m.tx.ChangeTask(task); err != nil {
			return err
		}
	}
	for _, t := range targets {
		moved, err := m.assignAgain(row, task, t, due, changed)
		if err != nil {
			return err
		}
		changed = changed || moved
	}
	if !changed {
		m.result.Unchanged++
		return nil
	}
	m.result.Changed++
	return m.desk.followAgain(m.tx, m.who, task)
}

func (m *taskImport) assignAgain(row TaskRow, task duban.Task, t target, due calendar.Due, taskChanged bool) (bool, error) {
	a, err := m.tx.AssignmentOf(task.ID, t.unit.ID)
	if duban.CodeOf(err) == duban.NotFound {
		return true, m.issue(task, t, due)
	}
	if err != nil {
		return false, err
	}
	if row.Owner == "" {
		t.owner = a.OwnerID
	}
	same := sameDue(a.Due, due) && a.OwnerID == t.owner && a.Support == t.support && duban.SameMilestones(a.Milestones, t.milestones)
	switch {
	case a.State == duban.Draft:
		return !m.draft || !same, m.redraft(task, a, t, due)
	case !a.State.Open() && a.State != duban.Draft && (!same || taskChanged):
		m.result.Left = append(m.result.Left, Problem{row.Line, ColumnTaskCode, ItemClosed, task.Code, t.unit.Name})
		return false, nil
	case same && !taskChanged:
		return false, nil
	}
	if a.State == duban.Submitted && a.Support != t.support {
		m.result.Left = append(m.result.Left, Problem{row.Line, ColumnUnits, ItemReported, task.Code, t.unit.Name})
		return false, nil
	}
	a.Support, a.Milestones = t.support, duban.Replanned(a.Milestones, t.milestones)
	return true, m.desk.change(m.tx, m.who, a, t.owner, due)
}

func (m *taskImport) redraft(task duban.Task, a duban.Assignment, t target, due calendar.Due) error {
	a.OwnerID, a.Due, a.Support, a.Milestones = t.owner, due, t.support, t.milestones
	if !m.draft && m.seat != "" {
		a.State = duban.Pending
		m.sent++
	}
	if m.draft || m.seat != "" {
		return m.tx.SaveAssignment(a, m.desk.Calendar.End(due))
	}
	m.result.Issued++
	return m.desk.issueDraft(m.tx, m.who, task, a)
}

// lookWhoApproves finds out who has to approve what a row issues.
func (m *taskImport) lookWhoApproves(targets []target) error {
	m.seat, m.sent = "", 0
	if m.draft || m.who.Trusted() {
		return nil
	}
	all, people, err := m.introduced(targets)
	if err != nil {
		return err
	}
	role, err := issuerRole(m.tx, m.who, all)
	m.seat = m.desk.Policy.NextApproval(role, people, nil)
	return err
}

// send asks for the approval of what a row would issue.
func (m *taskImport) send(task duban.Task) error {
	m.result.Waiting += m.sent
	targets, _, err := targetsOf(m.tx, task.ID)
	if err != nil {
		return err
	}
	return m.desk.askToIssue(m.tx, m.who, m.who.PersonID, task, targets, m.seat)
}

func sameDue(a, b calendar.Due) bool { return a.Date == b.Date && a.Instant.Equal(b.Instant) }
