package bot

import (
	"duban"
	"duban/text"
	"duban/work"
)

// renderReview is the card of a submission: what was handed in, and the buttons to decide. When somebody has decided it says so.
func (p *page) renderReview(l duban.Letter) (Outgoing, error) {
	sub, it, files, err := p.submission(l.SubmissionID)
	if err != nil {
		return Outgoing{}, err
	}
	out, err := p.reviewCard(sub, it, files, "")
	if err != nil {
		return out, err
	}
	card, err := p.tx.Card(out.Subject, p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.Edit = card.MessageID
		return out, nil
	}
	if !toDecide(sub, it) {
		return Outgoing{}, untrue("decided meanwhile")
	}
	out.Album = p.album(it, files)
	return out, nil
}

// toDecide reports whether a submission waits for a decision: its item may have been suspended or cancelled meanwhile.
func toDecide(sub duban.Submission, it item) bool {
	return sub.State == duban.SubmissionWaits && it.State == duban.Submitted
}

func (p *page) submission(id int64) (duban.Submission, item, []duban.File, error) {
	sub, err := p.tx.Submission(id)
	if err != nil {
		return sub, item{}, nil, err
	}
	it, err := p.item(sub.AssignmentID)
	if err != nil {
		return sub, it, nil, err
	}
	files, err := p.tx.Files(sub.ID)
	return sub, it, files, err
}

// reviewCard is the card of a submission. Sequence is the argument of the buttons that decide.
func (p *page) reviewCard(sub duban.Submission, it item, files []duban.File, sequence string) (Outgoing, error) {
	out := Outgoing{
		ChatID: p.account.TelegramID, Subject: work.ReviewSubject(sub.ID), About: About{AssignmentID: it.ID, SubmissionID: sub.ID},
		Keyboard: p.reviewButtons(sub, it, files, sequence),
	}
	heading, said := "review.heading", text.HTML("")
	if !toDecide(sub, it) {
		heading = "review.heading_decided"
	}
	if sub.Text != "" {
		said = p.text("review.text", "text", shorten(p.said(it, sub.Text), 600))
	}
	sample, err := p.sampleLine(sub, it)
	out.Text = text.Join(
		p.text(heading, "code", it.Task.Code, "title", p.title(it)), p.ownerLine(it), p.unitsLine(it), p.submittedLine(sub, it), said, p.filesLine(sub, files),
		text.Join(p.flags(files)...), sample, p.decisionLine(sub, it), p.haltedLine(it),
	)
	return out, err
}

// reviewButtons are the buttons to decide on a submission that waits, to ask about it, and to open its evidence.
func (p *page) reviewButtons(sub duban.Submission, it item, files []duban.File, sequence string) Keyboard {
	var k Keyboard
	var more []Button
	if toDecide(sub, it) {
		k = Keyboard{{button(p.word("button.pass"), "pass", sub.ID, sequence), button(p.word("button.return"), "return", sub.ID, sequence)}}
		more = append(more, button(p.word("button.follow_up"), "followup", sub.ID))
	}
	if len(files) > 0 {
		more = append(more, button(p.word("button.files", "n", len(files)), "files", sub.ID))
	}
	if more == nil {
		return k
	}
	return append(k, more)
}

func (p *page) submittedLine(sub duban.Submission, it item) text.HTML {
	judged := it.Assignment
	judged.SubmittedAt = sub.At
	days := duban.DaysEarly(judged, p.Desk.Calendar)
	switch {
	case days > 0:
		return p.text("review.submitted_early", "at", p.moment(sub.At), "due", p.dueOnly(it.Assignment), "n", days)
	case days < 0:
		return p.text("review.submitted_late", "at", p.moment(sub.At), "due", p.dueOnly(it.Assignment), "n", -days)
	}
	return p.text("review.submitted", "at", p.moment(sub.At), "due", p.dueOnly(it.Assignment))
}

func (p *page) filesLine(sub duban.Submission, files []duban.File) text.HTML {
	if len(files) == 0 {
		if sub.Text == "" {
			return p.text("review.nothing")
		}
		return ""
	}
	lost := 0
	for _, f := range files {
		if f.State == duban.FileLost {
			lost++
		}
	}
	if lost > 0 {
		return p.text("review.files_lost", "n", len(files), "lost", lost)
	}
	return p.text("review.files", "n", len(files))
}

func (p *page) decisionLine(sub duban.Submission, it item) text.HTML {
	key := map[duban.SubmissionState]string{
		duban.SubmissionPassed: "review.passed", duban.SubmissionBack: "review.returned", duban.SubmissionTaken: "review.withdrawn",
	}[sub.State]
	if key == "" {
		return ""
	}
	name := ""
	if sub.DecidedBy != 0 {
		person, err := p.tx.Person(sub.DecidedBy)
		if err == nil {
			name = person.Name
		}
	}
	return p.text(key, "at", p.moment(sub.DecidedAt), "name", name, "reason", p.said(it, sub.Reason))
}

// showReview goes through what waits for the visitor's decision, one after another: requests first, then submissions.
func (v *visit) showReview(string) error {
	return v.nextRequest(0)
}

// nextReview sends the longest waiting submission after the one given that the visitor may decide on.
func (v *visit) nextReview(after int64, sayNone bool) error {
	return v.read(func(p *page) error {
		mine, err := p.waitingForMe()
		if err != nil {
			return err
		}
		for i, sub := range mine {
			if sub.ID == after {
				mine = append(mine[i+1:], mine[:i]...)
				break
			}
		}
		if len(mine) == 0 {
			if sayNone {
				v.say("review.none")
			}
			return nil
		}
		return v.sendReview(p, mine[0], len(mine))
	})
}

