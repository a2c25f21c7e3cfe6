package bot

import (
	"slices"
	"strings"

	"duban"
	"duban/text"
	"duban/work"
)

// about an item that a dialog waits for.
type dialogItem struct {
	Assignment int64  `json:"assignment"`
	Text       string `json:"text,omitempty"`
	Zero       bool   `json:"zero,omitempty"`
}

func (v *visit) pressAccept(c call) error { return v.accept(c.id) }

func (v *visit) pressWithdraw(c call) error { return v.withdraw(c.id) }

// pressSubmit is 上报完成. Where no evidence is asked for, or what has been collected meets the rule, the tap is the whole of it; it can be taken back.
// Else the evidence is asked for.
func (v *visit) pressSubmit(c call) error { return v.submitOrAsk(c.id, "") }

// submitOrAsk submits when what is there meets the evidence rule, and else asks for what is missing.
func (v *visit) submitOrAsk(id int64, typed string) error {
	return v.askedBy(stepPressed, id, work.Report{Text: typed})
}

// askedBy hands in a report; when something is missing, what is sent next goes to the item at a step of the dialog that collects it.
func (v *visit) askedBy(step string, id int64, r work.Report) error {
	done, err := v.Desk.Submit(v.ctx, v.who, id, r)
	if err != nil {
		return err
	}
	if done.Submitted() {
		return v.submitted(done)
	}
	return v.begin("submit", step, dialogItem{Assignment: id})
}

// submitStep takes the evidence that was asked for. Words count at once only where 上报完成 was pressed; where it was only said, they are confirmed first.
func (v *visit) submitStep(typed string, files []duban.File) (bool, error) {
	var d dialogItem
	if err := v.data(&d); err != nil {
		return true, err
	}
	if v.about.AssignmentID != 0 && v.about.AssignmentID != d.Assignment {
		return false, nil
	}
	reply := text.Understand(typed)
	if run, ok := v.spokenButton(typed); ok && len(files) == 0 {
		return true, run(v, call{id: d.Assignment})
	}
	switch {
	case len(files) > 0 && v.dialog.Step == stepMore:
		return true, v.report(d.Assignment, work.Report{Text: typed, Files: files, More: true})
	case len(files) > 0:
		return true, v.saidAbout(d.Assignment, typed, files)
	case typed == "", len(reply.Numbers) > 0 && v.listCameLast():
		return false, nil
	case reply.Intent == text.Done && bare(reply), reply.Intent == text.ZeroReport, reply.Intent == text.Confirm:
		return true, v.wantsSubmit(d.Assignment, typed, reply)
	case notEvidence[reply.Intent]:
		return false, nil
	case v.dialog.Step == stepMore:
		return true, v.report(d.Assignment, work.Report{Text: typed, More: true})
	case v.dialog.Step == stepSaid, doubtful[reply.Intent]:
		return true, v.wantsSubmit(d.Assignment, typed, text.Reply{Intent: text.Done, Rest: typed})
	}
	return true, v.report(d.Assignment, work.Report{Text: typed})
}

// spokenButton finds the button of evidence whose word was typed: 补充 or 重来.
func (v *visit) spokenButton(typed string) (func(*visit, call) error, bool) {
	for _, lang := range text.Langs {
		switch {
		case strings.EqualFold(typed, text.Word(lang, "button.more")):
			return (*visit).pressMore, true
		case strings.EqualFold(typed, text.Word(lang, "button.over")):
			return (*visit).pressOver, true
		}
	}
	return nil, false
}

// notEvidence are the intents of words that are about the item rather than the evidence for it.
var notEvidence = map[text.Intent]bool{
	text.Ack: true, text.Query: true, text.Help: true, text.Stop: true, text.Extension: true, text.Question: true, text.NotDone: true,
	text.Withdraw: true, text.Promise: true, text.Decline: true, text.Transfer: true,
}

// doubtful are the intents of words that may be evidence, but sound as if it were not done: they are confirmed first.
var doubtful = map[text.Intent]bool{text.Partial: true, text.InProgress: true, text.Complaint: true}

// bare reports whether words say no more than their intent.
func bare(r text.Reply) bool { return strings.TrimSpace(r.Rest) == "" }

// wantsSubmit is what happens when somebody says that an item is done. Words alone never close it: when the evidence rule is met one confirmation is
// asked for, by tap or by typing 确认; with a rule that is not met yet, what is missing is asked for.
func (v *visit) wantsSubmit(id int64, typed string, reply text.Reply) error {
	one, ready, err := v.toConfirm(id, typed, reply)
	switch {
	case err != nil:
		return err
	case !ready:
		return v.askedBy(stepSaid, id, work.Report{Text: one.Text})
	}
	return v.askConfirm([]dialogItem{one})
}

