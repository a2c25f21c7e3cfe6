package work

import (
	"cmp"
	"slices"

	"duban"
	"duban/calendar"
	"duban/store"
)

// Target is one unit to which an item would go, and who would own it there.
type Target struct {
	Unit       duban.Unit
	Owner      duban.Person
	Support    bool // it only supports (协办)
	Milestones []duban.Milestone
}

// assignment is what a target would get of a task, not issued yet.
func (t Target) assignment(task duban.Task, due calendar.Due) duban.Assignment {
	return duban.Assignment{
		TaskID: task.ID, UnitID: t.Unit.ID, OwnerID: t.Owner.ID, State: duban.Draft, Due: due, Support: t.Support, Milestones: t.Milestones,
	}
}

// TaskPreview is what issuing a draft would do, and what its addressees have already. Nothing of it has happened.
type TaskPreview struct {
	Task     duban.Task // as it would be, without id and code
	Targets  []Target
	People   int // how many people that is
	Due      calendar.Due
	Reading  calendar.Reading // how the deadline was understood
	Reviewer duban.Person     // zero: the issuer, else the administrators
	Burdens  []duban.Burden   // of each addressee, heaviest first
	Notice   int              // working days until the deadline
	Similar  *SimilarTask
	Approval duban.Seat // who has to approve it first; "": nobody
	Problems []Problem  // what keeps it from being issued
	Warned   []Problem  // what somebody should look at
}

// Leads counts the units that would have to report, without those that support.
func (p TaskPreview) Leads() int {
	n := 0
	for _, t := range p.Targets {
		if !t.Support {
			n++
		}
	}
	return n
}

// SimilarTask is a request of the last months that asked some of the same units for much the same.
type SimilarTask struct {
	store.TitledTask
	Units int // of those meant now, how many had it
}

// PreviewTask says what issuing a draft would do, without doing it.
func (d *Desk) PreviewTask(tx *store.Tx, who duban.Actor, draft TaskDraft) (TaskPreview, error) {
	var p TaskPreview
	m, row := d.resolver(tx, who), withDefaults(draft.Row)
	if row.Title == "" {
		return p, duban.Refuse(duban.NoDuty)
	}
	targets, err := m.targets(row)
	if err != nil {
		return p, err
	}
	if p.Reading, err = m.reading(row, targets, tx.Now); err != nil {
		return p, err
	}
	p.Due = p.Reading.Due
	if reason := dueProblem(p.Reading); reason != "" {
		m.problem(0, ColumnDue, reason, row.Due)
	}
	if targets, err = m.milestones(row, duban.Task{}, targets, p.Due); err != nil {
		return p, err
	}
	reviewer, err := m.reviewer(row)
	if err != nil {
		return p, err
	}
	p.Task = taskOf(row, reviewer)
	if err := m.introduce(&p, targets, reviewer); err != nil {
		return p, err
	}
	if len(m.problems) == 0 {
		if err := d.weigh(m, &p, draft, targets); err != nil {
			return p, err
		}
	}
	p.Problems, p.Warned = m.problems, m.warned
	return p, nil
}

// withDefaults fills in what somebody who draws up an item in the chat need not say.
func withDefaults(row TaskRow) TaskRow {
	row.Duty = cmp.Or(row.Duty, row.Title)
	row.Evidence.Kind = cmp.Or(row.Evidence.Kind, duban.NoEvidence)
	row.Priority = cmp.Or(row.Priority, duban.Normal)
	if row.Priority != duban.Critical {
		row.LoudReason = ""
	}
	return row
}

// introduce puts the people behind ids into a preview.
func (m *resolver) introduce(p *TaskPreview, targets []target, reviewer int64) error {
	var err error
	if p.Targets, p.People, err = m.introduced(targets); err != nil || reviewer == 0 {
		return err
	}
	p.Reviewer, err = m.tx.Person(reviewer)
	return err
}

// introduced returns targets with their people, and how many people that is.
func (m *resolver) introduced(targets []target) ([]Target, int, error) {
	var all []Target
	people := map[int64]bool{}
	for _, t := range targets {
		owner, err := m.tx.Person(t.owner)
		if err != nil {
			return nil, 0, err
		}
		all = append(all, Target{t.unit, owner, t.support, t.milestones})
		people[owner.ID] = true
	}
	return all, len(people), nil
}

// weigh looks at what the addressees have already, at what was asked of them before, and at who has to approve.
func (d *Desk) weigh(m *resolver, p *TaskPreview, draft TaskDraft, targets []target) error {
	if err := m.warn(draft.Row, targets, p.Due); err != nil {
		return err
	}
	p.Notice = d.Calendar.WorkingDaysLeft(p.Due, m.tx.Now)
	var err error
	if p.Burdens, err = d.burdens(m, p.Targets, p.Due); err != nil {
		return err
	}
	if p.Similar, err = similarTask(m.tx, d.Calendar, p, draft.TaskID); err != nil {
		return err
	}
	role, err := issuerRole(m.tx, m.who, p.Targets)
	if err != nil {
		return err
	}
	p.Approval = d.Policy.NextApproval(role, p.People, nil)
	return nil
}

// burdens returns what each addressee has to do already, heaviest first.
func (d *Desk) burdens(m *resolver, targets []Target, due calendar.Due) ([]duban.Burden, error) {
	loads, err := m.tx.Loads(duban.WeekOf(d.Calendar, due))
	if err != nil {
		return nil, err
	}
	var all []duban.Burden
	for _, t := range targets {
		load := loads[t.Owner.ID]
		vacations, err := m.vacations(t.Unit.ID)
		if err != nil {
			return nil, err
		}
		vacation, _ := vacations.On(due.Date)
		all = append(all, duban.Burden{Owner: t.Owner, Unit: t.Unit, Open: load.Open, SameWeek: load.SameWeek, Vacation: vacation.Name})
	}
	duban.HeaviestFirst(all)
	return all, nil
}

