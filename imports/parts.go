package imports

import (
	"strings"

	"duban"
	"duban/sheet"
	"duban/text"
	"duban/work"
)

// readParts takes the rows over. A figure that the sheet has read is one that points can have.
func (l *List) readParts() error {
	rows, wrong, err := l.book.Parts()
	for _, r := range rows {
		row := work.PartsRow{Line: r.Line, Year: r.Year, Unit: r.Unit}
		for _, cell := range r.Parts {
			points, filled := duban.ParsePoints(cell.Points)
			row.Parts = append(row.Parts, work.PartSaid{Part: cell.Part, Open: !filled, Points: points, Reason: cell.Reason})
		}
		l.parts = append(l.parts, row)
	}
	l.wrong = cellsOf(wrong)
	return err
}

// fieldIn is the word of a field; those of the parts of an assessment are made of the word of the part.
func fieldIn(lang text.Lang, field work.Field) string {
	of, part, isPart := strings.Cut(string(field), ".")
	switch {
	case !isPart:
		return text.Word(lang, "field."+string(field))
	case of == "part":
		return text.Word(lang, "part."+part)
	}
	return text.Word(lang, "field.part_reason", "part", text.Word(lang, "part."+part))
}

// PartsForm is the form by which the parts of a year's assessment that people enter are sent as a spreadsheet: a row for each unit, with what was
// entered so far. What stands in it is read again as it is.
type PartsForm struct {
	Lang         text.Lang
	Organisation string
	Year         int
	Parts        []string // in the order in which they are shown
	Most         func(part string) (duban.Points, bool)
	Units        []work.Standing
}

// Sheet describes the form.
func (f PartsForm) Sheet() sheet.Sheet {
	s := sheet.Sheet{
		Name: text.Word(f.Lang, "export.parts"), Frozen: 2,
		Form: &sheet.Form{Above: []string{f.title(), text.Word(f.Lang, "assess.form_how")}},
		Columns: []sheet.Column{
			{Title: text.Word(f.Lang, "column.year"), Kind: sheet.Number, Width: 7},
			{Title: text.Word(f.Lang, "column.unit"), Width: 28},
		},
	}
	for _, part := range f.Parts {
		most, _ := f.Most(part)
		title := text.Word(f.Lang, "assess.form_part", "part", text.Word(f.Lang, "part."+part), "max", most.String())
		s.Columns = append(s.Columns, sheet.Column{Title: title, Kind: sheet.Number, Width: 13})
	}
	s.Columns = append(s.Columns, sheet.Column{Title: text.Word(f.Lang, "column.basis"), Width: 36})
	alone := f.alone()
	for _, part := range alone {
		s.Columns = append(s.Columns, sheet.Column{Title: fieldIn(f.Lang, work.PartReasonField(part)), Width: 24})
	}
	var rows [][]any
	for _, unit := range f.Units {
		rows = append(rows, f.row(unit, alone))
	}
	s.Rows = sheet.Rows(rows)
	return s
}

func (f PartsForm) title() string {
	return strings.TrimSpace(text.Word(f.Lang, "assess.form_title", "organisation", f.Organisation, "year", f.Year))
}

// alone are the parts that rest on something of their own: what is added or taken away, and of the others those where it differs in a unit.
func (f PartsForm) alone() []string {
	var all []string
	for _, part := range f.Parts {
		if work.RestsAlone(part) || f.differs(part) {
			all = append(all, part)
		}
	}
	return all
}

func (f PartsForm) differs(part string) bool {
	for _, unit := range f.Units {
		if p := partOf(unit, part); p.Part != "" && p.Reason != f.reason(unit) {
			return true
		}
	}
	return false
}

// reason is what the parts of a unit rest on: that of the first that is entered and usually has it in common.
func (f PartsForm) reason(unit work.Standing) string {
	for _, part := range f.Parts {
		if p := partOf(unit, part); p.Part != "" && !work.RestsAlone(part) {
			return p.Reason
		}
	}
	return ""
}

func (f PartsForm) row(unit work.Standing, alone []string) []any {
	row := []any{f.Year, unit.Unit.Name}
	for _, part := range f.Parts {
		var points any
		if p := partOf(unit, part); p.Part != "" {
			points = float64(p.Points) / 100
		}
		row = append(row, points)
	}
	row = append(row, f.reason(unit))
	for _, part := range alone {
		row = append(row, partOf(unit, part).Reason)
	}
	return row
}

// partOf returns a part that was entered for a unit; the zero ScorePart where none was.
func partOf(unit work.Standing, part string) duban.ScorePart {
	for _, p := range unit.Parts {
		if p.Part == part {
			return p
		}
	}
	return duban.ScorePart{}
}
