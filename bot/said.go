package bot

import (
	"duban"
	"duban/text"
	"duban/work"
)

// saidAbout understands what was said about an item: as a reply to its card or reminder, or because it is the only open one. Files with words that
// say that it is not done are kept and not handed in.
func (v *visit) saidAbout(id int64, typed string, files []duban.File) error {
	reply := text.Understand(typed)
	switch {
	case len(files) == 0:
		return v.spokenOf(id, reply, typed)
	case !unfinished[reply.Intent]:
		return v.report(id, work.Report{Text: typed, Files: files})
	}
	if err := v.report(id, work.Report{Files: files, More: true}); err != nil {
		return err
	}
	v.who.Part++
	return v.meant(id, reply, typed)
}

// spokenOf does what words alone about an item ask for: the word of a button, an order of those who steer it, an objection, a milestone, or what a reply
// means.
func (v *visit) spokenOf(id int64, reply text.Reply, typed string) error {
	if run, ok := v.spokenButton(typed); ok {
		return run(v, call{id: id})
	}
	if handled, err := v.ordered(id, typed); handled || err != nil {
		return err
	}
	if handled, err := v.objects(id, typed); handled || err != nil {
		return err
	}
	if handled, err := v.saidMilestone(id, typed, reply); handled || err != nil {
		return err
	}
	return v.meant(id, reply, typed)
}

// unfinished are the intents with which nothing is reported as done.
var unfinished = map[text.Intent]bool{
	text.NotDone: true, text.Partial: true, text.InProgress: true, text.Promise: true, text.Extension: true, text.Decline: true, text.Transfer: true,
	text.Question: true,
}

// meant does what words about an item mean. Words alone never close it.
func (v *visit) meant(id int64, reply text.Reply, typed string) error {
	switch reply.Intent {
	case text.Ack:
		return v.accept(id)
	case text.Done, text.ZeroReport, text.Confirm:
		return v.wantsDone(id, typed, reply)
	case text.Promise:
		return v.promise(id, work.Promise{Text: typed, When: reply.Rest})
	case text.Partial, text.InProgress, text.NotDone:
		if text.Understand(reply.Rest).Intent == text.Promise {
			return v.promise(id, work.Promise{Text: typed, When: reply.Rest, Percent: reply.Percent})
		}
		return v.progress(id, reply.Percent, typed, "reply."+string(reply.Intent))
	case text.Extension:
		return v.wantsExtension(id, reply.Rest)
	case text.Decline:
		return v.wantsDecline(id, typed)
	case text.Transfer:
		return v.transfer(id, typed)
	case text.Question:
		return v.question(id, typed)
	case text.Withdraw:
		return v.takeBack(id)
	case text.Query:
		return v.showTasks("")
	case text.Complaint:
		return v.complainAbout(id, typed)
	case text.Stop:
		v.say("reply.stop")
		return nil
	}
	return v.unclearAbout(id, typed)
}

// unclearAbout keeps free text about an item and asks what it is meant as. Free text alone never closes anything.
func (v *visit) unclearAbout(id int64, typed string) error {
	if err := v.begin("attach", "", held{Text: typed}); err != nil {
		return err
	}
	return v.about1(id, func(p *page, it item) error {
		v.sayOf(it, Keyboard{
			{button(v.word("button.note_progress"), "note", id, "progress"), button(v.word("button.note_submit"), "note", id, "submit")},
			{button(v.word("button.note_ask"), "note", id, "ask")},
		}, "reply.meant_as", "title", p.title(it))
		return nil
	})
}

// about1 reads one item and runs a closure on it.
func (v *visit) about1(id int64, fn func(*page, item) error) error {
	return v.read(func(p *page) error {
		it, err := p.item(id)
		if err != nil {
			return err
		}
		if ok, err := p.sees(it); err != nil || !ok {
			return orNotAllowed(err)
		}
		return fn(p, it)
	})
}

func orNotAllowed(err error) error {
	if err != nil {
		return err
	}
	return duban.Refuse(duban.NotAllowed)
}

// pressNote says what free text about an item was meant as.
func (v *visit) pressNote(c call) error {
	kept, ok, err := v.held()
	if err != nil || !ok {
		return err
	}
	switch c.arg {
	case "progress":
		return v.thenEnd(v.progress(c.id, 0, kept.Text, "reply.progress"))
	case "ask":
		return v.thenEnd(v.question(c.id, kept.Text))
	}
	return v.thenEnd(v.report(c.id, work.Report{Text: kept.Text}))
}

// sayOf answers with a sentence about an item; a reply to it is understood as one about the item.
func (v *visit) sayOf(it item, keyboard Keyboard, key string, args ...any) {
	v.send(Outgoing{Text: v.text(key, args...), Keyboard: keyboard, About: About{AssignmentID: it.ID}})
}

func (v *visit) accept(id int64) error {
	a, err := v.Desk.Accept(v.ctx, v.who, id)
	if err != nil {
		return err
	}
	return v.about1(a.ID, func(p *page, it item) error {
		v.answer("done.accepted", "title", p.title(it), "due", p.dueOnly(it.Assignment))
		return nil
	})
}

