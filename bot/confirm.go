package bot

import (
	"encoding/json"

	"duban"
	"duban/text"
	"duban/work"
)

// confirming is what is reported once it is confirmed. It lies in the dialog, for who types 确认, and with the message that asks, for who presses.
type confirming struct {
	Items []dialogItem `json:"items"`
}

// askConfirm asks for one confirmation of all that is to be reported.
func (v *visit) askConfirm(items []dialogItem) error {
	if err := v.begin("confirm", "", confirming{items}); err != nil {
		return err
	}
	return v.sendConfirm(items)
}

func (v *visit) sendConfirm(items []dialogItem) error {
	data, err := json.Marshal(confirming{items})
	if err != nil {
		return err
	}
	return v.read(func(p *page) error {
		out := Outgoing{About: About{Data: string(data)}}
		titles, err := p.titlesOf(items)
		if err != nil {
			return err
		}
		if len(items) == 1 {
			out.Text = v.text(confirmKey(items[0]), "title", titles[0])
			out.Keyboard = Keyboard{{button(v.word("button.confirm"), "confirm", items[0].Assignment)}}
			out.About.AssignmentID = items[0].Assignment
			v.send(out)
			return nil
		}
		lines := []text.HTML{v.text("confirm.several", "n", len(items))}
		for _, title := range titles {
			lines = append(lines, v.text("confirm.line", "title", title))
		}
		out.Text = text.Join(lines...)
		out.Keyboard = Keyboard{{button(v.word("button.confirm_several", "n", len(items)), "confirm", 0)}}
		v.send(out)
		return nil
	})
}

func confirmKey(one dialogItem) string {
	if one.Zero {
		return "confirm.zero"
	}
	return "confirm.submit"
}

func (p *page) titlesOf(items []dialogItem) ([]string, error) {
	titles := make([]string, len(items))
	for i, one := range items {
		it, err := p.item(one.Assignment)
		if err != nil {
			return nil, err
		}
		titles[i] = p.title(it)
	}
	return titles, nil
}

// confirmStep takes 确认. 好的 is no confirmation, but shows that one was meant, so it is asked for once more.
func (v *visit) confirmStep(typed string, files []duban.File) (bool, error) {
	var c confirming
	if err := v.data(&c); err != nil {
		return true, err
	}
	if len(files) > 0 || v.about.AssignmentID != 0 && v.about.Data == "" {
		return false, nil
	}
	switch text.Understand(typed).Intent {
	case text.Confirm:
		return true, v.submitAll(c.Items)
	case text.Ack:
		v.say("confirm.not_yet")
		return true, v.sendConfirm(c.Items)
	}
	return false, nil
}

// pressConfirm reports what the message with the button asked about.
func (v *visit) pressConfirm(c call) error {
	asked := v.askedAbout()
	if len(asked) == 0 && v.dialog.Name == "confirm" {
		var kept confirming
		if err := v.data(&kept); err != nil {
			return err
		}
		asked = kept.Items
	}
	switch {
	case len(asked) > 0:
		return v.submitAll(asked)
	case c.id == 0:
		v.answer("press.stale")
		return nil
	}
	return v.submitOrAsk(c.id, "")
}

// askedAbout is what our message that was pressed or replied to asks to have confirmed.
func (v *visit) askedAbout() []dialogItem {
	var c confirming
	if v.about.Kind != duban.NewsAnswer || json.Unmarshal([]byte(v.about.Data), &c) != nil {
		return nil
	}
	return c.Items
}

// submitAll reports what was confirmed.
func (v *visit) submitAll(items []dialogItem) error {
	if len(items) == 1 {
		one := items[0]
		return v.askedBy(stepPressed, one.Assignment, work.Report{Text: one.Text, Zero: one.Zero})
	}
	lines := []text.HTML{v.text("done.several")}
	for _, one := range items {
		line, err := v.submitOne(one)
		if err != nil {
			return err
		}
		lines = append(lines, line)
		v.who.Part++
	}
	if err := v.end(); err != nil {
		return err
	}
	out := Outgoing{Text: text.Join(lines...)}
	if v.press != nil {
		out.Edit = v.about.MessageID
	}
	v.send(out)
	return nil
}

// submitOne reports one of several and returns the line that says what became of it.
func (v *visit) submitOne(one dialogItem) (line text.HTML, err error) {
	done, failed := v.Desk.Submit(v.ctx, v.who, one.Assignment, work.Report{Text: one.Text, Zero: one.Zero})
	if failed != nil && !refusal(failed) {
		return "", failed
	}
	err = v.about1(one.Assignment, func(p *page, it item) error {
		switch {
		case failed != nil:
			line = v.text("done.line.refused", "title", p.title(it), "why", v.whyNot(failed))
		case !done.Submitted():
			line = v.text("done.line.missing", "title", p.title(it), "missing", v.word("missing.word."+string(done.Missing)))
		default:
			line = v.text("done.line."+string(it.State), "title", p.title(it))
		}
		return nil
	})
	return line, err
}
