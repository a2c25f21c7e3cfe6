package bot

import (
	"slices"
	"unicode/utf8"

	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

// reasonChips are the usual reasons to return a submission, with the evidence rules for which they are offered; those without are offered for every one.
// Any other can be typed.
var reasonChips = []struct {
	fault duban.Fault
	of    []duban.EvidenceKind
}{
	{duban.FaultIncomplete, nil},
	{duban.FaultContent, nil},
	{duban.FaultFormat, nil},
	{duban.FaultUnclear, nil},
	{duban.FaultVague, []duban.EvidenceKind{duban.TextEvidence}},
	{duban.FaultEvidence, []duban.EvidenceKind{duban.FileEvidence, duban.PhotosEvidence}},
	{duban.FaultOtherItem, []duban.EvidenceKind{duban.FileEvidence, duban.PhotosEvidence}},
	{duban.FaultSeal, []duban.EvidenceKind{duban.FileEvidence}},
}

// dialogSubmission is the submission for which a reason, a deadline or a question is awaited.
type dialogSubmission struct {
	Submission int64 `json:"submission"`
	Sequence   bool  `json:"sequence,omitempty"`
}

// pressReturn asks for the reason why a submission goes back.
func (v *visit) pressReturn(c call) error {
	return v.read(func(p *page) error {
		sub, it, _, err := p.submission(c.id)
		if err != nil {
			return err
		}
		if !toDecide(sub, it) {
			v.toastOrSay(p.whyDecided(sub, it))
			return nil
		}
		if ok, err := work.MayReview(p.tx, v.who, it.Assignment); err != nil || !ok {
			return orNotAllowed(err)
		}
		if err := v.begin("reason", "", dialogSubmission{c.id, c.arg == inSequence}); err != nil {
			return err
		}
		var chips []Button
		for i, chip := range reasonChips {
			if chip.of == nil || slices.Contains(chip.of, it.Task.Evidence.Kind) {
				chips = append(chips, button(v.word(faultKey(chip.fault)), "back", c.id, itoa(i)))
			}
		}
		v.ask(rows(2, chips...), "review.why", "title", p.title(it), "unit", it.Unit.Name)
		return nil
	})
}

func (v *visit) pressReason(c call) error {
	i := atoi(c.arg)
	if i < 0 || i >= len(reasonChips) {
		v.answer("press.stale")
		return nil
	}
	fault := reasonChips[i].fault
	return v.giveBack(c.id, work.Comeback{Reason: v.word(faultKey(fault)), Fault: fault})
}

func faultKey(f duban.Fault) string { return "reason." + string(f) }

// faultSaid is the fault whose words were typed, in any language.
func faultSaid(typed string) duban.Fault {
	for _, f := range duban.Faults {
		if typedIs(typed, faultKey(f)) {
			return f
		}
	}
	return duban.OtherFault
}

func (v *visit) reasonStep(typed string, files []duban.File) (bool, error) {
	var d dialogSubmission
	if err := v.data(&d); err != nil {
		return true, err
	}
	if len(files) > 0 || typed == "" {
		return false, nil
	}
	return true, v.giveBack(d.Submission, work.Comeback{Reason: typed, Fault: faultSaid(typed)})
}

// giveBack returns a submission at once, as nothing more is needed for it, and then offers another deadline.
func (v *visit) giveBack(submission int64, back work.Comeback) error {
	a, err := v.Desk.Return(v.ctx, v.who, submission, back)
	if err != nil {
		return v.decidedBefore(submission, err)
	}
	sequence := false
	if v.dialog.Name == "reason" {
		var d dialogSubmission
		if err := v.data(&d); err != nil {
			return err
		}
		sequence = d.Sequence && d.Submission == submission
	}
	if err := v.offerReturnDue(a.ID, submission); err != nil {
		return err
	}
	if sequence {
		return v.nextReview(submission, true)
	}
	return nil
}

// keepOldDue is the argument of the chip that leaves the deadline as it is.
const keepOldDue = "keep"

// offerReturnDue says that a submission was returned and until when its unit has, and offers other deadlines. Pressed on the question for the reason,
// that becomes the offer.
func (v *visit) offerReturnDue(assignment, submission int64) error {
	if err := v.begin("returndue", "", dialogSubmission{Submission: submission}); err != nil {
		return err
	}
	return v.about1(assignment, func(p *page, it item) error {
		key := "review.back"
		switch {
		case v.Desk.Calendar.Overdue(it.Due, v.now):
			key = "review.back_over"
		case p.movedByReview(it):
			key = "review.back_moved"
		}
		out := Outgoing{
			Text:     v.text(key, "unit", it.Unit.Name, "title", p.title(it), "due", p.due(it.Assignment)),
			Keyboard: append(v.dueChips("returndue", submission, it.Due), []Button{button(v.word("button.keep_due"), "returndue", submission, keepOldDue)}),
			About:    About{AssignmentID: it.ID, SubmissionID: submission},
		}
		if v.press != nil {
			out.Edit = v.about.MessageID
		}
		v.send(out)
		return nil
	})
}

// movedByReview reports whether an item that was just returned has got its deadline because its reviewers were late.
func (p *page) movedByReview(it item) bool {
	entries, err := p.tx.RecordOf(it.ID)
	return err == nil && len(entries) > 0 && entries[len(entries)-1].Event == duban.EventDeadlineChanged
}

// pressReturnDue gives what was returned the deadline of a chip, leaves it as it is, or asks for one to be typed.
func (v *visit) pressReturnDue(c call) error {
	if c.arg == keepOldDue {
		return v.returnDueIs(c.id, "review.back_kept")
	}
	if c.arg == otherDue {
		if err := v.begin("returndue", "", dialogSubmission{Submission: c.id}); err != nil {
			return err
		}
		v.say("requests.type_due")
		return nil
	}
	due, ok := v.chipDue(c.arg)
	if !ok {
		v.answer("press.stale")
		return nil
	}
	if _, err := v.Desk.ReturnUntil(v.ctx, v.who, c.id, due); err != nil {
		return v.cannotReturnUntil(c.id, err)
	}
	return v.returnDueIs(c.id, "review.back_until")
}

// cannotReturnUntil says why what was returned cannot have a deadline.
func (v *visit) cannotReturnUntil(submission int64, err error) error {
	key, known := map[duban.Code]string{
		duban.NotLater: "review.back_not_later", duban.DuePast: "review.back_not_later", duban.NotAllowed: "review.back_too_far",
		duban.PendingRequest: "review.back_pending",
	}[duban.CodeOf(err)]
	if !known {
		return err
	}
	return v.aboutSubmission(submission, func(p *page, it item) error {
		v.answer(key, "title", p.title(it), "due", p.dueOnly(it.Assignment), "n", duban.FarExtension)
		v.alert = true
		return nil
	})
}

// returnDueIs ends the choice of a deadline and says which it is.
func (v *visit) returnDueIs(submission int64, key string) error {
	if v.dialog.Name == "returndue" {
		if err := v.end(); err != nil {
			return err
		}
	}
	return v.aboutSubmission(submission, func(p *page, it item) error {
		out := Outgoing{Text: v.text(key, "unit", it.Unit.Name, "title", p.title(it), "due", p.due(it.Assignment)), About: About{AssignmentID: it.ID}}
		if v.press != nil {
			out.Edit = v.about.MessageID
		}
		v.send(out)
		return nil
	})
}

// aboutSubmission reads the item of a submission, for somebody who may review it, and runs a closure on it.
func (v *visit) aboutSubmission(submission int64, fn func(*page, item) error) error {
	return v.read(func(p *page) error {
		_, it, _, err := p.submission(submission)
		if err != nil {
			return err
		}
		if ok, err := work.MayReview(p.tx, v.who, it.Assignment); err != nil || !ok {
			return orNotAllowed(err)
		}
		return fn(p, it)
	})
}

// returnDueStep takes a deadline that was typed. What is none, or replies to something else, is not for it.
func (v *visit) returnDueStep(typed string, files []duban.File) (bool, error) {
	var d dialogSubmission
	if err := v.data(&d); err != nil {
		return true, err
	}
	if len(files) > 0 || v.aboutSomething() && v.about.SubmissionID != d.Submission {
		return false, nil
	}
	return v.dueTypedFor(d.Submission, typed)
}

// wordsBesidesDue is how many characters may stand beside a deadline, such as 改到 or 请于, so that a longer text that names a day is not taken for one.
const wordsBesidesDue = 6

// dueTypedFor repeats a deadline that was typed for what was returned, with the button that sets it. It reports false when the submission was not
// returned, or when what was typed is no deadline.
func (v *visit) dueTypedFor(submission int64, typed string) (bool, error) {
	returned := false
	err := v.aboutSubmission(submission, func(p *page, it item) error {
		sub, err := p.tx.Submission(submission)
		returned = err == nil && sub.State == duban.SubmissionBack && it.State == duban.Returned
		return err
	})
	if err != nil || !returned {
		return false, err
	}
	for _, lang := range text.Langs {
		if typed == text.Word(lang, "button.keep_due") {
			return true, v.returnDueIs(submission, "review.back_kept")
		}
	}
	r := v.Desk.Calendar.ParseDue(typed, v.now)
	besides := utf8.RuneCountInString(typed) - utf8.RuneCountInString(r.Phrase)
	switch {
	case r.Outcome == calendar.None || besides > wordsBesidesDue:
		return false, nil
	case r.Outcome != calendar.Understood || r.Past:
		v.sayWhyNotDue(r)
		return true, nil
	}
	return true, v.confirmReturnDue(submission, r)
}

// confirmReturnDue repeats a deadline with the button that sets it, or says why it cannot be.
func (v *visit) confirmReturnDue(submission int64, r calendar.Reading) error {
	due := storedDue(r.Due)
	err := v.aboutSubmission(submission, func(p *page, it item) error {
		if err := v.Desk.MayReturnUntil(p.tx, v.who, it.Assignment, due); err != nil {
			return err
		}
		v.ask(Keyboard{{button(v.word("button.set_due"), "returndue", submission, chipOf(due))}}, "review.back_sure",
			"title", p.title(it), "unit", it.Unit.Name, "due", v.echoOf(r))
		return nil
	})
	if err != nil {
		return v.cannotReturnUntil(submission, err)
	}
	return nil
}
