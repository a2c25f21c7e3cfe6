package bot

import (
	"cmp"
	"strings"

	"duban"
	"duban/calendar"
	"duban/sheet"
	"duban/text"
	"duban/work"
)

// taskStep takes what was typed for the step at which a draft waits. A reply to another message of ours, or a file, is not for it.
func (v *visit) taskStep(typed string, files []duban.File) (bool, error) {
	if typed == "" || len(files) > 0 || v.about.AssignmentID != 0 || v.about.SubmissionID != 0 || v.about.AnnouncementID != 0 || v.forwarded() {
		return false, nil
	}
	var kept dialogTask
	if err := v.data(&kept); err != nil {
		return true, err
	}
	d, ok, err := v.taskDraft(kept.Draft)
	if err != nil || !ok {
		return true, err
	}
	if typedIs(typed, "announce.button_back") || typedIs(typed, "task.word.back") {
		return true, v.taskBack(d)
	}
	return true, v.taskTyped(d, typed)
}

func (v *visit) taskTyped(d taskDraft, typed string) error {
	switch d.Step {
	case askTitle:
		return v.titleTyped(d, typed)
	case askTo:
		d.Row.Units, d.Row.Owner, d.Unknown = unitWords(typed), "", ""
	case askDue:
		return v.dueTyped(d, typed)
	case askEvidence:
		return v.evidenceTyped(d, typed)
	case askDuty:
		d.Row.Duty = typed
	case askBasis:
		d.Row.Basis = typed
	case askReviewer:
		d.Row.Reviewer = typed
	case askLoud:
		d.Row.LoudReason = typed
	case askSupports:
		d.Row.Supports = v.unlessNone(unitWords(typed), typed)
	case askMilestones:
		d.Row.Milestones = v.unlessNone(typed, typed)
	case askPreview:
		return v.taskPreviewTyped(d, typed)
	default:
		return v.taskAt(d, d.Step, "")
	}
	return v.taskNext(d)
}

// titleTyped takes a title, and whatever else stands in the same line.
func (v *visit) titleTyped(d taskDraft, typed string) error {
	if d.Edits {
		d.Row.Title = strings.Join(strings.Fields(typed), " ")
		return v.taskNext(d)
	}
	units := d.Row.Units
	d.Row.Units = ""
	if err := v.readInto(&d, typed); err != nil {
		return err
	}
	d.Row.Units = cmp.Or(d.Row.Units, units)
	return v.taskNext(d)
}

// dueTyped takes a deadline as it was typed. Whether it is one, the preview says.
func (v *visit) dueTyped(d taskDraft, typed string) error {
	r := v.Desk.Calendar.ParseDue(typed, v.now)
	if r.Outcome == calendar.None {
		return v.taskAt(d, askDue, v.text("deadline.none"))
	}
	d.Row.Due, d.Assumed = dueSaid(r), r.Assumed
	return v.taskNext(d)
}

func (v *visit) evidenceTyped(d taskDraft, typed string) error {
	for _, e := range evidenceOffered {
		if typedIs(typed, "evidence."+string(e.Kind)) {
			return v.evidenceSet(d, e)
		}
	}
	if rule, photos, ok := sheet.EvidenceWord(text.AfterNeed(typed)); ok {
		return v.evidenceSet(d, duban.Evidence{Kind: duban.EvidenceKind(rule), Min: photos})
	}
	return v.taskAt(d, askEvidence, v.text("task.evidence_unknown"))
}

func (v *visit) evidenceSet(d taskDraft, e duban.Evidence) error {
	d.Row.Evidence, d.Proof = e, true
	return v.taskNext(d)
}

// taskPreviewTyped takes 交办 as a press of the button, and everything else as what else is to be different.
func (v *visit) taskPreviewTyped(d taskDraft, typed string) error {
	if typedIs(typed, "task.word.issue") || text.Understand(typed).Intent == text.Confirm {
		return v.issueTask(d)
	}
	row := d.Row
	row.Title, row.Units, row.Supports = "", "", ""
	r, err := v.readTask(typed, &row)
	if err != nil {
		return err
	}
	if row.Title != "" {
		v.say("task.confirm_first")
		return nil
	}
	row.Title, row.Units, row.Supports = d.Row.Title, cmp.Or(row.Units, d.Row.Units), cmp.Or(row.Supports, d.Row.Supports)
	d.Row = row
	d.heard(r)
	return v.taskNext(d)
}

// pressDraftDue takes a chip for the deadline.
func (v *visit) pressDraftDue(c call) error {
	d, ok, err := v.taskDraft(c.id)
	if err != nil || !ok {
		return err
	}
	due, ok := v.chipDue(c.arg)
	if !ok {
		return v.taskAt(d, askDue, v.text("task.ask.due_typed"))
	}
	d.Row.Due, d.Assumed = work.DueText(due), nil
	return v.taskNext(d)
}

// pressDraftSet takes a chip for evidence, review or priority.
func (v *visit) pressDraftSet(c call) error {
	d, ok, err := v.taskDraft(c.id)
	if err != nil || !ok || c.arg == "" {
		return err
	}
	i := atoi(c.arg[1:])
	switch {
	case c.arg[0] == 'e' && i < len(evidenceOffered):
		return v.evidenceSet(d, evidenceOffered[i])
	case c.arg[0] == 'c' && i < len(completions):
		d.Row.Completion = completions[i]
	case c.arg[0] == 'r':
		d.Row.Review = i == 1
	case c.arg[0] == 'p' && i < len(priorities):
		d.Row.Priority = priorities[i]
	default:
		v.answer("press.stale")
		return nil
	}
	return v.taskNext(d)
}

// unlessNone returns a value, or nothing where 无 was typed.
func (v *visit) unlessNone(value, typed string) string {
	if typedIs(typed, "task.word.none") {
		return ""
	}
	return value
}

// completions are the ways of completion in the order of their chips.
var completions = []duban.Completion{duban.CompleteAll, duban.CompleteAny}

// priorities are the priorities in the order of their chips.
var priorities = []duban.Priority{duban.Normal, duban.Urgent, duban.Critical}

// drawUpForwarded draws up an item from a forwarded message that waits to be told what it is for.
func (v *visit) drawUpForwarded() error {
	a, ok, err := v.draft()
	if err != nil || !ok || a.Held == nil {
		return err
	}
	return v.drawUpFrom(a.Held.Text)
}

// dutyFromText is how much of a message becomes the duty of an item, in characters.
const dutyFromText = 1500

// drawUpFrom draws up an item from the text of a message: its first line is the title, all of it the duty, and the deadline is looked for in it.
func (v *visit) drawUpFrom(said string) error {
	var d taskDraft
	d.Row.Review, d.Row.Spoken = true, true
	d.Row.Title = shorten(text.SubjectOf(headLine(said)), summaryLength)
	if said = strings.TrimSpace(said); said != d.Row.Title {
		d.Row.Duty = cutRunes(said, dutyFromText)
	}
	if r := v.Desk.Calendar.ParseDue(said, v.now); r.Outcome == calendar.Understood && !r.Past {
		d.Row.Due, d.Assumed = dueSaid(r), r.Assumed
	}
	return v.taskNext(d)
}

func cutRunes(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
