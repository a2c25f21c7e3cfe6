package work

import (
	"cmp"

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

// taskImport takes rows over as tasks that are issued, or with draft only kept.
type taskImport struct {
	rowImport
	draft   bool
	seat    duban.Seat // who has to approve what the present row issues; "": nobody
	sent    int        // assignments of the present row that wait for approval
	revived int        // assignments of the present row that are issued again after their import was undone
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
	due, err := m.due(row, before, targets)
	if err != nil {
		return err
	}
	if targets, err = m.milestones(row, before, targets, due.Due); err != nil {
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
	task.DueText, task.DueRead = due.text, due.read
	if known {
		task.ID = before.ID
		err = m.again(row, before, task, targets, due)
	} else {
		err = m.fresh(&task, targets, due.Due)
	}
	if err == nil && m.sent > 0 {
		err = m.send(task)
	}
	if err != nil || m.result.Unchanged > unchanged {
		return err
	}
	return m.warn(row, targets, due.Due)
}

func taskOf(row TaskRow, reviewer int64) duban.Task {
	return duban.Task{
		Code: row.Code, Title: row.Title, Duty: row.Duty, Category: row.Category, Evidence: row.Evidence, Review: row.Review,
		ReviewerID: reviewer, Priority: row.Priority, Basis: row.Basis, Note: row.Note, Internal: row.Internal,
		Completion: cmp.Or(row.Completion, duban.CompleteAll), LoudReason: row.LoudReason,
	}
}

func (m *taskImport) fresh(task *duban.Task, targets []target, due calendar.Due) error {
	m.result.New++
	if m.dry {
		m.count(len(targets))
		return nil
	}
	task.IssuerID = m.who.PersonID
	if err := m.addTask(task); err != nil {
		return err
	}
	for _, t := range targets {
		if err := m.issue(*task, t, due); err != nil {
			return err
		}
	}
	return m.kept.assignments(task.ID, nil)
}

func (m *taskImport) addTask(task *duban.Task) error {
	var err error
	if task.ID, err = m.tx.AddTask(*task); err != nil {
		return err
	}
	return errorsOf(m.tx.Record(m.who, duban.Entry{Event: duban.EventDrafted, TaskID: task.ID, Note: task.Title}),
		m.kept.add(store.TaskThing, task.ID, store.DidAdd, nil, nil))
}

func (m *taskImport) issue(task duban.Task, t target, due calendar.Due) error {
	m.count(1)
	switch {
	case m.draft:
		return m.desk.draftTo(m.tx, t.assignment(task, due), duban.Draft)
	case m.seat != "":
		return m.desk.draftTo(m.tx, t.assignment(task, due), duban.Pending)
	}
	return m.desk.issueTo(m.tx, m.who, task, t.assignment(task, due))
}

// issueToo issues or keeps a task, which is there already, for one more unit.
func (m *taskImport) issueToo(task duban.Task, t target, due calendar.Due) error {
	if m.dry {
		m.count(1)
		return nil
	}
	entry := duban.Entry{Event: duban.EventChanged, TaskID: task.ID, UnitID: t.unit.ID, Facts: duban.Facts{"unit": "added"}}
	return errorsOf(m.tx.Record(m.who, entry), m.issue(task, t, due))
}

// count counts assignments that are issued or wait for approval.
func (m *taskImport) count(n int) {
	switch {
	case m.draft:
	case m.seat != "":
		m.sent += n
	default:
		m.result.Issued += n
	}
}

// again brings a task that is there already to what the row says.
func (m *taskImport) again(row TaskRow, before, task duban.Task, targets []target, due listDue) error {
	task.ID, task.IssuerID, task.CreatedAt = before.ID, before.IssuerID, before.CreatedAt
	if _, err := m.tx.OpenTaskRequest(task.ID); duban.CodeOf(err) != duban.NotFound {
		m.result.Left = append(m.result.Left, Problem{row.Line, ColumnTaskCode, ItemPending, task.Code, ""})
		m.result.Unchanged++
		return err
	}
	were, err := m.tx.AssignmentsOf(task.ID)
	if err != nil {
		return err
	}
	changed, err := m.changeTask(row, before, task)
	if err != nil {
		return err
	}
	for _, t := range targets {
		moved, err := m.assignAgain(row, task, t, due, changed)
		if err != nil {
			return err
		}
		changed = changed || moved
	}
	if err := m.noteMissing(task, targets); err != nil {
		return err
	}
	switch {
	case !changed:
		m.result.Unchanged++
		return nil
	case m.revived == len(targets):
		m.result.New++
	default:
		m.result.Changed++
	}
	if m.dry {
		return nil
	}
	if err := m.desk.followAgain(m.tx, m.who, task); err != nil {
		return err
	}
	return m.kept.assignments(task.ID, were)
}

// changeTask changes what a task says and reports whether anybody sees a difference.
func (m *taskImport) changeTask(row TaskRow, before, task duban.Task) (bool, error) {
	changes, err := taskChanges(m.tx, row.Line, before, task)
	if err != nil {
		return false, err
	}
	m.result.Changes = append(m.result.Changes, changes...)
	m.warnOfReuse(row, before.Title, before.Duty)
	reads := task
	reads.DueText, reads.DueRead = before.DueText, before.DueRead
	changed := !reads.Same(before)
	if m.dry || task.Same(before) {
		return changed, nil
	}
	facts := duban.Facts{"fields": changedFields(before, task)}
	return changed, errorsOf(m.tx.ChangeTask(task),
		m.tx.Record(m.who, duban.Entry{Event: duban.EventChanged, TaskID: task.ID, Facts: facts, Note: before.Title}),
		m.kept.add(store.TaskThing, task.ID, store.DidChange, before, task))
}

// noteMissing notes the units that have a task and are no longer named for it. It is looked for once, on the dry run.
func (m *taskImport) noteMissing(task duban.Task, targets []target) error {
	if !m.dry {
		return nil
	}
	missing, err := missingOf(m.tx, m.who, task, targets)
	m.result.Missing = append(m.result.Missing, missing...)
	return err
}

func (m *taskImport) assignAgain(row TaskRow, task duban.Task, t target, given listDue, taskChanged bool) (bool, error) {
	due := given.Due
	a, err := m.tx.AssignmentOf(task.ID, t.unit.ID)
	if duban.CodeOf(err) == duban.NotFound {
		m.changeAt(row, task, t, Change{Field: FieldUnit, To: t.unit.Name})
		return true, m.issueToo(task, t, due)
	}
	if err != nil {
		return false, err
	}
	if again, err := m.reissue(task, a, t, due); err != nil || again {
		return again, err
	}
	if row.Owner == "" {
		t.owner = a.OwnerID
	}
	if given.stands && a.State != duban.Draft {
		due = a.Due
	}
	same := sameDue(a.Due, due) && a.OwnerID == t.owner && a.Support == t.support && duban.SameMilestones(a.Milestones, t.milestones)
	switch {
	case a.State == duban.Draft && m.draft && same:
		return false, nil
	case a.State == duban.Draft:
		return true, m.redraft(task, a, t, due)
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
	changes, err := m.desk.targetChanges(m.tx, row.Line, task, a, t, due)
	m.result.Changes = append(m.result.Changes, changes...)
	if err != nil || m.dry {
		return true, err
	}
	a.Support, a.Milestones = t.support, duban.Replanned(a.Milestones, t.milestones)
	return true, m.desk.change(m.tx, m.who, a, t.owner, due)
}

// changeAt notes a change of an assignment.
func (m *taskImport) changeAt(row TaskRow, task duban.Task, t target, c Change) {
	c.Line, c.Code, c.Name, c.Unit = row.Line, task.Code, task.Title, t.unit.Name
	m.result.Changes = append(m.result.Changes, c)
}

// reissue issues an assignment anew that was cancelled because its import was undone.
func (m *taskImport) reissue(task duban.Task, a duban.Assignment, t target, due calendar.Due) (bool, error) {
	if a.State != duban.CalledOff {
		return false, nil
	}
	undone, err := m.tx.TookBack(a.ID)
	if err != nil || !undone {
		return false, err
	}
	m.revived++
	anew := t.assignment(task, due)
	anew.ID = a.ID
	if m.dry {
		return true, m.redraft(task, anew, t, due)
	}
	// The old card would only be edited, without a sound.
	return true, errorsOf(m.tx.DropCard(CardSubject(a.ID), t.owner), m.redraft(task, anew, t, due))
}

func (m *taskImport) redraft(task duban.Task, a duban.Assignment, t target, due calendar.Due) error {
	a.OwnerID, a.Due, a.Support, a.Milestones = t.owner, due, t.support, t.milestones
	m.count(1)
	switch {
	case m.dry:
		return nil
	case m.draft:
		a.State, a.OriginalDue = duban.Draft, due
	case m.seat != "":
		a.State, a.OriginalDue = duban.Pending, due
	default:
		return m.desk.issueDraft(m.tx, m.who, task, a)
	}
	return errorsOf(m.tx.SaveAssignment(a, m.desk.Calendar.End(due)), recordOn(m.tx, m.who, a, duban.EventChanged, nil, ""))
}

// lookWhoApproves finds out who has to approve what a row issues.
func (m *taskImport) lookWhoApproves(targets []target) error {
	m.seat, m.sent, m.revived = "", 0, 0
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
	if m.dry {
		return nil
	}
	targets, _, err := targetsOf(m.tx, task.ID)
	if err != nil {
		return err
	}
	return m.desk.askToIssue(m.tx, m.who, m.who.PersonID, task, targets, m.seat)
}

func sameDue(a, b calendar.Due) bool { return a.Date == b.Date && a.Instant.Equal(b.Instant) }
