package bot

import (
	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

// carryOut does what an order says, once nothing of it is missing, and says what came of it.
func (v *visit) carryOut(d steering) error {
	switch d.Order {
	case text.OrderUrge:
		return v.urge(d)
	case text.OrderInquire:
		return v.inquire(d)
	case text.OrderCancel:
		return v.cancelItems(d)
	}
	a, err := v.steerOne(d)
	if err != nil {
		return err
	}
	return v.steered(d, a)
}

// steerOne calls the verb of an order that concerns one item and needs no words of its own afterwards.
func (v *visit) steerOne(d steering) (duban.Assignment, error) {
	switch d.Order {
	case text.OrderDue:
		return v.Desk.SetDeadline(v.ctx, v.who, d.Assignment, v.dueOf(d), d.Reason)
	case text.OrderGive:
		return v.Desk.Reassign(v.ctx, v.who, d.Assignment, d.Owner, d.Reason)
	case text.OrderSuspend:
		return v.Desk.Suspend(v.ctx, v.who, d.Assignment, d.Reason)
	case text.OrderResume:
		return v.Desk.Resume(v.ctx, v.who, d.Assignment, v.dueOf(d))
	case text.OrderReopen:
		return v.Desk.Reopen(v.ctx, v.who, d.Assignment, d.Reason, v.dueOf(d))
	case text.OrderRemark:
		return v.Desk.Remark(v.ctx, v.who, d.Assignment, d.Reason)
	case text.OrderArchive:
		return v.Desk.Archive(v.ctx, v.who, d.Assignment)
	}
	return duban.Assignment{}, duban.Refuse(duban.WrongState)
}

// dueOf is the deadline of an order; zero for the one that comes by itself.
func (v *visit) dueOf(d steering) calendar.Due {
	due, _ := v.chipDue(d.Due)
	return due
}

// doneWords are the sentences that say what has been done.
var doneWords = map[text.Order]string{
	text.OrderDue: "steering.done_due", text.OrderGive: "steering.done_give", text.OrderSuspend: "steering.done_suspend",
	text.OrderResume: "steering.done_resume", text.OrderReopen: "steering.done_reopen", text.OrderRemark: "steering.done_remark",
	text.OrderArchive: "steering.done_archive", text.OrderCancel: "steering.done_cancel",
}

func (v *visit) steered(d steering, a duban.Assignment) error {
	if err := v.endSteering(); err != nil {
		return err
	}
	return v.about1(a.ID, func(p *page, it item) error {
		v.conclude(d, v.text(doneWords[d.Order], "title", p.title(it), "unit", it.Unit.Name, "owner", it.Owner.Name, "due", p.dueOnly(it.Assignment)))
		return nil
	})
}

// endSteering leaves the dialog of an order that has been carried out; another dialog stays.
func (v *visit) endSteering() error {
	if v.dialog.Name != "steer" {
		return nil
	}
	return v.end()
}

// conclude says what came of an order: in place of its last question, over the button of a card, or as a message.
func (v *visit) conclude(d steering, words text.HTML) {
	out := Outgoing{Text: words, About: About{AssignmentID: d.Assignment}}
	switch {
	case d.InPlace:
		out.Edit = v.about.MessageID
	case v.press != nil:
		v.toast = words.Plain()
		return
	}
	v.send(out)
}

// cancelItems cancels an item, or every one of its task.
func (v *visit) cancelItems(d steering) error {
	if !d.Whole {
		a, err := v.Desk.Cancel(v.ctx, v.who, d.Assignment, d.Reason)
		if err != nil {
			return err
		}
		return v.steered(d, a)
	}
	var it item
	err := v.about1(d.Assignment, func(_ *page, of item) error {
		it = of
		return nil
	})
	if err != nil {
		return err
	}
	all, err := v.Desk.CancelTask(v.ctx, v.who, it.TaskID, d.Reason)
	if err != nil {
		return err
	}
	if err := v.endSteering(); err != nil {
		return err
	}
	return v.about1(d.Assignment, func(p *page, it item) error {
		v.conclude(d, v.text("steering.done_cancel_all", "title", p.title(it), "n", len(all)))
		return nil
	})
}

// urge reminds the owner of an item, or the owners of several, and says whom, when, and who was left out.
func (v *visit) urge(d steering) error {
	if len(d.Items) > 0 {
		return v.urgeAll(d)
	}
	done, err := v.Desk.Urge(v.ctx, v.who, d.Assignment, d.Reason)
	if duban.CodeOf(err) == duban.TooSoon {
		return v.urgedBefore(d)
	}
	if err != nil {
		return err
	}
	if err := v.endSteering(); err != nil {
		return err
	}
	return v.read(func(p *page) error {
		key := "steering.urged"
		switch {
		case done.Instead:
			key = "steering.urged_instead"
		case !done.Held.IsZero():
			key = "steering.urged_held"
		}
		v.conclude(d, v.text(key, "names", p.namesOfPeople(done.People), "at", v.moment(done.Held)))
		return nil
	})
}

// urgedBefore says who urged about an item already on this working day, and when.
func (v *visit) urgedBefore(d steering) error {
	return v.about1(d.Assignment, func(p *page, it item) error {
		last, err := p.Desk.LastUrge(p.tx, it.Assignment)
		if err != nil {
			return err
		}
		by, err := p.actorName(last)
		if err != nil {
			return err
		}
		v.alert = v.press != nil
		v.conclude(d, v.text("steering.too_soon", "name", by, "at", p.moment(last.At), "title", p.title(it)))
		return nil
	})
}

func (v *visit) urgeAll(d steering) error {
	done, err := v.Desk.UrgeAll(v.ctx, v.who, d.Items, d.Reason)
	if duban.CodeOf(err) == duban.NothingToDo {
		v.conclude(d, v.text("steering.urged_none"))
		return v.endSteering()
	}
	if err != nil {
		return err
	}
	if err := v.endSteering(); err != nil {
		return err
	}
	key := "steering.urged_all"
	if !done.Held.IsZero() {
		key = "steering.urged_all_held"
	}
	words := v.text(key, "n", len(done.Items), "people", len(done.People), "at", v.moment(done.Held))
	if len(done.Skipped) > 0 {
		words = text.Join(words, v.text("steering.urged_skipped", "n", len(done.Skipped)))
	}
	v.conclude(d, words)
	return nil
}

// inquire asks the owner why an item is late; the answer comes back.
func (v *visit) inquire(d steering) error {
	words := d.Reason
	if words == "" {
		words = v.word("steering.inquiry")
	}
	owner, err := v.Desk.Inquire(v.ctx, v.who, d.Assignment, words)
	if err != nil {
		return err
	}
	if err := v.endSteering(); err != nil {
		return err
	}
	v.conclude(d, v.text("ask.sent", "name", owner.Name))
	return nil
}

// renderUrged is an urge that a person sent: about one item under its card, about several as a list of those that are still to be done.
func (p *page) renderUrged(l duban.Letter, news work.UrgedNews) (Outgoing, error) {
	by, err := p.nameOrSystem(news.By)
	if err != nil {
		return Outgoing{}, err
	}
	if len(news.Items) == 0 {
		out, err := p.push(l, "push.urge", "push.urge_others")
		if err != nil {
			return out, err
		}
		it, err := p.letterItem(l)
		if err != nil {
			return out, err
		}
		key := "push.urged"
		if !p.mine(it) {
			key = "push.urged_others"
		}
		out.Text = text.Join(p.text(key, "name", by, "title", p.title(it), "unit", it.Unit.Name, "owner", it.Owner.Name, "due", p.due(it.Assignment)), p.wordsOf(it, news))
		return out, nil
	}
	var still []duban.Assignment
	for _, id := range news.Items {
		a, err := p.tx.Assignment(id)
		if err != nil {
			return Outgoing{}, err
		}
		if a.State.OnUnit() {
			still = append(still, a)
		}
	}
	if len(still) == 0 {
		return Outgoing{}, untrue("done meanwhile")
	}
	list := listing{page: p, lines: []text.HTML{p.text("push.urged_several", "name", by, "n", len(still))}}
	words, err := p.wordsOfAll(still, news)
	if err != nil {
		return Outgoing{}, err
	}
	list.lines = append(list.lines, words...)
	if err := list.addItems(still); err != nil {
		return Outgoing{}, err
	}
	if list.left > 0 {
		list.lines = append(list.lines, p.text("list.more", "n", list.left))
	}
	return Outgoing{Text: text.Join(list.lines...), Keyboard: rows(5, list.numbers...)}, nil
}

// wordsOf is what was said with an urge; about an internal item nothing is.
func (p *page) wordsOf(it item, news work.UrgedNews) text.HTML {
	if news.Words == "" || it.Task.Internal {
		return ""
	}
	return p.text("push.urged_words", "text", news.Words)
}

// wordsOfAll is what was said with one urge about several items; where one of them is internal nothing is.
func (p *page) wordsOfAll(all []duban.Assignment, news work.UrgedNews) ([]text.HTML, error) {
	if news.Words == "" {
		return nil, nil
	}
	for _, a := range all {
		task, err := p.tx.Task(a.TaskID)
		if err != nil || task.Internal {
			return nil, err
		}
	}
	return []text.HTML{p.text("push.urged_words", "text", news.Words)}, nil
}

// nameOrSystem is the name of whoever did something; the program has none.
func (p *page) nameOrSystem(person int64) (string, error) {
	if person == 0 {
		return p.word("actor.system"), nil
	}
	by, err := p.tx.Person(person)
	return by.Name, err
}