func (v *visit) progress(id int64, percent int, typed, key string) error {
	a, err := v.Desk.Progress(v.ctx, v.who, id, percent, typed)
	if err != nil {
		return err
	}
	return v.about1(a.ID, func(p *page, it item) error {
		if it.Support && key == "reply.partial" {
			key = "reply.progress"
		}
		v.sayOf(it, nil, key, "title", p.title(it), "due", p.due(it.Assignment))
		return nil
	})
}

// promise notes when somebody says that an item will be done, and says when it will be asked for. Words that name no time are asked for one.
func (v *visit) promise(id int64, promise work.Promise) error {
	done, err := v.Desk.Promise(v.ctx, v.who, id, promise)
	if err != nil {
		return err
	}
	return v.about1(id, func(p *page, it item) error {
		key, by := "promise.when", ""
		if !done.By.IsZero() {
			key, by = "promise.noted", p.dueOnly(duban.Assignment{Due: done.By})
		}
		if done.AfterDeadline(v.Desk.Calendar) {
			key = "promise.after_deadline"
		}
		v.sayOf(it, nil, key, "title", p.title(it), "by", by, "at", v.moment(done.AskedAt), "due", p.due(it.Assignment))
		return nil
	})
}

// complainAbout takes a complaint to the administrators, with the item it is about.
func (v *visit) complainAbout(id int64, typed string) error {
	about := ""
	err := v.about1(id, func(p *page, it item) error {
		about = v.word("feedback.about", "title", p.title(it), "unit", it.Unit.Name, "text", p.said(it, typed))
		return nil
	})
	if err != nil {
		return err
	}
	return v.takeFeedback(about)
}

func (v *visit) question(id int64, typed string) error {
	asked, err := v.Desk.Ask(v.ctx, v.who, id, typed)
	if duban.CodeOf(err) == duban.NothingToDo {
		v.say("ask.nobody")
		return nil
	}
	if err != nil {
		return err
	}
	v.say("ask.sent", "name", asked[0].Name)
	return nil
}

func (v *visit) withdraw(id int64) error {
	a, err := v.Desk.Withdraw(v.ctx, v.who, id)
	if err != nil {
		return err
	}
	return v.about1(a.ID, func(p *page, it item) error {
		v.answer("done.withdrawn", "title", p.title(it))
		return nil
	})
}

// filesFreely finds out to which item files without a reply belong: an album goes where its first message went, a number in the words names a line
// of the last list, else it is the one open item that waits for files or was reported just now, else buttons ask.
func (v *visit) filesFreely(typed string, files []duban.File) error {
	if tooLarge(files) {
		v.tooLarge()
		return nil
	}
	if id, err := v.albumBefore(files[0]); err != nil || id != 0 {
		if err != nil {
			return err
		}
		return v.saidAbout(id, typed, files)
	}
	if id, words, err := v.namedByNumber(typed); err != nil || id != 0 {
		if err != nil {
			return err
		}
		return v.saidAbout(id, words, files)
	}
	open, err := v.openItems(func(a duban.Assignment) bool { return a.State.OnUnit() && !a.Support || v.justSubmitted(a) })
	if err != nil {
		return err
	}
	var waiting []item
	for _, it := range open {
		if v.justSubmitted(it.Assignment) || it.Task.Evidence.Kind == duban.FileEvidence || it.Task.Evidence.Kind == duban.PhotosEvidence {
			waiting = append(waiting, it)
		}
	}
	switch {
	case len(open) == 0:
		v.say("files.nowhere")
		return nil
	case len(waiting) == 1:
		return v.saidAbout(waiting[0].ID, typed, files)
	case len(open) == 1:
		return v.saidAbout(open[0].ID, typed, files)
	case v.dialog.Name == "attach":
		return v.attachMore(open, typed, files)
	}
	return v.chooseAmong(open, typed, files)
}

// attachMore adds a further file of an album to what is kept already, so that the question is asked once.
func (v *visit) attachMore(open []item, typed string, files []duban.File) error {
	var kept held
	if err := v.data(&kept); err != nil {
		return err
	}
	group := files[0].MediaGroup
	if group == "" || len(kept.Files) == 0 || kept.Files[0].MediaGroup != group {
		return v.chooseAmong(open, typed, files)
	}
	kept.Files = append(kept.Files, files...)
	if typed != "" {
		kept.Text = typed
	}
	return v.begin("attach", "", kept)
}

func (v *visit) justSubmitted(a duban.Assignment) bool {
	return (a.State == duban.Submitted || a.State == duban.Closed) && v.now.Sub(a.SubmittedAt) <= duban.AddWithin
}

// albumBefore returns the item to which an earlier message of the same album went, 0 when there is none.
func (v *visit) albumBefore(f duban.File) (int64, error) {
	if f.MediaGroup == "" {
		return 0, nil
	}
	var id int64
	err := v.read(func(p *page) error {
		var err error
		id, err = p.tx.AlbumAssignment(f.ChatID, f.MediaGroup)
		return err
	})
	return id, err
}
