package bot

import (
	"strings"

	"duban"
	"duban/text"
	"duban/work"
)

// about an item that a dialog waits for.
type dialogItem struct {
	Assignment int64  `json:"assignment"`
	Text       string `json:"text,omitempty"`
}

func (v *visit) pressAccept(c call) error { return v.accept(c.id) }

func (v *visit) pressWithdraw(c call) error { return v.withdraw(c.id) }

// pressSubmit is 上报完成. Where no evidence is asked for, the tap is the whole of it; it can be taken back. Else the evidence is asked for.
func (v *visit) pressSubmit(c call) error { return v.submitOrAsk(c.id, "") }

// submitOrAsk submits when what is there meets the evidence rule, and else asks for what is missing.
func (v *visit) submitOrAsk(id int64, typed string) error {
	done, err := v.Desk.Submit(v.ctx, v.who, id, work.Report{Text: typed})
	if err != nil {
		return err
	}
	if done.Missing == duban.NothingMissing {
		return v.reported(done, false)
	}
	if err := v.begin("submit", "", dialogItem{Assignment: id}); err != nil {
		return err
	}
	return v.about1(id, func(p *page, it item) error {
		v.missing(p, it, done)
		return nil
	})
}

// submitStep takes the evidence that was asked for.
func (v *visit) submitStep(typed string, files []duban.File) (bool, error) {
	var d dialogItem
	if err := v.data(&d); err != nil {
		return true, err
	}
	if v.about.AssignmentID != 0 && v.about.AssignmentID != d.Assignment {
		return false, nil
	}
	if intent := text.Understand(typed).Intent; len(files) == 0 && notEvidence(typed) && intent != text.Done {
		return false, nil
	}
	return true, v.report(d.Assignment, typed, files)
}

// notEvidence reports whether words are about the item rather than the evidence for it: bare words such as 收到, 已完成 or 待办.
func notEvidence(typed string) bool {
	r := text.Understand(typed)
	switch r.Intent {
	case text.Ack, text.Query, text.Help, text.Stop, text.Extension, text.Question, text.NotDone, text.Withdraw, text.Confirm:
		return true
	case text.Done:
		return strings.TrimSpace(r.Rest) == ""
	}
	return typed == ""
}

// wantsSubmit is what happens when somebody says that an item is done. Words alone never close it: without evidence one confirmation is asked
// for, by tap or by typing 确认; with a rule that is not met yet, what is missing is asked for.
func (v *visit) wantsSubmit(id int64, typed string, intent text.Intent) error {
	return v.about1(id, func(p *page, it item) error {
		switch {
		case !it.State.OnUnit():
			return v.submitOrAsk(id, "")
		case it.Task.Evidence.Kind == duban.FileEvidence, it.Task.Evidence.Kind == duban.PhotosEvidence:
			return v.submitOrAsk(id, "")
		case it.Task.Evidence.Kind == duban.TextEvidence && notEvidence(typed) && intent == text.Done:
			return v.submitOrAsk(id, "")
		}
		if err := v.begin("confirm", "", dialogItem{id, typed}); err != nil {
			return err
		}
		v.ask(Keyboard{{button(v.word("button.confirm"), "confirm", id)}}, "confirm.submit", "title", p.title(it))
		return nil
	})
}

func (v *visit) confirmStep(typed string, files []duban.File) (bool, error) {
	var d dialogItem
	if err := v.data(&d); err != nil {
		return true, err
	}
	intent := text.Understand(typed).Intent
	if len(files) > 0 || intent != text.Confirm && intent != text.Ack {
		return false, nil
	}
	return true, v.report(d.Assignment, d.Text, nil)
}

func (v *visit) pressConfirm(c call) error {
	var d dialogItem
	if v.dialog.Name == "confirm" {
		if err := v.data(&d); err != nil {
			return err
		}
	}
	if d.Assignment != c.id {
		d = dialogItem{Assignment: c.id}
	}
	return v.submitOrAsk(c.id, d.Text)
}

// saysDone is /done: it is explicit, so nothing more is asked but evidence. With a code it means that item, else the one that was replied to,
// else the only open one.
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
