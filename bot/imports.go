package bot

import (
	"errors"
	"path/filepath"
	"strings"

	"github.com/go-telegram/bot/models"

	"duban"
	"duban/imports"
	"duban/sheet"
	"duban/text"
	"duban/work"
)

// sentSheet is a spreadsheet that somebody sent. Telegram keeps the file; only its id is kept.
type sentSheet struct {
	File    string     `json:"file"`
	Name    string     `json:"name"`
	Size    int64      `json:"-"`
	Message int64      `json:"message"` // that brought it, to tell the buttons of one file from those of the next
	Kind    sheet.Kind `json:"kind,omitempty"`
	// What the dry run has found that is confirmed before the import: deadlines and hints, and what the file no longer has.
	Dues  int `json:"dues,omitempty"`
	Asked int `json:"asked,omitempty"`
	Gone  int `json:"gone,omitempty"`
	// How is what was pressed before it was to be confirmed.
	How string `json:"how,omitempty"`
}

// The steps of the dialog of an import.
const (
	stepFile  = "file"  // /import was typed and the file is awaited
	stepShown = "shown" // the dry run is shown
	stepAgain = "sure"  // it is asked once more
)

// How a list is imported, as the buttons say it: letters.
const (
	onlyRight  = "r" // the right rows alone
	withoutOld = "c" // and what the file no longer has is cancelled, or its posts end
	confirmed  = "y" // after it was asked once more
)

// importChunk is how many rows are imported in one transaction, so that others get their turn in between.
const importChunk = 50

// askForFile is /import: the next document is the list.
func (v *visit) askForFile(string) error {
	if m := v.message; m != nil && m.ReplyToMessage != nil && m.ReplyToMessage.Document != nil {
		return v.offerImport(sheetOf(m.ReplyToMessage))
	}
	if err := v.begin("import", stepFile, sentSheet{}); err != nil {
		return err
	}
	v.ask(Keyboard{{button(v.word("import.button_cancel"), "drop", 0)}}, "import.begin")
	return nil
}

// importStep takes any document after /import, and what is typed instead of a press of 导入 or 取消.
func (v *visit) importStep(typed string, files []duban.File) (bool, error) {
	if !v.has(duban.ActImport) || v.about.AssignmentID != 0 {
		return false, nil
	}
	if v.dialog.Step == stepFile && v.message.Document != nil {
		return true, v.offerImport(sheetOf(v.message))
	}
	if len(files) > 0 || !typedIs(typed, "import.button_import") && !typedIs(typed, "import.button_sure") && text.Understand(typed).Intent != text.Confirm {
		return false, nil
	}
	var s sentSheet
	if err := v.data(&s); err != nil {
		return true, err
	}
	if v.dialog.Step == stepAgain {
		s.How += confirmed
	}
	return s.File != "", v.importSheet(s, s.How)
}

// sheetNames are the extensions of what may be meant as a list. Those that cannot be read are refused with what to do instead.
var sheetNames = map[string]bool{
	".xlsx": true, ".csv": true, ".xls": true, ".xlsm": true, ".xlsb": true, ".xltx": true, ".et": true, ".ods": true, ".tsv": true, ".numbers": true,
}

// spreadsheet returns the spreadsheet that was sent by somebody who may import.
func (v *visit) spreadsheet() (sentSheet, bool) {
	if v.message == nil || v.message.Document == nil || !v.has(duban.ActImport) {
		return sentSheet{}, false
	}
	return sheetOf(v.message), sheetNames[strings.ToLower(filepath.Ext(v.message.Document.FileName))]
}

func sheetOf(m *models.Message) sentSheet {
	return sentSheet{File: m.Document.FileID, Name: m.Document.FileName, Size: m.Document.FileSize, Message: int64(m.ID)}
}