// toConfirm is what would be handed in for an item of which somebody says that it is done, and whether a confirmation is all that it lacks.
func (v *visit) toConfirm(id int64, typed string, reply text.Reply) (one dialogItem, ready bool, err error) {
	one = dialogItem{Assignment: id}
	switch {
	case reply.Intent == text.ZeroReport:
		one.Zero, one.Text = true, v.zeroWords(typed)
	case reply.Intent == text.Done && !bare(reply):
		one.Text = typed
	}
	err = v.about1(id, func(p *page, it item) error {
		switch {
		case it.Support:
			return duban.Refuse(duban.LeadReports)
		case !it.State.OnUnit():
			return nil
		}
		missing, err := p.lacks(it, one.Text)
		ready = missing == duban.NothingMissing || one.Zero && it.Task.Review
		return err
	})
	return one, ready, err
}

// saysDone is /done: it is explicit, so nothing more is asked but evidence. With a code or a number of the last list it means that item, else the one
// that was replied to, else the only open one.
func (v *visit) saysDone(rest string) error {
	code, note, _ := strings.Cut(rest, " ")
	open, err := v.openItems(func(a duban.Assignment) bool { return a.State.OnUnit() })
	if err != nil {
		return err
	}
	for _, it := range open {
		if code != "" && strings.EqualFold(it.Task.Code, code) {
			return v.submitOrAsk(it.ID, strings.TrimSpace(note))
		}
	}
	if id, _, err := v.namedByNumber(code); err != nil || id != 0 {
		if err != nil {
			return err
		}
		return v.submitOrAsk(id, strings.TrimSpace(note))
	}
	open = slices.DeleteFunc(open, func(it item) bool { return it.Support })
	switch {
	case v.about.AssignmentID != 0:
		return v.submitOrAsk(v.about.AssignmentID, rest)
	case len(open) == 0:
		v.say("tasks.none")
		return nil
	case len(open) == 1:
		return v.submitOrAsk(open[0].ID, rest)
	}
	v.ask(v.titles("submit", open), "reply.which", "n", len(open))
	return nil
}

// chooseFor does what a word of the reply keyboard says: to the one open item that it fits, or to the one that is chosen.
func (v *visit) chooseFor(verb string) error {
	open, err := v.openItems(func(a duban.Assignment) bool {
		if verb == "submit" && a.Support {
			return false
		}
		return a.State == duban.Issued || verb != "accept" && a.State.OnUnit()
	})
	switch {
	case err != nil:
		return err
	case len(open) == 0 && verb == "accept":
		v.say("tasks.none_to_sign")
		return nil
	case len(open) == 0:
		v.say("tasks.none")
		return nil
	case len(open) == 1:
		return buttons[verb](v, call{verb: verb, id: open[0].ID})
	}
	v.ask(v.titles(verb, open), "reply.which", "n", len(open))
	return nil
}

// pressProgress asks how far the work is: a tap, or words.
func (v *visit) pressProgress(c call) error {
	if err := v.begin("progress", "", dialogItem{Assignment: c.id}); err != nil {
		return err
	}
	return v.about1(c.id, func(p *page, it item) error {
		var percents []Button
		for _, n := range []string{"20", "40", "60", "80"} {
			percents = append(percents, button(n+"%", "percent", c.id, n))
		}
		v.ask(rows(4, percents...), "progress.ask", "title", p.title(it))
		return nil
	})
}

func (v *visit) pressPercent(c call) error {
	n := atoi(c.arg)
	if n <= 0 || n > 100 {
		v.answer("press.stale")
		return nil
	}
	return v.thenEnd(v.progress(c.id, n, "", "reply.progress"))
}

func (v *visit) progressStep(typed string, files []duban.File) (bool, error) {
	var d dialogItem
	if err := v.data(&d); err != nil {
		return true, err
	}
	if len(files) > 0 || typed == "" || v.about.AssignmentID != 0 && v.about.AssignmentID != d.Assignment {
		return false, nil
	}
	return true, v.thenEnd(v.progress(d.Assignment, text.Understand(typed).Percent, typed, "reply.progress"))
}

func (v *visit) pressAsk(c call) error {
	if err := v.begin("ask", "", dialogItem{Assignment: c.id}); err != nil {
		return err
	}
	return v.about1(c.id, func(p *page, it item) error {
		v.say("ask.begin", "title", p.title(it))
		return nil
	})
}

func (v *visit) askStep(typed string, files []duban.File) (bool, error) {
	var d dialogItem
	if err := v.data(&d); err != nil {
		return true, err
	}
	if len(files) > 0 || typed == "" {
		return false, nil
	}
	return true, v.thenEnd(v.question(d.Assignment, typed))
}

// pressDetails shows all of an item: the duty in full, basis, note, progress, and what has happened.
func (v *visit) pressDetails(c call) error {
	return v.about1(c.id, func(p *page, it item) error {
		details, err := p.details(it)
		if err != nil {
			return err
		}
		v.send(Outgoing{Text: details, ReplyTo: v.about.MessageID})
		return nil
	})
}

// pressCard sends the card of an item again, as it stands now. It becomes the live one.
func (v *visit) pressCard(c call) error {
	return v.about1(c.id, func(p *page, it item) error {
		v.send(p.cardOf(it))
		return nil
	})
}