// similarTask finds the newest request of the last months that asked some of the same units for much the same; nil when there is none.
func similarTask(tx *store.Tx, cal *calendar.Calendar, p *TaskPreview, except int64) (*SimilarTask, error) {
	since := cal.Today(tx.Now).AddMonths(-duban.SimilarWithin).At(calendar.Clock{}, cal.Zone())
	titles, err := tx.TitlesSince(since)
	if err != nil {
		return nil, err
	}
	for _, t := range titles {
		if t.ID == except || !duban.SimilarTitles(t.Title, p.Task.Title) {
			continue
		}
		all, err := tx.AssignmentsOf(t.ID)
		if err != nil {
			return nil, err
		}
		n := 0
		for _, a := range all {
			if a.State.Visible() && slices.ContainsFunc(p.Targets, func(t Target) bool { return t.Unit.ID == a.UnitID }) {
				n++
			}
		}
		if n > 0 {
			return &SimilarTask{t, n}, nil
		}
	}
	return nil, nil
}

// strength orders the roles by which somebody may issue, strongest first.
var strength = []duban.Role{duban.Leader, duban.Admin, duban.Secretary, duban.Officer}

// issuerRole returns the role by which somebody issues to units: towards each the strongest of those held, and of these the weakest. Whoever may
// approve issues as a leader. The operator has none, and neither has the program where it does not act in somebody's name.
func issuerRole(tx *store.Tx, who duban.Actor, targets []Target) (duban.Role, error) {
	if who.PersonID == 0 {
		return "", nil
	}
	posts, err := tx.Posts(who.PersonID)
	if err != nil {
		return "", err
	}
	weakest := 0
	for _, t := range targets {
		best := len(strength) - 1
		for _, post := range posts {
			action := duban.ActIssue
			if post.Role == duban.Leader {
				action = duban.ActApprove
			}
			depth, err := tx.Depth(post.UnitID, t.Unit.ID)
			if err != nil {
				return "", err
			}
			if duban.Right(action, post.Role).Covers(depth) {
				best = min(best, slices.Index(strength, post.Role))
			}
		}
		weakest = max(weakest, best)
	}
	return strength[weakest], nil
}

// DueText writes a deadline so that it is read again as exactly this one, whenever that is.
func DueText(due calendar.Due) string {
	if due.IsDate() {
		return due.Date.String()
	}
	return dueFact(due)
}

// targetsOf returns where the assignments of a task go.
func targetsOf(tx *store.Tx, task int64) ([]Target, int, error) {
	all, err := tx.AssignmentsOf(task)
	if err != nil {
		return nil, 0, err
	}
	var targets []Target
	people := map[int64]bool{}
	for _, a := range all {
		unit, err := tx.Unit(a.UnitID)
		if err != nil {
			return nil, 0, err
		}
		owner, err := tx.Person(a.OwnerID)
		if err != nil {
			return nil, 0, err
		}
		targets = append(targets, Target{unit, owner, a.Support, a.Milestones})
		people[owner.ID] = true
	}
	return targets, len(people), nil
}

// KnowsAudience reports whether every word of a text names units or people to whom the actor may issue, or would be told why not.
func (d *Desk) KnowsAudience(tx *store.Tx, who duban.Actor, words string) (bool, error) {
	m := d.resolver(tx, who)
	found, err := m.named(TaskRow{Units: words, Spoken: true})
	unknown := slices.ContainsFunc(m.problems, func(p Problem) bool { return p.Reason == UnknownUnit })
	return len(found)+len(m.problems) > 0 && !unknown, err
}

// AudienceSize returns how many units the words of a text mean, as far as the actor may issue to them.
func (d *Desk) AudienceSize(tx *store.Tx, who duban.Actor, words string) (int, error) {
	found, err := d.resolver(tx, who).named(TaskRow{Units: words, Spoken: true})
	if err != nil {
		return 0, err
	}
	within, err := unitsOf(tx, who, duban.ActIssue)
	n := 0
	for _, t := range found {
		if within[t.unit.ID] {
			n++
		}
	}
	return n, err
}

// PreviewPending says what granting a request to issue would do, as PreviewTask does for a draft.
func (d *Desk) PreviewPending(tx *store.Tx, r duban.Request) (TaskPreview, error) {
	var p TaskPreview
	var err error
	if p.Task, err = tx.Task(r.TaskID); err != nil {
		return p, err
	}
	all, err := tx.AssignmentsOf(r.TaskID)
	if err != nil {
		return p, err
	}
	if len(all) > 0 {
		p.Due = all[0].Due
	}
	if p.Targets, p.People, err = targetsOf(tx, r.TaskID); err != nil {
		return p, err
	}
	if p.Task.ReviewerID != 0 {
		if p.Reviewer, err = tx.Person(p.Task.ReviewerID); err != nil {
			return p, err
		}
	}
	p.Notice = d.Calendar.WorkingDaysLeft(p.Due, tx.Now)
	if p.Burdens, err = d.burdens(d.resolver(tx, duban.System), p.Targets, p.Due); err != nil {
		return p, err
	}
	p.Similar, err = similarTask(tx, d.Calendar, &p, r.TaskID)
	return p, err
}
