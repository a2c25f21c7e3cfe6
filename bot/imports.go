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
}

// The steps of the dialog of an import.
const (
	stepFile  = "file"  // /import was typed and the file is awaited
	stepShown = "shown" // the dry run is shown
)

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
	if len(files) > 0 || !typedIs(typed, "import.button_import") && text.Understand(typed).Intent != text.Confirm {
		return false, nil
	}
	var s sentSheet
	if err := v.data(&s); err != nil {
		return true, err
	}
	return s.File != "", v.importSheet(s, false)
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
	list, err := v.openSheet(s)
	if err != nil {
		return v.refusedSheet(err)
	}
	s.Kind = list.Kind
	found, err := list.Import(v.ctx, v.Desk, v.who, work.ImportOptions{DryRun: true})
	if err != nil {
		return err
	}
	if err := v.begin("import", stepShown, s); err != nil {
		return err
	}
	v.send(Outgoing{Text: v.importReport("import.dry_run", list, found), Keyboard: v.importButtons(s, found)})
	return v.sendWrong(list, found)
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
	return imports.Open(s.Name, data, s.Kind)
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

// problemsShown is how many problems the answer itself names; the file that comes back has them all.
const problemsShown = 5

// goneShown is how many people the answer names who are known and not in the file.
const goneShown = 5

// importReport counts what importing a list does, or would do, and names the first problems.
func (v *visit) importReport(key string, list *imports.List, o imports.Outcome) text.HTML {
	lines := []text.HTML{
		v.text(key, "name", list.Name, "kind", v.word("import.kind."+string(list.Kind))),
		v.text("import.counts", "new", o.New, "changed", o.Changed, "unchanged", o.Unchanged, "wrong", o.WrongRows),
	}
	if list.Kind == sheet.KindTasks && o.Issued > 0 {
		lines = append(lines, v.text("import.issued", "n", o.Issued))
	}
	if o.Waiting > 0 {
		lines = append(lines, v.text("import.waiting", "n", o.Waiting))
	}
	if len(o.Gone) > 0 {
		lines = append(lines, v.goneLine(o.Gone))
	}
	for _, c := range o.Wrong[:min(len(o.Wrong), problemsShown)] {
		lines = append(lines, v.text("import.problem", "line", c.Line, "column", c.Heading(v.lang), "problem", c.In(v.lang)))
	}
	if more := len(o.Wrong) - problemsShown; more > 0 {
		lines = append(lines, v.text("import.problems_more", "n", more))
	}
	warned := o.ToLookAt()
	for _, c := range warned[:min(len(warned), problemsShown)] {
		lines = append(lines, v.text("import.warned", "line", c.Line, "problem", c.In(v.lang)))
	}
	if more := len(warned) - problemsShown; more > 0 {
		lines = append(lines, v.text("import.warned_more", "n", more))
	}
	left := o.LeftAsTheyAre()
	for _, c := range left[:min(len(left), problemsShown)] {
		lines = append(lines, v.text("import.left", "line", c.Line, "problem", c.In(v.lang)))
	}
	if more := len(left) - problemsShown; more > 0 {
		lines = append(lines, v.text("import.left_more", "n", more))
	}
	switch {
	case o.Done:
	case o.WrongRows == 0 && o.New+o.Changed == 0:
		lines = append(lines, v.text("import.nothing"))
	case o.Right == 0:
		lines = append(lines, v.text("import.nothing_right"))
	}
	return text.Join(lines...)
}

func (v *visit) goneLine(gone []string) text.HTML {
	names := strings.Join(gone[:min(len(gone), goneShown)], v.word("people.comma"))
	if len(gone) > goneShown {
		return v.text("import.gone_more", "n", len(gone), "names", names)
	}
	return v.text("import.gone", "n", len(gone), "names", names)
}

// importButtons offer what can be done with a list: all of it, its right rows, or nothing.
func (v *visit) importButtons(s sentSheet, o imports.Outcome) Keyboard {
	cancel := button(v.word("import.button_cancel"), "drop", s.Message)
	switch {
	case o.WrongRows == 0 && o.New+o.Changed == 0:
		return nil
	case o.WrongRows == 0:
		return Keyboard{{button(v.word("import.button_import"), "import", s.Message), cancel}}
	case o.Right > 0:
		return Keyboard{{button(v.word("import.button_right", "n", o.Right), "import", s.Message, "right")}, {cancel}}
	}
	return nil
}

// sendWrong sends the file back with a column that says what is wrong in each row.
func (v *visit) sendWrong(list *imports.List, o imports.Outcome) error {
	if len(o.Wrong) == 0 {
		return nil
	}
	data, err := o.Annotated("", v.lang)
	if err != nil {
		return v.refusedSheet(err)
	}
	base := strings.TrimSuffix(list.Name, filepath.Ext(list.Name))
	v.send(Outgoing{
		Text:     v.text("import.wrong_file"),
		Document: &Document{Name: v.word("import.wrong_name", "name", base) + "." + string(list.Format()), Data: data},
	})
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
	return v.importSheet(s, c.arg == "right")
}

// importSheet imports for real. It fetches the file again, so that nothing of it has to be kept; what others did meanwhile counts.
func (v *visit) importSheet(s sentSheet, onlyRight bool) error {
	list, err := v.openSheet(s)
	if err != nil {
		return v.refusedSheet(err)
	}
	done, err := list.Import(v.ctx, v.Desk, v.who, work.ImportOptions{SkipWrong: onlyRight})
	if err != nil && !errors.Is(err, duban.ErrRepeated) {
		return err
	}
	if err == nil && !done.Done {
		v.replace(Outgoing{Text: v.importReport("import.wrong_now", list, done), Keyboard: v.importButtons(s, done)})
		return v.sendWrong(list, done)
	}
	if ended := v.end(); ended != nil || err != nil {
		return errors.Join(ended, err)
	}
	v.replace(Outgoing{Text: v.importReport("import.done", list, done)})
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
