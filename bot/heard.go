package bot

import (
	"cmp"
	"unicode/utf8"

	"duban"
	"duban/store"
	"duban/text"
)

// heard understands what was said, in this order: a command, a word of the reply keyboard, the next step of a dialog, a file, a reply to one
// of our messages, free text.
func (v *visit) heard() error {
	typed := v.typed()
	if c, rest, ok := v.command(typed); ok {
		return c.run(v, rest)
	}
	if run, ok := v.menuWord(typed); ok {
		return run()
	}
	files := filesOf(v.message)
	if handled, err := v.dialogStep(typed, files); handled || err != nil {
		return err
	}
	if typed == "" && len(files) == 0 {
		if v.forwarded() && v.has(duban.ActAnnounce) {
			return v.offerAnnounce()
		}
		v.say("files.unsupported")
		return nil
	}
	if asked := v.askedAbout(); len(asked) > 0 && len(files) == 0 && text.Understand(typed).Intent == text.Confirm {
		return v.submitAll(asked)
	}
	if handled, err := v.repliedToList(typed); handled || err != nil {
		return err
	}
	if v.about.AnnouncementID != 0 && v.about.AssignmentID == 0 {
		return v.repliedToAnnouncement(typed)
	}
	if v.about.Kind == duban.NewsNotice && len(files) == 0 {
		if handled, err := v.repliedToNotice(typed); handled || err != nil {
			return err
		}
	}
	if v.about.Kind == duban.NewsQuestion {
		return v.repliedToQuestion(typed)
	}
	if handled, err := v.decides(typed, files); handled || err != nil {
		return err
	}
	if v.about.SubmissionID != 0 && !toldToOwner[v.about.Kind] {
		return v.repliedToReview(typed)
	}
	if sheet, ok := v.spreadsheet(); ok && v.about.AssignmentID == 0 {
		return v.offerImport(sheet)
	}
	if v.yearFile() && v.about.AssignmentID == 0 {
		return v.offerYearFile()
	}
	if v.about.AssignmentID != 0 {
		return v.saidAbout(v.about.AssignmentID, typed, files)
	}
	if handled, err := v.orderedList(typed); handled || err != nil {
		return err
	}
	if v.forwarded() && v.has(duban.ActAnnounce) {
		return v.offerAnnounce()
	}
	if len(files) == 0 && v.noticeIn(typed) {
		return v.offerNotice(typed)
	}
	return v.saidFreely(typed, files)
}

// toldToOwner are the kinds of news about a submission that its owner gets; a reply to any other is a reviewer's.
var toldToOwner = map[duban.NewsKind]bool{duban.NewsPassed: true, duban.NewsReturned: true, duban.NewsCollecting: true}

// dialogs has one line for each dialog: what its steps do with what is said next. A step reports false when what was said is not for it, and
// then it is understood as if there were no dialog.
var dialogs = map[string]func(v *visit, typed string, files []duban.File) (bool, error){
	"submit":     (*visit).submitStep,
	"confirm":    (*visit).confirmStep,
	"progress":   (*visit).progressStep,
	"ask":        (*visit).askStep,
	"reason":     (*visit).reasonStep,
	"returndue":  (*visit).returnDueStep,
	"followup":   (*visit).followUpStep,
	"passall":    (*visit).passAllStep,
	"feedback":   (*visit).feedbackStep,
	"announce":   (*visit).announceStep,
	"correcting": (*visit).correctingStep,
	"annrefuse":  (*visit).annRefuseStep,
	"task":       (*visit).taskStep,
	"correct":    (*visit).correctStep,
	"sendback":   (*visit).sendBackStep,
	"skipplan":   (*visit).skipPlanStep,
	"answer":     (*visit).answerStep,
	"import":     (*visit).importStep,
	"export":     (*visit).exportStep,
	"calendar":   (*visit).calendarStep,
	"asking":     (*visit).askingStep,
	"deciding":   (*visit).decidingStep,
	"sending":    (*visit).sendingStep,
	"notice":     (*visit).noticeStep,
	"assess":     (*visit).assessStep,
	"report":     (*visit).reportStep,
	"away":       (*visit).awayStep,
	"steer":      (*visit).steerStep,
}

// expired says for a dialog what else than the usual is said when it took too long. What was said for one of these is said again after going on.
var expired = map[string]string{"task": "task.expired", "returndue": "review.back_expired"}

