package bot

import (
	"duban"
	"duban/text"
	"duban/work"
)

// saidAbout understands what was said about an item: as a reply to its card or reminder, or because it is the only open one.
func (v *visit) saidAbout(id int64, typed string, files []duban.File) error {
	if len(files) > 0 {
		return v.report(id, typed, files)
	}
	reply := text.Understand(typed)
	switch reply.Intent {
	case text.Ack:
		return v.accept(id)
	case text.Done, text.ZeroReport:
		return v.wantsSubmit(id, typed, reply.Intent)
	case text.Partial, text.InProgress, text.NotDone, text.Promise:
		return v.progress(id, reply.Percent, typed, "reply."+string(reply.Intent))
	case text.Extension, text.Decline, text.Transfer, text.Question:
		return v.question(id, typed)
	case text.Withdraw:
		return v.withdraw(id)
	case text.Query:
		return v.showTasks("")
	case text.Complaint:
		return v.takeFeedback(typed)
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
		v.ask(Keyboard{
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
	return v.thenEnd(v.report(c.id, kept.Text, nil))
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
		v.say(key, "title", p.title(it), "due", p.due(it.Assignment))
		return nil
	})
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

// filesFreely finds out to which item files without a reply belong: an album goes where its first message went, else the one open item that
// waits for files, else buttons ask.
func (v *visit) filesFreely(typed string, files []duban.File) error {
	if id, err := v.albumBefore(files[0]); err != nil || id != 0 {
		if err != nil {
			return err
		}
		return v.report(id, typed, files)
	}
	open, err := v.openItems(func(a duban.Assignment) bool { return a.State.OnUnit() || v.justSubmitted(a) })
	if err != nil {
		return err
	}
	var waiting []item
	for _, it := range open {
		if it.State.OnUnit() && (it.Task.Evidence.Kind == duban.FileEvidence || it.Task.Evidence.Kind == duban.PhotosEvidence) {
			waiting = append(waiting, it)
		}
	}
	switch {
	case len(waiting) == 1:
		return v.report(waiting[0].ID, typed, files)
	case len(open) == 0:
		v.say("files.nowhere")
		return nil
	case len(open) == 1:
		return v.report(open[0].ID, typed, files)
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
	return a.State == duban.Submitted && v.now.Sub(a.SubmittedAt) <= duban.AddWithin
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

// report hands in text and files for an item and says what that brought about.
func (v *visit) report(id int64, typed string, files []duban.File) error {
	if tooLarge(files) {
		v.say("files.too_large", "mb", duban.MaxFile>>20)
		return nil
	}
	before, err := v.albumBefore(firstOf(files))
	if err != nil {
		return err
	}
	done, err := v.Desk.Submit(v.ctx, v.who, id, work.Report{Text: typed, Files: files})
	if err != nil {
		return err
	}
	return v.reported(done, before != 0)
}

func firstOf(files []duban.File) duban.File {
	if len(files) == 0 {
		return duban.File{}
	}
	return files[0]
}

// reported answers a report. Of an album the first message is answered, so that ten photos do not bring ten answers.
func (v *visit) reported(done work.Reported, sameAlbum bool) error {
	if done.Missing == duban.NothingMissing && v.dialog.Name != "" {
		if err := v.end(); err != nil {
			return err
		}
	}
	if sameAlbum && (done.Added || done.Missing != duban.NothingMissing) {
		return nil
	}
	return v.about1(done.Assignment.ID, func(p *page, it item) error {
		switch {
		case done.Missing != duban.NothingMissing:
			v.missing(p, it, done)
		case done.Added:
			v.say("done.added", "title", p.title(it), "n", done.Files)
		case done.Assignment.State == duban.Closed:
			v.finished("done.closed", p, it)
		default:
			v.finished("done.submitted", p, it)
		}
		return nil
	})
}

// finished says that something was handed in, with the button that takes it back. Over a button the card shows that button by itself.
func (v *visit) finished(key string, p *page, it item) {
	if v.press != nil {
		v.toast = v.word(key, "title", p.title(it))
		return
	}
	v.ask(Keyboard{{p.do("withdraw", it)}}, key, "title", p.title(it))
}

func (v *visit) missing(p *page, it item, done work.Reported) {
	key := "missing." + string(done.Missing)
	if done.Files > 0 || done.Submission.Text != "" {
		key += "_more"
	}
	v.say(key, "title", p.title(it), "n", max(it.Task.Evidence.Min, 1), "have", done.Files)
}
