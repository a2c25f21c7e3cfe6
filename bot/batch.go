package bot

import (
	"encoding/json"
	"strings"

	"duban"
	"duban/text"
	"duban/work"
)

// batchScan is how many of the submissions that wait longest are put into one list.
const batchScan = 30

// handedIn is a submission in a list for its reviewer.
type handedIn struct {
	sub   duban.Submission
	it    item
	files int
	flags []duban.Flag
}

// batch is the submissions that may be accepted together. It lies with the message that offers it and in the dialog that asks for confirmation.
type batch struct {
	Submissions []int64 `json:"submissions"`
}

// openReviews begins to go through what waits for the visitor's decision. Where several may be accepted together, a list offers that first.
func (v *visit) openReviews() error {
	if err := v.offerAll(); err != nil {
		return err
	}
	return v.nextReview(0, true)
}

// waitingList is what waits for the reader's decision, longest waiting first: what may be accepted together, and what carries a flag. All is how many
// wait.
func (p *page) waitingList() (together, alone []handedIn, all int, err error) {
	mine, err := p.waitingForMe()
	if err != nil {
		return nil, nil, 0, err
	}
	for _, sub := range mine[:min(batchScan, len(mine))] {
		h, err := p.handedIn(sub)
		if err != nil {
			return nil, nil, 0, err
		}
		if len(h.flags) == 0 {
			together = append(together, h)
		} else {
			alone = append(alone, h)
		}
	}
	return together, alone, len(mine), nil
}

func (p *page) handedIn(sub duban.Submission) (handedIn, error) {
	_, it, files, err := p.submission(sub.ID)
	if err != nil {
		return handedIn{}, err
	}
	flags, err := p.Desk.FlagsOf(p.tx, sub, it.Assignment)
	return handedIn{sub, it, len(files), flags}, err
}

// fewestTogether is from how many on submissions are offered to be accepted together.
const fewestTogether = 2

// offerAll lists what waits with what each has, and offers to accept together what carries no flag.
func (v *visit) offerAll() error {
	return v.read(func(p *page) error {
		together, alone, all, err := p.waitingList()
		if err != nil || len(together) < fewestTogether {
			return err
		}
		out, lines := Outgoing{}, []text.HTML{v.text("review.list", "n", all)}
		var numbers []Button
		var offer batch
		add := func(heading string, part []handedIn) {
			if len(part) == 0 {
				return
			}
			lines = append(lines, v.text(heading, "n", len(part)))
			for _, h := range part {
				numbers = append(numbers, button(itoa(len(numbers)+1), "look", h.sub.ID))
				out.About.Items = append(out.About.Items, h.it.ID)
				lines = append(lines, p.handedLine(len(numbers), h))
			}
		}
		add("review.list_together", together)
		add("review.list_alone", alone)
		if all > len(numbers) {
			lines = append(lines, v.text("review.list_more", "n", len(numbers)))
		}
		for _, h := range together {
			offer.Submissions = append(offer.Submissions, h.sub.ID)
		}
		if out.About.Data, err = asData(offer); err != nil {
			return err
		}
		out.Text = text.Join(lines...)
		out.Keyboard = append(Keyboard{{button(v.word("button.pass_all", "n", len(together)), "passall", 0)}}, rows(5, numbers...)...)
		v.send(out)
		return nil
	})
}

func asData(v any) (string, error) {
	data, err := json.Marshal(v)
	return string(data), err
}

// handedLine is one submission in a list: number, title, unit, when, what it has, and what is flagged.
func (p *page) handedLine(n int, h handedIn) text.HTML {
	has := p.word("review.has_nothing")
	switch {
	case h.files > 0 && h.sub.Text != "":
		has = p.word("review.has_both", "n", h.files)
	case h.files > 0:
		has = p.word("review.has_files", "n", h.files)
	case h.sub.Text != "" && h.it.Task.Internal:
		has = p.word("review.has_note")
	case h.sub.Text != "":
		has = p.word("review.has_text", "text", shorten(h.sub.Text, 30))
	}
	line := p.text("review.list_line", "n", n, "title", shorten(p.title(h.it), 40), "unit", h.it.Unit.Name, "at", p.moment(h.sub.At), "has", has)
	if len(h.flags) == 0 {
		return line
	}
	words := make([]string, len(h.flags))
	for i, f := range h.flags {
		words[i] = p.word("flag." + string(f))
	}
	return text.Join(line, p.text("review.list_flags", "flags", strings.Join(words, p.word("requests.name_and"))))
}

// pressLook opens the card of one submission of a list.
func (v *visit) pressLook(c call) error {
	return v.aboutSubmission(c.id, func(p *page, _ item) error {
		return v.sendReview(p, duban.Submission{ID: c.id}, 1)
	})
}

