package bot

import (
	"strings"

	"duban/imports"
	"duban/sheet"
	"duban/store"
	"duban/text"
	"duban/work"
)

// undoButton takes an import back (撤销本次导入).
func (v *visit) undoButton(id int64) Keyboard {
	if id == 0 {
		return nil
	}
	return Keyboard{{button(v.word("import.button_undo"), "unimport", id)}}
}

// How the question whether to undo was answered.
const (
	undoSure = "y"
	undoNot  = "n"
)

// leftShown is how many things are named that are not undone any more.
const leftShown = 8

// pressUndoImport asks whether an import is to be undone, and undoes it.
func (v *visit) pressUndoImport(c call) error {
	switch c.arg {
	case undoSure:
		return v.undoImport(c.id)
	case undoNot:
		v.replace(Outgoing{Text: v.text("import.undo_kept")})
		return nil
	}
	var of store.Import
	err := v.store().Read(v.ctx, func(tx *store.Tx) (err error) {
		of, err = work.MayUndo(tx, v.who, c.id)
		return err
	})
	if err != nil {
		return err
	}
	v.ask(Keyboard{{
		button(v.word("import.button_undo_sure"), "unimport", c.id, undoSure), button(v.word("import.button_undo_not"), "unimport", c.id, undoNot),
	}}, undoQuestion(of), "kind", v.word("import.kind."+of.Kind), "name", of.File)
	return nil
}

// undoQuestion says what undoing an import would do.
func undoQuestion(of store.Import) string {
	switch sheet.Kind(of.Kind) {
	case imports.KindPlan:
		return "import.undo_ask_plan"
	case sheet.KindParts:
		return "import.undo_ask_parts"
	}
	return "import.undo_ask"
}

func (v *visit) undoImport(id int64) error {
	done, err := v.Desk.UndoImport(v.ctx, v.who, id, v.word("import.undo_reason"))
	if err != nil {
		return err
	}
	lines := []text.HTML{v.text("import.undone", "kind", v.word("import.kind."+done.Import.Kind), "name", done.Import.File, "n", done.Steps)}
	if len(done.Left) > 0 {
		lines = append(lines, v.text("import.undone_left", "n", len(done.Left)))
	}
	for _, left := range done.Left[:min(len(done.Left), leftShown)] {
		what := strings.TrimSpace(left.Code + " " + left.Name)
		if left.Unit != "" {
			what = v.word("change.at", "what", what, "unit", left.Unit)
		}
		lines = append(lines, v.text("import.undone_one", "what", what, "why", v.word("import.undo."+string(left.Reason))))
	}
	if more := len(done.Left) - leftShown; more > 0 {
		lines = append(lines, v.text("import.undone_more", "n", more))
	}
	v.replace(Outgoing{Text: text.Join(lines...)})
	return nil
}
