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
	deputies  map[int64]int64
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
	away       []int64 // who is not told because of an absence
	deputies   []int64 // those of the readers who are told in their place, in the same order
	standIns   []int64 // those of the readers who are asked because somebody else cannot be reached
	folded     []int64 // those of the readers whose daily cap leaves it to the digest
	submission int64   // for reviewers
	draft      duban.Escalation
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
		tasks: map[int64]duban.Task{}, above: map[seat][]int64{}, deputies: map[int64]int64{}, reachable: map[int64]bool{}, pushes: map[int64]int{},
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
			if err := r.tx.Reach(t.assignment.ID, urgeLevel); err != nil {
				return err
			}
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

// urgeLevel is the level of a 催办单, which goes out by itself.
const urgeLevel = 2

// address finds out who is told of a rung. Whoever is away is replaced by the deputy. A reader who cannot be reached is written to all the same, so
// that the record shows it, and whoever stands in is told as well: the secretary for the owner, the administrators where nobody of the unit can be
// reached.
func (r *round) address(t *telling) (err error) {
	if t.unsaid, err = r.unsaid(t); err != nil || t.unsaid != "" {
		return err
	}
	switch t.rung.To {
	case duban.ToAdministrators:
		return r.addressOffice(t)
	case duban.ToReviewers:
		return r.addressReviewers(t)
	case duban.ToLeaders:
		return r.addressLeaders(t)
	case duban.ToDeciders:
		return r.addressDeciders(t)
	}
	return r.addressUnit(t)
}

// unsaid returns why a rung that is due is not told after all, or "".
func (r *round) unsaid(t *telling) (duban.Reason, error) {
	if t.rung.Kind == duban.RungHalfway {
		known, err := r.progressKnown(t.assignment)
		if err != nil || known {
			return duban.Reported, err
		}
	}
	said, err := r.saidToday(t)
	if err != nil || said {
		return duban.SameDay, err
	}
	return "", nil
}

// progressKnown reports whether progress has been reported since a quarter of the time was over.
func (r *round) progressKnown(a duban.Assignment) (bool, error) {
	entries, err := r.tx.RecordOf(a.ID)
	since := a.QuarterPast(r.desk.Calendar)
	return slices.ContainsFunc(entries, func(e duban.Entry) bool { return e.Event == duban.EventProgress && !e.At.Before(since) }), err
}

// addressOffice addresses the administrators, and begins the draft that the rung is about.
func (r *round) addressOffice(t *telling) error {
	admins, err := r.holders(t.assignment.UnitID, duban.Admin)
	if err != nil {
		return err
	}
	if err := r.add(t, admins...); err != nil {
		return err
	}
	level := max(duban.FirstDraft, t.assignment.Level+1)
	if !t.rung.Kind.Drafts() || level > duban.TopLevel {
		return nil
	}
	t.draft, err = work.Drafted(r.tx, duban.System, t.assignment, level)
	return err
}

func (r *round) addressUnit(t *telling) error {
	secretaries, err := r.holders(t.assignment.UnitID, duban.Secretary)
	if err != nil {
		return err
	}
	if err := r.add(t, t.assignment.OwnerID); err != nil {
		return err
	}
	if t.rung.To == duban.ToOwnerAndSecretary {
		if err := r.add(t, secretaries...); err != nil {
			return err
		}
	}
	owner, err := r.deputy(t.assignment.OwnerID)
	if err != nil {
		return err
	}
	if ok, err := r.anyReachable(owner); err != nil || ok {
		return err
	}
	if err := r.standIn(t, secretaries...); err != nil {
		return err
	}
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
	if err := r.add(t, ids(reviewers)...); err != nil {
		return err
	}
	return r.askAbove(t)
}

// addressLeaders tells the leaders of a submission that has waited for its reviewers for too long.
func (r *round) addressLeaders(t *telling) error {
	sub, err := r.tx.LastSubmission(t.assignment.ID)
	if err != nil {
		return err
	}
	t.submission = sub.ID
	leaders, err := r.holders(t.assignment.UnitID, duban.Leader)
	if err != nil {
		return err
	}
	if err := r.add(t, leaders...); err != nil {
		return err
	}
	return r.askAbove(t)
}

// addressDeciders addresses whoever has to act on the request that waits.
func (r *round) addressDeciders(t *telling) error {
	request, err := r.tx.OpenRequest(t.assignment.ID)
	if err != nil {
		return err
	}
	deciders, err := work.Deciders(r.tx, request, t.assignment)
	if err != nil {
		return err
	}
	if err := r.add(t, ids(deciders)...); err != nil {
		return err
	}
	return r.askAbove(t)
}

// pressing reports whether whoever has to act on an assignment's request has had the time for it. Nothing is told before, and nothing of a request
// that waits no more.
func (r *round) pressing(a duban.Assignment) (bool, error) {
	request, err := r.tx.OpenRequest(a.ID)
	if duban.CodeOf(err) == duban.NotFound {
		return false, nil
	}
	from := r.desk.Policy.RemindOf(request, r.desk.Calendar)
	return !from.IsZero() && !r.tx.Now.Before(from), err
}

// askAbove adds the administrators where none of the readers can be reached.
func (r *round) askAbove(t *telling) error {
	if ok, err := r.anyReachable(t.readers...); err != nil || ok {
		return err
	}
	admins, err := r.holders(t.assignment.UnitID, duban.Admin)
	if err != nil {
		return err
	}
	return r.standIn(t, admins...)
}

// add adds readers, those who are away by their deputies.
func (r *round) add(t *telling, people ...int64) error {
	for _, p := range people {
		deputy, err := r.deputy(p)
		if err != nil {
			return err
		}
		if deputy != p && !slices.Contains(t.away, p) {
			t.away, t.deputies = append(t.away, p), append(t.deputies, deputy)
		}
		if !slices.Contains(t.readers, deputy) {
			t.readers = append(t.readers, deputy)
		}
	}
	return nil
}

func (r *round) standIn(t *telling, people ...int64) error {
	before := len(t.readers)
	if err := r.add(t, people...); err != nil {
		return err
	}
	t.standIns = append(t.standIns, t.readers[before:]...)
	return nil
}

// deputy returns who is told in a person's place today; the person himself who is not away.
func (r *round) deputy(person int64) (int64, error) {
	if d, known := r.deputies[person]; known {
		return d, nil
	}
	d, err := work.Deputy(r.tx, person)
	r.deputies[person] = d
	return d, err
}

// saidToday reports whether the same was told this day already, which a late step of days and the next one on time can bring about. Steps of
// hours and less come as often as they are written.
func (r *round) saidToday(t *telling) (bool, error) {
	if !t.rung.ByDays() || t.rung.Kind.Drafts() || r.desk.Calendar.Today(t.assignment.ActedUntil).String() != r.today {
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
		if told[e.Event] && sameWords(duban.RungKind(kind), t.rung.Kind) {
			return true, nil
		}
	}
	return false, nil
}

// sameWords reports whether two rungs tell their readers the same. Leaders are told something else than reviewers.
func sameWords(a, b duban.RungKind) bool {
	return a.News() == b.News() && (a == duban.RungOversight) == (b == duban.RungOversight)
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
	people, err := r.tx.HoldersAbove(unit, role)
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