// openItem opens what a number of a list stands for: the submission that waits for the visitor's decision, else the card of the item.
func (v *visit) openItem(assignment int64) error {
	shown := false
	err := v.about1(assignment, func(p *page, it item) error {
		if it.State != duban.Submitted {
			return nil
		}
		if ok, err := work.MayReview(p.tx, v.who, it.Assignment); err != nil || !ok {
			return err
		}
		sub, err := p.tx.OpenSubmission(it.ID)
		if err != nil {
			return ignoreGone(err)
		}
		shown = true
		return v.sendReview(p, sub, 1)
	})
	if err != nil || shown {
		return err
	}
	return v.pressCard(call{id: assignment})
}

// offered is the submissions that the message that was pressed, or replied to, offers to accept together, or asks to have confirmed.
func (v *visit) offered() []int64 {
	var b batch
	if v.about.Data == "" || json.Unmarshal([]byte(v.about.Data), &b) != nil {
		return nil
	}
	return b.Submissions
}

// pressPassAll asks for one confirmation of all that may still be accepted together.
func (v *visit) pressPassAll(call) error { return v.confirmAll(v.offered()) }

func (v *visit) confirmAll(offered []int64) error {
	return v.read(func(p *page) error {
		var still batch
		var lines []text.HTML
		for _, id := range offered {
			sub, it, _, err := p.submission(id)
			if err != nil {
				return err
			}
			if ok, err := p.mayPassTogether(sub, it); err != nil || !ok {
				if err != nil {
					return err
				}
				continue
			}
			still.Submissions = append(still.Submissions, id)
			lines = append(lines, v.text("review.sure_line", "unit", it.Unit.Name, "title", shorten(p.title(it), 40)))
		}
		if len(lines) == 0 {
			v.answer("review.none_together")
			return nil
		}
		if err := v.begin("passall", "", still); err != nil {
			return err
		}
		out := Outgoing{
			Text:     text.Join(append([]text.HTML{v.text("review.sure", "n", len(lines))}, lines...)...),
			Keyboard: Keyboard{{button(v.word("button.pass_sure", "n", len(lines)), "passsure", 0)}},
		}
		var err error
		out.About.Data, err = asData(still)
		v.send(out)
		return err
	})
}

func (p *page) mayPassTogether(sub duban.Submission, it item) (bool, error) {
	if !toDecide(sub, it) {
		return false, nil
	}
	if ok, err := work.MayReview(p.tx, p.actor(), it.Assignment); err != nil || !ok {
		return false, err
	}
	flags, err := p.Desk.FlagsOf(p.tx, sub, it.Assignment)
	return len(flags) == 0, err
}

// pressPassSure accepts what the message with the button asks to have confirmed.
func (v *visit) pressPassSure(call) error { return v.passAll(v.offered()) }

// passAllStep takes 确认.
func (v *visit) passAllStep(typed string, files []duban.File) (bool, error) {
	var b batch
	if err := v.data(&b); err != nil {
		return true, err
	}
	if len(files) > 0 || v.aboutSomething() && v.offered() == nil || text.Understand(typed).Intent != text.Confirm {
		return false, nil
	}
	return true, v.passAll(b.Submissions)
}

// repliedToList takes 全部通过 in a reply to the list, and reports whether it was.
func (v *visit) repliedToList(typed string) (bool, error) {
	offered := v.offered()
	if len(offered) == 0 {
		return false, nil
	}
	for _, lang := range text.Langs {
		if typed == text.Word(lang, "word.pass_all") {
			return true, v.confirmAll(offered)
		}
	}
	return false, nil
}

// passAll accepts several submissions and says how many, and what has become of the others.
func (v *visit) passAll(submissions []int64) error {
	if len(submissions) == 0 {
		v.answer("press.stale")
		return nil
	}
	all, err := v.Desk.PassAll(v.ctx, v.who, submissions)
	if err != nil {
		return err
	}
	if v.dialog.Name == "passall" {
		if err := v.end(); err != nil {
			return err
		}
	}
	return v.read(func(p *page) error {
		lines := []text.HTML{v.text("review.all_passed", "n", len(all.Passed))}
		for _, part := range []struct {
			key string
			ids []int64
		}{{"review.all_decided", all.Decided}, {"review.all_left", all.Left}} {
			if len(part.ids) > 0 {
				lines = append(lines, v.text(part.key, "n", len(part.ids)))
			}
		}
		mine, err := p.waitingForMe()
		if err != nil {
			return err
		}
		out := Outgoing{Text: text.Join(lines...)}
		if len(mine) > 0 {
			out.Keyboard = Keyboard{{button(v.word("button.one_by_one", "n", len(mine)), "skip", 0)}}
		}
		if v.press != nil {
			out.Edit = v.about.MessageID
		}
		v.send(out)
		return nil
	})
}
