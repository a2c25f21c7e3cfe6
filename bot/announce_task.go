package bot

import (
	"slices"

	"duban"
	"duban/work"
)

// partArg begins the argument of a button that chooses a part of those who have an item of a task.
const partArg = "part."

// tasksOffered is how many tasks are offered, newest first, of those looked through.
const (
	tasksOffered = 8
	tasksScan    = 60
)

// taskTitle names a task. Of an internal one nothing but the code is ever pushed.
func (p *page) taskTitle(t duban.Task) string {
	if t.Internal {
		return p.word("card.internal_title", "code", t.Code)
	}
	return t.Title
}

// offerTasks offers the tasks that were issued within the visitor's scope and are still open somewhere.
func (v *visit) offerTasks(verb, arg string) error {
	return v.read(func(p *page) error {
		all, err := p.tx.NewestTasks(tasksScan)
		if err != nil {
			return err
		}
		within, err := work.AnnouncedUnits(p.tx, v.who)
		if err != nil {
			return err
		}
		var k Keyboard
		for _, t := range all {
			if len(k) == tasksOffered {
				break
			}
			open, err := p.partsOf(t.ID, within)
			if err != nil {
				return err
			}
			if open[duban.Unreported] > 0 {
				k = append(k, []Button{button(shorten(p.taskTitle(t), 40), verb, t.ID, arg)})
			}
		}
		key, back := "announce.tasks", v.backAndCancel(verb, map[string]string{"audience": "back", "when": "menu"}[verb])
		if len(k) == 0 {
			key = "announce.no_tasks"
		}
		v.replace(Outgoing{Text: v.text(key), Keyboard: append(k, back)})
		return nil
	})
}

// mayLead says whether the visitor may lead to a task. A button that was made up is answered without naming the task.
func (v *visit) mayLead(task int64) error {
	return v.read(func(p *page) error { return work.MaySeeTask(p.tx, v.who, task) })
}

// partsOf counts the items of a task in some units that count into each part.
func (p *page) partsOf(task int64, within map[int64]bool) (map[duban.Part]int, error) {
	all, err := p.tx.AssignmentsOf(task)
	counts := map[duban.Part]int{}
	for _, a := range all {
		for _, part := range duban.Parts {
			if within[a.UnitID] && part.Holds(a) {
				counts[part]++
			}
		}
	}
	return counts, err
}

// offerParts asks which of those who have an item of a task are meant.
func (v *visit) offerParts(task int64) error {
	if err := v.mayLead(task); err != nil {
		return err
	}
	return v.read(func(p *page) error {
		t, err := p.tx.Task(task)
		if err != nil {
			return err
		}
		within, err := work.AnnouncedUnits(p.tx, v.who)
		if err != nil {
			return err
		}
		counts, err := p.partsOf(task, within)
		if err != nil {
			return err
		}
		var parts []Button
		for _, part := range duban.Parts {
			parts = append(parts, button(v.word("announce.button_part."+string(part), "n", counts[part]), "audience", task, partArg+string(part)))
		}
		v.replace(Outgoing{Text: v.text("announce.parts", "title", p.taskTitle(t)), Keyboard: Keyboard{parts, v.backAndCancel("audience", "back")}})
		return nil
	})
}

func (v *visit) partChosen(d announceDraft, task int64, part duban.Part) error {
	if !slices.Contains(duban.Parts, part) {
		v.answer("press.stale")
		return nil
	}
	if err := v.mayLead(task); err != nil {
		return err
	}
	return v.announceFor(d, duban.Audience{TaskID: task, Part: part})
}

// pressAnnItem opens, under an announcement, the item that the visitor has of the task to which it leads.
func (v *visit) pressAnnItem(c call) error {
	if c.id == 0 {
		v.answer("announce.only_preview")
		return nil
	}
	n, _, err := v.receipt(c.id)
	if err != nil {
		return err
	}
	return v.read(func(p *page) error {
		all, err := p.tx.AssignmentsOf(n.TaskID)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.OwnerID == 0 || a.State == duban.Draft || a.State == duban.Pending {
				continue
			}
			it, err := p.itemOf(a)
			if err != nil {
				return err
			}
			if p.mine(it) || p.standsIn(it) {
				v.send(p.cardOf(it))
				return nil
			}
		}
		v.answer("announce.no_item")
		return nil
	})
}
