package export

import (
	"io"
	"math"

	"duban"
	"duban/calendar"
	"duban/sheet"
	"duban/text"
)

// Report writes the workbook of a report: its figures, a row for each unit in the order of the roster, behind them the ledger of what was due in its
// days, and in a book of evidence the record of these days and the index of the evidence for what was due. A filter with a unit narrows all of it down to that.
func (e Export) Report(w io.Writer, r duban.Report) error {
	n, err := e.names()
	if err != nil {
		return err
	}
	all := []sheet.Sheet{n.figures(r)}
	if r.Kind != duban.TaskReport {
		e.Filter.From, e.Filter.To = r.From, r.To
		ledger, err := e.Ledger()
		if err != nil {
			return err
		}
		all = append(all, ledger)
	}
	if r.Kind.Evidence() {
		record, err := e.Record()
		if err != nil {
			return err
		}
		n.Filter = e.Filter
		evidence, err := n.evidenceDue()
		if err != nil {
			return err
		}
		all = append(all, record, evidence)
	}
	return sheet.WriteBook(w, func(yield func(sheet.Sheet, error) bool) {
		for _, s := range all {
			if !yield(s, nil) {
				return
			}
		}
	})
}

// evidenceDue is the index of the evidence for what the filter lets through.
func (n names) evidenceDue() (sheet.Sheet, error) {
	var items []duban.Assignment
	if err := n.everyWanted(func(a duban.Assignment) error { items = append(items, a); return nil }); err != nil {
		return sheet.Sheet{}, err
	}
	all, err := n.evidence(items)
	return n.index(all, inOffice, nil), err
}

func (n names) figures(r duban.Report) sheet.Sheet {
	s := sheet.Sheet{
		Name: text.Word(n.Lang, "report.kind."+string(r.Kind)) + " " + r.Period,
		Columns: []sheet.Column{
			n.column("export.responsible_unit", sheet.Text, 32),
			n.column("report.column.issued", sheet.Number, 10),
			n.column("report.column.due", sheet.Number, 10),
			n.column("report.on_time", sheet.Number, 10),
			n.column("report.late", sheet.Number, 10),
			n.column("report.missed", sheet.Number, 10),
			n.column("report.going", sheet.Number, 10),
			n.column("export.returns", sheet.Number, 10),
			n.column("export.extensions", sheet.Number, 10),
			n.column("report.column.signing", sheet.Number, 12),
			n.column("report.column.waiting", sheet.Number, 10),
			n.column("report.column.requests", sheet.Number, 10),
		},
		Frozen: 1, At: r.MadeAt.In(n.Calendar.Zone()),
	}
	var shown duban.Figures
	for _, u := range r.Figures.Units {
		if n.inside == nil || n.inside[u.UnitID] {
			shown.Units = append(shown.Units, u)
		}
	}
	var rows [][]any
	for _, u := range shown.Units {
		rows = append(rows, figuresRow(n.units[u.UnitID], u))
	}
	if len(rows) > 1 {
		rows = append(rows, figuresRow(text.Word(n.Lang, "report.total"), shown.Total()))
	}
	s.Rows = sheet.Rows(rows)
	return s
}

func figuresRow(name string, u duban.UnitFigures) []any {
	return []any{name, u.Issued, u.Due(), u.OnTime, u.Late, u.Missed, u.Going, u.Returns, u.Extensions, hours(u), u.Waiting, u.Requests}
}

// hours is the average working time until the signature, to a tenth of an hour; nothing when nothing was signed.
func hours(u duban.UnitFigures) any {
	if u.Signed == 0 {
		return nil
	}
	return math.Round(u.SigningHours()*10) / 10
}

// DueItem is an item of a unit that was due in the days of a report, with how it stood to its deadline.
type DueItem struct {
	Item    duban.Assignment
	Title   string
	Outcome duban.Outcome
}

// DueIn returns what a unit and everything below it had to do in days, by deadline. What internal tasks are about is left out where the export is
// discreet.
func (e Export) DueIn(unit int64, from, to calendar.Date) ([]DueItem, error) {
	all, err := e.Tx.InSubtree(unit)
	if err != nil {
		return nil, err
	}
	n := names{Export: e}
	if n.tasks, err = tasksByID(e); err != nil {
		return nil, err
	}
	var due []DueItem
	for _, a := range all {
		if a.Support || a.State == duban.CalledOff || !a.State.Visible() || a.Due.Date.Before(from) || a.Due.Date.After(to) {
			continue
		}
		due = append(due, DueItem{a, n.title(n.tasks[a.TaskID]), duban.OutcomeOf(a, e.Calendar, e.Tx.Now)})
	}
	return due, nil
}
