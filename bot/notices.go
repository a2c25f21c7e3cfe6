package bot

import (
	"encoding/json"

	"duban"
	"duban/text"
	"duban/work"
)

// noticesScan is how many drafts are looked through for those that a reader may do something with.
const noticesScan = 500

// draftsFor returns the drafts of notices that the reader may issue or edit, oldest first.
func (p *page) draftsFor() ([]escalation, error) {
	drafts, err := p.tx.EscalationDrafts(noticesScan)
	if err != nil {
		return nil, err
	}
	var all []escalation
	for _, e := range drafts {
		a, err := p.tx.Assignment(e.AssignmentID)
		if err != nil {
			return nil, err
		}
		ok, err := work.May(p.tx, p.actor(), duban.ActNotice3, a.UnitID)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		it, err := p.itemOf(a)
		if err != nil {
			return nil, err
		}
		all = append(all, escalation{e, it})
	}
	return all, nil
}

// showNotices is /notices: the drafts of notices that wait to be issued or dropped. A number opens one.
func (v *visit) showNotices(string) error {
	return v.read(func(p *page) error {
		drafts, err := p.draftsFor()
		if err != nil {
			return err
		}
		if len(drafts) == 0 {
			v.say("notice.none")
			return nil
		}
		lines := []text.HTML{v.text("notice.list", "n", len(drafts))}
		var numbers []Button
		for i, n := range drafts[:min(len(drafts), listLimit)] {
			lines = append(lines, v.text("notice.line", "n", i+1, "level", p.levelWord(n.Level), "title", p.title(n.it), "unit", n.it.Unit.Name,
				"due", p.due(n.it.Assignment)))
			numbers = append(numbers, button(itoa(i+1), "notice", n.ID, "open"))
		}
		if left := len(drafts) - listLimit; left > 0 {
			lines = append(lines, v.text("notice.more", "n", left))
		}
		v.send(Outgoing{Text: text.Join(lines...), Keyboard: rows(5, numbers...)})
		return nil
	})
}

// noticeActs are what the buttons of a notice do, by the argument that they carry.
var noticeActs = map[string]func(*visit, int64) error{
	"open": (*visit).openNotice, "issue": (*visit).issueNotice, "edit": (*visit).editNotice, "drop": (*visit).dropNotice, "refer": (*visit).referNotice,
	"back": (*visit).giveBackNotice, "again": (*visit).draftAgain, "respond": (*visit).respondNotice,
}

func (v *visit) pressNotice(c call) error {
	act, known := noticeActs[c.arg]
	if !known {
		v.answer("press.stale")
		return nil
	}
	return v.noticeMoved(c.id, act(v, c.id))
}

// noticeMoved shows how a notice stands now to whoever presses a button that is out of date.
func (v *visit) noticeMoved(id int64, err error) error {
	if code := duban.CodeOf(err); code != duban.AlreadyDone && code != duban.WrongState {
		return err
	}
	v.answer("press.stale")
	return v.openNotice(id)
}

func (v *visit) onNotice(id int64, fn func(*page, escalation) error) error {
	return v.read(func(p *page) error {
		n, err := p.notice(id)
		if err != nil {
			return err
		}
		if ok, err := p.sees(n.it); err != nil || !ok {
			return orNotAllowed(err)
		}
		return fn(p, n)
	})
}

// openNotice sends the card of a notice again, as it stands; to the unit it shows its item.
func (v *visit) openNotice(id int64) error {
	return v.onNotice(id, func(p *page, n escalation) error {
		if ok, err := work.May(p.tx, v.who, duban.ActNotice3, n.it.UnitID); err != nil || !ok {
			v.send(p.cardOf(n.it))
			return err
		}
		out, err := p.draftCard(n)
		v.send(out)
		return err
	})
}

// issueNotice issues a draft with the text that its card shows.
func (v *visit) issueNotice(id int64) error {
	var body string
	if err := v.onNotice(id, func(p *page, n escalation) (err error) {
		body, err = p.noticeText(n.Escalation, n.it)
		return err
	}); err != nil {
		return err
	}
	issued, err := v.Desk.IssueNotice(v.ctx, v.who, id, body)
	if err != nil {
		return err
	}
	return v.onNotice(issued.ID, func(p *page, n escalation) error {
		v.answer("notice.done_issued", "level", p.levelWord(n.Level), "unit", n.it.Unit.Name, "respond", p.dayAndClock(n.RespondBy))
		return nil
	})
}

func (v *visit) dropNotice(id int64) error {
	if err := v.Desk.DropNotice(v.ctx, v.who, id); err != nil {
		return err
	}
	v.answer("notice.done_dropped")
	return nil
}

