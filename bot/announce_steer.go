package bot

import (
	"duban"
	"duban/work"
)

// sure is the argument of a button that confirms what cannot be undone.
const sure = "yes"

func (v *visit) pressAnnPause(c call) error {
	if err := v.Desk.PauseAnnouncement(v.ctx, v.who, c.id); err != nil {
		return v.announceStands(err)
	}
	v.answer("announce.paused")
	return nil
}

func (v *visit) pressAnnResume(c call) error {
	if err := v.Desk.ResumeAnnouncement(v.ctx, v.who, c.id); err != nil {
		return v.announceStands(err)
	}
	v.answer("announce.resumed")
	return nil
}

// announceStands says that the announcement has moved on since its card was drawn.
func (v *visit) announceStands(err error) error {
	switch duban.CodeOf(err) {
	case duban.WrongState, duban.AlreadyDone:
		v.answer("announce.stands")
		return nil
	}
	return err
}

// pressAnnStop ends the sending, after one question. One that waits for a second administrator is taken back at once.
func (v *visit) pressAnnStop(c call) error {
	n, t, err := v.conducted(c.id)
	if err != nil {
		return err
	}
	if n.State != duban.AnnouncementPending && c.arg != sure && can(n.State, duban.StepStop) {
		v.ask(Keyboard{{button(v.word("announce.button_stop_sure", "n", t.Waiting), "annstop", c.id, sure)}}, "announce.stop_ask",
			"summary", n.Summary, "delivered", t.Delivered, "n", t.Waiting)
		return nil
	}
	left, err := v.Desk.StopAnnouncement(v.ctx, v.who, c.id)
	if err != nil {
		return v.announceStands(err)
	}
	if n.State == duban.AnnouncementPending {
		v.answer("announce.retracted")
		return nil
	}
	v.answer("announce.stopped", "n", left)
	return nil
}

// pressAnnRecall calls an announcement back, after one question.
func (v *visit) pressAnnRecall(c call) error {
	n, t, err := v.conducted(c.id)
	if err != nil {
		return err
	}
	switch err := n.MayRecall(v.now); {
	case duban.CodeOf(err) == duban.TooLate:
		v.answer("announce.recall_late")
		v.alert = true
		return nil
	case err != nil:
		return v.announceStands(err)
	case c.arg != sure:
		v.ask(Keyboard{{button(v.word("announce.button_recall_sure", "n", t.Delivered), "annrecall", c.id, sure)}}, "announce.recall_ask",
			"summary", n.Summary, "n", t.Delivered)
		return nil
	}
	people, err := v.Desk.RecallAnnouncement(v.ctx, v.who, c.id)
	if err != nil {
		return v.announceStands(err)
	}
	v.answer("announce.recalling", "n", people)
	return nil
}

// conducted reads an announcement that the visitor may steer, with how far it is.
func (v *visit) conducted(id int64) (n duban.Announcement, t duban.Tally, err error) {
	err = v.read(func(p *page) error {
		if n, err = p.tx.Announcement(id); err != nil {
			return err
		}
		if ok, err := work.MayConduct(p.tx, p.actor(), n); err != nil || !ok {
			return orNotAllowed(err)
		}
		t, err = p.tx.Tally(id)
		return err
	})
	return n, t, err
}

// repliedToProgress lets the sender steer an announcement by a message with the words of a button.
func (v *visit) repliedToProgress(typed string) error {
	c := call{id: v.about.AnnouncementID}
	for key, do := range map[string]func(call) error{
		"announce.button_urge": v.pressUrge, "announce.button_retry": v.pressRetry, "announce.button_missing": v.pressMissing,
		"announce.button_failed": v.pressMissing, "announce.button_pause": v.pressAnnPause, "announce.button_resume": v.pressAnnResume,
		"announce.button_stop": v.pressAnnStop, "announce.button_correct": v.pressAnnCorrect, "announce.button_recall": v.pressAnnRecall,
		"announce.button_retract": v.pressAnnStop,
	} {
		if typedIs(typed, key) {
			return do(c)
		}
	}
	v.say("announce.card_reply")
	return nil
}
