package bot

import (
	"strings"

	"duban"
	"duban/calendar"
	"duban/sheet"
	"duban/text"
	"duban/work"
)

// correctFields are what can be corrected of an issued item, in the order of their buttons.
var correctFields = []string{askTitle, askDuty, askDue, askEvidence, askReview, askPriority, askBasis}

// dialogCorrect is which item is being corrected. The step of the dialog is what of it.
type dialogCorrect struct {
	Task int64 `json:"task"`
}

// pressCorrect shows what can be corrected of an issued item, asks for it, or takes a chip.
func (v *visit) pressCorrect(c call) error {
	if err := v.mayCorrect(c.id); err != nil {
		return err
	}
	switch c.arg {
	case "fields":
		v.replace(Outgoing{Text: v.text("task.correct"), Keyboard: v.correctChips(c.id)})
		return nil
	case "stop":
		if err := v.end(); err != nil {
			return err
		}
		return v.pressIssued(call{id: c.id, arg: "task"})
	case askTitle, askDuty, askDue, askEvidence, askReview, askPriority, askBasis:
		return v.askCorrection(c.id, c.arg)
	}
	if due, ok := v.chipDue(c.arg); ok {
		return v.correct(c.id, func(*duban.Task) calendar.Due { return due })
	}
	if c.arg == otherDue {
		return v.askCorrection(c.id, askDue)
	}
	return v.correctChip(c.id, c.arg)
}

func (v *visit) mayCorrect(task int64) error {
	return v.read(func(p *page) error {
		t, err := p.tx.Task(task)
		if err != nil {
			return err
		}
		if ok, err := work.MayCorrect(p.tx, v.who, t); err != nil || !ok {
			return orNotAllowed(err)
		}
		return nil
	})
}

func (v *visit) correctChips(task int64) Keyboard {
	var chips []Button
	for _, field := range correctFields {
		chips = append(chips, button(v.word("task.field."+field), "correct", task, field))
	}
	return append(rows(3, chips...), []Button{button(v.word("announce.button_back"), "issued", task, "task")})
}

// askCorrection asks for the new value of a field; it can be typed or taken from chips.
func (v *visit) askCorrection(task int64, field string) error {
	if err := v.begin("correct", field, dialogCorrect{task}); err != nil {
		return err
	}
	var k Keyboard
	switch field {
	case askDue:
		k = v.dueChips("correct", task, calendar.Due{})
	case askEvidence:
		var chips []Button
		for i, e := range evidenceOffered {
			chips = append(chips, button(v.word("evidence."+string(e.Kind), "n", e.Min), "correct", task, "e"+itoa(i)))
		}
		k = rows(3, chips...)
	case askReview:
		k = Keyboard{{button(v.word("review.yes"), "correct", task, "r1"), button(v.word("review.no"), "correct", task, "r0")}}
	case askPriority:
		k = Keyboard{{button(v.word("priority.normal"), "correct", task, "p0"), button(v.word("priority.urgent"), "correct", task, "p1"), button(v.word("priority.critical"), "correct", task, "p2")}}
	}
	k = append(k, []Button{button(v.word("announce.button_back"), "correct", task, "fields"), button(v.word("announce.button_cancel"), "correct", task, "stop")})
	key := "task.ask." + field
	if field == askTitle {
		key = "task.ask.retitle"
	}
	v.replace(Outgoing{Text: v.text(key), Keyboard: k})
	return nil
}

// correctChip takes a chip for evidence, review or priority.
func (v *visit) correctChip(task int64, arg string) error {
	i := 0
	if len(arg) > 1 {
		i = atoi(arg[1:])
	}
	switch {
	case strings.HasPrefix(arg, "e") && i < len(evidenceOffered):
		return v.correct(task, same(func(t *duban.Task) { t.Evidence = evidenceOffered[i] }))
	case strings.HasPrefix(arg, "r"):
		return v.correct(task, same(func(t *duban.Task) { t.Review = i == 1 }))
	case strings.HasPrefix(arg, "p") && i < len(priorities):
		return v.correct(task, same(func(t *duban.Task) { t.Priority = priorities[i] }))
	}
	v.answer("press.stale")
	return nil
}

// correctStep takes the new value that was typed.
func (v *visit) correctStep(typed string, files []duban.File) (bool, error) {
	if typed == "" || len(files) > 0 || v.about.AssignmentID != 0 || v.about.SubmissionID != 0 {
		return false, nil
	}
	var kept dialogCorrect
	if err := v.data(&kept); err != nil {
		return true, err
	}
	return true, v.correctTyped(kept.Task, v.dialog.Step, typed)
}

func (v *visit) correctTyped(task int64, field, typed string) error {
	switch field {
	case askDue:
		if r, ok := v.typedDue(typed); ok {
			return v.correct(task, func(*duban.Task) calendar.Due { return r.Due })
		}
		return nil
	case askEvidence:
		rule, photos, ok := sheet.EvidenceWord(text.AfterNeed(typed))
		if !ok {
			v.say("task.evidence_unknown")
			return nil
		}
		evidence := duban.Evidence{Kind: duban.EvidenceKind(rule), Min: photos}
		return v.correct(task, same(func(t *duban.Task) { t.Evidence = evidence }))
	}
	put, known := correctWords[field]
	if !known {
		return v.askCorrection(task, field)
	}
	return v.correct(task, same(func(t *duban.Task) { put(t, typed) }))
}

// correctWords are the fields that take what is typed as it is.
var correctWords = map[string]func(*duban.Task, string){
	askTitle: retitle,
	askDuty:  func(t *duban.Task, typed string) { t.Duty = typed },
	askBasis: func(t *duban.Task, typed string) { t.Basis = typed },
}

// same is a correction that leaves the deadline as it is.
func same(change func(*duban.Task)) func(*duban.Task) calendar.Due {
	return func(t *duban.Task) calendar.Due {
		change(t)
		return calendar.Due{}
	}
}

// retitle gives a task another title. A duty that says no more than the title goes with it.
func retitle(t *duban.Task, typed string) {
	title := strings.Join(strings.Fields(typed), " ")
	if t.Duty == t.Title {
		t.Duty = title
	}
	t.Title = title
}

// correct changes an issued item and says whom that reached.
func (v *visit) correct(task int64, change func(*duban.Task) calendar.Due) error {
	var t duban.Task
	err := v.read(func(p *page) (err error) {
		t, err = p.tx.Task(task)
		return err
	})
	if err != nil {
		return err
	}
	due := change(&t)
	done, err := v.Desk.Correct(v.ctx, v.who, t, due)
	if err != nil {
		return err
	}
	if err := v.end(); err != nil {
		return err
	}
	lines := []text.HTML{v.text("task.corrected", "title", v.taskTitle(t))}
	for _, part := range []struct {
		key string
		n   int
	}{{"task.corrected_quietly", done.Quietly}, {"task.corrected_told", done.Told}, {"task.corrected_left", done.Left}} {
		if part.n > 0 {
			lines = append(lines, v.text(part.key, "n", part.n))
		}
	}
	if t.Evidence.Kind == duban.PhotosEvidence {
		lines = append(lines, v.text("task.photos"))
	}
	v.replace(Outgoing{Text: text.Join(lines...), Keyboard: Keyboard{{button(v.word("task.button.view"), "issued", task, "task")}}})
	return nil
}