func (v *visit) referNotice(id int64) error {
	leaders, err := v.Desk.ReferNotice(v.ctx, v.who, id)
	if duban.CodeOf(err) == duban.NothingToDo {
		v.answer("notice.no_leader")
		return nil
	}
	if err != nil {
		return err
	}
	v.answer("notice.done_referred", "name", leaders[0].Name)
	return nil
}

func (v *visit) draftAgain(id int64) error {
	if err := v.Desk.DraftAgain(v.ctx, v.who, id); err != nil {
		return err
	}
	v.answer("notice.done_again")
	return nil
}

// What a dialog about a notice waits for.
const (
	noticeEdit    = "edit"
	noticeBack    = "back"
	noticeRespond = "respond"
)

// editNotice asks for another text, and shows the present one by itself, so that it can be copied.
func (v *visit) editNotice(id int64) error {
	return v.onNotice(id, func(p *page, n escalation) error {
		if n.State != duban.EscalationDraft {
			return duban.Refuse(duban.AlreadyDone, "at", n.DecidedAt)
		}
		body, err := p.noticeText(n.Escalation, n.it)
		if err != nil {
			return err
		}
		if err := v.begin("notice", noticeEdit, work.NoticeNews{EscalationID: id}); err != nil {
			return err
		}
		v.say("notice.ask.edit", "level", p.levelWord(n.Level), "title", p.title(n.it))
		v.send(Outgoing{Text: text.Escape(body)})
		return nil
	})
}

func (v *visit) giveBackNotice(id int64) error {
	return v.askAboutNotice(id, noticeBack, duban.EscalationDraft)
}

func (v *visit) respondNotice(id int64) error {
	return v.askAboutNotice(id, noticeRespond, duban.EscalationIssued)
}

// askAboutNotice asks for words about a notice that stands as it has to for them.
func (v *visit) askAboutNotice(id int64, step string, state duban.EscalationState) error {
	return v.onNotice(id, func(p *page, n escalation) error {
		if n.State != state || !n.it.State.OnUnit() {
			return duban.Refuse(duban.WrongState)
		}
		if err := v.begin("notice", step, work.NoticeNews{EscalationID: id}); err != nil {
			return err
		}
		v.say("notice.ask."+step, "level", p.levelWord(n.Level), "title", p.title(n.it))
		return nil
	})
}

// noticeStep takes the words that a dialog about a notice waits for.
func (v *visit) noticeStep(typed string, files []duban.File) (bool, error) {
	var news work.NoticeNews
	if err := v.data(&news); err != nil {
		return true, err
	}
	if len(files) > 0 || typed == "" || v.about.AssignmentID != 0 && v.about.Kind != duban.NewsNotice && v.about.Kind != duban.NewsDraft {
		return false, nil
	}
	id := news.EscalationID
	switch v.dialog.Step {
	case noticeEdit:
		return true, v.thenEnd(v.edited(id, v.Desk.EditNotice(v.ctx, v.who, id, typed)))
	case noticeBack:
		return true, v.thenEnd(v.thenSay("notice.done_back", v.Desk.GiveBackNotice(v.ctx, v.who, id, typed)))
	}
	return true, v.thenEnd(v.responded(id, typed))
}

func (v *visit) thenSay(key string, err error) error {
	if err == nil {
		v.say(key)
	}
	return err
}

// edited shows the draft with its new text, where it can be issued.
func (v *visit) edited(id int64, err error) error {
	if err != nil {
		return err
	}
	v.say("notice.done_edited")
	return v.openNotice(id)
}

func (v *visit) responded(id int64, typed string) error {
	return v.thenSay("notice.done_responded", v.Desk.RespondNotice(v.ctx, v.who, id, typed))
}

// repliedToNotice takes a reply to a notice for the unit's answer to it, unless it says that the item is done or signs for it.
func (v *visit) repliedToNotice(typed string) (bool, error) {
	switch text.Understand(typed).Intent {
	case text.Done, text.Ack, text.ZeroReport, text.Withdraw, text.Query, text.Help:
		return false, nil
	}
	var news work.NoticeNews
	if err := json.Unmarshal([]byte(v.about.Data), &news); err != nil {
		return false, err
	}
	waits := false
	err := v.onNotice(news.EscalationID, func(p *page, n escalation) error {
		waits = n.State == duban.EscalationIssued && n.it.State.OnUnit()
		return nil
	})
	if err != nil || !waits {
		return false, err
	}
	return true, v.responded(news.EscalationID, typed)
}
