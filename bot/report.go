package bot

import (
	"duban"
	"duban/text"
	"duban/work"
)

// report hands in text and files for an item and says what that brought about. While something is missing or more is to come, what is sent next belongs
// to the item too.
func (v *visit) report(id int64, r work.Report) error {
	if tooLarge(r.Files) {
		v.tooLarge()
		return nil
	}
	done, err := v.Desk.Submit(v.ctx, v.who, id, r)
	if err != nil {
		return err
	}
	if done.Submitted() {
		return v.submitted(done)
	}
	step := v.evidenceStep(id)
	if done.Held {
		step = stepMore
	}
	return v.begin("submit", step, dialogItem{Assignment: id})
}

// The steps of the dialog in which evidence is collected: 上报完成 was pressed, it was only said, or more is to come before it is handed in.
const (
	stepPressed = ""
	stepSaid    = "said"
	stepMore    = "more"
)

// evidenceStep is the step of the dialog that collects evidence for an item; what was not begun by a press was said.
func (v *visit) evidenceStep(id int64) string {
	var d dialogItem
	if v.dialog.Name != "submit" || v.data(&d) != nil || d.Assignment != id {
		return stepSaid
	}
	return v.dialog.Step
}

// submitted leaves the dialogs that a report has answered and says that it was handed in. What is added afterwards is told by a message that is
// kept up to date.
func (v *visit) submitted(done work.Reported) error {
	if done.Added {
		return nil
	}
	if v.dialog.Name == "submit" || v.dialog.Name == "confirm" || v.dialog.Name == "attach" {
		if err := v.end(); err != nil {
			return err
		}
	}
	return v.about1(done.Assignment.ID, func(p *page, it item) error {
		v.finished(p, it, done.Files > 0 || it.Task.Evidence.Kind != duban.NoEvidence)
		return nil
	})
}

// finished says that something was handed in, with the buttons that take it back, add to it and begin anew. Over a button of a card the card shows
// that by itself; over any other, the message says it instead of what it asked.
func (v *visit) finished(p *page, it item, evidence bool) {
	key := doneKey(it)
	if v.press != nil && v.about.Kind != duban.NewsAnswer && v.about.Kind != duban.NewsCollecting {
		v.toast = v.word(key, "title", p.title(it))
		return
	}
	buttons := []Button{p.do("withdraw", it)}
	if evidence {
		buttons = append(buttons, p.do("more", it), p.do("over", it))
	}
	out := Outgoing{Text: v.text(key, "title", p.title(it)), Keyboard: Keyboard{buttons}, About: About{AssignmentID: it.ID}}
	if v.press != nil && v.about.Kind == duban.NewsAnswer && v.about.Data != "" {
		out.Edit = v.about.MessageID
	}
	v.send(out)
}

// doneKey is the sentence for an item that was reported just now.
func doneKey(it item) string {
	if it.State == duban.Closed {
		return "done.closed"
	}
	return "done.submitted"
}

func (v *visit) tooLarge() { v.say("files.too_large", "mb", duban.MaxFile>>20) }

// lacks says what the evidence rule of an item still lacks once words are added to what has been collected.
func (p *page) lacks(it item, words string) (duban.Missing, error) {
	sub, err := p.tx.OpenSubmission(it.ID)
	if err != nil && duban.CodeOf(err) != duban.NotFound {
		return "", err
	}
	files, err := p.tx.Files(sub.ID)
	if err != nil {
		return "", err
	}
	count := duban.CountFiles(files)
	return it.Task.Evidence.Lacks(sub.Text+words, count.Others, count.Photos), nil
}

// zeroWords are the words under which a zero report is handed in: what was typed, so that it says what it is.
func (v *visit) zeroWords(typed string) string {
	for _, lang := range text.Langs {
		if word := text.Word(lang, "word.zero_report"); len(typed) >= len(word) && typed[:len(word)] == word {
			return typed
		}
	}
	return v.word("word.zero_report_of", "text", typed)
}
