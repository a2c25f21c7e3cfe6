package bot

import (
	"cmp"
	"encoding/json"
	"slices"

	"duban"
	"duban/text"
	"duban/work"
)

// renderApproval is the card of what was drawn up, for those who may approve it; when it is decided it says so.
func (p *page) renderApproval(l duban.Letter) (Outgoing, error) {
	var news work.ApprovalNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	r, err := p.tx.Request(news.Request)
	if err != nil {
		return Outgoing{}, err
	}
	out, err := p.approvalCard(r)
	if err != nil {
		return Outgoing{}, err
	}
	if may, err := work.MayApprove(p.tx, p.actor(), r); err != nil || !may {
		return Outgoing{}, cmp.Or(err, untrue("may not approve it"))
	}
	card, err := p.tx.Card(out.Subject, p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.Edit = card.MessageID
		return out, nil
	}
	if !r.State.Waits() {
		return Outgoing{}, untrue("decided meanwhile")
	}
	return out, nil
}

func (p *page) approvalCard(r duban.Request) (Outgoing, error) {
	out := Outgoing{ChatID: p.account.TelegramID, Subject: work.ApprovalSubject(r.ID)}
	asker, err := p.tx.Person(r.AskerID)
	if err != nil {
		return out, err
	}
	seen, err := p.Desk.PreviewPending(p.tx, r)
	if err != nil {
		return out, err
	}
	title, duty := seen.Task.Title, p.dutyBeside(seen.Task)
	if seen.Task.Internal {
		title, duty = p.word("card.internal_title", "code", seen.Task.Code), p.text("card.internal")
		seen = p.withheld(seen)
	}
	head := text.Join(p.text("approval.heading", "name", asker.Name, "code", seen.Task.Code, "title", title), duty)
	out.Text = text.Join(head, p.targetsLine(seen), p.sharingLines(seen), p.previewDue(taskDraft{}, seen), p.plannedLine(seen), p.previewEvidence(seen), p.previewExtras(seen.Task))
	if r.State.Waits() {
		out.Text = text.Join(append([]text.HTML{out.Text}, p.burdenLines(seen)...)...)
		out.Keyboard = Keyboard{{button(p.word("approval.button.approve"), "approve", r.ID), button(p.word("approval.button.back"), "sendback", r.ID)}}
		return out, nil
	}
	line, err := p.approvalLine(r, seen.Task)
	out.Text = text.Join(out.Text, line)
	return out, err
}

// withheld is what of an internal item an approver may be pushed: none of its words.
func (p *page) withheld(seen work.TaskPreview) work.TaskPreview {
	seen.Task.Basis = ""
	if seen.Task.LoudReason != "" {
		seen.Task.LoudReason = p.word("card.internal_said")
	}
	seen.Targets = slices.Clone(seen.Targets)
	for i := range seen.Targets {
		seen.Targets[i].Milestones = nil
	}
	return seen
}

// approvalLine says how a request to issue ended.
func (p *page) approvalLine(r duban.Request, t duban.Task) (text.HTML, error) {
	by := ""
	if r.DecidedBy != 0 {
		person, err := p.tx.Person(r.DecidedBy)
		if err != nil {
			return "", err
		}
		by = person.Name
	}
	return p.text("approval.state."+string(r.State), "name", by, "at", p.moment(r.DecidedAt), "reason", p.said(item{Task: t}, r.Answer)), nil
}

// renderApproved tells whoever drew something up what has become of it.
func (p *page) renderApproved(l duban.Letter) (Outgoing, error) {
	var news work.ApprovalNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	r, err := p.tx.Request(news.Request)
	if err != nil {
		return Outgoing{}, err
	}
	t, err := p.tx.Task(r.TaskID)
	if err != nil {
		return Outgoing{}, err
	}
	by, err := p.tx.Person(r.DecidedBy)
	if err != nil {
		return Outgoing{}, err
	}
	title, answer := p.title(item{Task: t}), p.said(item{Task: t}, r.Answer)
	key := "approval.told." + string(news.State)
	if next, err := p.tx.OpenTaskRequest(t.ID); err == nil && news.State == duban.Granted {
		return Outgoing{Text: p.text("approval.told.next", "title", title, "name", by.Name, "seat", p.word("seat."+string(next.Needs)))}, nil
	}
	out := Outgoing{Text: p.text(key, "title", title, "code", t.Code, "name", by.Name, "reason", answer)}
	if news.State == duban.Refused {
		out.Keyboard = Keyboard{{button(p.word("task.button.edit"), "issued", t.ID, "redraw")}}
	} else {
		out.Keyboard = Keyboard{{button(p.word("task.button.view"), "issued", t.ID, "task")}}
	}
	return out, nil
}

func (v *visit) pressApprove(c call) error {
	r, err := v.Desk.ApproveIssue(v.ctx, v.who, c.id)
	if err != nil {
		return v.approvedBefore(r, err)
	}
	v.answer("approval.done.granted")
	return nil
}

// approvedBefore tells whoever comes second what was decided.
func (v *visit) approvedBefore(r duban.Request, err error) error {
	if duban.CodeOf(err) != duban.AlreadyDone {
		return err
	}
	return v.read(func(p *page) error {
		t, err := p.tx.Task(r.TaskID)
		if err != nil {
			return err
		}
		line, err := p.approvalLine(r, t)
		v.toastOrSay(line.Plain())
		return err
	})
}

// dialogApproval is the request for whose return a reason is awaited.
type dialogApproval struct {
	Request int64 `json:"request"`
}

// approvalReasons are the usual reasons to send back what was drawn up; any other can be typed.
var approvalReasons = []string{"approval.reason.due", "approval.reason.whom", "approval.reason.duty", "approval.reason.burden"}

func (v *visit) pressSendBack(c call) error {
	if i := atoi(c.arg); c.arg != "" && i < len(approvalReasons) {
		return v.sendBack(c.id, v.word(approvalReasons[i]))
	}
	err := v.read(func(p *page) error {
		r, err := p.tx.Request(c.id)
		if err != nil {
			return err
		}
		if ok, err := work.MayApprove(p.tx, v.who, r); err != nil || !ok {
			return orNotAllowed(err)
		}
		if !r.State.Waits() {
			return v.approvedBefore(r, duban.Refuse(duban.AlreadyDone))
		}
		return v.begin("sendback", "", dialogApproval{r.ID})
	})
	if err != nil || v.toast != "" {
		return err
	}
	var chips []Button
	for i, key := range approvalReasons {
		chips = append(chips, button(v.word(key), "sendback", c.id, itoa(i)))
	}
	v.ask(rows(2, chips...), "approval.why")
	return nil
}

func (v *visit) sendBackStep(typed string, files []duban.File) (bool, error) {
	if typed == "" || len(files) > 0 {
		return false, nil
	}
	var kept dialogApproval
	if err := v.data(&kept); err != nil {
		return true, err
	}
	return true, v.sendBack(kept.Request, typed)
}

func (v *visit) sendBack(request int64, reason string) error {
	r, err := v.Desk.SendBackIssue(v.ctx, v.who, request, reason)
	if err != nil {
		return v.approvedBefore(r, err)
	}
	if v.dialog.Name == "sendback" {
		if err := v.end(); err != nil {
			return err
		}
	}
	v.answer("approval.done.refused")
	return nil
}