// dialogStep takes what was said to the dialog that is open. A reply to another card leaves the dialog alone and is understood by itself.
func (v *visit) dialogStep(typed string, files []duban.File) (bool, error) {
	step, known := dialogs[v.dialog.Name]
	switch {
	case v.dialog.Name == "":
		return false, nil
	case v.now.After(v.dialog.ExpiresAt):
		if err := v.end(); err != nil {
			return false, err
		}
		words, ours := expired[v.dialog.Name]
		v.say(cmp.Or(words, "dialog.expired"))
		return ours, nil
	case !known:
		return false, v.end()
	}
	if text.Understand(typed).Intent == text.Cancel && len(files) == 0 {
		return true, v.cancel("")
	}
	return step(v, typed, files)
}

// saidFreely understands what is not a reply to anything: it belongs to the one open item, or buttons ask to which.
func (v *visit) saidFreely(typed string, files []duban.File) error {
	if len(files) == 0 {
		if shown, err := v.saidCode(typed); shown || err != nil {
			return err
		}
	}
	reply := text.Understand(typed)
	switch {
	case len(files) > 0:
		return v.filesFreely(typed, files)
	case reply.Intent == text.Query && v.asksOverdue(typed):
		return v.showOverdue("")
	case reply.Intent == text.Query:
		return v.showTasks("")
	case reply.Intent == text.Help:
		return v.showHelp("")
	case reply.Intent == text.Stop:
		v.say("reply.stop")
		return nil
	case reply.Intent == text.Complaint:
		return v.takeFeedback(typed)
	}
	if handled, err := v.saidNumbers(reply); handled || err != nil {
		return err
	}
	open, err := v.openItems(func(a duban.Assignment) bool { return a.State.OnUnit() })
	if err != nil {
		return err
	}
	switch {
	case reply.Intent == text.Unclear && (len(open) == 0 || utf8.RuneCountInString(typed) < shortestNote):
		v.send(Outgoing{Text: v.text("reply.unclear"), Menu: v.menu()})
		return nil
	case len(open) == 0:
		v.say("tasks.none")
		return nil
	case len(open) == 1:
		return v.saidAbout(open[0].ID, typed, nil)
	}
	return v.chooseAmong(open, typed, nil)
}

// shortestNote is how many characters make free text a note about an item; what is shorter and not understood is a greeting or a slip.
const shortestNote = 8

// openItems returns the visitor's open items that fit, by deadline, then those of people for whom he acts.
func (v *visit) openItems(fits func(duban.Assignment) bool) ([]item, error) {
	var items []item
	err := v.read(func(p *page) error {
		items = nil
		open, err := p.openOf(v.person.ID)
		if err != nil {
			return err
		}
		for _, a := range open {
			if !fits(a) {
				continue
			}
			it, err := p.itemOf(a)
			if err != nil {
				return err
			}
			items = append(items, it)
		}
		return nil
	})
	return items, err
}

// held is what somebody said while it is not known about which item.
type held struct {
	Text  string       `json:"text,omitempty"`
	Files []duban.File `json:"files,omitempty"`
}

// chooseAmong asks about which item something was said; what was said is kept until the button is pressed.
func (v *visit) chooseAmong(items []item, typed string, files []duban.File) error {
	if err := v.begin("attach", "", held{typed, files}); err != nil {
		return err
	}
	v.ask(v.titles("attach", items), "reply.which", "n", len(items))
	return nil
}

// titles is one button for each item, with its title.
func (v *visit) titles(verb string, items []item) Keyboard {
	var k Keyboard
	v.read(func(p *page) error {
		for _, it := range items[:min(len(items), listLimit)] {
			k = append(k, []Button{button(shorten(p.title(it), 60), verb, it.ID)})
		}
		return nil
	})
	return k
}

// pressAttach puts what was kept to the item that was chosen.
func (v *visit) pressAttach(c call) error {
	kept, ok, err := v.held()
	if err != nil || !ok {
		return err
	}
	v.about = store.Message{AssignmentID: c.id}
	return v.thenEnd(v.saidAbout(c.id, kept.Text, kept.Files))
}

// held returns what was kept until a button said what it is about; when nothing is kept any more it says so.
func (v *visit) held() (kept held, ok bool, err error) {
	if v.dialog.Name != "attach" {
		v.answer("press.stale")
		return kept, false, nil
	}
	if err := v.data(&kept); err != nil {
		return kept, false, err
	}
	return kept, true, nil
}
