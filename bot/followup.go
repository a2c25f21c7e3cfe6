package bot

import (
	"duban"
	"duban/work"
)

// pressFollowUp asks a reviewer what to ask of the unit (追问).
func (v *visit) pressFollowUp(c call) error {
	return v.aboutSubmission(c.id, func(p *page, it item) error {
		sub, err := p.tx.Submission(c.id)
		if err != nil {
			return err
		}
		if !toDecide(sub, it) {
			return duban.Refuse(duban.WrongState)
		}
		if err := v.begin("followup", "", dialogSubmission{Submission: c.id}); err != nil {
			return err
		}
		v.say("review.follow_ask", "title", p.title(it), "unit", it.Unit.Name, "name", it.Owner.Name)
		return nil
	})
}

func (v *visit) followUpStep(typed string, files []duban.File) (bool, error) {
	var d dialogSubmission
	if err := v.data(&d); err != nil {
		return true, err
	}
	if len(files) > 0 || typed == "" || passing(typed) {
		return false, nil
	}
	return true, v.thenEnd(v.askUnit(d.Submission, typed))
}

// askUnit puts a reviewer's question before the owner of a submission.
func (v *visit) askUnit(submission int64, question string) error {
	owner, err := v.Desk.FollowUp(v.ctx, v.who, submission, question)
	if duban.CodeOf(err) == duban.WrongState {
		return v.decidedBefore(submission, err)
	}
	if err != nil {
		return err
	}
	v.say("review.followed", "name", owner.Name)
	return nil
}

// afterAnswer puts the answer to a question under the card of what was handed in, with the buttons to decide on it, for a reader who may.
func (p *page) afterAnswer(it item, out Outgoing) (Outgoing, error) {
	if it.State != duban.Submitted {
		return out, nil
	}
	if ok, err := work.MayReview(p.tx, p.actor(), it.Assignment); err != nil || !ok {
		return out, err
	}
	sub, err := p.tx.OpenSubmission(it.ID)
	if err != nil {
		return out, ignoreGone(err)
	}
	files, err := p.tx.Files(sub.ID)
	if err != nil {
		return out, err
	}
	out.Keyboard = p.reviewButtons(sub, it, files, "")
	card, err := p.tx.Card(work.ReviewSubject(sub.ID), p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.ReplyTo = card.MessageID
	}
	return out, ignoreGone(err)
}
