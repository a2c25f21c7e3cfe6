package bot

import (
	"cmp"
	"strings"

	"duban"
	"duban/text"
	"duban/work"
)

// issuedScan is how many of their own items people can look back at in the chat.
const issuedScan = 200

// showIssued lists what the visitor has drawn up, newest first, with how far it is.
func (v *visit) showIssued(pageNo int) error {
	return v.read(func(p *page) error {
		mine, err := p.tx.IssuedBy(v.person.ID, issuedScan)
		if err != nil {
			return err
		}
		drafts, err := p.countDrafts()
		if err != nil {
			return err
		}
		from := min(max(pageNo, 0)*pageSize, max(len(mine)-1, 0)/pageSize*pageSize)
		lines := []text.HTML{p.text("task.list", "n", len(mine))}
		var numbers []Button
		for i, t := range mine[from:min(from+pageSize, len(mine))] {
			progress, err := p.progressOf(t)
			if err != nil {
				return err
			}
			lines = append(lines, p.text("task.list_line", "n", from+i+1, "code", t.Code, "title", shorten(v.taskTitle(t), 40), "progress", progress))
			numbers = append(numbers, button(itoa(from+i+1), "issued", t.ID, "task"))
		}
		k := rows(4, numbers...)
		if len(mine) > pageSize {
			k = append(k, withArg(p.pager("issued", from/pageSize, (len(mine)-1)/pageSize), "list"))
		}
		row := []Button{button(v.word("task.button.new"), "draft", 0, "new")}
		if drafts > 0 {
			row = append(row, button(v.word("task.button.drafts", "n", drafts), "draft", 0, "list"))
		}
		lines = append(lines, p.text("task.list_hint"))
		v.replace(Outgoing{Text: text.Join(lines...), Keyboard: append(k, row)})
		return nil
	})
}

// taskCount is how far the assignments of a task are.
type taskCount struct {
	all, pending, draft, signed, submitted, closed, overdue, off int
	unsigned                                                     []duban.Assignment
	done                                                         bool
	behind                                                       []duban.Assignment // behind their planned progress
}

func (p *page) countTask(t duban.Task) (taskCount, error) {
	var c taskCount
	all, err := p.tx.AssignmentsOf(t.ID)
	c.done = duban.TaskDone(t, all)
	today := p.Desk.Calendar.Today(p.now)
	for _, a := range all {
		if a.Support {
			continue
		}
		if a.State.OnUnit() && a.Behind(today) >= duban.BitBehind {
			c.behind = append(c.behind, a)
		}
		switch {
		case a.State == duban.Pending:
			c.pending++
		case a.State == duban.Draft:
			c.draft++
		case a.State == duban.CalledOff:
			c.off++
			continue
		case a.State.Done():
			c.closed++
		case a.State == duban.Submitted:
			c.submitted++
		case p.light(a) == duban.Red:
			c.overdue++
		}
		if !a.AcceptedAt.IsZero() || a.State.Done() || a.State == duban.Submitted {
			c.signed++
		} else if a.State == duban.Issued {
			c.unsigned = append(c.unsigned, a)
		}
		c.all++
	}
	return c, err
}

// progressOf says in a few words how far a task is.
func (p *page) progressOf(t duban.Task) (string, error) {
	c, err := p.countTask(t)
	switch {
	case err != nil:
		return "", err
	case c.pending > 0:
		return p.word("state.pending_approval"), nil
	case c.draft > 0:
		return p.word("state.draft"), nil
	case c.all == 0:
		return p.word("state.cancelled"), nil
	}
	var parts []string
	if c.done {
		parts = append(parts, p.word("task.count.done"))
	}
	parts = append(parts, p.word("task.count.signed", "n", c.signed, "of", c.all))
	for _, part := range []struct {
		key string
		n   int
	}{{"task.count.submitted", c.submitted}, {"task.count.closed", c.closed}, {"task.count.overdue", c.overdue}} {
		if part.n > 0 {
			parts = append(parts, p.word(part.key, "n", part.n))
		}
	}
	return strings.Join(parts, p.word("chips.and")), nil
}

// pressIssued opens the list of issued items, or one of them.
func (v *visit) pressIssued(c call) error {
	switch c.arg {
	case "list":
		return v.showIssued(int(c.id))
	case "retract":
		if _, err := v.Desk.RetractIssue(v.ctx, v.who, c.id); err != nil {
			return err
		}
		return v.redraw(c.id)
	case "redraw":
		return v.redraw(c.id)
	}
	return v.read(func(p *page) error {
		out, err := p.issuedCard(c.id)
		if err == nil {
			v.replace(out)
		}
		return err
	})
}

// unsignedShown is how many units that have not signed are named.
const unsignedShown = 6

