package scheduler

import (
	"slices"

	"duban"
	"duban/store"
	"duban/work"
)

// round is what one transaction carries out: first it is decided for each assignment, then told, recorded and planned.
type round struct {
	tx       *store.Tx
	desk     *work.Desk
	more     bool // part of a catch-up of several rounds
	today    string
	plans    []*plan
	tellings []*telling
	report   Report

	tasks     map[int64]duban.Task
	above     map[seat][]int64
	reachable map[int64]bool
	pushes    map[int64]int
}

// plan is one assignment of a round with what was decided for it.
type plan struct {
	assignment duban.Assignment
	task       duban.Task
	decision   duban.Decision
}

// telling is one rung that is told, and to whom.
type telling struct {
	*plan
	rung       duban.Rung
	late       bool
	readers    []int64
	standIns   []int64 // those of the readers who are asked because somebody else cannot be reached
	folded     []int64 // those of the readers whose daily cap leaves it to the digest
	submission int64   // for reviewers
	unsaid     duban.Reason
}

// seat is a role as it is held at or above a unit.
type seat struct {
	unit int64
	role duban.Role
}

func newRound(tx *store.Tx, desk *work.Desk, more bool) *round {
	return &round{
		tx: tx, desk: desk, more: more, today: desk.Calendar.Today(tx.Now).String(),
		tasks: map[int64]duban.Task{}, above: map[seat][]int64{}, reachable: map[int64]bool{}, pushes: map[int64]int{},
	}
}

func (r *round) carryOut() error {
	if err := r.post(); err != nil {
		return err
	}
	urged := map[int64]int{}
	for _, t := range r.tellings {
		if t.rung.Kind.News() == duban.NewsUrge && t.unsaid == "" {
			urged[t.assignment.ID]++
		}
		if err := r.record(t); err != nil {
			return err
		}
	}
	for _, p := range r.plans {
		if err := r.recordMissed(p); err != nil {
			return err
		}
		a, d := p.assignment, p.decision
		if err := r.tx.Plan(a.ID, d.ActedUntil, d.Next, a.Urges+urged[a.ID]); err != nil {
			return err
		}
	}
	return nil
}

// address finds out who is told of a rung. A reader who cannot be reached is written to all the same, so that the record shows it, and
// whoever stands in is told as well: the secretary for the owner, the administrators where nobody of the unit can be reached.
func (r *round) address(t *telling) error {
	said, err := r.saidToday(t)
	if err != nil {
		return err
	}
	if said {
		t.unsaid = duban.SameDay
		return nil
	}
	switch t.rung.To {
	case duban.ToAdministrators:
		t.readers, err = r.holders(t.assignment.UnitID, duban.Admin)
		return err
	case duban.ToReviewers:
		return r.addressReviewers(t)
	}
	return r.addressUnit(t)
}

func (r *round) addressUnit(t *telling) error {
	secretaries, err := r.holders(t.assignment.UnitID, duban.Secretary)
	if err != nil {
		return err
	}
	t.add(t.assignment.OwnerID)
	if t.rung.To == duban.ToOwnerAndSecretary {
		t.add(secretaries...)
	}
	if ok, err := r.anyReachable(t.assignment.OwnerID); err != nil || ok {
		return err
	}
	t.standIn(secretaries...)
	if t.rung.To != duban.ToOwnerAndSecretary {
		return nil
	}
	return r.askAbove(t)
}

func (r *round) addressReviewers(t *telling) error {
	sub, err := r.tx.LastSubmission(t.assignment.ID)
	if err != nil {
		return err
	}
	t.submission = sub.ID
	reviewers, err := work.Reviewers(r.tx, t.task, t.assignment)
	if err != nil {
		return err
	}
	t.add(ids(reviewers)...)
	return r.askAbove(t)
}

// askAbove adds the administrators where none of the readers can be reached.
func (r *round) askAbove(t *telling) error {
	if ok, err := r.anyReachable(t.readers...); err != nil || ok {
		return err
	}
	admins, err := r.holders(t.assignment.UnitID, duban.Admin)
	t.standIn(admins...)
	return err
}

func (t *telling) add(people ...int64) {
	for _, p := range people {
		if !slices.Contains(t.readers, p) {
			t.readers = append(t.readers, p)
		}
	}
}

func (t *telling) standIn(people ...int64) {
	for _, p := range people {
		if !slices.Contains(t.readers, p) {
			t.readers, t.standIns = append(t.readers, p), append(t.standIns, p)
		}
	}
}

// saidToday reports whether the same was told this day already, which a late step of days and the next one on time can bring about. Steps of
// hours and less come as often as they are written.
func (r *round) saidToday(t *telling) (bool, error) {
	if !t.rung.ByDays() || r.desk.Calendar.Today(t.assignment.ActedUntil).String() != r.today {
		return false, nil
	}
	entries, err := r.tx.RecordOf(t.assignment.ID)
	if err != nil {
		return false, err
	}
	for _, e := range slices.Backward(entries) {
		if r.desk.Calendar.Today(e.At).String() != r.today || e.Event == duban.EventReturned {
			return false, nil
		}
		kind, _ := e.Facts["rung"].(string)
		if told[e.Event] && duban.RungKind(kind).News() == t.rung.Kind.News() {
			return true, nil
		}
	}
	return false, nil
}

// told are the events by which a rung that was told is recorded.
var told = map[duban.Event]bool{duban.EventReminded: true, duban.EventUrged: true, duban.EventEscalated: true}

func (r *round) task(id int64) (duban.Task, error) {
	if t, ok := r.tasks[id]; ok {
		return t, nil
	}
	t, err := r.tx.Task(id)
	r.tasks[id] = t
	return t, err
}

func (r *round) holders(unit int64, role duban.Role) ([]int64, error) {
	key := seat{unit, role}
	if people, ok := r.above[key]; ok {
		return people, nil
	}
	find := work.Secretaries
	if role == duban.Admin {
		find = work.Administrators
	}
	people, err := find(r.tx, unit)
	r.above[key] = ids(people)
	return r.above[key], err
}

func ids(people []duban.Person) []int64 {
	var all []int64
	for _, p := range people {
		all = append(all, p.ID)
	}
	return all
}

func (r *round) anyReachable(people ...int64) (bool, error) {
	for _, p := range people {
		if ok, err := r.canReach(p); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}

func (r *round) canReach(person int64) (bool, error) {
	if ok, known := r.reachable[person]; known {
		return ok, nil
	}
	account, err := r.tx.AccountOfPerson(person)
	if err != nil && duban.CodeOf(err) != duban.NotFound {
		return false, err
	}
	r.reachable[person] = err == nil && account.Unreachable == ""
	return r.reachable[person], nil
}
