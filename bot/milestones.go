package bot

import (
	"encoding/json"
	"strings"

	"duban"
	"duban/text"
)

// milestoneLines say of an item with milestones which is next, and how far it is compared with the plan.
func (p *page) milestoneLines(it item) text.HTML {
	if len(it.Milestones) == 0 || !it.State.OnUnit() && it.State != duban.Suspended {
		return ""
	}
	n, left := it.NextMilestone()
	if !left {
		return text.Join(p.text("milestones.all_done", "of", len(it.Milestones)), p.paceLine(it))
	}
	m := it.Milestones[n]
	next := p.text("milestones.next", "title", m.Title, "day", p.dayOn(m.Date), "n", it.MilestonesDone(), "of", len(it.Milestones))
	return text.Join(next, p.paceLine(it))
}

func (p *page) paceLine(it item) text.HTML {
	today := p.Desk.Calendar.Today(p.now)
	key, behind := "milestones.on_plan", it.Behind(today)
	if behind > 0 {
		key = "milestones.behind"
	}
	return p.text(key, "planned", it.Planned(today), "reached", it.Reached(), "behind", behind)
}

// milestoneList lists the milestones of an item for its details.
func (p *page) milestoneList(it item) text.HTML {
	if len(it.Milestones) == 0 {
		return ""
	}
	lines := []text.HTML{p.text("milestones.heading")}
	for i, m := range it.Milestones {
		key := "milestones.line"
		if !m.DoneAt.IsZero() {
			key = "milestones.line_done"
		}
		lines = append(lines, p.text(key, "n", i+1, "title", m.Title, "day", p.dayOn(m.Date), "percent", m.Percent, "at", p.moment(m.DoneAt)))
	}
	return text.Join(append(lines, p.paceLine(it))...)
}

// milestoneTitle is how much of the title of a milestone a button shows, in characters.
const milestoneTitle = 20

// milestoneButton reports the next milestone of an item as done; no button where none is left.
func (p *page) milestoneButton(it item) []Button {
	n, left := it.NextMilestone()
	if !left || !it.State.OnUnit() || it.Task.Internal {
		return nil
	}
	return []Button{button(p.word("button.milestone", "title", shorten(it.Milestones[n].Title, milestoneTitle)), "milestone", it.ID, itoa(n))}
}

// renderMilestone reminds the owner of a milestone whose date comes near.
func (p *page) renderMilestone(l duban.Letter) (Outgoing, error) {
	var news duban.RungNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	it, err := p.letterItem(l)
	if err != nil {
		return Outgoing{}, err
	}
	policy, err := p.Desk.PolicyFor(p.tx, it.Assignment)
	if err != nil {
		return Outgoing{}, err
	}
	n, waits := it.MilestoneAt(news.Moment, p.Desk.Calendar, policy.Ladder.At)
	if !waits {
		return Outgoing{}, untrue("done meanwhile")
	}
	key, m := "push.milestone", it.Milestones[n]
	switch {
	case it.Task.Internal:
		key = "push.milestone_internal"
	case !p.mine(it):
		key = "push.milestone_others"
	}
	out, err := p.push(l, "push.reminder", "push.reminder_others")
	if err != nil {
		return out, err
	}
	out.Text = text.Join(p.lateLabel(l), p.deputyMark(it), p.text(key, "title", p.title(it), "milestone", m.Title, "day", p.dayOn(m.Date),
		"percent", m.Percent, "reached", it.Reached(), "unit", it.Unit.Name, "owner", it.Owner.Name))
	if p.does(it) {
		out.Keyboard = Keyboard{}
		if done := p.milestoneButton(it); done != nil {
			out.Keyboard = append(out.Keyboard, done)
		}
		out.Keyboard = append(out.Keyboard, []Button{p.do("progress", it), p.do("card", it)})
	}
	return out, nil
}

// undoSign begins the argument of the button that takes a milestone back.
const undoSign = "u"

// pressMilestone reports a milestone as done, or takes that back.
func (v *visit) pressMilestone(c call) error {
	if n, undo := strings.CutPrefix(c.arg, undoSign); undo {
		return v.undoMilestone(c.id, atoi(n))
	}
	return v.finishMilestone(c.id, atoi(c.arg))
}

func (v *visit) finishMilestone(id int64, n int) error {
	a, err := v.Desk.FinishMilestone(v.ctx, v.who, id, n)
	if err != nil {
		return err
	}
	return v.about1(a.ID, func(p *page, it item) error {
		undo := Keyboard{{button(p.word("button.unmilestone"), "milestone", id, undoSign+itoa(n))}}
		v.sayOf(it, undo, "milestones.done", "title", p.title(it), "milestone", it.Milestones[n].Title, "reached", it.Reached())
		return nil
	})
}

func (v *visit) undoMilestone(id int64, n int) error {
	a, err := v.Desk.UndoMilestone(v.ctx, v.who, id, n)
	if err != nil {
		return err
	}
	return v.about1(a.ID, func(p *page, it item) error {
		v.replace(Outgoing{
			Text:  p.text("milestones.undone", "title", p.title(it), "milestone", it.Milestones[n].Title, "reached", it.Reached()),
			About: About{AssignmentID: it.ID},
		})
		return nil
	})
}

// saidMilestone understands words that report a milestone as done: its title with a word for done, or 节点完成 for the next one. It reports false for
// everything else.
func (v *visit) saidMilestone(id int64, typed string, reply text.Reply) (bool, error) {
	next := v.saysNextMilestone(typed)
	if !next && reply.Intent != text.Done {
		return false, nil
	}
	n := -1
	err := v.about1(id, func(p *page, it item) error {
		if next {
			n, _ = it.NextMilestone()
			if n < 0 && len(it.Milestones) > 0 {
				v.sayOf(it, nil, "milestones.none_left", "title", p.title(it))
			}
			next = len(it.Milestones) > 0
			return nil
		}
		n = milestoneNamed(it.Milestones, typed)
		return nil
	})
	if err != nil || n < 0 {
		return next, err
	}
	return true, v.finishMilestone(id, n)
}

func (v *visit) saysNextMilestone(typed string) bool {
	for _, lang := range text.Langs {
		if strings.EqualFold(typed, text.Word(lang, "word.milestone_done")) {
			return true
		}
	}
	return false
}

// milestoneNamed returns the number of the milestone that words name; -1 when they name none. Of two that they name the longer title counts.
func milestoneNamed(all []duban.Milestone, typed string) int {
	found, longest := -1, 0
	for i, m := range all {
		if len(m.Title) > longest && strings.Contains(strings.ToLower(typed), strings.ToLower(m.Title)) {
			found, longest = i, len(m.Title)
		}
	}
	return found
}
