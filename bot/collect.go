package bot

import (
	"encoding/json"

	"duban"
	"duban/text"
	"duban/work"
)

// renderCollecting is the message that shows what has been handed in so far: sent once, then edited, until it is reported or begun anew.
func (p *page) renderCollecting(l duban.Letter) (Outgoing, error) {
	var news work.CollectingNews
	if l.Data != "" {
		if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
			return Outgoing{}, err
		}
	}
	sub, it, files, err := p.submission(l.SubmissionID)
	if err != nil {
		return Outgoing{}, err
	}
	out := p.collectingCard(sub, it, files)
	if news.Added {
		out = p.addedCard(sub, it, files)
	}
	card, err := p.tx.Card(out.Subject, p.reader.ID)
	known := err == nil && card.ChatID == p.account.TelegramID
	switch {
	case known && card.MessageID != 0:
		out.Edit = card.MessageID
	case !news.Added && sub.State != duban.Collecting, news.Added && sub.State == duban.SubmissionTaken:
		return Outgoing{}, untrue("reported meanwhile")
	case known:
		out.Delete = p.replaceable(card)
	}
	return out, nil
}

// collectingCard says what has been collected and what is missing, or how it ended.
func (p *page) collectingCard(sub duban.Submission, it item, files []duban.File) Outgoing {
	out := Outgoing{Subject: work.CollectSubject(sub.ID), About: About{AssignmentID: it.ID}}
	switch sub.State {
	case duban.Collecting:
		out.Text, out.Keyboard = p.collected(sub, it, files)
	case duban.SubmissionTaken:
		out.Text = p.text("collect.dropped", "title", p.title(it), "n", len(files))
	default:
		out.Text = p.text("collect.reported", "title", p.title(it), "pieces", p.pieces(sub, it, files))
	}
	return out
}

func (p *page) collected(sub duban.Submission, it item, files []duban.File) (text.HTML, Keyboard) {
	count := duban.CountFiles(files)
	missing := it.Task.Evidence.Lacks(sub.Text, count.Others, count.Photos)
	if sub.Text == "" && count.Empty() {
		return p.text("missing."+prompt(missing), "title", p.title(it), "n", max(it.Task.Evidence.Min, 1)), nil
	}
	next := p.text("collect.ready")
	if missing != duban.NothingMissing {
		next = p.text("collect.missing."+string(missing), "n", it.Task.Evidence.Min-count.Photos)
	}
	lines := text.Join(p.text("collect.heading", "title", p.title(it), "pieces", p.pieces(sub, it, files)), p.againLine(count), next)
	if missing != duban.NothingMissing {
		return lines, Keyboard{{p.do("more", it), p.do("over", it)}}
	}
	return lines, Keyboard{{button(p.word("button.hand_in"), "submit", it.ID), p.do("more", it), p.do("over", it)}}
}

// prompt names the sentence that asks for what is missing, before anything is there; where nothing is, for whatever there may be.
func prompt(m duban.Missing) string {
	if m == duban.NothingMissing {
		return "anything"
	}
	return string(m)
}

func (p *page) againLine(count duban.FileCount) text.HTML {
	if count.Again == 0 {
		return ""
	}
	return p.text("collect.again", "n", count.Again)
}

// pieces counts what has been handed in, in words: 2/3张照片、1个文件、说明.
func (p *page) pieces(sub duban.Submission, it item, files []duban.File) string {
	count := duban.CountFiles(files)
	words := ""
	add := func(word string) {
		if words != "" {
			words += p.word("collect.and")
		}
		words += word
	}
	switch {
	case it.Task.Evidence.Kind == duban.PhotosEvidence && count.Photos < it.Task.Evidence.Min:
		add(p.word("collect.photos_of", "n", count.Photos, "of", it.Task.Evidence.Min))
	case count.Photos > 0:
		add(p.word("collect.photos", "n", count.Photos))
	}
	if count.Others > 0 {
		add(p.word("collect.files", "n", count.Others))
	}
	if sub.Text != "" {
		add(p.word("collect.text"))
	}
	return words
}

// addedCard says what a submission consists of after something was added to it.
func (p *page) addedCard(sub duban.Submission, it item, files []duban.File) Outgoing {
	out := Outgoing{Subject: work.AddedSubject(sub.ID), About: About{AssignmentID: it.ID}}
	if sub.State == duban.SubmissionTaken {
		out.Text = p.text("collect.dropped", "title", p.title(it), "n", len(files))
		return out
	}
	out.Text = text.Join(p.text("done.added", "title", p.title(it), "n", len(files)), p.againLine(duban.CountFiles(files)))
	if p.canWithdraw(it) && sub.DecidedBy == 0 {
		out.Keyboard = Keyboard{{p.do("withdraw", it), p.do("more", it), p.do("over", it)}}
	}
	return out
}

// pressMore is 补充: what is sent next belongs to the item. Before it is reported, nothing is handed in until 上报 is pressed; afterwards it is added for
// ten minutes, as long as nobody has reviewed it.
func (v *visit) pressMore(c call) error {
	return v.about1(c.id, func(p *page, it item) error {
		key := "more.collecting"
		switch {
		case it.State.OnUnit():
		case v.justSubmitted(it.Assignment):
			key = "more.reported"
			sub, err := p.tx.LastSubmission(it.ID)
			if err != nil {
				return err
			}
			if sub.DecidedBy != 0 {
				return duban.Refuse(duban.TooLate)
			}
		default:
			return duban.Refuse(duban.TooLate)
		}
		if err := v.begin("submit", stepMore, dialogItem{Assignment: it.ID}); err != nil {
			return err
		}
		v.sayOf(it, nil, key, "title", p.title(it), "at", v.moment(it.SubmittedAt.Add(duban.AddWithin)))
		return nil
	})
}

// pressOver is 重来: what was collected is dropped, what was reported is taken back, and it begins anew.
func (v *visit) pressOver(c call) error {
	done, err := v.Desk.StartOver(v.ctx, v.who, c.id)
	if err != nil {
		return err
	}
	step := stepPressed
	if done.Held {
		step = stepMore
	}
	if err := v.begin("submit", step, dialogItem{Assignment: c.id}); err != nil {
		return err
	}
	return v.about1(c.id, func(p *page, it item) error {
		v.answer("over.done", "title", p.title(it))
		return nil
	})
}
