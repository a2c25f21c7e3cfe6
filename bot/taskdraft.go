package bot

import (
	"cmp"
	"encoding/json"
	"errors"
	"hash/fnv"
	"strconv"
	"strings"

	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

// The steps of drawing up an item, in their order; the further ones are taken from the preview only.
const (
	askTitle    = "title"
	askTo       = "to"
	askDue      = "due"
	askEvidence = "evidence"
	askPreview  = "preview"
	askEdit     = "edit"
	askDuty     = "duty"
	askReview   = "review"
	askPriority = "priority"
	askBasis    = "basis"
	askReviewer = "reviewer"
	askLoud     = "loud"

	askSupports   = "supports"
	askWay        = "way"
	askMilestones = "milestones"
)

// taskSteps are the steps that are asked when something is missing, in order.
var taskSteps = []string{askTitle, askTo, askDue, askEvidence}

// taskDraft is an item on its way through the dialog. It is kept from the first answer on, so that a restart, an expired dialog or another matter in
// between loses nothing of it.
type taskDraft struct {
	work.TaskDraft
	Step  string `json:"step,omitempty"`  // what is asked
	Asked bool   `json:"asked,omitempty"` // something was missing, so that evidence is asked for too
	Proof bool   `json:"proof,omitempty"` // evidence was said
	Edits bool   `json:"edits,omitempty"` // the step was chosen under the preview, to which it goes back
	// Assumed is how what was left open in the deadline was understood.
	Assumed []calendar.Assumption `json:"assumed,omitempty"`
	Unknown string                `json:"unknown,omitempty"` // the word for whom it is that nobody knows; what is chosen takes its place
}

// dialogTask is what the dialog itself keeps: which draft it is about.
type dialogTask struct {
	Draft int64 `json:"draft"`
}

// beginTask is /task: with words it draws up what they say, as a reply to a message of one's own what that says, else it lists what the visitor has issued.
func (v *visit) beginTask(rest string) error {
	if rest != "" {
		return v.drawUp(v.behindCommand())
	}
	if m := v.message; m != nil && m.ReplyToMessage != nil && m.ReplyToMessage.From != nil && m.ReplyToMessage.From.ID == v.account.TelegramID {
		return v.drawUpFrom(cmp.Or(m.ReplyToMessage.Text, m.ReplyToMessage.Caption))
	}
	return v.showIssued(0)
}

// drawUp begins a draft with what was typed in one line.
func (v *visit) drawUp(typed string) error {
	var d taskDraft
	d.Row.Review, d.Row.Spoken = true, true
	if err := v.readInto(&d, typed); err != nil {
		return err
	}
	return v.taskNext(d)
}

func (v *visit) readInto(d *taskDraft, typed string) error {
	r, err := v.readTask(typed, &d.Row)
	d.heard(r)
	return err
}

// heard notes what else a line has said.
func (d *taskDraft) heard(r *taskReader) {
	d.Proof = d.Proof || r.proof
	if r.due.Outcome != calendar.None {
		d.Assumed = r.due.Assumed
	}
}

// taskNext asks what is missing, else what cannot be made out, else shows the preview.
func (v *visit) taskNext(d taskDraft) error {
	d.Edits = false
	step := d.missing()
	if step == "" {
		return v.taskPreview(d)
	}
	d.Asked = true
	return v.inPage(func(p *page) (func() error, error) {
		wrong, about, err := p.saidWrong(d)
		if wrong.Reason == "" {
			return func() error { return v.taskAt(d, step, "") }, err
		}
		line := p.problemLine(wrong, about)
		return func() error { return v.askAnew(d, wrong, line) }, err
	})
}

// saidWrong finds what cannot be made out of what has been said so far, although something is still missing.
func (p *page) saidWrong(d taskDraft) (work.Problem, work.TaskPreview, error) {
	probe := d.TaskDraft
	probe.Row.Title = cmp.Or(probe.Row.Title, "-")
	seen, err := p.Desk.PreviewTask(p.tx, p.actor(), probe)
	for _, problem := range seen.Problems {
		said := problem.Column == work.ColumnDue && d.Row.Due != "" && seen.Reading.Outcome != calendar.Recurring ||
			problem.Column != work.ColumnDue && d.Row.Units != ""
		if said {
			return problem, seen, err
		}
	}
	return work.Problem{}, seen, err
}

// askAnew asks again for what cannot be made out, below a line that says why.
func (v *visit) askAnew(d taskDraft, wrong work.Problem, why text.HTML) error {
	d.Unknown = ""
	if wrong.Reason == work.UnknownUnit {
		d.Unknown = wrong.Value
	}
	return v.taskAt(d, askedFor(wrong.Column), why)
}

func (d taskDraft) missing() string {
	switch {
	case d.Row.Title == "":
		return askTitle
	case d.Row.Units == "":
		return askTo
	case d.Row.Due == "":
		return askDue
	case d.Asked && !d.Proof:
		return askEvidence
	}
	return ""
}

// taskAt keeps the draft at a step and asks what the step asks, below what there is to say first.
func (v *visit) taskAt(d taskDraft, step string, first text.HTML) error {
	if err := v.keepTask(&d, step); err != nil {
		return err
	}
	out, err := v.taskQuestion(d)
	if err != nil {
		return err
	}
	out.Text = text.Join(first, out.Text)
	v.replace(out)
	return nil
}

// keepTask keeps the draft and makes the dialog wait at a step.
func (v *visit) keepTask(d *taskDraft, step string) error {
	d.Step = step
	id, err := v.Desk.KeepDraft(v.ctx, v.who, d.ID, draftBody(*d))
	if err != nil {
		return err
	}
	d.ID = id
	return v.begin("task", step, dialogTask{id})
}

func draftBody(d taskDraft) string {
	body, err := json.Marshal(d)
	if err != nil {
		panic(err)
	}
	return string(body)
}

// taskDraftOf reads a kept draft of the visitor's.
func (p *page) taskDraftOf(id int64) (taskDraft, error) {
	var d taskDraft
	kept, err := work.OwnDraft(p.tx, p.actor(), id)
	if err != nil {
		return d, err
	}
	err = json.Unmarshal([]byte(kept.Body), &d)
	d.ID = id
	return d, err
}

// taskDraft reads a kept draft of the visitor's; false when it has been issued or dropped meanwhile, which has been answered.
func (v *visit) taskDraft(id int64) (taskDraft, bool, error) {
	var d taskDraft
	err := v.read(func(p *page) (err error) {
		d, err = p.taskDraftOf(id)
		return err
	})
	if duban.CodeOf(err) == duban.NotFound {
		v.answer("task.over")
		return d, false, nil
	}
	return d, err == nil, err
}

// edition names what a draft says, so that the button of an old preview is told from that of what would be issued now.
func (d taskDraft) edition() string {
	h := fnv.New32a()
	h.Write([]byte(draftBody(taskDraft{TaskDraft: d.TaskDraft})))
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// cancelTask is 取消 typed while an item is drawn up.
func (v *visit) cancelTask() error {
	var kept dialogTask
	if err := v.data(&kept); err != nil {
		return err
	}
	d, ok, err := v.taskDraft(kept.Draft)
	if err != nil || !ok {
		return err
	}
	return v.leaveTask(d)
}

// behindCommand is what was typed after the command, with its lines.
func (v *visit) behindCommand() string {
	typed := v.typed()
	if i := strings.IndexAny(typed, " \n"); i >= 0 {
		return strings.TrimSpace(typed[i:])
	}
	return ""
}

// empty reports whether nothing has been said yet that is worth keeping.
func (d taskDraft) empty() bool { return d.Row.Title == "" && d.Row.Units == "" && d.Row.Due == "" }

// leaveTask ends the dialog before anything was issued. The draft stays, unless there is nothing in it.
func (v *visit) leaveTask(d taskDraft) error {
	if err := v.end(); err != nil {
		return err
	}
	if !d.empty() {
		v.replace(Outgoing{Text: v.text("task.left"), Keyboard: Keyboard{{
			button(v.word("task.button.continue"), "draft", d.ID, "open"), button(v.word("task.button.drop"), "draft", d.ID, "drop"),
		}}})
		return nil
	}
	if err := v.Desk.DropDraft(v.ctx, v.who, d.ID); err != nil {
		return err
	}
	v.replace(Outgoing{Text: v.text("cancel.done")})
	return nil
}

// pressDraft does what a button of a draft says.
func (v *visit) pressDraft(c call) error {
	switch c.arg {
	case "new":
		return v.drawUp("")
	case "list":
		return v.showDrafts()
	case "forwarded":
		return v.drawUpForwarded()
	}
	d, ok, err := v.taskDraft(c.id)
	if err != nil || !ok {
		return err
	}
	switch c.arg {
	case "open":
		return v.taskNext(d)
	case "stop":
		return v.leaveTask(d)
	case "drop":
		return v.dropTask(d)
	case "back":
		return v.taskBack(d)
	case askEdit:
		return v.taskAt(d, askEdit, "")
	case askTitle, askTo, askDue, askEvidence, askDuty, askReview, askPriority, askBasis, askReviewer, askLoud,
		askSupports, askWay, askMilestones:
		d.Edits = true
		return v.taskAt(d, c.arg, "")
	}
	v.answer("press.stale")
	return nil
}

func (v *visit) dropTask(d taskDraft) error {
	if err := v.Desk.DropDraft(v.ctx, v.who, d.ID); err != nil {
		return err
	}
	if err := v.end(); err != nil {
		return err
	}
	v.replace(Outgoing{Text: v.text("task.dropped", "title", cmp.Or(d.Row.Title, v.word("task.untitled")))})
	return nil
}

// taskBack goes back one step: to the preview where the step was chosen under it, else to the question before.
func (v *visit) taskBack(d taskDraft) error {
	if d.Edits || d.Step == askEdit {
		return v.taskNext(d)
	}
	before := askTitle
	for _, step := range taskSteps {
		if step == d.Step {
			break
		}
		before = step
	}
	if d.Step == askPreview {
		before = askEvidence
	}
	d.Asked = true
	return v.taskAt(d, before, "")
}

// pressIssue issues the draft whose preview stands above the button. What has changed since is shown anew instead.
func (v *visit) pressIssue(c call) error {
	d, ok, err := v.taskDraft(c.id)
	switch {
	case err != nil || !ok:
		return err
	case d.Step != askPreview || d.edition() != c.arg:
		v.answer("task.changed")
		return v.taskNext(d)
	}
	return v.issueTask(d)
}

func (v *visit) issueTask(d taskDraft) error {
	done, err := v.Desk.IssueTask(v.ctx, v.who, d.TaskDraft)
	if err != nil && !errors.Is(err, duban.ErrRepeated) {
		return err
	}
	if err == nil && len(done.Problems) > 0 {
		return v.taskPreview(d)
	}
	if ended := v.end(); ended != nil || err != nil {
		return errors.Join(ended, err)
	}
	title := v.taskTitle(done.Task)
	if done.Waits != "" {
		v.replace(Outgoing{Text: v.text("task.sent", "title", title, "code", done.Task.Code, "seat", v.word("seat."+string(done.Waits)))})
		return nil
	}
	v.replace(Outgoing{
		Text:     v.text("task.issued", "title", title, "code", done.Task.Code, "n", done.Issued),
		Keyboard: Keyboard{{button(v.word("task.button.view"), "issued", done.Task.ID, "task")}},
	})
	return nil
}

// taskTitle names a task. Of an internal one nothing but the code is shown.
func (v *visit) taskTitle(t duban.Task) string {
	if t.Internal {
		return v.word("card.internal_title", "code", t.Code)
	}
	return t.Title
}

// offeredDue is the deadline from which the chips of a draft count.
func (d taskDraft) offeredDue(cal *calendar.Calendar, v *visit) calendar.Due {
	r := cal.ParseDue(d.Row.Due, v.now)
	if r.Outcome == calendar.Understood && !r.Past {
		return r.Due
	}
	return calendar.Due{}
}