// offerImport reads a list and shows what importing it would do, without doing it.
func (v *visit) offerImport(s sentSheet) error {
	told := v.tellImport(s, 0)
	list, err := v.openSheet(s)
	if err != nil {
		return v.refusedSheet(err)
	}
	s.Kind = list.Kind
	found, err := list.Import(v.ctx, v.Desk, v.who, work.ImportOptions{DryRun: true, Tell: told.rows})
	if err != nil {
		return err
	}
	s.Dues, s.Asked, s.Gone = duesAssessed(list, found), len(found.Asked()), len(found.Missing)+len(found.GoneHere)
	if err := v.begin("import", stepShown, s); err != nil {
		return err
	}
	report := Outgoing{Text: v.importReport("import.dry_run", list, found), Keyboard: v.importButtons(s, found)}
	if told.n > 0 {
		report = told.place(report)
	}
	v.send(report)
	return v.returnSheet(list, found)
}

// duesAssessed counts the deadlines that change and that assessment depends on. Those of the plan are rules by which items are issued later.
func duesAssessed(list *imports.List, found imports.Outcome) int {
	if list.Kind == imports.KindPlan {
		return 0
	}
	return found.DueChanged()
}

func (v *visit) openSheet(s sentSheet) (*imports.List, error) {
	if s.Size > duban.MaxFile {
		return nil, &sheet.Refusal{Reason: sheet.TooBig, Limit: duban.MaxFile}
	}
	data, err := v.Fetch(s.File, duban.MaxFile)
	if duban.CodeOf(err) == duban.TooLarge {
		return nil, &sheet.Refusal{Reason: sheet.TooBig, Limit: duban.MaxFile}
	}
	if err != nil {
		return nil, err
	}
	list, err := imports.Open(s.Name, data, s.Kind)
	if err == nil && s.Kind == "" && list.Kind == sheet.KindTasks && list.Recurs(v.Desk.Calendar, v.now) {
		list.Kind = imports.KindPlan
	}
	return list, err
}

// refusedSheet says why a file was not taken at all.
func (v *visit) refusedSheet(err error) error {
	sentence, ok := imports.Refusal(v.lang, err)
	if !ok {
		return err
	}
	v.send(Outgoing{Text: text.Escape(sentence)})
	return nil
}

// importButtons offer what can be done with a list: all of it, with or without what the file no longer has, its right rows, or nothing.
func (v *visit) importButtons(s sentSheet, o imports.Outcome) Keyboard {
	cancel := button(v.word("import.button_cancel"), "drop", s.Message)
	nothing := o.New+o.Changed == 0
	keep, without, only := "import.button_keep", "import.button_cancel_missing", "import.button_only_cancel"
	switch s.Kind {
	case sheet.KindRoster:
		keep, without, only = "import.button_keep_people", "import.button_end", "import.button_only_end"
	case imports.KindPlan:
		without, only = "import.button_plan_end", "import.button_only_plan_end"
	}
	switch {
	case o.WrongRows > 0 && o.Right > 0:
		return Keyboard{{button(v.word("import.button_right", "n", o.Right), "import", s.Message, onlyRight)}, {cancel}}
	case o.WrongRows > 0, nothing && s.Gone == 0:
		return nil
	case nothing:
		return Keyboard{{button(v.word(only, "n", s.Gone), "import", s.Message, withoutOld)}, {cancel}}
	case s.Gone > 0:
		return Keyboard{
			{button(v.word(keep), "import", s.Message)}, {button(v.word(without, "n", s.Gone), "import", s.Message, withoutOld)}, {cancel},
		}
	}
	return Keyboard{{button(v.word("import.button_import"), "import", s.Message), cancel}}
}

