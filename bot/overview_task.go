package bot

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"duban"
	"duban/text"
	"duban/work"
)

// pressByTask lists the tasks of which something is open in a unit.
func (v *visit) pressByTask(c call) error {
	return v.seen(c.id, func(s survey) (Outgoing, error) { return s.byTask(atoi(c.arg)) })
}

// byTask shows the tasks by the deadline that comes next, a line and a numbered button for each.
func (s survey) byTask(pageNo int) (Outgoing, error) {
	byTask := map[int64][]duban.Assignment{}
	var order []int64
	for _, a := range s.open {
		if byTask[a.TaskID] == nil {
			order = append(order, a.TaskID)
		}
		byTask[a.TaskID] = append(byTask[a.TaskID], a)
	}
	at, from, to := pageOf(len(order), pageNo)
	lines := []text.HTML{s.text("overview.tasks", "unit", s.root.Name, "n", len(order)), s.figureLines(s.total()), ""}
	var numbers []Button
	for i, id := range order[from:to] {
		task, err := s.tx.Task(id)
		if err != nil {
			return Outgoing{}, err
		}
		n := from + i + 1
		lines = append(lines, s.text("overview.task", "n", n, "title", s.title(item{Task: task}), "units", len(byTask[id]), "tally", s.tally(byTask[id])))
		numbers = append(numbers, button(itoa(n), "taskview", id, taskPrefix(s.root.ID)+"0"))
	}
	k := rows(4, numbers...)
	if len(order) > pageSize {
		k = append(k, s.pagesOf("bytask", s.root.ID, "", at, lastPage(len(order))))
	}
	return s.framed(lines, k, nil), nil
}

// taskPrefix begins the argument of a button about a task: the unit from which it is looked at. A page follows.
func taskPrefix(unit int64) string { return strconv.FormatInt(unit, 36) + "." }

func readTaskArg(arg string) (unit int64, pageNo int) {
	id, page, _ := strings.Cut(arg, ".")
	unit, err := strconv.ParseInt(id, 36, 64)
	if err != nil {
		return 0, 0
	}
	return unit, atoi(page)
}

// pressTaskView shows how one task stands in the units of a survey, laggards first.
func (v *visit) pressTaskView(c call) error {
	unit, pageNo := readTaskArg(c.arg)
	return v.seen(unit, func(s survey) (Outgoing, error) {
		all, others, err := s.ofTask(c.id)
		if err != nil {
			return Outgoing{}, err
		}
		return s.taskView(c.id, all, others, pageNo)
	})
}

// ofTask returns the items of a task in the units of the survey, laggards first, and those elsewhere of which the reader may see the lights.
func (s survey) ofTask(task int64) (here, elsewhere []duban.Assignment, err error) {
	all, err := s.tx.AssignmentsOf(task)
	if err != nil {
		return nil, nil, err
	}
	lights, err := s.sightOf(duban.ActSeeLights)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range all {
		_, inside := s.byID[a.UnitID]
		switch {
		case !a.State.Visible():
		case inside:
			here = append(here, a)
		case lights.in(a.UnitID):
			elsewhere = append(elsewhere, a)
		}
	}
	if len(here) == 0 {
		return nil, nil, duban.Refuse(duban.NotAllowed)
	}
	slices.SortStableFunc(here, func(a, b duban.Assignment) int {
		return cmp.Compare(slices.Index(duban.LightOrder, s.light(a)), slices.Index(duban.LightOrder, s.light(b)))
	})
	return here, elsewhere, nil
}

func (s survey) taskView(task int64, here, elsewhere []duban.Assignment, pageNo int) (Outgoing, error) {
	t, err := s.tx.Task(task)
	if err != nil {
		return Outgoing{}, err
	}
	var f figures
	for _, a := range here {
		if a.State.Open() {
			f.open = append(f.open, a)
		}
	}
	f.done = duban.CountDone(here, s.Desk.Calendar)
	lines := []text.HTML{s.text("overview.task_heading", "code", t.Code, "title", s.title(item{Task: t}), "n", len(here)), s.figureLines(f)}
	if len(elsewhere) > 0 {
		lines = append(lines, s.text("overview.elsewhere", "n", len(elsewhere), "tally", s.tally(elsewhere)))
	}
	at, from, to := pageOf(len(here), pageNo)
	list := listing{page: s.page, lines: append(lines, ""), skipped: from}
	for _, a := range here[from:to] {
		if err := list.addUnit(a); err != nil {
			return Outgoing{}, err
		}
	}
	k := rows(4, list.numbers...)
	if len(here) > pageSize {
		k = append(k, s.pagesOf("taskview", task, taskPrefix(s.root.ID), at, lastPage(len(here))))
	}
	if urges := s.urgeButtons(task, f.open); urges != nil {
		k = append(k, urges)
	}
	return s.framed(list.lines, k, idsOf(here[:to])), nil
}

