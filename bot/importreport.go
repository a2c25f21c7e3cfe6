package bot

import (
	"strings"

	"duban/imports"
	"duban/sheet"
	"duban/text"
)

// How much the answer itself names; the file that comes back has all of it.
const (
	problemsShown = 5
	changesShown  = 6
	missingShown  = 5
	goneShown     = 5
)

// importReport counts what importing a list does, or would do, and names what is wrong first, then what changes and what the file no longer has.
func (v *visit) importReport(key string, list *imports.List, o imports.Outcome) text.HTML {
	lines := []text.HTML{
		v.text(key, "name", list.Name, "kind", v.word("import.kind."+string(list.Kind))),
		v.text("import.counts", "new", o.New, "changed", o.Changed, "unchanged", o.Unchanged, "wrong", o.WrongRows),
	}
	add := func(more ...text.HTML) { lines = append(lines, more...) }
	switch {
	case o.Cut.Rows == 0:
	case o.Cut.Import == o.Import:
		add(v.text("import.resumed", "n", o.Cut.Rows))
	default:
		add(v.text("import.cut", "id", o.Cut.Import, "n", o.Cut.Rows))
	}
	if list.Kind == sheet.KindTasks && o.Issued > 0 {
		add(v.text("import.issued", "n", o.Issued))
	}
	if o.Waiting > 0 {
		add(v.text("import.waiting", "n", o.Waiting))
	}
	switch {
	case o.Cancelled > 0 && list.Kind == imports.KindPlan:
		add(v.text("import.plan_ended", "n", o.Cancelled))
	case o.Cancelled > 0:
		add(v.text("import.cancelled", "n", o.Cancelled))
	}
	if o.Ended > 0 {
		add(v.text("import.ended", "n", o.Ended))
	}
	add(v.problemLines(o)...)
	if !o.Done {
		add(v.columnLines(list)...)
	}
	add(v.hintLines(o)...)
	if !o.Done {
		add(v.changeLines(o)...)
		add(v.missingLines(o)...)
	}
	if len(o.Gone) > 0 && o.Ended == 0 {
		add(v.goneLines(list.Kind, o)...)
	}
	switch {
	case o.Done && o.Import != 0:
		add(v.text("import.number", "id", o.Import))
	case o.Done:
	case o.WrongRows == 0 && o.New+o.Changed == 0:
		add(v.text("import.nothing"))
	case o.Right == 0:
		add(v.text("import.nothing_right"))
	}
	return text.Join(lines...)
}

// columnLines say which columns were read under another heading than they have, and which were not read at all.
func (v *visit) columnLines(list *imports.List) []text.HTML {
	var lines []text.HTML
	var guessed []string
	for _, g := range list.Guessed {
		guessed = append(guessed, v.word("import.guessed_one", "title", g.Title, "shown", g.Shown))
	}
	if len(guessed) > 0 {
		lines = append(lines, v.text("import.guessed", "columns", strings.Join(guessed, v.word("import.guessed_comma"))))
	}
	if len(list.Unread) > 0 {
		lines = append(lines, v.text("import.unread", "columns", strings.Join(list.Unread, v.word("import.guessed_comma"))))
	}
	return lines
}

// problemLines name the first wrong cells, with what may have been meant.
func (v *visit) problemLines(o imports.Outcome) []text.HTML {
	var lines []text.HTML
	for _, c := range o.Wrong[:min(len(o.Wrong), problemsShown)] {
		lines = append(lines, v.text("import.problem", "line", c.Line, "column", c.Heading(v.lang), "problem", c.In(v.lang)))
		if meant := c.Meant(v.lang); meant != "" {
			lines = append(lines, v.text("import.meant", "meant", meant))
		}
	}
	if more := len(o.Wrong) - problemsShown; more > 0 {
		lines = append(lines, v.text("import.problems_more", "n", more))
	}
	return lines
}

// hintLines name rows that somebody should look at, and rows that were left as they are.
func (v *visit) hintLines(o imports.Outcome) []text.HTML {
	var lines []text.HTML
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
	return lines
}

func (v *visit) changeLines(o imports.Outcome) []text.HTML {
	var lines []text.HTML
	all := o.Differences(v.lang)
	for _, d := range all[:min(len(all), changesShown)] {
		if d.Line == 0 {
			lines = append(lines, v.text("import.change", "of", d.Of, "what", d.What))
			continue
		}
		lines = append(lines, v.text("import.change_row", "line", d.Line, "of", d.Of, "what", d.What))
	}
	if more := len(all) - changesShown; more > 0 {
		lines = append(lines, v.text("import.changes_more", "n", more))
	}
	return lines
}

func (v *visit) missingLines(o imports.Outcome) []text.HTML {
	all := o.MissingIn(v.lang)
	if len(all) == 0 {
		return nil
	}
	lines := []text.HTML{v.text("import.missing", "n", len(o.Missing))}
	for _, item := range all[:min(len(all), missingShown)] {
		lines = append(lines, v.text("import.missing_one", "item", item))
	}
	if more := len(all) - missingShown; more > 0 {
		lines = append(lines, v.text("import.missing_more", "n", more))
	}
	return lines
}

func (v *visit) goneLines(kind sheet.Kind, o imports.Outcome) []text.HTML {
	key, more := "import.gone", "import.gone_more"
	if kind == sheet.KindParts {
		key, more = "import.gone_units", "import.gone_units_more"
	}
	if len(o.Gone) > goneShown {
		key = more
	}
	names := strings.Join(o.Gone[:min(len(o.Gone), goneShown)], v.word("people.comma"))
	lines := []text.HTML{v.text(key, "n", len(o.Gone), "names", names)}
	if len(o.GoneHere) > 0 {
		lines = append(lines, v.text("import.gone_here", "n", len(o.GoneHere)))
	}
	return lines
}