// returnSheet sends the file back with columns that say what is wrong in each row and what the rows change, when the answer does not say it all.
func (v *visit) returnSheet(list *imports.List, o imports.Outcome) error {
	wrong := len(o.Wrong) > 0
	if !wrong && len(o.Changes) <= changesShown {
		return nil
	}
	data, err := o.Annotated("", v.lang)
	if err != nil {
		return v.refusedSheet(err)
	}
	said, named := "import.differences", "import.changes_name"
	if wrong {
		said, named = "import.wrong_file", "import.wrong_name"
	}
	base := strings.TrimSuffix(list.Name, filepath.Ext(list.Name))
	v.send(Outgoing{Text: v.text(said), Document: &Document{Name: v.word(named, "name", base) + "." + string(list.Format()), Data: data}})
	return nil
}

func (v *visit) pressImport(c call) error {
	var s sentSheet
	if v.dialog.Name == "import" && v.now.Before(v.dialog.ExpiresAt) {
		if err := v.data(&s); err != nil {
			return err
		}
	}
	if s.File == "" || s.Message != c.id {
		v.answer("import.over")
		return nil
	}
	return v.importSheet(s, c.arg)
}

// importSheet imports for real, after asking once more where that matters. It fetches the file again, so that nothing of it has to be kept; what others
// did meanwhile counts.
func (v *visit) importSheet(s sentSheet, how string) error {
	without := strings.Contains(how, withoutOld)
	if !strings.Contains(how, confirmed) && (s.Dues+s.Asked > 0 || without) {
		return v.askToImport(s, how)
	}
	told := v.tellImport(s, v.about.MessageID)
	list, err := v.openSheet(s)
	if err != nil {
		return v.refusedSheet(err)
	}
	o := work.ImportOptions{SkipWrong: strings.Contains(how, onlyRight), Chunk: importChunk, Tell: told.rows, EndPosts: without}
	if without {
		o.Cancel = v.word("import.cancel_reason")
	}
	done, err := list.Import(v.ctx, v.Desk, v.who, o)
	if err != nil && !errors.Is(err, duban.ErrRepeated) {
		return err
	}
	if err == nil && !done.Done {
		v.replace(Outgoing{Text: v.importReport("import.wrong_now", list, done), Keyboard: v.importButtons(s, done)})
		return v.returnSheet(list, done)
	}
	if ended := v.end(); ended != nil || err != nil {
		return errors.Join(ended, err)
	}
	v.replace(Outgoing{Text: v.importReport("import.done", list, done), Keyboard: v.undoButton(done.Import)})
	return nil
}

// askToImport asks once more, because assessment or people depend on it.
func (v *visit) askToImport(s sentSheet, how string) error {
	s.How = how
	if err := v.begin("import", stepAgain, s); err != nil {
		return err
	}
	lines := []text.HTML{v.text("import.sure")}
	add := func(key string, n int) {
		if n > 0 {
			lines = append(lines, v.text(key, "n", n))
		}
	}
	add("import.sure_due", s.Dues)
	add("import.sure_asked", s.Asked)
	switch {
	case !strings.Contains(how, withoutOld):
	case s.Kind == sheet.KindRoster:
		add("import.sure_end", s.Gone)
	case s.Kind == imports.KindPlan:
		add("import.sure_plan_end", s.Gone)
	default:
		add("import.sure_cancel", s.Gone)
	}
	v.send(Outgoing{Text: text.Join(lines...), Keyboard: Keyboard{{
		button(v.word("import.button_sure"), "import", s.Message, how+confirmed), button(v.word("import.button_cancel"), "drop", s.Message),
	}}})
	return nil
}

// dropped says for each dialog with a button 取消 that it was left.
var dropped = map[string]string{"announce": "announce.dropped", "correcting": "announce.correct_dropped", "import": "import.dropped", "calendar": "calendar.dropped"}

// pressDrop leaves an announcement, an import or a change of the calendar that does not count yet.
func (v *visit) pressDrop(call) error {
	key, ours := dropped[v.dialog.Name]
	if !ours {
		v.answer("press.stale")
		return nil
	}
	if err := v.end(); err != nil {
		return err
	}
	v.replace(Outgoing{Text: v.text(key)})
	return nil
}