// sendReview sends the card of a submission with its evidence, as one in a sequence of so many; 1 stands for itself.
func (v *visit) sendReview(p *page, sub duban.Submission, waiting int) error {
	sub, it, files, err := p.submission(sub.ID)
	if err != nil {
		return err
	}
	sequence := ""
	if waiting > 1 {
		sequence = inSequence
	}
	out, err := p.reviewCard(sub, it, files, sequence)
	if err != nil {
		return err
	}
	if waiting > 1 {
		out.Keyboard = append(out.Keyboard, []Button{button(v.word("button.skip", "n", waiting-1), "skip", sub.ID)})
	}
	out.Album = p.album(it, files)
	v.send(out)
	return nil
}

// inSequence marks a button of /review, behind which the next submission opens by itself.
const inSequence = "n"

// reviewScan is how many waiting submissions are looked through for those that a reader may decide on.
const reviewScan = 500

func (p *page) waitingForMe() ([]duban.Submission, error) {
	waiting, err := p.tx.Waiting(reviewScan)
	if err != nil {
		return nil, err
	}
	var mine []duban.Submission
	for _, a := range waiting {
		ok, err := work.MayReview(p.tx, p.actor(), a)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		sub, err := p.tx.OpenSubmission(a.ID)
		if err != nil {
			return nil, err
		}
		mine = append(mine, sub)
	}
	return mine, nil
}

func (v *visit) pressSkip(c call) error { return v.nextReview(c.id, true) }

func (v *visit) pressPass(c call) error {
	a, err := v.Desk.Pass(v.ctx, v.who, c.id)
	if err != nil {
		return v.decidedBefore(c.id, err)
	}
	if err := v.about1(a.ID, func(p *page, it item) error {
		v.answer("done.passed", "title", p.title(it), "unit", it.Unit.Name)
		return nil
	}); err != nil {
		return err
	}
	if c.arg == inSequence {
		return v.nextReview(c.id, true)
	}
	return nil
}

// decidedBefore tells a reviewer who comes second what was decided.
func (v *visit) decidedBefore(submission int64, err error) error {
	if duban.CodeOf(err) != duban.AlreadyDone && duban.CodeOf(err) != duban.WrongState {
		return err
	}
	return v.read(func(p *page) error {
		sub, it, _, err := p.submission(submission)
		if err != nil {
			return err
		}
		v.toastOrSay(p.whyDecided(sub, it))
		return nil
	})
}

// whyDecided says why a submission does not wait for a decision any more: what was decided, or what has become of its item.
func (p *page) whyDecided(sub duban.Submission, it item) string {
	for _, line := range []text.HTML{p.decisionLine(sub, it), p.haltedLine(it), p.stateLine(it)} {
		if line != "" {
			return line.Plain()
		}
	}
	return p.word("press.stale")
}

func (v *visit) toastOrSay(s string) {
	if v.press != nil {
		v.toast = s
		return
	}
	v.send(Outgoing{Text: text.Escape(s)})
}

// repliedToReview lets a reviewer decide by a message: 通过, or the reason for which it goes back. A question is asked of the unit. Of what he has
// returned he names another deadline.
func (v *visit) repliedToReview(typed string) error {
	if typed == "" {
		v.say("reply.unclear")
		return nil
	}
	id := v.about.SubmissionID
	for _, lang := range text.Langs {
		switch typed {
		case text.Word(lang, "button.pass"), text.Word(lang, "word.pass"):
			return v.pressPass(call{id: id})
		case text.Word(lang, "button.return"), text.Word(lang, "word.return"):
			return v.pressReturn(call{id: id})
		case text.Word(lang, "word.look"):
			return v.pressFiles(call{id: id})
		}
	}
	if handled, err := v.dueTypedFor(id, typed); handled || err != nil {
		return err
	}
	if question, ok := text.FollowUp(typed); ok {
		return v.askUnit(id, question)
	}
	if text.Understand(typed).Intent == text.Ack {
		v.say("review.ack")
		return nil
	}
	return v.giveBack(id, work.Comeback{Reason: typed, Fault: faultSaid(typed)})
}

func (p *page) renderPassed(l duban.Letter) (Outgoing, error) {
	return p.decided(l, "news.passed", duban.SubmissionPassed)
}

func (p *page) renderReturned(l duban.Letter) (Outgoing, error) {
	return p.decided(l, "news.returned", duban.SubmissionBack)
}

// decided tells the owner what was decided, under the card.
func (p *page) decided(l duban.Letter, key string, state duban.SubmissionState) (Outgoing, error) {
	sub, it, _, err := p.submission(l.SubmissionID)
	if err != nil {
		return Outgoing{}, err
	}
	if sub.State != state {
		return Outgoing{}, untrue("changed meanwhile")
	}
	out := Outgoing{Text: p.text(key, "title", p.title(it), "code", it.Task.Code, "reason", p.said(it, sub.Reason), "due", p.due(it.Assignment))}
	card, err := p.tx.Card(work.CardSubject(it.ID), p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.ReplyTo, out.Delete = card.MessageID, p.replaceable(card)
	}
	if state == duban.SubmissionBack {
		out.Keyboard = p.pushButtons(it)
		if it.State == duban.Returned && p.does(it) {
			out.Keyboard = append(out.Keyboard, p.askButtons(it))
		}
	}
	return out, nil
}