// issuedCard shows one item to whoever issued it: what it says and how far its units are.
func (p *page) issuedCard(id int64) (Outgoing, error) {
	t, err := p.tx.Task(id)
	if err != nil {
		return Outgoing{}, err
	}
	may, err := work.MayCorrect(p.tx, p.actor(), t)
	if err != nil || !may {
		return Outgoing{}, orNotAllowed(err)
	}
	count, err := p.countTask(t)
	if err != nil {
		return Outgoing{}, err
	}
	progress, err := p.progressOf(t)
	if err != nil {
		return Outgoing{}, err
	}
	lines := []text.HTML{p.text("task.card", "code", t.Code, "title", t.Title, "progress", progress)}
	if all, err := p.tx.AssignmentsOf(id); err != nil {
		return Outgoing{}, err
	} else if len(all) > 0 {
		lines = append(lines, p.dueLine(item{Assignment: all[0], Task: t}))
	}
	lines = append(lines, p.sharedLines(t), p.text("card.duty", "duty", shorten(t.Duty, 300)), p.evidenceLine(item{Task: t}))
	if names, err := p.unitsIn(count.behind); err != nil {
		return Outgoing{}, err
	} else if names != "" {
		lines = append(lines, p.text("task.behind", "n", len(count.behind), "names", names))
	}
	if names, err := p.unitsIn(count.unsigned); err != nil {
		return Outgoing{}, err
	} else if names != "" {
		lines = append(lines, p.text("task.unsigned", "n", len(count.unsigned), "names", names))
	}
	back := button(p.word("announce.button_back"), "issued", 0, "list")
	return Outgoing{Text: text.Join(lines...), Keyboard: append(p.issuedButtons(t, count), []Button{back})}, nil
}

// sharedLines say to whoever issued an item how its units share it: that any one may do it, and which one has, and how far those are that support.
func (p *page) sharedLines(t duban.Task) text.HTML {
	var lines []text.HTML
	if t.Completion == duban.CompleteAny {
		lines = append(lines, p.text("units.any"), p.doneBy(t))
	}
	supports, err := p.tx.SupportsOf(t.ID)
	if err != nil || len(supports) == 0 {
		return text.Join(lines...)
	}
	var units []string
	for _, a := range supports {
		units = append(units, p.supportWord(a))
	}
	return text.Join(append(lines, p.text("units.supported", "units", p.listed(units)))...)
}

// doneBy names the unit that has done an item that any one of several may do.
func (p *page) doneBy(t duban.Task) text.HTML {
	leads, err := p.tx.LeadsOf(t.ID)
	if err != nil {
		return ""
	}
	for _, a := range leads {
		if !a.State.Done() {
			continue
		}
		unit, err := p.tx.Unit(a.UnitID)
		if err != nil {
			return ""
		}
		return p.text("task.done_by", "unit", unit.Name, "at", p.moment(a.ClosedAt))
	}
	return ""
}

func (p *page) issuedButtons(t duban.Task, c taskCount) Keyboard {
	mine := t.IssuerID == p.reader.ID
	switch {
	case c.pending > 0 && mine:
		return Keyboard{{button(p.word("task.button.retract"), "issued", t.ID, "retract")}}
	case c.draft > 0 && mine:
		return Keyboard{{button(p.word("task.button.continue"), "issued", t.ID, "redraw")}}
	case c.all > c.closed && c.pending == 0 && c.draft == 0:
		return Keyboard{{button(p.word("task.button.edit"), "correct", t.ID, "fields")}}
	}
	return nil
}

// unitsIn names the units of some assignments.
func (p *page) unitsIn(all []duban.Assignment) (string, error) {
	var names []string
	for _, a := range all[:min(len(all), unsignedShown)] {
		unit, err := p.tx.Unit(a.UnitID)
		if err != nil {
			return "", err
		}
		names = append(names, unit.Name)
	}
	if len(all) > unsignedShown {
		names = append(names, "…")
	}
	return strings.Join(names, p.word("people.comma")), nil
}

// redraw makes a draft of an item that came back from approval, and shows it to be changed.
func (v *visit) redraw(task int64) error {
	id, err := v.Desk.KeepAsDraft(v.ctx, v.who, task, func(d work.TaskDraft) string { return draftBody(taskDraft{TaskDraft: d, Proof: true}) })
	if err != nil {
		return err
	}
	d, ok, err := v.taskDraft(id)
	if err != nil || !ok {
		return err
	}
	return v.taskNext(d)
}

// draftsShown is how many drafts the list shows.
const draftsShown = 8

func (p *page) countDrafts() (int, error) {
	kept, err := p.tx.Drafts(p.reader.ID, issuedScan)
	if err != nil {
		return 0, err
	}
	unissued, err := p.tx.Unissued(p.reader.ID, issuedScan)
	return len(kept) + len(unissued), err
}

// showDrafts lists what the visitor has begun to draw up and not finished, and what came back from approval.
func (v *visit) showDrafts() error {
	return v.read(func(p *page) error {
		kept, err := p.tx.Drafts(v.person.ID, draftsShown)
		if err != nil {
			return err
		}
		unissued, err := p.tx.Unissued(v.person.ID, draftsShown)
		if err != nil {
			return err
		}
		var k Keyboard
		for _, draft := range kept {
			d, err := p.taskDraftOf(draft.ID)
			if err != nil {
				return err
			}
			title := shorten(cmp.Or(d.Row.Title, v.word("task.untitled")), 40)
			k = append(k, []Button{button(title, "draft", d.ID, "open"), button(v.word("task.button.drop"), "draft", d.ID, "drop")})
		}
		for _, t := range unissued {
			k = append(k, []Button{button(shorten(t.Code+" "+v.taskTitle(t), 40), "issued", t.ID, "redraw")})
		}
		back := []Button{button(v.word("announce.button_back"), "issued", 0, "list")}
		v.replace(Outgoing{Text: v.text("task.drafts", "n", len(k)), Keyboard: append(k, back)})
		return nil
	})
}
