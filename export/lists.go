package export

import (
	"iter"
	"slices"

	"duban"
	"duban/sheet"
	"duban/text"
)

// Lists (任务清单) is a form for each school, to be printed and laid on the secretary's desk: its items and those of its branches, first what is
// still to be done by deadline, then what is done. A school without items has none; without any there is one empty form.
func (e Export) Lists() (iter.Seq2[sheet.Sheet, error], error) {
	n, err := e.names()
	if err != nil {
		return nil, err
	}
	schools, err := n.schools()
	if err != nil {
		return nil, err
	}
	return func(yield func(sheet.Sheet, error) bool) {
		written := 0
		for _, school := range schools {
			items, err := n.itemsOf(school)
			if err == nil && len(items) == 0 {
				continue
			}
			if written++; !yield(n.list(school, items), err) || err != nil {
				return
			}
		}
		if written == 0 {
			yield(n.list(duban.Unit{}, nil), nil)
		}
	}, nil
}

// schools returns the topmost units below the offices that the filter lets through.
func (n names) schools() ([]duban.Unit, error) {
	all, err := n.inTreeOrder()
	if err != nil {
		return nil, err
	}
	under := map[int64]bool{} // units that stand on the list of another
	var schools []duban.Unit
	for _, u := range all {
		switch {
		case u.Kind == duban.IndustryCommittee || n.inside != nil && !n.inside[u.ID]:
		case under[u.ParentID]:
			under[u.ID] = true
		default:
			under[u.ID] = true
			schools = append(schools, u)
		}
	}
	return schools, nil
}

// itemsOf returns what stands on the list of a school: open items by deadline, then those that are done.
func (n names) itemsOf(school duban.Unit) ([]duban.Assignment, error) {
	all, err := n.Tx.InSubtree(school.ID)
	items := slices.DeleteFunc(all, func(a duban.Assignment) bool { return !n.wanted(a) || a.State == duban.CalledOff })
	slices.SortStableFunc(items, func(a, b duban.Assignment) int { return rank(a) - rank(b) })
	return items, err
}

func rank(a duban.Assignment) int {
	if a.State.Done() {
		return 1
	}
	return 0
}

func (n names) list(school duban.Unit, items []duban.Assignment) sheet.Sheet {
	s := sheet.Sheet{
		Name: school.Name,
		Form: &sheet.Form{
			Above: []string{text.Word(n.Lang, "export.list_title", "organisation", n.Organisation), n.about(school, items)},
			Below: text.Word(n.Lang, "export.list_sign"),
		},
		Columns: []sheet.Column{
			n.column("export.number", sheet.Number, 6),
			n.column("export.code", sheet.Text, 13),
			n.column("export.duty", sheet.Text, 56),
			n.column("export.owner", sheet.Text, 16),
			n.column("export.due", sheet.DateTime, 17),
			n.column("export.standing", sheet.Text, 16),
			n.column("export.signature", sheet.Text, 20),
		},
	}
	if s.Name == "" {
		s.Name = text.Word(n.Lang, "export.lists")
	}
	var rows [][]any
	for i, a := range items {
		rows = append(rows, n.listRow(i+1, school, a))
	}
	s.Rows = sheet.Rows(rows)
	return s
}

// about is the line below the title: the school, the day, how many items.
func (n names) about(school duban.Unit, items []duban.Assignment) string {
	done, late := 0, 0
	for _, a := range items {
		switch light := duban.LightOf(a, n.Lights, n.Calendar, n.Tx.Now); {
		case a.State.Done():
			done++
		case light == duban.Red:
			late++
		}
	}
	today := n.Calendar.Today(n.Tx.Now)
	return text.Word(n.Lang, "export.list_about", "unit", school.Name, "day", text.Day(n.Lang, today.Year, today.Month, today.Day),
		"n", len(items), "open", len(items)-done, "late", late, "done", done)
}

func (n names) listRow(number int, school duban.Unit, a duban.Assignment) []any {
	task := n.tasks[a.TaskID]
	duty := n.title(task)
	if !(n.Discreet && task.Internal) && task.Duty != task.Title {
		duty += "\n" + task.Duty
	}
	owner := n.people[a.OwnerID]
	if a.UnitID != school.ID {
		owner += "\n" + n.units[a.UnitID]
	}
	if a.Support {
		owner += "\n" + text.Word(n.Lang, "export.support")
	}
	return []any{number, task.Code, duty, owner, n.due(a.Due), n.standingOnPaper(a), nil}
}

// standingOnPaper is the light and the state in words, since paper has no colours.
func (n names) standingOnPaper(a duban.Assignment) sheet.Mark {
	mark := n.standing(a)
	if state := text.Word(n.Lang, "state."+string(a.State)); a.State.OnUnit() && mark.Word != state {
		mark.Word = text.Word(n.Lang, "export.light_and_state", "light", mark.Word, "state", state)
	}
	return mark
}