// addUnit adds an item under the name of its unit.
func (l *listing) addUnit(a duban.Assignment) error {
	it, err := l.itemOf(a)
	if err != nil {
		return err
	}
	n := l.skipped + len(l.numbers) + 1
	l.numbers = append(l.numbers, button(itoa(n), "card", a.ID))
	l.lines = append(l.lines, l.text("overview.task_unit", "n", n, "light", l.lightWord(a), "unit", it.Unit.Name, "owner", it.Owner.Name, "due", l.due(a)))
	return nil
}

// Whom the buttons under a task urge: those who have not signed, or those who have not reported.
const (
	urgeUnsigned   = "s"
	urgeUnreported = "r"
)

func (s survey) urgeButtons(task int64, open []duban.Assignment) []Button {
	may, err := s.sightOf(duban.ActUrge)
	if err != nil {
		return nil
	}
	var buttons []Button
	for _, whom := range []string{urgeUnsigned, urgeUnreported} {
		if n := len(toUrge(open, whom, may)); n > 0 {
			buttons = append(buttons, button(s.word("button.urge."+whom, "n", n), "urgetask", task, whom+strconv.FormatInt(s.root.ID, 36)))
		}
	}
	return buttons
}

// toUrge returns those among open items whose units have not signed, or not reported.
func toUrge(open []duban.Assignment, whom string, may sight) []duban.Assignment {
	var some []duban.Assignment
	for _, a := range open {
		if may.in(a.UnitID) && a.State.OnUnit() && !a.PartDone() && (whom == urgeUnreported || a.State == duban.Issued) {
			some = append(some, a)
		}
	}
	return some
}

// pressUrgeTask asks whether those who have not signed for a task, or not reported it, are to be urged, and says how many they are.
func (v *visit) pressUrgeTask(c call) error {
	whom := urgeUnsigned
	if strings.HasPrefix(c.arg, urgeUnreported) {
		whom = urgeUnreported
	}
	unit, err := strconv.ParseInt(strings.TrimPrefix(c.arg, whom), 36, 64)
	if err != nil {
		v.answer("press.stale")
		return nil
	}
	return v.read(func(p *page) error {
		s, err := p.survey(unit)
		if err != nil {
			return err
		}
		here, _, err := s.ofTask(c.id)
		if err != nil {
			return err
		}
		may, err := p.sightOf(duban.ActUrge)
		if err != nil {
			return err
		}
		return v.askUrgeSome(p, toUrge(here, whom, may), whom)
	})
}

func (v *visit) askUrgeSome(p *page, some []duban.Assignment, whom string) error {
	if len(some) == 0 {
		v.answer("press.stale")
		return nil
	}
	task, err := p.tx.Task(some[0].TaskID)
	if err != nil {
		return err
	}
	if err := v.begin("steer", stepSure, steering{Order: text.OrderUrge, Items: idsOf(some)}); err != nil {
		return err
	}
	people := map[int64]bool{}
	for _, a := range some {
		people[a.OwnerID] = true
	}
	v.ask(Keyboard{{button(v.word("button.sure_urge"), "sure", 0, sureYes), button(v.word("button.sure_no"), "sure", 0, sureNo)}},
		"overview.sure_urge."+whom, "title", p.title(item{Task: task}), "n", len(some), "people", len(people))
	return nil
}

// mayLook reports whether the reader may look into any unit in which a person has a post.
func (p *page) mayLook(person int64) (bool, error) {
	posts, err := p.tx.Posts(person)
	if err != nil {
		return false, err
	}
	for _, post := range posts {
		if ok, err := work.May(p.tx, p.actor(), duban.ActSee, post.UnitID); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}
