package bot

import (
	"strings"

	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

// taskPreview shows exactly what would be issued, or asks anew for what cannot be made out.
func (v *visit) taskPreview(d taskDraft) error {
	return v.inPage(func(p *page) (func() error, error) {
		seen, err := v.Desk.PreviewTask(p.tx, v.who, d.TaskDraft)
		if err != nil {
			return nil, err
		}
		if seen.Reading.Outcome == calendar.Recurring && len(seen.Problems) == 1 {
			return func() error { return v.offerPlan(d, seen) }, nil
		}
		if len(seen.Problems) > 0 {
			why := p.problemLine(seen.Problems[0], seen)
			return func() error { return v.askAnew(d, seen.Problems[0], why) }, nil
		}
		d.Row.Due = work.DueText(seen.Due)
		body := p.previewText(d, seen)
		return func() error { return v.showPreview(d, seen, body) }, nil
	})
}

func (v *visit) showPreview(d taskDraft, seen work.TaskPreview, body text.HTML) error {
	if err := v.keepTask(&d, askPreview); err != nil {
		return err
	}
	label := v.word("task.button.issue", "n", len(seen.Targets))
	if seen.Approval != "" {
		label = v.word("task.button.send", "seat", v.word("seat."+string(seen.Approval)))
	}
	k := Keyboard{{button(label, "issue", d.ID, d.edition())}}
	if seen.Leads() > 1 {
		k = append(k, []Button{v.wayButton(d)})
	}
	if d.Row.Priority == duban.Critical && d.Row.LoudReason == "" {
		k = append(k, []Button{button(v.word("task.button.loud"), "draft", d.ID, askLoud)})
	}
	k = append(k, []Button{button(v.word("task.button.edit"), "draft", d.ID, askEdit), button(v.word("announce.button_cancel"), "draft", d.ID, "stop")})
	v.replace(Outgoing{Text: body, Keyboard: k})
	return nil
}

// wayButton is the other way in which a draft could be completed by its units.
func (v *visit) wayButton(d taskDraft) Button {
	if d.Row.Completion == duban.CompleteAny {
		return button(v.word("task.button.all"), "draftset", d.ID, "c0")
	}
	return button(v.word("task.button.any"), "draftset", d.ID, "c1")
}

// askedFor is the step that asks for what a column holds.
func askedFor(column work.Column) string {
	switch column {
	case work.ColumnDue:
		return askDue
	case work.ColumnReviewer:
		return askReviewer
	case work.ColumnSupports:
		return askSupports
	case work.ColumnMilestones:
		return askMilestones
	}
	return askTo
}

// problemLine says what keeps a draft from being issued, with how many more things there are.
func (p *page) problemLine(first work.Problem, seen work.TaskPreview) text.HTML {
	line := p.text("problem."+string(first.Reason), "column", p.word("column."+string(first.Column)), "value", first.Value, "arg", first.Arg, "line", 0)
	switch {
	case first.Column == work.ColumnDue && seen.Reading.Outcome == calendar.Refused:
		line = p.text("deadline.refused."+string(seen.Reading.Reason), "phrase", seen.Reading.Phrase, "offer", p.dueAt(seen.Reading.Offer))
	case first.Column == work.ColumnDue && seen.Reading.Outcome == calendar.Ask:
		line = p.text("deadline.ask."+string(seen.Reading.Reason), "phrase", seen.Reading.Phrase)
	case first.Reason == work.UnknownUnit:
		line = p.text("task.unknown", "value", first.Value)
	case first.Reason == work.OutsideScope:
		line = p.text("task.outside", "value", first.Value)
	case first.Column == work.ColumnOwner:
		line = text.Join(p.text("task.owner_of", "unit", first.Arg), line)
	}
	more := -1
	for _, other := range seen.Problems {
		if other.Column == first.Column {
			more++
		}
	}
	if more > 0 {
		line = text.Join(line, p.text("task.problems_more", "n", more))
	}
	return line
}

func (p *page) previewText(d taskDraft, seen work.TaskPreview) text.HTML {
	t := seen.Task
	lines := []text.HTML{p.text("task.preview", "title", t.Title), p.dutyBeside(t)}
	lines = append(lines, p.targetsLine(seen), p.sharingLines(seen), p.previewDue(d, seen), p.plannedLine(seen), p.previewEvidence(seen), p.previewExtras(t))
	lines = append(lines, p.burdenLines(seen)...)
	if seen.Approval != "" {
		lines = append(lines, p.text("task.needs", "seat", p.word("seat."+string(seen.Approval))))
	}
	if d.Row.Evidence.Kind == duban.PhotosEvidence {
		lines = append(lines, p.text("task.photos"))
	}
	return text.Join(lines...)
}

// dutyShown is how much of a duty a preview shows, in characters.
const dutyShown = 600

// dutyBeside is the duty where it says more than the title.
func (p *page) dutyBeside(t duban.Task) text.HTML {
	if t.Duty == t.Title {
		return ""
	}
	return p.text("card.duty", "duty", cutRunes(t.Duty, dutyShown))
}

// targetsShown is how many addressees a preview names.
const targetsShown = 4

func (p *page) targetsLine(seen work.TaskPreview) text.HTML {
	return p.namesOf(seen, false, "task.targets", "task.targets_more")
}

// namesOf names the lead or the supporting units of a draft with their owners, by a sentence, or the one for more of them than it names.
func (p *page) namesOf(seen work.TaskPreview, support bool, key, more string) text.HTML {
	var names []string
	people := map[int64]bool{}
	for _, t := range seen.Targets {
		if t.Support == support {
			names = append(names, p.word("task.target", "unit", t.Unit.Name, "name", t.Owner.Name))
			people[t.Owner.ID] = true
		}
	}
	if len(names) == 0 {
		return ""
	}
	if len(names) > targetsShown {
		key = more
	}
	shown := strings.Join(names[:min(len(names), targetsShown)], p.word("people.comma"))
	return p.text(key, "n", len(names), "people", len(people), "names", shown)
}

// sharingLines say how the units of a draft share it: who supports, and that any one may do it.
func (p *page) sharingLines(seen work.TaskPreview) text.HTML {
	lines := []text.HTML{p.namesOf(seen, true, "task.supports", "task.supports_more")}
	if seen.Task.Completion == duban.CompleteAny && seen.Leads() > 1 {
		lines = append(lines, p.text("units.any"))
	}
	return text.Join(lines...)
}

// plannedLine repeats the milestones of a draft as they were understood.
func (p *page) plannedLine(seen work.TaskPreview) text.HTML {
	var parts []string
	for _, t := range seen.Targets[:min(len(seen.Targets), 1)] {
		for _, m := range t.Milestones {
			parts = append(parts, p.word("task.milestone", "title", m.Title, "day", p.dayOn(m.Date), "percent", m.Percent))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return p.text("task.milestones", "milestones", strings.Join(parts, p.word("chips.and")))
}

func (p *page) previewDue(d taskDraft, seen work.TaskPreview) text.HTML {
	line := p.text("card.due", "due", p.dueAt(seen.Due))
	var notes []string
	for _, a := range d.Assumed {
		notes = append(notes, p.word("deadline.assumed."+string(a)))
	}
	if p.Desk.Calendar.IsProvisional(seen.Due.Date) {
		notes = append(notes, p.word("deadline.provisional", "year", seen.Due.Date.Year))
	}
	if !p.Desk.Calendar.IsWorkingDay(seen.Due.Date) {
		notes = append(notes, p.word("task.day_off"))
	}
	if len(notes) == 0 {
		return line
	}
	return text.Join(line, p.text("task.due_notes", "notes", strings.Join(notes, p.word("chips.and"))))
}

func (p *page) previewEvidence(seen work.TaskPreview) text.HTML {
	evidence := p.word("evidence."+string(seen.Task.Evidence.Kind), "n", seen.Task.Evidence.Min)
	switch {
	case !seen.Task.Review:
		return p.text("card.evidence_no_review", "evidence", evidence)
	case seen.Reviewer.ID != 0:
		return p.text("task.evidence_reviewer", "evidence", evidence, "name", seen.Reviewer.Name)
	}
	return p.text("card.evidence", "evidence", evidence)
}

func (p *page) previewExtras(t duban.Task) text.HTML {
	var lines []text.HTML
	if t.Priority != duban.Normal {
		lines = append(lines, p.text("task.priority", "priority", p.word("priority."+string(t.Priority))))
	}
	if t.Priority == duban.Critical {
		key := "task.loud_no"
		if t.LoudReason != "" {
			key = "task.loud_yes"
		}
		lines = append(lines, p.text(key, "reason", t.LoudReason))
	}
	if t.Basis != "" {
		lines = append(lines, p.text("card.basis", "basis", t.Basis))
	}
	if t.Internal {
		lines = append(lines, p.text("task.internal"))
	}
	return text.Join(lines...)
}

// burdensShown is how many addressees the burden meter names, those with most to do.
const burdensShown = 3

// burdenLines are the burden meter: what the addressees have already, the notice they get, a similar request before, vacations.
func (p *page) burdenLines(seen work.TaskPreview) []text.HTML {
	lines := []text.HTML{p.loadLine(seen.Burdens)}
	if seen.Notice < duban.ShortNotice {
		lines = append(lines, p.text("task.burden.notice", "n", seen.Notice))
	}
	if s := seen.Similar; s != nil {
		lines = append(lines, p.text("task.burden.similar", "day", p.dayOn(p.Desk.Calendar.Today(s.CreatedAt)), "title", shorten(s.Title, 40), "n", s.Units))
	}
	var closed []string
	name := ""
	for _, b := range seen.Burdens {
		if b.Vacation != "" {
			closed, name = append(closed, b.Unit.Name), b.Vacation
		}
	}
	if len(closed) > 0 {
		shown := strings.Join(closed[:min(len(closed), burdensShown)], p.word("people.comma"))
		lines = append(lines, p.text("task.burden.vacation", "units", shown, "n", len(closed), "name", name))
	}
	return lines
}

func (p *page) loadLine(burdens []duban.Burden) text.HTML {
	busy, rest := burdens[:0:0], 0
	seenPeople := map[int64]bool{}
	most := 0
	for _, b := range burdens {
		switch {
		case seenPeople[b.Owner.ID]:
			continue
		case b.Open > 0 && len(busy) < burdensShown:
			busy = append(busy, b)
		default:
			rest++
			most = max(most, b.Open)
		}
		seenPeople[b.Owner.ID] = true
	}
	if len(busy) == 0 {
		return p.text("task.burden.none")
	}
	var names []string
	for _, b := range busy {
		names = append(names, p.word("task.burden.person", "name", b.Owner.Name, "unit", shorten(b.Unit.Name, 12), "n", b.Open, "week", b.SameWeek))
	}
	line := strings.Join(names, p.word("chips.and"))
	switch {
	case rest == 0:
		return p.text("task.burden.load", "who", line)
	case most == 0:
		return p.text("task.burden.load_free", "who", line, "n", rest)
	}
	return p.text("task.burden.load_rest", "who", line, "n", rest, "most", most)
}
